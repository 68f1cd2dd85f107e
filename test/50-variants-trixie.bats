#!/usr/bin/env bats
# Other ways to configure the container: by variables alone, without certificate, without
# chroot, with a smarthost, with the defences that Docker offers.
# 50-variants-bookworm.bats is this file by another name.

bats_require_minimum_version 1.5.0

setup_file() {
  load lib/stack
  load lib/mail
  BASE=$(base_of_file)
  export BASE
  stack_up
  authority
  plain_start
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

teardown() {
  show_logs "${SHOWN:-plain}"
}

# plain_start: "plain" has no file at all: variables, no certificate, no chroot.
plain_start() {
  mapfile -t VOLUMES < <(volumes plain)
  mail_create plain 11 "${VOLUMES[@]}" --health-interval 1s \
    --env MAIL_HOSTNAME="$MAIL_HOSTNAME" --env MAIL_DOMAINS=example.com \
    --env MAIL_POSTFIX_CHROOT=no --env MAIL_DNS_ADDRESSES="$SUBNET.11" \
    --env MAIL_MAILBOXES="info@example.com={SHA512-CRYPT}$(openssl passwd -6 "$INFO_PASSWORD")"
  mail_start plain
  dkim_publish plain
}

# to_plain CLIENT ARG…: a client that takes any certificate.
to_plain() {
  local name=$1
  shift
  as_info client "$name" --address "$SUBNET.11" --host "$MAIL_HOSTNAME" "$@"
}

@test "variables alone make a mail server" {
  id=$(new_id)
  run to_plain send --port 587 --tls starttls --from info@example.com \
    --to info@example.com --message-id "$id"
  assert_output --regexp '^data 250 '
  run to_plain find imap --port 993 --tls tls --message-id "$id"
  assert_success
}

@test "Docker sees it healthy by its own check" {
  wait_until "docker inspect says healthy" docker_healthy
}

docker_healthy() {
  [ "$(docker inspect -f '{{.State.Health.Status}}' "$STACK-plain")" = healthy ]
}

@test "a self-signed certificate is used, for the host name, and loudly reported" {
  run openssl s_client -connect "$SUBNET.11:465" -servername "$MAIL_HOSTNAME" </dev/null
  assert_output --partial 'self-signed certificate'
  openssl s_client -connect "$SUBNET.11:465" </dev/null 2>/dev/null |
    openssl x509 >"$BATS_TEST_TMPDIR/pem"
  run openssl x509 -in "$BATS_TEST_TMPDIR/pem" -noout -checkhost "$MAIL_HOSTNAME"
  assert_output --partial 'does match'
  run logs_of plain
  assert_output --regexp 'warning.*self-signed'
}

@test "the same self-signed certificate serves after a new container on the same volumes" {
  fingerprint() {
    openssl s_client -connect "$SUBNET.11:$1" </dev/null 2>/dev/null |
      openssl x509 -noout -fingerprint -sha256
  }
  before=$(fingerprint 465)
  assert_equal "$(fingerprint 993)" "$before"
  docker stop -t 30 "$STACK-plain" >/dev/null
  docker rm "$STACK-plain" >/dev/null
  plain_start
  assert_equal "$(fingerprint 465)" "$before"
}

@test "not chrooted, Postfix resolves the outside MX through the test's name server" {
  run root_of pickup plain
  assert_output /
  id=$(new_id)
  run to_plain send --port 587 --tls starttls --from info@example.com \
    --to friend@gmail.test --message-id "$id"
  assert_output --regexp '^data 250 '
  outside_wait "$id" >"$BATS_TEST_TMPDIR/message"
  run verify <"$BATS_TEST_TMPDIR/message"
  assert_output "pass d=example.com s=default"
}

@test "a POSTFIX_ variable is that parameter, and an empty one removes it" {
  mail_create raw 12 --env MAIL_HOSTNAME="$MAIL_HOSTNAME" --env MAIL_DOMAINS=example.com \
    --env POSTFIX_smtpd_banner='$myhostname the $$5 server' --env POSTFIX_biff= \
    --env POSTFIX_maximal_queue_lifetime=2d \
    --env MAIL_MAILBOXES="info@example.com={SHA512-CRYPT}$(openssl passwd -6 x)"
  mail_start raw
  run docker exec "$STACK-raw" postconf -h maximal_queue_lifetime
  assert_output 2d
  run docker exec "$STACK-raw" postconf -n biff
  refute_output --partial biff
  run docker exec "$STACK-raw" sh -c 'postconf -n 2>&1 >/dev/null'
  assert_output ""
  run client ehlo --address "$SUBNET.12" --port 25
  assert_success
  docker rm -f -v "$STACK-raw" >/dev/null
}

@test "a smarthost gets the mail, over verified TLS, with a password of hard characters" {
  SHOWN=relaying
  root=$(mail_files relaying)
  certificate smarthost smarthost.test
  mkdir -p "$root/run/secrets" "$root/tls"
  printf '%s\n' "$INFO_PASSWORD" >"$root/run/secrets/relay"
  cp "$BATS_FILE_TMPDIR/ca/ca.pem" "$root/tls/ca.pem"
  cat "$BATS_FILE_TMPDIR/ca/smarthost."{key,pem} >"$BATS_TEST_TMPDIR/smarthost.pem"

  container_create smarthost 40 --env PASSWORD="$INFO_PASSWORD" "$TEST_IMAGE" \
    python3 /smarthost.py /smarthost.pem 'user#1'
  docker cp -q "$TEST_ROOT/stack/smarthost.py" "$STACK-smarthost:/smarthost.py"
  docker cp -q "$BATS_TEST_TMPDIR/smarthost.pem" "$STACK-smarthost:/smarthost.pem"
  docker start "$STACK-smarthost" >/dev/null
  wait_until "the smarthost listens" logs_have smarthost listening

  mail_create relaying 13 --env MAIL_HOSTNAME="$MAIL_HOSTNAME" --env MAIL_DOMAINS=example.com \
    --env MAIL_RELAY_HOST='[smarthost.test]:587' --env MAIL_RELAY_USERNAME='user#1' \
    --env MAIL_RELAY_PASSWORD_FILE=/run/secrets/relay --env POSTFIX_smtp_tls_CAfile=/tls/ca.pem \
    --env MAIL_MAILBOXES="info@example.com={SHA512-CRYPT}$(openssl passwd -6 "$INFO_PASSWORD")"
  mail_start relaying
  id=$(new_id)
  run as_info client send --address "$SUBNET.13" --port 587 --tls starttls \
    --from info@example.com --to friend@gmail.test --message-id "$id"
  assert_output --regexp '^data 250 '
  wait_until "the smarthost took it" logs_have smarthost "took $id"
  run logs_of smarthost
  assert_line "password right"
  refute_output --partial "password wrong"
  run logs_of relaying
  refute_output --partial "$INFO_PASSWORD"
  docker rm -f -v "$STACK-relaying" "$STACK-smarthost" >/dev/null
}

@test "six capabilities, no new privileges and a read-only root are enough" {
  SHOWN=bare
  mapfile -t VOLUMES < <(volumes bare)
  mail_create bare 14 "${VOLUMES[@]}" --read-only --tmpfs /run --tmpfs /tmp \
    --tmpfs /var/lib/postfix --tmpfs /var/lib/dovecot --security-opt no-new-privileges \
    --cap-drop ALL --cap-add CHOWN --cap-add DAC_OVERRIDE --cap-add SETGID \
    --cap-add SETUID --cap-add SYS_CHROOT --cap-add KILL \
    --env MAIL_HOSTNAME="$MAIL_HOSTNAME" --env MAIL_DOMAINS=example.com \
    --env MAIL_MAILBOXES="info@example.com={SHA512-CRYPT}$(openssl passwd -6 "$INFO_PASSWORD")"
  mail_start bare
  id=$(new_id)
  run as_info client send --address "$SUBNET.14" --port 587 --tls starttls \
    --from info@example.com --to info@example.com --message-id "$id"
  assert_output --regexp '^data 250 '
  run as_info client find imap --address "$SUBNET.14" --port 993 --tls tls --message-id "$id"
  assert_success
  assert_output --partial 'DKIM-Signature'
  docker stop -t 30 "$STACK-bare" >/dev/null
  assert_equal "$(exit_code bare)" 0
}
