#!/usr/bin/env bats
# Lines of the log that are facts about health: in status, and for health; never forged.
# 36-facts-bookworm.bats is this file by another name.

bats_require_minimum_version 1.5.0

setup_file() {
  load lib/stack
  load lib/mail
  BASE=$(base_of_file)
  export BASE
  stack_up
  authority
  # A service that dies at each start; Postfix tries it when somebody connects.
  standard_mail --env 'POSTFIXMASTER_2600__inet=n n n - 0 spawn user=nosuchuser argv=/bin/true'
}

teardown_file() {
  load lib/stack
  stack_down
}

setup() {
  bats_load_library bats-support
  bats_load_library bats-assert
  load lib/stack
  load lib/mail
}

teardown() {
  show_logs mail
}

# seen FACT: how often.
seen() {
  status mail "[.log.facts[] | select(.id == \"$1\") | .count] | add // 0"
}

seen_more() {
  [ "$(seen "$1")" -gt "$2" ]
}

# handshake PORT ARG…: a TLS client that does not like what it sees.
handshake() {
  local port=$1
  shift
  run -1 timeout 30 openssl s_client -connect "$SUBNET.10:$port" -verify_return_error "$@" </dev/null
}

# by_alert FACT PORT ARG…: such a handshake is seen as that fact.
by_alert() {
  local before
  before=$(seen "$1")
  handshake "${@:2}"
  wait_until "it is seen" seen_more "$1" "$before"
}

@test "nothing was seen at first" {
  run status mail '.log.facts | length'
  assert_output 0
  run mailinit mail status
  refute_output --partial 'seen in the log'
}

@test "status has what the documents say, and both forms for programs are sound" {
  run status mail '[.version, (.generation | type), (.last_reload.at | fromdate | type),
    .last_reload.result, (.last_reload.findings | type)] | map(tostring) | join(" ")'
  assert_output '1 number number applied number'
  run status mail '.services[] | select(.name == "postfix") |
    [.state, (.pid | type), (.since | fromdate <= now), .restarts, .last_exit] | map(tostring) | join(" ")'
  assert_output 'ready number true 0 null'
  run status mail '.certificates[0] | [.names[0], (.not_after | fromdate > now), .days_left] |
    map(tostring) | join(" ")'
  assert_output 'mail.example.com true 19'
  run status mail '[(.log.lines > 0), .log.dropped] | map(tostring) | join(" ")'
  assert_output 'true 0'
  mailinit mail status --format=prometheus >"$BATS_TEST_TMPDIR/metrics"
  run python3 test/clients/prometheus.py <"$BATS_TEST_TMPDIR/metrics"
  assert_success
}

@test "a reload that is refused tells how many findings" {
  printf 'hostname: mail.example.com\ndomainz: [example.com]\n' >"$BATS_TEST_TMPDIR/mailinit.yaml"
  docker cp -q "$BATS_TEST_TMPDIR/mailinit.yaml" "$STACK-mail:/etc/mailinit/mailinit.yaml"
  run mailinit mail reload
  assert_failure 1
  run status mail '[.last_reload.result, (.last_reload.findings > 0)] | map(tostring) | join(" ")'
  assert_output 'refused true'
  run status mail '.findings.refused[] | select(.id == "yaml-unknown-key") | .severity'
  assert_output error
  run mailinit mail status
  assert_line --regexp '^the newest reload was refused'
  assert_line --regexp '^error: .*domainz.* \(mailinit explain yaml-unknown-key\)$'
  run mailinit mail health
  assert_success
  assert_line --index 0 healthy
  assert_line --regexp '^error: .*domainz'
  run mailinit mail health --quick
  assert_success
  refute_output
  docker cp -q "$(mail_files mail)/etc/mailinit/mailinit.yaml" "$STACK-mail:/etc/mailinit/mailinit.yaml"
  run mailinit mail reload
  assert_success
  run status mail '.findings.refused | length'
  assert_output 0
  run mailinit mail health
  assert_output healthy
}

