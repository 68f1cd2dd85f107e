#!/usr/bin/env bats
# PID 1 among hostile processes: storms of orphans and signals, services that do all that
# they should not, and a machine that has no more of something. Real supervision, fake
# daemons (test/pid1). What it comes to is asserted; how long it took is not.

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

# touch_inside FILE: makes a file in the box without a process there.
# Who waits for it may take it away before the engine has given it its owner.
touch_inside() {
  : >"$BATS_TEST_TMPDIR/empty"
  run docker cp -q "$BATS_TEST_TMPDIR/empty" "$BOX:$1"
  [ "$status" = 0 ] || assert_output --partial "lchown $1: no such file"
}

# status_in_log TEXT: PID 1 is asked by USR1, which takes no process, and its answer has TEXT.
status_in_log() {
  docker kill --signal USR1 "$BOX" >/dev/null
  log_has "status: $1"
}

# ticks PID…: clock ticks of a processor that these took so far; USER_HZ is 100.
ticks() {
  local pid
  for pid in "$@"; do
    box cat "/proc/$pid/stat"
  done | sed 's/.*) //' | awk '{ sum += $12 + $13 } END { print sum }'
}

# assert_at_rest PID…: none of them spins. A loop would take most of 200 ticks.
assert_at_rest() {
  local before
  before=$(ticks "$@")
  sleep 2 # not waited for anything: this is what is looked at
  assert [ $(($(ticks "$@") - before)) -lt 60 ]
}

logger_pid() {
  box pgrep -u 65534 -x driver
}

# ---------------------------------------------------------------- storms

@test "20,000 orphans: all are reaped, none stays, and a service still answers" {
  box_start "$MAIL
service storm
command /pid1/fake orphans=20000"
  wait_until "20,000 were reaped" orphans_reaped 20000
  run box sh -c "grep -l '^State:.Z' /proc/[0-9]*/status"
  assert_failure
  run -0 box mailinit health
}

@test "a TERM in the middle of a storm of orphans: an end in order" {
  box_start "$MAIL
service storm
command /pid1/fake orphans=0"
  wait_until "the storm has begun" orphans_reaped 1000
  docker stop -t 60 "$BOX"
  assert_equal "$(box_end)" 0
  assert_log 'mail: stopped'
  assert_log 'storm: stopped'
}

@test "10,000 signals of each kind: the last ones count, and nothing else happens" {
  box_start "$MAIL" --ulimit sigpending=30000
  wait_until "it is ready" healthy
  before=$(pid_of mail)
  # WINCH, PIPE, one that queues, HUP: a hundred reloads at the least are too many to wait for.
  for signal in 28 13 40 1; do
    box /pid1/hostile send 1 "$signal" 10000
  done
  box_table "generation 7
$MAIL"
  docker kill --signal HUP "$BOX"
  wait_until "the last HUP was heard" log_has 'generation 7'
  docker kill --signal USR1 "$BOX"
  wait_until "so was USR1" log_has 'status: generation 7, 1 services'
  assert_equal "$(pid_of mail)" "$before"
  docker kill --signal TERM "$BOX"
  assert_equal "$(box_end)" 0
}

@test "a TERM in the middle of 10,000 signals that queue" {
  box_start "$MAIL" --ulimit sigpending=30000
  wait_until "it is ready" healthy
  # They are sent until nobody is there to hear them.
  docker exec -d "$BOX" /pid1/hostile send 1 40 100000000
  docker exec -d "$BOX" /pid1/hostile send 1 17 100000000
  docker kill --signal TERM "$BOX"
  assert_equal "$(box_end)" 0
  assert_log 'mail: stopped'
}

# ---------------------------------------------------------------- services that do what they should not

@test "one that forks for ever: the others stay, and a stop ends all of it" {
  box_start "$MAIL
service bomb
command /pid1/hostile bomb
stop-timeout 1000" --pids-limit 80
  wait_until "all processes are taken" pids_are_taken 75
  wait_until "mail is still ready" status_in_log 'mail is ready'
  docker stop -t 60 "$BOX"
  assert_equal "$(box_end)" 0
  assert_log 'mail: stopped'
}

pids_are_taken() {
  [ "$(docker top "$BOX" -o pid | wc -l)" -ge "$1" ]
}

@test "one that forks for ever into other sessions: a stop ends all the same" {
  box_start "$MAIL
service runaway
command /pid1/hostile runaway
stop-timeout 1000" --pids-limit 80
  wait_until "all processes are taken" pids_are_taken 75
  wait_until "mail is still ready" status_in_log 'mail is ready'
  docker stop -t 60 "$BOX"
  assert_equal "$(box_end)" 0
  assert_log 'mail: stopped'
}

@test "one that closes its output is left alone, and nothing spins for it" {
  box_start "$MAIL
service mute
command /pid1/fake say=soon_mute close-output"
  wait_until "both are ready" healthy
  wait_until "it has said its last" log_has soon_mute
  assert_at_rest 1 "$(logger_pid)"
  run -0 box mailinit health
  old=$(pid_of mute)
  box kill -9 "$old"
  wait_until "the next one speaks again" ready_anew mute "$old"
  wait_until "and is heard" bash -c "[ \$(docker logs $BOX 2>&1 | grep -c 'soon_mute\$') = 2 ]"
}

