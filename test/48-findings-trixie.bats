#!/usr/bin/env bats
# What files alone do not show: modes and owners as the container has them, its users, its
# mounts. `mailinit check` looks at the container that it runs in.
# 48-findings-bookworm.bats is this file by another name.

bats_require_minimum_version 1.5.0

setup_file() {
  load lib/stack
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
  NAME=case-$BATS_TEST_NUMBER
}

teardown() {
  docker rm -f -v "$STACK-$NAME" >/dev/null
}

# container ARG…: one that runs a shell command for ever, with what a check needs to know
container() {
  docker run --detach --name "$STACK-$NAME" --label "mailinit-test=$STACK" --network none \
    --env MAIL_HOSTNAME=mail.example.com --env MAIL_DOMAINS=example.com "$@" \
    "$MAILINIT_IMAGE:$BASE" sleep 1000 >/dev/null
}

inside() {
  docker exec -i "$STACK-$NAME" sh -euc "$1"
}

checked() {
  run docker exec "$STACK-$NAME" mailinit check
}

# key COMMANDS: a DKIM key on the volume, and what is done to it
key() {
  container
  openssl genrsa -out "$BATS_TEST_TMPDIR/key" 2048 2>/dev/null
  inside "
    mkdir -p -m 0700 /var/lib/mailinit/dkim/example.com
    cd /var/lib/mailinit/dkim/example.com
    umask 077
    cat >default.private
    $1" <"$BATS_TEST_TMPDIR/key"
  checked
}

@test "a DKIM key that root alone can read is not told" {
  key :
  refute_output --partial dkim-key
}

@test "a DKIM key that every user can read is told" {
  key 'chmod 0644 default.private'
  assert_output --partial 'warning [dkim-key-open]'
  assert_output --partial 'can be read by every user (mode 0644)'
}

@test "a DKIM key that belongs to somebody else is told" {
  key 'chown 4242 default.private'
  assert_output --partial 'note [dkim-key-owner]'
  assert_output --partial 'belongs to user 4242'
}

# secret MODE: of a file that a _FILE variable names
secret() {
  container --env 'MAIL_RELAY_HOST=[smtp.example.net]:587' --env MAIL_RELAY_USERNAME=us \
    --env MAIL_RELAY_PASSWORD_FILE=/run/relay
  inside "echo canary-51c8 >/run/relay; chmod $1 /run/relay"
  checked
  refute_output --partial canary-51c8
}

@test "a secret that every user can read is told" {
  secret 0644
  assert_output --partial 'MAIL_RELAY_PASSWORD_FILE: note [secret-open]'
  assert_output --partial '/run/relay: its mode is 0644'
}

@test "a secret that root alone can read is not told" {
  secret 0400
  refute_output --partial secret-open
}

# service USER: a further service as that user
service() {
  container
  inside "mkdir -p /etc/mailinit
    echo 'services: [{name: filter, command: /bin/true, user: $1}]' >/etc/mailinit/mailinit.yaml"
  checked
}

@test "a service's user that the image lacks is told" {
  service fliter
  assert_output --partial '/etc/mailinit/mailinit.yaml:1:53: error [service-user]'
}

@test "a service's user that the image has is not told" {
  service nobody
  refute_output --partial service-user
}

# mounted COMMANDS: one file of the machine in the container, and what happens to it there
mounted() {
  local place
  docker volume create --label "mailinit-test=$STACK" "$STACK-$NAME" >/dev/null
  place=$(docker volume inspect -f '{{.Mountpoint}}' "$STACK-$NAME")
  on_machine 'echo one >/place/file'
  container --volume "$place/file:/etc/own/file:ro"
  checked
  refute_output --partial mount-stale
  on_machine "$1"
  checked
}

on_machine() {
  docker run --rm --label "mailinit-test=$STACK" --network none --volume "$STACK-$NAME:/place" \
    --entrypoint sh "$MAILINIT_IMAGE:$BASE" -euc "$1"
}

@test "a mounted file that was replaced on the machine is told" {
  mounted 'echo two >/place/new; mv /place/new /place/file'
  assert_output --partial 'warning [mount-stale]'
  assert_output --partial /etc/own/file
}

@test "a mounted file that was written to is not told" {
  mounted 'echo two >/place/file'
  refute_output --partial mount-stale
}

@test "a check that is off is listed, by the log of a start too" {
  docker run --name "$STACK-$NAME" --label "mailinit-test=$STACK" --network none \
    --env MAIL_HOSTNAME=mail --env MAIL_DOMAINS=example.com \
    --env 'MAIL_CHECKS=tls-self-signed=off port-twice=off' "$MAILINIT_IMAGE:$BASE" \
    >"$BATS_TEST_TMPDIR/log" 2>&1 || [ $? = 1 ]
  run cat "$BATS_TEST_TMPDIR/log"
  assert_output --partial 'off by checks: tls-self-signed'
  assert_output --partial 'port-twice (0 silenced)'
}
