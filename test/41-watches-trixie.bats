#!/usr/bin/env bats
# What the configuration was made from changes while the container runs, and mail follows
# without anyone's hand.
# 41-watches-bookworm.bats is this file by another name.
#
# The certificates lie on a volume, and another container, "machine", changes them there:
# mailinit sees only that something is different. How long each swap took is printed; the
# tests wait for the event and judge no time.

bats_require_minimum_version 1.5.0

setup_file() {
  load lib/stack
  load lib/mail
  BASE=$(base_of_file)
  export BASE
  stack_up
  authority
  docker volume create --label "mailinit-test=$STACK" "$STACK-certs" >/dev/null
  machine_start
  pairs 1 2 3 4 5 6
  on_machine '
    set -e
    cd /certs
    mkdir plain single odd bare
    install -m 0644 /stock/1.pem plain/fullchain.pem
    install -m 0600 /stock/1.key plain/privkey.pem
    for other in single odd bare; do cp plain/* $other; done
    mkdir -m 0700 certbot certbot/live certbot/archive
    mkdir certbot/live/mail certbot/archive/mail
    cp /stock/1.pem certbot/archive/mail/fullchain1.pem
    cp /stock/1.key certbot/archive/mail/privkey1.pem
    ln -s ../../archive/mail/fullchain1.pem certbot/live/mail/fullchain.pem
    ln -s ../../archive/mail/privkey1.pem certbot/live/mail/privkey.pem
    mkdir secret secret/..1
    cp /stock/1.pem secret/..1/tls.crt
    cp /stock/1.key secret/..1/tls.key
    ln -s ..1 secret/..data
    ln -s ..data/tls.crt secret/tls.crt
    ln -s ..data/tls.key secret/tls.key'
  serves mail 10 /certs/plain/fullchain.pem /certs/plain/privkey.pem
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
  session_end
  # those of the container that the test was about
  show_logs "${NAME:-mail}"
}

# machine_start: the machine outside: it has the volume, and may do as it likes with it.
machine_start() {
  docker create --name "$STACK-machine" --label "mailinit-test=$STACK" --network none \
    --volume "$STACK-certs:/certs" "$TEST_IMAGE" sleep infinity >/dev/null
  docker start "$STACK-machine" >/dev/null
  docker exec "$STACK-machine" mkdir /stock
}

on_machine() {
  docker exec "$STACK-machine" sh -c "$1" - "${@:2}"
}

# pairs NAME…: certificates for the host name, at hand on the machine as /stock/NAME.pem and .key.
pairs() {
  local name
  for name; do
    certificate "$name" "$MAIL_HOSTNAME"
    docker cp -q "$BATS_FILE_TMPDIR/ca/$name.pem" "$STACK-machine:/stock/$name.pem"
    docker cp -q "$BATS_FILE_TMPDIR/ca/$name.key" "$STACK-machine:/stock/$name.key"
  done
}

# serves NAME HOST CERTIFICATE KEY ARG…: a container with that pair, and the volume at /certs.
serves() {
  local name=$1 host=$2 certificate=$3 key=$4
  shift 4
  standard_files "$name"
  rm -r "$(mail_files "$name")/tls"
  sed -i "s,/tls/fullchain.pem,$certificate,; s,/tls/privkey.pem,$key," \
    "$(mail_files "$name")/etc/mailinit/mailinit.yaml"
  mail_create "$name" "$host" --volume "$STACK-certs:/certs" "$@"
  mail_start "$name"
  NAME=$name
  export MAIL_ADDRESS=$SUBNET.$host
}

serial_of() {
  openssl x509 -in "$BATS_FILE_TMPDIR/ca/$1.leaf" -noout -serial | cut -d= -f2
}

# all_show NAME: each of the five ports shows that certificate in a new connection.
all_show() {
  [ "$(to_mail serials | cut -d' ' -f2 | sort -u)" = "$(serial_of "$1")" ]
}

# follows WHAT NAME SCRIPT: after the script all ports show NAME.
follows() {
  local began=$EPOCHREALTIME
  on_machine "$3"
  wait_until "$2 is shown by all ports" all_show "$2"
  echo "# $1: all five ports after $(((${EPOCHREALTIME/./} - ${began/./}) / 1000)) ms" >&3
}

# session: an IMAP session that goes on until the end of the test.
session() {
  mkfifo "$BATS_TEST_TMPDIR/say"
  as_info to_mail session --port 993 <"$BATS_TEST_TMPDIR/say" >"$BATS_TEST_TMPDIR/heard" 3>&- &
  SESSION=$!
  exec {SAY}>"$BATS_TEST_TMPDIR/say"
  wait_until "somebody is logged in" grep -qx in "$BATS_TEST_TMPDIR/heard"
}

session_lives() {
  echo >&"$SAY"
  wait_until "the session answers" grep -qxE 'OK|lost' "$BATS_TEST_TMPDIR/heard"
  run tail -n 1 "$BATS_TEST_TMPDIR/heard"
  assert_output OK
}

session_end() {
  [ -n "${SAY:-}" ] || return 0
  exec {SAY}>&-
  wait "$SESSION"
}

planned() {
  logs_of mail | grep -c 'planning anew' || :
}

log_has_since() {
  logs_of "${NAME:-mail}" | tail -n "+$(($1 + 1))" | grep -qE -- "$2"
}

# ---------------------------------------------------------------- swaps

@test "another pair renamed over the old one: all ports show it, and a session goes on" {
  session
  follows "atomic rename" 2 '
    set -e
    cd /certs/plain
    cp /stock/2.pem .new.pem; cp /stock/2.key .new.key
    mv .new.key privkey.pem; mv .new.pem fullchain.pem'
  session_lives
  run logs_of mail
  assert_output --regexp '/certs/plain/(fullchain|privkey)\.pem .*changed: planning anew'
}

@test "rewritten in place, and seen when half of it is there: the whole one is shown in the end" {
  local lines
  lines=$(logs_of mail | wc -l)
  session
  on_machine '
    cat /stock/3.pem >/certs/plain/fullchain.pem
    head -c 900 /stock/3.key >/certs/plain/privkey.pem'
  wait_until "the half is told" log_has_since "$lines" '/certs/plain/privkey\.pem: '
  assert all_show 2
  follows "rewritten in place" 3 'cat /stock/3.key >/certs/plain/privkey.pem'
  session_lives
}

@test "the directory replaced by another one" {
  session
  follows "directory replaced" 4 '
    set -e
    cd /certs
    mkdir next
    cp /stock/4.pem next/fullchain.pem; cp /stock/4.key next/privkey.pem
    mv plain old; mv next plain; rm -r old'
  session_lives
}

@test "a key that does not fit is told, and the old pair is shown until it does" {
  local lines
  lines=$(logs_of mail | wc -l)
  on_machine 'cp /stock/5.key /certs/plain/.k; mv /certs/plain/.k /certs/plain/privkey.pem'
  wait_until "it is told" log_has_since "$lines" 'tls-kept-last-good.*does not belong to the certificate'
  assert all_show 4
  assert mailinit mail health --quick
  run mailinit mail status
  assert_output --partial 'tls-kept-last-good'
  assert_output --partial 'watches: '
  follows "the certificate to it" 5 'cp /stock/5.pem /certs/plain/.c; mv /certs/plain/.c /certs/plain/fullchain.pem'
}

@test "a source that vanishes is told, and the pair that was there is shown; it comes back" {
  local lines
  lines=$(logs_of mail | wc -l)
  on_machine 'mv /certs/plain /certs/away'
  wait_until "it is told" log_has_since "$lines" '/certs/plain/fullchain\.pem.*No such file'
  assert all_show 5
  follows "back, with another pair" 6 '
    set -e
    cp /stock/6.pem /certs/away/fullchain.pem; cp /stock/6.key /certs/away/privkey.pem
    mv /certs/away /certs/plain'
}

# odd WHAT SCRIPT REGEXP: the certificate becomes something else: told, and the old pair stays.
odd() {
  local lines
  lines=$(logs_of odd | wc -l)
  on_machine "cd /certs/odd && mv fullchain.pem kept && $2"
  wait_until "$1 is told" log_has_since "$lines" "$3"
  assert all_show 1
  lines=$(logs_of odd | wc -l)
  on_machine 'cd /certs/odd && rm -rf fullchain.pem other && mv kept fullchain.pem'
  wait_until "$1 is over" log_has_since "$lines" 'reload: nothing has changed|reload applied'
}

@test "a link in a circle, a FIFO, a directory, a file of 1 GB where the certificate belongs" {
  serves odd 14 /certs/odd/fullchain.pem /certs/odd/privkey.pem
  odd "a circle" 'ln -s other fullchain.pem && ln -s fullchain.pem other' \
    '/certs/odd/fullchain\.pem.*([Ss]ymbolic link|Too many levels)'
  odd "a FIFO" 'mkfifo fullchain.pem' '/certs/odd/fullchain\.pem.*Invalid argument'
  odd "a directory" 'mkdir fullchain.pem' '/certs/odd/fullchain\.pem.*[Ii]s a directory'
  odd "1 GB" 'truncate -s 1G fullchain.pem' '/certs/odd/fullchain\.pem.*[Tt]oo large'
}

@test "a directory that everybody may write to is watched like others" {
  on_machine 'chmod 0777 /certs/plain'
  follows "in a directory of mode 0777" 1 '
    set -e
    cd /certs/plain
    cp /stock/1.pem .new.pem; cp /stock/1.key .new.key
    mv .new.key privkey.pem; mv .new.pem fullchain.pem
    chmod 0755 .'
}

@test "certbot: live's links turned to the next files, in directories of mode 0700" {
  serves certbot 11 /certs/certbot/live/mail/fullchain.pem /certs/certbot/live/mail/privkey.pem
  session
  follows "certbot" 2 '
    set -e
    cd /certs/certbot/archive/mail
    cp /stock/2.pem fullchain2.pem; cp /stock/2.key privkey2.pem
    cd ../../live/mail
    for name in fullchain privkey; do
      rm $name.pem
      ln -s ../../archive/mail/${name}2.pem $name.pem
    done'
  session_lives
}

@test "Kubernetes: ..data turned to the next directory, the old one removed" {
  serves kubernetes 12 /certs/secret/tls.crt /certs/secret/tls.key
  session
  follows "Kubernetes" 2 '
    set -e
    cd /certs/secret
    mkdir ..2
    cp /stock/2.pem ..2/tls.crt; cp /stock/2.key ..2/tls.key
    ln -s ..2 ..data_tmp
    mv -T ..data_tmp ..data
    rm -r ..1'
  follows "Kubernetes once more" 3 '
    set -e
    cd /certs/secret
    mkdir ..3
    cp /stock/3.pem ..3/tls.crt; cp /stock/3.key ..3/tls.key
    ln -s ..3 ..data_tmp
    mv -T ..data_tmp ..data
    rm -r ..2'
  session_lives
}

@test "a single file that is mounted: written to, it is followed; replaced on the machine, it is told once" {
  local place
  place=$(docker volume inspect -f '{{.Mountpoint}}' "$STACK-certs")/single
  serves single 13 /tls/fullchain.pem /tls/privkey.pem \
    --volume "$place/fullchain.pem:/tls/fullchain.pem" --volume "$place/privkey.pem:/tls/privkey.pem"
  follows "single file, written to" 2 '
    cat /stock/2.key >/certs/single/privkey.pem
    cat /stock/2.pem >/certs/single/fullchain.pem'
  on_machine 'cp /stock/3.pem /certs/single/.c; mv /certs/single/.c /certs/single/fullchain.pem'
  wait_until "it is told" logs_have single '/tls/fullchain\.pem was replaced or removed'
  run logs_of single
  assert_output --partial 'Mount the directory that holds it'
  assert all_show 2
  on_machine 'mv /certs/single/privkey.pem /certs/single/old.pem'
  wait_until "that is told too" logs_have single '/tls/privkey\.pem was moved away'
  # the first plan told of one, the second of both; without another change there is no third
  sleep 3
  assert_equal "$(logs_of single | grep -c 'was replaced or removed')" 2
}

# bats test_tags=once
@test "mailinit.yaml, a secret and a template are followed too" {
  mail_sh mail 'echo "new words" >/run/secrets/info'
  login() { PASSWORD='new words' to_mail session --user info@example.com --port 993 </dev/null; }
  wait_until "the new password is good" login
  mail_sh mail 'printf "%s\n" "$1" >/run/secrets/info' "$INFO_PASSWORD"
  mail_sh mail 'sed -i "s/^hostname:.*/&\nlimits:\n  recipients: 77/" /etc/mailinit/mailinit.yaml'
  wait_until "the limit is there" mail_sh mail 'postconf -h smtpd_recipient_limit | grep -qx 77'
  mail_sh mail '
    mkdir -p /etc/mailinit/templates/postfix
    { mailinit template --print postfix/main.cf.mustache; echo "smtpd_banner = as my template says"; } \
      >/tmp/t && mv /tmp/t /etc/mailinit/templates/postfix/main.cf.mustache'
  wait_until "the template counts" mail_sh mail 'postconf -h smtpd_banner | grep -qx "as my template says"'
  mail_sh mail 'rm -r /etc/mailinit/templates'
  wait_until "and counts no more" mail_sh mail '! postconf -h smtpd_banner | grep -qx "as my template says"'
}

