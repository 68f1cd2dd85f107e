#!/usr/bin/env bats
# mailinit check --live: what DNS shows, asked of a real recursive server beside a real
# authoritative one, and what runs, asked of the real daemons, and of servers that are
# wrong in one way each. 55-live-bookworm.bats is this file by another name.

bats_require_minimum_version 1.5.0

setup_file() {
  load lib/stack
  load lib/mail
  BASE=$(base_of_file)
  export BASE
  stack_up
  recursive_start
  authority
  standard_files live
  cat >>"$(mail_files live)/etc/mailinit/mailinit.yaml" <<-END
	  report_to: post@example.com
	END
  sed -i 's/addresses: .*/addresses: [192.0.2.7, "2001:db8::7"]/' \
    "$(mail_files live)/etc/mailinit/mailinit.yaml"
  mapfile -t VOLUMES < <(volumes live)
  DNS_ADDRESS=$SUBNET.3 mail_create live 10 --hostname box "${VOLUMES[@]}"
  mail_start live
  mailinit live dns --zone >"$BATS_FILE_TMPDIR/live.zone"
  # what belongs to the provider of the address, too
  sed 's/^; \(.* PTR .*\)/\1/' "$BATS_FILE_TMPDIR/live.zone" >"$BATS_FILE_TMPDIR/right.zone"
  publish <"$BATS_FILE_TMPDIR/right.zone"
  away_prepare
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
  show_logs live
  [ -n "$BATS_TEST_COMPLETED" ] || jq -c '.findings[], .live[]' "$BATS_FILE_TMPDIR/report.json" >&2
  if [ -n "${ODD:-}" ]; then
    kill "$ODD"
  fi
}

# recursive_start: unbound at .3, which asks nsd at .2.
recursive_start() {
  container_create recursive 3 "$TEST_IMAGE" unbound -d -c /etc/unbound/test.conf
  sed "s/DNS_ADDRESS/$DNS_ADDRESS/" "$TEST_ROOT/stack/unbound.conf" >"$BATS_FILE_TMPDIR/unbound.conf"
  docker cp -q "$BATS_FILE_TMPDIR/unbound.conf" "$STACK-recursive:/etc/unbound/test.conf"
  docker start "$STACK-recursive" >/dev/null
  wait_until "the recursive server answers" client record "$SUBNET.3" mx.gmail.test A
}

# publish: the zone of the test is from now on what comes from standard input.
publish() {
  local mark
  mark=$(random_hex 8)
  {
    zone_begin
    cat
    echo "mark.test. IN TXT \"$mark\""
  } >"$BATS_FILE_TMPDIR/root.zone"
  zone_load kill --signal HUP
  wait_until "the zone is served" published "$mark"
}

published() {
  client record "$SUBNET.3" mark.test TXT | grep -qF "$1"
}

# change SED-EXPRESSION: the right zone with one thing that is not.
change() {
  sed -E "$1" "$BATS_FILE_TMPDIR/right.zone" >"$BATS_FILE_TMPDIR/changed.zone"
  run ! cmp -s "$BATS_FILE_TMPDIR/right.zone" "$BATS_FILE_TMPDIR/changed.zone"
  publish <"$BATS_FILE_TMPDIR/changed.zone"
}

# live ARG…: the report, as JSON, in a file. Findings are what is looked at. It must end:
# the bound is generous, its own is 20 s.
live() {
  timeout 60 docker exec "$STACK-live" mailinit check --live --format json "$@" \
    >"$BATS_FILE_TMPDIR/report.json" || [ $? = 1 ]
}

# away_prepare: what the container has, on the machine of the tests, for DNS alone.
away_prepare() {
  local root=$BATS_FILE_TMPDIR/away
  mkdir -p "$root/etc" "$root/run" "$root/var/lib/mailinit"
  echo "nameserver $SUBNET.3" >"$root/etc/resolv.conf"
  docker cp -q "$STACK-live:/etc/mailinit/mailinit.yaml" "$root/mailinit.yaml"
  docker cp -q "$STACK-live:/tls" "$root/"
  docker cp -q "$STACK-live:/run/secrets" "$root/run/"
  docker cp -q "$STACK-live:/var/lib/mailinit/dkim" "$root/var/lib/mailinit/"
}