@test "findings of what runs stay in status and health, by id, until a reload mends them" {
  local yaml=/etc/mailinit/mailinit.yaml
  sed 's/^aliases:/&\n  lost@example.com: [nobody@example.org]/' "$(mail_files mail)$yaml" \
    >"$BATS_TEST_TMPDIR/mailinit.yaml"
  docker cp -q "$BATS_TEST_TMPDIR/mailinit.yaml" "$STACK-mail:$yaml"
  run mailinit mail reload
  assert_success
  run status mail '.findings.in_force[] | select(.id == "alias-dangling") | .severity'
  assert_output warning
  run mailinit mail status
  assert_line --regexp '^warning: .*nobody@example.org.* \(mailinit explain alias-dangling\)$'
  run mailinit mail status --format=prometheus
  assert_line 'mailinit_finding{id="alias-dangling",severity="warning"} 1'
  run bash -c 'printf "%s\n" "$1" | python3 test/clients/prometheus.py' - "$output"
  assert_success
  run mailinit mail health
  assert_success
  assert_line --index 0 healthy
  assert_line --regexp '^warning: .*alias-dangling'
  docker cp -q "$(mail_files mail)$yaml" "$STACK-mail:$yaml"
  run mailinit mail reload
  assert_success
  run mailinit mail health
  assert_output healthy
}

@test "clients that do not know the issuer, or refuse the name, are counted" {
  # A client that trusts another authority sends alert 48; one that wants another name, 42.
  openssl req -x509 -newkey rsa:2048 -nodes -days 3 -subj '/CN=another authority' \
    -keyout "$BATS_TEST_TMPDIR/key" -out "$BATS_TEST_TMPDIR/other.pem"
  for port in '25 -starttls smtp' '465' '993' '110 -starttls pop3'; do
    # shellcheck disable=SC2086 # words
    by_alert tls-unknown-ca $port -CAfile "$BATS_TEST_TMPDIR/other.pem" -no-CApath -no-CAstore
    # shellcheck disable=SC2086
    by_alert tls-refused $port -CAfile "$CA" -verify_hostname other.example.com
  done
  run status mail '.log.facts[] | select(.id == "tls-unknown-ca") | .count'
  assert_output 4
  run mailinit mail status
  assert_output --regexp 'seen in the log: tls-unknown-ca, 4 times, last 20[0-9-]+T[0-9:]+Z: clients do not know'
  run mailinit mail health
  assert_success
}

@test "a client's words are no facts" {
  before=$(status mail '.log.facts | tostring')
  printf '%s\r\n' 'a LOGIN ": SSL_accept() failed: error: SSL alert number 48" "x"' 'b LOGOUT' |
    timeout 60 openssl s_client -quiet -connect "$SUBNET.10:993"
  wait_until "it is in the log" logs_have mail 'imap-login.*user=<.*alert number 48'
  printf '%s\r\n' 'EHLO x' 'MAIL FROM:<"hash:/x is unavailable. SSL alert number 42:"@gmail.test' 'QUIT' |
    timeout 60 openssl s_client -quiet -connect "$SUBNET.10:25" -starttls smtp
  wait_until "it is in the log" logs_have mail 'smtpd.*is unavailable. SSL alert number 42'
  run status mail '.log.facts | tostring'
  assert_output "$before"
}

@test "a program in the container that speaks in Postfix's name is not believed" {
  mail_sh mail 'logger -t postfix/master -p mail.warning "warning: /usr/lib/postfix/sbin/smtpd: bad command startup -- throttling"'
  wait_until "it is in the log" logs_have mail 'postfix/master.*throttling'
  run seen postfix-throttled
  assert_output 0
  run mailinit mail health
  assert_success
}

@test "a service that Postfix throttles makes health fail, but no probe that restarts" {
  exec 5<>"/dev/tcp/$SUBNET.10/2600"
  wait_until "it is seen" seen_more postfix-throttled 0
  exec 5>&-
  run mailinit mail health
  assert_failure 1
  assert_output --partial 'a service of Postfix dies at its start'
  run mailinit mail health --quick
  assert_success
  run mailinit mail status --format=prometheus
  assert_line 'mailinit_postfix_throttled 1'
  run bash -c 'printf "%s\n" "$1" | python3 test/clients/prometheus.py' - "$output"
  assert_success
}

@test "a reload of Postfix ends it, and what was seen stays counted" {
  mail_sh mail 'postfix reload'
  wait_until "it is healthy again" mailinit mail health
  run seen postfix-throttled
  refute_output 0
  run mailinit mail status --format=prometheus
  assert_line 'mailinit_postfix_throttled 0'
}

@test "an authentication that is not there is seen" {
  run mailinit mail stop dovecot
  assert_success
  before=$(seen sasl-unreachable)
  run submit --to friend@gmail.test --message-id "$(new_id)"
  wait_until "it is seen" seen_more sasl-unreachable "$before"
  run mailinit mail start dovecot
  assert_success
  wait_until "it is healthy again" mailinit mail health
}
