#!/usr/bin/env bats
# Services of the user's own beside the mail daemons: a further milter that Postfix waits
# for, and small scripts. 31-services-bookworm.bats is this file by another name.

bats_require_minimum_version 1.5.0

setup_file() {
  load lib/stack
  load lib/mail
  BASE=$(base_of_file)
  export BASE
  stack_up
  authority
  standard_files mail
  add_services "$(mail_files mail)"
  mapfile -t VOLUMES < <(volumes mail)
  mail_create mail 10 "${VOLUMES[@]}"
  mail_start mail
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

# add_services ROOT: a second OpenDKIM, which verifies instead of signing, and two scripts.
add_services() {
  printf '%s\n' 'Mode v' 'Syslog yes' 'Socket inet:8893@127.0.0.1' 'AlwaysAddARHeader yes' \
    >"$1/etc/verifier.conf"
  printf 'swordfish\n' >"$1/run/secrets/word"
  cat >>"$1/etc/mailinit/mailinit.yaml" <<'END'
milters: ["inet:127.0.0.1:8893"]
restart:
  give_up_after: 3 in 2m
services:
  - name: verifier
    command: /usr/sbin/opendkim -f -x /etc/verifier.conf
    user: opendkim
    ready: milter:127.0.0.1:8893
    needed_by: [postfix]
    stop_signal: KILL
  - name: ticker
    command:
      - /bin/sh
      - -c
      - >-
        echo "tick as $(id -un) in $(pwd), the word has $WORD_LENGTH letters";
        [ ${#WORD} = "$WORD_LENGTH" ] && echo >&3;
        exec 3>&-;
        exec sleep 1000000
    user: nobody
    needs: [postfix]
    ready: fd:3
    directory: /tmp
    environment:
      WORD_LENGTH: 9
      WORD_file: /run/secrets/word
  - name: unlucky
    command: /bin/false
    required: no
END
}

pid_of() {
  status mail ".services[] | select(.name == \"$1\") | .pid"
}

ready_anew() {
  status mail ".services[] | select(.name == \"$1\") | .state == \"ready\" and .pid != $2"
}

state_is() {
  status mail ".services[] | select(.name == \"$1\") | .state == \"$2\""
}

line_of() {
  logs_of mail | grep -n -m 1 -- "$1" | cut -d: -f1
}

mail_is_verified() {
  local id
  id=$(new_id)
  run to_mail send --port 25 --from friend@gmail.test --to info@example.com --message-id "$id"
  assert_output --regexp '^data 250 '
  run imap "$id"
  assert_success
  assert_output --regexp 'Authentication-Results: [^;]*;.*'
  assert_output --partial 'dkim=none'
}

@test "Postfix starts when the further milter is ready, and asks it" {
  [ "$(line_of 'verifier: ready after')" -lt "$(line_of 'postfix: ready after')" ]
  mail_is_verified
}

@test "the further milter runs as its user, without any capability" {
  run mail_sh mail 'grep -E "^(Uid|CapPrm|CapBnd|NoNewPrivs)" "/proc/$1/status"' "$(pid_of verifier)"
  assert_line --regexp '^Uid:.612.612.612.612$'
  assert_line --regexp '^CapPrm:.0000000000000000$'
  assert_line --regexp '^CapBnd:.0000000000000000$'
  assert_line --regexp '^NoNewPrivs:.1$'
}

@test "the further milter killed: started again, and asked again" {
  pid=$(pid_of verifier)
  mail_sh mail 'kill -9 "$1"' "$pid"
  wait_until "the verifier is ready again" ready_anew verifier "$pid"
  mail_ready mail
  mail_is_verified
}

@test "a script says on a descriptor that it is ready; its secret is in no log and no report" {
  wait_until "it is ready" state_is ticker ready
  run logs_of mail
  assert_output --regexp 'ticker\[[0-9]+\] info: tick as nobody in /tmp, the word has 9 letters'
  refute_output --partial swordfish
  run mailinit mail check
  refute_output --partial swordfish
  run mailinit mail --dry-run --format=json
  refute_output --partial swordfish
}

@test "a service that is not required fails for good, and mail flows" {
  wait_until "it was given up" state_is unlucky failed
  run -0 mailinit mail health
}

@test "a reload brings a service and takes one away, and disturbs nobody else" {
  postfix=$(pid_of postfix) verifier=$(pid_of verifier)
  sed '/^  - name: unlucky/,$d' "$(mail_files mail)/etc/mailinit/mailinit.yaml" \
    >"$BATS_TEST_TMPDIR/mailinit.yaml"
  cat >>"$BATS_TEST_TMPDIR/mailinit.yaml" <<'END'
  - name: late
    command: [/bin/sleep, "1000000"]
    ready: exec:/usr/bin/test -d /run/mailinit
END
  docker cp -q "$BATS_TEST_TMPDIR/mailinit.yaml" "$STACK-mail:/etc/mailinit/mailinit.yaml"
  run -0 mailinit mail reload
  assert_output --partial applied
  wait_until "the new one is ready" state_is late ready
  run status mail '[.services[].name] | join(" ")'
  assert_output 'opendkim dovecot postfix verifier ticker late'
  assert_equal "$(pid_of postfix) $(pid_of verifier)" "$postfix $verifier"
  run -0 mailinit mail reload
  assert_output --partial unchanged
}

@test "a reload with a circle or an unknown need is refused, with its place" {
  cat "$(mail_files mail)/etc/mailinit/mailinit.yaml" - >"$BATS_TEST_TMPDIR/mailinit.yaml" <<'END'
  - {name: one, command: /bin/true, needs: [postfix], needed_by: [dovecot]}
  - {name: two, command: /bin/true, needs: [postfox]}
  - {name: three, command: /no/such/program}
END
  docker cp -q "$BATS_TEST_TMPDIR/mailinit.yaml" "$STACK-mail:/etc/mailinit/mailinit.yaml"
  run -1 mailinit mail reload
  assert_output --regexp 'mailinit\.yaml:[0-9]+:[0-9]+: error \[service-needs-circle\]: .* dovecot, postfix, one'
  assert_output --regexp 'mailinit\.yaml:[0-9]+:[0-9]+: error \[service-needs-unknown\]: .* postfox'
  assert_output --regexp 'mailinit\.yaml:[0-9]+:[0-9]+: error \[service-command\]: .* /no/such/program'
  run -0 mailinit mail health
}

@test "docker stop ends them all, with exit code 0" {
  docker stop -t 30 "$STACK-mail" >/dev/null
  assert_equal "$(exit_code mail)" 0
  run logs_of mail
  assert_output --partial 'verifier: stopped'
  refute_output --partial 'did not stop in time'
}

@test "a required service that fails for good ends the container with 19" {
  mkdir -p "$(mail_files failing)"
  cp -R "$(mail_files mail)/." "$(mail_files failing)"
  sed -i 's/required: no/start_timeout: 5s/' "$(mail_files failing)/etc/mailinit/mailinit.yaml"
  mail_create failing 11 --env "MAIL_RESTART_GIVE_UP_AFTER=2 in 1m"
  docker start "$STACK-failing" >/dev/null
  wait_until "it has given up" gone failing
  assert_equal "$(exit_code failing)" 19
  run logs_of failing
  assert_output --partial 'unlucky: given up: exited with code 1'
}
