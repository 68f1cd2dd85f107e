#!/usr/bin/env bats
# Containers without capabilities that others have: what is missing is told, for whom and
# for what, before anything is written. 34-capabilities-bookworm.bats is this file by
# another name.

bats_require_minimum_version 1.5.0

ALL='CHOWN DAC_OVERRIDE KILL SETGID SETUID SYS_CHROOT'

setup_file() {
  load lib/stack
  load lib/mail
  BASE=$(base_of_file)
  export BASE
  stack_up
  HASH="{SHA512-CRYPT}$(openssl passwd -6 "$INFO_PASSWORD")"
  export HASH
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
  SHOWN=box-$BATS_TEST_NUMBER
}

teardown() {
  show_logs "$SHOWN"
  docker rm -f -v "$STACK-$SHOWN" >/dev/null
}

# box_with "CAPABILITY…" DOCKER-OPTION…: a container that has these and no others.
box_with() {
  local name args=()
  for name in $1; do
    args+=(--cap-add "$name")
  done
  shift
  mail_create "$SHOWN" 11 --cap-drop ALL "${args[@]}" \
    --env MAIL_HOSTNAME="$MAIL_HOSTNAME" --env MAIL_DOMAINS=example.com "$@"
  docker start "$STACK-$SHOWN" >/dev/null
}

without() {
  echo "${ALL/$1/}"
}

# is_refused CAPABILITY WORDS: no start, exit code 1, and one finding that says WORDS.
is_refused() {
  wait_until "it has ended" gone "$SHOWN"
  assert_equal "$(exit_code "$SHOWN")" 1
  run logs_of "$SHOWN"
  assert_output --regexp "error \[capability-missing\]: the container lacks the capability $1, which is needed by $2"
  assert_output --partial "Start the container with --cap-add $1."
  assert_equal "$(grep -c 'capability-missing' <<<"$output")" 1
  assert_output --partial 'nothing was written'
}

mail_flows() {
  local id
  id=$(new_id)
  run as_info client send --address "$SUBNET.11" --host "$MAIL_HOSTNAME" --port 587 --tls starttls \
    --from info@example.com --to info@example.com --message-id "$id"
  assert_output --regexp '^data 250 '
  run as_info client find imap --address "$SUBNET.11" --host "$MAIL_HOSTNAME" --port 993 --tls tls \
    --message-id "$id"
  assert_success
  assert_output --partial 'DKIM-Signature'
}

stops_cleanly() {
  docker stop -t 30 "$STACK-$SHOWN" >/dev/null
  assert_equal "$(exit_code "$SHOWN")" 0
}

@test "with all six mail flows, and each process has the least" {
  box_with "$ALL" --env MAIL_MAILBOXES="info@example.com=$HASH"
  mail_ready "$SHOWN"
  mail_flows
  run logs_of "$SHOWN"
  refute_output --partial capability-
  run status "$SHOWN" '.capabilities.kept | join(" ")'
  assert_output 'chown dac_override kill setgid setuid sys_chroot'
  run status "$SHOWN" '.capabilities.bounded | not'
  assert_output true
  # OpenDKIM gives up by itself what it started with, Postfix's master cannot
  run mail_sh "$SHOWN" 'for p in /proc/[0-9]*; do
    read -r name <$p/comm
    [ "$name" != opendkim ] || grep -E "^(CapPrm|NoNewPrivs)" $p/status
  done'
  assert_line --regexp '^CapPrm:.0000000000000000$'
  assert_line --regexp '^NoNewPrivs:.1$'
  run mailinit "$SHOWN" reload
  assert_output --partial unchanged
  run -0 mailinit "$SHOWN" restart dovecot
  run -0 mailinit "$SHOWN" restart opendkim
  mail_ready "$SHOWN"
  mail_flows
  stops_cleanly
}

@test "with all that Docker gives, each service is bounded to the least" {
  mail_create "$SHOWN" 11 --env MAIL_HOSTNAME="$MAIL_HOSTNAME" --env MAIL_DOMAINS=example.com \
    --env MAIL_MAILBOXES="info@example.com=$HASH"
  docker start "$STACK-$SHOWN" >/dev/null
  mail_ready "$SHOWN"
  mail_flows
  run status "$SHOWN" '.capabilities.kept | join(" ")'
  assert_output 'chown dac_override kill setgid setuid setpcap sys_chroot'
  run mail_sh "$SHOWN" 'for p in /proc/[0-9]*; do
    read -r name <$p/comm
    echo "$name $(grep CapBnd $p/status)"
  done'
  assert_line --regexp '^opendkim CapBnd:.00000000000000c0$'
  assert_line --regexp '^master CapBnd:.00000000000400c2$'
  assert_line --regexp '^dovecot CapBnd:.00000000000400e3$'
  run mail_sh "$SHOWN" 'grep -E "^Cap(Prm|Eff|Bnd)" /proc/1/status'
  assert_line --regexp '^CapPrm:.00000000000401e3$'
  assert_line --regexp '^CapEff:.00000000000401e3$'
  assert_line --regexp '^CapBnd:.00000000000401e3$'
  # after all was given up: a change is applied, and what dies is started again
  mail_sh "$SHOWN" 'echo "192.0.2.1 somewhere.test" >>/etc/hosts'
  run -0 mailinit "$SHOWN" reload
  assert_output --partial applied
  run -0 mailinit "$SHOWN" restart postfix
  mail_ready "$SHOWN"
  mail_flows
  stops_cleanly
}

