#!/usr/bin/env bats
# Mailboxes that change while people are logged in, and mail that is there in another format.
# 45-mailboxes-bookworm.bats is this file by another name.

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
  YAML=$(mail_files mail)/etc/mailinit/mailinit.yaml
}

teardown() {
  show_logs mail
}

# settings: those on standard input are the container's from now on.
settings() {
  cat >"$BATS_TEST_TMPDIR/mailinit.yaml"
  docker cp -q "$BATS_TEST_TMPDIR/mailinit.yaml" "$STACK-mail:/etc/mailinit/mailinit.yaml"
}

reloaded() {
  run mailinit mail reload
  assert_success
}

# logs_in USER PASSWORD: by IMAP.
logs_in() {
  PASSWORD=$2 to_mail login --port 993 --tls tls --user "$1"
}

# session_begin USER PASSWORD: an IMAP session that stays; session_goes_on: it still answers.
session_begin() {
  mkfifo "$BATS_TEST_TMPDIR/in"
  PASSWORD=$2 to_mail login --stay --port 993 --tls tls --user "$1" \
    <"$BATS_TEST_TMPDIR/in" >"$BATS_TEST_TMPDIR/out" 3>&- 4>&- &
  exec 4>"$BATS_TEST_TMPDIR/in"
  wait_until "the session is open" grep -qx open "$BATS_TEST_TMPDIR/out"
}

session_goes_on() {
  local before
  before=$(grep -c answered "$BATS_TEST_TMPDIR/out") || :
  echo >&4
  wait_until "the session answers" session_answered "$before"
}

session_answered() {
  [ "$(grep -c answered "$BATS_TEST_TMPDIR/out")" -gt "$1" ]
}

hash_of() {
  echo "{SHA512-CRYPT}$(openssl passwd -6 "$1")"
}

@test "a mailbox that was added can log in and gets mail; who is logged in stays so" {
  run ! logs_in new@example.com secret
  session_begin info@example.com "$INFO_PASSWORD"
  sed "s|^mailboxes:|&\n  - address: new@example.com\n    password: \"$(hash_of secret)\"|" "$YAML" | settings
  reloaded
  wait_until "it can log in" logs_in new@example.com secret
  id=$(new_id)
  run submit --to new@example.com --message-id "$id"
  assert_output --regexp '^data 250 '
  PASSWORD=secret run to_mail find imap --port 993 --tls tls --user new@example.com --message-id "$id"
  assert_success
  session_goes_on
}

@test "a password that was changed in its file counts from the reload on; open sessions stay" {
  session_begin info@example.com "$INFO_PASSWORD"
  mail_sh mail 'echo changed >/run/secrets/info'
  reloaded
  wait_until "the new one counts" logs_in info@example.com changed
  run ! logs_in info@example.com "$INFO_PASSWORD"
  session_goes_on
  docker cp -q "$(mail_files mail)/run/secrets/info" "$STACK-mail:/run/secrets/info"
  reloaded
  wait_until "the old one again" logs_in info@example.com "$INFO_PASSWORD"
}

@test "a mailbox that was removed cannot log in, and its mail is refused; an open session stays until it ends" {
  wait_until "it can log in" logs_in new@example.com secret
  session_begin new@example.com secret
  settings <"$YAML"
  reloaded
  run ! logs_in new@example.com secret
  session_goes_on
  run submit --to new@example.com --message-id "$(new_id)"
  assert_output --regexp '^rcpt 550 '
  mail_sh mail 'doveadm kick new@example.com'
  echo >&4
  wait_until "the session was ended" grep -qx lost "$BATS_TEST_TMPDIR/out"
}

@test "mailboxes in a file, in Dovecot's own form: added and removed by a reload" {
  docker exec -i "$STACK-mail" sh -c 'umask 077; cat >/etc/mailinit/passwd' \
    <<<"more@example.com:$(hash_of more)::::::"
  { sed '/^mailboxes:/,/^aliases:/{/^aliases:/!d}' "$YAML"
    printf 'mailboxes:\n  file: /etc/mailinit/passwd\n'
  } | sed 's/info@example.com/more@example.com/' | settings
  reloaded
  wait_until "it can log in" logs_in more@example.com more
  run ! logs_in info@example.com "$INFO_PASSWORD"
  docker exec -i "$STACK-mail" sh -c 'cat >/etc/mailinit/passwd' \
    <<<"more@example.com:$(hash_of other)::::::"
  reloaded
  wait_until "the new password counts" logs_in more@example.com other
  settings <"$YAML"
  reloaded
  wait_until "all is as before" logs_in info@example.com "$INFO_PASSWORD"
}

# ------------------------------------------------------------ other formats

# old_mbox PATH: a message in an mbox, owned as the store is.
old_mbox() {
  mail_sh mail 'mkdir -p "$(dirname "$1")" && printf "From a@b.test Mon Nov 23 10:00:00 2026\nSubject: old\nMessage-ID: <old@b.test>\n\nhello\n\n" >"$1" &&
    chown -R 5000:5000 /var/mail' "$1"
}

