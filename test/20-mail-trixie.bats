#!/usr/bin/env bats
# Mail through one container with two domains, as the people at both ends see it.
# 20-mail-bookworm.bats is this file by another name: the same on the other base.

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
  show_logs mail outside
}

# ------------------------------------------------------------ certificate and ports

@test "the given certificate is served on 25, 587 and 465, with the right name" {
  for port in 25:smtp 587:smtp 465:; do
    run certificate_at "$port"
    assert_success
    assert_output --partial "Verify return code: 0 (ok)"
  done
}

@test "the given certificate is served on 993, 995, 143 and 110, with the right name" {
  for port in 993: 995: 143:imap 110:pop3; do
    run certificate_at "$port"
    assert_success
    assert_output --partial "Verify return code: 0 (ok)"
  done
}

# certificate_at PORT:STARTTLS-PROTOCOL
certificate_at() {
  local starttls=()
  [ -z "${1#*:}" ] || starttls=(-starttls "${1#*:}")
  openssl s_client -connect "$SUBNET.10:${1%:*}" "${starttls[@]}" -CAfile "$CA" \
    -servername "$MAIL_HOSTNAME" -verify_hostname "$MAIL_HOSTNAME" -verify_return_error \
    </dev/null 2>&1
}

@test "a TLS version older than 1.2 is refused" {
  for port in 465 993; do
    run openssl s_client -connect "$SUBNET.10:$port" -tls1_1 -cipher ALL:@SECLEVEL=0 </dev/null
    assert_failure
  done
}

# ------------------------------------------------------------ who may send

@test "submission with a password on 587 with STARTTLS" {
  run submit --to sales@example.org --message-id "$(new_id)"
  assert_output --regexp '^data 250 '
}

@test "submission with a password on 465" {
  run as_info to_mail send --port 465 --tls tls \
    --from info@example.com --to sales@example.org --message-id "$(new_id)"
  assert_output --regexp '^data 250 '
}

@test "a wrong password is refused on 587 and on 465" {
  PASSWORD="not it" run to_mail send --user info@example.com --port 587 --tls starttls
  assert_output --regexp '^auth 535 '
  PASSWORD="not it" run to_mail send --user info@example.com --port 465 --tls tls
  assert_output --regexp '^auth 535 '
}

@test "a user that does not exist is refused like a wrong password" {
  PASSWORD="not it" run to_mail send --user ghost@example.com --port 587 --tls starttls
  assert_output --regexp '^auth 535 '
}

@test "port 25 offers no AUTH, neither before TLS nor under it" {
  run to_mail ehlo --port 25
  assert_success
  assert_line STARTTLS
  refute_output --partial AUTH
  run to_mail ehlo --port 25 --tls starttls
  assert_success
  assert_line --regexp '^SIZE'
  refute_output --partial AUTH
}

@test "port 587 offers AUTH under TLS only" {
  run to_mail ehlo --port 587
  assert_success
  assert_line STARTTLS
  refute_output --partial AUTH
  run to_mail ehlo --port 587 --tls starttls
  assert_success
  assert_line --regexp '^AUTH .*PLAIN'
}

@test "a password in the clear is refused everywhere" {
  run as_info to_mail send --port 587
  assert_output --regexp '^auth (530|503|538) '
  run as_info to_mail send --port 25
  assert_output --regexp '^auth 5[0-9][0-9] '
  run as_info to_mail find imap --port 143
  assert_failure
  run as_info to_mail find pop3 --port 110
  assert_failure
}

@test "the same logins work under STARTTLS on 143 and 110" {
  run as_info to_mail find imap --port 143 --tls starttls
  assert_success
  run as_info to_mail find pop3 --port 110 --tls starttls
  assert_success
}

@test "without a password nobody submits on 587" {
  run to_mail send --port 587 --tls starttls \
    --from info@example.com --to info@example.com --message-id "$(new_id)"
  assert_output --regexp '^(mail|rcpt) 5[0-9][0-9] '
}

@test "a user cannot send as another" {
  run as_info to_mail send --port 587 --tls starttls \
    --from sales@example.org --to friend@gmail.test --message-id "$(new_id)"
  assert_output --regexp '^(mail|rcpt) 553 '
}

@test "a user may send from an alias of the own mailbox" {
  run as_sales to_mail send --port 587 --tls starttls \
    --from shop@example.org --to friend@gmail.test --message-id "$(new_id)"
  assert_output --regexp '^data 250 '
}

@test "port 25 relays nothing for strangers" {
  run to_mail send --port 25 --to friend@gmail.test --message-id "$(new_id)"
  assert_output --regexp '^rcpt (454|554) '
  run to_mail send --port 25 --from info@example.com --to friend@gmail.test \
    --message-id "$(new_id)"
  assert_output --regexp '^(mail|rcpt) [45][0-9][0-9] '
}

@test "port 25 is no open relay by the old tricks of addressing" {
  for to in 'friend%gmail.test@example.com' '"friend@gmail.test"@example.com' \
    'gmail.test!friend' '@example.com:friend@gmail.test'; do
    run to_mail send --port 25 --to "$to" --message-id "$(new_id)"
    refute_output --regexp '^data 250'
    assert_output --regexp '^rcpt [45][0-9][0-9] '
  done
}

