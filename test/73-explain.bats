#!/usr/bin/env bats
# What mailinit says of its own names: explain, the JSON Schema of mailinit.yaml, and how
# the variables of other images show in a dry run.

bats_require_minimum_version 1.5.0

setup() {
  bats_load_library bats-support
  bats_load_library bats-assert
  cd "$BATS_TEST_DIRNAME/.."
  env_file=$BATS_TEST_TMPDIR/mail.env
  printf '%s\n' MAIL_HOSTNAME=mail.example.com MAIL_DOMAINS=example.com >"$env_file"
}

with() { # with NAME=value… : the variables, beside the usual two
  printf '%s\n' "$@" >>"$env_file"
}

explain() {
  build/mailinit explain "$@" --env-file "$env_file"
}

@test "a setting: its value, where that came from, and what lost" {
  with 'MAIL_RELAY_HOST=[smtp.example.net]:587' 'RELAYHOST=[smtp.example.org]:587'
  run explain relay.host
  assert_success
  assert_line "relay.host (setting)"
  assert_line "Value: [smtp.example.net]:587, from $env_file:3"
  assert_line "Lost: [smtp.example.org]:587, from $env_file:4"
  assert_line "Change: set MAIL_RELAY_HOST, or relay.host in mailinit.yaml"
}

@test "a parameter that no passthrough set: its value in main.cf, the setting and the template" {
  with 'MAIL_RELAY_HOST=[smtp.example.net]:587'
  run explain relayhost
  assert_success
  assert_line "Value: [smtp.example.net]:587"
  assert_line "Setting: relay.host"
  assert_line "Change: set MAIL_RELAY_HOST, or relay.host in mailinit.yaml"
  assert_line --regexp '^Template: postfix/main.cf.mustache:[0-9]+$'
  assert_line "Documentation: postconf(5), relayhost"
  line=$(sed -n 's/^Template: .*://p' <<<"$output")
  run sed -n "${line}p" templates/postfix/main.cf.mustache
  assert_output 'relayhost = {{relay.host}}'
}

@test "a parameter that a passthrough set, by its path: what it overrode" {
  with "POSTFIX_smtpd_banner='\$myhostname hello'"
  run explain postfix.main.smtpd_banner
  assert_success
  assert_line 'Value: $myhostname hello'
  assert_line "From: $env_file:3"
  assert_line --regexp '^Lost: postfix/main.cf.mustache:[0-9]+$'
}

@test "a parameter that is not in main.cf: Postfix's own default" {
  run explain queue_run_delay
  assert_success
  assert_line "Value: not in main.cf: Postfix's own default counts"
  assert_line "Default: 300s"
}

@test "a parameter that services are given otherwise, and such a service" {
  run explain smtpd_tls_security_level
  assert_line "In service: submission/inet: encrypt"
  run explain postfix.master.submission/inet
  assert_success
  assert_line "Option: smtpd_sasl_auth_enable = yes"
}

@test "a line of Dovecot's file and one of OpenDKIM's" {
  with 'DOVECOT_mail_max_userip_connections=20' 'OPENDKIM_LogWhy=yes'
  run explain dovecot.settings.mail_max_userip_connections
  assert_line "Value: 20"
  run explain opendkim.settings.LogWhy
  assert_line "From: $env_file:4"
}

@test "a finding: why, what to do, and where the present configuration has it" {
  run explain tls-self-signed
  assert_success
  assert_line --regexp '^Effect: .'
  assert_line --regexp '^Found: no certificate is given.*mail.example.com'
  assert_line --regexp '^Seen: .'
  assert_line --regexp '^Reproduce: .'
  run explain tls-expired
  assert_line "Found: not in the present configuration"
  for id in dns-spf-missing live-service-down; do
    run explain "$id"
    assert_line "Found: by \`mailinit check --live\` alone, which asks DNS and what runs"
  done
}

@test "a variable of another image: what it becomes; one of a link: nothing, ever" {
  with 'PERMIT_DOCKER=connected-networks'
  run explain PERMIT_DOCKER
  assert_line "Image: docker-mailserver"
  assert_line "Value: loopback, connected, from $env_file:3"
  run explain POSTFIX_PORT_25_TCP
  assert_output --partial "never configures anything"
}

@test "a secret is not shown, whatever it is asked by" {
  with MAIL_RELAY_HOST=x.org MAIL_RELAY_USERNAME=u RELAY_PASSWORD=canary-7f3a \
    POSTFIX_smtp_sasl_password_maps=static:u:canary-7f3a 'POSTMAP_sasl_passwd=x.org u:canary-7f3a'
  for name in relay.password RELAY_PASSWORD MAIL_RELAY_PASSWORD smtp_sasl_password_maps \
    POSTFIX_smtp_sasl_password_maps postfix.main.smtp_sasl_password_maps postfix.tables \
    postfix.tables.sasl_passwd setting-overridden; do
    for format in text json; do
      run explain "$name" --format="$format"
      assert_success
      refute_output --partial canary-7f3a
    done
  done
  run explain relay.password
  assert_line "Value: (secret), from $env_file:5"
}

@test "JSON is JSON, and says the same" {
  with 'MAIL_RELAY_HOST=[smtp.example.net]:587'
  explain relay.host --format=json >"$BATS_TEST_TMPDIR/json"
  run jq -r '.version, .kind, .value.value, .value.origin.kind, .value.origin.line' \
    "$BATS_TEST_TMPDIR/json"
  assert_output "$(printf '%s\n' 1 setting '[smtp.example.net]:587' environment 3)"
  for name in relayhost RELAYHOST tls open-relay submission/inet; do
    explain "$name" --format=json | jq -e --arg name "$name" '.version == 1 and .name == $name'
  done
}

