#!/usr/bin/env bats
# A stop in the middle of a message: what is under way ends first, while there is time.
# 33-drain-bookworm.bats is this file by another name.

bats_require_minimum_version 1.5.0

setup_file() {
  load lib/stack
  load lib/mail
  BASE=$(base_of_file)
  export BASE
  stack_up
  authority
  standard_mail
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
  HELD=$BATS_TEST_TMPDIR/held
}

teardown() {
  [ -z "${HOLDER:-}" ] || kill "$HOLDER" 2>/dev/null || :
  show_logs mail
}

# hold ID: a client on port 25 is in the middle of that message until `let_go`.
hold() {
  mkfifo "$HELD.go"
  client hold --address "$SUBNET.10" --port 25 --to info@example.com --message-id "$1" \
    <"$HELD.go" >"$HELD" 3>&- &
  HOLDER=$!
  exec 4>"$HELD.go"
  wait_until "the client is in the middle of its message" grep -qx half "$HELD"
}

let_go() {
  echo go >&4
  exec 4>&-
  wait "$HOLDER"
}

# since LINES PATTERN: the log has such a line behind its first LINES.
since() {
  logs_of mail | tail -n "+$(($1 + 1))" | grep -qE -- "$2"
}

lines() {
  logs_of mail | wc -l
}

@test "a client in the middle of its message at docker stop gets its 250, and the message is there" {
  id=$(new_id)
  hold "$id"
  before=$(lines)
  docker kill --signal TERM "$STACK-mail" >/dev/null
  wait_until "it is waited for" since "$before" 'postfix: waits for 1 of its processes'
  let_go
  assert_equal "$(grep -c '^data 250 ' "$HELD")" 1
  wait_until "it has stopped" gone mail
  assert_equal "$(exit_code mail)" 0
  run since "$before" 'is over'
  assert_failure
  mail_start mail
  run imap "$id"
  assert_success
}

@test "a client that never ends does not hold up the stop, and its message is not there" {
  id=$(new_id)
  hold "$id"
  before=$(lines)
  docker stop -t 60 "$STACK-mail" >/dev/null
  assert_equal "$(exit_code mail)" 0
  since "$before" 'postfix: its time to end what is under way .* is over'
  run since "$before" 'did not stop in time'
  assert_failure
  let_go
  assert_equal "$(tail -n 1 "$HELD")" 'data lost'
  mail_start mail
  run queue_ids mail
  refute_output --partial "$id"
}

@test "a second TERM ends the waiting" {
  hold "$(new_id)"
  before=$(lines)
  docker kill --signal TERM "$STACK-mail" >/dev/null
  wait_until "it is waited for" since "$before" 'postfix: waits for 1 of its processes'
  docker kill --signal TERM "$STACK-mail" >/dev/null
  wait_until "it has stopped" gone mail
  assert_equal "$(exit_code mail)" 0
  let_go
  assert_equal "$(tail -n 1 "$HELD")" 'data lost'
  mail_start mail
}

@test "with a client that sends nothing nobody waits" {
  exec 5<>"/dev/tcp/$SUBNET.10/25"
  read -r -u 5 greeting
  [[ $greeting == 220* ]]
  before=$(lines)
  docker stop -t 60 "$STACK-mail" >/dev/null
  exec 5>&-
  assert_equal "$(exit_code mail)" 0
  run since "$before" 'waits for|is over'
  assert_failure
  mail_start mail
}

@test "restart by command waits for nobody, and what got its 250 before is there" {
  id=$(new_id)
  submit --to info@example.com --message-id "$id"
  hold "$(new_id)"
  run mailinit mail restart postfix
  assert_success
  let_go
  assert_equal "$(tail -n 1 "$HELD")" 'data lost'
  mail_ready mail
  run imap "$id"
  assert_success
}
