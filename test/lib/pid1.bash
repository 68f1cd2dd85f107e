# pid1.bash - containers in which the supervisor runs with fake daemons
#
# Each box is one container with test/pid1/driver as PID 1 (BOX is its name, and
# all carry the label mailinit-test=$STACK). Its image, $BOX_IMAGE, is the tests' own with
# the programs below /pid1.

ASAN=$(make -s print-ASAN)
ASAN_DEPS=$(make -s print-ASAN_DEPS)
PID1_BUILD=$ASAN/pid1
BOX_IMAGE=mailinit-box:${STACK:-}

# pid1_build: the driver (with sanitizers, and static without), the fake and the hostile.
pid1_build() {
	local flags="-std=c11 -D_GNU_SOURCE -Ientrypoint -isystem $ASAN_DEPS/include"
	make -s "$ASAN/mailinit"
	mkdir -p "$PID1_BUILD"
	# shellcheck disable=SC2086 # flags are words
	gcc $flags -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all \
		test/pid1/driver.c "$ASAN/libmailinit.a" -L"$ASAN_DEPS/lib" -lcap \
		-o "$PID1_BUILD/driver"
	# shellcheck disable=SC2086
	gcc $flags -O1 test/pid1/fake.c -o "$PID1_BUILD/fake"
	# shellcheck disable=SC2086
	gcc $flags -O1 test/pid1/hostile.c -o "$PID1_BUILD/hostile"
	# Without sanitizers, whose own memory would be measured: static, as the release is.
	# shellcheck disable=SC2086
	gcc $flags -Os -static test/pid1/driver.c \
		entrypoint/supervise/*.c entrypoint/plan/service.c \
		entrypoint/base/{arena,buffer,capability,fatal,file,watch_list,watches}.c -L"$ASAN_DEPS/lib" -lcap \
		-o "$PID1_BUILD/driver-static"
	cp "$ASAN/mailinit" "$PID1_BUILD/mailinit"
	BOX_IMAGE=mailinit-box:$STACK
	printf 'FROM %s\nCOPY * /pid1/\n' "$TEST_IMAGE" >"$PID1_BUILD/Dockerfile"
	tar -C "$PID1_BUILD" -c . | DOCKER_BUILDKIT=0 docker build -q -t "$BOX_IMAGE" - >/dev/null
}

# box_start TABLE [DOCKER OPTION…] [-- COMMAND…]: starts a box. DRIVER names the program
# of PID 1, DRIVER_ARGUMENT what it is given.
box_start() {
	local table=$1 options=() command=()
	shift
	while [ $# -gt 0 ] && [ "$1" != -- ]; do
		options+=("$1")
		shift
	done
	if [ $# -gt 0 ]; then
		shift
		command=("$@")
	elif [ -n "${DRIVER_ARGUMENT:-}" ]; then
		command=("$DRIVER_ARGUMENT")
	fi
	docker create --name "$BOX" --label "mailinit-test=$STACK" --network none \
		-e TABLE="$table" -e ASAN_OPTIONS=detect_leaks=0 \
		--entrypoint "/pid1/${DRIVER:-driver}" "${options[@]}" \
		"$BOX_IMAGE" "${command[@]}" >/dev/null
	docker start "$BOX" >/dev/null
}

# box COMMAND…: runs it in the box; `mailinit` is the one that was just built.
box() {
	docker exec -e PATH=/pid1:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
		"$BOX" "$@"
}

# box_table TABLE: what the next reload will see.
box_table() {
	docker exec -i "$BOX" sh -c 'cat >/tmp/table' <<<"$1"
}

# box_end: waits until the box has ended, and prints its exit code.
box_end() {
	timeout "$WAIT_SECONDS" docker wait "$BOX"
}

box_status() {
	box mailinit status --format=json | jq -r "$1"
}

healthy() {
	box mailinit health --quick
}

pid_of() {
	box_status ".services[] | select(.name == \"$1\") | .pid"
}

state_is() {
	[ "$(box_status ".services[] | select(.name == \"$1\") | .state")" = "$2" ]
}

reload_was() {
	[ "$(box_status .last_reload.result)" = "$1" ]
}

orphans_reaped() {
	[ "$(box_status .orphans)" -ge "$1" ]
}

# ready_anew SERVICE PID: it is ready, as another process than PID.
ready_anew() {
	box_status ".services[] | select(.name == \"$1\") | .state == \"ready\" and .pid != $2" |
		grep -qx true
}

log_has() {
	docker logs "$BOX" 2>&1 | grep -q -- "$1"
}

assert_log() {
	log_has "$1" || fail "the log has no line like: $1"
}

refute_log() {
	if log_has "$1"; then
		fail "the log has a line like: $1"
	fi
}

# pid1_show: the log of the test's box, shown only if the test failed.
pid1_show() {
	docker logs --tail 60 "$BOX" 2>&1 || :
}

pid1_down() {
	docker ps -aq --filter "label=mailinit-test=$STACK" | xargs -r docker rm -f -v >/dev/null
	if docker image inspect "$BOX_IMAGE" >/dev/null 2>&1; then
		docker image rm "$BOX_IMAGE" >/dev/null
	fi
}