# away ARG…: the same report, of the same settings, away from the container.
away() {
  local root=$BATS_FILE_TMPDIR/away
  timeout 60 "$TEST_ROOT/../build/mailinit" check --live --config "$root/mailinit.yaml" \
    --root "$root" --target debian13 --format json "$@" \
    >"$BATS_FILE_TMPDIR/report.json" || [ $? = 1 ]
}

# found PREFIX: the ids of the findings that begin so, sorted, each once, on one line.
found() {
  jq -r --arg prefix "$1" '[.findings[].id | select(startswith($prefix))] | unique | join(" ")' \
    "$BATS_FILE_TMPDIR/report.json"
}

# outcome SUBJECT: what came of looking at it.
outcome() {
  jq -r --arg subject "$1" '[.live[] | select(.subject == $subject) | .outcome] | unique | join(" ")' \
    "$BATS_FILE_TMPDIR/report.json"
}

# finds SED-EXPRESSION ID…: that change of the right zone gives these findings of DNS, and
# no others.
finds() {
  local expression=$1
  shift
  change "$expression"
  away
  assert_equal "$(found dns-)" "$*"
}

@test "all is published: not one finding, and each thing is told to be right" {
  publish <"$BATS_FILE_TMPDIR/right.zone"
  live
  assert_equal "$(found dns-)" ""
  assert_equal "$(found live-)" ""
  run jq -r '.live[] | select(.outcome == "right") | .subject' "$BATS_FILE_TMPDIR/report.json"
  for subject in "mail.example.com A" "mail.example.com AAAA" "PTR of 192.0.2.7" \
    "PTR of 2001:db8::7" "example.com MX" "SPF of example.com for 192.0.2.7" \
    "SPF of example.org for 2001:db8::7" "SPF of mail.example.com for 192.0.2.7" \
    "DKIM default._domainkey.example.com" "DMARC of example.org" "TLS-RPT of example.com" \
    "service postfix" "service dovecot" "service opendkim" "milter opendkim" \
    "port 25 (SMTP)" "port 587 (SMTP)" "TLS at port 25 (SMTP)" "TLS at port 465 (SMTP)" \
    "TLS at port 993 (IMAP)" "TLS at port 110 (POP3)" "port 143 (IMAP)" \
    "logins at port 465 (SMTP)" "queue" "room at /var/spool/postfix"; do
    assert_line "$subject"
  done
  run jq -r '.live[] | select(.outcome == "not-checked" or .outcome == "wrong")' \
    "$BATS_FILE_TMPDIR/report.json"
  assert_output ""
}

# bats test_tags=once
@test "optional records that are asked for, and those that are wrong" {
  sed -E 's/^; optional: //' "$BATS_FILE_TMPDIR/live.zone" >"$BATS_FILE_TMPDIR/all.zone"
  run grep -cE '^_mta-sts|^_25._tcp' "$BATS_FILE_TMPDIR/all.zone"
  assert_output 3
  sed 's/^; \(.* PTR .*\)/\1/' "$BATS_FILE_TMPDIR/all.zone" >"$BATS_FILE_TMPDIR/right.all"
  publish <"$BATS_FILE_TMPDIR/right.all"
  away
  assert_equal "$(found dns-)" ""
  assert_equal "$(outcome 'TLSA of mail.example.com')" right
  assert_equal "$(outcome 'MTA-STS of example.org')" right
  sed -E 's/(TLSA 3 1 1 )..../\10000/; s/id=[0-9a-f]+/id=a-b/' "$BATS_FILE_TMPDIR/right.all" | publish
  away
  assert_equal "$(found dns-)" "dns-mta-sts-invalid dns-tlsa-mismatch"
}

# bats test_tags=once
@test "each record missing" {
  finds '/^example.com. IN MX/d' dns-mx-missing
  finds '/^mail.example.com. IN (A|AAAA) /d' dns-address-missing dns-ptr-unconfirmed dns-spf-denies
  finds '/^mail.example.com. IN AAAA /d' dns-address-other dns-ptr-unconfirmed dns-spf-denies
  finds '/^7.2.0.192.in-addr.arpa/d' dns-ptr-missing
  finds '/^example.com. IN TXT "v=spf1/d' dns-spf-missing
  finds '/^mail.example.com. IN TXT "v=spf1/d' dns-spf-helo-missing
  finds '/^default._domainkey.example.org/d' dns-dkim-missing
  finds '/^_dmarc.example.com/d' dns-dmarc-missing
  finds '/^_smtp._tls.example.com/d' dns-tls-rpt-missing
}

