#!/usr/bin/env bats
# The drawing of the way that mail takes: it is what the container really does, it is drawn from
# a compose file with nothing but that file, and whoever shows it can read it.

bats_require_minimum_version 1.5.0

setup_file() {
  load lib/stack
  load lib/mail
  BASE=trixie
  SUBNET=192.0.2
  STACK=mailinit-test-$(random_hex 4)
  export BASE STACK SUBNET
  authority
  standard_files mapped
  docker create --name "$STACK-mapped" --label "mailinit-test=$STACK" --network none \
    --hostname "$MAIL_HOSTNAME" -e "POSTFIXMASTER_2525__inet=n - y - - smtpd" \
    -e "POSTFIXMASTER_submission__inet=" -e "DOVECOT_protocols=imap lmtp" \
    "$MAILINIT_IMAGE:$BASE" >/dev/null
  docker cp -q "$(mail_files mapped)/." "$STACK-mapped:/"
  mail_start mapped
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
  cd "$BATS_TEST_DIRNAME/.."
}

map() {
  build/mailinit map "$@"
}

# compose NAME: a compose file from standard input.
compose() {
  cat >"$BATS_TEST_TMPDIR/$1.yaml"
}

# ports_drawn: the ports of the text in $output, one a line: "25 smtp", and "993: TLS …".
ports_drawn() {
  sed -nE 's/^  (in      |        ) ([0-9]+)( .*)?$/\2/p' <<<"$output"
  grep -oE '(^|[ ;])[0-9]+: (STARTTLS|TLS|no TLS)' <<<"$output" | grep -oE '[0-9]+'
}

