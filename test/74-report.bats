#!/usr/bin/env bats
# What other programs and reviewers read: SARIF, workflow commands, JSON and the difference,
# the same bytes for the same input, and no secret in any of them.

bats_require_minimum_version 1.5.0

setup() {
	bats_load_library bats-support
	bats_load_library bats-assert
	cd "$BATS_TEST_DIRNAME/.."
	# In another directory, so that a path is relative to it.
	MAILINIT=$PWD/build/mailinit
	SCHEMA=$PWD/test/report/sarif.schema.json
	VALID=$PWD/test/report/valid.py
	WRONG=$PWD/test/wrong
	PAGES=$PWD/docs
	README_COMMANDS=$PWD/test/readme-commands
	OFFICIAL=$PWD/build/sarif-schema.json
	mkdir -p "$BATS_TEST_TMPDIR/repo/deploy"
	cd "$BATS_TEST_TMPDIR/repo"
	cat >deploy/mailinit.yaml <<-'END'
		hostname: mail.example.com
		domains: [example.com]
		mailboxes:
		  - address: info@example.com
		    password: "{SHA512-CRYPT}$6$testsalt$abc"
		postfix:
		  main:
		    maximal_queue_lifetime: 3d
	END
	ARGS=(--config deploy/mailinit.yaml --target debian13)
}

