#!/usr/bin/env bats
# The process that watches files, beside the PID 1 alone (see 05-pid1.bats): what it is told
# to watch stands in the table, and what it asks for is a reload.

bats_require_minimum_version 1.5.0

setup_file() {
  load lib/stack
  load lib/pid1
  STACK=mailinit-test-$(random_hex 4)
  export STACK
  pid1_build
}

teardown_file() {
  load lib/stack
  load lib/pid1
  pid1_down
}

setup() {
  bats_load_library bats-support
  bats_load_library bats-assert
  load lib/stack
  load lib/pid1
  BOX=$STACK-$BATS_TEST_NUMBER
}

teardown() {
  pid1_show
}

MAIL='
service mail
command /pid1/fake at-signal=/tmp/signals:mail'

# times PATTERN: how often the log has it.
times() {
  docker logs "$BOX" 2>&1 | grep -c -- "$1"
}

times_is() {
  [ "$(times "$1")" = "$2" ]
}

watching() {
  [ "$(box_status .watches.paths)" = "$1" ]
}

@test "what has changed is planned anew, told once by its path, and not again" {
  box_start "watch /tmp/a
watch /tmp/b
$MAIL"
  wait_until "both are watched" watching 2
  box_table "generation 2
watch /tmp/a
watch /tmp/b
$MAIL
changed"
  box touch /tmp/b
  wait_until "it is planned" log_has 'reload applied: generation 2'
  assert_log '/tmp/b has changed: planning anew'
  wait_until "the service is told" box grep -qx 'mail HUP' /tmp/signals
  sleep 2 # nothing else is to happen
  assert_equal "$(times 'planning anew')" 1
}

@test "that nothing has changed is worth no line when nobody asked" {
  box_start "watch /tmp/a
$MAIL"
  wait_until "it is watched" watching 1
  box_table "unchanged
watch /tmp/a
$MAIL"
  box touch /tmp/a
  wait_until "it was planned" reload_was unchanged
  refute_log 'info: reload: nothing has changed'
  box mailinit reload
  assert_log 'info: reload: nothing has changed'
}

@test "what changes while it is planned is planned once more, and not twice" {
  box_start "watch /tmp/a
$MAIL"
  wait_until "it is watched" watching 1
  box_table "watch /tmp/a
wait 1500
generation 2
$MAIL"
  box touch /tmp/a
  wait_until "it is planned" log_has 'planning anew'
  box sh -c 'echo more >/tmp/a'
  wait_until "and again" times_is 'planning anew' 2
  wait_until "both have ended" times_is 'reload applied' 2
  sleep 2
  assert_equal "$(times 'planning anew')" 2
}

@test "a plan that is refused is not made again and again" {
  box_start "watch /tmp/a
$MAIL"
  wait_until "it is watched" watching 1
  box_table "watch /tmp/a
end 1"
  box touch /tmp/a
  wait_until "it is refused" log_has 'reload refused'
  sleep 2
  assert_equal "$(times 'planning anew')" 1
  box sh -c 'echo better >/tmp/a'
  wait_until "the next change counts" times_is 'planning anew' 2
}

@test "a list that is broken, or not ours, is not believed, and harms nobody" {
  box_start "watch /tmp/a
$MAIL"
  wait_until "it is watched" watching 1
  box sh -c 'head -c 30 /run/mailinit/watches >/run/x; mv /run/x /run/mailinit/watches'
  wait_until "nothing is watched" watching 0
  box sh -c 'head -c 100000 /dev/urandom >/run/x; mv /run/x /run/mailinit/watches'
  wait_until "nothing is watched" watching 0
  box rm /run/mailinit/watches
  box_table "watch /tmp/a
watch /tmp/b
$MAIL"
  box mailinit reload
  wait_until "the next list counts" watching 2
  assert_equal "$(times 'process that watches files ended')" 0
}

@test "it is killed: another one comes, and finds what changed meanwhile" {
  box_start "watch /tmp/a
$MAIL"
  wait_until "it is watched" watching 1
  box sh -c 'kill -STOP $(pgrep -x mailinit-watch); touch /tmp/a; kill -9 $(pgrep -x mailinit-watch)'
  wait_until "it is planned" log_has '/tmp/a has changed: planning anew'
  assert_log 'the process that watches files ended (signal 9); started again'
}

@test "it hangs, as on a dead file system: a reload by hand, the status and a stop do not" {
  box_start "watch /tmp/a
$MAIL"
  wait_until "it is watched" watching 1
  box sh -c 'kill -STOP $(pgrep -x mailinit-watch)'
  box touch /tmp/a
  box mailinit reload
  assert [ "$(box_status .phase)" = running ]
  docker stop -t 60 "$BOX"
  assert_equal "$(box_end)" 0
  refute_log 'processes of no service are left'
}

@test "the limit of watches: told once, and its status says so" {
  # Nobody may lower the limit of the whole machine for a test.
  cat >"$BATS_TEST_TMPDIR/seccomp.json" <<-'END'
		{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": ["inotify_add_watch"],
		"action": "SCMP_ACT_ERRNO", "errnoRet": 28}]}
	END
  DRIVER=driver-static box_start "watch /tmp/a
watch /tmp/b
$MAIL" --security-opt "seccomp=$BATS_TEST_TMPDIR/seccomp.json"
  wait_until "it is told" log_has 'unable to watch all files: No space left on device .*max_user_watches'
  assert_equal "$(box_status .watches.by)" poll
  box sh -c 'kill -HUP 1'
  wait_until "it is planned" log_has 'reload applied'
  sleep 1
  assert_equal "$(times 'unable to watch all files')" 1
}

@test "what a service has put off is tried once, after the reload and not before its old processes have gone" {
  box_start '
service mail
command /pid1/fake at-signal=/tmp/signals:mail'
  wait_until "it is ready" healthy
  box_table '
generation 2
service mail
command /pid1/fake at-signal=/tmp/signals:mail
changed
flush
flush-after sleep
flush-command /bin/sh -c date>>/tmp/flushed'
  # somebody of its group, whom a reload would end
  box sh -c 'exec sleep 1000 & echo $! >/tmp/sleeper'
  box mailinit reload
  wait_until "the service is told" box grep -qx 'mail HUP' /tmp/signals
  wait_until "it is tried" box test -s /tmp/flushed
  assert_log 'mail: what it has put off is tried once'
  box_table '
unchanged
service mail
command /pid1/fake at-signal=/tmp/signals:mail
flush-command /bin/sh -c date>>/tmp/flushed'
  box mailinit reload
  sleep 1
  assert_equal "$(box sh -c 'wc -l </tmp/flushed')" 1
}