@test "the ports of the picture are those at which the container listens" {
  run mailinit mapped map
  assert_success
  ports_drawn | sort -un >"$BATS_TEST_TMPDIR/drawn"
  docker exec "$STACK-mapped" sh -c 'cat /proc/net/tcp /proc/net/tcp6' |
    awk '$4 == "0A" { split($2, at, ":"); print at[2] }' |
    while read -r hex; do echo $((16#$hex)); done | sort -un >"$BATS_TEST_TMPDIR/open"
  run cat "$BATS_TEST_TMPDIR/drawn"
  assert_line 25
  assert_line 2525
  assert_line 993
  run diff "$BATS_TEST_TMPDIR/open" "$BATS_TEST_TMPDIR/drawn"
  assert_success
}

@test "what the plan lacks is not in the picture" {
  run mailinit mapped map
  refute_output --partial 587
  refute_output --partial POP3
  run map --compose compose/all-in-one.yaml
  assert_output --partial '587 submission'
  assert_output --partial POP3
}

@test "every stack of ours is well-formed SVG without scripts, drawn twice the same" {
  local file
  for file in compose/*.yaml; do
    map --compose "$file" --format=svg >"$BATS_TEST_TMPDIR/one.svg"
    map --compose "$file" --format=svg | cmp - "$BATS_TEST_TMPDIR/one.svg"
    run python3 - "$BATS_TEST_TMPDIR/one.svg" <<'END'
import sys, xml.etree.ElementTree as tree
root = tree.parse(sys.argv[1]).getroot()
names = [element.tag.split('}')[1] for element in root.iter()]
assert names[0] == 'svg' and 'title' in names and 'desc' in names, names
assert not {'script', 'image', 'foreignObject', 'use', 'a'} & set(names), names
assert 'http' not in ''.join(value for e in root.iter() for value in e.attrib.values())
right, bottom = float(root.get('width')), float(root.get('height'))
for e in root.iter('{http://www.w3.org/2000/svg}rect'):
    assert float(e.get('x')) + float(e.get('width')) <= right, e.attrib
    assert float(e.get('y')) + float(e.get('height')) <= bottom, e.attrib
END
    assert_success
  done
}

@test "a Mermaid chart names every box once, and draws edges between those alone" {
  map --compose compose/all-in-one.yaml --format=mermaid >"$BATS_TEST_TMPDIR/map.mmd"
  run head -n 1 "$BATS_TEST_TMPDIR/map.mmd"
  assert_output 'flowchart TB'
  run python3 - "$BATS_TEST_TMPDIR/map.mmd" <<'END'
import re, sys
text = open(sys.argv[1]).read()
boxes = re.findall(r'^  (b\d+)[\[({]', text, re.M)
ends = {end for edge in re.findall(r'^  (b\d+) \S+ (b\d+)$', text, re.M) for end in edge}
assert len(boxes) == len(set(boxes)) and ends and ends <= set(boxes), (boxes, ends)
assert '"25 smtp<br/>' in text and '"OpenDKIM<br/>' in text
END
  assert_success
}

@test "three containers of one file are one picture, joined by their names" {
  compose split <<'END'
services:
  postfix:
    image: mailinit:trixie
    hostname: mail.example.com
    environment:
      MAIL_DOMAINS: example.com
      MAIL_ROLES: mx submission
      MAIL_DELIVERY_LMTP: inet:store:24
      MAIL_DELIVERY_SASL: inet:dovecot:12345
      MAIL_MILTERS: inet:signer:8891
  dovecot:
    image: mailinit:trixie
    container_name: store
    environment: {MAIL_HOSTNAME: mail.example.com, MAIL_DOMAINS: example.com, MAIL_ROLES: mailstore, MAIL_LISTEN_SASL: 12345}
  opendkim:
    image: mailinit:trixie
    networks: {default: {aliases: [signer]}}
    deploy: {replicas: 2}
    environment: {MAIL_HOSTNAME: mail.example.com, MAIL_DOMAINS: example.com, MAIL_ROLES: dkim}
  web:
    image: nginx
END
  run map --compose "$BATS_TEST_TMPDIR/split.yaml"
  assert_success
  assert_output --partial 'opendkim, 2 of them'
  assert_output --partial '-> opendkim: OpenDKIM'
  assert_output --partial '-> postfix: Queue'
  assert_output --partial 'asks dovecot: Passwords'
  assert_output --partial '-> dovecot: Mail store'
  refute_output --partial 'store:24'
  refute_output --partial web
  run map --compose "$BATS_TEST_TMPDIR/split.yaml:dovecot"
  assert_success
  refute_output --partial OpenDKIM
  assert_output --partial 'LMTP at port 24'
}

@test "a partner that is misspelt, or has nothing at that port, is marked" {
  compose near <<'END'
services:
  mx:
    image: mailinit:trixie
    environment:
      MAIL_HOSTNAME: mx.example.com
      MAIL_DOMAINS: example.com
      MAIL_ROLES: mx
      MAIL_DELIVERY_LMTP: inet:stoer:24
      MAIL_MILTERS: inet:store:8891
  store:
    image: mailinit:trixie
    environment: {MAIL_HOSTNAME: mail.example.com, MAIL_DOMAINS: example.com, MAIL_ROLES: mailstore}
END
  run map --compose "$BATS_TEST_TMPDIR/near.yaml"
  assert_success
  assert_output --partial '-> stoer:24  !! compose-partner-missing'
  assert_output --partial '-> store:8891  !! compose-partner-closed'
  assert_output --partial 'nothing of store listens at port 8891'
  run build/mailinit check --compose "$BATS_TEST_TMPDIR/near.yaml:mx"
  assert_output --partial 'delivery.lmtp: no service of the compose file is called "stoer"; did you mean "store"?'
  assert_output --partial 'milters: nothing of the service "store" listens at port 8891'
}

@test "an error is marked where it is, with the id that explain knows" {
  printf '%s\n' MAIL_HOSTNAME=mail.example.com MAIL_DOMAINS=example.com \
    POSTFIX_smtpd_sasl_path=private/elsewhere >"$BATS_TEST_TMPDIR/broken.env"
  run map --env-file "$BATS_TEST_TMPDIR/broken.env"
  assert_success
  assert_output --partial 'asks Passwords  !! postfix-sasl-socket'
  run build/mailinit explain postfix-sasl-socket
  assert_success
  run map --env-file "$BATS_TEST_TMPDIR/broken.env" --format=svg
  assert_output --partial '>postfix-sasl-socket</text>'
  run map --env-file "$BATS_TEST_TMPDIR/broken.env" --format=mermaid
  assert_output --partial '|"! postfix-sasl-socket"|'
}

@test "no secret is in a picture" {
  local secret format
  secret=$(random_hex 12)
  printf '%s\n' MAIL_HOSTNAME=relay.example.com MAIL_DOMAINS=example.com MAIL_ROLES=relay \
    MAIL_NETWORKS=10.0.0.0/8 'MAIL_RELAY_HOST=[smtp.example.net]:587' MAIL_RELAY_USERNAME=someone \
    "MAIL_RELAY_PASSWORD=$secret" >"$BATS_TEST_TMPDIR/relay.env"
  for format in text mermaid svg; do
    run map --env-file "$BATS_TEST_TMPDIR/relay.env" --format=$format
    assert_success
    assert_output --partial smtp.example.net:587
    refute_output --partial "$secret"
    refute_output --partial someone
  done
}

@test "a form that there is not is refused, and settings that are wrong are told, not drawn" {
  run -2 map --compose compose/all-in-one.yaml --format=json
  assert_output --partial 'map has no --format json; it is text, mermaid or svg'
  run -1 map --env-file <(echo MAIL_HOSTNAM=x)
  assert_output --partial env-unknown
  run -2 map --zonk
}
