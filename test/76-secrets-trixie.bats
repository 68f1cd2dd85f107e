#!/usr/bin/env bats
# A running container keeps its secrets to itself: its log, what `ps` shows, what the
# daemons are given, what is written, and what is left after a crash. And what a start or
# a reload found is told in its log, one record each, whatever the format.
# 76-secrets-bookworm.bats is this file by another name.

bats_require_minimum_version 1.5.0

setup_file() {
	load lib/stack
	load lib/mail
	BASE=$(base_of_file)
	STACK=mailinit-test-$(random_hex 4)
	SUBNET=192.0.2
	# One secret for each way in, all with the same part that is searched for.
	CANARY=c$(random_hex 12)
	export BASE STACK SUBNET CANARY
	authority
	standard_files mail
	root=$(mail_files mail)
	printf '%s\n' "$CANARY-file" >"$root/run/secrets/info"
	cat >>"$root/etc/mailinit/mailinit.yaml" <<-END
		log: {format: json}
		relay:
		  host: "[192.0.2.99]:587"
		  username: me
		  by_sender:
		    example.org: {host: "[192.0.2.98]:587", username: me, password: "$CANARY-yaml"}
	END
	docker create --name "$STACK-mail" --label "mailinit-test=$STACK" --network none \
		--hostname "$MAIL_HOSTNAME" --ulimit core=-1 \
		--env MAIL_RELAY_PASSWORD="$CANARY-variable" \
		--env POSTFIX_lmtp_sasl_password_maps="static:me:$CANARY-raw" \
		"$MAILINIT_IMAGE:$BASE" >/dev/null
	docker cp -q "$root/." "$STACK-mail:/"
	mail_start mail
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
	show_logs mail
}

# hides FILE: it holds the canary neither as it is nor in base64, at whatever offset.
hides() {
	local before text
	[ -s "$1" ]
	for before in "" x xx; do
		text=$(printf '%s' "$before$CANARY" | base64 -w0)
		text=${text:4}
		run grep -acF -e "$CANARY" -e "${text:0:24}" "$1"
		assert_output 0
	done
}

@test "it runs with these secrets, so there is something to find" {
	# Root's own files have it: the search below would find what it looks for.
	mail_sh mail 'cat /run/mailinit/current/postfix/sasl_passwd' >"$BATS_TEST_TMPDIR/file"
	run hides "$BATS_TEST_TMPDIR/file"
	assert_failure
	printf '%s' "xx$CANARY-variable" | base64 -w0 >"$BATS_TEST_TMPDIR/file"
	run hides "$BATS_TEST_TMPDIR/file"
	assert_failure
}

@test "the log has none of them" {
	logs_of mail >"$BATS_TEST_TMPDIR/log"
	hides "$BATS_TEST_TMPDIR/log"
}

@test "neither have the processes' arguments, nor the daemons' environments" {
	# With the right to look into any process, as the machine's root has.
	docker run --rm --network none --pid "container:$STACK-mail" --cap-add SYS_PTRACE \
		"$TEST_IMAGE" sh -c 'ps axww -o pid,args; cd /proc
		for p in [0-9]*; do
			[ "$p" = 1 ] || case $(cat $p/comm) in mailinit*) ;; *) tr "\0" "\n" <$p/environ ;; esac
			tr "\0" " " <$p/cmdline
		done' >"$BATS_TEST_TMPDIR/processes"
	run grep -cE 'qmgr|dovecot' "$BATS_TEST_TMPDIR/processes"
	refute_output 0
	hides "$BATS_TEST_TMPDIR/processes"
}

@test "the environment of PID 1 cannot be read by another process of the container" {
	# Not even by its root, who without SYS_PTRACE may look at dumpable processes alone.
	run docker exec "$STACK-mail" cat /proc/1/environ
	assert_failure
	run docker exec --user postfix "$STACK-mail" cat /proc/1/environ
	assert_failure
}

@test "the commands in the container show none, in any format" {
	for command in "--dry-run" "check" "status" "dns" "explain relay.password" \
		"explain postfix.main.lmtp_sasl_password_maps" "explain MAIL_RELAY_PASSWORD"; do
		for format in text json sarif github; do
			# What a command does not print as SARIF it refuses, which is no leak either.
			# shellcheck disable=SC2086 # words
			mailinit mail $command --format=$format >"$BATS_TEST_TMPDIR/out" 2>&1 ||
				[ $? -le 2 ]
			hides "$BATS_TEST_TMPDIR/out"
		done
	done
}

