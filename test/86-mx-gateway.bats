#!/usr/bin/env bats
# compose/mx-gateway.yaml and compose/mailstore.yaml: an edge that keeps nothing but its
# queue, and a mail store on the other side of a network that fails.

bats_require_minimum_version 1.5.0

STORE=store.example.com

setup_file() {
  load lib/stack
  load lib/mail
  load lib/compose
  stack_up
  zone_add <<<"$STORE. IN A $SUBNET.11"
  compose_begin mailstore
  authority
  cp "$CA" "$FILES/ca.pem"
  # the store begins without a certificate
  mkdir "$FILES/store"
  file_from info_password <<<"$INFO_PASSWORD"
  # ports of the engine's choice, on loopback
  export BIND=127.0.0.1 MX_PORT='' LMTP_PORT='' IMAP_PORT='' IMAPS_PORT=''
  compose_up
  compose_begin mx-gateway
  compose_up
  mail_ready store
  mail_ready mx
}

teardown_file() {
  load lib/stack
  load lib/compose
  compose_begin mailstore
  compose_down
  compose_begin mx-gateway
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
  show_logs mx store
}

# from_world TO [ID]: somebody out there sends to us; what our edge says to it.
from_world() {
  client send --address "$SUBNET.10" --host mx.example.com --port 25 --to "$1" \
    --message-id "${2:-$(new_id)}"
}

# arrived ID: prints the message once it is in the mailbox of info.
arrived() {
  as_info client find imap --address "$SUBNET.11" --host "$STORE" --ca "$CA" --port 993 \
    --tls tls --message-id "$1"
}

mx_queue_is() {
  diff <(queue_ids mx) <(printf '%s\n' "$@" | sed '/^$/d' | sort)
}

served_by() {
  openssl s_client -connect "$SUBNET.11:993" </dev/null 2>/dev/null |
    openssl x509 -noout -issuer | grep -F "$1"
}

put_off_no_more() {
  from_world "$1" "$2" | grep '^data 250 '
}

link_down() {
  docker network disconnect -f "$STACK" "$STACK-store"
}

link_up() {
  docker network connect --ip "$SUBNET.11" "$STACK" "$STACK-store"
}

@test "as long as the store has no certificate of its own, it is handed nothing, and nobody is refused" {
  run from_world info+first@example.com
  assert_output --regexp '^rcpt 450 4\.1\.1 .*unverified address: Server certificate not verified'
  run ! logs_have store 'info@example.com'
  authority_files store "$STORE"
  wait_until "the store serves its certificate" served_by "test authority"
  wait_until "the sender that was put off gets through" \
    put_off_no_more info+first@example.com "$(new_id)"
}

@test "mail from the world gets to the mailbox, by LMTP under TLS with a name that was verified" {
  local id
  id=$(new_id)
  run from_world info@example.com "$id"
  assert_output --regexp '^data 250 '
  arrived "$id" >"$BATS_TEST_TMPDIR/message"
  run cat "$BATS_TEST_TMPDIR/message"
  assert_output --regexp 'from mx\.example\.com .*by store\.example\.com with LMTPS'
  logs_have mx "Verified TLS connection established to $STORE\[$SUBNET.11\]:24"
}

@test "the edge has neither mailboxes nor passwords, and nothing but its queue on a volume" {
  # what the image asks for is a volume without a name, and empty
  run docker inspect -f '{{range .Mounts}}{{.Name}} {{.Destination}} {{end}}' "$STACK-mx"
  assert_output --partial "${STACK}_queue /var/spool/postfix"
  run mail_sh mx 'find /var/mail -mindepth 1; touch /etc/new 2>&1'
  assert_output --partial 'Read-only file system'
  assert_equal "${#lines[@]}" 1
  run status mx '.services | map(.name) | join(" ")'
  assert_output postfix
  run mail_sh mx 'ls /run/mailinit/current /run/secrets; grep -r "{SHA512-CRYPT}" /run/mailinit /etc/mailinit'
  refute_output --partial dovecot
  refute_output --partial CRYPT
}

@test "who has no mailbox at the store is refused at the edge, at once and for good" {
  run from_world nobody@example.com
  assert_output --regexp '^rcpt 550 5\.1\.1 .*nobody@example.com.*'
  run from_world visitor@gmail.test
  assert_output --regexp '^rcpt 554 5\.7\.1 '
}

@test "an address with an extension, and postmaster, get to their mailbox" {
  local one two
  one=$(new_id) two=$(new_id)
  run from_world info+shop@example.com "$one"
  assert_output --regexp '^data 250 '
  run from_world postmaster@example.com "$two"
  assert_output --regexp '^data 250 '
  arrived "$one" >/dev/null
  arrived "$two" >/dev/null
}

@test "while the way to the store is cut, known recipients are taken, others put off; all of it arrives" {
  local one two
  one=$(new_id) two=$(new_id)
  link_down
  run from_world info@example.com "$one"
  assert_output --regexp '^data 250 '
  wait_until "it was tried in vain" logs_have mx 'status=deferred \((connect to|delivery temporarily)'
  # not 550: nobody was asked
  run from_world fresh@example.com
  assert_output --regexp '^rcpt 450 4\.1\.1 '
  run mailinit mx health
  assert_success
  run mailinit mx check --live
  assert_failure 1
  assert_output --regexp "\[live-partner-down\].*$STORE:24"

  # the edge itself starts again, as a new container
  compose up -d --no-build --force-recreate mx
  mail_ready mx
  run mx_queue_is "$one"
  assert_success
  # what it knew is gone with the old one: put off, not refused
  run from_world info@example.com "$two"
  assert_output --regexp '^rcpt 450 4\.1\.1 '
  run mailinit mx queue
  assert_output --partial example.com
  run ! logs_have mx 'status=(bounced|expired)'

  link_up
  run -0 mailinit mx queue flush
  arrived "$one" >/dev/null
  wait_until "the sender that was put off gets through" put_off_no_more info@example.com "$two"
  arrived "$two" >/dev/null
  wait_until "nothing waits at the edge" mx_queue_is
  # and nobody was told that it failed
  run outside_ids
  assert_output ""
}
