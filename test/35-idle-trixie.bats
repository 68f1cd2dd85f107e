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

# ours FIELD FILE: that field of each process of mailinit in the container: PID 1, the one
# that writes the log, the one that watches files.
ours() {
  mail_sh mail '
    for p in /proc/[0-9]*; do
      [ "$(readlink "$p/exe")" = /usr/sbin/mailinit ] || continue
      cat "$p/$2"
    done' "$1" "$2" | awk -v field="$1" '$1 == field { print $2; count++ }
      END { if (count != 3) exit 1 }'
}

quiet_for_five_seconds() {
  local before after
  before=$(ours voluntary_ctxt_switches: status)
  sleep 5
  after=$(ours voluntary_ctxt_switches: status)
  [ "$before" = "$after" ]
}

@test "PID 1 and its two helpers dirty at most 100 kB of memory of their own each" {
  run ours Private_Dirty: smaps_rollup
  assert_success
  for kilobytes in $output; do
    [ "$kilobytes" -gt 0 ]
    [ "$kilobytes" -le 100 ]
  done
}

@test "PID 1 and its helpers sleep: but for a look each minute nothing wakes them while nothing happens" {
  wait_until "five seconds without a wake-up" quiet_for_five_seconds
}