# bats test_tags=once
@test "each record wrong" {
  finds 's/^(example.com. IN MX 10 ).*/\1mx.gmail.test./' dns-mx-other
  finds 's/^(example.com. IN MX 10 ).*/\1nowhere.test./' dns-mx-address dns-mx-other
  finds 's/^(example.com. IN MX 10 ).*/\1alias.test.\nalias.test. IN CNAME mail.example.com./' \
    dns-mx-alias dns-mx-other
  finds 's/^(mail.example.com. IN A) .*/\1 192.0.2.8/' \
    dns-address-other dns-ptr-unconfirmed dns-spf-denies
  finds 's/^(7.2.0.192.in-addr.arpa. IN PTR).*/\1 nowhere.test./' dns-ptr-unconfirmed
  finds 's/^(7.2.0.192.in-addr.arpa. IN PTR).*/\1 other.test.\nother.test. IN A 192.0.2.7/' dns-ptr-mismatch
  finds 's/^(example.com. IN TXT "v=spf1).*/\1 mx:gmail.test -all"/' dns-spf-denies
  finds 's/^(example.com. IN TXT "v=spf1).*/\1 mx:gmail.test ~all"/' dns-spf-denies
  finds 's/^(example.com. IN TXT "v=spf1).*/\1 +all"/' dns-spf-open
  finds 's/^(example.com. IN TXT "v=spf1).*/\1 ipv4:192.0.2.7 -all"/' dns-spf-syntax
  finds 's/^(example.com. IN TXT "v=spf1).*/\1 a:n1.test a:n2.test a:n3.test -all"/' dns-spf-void
  finds 's/^(example.com. IN TXT "v=spf1).*/\1 include:gmail.test -all"/' dns-spf-syntax
  finds 's/^(example.com. IN TXT "v=spf1).*/\1 a a a a a a a a a a mx -all"\nexample.com. IN A 192.0.2.99\nexample.com. IN AAAA 2001:db8::99/' \
    dns-spf-lookups
  finds 's/^(default._domainkey.example.com.* p=)MIIB/\1MIIC/' dns-dkim-mismatch
  finds 's/^(default._domainkey.example.com.* p=).*/\1"/' dns-dkim-mismatch
  finds 's/^(default._domainkey.example.com. IN TXT "[^"]*").*/\1/' dns-dkim-mismatch
  finds 's/^(_dmarc.example.com. IN TXT "v=DMARC1;).*/\1 p=nothing"/' dns-dmarc-syntax
  finds 's/^(_dmarc.example.com. IN TXT ).*/\1"v=DMARC1; p=none; rua=mailto:x@gmail.test"/' dns-dmarc-reports
  finds 's/^(_smtp._tls.example.com. IN TXT ).*/\1"v=TLSRPTv1; rua=post"/' dns-tls-rpt-invalid
}

# bats test_tags=once
@test "reports that another organisation has agreed to take are fine" {
  finds 's/^(_dmarc.example.com. IN TXT ).*/\1"v=DMARC1; p=none; rua=mailto:x@gmail.test"\nexample.com._report._dmarc.gmail.test. IN TXT "v=DMARC1"/' ""
}

# bats test_tags=once
@test "each record doubled" {
  finds 's/^(example.com. IN TXT "v=spf1.*)/\1\nexample.com. IN TXT "v=spf1 ?all"/' dns-spf-multiple
  finds 's/^(default._domainkey.example.com. IN TXT).*/&\n\1 "v=DMARC1"/' dns-dkim-multiple
  finds 's/^(_dmarc.example.com.*)/\1\n_dmarc.example.com. IN TXT "v=DMARC1; p=reject"/' dns-dmarc-multiple
  finds 's/^(_smtp._tls.example.com.*)/\1\n_smtp._tls.example.com. IN TXT "v=TLSRPTv1; rua=mailto:a@b.test"/' \
    dns-tls-rpt-invalid
}

# bats test_tags=once
@test "neither SPF nor DKIM: DMARC says what becomes of the mail" {
  finds 's/^(example.com. IN TXT "v=spf1).*/\1 -all"/; s/^(default._domainkey.example.com.* p=).*/\1"/; s/^(_dmarc.example.com. IN TXT ).*/\1"v=DMARC1; p=reject"/' \
    dns-dkim-mismatch dns-dmarc-fails dns-spf-denies
  run jq -r '.findings[] | select(.id == "dns-dmarc-fails") | .message' "$BATS_FILE_TMPDIR/report.json"
  assert_output --partial "the policy is reject"
}