# reports FORMAT: the findings of every wrong configuration of test/wrong, one file each.
reports() {
	local file
	for file in "$WRONG"/*.yaml; do
		# They are wrong: the findings are what is looked at.
		"$MAILINIT" check --config "$file" --format "$1" >"$(basename "$file" .yaml).$1" ||
			[ $? = 1 ]
	done
}

@test "SARIF of the wrong configurations is valid, and no result lacks a place" {
	reports sarif
	run bash -c 'ls -- *.sarif | wc -l'
	[ "$output" -ge 30 ]
	run "$VALID" "$SCHEMA" ./*.sarif
	assert_success
	run jq -s '[.[].runs[0].results | length] | add' ./*.sarif
	[ "$output" -ge 30 ]
}

@test "and so it is by the standard's own schema, where tools/sarif-schema has fetched it" {
	[ -e "$OFFICIAL" ] || skip "build/sarif-schema.json is not there"
	reports sarif
	run "$VALID" "$OFFICIAL" ./*.sarif
	assert_success
}

@test "the checker of SARIF does find what is wrong" {
	"$MAILINIT" check "${ARGS[@]}" --format sarif >good.sarif
	run "$VALID" "$SCHEMA" good.sarif
	assert_success
	jq 'del(.runs[0].results[0].locations)' good.sarif >bad.sarif
	run "$VALID" "$SCHEMA" bad.sarif
	assert_failure
	assert_output --partial locations
	jq '.runs[0].results[0].ruleIndex = 1 | .runs[0].results[0].ruleId = "x"' good.sarif >bad.sarif
	run "$VALID" "$SCHEMA" bad.sarif
	assert_failure
}

@test "a finding of a variable is placed in the file that was named" {
	MAIL_HOSTNAM=x run "$MAILINIT" check "${ARGS[@]}" --format sarif
	assert_equal "$status" 1
	printf '%s' "$output" >sarif
	run jq -r '.runs[0].results[] | select(.ruleId == "env-unknown") | .locations[0]
		| [.physicalLocation.artifactLocation.uri, .physicalLocation.region.startLine,
			.logicalLocations[0].name] | join(" ")' sarif
	assert_output "deploy/mailinit.yaml 1 MAIL_HOSTNAM"
	printf 'MAIL_DOMAINS=example.com\nMAIL_HOSTNAM=x\n' >deploy/mail.env
	run "$MAILINIT" check --env-file "$PWD/deploy/mail.env" --format github
	assert_line --partial '::error file=deploy/mail.env,line=2,'
}

@test "a rule that is off, and one that is waived, are told as suppressed" {
	printf 'checks: {tls-self-signed: "off"}\nhostnam: x\n' >>deploy/mailinit.yaml
	MAIL_START_ANYWAY=yaml-unknown-key run "$MAILINIT" check "${ARGS[@]}" --format sarif
	printf '%s' "$output" >sarif
	run "$VALID" "$SCHEMA" sarif
	assert_success
	run jq -c '[.runs[0].results[] | select(.suppressions) | .ruleId] | sort' sarif
	assert_output '["tls-self-signed","yaml-unknown-key"]'
	MAIL_START_ANYWAY=yaml-unknown-key run "$MAILINIT" check "${ARGS[@]}" --format json
	printf '%s' "$output" >json
	run jq -c '[[.silenced[].id], [.findings[] | select(.waived).id], .summary.refused]' json
	assert_output '[["tls-self-signed"],["yaml-unknown-key"],false]'
	run jq -c .summary.off json
	assert_output '["tls-self-signed"]'
	MAIL_START_ANYWAY=yaml-unknown-key run "$MAILINIT" check "${ARGS[@]}"
	assert_line --regexp '; off by checks: tls-self-signed \(1 silenced\)$'
}

@test "workflow commands: one line each, escaped, worst first, ten of a type" {
	reports github
	# Whatever is in those files, a line is a command of ours or one of the last two.
	run grep -hvE '^::(error|warning|notice) (file=[^,:]*,line=[0-9]+(,col=[0-9]+)?,)?title=[a-z0-9-]+::.+|^[0-9]+ (errors?, [0-9]|more findings? )' ./*.github
	assert_output ""
	for i in $(seq 12); do echo "key$i: x"; done >>deploy/mailinit.yaml
	run "$MAILINIT" --dry-run "${ARGS[@]}" --format github
	assert_equal "$status" 1
	assert_equal "$(grep -c '^::error ' <<<"$output")" 10
	assert_line --index 0 --partial '::error file=deploy/mailinit.yaml,line=9,col=1,title=yaml-unknown-key::'
	assert_line --partial '2 more findings are not annotated'
	assert_line --regexp '^12 errors, .*a start would be refused$'
}

@test "the same input gives the same bytes, in whatever order the variables stand" {
	for format in text json sarif github; do
		for command in --dry-run check; do
			env -i POSTFIX_a_b=1 POSTFIX_delay_warning_time=4h POSTFIX_c_d=2 MAIL_NETWORKS=10.1.0.0/16 \
				"$MAILINIT" "$command" "${ARGS[@]}" --format "$format" >one || [ $? = 1 ]
			env -i MAIL_NETWORKS=10.1.0.0/16 POSTFIX_c_d=2 POSTFIX_delay_warning_time=4h POSTFIX_a_b=1 \
				"$MAILINIT" "$command" "${ARGS[@]}" --format "$format" >two || [ $? = 1 ]
			[ -s one ]
			cmp one two
		done
	done
}

# start: lays what a start would write below DIR, as the container has it
start() {
	"$MAILINIT" --dry-run "${ARGS[@]}" --out "$1/run/mailinit/gen-1" >/dev/null
	ln -s gen-1 "$1/run/mailinit/current"
	(cd "$1/run/mailinit/gen-1" && find . -type f -printf '%P\n' | sort | xargs sha256sum) >manifest
	mv manifest "$1/run/mailinit/gen-1/"
}

@test "the difference shows what changes, each line with what made it and what lost" {
	start root
	sed -i 's/3d/2d/' deploy/mailinit.yaml
	MAIL_LIMITS_MESSAGE=20M run "$MAILINIT" --dry-run "${ARGS[@]}" --root "$PWD/root"
	assert_line --regexp '^change /etc/postfix/main\.cf \(mode 0644, root:root, template postfix/main\.cf\.mustache\)$'
	assert_line --regexp '^@@ -[0-9]+,7 \+[0-9]+,7 @@$'
	assert_line '- maximal_queue_lifetime = 3d'
	assert_line --regexp '^\+ maximal_queue_lifetime = 2d +# deploy/mailinit\.yaml:8:29$'
	assert_line '- message_size_limit = 52428800'
	assert_line --regexp '^\+ message_size_limit = 20971520 +# MAIL_LIMITS_MESSAGE; instead of limits\.message \(default\); template:[0-9]+$'
	refute_line --partial '+ myhostname'
	assert_line --regexp '^keep .*/etc/postfix/master\.cf'
	assert_line --regexp ' to change, [0-9]+ to keep, of [0-9]+ files$'
}

