#!/usr/bin/env bats
# What dies is started again, what is changed is reloaded, what stops stops cleanly.
# 30-supervision-bookworm.bats is this file by another name.

bats_require_minimum_version 1.5.0

setup_file() {
  load lib/stack
  load lib/mail
  BASE=$(base_of_file)
  export BASE
  stack_up
  authority
  standard_mail
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
  show_logs mail
}

# pid_of SERVICE: of its main process, inside the container.
pid_of() {
  status mail ".services[] | select(.name == \"$1\") | .pid"
}

# ready_anew SERVICE PID: it is ready, as another process than PID.
ready_anew() {
  status mail ".services[] | select(.name == \"$1\") | .state == \"ready\" and .pid != $2"
}

# kill_9 SERVICE: kills its main process and waits until there is a new one, all healthy.
kill_9() {
  local pid
  pid=$(pid_of "$1")
  mail_sh mail 'kill -9 "$1"' "$pid"
  wait_until "$1 is ready again" ready_anew "$1" "$pid"
  mail_ready mail
}

mail_flows() {
  local id
  id=$(new_id)
  run submit --to friend@gmail.test --to info@example.com --message-id "$id"
  assert_output --regexp '^data 250 '
  run imap "$id"
  assert_success
  outside_wait "$id" >"$BATS_TEST_TMPDIR/message"
  run verify <"$BATS_TEST_TMPDIR/message"
  assert_success
}

@test "OpenDKIM killed: started again, and mail is signed" {
  kill_9 opendkim
  mail_flows
}

@test "Dovecot killed: started again, logins and deliveries work" {
  kill_9 dovecot
  mail_flows
}

@test "Postfix's master killed: started again, and mail flows" {
  kill_9 postfix
  mail_flows
}

@test "all three killed at once: started again, and mail flows" {
  postfix=$(pid_of postfix) dovecot=$(pid_of dovecot) opendkim=$(pid_of opendkim)
  mail_sh mail 'kill -9 "$@"' "$postfix" "$dovecot" "$opendkim"
  wait_until "postfix is ready again" ready_anew postfix "$postfix"
  wait_until "dovecot is ready again" ready_anew dovecot "$dovecot"
  wait_until "opendkim is ready again" ready_anew opendkim "$opendkim"
  mail_ready mail
  mail_flows
}

@test "status counts the restarts and tells how the last process ended" {
  run status mail '[.services[].restarts] | min >= 2'
  assert_output true
  run status mail '.services[] | select(.name == "opendkim") | .last_exit != null'
  assert_output true
}

@test "no process is left as a zombie or twice" {
  run mail_sh mail 'for p in /proc/[0-9]*; do
      while read -r key value rest; do
        case $key in Name:) name=$value;; State:) echo "$value $name"; break;; esac
      done <$p/status
    done'
  assert_success
  refute_line --regexp '^Z '
  assert_equal "$(grep -c ' master$' <<<"$output")" 1
  assert_equal "$(grep -c ' dovecot$' <<<"$output")" 1
  assert_equal "$(grep -c ' opendkim$' <<<"$output")" 1
}

@test "a service stopped by command stays down, unhealthy, until it is started" {
  run mailinit mail stop postfix
  assert_success
  run mailinit mail health
  assert_failure 1
  assert_output --partial postfix
  run status mail '.services[] | select(.name == "postfix") | .state'
  assert_output stopped
  run mailinit mail start postfix
  assert_success
  mail_ready mail
  mail_flows
}

@test "restart by command gives a new process" {
  pid=$(pid_of dovecot)
  run mailinit mail restart dovecot
  assert_success
  wait_until "dovecot is ready again" ready_anew dovecot "$pid"
  mail_ready mail
  mail_flows
}

@test "an unknown service is told as such" {
  run mailinit mail restart exim
  assert_failure
  assert_output --partial '"exim"'
  assert_output --partial 'mailinit status'
}

@test "a reload without a change says so and disturbs nobody" {
  postfix=$(pid_of postfix) dovecot=$(pid_of dovecot) opendkim=$(pid_of opendkim)
  run mailinit mail reload
  assert_success
  assert_output --partial unchanged
  assert_equal "$(pid_of postfix) $(pid_of dovecot) $(pid_of opendkim)" \
    "$postfix $dovecot $opendkim"
  run status mail .last_reload.result
  assert_output unchanged
}

@test "a reload brings a new alias into effect without a restart" {
  postfix=$(pid_of postfix)
  run to_mail send --port 25 --to news@example.com --message-id "$(new_id)"
  assert_output --regexp '^rcpt 550 '
  sed 's/^  hello@example.com:.*/&\n  news@example.com: [info@example.com]/' \
    "$(mail_files mail)/etc/mailinit/mailinit.yaml" >"$BATS_TEST_TMPDIR/mailinit.yaml"
  docker cp -q "$BATS_TEST_TMPDIR/mailinit.yaml" "$STACK-mail:/etc/mailinit/mailinit.yaml"
  run mailinit mail reload
  assert_success
  assert_output --partial applied
  id=$(new_id)
  wait_until "the alias is known" takes news@example.com
  run to_mail send --port 25 --to news@example.com --message-id "$id"
  assert_output --regexp '^data 250 '
  run imap "$id"
  assert_success
  assert_equal "$(pid_of postfix)" "$postfix"
}

