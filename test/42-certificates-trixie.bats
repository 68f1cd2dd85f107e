#!/usr/bin/env bats
# Certificates as others leave them: what Postfix and Dovecot serve after each renewal, and
# what they go on with when a renewal went wrong. A reload stands for the watch.

bats_require_minimum_version 1.5.0

setup_file() {
  load lib/stack
  load lib/mail
  BASE=$(base_of_file)
  export BASE
  stack_up
  authority
  certificate_files
  mapfile -t VOLUMES < <(volumes mail)
  mail_create mail 10 "${VOLUMES[@]}"
  mail_start mail
}

teardown_file() {
  load lib/stack
  load lib/mail
  stack_down
}

setup() {
  bats_load_library bats-support
  bats_load_library bats-assert
  load lib/stack
  load lib/mail
}

teardown() {
  logs_of mail | tail -n 30
}

# certificate_files: the container's files, with the first certificate.
certificate_files() {
  standard_files mail
  issue first rsa "$MAIL_HOSTNAME"
  cp "$BATS_FILE_TMPDIR/ca/first.pem" "$(mail_files mail)/tls/fullchain.pem"
  cp "$BATS_FILE_TMPDIR/ca/first.key" "$(mail_files mail)/tls/privkey.pem"
}

# issue NAME rsa|ec HOST[,HOST…] [DAYS]: ca/NAME.pem with its issuer, ca/NAME.key.
issue() {
  local dir=$BATS_FILE_TMPDIR/ca kind=(rsa:2048)
  [ "$2" = rsa ] || kind=(ec -pkeyopt ec_paramgen_curve:P-256)
  openssl req -newkey "${kind[@]}" -nodes -subj "/CN=nobody looks here" \
    -keyout "$dir/$1.key" -out "$dir/$1.csr" 2>"$dir/log"
  openssl x509 -req -in "$dir/$1.csr" -CA "$dir/ca.pem" -CAkey "$dir/ca.key" \
    -set_serial "0x4$(random_hex 8)f" -days "${4:-20}" \
    -extfile <(echo "subjectAltName=DNS:${3//,/,DNS:}") -out "$dir/$1.leaf" 2>"$dir/log"
  cat "$dir/$1.leaf" "$dir/ca.pem" >"$dir/$1.pem"
}

serial_of() {
  openssl x509 -noout -serial -in "$BATS_FILE_TMPDIR/ca/$1.leaf" | cut -d= -f2
}

