#!/usr/bin/env bats
# The dry run: it writes nothing, and away from the image it renders what the container
# would write, byte for byte but for what it lists as deferred.
# 70-dry-run-bookworm.bats is this file by another name.

bats_require_minimum_version 1.5.0

setup_file() {
  load lib/stack
  load lib/mail
  BASE=$(base_of_file)
  case $BASE in trixie) TARGET=debian13 ;; bookworm) TARGET=debian12 ;; esac
  SUBNET=192.0.2
  STACK=mailinit-test-$(random_hex 4)
  export BASE STACK TARGET SUBNET
  authority
  standard_files written
  docker create --name "$STACK-written" --label "mailinit-test=$STACK" --network none \
    --hostname "$MAIL_HOSTNAME" --env-file <(variables) "$MAILINIT_IMAGE:$BASE" >/dev/null
  docker cp -q "$(mail_files written)/." "$STACK-written:/"
  mail_start written
  elsewhere
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

# variables: some of each kind, beside the YAML file.
variables() {
  printf '%s\n' \
    'MAIL_NETWORKS=192.0.2.0/24 10.9.0.0/16' \
    'MAIL_LIMITS_MESSAGE=20M' \
    'MAIL_DKIM_SELECTOR=s2026' \
    'POSTFIX_maximal_queue_lifetime=2d' \
    'POSTFIX_smtpd_banner=$myhostname ESMTP, 100% "ours"' \
    'MAIL_RELAY_HOST=[smarthost.test]:587' \
    'MAIL_RELAY_USERNAME=me' \
    'MAIL_RELAY_PASSWORD=a $b # "c" \d'
}

# elsewhere: the same input rendered in a plain Debian that has none of the daemons. What
# it renders is left in $BATS_FILE_TMPDIR/rendered, the report in report.json.
elsewhere() {
  local plain=$STACK-plain out=$BATS_FILE_TMPDIR
  mkdir -p "$out/in"
  docker cp -q "$STACK-written:/usr/sbin/mailinit" "$out/in/mailinit"
  cp "$(mail_files written)/etc/mailinit/mailinit.yaml" "$out/in/mailinit.yaml"
  # Docker takes such a file as it stands; in compose syntax a value is quoted.
  variables | sed "s/=\(.*\)/='\1'/" >"$out/in/mail.env"
  docker create --name "$plain" --label "mailinit-test=$STACK" --network none \
    --user 12345 --workdir /in debian:trixie-slim \
    /in/mailinit --dry-run --target "$TARGET" --env-file mail.env --config mailinit.yaml \
    --format json --out /tmp/out >/dev/null
  docker cp -q "$out/in/." "$plain:/in"
  if ! docker start -a "$plain" >"$out/report.json"; then
    docker logs "$plain" >&2
    return 1
  fi
  docker cp -q "$plain:/tmp/out" "$out/rendered"
}

@test "it needs no daemon, no network and no rights, and leaves a tree and a report" {
  run jq -e '.version == 1 and .summary.errors == 0 and (.files | length) > 8' \
    "$BATS_FILE_TMPDIR/report.json"
  assert_success
  run find "$BATS_FILE_TMPDIR/rendered" -name main.cf
  assert_output --partial main.cf
}

@test "what it rendered is what the container wrote, but for what it lists as deferred" {
  rendered=$(dirname "$(dirname "$(find "$BATS_FILE_TMPDIR/rendered" -name main.cf)")")
  docker cp -q -L "$STACK-written:/run/mailinit/current/." "$BATS_TEST_TMPDIR/written"
  run jq -r '.files[] | select(.deferred) | .path' "$BATS_FILE_TMPDIR/report.json"
  assert_success
  printf '%s\n' "$output" >"$BATS_TEST_TMPDIR/deferred"
  seen=0
  while read -r file; do
    if grep -qE "/${file//./\\.}\$" "$BATS_TEST_TMPDIR/deferred"; then
      continue
    fi
    # A secret that only the container has shows as its placeholder's line.
    diff <(grep -v '{deferred:' "$rendered/$file") \
      <(without_deferred "$rendered/$file" "$BATS_TEST_TMPDIR/written/$file")
    seen=$((seen + 1))
  done < <(cd "$rendered" && find . -type f -printf '%P\n')
  [ "$seen" -ge 8 ]
}

# without_deferred RENDERED WRITTEN: the lines of WRITTEN, less those that stand where
# RENDERED has a placeholder.
without_deferred() {
  awk 'NR == FNR { if (/\{deferred:/) skip[FNR] = 1; next } !(FNR in skip)' "$1" "$2"
}