# ------------------------------------------------------------ who gets it

@test "mail to a local mailbox is seen by IMAP and by POP3 under TLS" {
  id=$(new_id)
  run submit --to info@example.com --message-id "$id"
  assert_output --regexp '^data 250 '
  run imap "$id"
  assert_success
  assert_output --partial "Message-ID: $id"
  assert_output --partial "... a line that starts with dots"
  run pop3 "$id"
  assert_success
  assert_output --partial "Message-ID: $id"
}

@test "mail between the two domains arrives" {
  id=$(new_id)
  run submit --to sales@example.org --message-id "$id"
  assert_output --regexp '^data 250 '
  run as_sales to_mail find imap --port 993 --tls tls --message-id "$id"
  assert_success
}

@test "mail from outside is delivered, through the MX that we publish" {
  id=$(new_id)
  printf 'From: <friend@gmail.test>\nMessage-ID: %s\n\nhello\n' "$id" |
    outside_send friend@gmail.test info@example.com
  run imap "$id"
  assert_success
  assert_output --partial "from mx.gmail.test"
}

@test "an alias leads to its mailbox" {
  id=$(new_id)
  run to_mail send --port 25 --to hello@example.com --message-id "$id"
  assert_output --regexp '^data 250 '
  run imap "$id"
  assert_success
}

@test "postmaster@ and abuse@ are answered for both domains and the host name" {
  for to in postmaster@example.com abuse@example.com postmaster@example.org \
    abuse@example.org "postmaster@$MAIL_HOSTNAME" postmaster; do
    id=$(new_id)
    run to_mail send --port 25 --to "$to" --message-id "$id"
    assert_output --regexp '^data 250 '
    run imap "$id"
    assert_success
  done
}

@test "an unknown recipient is refused at RCPT" {
  for to in ghost@example.com ghost@example.org "ghost@$MAIL_HOSTNAME" "vmail@$MAIL_HOSTNAME"; do
    run to_mail send --port 25 --to "$to" --message-id "$(new_id)"
    assert_output --regexp '^rcpt 55[0-9] '
  done
}

@test "the size limit is announced" {
  run to_mail ehlo --port 25
  assert_line --regexp '^SIZE 52428800$'
}

# ------------------------------------------------------------ signatures

@test "mail to the outside arrives there, signed by example.com, and dkimpy verifies it" {
  id=$(new_id)
  run submit --to friend@gmail.test --message-id "$id"
  assert_output --regexp '^data 250 '
  outside_wait "$id" >"$BATS_TEST_TMPDIR/message"
  run verify <"$BATS_TEST_TMPDIR/message"
  assert_success
  assert_output "pass d=example.com s=default"
}

@test "the second domain signs with its own key" {
  id=$(new_id)
  run as_sales to_mail send --port 587 --tls starttls \
    --from sales@example.org --to friend@gmail.test --message-id "$id"
  assert_output --regexp '^data 250 '
  outside_wait "$id" >"$BATS_TEST_TMPDIR/message"
  run verify <"$BATS_TEST_TMPDIR/message"
  assert_success
  assert_output "pass d=example.org s=default"
  run record default._domainkey.example.com TXT
  com=$output
  run record default._domainkey.example.org TXT
  refute_output "$com"
}

@test "a changed message does not verify, so the verifier is worth something" {
  id=$(new_id)
  submit --to friend@gmail.test --message-id "$id"
  outside_wait "$id" | sed 's/the first line/the last line/' >"$BATS_TEST_TMPDIR/message"
  run verify <"$BATS_TEST_TMPDIR/message"
  assert_failure
  assert_output --regexp '^fail'
}

@test "a bounce comes back to the sender, signed" {
  id=$(new_id)
  run submit --to nobody@gmail.test --message-id "$id"
  assert_output --regexp '^data 250 '
  # The bounce quotes the header of the message that it returns.
  run as_info to_mail find pop3 --port 995 --tls tls --message-id "$id"
  assert_success
  assert_output --partial "MAILER-DAEMON"
  as_info to_mail find pop3 --port 995 --tls tls --message-id "$id" >"$BATS_TEST_TMPDIR/message"
  run verify <"$BATS_TEST_TMPDIR/message"
  assert_success
  assert_output "pass d=example.com s=default"
}

@test "mail that a stranger sends in the name of our domain is not signed by us" {
  id=$(new_id)
  run to_mail send --port 25 --from liar@gmail.test --header-from info@example.com \
    --to info@example.com --message-id "$id"
  assert_output --regexp '^data 250 '
  imap "$id" >"$BATS_TEST_TMPDIR/message"
  run verify <"$BATS_TEST_TMPDIR/message"
  assert_failure
}

