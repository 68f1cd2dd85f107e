#!/usr/bin/env bats
# DKIM keys and their rotation, against a real name server, with mail on its way all the
# while and the container killed after every step: whatever arrives passes an independent
# verifier, with the records that are in DNS at that time.
# 43-dkim-rotation-bookworm.bats is this file by another name.

bats_require_minimum_version 1.5.0

setup_file() {
  load lib/stack
  load lib/mail
  load lib/dkim
  BASE=$(base_of_file)
  TODAY=$(date -u +%Y%m%d)
  export BASE TODAY
  stack_up
  authority
  mapfile -t VOLUMES < <(volumes mail)
  standard_files mail
  cat >>"$(mail_files mail)/etc/mailinit/mailinit.yaml" <<END
dkim:
  selectors:
    example.org: org1
END
  mail_create mail 10 "${VOLUMES[@]}"
  mail_start mail
  mailinit mail dns --zone | zone_add
  wait_until "the key is in DNS" record org1._domainkey.example.org TXT
}

teardown_file() {
  load lib/stack
  load lib/dkim
  [ ! -e "$BATS_FILE_TMPDIR/flow-pid" ] || flow_stop
  stack_down
}

setup() {
  bats_load_library bats-support
  bats_load_library bats-assert
  load lib/stack
  load lib/mail
  load lib/dkim
}

teardown() {
  show_logs mail
}

# killed: the container is killed as the machine's power would do it, and started again.
killed() {
  docker kill "$STACK-mail" >/dev/null
  mail_start mail
}

# still_well: mail that is sent now arrives, and all that arrived passes.
still_well() {
  local before
  before=$(arrived)
  wait_until "more mail arrives" more_arrived "$((before + 2))"
  all_verify
}

@test "two domains sign with selectors of their own" {
  run signed_with example.com
  assert_output "pass d=example.com s=default"
  run signed_with example.org
  assert_output "pass d=example.org s=org1"
  run -0 dkim mail list
  assert_line --regexp '^example.com: selector default, RSA with 2048 bits, since '
  assert_line --regexp '^example.org: selector org1, '
}

@test "status asks DNS: what is published is right, a domain that nobody signs for is named" {
  run -0 dkim mail status
  assert_output --partial 'DNS shows the key'
  run -2 dkim mail status example.con
  assert_output --partial 'did you mean example.com?'
}

@test "a rotation, step by step, with the container killed after each" {
  flow_start
  still_well

  # the first step makes a key and prints its record; a kill at once, and one after it
  docker exec "$STACK-mail" mailinit dkim rotate >/dev/null 2>&1 3>&- &
  wait_until "a next key is noted" state_has mail example.com "^next default-$TODAY "
  killed
  still_well
  run -0 dkim mail rotate --no-wait
  assert_line '; example.com: publish this record, and leave the present one where it is'
  assert_line --regexp "^default-$TODAY\._domainkey\.example\.com\. IN TXT \"v=DKIM1; h=sha256; k=rsa; p="
  assert_line --regexp "^org1-$TODAY\._domainkey\.example\.org\. IN TXT "
  assert_output --partial 'example.com: DNS does not show it'
  record=$(grep "^default-" <<<"$output")
  killed
  still_well

  # asked again, it is the same record, which mailinit dns prints too
  run -0 dkim mail rotate --no-wait
  assert_line "$record"
  mailinit mail dns --zone >"$BATS_TEST_TMPDIR/zone"
  grep -qxF "$record" "$BATS_TEST_TMPDIR/zone"
  grep -q '^default\._domainkey\.example\.com\. IN TXT' "$BATS_TEST_TMPDIR/zone"
  assert_equal "$(active mail example.com) $(active mail example.org)" 'default org1'

  # published: from the first look on DNS must show it for a while; a kill in that while
  publish mail
  docker exec "$STACK-mail" mailinit dkim rotate >/dev/null 2>&1 3>&- &
  wait_until "DNS was seen to show it" state_has mail example.com "^next default-$TODAY [0-9]+ [1-9]"
  killed
  still_well
  assert_equal "$(active mail example.com)" default

  # the change-over; a kill as soon as it is on disk, whether the signer knows it or not
  docker exec "$STACK-mail" mailinit dkim rotate >/dev/null 2>&1 3>&- &
  wait_until "it changed over" state_has mail example.com "^active default-$TODAY "
  killed
  run signed_with example.com
  assert_output "pass d=example.com s=default-$TODAY"
  still_well

  # and once more: the other domain may still be on its way, the first has nothing to do
  run -0 dkim mail rotate
  assert_output --partial 'example.com: mail is signed with selector'
  assert_output --partial 'nothing to do'
  run signed_with example.org
  assert_output "pass d=example.org s=org1-$TODAY"
  killed
  still_well

  flow_stop
  run -0 all_verify
  assert_line --regexp "[0-9] pass d=example.com s=default$"
  assert_line --regexp "[0-9] pass d=example.com s=default-$TODAY$"
  assert_line --regexp "[0-9] pass d=example.org s=org1$"
  assert_line --regexp "[0-9] pass d=example.org s=org1-$TODAY$"
}

