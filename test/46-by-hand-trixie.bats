#!/usr/bin/env bats
# Somebody mends something inside the container: it is found, told with its difference, kept,
# and what makes it last is said. 46-by-hand-bookworm.bats is this file by another name.

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
  show_logs mail
}

KEPT=/var/lib/mailinit/by-hand

# told PATH FILTER: of the finding in force about the file.
told() {
  status mail ".findings.in_force[] | select(.id == \"changed-by-hand\" and .origin.file == \"$1\") | $2"
}

untold() {
  run status mail '[.findings.in_force[] | select(.id == "changed-by-hand")] | length'
  assert_output 0
}

# variables PATH: what makes the change last, one a line.
variables() {
  told "$1" .help | sed 's/^It lasts with: //; s/; the rest of it no variable can say.*//' | xargs -n 1
}

# lines_with FILE: what a container has that is started with the variables on standard input.
lines_with() {
  local options=() line
  while IFS= read -r line; do
    options+=(--env "$line")
  done
  docker rm -f "$STACK-again" >/dev/null
  mkdir -p "$(mail_files again)"
  cp -r "$(mail_files mail)/." "$(mail_files again)"
  mail_create again 11 "${options[@]}"
  mail_start again
  mail_sh again 'cat "$1"' "$1"
}

# banner_is LINE: what Postfix greets with.
banner_is() {
  local line
  exec 5<>"/dev/tcp/$SUBNET.10/25"
  IFS= read -r -t 30 line <&5
  exec 5>&-
  [ "${line%$'\r'}" = "$1" ]
}

in_log() {
  logs_of mail | sed 's/^.* info: //' | grep -qxF -- "$1"
}

@test "postconf -e: told by check, then by the reload that replaces it, with its difference" {
  mail_sh mail 'postconf -e message_size_limit=31457280 "smtpd_banner=\$myhostname says \"hello\"" && postfix reload'
  wait_until "Postfix has the changed banner" banner_is '220 mail.example.com says "hello"'
  run mailinit mail check
  assert_output --partial '/etc/postfix/main.cf was changed by hand (4 lines)'
  run mailinit mail reload
  assert_success
  wait_until "Postfix has its own banner again" banner_is '220 mail.example.com ESMTP'
  assert in_log '--- /etc/postfix/main.cf (rendered)'
  assert in_log '+++ /etc/postfix/main.cf (changed by hand)'
  assert in_log '-message_size_limit = 52428800'
  assert in_log '+message_size_limit = 31457280'
  run mail_sh mail 'test -L /etc/postfix/main.cf && postconf -h message_size_limit'
  assert_output 52428800
}

@test "status and health show it, and a copy with the difference is kept" {
  run mailinit mail status
  assert_line --regexp '^warning: /etc/postfix/main.cf was changed by hand.*\(mailinit explain changed-by-hand\)$'
  run mailinit mail health
  assert_success
  assert_line --regexp '^warning: /etc/postfix/main.cf was changed by hand'
  run mail_sh mail 'grep message_size "$1" && stat -c %a "$1" && cat "$1.diff"' $KEPT/etc_postfix_main.cf
  assert_line --index 0 'message_size_limit = 31457280'
  assert_line --index 1 600
  assert_line '+message_size_limit = 31457280'
  run mailinit mail explain changed-by-hand
  assert_output --partial POSTFIX_message_size_limit=31457280
}

@test "the variables that it names bring the very lines" {
  run variables /etc/postfix/main.cf
  assert_output 'POSTFIX_message_size_limit=31457280
POSTFIX_smtpd_banner=$myhostname says "hello"'
  run lines_with /etc/postfix/main.cf < <(variables /etc/postfix/main.cf)
  assert_success
  assert_line 'message_size_limit = 31457280'
  assert_line 'smtpd_banner = $myhostname says "hello"'
}

@test "it stays told over further reloads, until the settings have it" {
  run mailinit mail reload
  assert_success
  run told /etc/postfix/main.cf .severity
  assert_output warning
  { cat "$(mail_files mail)/etc/mailinit/mailinit.yaml"
    printf 'postfix:\n  main:\n    message_size_limit: "31457280"\n    smtpd_banner: $myhostname says "hello"\n'
  } >"$BATS_TEST_TMPDIR/mailinit.yaml"
  docker cp -q "$BATS_TEST_TMPDIR/mailinit.yaml" "$STACK-mail:/etc/mailinit/mailinit.yaml"
  run mailinit mail reload
  assert_success
  untold
}

