# snippet.bash - the compose snippets of test/peer-snippets as containers of a stack
#
# A snippet keeps all that its author wrote but for the image, which is ours, and the
# ports. Its container is called after the folder's number: snippet 03 of a peer is s03
# at $SUBNET.103.

# snippet_of NUMBER: the folder of that number, of $PEER.
snippet_of() {
	echo "$TEST_ROOT/peer-snippets/$PEER/$1"-*
}

# snippet_address NUMBER
snippet_address() {
	echo "$SUBNET.1$1"
}

# snippet_create NUMBER [ARG…]: its container, not started. $CA is trusted in it where there is one.
snippet_create() {
	local number=$1 where tree=$BATS_FILE_TMPDIR/snippet-$1 args
	where=$(snippet_of "$number")
	shift
	mkdir -p "$tree"
	mapfile -d '' args < <(python3 -B "$TEST_ROOT/peer-snippets/play.py" "$where" \
		"$STACK-$number" "$tree")
	snippet_volumes "${args[@]}"
	container_create "s$number" "1$number" "${args[@]}" "$@" "$MAILINIT_IMAGE:$BASE"
	if [ -n "${CA:-}" ] && ! [[ " ${args[*]} " == *" --read-only "* ]]; then
		mkdir -p "$tree/etc/ssl/certs"
		docker cp -q "$STACK-s$number:/etc/ssl/certs/ca-certificates.crt" "$tree/etc/ssl/certs"
		cat "$CA" >>"$tree/etc/ssl/certs/ca-certificates.crt"
	fi
	[ -z "$(ls "$tree")" ] || docker cp -q "$tree/." "$STACK-s$number:/"
}

# snippet_volumes ARG…: makes the named volumes among the arguments, so that they go with the stack.
snippet_volumes() {
	while [ $# -gt 0 ]; do
		if [ "$1" = --volume ]; then
			docker volume create --label "mailinit-test=$STACK" "${2%%:*}" >/dev/null
		fi
		shift
	done
}

# snippets_up NUMBER…: all of them, started together.
snippets_up() {
	local number
	for number; do
		snippet_create "$number"
		docker start "$STACK-s$number" >/dev/null
	done
	for number; do
		mail_ready "s$number"
	done
}

# through NUMBER ARG…: a client sends a message from the stack's network; --port and the
# like are the test's.
through() {
	local number=$1
	shift
	client send --address "$(snippet_address "$number")" --host "snippet.test" "$@"
}

# relays NUMBER PORT FROM [TO]: a message goes through it without a password; it is in $MESSAGE
# once it has arrived outside.
relays() {
	local id
	id=$(new_id)
	run through "$1" --port "$2" --from "$3" --to "${4:-friend@gmail.test}" --message-id "$id"
	assert_output --regexp '^data 250 '
	MESSAGE=$BATS_TEST_TMPDIR/message
	outside_wait "$id" >"$MESSAGE"
}

# provider NAME…: a smarthost at .40 under those names, with a certificate of our authority,
# that takes one login: apikey.
provider() {
	local name names=""
	for name; do
		names=$names${names:+,DNS:}$name
		echo "$name. IN A $SUBNET.40" >>"$BATS_FILE_TMPDIR/provider.zone"
	done
	certificate provider "$names"
	cat "$BATS_FILE_TMPDIR/ca/provider."{key,pem} >"$BATS_FILE_TMPDIR/provider.pem"
	container_create provider 40 --env PASSWORD=SG.0123-abc= "$TEST_IMAGE" \
		python3 /smarthost.py /smarthost.pem apikey
	docker cp -q "$TEST_ROOT/stack/smarthost.py" "$STACK-provider:/smarthost.py"
	docker cp -q "$BATS_FILE_TMPDIR/provider.pem" "$STACK-provider:/smarthost.pem"
	docker start "$STACK-provider" >/dev/null
	wait_until "the provider listens" logs_have provider listening
	zone_add <"$BATS_FILE_TMPDIR/provider.zone"
}