# store_of COMMAND…: the store is emptied, then filled by COMMAND, while nothing runs on it.
store_of() {
  mail_sh mail 'rm -rf /var/mail/*'
  "$@"
}

@test "one mailbox in another format among good ones: a warning that status keeps" {
  id=$(new_id)
  run submit --to info@example.com --message-id "$id"
  assert_output --regexp '^data 250 '
  run imap "$id"
  assert_success
  old_mbox /var/mail/example.org/sales/inbox
  reloaded
  run mailinit mail status
  assert_line --regexp '^warning: the mailbox sales@example.org has mail in mbox \(/var/mail/example.org/sales/inbox\), and Dovecot is told to read maildir \(mailinit explain mail-format-mixed\)$'
  docker restart "$STACK-mail" >/dev/null
  mail_ready mail
  run mailinit mail health
  assert_line --regexp '^warning: the mailbox sales@example.org'
  mail_sh mail 'rm -r /var/mail/example.org/sales'
  reloaded
  run mailinit mail health
  assert_output healthy
}

@test "a whole store in mbox: a reload is refused, and so is a start, with the remedy" {
  store_of old_mbox /var/mail/example.com/info/inbox
  run mailinit mail reload
  assert_failure 1
  run status mail '.findings.refused[] | select(.id == "mail-format") | .help'
  assert_output --regexp '^Convert the mail, as docs/mailboxes.md says; or .*DOVECOT_mail_(driver|location)=mbox'
  docker restart "$STACK-mail" >/dev/null
  wait_until "it is gone" gone mail
  run exit_code mail
  assert_output 1
  run logs_have mail 'error \[mail-format\]: Dovecot is told to read maildir, and all mail there is in another format: that of info@example.com is mbox \(/var/mail/example.com/info/inbox\)'
  assert_success
}

@test "started all the same, it is converted, and then told no more" {
  docker rm -f "$STACK-mail" >/dev/null
  mapfile -t VOLUMES < <(volumes mail)
  mail_create mail 10 "${VOLUMES[@]}" --env MAIL_START_ANYWAY=mail-format
  mail_start mail
  run mailinit mail status
  assert_line --regexp '^error: .*MAIL_START_ANYWAY names it \(mailinit explain mail-format\)$'
  mail_sh mail 'doveadm import -u info@example.com mbox:/var/mail/example.com/info "" ALL &&
    rm -r /var/mail/example.com/info/inbox'
  run imap '<old@b.test>'
  assert_success
  reloaded
  run mailinit mail health
  assert_output healthy
}

@test "a spool by the user's name, a file in the place of the mailbox, and dbox are seen too" {
  for place in /var/mail/info /var/mail/info@example.com /var/mail/example.com/info; do
    store_of old_mbox "$place"
    run mailinit mail check
    assert_output --partial "is mbox ($place)"
  done
  store_of mail_sh mail 'mkdir -p /var/mail/example.com/info/mailboxes/INBOX/dbox-Mails &&
    touch /var/mail/example.com/info/mailboxes/INBOX/dbox-Mails/u.1'
  run mailinit mail check
  assert_output --partial 'is sdbox (/var/mail/example.com/info)'
  assert_output --partial 'Set mailboxes.format (MAIL_MAILBOXES_FORMAT) to sdbox'
  store_of mail_sh mail 'mkdir -p /var/mail/example.com/info/storage &&
    touch /var/mail/example.com/info/storage/m.1'
  run mailinit mail check
  assert_output --partial 'is mdbox (/var/mail/example.com/info)'
}

@test "the reverse: Maildirs where Dovecot is told to read mbox, or dbox" {
  local raw=DOVECOT_mail_driver=mbox
  [ "$BASE" = trixie ] || raw='DOVECOT_mail_location=mbox:/var/mail/%d/%n'
  store_of mail_sh mail 'mkdir -p /var/mail/example.com/info/cur && touch /var/mail/example.com/info/cur/1.x:2,S'
  run docker exec --env "$raw" "$STACK-mail" mailinit check
  assert_failure 1
  assert_output --partial 'Dovecot is told to read mbox, and all mail there is in another format: that of info@example.com is maildir'
  run docker exec --env MAIL_MAILBOXES_FORMAT=mdbox "$STACK-mail" mailinit check
  assert_failure 1
  assert_output --partial 'Set mailboxes.format (MAIL_MAILBOXES_FORMAT) to maildir'
  run mailinit mail check
  refute_output --partial mail-format
}

@test "empty files, FIFOs, and what is no mail, are no format" {
  store_of mail_sh mail 'mkdir -p /var/mail/example.com/info/cur /var/mail/example.org &&
    : >/var/mail/info && mkfifo /var/mail/example.com/info/inbox && echo words >/var/mail/example.org/sales'
  run timeout 60 docker exec "$STACK-mail" mailinit check
  assert_success
  refute_output --partial mail-format
}
