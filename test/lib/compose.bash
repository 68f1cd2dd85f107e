# compose.bash - a stack of compose/ as people copy it, in the test network
#
# compose/NAME.yaml is brought up as it stands, with test/stacks/NAME.yaml over it, which
# changes only what a test must: the image under test, name servers, addresses, ports, and
# secrets and certificates of the test. It joins the network of stack.bash, which stands for
# the internet, as an external one, and gives each service
#
#	container_name: ${STACK}-SERVICE
#	labels: {mailinit-test: "${STACK}"}
#
# so that logs_of, mailinit, mail_sh, status … of stack.bash and mail.bash mean it by the
# service's name, and stack_down removes it. What it may use of the test:
#
#	STACK		the name of the network, and the compose project
#	IMAGE		the image under test
#	SUBNET		the first three numbers of the network's addresses
#	DNS_ADDRESS	the name server
#	FILES		a directory for secrets and certificates. Compose mounts files by their
#			path on the engine's machine, so it lies below the tree, which has the
#			same path there and in the container that runs the tests
#
# Images other than mailinit's own are those of test/image/Dockerfile.

# compose_begin NAME: which stack it is; after stack_up. BASE is trixie unless it is set.
compose_begin() {
	local tree
	tree=$(cd "$TEST_ROOT/.." && pwd)
	export COMPOSE_NAME=$1 BASE=${BASE:-trixie}
	export IMAGE=$MAILINIT_IMAGE:$BASE FILES=$tree/build/stacks/$STACK
	mkdir -p "$FILES"
}

# compose ARG…: docker-compose, for this stack.
# -f FILE lays a further one over the two.
compose() {
	local tree=$TEST_ROOT/..
	docker-compose -p "$STACK" -f "$tree/compose/$COMPOSE_NAME.yaml" \
		-f "$tree/test/stacks/$COMPOSE_NAME.yaml" "$@"
}

# compose_up [SERVICE…]: starts all, or some, as people do; what compose says is shown when
# it fails.
compose_up() {
	local log=$BATS_FILE_TMPDIR/compose.log
	if ! compose up -d --no-build "$@" >"$log" 2>&1; then
		cat "$log" >&2
		return 1
	fi
}

# compose_down: containers, volumes and networks of the stack, and its files. For
# teardown_file, before stack_down.
compose_down() {
	compose down --volumes --remove-orphans --timeout 10 >/dev/null 2>"$BATS_FILE_TMPDIR/down.log" || {
		cat "$BATS_FILE_TMPDIR/down.log" >&2
		return 1
	}
	# those of files that a test laid over the two as well
	docker volume ls -q --filter "label=com.docker.compose.project=$STACK" |
		xargs -r docker volume rm >/dev/null
	rm -rf "$FILES"
}

# file_from PATH: standard input becomes the file PATH below FILES, readable for its owner
# alone; what compose reads as a secret keeps that mode.
file_from() {
	mkdir -p "$(dirname "$FILES/$1")"
	(umask 077 && cat >"$FILES/$1")
}

# authority_files NAME HOST: a certificate for HOST by the test's authority (authority of
# mail.bash comes first): FILES/NAME/fullchain.pem and privkey.pem, and FILES/ca.pem. What is
# there already is replaced by renaming, as certificate clients do.
authority_files() {
	local dir=$BATS_FILE_TMPDIR/ca
	certificate "$1" "$2"
	mkdir -p "$FILES/$1"
	cp "$dir/ca.pem" "$FILES/ca.pem"
	install -m 0600 "$dir/$1.key" "$FILES/$1/privkey.pem.new"
	cp "$dir/$1.pem" "$FILES/$1/fullchain.pem.new"
	mv "$FILES/$1/privkey.pem.new" "$FILES/$1/privkey.pem"
	mv "$FILES/$1/fullchain.pem.new" "$FILES/$1/fullchain.pem"
}
