#!/usr/bin/env bats
# compose/split.yaml: Postfix, Dovecot and OpenDKIM in three containers of the same image.

bats_require_minimum_version 1.5.0

setup_file() {
  load lib/stack
  load lib/mail
  load lib/compose
  stack_up
  compose_begin split
  authority
  authority_files server "$MAIL_HOSTNAME"
  file_from info_password <<<"$INFO_PASSWORD"
  # ports of the engine's choice, on loopback
  export BIND=127.0.0.1 SMTP_PORT='' SUBMISSION_PORT='' SUBMISSIONS_PORT=''
  export IMAP_PORT='' IMAPS_PORT='' DOVECOT_IMAGE=$IMAGE
  # one after the other: Postfix waits for nobody
  compose_up --no-deps postfix
  mail_ready postfix
}

teardown_file() {
  load lib/stack
  load lib/compose
  compose_down
  stack_down
}

setup() {
  bats_load_library bats-support
  bats_load_library bats-assert
  load lib/stack
  load lib/mail
  load lib/compose
}

teardown() {
  show_logs postfix dovecot dkim
}

# from_world TO ID: somebody out there sends to us; what our server says to it.
from_world() {
  client send --address "$SUBNET.10" --port 25 --to "$1" --message-id "$2"
}

# arrived ID: prints the message once it is in the mailbox of info.
arrived() {
  MAIL_ADDRESS=$SUBNET.11 imap "$1"
}

services_of() {
  status "$1" '.services | map(.name) | join(" ")'
}

greets() {
  client ehlo --address "$SUBNET.10" --port "$1" --tls "${2:-none}"
}

@test "before its partners are there Postfix answers on 25: 451, for nothing is taken that nobody filters" {
  run from_world info@example.com "$(new_id)"
  assert_output --regexp '^mail 451 4\.7\.1 '
  # who cannot be asked for a password is not talked to
  run greets 587 starttls
  assert_failure
  run greets 465 tls
  assert_failure
  run mailinit postfix status
  assert_output --partial milter-unreachable
  assert_output --partial sasl-unreachable
  run mailinit postfix check --live
  assert_failure 1
  assert_output --partial '[live-partner-down]: mail store inet:dovecot:24'
  assert_output --partial '[live-partner-down]: authentication inet:dovecot:12345'
  assert_output --partial '[live-milter-failed]: milter inet:dkim:8891'
}

@test "once they are there it serves with them, without being told" {
  compose_up
  mail_ready dovecot
  mail_ready dkim
  dkim_publish dkim
  wait_until "587 greets" greets 587 starttls
  wait_until "465 greets" greets 465 tls
  run services_of postfix
  assert_output postfix
  run services_of dovecot
  assert_output dovecot
  run services_of dkim
  assert_output opendkim
  run mailinit postfix check --live
  refute_output --regexp '\[live-(partner|milter|sasl|port)'
}

@test "mail from the world gets through filter and LMTP into the mailbox; others are refused" {
  local id
  id=$(new_id)
  wait_until "it is taken" taken "$id"
  arrived "$id" >"$BATS_TEST_TMPDIR/message"
  run cat "$BATS_TEST_TMPDIR/message"
  assert_output --partial 'with LMTPS'
  run from_world nobody@example.com "$(new_id)"
  assert_output --regexp '^rcpt 550 5\.1\.1 '
}

taken() {
  from_world info@example.com "$1" | grep '^data 250 '
}

@test "what our people send with a password leaves signed; a wrong password does not" {
  local id
  id=$(new_id)
  run submit --to visitor@gmail.test --message-id "$id"
  assert_output --regexp '^data 250 '
  outside_wait "$id" >"$BATS_TEST_TMPDIR/message"
  run verify <"$BATS_TEST_TMPDIR/message"
  assert_success
  INFO_PASSWORD=wrong run submit --to visitor@gmail.test --message-id "$(new_id)"
  assert_output --regexp '^auth 535 5\.7\.8 '
}

@test "without the signer mail is put off and nothing leaves unsigned; with it, mail goes on" {
  local id
  id=$(new_id)
  docker stop "$STACK-dkim" >/dev/null
  run from_world info@example.com "$(new_id)"
  assert_output --regexp '^mail 451 4\.7\.1 '
  run submit --to visitor@gmail.test --message-id "$id"
  assert_output --regexp '^[a-z]+ 45[14] '
  run ! outside_find "$id"
  docker start "$STACK-dkim" >/dev/null
  mail_ready dkim
  wait_until "a message is taken again" submitted "$id"
  outside_wait "$id" | verify
}

submitted() {
  submit --to visitor@gmail.test --message-id "$1" | grep '^data 250 '
}

@test "without Dovecot port 25 goes on, mail waits, and nobody can log in; with it, all is as before" {
  local id sent
  id=$(new_id) sent=$(new_id)
  docker stop "$STACK-dovecot" >/dev/null
  run from_world info@example.com "$id"
  assert_output --regexp '^data 250 '
  run from_world fresh@example.com "$(new_id)"
  assert_output --regexp '^rcpt 450 4\.1\.1 '
  # a process that had spoken with Dovecot says so, a new one hangs up; nobody is told that his
  # password is wrong
  run submit --to visitor@gmail.test --message-id "$(new_id)"
  [ "$status" != 0 ] || assert_output --regexp '^auth 454 4\.7\.0 '
  refute_output --partial 'auth 535'
  # a restart of this container would mend nothing, so the engine is not told to do it; people are
  run mailinit postfix health --quick
  assert_success
  run mailinit postfix status
  assert_output --partial sasl-unreachable
  run queue_ids postfix
  assert_output "$id"
  wait_until "it was tried in vain" logs_have postfix 'status=deferred .*name=dovecot'
  run ! logs_have postfix 'status=bounced'
  run queue_ids postfix
  assert_output "$id"
  docker start "$STACK-dovecot" >/dev/null
  mail_ready dovecot
  wait_until "a message is taken again on 587" submitted "$sent"
  outside_wait "$sent" >/dev/null
  run -0 mailinit postfix queue flush
  arrived "$id" >/dev/null
  run outside_ids
  refute_output --partial "mail.example.com>"
}

@test "Dovecot 2.3, of bookworm, does the same work on the same volumes" {
  local id
  id=$(new_id)
  DOVECOT_IMAGE=$MAILINIT_IMAGE:bookworm compose up -d --no-build --no-deps dovecot
  mail_ready dovecot
  run docker exec "$STACK-dovecot" dovecot --version
  assert_output --regexp '^2\.3\.'
  wait_until "a message is taken on 587" submitted "$id"
  outside_wait "$id" | verify
  id=$(new_id)
  wait_until "mail from the world is taken" taken "$id"
  arrived "$id" | grep 'with LMTPS'
}
