#!/usr/bin/env bats
# compose/swarm.yaml: three MX tasks in front of one store, on one engine. They are killed and
# replaced while mail comes in; the ledger of what was accepted is held against the mailbox.

bats_require_minimum_version 1.5.0

setup_file() {
  load lib/stack
  load lib/mail
  load lib/compose
  STACK=mailinit-test-$(random_hex 4) COMPOSE_NAME=swarm BASE=trixie
  FILES=$TEST_ROOT/../build/stacks/$STACK
  IMAGE=$MAILINIT_IMAGE:$BASE
  # a port of the engine's choice for each task
  export STACK COMPOSE_NAME BASE FILES IMAGE TLS=1 MAILBOXES=1 MX_PORT=0 IMAPS_PORT=0
  mkdir -p "$FILES"
  FILES=$(cd "$FILES" && pwd)
  swarm_join
  authority
  names_certificate
  cp "$TEST_ROOT/../compose/swarm/mailinit.yaml" "$FILES/"
  file_from info_password <<<"$INFO_PASSWORD"
  deploy
  # the test's own place in the network of the stack: a sender, and an IMAP client
  docker run -d --name "$STACK-world" --label "mailinit-test=$STACK" --network "${STACK}_back" \
    -v "$TEST_ROOT/clients:/clients:ro" "$TEST_IMAGE" sleep infinity >/dev/null
  docker cp -q "$CA" "$STACK-world:/ca.pem"
  wait_until "three MX tasks and the store are healthy" all_healthy
}

teardown_file() {
  load lib/stack
  load lib/mail
  docker rm -f "$STACK-world" >/dev/null
  docker stack rm "$STACK" >/dev/null
  wait_until "all tasks are gone" no_tasks
  docker volume ls -q --filter "name=^${STACK}[-_]" | xargs -r docker volume rm >/dev/null
  rm -rf "$FILES"
  swarm_leave
}

setup() {
  bats_load_library bats-support
  bats_load_library bats-assert
  load lib/stack
  load lib/mail
  load lib/compose
}

teardown() {
  [ -n "$BATS_TEST_COMPLETED" ] && return
  docker stack ps --no-trunc "$STACK" >&2
  local task
  for task in $(tasks mx) $(tasks store); do
    echo "--- the last lines of $task" >&2
    docker logs "$task" 2>&1 | tail -n 20 >&2
  done
}

# swarm_join: the engine's own swarm, or one that is left at the end. The store's machine is
# told by a label, as the file says.
swarm_join() {
  local node
  if docker network inspect docker_gwbridge >/dev/null 2>&1; then
    touch "$BATS_FILE_TMPDIR/bridge-was-there"
  fi
  if [ "$(docker info -f '{{.Swarm.LocalNodeState}}')" != active ]; then
    docker swarm init --advertise-addr 127.0.0.1 --listen-addr 127.0.0.1 >/dev/null
    touch "$BATS_FILE_TMPDIR/swarm-is-ours"
  fi
  node=$(docker info -f '{{.Swarm.NodeID}}')
  docker node inspect -f '{{.Spec.Labels.mailstore}}' "$node" >"$BATS_FILE_TMPDIR/label"
  docker node update --label-add mailstore=yes "$node" >/dev/null
}

swarm_leave() {
  local label node
  if [ -e "$BATS_FILE_TMPDIR/swarm-is-ours" ]; then
    docker swarm leave --force >/dev/null
    # what a swarm makes and leaves behind
    [ -e "$BATS_FILE_TMPDIR/bridge-was-there" ] || docker network rm docker_gwbridge >/dev/null
    return
  fi
  read -r label <"$BATS_FILE_TMPDIR/label"
  node=$(docker info -f '{{.Swarm.NodeID}}')
  if [ "$label" != yes ]; then
    docker node update --label-rm mailstore "$node" >/dev/null
  fi
}