@test "an editor that follows the links: all four files, found when the container starts again" {
  mail_sh mail '
    echo "smtp_helo_timeout = 77s" >>/etc/postfix/main.cf
    echo "2626 inet n - n - 5 smtpd -o smtpd_banner=x" >>/etc/postfix/master.cf
    sed "s/^auth_mechanisms = .*/auth_mechanisms = plain/" /etc/dovecot/dovecot.conf >/tmp/d &&
      cat /tmp/d >/etc/dovecot/dovecot.conf
    sed -i --follow-symlinks "s/^Canonicalization.*/Canonicalization simple\/simple/" /etc/opendkim.conf
    grep -q "^Canonicalization simple/simple$" /etc/opendkim.conf || echo "Canonicalization simple/simple" >>/etc/opendkim.conf'
  docker restart "$STACK-mail" >/dev/null
  mail_ready mail
  run logs_have mail '^\+smtp_helo_timeout = 77s'
  assert_success
  run variables /etc/postfix/main.cf
  assert_output 'POSTFIX_smtp_helo_timeout=77s'
  run variables /etc/postfix/master.cf
  assert_output 'POSTFIXMASTER_2626__inet=n - n - 5 smtpd -o smtpd_banner=x'
  run variables /etc/dovecot/dovecot.conf
  assert_output 'DOVECOT_auth_mechanisms=plain'
  run variables /etc/opendkim.conf
  assert_output 'OPENDKIM_Canonicalization=simple/simple'
  run mail_sh mail 'postconf -h smtp_helo_timeout'
  refute_output 77s
}

@test "their variables bring those lines too" {
  { variables /etc/postfix/main.cf
    variables /etc/postfix/master.cf
    variables /etc/dovecot/dovecot.conf
    variables /etc/opendkim.conf
  } >"$BATS_TEST_TMPDIR/variables"
  run lines_with /etc/postfix/main.cf <"$BATS_TEST_TMPDIR/variables"
  assert_success
  assert_line 'smtp_helo_timeout = 77s'
  run mail_sh again 'cat /etc/postfix/master.cf'
  assert_line '2626 inet n - n - 5 smtpd -o smtpd_banner=x'
  run mail_sh again 'doveconf -h auth_mechanisms; cat /etc/opendkim.conf'
  assert_line --index 0 plain
  assert_line 'Canonicalization simple/simple'
}

@test "who removes the copy has seen it" {
  mail_sh mail 'rm "$@"' $KEPT/etc_postfix_main.cf $KEPT/etc_postfix_master.cf \
    $KEPT/etc_dovecot_dovecot.conf $KEPT/etc_opendkim.conf
  run mailinit mail reload
  assert_success
  untold
}

@test "what was told before a start is forgotten by it, and the copy stays" {
  mail_sh mail 'postconf -e smtp_helo_timeout=78s'
  run mailinit mail reload
  assert_success
  run told /etc/postfix/main.cf .severity
  assert_output warning
  docker restart "$STACK-mail" >/dev/null
  mail_ready mail
  untold
  run mail_sh mail 'grep smtp_helo_timeout "$1"' $KEPT/etc_postfix_main.cf
  assert_output 'smtp_helo_timeout = 78s'
}

@test "a further change of the same file leaves what was kept of the one before" {
  mail_sh mail 'postconf -e smtp_helo_timeout=76s'
  run mailinit mail reload
  assert_success
  run mail_sh mail 'grep -h ^smtp_helo_timeout "$1" "$1.old"; grep -h ^.smtp_helo_timeout "$1.diff" "$1.diff.old"' \
    $KEPT/etc_postfix_main.cf
  assert_output 'smtp_helo_timeout = 76s
smtp_helo_timeout = 78s
+smtp_helo_timeout = 76s
+smtp_helo_timeout = 78s'
}

@test "a file with secrets is told without a word of it, and so is a password in main.cf" {
  mail_sh mail 'echo "x@example.com:{PLAIN}hunter2" >>/run/mailinit/current/dovecot/users
    postconf -e "smtp_sasl_password_maps=inline:{x=hunter3}"'
  run mailinit mail reload
  assert_success
  run told /run/mailinit/current/dovecot/users .message
  assert_output --partial 'which holds secrets, was changed by hand'
  run told /etc/postfix/main.cf .help
  assert_output --partial 'POSTFIX_smtp_sasl_password_maps_FILE=FILE'
  run logs_have mail 'hunter[23]'
  assert_failure
  run mailinit mail status --format=json
  refute_output --partial hunter
  run mail_sh mail 'grep -l hunter "$@"' $KEPT/run_mailinit_current_dovecot_users $KEPT/etc_postfix_main.cf
  assert_success
  run mail_sh mail 'grep -c hunter "$1"' $KEPT/etc_postfix_main.cf.diff
  assert_output 0
}

@test "a reload that is refused keeps nothing, and the change stays in effect" {
  mail_sh mail 'rm -r "$1" && postconf -e smtp_helo_timeout=79s' $KEPT
  printf 'hostname: mail.example.com\ndomainz: [example.com]\n' >"$BATS_TEST_TMPDIR/mailinit.yaml"
  docker cp -q "$BATS_TEST_TMPDIR/mailinit.yaml" "$STACK-mail:/etc/mailinit/mailinit.yaml"
  run mailinit mail reload
  assert_failure 1
  run mail_sh mail 'test -e "$1" || postconf -h smtp_helo_timeout' $KEPT
  assert_output 79s
}
