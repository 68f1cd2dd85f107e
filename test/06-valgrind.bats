#!/usr/bin/env bats
# mailinit under valgrind: it reads no memory that was never written, and leaves none behind.
# The sanitizers, with which the unit tests run, do not see the former.

bats_require_minimum_version 1.5.0

setup_file() {
  load lib/stack
  load lib/pid1
  STACK=mailinit-test-$(random_hex 4)
  BUILD=$(make -s print-PLAIN)
  export STACK BUILD
  make -s -j2 plain
  set -- -std=c11 -D_GNU_SOURCE -Ientrypoint -isystem "$ASAN_DEPS/include" -O1 -g
  gcc "$@" -o "$BUILD/driver" test/pid1/driver.c "$BUILD/libmailinit.a" -L"$ASAN_DEPS/lib" -lcap
  gcc "$@" -o "$BUILD/fake" test/pid1/fake.c
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
  BOX=$STACK-valgrind
}

teardown() {
  pid1_show
}

VALGRIND=(valgrind -q --trace-children=yes --trace-children-skip='*/fake' --leak-check=full
  --errors-for-leak-kinds=definite,indirect,possible --error-exitcode=99 --vgdb=no)

# clean CODE ARG…: mailinit, with its exit code; valgrind has nothing to say.
clean() {
  local code=$1
  shift
  run --separate-stderr "-$code" "${VALGRIND[@]}" "$BUILD/mailinit" "$@" --env-file /dev/null
  [[ $stderr != *==[0-9]*==* ]] || fail "$stderr"
}

@test "a dry run, as text and as JSON" {
  clean 0 --dry-run --config test/bench/full.yaml
  clean 0 --dry-run --config test/bench/full.yaml --format=json --target debian12
  mkdir "$BATS_TEST_TMPDIR/out"
  clean 0 --dry-run --config test/bench/full.yaml --out "$BATS_TEST_TMPDIR/out"
}

@test "a check, in each form, of what is right and of what is wrong" {
  clean 0 check --config test/bench/full.yaml
  for format in text json sarif github; do
    clean 1 check --config test/wrong/01-misspelt-key.yaml --format="$format"
  done
  clean 1 check --config test/wrong/02-duplicate-key.yaml
  clean 1 check --config /dev/null
}

@test "the records to publish" {
  clean 0 dns --config test/bench/full.yaml
  clean 0 dns --zone --config test/bench/full.yaml
}

@test "explain: a setting, a parameter, a finding, and what there is not" {
  clean 0 explain hostname --config test/bench/full.yaml
  clean 0 explain smtpd_banner --config test/bench/full.yaml
  clean 0 explain tls-name-mismatch --config test/bench/full.yaml
  clean 2 explain no-such-thing --config test/bench/full.yaml
}

@test "PID 1: start, what is killed, a reload, status, and the stop" {
  docker create --name "$BOX" --label "mailinit-test=$STACK" --network none -e TABLE='
service signer
command /pid1/fake milter=/tmp/milter
probe milter /tmp/milter
stale /tmp/milter
kill-to-stop
service store
command /pid1/fake wait=200 listen=/tmp/auth notify
probe notify
probe unix /tmp/auth
stale /tmp/auth
service mail
needs signer store
command /pid1/fake say=hello' --entrypoint "${VALGRIND[0]}" "$TEST_IMAGE" \
    "${VALGRIND[@]:1}" /pid1/driver >/dev/null
  mkdir "$BATS_TEST_TMPDIR/pid1"
  cp "$BUILD"/{driver,fake,mailinit} "$BATS_TEST_TMPDIR/pid1"
  docker cp -q "$BATS_TEST_TMPDIR/pid1" "$BOX:/pid1"
  docker start "$BOX" >/dev/null
  wait_until "all are ready" healthy
  store=$(pid_of store)
  box kill -9 "$store"
  wait_until "the store is another process" ready_anew store "$store"
  box mailinit reload
  box mailinit restart mail
  wait_until "all are ready again" healthy
  docker stop -t 60 "$BOX" >/dev/null
  assert_equal "$(docker inspect -f '{{.State.ExitCode}}' "$BOX")" 0
  refute_log '==[0-9]*=='
}
