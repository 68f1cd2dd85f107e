#!/usr/bin/env bats
# Templates of one's own in place of the built-in ones: how one begins, what may stand in it,
# what it makes with the real settings, and what is told of one that is in a wrong place.

bats_require_minimum_version 1.5.0

setup() {
	bats_load_library bats-support
	bats_load_library bats-assert
	cd "$BATS_TEST_DIRNAME/.."
	asan=$PWD/$(make -s print-ASAN)/mailinit
	page=$PWD/docs/templates.md
	mkdir -p "$BATS_TEST_TMPDIR/box/mailinit/templates/postfix"
	cd "$BATS_TEST_TMPDIR/box"
	cat >mailinit/mailinit.yaml <<-'END'
		hostname: mail.example.com
		domains: [example.com]
		aliases: {postmaster@example.com: jane@example.org}
		relay: {host: "[smtp.example.net]:587", username: u, password: canary-51c0}
		vars: {banner: at your service}
	END
	cat >compose.yaml <<-'END'
		services:
		  mail:
		    image: mailinit:trixie
		    volumes: ["./mailinit:/etc/mailinit:ro"]
	END
	settings=(--config mailinit/mailinit.yaml --target debian13)
	own=mailinit/templates/postfix/main.cf.mustache
}

mailinit() {
	run --separate-stderr "$asan" "$@"
}

@test "the built-in templates are listed, and printed as they are" {
	mailinit template --list
	assert_success
	assert_output "$(cd "$BATS_TEST_DIRNAME/../templates" && find . -name '*.mustache' -printf '%P\n' |
		LC_ALL=C sort)"
	while read -r name; do
		"$asan" template --print "$name" | cmp - "$BATS_TEST_DIRNAME/../templates/$name"
	done <<<"$output"
	mailinit template --print main.cf.mustache
	assert_equal "$status" 2
	[[ $stderr == *'did you mean postfix/main.cf.mustache?'* ]]
}

@test "a built-in template with the real settings makes the file of a start" {
	mailinit template postfix/main.cf.mustache "${settings[@]}"
	assert_success
	assert_line 'relayhost = [smtp.example.net]:587'
	printf '%s\n' "$output" >main.cf
	"$asan" --dry-run "${settings[@]}" --out rendered >/dev/null
	diff main.cf rendered/postfix/main.cf
}

@test "a template of one's own: vars, the settings of a compose service, and its partials" {
	printf 'myhostname = {{hostname}}\nsmtpd_banner = {{vars.banner}}\n{{>postfix/more.mustache}}' >"$own"
	echo 'myorigin = {{postfix.origin}}' >mailinit/templates/postfix/more.mustache
	mailinit template "$own" --compose compose.yaml
	assert_success
	assert_output $'myhostname = mail.example.com\nsmtpd_banner = at your service\nmyorigin = example.com'
	mailinit template "$own" --compose=compose.yaml --origins
	assert_line --index 1 "$own:2"$'\tmailinit/mailinit.yaml:5:16\tsmtpd_banner = at your service'
	cp "$own" other
	mailinit template other --as postfix/main.cf.mustache --compose compose.yaml --partials mailinit/templates
	assert_line 'smtpd_banner = at your service'
}

@test "MAIL_VARS gives them too, and one that is not there is a mistake" {
	echo 'a = {{vars.x}}' >"$own"
	MAIL_VARS='x=1 y=2' mailinit template "$own" "${settings[@]}"
	assert_output 'a = 1'
	sed -i '/^vars/d' mailinit/mailinit.yaml
	mailinit template "$own" "${settings[@]}"
	assert_equal "$status" 1
	[[ $stderr == *'nothing defines "vars.x"'* ]]
}

@test "no secret is shown, neither in a line nor among the names" {
	printf 'a = b\nx = {{relay.password}}\n' >"$own"
	mailinit template "$own" "${settings[@]}"
	assert_success
	assert_output $'a = b\n(a line with a secret)'
	[[ $stderr == *'1 line holds a secret and is not shown'* ]]
	mailinit template "$own" "${settings[@]}" --origins
	refute_output --partial canary-51c0
	mailinit template --names "${settings[@]}"
	assert_line --regexp '^relay\.password +\(secret\)$'
	refute_output --partial canary-51c0
}

