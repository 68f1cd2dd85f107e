#!/usr/bin/env bats
# Ten compose files as readers of docker-mailserver have them, its config volume among them, with our
# image in place of that one: what each variable and line becomes, what `mailinit import` makes of
# them, and that the mail flows.

bats_require_minimum_version 1.5.0

setup_file() {
  load lib/stack
  load lib/mail
  load lib/snippet
  export BASE=trixie PEER=docker-mailserver
  stack_up
  authority
  provider smtp.example.net
  old_store
  snippet_create 01 --volume "$STACK-01-mail-data:/var/mail"
  docker start "$STACK-s01" >/dev/null
  snippets_up 02 03 04 05 06 07 08 09 10
  mail_ready s01
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
  load lib/snippet
}

teardown() {
  [ -z "${SHOWN:-}" ] || show_logs "$SHOWN"
}

# old_store: a volume with one message in a Maildir of hello@example.com, laid out and owned as
# docker-mailserver leaves it.
old_store() {
  docker volume create --label "mailinit-test=$STACK" "$STACK-01-mail-data" >/dev/null
  docker run --rm --network none --volume "$STACK-01-mail-data:/var/mail" "$TEST_IMAGE" sh -ec '
    box=/var/mail/example.com/hello
    mkdir -p $box/cur $box/new $box/tmp $box/home $box/.Archive/cur $box/.Archive/new $box/.Archive/tmp
    touch $box/.Archive/maildirfolder
    printf "From: a@b.test\nTo: hello@example.com\nSubject: old\nMessage-ID: <old@b.test>\n\nhello\n" \
      >$box/tmp/one
    mv $box/tmp/one "$box/cur/1700000000.M1P1.mail,S=$(stat -c %s $box/tmp/one):2,S"
    chown -R 5000:5000 /var/mail'
}

# as USER PASSWORD NUMBER CLIENT ARG…: a client that logs in at that snippet.
as() {
  local user=$1 password=$2 number=$3 name=$4
  shift 4
  PASSWORD=$password client "$name" --address "$(snippet_address "$number")" \
    --host mail.example.com --user "$user" "$@"
}

# hello NUMBER CLIENT ARG…
hello() {
  as hello@example.com secret "$@"
}

# submits NUMBER TO ARG…: hello sends a message over 587, whose id is in $ID.
submits() {
  local number=$1 to=$2
  shift 2
  ID=$(new_id)
  run hello "$number" send --port 587 --tls starttls --from hello@example.com --to "$to" \
    --message-id "$ID" "$@"
  assert_output --regexp '^data 250 '
}

finds() {
  hello "$1" find imap --port 993 --tls tls --message-id "$2"
}

@test "each variable and line becomes what is expected, and import gives the same files" {
  run python3 -B "$TEST_ROOT/peer-snippets/check.py" "$TEST_ROOT/../build/mailinit" docker-mailserver
  assert_success
  assert_line "1..40"
}

@test "01: mail that the old image stored is in the mailbox, and new mail comes beside it" {
  SHOWN=s01
  run finds 01 '<old@b.test>'
  assert_output --partial 'Subject: old'
  submits 01 info@example.com
  run finds 01 "$ID"
  assert_success
  id=$(new_id)
  run through 01 --port 25 --from stranger@gmail.test --to info@example.com --message-id "$id"
  assert_output --regexp '^data 250 '
  run finds 01 "$id"
  assert_success
  run mail_sh s01 'doveadm mailbox list -u hello@example.com'
  assert_line Archive
  submits 01 friend@gmail.test
  outside_wait "$ID" >/dev/null
}

@test "01: who has an alias may send as it, and as nobody else" {
  SHOWN=s01
  id=$(new_id)
  run hello 01 send --port 587 --tls starttls --from info@example.com --to friend@gmail.test --message-id "$id"
  assert_output --regexp '^data 250 '
  run hello 01 send --port 587 --tls starttls --from jane@example.org --to friend@gmail.test --message-id "$id"
  assert_output --regexp '^rcpt 553 '
}

@test "01: an account and an alias that are added to their files while it runs count at once" {
  SHOWN=s01
  run ! as new@example.com newer 01 login --port 993 --tls tls
  mail_sh s01 'printf "new@example.com|%s\n" "$1" >>/tmp/docker-mailserver/postfix-accounts.cf
    echo "sales@example.com new@example.com" >>/tmp/docker-mailserver/postfix-virtual.cf' \
    "{SHA512-CRYPT}$(openssl passwd -6 newer)"
  wait_until "it can log in" as new@example.com newer 01 login --port 993 --tls tls
  wait_until "the alias is known" accepted 01 sales@example.com
}

# accepted NUMBER RECIPIENT
accepted() {
  through "$1" --port 25 --from stranger@gmail.test --to "$2" --message-id "$(new_id)" | grep '^data 250'
}

