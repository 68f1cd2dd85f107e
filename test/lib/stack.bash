# stack.bash - the test network: a name server, an outside mail server, and mailinit
#
# A stack is one docker network with
#	.2	dns	authoritative for all names; the only resolver of the others
#	.20	outside	a Postfix that takes mail for gmail.test, and late.test later on
#	.10	mail	the container under test, mail.example.com; further ones .11 to .19
# and the container in which the tests run, when they run in one. It is joined to the
# network, so that Python clients reach the others. To mailinit it is a stranger.
#
# All that a stack makes carries the label mailinit-test=$STACK; stack_down removes
# exactly that. Files get into containers by `docker cp`, never by a bind mount: the
# paths of the container that runs the tests mean nothing to the Docker engine.
#
# Nothing here sleeps and hopes: wait_until looks for an event, up to a minute. That
# bound is generous, so that it tells a hang from a slow machine and judges no speed.

TEST_ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
TEST_IMAGE=${TEST_IMAGE:-mailinit-test}
# The images under test, one tag a base.
MAILINIT_IMAGE=${MAILINIT_IMAGE:-mailinit}
WAIT_SECONDS=${WAIT_SECONDS:-60}
# The container in which the tests run, if they run in one.
RUNNER=${MAILINIT_BOX:-$(hostname)}

