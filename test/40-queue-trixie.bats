#!/usr/bin/env bats
# Fifty messages in the queue, none of them lost: over docker stop and start, over a new
# container on the same volumes, and over a change of base and back.
# 40-queue-bookworm.bats is this file by another name: it begins on the other base.
#
# The tests are one story; each goes on where the one before it stopped.

bats_require_minimum_version 1.5.0

setup_file() {
  load lib/stack
  load lib/mail
  BASE=$(base_of_file)
  export BASE
  stack_up
  container_create silent 30 "$TEST_IMAGE" python3 /silent.py
  docker cp -q "$TEST_ROOT/stack/silent.py" "$STACK-silent:/silent.py"
  docker start "$STACK-silent" >/dev/null
  wait_until "the silent server listens" logs_have silent listening
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
  IDS=$BATS_FILE_TMPDIR/ids
}

teardown() {
  show_logs mail
}

# ids COUNT: that many new Message-IDs, also noted among those to account for.
ids() {
  local i
  for ((i = 0; i < $1; i++)); do
    new_id
  done | tee -a "$IDS.noted"
}

# count_in DIRECTORY: how many messages are there.
count_in() {
  mail_sh mail 'find "/var/spool/postfix/$1" -type f | wc -l' "$1"
}

count_is() {
  [ "$(count_in "$1")" -eq "$2" ]
}

# all_accounted: each noted Message-ID is in the queue; the queue holds nothing else.
all_accounted() {
  diff <(sort "$IDS.noted") <(queue_ids mail)
}

# renew BASE: the container is removed, and a new one made of BASE on the same volumes.
renew() {
  docker stop -t 30 "$STACK-mail" >/dev/null
  assert_equal "$(exit_code mail)" 0
  docker rm "$STACK-mail" >/dev/null
  mapfile -t VOLUMES < <(volumes mail)
  BASE=$1 mail_create mail 10 "${VOLUMES[@]}"
  mail_start mail
}

@test "twenty messages are deferred, because their server refuses connections" {
  mapfile -t new < <(ids 20)
  run submit --to friend@late.test "${new[@]/#/--message-id=}"
  assert_equal "$(grep -c '^data 250 ' <<<"$output")" 20
  wait_until "all are deferred" count_is deferred 20
}

@test "twenty messages are active, because their server says nothing" {
  mapfile -t new < <(ids 20)
  run submit --to friend@silent.test "${new[@]/#/--message-id=}"
  assert_equal "$(grep -c '^data 250 ' <<<"$output")" 20
  wait_until "all are active" count_is active 20
}

@test "ten messages are in maildrop, because pickup is held up" {
  mail_sh mail 'for p in /proc/[0-9]*; do
      read -r name <$p/comm; [ "$name" != pickup ] || kill -STOP "${p#/proc/}"
    done'
  for id in $(ids 10); do
    printf 'From: <info@example.com>\nMessage-ID: %s\n\nhello\n' "$id" |
      docker exec -i "$STACK-mail" sendmail -i -f info@example.com friend@late.test
  done
  count_is maildrop 10
  run all_accounted
  assert_success
}

@test "docker stop, with deliveries under way and a process that is stopped: exit code 0" {
  docker stop -t 30 "$STACK-mail" >/dev/null
  assert_equal "$(exit_code mail)" 0
}

@test "after docker start all fifty are there" {
  mail_start mail
  wait_until "all are accounted for" all_accounted
  run wc -l <"$IDS.noted"
  assert_output 50
}

@test "after docker rm and a new container on the same volumes all fifty are there" {
  renew "$BASE"
  wait_until "all are accounted for" all_accounted
}

@test "after a change of base all fifty are there, and the mailbox too" {
  id=$(new_id)
  submit --to info@example.com --message-id "$id"
  imap "$id"
  renew "$(other_base "$BASE")"
  wait_until "all are accounted for" all_accounted
  run imap "$id"
  assert_success
}

@test "after the way back all fifty are there" {
  renew "$BASE"
  wait_until "all are accounted for" all_accounted
}

@test "when their servers answer at last, all fifty arrive, signed by the same key" {
  zone_open
  docker kill "$STACK-silent" >/dev/null # deliveries that still wait for it fail now
  wait_until "all have arrived" arrived
  while read -r id; do
    outside_find "$id" >"$BATS_TEST_TMPDIR/message"
    run verify <"$BATS_TEST_TMPDIR/message"
    assert_output "pass d=example.com s=default"
  done < <(sed -n '1p;21p;41p' "$IDS.noted")
}

arrived() {
  mail_sh mail 'postqueue -f'
  diff <(sort "$IDS.noted") <(outside_ids)
}
