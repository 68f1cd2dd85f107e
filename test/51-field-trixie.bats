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
  NAME=hand-$BATS_TEST_NUMBER
}

teardown() {
  [ -n "$BATS_TEST_COMPLETED" ] ||
    hand "tail -n 40 /var/log/mail.log /var/log/dovecot.log" >&2
  show_logs mail
  docker ps -aq --filter "name=$STACK-hand-" | xargs -r docker rm -f -v >/dev/null
}

# ---------------------------------------------------------------- by hand

# by_hand: a container at .11 of the same image, in which nothing runs yet.
by_hand() {
  container_create "$NAME" 11 --hostname "$MAIL_HOSTNAME" --entrypoint sleep \
    "$MAILINIT_IMAGE:$BASE" infinity
  docker start "$STACK-$NAME" >/dev/null
}

# hand SCRIPT ARG…: a shell script in it.
hand() {
  docker exec -i "$STACK-$NAME" bash -ec "$1" - "${@:2}"
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
    cp /etc/resolv.conf /etc/hosts /var/spool/postfix/etc
    postfix start' "$@"
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
    while read -r line; do printf "%s\r\n" "$line" >&3; reply "$@"; done' "$1" "${PATIENCE:-30}"
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

# looked_at ARG… [-- SCRIPT]: `mailinit check` of two variables and these options of docker
# run, after a script has made the files that it shall see.
looked_at() {
  local options=()
  while [ $# -gt 0 ] && [ "$1" != -- ]; do
    options+=("$1")
    shift
  done
  docker run -i --rm --label "mailinit-test=$STACK" --network none \
    --env MAIL_HOSTNAME="$MAIL_HOSTNAME" --env MAIL_DOMAINS=example.com \
    --env MAIL_ALIASES=postmaster@example.com=jane@example.net "${options[@]}" \
    --entrypoint bash "$MAILINIT_IMAGE:$BASE" -ec "${2:-}
      mailinit check"
}

# refused ID ARG…: such a look finds it, and a start would be refused.
refused() {
  run looked_at "${@:2}"
  assert_equal "$status" 1
  assert_output --partial "error [$1]"
}

# told ID ARG…: such a look finds it; a start is not refused.
told() {
  run looked_at "${@:2}"
  assert_output --partial "[$1]"
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

@test "a macro that nothing defines: Postfix starts and the restriction is empty" {
  postfix_by_hand 'smtpd_client_restrictions = $mua_client_restrictions'
  run hand 'postfix check; postconf -x smtpd_client_restrictions'
  assert_success
  assert_output --partial 'warning: /etc/postfix/main.cf: undefined parameter: mua_client_restrictions'
  assert_line --regexp '^smtpd_client_restrictions = *$'
  run talk 25 QUIT
  assert_line --regexp '^220 '

  told postfix-parameter-undefined --env 'POSTFIX_smtpd_client_restrictions=$mua_client_restrictions'

  run mail_sh mail 'postconf 2>&1 >/dev/null'
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

  told tls-required-on-25 --env POSTFIX_smtpd_tls_security_level=encrypt

  run client send --address "$SUBNET.10" --port 25 --to info@example.com --message-id "$(new_id)"
  assert_output --regexp '^data 250 '
}
