#!/usr/bin/env bats
# DKIM keys on volumes as people have them: with the host's owners and modes, read-only, full,
# and a rotation that is killed at any moment.
# 44-dkim-volumes-bookworm.bats is this file by another name.

bats_require_minimum_version 1.5.0

setup_file() {
  load lib/stack
  load lib/mail
  BASE=$(base_of_file)
  TODAY=$(date -u +%Y%m%d)
  export BASE TODAY
  stack_up
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
  load lib/dkim
  NAME=case-$BATS_TEST_NUMBER
}

teardown() {
  [ -n "$BATS_TEST_COMPLETED" ] || logs_of "$NAME" | tail -n 60 >&2
}

# keys_volume SCRIPT: a volume of keys, made by a script with that directory as its own.
keys_volume() {
  docker volume create --label "mailinit-test=$STACK" "$STACK-$NAME-keys" >/dev/null
  docker run --rm --network none -v "$STACK-$NAME-keys:/keys" -w /keys "$TEST_IMAGE" sh -ec "$1"
}

# begin ARG…: a container of NAME, with the standard files and volumes, that is at .10.
begin() {
  mapfile -t VOLUMES < <(volumes "$NAME")
  standard_files "$NAME"
  mail_create "$NAME" 10 "${VOLUMES[@]}" "$@"
  mail_start "$NAME"
}

# anew ARG…: another container in its place, with the same volumes.
anew() {
  docker rm -f -v "$STACK-$NAME" >/dev/null
  begin "$@"
}

ended() {
  docker rm -f -v "$STACK-$NAME" >/dev/null
}

@test "keys with the host's owner and modes are told, and sign all the same" {
  keys_volume 'for domain in example.com example.org; do
      mkdir $domain
      openssl genrsa -traditional 2048 2>/dev/null >$domain/own.private
      chown -R 1000:1000 $domain
      chmod 0777 $domain
      chmod 0644 $domain/own.private
    done'
  begin -v "$STACK-$NAME-keys:/keys:ro" -e MAIL_DKIM_KEYS=/keys -e MAIL_DKIM_SELECTOR=own
  publish "$NAME"
  run signed_with example.com
  assert_output "pass d=example.com s=own"
  run mailinit "$NAME" check
  assert_output --partial '[dkim-key-open]: the key for example.com, /keys/example.com/own.private, can be read by every user (mode 0644)'
  assert_output --partial 'can be replaced by every user: the directory /keys/example.com has mode 0777'
  assert_output --partial '[dkim-key-owner]: the key for example.org, /keys/example.org/own.private, belongs to user 1000'
  run mail_sh "$NAME" 'stat -c "%a %U" /run/mailinit/current/opendkim/keys/*'
  assert_output "$(printf '400 opendkim\n400 opendkim')"

  # nothing can be stored there: a rotation says so, and nothing waits for it afterwards
  run -3 dkim "$NAME" rotate example.com
  assert_output --partial 'Read-only file system'
  run mailinit "$NAME" check
  refute_output --partial '[dkim-rotation-pending]'
  ended
}

@test "a key of one's own follows on a read-only mount, by a selector in the settings" {
  keys_volume 'for domain in example.com example.org; do
      mkdir $domain
      openssl genrsa -traditional 2048 2>/dev/null >$domain/one.private
      openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 2>/dev/null >$domain/two.private
      openssl genpkey -algorithm ED25519 >$domain/three.private
      chmod -R go= .
    done'
  keys=(-v "$STACK-$NAME-keys:/keys:ro" -e MAIL_DKIM_KEYS=/keys)
  begin "${keys[@]}" -e MAIL_DKIM_SELECTOR=one
  publish "$NAME"
  anew "${keys[@]}" -e MAIL_DKIM_SELECTOR=one -e MAIL_DKIM_SELECTORS=example.org=two
  run signed_with example.org
  assert_output "pass d=example.org s=one"
  run -0 dkim "$NAME" rotate --no-wait example.org
  assert_line --regexp '^two\._domainkey\.example\.org\. IN TXT '
  publish "$NAME"
  run -0 dkim "$NAME" rotate example.org
  run signed_with example.org
  assert_output "pass d=example.org s=two"
  run signed_with example.com
  assert_output "pass d=example.com s=one"

  # a key that cannot sign is told, and mail is signed as before
  run -1 dkim "$NAME" rotate --no-wait --again --selector three example.org
  run signed_with example.org
  assert_output "pass d=example.org s=two"
  run -0 dkim "$NAME" cancel example.org
  run -0 dkim "$NAME" list
  refute_output --partial 'next:'
  ended
}

