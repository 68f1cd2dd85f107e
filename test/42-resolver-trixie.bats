#!/usr/bin/env bats
# The engine rewrites resolv.conf and hosts while mail waits: what Postfix knows of them
# follows, in its chroot and outside of it, and what waited leaves by itself.
# 42-resolver-bookworm.bats is this file by another name.
#
# How long each took is printed; the tests wait for the event and judge no time.

bats_require_minimum_version 1.5.0

setup_file() {
  load lib/stack
  load lib/mail
  BASE=$(base_of_file)
  export BASE
  stack_up
  authority
  standard_files chroot
  standard_files plain
  mail_create chroot 10
  mail_create plain 11 --env MAIL_POSTFIX_CHROOT=no
  mail_start chroot
  mail_start plain
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
  show_logs "${NAME:-chroot}"
}

# since BEGAN: milliseconds from then, an $EPOCHREALTIME, to now.
since() {
  echo $(((${EPOCHREALTIME/./} - ${1/./}) / 1000))
}

# waits ID: the message is in the queue, deferred.
waits() {
  mail_sh "$NAME" 'grep -rqF -- "$1" /var/spool/postfix/deferred' "$1"
}

# leaves ID FROM: a message by sendmail of the container, to the outside world.
leaves() {
  printf 'Subject: it waits\nMessage-ID: %s\n\nwords\n' "$1" |
    docker exec -i "$STACK-$NAME" sendmail -f info@example.com friend@gmail.test
}

# follows FILE: the chroot's copy is what /etc has.
follows() {
  mail_sh "$NAME" 'cmp -s "/etc/$1" "/var/spool/postfix/etc/$1"' "$1"
}

# server ADDRESS: the only name server from now on, as an engine would write it.
server() {
  mail_sh "$NAME" 'printf "nameserver %s\n" "$1" >/etc/resolv.conf' "$1"
}

# The resolver is broken, mail waits, the resolver is right again: the mail leaves.
story() {
  local id began
  NAME=$1
  id=$(new_id)
  # somebody has delivered before: a process that holds the good resolver is there
  leaves "$(new_id)"
  wait_until "its first message has left" mail_sh "$NAME" \
    'test -z "$(find /var/spool/postfix/active /var/spool/postfix/incoming /var/spool/postfix/maildrop -type f)"'
  server 127.0.0.1
  wait_until "Postfix is told" logs_have "$NAME" '/etc/resolv.conf has changed: planning anew'
  wait_until "it is told to reload" logs_have "$NAME" 'postfix: what it has put off is tried once'
  leaves "$id"
  wait_until "the message waits" waits "$id"
  server "$DNS_ADDRESS"
  began=$EPOCHREALTIME
  if [ "$NAME" = chroot ]; then
    wait_until "the chroot follows" follows resolv.conf
    echo "# the chroot's resolv.conf: $(since "$began") ms" >&3
  fi
  wait_until "$id arrives at the outside server" outside_find "$id"
  echo "# $NAME: mail that waited had left $(since "$began") ms after resolv.conf was right" >&3
}

@test "a name server that is wrong, and then right: mail that waited leaves by itself (chroot)" {
  story chroot
}

@test "and without a chroot" {
  story plain
}

@test "a name server that stays wrong makes no loop" {
  NAME=plain
  local id times
  id=$(new_id)
  times=$(logs_of plain | grep -c 'what it has put off is tried once')
  server 127.0.0.1
  wait_until "Postfix is told" more_than "$times"
  leaves "$id"
  wait_until "the message waits" waits "$id"
  server 127.0.0.2
  wait_until "Postfix is told again" more_than "$((times + 1))"
  wait_until "it was tried again" tried_twice "$id"
  sleep 3
  assert_equal "$(logs_of plain | grep -c 'what it has put off is tried once')" "$((times + 2))"
  server "$DNS_ADDRESS"
  wait_until "$id arrives at the outside server" outside_find "$id"
}

more_than() {
  [ "$(logs_of plain | grep -c 'what it has put off is tried once')" -gt "$1" ]
}

# tried_twice ID: the log has two attempts for the message's queue id.
tried_twice() {
  local queue_id
  queue_id=$(logs_of plain | grep -F -- "message-id=$1" | sed -n 's/.*: \([0-9A-Za-z]*\): message-id=.*/\1/p' | head -n 1)
  [ "$(logs_of plain | grep -c "$queue_id: to=.*status=deferred")" -ge 2 ]
}

# hosts: the fingerprint of /etc/hosts.
hosts() {
  mail_sh "$NAME" 'sha256sum </etc/hosts'
}

# changes_hosts VERB: the engine takes the container into another network, or out of it.
changes_hosts() {
  local began
  docker network "$1" "$STACK-other" "$STACK-chroot"
  began=$EPOCHREALTIME
  wait_until "the chroot's hosts follow" follows hosts
  echo "# network $1: $(since "$began") ms" >&3
}

@test "docker network connect and disconnect: the chroot's hosts follow" {
  NAME=chroot
  local before
  before=$(hosts)
  docker network create --label "mailinit-test=$STACK" "$STACK-other" >/dev/null
  changes_hosts connect
  refute [ "$(hosts)" = "$before" ]
  # not every engine takes the line out again
  changes_hosts disconnect
}

# joins NAME ARG…: a container of the default bridge, from where no name server is to be
# reached, joins the network of the stack while its mail waits.
joins() {
  local id
  NAME=$1
  shift
  standard_files "$NAME"
  docker create --name "$STACK-$NAME" --label "mailinit-test=$STACK" --network bridge \
    --dns "$DNS_ADDRESS" --hostname "$MAIL_HOSTNAME" "$@" "$MAILINIT_IMAGE:$BASE" >/dev/null
  docker cp -q "$(mail_files "$NAME")/." "$STACK-$NAME:/"
  mail_start "$NAME"
  id=$(new_id)
  leaves "$id"
  wait_until "the message waits" waits "$id"
  docker network connect "$STACK" "$STACK-$NAME"
  local began=$EPOCHREALTIME
  wait_until "$id arrives at the outside server" outside_find "$id"
  echo "# $NAME: mail that waited had left $(since "$began") ms after network connect" >&3
  run mail_sh "$NAME" 'grep nameserver /etc/resolv.conf'
  assert_output 'nameserver 127.0.0.11'
  docker network disconnect "$STACK" "$STACK-$NAME"
  wait_until "the engine's files are as before, for Postfix too" follows_or_plain hosts
}

follows_or_plain() {
  [ "$NAME" != bridged ] || follows "$1"
}

@test "a container that joins the network of its name server sends what waited (chroot)" {
  joins bridged
}

@test "and without a chroot, too" {
  joins bridged-plain --env MAIL_POSTFIX_CHROOT=no
}
