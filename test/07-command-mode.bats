#!/usr/bin/env bats
# mailinit in front of one program, as a drop-in for tini and dumb-init: all that the
# public test suites of those two look at, with the outcomes of docs/command-mode.md.
#
# Most of it needs no container: mailinit is then not PID 1, which is the harder case,
# and test/pid1/command_mode.py has the stories. The rest is at the end.

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

# case_of NAME: that function of command_mode.py.
case_of() {
  PATH=$PWD/$PID1_BUILD:$PATH ASAN_OPTIONS=detect_leaks=0 run -0 \
    python3 test/pid1/command_mode.py "$1" "$PWD/$PID1_BUILD"
}

# ---------------------------------------------------------------- exit codes and usage

@test "each of the 256 exit codes is passed on" {
  case_of every_exit_code_is_passed_on
}

@test "death by a signal is 128 and its number" {
  case_of death_by_a_signal_is_128_and_its_number
}

@test "what cannot be executed is named: 127 not found, 126 found and no program" {
  case_of what_cannot_be_executed_is_126_or_127_and_is_named
}

@test "a line written for tini or dumb-init is answered by what to write: 2" {
  case_of wrong_use_is_2_with_what_to_write
}

# ---------------------------------------------------------------- what the program is given

@test "arguments, environment, input and umask pass unchanged" {
  case_of arguments_environment_and_input_pass_unchanged
}

@test "the working directory is the program's, and mailinit does not hold it" {
  case_of the_directory_stays_its_own_and_is_not_held
}

@test "open files pass, none is added, and mailinit holds none" {
  case_of files_pass_and_none_is_added_or_held
}

@test "no signal is blocked or ignored for the program, whatever mailinit was given" {
  case_of mask_and_dispositions_are_the_usual_ones
}

@test "the program leads a session and a group" {
  case_of it_leads_a_session_and_a_group
}

@test "a text without an interpreter is a shell script" {
  case_of a_text_without_an_interpreter_is_a_shell_script
}

# ---------------------------------------------------------------- signals

@test "every signal of the kernel arrives, once" {
  case_of every_signal_arrives_once
}

@test "a signal reaches the whole group, also behind one that ignores it" {
  case_of a_signal_reaches_the_whole_group
}

@test "TERM ends all of a pipeline" {
  case_of a_pipeline_is_ended_by_term
}

@test "who is left when the program ends is told by TERM" {
  case_of who_is_left_at_the_end_is_told_by_term
}

@test "TSTP, TTIN and TTOU stop the program and mailinit, and CONT wakes both" {
  case_of job_control_stops_both_and_cont_wakes_both
}

@test "a signal that came before the program was there counts" {
  case_of a_signal_that_came_before_the_program_counts
}

@test "10,000 signals that queue all arrive, plain ones coalesce" {
  case_of signals_that_queue_are_all_passed_on
}

@test "10,000 signals, each after the answer to the one before, all arrive" {
  case_of ten_thousand_one_after_the_other
}

@test "the death of the parent can be heard of, by setpriv" {
  case_of the_death_of_the_parent_can_be_heard_of
}

@test "orphans become mailinit's without being asked for, and are reaped without a word" {
  case_of orphans_become_ours_and_are_reaped
}

# ---------------------------------------------------------------- terminals

@test "a terminal is read and written" {
  case_of a_terminal_is_read_and_written
}

@test "a shell on a terminal has job control" {
  case_of a_shell_has_job_control
}

@test "the terminal's interrupt reaches the program" {
  case_of the_interrupt_of_a_terminal_reaches_the_program
}

@test "giving the terminal to the program signals nobody" {
  case_of giving_the_terminal_away_signals_nobody
}

@test "a terminal that goes away is a HUP for the program" {
  case_of a_hangup_reaches_the_program
}

# ---------------------------------------------------------------- as PID 1

# command_box [DOCKER OPTION…] -- COMMAND…: mailinit -- COMMAND… as PID 1 of a box.
command_box() {
  local options=()
  while [ "$1" != -- ]; do
    options+=("$1")
    shift
  done
  DRIVER=mailinit box_start '' "${options[@]}" -- "$@"
}