# names_certificate: one for the MX servers and the store.
names_certificate() {
  local dir=$BATS_FILE_TMPDIR/ca
  mkdir -p "$FILES/server"
  openssl req -newkey rsa:2048 -nodes -subj /CN=mx.example.com \
    -keyout "$FILES/server/privkey.pem" -out "$dir/names.csr" 2>"$dir/log"
  openssl x509 -req -in "$dir/names.csr" -CA "$dir/ca.pem" -CAkey "$dir/ca.key" \
    -CAcreateserial -days 20 -extfile <(echo "subjectAltName=DNS:mx.example.com,DNS:imap.example.com") \
    -out "$dir/names.leaf" 2>"$dir/log"
  cat "$dir/names.leaf" "$dir/ca.pem" >"$FILES/server/fullchain.pem"
  cp "$dir/ca.pem" "$FILES/ca.pem"
}

deploy() {
  docker stack deploy --resolve-image never -c "$TEST_ROOT/../compose/swarm.yaml" \
    -c "$TEST_ROOT/stacks/swarm.yaml" "$STACK" >"$BATS_FILE_TMPDIR/deploy.log" 2>&1 || {
    cat "$BATS_FILE_TMPDIR/deploy.log" >&2
    return 1
  }
}

# tasks SERVICE: the containers that run, a line each.
tasks() {
  docker ps -q --filter "label=com.docker.swarm.service.name=${STACK}_$1"
}

no_tasks() {
  [ -z "$(docker ps -aq --filter "label=com.docker.stack.namespace=$STACK")" ] &&
    [ -z "$(docker network ls -q --filter "label=com.docker.stack.namespace=$STACK")" ]
}

healthy() {
  docker ps -q --filter "label=com.docker.swarm.service.name=${STACK}_$1" --filter health=healthy | wc -l
}

all_healthy() {
  [ "$(healthy mx)" = 3 ] && [ "$(healthy store)" = 1 ]
}

all_healthy_but() {
  all_healthy && ! tasks mx | grep -x "$1"
}

# world COMMAND…: in the sender's container.
world() {
  docker exec "$STACK-world" "$@"
}

load_begin() {
  docker exec -d "$STACK-world" python3 -B /clients/load.py --host mx --to info@example.com \
    --ledger /ledger --stop /stop
  wait_until "mail is accepted" accepted 20
}

# accepted N: whether N messages more than at the last mark were accepted
accepted() {
  [ "$(world wc -l /ledger | cut -d' ' -f1)" -ge $(($(cat "$BATS_FILE_TMPDIR/mark" 2>/dev/null || echo 0) + $1)) ]
}

mark() {
  world wc -l /ledger | cut -d' ' -f1 >"$BATS_FILE_TMPDIR/mark"
}

load_end() {
  world touch /stop
  wait_until "the senders have ended" world sh -c '! test -e /stop'
}

# arrived_ids: of all copies in the mailbox.
arrived_ids() {
  docker exec "$(tasks store)" sh -c 'grep -rhi "^message-id:" /var/mail' |
    sed 's/^[^<]*//' | tr -d '\r' | sort
}

accepted_ids() {
  world sed -n 's/^\(<[^ ]*\) .*/\1/p' /ledger | sort
}

# all_arrived: what waits at an MX task is tried now and then, and the ledger held against the
# mailbox.
all_arrived() {
  local task
  if ((TRIES++ % 10 == 0)); then
    for task in $(tasks mx); do
      docker exec "$task" mailinit queue flush >/dev/null
    done
  fi
  comm -23 <(accepted_ids) <(arrived_ids | uniq) >"$BATS_FILE_TMPDIR/missing"
  [ ! -s "$BATS_FILE_TMPDIR/missing" ]
}

every_accepted_message_arrived() {
  local TRIES=0
  wait_until "all that was accepted is in the mailbox" all_arrived || {
    echo "missing: $(wc -l <"$BATS_FILE_TMPDIR/missing")" >&2
    return 1
  }
  run world grep '^refused' /ledger
  assert_output ""
  echo "# $(accepted_ids | wc -l) accepted, $(arrived_ids | uniq -d | wc -l) of them there more than once" >&3
}

