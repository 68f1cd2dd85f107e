#!/usr/bin/env bats
# compose/kubernetes: no cluster is here, but the manifests are held against each other, and the
# containers that they describe are started with just those rights, limits and volumes.

bats_require_minimum_version 1.5.0

STORE=store.mail.svc.cluster.local

setup_file() {
  load lib/stack
  load lib/mail
  export BASE=trixie PREFIX
  stack_up
  PREFIX=$STACK
  zone_add <<<"$STORE. IN A $SUBNET.11"
  authority
  mkdir -p "$BATS_FILE_TMPDIR/passwords" "$BATS_FILE_TMPDIR/tls"
  printf '%s\n' "$INFO_PASSWORD" >"$BATS_FILE_TMPDIR/passwords/info_password"
  new_pair
  claim mx-queue
  claim store-mail
  claim store-state
  project mx-tls "$BATS_FILE_TMPDIR/tls"
  project store-tls "$BATS_FILE_TMPDIR/tls"
  project store-passwords "$BATS_FILE_TMPDIR/passwords"
  mkdir "$BATS_FILE_TMPDIR/mailboxes"
  cp "$(manifests)/mailinit.yaml" "$BATS_FILE_TMPDIR/mailboxes/"
  project store-mailboxes "$BATS_FILE_TMPDIR/mailboxes"
  pod store 11
  pod mx 10
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
  show_logs mx store
}

manifests() {
  cd "$TEST_ROOT/../compose/kubernetes" && pwd
}

look() {
  python3 -B "$TEST_ROOT/kubernetes/manifests.py" "$@"
}

# new_pair: the TLS secret, as cert-manager fills it: with its authority.
new_pair() {
  local dir=$BATS_FILE_TMPDIR/ca
  openssl req -newkey rsa:2048 -nodes -subj /CN=mx.example.com \
    -keyout "$BATS_FILE_TMPDIR/tls/tls.key" -out "$dir/pod.csr" 2>"$dir/log"
  openssl x509 -req -in "$dir/pod.csr" -CA "$dir/ca.pem" -CAkey "$dir/ca.key" -CAcreateserial \
    -days 20 -extfile <(echo "subjectAltName=DNS:mx.example.com,DNS:imap.example.com") \
    -out "$dir/pod.leaf" 2>"$dir/log"
  cat "$dir/pod.leaf" "$dir/ca.pem" >"$BATS_FILE_TMPDIR/tls/tls.crt"
  cp "$dir/ca.pem" "$BATS_FILE_TMPDIR/tls/ca.crt"
}

# claim NAME: an empty volume.
claim() {
  docker volume create --label "mailinit-test=$STACK" "$STACK-$1" >/dev/null
}

# project NAME DIR: the volume of a secret or a ConfigMap, as kubelet makes it: files are links
# through ..data to a directory with a date, and a new content is a new directory.
project() {
  local root=$BATS_FILE_TMPDIR/projected-$1 stamp
  stamp=..$(random_hex 4)
  docker volume inspect "$STACK-$1" >/dev/null 2>&1 || claim "$1"
  mkdir -p "$root/$stamp"
  cp "$2"/* "$root/$stamp/"
  chmod 0400 "$root/$stamp"/*
  for file in "$2"/*; do
    ln -sfn "..data/${file##*/}" "$root/${file##*/}"
  done
  tar -C "$root" -c . | docker run --rm -i --network none --label "mailinit-test=$STACK" \
    -v "$STACK-$1:/volume" "$TEST_IMAGE" sh -c '
      set -e
      tar -C /volume --no-same-owner -x
      chmod 0755 /volume "/volume/$1"
      ln -s "$1" /volume/..data_tmp
      old=$(readlink /volume/..data) || old=
      mv -T /volume/..data_tmp /volume/..data
      [ -z "$old" ] || rm -r "/volume/$old"' - "$stamp"
  rm -r "${root:?}/$stamp"
}

# pod NAME HOST: its container, as kubelet would start it; ready by its own probe.
pod() {
  local args
  mapfile -t args < <(look docker "$(manifests)" "$1")
  if [ "$1" = mx ]; then
    # the authority of the test has vouched for the store
    args+=(--env=MAIL_DELIVERY_TLS_CA=/tls/ca.crt)
  fi
  container_create "$1" "$2" "${args[@]}" "$MAILINIT_IMAGE:$BASE"
  docker start "$STACK-$1" >/dev/null
  wait_until "$1 is ready, or gone" probe_or_gone "$1"
  probe "$1" || {
    logs_of "$1" | tail -n 60 >&2
    return 1
  }
}

