#!/usr/bin/env bats
# What the entrypoint costs while nothing happens.
# 35-idle-bookworm.bats is this file by another name.

bats_require_minimum_version 1.5.0

setup_file() {
  load lib/stack
  load lib/mail
  BASE=$(base_of_file)
  export BASE
  stack_up
  authority
  standard_files mail
  # To look into another process's memory takes a capability that the daemons do not get.
  mail_create mail 10 --cap-add SYS_PTRACE --no-healthcheck
  mail_start mail
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

# ours FIELD FILE: the sum of that field over all processes of mailinit in the container.
ours() {
  mail_sh mail '
    for p in /proc/[0-9]*; do
      [ "$(readlink "$p/exe")" = /usr/sbin/mailinit ] || continue
      cat "$p/$2"
    done' "$1" "$2" | awk -v field="$1" '$1 == field { sum += $2; count++ }
      END { if (count < 2) exit 1; print sum }'
}

quiet_for_five_seconds() {
  local before after
  before=$(ours voluntary_ctxt_switches: status)
  sleep 5
  after=$(ours voluntary_ctxt_switches: status)
  [ "$before" = "$after" ]
}

@test "PID 1 and its helper together dirty less than 300 kB of memory of their own" {
  run ours Private_Dirty: smaps_rollup
  assert_success
  [ "$output" -gt 0 ]
  [ "$output" -lt 300 ]
}

@test "PID 1 and its helper sleep: nothing wakes them while nothing happens" {
  wait_until "five seconds without a wake-up" quiet_for_five_seconds
}
