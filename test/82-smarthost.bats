#!/usr/bin/env bats
# compose/smarthost.yaml: all mail leaves through a provider, with a password from a file,
# behind TLS that is verified. When one of these is not so, mail waits.

bats_require_minimum_version 1.5.0

setup_file() {
  load lib/stack
  load lib/mail
  load lib/compose
  stack_up
  compose_begin smarthost
  # a network that nobody has
  export MAIL_NETWORK=172.$((24 + RANDOM % 8)).$((RANDOM % 256))
  export RELAY_HOST=smarthost.test RELAY_USERNAME='user#1' RELAY_SPF=spf.smarthost.test
  export MAIL_ADDRESS=$SUBNET.10
  authority
  authority_files provider smarthost.test
  certificate other elsewhere.test
  provider_start
  printf '%s\n' "$INFO_PASSWORD" | file_from relay_password
  compose_up
  mail_ready mailserver
  echo "spf.smarthost.test. IN TXT \"v=spf1 ip4:$SUBNET.40 -all\"" | zone_add
  dkim_publish mailserver
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
  show_logs mailserver provider
}

provider_start() {
  container_create provider 40 --env PASSWORD="$INFO_PASSWORD" "$TEST_IMAGE" \
    python3 /smarthost.py /provider.pem 'user#1'
  docker cp -q "$TEST_ROOT/stack/smarthost.py" "$STACK-provider:/smarthost.py"
  provider_shows provider
  docker start "$STACK-provider" >/dev/null
  wait_until "the provider listens" logs_have provider listening
}

# provider_shows NAME: that certificate of the test's authority, from now on.
provider_shows() {
  local dir=$BATS_FILE_TMPDIR/ca
  cat "$dir/$1.key" "$dir/$1.pem" >"$BATS_FILE_TMPDIR/provider.pem"
  docker cp -q "$BATS_FILE_TMPDIR/provider.pem" "$STACK-provider:/provider.pem"
}

# send ID: a container of the network sends a message, and it is taken.
send() {
  run docker run --rm --label "mailinit-test=$STACK" --network "$STACK-mail" \
    -v "$TEST_ROOT/clients:/clients:ro" "$TEST_IMAGE" python3 -B /clients/send.py \
    --address mailserver --port 25 --from app@example.com --to visitor@gmail.test --message-id "$1"
  assert_output --regexp '^data 250 '
}

# live ARG…: the ids of its findings on the running system, sorted, on one line.
live() {
  docker exec "$STACK-mailserver" mailinit check --live --format json "$@" \
    >"$BATS_FILE_TMPDIR/report.json" || [ $? = 1 ]
  jq -r '[.findings[].id | select(startswith("live-"))] | unique | join(" ")' \
    "$BATS_FILE_TMPDIR/report.json"
}

# message ID: what the finding of that id says, and where it comes from.
message() {
  jq -r --arg id "$1" '.findings[] | select(.id == $id) | "\(.origin.name) \(.message)"' \
    "$BATS_FILE_TMPDIR/report.json"
}

# heard COUNT: what the provider was told since then; who leaves it told it nothing.
heard() {
  logs_of provider | tail -n "+$(($1 + 1))" | sed '/^left alone$/d; /^no handshake$/d'
}

lines_heard() {
  logs_of provider | wc -l
}

# waits ID: it is in the queue, and nowhere else.
waits() {
  run queue_ids mailserver
  assert_output "$1"
  run ! outside_find "$1"
  run heard 0
  refute_line "took $1"
}

# leaves ID: what waited is at the provider once it is tried again.
leaves() {
  run -0 mailinit mailserver queue flush
  wait_until "the provider took it" logs_have provider "took $1"
}

@test "all mail leaves through the provider, with the password of a file, behind TLS that is verified" {
  local id
  id=$(new_id)
  send "$id"
  wait_until "the provider took it" logs_have provider "took $id"
  logs_have provider "signed"
  wait_until "it is in the log" logs_have mailserver \
    'Verified TLS connection established to smarthost.test'
  run heard 0
  assert_line 'behind TLS auth'
  refute_line --partial 'in clear'
  run ! outside_find "$id"
  run live
  assert_output ""
  run jq -r '.live[] | select(.subject | test("smarthost")) | "\(.outcome) \(.subject)"' \
    "$BATS_FILE_TMPDIR/report.json"
  assert_line 'right smarthost [smarthost.test]:587'
  assert_line 'right login at smarthost [smarthost.test]:587'
  run jq -r '.findings[] | .id' "$BATS_FILE_TMPDIR/report.json"
  assert_output 'tls-self-signed-chosen'
}

