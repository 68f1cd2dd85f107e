#!/usr/bin/env bats
# What only looks leaves no trace: no network call, no file opened for writing, no process of
# its own. Each command runs as an ordinary user in a container with a read-only root and a
# network namespace of its own that holds nothing, under strace.

bats_require_minimum_version 1.5.0

setup_file() {
  load lib/stack
  STACK=mailinit-test-$(random_hex 4)
  QUIET=$STACK-quiet
  export STACK QUIET
  input
}

teardown_file() {
  load lib/stack
  stack_down
  docker rmi -f "$QUIET" >/dev/null
}

setup() {
  bats_load_library bats-support
  bats_load_library bats-assert
  load lib/stack
}

# input: an image with strace, the binary of the mail image, and what it reads. Nothing can be
# copied into a container whose root is read-only.
input() {
  local in=$BATS_FILE_TMPDIR/in
  mkdir -p "$in/root/certs" "$in/root/run/secrets"
  docker create --name "$STACK-from" --label "mailinit-test=$STACK" "$MAILINIT_IMAGE:trixie" >/dev/null
  docker cp -q "$STACK-from:/usr/sbin/mailinit" "$in/mailinit"
  cp "$TEST_ROOT/bench/full.yaml" "$in/full.yaml"
  printf '%s\n' MAIL_LIMITS_RECIPIENTS=50 POSTFIX_maximal_backoff_time=1h >"$in/mail.env"
  printf 'Sent by {{hostname}}\n' >"$in/note.mustache"
  openssl rand -hex 16 >"$in/root/run/secrets/password"
  openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=mail.example.com \
    -addext "subjectAltName=DNS:mail.example.com,DNS:imap.example.com,DNS:smtp.example.com" \
    -keyout "$in/root/certs/privkey.pem" -out "$in/root/certs/fullchain.pem" 2>"$BATS_FILE_TMPDIR/log"
  chmod -R a+rX "$in"
  docker create --name "$STACK-in" --label "mailinit-test=$STACK" "$TEST_IMAGE" >/dev/null
  docker cp -q "$in" "$STACK-in:/in"
  docker commit "$STACK-in" "$QUIET" >/dev/null
}

# boxed OPTION… -- COMMAND…
boxed() {
  local options=()
  while [ "$1" != -- ]; do
    options+=("$1")
    shift
  done
  shift
  docker run --rm --label "mailinit-test=$STACK" --read-only --network none --user 12345:12345 \
    --workdir /in "${options[@]}" "$QUIET" "$@"
}

# traced ARG…: runs mailinit; $CALLS is its system calls, $OUTPUT what it said, $STATUS its code.
# The one place that can be written to is for strace.
traced() {
  CALLS=$BATS_TEST_TMPDIR/calls OUTPUT=$BATS_TEST_TMPDIR/output
  boxed --tmpfs /trace:mode=1777 -- sh -c '
    strace -f -o /trace/calls ./mailinit "$@" >/trace/output 2>&1
    echo $? >/trace/status
    tar -C /trace -c calls output status' sh "$@" | tar -C "$BATS_TEST_TMPDIR" -x
  STATUS=$(cat "$BATS_TEST_TMPDIR/status")
}

# offences: the calls of a trace by which a look would be more than that. Standard output and
# error are all that may be written to; the first execve is strace's own.
offences() {
  awk '
    { call = $2; sub(/[^a-z0-9_].*/, "", call) }
    call == "execve" && !begun++ { next }
    call ~ /^(socket|socketpair|connect|bind|listen|accept4?|send(to|msg|mmsg|file)|recv(from|msg|mmsg)|io_uring_.*)$/ ||
    call ~ /^(fork|vfork|clone3?|execve(at)?|kill|tkill|tgkill|ptrace|set[ug]id|chroot|u?mount2?|unshare|setns)$/ ||
    call ~ /^(unlink|rename|mkdir|mknod|link|symlink|f?chmod|f?chown|futimes|utimens)(at2?)?$/ ||
    call ~ /^(rmdir|creat|lchown|f?truncate|fallocate|utimes?|[lf]?(set|remove)xattr)$/ ||
    call ~ /^(p?write(64|v|v2)?|splice|tee|copy_file_range)$/ && !/ writev?\([12],/ ||
    call ~ /^open(at2?)?$/ && /O_(WRONLY|RDWR|CREAT|TRUNC|APPEND|TMPFILE)/' "$CALLS"
}

# only_looks ARG…: it succeeds, it was seen reading, and it did nothing else.
only_looks() {
  traced "$@"
  if [ "$STATUS" != 0 ]; then
    cat "$OUTPUT" >&2
    return 1
  fi
  grep -q 'exit_group(0)' "$CALLS"
  assert [ -s "$OUTPUT" ]
  run offences
  assert_success
  assert_output ""
}

full=(--config full.yaml --env-file mail.env --root /in/root)

@test "--dry-run only looks, in each format" {
  for format in text json sarif github; do
    only_looks --dry-run "${full[@]}" --format "$format"
    grep -qE ' open(at)?\(.*full\.yaml.*O_RDONLY' "$CALLS"
    grep -qE ' open(at)?\(.*privkey\.pem.*O_RDONLY' "$CALLS"
  done
}

@test "check only looks, in each format" {
  for format in text json sarif github; do
    only_looks check "${full[@]}" --format "$format"
  done
}

@test "check of what is wrong only looks, and says so" {
  traced check "${full[@]}" --target debian99
  assert_equal "$STATUS" 1
  run offences
  assert_output ""
}

@test "dns only looks" {
  only_looks dns "${full[@]}"
  only_looks dns "${full[@]}" --zone
}

@test "map only looks, in each form" {
  for format in text mermaid svg; do
    only_looks map "${full[@]}" --format "$format"
  done
}

@test "explain, schema and the help only look" {
  only_looks explain hostname "${full[@]}"
  only_looks explain tls-key-mismatch
  only_looks schema
  only_looks --help
}

@test "template only looks" {
  only_looks template note.mustache --data full.yaml
  assert_equal "$(cat "$OUTPUT")" "Sent by mail.example.com"
}

@test "the same without strace, where nothing at all can be written" {
  only_looks --dry-run "${full[@]}"
  boxed -- ./mailinit --dry-run "${full[@]}" >"$BATS_TEST_TMPDIR/again"
  cmp "$OUTPUT" "$BATS_TEST_TMPDIR/again"
  run boxed -- sh -c 'echo x >/in/x || echo x >/tmp/x'
  assert_failure
  assert_output --partial "Read-only file system"
}

@test "control: files that are written show as offences" {
  traced --dry-run "${full[@]}" --out /trace/rendered
  assert_equal "$STATUS" 0
  run offences
  assert_line --regexp ' open(at)?\(.*/trace/rendered/postfix/main\.cf.*O_CREAT'
  assert_line --regexp ' mkdir(at)?\('
}

@test "control: a socket, and a process of its own, show as offences" {
  traced status
  run offences
  assert_line --regexp ' socket\(AF_UNIX'
  assert_line --regexp ' connect\('
  traced -- true
  assert_equal "$STATUS" 0
  run offences
  assert_line --regexp ' (fork|vfork|clone3?)\('
  assert_line --regexp ' execve\(.*true'
}
