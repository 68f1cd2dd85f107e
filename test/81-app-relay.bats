#!/usr/bin/env bats
# compose/app-relay.yaml: a web application sends through it without a password, from a
# network of its own, with the name server that Docker gives.

bats_require_minimum_version 1.5.0

setup_file() {
  load lib/stack
  load lib/mail
  load lib/compose
  stack_up
  compose_begin app-relay
  # a network that nobody has
  export WEB_IMAGE=mailinit-web MAIL_NETWORK=172.$((24 + RANDOM % 8)).$((RANDOM % 256))
  export MAIL_ADDRESS=$SUBNET.10
  compose_up
  mail_ready mailserver
  dkim_publish mailserver
  wait_until "the application answers" page
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
  show_logs mailserver web
}

# page CURL-OPTION…: its page, as a browser asks for it; prints the answer.
page() {
  docker run --rm --label "mailinit-test=$STACK" --network "${STACK}_default" "$TEST_IMAGE" \
    curl -sS --max-time 60 --noproxy '*' "$@" http://web:8000/contact
}

# contact ID [TO]: somebody fills in the form; prints what the application answers.
contact() {
  page --data-urlencode "id=$1" --data-urlencode "to=${2:-visitor@gmail.test}"
}

# stranger NETWORK ADDRESS PORT: what the server says to a client in another network that
# asks it to take a mail for somebody outside.
stranger() {
  docker run --rm --label "mailinit-test=$STACK" --network "$1" -v "$TEST_ROOT/clients:/clients:ro" \
    "$TEST_IMAGE" python3 -B /clients/send.py --address "$2" --port "$3" \
    --from app@example.com --to visitor@gmail.test --message-id "$(new_id)"
}

@test "what the application sends without a password arrives outside, signed" {
  local id
  id=$(new_id)
  run contact "$id"
  assert_output sent
  outside_wait "$id" >"$BATS_TEST_TMPDIR/message"
  run verify <"$BATS_TEST_TMPDIR/message"
  assert_success
  assert_output --partial example.com
}

@test "it asks the name server that Docker gives, and finds all well" {
  run mail_sh mailserver 'cat /etc/resolv.conf'
  assert_line 'nameserver 127.0.0.11'
  run mail_sh mailserver 'cat /var/spool/postfix/etc/resolv.conf'
  assert_line 'nameserver 127.0.0.11'
  run mailinit mailserver status
  refute_output --regexp '(error|warning) \['
}

@test "who is not in the application's network cannot send through it" {
  # in the network that is its way out
  run stranger "$STACK" "$SUBNET.10" 25
  assert_output --regexp '^rcpt 554 5\.7\.1 .*[Aa]ccess denied'
  # the runner, in the same
  run client send --address "$SUBNET.10" --port 25 --from app@example.com \
    --to visitor@gmail.test --message-id "$(new_id)"
  assert_output --regexp '^rcpt 554 5\.7\.1 .*[Aa]ccess denied'
}

@test "being in that network is what gives the right, whatever the program" {
  run stranger "${STACK}_mail" mailserver 25
  assert_output --regexp '^data 250 '
}

@test "nor can who comes through the engine, from the gateway's address" {
  local port own
  # a port that was opened by mistake: strangers come from the gateway of the way out
  port=$(docker port "$STACK-mailserver" 25/tcp | sed -n 's/^0.0.0.0://p')
  run stranger host 127.0.0.1 "$port"
  assert_output --regexp '^rcpt 554 5\.7\.1 .*[Aa]ccess denied'
  wait_until "it is in the log" logs_have mailserver "reject: RCPT from [^ ]*\[$SUBNET\.1\]"
  # the engine's own machine has the first address of the application's network
  own=$(docker inspect -f "{{(index .NetworkSettings.Networks \"${STACK}_mail\").IPAddress}}" \
    "$STACK-mailserver")
  run stranger host "$own" 25
  assert_output --regexp '^rcpt 554 5\.7\.1 .*[Aa]ccess denied'
  wait_until "it is in the log" logs_have mailserver "reject: RCPT from [^ ]*\[$MAIL_NETWORK\.1\]"
}

@test "while the name server is down mail is taken and waits; when it is back, mail leaves" {
  local id
  id=$(new_id)
  docker stop -t 1 "$STACK-dns" >/dev/null
  run contact "$id"
  assert_output sent
  wait_until "the message was tried in vain" logs_have mailserver 'status=deferred .*[Hh]ost not found, try again'
  run queue_ids mailserver
  assert_output "$id"
  run mailinit mailserver queue
  assert_output --partial 'gmail.test'
  docker start "$STACK-dns" >/dev/null
  wait_until "the name server answers" record mx.gmail.test A
  run -0 mailinit mailserver queue flush
  outside_wait "$id" | verify
}

@test "while the signer is down the application is told 451, and nothing leaves unsigned" {
  local id
  id=$(new_id)
  run -0 mailinit mailserver stop opendkim
  run contact "$id"
  assert_output --regexp '^not sent: 451 4.7.1 '
  run queue_ids mailserver
  assert_output ""
  run ! outside_find "$id"
  run -0 mailinit mailserver start opendkim
  mail_ready mailserver
  run contact "$id"
  assert_output sent
  outside_wait "$id" | verify
}

@test "it stops in order, and what is kept is there after it is made anew" {
  local before
  before=$(mailinit mailserver dns --zone | grep _domainkey)
  compose stop --timeout 30 mailserver
  assert_equal "$(exit_code mailserver)" 0
  compose rm -f mailserver
  compose_up
  mail_ready mailserver
  assert_equal "$(mailinit mailserver dns --zone | grep _domainkey)" "$before"
}
