#!/usr/bin/env bats
# Dovecot is gone for a while and comes back: who wants to send waits no longer than that,
# and what could not be delivered is delivered without anyone's hand.
# 47-dovecot-back-bookworm.bats is this file by another name.

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
}

teardown() {
  show_logs mail
}

# wait_for_login PORT TLS: a client that waits in the background; what it says is in a file.
wait_for_login() {
  client patient --address "$SUBNET.10" --port "$1" --tls "$2" >"$BATS_TEST_TMPDIR/$1" 3>&- &
  echo "$!" >"$BATS_TEST_TMPDIR/$1.pid"
  wait_until "it was turned away at $1" grep -q waits "$BATS_TEST_TMPDIR/$1"
}

# login_at PORT SINCE: AUTH was offered; nobody met Postfix's own throttle, which is a minute.
login_at() {
  local after offered at longest failed
  wait "$(cat "$BATS_TEST_TMPDIR/$1.pid")" || return 1
  read -r offered at longest failed < <(tail -n 1 "$BATS_TEST_TMPDIR/$1")
  [ "$offered" = offered ]
  after=$(awk "BEGIN {printf \"%.2f\", $at - $2}")
  echo "# $1: AUTH offered $after s after Dovecot was back; a connection took $longest s at most;" \
    "$failed came to nothing" >&3
  awk "BEGIN {exit !($after < 30 && $longest < 55)}"
}

now() {
  date +%s.%N
}

# outage COMMAND…: Dovecot is down; clients of 587 and 465 wait; COMMAND brings it back.
outage() {
  local back
  wait_for_login 587 starttls
  wait_for_login 465 tls
  run client ehlo --address "$SUBNET.10" --port 25
  assert_success
  "$@"
  wait_until "Dovecot is ready" status mail '.services[] | select(.name == "dovecot") | .state == "ready"'
  back=$(now)
  login_at 587 "$back"
  login_at 465 "$back"
  wait_until "all is healthy" mailinit mail health
}

# deferred_times ID: how often the delivery of a message was put off.
deferred_times() {
  logs_of mail | grep -c "$1: .*status=deferred" || :
}

# queue_id MESSAGE-ID: prints it.
queue_id() {
  logs_of mail | sed -n "s/.*cleanup.* \([0-9A-Za-z]*\): message-id=$1$/\1/p" | head -n 1
}

put_off() {
  [ "$(deferred_times "$1")" -ge 1 ]
}

@test "stopped and started: clients of 587 and 465 can log in as soon as it is back" {
  mailinit mail stop dovecot
  outage mailinit mail start dovecot
  run submit --to sales@example.org --message-id "$(new_id)"
  assert_output --regexp '^data 250 '
}

@test "killed, and unable to start for a while: the same, without anyone's hand" {
  # Its whole group, and no smtpd that has heard of its mechanisms before.
  mail_sh mail 'mv /usr/sbin/dovecot /usr/sbin/dovecot.away && kill -s KILL -- "-$1" && postfix reload' \
    "$(status mail '.services[] | select(.name == "dovecot") | .pid')"
  outage mail_sh mail 'mv /usr/sbin/dovecot.away /usr/sbin/dovecot'
}

@test "what could not be delivered meanwhile is delivered when it is back, and nothing else is tried" {
  local away id away_id local_id
  away=$(new_id) id=$(new_id)
  run submit --to friend@late.test --message-id "$away"
  assert_output --regexp '^data 250 '
  away_id=$(queue_id "$away")
  wait_until "the other server refuses" put_off "$away_id"
  mailinit mail stop dovecot
  printf 'Message-ID: %s\nSubject: while it was away\n\nhello\n' "$id" |
    outside_send friend@gmail.test info@example.com
  wait_until "it has come" queue_id "$id"
  local_id=$(queue_id "$id")
  wait_until "it cannot be delivered" put_off "$local_id"
  mailinit mail start dovecot
  wait_until "it is delivered" logs_have mail "$local_id: .*status=sent"
  run imap "$id"
  assert_success
  assert_equal "$(deferred_times "$away_id")" 1
  run logs_have mail 'dovecot is back: 1 message that waited for it will be tried now'
  assert_success
}
