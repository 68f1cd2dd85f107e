#!/usr/bin/env bats
# Input that cannot work is refused: exit 1, a message that says where it stands and what
# to do, and not one byte written, neither in the container nor on its volumes.
# 60-bad-input-bookworm.bats is this file by another name.

bats_require_minimum_version 1.5.0

setup_file() {
  load lib/stack
  load lib/mail
  BASE=$(base_of_file)
  STACK=mailinit-test-$(random_hex 4)
  export BASE STACK
  authority
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
  SUBNET=192.0.2
  standard_files "$NAME"
  ROOT=$(mail_files "$NAME")
  YAML=$ROOT/etc/mailinit/mailinit.yaml
}

teardown() {
  [ -n "$BATS_TEST_COMPLETED" ] || logs_of "$NAME" >&2
  docker rm -f -v "$STACK-$NAME" >/dev/null
}

# bad_create ARG…: a container without network, with fresh volumes and the case's files.
bad_create() {
  mapfile -t VOLUMES < <(volumes "$NAME")
  docker create --name "$STACK-$NAME" --label "mailinit-test=$STACK" --network none \
    --hostname mail.example.com "${VOLUMES[@]}" "$@" "$MAILINIT_IMAGE:$BASE" >/dev/null
  docker cp -q "$ROOT/." "$STACK-$NAME:/"
}

# traces: what the container holds beyond its image, by name, and its volumes byte by byte.
traces() {
  docker diff "$STACK-$NAME" | sort
  for path in /var/spool/postfix /var/mail /var/lib/mailinit; do
    docker cp "$STACK-$NAME:$path" - | sha256sum
  done
}

# refused ARG…: the start is refused with 1, and nothing was written.
refused() {
  bad_create "$@"
  traces >"$BATS_TEST_TMPDIR/before"
  run docker start -a "$STACK-$NAME"
  assert_equal "$status" 1
  traces >"$BATS_TEST_TMPDIR/after"
  diff "$BATS_TEST_TMPDIR/before" "$BATS_TEST_TMPDIR/after"
}

@test "the good case, from which the bad ones differ by one thing, starts" {
  bad_create
  docker start "$STACK-$NAME" >/dev/null
  mail_ready "$NAME"
  docker stop -t 30 "$STACK-$NAME" >/dev/null
  assert_equal "$(exit_code "$NAME")" 0
}

@test "a host name without a dot" {
  refused --env MAIL_HOSTNAME=mail
  assert_output --partial MAIL_HOSTNAME
  assert_output --partial hostname-invalid
  assert_output --partial mail.example.com
}

@test "no host name at all, in a container that has no full name either" {
  sed -i '/^hostname:/d' "$YAML"
  refused --hostname 0123456789ab
  assert_output --partial MAIL_HOSTNAME
}

@test "no domain" {
  sed -i '/^domains:/d' "$YAML"
  refused
  assert_output --partial MAIL_DOMAINS
}

@test "a key file that is missing" {
  rm "$ROOT/tls/privkey.pem"
  refused
  assert_output --partial /tls/privkey.pem
  assert_output --regexp 'mailinit\.yaml:5'
}

@test "a certificate file that is missing" {
  rm "$ROOT/tls/fullchain.pem"
  refused
  assert_output --partial /tls/fullchain.pem
  assert_output --regexp 'mailinit\.yaml:4'
}

@test "a key that belongs to another certificate" {
  certificate other other.example.com
  cp "$BATS_FILE_TMPDIR/ca/other.key" "$ROOT/tls/privkey.pem"
  refused
  assert_output --partial /tls/privkey.pem
  assert_output --regexp 'match|belong'
}

@test "a certificate for another name is told as an error, but refuses no start" {
  certificate other other.example.net
  cp "$BATS_FILE_TMPDIR/ca/other.pem" "$ROOT/tls/fullchain.pem"
  cp "$BATS_FILE_TMPDIR/ca/other.key" "$ROOT/tls/privkey.pem"
  bad_create
  docker start "$STACK-$NAME" >/dev/null
  mail_ready "$NAME"
  run logs_of "$NAME"
  assert_output --partial tls-name-mismatch
  assert_output --partial mail.example.com
  assert_output --partial other.example.net
}

@test "a secret that cannot be read" {
  refused --env MAIL_RELAY_HOST=smarthost.test --env MAIL_RELAY_USERNAME=me \
    --env MAIL_RELAY_PASSWORD_FILE=/run/secrets/nothing
  assert_output --partial MAIL_RELAY_PASSWORD_FILE
  assert_output --partial /run/secrets/nothing
}

@test "the password file of a mailbox that is missing" {
  rm "$ROOT/run/secrets/info"
  refused
  assert_output --partial /run/secrets/info
  assert_output --regexp 'mailinit\.yaml:[78]'
}

@test "a variable and its _FILE form at once" {
  refused --env MAIL_RELAY_PASSWORD=topsecret --env MAIL_RELAY_PASSWORD_FILE=/run/secrets/info
  assert_output --partial MAIL_RELAY_PASSWORD_FILE
  refute_output --partial topsecret
}

@test "an unknown MAIL_ name, with the known one that was meant" {
  refused --env MAIL_HOSTNAM=mail.example.com
  assert_output --partial MAIL_HOSTNAM
  assert_output --regexp 'MAIL_HOSTNAME([^A-Z]|$)'
}

