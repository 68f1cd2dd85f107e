#!/usr/bin/env bats
# What waits in the queue, why, and what can be done about it: `mailinit queue`.
# 32-queue-bookworm.bats is this file by another name.
#
# The tests are one story; each goes on where the one before it stopped.

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

# queue FILTER: what jq makes of the queue.
queue() {
  mailinit mail queue --format=json | jq -er "$1"
}

# messages QUEUE COUNT: so many are there.
messages() {
  [ "$(queue ".queues[] | select(.name == \"$1\") | .messages")" = "$2" ]
}

# send_late COUNT: messages for a server that refuses connections.
send_late() {
  local i ids=()
  for ((i = 0; i < $1; i++)); do
    ids+=("--message-id=$(new_id)")
  done
  submit --to friend@late.test "${ids[@]}" >/dev/null
}

# an_id QUEUE: the id of some message there, by Postfix's own word.
an_id() {
  mail_sh mail 'postqueue -j' | jq -r "select(.queue_name == \"$1\") | .queue_id" | head -n 1
}

tries() {
  logs_of mail | grep -cE "postfix/(smtp|error)\\[.*: $1: .* status=deferred"
}

tried_again() {
  [ "$(tries "$1")" -gt "$2" ]
}

@test "an empty queue is all zeros" {
  run mailinit mail queue
  assert_success
  assert_line --regexp '^all +0 +0  -$'
  run queue '[.postfix, .messages, .oldest, (.queues | length), (.reasons | length)] | map(tostring) | join(" ")'
  assert_output 'running 0 null 6 0'
}

@test "what waits is counted, its reasons are one where they differ in numbers only" {
  send_late 5
  wait_until "all are deferred" messages deferred 5
  run queue '.reasons | length'
  assert_output 1
  run queue '.reasons[0] | "\(.recipients) \(.reason)"'
  assert_output --regexp '^5 connect to dns\.test\[#\]:#: Connection refused$'
  run queue '.domains[] | "\(.recipients) \(.domain)"'
  assert_output '5 late.test'
  run queue '.bytes > 5 * 300 and (.oldest | fromdate) <= now'
  assert_output true
  run mailinit mail queue
  assert_line --regexp '^deferred +5 +[0-9]+  [0-9]'
  assert_line --regexp '^ +5  connect to dns\.test\[#\]:#: Connection refused$'
  assert_line --regexp '^ +5  late\.test$'
}

@test "hold and release one message, and all" {
  id=$(an_id deferred)
  run mailinit mail queue hold "$id"
  assert_success
  messages hold 1
  messages deferred 4
  run mailinit mail queue release "$id"
  assert_success
  wait_until "it is deferred again" messages deferred 5
  run mailinit mail queue hold all
  assert_success
  messages hold 5
  run mailinit mail queue release all
  assert_success
  wait_until "all are deferred again" messages deferred 5
}

@test "flush tries a message, a domain, or all again" {
  id=$(an_id deferred)
  for what in "$id" late.test ""; do
    before=$(tries "$id")
    # shellcheck disable=SC2086 # nothing is a word, too
    run mailinit mail queue flush $what
    assert_success
    wait_until "it is tried again" tried_again "$id" "$before"
    wait_until "it is deferred again" messages deferred 5
  done
  run mailinit mail queue flush elsewhere.test
  assert_success
  assert_output '0 messages will be tried now'
}

@test "what is not there, and what makes no sense, is told" {
  run mailinit mail queue hold 4jXV4N2Cg4z90yx
  assert_failure 1
  assert_output --partial 'no message 4jXV4N2Cg4z90yx is in the queue'
  run mailinit mail queue delete ALL
  assert_failure 2
  assert_output --partial -- '--yes'
  for words in 'delete' 'hold --yes all' 'release ../x' 'flush a b' 'spam' '--format=xml'; do
    # shellcheck disable=SC2086 # words
    run mailinit mail queue $words
    assert_failure 2
  done
  messages deferred 5
}

@test "delete one message, also together with one that is not there" {
  id=$(an_id deferred)
  run mailinit mail queue delete "$id" 4jXV4N2Cg4z90yx
  assert_failure 1
  messages deferred 4
  run mail_sh mail 'postqueue -j'
  refute_output --partial "$id"
}

@test "only root is let in" {
  run docker exec --user 65534 "$STACK-mail" mailinit queue
  assert_failure 3
  assert_output --partial 'only root'
}

@test "files that Postfix could not read are counted" {
  mail_sh mail 'echo rubbish >/var/spool/postfix/corrupt/4jXV4N2Cg4z90yx'
  messages corrupt 1
  mail_sh mail 'rm /var/spool/postfix/corrupt/4jXV4N2Cg4z90yx'
}

@test "while Postfix is down the queue is shown and changed, and a flush says why not" {
  run mailinit mail stop postfix
  assert_success
  run mailinit mail queue
  assert_success
  assert_output --partial 'Postfix does not run'
  run queue '[.postfix, (.messages | tostring)] | join(" ")'
  assert_output 'down 4'
  run mailinit mail queue flush
  assert_failure 1
  assert_output --partial 'mailinit start postfix'
  run mailinit mail queue delete "$(an_id deferred)"
  assert_success
  messages deferred 3
  run mailinit mail start postfix
  assert_success
}

@test "delete all wants to be told that it is meant" {
  run mailinit mail queue delete all
  assert_failure 2
  messages deferred 3
  run mailinit mail queue delete all --yes
  assert_success
  run queue .messages
  assert_output 0
}