@test "the record of the old key is to be kept, then may be removed, and then its private key is gone" {
  until=$(dkim_json mail "$(of example.com '.old[0].until')")
  assert [ "$(($(date -d "$until" +%s) - $(date +%s)))" -gt $((9 * 86400)) ]
  run mailinit mail dns
  assert_output --partial "keep it until ${until%T*}"
  run -1 dkim mail retire
  assert_output --partial 'may still be on its way'

  # ten days later
  mail_sh mail 'test -e /var/lib/mailinit/dkim/example.com/default.private'
  mail_sh mail 'sed -i "s/^old default [0-9]*/old default 1700000000/" \
    /var/lib/mailinit/dkim/example.com/state'
  run mailinit mail dns --zone
  assert_line --regexp '^; may be removed: default\._domainkey\.example\.com\. IN TXT '
  run mailinit mail dns
  assert_output --partial 'default._domainkey.example.com TXT (may be removed)'
  zone_drop default._domainkey.example.com
  docker restart -t 60 "$STACK-mail" >/dev/null
  mail_ready mail
  mail_sh mail 'test ! -e /var/lib/mailinit/dkim/example.com/default.private'
  run signed_with example.com
  assert_output "pass d=example.com s=default-$TODAY"
  run -0 dkim mail retire example.com
  assert_equal "$(dkim_json mail "$(of example.com '.old | length')")" 0
}

@test "a record that is published wrongly is told as what it is, and waited on" {
  next=default-$TODAY-2
  run -0 dkim mail rotate --no-wait example.com
  good=$(grep "^$next" <<<"$output")
  [ -n "$good" ]

  # a panel that takes one string of 255 bytes
  grep -o '^[^"]*"[^"]*"' <<<"$good" | zone_add
  wait_until "the cut record is in DNS" record "$next._domainkey.example.com" TXT
  run -0 dkim mail rotate --no-wait example.com
  assert_output --regexp 'its p= is cut off after [0-9]+ of 392 characters'

  # another record beside it
  echo "$good" | zone_add
  wait_until "there are two" dns_has_lines "$next._domainkey.example.com" 2
  run -0 dkim mail rotate --no-wait example.com
  assert_output --partial 'there are 2 records, and there must be one'

  # the key of the other domain
  zone_drop "$next._domainkey.example.com"
  grep "^org1-$TODAY" "$BATS_FILE_TMPDIR/root.zone" | head -n 1 |
    sed "s/^[^ ]*/$next._domainkey.example.com./" | zone_add
  wait_until "there is one" dns_has_lines "$next._domainkey.example.com" 1
  run -0 dkim mail rotate --no-wait example.com
  assert_output --partial "its p= is that of another key"
  assert_equal "$(dkim mail status --format=json example.com | jq -r '.domains[0].next.dns.verdict')" other-key
  assert_equal "$(active mail example.com)" "default-$TODAY"

  zone_drop "$next._domainkey.example.com"
  echo "$good" | zone_add
  run -0 dkim mail rotate example.com
  run signed_with example.com
  assert_output "pass d=example.com s=$next"
}

