#!/usr/bin/env bats
# Lookup tables: those of the settings, and those that people have as files, with stale
# .db files, none, or a type that this Postfix lacks, on a mount that cannot be written to.
# 44-maps-bookworm.bats is this file by another name.

bats_require_minimum_version 1.5.0

setup_file() {
  load lib/stack
  load lib/mail
  BASE=$(base_of_file)
  export BASE
  stack_up
  authority
  docker volume create --label "mailinit-test=$STACK" "$STACK-maps" >/dev/null
  container_create writer 12 --volume "$STACK-maps:/maps" --entrypoint sleep \
    "$MAILINIT_IMAGE:$BASE" 10000
  docker start "$STACK-writer" >/dev/null
  # A .db of yesterday: its source has changed since, and nobody ran postmap.
  map senders <<<'old@gmail.test REJECT of yesterday'
  mail_sh writer 'mkdir /tmp/p && : >/tmp/p/main.cf && postmap -c /tmp/p hash:/maps/senders'
  map senders <<<'bad@gmail.test REJECT of the hash table'
  map more <<<'worse@gmail.test REJECT of the lmdb table'
  map patterns <<<'/^worst@/ REJECT of the regexp table'
  map sasl_passwd <<<'[smarthost.test]:587 user#1:not this one'
  mail_sh writer 'chmod 600 /maps/sasl_passwd'
  smarthost
  standard_mail --volume "$STACK-maps:/maps:ro" \
    --env 'POSTFIX_smtpd_sender_restrictions=check_sender_access hash:/maps/senders, check_sender_access lmdb:/maps/more, check_sender_access regexp:/maps/patterns' \
    --env 'POSTFIX_relayhost=[smarthost.test]:587' --env POSTFIX_smtp_tls_security_level=encrypt \
    --env POSTFIX_smtp_sasl_auth_enable=yes --env POSTFIX_smtp_sasl_security_options=noanonymous \
    --env POSTFIX_smtp_sasl_password_maps=hash:/maps/sasl_passwd
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

# map NAME: standard input is what stands in that table from now on, written in place.
map() {
  docker exec -i "$STACK-writer" sh -c 'cat >"/maps/$1"' - "$1"
}

smarthost() {
  certificate smarthost smarthost.test
  cat "$BATS_FILE_TMPDIR/ca/smarthost."{key,pem} >"$BATS_FILE_TMPDIR/smarthost.pem"
  container_create smarthost 40 --env PASSWORD="$INFO_PASSWORD" "$TEST_IMAGE" \
    python3 /smarthost.py /smarthost.pem 'user#1'
  docker cp -q "$TEST_ROOT/stack/smarthost.py" "$STACK-smarthost:/smarthost.py"
  docker cp -q "$BATS_FILE_TMPDIR/smarthost.pem" "$STACK-smarthost:/smarthost.pem"
  docker start "$STACK-smarthost" >/dev/null
  wait_until "the smarthost listens" logs_have smarthost listening
}

# mail_by SENDER: what the server says to a stranger's message.
mail_by() {
  client send --address "$SUBNET.10" --port 25 --from "$1" --to info@example.com \
    --message-id "$(new_id)"
}

# refuses SENDER WORDS, takes SENDER
refuses() {
  mail_by "$1" | grep -qF -- "$2"
}

takes() {
  mail_by "$1" | grep -q '^data 250 '
}

reloaded() {
  run mailinit mail reload
  assert_success
}

@test "a hash: table on a read-only mount counts as its source is, whatever its .db says" {
  wait_until "it is refused" refuses bad@gmail.test 'of the hash table'
  takes old@gmail.test
  run mail_sh mail 'postconf -h smtpd_sender_restrictions'
  assert_output --partial 'texthash:/run/mailinit/current/postfix/maps/maps_senders'
  run mailinit mail check
  assert_output --partial '[map-copied]: hash:/maps/senders is read from a copy of its source'
}

@test "so does one of a type that this Postfix lacks" {
  run mail_sh mail 'postconf -m'
  refute_line lmdb
  refuses worse@gmail.test 'of the lmdb table'
}

@test "a table that Postfix reads itself is left where it is" {
  refuses worst@gmail.test 'of the regexp table'
  run mail_sh mail 'postconf -h smtpd_sender_restrictions'
  assert_output --partial 'regexp:/maps/patterns'
}

@test "a changed source counts after a reload, of each kind" {
  printf '%s\n' 'new@gmail.test REJECT since today' >"$BATS_TEST_TMPDIR/table"
  map senders <"$BATS_TEST_TMPDIR/table"
  map more <<<'newer@gmail.test REJECT since today, too'
  map patterns <<<'/^newest@/ REJECT since today, as well'
  reloaded
  wait_until "the first" refuses new@gmail.test 'since today'
  wait_until "the second" refuses newer@gmail.test 'since today, too'
  wait_until "the third" refuses newest@gmail.test 'since today, as well'
  for sender in bad worse worst; do
    takes "$sender@gmail.test"
  done
  run mailinit mail reload
  assert_success
  wait_until "nothing has changed" logs_have mail 'reload: nothing has changed'
}

@test "a line that is none refuses the reload, by file and line; what counted counts" {
  printf '%s\n' '# who we do not like' 'other@gmail.test REJECT x' '' 'half@gmail.test' |
    map senders
  run mailinit mail reload
  assert_failure 1
  run logs_have mail '/maps/senders:4:1: error \[map-line\]: a key without a value'
  assert_success
  run status mail '.findings.refused[] | select(.id == "map-line") | [.origin.file, .origin.line] | map(tostring) | join(":")'
  assert_output /maps/senders:4
  refuses new@gmail.test 'since today'
  takes other@gmail.test
}

@test "a source that vanishes refuses the reload; when it is back, all is well" {
  mail_sh writer 'rm /maps/senders /maps/senders.db'
  run mailinit mail reload
  assert_failure 1
  run status mail '.findings.refused[] | select(.id == "map-unreadable") | .message'
  assert_output '/maps/senders: No such file or directory'
  refuses new@gmail.test 'since today'
  map senders <<<'back@gmail.test REJECT again'
  reloaded
  wait_until "it counts" refuses back@gmail.test again
}

@test "a FIFO, a directory or a gigabyte in the place of a source hang and fill nobody" {
  for make in 'mkfifo /maps/senders' 'mkdir /maps/senders' 'truncate -s 1G /maps/senders'; do
    mail_sh writer "rm -rf /maps/senders && $make"
    run timeout 60 docker exec "$STACK-mail" mailinit reload
    assert_failure 1
    run status mail '.findings.refused[] | select(.id == "map-unreadable") | .message'
    assert_output --partial '/maps/senders: '
  done
  mail_sh writer 'rm -rf /maps/senders'
  map senders <<<'back@gmail.test REJECT again'
  reloaded
}

@test "a login at a smarthost: its table is a secret, goes through no postmap, and counts when it is corrected" {
  id=$(new_id)
  run submit --to friend@gmail.test --message-id "$id"
  assert_output --regexp '^data 250 '
  wait_until "the password is wrong" logs_have smarthost 'password wrong'
  printf '[smarthost.test]:587 user#1:%s\n' "$INFO_PASSWORD" | map sasl_passwd
  reloaded
  mailinit mail queue flush
  wait_until "the smarthost took it" logs_have smarthost "took $id"
  run mail_sh mail 'stat -c "%a %U" /run/mailinit/current/postfix/maps/maps_sasl_passwd; find / -xdev -name "*sasl_passwd*.db"'
  assert_output '600 root'
  run bash -c 'docker exec "$1" mailinit --dry-run; docker logs "$1"' - "$STACK-mail"
  refute_output --partial 'not this one'
  refute_output --partial "$INFO_PASSWORD"
}

@test "aliases, transports and senders of the settings: changed by a reload, without any .db" {
  local yaml=/etc/mailinit/mailinit.yaml
  sed 's/^aliases:/&\n  fresh@example.com: [info@example.com]/' "$(mail_files mail)$yaml" \
    >"$BATS_TEST_TMPDIR/mailinit.yaml"
  printf 'transports:\n  void.test: "error:5.1.2 nobody lives there"\nsender_logins:\n  boss@example.com: [info@example.com]\n' \
    >>"$BATS_TEST_TMPDIR/mailinit.yaml"
  run submit --from boss@example.com --to info@example.com --message-id "$(new_id)"
  assert_output --regexp '^rcpt 553 '
  run submit --to fresh@example.com --message-id "$(new_id)"
  assert_output --regexp '^rcpt 550 '
  docker cp -q "$BATS_TEST_TMPDIR/mailinit.yaml" "$STACK-mail:$yaml"
  reloaded
  id=$(new_id)
  run submit --from boss@example.com --to fresh@example.com --message-id "$id"
  assert_output --regexp '^data 250 '
  run imap "$id"
  assert_success
  run submit --to any@void.test --message-id "$(new_id)"
  assert_output --partial 'nobody lives there'
  run mail_sh mail 'find /run/mailinit -name "*.db"'
  refute_output
}