# bats test_tags=once
@test "what dns.spf and dns.dmarc ask for is compared with what is there" {
  publish <"$BATS_FILE_TMPDIR/right.zone"
  MAIL_DNS_DMARC='v=DMARC1; p=reject' MAIL_DNS_SPF='v=spf1 a -all' away
  assert_equal "$(found dns-)" "dns-dmarc-differs dns-spf-differs"
}

# bats test_tags=once
@test "an answer that UDP cuts off is asked for over TCP" {
  local i
  {
    cat "$BATS_FILE_TMPDIR/right.zone"
    for i in 1 2 3 4 5 6 7 8; do
      echo "example.com. IN TXT \"$i$(printf '%0200d' 0)\""
    done
  } | publish
  run python3 -c 'import sys, dns.message, dns.query, dns.flags
answer = dns.query.udp(dns.message.make_query("example.com", "TXT", use_edns=False), sys.argv[1], 10)
print(bool(answer.flags & dns.flags.TC))' "$SUBNET.3"
  assert_output True
  live
  assert_equal "$(found dns-)" ""
  assert_equal "$(outcome 'SPF of example.com for 192.0.2.7')" right
}

# bats test_tags=once
@test "of a pure mx neither SPF, DKIM, DMARC nor PTR is asked" {
  change '/v=spf1|_dmarc|_domainkey|PTR/d'
  MAIL_ROLES=mx MAIL_DELIVERY_LMTP=inet:127.0.0.1:24 away
  assert_equal "$(found dns-)" ""
  assert_equal "$(outcome 'example.com MX')" right
}

# bats test_tags=once
@test "SERVFAIL: not checked, and neither missing nor fine" {
  publish <"$BATS_FILE_TMPDIR/right.zone"
  # a recursive server whose authoritative one is nobody
  server "$SUBNET.3"
  docker pause "$STACK-dns" >/dev/null
  live --timeout 8
  docker unpause "$STACK-dns" >/dev/null
  wait_until "the name server answers" record mx.gmail.test A
  assert_equal "$(found dns-)" dns-not-checked
  assert_equal "$(outcome 'example.com MX')" not-checked
}

# server ADDRESS: the only name server of the container from now on.
server() {
  mail_sh live 'printf "nameserver %s\n" "$1" >/etc/resolv.conf' "$1"
}

# bats test_tags=once
@test "a zone that its own server cannot serve is SERVFAIL, and the others are judged" {
  publish <"$BATS_FILE_TMPDIR/right.zone"
  docker cp -q "$STACK-dns:/etc/nsd/nsd.conf" "$BATS_FILE_TMPDIR/nsd.conf"
  printf '\nzone:\n\tname: "example.org"\n\tzonefile: /zones/absent.zone\n' >>"$BATS_FILE_TMPDIR/nsd.conf"
  docker cp -q "$BATS_FILE_TMPDIR/nsd.conf" "$STACK-dns:/etc/nsd/nsd.conf"
  docker restart "$STACK-dns" >/dev/null
  wait_until "the name server answers" record mx.gmail.test A
  live
  docker cp -q "$TEST_ROOT/stack/dns/nsd.conf" "$STACK-dns:/etc/nsd/nsd.conf"
  docker restart "$STACK-dns" >/dev/null
  wait_until "the name server answers" record mx.gmail.test A
  assert_equal "$(found dns-)" dns-not-checked
  assert_equal "$(outcome 'example.org MX')" not-checked
  assert_equal "$(outcome 'example.com MX')" right
  run jq -r '.findings[] | select(.id == "dns-not-checked") | .message' "$BATS_FILE_TMPDIR/report.json"
  assert_output --partial SERVFAIL
}

# bats test_tags=once
@test "no answer at all: it ends within its time, and nothing is missing or fine" {
  server "$SUBNET.77"
  live --timeout 4
  assert_equal "$(found dns-)" dns-not-checked
  assert_equal "$(jq '[.live[] | select(.subject | test("MX|SPF|DKIM|DMARC|PTR")) | .outcome] | unique[]' -r "$BATS_FILE_TMPDIR/report.json")" not-checked
  server 127.0.0.11
  wait_until "names are known again" mail_sh live 'getent hosts mx.gmail.test'
}

# bats test_tags=once
@test "--timeout is seconds, and of check --live alone" {
  run -2 mailinit live check --live --timeout soon
  assert_output --partial 'it is seconds'
  run -2 mailinit live check --timeout 3
  run -2 mailinit live --dry-run --live
}