@test "a name that nothing has gives the nearest one, and 2" {
  run explain smtpd_baner
  assert_equal "$status" 2
  assert_output --partial "did you mean smtpd_banner?"
  run explain relay.hots
  assert_equal "$status" 2
  assert_output --partial "did you mean relay.host?"
}

@test "a field of a record: its own text and value; one that no record has is unknown" {
  cat >"$BATS_TEST_TMPDIR/mail.yaml" <<-'END'
	mailboxes:
	  - {address: jane@example.com, password: "{SHA512-CRYPT}$6$canary-7f3a$y"}
	  - {address: joe@example.com, password: "{SHA512-CRYPT}$6$x$y", quota: 1G}
	relay: {by_sender: {example.com: {host: "[smtp.example.net]:587", password: canary-7f3a}}}
	aliases: {info@example.com: [jane@example.com, joe@example.com]}
	END
  of() { explain "$1" --config "$BATS_TEST_TMPDIR/mail.yaml"; }
  run of mailboxes.list.2.quota
  assert_success
  assert_line "Its room, instead of limits.mailbox."
  assert_line --regexp '^Value: 1073741824, from .*mail.yaml:3:'
  run of mailboxes.list.joe@example.com.quota
  assert_line --regexp '^Value: 1073741824'
  run of mailboxes.list.1.quota
  assert_line "Value: not set"
  run of mailboxes.list.3.quota
  assert_line "Value: not set: there is no such record, of 2"
  run of mailboxes.list.2.qta
  assert_equal "$status" 2
  assert_output --partial "did you mean mailboxes.list.N.quota?"
  run of relay.by_sender.example.com.host
  assert_line "Smarthost of that sender."
  assert_line --partial "Value: [smtp.example.net]:587"
  for name in relay.by_sender.example.com.password relay.by_sender.example.com relay.by_sender \
    mailboxes.list.1.password mailboxes.list.1 mailboxes.list; do
    run of "$name"
    assert_success
    refute_output --partial canary-7f3a
  done
  run of aliases
  assert_line "Written: map of lists; each: text"
  assert_line --partial "Value: info@example.com: jane@example.com, joe@example.com, from "
}

@test "how a setting is written, and the variable that names a file" {
  run explain mailboxes.list
  assert_line "Written: list of maps of address, password, password_file, quota, aliases"
  assert_line "Variable of a file: MAIL_MAILBOXES__FILE"
  run explain tls.names
  assert_line "Written: list; each: domain name, as in example.com"
  run explain MAIL_RELAY_PASSWORD_FILE
  assert_line "Variable of a file: MAIL_RELAY_PASSWORD_FILE"
  assert_line "Change: set MAIL_RELAY_PASSWORD_FILE to the path of a file that is mounted, or relay.password_file in mailinit.yaml"
}

@test "a word that stands in names gives these" {
  run explain quota
  assert_equal "$status" 2
  assert_output --partial "the word is part of mailboxes.list.N.quota"
  run explain submission
  assert_equal "$status" 2
  assert_output --regexp 'the word is part of .*submission/inet'
}

@test "the records to publish as JSON; a format that they do not have is refused" {
  with 'MAIL_RELAY_HOST=[smtp.example.net]:587'
  build/mailinit dns --env-file "$env_file" --format=json >"$BATS_TEST_TMPDIR/json"
  run jq -r '.version, (.records[] | select(.type == "MX") | .name, .value)' "$BATS_TEST_TMPDIR/json"
  assert_output "$(printf '%s\n' 1 example.com '10 mail.example.com')"
  run jq -r '.records[] | select(.name == "example.com" and .type == "TXT") | .value' "$BATS_TEST_TMPDIR/json"
  assert_output null
  run build/mailinit dns --env-file "$env_file" --format=sarif
  assert_equal "$status" 2
  run build/mailinit dns --env-file "$env_file" --format=json --zone
  assert_equal "$status" 2
}

@test "the JSON Schema is one, takes our examples, and refuses what is wrong" {
  build/mailinit schema >"$BATS_TEST_TMPDIR/schema.json"
  run python3 test/schema/validate.py "$BATS_TEST_TMPDIR/schema.json" README.md \
    compose/all-in-one/mailinit.yaml
  assert_success
}

@test "a relay's environment for another image starts here as a relay, each line with its origin" {
  printf '%s\n' 'ALLOWED_SENDER_DOMAINS=example.com example.org' \
    'RELAYHOST=[smtp.example.net]:587' RELAYHOST_USERNAME=u RELAYHOST_PASSWORD=p \
    MYNETWORKS=10.0.0.0/8 DKIM_AUTOGENERATE=1 POSTFIX_myhostname=mail.example.com \
    HOSTNAME=0123456789ab TZ=Europe/Berlin >"$env_file"
  run build/mailinit check --env-file "$env_file"
  assert_success
  build/mailinit --dry-run --env-file "$env_file" --format=json >"$BATS_TEST_TMPDIR/json"
  run jq -r '.files[] | select(.path == "/etc/postfix/main.cf") | .lines[] |
    select(.text | test("^(relayhost|smtpd_sender_restrictions) ")) |
    .text + " " + .origin.kind + " " + .origin.name' "$BATS_TEST_TMPDIR/json"
  assert_line "relayhost = [smtp.example.net]:587 compat RELAYHOST"
  assert_line --partial "inline:{example.com=permit, example.org=permit}, reject compat ALLOWED_SENDER_DOMAINS"
}