@test "three MX tasks answer by one name and by their own, each with a queue volume of its slot" {
  local task name
  run world getent ahostsv4 mx
  assert_equal "$(world getent ahostsv4 mx | cut -d' ' -f1 | sort -u | wc -l)" 3
  for task in $(tasks mx); do
    name=$(docker inspect -f '{{index .Config.Labels "com.docker.swarm.task.name"}}' "$task")
    run world python3 -B /clients/send.py --address "$name" --host "$name" --port 25 \
      --to info@example.com --message-id "$(new_id)"
    assert_output --regexp '^data 250 '
  done
  run bats_pipe docker volume ls -q --filter "name=$STACK-queue-" \| sort
  assert_output "$STACK-queue-1
$STACK-queue-2
$STACK-queue-3"
}

@test "who is not known at the store is refused by every task" {
  local task
  for task in $(tasks mx); do
    run world python3 -B /clients/send.py --port 25 --to nobody@example.com \
      --message-id "$(new_id)" --address "$(docker inspect -f '{{index .Config.Labels "com.docker.swarm.task.name"}}' "$task")"
    assert_output --regexp '^rcpt 550 5\.1\.1 '
  done
}

@test "a task that is killed under load is replaced, and nothing that was accepted is lost" {
  local victim
  load_begin
  victim=$(tasks mx | head -n 1)
  # its queue shall not be empty when that happens
  docker exec "$victim" sh -c '
    for process in /proc/[0-9]*; do
      if grep -qx qmgr "$process/comm"; then kill -STOP "${process#/proc/}"; fi
    done'
  wait_until "mail that was accepted waits in its queue" waits_in "$victim" 5
  docker kill -s KILL "$victim" >/dev/null
  mark
  wait_until "the others go on" accepted 20
  wait_until "there are three again" all_healthy_but "$victim"
  load_end
  every_accepted_message_arrived
}

waits_in() {
  [ "$(docker exec "$1" find /var/spool/postfix/incoming -type f -perm 700 | wc -l)" -ge "$2" ]
}

@test "a renewed certificate and one more mailbox replace the tasks one by one under load, and nothing is lost" {
  local before hash
  before=$(tasks mx | sort)
  load_begin
  names_certificate
  hash=$(openssl passwd -6 -salt testsalt "$SALES_PASSWORD")
  cat >>"$FILES/mailinit.yaml" <<-END
	  - address: new@example.com
	    password: "{SHA512-CRYPT}$hash"
	END
  TLS=2 MAILBOXES=2 deploy
  WAIT_SECONDS=120 wait_until "the update is complete" updated mx
  WAIT_SECONDS=120 wait_until "that of the store, too" updated store
  wait_until "all are healthy" all_healthy
  mark
  wait_until "mail is accepted by the new ones" accepted 20
  load_end
  # each one is new
  run comm -12 <(echo "$before") <(tasks mx | sort)
  assert_output ""
  run serial_at mx:25
  assert_output "$(openssl x509 -in "$FILES/server/fullchain.pem" -noout -serial)"
  run world python3 -B /clients/send.py --address mx --host mx --port 25 --to new@example.com \
    --message-id "$(new_id)"
  assert_output --regexp '^data 250 '
  every_accepted_message_arrived
}

serial_at() {
  world sh -c 'openssl s_client -connect "$1" -starttls smtp </dev/null 2>/dev/null' - "$1" |
    openssl x509 -noout -serial
}

updated() {
  [ "$(docker service inspect -f '{{.UpdateStatus.State}}' "${STACK}_$1")" = completed ]
}

@test "an update that no task survives is rolled back, and two of three never stop serving" {
  local before
  before=$(tasks mx | sort)
  load_begin
  # a start with a setting that nobody knows is refused
  docker service update --detach --env-add MAIL_HOSTNAM=mx.example.com "${STACK}_mx" >/dev/null
  WAIT_SECONDS=120 wait_until "it was rolled back" rolled_back
  wait_until "all are healthy" all_healthy
  mark
  wait_until "mail is accepted" accepted 20
  load_end
  run comm -12 <(echo "$before") <(tasks mx | sort)
  assert_equal "${#lines[@]}" 2
  every_accepted_message_arrived
}

rolled_back() {
  [ "$(docker service inspect -f '{{.UpdateStatus.State}}' "${STACK}_mx")" = rollback_completed ]
}
