#!/usr/bin/env bats
# dovecot.conf and opendkim.conf, judged by us and by the image's own doveconf and opendkim:
# what the daemon would refuse to start with refuses our start, and nothing else does.
# 75-dovecot-language-bookworm.bats is this file by another name.

bats_require_minimum_version 1.5.0

setup_file() {
  load lib/stack
  BASE=$(base_of_file)
  CASES=$BATS_FILE_TMPDIR/cases
  MAILINIT=$(make -s print-ASAN)/mailinit
  TEMPLATES=$BATS_FILE_TMPDIR/templates
  export BASE CASES MAILINIT TEMPLATES TARGET HEAD FOLDER
  case $BASE in
  trixie)
    TARGET=debian13 FOLDER=dovecot-2.4
    HEAD='dovecot_config_version = 2.4.1\ndovecot_storage_version = 2.4.1\n'
    ;;
  bookworm) TARGET=debian12 FOLDER=dovecot-2.3 HEAD= ;;
  esac
  mkdir -p "$CASES" "$TEMPLATES/$FOLDER" "$TEMPLATES/opendkim"
  printf '%s\n' MAIL_HOSTNAME=mail.example.com MAIL_DOMAINS=example.com >"$BATS_FILE_TMPDIR/env"
  write_cases dovecot "$HEAD" "${dovecot_cases[@]}"
  write_cases opendkim "$OPENDKIM_HEAD" "${opendkim_cases[@]}"
  ask_daemons
}

dovecot_cases=(
  'auth_verbose = yes\n'
  'auth_verbose = Y\n'
  'auth_verbose = true\n'
  'auth_verbose =\n'
  'auth_verbos = yes\n'
  'default_client_limit = 10k\n'
  'default_client_limit = unlimited\n'
  'auth_cache_ttl = 30\n'
  'auth_cache_ttl = 5 Minutes\n'
  'auth_cache_ttl = 1500ms\n'
  'auth_cache_ttl = infinite\n'
  'auth_cache_size = 10 MiB\n'
  'auth_cache_size = 10MBs\n'
  'mail_fsync = Always\n'
  'login_greeting = a#b\n'
  'login_greeting = a \\\n# b\nauth_verbose = maybe\n'
  'auth_verbose = \\\n  yes\n'
  'login_greeting = $SET:nosuch x\n'
  'login_greeting = $nosuch x\n'
  'login_greeting = $SET:mail_plugins\n'
  'mail_plugins = quota acl\n'
  'mail_plugins {\n  quota = maybe\n}\n'
  'mail_plugins/quota = yes\n'
  'disable_plaintext_auth = yes\n'
  'auth_allow_cleartext = yes\n'
  'mail_location = maildir:~/Maildir\n'
  'mail_driver = maildir\n'
  'plugin {\n  quota = count\n}\n'
  'service imap-login {\n  service_count = 1\n}\n'
  'service auth {\n  process_limt = 1\n}\n'
  'service auth {\n  unix_listener x {\n    mode = 0680\n  }\n}\n'
  'service auth {\n  inet_listener x {\n    port = 99999\n  }\n}\n'
  'namespace inbox {\n  inbox = maybe\n}\n'
  'namespace inbox {\n  mailbox Trash {\n    autoo = no\n  }\n}\n'
  'passdb {\n  driver = pam\n}\n'
  'passdb pam {\n  driver = pam\n}\n'
  '"auth_verbose" = yes\n'
  'auth_verbose yes\n'
  'service auth { }\n'
  'service auth {\n'
  '}\n'
  '= yes\n'
)

# Behind these a signer has all that it needs.
OPENDKIM_HEAD='Socket inet:8891@127.0.0.1\nKeyTable csl:a=x.test:s:/k\nSigningTable csl:x.test=a\n'
opendkim_cases=(
  'Mode sv\n'
  'MODE s # a comment\r\n'
  'Mode SV\n'
  'Syslog yellow\n'
  'Syslog on\n'
  'Syslog\n'
  'Sylsog yes\n'
  'RateLimits x\n'
  'UMask 007\n'
  'UMask 008\n'
  'SignatureTTL 10m\n'
  'Canonicalization RELAXED/Simple\n'
  'Canonicalization relaxed/\n'
  'SignatureAlgorithm rsa-sha512\n'
  'On-Default maybe\n'
  'Minimum 10%%\n'
  'Minimum 101%%\n'
  'InternalHosts 127.0.0.1,::1\n'
  'InternalHosts ::1\n'
  'InternalHosts nosuch:/x\n'
  'Domain x.test\n'
  'KeyFile /k\n'
)

# write_cases KIND HEAD TEXT…
write_cases() {
  local kind=$1 head=$2 number=0 text
  shift 2
  for text; do
    # shellcheck disable=SC2059 # they are written as formats
    printf "$head$text" >"$CASES/$(printf '%s-%02d' "$kind" "$number")"
    number=$((number + 1))
  done
}

# ask_daemons: for each case a file .theirs: what the daemon's own program exited with, and said.
ask_daemons() {
  tar -C "$CASES" -c . | docker run --rm -i --network none --entrypoint sh "$MAILINIT_IMAGE:$BASE" -c '
    mkdir /tmp/cases; cd /tmp/cases; tar -x
    for case in *; do
      status=0
      case $case in
        dovecot-*) said=$(doveconf -n -x -c $case 2>&1 >/dev/null) || status=$? ;;
        opendkim-*) said=$(opendkim -n -x $case 2>&1) || status=$? ;;
      esac
      printf "%s\n" "$status" "$said" >$case.theirs
    done
    tar -c *.theirs' | tar -C "$CASES" -x
}

# refusals KIND CASE TEMPLATE: in $mine the findings about the daemon that would refuse a start.
# That Postfix knows another socket (opendkim-socket) is nothing that the daemon could see.
refusals() {
  cp "$2" "$TEMPLATES/$3"
  run "$MAILINIT" check --target "$TARGET" --env-file "$BATS_FILE_TMPDIR/env" \
    --templates "$TEMPLATES" --root "$BATS_TEST_TMPDIR"
  rm "$TEMPLATES/$3"
  if [ "$status" -gt 1 ]; then
    echo "mailinit check exited with $status: $output"
    return 1
  fi
  mine=$(sed -n "/ error \[opendkim-socket\]/d; / error \[$1-/p" <<<"$output")
}

# compare KIND TEMPLATE COUNT
compare() {
  local count=0 case mine='' refused
  for case in "$CASES/$1"-[0-9][0-9]; do
    refusals "$1" "$case" "$2"
    refused=$(head -n 1 "$case.theirs")
    if [ "${mine:+refused}" != "$([ "$refused" = 0 ] || echo refused)" ]; then
      echo "case $(cat -A "$case")"
      echo "ours: ${mine:-nothing}"
      echo "the daemon's: $(cat "$case.theirs")"
      return 1
    fi
    count=$((count + 1))
  done
  [ "$count" = "$3" ]
}

@test "what doveconf refuses is what we refuse" {
  compare dovecot "$FOLDER/dovecot.conf.mustache" "${#dovecot_cases[@]}"
}

@test "what opendkim -n refuses is what we refuse" {
  compare opendkim opendkim/opendkim.conf.mustache "${#opendkim_cases[@]}"
}