probe() {
  local command
  read -ra command < <(look probe "$(manifests)" "$1")
  docker exec "$STACK-$1" "${command[@]}"
}

probe_or_gone() {
  gone "$1" || probe "$1"
}

from_world() {
  client send --address "$SUBNET.10" --host mx.example.com --port 25 --to "$1" --message-id "$2"
}

taken() {
  from_world info@example.com "$1" | grep '^data 250 '
}

arrived() {
  as_info client find imap --address "$SUBNET.11" --host imap.example.com --ca "$CA" --port 993 \
    --tls tls --message-id "$1"
}

serial_of() {
  openssl x509 -noout -serial
}

serves() {
  [ "$(openssl s_client -connect "$SUBNET.11:993" </dev/null 2>/dev/null | serial_of)" = "$1" ] &&
    [ "$(openssl s_client -connect "$SUBNET.10:25" -starttls smtp </dev/null 2>/dev/null | serial_of)" = "$1" ]
}

@test "the manifests fit together" {
  run -0 look check "$(manifests)"
  assert_output ""
}

@test "and it is told when they do not" {
  local dir=$BATS_TEST_TMPDIR/base change file
  while IFS='|' read -r file change; do
    rm -rf "$dir"
    cp -r "$(manifests)" "$dir"
    sed -i "$change" "$dir/$file"
    run ! diff -r "$(manifests)" "$dir"
    run look check "$dir"
    assert_failure 1
    refute_output ""
  done <<'END'
mx.yaml|s/serviceName: mx-pods/serviceName: mx-pod/
mx.yaml|s/targetPort: smtp/targetPort: mail/
mx.yaml|s/secretName: mail-tls/secretName: mail-tsl/
mx.yaml|s/configMapRef: {name: mx-settings}/configMapRef: {name: settings}/
mx.yaml|s/readOnlyRootFilesystem: true/readOnlyRootFileSystem: true/
mx.yaml|/mountPath: .var.spool.postfix/d
store.yaml|s/health, --quick/health/
store.yaml|s/component: store}/component: shop}/
network-policy.yaml|/^    - from:/,/component: mx}/c\    -
network-policy.yaml|s/port: 993/port: 143/
mx.env|s/store.mail.svc/store.post.svc/
kustomization.yaml|s/mx.env/mx-settings.env/
END
}

@test "the settings of both pass a strict dry run" {
  run docker run --rm --network none --label "mailinit-test=$STACK" -v "$(manifests):/base:ro" \
    "$MAILINIT_IMAGE:$BASE" --strict --dry-run --target debian13 --env-file /base/mx.env
  assert_success
  assert_output --partial '0 errors, 0 warnings'
  run docker run --rm --network none --label "mailinit-test=$STACK" -v "$(manifests):/base:ro" \
    "$MAILINIT_IMAGE:$BASE" --strict --dry-run --target debian13 --env-file /base/store.env \
    --config /base/mailinit.yaml
  assert_success
  assert_output --partial '0 errors, 0 warnings'
}

@test "with the rights that the manifests give, both started, and mail gets through to the mailbox" {
  local id
  id=$(new_id)
  wait_until "it is taken" taken "$id"
  arrived "$id" | grep 'with LMTPS'
  run from_world nobody@example.com "$(new_id)"
  assert_output --regexp '^rcpt 550 5\.1\.1 '
  # a line of the log is a record
  run bats_pipe logs_of mx \| grep status=sent \| tail -n 1 \| jq -r .service
  assert_output postfix
}

@test "a secret that is swapped, as kubelet does it, is served by both without a restart" {
  local before serial
  before=$(status mx '.services[0].pid')
  new_pair
  serial=$(serial_of <"$BATS_FILE_TMPDIR/tls/tls.crt")
  run ! serves "$serial"
  project mx-tls "$BATS_FILE_TMPDIR/tls"
  project store-tls "$BATS_FILE_TMPDIR/tls"
  wait_until "both serve the new pair" serves "$serial"
  run status mx '.services[0].pid'
  assert_output "$before"
}

@test "while the store's pod is away mail waits; a new pod of the edge goes on with the queue" {
  local id
  id=$(new_id)
  docker stop "$STACK-store" >/dev/null
  run from_world info@example.com "$id"
  assert_output --regexp '^data 250 '
  probe mx
  docker rm -f "$STACK-mx" >/dev/null
  pod mx 10
  run queue_ids mx
  assert_output "$id"
  docker start "$STACK-store" >/dev/null
  wait_until "the store is ready" probe store
  run -0 mailinit mx queue flush
  arrived "$id" >/dev/null
}
