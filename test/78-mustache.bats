#!/usr/bin/env bats
# The Mustache language by its specification, and `mailinit template`, which shows it.

bats_require_minimum_version 1.5.0

setup() {
	bats_load_library bats-support
	bats_load_library bats-assert
	cd "$BATS_TEST_DIRNAME/.."
	asan=$(make -s print-ASAN)/mailinit
	box=$BATS_TEST_TMPDIR
}

# template TEXT FLAG…: renders TEXT with $box/data.yaml
template() {
	printf %s "$1" >"$box/t.mustache"
	shift
	run --separate-stderr "$asan" template "$box/t.mustache" --data "$box/data.yaml" "$@"
}

# data TEXT: what the next templates are rendered with
data() {
	printf %s "$1" >"$box/data.yaml"
}

@test "the release passes all 136 cases of the specification" {
	run test/mustache/run build/mailinit
	assert_success
	assert_line --index 0 1..136
	assert_equal "$(grep -c '^ok ' <<<"$output")" 136
}

@test "the build with sanitizers does" {
	run test/mustache/run "$asan"
	assert_success
	assert_line --index 0 1..136
	assert_equal "$(grep -c '^ok ' <<<"$output")" 136
}

@test "the harness sees a wrong result, and a number of cases that is not the specification's" {
	printf '#!/bin/sh\nprintf wrong\n' >"$box/wrong"
	chmod +x "$box/wrong"
	run -1 test/mustache/run "$box/wrong"
	assert_line --partial 'not ok 136 '
	cp -r "${MUSTACHE_SPEC:-/usr/share/mustache-spec}" "$box/spec"
	sed -i '0,/^ *- name:/s//  - name: one too many\n    data: {}\n    template: ""\n    expected: ""\n&/' \
		"$box/spec/delimiters.yml"
	MUSTACHE_SPEC=$box/spec run -1 test/mustache/run build/mailinit
	assert_output 'delimiters: 15 cases, and not 14'
}

@test "a template and its data, from files and from standard input" {
	data $'host: mail.example.com\nnets: [10.0.0.0/8, "::1/128"]\n'
	template $'h = {{host}}\n{{#nets}}\n- {{.}}\n{{/nets}}\n'
	assert_success
	assert_output $'h = mail.example.com\n- 10.0.0.0/8\n- ::1/128'
	assert_equal "$stderr" ''
	run bash -c 'printf "{{host}}" | "$0" template - --data "$1"' "$asan" "$box/data.yaml"
	assert_success
	assert_output mail.example.com
	printf '{{host}}' >"$box/t.mustache"
	run bash -c 'echo "{\"host\": \"a\"}" | "$0" template "$1" --data=-' "$asan" "$box/t.mustache"
	assert_success
	assert_output a
}

@test "words for yes and no are what they are in settings, unless they are quoted" {
	data $'on: yes\noff: no\nfalse_too: False\ntext: "no"\nempty: ""\nnone: ~\n'
	template '{{#on}}1{{/on}}{{#off}}2{{/off}}{{#false_too}}3{{/false_too}}{{#text}}4{{/text}}{{#empty}}5{{/empty}}{{#none}}6{{/none}} {{on}}{{text}}'
	assert_success
	assert_output '14 yesno'
}

@test "numbers keep their text" {
	data $'level: 3.10\nmode: 0600\n'
	template '{{level}} {{mode}}'
	assert_success
	assert_output '3.10 0600'
}

@test "every mistake is told in one run, with its place, its line and a caret" {
	data $'host: mail.example.com\nlist: [a]\n'
	template $'a\n  x = {{hots}}\n{{list}}\n{{>gone}}\n'
	assert_equal "$status" 1
	assert_output ''
	assert_equal "$(grep -c ': error \[' <<<"$stderr")" 3
	[[ $stderr == *"$box/t.mustache:2:7: error [template-unknown-name]: nothing defines \"hots\""* ]]
	[[ $stderr == *$'\n          x = {{hots}}\n              ^\n'* ]]
	[[ $stderr == *'Was "host" meant?'* ]]
	[[ $stderr == *"$box/t.mustache:3:1: error [template-error]: \"list\" is a list"* ]]
	[[ $stderr == *"$box/t.mustache:4:1: error [template-error]: there is no partial \"gone\""* ]]
}

@test "what is wrong with the data is told along with the template's language" {
	data $'a: 1\na: 2\n'
	template '{{#x}}'
	assert_equal "$status" 1
	[[ $stderr == *"data.yaml:2:1: error [yaml-duplicate-key]"* ]]
	[[ $stderr == *"t.mustache:1:1: error [template-error]"* ]]
	data $'a: &x 1\nb: *x\n'
	template '{{a}}'
	assert_equal "$status" 1
	[[ $stderr == *'[yaml-alias]'* ]]
}

@test "a lenient template forgives unknown names and partials, and nothing else" {
	data 'a: 1'
	template '[{{b}}{{#c}}x{{/c}}{{>gone}}]' --lenient
	assert_success
	assert_output '[]'
	template '{{b' --lenient
	assert_equal "$status" 1
}