@test "one that ends at once, and leaves another in its group that ignores TERM, is killed with it" {
  box_start "$MAIL
give-up 2
service short
optional
command /pid1/fake stubborn=3 exit=1
stop-timeout 200"
  wait_until "it is given up" state_is short failed
  run box pgrep -cx fake
  assert_output 1
  run -0 box mailinit health
}

# ---------------------------------------------------------------- no more processes

@test "no more processes: named, tried again with pauses, and up when there is room" {
  box_start 'give-up 30
service mail
command /pid1/fake until=/tmp/die exit=1'
  wait_until "it is ready" healthy
  docker update --pids-limit 1 "$BOX" >/dev/null
  touch_inside /tmp/die
  wait_until "it is named" log_has 'mail: unable to make a process for /pid1/fake: Resource temporarily unavailable (no more processes are allowed: pids limit of the container, or RLIMIT_NPROC); retry 2 in 50 ms'
  wait_until "the pauses grow" log_has 'no more processes are allowed.*; retry [0-9]* in 400 ms'
  docker kill --signal HUP "$BOX"
  wait_until "a reload is refused" log_has 'unable to start planning: Resource temporarily unavailable (no more processes'
  docker update --pids-limit 200 "$BOX" >/dev/null
  wait_until "it is ready again" healthy
  assert_equal "$(box_status .last_reload.result)" refused
  run -0 box mailinit reload
}

@test "no more processes for good: it is given up, with the service's own exit code" {
  box_start 'give-up 3
service mail
place 2
command /pid1/fake until=/tmp/die exit=1'
  wait_until "it is ready" healthy
  docker update --pids-limit 1 "$BOX" >/dev/null
  touch_inside /tmp/die
  assert_equal "$(box_end)" 12
  assert_log 'mail: given up: unable to make a process for /pid1/fake'
}

@test "a stop needs no process" {
  box_start "$MAIL"
  wait_until "it is ready" healthy
  docker update --pids-limit 1 "$BOX" >/dev/null
  docker stop -t 60 "$BOX"
  assert_equal "$(box_end)" 0
  assert_log 'mail: stopped'
}

@test "no process at all: the start is refused with 3, and says what was short" {
  box_start "$MAIL" --pids-limit 1
  assert_equal "$(box_end)" 3
  assert_log 'unable to start planning: Resource temporarily unavailable (no more processes'
}

# ---------------------------------------------------------------- no more descriptors

@test "no more descriptors: clients wait, nothing spins, and they are served when there is room" {
  box_start "$MAIL" --cap-add SYS_PTRACE
  wait_until "it is ready" healthy
  free=$(box sh -c 'n=0; while [ -e /proc/1/fd/$n ]; do n=$((n + 1)); done; echo $n')
  box prlimit --pid 1 --nofile="$free:"
  # It stays in the queue even when the client has lost patience.
  docker exec -d -e PATH=/pid1:/usr/bin "$BOX" mailinit status
  wait_until "it is told" log_has 'unable to take a client of the control socket: Too many open files'
  assert_at_rest 1
  assert_equal "$(docker logs "$BOX" 2>&1 | grep -c 'unable to take a client')" 1
  box prlimit --pid 1 --nofile=1024:
  wait_until "there is an answer" healthy
  docker stop -t 60 "$BOX"
  assert_equal "$(box_end)" 0
}

@test "fewer descriptors allowed than are open, so that poll fails: signals are heard" {
  box_start "$MAIL"
  wait_until "it is ready" healthy
  box prlimit --pid 1 --nofile=3:
  wait_until "USR1 is heard" status_in_log 'mail is ready'
  assert_at_rest 1
  docker stop -t 60 "$BOX"
  assert_equal "$(box_end)" 0
  assert_log 'mail: stopped'
}

@test "too few descriptors for a start: refused with 3, and says what was short" {
  box_start "$MAIL" --entrypoint sh -- -c 'ulimit -n 8; exec /pid1/driver'
  assert_equal "$(box_end)" 3
  assert_log 'Too many open files'
}

@test "no room for the control socket: refused with 3 and its path" {
  box_start "$MAIL" --tmpfs /run:nr_inodes=1
  assert_equal "$(box_end)" 3
  assert_log 'unable to bind the control socket /run/mailinit/control.sock: No space left on device'
}

# ---------------------------------------------------------------- a plan that hangs in the kernel

# hold: a traced process is not seen to end by its parent, like one in a system call that hangs.
hold() {
  docker exec -d "$BOX" /pid1/hostile hold "$1"
  wait_until "it is held" box grep -q '^TracerPid:.*[1-9]' "/proc/$1/status"
}

planner() {
  box pgrep -P 1 -u 0 -x driver
}

