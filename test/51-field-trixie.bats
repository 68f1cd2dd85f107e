#!/usr/bin/env bats
# The outages of the field, each in three steps: by hand, with the daemons of the image and
# without mailinit, it is silent or says what people have searched for; the same configuration
# under mailinit is refused, or told, before the start; and what runs then does not have it, or
# says so. docs/outages.md is the list. 51-field-bookworm.bats is this file by another name.

bats_require_minimum_version 1.5.0

setup_file() {
  load lib/stack
  load lib/mail
  BASE=$(base_of_file)
  export BASE
  stack_up
  authority
  certificate other localhost
  certificate renewed "$MAIL_HOSTNAME"
  docker volume create --label "mailinit-test=$STACK" "$STACK-tls" >/dev/null
  container_create tls 13 --volume "$STACK-tls:/tls" "$TEST_IMAGE" true
  docker cp -q "$BATS_FILE_TMPDIR/ca/." "$STACK-tls:/tls"
  smarthost
  standard_mail
}

# smarthost: one at .40 that asks for a login.
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

teardown_file() {
  load lib/stack
  stack_down
}

setup() {
  bats_load_library bats-support
  bats_load_library bats-assert
  load lib/stack
  load lib/mail
  NAME=hand-$BATS_TEST_NUMBER
}

teardown() {
  [ -n "$BATS_TEST_COMPLETED" ] ||
    hand "tail -n 40 /var/log/mail.log /var/log/dovecot.log" >&2
  show_logs mail
  docker ps -aq --filter "name=$STACK-hand-" | xargs -r docker rm -f -v >/dev/null
}

# ---------------------------------------------------------------- by hand

# by_hand: a container at .11 of the same image, in which nothing runs yet. Its host name is not
# the mail server's: the engine would answer for that one itself.
by_hand() {
  container_create "$NAME" 11 --hostname box --volume "$STACK-tls:/tls:ro" \
    --entrypoint sleep "$MAILINIT_IMAGE:$BASE" infinity
  docker start "$STACK-$NAME" >/dev/null
}

# hand SCRIPT ARG…: a shell script in it.
hand() {
  docker exec -i --env "CHROOT=${CHROOT-filled}" "$STACK-$NAME" bash -ec "$1" - "${@:2}"
}

# postfix_by_hand 'NAME = VALUE'…: Debian's own master.cf, a small main.cf, and those lines.
postfix_by_hand() {
  [ -n "$(docker ps -q --filter "name=$STACK-$NAME")" ] || by_hand
  hand '
    cd /etc/postfix
    rm main.cf master.cf
    cp master.cf.proto master.cf
    printf "%s\n" "compatibility_level = 3.6" "maillog_file = /var/log/mail.log" \
      "myhostname = mail.example.com" "mydestination = localhost" "alias_maps =" \
      "inet_protocols = ipv4" "smtp_tls_security_level = may" "$@" >main.cf
    # Postfix would wait until the file is cold
    touch -d "1 minute ago" main.cf
    # what Debian 13 does at each start, and Debian 12 in its init script alone
    mkdir -p /var/spool/postfix/etc
    if [ "$CHROOT" = filled ]; then cp /etc/resolv.conf /etc/hosts /var/spool/postfix/etc; fi
    postfix start' "$@"
}

