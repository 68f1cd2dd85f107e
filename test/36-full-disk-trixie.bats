#!/usr/bin/env bats
# Places that are full: a start is refused with the path, a reload changes nothing, what
# runs goes on, and when there is room again the next try works. Each place is a tmpfs of
# 1 MB that a second container keeps mounted, fills and looks at. What the daemons hold
# open is looked at here, too, for it takes real ones.
# 36-full-disk-bookworm.bats is this file by another name.

bats_require_minimum_version 1.5.0

setup_file() {
  load lib/stack
  load lib/mail
  BASE=$(base_of_file)
  STACK=mailinit-test-$(random_hex 4)
  export BASE STACK
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
  NAME=case-$BATS_TEST_NUMBER
}

teardown() {
  [ -n "$BATS_TEST_COMPLETED" ] || logs_of "$NAME" >&2
}

# small PLACE [DOCKER OPTION…]: a container, not started, whose PLACE is such a tmpfs.
small() {
  local place=$1
  shift
  docker volume create --label "mailinit-test=$STACK" --opt type=tmpfs --opt device=tmpfs \
    --opt o=size=1m "$STACK-$NAME" >/dev/null
  docker run -d --name "$STACK-$NAME-holder" --label "mailinit-test=$STACK" --network none \
    -v "$STACK-$NAME:/small" "$TEST_IMAGE" sleep 1000000 >/dev/null
  docker create --name "$STACK-$NAME" --label "mailinit-test=$STACK" --network none \
    --hostname "$MAIL_HOSTNAME" -e "MAIL_HOSTNAME=$MAIL_HOSTNAME" -e MAIL_DOMAINS=example.com \
    -v "$STACK-$NAME:$place" "$@" "$MAILINIT_IMAGE:$BASE" >/dev/null
}

holder() {
  docker exec "$STACK-$NAME-holder" "$@"
}

# fill [KB]: takes all of the place but so much.
fill() {
  holder sh -c 'cat /dev/zero >/small/filler 2>/dev/null; truncate -s "-${1}K" /small/filler
    df -k --output=avail /small | tail -n 1 | grep -qx " *$1"' - "${1:-0}"
}

# refused_for_space ANY_PATH: the start ends with 3 and names a path like that.
refused_for_space() {
  run docker start -a "$STACK-$NAME"
  assert_equal "$status" 3
  assert_output --regexp "mailinit: unable to write $1[^ ]*: No space left on device"
}

# works: with the room back, the same container starts.
works() {
  holder rm /small/filler
  mail_start "$NAME"
  docker stop -t 60 "$STACK-$NAME" >/dev/null
  assert_equal "$(exit_code "$NAME")" 0
}

@test "no room in /run for what is rendered: refused, and no half of it is there" {
  small /run
  fill 16
  refused_for_space /run/mailinit/
  run holder find /small -mindepth 1 ! -name filler ! -name adduser ! -name apply.lock ! -name mailinit ! -type d
  assert_output ''
  run holder test -e /small/mailinit/current
  assert_failure
  works
}

@test "no room for keys and certificates: refused, and none of them is cut short" {
  small /var/lib/mailinit
  fill 4
  refused_for_space /var/lib/mailinit/
  # What is there is whole: each file begins and ends as PEM does.
  run holder sh -c 'find /small -type f ! -name filler | while read -r f; do
    head -n 1 "$f" | grep -q -e "-----BEGIN" && tail -n 1 "$f" | grep -q -e "-----END" || echo "$f"; done'
  assert_output ''
  works
}

@test "no room in the queue: refused" {
  small /var/spool/postfix
  fill 12
  refused_for_space /var/spool/postfix/
  works
}

@test "no room while it runs: a reload is refused, all goes on, and a stop is in order" {
  small /run
  mail_start "$NAME"
  before=$(mailinit "$NAME" status --format=json | jq -c '.services | map(.pid)')
  fill
  mail_sh "$NAME" 'printf "aliases:\n  hello@example.com: [info@example.net]\n" >/etc/mailinit/mailinit.yaml'
  run -1 mailinit "$NAME" reload
  assert_output --partial refused
  assert logs_have "$NAME" 'unable to .*/run/mailinit/.*: No space left on device'
  run -0 mailinit "$NAME" health
  assert_equal "$(mailinit "$NAME" status --format=json | jq -c '.services | map(.pid)')" "$before"
  assert_equal "$(mail_sh "$NAME" 'cd /run/mailinit && readlink current && ls -A | grep gen-')" \
    "$(printf 'gen-1\ngen-1')"
  run mail_sh "$NAME" 'grep -r info@example.net /run/mailinit'
  assert_failure 1
  # With room, the same change comes into effect.
  holder rm /small/filler
  run -0 mailinit "$NAME" reload
  assert_output 'applied: generation 2'
  run -0 mail_sh "$NAME" 'grep -qr info@example.net /run/mailinit'
  fill
  docker stop -t 60 "$STACK-$NAME" >/dev/null
  assert_equal "$(exit_code "$NAME")" 0
}

@test "no daemon and no command has a file of PID 1's, but the pipe that it writes its output to" {
  docker run -d --name "$STACK-$NAME" --label "mailinit-test=$STACK" --network none \
    --hostname "$MAIL_HOSTNAME" -e "MAIL_HOSTNAME=$MAIL_HOSTNAME" -e MAIL_DOMAINS=example.com \
    "$MAILINIT_IMAGE:$BASE" >/dev/null
  mail_ready "$NAME"
  # Other users' descriptors are seen with that capability alone.
  run docker run --rm --network none --pid "container:$STACK-$NAME" --cap-add SYS_PTRACE \
    "$TEST_IMAGE" python3 -c '
import os
def files(pid):
    there = "/proc/%s/fd/" % pid
    return {int(n): os.readlink(there + n) for n in os.listdir(there)}
def name(pid):
    return open("/proc/%s/comm" % pid).read().strip()
ours = {t for t in files(1).values() if t.startswith(("socket:", "pipe:", "anon_inode:", "/memfd:"))}
looked = 0
for pid in os.listdir("/proc"):
    if not pid.isdigit() or name(pid) in ("mailinit", "mailinit-watch", "python3"):
        continue
    looked += 1
    there = files(pid)
    for target in ours.intersection(there.values()) - {there.get(1), there.get(2)}:
        print(name(pid), [n for n in there if there[n] == target], target)
print("looked at", "enough" if looked >= 5 else looked)'
  assert_success
  assert_output 'looked at enough'
}