dns_has_lines() {
  [ "$(record "$1" TXT | wc -l)" = "$2" ]
}

# bats test_tags=once
@test "while DNS cannot be asked nothing changes, and that is not told as missing" {
  run -0 dkim mail rotate --no-wait --again example.com
  next=default-$TODAY-3
  publish mail
  docker pause "$STACK-dns" >/dev/null
  run -1 dkim mail rotate --timeout 1s example.com
  docker unpause "$STACK-dns" >/dev/null
  assert_output --partial 'DNS could not be asked'
  refute_output --partial 'does not show'
  docker stop -t 1 "$STACK-dns" >/dev/null
  run -0 dkim mail rotate --no-wait example.com
  run -3 dkim mail status example.com
  assert_output --partial 'DNS could not be asked'
  refute_output --partial 'does not show'
  assert_equal "$(active mail example.com)" "default-$TODAY-2"
  docker start "$STACK-dns" >/dev/null
  wait_until "the name server answers" record mx.gmail.test A

  # seen, then gone for a while, then there again: the waiting goes on from where it was
  docker exec "$STACK-mail" mailinit dkim rotate example.com >"$BATS_TEST_TMPDIR/out" 2>&1 3>&- &
  waiting=$!
  wait_until "DNS was seen to show it" state_has mail example.com "^next $next [0-9]+ [1-9]"
  docker stop -t 1 "$STACK-dns" >/dev/null
  wait_until "that it cannot be asked is told" grep -q 'could not be asked' "$BATS_TEST_TMPDIR/out"
  state_has mail example.com "^next $next [0-9]+ [1-9]"
  docker start "$STACK-dns" >/dev/null
  wait "$waiting"
  run signed_with example.com
  assert_output "pass d=example.com s=$next"
}

@test "two rotations at once come to the same end" {
  run -0 dkim mail rotate --no-wait --again example.org
  publish mail
  dkim mail rotate example.org >"$BATS_TEST_TMPDIR/one" 2>&1 3>&- &
  one=$!
  run -0 dkim mail rotate --format=json example.org
  wait "$one"
  assert_equal "$(active mail example.org)" "org1-$TODAY-2"
  assert_equal "$(dkim_json mail "$(of example.org '[.old[].selector] | join(" ")')")" "org1 org1-$TODAY"
  run signed_with example.org
  assert_output "pass d=example.org s=org1-$TODAY-2"
}

@test "a key file that is swapped by hand is told, and not signed with until DNS shows it" {
  path=/var/lib/mailinit/dkim/example.org/org1-$TODAY-2.private
  openssl genrsa -traditional 2048 2>/dev/null >"$BATS_TEST_TMPDIR/key"
  docker cp -q "$BATS_TEST_TMPDIR/key" "$STACK-mail:$path"
  mailinit mail reload
  run signed_with example.org
  assert_output "pass d=example.org s=org1-$TODAY-2"
  run mailinit mail check
  assert_output --partial '[dkim-key-kept]'
  assert_output --partial 'holds another key now'
  killed
  run signed_with example.org
  assert_output "pass d=example.org s=org1-$TODAY-2"

  # the user has meant it: the record is replaced, and one command takes the file over
  run -0 dkim mail rotate --no-wait example.org
  record=$(grep '^org1' <<<"$output")
  zone_drop "org1-$TODAY-2._domainkey.example.org"
  sed 's/ IN TXT/ 5 IN TXT/' <<<"$record" | zone_add
  run -0 dkim mail rotate example.org
  run signed_with example.org
  assert_output "pass d=example.org s=org1-$TODAY-2"
  run mailinit mail check
  refute_output --partial '[dkim-key-kept]'

  # a file that is lost changes nothing either
  mail_sh mail 'rm "$1"' "$path"
  killed
  run signed_with example.org
  assert_output "pass d=example.org s=org1-$TODAY-2"
  run mailinit mail check
  assert_output --partial 'is gone; mail is still signed'
}