# A password within a raw parameter stands in main.cf, which sendmail(1) and its like must be
# able to read for every user: there, and nowhere else.
@test "what ordinary users can read has none, but for what was put into main.cf itself" {
	docker exec --user nobody "$STACK-mail" sh -c \
		'find /run/mailinit/ /var /tmp -type f -readable 2>/dev/null | while read -r f; do cat "$f"; done' \
		>"$BATS_TEST_TMPDIR/all"
	grep -av "^lmtp_sasl_password_maps = static:me:$CANARY-raw\$" "$BATS_TEST_TMPDIR/all" \
		>"$BATS_TEST_TMPDIR/readable"
	hides "$BATS_TEST_TMPDIR/readable"
}

@test "what the dry run shows is what was written, line by line" {
	mailinit mail --dry-run --format=json --root / >"$BATS_TEST_TMPDIR/report.json"
	docker cp -q -L "$STACK-mail:/run/mailinit/current/." "$BATS_TEST_TMPDIR/written"
	mail_sh mail 'mailinit --dry-run --out /tmp/out >/dev/null'
	docker cp -q "$STACK-mail:/tmp/out" "$BATS_TEST_TMPDIR/out"
	seen=0
	while IFS=$'\t' read -r path secret deferred; do
		# The link's end is the file of that name in the generation.
		target=$(mail_sh mail 'readlink -f "$1"' "$path")
		file=${target#/run/mailinit/gen-*/}
		[ "$deferred" = true ] || cmp "$BATS_TEST_TMPDIR/written/$file" "$BATS_TEST_TMPDIR/out/$file"
		[ "$secret" = true ] || diff \
			<(jq -r --arg path "$path" '.files[] | select(.path == $path) | .lines[] | .text // "(secret)"' \
				"$BATS_TEST_TMPDIR/report.json") \
			<(sed "s/.*$CANARY.*/(secret)/" "$BATS_TEST_TMPDIR/written/$file")
		seen=$((seen + 1))
	done < <(jq -r '.files[] | [.path, .secret, .deferred] | @tsv' "$BATS_TEST_TMPDIR/report.json")
	[ "$seen" -ge 10 ]
}

# records FILTER: what jq makes of each line of the log that is a finding.
records() {
	logs_of mail | jq -Rc "fromjson? | select(.id) | $1"
}

@test "with log.format json the findings of a start are records like all others" {
	run records '[.id, .severity, .level, .origin, (.message | length > 0), .service, .pid]'
	assert_line --regexp '^\["postmaster-assumed","note","info","/etc/mailinit/mailinit.yaml:[0-9]+:[0-9]+",true,"mailinit",1\]$'
}

two_unknown_keys() {
	[ "$(records .id | grep -c yaml-unknown-key)" = 2 ]
}

@test "those of a refused reload too, and status knows how many they were" {
	mail_sh mail 'cp /etc/mailinit/mailinit.yaml /tmp/good
		echo "mailboxs: \"'"$CANARY"'\"" >>/etc/mailinit/mailinit.yaml
		echo "hostnames: x" >>/etc/mailinit/mailinit.yaml'
	run mailinit mail reload
	assert_equal "$status" 1
	run status mail '[.last_reload.result, .last_reload.findings] | @tsv'
	assert_output $'refused\t2'
	wait_until "the log has both" two_unknown_keys
	run records 'select(.id == "yaml-unknown-key") | [.severity, .level, (.effect | length > 0)]'
	assert_line '["error","error",true]'
	logs_of mail >"$BATS_TEST_TMPDIR/log"
	hides "$BATS_TEST_TMPDIR/log"
	mail_sh mail 'cp /tmp/good /etc/mailinit/mailinit.yaml'
	run mailinit mail reload
	assert_success
}

@test "a signal of a crash, sent from outside, neither ends PID 1 nor leaves a core file" {
	docker kill --signal SEGV "$STACK-mail" >/dev/null
	docker kill --signal ABRT "$STACK-mail" >/dev/null
	run mailinit mail health
	assert_success
	run bash -c 'docker diff "$1" | grep -E "/core(\.[0-9]+)?$"' - "$STACK-mail"
	assert_output ""
}
