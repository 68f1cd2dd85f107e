#!/usr/bin/env bats
# Where settings come from: compose files as Docker Compose reads them, files of variables,
# several configuration files, and what tries to use up memory.

bats_require_minimum_version 1.5.0

setup_file() {
  load lib/stack
  STACK=mailinit-test-$(random_hex 4)
  export STACK
  docker create --name "$STACK-source" --label "mailinit-test=$STACK" --network none \
    "$MAILINIT_IMAGE:trixie" >/dev/null
  docker cp -q "$STACK-source:/usr/sbin/mailinit" "$BATS_FILE_TMPDIR/mailinit"
}

teardown_file() {
  load lib/stack
  stack_down
}

setup() {
  bats_load_library bats-support
  bats_load_library bats-assert
  cd "$BATS_TEST_TMPDIR"
  PATH=$BATS_FILE_TMPDIR:$PATH
}

# compose: the client's plugin, or the program of its own.
compose() {
  if docker compose version >/dev/null 2>&1; then docker compose "$@"; else docker-compose "$@"; fi
}

# theirs FILE: the POSTFIX_ variables that compose gives the service, as name=value lines
theirs() {
  compose -f "$1" config --format json 2>/dev/null |
    jq -r '.services.mail.environment | to_entries[] | select(.key | startswith("POSTFIX_"))
      | select(.value != null and .value != "")
      | (.key | ltrimstr("POSTFIX_")) + " = " + (.value | gsub("\\$\\$"; "$"))' | sort
}

# ours FILE: the same as they come to main.cf
ours() {
  mailinit --dry-run --compose "$1:mail" --format json |
    jq -r '.files[] | select(.path == "/etc/postfix/main.cf") | .lines[].text
      | select(startswith("v_"))' | sort
}

# Cases for which both must come to the same values. No case has a line break in a value:
# main.cf cannot hold one.
write_compose() {
  cat >.env <<'EOF'
# of the project
A=1
B="dq $A"   # comment
C='sq $A'
D=plain $A # comment
E=x#y
export F=exported
G = spaced
H: colon
I="tab\ta\"b\\c \$A $$A"
J='it\'s'
K=
N=${A:-def}${ZZ:-zz}
O=${ZZ-${A}}
P=a\nb
Q=$$A
R=a'b'c
SELF=${LATER:-none}
LATER=later
FROM_OS=dotenv
EOF
  cat >one.env <<'EOF'
POSTFIX_v_file=fromfile
POSTFIX_v_ref=$POSTFIX_v_file and $A and $FROM_OS
POSTFIX_v_over=file
POSTFIX_v_same=$POSTFIX_v_over
FROM_OS
POSTFIX_v_single='p$w "x"'
POSTFIX_v_plain=p\w  # c
POSTFIX_v_hash= #c
EOF
  cat >two.env <<'EOF'
POSTFIX_v_second=$POSTFIX_v_file
POSTFIX_v_raw="q" # c
EOF
  cat >compose.yaml <<'EOF'
x-env: &env
  POSTFIX_v_anchor: 1
  POSTFIX_v_over: anchor
services:
  base:
    image: scratch
    env_file: one.env
    environment: {POSTFIX_v_base: base, POSTFIX_v_own: base}
  mail:
    image: mailinit:trixie
    extends: base
    env_file: [two.env, {path: none.env, required: false}]
    environment:
      <<: *env
      MAIL_HOSTNAME: mail.example.com
      MAIL_DOMAINS: example.com
      POSTFIX_v_own: own
      POSTFIX_v_a: $A
      POSTFIX_v_b: $B
      POSTFIX_v_c: $C
      POSTFIX_v_d: $D
      POSTFIX_v_e: $E
      POSTFIX_v_f: $F
      POSTFIX_v_g: $G
      POSTFIX_v_h: $H
      POSTFIX_v_i: $I
      POSTFIX_v_j: $J
      POSTFIX_v_k: ${K-unset}|${K:-empty}|${K+set}|${K:+nonempty}
      POSTFIX_v_n: $N
      POSTFIX_v_o: $O
      POSTFIX_v_p: $P
      POSTFIX_v_q: $Q
      POSTFIX_v_r: $R
      POSTFIX_v_s: $SELF
      POSTFIX_v_os: $FROM_OS
      POSTFIX_v_octal: 0600
      POSTFIX_v_hex: 0x1F
      POSTFIX_v_under: 1_000
      POSTFIX_v_float: 1.10
      POSTFIX_v_true: True
      POSTFIX_v_yes: yes
      POSTFIX_v_sixty: 12:30
      POSTFIX_v_null: null
      POSTFIX_v_plus: +5
      POSTFIX_v_089: 089
      POSTFIX_v_point: .5
      POSTFIX_v_dollars: a$$b
      POSTFIX_v_nested: ${NOPE:-a${A}b}
      POSTFIX_v_brace: ${NOPE:-{x}}
      POSTFIX_v_first: ${NOPE:-a}b}
      POSTFIX_v_unset: "[$NOPE]"
      POSTFIX_v_other: ${A:+alt $B}
EOF
}

@test "a compose file gives the variables that Docker Compose makes of it" {
  write_compose
  export FROM_OS=os
  theirs compose.yaml >theirs
  ours compose.yaml >ours
  assert [ "$(wc -l <theirs)" -gt 40 ]
  run diff -u theirs ours
  assert_success
}