takes() {
  to_mail send --port 25 --to "$1" --message-id "$(new_id)" | grep -q '^data 250 '
}

@test "a reload of a broken file is refused, with its place, and all goes on" {
  docker exec "$STACK-mail" readlink -f /run/mailinit/current >"$BATS_TEST_TMPDIR/before"
  printf 'hostname: mail.example.com\ndomains: [example.com\n' >"$BATS_TEST_TMPDIR/mailinit.yaml"
  docker cp -q "$BATS_TEST_TMPDIR/mailinit.yaml" "$STACK-mail:/etc/mailinit/mailinit.yaml"
  run mailinit mail reload
  assert_failure 1
  assert_output --partial refused
  assert_output --regexp 'mailinit\.yaml:[0-9]+:[0-9]+: error \[yaml-syntax\]'
  wait_until "the place is in the log" logs_have mail 'mailinit\.yaml:[0-9]+:[0-9]+'
  run docker exec "$STACK-mail" readlink -f /run/mailinit/current
  assert_output "$(cat "$BATS_TEST_TMPDIR/before")"
  run status mail .last_reload.result
  assert_output refused
  mail_flows

  docker cp -q "$(mail_files mail)/etc/mailinit/mailinit.yaml" \
    "$STACK-mail:/etc/mailinit/mailinit.yaml"
  run mailinit mail reload
  assert_success
}

# reloads: how often Postfix has said that it read its configuration anew.
reloads() {
  logs_of mail | grep -c 'postfix/master.* reload --'
}

more_reloads_than() {
  [ "$(reloads)" -gt "$1" ]
}

@test "a changed hosts file reaches the chroot by a reload, and Postfix is told" {
  local before
  before=$(reloads)
  mail_sh mail 'echo "192.0.2.1 somewhere.test" >>/etc/hosts'
  run mailinit mail reload
  assert_success
  run mail_sh mail 'cmp /etc/hosts /var/spool/postfix/etc/hosts'
  assert_success
  wait_until "Postfix has reloaded" more_reloads_than "$before"
}

@test "docker stop ends with exit code 0, and the container starts again" {
  docker stop -t 30 "$STACK-mail" >/dev/null
  assert_equal "$(exit_code mail)" 0
  mail_start mail
  mail_flows
}

@test "SIGINT and SIGQUIT stop it too, with exit code 0" {
  for signal in INT QUIT; do
    docker kill --signal "$signal" "$STACK-mail" >/dev/null
    wait_until "it has stopped" gone mail
    assert_equal "$(exit_code mail)" 0
    mail_start mail
  done
}

@test "a container that was killed starts again over what it left" {
  docker kill "$STACK-mail" >/dev/null
  wait_until "it is gone" gone mail
  mail_start mail
  mail_flows
}

# ------------------------------------------------------------ what cannot start

# fails_for_good NAME HOST CODE ARG…: the container gives up by itself, with CODE.
fails_for_good() {
  local name=$1 host=$2 code=$3
  shift 3
  mkdir -p "$(mail_files "$name")"
  cp -R "$(mail_files mail)/." "$(mail_files "$name")"
  mail_create "$name" "$host" "$@"
  docker start "$STACK-$name" >/dev/null
  wait_until "$name has given up" gone "$name"
  assert_equal "$(exit_code "$name")" "$code"
}

@test "a Postfix that cannot start for good ends the container with 10" {
  fails_for_good ten 11 10 --env POSTFIXMASTER_nosuchname__inet="n - n - - smtpd" \
    --env "MAIL_RESTART_GIVE_UP_AFTER=2 in 1m" --env MAIL_START_ANYWAY=postfix-port-unknown
  run logs_of ten
  assert_output --partial nosuchname
}

@test "a Dovecot that cannot start for good ends the container with 11" {
  fails_for_good eleven 12 11 --env DOVECOT_no_such_setting=yes
  run logs_of eleven
  assert_output --partial 'no_such_setting'
}

@test "an OpenDKIM that cannot start for good ends the container with 12" {
  fails_for_good twelve 13 12 --env OPENDKIM_Canonicalization=bogus \
    --env MAIL_START_ANYWAY=opendkim-value
  run logs_of twelve
  assert_output --regexp 'opendkim'
}

@test "a parameter that Postfix itself refuses ends it with 10, before the files are in use" {
  fails_for_good ten-more 14 10 --env POSTFIX_inet_protocols=bogus \
    --env MAIL_START_ANYWAY=postfix-value
  run logs_of ten-more
  assert_output --partial inet_protocols
  assert_output --partial 'was not put into use'
  run docker cp "$STACK-ten-more:/run/mailinit/current" "$BATS_TEST_TMPDIR/current"
  assert_failure
}
