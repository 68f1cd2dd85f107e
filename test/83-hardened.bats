#!/usr/bin/env bats
# compose/hardened.yaml: a mail server with a read-only root, six capabilities and limits.
# Mail flows in and out; what is taken away from it is told before anything is written.

bats_require_minimum_version 1.5.0

setup_file() {
  load lib/stack
  load lib/mail
  load lib/compose
  stack_up
  compose_begin hardened
  export MAIL_ADDRESS=$SUBNET.10
  authority
  authority_files server "$MAIL_HOSTNAME"
  printf '%s\n' "$INFO_PASSWORD" | file_from info_password
  compose_up
  mail_ready mail
  dkim_publish mail
}

teardown_file() {
  load lib/stack
  load lib/compose
  compose_down
  stack_down
}

setup() {
  bats_load_library bats-support
  bats_load_library bats-assert
  load lib/stack
  load lib/mail
  load lib/compose
}

teardown() {
  show_logs mail
}

# mail_flows: in from outside, and out, signed; both are to be seen over IMAP and outside.
mail_flows() {
  local id
  unset MAIL_ADDRESS
  id=$(new_id)
  printf 'From: stranger@gmail.test\nMessage-ID: %s\n\nhello\n' "$id" |
    outside_send stranger@gmail.test info@example.com
  run imap "$id"
  assert_success
  id=$(new_id)
  run submit --to somebody@gmail.test --message-id "$id"
  assert_output --regexp '^data 250 '
  outside_wait "$id" | verify
}

# without: the same stack with what standard input has laid over it, in its place; it ends.
without() {
  cat >"$BATS_TEST_TMPDIR/without.yaml"
  compose -f "$BATS_TEST_TMPDIR/without.yaml" up -d --no-build >"$BATS_TEST_TMPDIR/log" 2>&1
  wait_until "it has ended" gone mail
}

again() {
  compose_up
  mail_ready mail
}

@test "mail flows in and out, and nothing is found wrong" {
  mail_flows
  run mailinit mail health
  assert_output --partial healthy
  run mailinit mail status
  refute_output --regexp '(error|warning) \['
  run bash -c "docker exec $STACK-mail mailinit check --live --format json | jq -r '.findings[] | select(.severity != \"note\") | .id' | grep -v '^dns-'"
  assert_output ""
}

@test "nothing of it was written into the container itself" {
  run docker diff "$STACK-mail"
  assert_output ""
  run mail_sh mail 'echo x >/etc/mailinit.txt'
  assert_failure
  assert_output --partial 'Read-only file system'
}

@test "no process in it has more than the six, nor can get more" {
  run mail_sh mail 'cat /proc/[0-9]*/status | grep -E "^(CapBnd|NoNewPrivs)" | sort -u'
  assert_line --regexp '^NoNewPrivs:.1$'
  refute_line --regexp '^NoNewPrivs:.0$'
  # chown, dac_override, kill, setgid, setuid, sys_chroot
  assert_line --regexp '^CapBnd:.00000000000400e3$'
  assert_equal "$(grep -c CapBnd <<<"$output")" 1
}

@test "the limits are those of the file" {
  run docker inspect -f '{{.HostConfig.Memory}} {{.HostConfig.PidsLimit}} {{index .HostConfig.LogConfig.Config "max-size"}}' \
    "$STACK-mail"
  assert_output '1073741824 400 10m'
  run mail_sh mail 'cat /sys/fs/cgroup/pids.max /sys/fs/cgroup/pids/pids.max 2>/dev/null'
  assert_output 400
}

@test "sendmail in the container is for root: by no-new-privileges postdrop has no group of its own" {
  local id
  id=$(new_id)
  printf 'Message-ID: %s\n\nhello\n' "$id" | docker exec -i "$STACK-mail" sendmail -i info@example.com
  run imap "$id"
  assert_success
  # it tries again every ten seconds, for ever
  run bash -c "echo hello | docker exec -i -u 5000 $STACK-mail timeout 3 sendmail -i info@example.com"
  assert_failure
  assert_output --regexp 'mail_queue_enter: create file maildrop/.*: Permission denied'
  # what works for everybody, also there
  id=$(new_id)
  docker exec -i -u 5000 "$STACK-mail" bash -c '
    exec 3<>/dev/tcp/127.0.0.1/25
    say() { printf "%s\r\n" "$@" >&3; read -r reply <&3; echo "$reply"; }
    read -r reply <&3
    say "HELO localhost"; say "MAIL FROM:<info@example.com>"; say "RCPT TO:<info@example.com>"
    say DATA; say "Message-ID: $1" "" hello .; say QUIT' - "$id" >"$BATS_TEST_TMPDIR/said"
  run imap "$id"
  assert_success
}

@test "started again it has its mail, its key, and an empty memory" {
  local id before
  id=$(new_id)
  run submit --to info@example.com --message-id "$id"
  assert_output --regexp '^data 250 '
  run imap "$id"
  assert_success
  before=$(mailinit mail dns --zone | grep _domainkey)
  mail_sh mail 'echo x >/tmp/left-behind'
  docker restart -t 15 "$STACK-mail" >/dev/null
  mail_ready mail
  run imap "$id"
  assert_success
  run mail_sh mail 'test -e /tmp/left-behind'
  assert_failure
  assert_equal "$(mailinit mail dns --zone | grep _domainkey)" "$before"
  mail_flows
}

@test "without one of the capabilities it says which, for whom, and writes nothing" {
  without <<-'END'
	services:
	  mail:
	    restart: "no"
	    cap_add: !override [CHOWN, DAC_OVERRIDE, KILL, SETGID, SETUID]
	END
  run logs_of mail
  assert_output --partial 'error [capability-missing]: the container lacks the capability SYS_CHROOT'
  assert_output --partial 'nothing was written'
  assert_equal "$(exit_code mail)" 1
  again
}

# without_tmpfs PATH: the others are there.
without_tmpfs() {
  without <<-END
	services:
	  mail:
	    restart: "no"
	    tmpfs: !override [$(printf '%s\n' /run /tmp /var/lib/postfix /var/lib/dovecot | grep -vxF "$1" | paste -sd,)]
	END
}

@test "without one of the tmpfs it says which path is read-only, and writes nothing" {
  local path
  for path in /var/lib/postfix /var/lib/dovecot /tmp; do
    without_tmpfs "$path"
    run logs_of mail
    assert_output --partial "$path: error [path-read-only]"
    assert_output --partial 'nothing was written'
    assert_equal "$(exit_code mail)" 1
    docker rm -f "$STACK-mail" >/dev/null
  done
  # without this one PID 1 itself has no place
  without_tmpfs /run
  run logs_of mail
  assert_output --partial 'it takes root, and a /run that can be written to'
  assert_equal "$(exit_code mail)" 3
  again
}

@test "without the certificate it does not start with one of its own" {
  mv "$FILES/server/fullchain.pem" "$FILES/server/elsewhere.pem"
  # the last good one would stand in; it is another server's volume that has none
  without <<-'END'
	services:
	  mail:
	    restart: "no"
	    volumes: [fresh:/var/lib/mailinit]
	volumes: {fresh: {}}
	END
  run logs_of mail
  assert_output --partial 'error [tls-file-unreadable]'
  assert_equal "$(exit_code mail)" 1
  mv "$FILES/server/elsewhere.pem" "$FILES/server/fullchain.pem"
  again
  mail_flows
}
