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
  run explain tls-expired
  assert_line "Found: not in the present configuration"
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