# bats test_tags=once
@test "a table of one's own that Postfix reads as text is followed" {
  mail_sh mail '
    echo "/^Message-ID: <odd/ REJECT" >/etc/mailinit/words
    printf "postfix:\n  main:\n    header_checks: regexp:/etc/mailinit/words\n" >>/etc/mailinit/mailinit.yaml'
  wait_until "the table counts" mail_sh mail 'postconf -h header_checks | grep -q regexp:/etc/mailinit/words'
  wait_until "it refuses" refused odd
  # a cleanup that has read the table would go on with it for another 99 messages
  local lines
  lines=$(logs_of mail | wc -l)
  mail_sh mail 'echo "/^Message-ID: <strange/ REJECT" >/etc/mailinit/words'
  wait_until "Postfix is told" log_has_since "$lines" 'postfix: told to reload'
  wait_until "it refuses what the new one says" refused strange
  run refused odd
  assert_failure
}

# refused WORD: a message whose id begins with that is refused, at its end.
refused() {
  submit --to info@example.com --message-id "<$1-$(random_hex 8)@test>" | grep -q '^data 550 '
}

# ---------------------------------------------------------------- storms, limits, costs

# ours: name and open descriptors of each process of mailinit, and what lies in its directory.
ours() {
  mail_sh mail '
    for p in /proc/[0-9]*; do
      [ "$(readlink "$p/exe")" = /usr/sbin/mailinit ] || continue
      echo "$(cat "$p/comm") $(ls "$p/fd" | wc -l)"
    done | sort
    ls -A /run/mailinit | sed "s/^gen-[0-9]*$/gen-N/"' | sort
}