# serial_at PORT[:STARTTLS] [NAME] [OPTION…]: what a client that asks for NAME is given.
serial_at() {
  local at=$1 name=${2:-$MAIL_HOSTNAME} starttls=()
  shift $(($# < 2 ? $# : 2))
  [ "${at#*:}" = "$at" ] || starttls=(-starttls "${at#*:}")
  timeout 20 openssl s_client -connect "$SUBNET.10:${at%:*}" "${starttls[@]}" \
    -servername "$name" "$@" </dev/null 2>/dev/null | openssl x509 -noout -serial | cut -d= -f2
}

# serves NAME: whether that certificate is given on all ports.
serves() {
  local port serial
  serial=$(serial_of "$1")
  for port in 25:smtp 587:smtp 465 993 995; do
    [ "$(serial_at "$port")" = "$serial" ] || return 1
  done
}

# serves_at NAME PORT ASKED [OPTION…]
serves_at() {
  local serial
  serial=$(serial_of "$1")
  shift
  [ "$(serial_at "$@")" = "$serial" ]
}

# tls_settings: the tls part of mailinit.yaml, from standard input; then a reload.
tls_settings() {
  local yaml=$BATS_FILE_TMPDIR/mailinit.yaml
  {
    sed '/^tls:/,/^mailboxes:/{/^mailboxes:/!d}' "$(mail_files mail)/etc/mailinit/mailinit.yaml"
    echo "tls:"
    sed 's/^/  /'
  } >"$yaml"
  docker cp -q "$yaml" "$STACK-mail:/etc/mailinit/mailinit.yaml"
}

# put FILE PATH: one of the certificates' files, at PATH in the container.
put() {
  docker exec -i "$STACK-mail" sh -c \
    'mkdir -p "$(dirname "$1")" && cat >"$1.new" && chmod 600 "$1.new" && mv "$1.new" "$1"' \
    - "$2" <"$BATS_FILE_TMPDIR/ca/$1"
}

reload() {
  mailinit mail reload
}

given() {
  tls_settings <<<'certificate: /tls/fullchain.pem
key: /tls/privkey.pem'
}

# base64 of a file on one line, as Traefik has it
packed() {
  base64 -w0 "$BATS_FILE_TMPDIR/ca/$1"
}

# ---------------------------------------------------------------- layouts

@test "the pair of tls.certificate and tls.key is served on every port" {
  serves first
  run mailinit mail status
  assert_output --regexp 'certificate .*/tls/default.pem: mail.example.com; ends .*, in (19|20) days'
}

@test "certbot: the links of live/NAME, and after its renewal the new ones" {
  issue bot1 ec "$MAIL_HOSTNAME"
  issue bot2 ec "$MAIL_HOSTNAME" 25
  put bot1.pem /le/archive/mail/fullchain1.pem
  put bot1.key /le/archive/mail/privkey1.pem
  mail_sh mail 'mkdir -p /le/live/mail && chmod 700 /le/live /le/archive && cd /le/live/mail &&
    ln -s ../../archive/mail/fullchain1.pem fullchain.pem &&
    ln -s ../../archive/mail/privkey1.pem privkey.pem'
  tls_settings <<<'directory: /le/live/mail'
  reload
  wait_until "the first of certbot is served" serves bot1
  put bot2.pem /le/archive/mail/fullchain2.pem
  put bot2.key /le/archive/mail/privkey2.pem
  mail_sh mail 'cd /le/live/mail && ln -sf ../../archive/mail/fullchain2.pem fullchain.pem &&
    ln -sf ../../archive/mail/privkey2.pem privkey.pem'
  reload
  wait_until "the renewed one is served" serves bot2
}

@test "certbot: of all lineages in live the one for our name, of both kinds of key" {
  issue strange ec other.example.com 60
  issue bot3 rsa "$MAIL_HOSTNAME" 25
  put strange.pem /le/live/aaa/fullchain.pem
  put strange.key /le/live/aaa/privkey.pem
  put bot3.pem /le/live/mail-rsa/fullchain.pem
  put bot3.key /le/live/mail-rsa/privkey.pem
  tls_settings <<<'directory: /le/live'
  reload
  for port in 25:smtp 993; do
    wait_until "RSA on $port" serves_at bot3 "$port" "$MAIL_HOSTNAME" -tls1_2 -cipher aRSA
    wait_until "EC on $port" serves_at bot2 "$port" "$MAIL_HOSTNAME" -tls1_2 -cipher aECDSA
  done
}

@test "Kubernetes: a secret is followed through its ..data link" {
  issue kube1 rsa "$MAIL_HOSTNAME"
  issue kube2 rsa "$MAIL_HOSTNAME"
  put kube1.pem /secret/..one/tls.crt
  put kube1.key /secret/..one/tls.key
  put kube2.pem /secret/..two/tls.crt
  put kube2.key /secret/..two/tls.key
  mail_sh mail 'cd /secret && ln -s ..one ..data && ln -s ..data/tls.crt tls.crt &&
    ln -s ..data/tls.key tls.key'
  tls_settings <<<'directory: /secret'
  reload
  wait_until "the first secret is served" serves kube1
  mail_sh mail 'cd /secret && ln -s ..two ..data_tmp && mv -T ..data_tmp ..data'
  reload
  wait_until "the second secret is served" serves kube2
}

@test "Tailscale: NAME.crt and NAME.key" {
  issue tail ec "$MAIL_HOSTNAME"
  put tail.pem "/tailscale/$MAIL_HOSTNAME.crt"
  put tail.key "/tailscale/$MAIL_HOSTNAME.key"
  tls_settings <<<'directory: /tailscale'
  reload
  wait_until "it is served" serves tail
}

@test "an IMAP session goes on while the certificate is replaced" {
  local heard=$BATS_TEST_TMPDIR/heard
  issue session ec "$MAIL_HOSTNAME"
  exec {imap}> >(timeout 300 openssl s_client -quiet -connect "$SUBNET.10:993" >"$heard" 2>/dev/null)
  printf 'a login sales@example.org "%s"\r\nb select INBOX\r\n' "$SALES_PASSWORD" >&"$imap"
  wait_until "it has selected its inbox" grep -q '^b OK' "$heard"
  put session.pem "/tailscale/$MAIL_HOSTNAME.crt"
  put session.key "/tailscale/$MAIL_HOSTNAME.key"
  reload
  wait_until "the new one is served" serves session
  printf 'c noop\r\nd logout\r\n' >&"$imap"
  wait_until "the session answers" grep -q '^d OK' "$heard"
  exec {imap}>&-
}

@test "Caddy: of several authorities the valid certificate with the latest end" {
  local root=/caddy/certificates
  issue caddy1 ec "$MAIL_HOSTNAME" 10
  issue caddy2 ec "$MAIL_HOSTNAME" 30
  put caddy1.pem "$root/acme-v02.api.letsencrypt.org-directory/$MAIL_HOSTNAME/$MAIL_HOSTNAME.crt"
  put caddy1.key "$root/acme-v02.api.letsencrypt.org-directory/$MAIL_HOSTNAME/$MAIL_HOSTNAME.key"
  put caddy2.pem "$root/acme.zerossl.com-v2-dv90/$MAIL_HOSTNAME/$MAIL_HOSTNAME.crt"
  put caddy2.key "$root/acme.zerossl.com-v2-dv90/$MAIL_HOSTNAME/$MAIL_HOSTNAME.key"
  put strange.pem "$root/acme.zerossl.com-v2-dv90/other.example.com/other.example.com.crt"
  put strange.key "$root/acme.zerossl.com-v2-dv90/other.example.com/other.example.com.key"
  tls_settings <<<'directory: /caddy'
  run mailinit mail check
  assert_output --partial "tls-directory-choice"
  assert_output --partial "served is $root/acme.zerossl.com-v2-dv90/$MAIL_HOSTNAME/$MAIL_HOSTNAME.crt"
  reload
  wait_until "the later one is served" serves caddy2
}

@test "Traefik: acme.json of several resolvers; while it is half-written the old pair stays" {
  local acme=$BATS_FILE_TMPDIR/ca/acme.json
  issue traefik1 rsa "$MAIL_HOSTNAME" 20
  issue traefik2 rsa "$MAIL_HOSTNAME" 40
  cat >"$acme" <<END
{"web": {"Account": {"Email": "x"}, "Certificates": [
  {"domain": {"main": "other.example.com"}, "certificate": "$(packed strange.pem)",
   "key": "$(packed strange.key)", "Store": "default"}]},
 "empty": {"Account": null, "Certificates": null},
 "mail": {"Certificates": [
  {"domain": {"main": "$MAIL_HOSTNAME"}, "certificate": "$(packed traefik1.pem)",
   "key": "$(packed traefik1.key)", "Store": "default"}]}}
END
  put acme.json /traefik/acme.json
  tls_settings <<<'directory: /traefik/acme.json'
  reload
  wait_until "the one of acme.json is served" serves traefik1

  sed -i "s|$(packed traefik1.pem)|$(packed traefik2.pem)|; s|$(packed traefik1.key)|$(packed traefik2.key)|" "$acme"
  head -c 3000 "$acme" >"$BATS_FILE_TMPDIR/ca/half.json"
  put half.json /traefik/acme.json
  run reload
  assert_success
  run mailinit mail health
  assert_success
  assert_line --regexp 'error: /traefik/acme.json: it is no whole JSON: .*, at byte [0-9]+ of 3000; the last good pair .* is served on'
  serves traefik1

  put acme.json /traefik/acme.json
  reload
  wait_until "the new one is served" serves traefik2
  run mailinit mail health
  assert_output healthy
}

@test "a directory that is still empty: self-signed, with a warning, until there is one" {
  issue late ec "$MAIL_HOSTNAME"
  tls_settings <<<'directory: /later'
  run mailinit mail check
  assert_success
  assert_output --partial "[tls-directory-empty]: /later holds no certificate for $MAIL_HOSTNAME yet"
  reload
  wait_until "a self-signed one is served" self_signed_is_served
  put late.key /later/privkey.pem
  put late.pem /later/fullchain.pem
  reload
  wait_until "the real one is served" serves late
}

self_signed_is_served() {
  openssl s_client -connect "$SUBNET.10:993" </dev/null 2>/dev/null |
    openssl x509 -noout -issuer -subject | cut -d= -f2- | uniq | wc -l | grep -qx 1
}

# ---------------------------------------------------------------- names, and kinds of keys

@test "a client that asks for a name gets that name's certificate, of both daemons" {
  issue one rsa "one.example.org,alias.example.org"
  issue wild ec "*.example.net,example.net"
  issue deep ec "in.example.net"
  for name in one wild deep; do
    put $name.pem /sni/$name.pem
    put $name.key /sni/$name.key
  done
  put first.pem /tls/fullchain.pem
  put first.key /tls/privkey.pem
  tls_settings <<<'certificate: /tls/fullchain.pem
key: /tls/privkey.pem
sni:
  one.example.org: {certificate: /sni/one.pem, key: /sni/one.key}
  example.net: {certificate: /sni/wild.pem, key: /sni/wild.key}
  in.example.net: {certificate: /sni/deep.pem, key: /sni/deep.key}'
  reload
  for port in 25:smtp 587:smtp 465 993 995; do
    wait_until "one.example.org on $port" serves_at one "$port" one.example.org
    wait_until "the other name that it carries on $port" serves_at one "$port" alias.example.org
    wait_until "example.net on $port" serves_at wild "$port" example.net
    wait_until "a name of the wildcard on $port" serves_at wild "$port" any.example.net
    wait_until "an exact name on $port" serves_at deep "$port" in.example.net
    wait_until "our own name on $port" serves_at first "$port" "$MAIL_HOSTNAME"
    wait_until "an unknown name on $port" serves_at first "$port" unknown.test
  done
  run status mail '.certificates | map(.names | join(" ")) | sort | join("; ")'
  assert_output "*.example.net example.net; in.example.net; mail.example.com; one.example.org alias.example.org"
}

@test "RSA and EC side by side: each client gets the one that it knows" {
  issue both ec "$MAIL_HOSTNAME"
  put both.pem /tls/ec.pem
  put both.key /tls/ec.key
  tls_settings <<<'certificate: /tls/fullchain.pem
key: /tls/privkey.pem
alternative: {certificate: /tls/ec.pem, key: /tls/ec.key}
sni:
  one.example.org: {certificate: /sni/one.pem, key: /sni/one.key}'
  reload
  for port in 25:smtp 587:smtp 465 993 995; do
    wait_until "RSA on $port" serves_at first "$port" "$MAIL_HOSTNAME" -tls1_2 -cipher aRSA
    wait_until "EC on $port" serves_at both "$port" "$MAIL_HOSTNAME" -tls1_2 -cipher aECDSA
    wait_until "RSA by TLS 1.3 on $port" serves_at first "$port" "$MAIL_HOSTNAME" -sigalgs RSA-PSS+SHA256
    wait_until "EC by TLS 1.3 on $port" serves_at both "$port" "$MAIL_HOSTNAME" -sigalgs ECDSA+SHA256
    # the name that has RSA alone does not borrow the other's EC
    serves_at one "$port" one.example.org
  done
}

@test "both kinds for a further name, out of a directory" {
  issue oneec ec one.example.org
  put one.pem /lineages/one/fullchain.pem
  put one.key /lineages/one/privkey.pem
  put oneec.pem /lineages/one-ec/fullchain.pem
  put oneec.key /lineages/one-ec/privkey.pem
  tls_settings <<<'certificate: /tls/fullchain.pem
key: /tls/privkey.pem
sni:
  one.example.org: {directory: /lineages}'
  reload
  for port in 25:smtp 993; do
    wait_until "RSA on $port" serves_at one "$port" one.example.org -tls1_2 -cipher aRSA
    wait_until "EC on $port" serves_at oneec "$port" one.example.org -tls1_2 -cipher aECDSA
    serves_at first "$port" "$MAIL_HOSTNAME"
  done
}

# ---------------------------------------------------------------- what is broken

# keeps_first WHY: a reload goes through, the first pair stays, and all say why.
keeps_first() {
  run reload
  assert_success
  serves first
  run mailinit mail status
  assert_line --regexp "last good: $1"
  run mailinit mail health
  assert_success
  assert_line --regexp "error: $1.*; the last good pair .* is served on"
  run mailinit mail health --quick
  assert_success
  run mailinit mail status --format=prometheus
  assert_line 'mailinit_certificate_kept_last_good{path="/run/mailinit/current/tls/default.pem"} 1'
  wait_until "the log says why" logs_have mail "\[tls-kept-last-good\]: $1"
}

good_again() {
  given
  mail_sh mail 'rm -rf /tls/fullchain.pem /tls/privkey.pem'
  put first.pem /tls/fullchain.pem
  put first.key /tls/privkey.pem
  reload
  serves first
  run mailinit mail health
  assert_output healthy
}

@test "a key of another certificate leaves the old pair in use, and all say why" {
  good_again
  put both.key /tls/privkey.pem
  keeps_first '/tls/privkey.pem: the private key is EC, the certificate was made for RSA'
}

@test "a reload for another reason goes through meanwhile" {
  sed 's/hello@example.com:/hallo@example.com: [info@example.com]\n  &/' \
    "$BATS_FILE_TMPDIR/mailinit.yaml" >"$BATS_TEST_TMPDIR/mailinit.yaml"
  docker cp -q "$BATS_TEST_TMPDIR/mailinit.yaml" "$STACK-mail:/etc/mailinit/mailinit.yaml"
  run reload
  assert_success
  run mail_sh mail 'grep ^hallo@ /etc/postfix/../../run/mailinit/current/postfix/virtual'
  assert_output 'hallo@example.com info@example.com'
  serves first
}

@test "a half-written certificate, one that is gone, FIFO, directory, 1 GB, a loop: all the same" {
  good_again
  head -c 700 "$BATS_FILE_TMPDIR/ca/both.pem" >"$BATS_FILE_TMPDIR/ca/half.pem"
  put half.pem /tls/fullchain.pem
  keeps_first '/tls/fullchain.pem: the block "CERTIFICATE" has no END line: the text is cut short'
  mail_sh mail 'rm /tls/fullchain.pem'
  keeps_first '/tls/fullchain.pem cannot be read: No such file or directory'
  mail_sh mail 'mkfifo /tls/fullchain.pem'
  keeps_first '/tls/fullchain.pem cannot be read: Invalid argument'
  mail_sh mail 'rm /tls/fullchain.pem && mkdir /tls/fullchain.pem'
  keeps_first '/tls/fullchain.pem cannot be read: Is a directory'
  mail_sh mail 'rmdir /tls/fullchain.pem && truncate -s 1G /tls/fullchain.pem'
  keeps_first '/tls/fullchain.pem cannot be read: File too large'
  mail_sh mail 'ln -sf fullchain.pem /tls/fullchain.pem'
  keeps_first '/tls/fullchain.pem cannot be read: (Symbolic link loop|Too many levels of symbolic links)'
}

@test "a new pair that lacks the name, or has expired, does not replace a good one" {
  good_again
  put strange.pem /tls/fullchain.pem
  put strange.key /tls/privkey.pem
  keeps_first 'the certificate /tls/fullchain.pem is worse than the last one: a name that clients connect to is not in it'
}

@test "a container that is made anew with the same volume serves the last good pair" {
  good_again
  mail_sh mail 'stat -c "%a %U" /var/lib/mailinit/tls/last-good-*.pem' | grep -qx '600 root'
  printf 'not a certificate\n' >"$(mail_files mail)/tls/fullchain.pem"
  docker rm -f "$STACK-mail" >/dev/null
  mapfile -t VOLUMES < <(volumes mail)
  mail_create mail 10 "${VOLUMES[@]}"
  mail_start mail
  serves first
  run mailinit mail status
  assert_line --partial 'last good: /tls/fullchain.pem: the file has no line'
  keeps_first '/tls/fullchain.pem: the file has no line'
}

@test "on a full volume the renewed certificate is served all the same, and the log says what is not kept" {
  issue full ec "$MAIL_HOSTNAME"
  mkdir -p "$(mail_files full)"
  cp -r "$(mail_files mail)/." "$(mail_files full)"
  cp "$BATS_FILE_TMPDIR/ca/first.pem" "$(mail_files full)/tls/fullchain.pem"
  mail_create full 12 --tmpfs /var/lib/mailinit/tls:size=16k
  mail_start full
  mail_sh full 'dd if=/dev/zero of=/var/lib/mailinit/tls/fill bs=1k count=100 2>/dev/null; test -s /var/lib/mailinit/tls/fill'
  cp "$BATS_FILE_TMPDIR/ca/full.pem" "$BATS_TEST_TMPDIR/fullchain.pem"
  docker cp -q "$BATS_TEST_TMPDIR/fullchain.pem" "$STACK-full:/tls/fullchain.pem"
  cp "$BATS_FILE_TMPDIR/ca/full.key" "$BATS_TEST_TMPDIR/privkey.pem"
  docker cp -q "$BATS_TEST_TMPDIR/privkey.pem" "$STACK-full:/tls/privkey.pem"
  mailinit full reload
  wait_until "the new one is served" full_is_served
  wait_until "the log says so" logs_have full \
    'the certificate is in use, but not all is kept as the last good one under /var/lib/mailinit/tls'
  run mail_sh full 'ls -A /var/lib/mailinit/tls'
  refute_output --partial mailinit-new
  docker rm -f "$STACK-full" >/dev/null
}

full_is_served() {
  [ "$(openssl s_client -connect "$SUBNET.12:993" </dev/null 2>/dev/null |
    openssl x509 -noout -serial | cut -d= -f2)" = "$(serial_of full)" ]
}

@test "another setting, or a copy that somebody changed, is not served" {
  tls_settings <<<'certificate: /tls/another.pem
key: /tls/privkey.pem'
  run reload
  assert_failure
  assert_output --partial refused
  serves first
  given
  reload
  mail_sh mail 'chmod 644 /var/lib/mailinit/tls/last-good-*.pem'
  run mailinit mail check
  assert_failure
  assert_output --partial "[tls-certificate-invalid]"
  assert_output --partial "the last good pair is not used: its owner or mode was changed"
  mail_sh mail 'chmod 600 /var/lib/mailinit/tls/last-good-*.pem &&
    sed -i "/BEGIN CERT/,\$s/A/B/" /var/lib/mailinit/tls/last-good-*.pem'
  run mailinit mail check
  assert_failure
  assert_output --regexp "the last good pair is not used: "
  docker restart "$STACK-mail" >/dev/null
  wait_until "it is gone" gone mail
  assert_equal "$(exit_code mail)" 1
}
