#!/usr/bin/env bats
# A storm: messages through submission while daemons and single Postfix workers are killed.
# What got a 250 arrives, signed, and what was killed is back.
# 38-chaos-bookworm.bats is this file by another name, and a shorter storm.
#
# The tests are one story; each goes on where the one before it stopped.

bats_require_minimum_version 1.5.0

setup_file() {
  load lib/stack
  load lib/mail
  BASE=$(base_of_file)
  export BASE
  stack_up
  authority
  # Short pauses for what a dead delivery agent defers. As many kills as others see in years
  # come in a minute: the window of giving up is as much shorter than two minutes.
  standard_mail --env POSTFIX_queue_run_delay=3s --env POSTFIX_minimal_backoff_time=3s \
    --env POSTFIX_maximal_backoff_time=6s --env POSTFIX_transport_retry_time=3s \
    --env "MAIL_RESTART_GIVE_UP_AFTER=8 in 20s" \
    --env "POSTFIX_notify_classes=resource, software, protocol"
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
  JOURNAL=$BATS_FILE_TMPDIR/journal
  ARRIVED=$BATS_FILE_TMPDIR/arrived
}

teardown() {
  show_logs mail
}

# say: shows standard input, which is worth a look also where all is well.
say() {
  sed 's/^/# /' >&3
}

# judge QUESTION ARG…: what became of the messages, told and asserted.
judge() {
  run python3 -B "$TEST_ROOT/chaos/judge.py" "$@" --journal "$JOURNAL" "$ARRIVED"
  say <<<"$output"
  assert_success
}

# What an agent held when the queue manager was killed, the new one looks at again a minute
# later, and it looks every five minutes: hence the flush, which everybody does after a crash.
# A file that cannot be executed is unfinished: its writer was killed before anybody was
# told that the message is queued. Nobody waits for it, and postsuper removes it one day.
queue_is_empty() {
  local left
  left=$(mail_sh mail 'postqueue -f && cd /var/spool/postfix &&
    find maildrop incoming active deferred hold -type f -perm -u+x') && [ -z "$left" ]
}

# fetch NAME CONTAINER PATH: a Maildir of a container, as $ARRIVED/NAME.
fetch() {
  mkdir -p "$ARRIVED"
  docker cp -q "$STACK-$2:$3" "$ARRIVED/$1"
}

@test "each message gets its 250 in the end, whoever is killed" {
  local size=(--messages 2000 --kills 30)
  [ "$BASE" = trixie ] || size=(--messages 600 --kills 18)
  run as_info to_mail ../chaos/storm --port 587 --tls starttls --container "$STACK-mail" \
    "${size[@]}" --seed 38 --journal "$JOURNAL"
  say <<<"$output"
  assert_success
}

@test "the queue gets empty" {
  WAIT_SECONDS=120 wait_until "the queue is empty" queue_is_empty
}

@test "what got a 250 is delivered, what cannot be has bounced, and nothing else is there" {
  fetch info mail /var/mail/example.com/info
  fetch sales mail /var/mail/example.org/sales
  fetch outside outside /tmp/arrived
  judge delivered
}

@test "each copy too many is explained by a kill" {
  judge copies
}

@test "each copy passes the verifier, the bounces too" {
  judge signed --dns "$DNS_ADDRESS"
}

@test "all are ready and healthy, and the restarts are as many as the daemons killed" {
  # Without --quick it would go on telling of throttled services for a minute and a half.
  run -0 mailinit mail health --quick
  assert_equal "$(status mail '[.services[].state] | unique | join(" ")')" ready
  assert_equal "$(docker inspect -f '{{.RestartCount}} {{.State.Running}}' "$STACK-mail")" \
    '0 true'
  # A daemon that takes its time to end may be killed twice: its number counts once.
  run -0 jq -r '[.kills[] | select(.service)] | unique_by([.service, .pid]) | group_by(.service)[]
    | "\(.[0].service) \(length)"' "$JOURNAL"
  assert_equal "$(status mail '.services[] | "\(.name) \(.restarts)"' | sort)" "$output"
}

@test "nobody is left over, doubled, or a zombie" {
  processes >"$BATS_TEST_TMPDIR/processes"
  # PID 1 has its two helpers and the three; an orphan would be a sixth.
  run awk '$3 == 1 { print $1 }' "$BATS_TEST_TMPDIR/processes"
  assert_equal "$(sort <<<"$output" | xargs)" 'dovecot mailinit mailinit-watch master opendkim'
  wait_until "the dead are reaped" none_dead
  # One of each that is alone in its kind, for Postfix's and for Dovecot's master.
  run awk '$1 ~ /^(qmgr|pickup|tlsmgr|anvil|log|config)$/ && seen[$1, $3]++' \
    "$BATS_TEST_TMPDIR/processes"
  refute_output
}

# processes: name, state and parent of each in the container but those that we started in it.
processes() {
  mail_sh mail 'cd /proc && for p in [0-9]*; do
      { read -r pid name state parent rest <$p/stat; } 2>/dev/null || continue
      [ "$parent" = 0 ] || echo "$name $state $parent"
    done' | tr -d '()'
}

none_dead() {
  local dead
  dead=$(processes | awk '$2 == "Z"') && [ -z "$dead" ]
}

# notice: what the postmaster was told of a client's errors.
notice() {
  mail_sh mail 'cd /var/mail/example.com/info/new &&
    file=$(grep -l "^Subject: Postfix SMTP server: errors" * | head -n 1) && cat "$file"'
}

@test "what Postfix tells the postmaster of its own accord is signed as well" {
  run -0 python3 -c 'import smtplib, sys
smtp = smtplib.SMTP(sys.argv[1], 25, "client.test", timeout=60)
smtp.ehlo()
print(smtp.docmd("NONSENSE"))
smtp.quit()' "$SUBNET.10"
  assert_output --partial 5.5.2
  wait_until "the postmaster is told" notice
  notice >"$BATS_TEST_TMPDIR/message"
  run verify <"$BATS_TEST_TMPDIR/message"
  assert_output "pass d=example.com s=default"
}