@test "the same in the list form" {
  cat >compose.yaml <<'EOF'
services:
  mail:
    image: mailinit:trixie
    environment:
      - MAIL_HOSTNAME=mail.example.com
      - MAIL_DOMAINS=example.com
      - POSTFIX_v_a=b
      - POSTFIX_v_quotes="b"
      - 'POSTFIX_v_two=a=b'
      - POSTFIX_v_os
      - POSTFIX_v_none
      - POSTFIX_v_dollar=$POSTFIX_v_os$$x
      - POSTFIX_v_twice=1
      - POSTFIX_v_twice=2
      - POSTFIX_v_hash=a # b
EOF
  export POSTFIX_v_os=os
  theirs compose.yaml >theirs
  ours compose.yaml >ours
  assert [ "$(wc -l <theirs)" = 7 ]
  run diff -u theirs ours
  assert_success
}

@test "what Docker Compose refuses is refused" {
  for value in '${A' '${}' '${1}' '${A b}' '${A:?needed}' '${A:=x}' '[a]' '{a: b}'; do
    printf 'services: {mail: {image: mailinit, environment:\n  {MAIL_HOSTNAME: a.b.c, MAIL_DOMAINS: b.c, X: %s}}}\n' \
      "$([[ $value = \$* ]] && echo "'$value'" || echo "$value")" | sed 's/ X:/ POSTFIX_v:/' >compose.yaml
    run compose -f compose.yaml config
    assert_failure
    run mailinit check --compose compose.yaml
    assert_equal "$status" 1
    assert_output --partial 'compose.yaml:2:'
  done
}

@test "secrets, configs and mounted files are found where they are on this machine" {
  mkdir secrets templates
  printf 'from the secret\n' >secrets/relay
  printf 'log: {level: debug}\n' >mailinit.yaml
  cat >compose.yaml <<'EOF'
services:
  web: {image: nginx}
  mail:
    image: mailinit:trixie
    hostname: mail
    domainname: example.com
    environment:
      MAIL_DOMAINS: example.com
      MAIL_RELAY_HOST: smtp.example.net
      MAIL_RELAY_USERNAME: me
      MAIL_RELAY_PASSWORD_FILE: /run/secrets/relay
      MAIL_LOG_LEVEL: ${LEVEL-info}
    secrets: [relay]
    volumes: ["./mailinit.yaml:/etc/mailinit/mailinit.yaml:ro"]
secrets:
  relay: {file: ./secrets/relay}
EOF
  run mailinit --dry-run --compose compose.yaml --out out
  assert_success
  refute_output --partial 'not on this machine'
  run grep -rl 'from the secret' out
  assert_success
  # from another directory too
  cd /
  run mailinit check --compose "$BATS_TEST_TMPDIR/compose.yaml"
  assert_success
  assert_output --partial 'compose.yaml:12:23'
  assert_output --partial 'mailinit.yaml:1:14'
}

@test "an env-file comes through a pipe, the settings through standard input, several of both" {
  printf 'hostname: mail.example.com\ndomains: [example.com]\n' >base.yaml
  run bash -c 'mailinit check --config base.yaml --config - \
    --env-file <(echo MAIL_LOG_LEVEL=debug) --env-file <(echo "MAIL_LOG_LEVEL=lout") \
    <<<"domains: [example.org, nonsense_]"'
  assert_equal "$status" 1
  assert_output --partial 'standard input:1:24'
  assert_output --partial '"lout"'
  run mailinit check --config base.yaml --config ./base.yaml
  assert_equal "$status" 1
  assert_output --partial config-twice
  printf 'services:\n  mail: {image: mailinit}\n' >compose.yaml
  run mailinit check --env-file compose.yaml
  assert_equal "$status" 1
  assert_output --partial 'use --compose'
}

# bombs: files that grow when they are read, one name a line
bombs() {
  local i
  head -c 10000 /dev/zero | tr '\0' '[' >levels.yaml
  { echo 'a0: &a0 [x,x,x,x,x,x,x,x,x]'
    for i in $(seq 1 20); do echo "a$i: &a$i [*a$((i - 1)),*a$((i - 1)),*a$((i - 1)),*a$((i - 1))]"; done
    echo 'services: {mail: {image: mailinit, environment: *a20, env_file: *a20, volumes: *a20}}'
  } >laughs.yaml
  truncate -s 100M large.yaml
  yes -- '- a' | head -c 16000000 >list.yaml
  yes '? a' | head -c 16000000 >again.yaml
  { printf 'a: "'; yes x | head -c 16000000; } >open.yaml
  { echo A0=xxxxxxxxxx
    for i in $(seq 1 5000); do echo "A$i=\$A$((i - 1))\$A$((i - 1))"; done; } >doubles.env
  yes 'a b' | head -c 4000000 >wrong.env
  seq -f 'A%.0f=1' 1 400000 >many.env
  truncate -s 100M large.env
}

@test "bombs, 100 MB and 10,000 levels end in a finding, in 64 MB" {
  bombs
  for input in --config=levels.yaml --config=laughs.yaml --config=large.yaml --config=list.yaml \
    --config=again.yaml --config=open.yaml --compose=levels.yaml --compose=laughs.yaml \
    --compose=large.yaml --compose=list.yaml --compose=again.yaml --compose=open.yaml \
    --env-file=doubles.env --env-file=wrong.env --env-file=many.env --env-file=large.env; do
    # the bound on time is generous: it only tells an end from none
    run timeout 60 prlimit --as=$((64 * 1024 * 1024)) -- mailinit check "$input" --color never
    echo "# $input: ${lines[0]}" >&2
    assert_equal "$status" 1
    assert_regex "$output" 'error \[(yaml-limit|yaml-syntax|yaml-alias|yaml-duplicate-key|compose-invalid|compose-interpolation|env-file-syntax|config-unreadable)\]'
  done
}

@test "a verb that was nearly typed is named" {
  run -127 mailinit dryrun
  assert_output --partial 'did you mean mailinit --dry-run?'
  run -127 mailinit chekc
  assert_output --partial 'did you mean mailinit check?'
  run -127 mailinit xyzzy
  refute_output --partial 'did you mean'
}