@test "a file that goes is shown as one to remove" {
	echo 'transports: {example.net: "smtp:[192.0.2.1]"}' >>deploy/mailinit.yaml
	start root
	sed -i '$d' deploy/mailinit.yaml
	run "$MAILINIT" --dry-run "${ARGS[@]}" --root "$PWD/root"
	assert_line 'remove /run/mailinit/current/postfix/transport'
	run bash -c '"$0" --dry-run "$@" | jq -c "[.files[] | select(.action == \"remove\").path]"' \
		"$MAILINIT" "${ARGS[@]}" --root "$PWD/root" --format json
	assert_output '["/run/mailinit/current/postfix/transport"]'
}

@test "ten thousand mailboxes are not printed, but counted" {
	{
		head -n 3 deploy/mailinit.yaml
		for i in $(seq 10000); do
			echo "  - {address: u$i@example.com, password: '{SHA512-CRYPT}\$6\$x\$y'}"
		done
	} >many.yaml
	"$MAILINIT" --dry-run --config many.yaml --target debian13 >text || [ $? = 1 ]
	run grep -c '^+ u[0-9]*@example.com mailbox' text
	assert_output 200
	run grep -F '… and 9800 more changed lines' text
	assert_success
}

@test "colour only where it is asked for" {
	run bash -c '"$@" | grep -c "$(printf "\033")"' - "$MAILINIT" --dry-run "${ARGS[@]}"
	assert_output 0
	run bash -c '"$@" | grep -c "$(printf "\033")"' - "$MAILINIT" --dry-run "${ARGS[@]}" --color always
	refute_output 0
}

@test "a secret shows in no command and no format, however it came in" {
	run "$BATS_TEST_DIRNAME/secrets/probe.py" "$MAILINIT"
	refute_line --regexp '^not ok'
	assert_success
	assert_line --regexp '^1\.\.[0-9]+$'
}

# pages: a checkout with a change that is not committed, in which the pages' commands can run
pages() {
	mkdir -p "$BATS_TEST_TMPDIR/bin" "$BATS_TEST_TMPDIR/checkout"
	ln -sf "$MAILINIT" "$BATS_TEST_TMPDIR/bin/mailinit"
	PATH=$BATS_TEST_TMPDIR/bin:$PATH
	cd "$BATS_TEST_TMPDIR/checkout"
	cat >compose.yaml <<-'END'
		services:
		  mail:
		    image: mailinit:trixie
		    environment:
		      MAIL_RELAY_HOST: "[smtp.example.net]:587"
		      MAIL_HOSTNAME: mail.example.com
		      MAIL_DOMAINS: example.com
		      MAIL_ROLES: relay
		      MAIL_NETWORKS: 192.0.2.0/24
		      MAIL_TLS_SELF_SIGNED: when-missing
		      MAIL_RELAY_USERNAME: us
		      MAIL_RELAY_PASSWORD_FILE: /run/secrets/relay
		    secrets: [relay]
		    volumes: ["queue:/var/spool/postfix", "state:/var/lib/mailinit"]
		volumes: {queue: {}, state: {}}
		secrets: {relay: {file: ./secrets/relay}}
	END
	git init -q .
	git add compose.yaml
	git -c user.name=a -c user.email=a@example.com commit -q -m base
	sed -i 's/smtp.example/smtp2.example/' compose.yaml
}