# A file named X-bookworm.bats is X-trixie.bats under another name: same stories, other base.
base_of_file() {
	local name=${BATS_TEST_FILENAME##*-}
	echo "${name%.bats}"
}

other_base() {
	if [ "$1" = trixie ]; then echo bookworm; else echo trixie; fi
}

# wait_until WHAT COMMAND…: runs COMMAND until it succeeds.
wait_until() {
	local what=$1 end=$((SECONDS + WAIT_SECONDS))
	shift
	until "$@" >/dev/null 2>&1; do
		if ((SECONDS >= end)); then
			echo "waited $WAIT_SECONDS s in vain: $what" >&2
			return 1
		fi
		sleep 0.1
	done
}

random_hex() {
	od -An -N"$1" -tx1 /dev/urandom | tr -d ' \n'
}

# new_id: a Message-ID that nobody else has.
new_id() {
	echo "<$(random_hex 8)@test>"
}

# ---------------------------------------------------------------- the network

stack_up() {
	STACK=mailinit-test-$(random_hex 4)
	export STACK
	network_create
	DNS_ADDRESS=$SUBNET.2 OUTSIDE_ADDRESS=$SUBNET.20
	export SUBNET DNS_ADDRESS OUTSIDE_ADDRESS
	runner_join
	dns_start
	outside_start
}

# stack_down: removes all that carries the stack's label, and nothing else. Fails when a
# sanitizer had something to say.
stack_down() {
	local filter=label=mailinit-test=$STACK
	local found
	runner_leave
	found=$(sanitizer_words)
	docker ps -aq --filter "$filter" | xargs -r docker rm -f -v >/dev/null
	docker volume ls -q --filter "$filter" | xargs -r docker volume rm >/dev/null
	docker network ls -q --filter "$filter" | xargs -r docker network rm >/dev/null
	if [ -n "$found" ]; then
		echo "$found" >&2
		return 1
	fi
}

# sanitizer_words: what sanitizers said in a container, if it was their image (make image-asan).
sanitizer_words() {
	local box
	[ "$MAILINIT_IMAGE" = mailinit-asan ] || return 0
	for box in $(docker ps -aq --filter "label=mailinit-test=$STACK"); do
		docker logs "$box" 2>&1 | sed -n '/AddressSanitizer\|runtime error:/,+20p'
	done
}

# network_create: a subnet of our own choice, because fixed addresses need one; another
# is drawn when somebody has it already.
network_create() {
	local try
	for try in 1 2 3 4 5 6 7 8; do
		SUBNET=10.$((200 + RANDOM % 50)).$((RANDOM % 256))
		if docker network create --label "mailinit-test=$STACK" \
			--subnet "$SUBNET.0/24" "$STACK" >/dev/null; then
			return 0
		fi
	done
	echo "no free subnet after $try tries" >&2
	return 1
}

# runner_join: the tests may run in a container, whose host name is then its id, or on
# the machine itself, which reaches every bridge.
runner_join() {
	if docker inspect --type container "$RUNNER" >/dev/null 2>&1; then
		docker network connect --ip "$SUBNET.99" "$STACK" "$RUNNER"
	fi
}

runner_leave() {
	local networks
	networks=$(docker network ls -q --filter "label=mailinit-test=$STACK")
	if [ -n "$networks" ] && docker inspect --type container "$RUNNER" >/dev/null 2>&1; then
		docker network disconnect -f "$STACK" "$RUNNER"
	fi
}

# container_create NAME HOST-PART ARG…: like docker create, in the stack's network.
container_create() {
	local name=$1 host=$2
	shift 2
	docker create --name "$STACK-$name" --label "mailinit-test=$STACK" \
		--network "$STACK" --ip "$SUBNET.$host" --dns "$DNS_ADDRESS" "$@" >/dev/null
}

logs_of() {
	docker logs "$STACK-$1" 2>&1
}

logs_have() {
	logs_of "$1" | grep -qE -- "$2"
}

# ---------------------------------------------------------------- the name server

dns_start() {
	container_create dns 2 "$TEST_IMAGE" nsd -d -c /etc/nsd/nsd.conf
	docker cp -q "$TEST_ROOT/stack/dns/nsd.conf" "$STACK-dns:/etc/nsd/nsd.conf"
	zone_begin >"$BATS_FILE_TMPDIR/root.zone"
	zone_load start
	wait_until "the name server answers" record mx.gmail.test A
}

# zone_begin: the names of the outside world. late.test refuses connections until
# zone_open moves it to the outside server; silent.test is a server that says nothing.
zone_begin() {
	cat <<-END
		\$ORIGIN .
		\$TTL 60
		@ IN SOA dns.test. hostmaster.test. 1 3600 600 86400 1
		@ IN NS dns.test.
		dns.test. IN A $DNS_ADDRESS
		mx.gmail.test. IN A $OUTSIDE_ADDRESS
		gmail.test. IN MX 10 mx.gmail.test.
		late.test. IN MX 10 ${1:-dns.test.}
		silent.test. IN MX 10 ${1:-mx.silent.test.}
		mx.silent.test. IN A $SUBNET.30
		smarthost.test. IN A $SUBNET.40
	END
}

# zone_add: appends records, in zone file form, from standard input.
zone_add() {
	cat >>"$BATS_FILE_TMPDIR/root.zone"
	zone_load kill --signal HUP
}

# zone_open: from now on all outside domains are at the outside server.
zone_open() {
	local rest
	rest=$(sed "1,$(zone_begin | wc -l)d" "$BATS_FILE_TMPDIR/root.zone")
	{ zone_begin mx.gmail.test. && echo "$rest"; } >"$BATS_FILE_TMPDIR/opened.zone"
	mv "$BATS_FILE_TMPDIR/opened.zone" "$BATS_FILE_TMPDIR/root.zone"
	zone_load kill --signal HUP
	wait_until "late.test has moved" record_is late.test MX "10 mx.gmail.test."
}

# zone_load DOCKER-COMMAND…: checks the zone with the server's own tool, then serves it.
zone_load() {
	nsd-checkzone . "$BATS_FILE_TMPDIR/root.zone"
	local file=$BATS_FILE_TMPDIR/zones/root.zone last=0
	mkdir -p "$BATS_FILE_TMPDIR/zones"
	[ ! -e "$file" ] || last=$(stat -c %Y "$file")
	cp "$BATS_FILE_TMPDIR/root.zone" "$file"
	# nsd passes over a file of the same second as the one it has read
	[ "$(stat -c %Y "$file")" -gt "$last" ] || touch -d "@$((last + 1))" "$file"
	docker cp -q "$BATS_FILE_TMPDIR/zones" "$STACK-dns:/"
	docker "$@" "$STACK-dns" >/dev/null
}

record() {
	client record "$DNS_ADDRESS" "$@"
}

record_is() {
	record "$1" "$2" | grep -qxF -- "$3"
}

# ---------------------------------------------------------------- the outside world

outside_start() {
	container_create outside 20 --hostname mx.gmail.test "$TEST_IMAGE" postfix start-fg
	docker cp -q "$TEST_ROOT/stack/outside/." "$STACK-outside:/etc/postfix"
	docker start "$STACK-outside" >/dev/null
	wait_until "the outside mail server greets" client ehlo --address "$OUTSIDE_ADDRESS" --port 25
}

# outside_send FROM TO: a message from standard input leaves the outside server.
outside_send() {
	docker exec -i "$STACK-outside" sendmail -i -f "$1" "$2"
}

# outside_find ID: prints the message that arrived at the outside server, or fails.
outside_find() {
	docker exec "$STACK-outside" sh -c \
		'set -e; file=$(grep -rlF -- "$1" /tmp/arrived/new | head -n 1); cat "$file"' - "$1"
}

outside_wait() {
	wait_until "$1 arrives at the outside server" outside_find "$1"
	outside_find "$1"
}

# outside_ids: the Message-IDs of all that arrived there, sorted, each once.
outside_ids() {
	docker exec "$STACK-outside" sh -c \
		'test ! -d /tmp/arrived/new || grep -rhi "^message-id:" /tmp/arrived/new' |
		sed 's/^[^<]*//' | tr -d '\r' | sort -u
}

# ---------------------------------------------------------------- clients

client() {
	local name=$1
	shift
	python3 -B "$TEST_ROOT/clients/$name.py" "$@"
}