# dovecot_by_hand: mailboxes below /var/mail/DOMAIN/NAME, all with one password; where mail
# is, and in which format, stands as Debian's files have it.
dovecot_by_hand() {
  if [ "$BASE" = trixie ]; then
    printf '%s\n' 'dovecot_config_version = 2.4.1' 'dovecot_storage_version = 2.4.1' \
      'ssl_server_cert_file = /root/cert.pem' 'ssl_server_key_file = /root/cert.key' \
      'passdb static {' 'password = secret' '}' 'userdb static {' 'fields {' \
      'home = /var/mail/%{user|domain}/%{user|username}' '}' '}' \
      'mail_driver = mbox' 'mail_path = %{home}/mail' 'mail_inbox_path = /var/mail/%{user}'
  else
    printf '%s\n' 'ssl_cert = </root/cert.pem' 'ssl_key = </root/cert.key' \
      'passdb {' 'driver = static' 'args = password=secret' '}' \
      'userdb {' 'driver = static' 'args = home=/var/mail/%d/%n' '}' \
      'mail_location = mbox:~/mail:INBOX=/var/mail/%u'
  fi >"$BATS_TEST_TMPDIR/dovecot.conf"
  printf '%s\n' 'protocols = imap pop3' 'mail_uid = 5000' 'mail_gid = 5000' \
    'log_path = /var/log/dovecot.log' >>"$BATS_TEST_TMPDIR/dovecot.conf"
  hand 'rm /etc/dovecot/dovecot.conf; cat >/etc/dovecot/dovecot.conf
    cp -n /tls/server.pem /root/cert.pem; cp -n /tls/server.key /root/cert.key
    dovecot' <"$BATS_TEST_TMPDIR/dovecot.conf"
}

# serial_by_hand: of the certificate that its Dovecot shows; serial_of NAME: of a file's.
serial_by_hand() {
  hand 'openssl s_client -connect 127.0.0.1:993 </dev/null 2>/dev/null | openssl x509 -noout -serial' |
    cut -d= -f2
}

serial_of() {
  openssl x509 -in "$BATS_FILE_TMPDIR/ca/$1.leaf" -noout -serial | cut -d= -f2
}

# all_show NAME: each of the ports of "mail" shows that certificate in a new connection.
all_show() {
  [ "$(to_mail serials | cut -d' ' -f2 | sort -u)" = "$(serial_of "$1")" ]
}

# hand_says PATTERN: its log, once it is there.
hand_says() {
  wait_until "the log says $1" hand 'grep -qE -- "$1" /var/log/mail.log' "$1"
}

# talk PORT LINE…: what the server of the container says to these lines, each after a reply;
# where none comes, a client waits $PATIENCE seconds.
talk() {
  printf '%s\n' "${@:2}" | hand '
    reply() {
      while read -r -t "$2" line <&3; do
        echo "$line"
        if [[ $line =~ ^([0-9]{3}" "|[+-]) ]]; then return; fi
      done
      exit 0
    }
    exec 3<>/dev/tcp/127.0.0.1/$1
    reply "$@"
    while read -r line; do printf "%b\r\n" "$line" >&3; reply "$@"; done' "$1" "${PATIENCE:-30}"
}

# mail_by_hand TO: a message of the host itself; prints its Message-ID.
mail_by_hand() {
  local id
  id=$(new_id)
  printf 'From: <info@example.com>\nTo: <%s>\nMessage-ID: %s\n\nhello\n' "$1" "$id" |
    hand 'sendmail -i -f info@example.com "$1"' "$1"
  echo "$id"
}

# ---------------------------------------------------------------- before the start

# a_container ARG…: docker run of the image with a name, a domain and these options.
a_container() {
  docker run --label "mailinit-test=$STACK" --network none --volume "$STACK-tls:/tls:ro" \
    --env MAIL_HOSTNAME="$MAIL_HOSTNAME" --env MAIL_DOMAINS=example.com \
    --env MAIL_ALIASES=postmaster@example.com=jane@example.net "$@"
}