@test "the escape is the one that is named, else that of the file's name" {
	data $'v: "a & $b"\nw: "two\\nlines"\n'
	template '{{v}}' --escape html
	assert_output 'a &amp; $b'
	template '{{v}}' --escape main.cf
	assert_output 'a & $$b'
	template '{{v}}' --escape master.cf
	assert_equal "$status" 1
	[[ $stderr == *'[value-unsafe]'*'holds a blank, which ends the field'* ]]
	template '{{v}}'
	assert_output 'a & $b'
	template '{{w}}'
	assert_equal "$status" 1
	[[ $stderr == *'data.yaml:2:4: error [value-newline]'* ]]
	template '{{{w}}}'
	assert_equal "$status" 1
	template '{{w}}' --escape none
	assert_output $'two\nlines'
	printf '{{v}}' >"$box/main.cf.mustache"
	run "$asan" template "$box/main.cf.mustache" --data "$box/data.yaml"
	assert_output 'a & $$b'
	template '{{v}}' --escape rot13
	assert_equal "$status" 2
	[[ $stderr == *'main.cf, master.cf, dovecot'* ]]
}

@test "partials come from beside the template or the directory that is named, and from nowhere else" {
	data 'host: a'
	mkdir "$box/in" "$box/in/sub"
	printf '<{{host}}>' >"$box/in/p.mustache"
	printf '({{host}})' >"$box/in/sub/q"
	printf 'secret' >"$box/outside"
	template '{{>p}}{{>sub/q}}' --partials "$box/in"
	assert_output '<a>(a)'
	printf '{{>in/p}}{{>outside}}' >"$box/t.mustache"
	run "$asan" template "$box/t.mustache" --data "$box/data.yaml"
	assert_output '<a>secret'
	local name
	for name in ../outside sub/../../outside "$box/outside" ..; do
		template "{{>$name}}" --partials "$box/in"
		assert_equal "$status" 1
		[[ $stderr == *'there is no partial'* ]]
	done
	chmod 0 "$box/in/p.mustache"
	printf '{{#host}' >"$box/in/broken"
	template '{{>broken}}' --partials "$box/in"
	assert_equal "$status" 1
	[[ $stderr == *"$box/in/broken:1:1: error"*'never closed'* ]]
}

@test "a partial that includes itself ends with the chain" {
	data 'host: a'
	printf 'x{{>loop}}' >"$box/loop"
	template '{{>loop}}'
	assert_equal "$status" 1
	assert_output ''
	[[ $stderr == *"deeper than 32: $box/t.mustache > $box/loop > $box/loop"* ]]
}

@test "--origins names for each line its template line and its values' places" {
	data $'host: a\nport: 25\n'
	template $'x\n{{host}}:{{port}}' --origins
	assert_success
	assert_line --index 0 "$box/t.mustache:1"$'\t\tx'
	assert_line --index 1 "$box/t.mustache:2"$'\t'"$box/data.yaml:1:7 $box/data.yaml:2:7"$'\ta:25'
}

@test "large, deep and strange input ends in a message" {
	data 'host: a'
	head -c 1048576 /dev/zero | tr '\0' x >"$box/t.mustache"
	run bash -c '"$0" template "$1" --data "$2" | wc -c' "$asan" "$box/t.mustache" "$box/data.yaml"
	assert_output 1048576
	printf x >>"$box/t.mustache"
	run "$asan" template "$box/t.mustache" --data "$box/data.yaml"
	assert_failure
	assert_output --partial 'larger than 1048576 bytes'
	printf 'a\0b{{host}}' >"$box/t.mustache"
	run "$asan" template "$box/t.mustache" --data "$box/data.yaml"
	assert_equal "$status" 1
	assert_output --partial "t.mustache:1:2: error [template-error]: a NUL byte"
	template $'\xff\xc3{{host}}\xfe'
	assert_success
	assert_output $'\xff\xc3a\xfe'
	template $'a\r\n{{#host}}\r\n{{.}}\r\n{{/host}}\r\nb'
	assert_success
	assert_output $'a\r\na\r\nb'
	template "$(printf '{{#host}}%.0s' {1..65})"
	assert_equal "$status" 1
	[[ $stderr == *'nested deeper than 64'* ]]
}

@test "wrong usage says what is right" {
	data 'a: 1'
	run -2 "$asan" template
	assert_output --partial 'mailinit template FILE --data FILE.yaml'
	MAIL_DOMAINS=example.com run -2 "$asan" template "$box/data.yaml"
	assert_output --partial '--data names the file with the data'
	run -2 "$asan" template "$box/data.yaml" --date x
	assert_output --partial 'did you mean --data?'
	run -2 "$asan" template "$box/data.yaml" --data
	assert_output --partial '--data needs a value'
	run -2 "$asan" template - --data -
	run -3 "$asan" template "$box/none" --data "$box/data.yaml"
	assert_output --partial "unable to read $box/none: No such file or directory"
	run -3 "$asan" template "$box/data.yaml" --data "$box"
	mkfifo "$box/pipe"
	run -3 "$asan" template "$box/pipe" --data "$box/data.yaml"
	assert_output --partial 'no regular file; - reads standard input'
}

@test "no message shows a line that may hold a password" {
	data 'host: a'
	template 'password = hunter2 {{hots}}'
	assert_equal "$status" 1
	[[ $stderr == *'(the line is not shown: it may hold a secret)'* ]]
	[[ $stderr != *hunter2* ]]
	template '{{! the old password was hunter2 }}{{hots}}'
	[[ $stderr != *hunter2* ]]
	template 'x = {{relay.password}}'
	[[ $stderr == *'x = {{relay.password}}'* ]]
}