@test "each file of the container is in the rendered tree, and the other way round" {
  rendered=$(dirname "$(dirname "$(find "$BATS_FILE_TMPDIR/rendered" -name main.cf)")")
  docker exec "$STACK-written" find -L /run/mailinit/current/ -type f -printf '%P\n' |
    grep -vE '^(manifest$|rendered/)' | sort >"$BATS_TEST_TMPDIR/there"
  find "$rendered" -type f -printf '%P\n' | sort >"$BATS_TEST_TMPDIR/here"
  run diff "$BATS_TEST_TMPDIR/there" "$BATS_TEST_TMPDIR/here"
  assert_success
}

@test "the daemons themselves take what was rendered" {
  run docker exec "$STACK-written" sh -c 'postconf -n 2>&1 >/dev/null'
  assert_output ""
  run docker exec "$STACK-written" postfix check
  assert_success
  run docker exec "$STACK-written" doveconf -n
  assert_success
  run docker exec "$STACK-written" opendkim -n -x /etc/opendkim.conf
  assert_success
  run docker exec "$STACK-written" postconf -h smtpd_banner
  assert_output '$myhostname ESMTP, 100% "ours"'
}

@test "every line of the report knows its origin or its template" {
  run jq -e '[.files[] | select(.path | endswith("main.cf")) | .lines[]
    | select(.text != null and (.text | test("^[a-z]")) and .origin == null and .template == null)]
    | length' "$BATS_FILE_TMPDIR/report.json"
  assert_output 0
  run jq -r '.files[] | select(.path | endswith("main.cf")) | .lines[]
    | select(.text != null and (.text | startswith("myhostname"))) | .origin.kind' \
    "$BATS_FILE_TMPDIR/report.json"
  assert_output yaml
  run jq -r '.files[] | select(.path | endswith("main.cf")) | .lines[]
    | select(.text != null and (.text | startswith("maximal_queue_lifetime"))) | .origin.name' \
    "$BATS_FILE_TMPDIR/report.json"
  assert_output POSTFIX_maximal_queue_lifetime
}

@test "no secret is in the report" {
  run grep -cF 'a $b # ' "$BATS_FILE_TMPDIR/report.json"
  assert_output 0
  run grep -c testsalt "$BATS_FILE_TMPDIR/report.json"
  assert_output 0
}

@test "in the image it prints files and findings, and writes nothing" {
  standard_files printed
  docker create --name "$STACK-printed" --label "mailinit-test=$STACK" --network none \
    --hostname "$MAIL_HOSTNAME" "$MAILINIT_IMAGE:$BASE" --dry-run >/dev/null
  docker cp -q "$(mail_files printed)/." "$STACK-printed:/"
  docker diff "$STACK-printed" | sort >"$BATS_TEST_TMPDIR/before"
  run docker start -a "$STACK-printed"
  assert_success
  assert_output --partial 'myhostname = mail.example.com'
  assert_output --partial /etc/postfix/master.cf
  assert_output --partial /etc/dovecot/dovecot.conf
  assert_output --partial /etc/opendkim.conf
  refute_output --partial "$INFO_PASSWORD"
  run diff "$BATS_TEST_TMPDIR/before" <(docker diff "$STACK-printed" | sort)
  assert_success
}

@test "it writes nothing because it need not: it works on a read-only root, as any user" {
  run docker run --rm --network none --read-only --user 12345:12345 --cap-drop ALL \
    --env MAIL_HOSTNAME="$MAIL_HOSTNAME" --env MAIL_DOMAINS=example.com \
    --env MAIL_MAILBOXES='info@example.com={SHA512-CRYPT}$6$x$y' "$MAILINIT_IMAGE:$BASE" --dry-run
  assert_success
  assert_output --partial 'myhostname = mail.example.com'
}

@test "in a container that runs, nothing would change" {
  run docker exec "$STACK-written" mailinit --dry-run --format=json
  assert_success
  printf '%s' "$output" >"$BATS_TEST_TMPDIR/report.json"
  run jq -c '[.files[] | select(.action != "keep") | .path]' "$BATS_TEST_TMPDIR/report.json"
  assert_output '[]'
}

@test "check prints the findings alone, with exit 0 when a start would work" {
  run docker exec "$STACK-written" mailinit check --format=json
  assert_success
  printf '%s' "$output" >"$BATS_TEST_TMPDIR/report.json"
  run jq -e 'has("findings") and has("summary") and (has("files") | not)' \
    "$BATS_TEST_TMPDIR/report.json"
  assert_success
}

@test "with an error the dry run exits with 1, and the finding is complete" {
  run docker run --rm --network none --env MAIL_HOSTNAME=mail --env MAIL_DOMAINS=example.com \
    "$MAILINIT_IMAGE:$BASE" --dry-run --format=json
  assert_equal "$status" 1
  printf '%s' "$output" >"$BATS_TEST_TMPDIR/report.json"
  run jq -r '.findings[] | select(.id == "hostname-invalid")
    | [.severity, .origin.name, (.message != ""), (.effect != ""), (.help != "")] | join(" ")' \
    "$BATS_TEST_TMPDIR/report.json"
  assert_output "error MAIL_HOSTNAME true true true"
}
