#!/usr/bin/env bats
# Ten compose files as readers of wader/postfix-relay have them, with our image in place of that
# one: what each variable becomes, what `mailinit import` makes of them, and that the mail flows.

bats_require_minimum_version 1.5.0

setup_file() {
  load lib/stack
  load lib/mail
  load lib/snippet
  export BASE=trixie PEER=wader
  stack_up
  authority
  provider smtp.example.net
  zone_add <<<"relay.example.net. IN A $OUTSIDE_ADDRESS"
  snippets_up 01 02 03 04 05 06 07 08 09 10
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
  load lib/snippet
}

teardown() {
  [ -z "${SHOWN:-}" ] || show_logs "$SHOWN"
}

@test "each variable becomes what is expected, and import gives the same files" {
  run python3 -B "$TEST_ROOT/peer-snippets/check.py" "$TEST_ROOT/../build/mailinit" wader
  assert_success
  assert_line "1..40"
}

@test "01: with a name alone it is a relay for the networks that it is in" {
  SHOWN=s01
  relays 01 25 app@example.com
  run cat "$MESSAGE"
  assert_output --partial 'by smtp.example.com'
}

@test "02: the keys of the old container sign, under the selector mail" {
  SHOWN=s02
  mailinit s02 dns --zone >"$BATS_TEST_TMPDIR/zone"
  zone_add <"$BATS_TEST_TMPDIR/zone"
  wait_until "the key is in DNS" record mail._domainkey.smtp.example.com TXT
  relays 02 25 app@smtp.example.com
  run verify <"$MESSAGE"
  assert_output "pass d=smtp.example.com s=mail"
  mail_sh s02 'cat /etc/opendkim/keys/smtp.example.com/mail.private' |
    cmp - "$(snippet_of 02)/dkim-keys/smtp.example.com/mail.private"
}

@test "03: keys are made for two selectors, and for no other" {
  SHOWN=s03
  run mail_sh s03 'cd /etc/opendkim/keys && find . -name "*.private" | sort'
  assert_output "./example.com/mail2024.private
./example.org/mail.private"
  relays 03 25 app@example.com
  run grep -A2 -i dkim-signature "$MESSAGE"
  assert_output --partial 's=mail2024'
  assert_output --partial 'c=relaxed/simple'
}

@test "04: the networks of the variable may send" {
  SHOWN=s04
  relays 04 25 app@example.com
  run mail_sh s04 'postconf -h mynetworks inet_protocols'
  assert_line 'ipv4'
  assert_output --partial '10.0.0.0/8'
}

@test "05: the table of the variable says which way mail goes" {
  SHOWN=s05
  relays 05 25 app@example.com
  run logs_have s05 'to=<friend@gmail.test>, relay=relay.example.net\['
  assert_success
  run through 05 --port 25 --from app@example.com --to friend@other.test --message-id "$(new_id)"
  assert_output --regexp '^data 250 '
  wait_until "the rest goes another way" logs_have s05 'to=<friend@other.test>, relay=none.*nowhere.example.net'
}

@test "06: the line of master.cf opens the second port" {
  SHOWN=s06
  relays 06 587 app@example.com
  relays 06 25 app@example.com
}

@test "07: through a provider by Postfix's own parameters; while it is away mail waits" {
  SHOWN=s07
  docker stop -t 0 "$STACK-provider" >/dev/null
  id=$(new_id)
  run through 07 --port 25 --from app@example.com --to friend@gmail.test --message-id "$id"
  assert_output --regexp '^data 250 '
  wait_until "it waits" logs_have s07 "relay=none.*status=deferred"
  docker start "$STACK-provider" >/dev/null
  wait_until "the provider listens" client ehlo --address "$SUBNET.40" --port 587
  mailinit s07 queue flush
  wait_until "the provider took it" logs_have provider "took $id"
  run logs_of s07
  refute_output --partial SG.0123
}

@test "08: the mounted certificate is served" {
  SHOWN=s08
  openssl s_client -connect "$(snippet_address 08):25" -starttls smtp </dev/null 2>/dev/null |
    openssl x509 -noout -fingerprint >"$BATS_TEST_TMPDIR/served"
  run openssl x509 -in "$(snippet_of 08)/cert.pem" -noout -fingerprint
  assert_output "$(cat "$BATS_TEST_TMPDIR/served")"
  id=$(new_id)
  run through 08 --port 25 --tls starttls --from app@example.com --to friend@gmail.test --message-id "$id"
  assert_output --regexp '^data 250 '
  outside_wait "$id" >/dev/null
}

@test "09: Postfix's own reports reach the postmaster's address" {
  SHOWN=s09
  relays 09 25 app@example.com
  run through 09 --port 25 --from app@example.com --to no..body@ --message-id "$(new_id)"
  assert_output --regexp '^rcpt 5'
  wait_until "the report has left" logs_have s09 'to=<ops@gmail.test>, .*status=sent'
}

@test "10: who logs in may send, with the name of the old file; nobody else may" {
  SHOWN=s10
  id=$(new_id)
  PASSWORD=mypassword run through 10 --port 25 --tls starttls --user myuser \
    --from app@example.com --to friend@gmail.test --message-id "$id"
  assert_output --regexp '^data 250 '
  outside_wait "$id" >/dev/null
  PASSWORD=wrong run through 10 --port 25 --tls starttls --user myuser --from app@example.com
  assert_output --regexp '^auth 535 '
  run through 10 --port 25 --from app@example.com --to friend@gmail.test --message-id "$(new_id)"
  assert_output --regexp '^rcpt 5'
}