# bats test_tags=once
@test "1,000 changes in a minute: at most 12 plans, the newest pair in the end, and nothing is left over" {
  local before_plans before after
  wait_until "all is calm" mailinit mail health
  before_plans=$(planned)
  before=$(ours)
  on_machine '
    cd /certs/plain
    i=0
    while [ $i -lt 500 ]; do
      n=$((i % 5 + 1))
      cp /stock/$n.key .k; mv .k privkey.pem; sleep 0.055
      cp /stock/$n.pem .c; mv .c fullchain.pem; sleep 0.055
      i=$((i + 1))
    done
    cp /stock/6.key .k; mv .k privkey.pem
    cp /stock/6.pem .c; mv .c fullchain.pem'
  wait_until "the newest pair is shown" all_show 6
  wait_until "nothing is under way" mail_sh mail 'test ! -e /run/mailinit/.gen-*'
  after=$(ours)
  echo "# 1,000 changes: $(($(planned) - before_plans)) plans" >&3
  assert [ "$(planned)" -gt "$before_plans" ]
  assert [ "$(($(planned) - before_plans))" -le 12 ]
  # of generations there is the one in use, and the one before it
  assert_equal "$(uniq <<<"$after")" "$(uniq <<<"$before")"
  assert [ "$(grep -cx gen-N <<<"$after")" -le 2 ]
}