# bats test_tags=once
@test "away from the container DNS alone is asked" {
  publish <"$BATS_FILE_TMPDIR/right.zone"
  away
  assert_equal "$(found dns-)" ""
  assert_equal "$(found live-)" live-elsewhere
  assert_equal "$(outcome 'DKIM default._domainkey.example.com')" right
}

# bats test_tags=once
@test "fifty made-up domains: pyspf and dkimpy come to the same results" {
  local root=$BATS_FILE_TMPDIR/fifty
  mkdir -p "$root/etc" "$root/var/lib/mailinit/dkim"
  client mail_auth zone 2026 "$root/var/lib/mailinit/dkim" | publish
  echo "nameserver $SUBNET.3" >"$root/etc/resolv.conf"
  {
    printf 'hostname: mail.example.net\nroles: [mx, submission, dkim]\ndomains:\n'
    printf -- '  - d%d.test\n' {0..49}
    printf 'dns:\n  addresses: [192.0.2.7, "2001:db8::7"]\n'
  } >"$root/mailinit.yaml"
  "$TEST_ROOT/../build/mailinit" check --live --timeout 120 --config "$root/mailinit.yaml" \
    --root "$root" --target debian13 --format json >"$BATS_FILE_TMPDIR/report.json" || [ $? = 1 ]
  run -0 client mail_auth compare "$root/var/lib/mailinit/dkim" "$SUBNET.3" \
    "$BATS_FILE_TMPDIR/report.json"
  assert_output --partial "50 domains, 150 results, 0 differ"
}

# bats test_tags=once
@test "fifty made-up configurations: pyspf and dkimpy take what dns prints" {
  mkdir "$BATS_TEST_TMPDIR/published"
  run -0 client published 2026 "$TEST_ROOT/../build/mailinit" "$BATS_TEST_TMPDIR/published"
  assert_output "50 configurations, 0 disagree"
}

@test "a service that was stopped: its ports, its logins and its milter are told" {
  publish <"$BATS_FILE_TMPDIR/right.zone"
  mailinit live stop dovecot
  live
  mailinit live start dovecot
  # processes of Postfix that are there already greet all the same; new ones for logins end
  run found live-
  assert_output --regexp '^live-port-closed live-sasl-failed live-service-down( live-tls-failed)?$'
  mailinit live stop opendkim
  live
  mailinit live start opendkim
  # smtpd answers nearly everything with 454 then, STARTTLS and AUTH among it
  run found live-
  assert_output --regexp '^live-milter-failed (live-sasl-failed )?live-service-down'
  wait_until "all is well again" all_well
}

all_well() {
  live
  [ -z "$(found live-)" ]
}

@test "another certificate than the configured one is served" {
  local files
  files=$(mail_files live)
  # PID 1, which would take the new one over, stands still
  docker kill --signal STOP "$STACK-live" >/dev/null
  certificate renewed "$MAIL_HOSTNAME"
  cp "$BATS_FILE_TMPDIR/ca/renewed.pem" "$files/tls/fullchain.pem"
  cp "$BATS_FILE_TMPDIR/ca/renewed.key" "$files/tls/privkey.pem"
  docker cp -q "$files/tls" "$STACK-live:/"
  live
  docker kill --signal CONT "$STACK-live" >/dev/null
  assert_equal "$(found live-)" "live-not-checked live-tls-stale"
  assert_equal "$(outcome services)" not-checked
  wait_until "the new one is served" all_well
}

# bats test_tags=once
@test "servers that are wrong in one way each" {
  python3 -B "$TEST_ROOT/clients/odd_smtp.py" "$BATS_FILE_TMPDIR/ca/server.pem" \
    "$BATS_FILE_TMPDIR/ca/server.key" "$MAIL_HOSTNAME" >"$BATS_TEST_TMPDIR/odd" 3>&- &
  ODD=$!
  wait_until "they are ready" grep -q ready "$BATS_TEST_TMPDIR/odd"
  local runner
  runner=$(docker inspect -f "{{(index .NetworkSettings.Networks \"$STACK\").IPAddress}}" "$RUNNER")
  odd "$runner" 2501 "" live-banner-name
  odd "$runner" 2502 "" live-banner
  odd "$runner" 2503 "" live-starttls-missing
  odd "$runner" 2504 "" live-port-closed
  odd "$runner" 2505 "" live-tls-failed
  odd "$runner" 2506 "-o smtpd_tls_wrappermode=yes -o smtpd_sasl_auth_enable=yes" live-sasl-open
  odd "$runner" 2507 "-o smtpd_tls_wrappermode=yes -o smtpd_sasl_auth_enable=yes" live-sasl-failed
  odd "$runner" 2999 "" live-port-closed
}

