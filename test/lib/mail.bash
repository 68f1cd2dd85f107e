# mail.bash - mailinit containers in the test network, and what people do with them
#
# Before a container is made its files are laid out under $BATS_FILE_TMPDIR/NAME as they
# shall stand in it. A container NAME has the address $SUBNET.HOST and, unless told
# otherwise, the volumes $STACK-{queue,mail,state}, which outlive it.

MAIL_HOSTNAME=mail.example.com
# Every character that some layer between YAML and SASL is known to eat.
INFO_PASSWORD='p$w #"'\''\ end'
SALES_PASSWORD='correct horse'
export MAIL_HOSTNAME INFO_PASSWORD SALES_PASSWORD

mail_files() {
	echo "$BATS_FILE_TMPDIR/files-$1"
}

# mail_create NAME HOST ARG… [-- COMMAND…]: makes, but does not start, a container of
# image mailinit:$BASE with the files of NAME in it.
mail_create() {
	local name=$1 host=$2 args=() files
	shift 2
	while [ $# -gt 0 ] && [ "$1" != -- ]; do
		args+=("$1")
		shift
	done
	[ $# -eq 0 ] || shift
	container_create "$name" "$host" --hostname "$MAIL_HOSTNAME" \
		"${args[@]}" "$MAILINIT_IMAGE:$BASE" "$@"
	files=$(mail_files "$name")
	[ ! -d "$files" ] || docker cp -q "$files/." "$STACK-$name:/"
}

# volumes PREFIX: the arguments that mount the three volumes of that name, made if need be.
volumes() {
	local kind path
	for kind in queue:/var/spool/postfix mail:/var/mail state:/var/lib/mailinit; do
		path=${kind#*:}
		docker volume create --label "mailinit-test=$STACK" "$STACK-$1-${kind%%:*}" >/dev/null
		printf '%s\n' --volume "$STACK-$1-${kind%%:*}:$path"
	done
}

mail_start() {
	docker start "$STACK-$1" >/dev/null
	mail_ready "$1"
}

# mail_ready NAME: waits until it is healthy; gives up at once when it has exited.
mail_ready() {
	wait_until "$1 is healthy or gone" healthy_or_gone "$1"
	if ! mailinit "$1" health; then
		logs_of "$1" | tail -n 60 >&2
		return 1
	fi
}

healthy_or_gone() {
	[ "$(docker inspect -f '{{.State.Running}}' "$STACK-$1")" = false ] || mailinit "$1" health
}

# mailinit NAME ARG…: the command inside the container.
mailinit() {
	local name=$1
	shift
	docker exec "$STACK-$name" mailinit "$@"
}

# mail_sh NAME SCRIPT ARG…: a shell script inside the container.
mail_sh() {
	local name=$1 script=$2
	shift 2
	docker exec "$STACK-$name" sh -c "$script" - "$@"
}

# root_of PROCESS NAME: the root directory of a process of that name in the container. To
# see that of another user's process takes a capability that the container rightly lacks.
root_of() {
	docker run --rm --network none --pid "container:$STACK-$2" --cap-add SYS_PTRACE \
		"$TEST_IMAGE" sh -c '
		for p in /proc/[0-9]*; do
			read -r name <$p/comm
			[ "$name" != "$1" ] || readlink $p/root
		done' - "$1"
}

exit_code() {
	docker inspect -f '{{.State.ExitCode}}' "$STACK-$1"
}

gone() {
	[ "$(docker inspect -f '{{.State.Running}}' "$STACK-$1")" = false ]
}

# status NAME FILTER: what jq makes of the status.
status() {
	mailinit "$1" status --format=json | jq -er "$2"
}

# dkim_publish NAME: what the container says should be published is published.
dkim_publish() {
	mailinit "$1" dns --zone >"$BATS_FILE_TMPDIR/$1.zone"
	zone_add <"$BATS_FILE_TMPDIR/$1.zone"
	wait_until "the key of example.com is in DNS" record default._domainkey.example.com TXT
}

# authority: a certificate authority of our own, and a certificate for the host name.
authority() {
	local dir=$BATS_FILE_TMPDIR/ca
	mkdir -p "$dir"
	openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj "/CN=test authority" \
		-addext keyUsage=critical,keyCertSign,cRLSign \
		-keyout "$dir/ca.key" -out "$dir/ca.pem" 2>"$dir/log"
	certificate server "$MAIL_HOSTNAME"
	export CA=$dir/ca.pem
}

# certificate NAME HOST: makes NAME.pem (with its issuer) and NAME.key in the CA's directory.
certificate() {
	local dir=$BATS_FILE_TMPDIR/ca
	openssl req -newkey rsa:2048 -nodes -subj "/CN=$2" \
		-keyout "$dir/$1.key" -out "$dir/$1.csr" 2>"$dir/log"
	openssl x509 -req -in "$dir/$1.csr" -CA "$dir/ca.pem" -CAkey "$dir/ca.key" \
		-CAcreateserial -days 20 -extfile <(echo "subjectAltName=DNS:$2") \
		-out "$dir/$1.leaf" 2>"$dir/log"
	cat "$dir/$1.leaf" "$dir/ca.pem" >"$dir/$1.pem"
}

# standard_files NAME: two domains, two mailboxes, a certificate.
standard_files() {
	local root
	root=$(mail_files "$1")
	mkdir -p "$root/etc/mailinit" "$root/tls" "$root/run/secrets"
	cp "$BATS_FILE_TMPDIR/ca/server.pem" "$root/tls/fullchain.pem"
	cp "$BATS_FILE_TMPDIR/ca/server.key" "$root/tls/privkey.pem"
	printf '%s\n' "$INFO_PASSWORD" >"$root/run/secrets/info"
	cat >"$root/etc/mailinit/mailinit.yaml" <<-END
		hostname: $MAIL_HOSTNAME
		domains: [example.com, example.org]
		tls:
		  certificate: /tls/fullchain.pem
		  key: /tls/privkey.pem
		mailboxes:
		  - address: info@example.com
		    password_file: /run/secrets/info
		  - address: sales@example.org
		    password: "{SHA512-CRYPT}$(openssl passwd -6 -salt testsalt "$SALES_PASSWORD")"
		    aliases: [shop@example.org]
		aliases:
		  hello@example.com: [info@example.com]
		dns:
		  addresses: [$SUBNET.10]
	END
}

# standard_mail: the stack with the container "mail" in it, its records published.
standard_mail() {
	mapfile -t VOLUMES < <(volumes mail)
	standard_files mail
	mail_create mail 10 "${VOLUMES[@]}" "$@"
	mail_start mail
	dkim_publish mail
}

# ---------------------------------------------------------------- what people do

# as_info COMMAND…, as_sales COMMAND…: with that user's password at hand.
as_info() {
	PASSWORD=$INFO_PASSWORD "$@" --user info@example.com
}

as_sales() {
	PASSWORD=$SALES_PASSWORD "$@" --user sales@example.org
}

# to_mail CLIENT ARG…: a client that verifies the server's certificate and name.
to_mail() {
	local name=$1
	shift
	client "$name" --address "${MAIL_ADDRESS:-$SUBNET.10}" --host "$MAIL_HOSTNAME" \
		--ca "$CA" "$@"
}

# submit ARG…: one message by info@example.com over 587.
submit() {
	as_info to_mail send --port 587 --tls starttls --from info@example.com "$@"
}

# imap ID, pop3 ID: prints the message of info's mailbox once it is there.
imap() {
	as_info to_mail find imap --port 993 --tls tls --message-id "$1"
}

pop3() {
	as_info to_mail find pop3 --port 995 --tls tls --message-id "$1"
}

verify() {
	client dkim_verify --dns "$DNS_ADDRESS"
}

# queue_ids NAME: the Message-IDs of all that is in the queue, sorted, each once. A file
# that moves from one directory to the next while we look is found by asking again.
queue_ids() {
	mail_sh "$1" '
		cd /var/spool/postfix && for file in $(find maildrop incoming active deferred hold -type f); do
			postcat -h "$file" 2>/dev/null
		done' | tr -d '\r' | sed -n 's/^[Mm]essage-[Ii][Dd]: *//p' | sort -u
}

# show_logs NAME…: for a test that failed.
show_logs() {
	[ -n "$BATS_TEST_COMPLETED" ] && return
	local name
	for name in "$@"; do
		echo "--- the last lines of $name" >&2
		logs_of "$name" | tail -n 40 >&2
	done
}
