#!/usr/bin/env bats
# Troubleshooting by symptom: its commands are those that there are, and who follows the page from
# a link that broke comes to the finding that it promises.

bats_require_minimum_version 1.5.0

setup_file() {
  load lib/stack
  load lib/mail
  BASE=trixie
  SUBNET=192.0.2
  STACK=mailinit-test-$(random_hex 4)
  export BASE STACK SUBNET
  authority
  standard_files mail
  docker create --name "$STACK-mail" --label "mailinit-test=$STACK" --network none \
    --hostname "$MAIL_HOSTNAME" "$MAILINIT_IMAGE:$BASE" >/dev/null
  docker cp -q "$(mail_files mail)/." "$STACK-mail:/"
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
  cd "$BATS_TEST_DIRNAME/.."
}

# commands: those of the page, a line each, for the container of this test.
commands() {
  awk '/^```sh$/ { inside = 1; next } /^```/ { inside = 0 } inside' docs/troubleshooting.md |
    grep -E '^docker (exec|logs|inspect) ' | sed -E "s/(exec|--tail [0-9]+|' )( ?)mail\b/\1\2$STACK-mail/" | sort -u
}

@test "every command of the page works as it is written" {
  commands >"$BATS_TEST_TMPDIR/commands"
  run wc -l <"$BATS_TEST_TMPDIR/commands"
  assert [ "$output" -ge 20 ]
  local line
  while read -r line; do
    echo "$line"
    run bash -c "$line"
    # 1: something was found, which is what such a command is for; here no DNS can be asked
    if [[ $line == *'dkim status' ]]; then
      assert_equal "$status" 3
    else
      assert [ "$status" -le 1 ]
    fi
    refute_output --partial 'mailinit: unknown'
    refute_output --partial 'No such container'
  done <"$BATS_TEST_TMPDIR/commands"
}

@test "mail that waits for DNS: the queue says so, and check --live whom it could not ask" {
  mail_sh mail 'printf "Subject: x\n\nx\n" | sendmail -f info@example.com someone@gmail.test'
  wait_until "the queue has the reason" \
    bash -c "docker exec $STACK-mail mailinit queue | grep -q 'Host not found, try again'"
  run mailinit mail check --live
  assert_output --regexp 'dns-not-checked|resolver-missing'
}

@test "no banner on 587: with Dovecot gone, live findings and the map say who is asked" {
  mailinit mail stop dovecot
  run mailinit mail check --live
  assert_output --partial '[live-service-down]'
  run mailinit mail map
  assert_output --partial 'asks Passwords'
  run mailinit mail health
  assert_failure
  mailinit mail start dovecot
  wait_until "it is healthy again" mailinit mail health
  run mailinit mail check --live
  refute_output --partial '[live-service-down]'
}

@test "a refused start ends with 1, and its log has the finding that the page names" {
  docker create --name "$STACK-refused" --label "mailinit-test=$STACK" --network none \
    -e MAIL_HOSTNAME="$MAIL_HOSTNAME" -e MAIL_DOMAINS=example.com \
    -e POSTFIX_smtpd_sasl_path=private/elsewhere "$MAILINIT_IMAGE:$BASE" >/dev/null
  run docker start -a "$STACK-refused"
  assert_equal "$status" 1
  assert_output --partial '[postfix-sasl-socket]'
  run docker inspect --format '{{.State.ExitCode}}' "$STACK-refused"
  assert_output 1
}