# odd ADDRESS PORT OPTIONS ID: with a service there, that finding is found, and tells the port.
odd() {
  printf 'postfix: {master: {"%s:%s/inet": "n - n - - smtpd %s"}}\n' "$1" "$2" "$3" \
    >"$BATS_TEST_TMPDIR/odd.yaml"
  docker cp -q "$BATS_TEST_TMPDIR/odd.yaml" "$STACK-live:/etc/mailinit/odd.yaml"
  live --config /etc/mailinit/mailinit.yaml --config /etc/mailinit/odd.yaml
  run jq -r --arg id "$4" '.findings[] | select(.id == $id) | .message' "$BATS_FILE_TMPDIR/report.json"
  assert_output --partial "port $2"
}

@test "a login that is not answered costs no more than the whole time" {
  python3 -B "$TEST_ROOT/clients/odd_smtp.py" "$BATS_FILE_TMPDIR/ca/server.pem" \
    "$BATS_FILE_TMPDIR/ca/server.key" "$MAIL_HOSTNAME" >"$BATS_TEST_TMPDIR/odd" 3>&- &
  ODD=$!
  wait_until "they are ready" grep -q ready "$BATS_TEST_TMPDIR/odd"
  printf 'postfix: {master: {"submissions/inet": "", "%s:2508/inet": "n - n - - smtpd -o smtpd_tls_wrappermode=yes -o smtpd_sasl_auth_enable=yes"}}\n' \
    "$(docker inspect -f "{{(index .NetworkSettings.Networks \"$STACK\").IPAddress}}" "$RUNNER")" \
    >"$BATS_TEST_TMPDIR/odd.yaml"
  docker cp -q "$BATS_TEST_TMPDIR/odd.yaml" "$STACK-live:/etc/mailinit/odd.yaml"
  live --timeout 6 --config /etc/mailinit/mailinit.yaml --config /etc/mailinit/odd.yaml
  run jq -r '.live[] | select(.subject | startswith("logins at")) | .outcome' "$BATS_FILE_TMPDIR/report.json"
  assert_output not-checked
}

@test "what the engine answers for the container's own host name is not what the world sees" {
  publish <"$BATS_FILE_TMPDIR/right.zone"
  docker network disconnect "$STACK" "$STACK-live"
  docker network connect --ip "$SUBNET.10" --alias "$MAIL_HOSTNAME" "$STACK" "$STACK-live"
  wait_until "the engine answers for it" mail_sh live 'getent ahostsv4 mail.example.com | grep -q "^10\."'
  live
  assert_equal "$(found dns-)" dns-not-checked
  assert_equal "$(outcome 'mail.example.com A')" not-checked
  assert_equal "$(outcome 'mail.example.com AAAA')" not-checked
  assert_equal "$(outcome 'example.com MX')" right
  assert_equal "$(outcome 'SPF of example.com for 192.0.2.7')" not-checked
  docker network disconnect "$STACK" "$STACK-live"
  docker network connect --ip "$SUBNET.10" "$STACK" "$STACK-live"
  wait_until "all is well again" all_well
}

@test "no room for a message, and mail that waits" {
  publish <"$BATS_FILE_TMPDIR/right.zone"
  timeout 60 docker exec -e MAIL_LIMITS_MESSAGE=900G "$STACK-live" \
    mailinit check --live --format json >"$BATS_FILE_TMPDIR/report.json" || [ $? = 1 ]
  assert_equal "$(found live-disk)" live-disk-full
  mailinit live stop postfix
  mail_sh live 'printf "Subject: old\n\nwords\n" | sendmail -f info@example.com info@example.com &&
    touch -d "1 hour ago" /var/spool/postfix/maildrop/*'
  # a message of long ago: its queue id tells when it came
  mail_sh live 'install -D -m 0700 /dev/null /var/spool/postfix/deferred/3/3T0000000000z0000'
  live
  assert_equal "$(found live-queue)" "live-queue-old live-queue-stuck"
  mail_sh live 'rm /var/spool/postfix/deferred/3/3T0000000000z0000'
  mailinit live start postfix
  wait_until "the message is taken" all_well
}
