#!/usr/bin/env bats
# compose/webmail.yaml: people write and read mail in a browser. Roundcube verifies the
# certificate of the mail server; the pictures are kept in build/artefacts.

bats_require_minimum_version 1.5.0

setup_file() {
  load lib/stack
  load lib/mail
  load lib/compose
  stack_up
  compose_begin webmail
  export WEBMAIL_IMAGE=mailinit-web MAIL_ADDRESS=$SUBNET.10
  ARTEFACTS=$(cd "$TEST_ROOT/.." && pwd)/build/artefacts
  export ARTEFACTS
  mkdir -p "$ARTEFACTS" "$FILES/ca"
  authority
  authority_files server "$MAIL_HOSTNAME"
  authority_files elsewhere elsewhere.test
  cp "$FILES/ca.pem" "$FILES/ca/"
  cp "$FILES/server/"*.pem "$BATS_FILE_TMPDIR/"
  printf '%s\n' "$INFO_PASSWORD" | file_from info_password
  printf '%s\n' "$SALES_PASSWORD" | file_from sales_password
  compose_up
  mail_ready mail
  dkim_publish mail
  wait_until "the web mail answers" browser_fetch
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
  show_logs mail webmail
}

browser_fetch() {
  docker run --rm --label "mailinit-test=$STACK" --network "$STACK" "$TEST_IMAGE" \
    curl -sSf --max-time 10 --noproxy '*' -o /dev/null http://webmail/
}

address_of() {
  docker inspect -f "{{(index .NetworkSettings.Networks \"$STACK\").IPAddress}}" "$STACK-$1"
}

# browse PICTURE WHO ARG…: somebody with a browser; the last page is kept as that picture.
browse() {
  local picture=$1 who=$2 password
  shift 2
  case $who in
  info@*) password=$INFO_PASSWORD ;;
  *) password=$SALES_PASSWORD ;;
  esac
  PASSWORD=$password docker run --rm --label "mailinit-test=$STACK" --network "$STACK" \
    -e PASSWORD -v "$TEST_ROOT/stacks/webmail:/stack:ro" -v "$ARTEFACTS:/artefacts" \
    mailinit-web python3 -B /stack/browse.py --url http://webmail/ --user "$who" \
    --picture "/artefacts/$picture.png" "$@"
}

@test "a message that is written in the browser is in the other's inbox, and can be read there" {
  local subject
  subject="offer $(random_hex 4)"
  run browse webmail-sent info@example.com send sales@example.com "$subject"
  assert_line in
  assert_line sent
  run browse webmail-inbox sales@example.com read "$subject"
  assert_success
  assert_line in
  assert_output --partial 'this was written in a browser.'
  run file -b "$ARTEFACTS/webmail-inbox.png"
  assert_output --regexp '^PNG image data, [0-9]{4} x [0-9]{3}'
}

@test "it was said behind TLS that was verified, and logged in for sending, too" {
  wait_until "the reader is in the log" logs_have mail 'imap-login: Logged in: user=<sales@example.com>.* TLS,'
  wait_until "the writer is in the log" logs_have mail 'sasl_username=info@example.com'
  run docker exec "$STACK-webmail" php -r 'include "/etc/roundcube/config.inc.php"; echo json_encode($config["imap_conn_options"]["ssl"]);'
  assert_output '{"verify_peer":true,"verify_peer_name":true,"allow_self_signed":false,"cafile":"\/ca\/ca.pem"}'
}

@test "what is written to people outside leaves signed" {
  local subject
  subject="hello $(random_hex 4)"
  run browse webmail-outside sales@example.com send visitor@gmail.test "$subject"
  assert_line sent
  outside_wait "Subject: $subject" >"$BATS_TEST_TMPDIR/message"
  verify <"$BATS_TEST_TMPDIR/message"
}

@test "while the signer is down the browser says so, and nothing leaves unsigned" {
  local subject
  subject="unsigned $(random_hex 4)"
  run -0 mailinit mail stop opendkim
  run browse webmail-unsigned sales@example.com send visitor@gmail.test "$subject"
  assert_failure
  assert_line 'refused: SMTP Error (454): Connection to server failed.'
  run ! outside_find "Subject: $subject"
  run -0 mailinit mail start opendkim
  mail_ready mail
}

@test "a wrong password is refused, in words that people understand" {
  SALES_PASSWORD=wrong run browse webmail-wrong sales@example.com login
  assert_failure
  assert_output 'refused: Login failed.'
}

@test "while Dovecot is down nobody gets in, and health says why; when it is back they do" {
  run -0 mailinit mail stop dovecot
  run browse webmail-down info@example.com login
  assert_failure
  assert_output 'refused: Connection to storage server failed.'
  run mailinit mail health
  assert_failure
  assert_output --partial dovecot
  run -0 mailinit mail start dovecot
  mail_ready mail
  run browse webmail-back info@example.com login
  assert_output in
}

@test "a name that is not in the certificate is refused: the service's own is none" {
  cat >"$BATS_TEST_TMPDIR/name.yaml" <<-'END'
	services:
	  webmail:
	    environment: {ROUNDCUBEMAIL_DEFAULT_HOST: "ssl://mail"}
	END
  compose -f "$BATS_TEST_TMPDIR/name.yaml" up -d --no-build webmail 2>"$BATS_TEST_TMPDIR/log"
  wait_until "the web mail answers" browser_fetch
  run browse webmail-name info@example.com login
  assert_failure
  assert_output 'refused: Connection to storage server failed.'
  compose_up
  wait_until "the web mail answers" browser_fetch
  run browse webmail-name-back info@example.com login
  assert_output in
}

@test "a new certificate without the name is not served: the last good one stays, and people get in" {
  swap "$FILES/elsewhere"
  wait_until "it was looked at" logs_have mail tls-kept-last-good
  run browse webmail-kept info@example.com login
  assert_output in
  run mailinit mail status
  assert_output --partial tls-kept-last-good
  swap "$BATS_FILE_TMPDIR"
  wait_until "all is well" well
}

# swap DIRECTORY: the pair in there is put in the place of the server's, as by a renewal.
swap() {
  local file
  for file in privkey fullchain; do
    cp "$1/$file.pem" "$FILES/server/$file.new"
    mv "$FILES/server/$file.new" "$FILES/server/$file.pem"
  done
}

well() {
  ! mailinit mail status | grep -qE '(error|warning) \['
}

@test "a server that never had a good one serves it, says so, and Roundcube refuses it" {
  swap "$FILES/elsewhere"
  cat >"$BATS_TEST_TMPDIR/fresh.yaml" <<-'END'
	services:
	  mail:
	    volumes: [fresh:/var/lib/mailinit]
	volumes: {fresh: {}}
	END
  compose -f "$BATS_TEST_TMPDIR/fresh.yaml" up -d --no-build mail 2>"$BATS_TEST_TMPDIR/log"
  mail_ready mail
  run mailinit mail status
  assert_output --partial 'tls-name-mismatch'
  run browse webmail-certificate info@example.com login
  assert_failure
  assert_output 'refused: Connection to storage server failed.'
  # the mail server sees a client that goes away before it logs in
  wait_until "it is in the log" logs_have mail \
    "imap-login: Login aborted: Connection .*no auth attempts.* rip=$(address_of webmail)"
  swap "$BATS_FILE_TMPDIR"
  compose_up
  mail_ready mail
  run browse webmail-certificate-back info@example.com login
  assert_output in
}