@test "what is remembered may be damaged, or of another domain: the key that was active signs on" {
  dir=/var/lib/mailinit/dkim
  for damage in 'echo garbage >$1/example.org/state' ': >$1/example.org/state' \
    'cp $1/example.com/state $1/example.org/state' 'rm $1/example.org/state' \
    'head -c 65000 /dev/urandom >$1/example.org/state' \
    'rm $1/example.org/state && mkdir $1/example.org/state'; do
    mail_sh mail "set -e; $damage" "$dir"
    killed
    run signed_with example.org
    assert_output "pass d=example.org s=org1-$TODAY-2"
    run mailinit mail check
    assert_output --partial '[dkim-state-damaged]'
    mail_sh mail 'set -e; rm -rf $1/state; cp -a $1/state.backup $1/state' "$dir/example.org"
  done
  run mailinit mail check
  refute_output --partial '[dkim-state-damaged]'
}

@test "a volume that is emptied below the running container changes no signature" {
  dir=/var/lib/mailinit/dkim/example.org
  mail_sh mail 'set -e; cp -a "$1" /tmp/saved; rm -r "$1"' "$dir"
  run -0 mailinit mail reload
  run signed_with example.org
  assert_output "pass d=example.org s=org1-$TODAY-2"
  killed
  run signed_with example.org
  assert_output "pass d=example.org s=org1-$TODAY-2"
  run mailinit mail check
  refute_output --partial '[dkim-state-damaged]'
  assert_output --partial '[dkim-key-kept]'

  # both copies damaged; the next reload remembers it anew
  run mail_sh mail 'echo garbage | tee "$1/state" >"$1/state.backup"; mailinit check 2>&1' "$dir"
  assert_output --partial 'as the running signer has it'
  killed
  run signed_with example.org
  assert_output "pass d=example.org s=org1-$TODAY-2"
  mail_sh mail 'set -e; rm -r "$1"; cp -a /tmp/saved "$1"' "$dir"
  run -0 mailinit mail reload
}

@test "another selector in the settings signs once DNS shows it, and is told till then" {
  docker cp -q "$STACK-mail:/etc/mailinit/mailinit.yaml" "$BATS_TEST_TMPDIR/yaml"
  sed 's/example.org: org1/example.org: org2/' "$BATS_TEST_TMPDIR/yaml" >"$BATS_TEST_TMPDIR/changed"
  docker cp -q "$BATS_TEST_TMPDIR/changed" "$STACK-mail:/etc/mailinit/mailinit.yaml"
  mailinit mail reload
  run signed_with example.org
  assert_output "pass d=example.org s=org1-$TODAY-2"
  run mailinit mail check
  assert_output --partial '[dkim-selector-waits]'
  run -0 dkim mail rotate --no-wait example.org
  assert_line --regexp '^org2\._domainkey\.example\.org\. IN TXT '

  # given up again, it is silent, and the key is gone
  run -0 dkim mail cancel example.org
  mail_sh mail 'test ! -e /var/lib/mailinit/dkim/example.org/org2.private'
  run mailinit mail check
  refute_output --partial '[dkim-rotation-pending]'

  # by force it signs at once
  run -0 dkim mail rotate --force --selector org2 example.org
  run signed_with example.org
  assert_output --partial "fail"
  publish mail
  run signed_with example.org
  assert_output "pass d=example.org s=org2"
}
