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
    for p in $(ls -d /proc/[0-9]* | sort -V); do
      [ "$(readlink "$p/exe")" = /usr/sbin/mailinit ] || continue
      cat "$p/$2"
    done' "$1" "$2" | awk -v field="$1" '$1 == field { print $2; count++ }
      END { if (count != 3) exit 1 }'
}

# switches FIRST,LAST: how often those of them were given the processor.
switches() {
  local field
  for field in voluntary_ctxt_switches: nonvoluntary_ctxt_switches:; do
    ours "$field" status | sed -n "$1p"
  done
}

quiet_for_a_minute() {
  local before looks
  before=$(switches 1,2)
  looks=$(ours voluntary_ctxt_switches: status | sed -n 3p)
  sleep 59
  diff <(echo "$before") <(switches 1,2)
  [ $(($(ours voluntary_ctxt_switches: status | sed -n 3p) - looks)) -le 1 ]
}

@test "PID 1 and each of its two helpers dirty no more than 100 kB of memory of their own" {
  run ours Private_Dirty: smaps_rollup
  assert_success
  local dirty
  for dirty in $output; do
    [ "$dirty" -gt 0 ]
    [ "$dirty" -le 100 ]
  done
}

holds_little() {
  local resident
  resident=$(ours VmRSS: status | head -n 1)
  echo "$resident kB" >"$BATS_TEST_TMPDIR/resident"
  [ "$resident" -gt 0 ] && [ "$resident" -le 300 ]
}

@test "PID 1 holds no more than 300 kB of memory in all, a second after the last event" {
  wait_until "memory is given back" holds_little || { cat "$BATS_TEST_TMPDIR/resident"; false; }
  # Somebody asks, and it is as before.
  mail_sh mail 'mailinit status >/dev/null'
  wait_until "memory is given back" holds_little || { cat "$BATS_TEST_TMPDIR/resident"; false; }
}

@test "PID 1 and its helpers sleep: in a minute nothing wakes them but one look of the one that watches" {
  # What the start leaves behind, such as the answer to a probe, has to be over.
  WAIT_SECONDS=200 wait_until "a minute without a wake-up" quiet_for_a_minute
}
