#!/usr/bin/env bats
# The image with a command of its own: mailinit is then a plain init for that one child.

bats_require_minimum_version 1.5.0

setup_file() {
  load lib/stack
  STACK=mailinit-test-$(random_hex 4)
  export STACK
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

image() {
  docker run --rm --network none "$MAILINIT_IMAGE:trixie" "$@"
}

@test "the child's exit code is the container's" {
  run image -- sh -c 'exit 7'
  assert_equal "$status" 7
  run image sh -c 'exit 0'
  assert_success
}

@test "a child that dies by a signal gives 128 and its number" {
  run image -- sh -c 'kill -9 $$'
  assert_equal "$status" 137
}

@test "a command that is not there gives 127, one that is no program 126" {
  run -127 image -- /no/such/program
  assert_output --partial /no/such/program
  run -126 image -- /etc/passwd
  assert_output --partial /etc/passwd
}

@test "arguments and output pass through unchanged" {
  run image -- printf '%s|' 'a b' '' '$x' '*'
  assert_output 'a b||$x|*|'
}

@test "standard input reaches the child" {
  run bash -c 'echo hello | docker run --rm -i --network none "$0" -- cat' "$MAILINIT_IMAGE:trixie"
  assert_output hello
}

@test "signals reach the child" {
  docker run -d --name "$STACK-signals" --label "mailinit-test=$STACK" --network none \
    "$MAILINIT_IMAGE:trixie" -- sh -c 'trap "echo caught; exit 3" USR1; echo set; while :; do sleep 0.1; done'
  wait_until "the trap is set" logs_have signals '^set$'
  docker kill --signal USR1 "$STACK-signals"
  wait_until "it has exited" gone signals
  assert_equal "$(exit_code signals)" 3
  run logs_of signals
  assert_line caught
}

@test "docker stop ends the child with TERM: 143" {
  docker run -d --name "$STACK-term" --label "mailinit-test=$STACK" --network none \
    "$MAILINIT_IMAGE:trixie" -- sleep 1000
  docker stop -t 30 "$STACK-term"
  assert_equal "$(exit_code term)" 143
}

@test "orphans are reaped" {
  run image -- sh -c '
    for i in 1 2 3 4 5; do (sh -c "exit 0" & ) ; done
    n=0
    while [ $n -lt 300 ]; do
      grep -ls "^State:.Z" /proc/[0-9]*/status >/dev/null || exit 0
      n=$((n + 1)); sleep 0.1
    done
    exit 1'
  assert_success
}

@test "the binary has no interpreter, and is under 1200 kB" {
  docker create --name "$STACK-source" --label "mailinit-test=$STACK" "$MAILINIT_IMAGE:trixie" >/dev/null
  docker cp -q "$STACK-source:/usr/sbin/mailinit" "$BATS_TEST_TMPDIR/mailinit"
  run readelf -lW "$BATS_TEST_TMPDIR/mailinit"
  assert_success
  refute_output --partial INTERP
  assert [ "$(stat -c %s "$BATS_TEST_TMPDIR/mailinit")" -lt 1200000 ]
}

@test "help and version that nobody can read are a failure" {
  for flag in --help --version; do
    run -3 image sh -c "mailinit $flag >/dev/full"
    assert_output --partial 'No space left on device'
    run -3 image sh -c "mailinit $flag >&-"
    assert_output --partial 'Bad file descriptor'
  done
}

@test "flags that would do nothing are refused" {
  run -2 image check --root /no/such/directory
  assert_output --partial '/no/such/directory: No such file'
  run -2 image check --templates /etc/passwd
  assert_output --partial '/etc/passwd is no directory'
  run -2 image check --out /tmp/out
  assert_output --partial '--out is for --dry-run'
  run -2 image dns --format sarif
  assert_output --partial '--format sarif'
}