# bats test_tags=once
@test "a read-only root with six capabilities: followed; /run is full: the old pair stays, and with room again it follows" {
  local lines
  # into a read-only root nothing can be copied: variables have all of it
  mail_create bare 15 --volume "$STACK-certs:/certs" --read-only \
    --env MAIL_DOMAINS=example.com --env MAIL_TLS_CERTIFICATE=/certs/bare/fullchain.pem \
    --env MAIL_TLS_KEY=/certs/bare/privkey.pem \
    --tmpfs /run:size=2m --tmpfs /tmp --tmpfs /var/spool/postfix --tmpfs /var/lib/postfix \
    --tmpfs /var/lib/dovecot --tmpfs /var/lib/mailinit --tmpfs /var/mail \
    --cap-drop ALL --cap-add CHOWN --cap-add DAC_OVERRIDE --cap-add SETGID --cap-add SETUID \
    --cap-add SYS_CHROOT --cap-add KILL --security-opt no-new-privileges
  NAME=bare MAIL_ADDRESS=$SUBNET.15
  mail_start bare
  follows "with a read-only root" 2 '
    set -e
    cd /certs/bare
    cp /stock/2.pem .new.pem; cp /stock/2.key .new.key
    mv .new.key privkey.pem; mv .new.pem fullchain.pem'
  mail_sh bare '! cat /dev/zero >/run/filler 2>/dev/null'
  lines=$(logs_of bare | wc -l)
  on_machine '
    set -e
    cd /certs/bare
    cp /stock/3.pem .new.pem; cp /stock/3.key .new.key
    mv .new.key privkey.pem; mv .new.pem fullchain.pem'
  wait_until "it is told" log_has_since "$lines" 'No space left on device'
  wait_until "it is refused" log_has_since "$lines" 'reload refused'
  assert all_show 2
  # nothing tells of the room: it is tried again each minute
  mail_sh bare 'rm /run/filler'
  WAIT_SECONDS=120
  follows "with room again" 3 true
}

@test "the process that watches is killed: another one takes over, and sees what changed meanwhile" {
  mail_sh mail 'for p in /proc/[0-9]*; do
      [ "$(cat "$p/comm")" != mailinit-watch ] || kill -9 "${p#/proc/}"
    done'
  follows "with another watcher" 1 '
    set -e
    cd /certs/plain
    cp /stock/1.pem .new.pem; cp /stock/1.key .new.key
    mv .new.key privkey.pem; mv .new.pem fullchain.pem'
  run logs_of mail
  assert_output --partial 'the process that watches files ended (signal 9)'
}

@test "status tells what is watched, and how" {
  run status mail '.watches.paths > 10 and .watches.by == "events"'
  assert_output true
}
