#!/usr/bin/env bats
# What findings say of the daemons, on the daemons: MAIL_START_ANYWAY lets them run with the
# mistake, and the log and the client show what was foretold. Without it the start is refused.
# 49-outages-bookworm.bats is this file by another name.

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
  [ -n "$BATS_TEST_COMPLETED" ] || logs_of "$NAME" >&2
  docker ps -aq --filter "name=$STACK-$NAME" | xargs -r docker rm -f -v >/dev/null
}

# run_with NAME ARG…: a container without network that has a name and a domain
run_with() {
  local name=$1
  shift
  docker run --name "$STACK-$name" --label "mailinit-test=$STACK" --network none \
    --env MAIL_HOSTNAME=mail.example.com --env MAIL_DOMAINS=example.com \
    --env MAIL_ALIASES=postmaster@example.com=jane@example.net "$@"
}

# with_mistake ID NAME=VALUE…: refused for ID; then the same, started all the same
with_mistake() {
  local id=$1 options=()
  shift
  for variable in "$@"; do
    options+=(--env "$variable")
  done
  run run_with "$NAME-refused" "${options[@]}" "$MAILINIT_IMAGE:$BASE"
  assert_equal "$status" 1
  assert_output --partial "error [$id]"
  run_with "$NAME" --detach "${options[@]}" --env "MAIL_START_ANYWAY=$id" \
    "$MAILINIT_IMAGE:$BASE" >/dev/null
  wait_until "Postfix runs" logs_have "$NAME" 'daemon started'
}

# says LINE…: a dialogue with port 25, one line after each reply; what the server said
says() {
  docker exec -i "$STACK-$NAME" bash -c '
    reply() {
      while read -r -t 10 line <&3; do
        echo "$line"
        if [[ $line =~ ^[0-9]{3}" " ]]; then return; fi
      done
    }
    exec 3<>/dev/tcp/127.0.0.1/25
    reply
    while read -r line; do printf "%s\r\n" "$line" >&3; reply; done' < <(printf '%s\n' "$@")
}

# seen PATTERN: the log has it once mail or a client came by
seen() {
  wait_until "the log says it" logs_have "$NAME" "$1"
}

@test "a SASL socket where the chroot has none: the client gets no greeting" {
  with_mistake postfix-sasl-socket POSTFIX_smtpd_sasl_path=/var/spool/postfix/private/auth
  run docker run --rm --network "container:$STACK-$NAME" --entrypoint python3 "$TEST_IMAGE" -c '
import smtplib, ssl
smtplib.SMTP_SSL("127.0.0.1", 465, timeout=20, context=ssl._create_unverified_context())'
  assert_failure
  assert_output --partial SMTPServerDisconnected
  seen "SASL: Connect to Dovecot auth socket '/var/spool/postfix/private/auth' failed: No such file"
  seen 'fatal: no SASL authentication mechanisms'
}

@test "a word where Postfix takes tables: mail is accepted, and none leaves" {
  with_mistake postfix-map-form POSTFIX_smtp_dns_reply_filter=dns_sortlist
  docker exec -i "$STACK-$NAME" sendmail -f jane@example.com jane@example.net <<<"Subject: x"
  seen 'open dictionary: expecting "type:name" form instead of "dns_sortlist"'
  seen 'bad command startup -- throttling'
}

@test "a value of the wrong type: clients connect, and no greeting comes" {
  with_mistake postfix-value POSTFIX_smtpd_delay_reject=maybe
  run says QUIT
  refute_output --partial 220
  seen 'bad boolean configuration: smtpd_delay_reject = maybe'
}

@test "a filter's socket outside of the chroot is not found" {
  with_mistake postfix-chroot-path POSTFIX_non_smtpd_milters=unix:/run/filter.sock
  docker exec -i "$STACK-$NAME" sendmail -f jane@example.com jane@example.net <<<"Subject: x"
  seen 'connect to Milter service unix:/run/filter.sock: No such file or directory'
}

@test "TLS asked of the world: a server without it is refused, and the start is not" {
  run_with "$NAME" --detach --env POSTFIX_smtpd_tls_security_level=encrypt \
    "$MAILINIT_IMAGE:$BASE" >/dev/null
  wait_until "Postfix runs" logs_have "$NAME" 'daemon started'
  seen 'error.*tls-required-on-25'
  run says 'EHLO other.example.net' 'MAIL FROM:<jane@example.net>' QUIT
  assert_output --partial '530 5.7.0 Must issue a STARTTLS command first'
}

@test "passwords without TLS: AUTH is offered in clear, and the start is not refused" {
  run_with "$NAME" --detach --env POSTFIX_smtpd_tls_auth_only=no \
    --env POSTFIX_smtpd_sasl_auth_enable=yes "$MAILINIT_IMAGE:$BASE" >/dev/null
  wait_until "Postfix runs" logs_have "$NAME" 'daemon started'
  seen 'error.*auth-without-tls'
  run says 'EHLO other.example.net' QUIT
  assert_output --partial '250-AUTH PLAIN LOGIN'
}