@test "02: the keys of the volume sign, each domain under its selector" {
  SHOWN=s02
  mailinit s02 dns --zone >"$BATS_TEST_TMPDIR/zone"
  zone_add <"$BATS_TEST_TMPDIR/zone"
  wait_until "the key is in DNS" record mail._domainkey.example.com TXT
  submits 02 friend@gmail.test
  outside_wait "$ID" >"$BATS_TEST_TMPDIR/message"
  run verify <"$BATS_TEST_TMPDIR/message"
  assert_output "pass d=example.com s=mail"
  id=$(new_id)
  run as jane@example.org janes 02 send --port 587 --tls starttls --from jane@example.org \
    --to friend@gmail.test --message-id "$id"
  outside_wait "$id" >"$BATS_TEST_TMPDIR/message"
  run verify <"$BATS_TEST_TMPDIR/message"
  assert_output "pass d=example.org s=key2024"
}

# serves NUMBER PORT FILE: that certificate is served there.
serves() {
  openssl s_client -connect "$(snippet_address "$1"):$2" </dev/null 2>/dev/null |
    openssl x509 -noout -fingerprint | cmp - <(openssl x509 -in "$3" -noout -fingerprint)
}

@test "03: the certificate of certbot is served, and mail flows" {
  SHOWN=s03
  serves 03 465 "$(snippet_of 03)/docker-data/certbot/certs/live/mail.example.com/fullchain.pem"
  submits 03 hello@example.com
  run finds 03 "$ID"
  assert_success
}

@test "04: a certificate by its path is served for IMAP too, and POP3 is there" {
  SHOWN=s04
  serves 04 993 "$(snippet_of 04)/custom-certs/public.crt"
  submits 04 hello@example.com
  run hello 04 find pop3 --port 995 --tls tls --message-id "$ID"
  assert_success
}

@test "05: mail leaves through the provider, and what is local stays" {
  SHOWN=s05
  submits 05 friend@gmail.test
  wait_until "the provider took it" logs_have provider "took $ID"
  submits 05 jane@example.org
  run as jane@example.org janes 05 find imap --port 993 --tls tls --message-id "$ID"
  assert_success
}

@test "06: one domain leaves through the provider, the other by itself; while it is away mail waits" {
  SHOWN=s06
  docker stop -t 0 "$STACK-provider" >/dev/null
  submits 06 friend@gmail.test
  wait_until "it waits" logs_have s06 "relay=none.*status=deferred"
  id=$(new_id)
  run as jane@example.org janes 06 send --port 587 --tls starttls --from jane@example.org \
    --to friend@gmail.test --message-id "$id"
  outside_wait "$id" >/dev/null
  docker start "$STACK-provider" >/dev/null
  wait_until "the provider listens" client ehlo --address "$SUBNET.40" --port 587
  mailinit s06 queue flush
  wait_until "the provider took it" logs_have provider "took $ID"
  run logs_of s06
  refute_output --partial SG.0123
}

@test "07: one account has its own room, the rest that of all, and a message its size" {
  SHOWN=s07
  run mail_sh s07 'doveadm quota get -u hello@example.com'
  assert_output --partial ' 40960 '
  run mail_sh s07 'doveadm quota get -u jane@example.org'
  assert_output --partial ' 51200 '
  run client ehlo --address "$(snippet_address 07)" --port 25
  assert_output --partial 'SIZE 20480000'
  submits 07 hello@example.com
  run finds 07 "$ID"
  assert_success
}

@test "08: lines for Postfix and Dovecot, patterns, and who may not send or receive" {
  SHOWN=s08
  run mail_sh s08 'postconf -h message_size_limit smtpd_banner; doveconf mail_max_userip_connections'
  assert_line 104857600
  assert_line '$myhostname here'
  assert_line 'mail_max_userip_connections = 100'
  run mail_sh s08 'postconf -P submission/inet/smtpd_reject_unlisted_recipient'
  assert_output --partial '= no'
  submits 08 test12@example.com
  run finds 08 "$ID"
  assert_success
  run as jane@example.org janes 08 send --port 587 --tls starttls --from jane@example.org \
    --to friend@gmail.test --message-id "$(new_id)"
  assert_output --regexp '^data 554 .*Sender address rejected'
  run through 08 --port 25 --from stranger@gmail.test --to jane@example.org --message-id "$(new_id)"
  assert_output --regexp '^rcpt 554 '
}

@test "09: with every service switched on mail flows, and the networks it is in may send" {
  SHOWN=s09
  submits 09 hello@example.com
  run finds 09 "$ID"
  assert_success
  relays 09 25 app@example.com
  id=$(new_id)
  run through 09 --port 25 --from stranger@gmail.test --to postmaster@example.org --message-id "$id"
  assert_output --regexp '^data 250 '
  run finds 09 "$id"
  assert_success
}

@test "10: a relay without mailboxes for the containers beside it" {
  SHOWN=s10
  relays 10 25 app@example.com
  run mail_sh s10 'pidof dovecot'
  assert_failure
}