# looks COMMAND ARG… [-- SCRIPT]: that command in such a container, as its PID 1, after a
# script has made the files that it shall see.
looks() {
  local command=$1 options=()
  shift
  while [ $# -gt 0 ] && [ "$1" != -- ]; do
    options+=("$1")
    shift
  done
  run timeout 60 bash -c "$(declare -f a_container)"' && a_container "$@"' - --rm \
    "${options[@]}" --entrypoint bash "$MAILINIT_IMAGE:$BASE" -ec "${2:-}
      $command"
}

# refused ID ARG…: a look finds it, and a start is refused for it.
refused() {
  looks 'mailinit check && exit 3; echo start; exec mailinit' "${@:2}"
  assert_equal "$status" 1
  assert_output --regexp "error \[$1\].*"$'\nstart\n'".*error \[$1\]"
}

# told ID ARG…: a look finds it; a start is not refused.
told() {
  looks 'mailinit check || [ $? = 1 ]' "${@:2}"
  assert_success
  assert_output --partial "[$1]"
}

# loud ID ARG…: a look finds it, and what is started all the same goes on saying so.
loud() {
  told "$@"
  a_container --detach --name "$STACK-hand-loud" "${@:2}" "$MAILINIT_IMAGE:$BASE" >/dev/null
  wait_until "Postfix runs" logs_have hand-loud 'daemon started'
  run logs_have hand-loud "\[$1\]"
  assert_success
  run mailinit hand-loud status
  assert_output --partial "mailinit explain $1"
}

# ---------------------------------------------------------------- the outages

@test "no SASL socket: clients connect and get no greeting; under mailinit it is there first" {
  postfix_by_hand 'smtpd_sasl_auth_enable = yes' 'smtpd_sasl_type = dovecot' \
    'smtpd_sasl_path = private/auth'
  run talk 25 QUIT
  refute_output --partial 220
  hand_says "SASL: Connect to Dovecot auth socket 'private/auth' failed: No such file"
  hand_says 'fatal: no SASL authentication mechanisms'
  hand_says 'bad command startup -- throttling'

  refused postfix-sasl-socket --env POSTFIX_smtpd_sasl_path=/run/dovecot/auth-client

  run to_mail ehlo --port 465 --tls tls
  assert_line --regexp '^AUTH .*PLAIN'
}

@test "a macro that nothing defines: Postfix starts, and the restriction is empty" {
  postfix_by_hand
  # lines that stand as comments in older master.cf files of Debian
  run hand '
    printf "%s\n" "submission inet n - y - - smtpd" \
      "  -o smtpd_client_restrictions=\$mua_client_restrictions" >>/etc/postfix/master.cf
    postfix reload'
  assert_success
  assert_output --partial 'warning: /etc/postfix/master.cf: undefined parameter: mua_client_restrictions'
  run talk 587 QUIT
  assert_line --regexp '^220 '

  loud postfix-parameter-undefined \
    --env 'POSTFIXMASTER_2525__inet=n - y - - smtpd -o smtpd_client_restrictions=$mua_client_restrictions'

  run mail_sh mail 'postconf 2>&1 >/dev/null; postconf -M 2>&1 >/dev/null'
  refute_output
}

@test "a misspelt parameter: Postfix starts without a word in its log" {
  postfix_by_hand 'smtpd_recipient_restriction = reject'
  run hand 'postfix check'
  assert_success
  assert_output --partial 'unused parameter: smtpd_recipient_restriction=reject'
  run talk 25 QUIT
  assert_line --regexp '^220 '
  run hand 'cat /var/log/mail.log'
  refute_output --partial smtpd_recipient_restriction

  refused postfix-parameter-unknown --env POSTFIX_smtpd_recipient_restriction=reject
  assert_output --partial smtpd_recipient_restrictions
}

@test "a value of the wrong type: postfix check is content, and no client is greeted" {
  postfix_by_hand 'smtpd_delay_reject = maybe'
  PATIENCE=2 run talk 25 QUIT
  refute_output --partial 220
  hand_says 'bad boolean configuration: smtpd_delay_reject = maybe'

  refused postfix-value --env POSTFIX_smtpd_delay_reject=maybe
}

@test "a word where a table belongs: mail is accepted and stays" {
  postfix_by_hand 'smtp_dns_reply_filter = dns_sortlist'
  mail_by_hand friend@gmail.test
  hand_says 'open dictionary: expecting "type:name" form instead of "dns_sortlist"'
  run hand 'cat /var/log/mail.log'
  refute_output --partial status=

  refused postfix-map-form --env POSTFIX_smtp_dns_reply_filter=dns_sortlist
}

@test "encrypt on 25: a server without TLS is refused, and the log counts it only" {
  postfix_by_hand 'smtpd_tls_security_level = encrypt'
  run talk 25 'EHLO other.example.net' 'MAIL FROM:<jane@example.net>' QUIT
  assert_output --partial '530 5.7.0 Must issue a STARTTLS command first'
  hand_says 'disconnect from .* mail=0/1 '

  loud tls-required-on-25 --env POSTFIX_smtpd_tls_security_level=encrypt

  run client send --address "$SUBNET.10" --port 25 --to info@example.com --message-id "$(new_id)"
  assert_output --regexp '^data 250 '
}

@test "a chroot without resolv.conf: no name is found; under mailinit mail leaves" {
  by_hand
  hand 'echo SYNC_CHROOT= >/etc/default/postfix'
  CHROOT=empty postfix_by_hand
  mail_by_hand friend@gmail.test
  hand_says 'status=deferred \(Host or domain name not found. Name service error for name=gmail.test type=MX: Host not found, try again'

  told resolver-missing -- ': >/etc/resolv.conf'

  NAME=mail id=$(mail_by_hand friend@gmail.test)
  outside_wait "$id"
}

@test "a certificate of another name: Postfix says nothing, clients refuse" {
  postfix_by_hand "smtpd_tls_security_level = may" 'smtpd_tls_cert_file = /tls/other.pem' \
    'smtpd_tls_key_file = /tls/other.key'
  MAIL_ADDRESS=$SUBNET.11 run to_mail ehlo --port 25 --tls starttls
  assert_failure
  assert_output --partial "certificate is not valid for 'mail.example.com'"

  loud tls-name-mismatch --env MAIL_TLS_CERTIFICATE=/tls/other.pem --env MAIL_TLS_KEY=/tls/other.key

  run to_mail ehlo --port 25 --tls starttls
  assert_success
}

@test "a key of another certificate: STARTTLS is offered, and fails" {
  postfix_by_hand 'smtpd_tls_security_level = may' 'smtpd_tls_cert_file = /tls/server.pem' \
    'smtpd_tls_key_file = /tls/other.key'
  run talk 25 'EHLO other.example.net' STARTTLS QUIT
  assert_output --partial '250-STARTTLS'
  assert_output --partial '454 4.7.0 TLS not available due to local problem'
  hand_says 'key values mismatch'

  refused tls-key-mismatch --env MAIL_TLS_CERTIFICATE=/tls/server.pem \
    --env MAIL_TLS_KEY=/tls/other.key
}

@test "a key that is not there: STARTTLS is offered, and fails" {
  postfix_by_hand 'smtpd_tls_security_level = may' 'smtpd_tls_cert_file = /tls/server.pem' \
    'smtpd_tls_key_file = /tls/none.key'
  run talk 25 'EHLO other.example.net' STARTTLS QUIT
  assert_output --partial '454 4.7.0 TLS not available due to local problem'
  hand_says 'cannot get RSA private key from file "?/tls/none.key"?: disabling TLS support'

  refused tls-file-unreadable --env MAIL_TLS_CERTIFICATE=/tls/server.pem \
    --env MAIL_TLS_KEY=/tls/none.key
}

@test "a renewed certificate: Dovecot serves the old one; under mailinit all ports the new one" {
  by_hand
  hand 'cp /tls/server.pem /root/cert.pem; cp /tls/server.key /root/cert.key'
  dovecot_by_hand
  run serial_by_hand
  assert_output "$(serial_of server)"
  hand 'cp /tls/renewed.pem /root/cert.pem; cp /tls/renewed.key /root/cert.key'
  run serial_by_hand
  assert_output "$(serial_of server)"

  # while PID 1, which would take the new one over, stands still
  docker kill --signal STOP "$STACK-mail" >/dev/null
  docker cp -q "$BATS_FILE_TMPDIR/ca/renewed.pem" "$STACK-mail:/tls/fullchain.pem"
  docker cp -q "$BATS_FILE_TMPDIR/ca/renewed.key" "$STACK-mail:/tls/privkey.pem"
  run mailinit mail check --live --timeout 10
  docker kill --signal CONT "$STACK-mail" >/dev/null
  assert_output --partial '[live-tls-stale]'

  wait_until "the new one is shown" all_show renewed
}

@test "a password table that never went through postmap: mail waits; under mailinit it leaves" {
  by_hand
  hand 'echo "[smarthost.test]:587 user#1:$1" >/etc/postfix/sasl_passwd' "$INFO_PASSWORD"
  postfix_by_hand 'relayhost = [smarthost.test]:587' 'smtp_sasl_auth_enable = yes' \
    'smtp_sasl_password_maps = hash:/etc/postfix/sasl_passwd'
  mail_by_hand friend@gmail.test
  hand_says 'error: open database /etc/postfix/sasl_passwd.db: No such file or directory'
  hand_says 'status=deferred \(local data error while talking to smarthost.test'

  options=(--env 'POSTFIX_relayhost=[smarthost.test]:587' --env POSTFIX_smtp_sasl_auth_enable=yes
    --env POSTFIX_smtp_tls_security_level=encrypt
    --env POSTFIX_smtp_sasl_password_maps=hash:/etc/postfix/sasl_passwd
    --env POSTFIX_smtp_sasl_security_options=noanonymous)
  refused map-unreadable "${options[@]}"
  told map-copied "${options[@]}" -- 'echo "[smarthost.test]:587 a:b" >/etc/postfix/sasl_passwd'

  NAME=hand-maps
  standard_files "$NAME"
  mkdir -p "$(mail_files "$NAME")/etc/postfix"
  echo "[smarthost.test]:587 user#1:$INFO_PASSWORD" \
    >"$(mail_files "$NAME")/etc/postfix/sasl_passwd"
  mail_create "$NAME" 12 "${options[@]}"
  mail_start "$NAME"
  id=$(mail_by_hand friend@gmail.test)
  wait_until "the smarthost took it" logs_have smarthost "took $id"
}

@test "mbox told, Maildir there: logins work and the mailbox is empty" {
  by_hand
  hand 'mkdir -p /var/mail/example.com/info/Maildir/{cur,new,tmp}
    printf "Subject: x\n\nhello\n" >/var/mail/example.com/info/Maildir/new/1.x
    chown -R 5000:5000 /var/mail/example.com'
  dovecot_by_hand
  run talk 110 'USER info@example.com' 'PASS secret' STAT QUIT
  assert_line --regexp '^\+OK Logged in\.'
  assert_line --regexp '^\+OK 0 0'

  option=DOVECOT_mail_driver=mbox
  [ "$BASE" = trixie ] || option='DOVECOT_mail_location=mbox:/var/mail/%d/%n'
  refused mail-format --env "$option" --env "MAIL_MAILBOXES=info@example.com={SHA512-CRYPT}$(openssl passwd -6 x)" -- '
    mkdir -p /var/mail/example.com/info/cur && touch /var/mail/example.com/info/cur/1.x:2,S'

  id=$(new_id)
  run submit --to info@example.com --message-id "$id"
  assert_output --regexp '^data 250 '
  run pop3 "$id"
  assert_success
}

@test "the signer is dead and the container runs: mail leaves unsigned; under mailinit it waits" {
  postfix_by_hand 'non_smtpd_milters = inet:127.0.0.1:8891' 'milter_default_action = accept'
  id=$(mail_by_hand friend@gmail.test)
  outside_wait "$id" >"$BATS_TEST_TMPDIR/message"
  run verify <"$BATS_TEST_TMPDIR/message"
  assert_output 'fail: the message has no DKIM-Signature'
  hand_says 'connect to Milter service inet:127.0.0.1:8891: Connection refused'

  loud dkim-fails-open --env POSTFIX_milter_default_action=accept

  mailinit mail stop opendkim
  run client send --address "$SUBNET.10" --port 25 --to info@example.com --message-id "$(new_id)"
  assert_output --regexp '^(mail|rcpt|data) 451 '
  run mailinit mail health
  assert_failure 1
  assert_output --partial opendkim
  mailinit mail start opendkim
  mail_ready mail
}

@test "a DKIM key that others can read: OpenDKIM does not start, or refuses each mail; under mailinit it signs" {
  by_hand
  hand 'openssl genrsa 2048 >/root/key 2>/dev/null
    mkdir /dkim && install -m 0644 /root/key /dkim/key
    printf "%s\n" "Mode s" "Domain example.com" "Selector default" "KeyFile /dkim/key" \
      "Socket inet:8891@127.0.0.1" "UserID opendkim" >/root/opendkim.conf'
  run hand 'opendkim -f -x /root/opendkim.conf'
  assert_failure 78
  assert_output --partial '/dkim/key can be read or written by other users'
  hand 'sed -i "s,^KeyFile.*,KeyTable /dkim/table," /root/opendkim.conf
    echo "SigningTable /dkim/signing" >>/root/opendkim.conf
    echo "default example.com:default:/dkim/key" >/dkim/table
    echo "example.com default" >/dkim/signing
    opendkim -x /root/opendkim.conf'
  wait_until "the signer listens" hand 'exec 3<>/dev/tcp/127.0.0.1/8891'
  postfix_by_hand 'smtpd_milters = inet:127.0.0.1:8891' 'milter_default_action = accept'
  run talk 25 'EHLO a.test' 'MAIL FROM:<info@example.com>' 'RCPT TO:<root@localhost>' DATA \
    'From: <info@example.com>\r\n\r\nhello\r\n.' QUIT
  assert_output --partial '451 4.7.1 Service unavailable'

  mail_sh mail 'chmod 0644 /var/lib/mailinit/dkim/example.com/*.private'
  run mailinit mail check
  assert_output --partial '[dkim-key-open]'
  docker restart "$STACK-mail" >/dev/null
  mail_ready mail
  NAME=mail id=$(mail_by_hand friend@gmail.test)
  outside_wait "$id" >"$BATS_TEST_TMPDIR/message"
  run verify <"$BATS_TEST_TMPDIR/message"
  assert_output 'pass d=example.com s=default'
}

@test "SPF without the gateway's address: a receiver says fail; before and under mailinit it is told" {
  postfix_by_hand
  outside_wait "$(mail_by_hand friend@gmail.test)" >"$BATS_TEST_TMPDIR/message"
  run cat "$BATS_TEST_TMPDIR/message"
  assert_output --partial "[$SUBNET.11]"
  run receiver "$SUBNET.11"
  assert_output --regexp '^fail '

  run hand 'export MAIL_HOSTNAME=mail.example.com MAIL_DOMAINS=example.com
    export MAIL_ALIASES=postmaster@example.com=jane@example.net MAIL_DNS_ADDRESSES=$1
    mailinit check --live --timeout 5' "$SUBNET.11"
  assert_output --partial '[dns-spf-denies]'

  NAME=mail id=$(mail_by_hand friend@gmail.test)
  outside_wait "$id" >"$BATS_TEST_TMPDIR/message"
  run cat "$BATS_TEST_TMPDIR/message"
  assert_output --partial "[$SUBNET.10]"
  run receiver "$SUBNET.10"
  assert_output --regexp '^pass '
}

# receiver ADDRESS: what pyspf says to mail of info@example.com from there.
receiver() {
  python3 -c '
import sys, dns.resolver, spf
dns.resolver.default_resolver = dns.resolver.Resolver(configure=False)
dns.resolver.default_resolver.nameservers = [sys.argv[2]]
print(*spf.check2(i=sys.argv[1], s="info@example.com", h="mail.example.com"))' "$1" "$DNS_ADDRESS"
}