@test "without CHOWN nothing starts" {
  box_with "$(without CHOWN)" --env MAIL_MAILBOXES="info@example.com=$HASH"
  is_refused CHOWN 'dovecot to .*; by mailinit to '
}

@test "without DAC_OVERRIDE nothing starts" {
  box_with "$(without DAC_OVERRIDE)" --env MAIL_MAILBOXES="info@example.com=$HASH"
  is_refused DAC_OVERRIDE 'dovecot to .*; by postfix to '
}

@test "without SETGID nothing starts" {
  box_with "$(without SETGID)" --env MAIL_MAILBOXES="info@example.com=$HASH"
  is_refused SETGID 'opendkim to .*; by dovecot to .*; by postfix to '
}

@test "without SETUID nothing starts" {
  box_with "$(without SETUID)" --env MAIL_MAILBOXES="info@example.com=$HASH"
  is_refused SETUID 'opendkim to .*; by dovecot to .*; by postfix to '
}

@test "without SYS_CHROOT nothing starts, and what would need it no more is told" {
  box_with "$(without SYS_CHROOT)" --env MAIL_MAILBOXES="info@example.com=$HASH"
  is_refused SYS_CHROOT 'dovecot for .*; by postfix for '
  assert_output --partial 'MAIL_POSTFIX_CHROOT=no'
}

@test "without any of them each is told" {
  box_with "" --env MAIL_MAILBOXES="info@example.com=$HASH"
  wait_until "it has ended" gone "$SHOWN"
  assert_equal "$(exit_code "$SHOWN")" 1
  run bash -c "docker logs $STACK-$SHOWN 2>&1 | sed -n 's/.*capability-[a-z]*\]: the container lacks the capability \([A-Z_]*\),.*/\1/p' | sort | xargs"
  assert_output "$ALL"
}

@test "without KILL mail flows, and what is worse is told" {
  box_with "$(without KILL)" --env MAIL_MAILBOXES="info@example.com=$HASH"
  mail_ready "$SHOWN"
  mail_flows
  run logs_of "$SHOWN"
  assert_output --partial 'warning [capability-wanted]: the container lacks the capability KILL'
  stops_cleanly
}

@test "a relay without chroot needs neither SYS_CHROOT nor more than it is told" {
  box_with "$(without SYS_CHROOT)" --env MAIL_ROLES=relay --env MAIL_POSTFIX_CHROOT=no
  mail_ready "$SHOWN"
  run status "$SHOWN" '.capabilities.kept | join(" ")'
  assert_output 'chown dac_override kill setgid setuid'
  run client ehlo --address "$SUBNET.11" --port 25
  assert_success
  stops_cleanly
}

@test "a signer alone needs two, and KILL to be stopped" {
  box_with "CHOWN SETGID SETUID KILL" --env MAIL_ROLES=dkim
  mail_ready "$SHOWN"
  run logs_of "$SHOWN"
  refute_output --partial capability-
  run -0 mailinit "$SHOWN" restart opendkim
  stops_cleanly
}

@test "a port that the kernel keeps to root needs NET_BIND_SERVICE, or another setting of the engine" {
  box_with "$ALL" --sysctl net.ipv4.ip_unprivileged_port_start=1024 \
    --env MAIL_MAILBOXES="info@example.com=$HASH"
  wait_until "it has ended" gone "$SHOWN"
  assert_equal "$(exit_code "$SHOWN")" 1
  run logs_of "$SHOWN"
  assert_output --partial 'lacks the capability NET_BIND_SERVICE, which is needed by dovecot to listen on port 110; by postfix to listen on port 25'
  assert_output --partial 'ip_unprivileged_port_start=0'
  docker rm -f -v "$STACK-$SHOWN" >/dev/null
  box_with "$ALL NET_BIND_SERVICE" --sysctl net.ipv4.ip_unprivileged_port_start=1024 \
    --env MAIL_MAILBOXES="info@example.com=$HASH"
  mail_ready "$SHOWN"
  mail_flows
  stops_cleanly
}

@test "MAIL_START_ANYWAY starts all the same, loudly" {
  box_with "$(without CHOWN)" --env MAIL_MAILBOXES="info@example.com=$HASH" \
    --env MAIL_START_ANYWAY=capability-missing
  wait_until "it has ended" gone "$SHOWN"
  refute [ "$(exit_code "$SHOWN")" = 1 ]
  run logs_of "$SHOWN"
  assert_output --partial capability-missing
  assert_output --partial 'unable to set the owner'
}
