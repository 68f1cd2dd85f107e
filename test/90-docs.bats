#!/usr/bin/env bats
# What the README says is true: its table, and its commands run as they stand.

setup() {
	bats_load_library bats-support
	bats_load_library bats-assert
	cd "$BATS_TEST_DIRNAME/.."
}

@test "what the documents take from the tables is what the tables say (else: make docs)" {
	mkdir -p "$BATS_TEST_TMPDIR/docs"
	cp README.md "$BATS_TEST_TMPDIR"
	cp docs/mailinit.8 "$BATS_TEST_TMPDIR/docs"
	tools/make-docs build/mailinit "$BATS_TEST_TMPDIR"
	run diff README.md "$BATS_TEST_TMPDIR/README.md"
	assert_success
	for page in mailinit.8 settings.md variables.md rules.md; do
		run diff "docs/$page" "$BATS_TEST_TMPDIR/docs/$page"
		assert_success
	done
}

@test "each stack has its picture, drawn from its compose file as it is now (else: make docs)" {
	mkdir -p "$BATS_TEST_TMPDIR/docs"
	cp README.md "$BATS_TEST_TMPDIR"
	cp docs/mailinit.8 "$BATS_TEST_TMPDIR/docs"
	tools/make-docs build/mailinit "$BATS_TEST_TMPDIR"
	local drawing
	for drawing in "$BATS_TEST_TMPDIR"/docs/stacks/*.svg docs/stacks/*.svg; do
		run diff "$BATS_TEST_TMPDIR/docs/stacks/${drawing##*/}" "docs/stacks/${drawing##*/}"
		assert_success
	done
}

@test "troubleshooting leads to findings that there are, and the Japanese pages keep pace" {
	run tools/check-pages build/mailinit
	assert_output ''
	assert_success
}

@test "every command of main.c's table stands in the man page" {
	local verb
	build/mailinit help >"$BATS_TEST_TMPDIR/help"
	while read -r verb; do
		run grep -q -e "${verb//-/\\\\-}" docs/mailinit.8
		assert_success
	done < <(awk '/^  [a-z-]+ +[a-z]/ && $1 != "mailinit" && $1 != "run" { print $1 }' \
		"$BATS_TEST_TMPDIR/help")
}

@test "the example of services is one that mailinit takes" {
	sed -n '/^```yaml$/,/^```$/{/^```/d;p;}' docs/services.md >"$BATS_TEST_TMPDIR/mailinit.yaml"
	run build/mailinit --dry-run --format=json --config "$BATS_TEST_TMPDIR/mailinit.yaml"
	assert_success
	run jq -r '.services | map(.name) | join(" ")' <<<"$output"
	assert_output 'opendkim dovecot postfix verifier policy fetcher'
}

teardown() {
	[ -z "${project:-}" ] || docker run --rm -v /var/run/docker.sock:/var/run/docker.sock \
		-v "$copy:$copy" -w "$copy" mailinit-test make stop PROJECT="$project" VOLUMES=delete
}

# The commands run in a clean container that has make, git and the engine's
# client, on a copy of the tree: `make run` among them. The copy lies below the
# tree, for the engine must find what compose mounts.
@test "the README's own commands run from top to bottom in a clean container" {
	copy=$PWD/build/readme
	rm -rf "$copy"
	mkdir -p "$copy"
	tar -c --exclude=./build --exclude=./.git --exclude=./compose/secrets . | tar -x -C "$copy"
	test/readme-commands README.md >"$copy/.commands"
	run grep -c '^make run$' "$copy/.commands"
	assert_output 1
	project=mailinit-readme
	run docker run --rm -v /var/run/docker.sock:/var/run/docker.sock -v "$copy:$copy" -w "$copy" \
		-e PROJECT="$project" mailinit-test bash -eux .commands
	assert_success
	assert_output --partial "_domainkey.example.com"
	assert_output --partial "did you mean MAIL_HOSTNAME?"
}
