# dkim.bash - the keys of a container, its records in the zone, and mail that is sent all the while

# dkim NAME ARG…: mailinit dkim in the container.
dkim() {
	local name=$1
	shift
	mailinit "$name" dkim "$@"
}

# dkim_json NAME FILTER: what jq makes of the keys, without a question to DNS.
dkim_json() {
	dkim "$1" list --format=json | jq -er "$2"
}

# of DOMAIN FILTER: a filter for dkim_json.
of() {
	printf '.domains[] | select(.domain == "%s") | %s' "$1" "$2"
}

active() {
	dkim_json "$1" "$(of "$2" .selector)"
}

# state_has NAME DOMAIN REGEX: whether a line of what is remembered is like that. It looks at
# the volume from outside, so that it works whether the container runs or not.
state_has() {
	docker cp -q "$STACK-$1:/var/lib/mailinit/dkim/$2/state" - | tar -xO | grep -qE -- "$3"
}

# zone_drop NAME: takes the records of a name out of the zone.
zone_drop() {
	awk -v name="$1." '$1 != name' "$BATS_FILE_TMPDIR/root.zone" >"$BATS_FILE_TMPDIR/less.zone"
	mv "$BATS_FILE_TMPDIR/less.zone" "$BATS_FILE_TMPDIR/root.zone"
	zone_load kill --signal HUP
}

# publish NAME…: what the containers would have published of DKIM is, and nothing else of it.
publish() {
	local name
	awk '$1 !~ /_domainkey/' "$BATS_FILE_TMPDIR/root.zone" >"$BATS_FILE_TMPDIR/less.zone"
	mv "$BATS_FILE_TMPDIR/less.zone" "$BATS_FILE_TMPDIR/root.zone"
	for name; do
		mailinit "$name" dns --zone | sed -n '/^;/d; /_domainkey/p'
	done >"$BATS_FILE_TMPDIR/keys.zone"
	zone_add <"$BATS_FILE_TMPDIR/keys.zone"
	while read -r name _; do
		wait_until "$name is in DNS" record "${name%.}" TXT
	done <"$BATS_FILE_TMPDIR/keys.zone"
}

# flow_start: from now on info@example.com and sales@example.org send mail, again and again,
# whether the server is there or not.
flow_start() {
	rm -f "$BATS_FILE_TMPDIR/flow-ends"
	(
		while [ ! -e "$BATS_FILE_TMPDIR/flow-ends" ]; do
			# a server that is down is what this is for: its clients try again
			submit --to friend@gmail.test --message-id "$(new_id)" || continue
			as_sales to_mail send --port 587 --tls starttls --from sales@example.org \
				--to friend@gmail.test --message-id "$(new_id)" || continue
		done
	) >>"$BATS_FILE_TMPDIR/flow" 2>&1 3>&- &
	echo $! >"$BATS_FILE_TMPDIR/flow-pid"
}

flow_stop() {
	touch "$BATS_FILE_TMPDIR/flow-ends"
	wait_until "the senders end" flow_ended
}

flow_ended() {
	! kill -0 "$(cat "$BATS_FILE_TMPDIR/flow-pid")"
}

# arrived: how many messages the outside server has.
arrived() {
	docker exec "$STACK-outside" sh -c 'ls /tmp/arrived/new 2>/dev/null | wc -l'
}

more_arrived() {
	[ "$(arrived)" -gt "$1" ]
}

# all_verify: every message that arrived so far passes with what DNS shows now. Prints how many
# are of each domain and selector.
all_verify() {
	local dir=$BATS_TEST_TMPDIR/arrived
	rm -rf "$dir"
	docker cp -q "$STACK-outside:/tmp/arrived/new" "$dir"
	client dkim_verify --dns "$DNS_ADDRESS" "$dir"/* >"$BATS_TEST_TMPDIR/verdicts" || {
		grep -v '^pass ' "$BATS_TEST_TMPDIR/verdicts" >&2
		return 1
	}
	cut -d ' ' -f 1-3 "$BATS_TEST_TMPDIR/verdicts" | sort | uniq -c
}

# signed_with DOMAIN: the verdict on a message that is sent now: "pass d=DOMAIN s=SELECTOR".
signed_with() {
	local id
	id=$(new_id)
	case $1 in
	example.com) submit --to friend@gmail.test --message-id "$id" ;;
	example.org)
		as_sales to_mail send --port 587 --tls starttls --from sales@example.org \
			--to friend@gmail.test --message-id "$id"
		;;
	esac >"$BATS_TEST_TMPDIR/reply"
	grep -q '^data 250 ' "$BATS_TEST_TMPDIR/reply"
	outside_wait "$id" >"$BATS_TEST_TMPDIR/message"
	verify <"$BATS_TEST_TMPDIR/message"
}