@test "a key of 4096 bits, whose record is too long for UDP, is found in DNS" {
  begin -e MAIL_DKIM_BITS=4096
  publish "$NAME"
  run -0 dkim "$NAME" status
  assert_line --regexp 'example.com: selector default, RSA with 4096 bits'
  assert_output --partial 'DNS shows the key'
  refute_output --partial 'could not be asked'
  run signed_with example.com
  assert_output "pass d=example.com s=default"
  ended
}

@test "an Ed25519 key refuses the start, and it is told why" {
  keys_volume 'mkdir example.com
    openssl genpkey -algorithm ED25519 >example.com/default.private'
  run docker run --rm --network none -v "$STACK-$NAME-keys:/keys:ro" -e MAIL_DKIM_KEYS=/keys \
    -e "MAIL_HOSTNAME=$MAIL_HOSTNAME" -e MAIL_DOMAINS=example.com "$MAILINIT_IMAGE:$BASE"
  assert_equal "$status" 1
  assert_output --partial '[dkim-key-type]'
  assert_output --partial 'Ed25519'
  docker create --name "$STACK-$NAME" --label "mailinit-test=$STACK" "$TEST_IMAGE" >/dev/null
}

@test "with a full disk a rotation stops where it is, and goes on when there is room" {
  docker volume create --label "mailinit-test=$STACK" --opt type=tmpfs --opt device=tmpfs \
    --opt o=size=1m "$STACK-$NAME" >/dev/null
  docker run -d --name "$STACK-$NAME-holder" --label "mailinit-test=$STACK" --network none \
    -v "$STACK-$NAME:/small" "$TEST_IMAGE" sleep 1000000 >/dev/null
  docker create --name "$STACK-$NAME" --label "mailinit-test=$STACK" --network none \
    --hostname "$MAIL_HOSTNAME" -e MAIL_DOMAINS=example.com -v "$STACK-$NAME:/var/lib/mailinit" \
    "$MAILINIT_IMAGE:$BASE" >/dev/null
  mail_start "$NAME"
  fill=(docker exec "$STACK-$NAME-holder" sh -c 'cat /dev/zero >/small/filler 2>/dev/null
    df -k --output=avail /small | tail -n 1 | grep -qx " *0"')
  "${fill[@]}"
  run -3 dkim "$NAME" rotate --no-wait
  assert_output --partial 'No space left on device'
  run -0 dkim "$NAME" list
  refute_output --partial 'next:'
  docker exec "$STACK-$NAME-holder" rm /small/filler
  run -0 dkim "$NAME" rotate --no-wait

  # the change-over, likewise
  "${fill[@]}"
  run -3 dkim "$NAME" rotate --force
  assert_output --partial 'No space left on device'
  assert_equal "$(active "$NAME" example.com)" default
  docker restart -t 60 "$STACK-$NAME" >/dev/null
  docker exec "$STACK-$NAME-holder" rm /small/filler
  mail_ready "$NAME"
  run -0 dkim "$NAME" rotate --force
  assert_equal "$(active "$NAME" example.com)" "default-$TODAY"
  assert_equal "$(dkim_json "$NAME" "$(of example.com .in_use)")" true
}

@test "a rotation that is killed at any moment leaves a key that signs, and goes on" {
  docker create --name "$STACK-$NAME" --label "mailinit-test=$STACK" --network none \
    --hostname "$MAIL_HOSTNAME" -e MAIL_DOMAINS=example.com -e MAIL_DKIM_BITS=1024 \
    "$MAILINIT_IMAGE:$BASE" >/dev/null
  mail_start "$NAME"
  run -0 mail_sh "$NAME" '
    killed=0
    for ms in $(seq 1 3 160) $(seq 165 20 600); do
      timeout -s KILL "$(printf 0.%03d "$ms")" mailinit dkim rotate --force --again >/dev/null 2>&1
      [ $? != 137 ] || killed=$((killed + 1))
      mailinit dkim list >/tmp/list || { echo "after $ms ms: dkim list fails"; exit 1; }
      ! mailinit check 2>&1 | grep -E "dkim-state-damaged|dkim-key-kept|dkim-key-missing" || exit 1
      set -- $(sed -n "s/^active //p" /var/lib/mailinit/dkim/example.com/state)
      test -s "/var/lib/mailinit/dkim/example.com/$1.private" || exit 1
    done
    echo "killed $killed times"'
  assert_output --regexp 'killed [1-9][0-9]+ times'
  run -0 dkim "$NAME" rotate --force --again
  assert_equal "$(dkim_json "$NAME" "$(of example.com .in_use)")" true
  assert [ "$(dkim_json "$NAME" "$(of example.com '.old | length')")" -le 8 ]
}