@test "as PID 1: signals that were sent while it began count" {
  for signal in 1 2 10 15; do
    BOX=$STACK-$BATS_TEST_NUMBER-$signal
    DRIVER=hostile box_start '' -- early "$signal" -- /pid1/mailinit -- sleep 1000
    assert_equal "$(box_end)" $((128 + signal))
  done
}

@test "as PID 1: 10,000 signals, and none that queues is lost" {
  # The kernel's queue is one user's; what does not fit waits with the sender.
  command_box --ulimit sigpending=30000 -- /pid1/hostile count 10000
  wait_until "it counts" log_has '^counting$'
  box /pid1/hostile send 1 12 10000
  box /pid1/hostile send 1 40 10000
  wait_until "all have come" log_has '^signal 40 came 10000 times$'
  docker kill --signal TERM "$BOX"
  assert_equal "$(box_end)" 0
  assert_log '^signal 40: 10000 in all$'
  assert_log '^signal 12: [1-9][0-9]* in all$'
}

@test "as PID 1: 20,000 orphans are reaped, and the next TERM ends the program" {
  command_box -- /pid1/fake orphans=20000 say=all_were_made
  wait_until "all were made" log_has '^all_were_made$'
  wait_until "only the program is left" box sh -c '[ "$(pgrep -cx fake)" = 1 ]'
  run box sh -c "grep -l '^State:.Z' /proc/[0-9]*/status"
  assert_failure
  docker kill --signal TERM "$BOX"
  assert_equal "$(box_end)" 0
}

@test "as PID 1: a TERM in the middle of a storm of orphans ends the program" {
  command_box -- /pid1/fake orphans=0
  wait_until "orphans are made" box pgrep -x fake
  docker kill --signal TERM "$BOX"
  assert_equal "$(box_end)" 0
}

@test "as PID 1: a program that forks for ever, within the limit of processes, ends by TERM" {
  command_box --pids-limit 60 -- /pid1/hostile bomb
  wait_until "all processes are taken" pids_are_taken
  docker kill --signal TERM "$BOX"
  assert_equal "$(box_end)" 143
}

# Nobody can be asked inside: an exec would be one process too many.
pids_are_taken() {
  [ "$(docker top "$BOX" -o pid | wc -l)" -ge 55 ]
}

@test "as PID 1: no room for a process is told, with the limit that is meant: 3" {
  command_box --pids-limit 1 -- true
  assert_equal "$(box_end)" 3
  assert_log 'mailinit: unable to make a process: Resource temporarily unavailable (no more processes are allowed: pids limit'
}

@test "as PID 1: a program of another user that cannot be signalled is told of" {
  command_box --cap-drop KILL -- setpriv --reuid 65534 --clear-groups /pid1/fake say=up
  wait_until "it is up" log_has '^up$'
  docker kill --signal TERM "$BOX"
  wait_until "it is told" log_has 'unable to pass on signal 15 and others: Operation not permitted'
  docker kill "$BOX"
}

@test "as PID 1: a container's shell ends by what is typed, with its code" {
  cat >"$BATS_TEST_TMPDIR/type" <<'END'
# types argv[2] at the terminal of the container argv[1], once that is ready
import os, pty, select, sys
pid, fd = pty.fork()
if pid == 0:
    os.execvp("docker", ["docker", "start", "-ai", sys.argv[1]])
seen = b""
while True:
    if not select.select([fd], [], [], 60)[0]:
        sys.exit("no end: %r" % seen)
    try:
        text = os.read(fd, 4096)
    except OSError:
        break
    if b"ready" in text and b"ready" not in seen:
        os.write(fd, sys.argv[2].encode().decode("unicode_escape").encode())
    seen += text
print(seen)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
END
  typed_at() { # WHAT CODE COMMAND…
    local what=$1 code=$2
    shift 2
    BOX=$STACK-$BATS_TEST_NUMBER-$code
    docker create -ti --name "$BOX" --label "mailinit-test=$STACK" --network none \
      -e ASAN_OPTIONS=detect_leaks=0 --entrypoint /pid1/mailinit "$BOX_IMAGE" -- "$@" >/dev/null
    run "-$code" python3 "$BATS_TEST_TMPDIR/type" "$BOX" "$what"
  }
  typed_at 'exit 7\n' 7 env PS1=ready dash
  typed_at '\x03' 130 sh -c 'echo ready; while :; do sleep 0.1; done'
}