@test "an unknown key in the YAML file, with its place and the known one" {
  echo 'domain: [example.com]' >>"$YAML"
  refused
  assert_output --regexp "mailinit\.yaml:$(wc -l <"$YAML"):1"
  assert_output --partial domains
}

@test "YAML that is broken, with file, line and column" {
  printf 'hostname: mail.example.com\ndomains: [example.com\ntls: {}\n' >"$YAML"
  refused
  assert_output --regexp '/etc/mailinit/mailinit\.yaml:3:[0-9]+'
  assert_output --partial yaml-syntax
}

@test "a tab as indentation, with file, line and column" {
  printf 'tls:\n\tself_signed: never\n' >"$YAML"
  refused
  assert_output --regexp '/etc/mailinit/mailinit\.yaml:2:1'
}

@test "a value with a newline in a variable" {
  refused --env $'MAIL_HOSTNAME=mail.example.com\nrelayhost = evil.test'
  assert_output --partial MAIL_HOSTNAME
  assert_output --regexp 'line break|newline|control character'
}

@test "a value with a newline in a passthrough variable" {
  refused --env $'POSTFIX_smtpd_banner=hello\nmynetworks = 0.0.0.0/0'
  assert_output --partial POSTFIX_smtpd_banner
}

@test "a value with a newline in YAML" {
  sed -i 's/^hostname:.*/hostname: "mail.example.com\\nrelayhost = evil.test"/' "$YAML"
  refused
  assert_output --regexp 'mailinit\.yaml:1:[0-9]+'
}

@test "a secret with a newline in the middle" {
  printf 'one\ntwo\n' >"$ROOT/run/secrets/relay"
  refused --env MAIL_RELAY_HOST=smarthost.test --env MAIL_RELAY_USERNAME=me \
    --env MAIL_RELAY_PASSWORD_FILE=/run/secrets/relay
  assert_output --partial MAIL_RELAY_PASSWORD_FILE
  refute_output --partial two
}

@test "a password in the clear where a hash belongs, without showing it" {
  sed -i 's/password: .*/password: openSesame/' "$YAML"
  refused
  assert_output --partial sales@example.org
  refute_output --partial openSesame
}

@test "a value of the wrong type, with what is allowed" {
  refused --env MAIL_POSTFIX_CHROOT=perhaps
  assert_output --partial MAIL_POSTFIX_CHROOT
  assert_output --partial perhaps
  assert_output --regexp 'yes.*no'
}

@test "all that is wrong is told in one run" {
  echo 'domain: [example.com]' >>"$YAML"
  refused --env MAIL_HOSTNAM=x --env MAIL_POSTFIX_CHROOT=perhaps
  assert_output --partial MAIL_HOSTNAM
  assert_output --partial perhaps
  assert_output --regexp 'mailinit\.yaml:[0-9]+:1'
}

@test "a wrong flag is wrong usage: exit 2" {
  run docker run --rm --network none "$MAILINIT_IMAGE:$BASE" --no-such-flag
  assert_equal "$status" 2
  assert_output --partial no-such-flag
}

@test "a start that would be refused starts all the same when told so, and says it loudly" {
  bad_create --env MAIL_HOSTNAM=mail.example.com --env MAIL_START_ANYWAY=env-unknown
  docker start "$STACK-$NAME" >/dev/null
  mail_ready "$NAME"
  run logs_of "$NAME"
  assert_output --partial MAIL_START_ANYWAY
  assert_output --partial env-unknown
  for command in status health; do
    run docker exec "$STACK-$NAME" mailinit "$command"
    assert_success
    assert_line --regexp '^error: .*; started all the same: MAIL_START_ANYWAY names it \(mailinit explain env-unknown\)$'
  done
}

# The engine itself makes the place of a mount, so what it leaves is not compared here.
@test "a file mounted over one that is rendered" {
  bad_create --volume "$BATS_TEST_DIRNAME/../README.md:/etc/postfix/main.cf:ro"
  run docker start -a "$STACK-$NAME"
  assert_equal "$status" 1
  assert_output --partial target-is-mounted
  assert_output --partial /etc/postfix/main.cf
  assert_output --partial postfix.main
}

@test "a directory mounted around one that is rendered" {
  bad_create --tmpfs /etc/dovecot
  run docker start -a "$STACK-$NAME"
  assert_equal "$status" 1
  assert_output --partial target-is-mounted
  assert_output --partial /etc/dovecot/dovecot.conf
}

@test "a read-only root without all the places that are written to: they are told at once" {
  run docker run --name "$STACK-$NAME" --network none --read-only --tmpfs /run \
    --env MAIL_HOSTNAME=mail.example.com --env MAIL_DOMAINS=example.com "$MAILINIT_IMAGE:$BASE"
  assert_equal "$status" 1
  for path in /tmp /var/lib/postfix /var/lib/dovecot; do
    assert_line --partial "$path: error [path-read-only]"
  done
  assert_output --partial tmpfs
}

@test "networks that let the whole world relay" {
  refused --env MAIL_NETWORKS='loopback 0.0.0.0/0'
  assert_output --partial open-relay
  assert_output --partial MAIL_NETWORKS
}