@test "a stop during a reload that hangs ends inside its time" {
  box_start "$MAIL" --cap-add SYS_PTRACE
  wait_until "it is ready" healthy
  box_table 'wait 600000'
  docker kill --signal HUP "$BOX"
  wait_until "it plans" planner
  hold "$(planner)"
  docker stop -t 60 "$BOX"
  assert_equal "$(box_end)" 0
  assert_log 'planning (pid [0-9]*) was killed and does not end'
  assert_log 'mail: stopped'
  at() { date -d "$(docker logs "$BOX" 2>&1 | sed -n "s/ .*$1.*//p" | tail -n 1)" +%s%3N; }
  # 8 s are the driver's stop.timeout.
  assert [ $(($(at 'mailinit') - $(at 'TERM: stopping'))) -lt 8000 ]
}

@test "a stop during a start that hangs ends" {
  box_start 'say planning
wait 600000' --cap-add SYS_PTRACE
  wait_until "it plans" log_has planning
  hold "$(planner)"
  docker stop -t 60 "$BOX"
  assert_equal "$(box_end)" 0
  assert_log 'planning (pid [0-9]*) was killed and does not end'
}

@test "a reload that hangs is refused, and the next one is not kept waiting" {
  DRIVER_ARGUMENT=2000 box_start "$MAIL" --cap-add SYS_PTRACE
  wait_until "it is ready" healthy
  box_table 'wait 600000'
  docker kill --signal HUP "$BOX"
  wait_until "it plans" planner
  hold "$(planner)"
  wait_until "it is refused" reload_was refused
  assert_log 'planning (pid [0-9]*) was killed and does not end'
  box_table "generation 2
$MAIL"
  run -0 box mailinit reload
  assert_output 'applied: generation 2'
}

# ---------------------------------------------------------------- signals at exact moments

@test "signals that came before PID 1 was there count" {
  for signal in 2 3 15; do
    BOX=$STACK-$BATS_TEST_NUMBER-$signal
    DRIVER=hostile box_start "$MAIL" -- early "$signal" -- /pid1/driver
    assert_equal "$(box_end)" 0
    refute_log 'mail: ready'
  done
  BOX=$STACK-$BATS_TEST_NUMBER-1
  DRIVER=hostile box_start "$MAIL" -- early 1 10 -- /pid1/driver
  wait_until "it is ready" healthy
  wait_until "the HUP made a second plan" log_has 'reload applied: generation 1'
  assert_log 'status: generation'
}

# Each STATE of a service, and how it comes to be in it.
in_state() {
  case $1 in
  backoff)
    box_start 'restart-delay 600000
restart-max-delay 600000
service mail
command /pid1/fake exit=1'
    ;;
  starting)
    box_start 'service mail
command /pid1/fake
probe unix /tmp/never
start-timeout 600000'
    ;;
  stopping)
    box_start 'service mail
command /pid1/fake ignore-term
stop-timeout 5000'
    wait_until "it is ready" healthy
    docker exec -d -e PATH=/pid1:/usr/bin "$BOX" mailinit restart mail
    ;;
  esac
  wait_until "it is in $1" state_is mail "$1"
}

@test "TERM, INT and QUIT while a service waits for its next try, starts, or is being restarted" {
  for state in backoff starting stopping; do
    for signal in TERM INT QUIT; do
      BOX=$STACK-$BATS_TEST_NUMBER-$state-$signal
      in_state $state
      docker kill --signal $signal "$BOX"
      assert_equal "$(box_end)" 0
      assert_log "$signal: stopping"
    done
  done
}

@test "HUP while a service waits for its next try, starts, or is being restarted" {
  for state in backoff starting stopping; do
    BOX=$STACK-$BATS_TEST_NUMBER-$state
    in_state $state
    box_table "generation 2
$MAIL
restart"
    docker kill --signal HUP "$BOX"
    wait_until "the new plan is in use" log_has 'reload applied: generation 2'
    wait_until "and works" healthy
  done
}

@test "HUP while it plans, twice: planned once more after that" {
  box_start "$MAIL"
  wait_until "it is ready" healthy
  box_table 'say first_plan
wait 1000
end 1'
  docker kill --signal HUP "$BOX"
  wait_until "it plans" log_has first_plan
  box_table "say second_plan
generation 2
$MAIL"
  docker kill --signal HUP "$BOX"
  docker kill --signal HUP "$BOX"
  wait_until "the second plan is in use" log_has 'reload applied: generation 2'
  assert_equal "$(docker logs "$BOX" 2>&1 | grep -c second_plan)" 1
}

# ---------------------------------------------------------------- descriptors

@test "a service has no descriptor of ours, whenever it was started" {
  box_start "$MAIL
service told
command /pid1/fake notify
probe notify
probe unix /tmp/socket
start-timeout 600000" --cap-add SYS_PTRACE
  wait_until "it is started and probed" state_is told starting
  old=$(pid_of mail)
  # Clients, a reload and a restart are under way at that moment.
  box_table 'wait 600000'
  docker exec -d "$BOX" sh -c 'sleep 600 | socat -t 600 - UNIX-CONNECT:/run/mailinit/control.sock,type=5'
  docker kill --signal HUP "$BOX"
  wait_until "it plans" planner
  box kill -9 "$old"
  wait_until "it is another process" ready_anew mail "$old"
  run box sh -c "ls /proc/$(pid_of mail)/fd | xargs"
  assert_output '0 1 2'
}