@test "with the signer stopped clients get 451, and their retry arrives signed" {
  id=$(new_id)
  mailinit mail stop opendkim
  run relay_inside "$id"
  assert_output --partial '<** 451 '
  run to_mail send --port 25 --to info@example.com --message-id "$id"
  assert_output --regexp '^(mail|rcpt|data) 451 '
  run mailinit mail health
  assert_failure 1
  assert_output --partial opendkim
  run queue_ids mail
  refute_output --partial "$id"

  mailinit mail start opendkim
  mail_ready mail
  run outside_find "$id"
  assert_failure
  run relay_inside "$id"
  assert_success
  outside_wait "$id" >"$BATS_TEST_TMPDIR/message"
  run verify <"$BATS_TEST_TMPDIR/message"
  assert_output "pass d=example.com s=default"
}

# relay_inside ID: a client on the loopback of the container, which may relay without a
# password, sends one message outside.
relay_inside() {
  docker run --rm --network "container:$STACK-mail" "$TEST_IMAGE" swaks --server 127.0.0.1 \
    --from info@example.com --to friend@gmail.test --header "Message-ID: $1"
}

@test "with the signer stopped submission is put off too, and the retry arrives signed" {
  id=$(new_id)
  mailinit mail stop opendkim
  # Postfix says it at the first step that can fail for a while: STARTTLS (RFC 3207) or
  # AUTH (RFC 4954), whose code for that is 454.
  run submit --to friend@gmail.test --message-id "$id"
  assert_output --regexp '^(starttls 454|mail 451) '
  run as_info to_mail send --port 465 --tls tls \
    --from info@example.com --to friend@gmail.test --message-id "$id"
  assert_output --regexp '^(auth 454|mail 451) '
  run queue_ids mail
  refute_output --partial "$id"

  mailinit mail start opendkim
  mail_ready mail
  run outside_find "$id"
  assert_failure
  run submit --to friend@gmail.test --message-id "$id"
  assert_output --regexp '^data 250 '
  outside_wait "$id" >"$BATS_TEST_TMPDIR/message"
  run verify <"$BATS_TEST_TMPDIR/message"
  assert_output "pass d=example.com s=default"
}

@test "with the signer stopped mail of the container itself waits, and leaves signed later" {
  id=$(new_id)
  mailinit mail stop opendkim
  printf 'From: <info@example.com>\nMessage-ID: %s\n\nhello\n' "$id" |
    docker exec -i "$STACK-mail" sendmail -i -f info@example.com friend@gmail.test
  wait_until "pickup has tried and failed" logs_have mail 'postfix/cleanup.* milter-reject: '
  run outside_find "$id"
  assert_failure

  mailinit mail start opendkim
  mail_ready mail
  mail_sh mail 'postqueue -f'
  outside_wait "$id" >"$BATS_TEST_TMPDIR/message"
  run verify <"$BATS_TEST_TMPDIR/message"
  assert_success
}

# ------------------------------------------------------------ the chroot

@test "Postfix runs chrooted by default, with the files that it needs there" {
  run root_of pickup mail
  assert_output /var/spool/postfix
  run root_of qmgr mail
  assert_output /
  run mail_sh mail 'cd /var/spool/postfix/etc && for f in resolv.conf hosts; do cmp $f /etc/$f; done'
  assert_success
}

# ------------------------------------------------------------ what is published

@test "the published records are complete" {
  run record example.com MX
  assert_output --regexp "^[0-9]+ mail.example.com.\$"
  run record mail.example.com A
  assert_output "$SUBNET.10"
  run record example.com TXT
  assert_output --partial "v=spf1"
  run record _dmarc.example.com TXT
  assert_output --partial "v=DMARC1"
  run record default._domainkey.example.org TXT
  assert_output --partial "v=DKIM1"
}

# ------------------------------------------------------------ logs and status

@test "what Postfix, Dovecot and OpenDKIM say is in docker logs" {
  run logs_of mail
  assert_line --regexp '^[0-9T:.-]+Z postfix/smtpd\[[0-9]+\] info: .*connect from '
  assert_line --regexp '^[0-9T:.-]+Z dovecot.* info: '
  assert_line --regexp '^[0-9T:.-]+Z opendkim\[[0-9]+\] info: .*DKIM-Signature field added'
}

@test "every line of the log on standard output begins with time, program and level" {
  docker logs "$STACK-mail" >"$BATS_TEST_TMPDIR/log" 2>/dev/null
  run grep -cvE '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}\.[0-9]{3}Z [^ ]+ (debug|info|warning|error|fatal|panic|notice): ' \
    "$BATS_TEST_TMPDIR/log"
  assert_output 0
}

@test "no password is in the logs" {
  run logs_of mail
  refute_output --partial "$INFO_PASSWORD"
  refute_output --partial "$SALES_PASSWORD"
  refute_output --partial 'testsalt'
}

@test "status names the three daemons, the certificate and what was dropped" {
  run status mail '[.services[] | select(.state == "ready") | .name] | sort | join(" ")'
  assert_output "dovecot opendkim postfix"
  run status mail '.certificates[0].names | index("mail.example.com") != null'
  assert_output true
  run status mail '.certificates[0].days_left >= 18 and .log.dropped == 0 and .version == 1'
  assert_output true
  run mailinit mail status
  assert_success
  assert_output --partial postfix
  assert_output --partial ready
}

@test "health says 0" {
  run mailinit mail health
  assert_success
  run mailinit mail health --quick
  assert_success
}
