#!/usr/bin/env bats
# Ten compose files as readers of bokysan/docker-postfix have them, with our image in place of that
# one: what each variable becomes, what `mailinit import` makes of them, and that the mail flows.

bats_require_minimum_version 1.5.0

setup_file() {
  load lib/stack
  load lib/mail
  load lib/snippet
  export BASE=trixie PEER=bokysan
  stack_up
  authority
  provider smtp.sendgrid.net smtp.example.net
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
  run python3 -B "$TEST_ROOT/peer-snippets/check.py" "$TEST_ROOT/../build/mailinit" bokysan
  assert_success
  assert_line "1..40"
}

@test "01: a sender domain and a name: mail of that domain goes out, other mail does not" {
  SHOWN=s01
  relays 01 587 shop@example.com
  run cat "$MESSAGE"
  assert_output --partial 'by mail.example.com'
  relays 01 25 shop@example.com
  run through 01 --port 587 --from shop@other.example --to friend@gmail.test --message-id "$(new_id)"
  assert_output --regexp '^rcpt 554 '
}

@test "02: all mail goes to the company's own server, without TLS and without a login" {
  SHOWN=s02
  relays 02 587 shop@example.org
  run logs_have s02 'to=<friend@gmail.test>, relay=relay.example.net\['
  assert_success
}

@test "03: through a provider, with the password of the variable" {
  SHOWN=s03
  id=$(new_id)
  run through 03 --port 587 --from shop@example.com --to friend@gmail.test --message-id "$id"
  assert_output --regexp '^data 250 '
  wait_until "the provider took it" logs_have provider "took $id"
  run logs_of s03
  refute_output --partial SG.0123
}

@test "04: with the password of a file; while the provider is away mail waits, and it goes on by itself" {
  SHOWN=s04
  docker stop -t 0 "$STACK-provider" >/dev/null
  id=$(new_id)
  run through 04 --port 587 --from shop@example.com --to friend@gmail.test --message-id "$id"
  assert_output --regexp '^data 250 '
  wait_until "it waits" logs_have s04 "relay=none.*status=deferred"
  docker start "$STACK-provider" >/dev/null
  wait_until "the provider listens" client ehlo --address "$SUBNET.40" --port 587
  mailinit s04 queue flush
  wait_until "the provider took it" logs_have provider "took $id"
  run logs_of provider
  refute_output --partial 'password wrong'
}

@test "05: keys made by hand sign, under the selector mail; a domain without a key goes unsigned" {
  SHOWN=s05
  mailinit s05 dns --zone >"$BATS_TEST_TMPDIR/zone"
  zone_add <"$BATS_TEST_TMPDIR/zone"
  wait_until "the key is in DNS" record mail._domainkey.example.com TXT
  for domain in example.com example.org; do
    relays 05 587 "shop@$domain"
    run verify <"$MESSAGE"
    assert_output "pass d=$domain s=mail"
  done
  relays 05 587 shop@unsigned.example.com
  run grep -ci dkim-signature "$MESSAGE"
  assert_output 0
}

@test "06: keys that are made, with selectors by domain, are on their volume in the next container" {
  SHOWN=s06
  relays 06 587 shop@example.com
  run grep -A2 -i dkim-signature "$MESSAGE"
  assert_output --partial 's=foo'
  relays 06 587 shop@example.org
  run grep -A2 -i dkim-signature "$MESSAGE"
  assert_output --partial 's=postfix'
  before=$(mail_sh s06 'sha256sum /etc/opendkim/keys/*/*.private')
  docker rm -f "$STACK-s06" >/dev/null
  snippets_up 06
  assert_equal "$(mail_sh s06 'sha256sum /etc/opendkim/keys/*/*.private')" "$before"
}

# login USER PASSWORD ARG…: sends through snippet 07 with that login.
login() {
  local user=$1 password=$2
  shift 2
  PASSWORD=$password through 07 --port 587 --tls starttls --user "$user" --to friend@gmail.test "$@"
}

@test "07: those who log in may send as any allowed domain; a wrong password may not" {
  SHOWN=s07
  for sender in shop noreply; do
    id=$(new_id)
    run login shop@example.com s3cret:colon --from "$sender@example.com" --message-id "$id"
    assert_output --regexp '^data 250 '
    outside_wait "$id" >/dev/null
  done
  id=$(new_id)
  run login jobs@example.com letmein --from jobs@example.com --message-id "$id"
  assert_output --regexp '^data 250 '
  outside_wait "$id" >/dev/null
  run login shop@example.com letmein --from shop@example.com
  assert_output --regexp '^auth 535 '
  run login shop@example.com s3cret:colon --from shop@other.example --message-id "$(new_id)"
  assert_output --regexp '^(mail|rcpt) 553 '
  run logs_of s07
  refute_output --partial s3cret
  run mail_sh s07 'cat /proc/[0-9]*/cmdline | tr "\0" " "'
  refute_output --partial s3cret
}

@test "07: the hash of a login stays the same over a restart" {
  SHOWN=s07
  before=$(mail_sh s07 'cat /run/mailinit/current/dovecot/users')
  docker restart "$STACK-s07" >/dev/null
  mail_ready s07
  assert_equal "$(mail_sh s07 'cat /run/mailinit/current/dovecot/users')" "$before"
}

@test "08: banner and limit are those of the variables, the log is JSON with addresses masked" {
  SHOWN=s08
  run client ehlo --address "$(snippet_address 08)" --port 587
  assert_output --partial 'SIZE 26214400'
  relays 08 587 shop@example.com
  run logs_of s08
  assert_output --partial '"message":'
  refute_output --partial 'friend@gmail.test'
}

@test "09: hosts are masqueraded and headers rewritten, and any sender may write" {
  SHOWN=s09
  relays 09 587 root@inner.example.com
  run cat "$MESSAGE"
  assert_output --partial 'Return-Path: <root@example.com>'
  assert_output --partial 'Subject: [shop] a test message'
  relays 09 587 anybody@other.example
}

@test "10: a read-only root file system, with the variables of a file" {
  SHOWN=s10
  relays 10 587 shop@example.com
  run mail_sh s10 'touch /etc/x'
  assert_failure
}