@test "the names of a template, with their values; those of a daemon stand in docs/templates.md" {
	mailinit template --names postfix/main.cf.mustache "${settings[@]}"
	assert_success
	assert_line --regexp '^postfix\.origin +example\.com$'
	assert_line --regexp '^postfix\.relayhost +\(section\) yes$'
	assert_line --regexp '^vars\.banner +at your service$'
	refute_line --regexp '^dovecot\.store '
	for target in debian13 debian12; do
		"$asan" template --names --config mailinit/mailinit.yaml --target "$target"
	done | awk '{ print $1 }' | sort -u >names
	"$asan" schema --format=settings | sed -n 's/^### //p' | sort -u >known
	comm -23 names known | grep -v '^vars\.' >derived
	[ "$(wc -l <derived)" -gt 30 ]
	while read -r name; do
		run grep -F "| \`$name\` |" "$page"
		assert_success
	done <derived
}

@test "a template that nothing makes here, and one that mailinit does not have, are told apart" {
	MAIL_ROLES=relay mailinit template dovecot.conf.mustache "${settings[@]}"
	assert_equal "$status" 1
	[[ $stderr == *'nothing is rendered from dovecot.conf.mustache'* ]]
	mailinit template mailinit/mailinit.yaml "${settings[@]}"
	assert_equal "$status" 2
	[[ $stderr == *'--as NAME'*'--data'* ]]
	mailinit template --names --config /nonexistent
	assert_equal "$status" 1
	[[ $stderr == *'[config-unreadable]'* ]]
}

@test "a template in a wrong place is told, with the place that is right" {
	echo x >mailinit/templates/main.cf.mustache
	echo x >mailinit/templates/postfix/master.mustache
	echo x >mailinit/templates/postfix/extra.mustache
	echo '{{#postfix.submission}}{{>postfix/part.mustache}}{{/postfix.submission}}' >"$own"
	echo x >mailinit/templates/postfix/part.mustache
	echo x >mailinit/templates/README.md
	echo x >mailinit/templates/postfix/.main.cf.mustache.swp
	mkdir mailinit/templates/dovecot-2.3
	echo x >mailinit/templates/dovecot-2.3/dovecot.conf.mustache
	mailinit check --compose compose.yaml
	assert_line 'mailinit/templates/main.cf.mustache: warning [template-unused]: no template is called "main.cf.mustache"; did you mean postfix/main.cf.mustache?'
	assert_line '    help: Move it to mailinit/templates/postfix/main.cf.mustache.'
	assert_line --partial 'mailinit/templates/postfix/master.mustache: warning [template-unused]'
	assert_line --partial 'mailinit/templates/postfix/extra.mustache: warning [template-unused]'
	assert_equal "$(grep -c 'template-unused' <<<"$output")" 3
}

@test "a directory of --templates that is not there is wrong usage" {
	for command in check --dry-run "template postfix/main.cf.mustache"; do
		mailinit $command "${settings[@]}" --templates nowhere
		assert_equal "$status" 2
		[[ $stderr == *nowhere* ]]
	done
}

@test "a mistake in a mounted template has the path that it has on this machine" {
	echo 'x = {{hots}}' >"$own"
	mailinit check --compose compose.yaml
	assert_line --partial "$own:1:5: error [template-unknown-name]"
	mailinit check --compose compose.yaml --format github
	assert_line --partial "::error file=$own,line=1,col=5,title=template-unknown-name::"
	"$asan" check --compose compose.yaml --format sarif >sarif || [ $? = 1 ]
	run jq -r '.runs[0].results[] | select(.ruleId == "template-unknown-name")
		| .locations[0].physicalLocation.artifactLocation.uri' sarif
	assert_output "$own"
	mailinit check "${settings[@]}" --templates ./mailinit/templates/
	assert_line --partial "$own:1:5: error [template-unknown-name]"
}

@test "the dry run says which template is in use" {
	mailinit --dry-run --compose compose.yaml
	assert_line --regexp '^create /etc/postfix/main\.cf \(.*, template postfix/main\.cf\.mustache\)$'
	"$asan" template --print postfix/main.cf.mustache >"$own"
	mailinit --dry-run --compose compose.yaml
	assert_line --regexp "^create /etc/postfix/main\\.cf \\(.*, template $own\\)\$"
}

@test "--help is the usage, and no mistake" {
	mailinit template --help
	assert_success
	assert_line --index 0 --partial 'usage: mailinit template FILE'
	assert_equal "$stderr" ''
}