@test "with a wrong password mail waits, and check --live says why" {
  local id
  id=$(new_id)
  # written into the file itself, for compose has mounted that
  echo 'not this one' >"$FILES/relay_password"
  wait_until "it was taken over" logs_have mailserver 'reload applied'
  send "$id"
  wait_until "it was refused" logs_have mailserver 'status=deferred \(SASL authentication failed'
  waits "$id"
  run live
  assert_output live-relay-login
  run message live-relay-login
  assert_output 'MAIL_RELAY_PASSWORD_FILE login at smarthost [smarthost.test]:587: it says "535 5.7.8 wrong password"'
  run mailinit mailserver queue
  assert_output --partial 'SASL authentication failed'
  # neither password is anywhere to be read
  run mailinit mailserver check --live
  refute_output --partial 'not this one'
  run logs_of mailserver
  refute_output --partial 'not this one'
  printf '%s\n' "$INFO_PASSWORD" >"$FILES/relay_password"
  wait_until "the right one was taken over" password_taken
  leaves "$id"
}

password_taken() {
  [ "$(live)" = "" ]
}

@test "a provider with another name in its certificate gets neither mail nor password" {
  local id before
  id=$(new_id)
  before=$(lines_heard)
  provider_shows other
  send "$id"
  wait_until "it was not trusted" logs_have mailserver 'status=deferred \(Server certificate not verified'
  waits "$id"
  run live
  assert_output live-relay-tls
  run message live-relay-tls
  assert_output --regexp '^MAIL_RELAY_HOST smarthost .*its certificate is not verified for smarthost.test: 62 \(hostname mismatch\); it is one of elsewhere.test$'
  run heard "$before"
  assert_output ""
  provider_shows provider
  leaves "$id"
}

# own NAME SUBJECT: the provider shows a certificate for NAME that nobody but itself vouches for.
own() {
  openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj "$2" \
    -addext "subjectAltName=DNS:$1" -keyout "$BATS_FILE_TMPDIR/ca/own.key" \
    -out "$BATS_FILE_TMPDIR/ca/own.pem" 2>"$BATS_TEST_TMPDIR/log"
  provider_shows own
}

# untrusted COUNT: check --live says so, and the provider was told nothing since then.
untrusted() {
  run live
  assert_output live-relay-tls
  run message live-relay-tls
  assert_output --partial 'self-signed certificate'
  run jq -r '.live[] | select(.subject | test("smarthost")) | .outcome' \
    "$BATS_FILE_TMPDIR/report.json"
  assert_output wrong
  run heard "$1"
  assert_output ""
}

@test "nor does one of an authority that nobody knows, whatever stands in its certificate" {
  local before
  before=$(lines_heard)
  own smarthost.test /CN=smarthost.test
  untrusted "$before"
  # a name that relay.tls: secure takes, too: openssl tells of that name first
  own mail.smarthost.test /CN=smarthost.test
  untrusted "$before"
  # the words in which openssl says that all is well
  own smarthost.test '/CN=Verify return code: 0 (ok)'
  untrusted "$before"
  provider_shows provider
}

@test "nor does one that offers no TLS, but the login in clear" {
  local id before
  id=$(new_id)
  before=$(lines_heard)
  docker exec "$STACK-provider" touch /stripped
  send "$id"
  wait_until "it was put off" logs_have mailserver 'status=deferred \(TLS is required, but was not offered'
  waits "$id"
  run live
  assert_output live-relay-tls
  run heard "$before"
  assert_output ""
  docker exec "$STACK-provider" rm /stripped
  leaves "$id"
}

@test "while the provider is away mail waits, and check --live says so" {
  local id
  id=$(new_id)
  docker stop -t 1 "$STACK-provider" >/dev/null
  send "$id"
  wait_until "it was tried in vain" logs_have mailserver "relay=none, .*status=deferred"
  run queue_ids mailserver
  assert_output "$id"
  run live
  assert_output live-relay-unreachable
  docker start "$STACK-provider" >/dev/null
  wait_until "the provider is back" password_taken
  leaves "$id"
}

@test "the provider of some senders is looked at as well, also where a domain's MX leads to it" {
  echo 'provider.test. IN MX 10 smarthost.test.' | zone_add
  cat >"$BATS_TEST_TMPDIR/senders.yaml" <<-END
	relay:
	  by_sender:
	    shop@example.com: {host: "provider.test:587", username: "user#1", password: not this one}
	    sales@example.com: {host: "[smarthost.test]:587", username: "user#1", password: not this one}
	END
  docker cp -q "$BATS_TEST_TMPDIR/senders.yaml" "$STACK-mailserver:/tmp/senders.yaml"
  run live --config /tmp/senders.yaml
  assert_output "live-relay-login live-relay-tls"
  run message live-relay-login
  assert_output --partial 'login at smarthost [smarthost.test]:587: it says "535 5.7.8 wrong password"'
  # the certificate is the provider's own, and not one of the domain
  run message live-relay-tls
  assert_output --partial 'smarthost provider.test:587: its certificate is not verified for provider.test'
}

@test "in all of that nothing was said to the provider in clear" {
  run heard 0
  assert_line 'behind TLS auth'
  assert_line 'password wrong'
  refute_line --partial 'in clear'
  run queue_ids mailserver
  assert_output ""
}