@test "what the page for CI shows runs as it stands, and shows a change without its secrets" {
	pages
	"$README_COMMANDS" "$PAGES/ci.md" >commands
	run grep -c -e '--against' commands
	assert_output 1
	GITHUB_STEP_SUMMARY=summary.md run bash -eux commands
	assert_success
	assert_line '- relayhost = [smtp.example.net]:587'
	assert_line --regexp '^\+ relayhost = \[smtp2\.example\.net\]:587 +# compose\.yaml:5:24; template:[0-9]+$'
	assert_line --regexp '^2 to change, [0-9]+ to keep, of [0-9]+ files$'
	run grep -c '^```' summary.md
	assert_output 2
	# With the secret there it is in the directory, and nowhere else.
	mkdir secrets
	echo canary-of-ci >secrets/relay
	GITHUB_STEP_SUMMARY=summary.md run bash -eux commands
	assert_success
	refute_output --partial canary-of-ci
	run grep -rl canary-of-ci . --exclude-dir=secrets
	assert_output ''
}

@test "a rule that the change turns off or lowers stops the gate of that page" {
	pages
	"$README_COMMANDS" "$PAGES/ci.md" | sed -n '1,2p' >gate
	for word in off note; do
		sed -i "/MAIL_CHECKS/d; s/^      MAIL_ROLES/      MAIL_CHECKS: open-relay=$word\n&/" compose.yaml
		sed -i 's|192.0.2.0/24|0.0.0.0/0|' compose.yaml
		run mailinit check --strict --compose compose.yaml
		assert_success
		run bash -eux gate
		assert_failure
	done
}

@test "what the page of the JSON asks of it runs as it stands" {
	pages
	"$README_COMMANDS" "$PAGES/json.md" >commands
	run bash -eu commands
	assert_success
	assert_line 'create /etc/postfix/main.cf'
	assert_line '/etc/postfix/main.cf: relayhost = [smtp2.example.net]:587'
	refute_line --partial '(a secret)'
}

@test "help is printed behind any command, and a release has its name, too" {
	for arguments in "check --help" "check -h" "--dry-run -h" "dns --help" "map --compose x -h" \
		"explain --help" "schema -h" "import --help" "--compose x --help" "run --help"; do
		# shellcheck disable=SC2086 # they are several
		run "$MAILINIT" $arguments
		assert_success
		assert_line --index 0 --regexp '^mailinit .*: Postfix, Dovecot and OpenDKIM'
	done
	run "$MAILINIT" -- sh -c 'echo "$1"' sh --help
	assert_output -- --help
	for names in "debian13 trixie" "debian12 bookworm"; do
		read -r number name <<<"$names"
		"$MAILINIT" --dry-run --config deploy/mailinit.yaml --target "$number" >one
		"$MAILINIT" --dry-run --config deploy/mailinit.yaml --target "$name" >two
		cmp one two
	done
	run "$MAILINIT" check "${ARGS[@]}" --against .
	assert_equal "$status" 2
	run "$MAILINIT" --dry-run "${ARGS[@]}" --against none
	assert_equal "$status" 2
}

@test "while it plans no core file can be left behind" {
	# It waits for its reader with more to say than a pipe holds: then it is looked at.
	for i in $(seq 3000); do
		echo "  u$i@example.com: info@example.com"
	done | sed '1i aliases:' >>deploy/mailinit.yaml
	ulimit -c unlimited || skip "this machine allows no core files at all"
	mkfifo pipe
	MAIL_RELAY_HOST=h.test MAIL_RELAY_USERNAME=me MAIL_RELAY_PASSWORD=canary-in-core \
		"$MAILINIT" --dry-run "${ARGS[@]}" --format json >pipe &
	pid=$!
	exec {reader}<pipe
	read -r -N 1 _ <&"$reader"
	run grep 'Max core file size' "/proc/$pid/limits"
	assert_output --regexp '^Max core file size +0 '
	kill -SEGV "$pid"
	ended=0
	wait "$pid" || ended=$?
	exec {reader}<&-
	assert_equal "$ended" 139
	run find . -name 'core*'
	assert_output ""
}
