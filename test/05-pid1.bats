#!/usr/bin/env bats
# The PID 1 alone: real supervision, fake daemons (test/pid1), one container a test.
# Nothing of mail is in it. All that is waited for is an event in the log or in
# the status; the bounds only tell a hang from a slow machine.

bats_require_minimum_version 1.5.0

setup_file() {
  load lib/stack
  load lib/pid1
  STACK=mailinit-test-$(random_hex 4)
  export STACK
  pid1_build
}

teardown_file() {
  load lib/stack
  load lib/pid1
  pid1_down
}

setup() {
  bats_load_library bats-support
  bats_load_library bats-assert
  load lib/stack
  load lib/pid1
  BOX=$STACK-$BATS_TEST_NUMBER
}

teardown() {
  pid1_show
}

# Two that stand for the signer and the mail store, and one that needs both.
THREE='
service signer
place 2
command /pid1/fake milter=/tmp/milter mark=/tmp/order:signer
probe milter /tmp/milter
stale /tmp/milter
kill-to-stop
service store
place 1
command /pid1/fake wait=200 mark=/tmp/order:store listen=/tmp/auth notify at-signal=/tmp/signals:store
probe notify
probe unix /tmp/auth
stale /tmp/auth
service mail
place 0
needs signer store
command /pid1/fake mark=/tmp/order:mail at-signal=/tmp/signals:mail
'

# ---------------------------------------------------------------- start, and what dies

@test "a service starts when what it needs works, and not before" {
  box_start "$THREE"
  wait_until "all are ready" healthy
  run box cat /tmp/order
  assert_output "$(printf 'signer\nstore\nmail')"
  run box_status '.services | map(.state) | unique | join(" ")'
  assert_output ready
}

@test "what is killed is started again, and its dependents are told when it is back" {
  box_start "$THREE"
  wait_until "all are ready" healthy
  store=$(pid_of store) mail=$(pid_of mail)
  box kill -9 "$store"
  wait_until "the store is another process" ready_anew store "$store"
  wait_until "mail is told" box grep -qx 'mail HUP' /tmp/signals
  assert_equal "$(pid_of mail)" "$mail"
  assert_equal "$(box_status '.services[] | select(.name == "store") | .restarts, .last_exit.signal' | xargs)" "1 9"
  assert_log 'store: ended by signal 9 .*; started again at once'
}

@test "what waited for a service is looked after when it is back, once, and holds up no stop" {
  box_start "$THREE"
  wait_until "all are ready" healthy
  mail=$(pid_of mail)
  box kill -9 "$mail"
  wait_until "mail is another process" ready_anew mail "$mail"
  for times in 1 2; do
    store=$(pid_of store)
    box kill -9 "$store"
    wait_until "the store is another process" ready_anew store "$store"
    wait_until "that is looked after" looked_after store "$times"
    box touch /tmp/hang
  done
  run orphans_reaped 1
  assert_failure
  docker stop -t 60 "$BOX"
  assert_equal "$(box_end)" 0
  refute_log 'returned: mail'
  refute_log 'returned: signer'
  looked_after store 2
}

# looked_after SERVICE TIMES
looked_after() {
  [ "$(docker logs "$BOX" 2>&1 | grep -c "returned: $1")" -eq "$2" ]
}

@test "nobody of an old life is left when the new one starts" {
  box_start '
service master
command /pid1/fake stubborn=3 listen=/tmp/port
stale /tmp/port
probe unix /tmp/port'
  wait_until "it is ready" healthy
  old=$(pid_of master)
  box kill -9 "$old"
  wait_until "it is another process" ready_anew master "$old"
  run box pgrep -g "$old"
  assert_failure
  assert_equal "$(box pgrep -cx fake)" 4
}

@test "the delay grows, and after the last failure the container ends with the service's own code" {
  box_start '
give-up 4
service doomed
place 2
command /pid1/fake exit=1'
  assert_equal "$(box_end)" 12
  assert_log 'doomed: exited with code 1; started again at once'
  assert_log 'doomed: exited with code 1; retry 2 in 50 ms'
  assert_log 'doomed: exited with code 1; retry 3 in 100 ms'
  assert_log 'doomed: given up: exited with code 1'
  assert_log 'the container stops with exit code 12'
}

@test "a failure or two are survived" {
  box_start '
service shaky
command /pid1/fake fail=2:1:/tmp/count
service other
needs shaky
command /pid1/fake'
  wait_until "both are ready" healthy
  assert_equal "$(box_status '.services[0].restarts')" 2
}

@test "an exit code that means configuration ends it at once, and the others stop in order" {
  box_start '
service strict
place 1
command /pid1/fake exit=78
final 78
service other
place 0
command /pid1/fake at-signal=/tmp/signals:other'
  assert_equal "$(box_end)" 11
  assert_log 'strict: given up: exited with code 78'
  refute_log 'started again'
  assert_log 'other: stopped'
}

@test "give_up: stay keeps the container for a look, unhealthy" {
  box_start '
stay
service strict
command /pid1/fake exit=78
final 78'
  wait_until "it has failed" state_is strict failed
  run -1 box mailinit health
  assert_output 'unhealthy: strict is failed'
}

@test "a service that is not required may fail" {
  box_start '
service extra
optional
command /pid1/fake exit=78
final 78
service mail
command /pid1/fake'
  wait_until "it has failed" state_is extra failed
  run -0 box mailinit health
}

@test "a start that times out is named, with what it waited for" {
  box_start '
give-up 2
service slow
command /pid1/fake
probe unix /tmp/never
start-timeout 300
service mail
needs slow
start-timeout 1000
command /pid1/fake'
  assert_equal "$(box_end)" 10
  assert_log 'slow: not ready after [0-9]* ms; it waited for: socket /tmp/never'
}

@test "one that waits says for what" {
  box_start '
service slow
command /pid1/fake
probe milter /tmp/never
service mail
needs slow
start-timeout 1000
command /pid1/fake'
  wait_until "it says so" log_has 'mail waited 1 s for: slow (milter /tmp/never)'
}

@test "a program that is not there is named" {
  box_start '
give-up 1
service mail
command /pid1/missing'
  assert_equal "$(box_end)" 10
  assert_log 'mail: given up: unable to execute /pid1/missing: No such file or directory'
}

# ---------------------------------------------------------------- what counts as ready

@test "ready by a line break on a descriptor, which is closed to all others" {
  box_start '
service three
command /pid1/fake wait=200 mark=/tmp/order:three files ready=3 files
probe fd 3
service nine
command /pid1/fake wait=200 mark=/tmp/order:nine ready=9
probe fd 9
service mail
needs three nine
command /pid1/fake mark=/tmp/order:mail files'
  wait_until "all are ready" healthy
  run box tail -n 1 /tmp/order
  assert_output mail
  wait_until "all is said" log_has 'mail.*fd 2'
  run bash -c "docker logs $BOX 2>&1 | sed -n 's/.* three\[.*info: //p' | xargs"
  assert_output 'fd 0 fd 1 fd 2 fd 3 fd 0 fd 1 fd 2'
  run bash -c "docker logs $BOX 2>&1 | sed -n 's/.* mail\[.*info: //p' | xargs"
  assert_output 'fd 0 fd 1 fd 2'
}

@test "a descriptor that is closed without a word is no readiness; started again, it is asked anew" {
  box_start '
service shaky
command /pid1/fake fail=1:1:/tmp/count ready=5
probe fd 5
service mute
optional
command /pid1/fake files=no
probe fd 4
start-timeout 500
stop-timeout 200'
  wait_until "the second try is ready" state_is shaky ready
  assert_equal "$(box_status '.services[0].restarts')" 1
  wait_until "the mute one is late" log_has 'mute: not ready after [0-9]* ms; it waited for: line break on descriptor 4'
  assert_equal "$(box_status '.services[1].state == "ready"')" false
}

@test "ready once a command ends with code 0, which runs as the service does, and never in PID 1" {
  box_start '
service store
user 65534 65534
capabilities 0
environment WORD=hello
directory /tmp
command /pid1/fake wait=300 mark=/tmp/order:store
probe exec /bin/sh -c test${IFS}"$WORD"${IFS}=${IFS}hello&&test${IFS}-s${IFS}order&&id>who&&grep${IFS}CapEff${IFS}/proc/self/status>>who
service mail
needs store
command /pid1/fake mark=/tmp/order:mail' --tmpfs /tmp:mode=1777
  wait_until "both are ready" healthy
  run box cat /tmp/order
  assert_output "$(printf 'store\nmail')"
  run box cat /tmp/who
  assert_output --partial 'uid=65534'
  assert_output --regexp 'CapEff:.0000000000000000'
}

@test "a command that hangs holds nobody, and nothing of it stays" {
  box_start '
service store
command /pid1/fake at-signal=/tmp/signals:store
probe exec /bin/sh -c sleep${IFS}1000&sleep${IFS}1001
start-timeout 600000'
  wait_until "the command runs" box pgrep -f 'sleep 1001'
  run -0 box mailinit status
  box mailinit stop store
  wait_until "nobody of it is left" no_sleep
  docker stop -t 60 "$BOX"
  assert_equal "$(box_end)" 0
  refute_log 'processes of no service are left'
}

no_sleep() {
  ! box pgrep -x sleep
}

@test "a command that never succeeds is named when time is up" {
  box_start '
give-up 1
service store
place 9
command /pid1/fake
probe exec /bin/false
start-timeout 500'
  assert_equal "$(box_end)" 19
  assert_log 'store: not ready after [0-9]* ms; it waited for: command /bin/false'
  assert_log 'the container stops with exit code 19'
}

@test "ready once a port, or a socket, accepts" {
  box_start '
service port
command /pid1/fake wait=200 mark=/tmp/order:port tcp=4711
probe tcp 127.0.0.1:4711
service socket
command /pid1/fake wait=200 mark=/tmp/order:socket listen=/tmp/socket
probe unix /tmp/socket
service mail
needs port socket
command /pid1/fake mark=/tmp/order:mail'
  wait_until "all are ready" healthy
  run box tail -n 1 /tmp/order
  assert_output mail
}

@test "services that need each other are refused, and the running ones go on" {
  box_start "$THREE"
  wait_until "all are ready" healthy
  before=$(box_status '.services | map(.pid) | join(" ")')
  box_table 'service a
command /pid1/fake
service b
needs a
command /pid1/fake
also-needs a b'
  run -1 box mailinit reload
  assert_output --partial refused
  assert_log 'services need each other in a circle'
  assert_equal "$(box_status '.services | map(.pid) | join(" ")')" "$before"
}

# ---------------------------------------------------------------- what a service gets

@test "a service gets variables and a directory of its own; another one restarts it" {
  table() {
    printf 'generation %s\nunchanged\nservice mail\nenvironment TZ=Mars WORD=%s\ndirectory /var/tmp\n' "$1" "$2"
    printf 'command /pid1/fake environment self\nservice other\ncommand /pid1/fake\n'
  }
  box_start "$(table 1 one)" -e TZ=Asia/Tokyo
  wait_until "it has shown itself" log_has 'self directory: /var/tmp'
  run bash -c "docker logs $BOX 2>&1 | grep -o 'env [A-Z_]*=.*' | sort | grep -v PATH | xargs"
  assert_output 'env LANG=C env TZ=Mars env WORD=one'
  wait_until "both are ready" healthy
  mail=$(pid_of mail) other=$(pid_of other)
  box_table "$(table 1 one)"
  run -0 box mailinit reload
  assert_output 'unchanged: nothing to do'
  box_table "$(table 1 two)"
  run -0 box mailinit reload
  assert_output 'applied: generation 1'
  wait_until "it is another process" ready_anew mail "$mail"
  wait_until "it has the other word" log_has 'env WORD=two'
  assert_equal "$(pid_of other)" "$other"
}

@test "PID 1 keeps of its own capabilities what the services need, and status says so" {
  box_start '
service mail
capabilities 0x400
command /pid1/fake' --cap-add SYS_ADMIN
  wait_until "it is ready" healthy
  # chown dac_override kill setgid setuid setpcap net_bind_service
  run box grep -E '^Cap(Prm|Eff|Bnd)' /proc/1/status
  assert_output "$(printf 'Cap%s:\t00000000000005e3\n' Prm Eff Bnd)"
  run box_status '.capabilities.kept | join(" ")'
  assert_output 'chown dac_override kill setgid setuid setpcap net_bind_service'
  assert_equal "$(box_status .capabilities.bounded)" true
  run -0 box mailinit status
  assert_output --partial 'capabilities kept: chown dac_override kill'
  old=$(pid_of mail)
  run -0 box mailinit restart mail
  refute [ "$(pid_of mail)" = "$old" ]
}

@test "a service gets a session, an empty mask, no file of ours and no secret" {
  box_start '
service mail
command /pid1/fake self files environment' -e MAIL_SECRET=do-not-show -e TZ=Asia/Tokyo
  wait_until "it is ready" healthy
  wait_until "it has shown itself" log_has 'env TZ=Asia/Tokyo'
  assert_log 'self leads its session: yes'
  assert_log 'self directory: /$'
  assert_log 'self SigBlk:.*t0000000000000000'
  assert_log 'self SigIgn:.*t0000000000000000'
  run bash -c "docker logs $BOX 2>&1 | grep -o 'fd [0-9]*' | sort | xargs"
  assert_output 'fd 0 fd 1 fd 2'
  run bash -c "docker logs $BOX 2>&1 | grep -o 'env [A-Z_]*=' | sort | xargs"
  assert_output 'env LANG= env PATH= env TZ='
}

@test "a service gets the capabilities it needs and no more" {
  box_start '
service root
command /pid1/fake self
capabilities 0xc0
service nobody
user 65534 65534
command /pid1/fake self
no-new-privs
capabilities 0x400'
  wait_until "both are ready" healthy
  wait_until "both have shown themselves" log_has 'nobody\[[0-9]*\] info: self directory'
  assert_log 'root\[.*self CapBnd:.*t00000000000000c0'
  assert_log 'root\[.*self CapEff:.*t00000000000000c0'
  assert_log 'nobody\[.*self Uid:.*t65534.*65534.*65534.*65534'
  assert_log 'nobody\[.*self CapBnd:.*t0000000000000400'
  assert_log 'nobody\[.*self CapEff:.*t0000000000000400'
  assert_log 'nobody\[.*self NoNewPrivs:.*t1'
}

@test "without SETPCAP services run all the same, and status says so" {
  box_start "$THREE" --cap-drop ALL --cap-add SETUID --cap-add SETGID --cap-add KILL
  wait_until "all are ready" healthy
  run -0 box mailinit status
  assert_output --partial 'without SETPCAP'
}

@test "without SETUID and SETGID there is a log all the same" {
  box_start '
service mail
command /pid1/fake say=hello' --cap-drop ALL
  wait_until "its line is there" log_has 'mail\[[0-9]*\] info: hello$'
}

@test "a relative path is taken from the working directory, as by a dry run" {
  DRIVER=mailinit box_start '' -w /etc -- run --config os-release
  assert_equal "$(box_end)" 1
  assert_log '^os-release:1'
}

# ---------------------------------------------------------------- stop

@test "TERM stops all in reverse order: exit code 0, nobody killed" {
  box_start "$THREE"
  wait_until "all are ready" healthy
  docker stop -t 60 "$BOX"
  assert_equal "$(box_end)" 0
  run bash -c "docker logs $BOX 2>&1 | grep -o '[a-z]*: stopped'"
  assert_line --index 0 'mail: stopped'
  assert_equal "${#lines[@]}" 3
  refute_log 'did not stop in time'
}

@test "one that ignores TERM is killed within the time-out, and the others still stop in order" {
  box_start '
whole-stop-timeout 2000
service store
command /pid1/fake at-signal=/tmp/signals:store
service mail
needs store
command /pid1/fake ignore-term stubborn=2
stop-timeout 60000'
  wait_until "both are ready" healthy
  docker stop -t 60 "$BOX"
  assert_equal "$(box_end)" 0
  assert_log 'mail: did not stop in time; killed'
  assert_log 'store: stopped'
}

@test "a second TERM hurries" {
  box_start '
whole-stop-timeout 600000
service mail
command /pid1/fake ignore-term
stop-timeout 600000'
  wait_until "it is ready" healthy
  docker kill --signal TERM "$BOX"
  wait_until "it stops" log_has 'TERM: stopping'
  docker kill --signal TERM "$BOX"
  assert_equal "$(box_end)" 0
  assert_log 'TERM: again: stopping at once'
}

@test "QUIT stops at once" {
  box_start '
whole-stop-timeout 600000
service mail
command /pid1/fake ignore-term
stop-timeout 600000'
  wait_until "it is ready" healthy
  docker kill --signal QUIT "$BOX"
  assert_equal "$(box_end)" 0
}

# drains DOCKER COMMAND…: a box with a worker that is busy until /tmp/done is there, and a stop.
drains() {
  box_start '
whole-stop-timeout 600000
service mail
drain worker
command /pid1/fake at-signal=/tmp/signals:mail worker=/tmp/done
stop-timeout 600000'
  wait_until "it is ready" healthy
  docker kill --signal TERM "$BOX"
  wait_until "it waits for the worker" log_has 'mail: waits for 1 of its processes (worker)'
}

@test "what is under way may end before the service is told to stop" {
  drains
  run box cat /tmp/signals
  assert_output 'mail HUP'
  box touch /tmp/done
  assert_equal "$(box_end)" 0
  docker cp -q "$BOX:/tmp/signals" "$BATS_TEST_TMPDIR"
  assert_equal "$(xargs <"$BATS_TEST_TMPDIR/signals")" 'mail HUP mail TERM'
  refute_log 'is over'
}

@test "a second TERM hurries what is under way" {
  drains
  docker kill --signal TERM "$BOX"
  assert_equal "$(box_end)" 0
  docker cp -q "$BOX:/tmp/signals" "$BATS_TEST_TMPDIR"
  assert_equal "$(xargs <"$BATS_TEST_TMPDIR/signals")" 'mail HUP'
}

@test "what is under way for too long is cut off within the time-out" {
  box_start '
whole-stop-timeout 2000
service mail
drain worker
command /pid1/fake at-signal=/tmp/signals:mail worker=/tmp/done'
  wait_until "it is ready" healthy
  docker stop -t 60 "$BOX"
  assert_equal "$(box_end)" 0
  assert_log 'mail: its time to end what is under way (worker) is over'
  refute_log 'did not stop in time'
  docker cp -q "$BOX:/tmp/signals" "$BATS_TEST_TMPDIR"
  assert_equal "$(xargs <"$BATS_TEST_TMPDIR/signals")" 'mail HUP mail TERM'
}

@test "with nothing under way nobody is waited for, and a restart waits for nobody" {
  box_start '
service mail
drain worker
command /pid1/fake at-signal=/tmp/signals:mail
service other
drain worker
command /pid1/fake at-signal=/tmp/signals:other worker=/tmp/done'
  wait_until "both are ready" healthy
  run -0 box mailinit restart other
  assert_equal "$(box cat /tmp/signals)" 'other TERM'
  box touch /tmp/done
  docker stop -t 60 "$BOX"
  assert_equal "$(box_end)" 0
  docker cp -q "$BOX:/tmp/signals" "$BATS_TEST_TMPDIR"
  run grep -x 'mail HUP' "$BATS_TEST_TMPDIR/signals"
  assert_failure
  assert_equal "$(grep -cx 'mail TERM' "$BATS_TEST_TMPDIR/signals")" 1
}

@test "the time of the whole stop is also that of processes of no service" {
  # The service takes nearly all of it; what is left is far less than their usual half second.
  box_start '
whole-stop-timeout 320
service mail
command /pid1/fake ignore-term stray=1
stop-timeout 60000'
  wait_until "it is ready" healthy
  docker stop -t 60 "$BOX"
  assert_equal "$(box_end)" 0
  assert_log 'processes of no service are left: killed'
  at() { date -d "$(docker logs "$BOX" 2>&1 | sed -n "s/ .*$1\$//p")" +%s%3N; }
  assert [ $(($(at 'left: killed') - $(at 'left: told to end'))) -lt 500 ]
}

@test "TERM while it plans ends it: exit code 0" {
  box_start '
say planning
wait 600000
service mail
command /pid1/fake'
  wait_until "it plans" log_has planning
  docker stop -t 60 "$BOX"
  assert_equal "$(box_end)" 0
}

@test "TERM while it starts, with one that waits and one that is not ready" {
  box_start '
service slow
command /pid1/fake
probe unix /tmp/never
start-timeout 600000
service mail
needs slow
command /pid1/fake'
  wait_until "it starts" state_is slow starting
  docker stop -t 60 "$BOX"
  assert_equal "$(box_end)" 0
}

@test "processes of no service are told, and then killed" {
  box_start '
service mail
command /pid1/fake stray=2'
  wait_until "it is ready" healthy
  docker stop -t 60 "$BOX"
  assert_equal "$(box_end)" 0
  assert_log '2 processes of no service are left: told to end'
  assert_log '2 processes of no service are left: killed'
}

@test "a failed plan is the container's exit code, and starts nothing" {
  box_start '
say why_it_is_refused
end 1
service mail
command /pid1/fake mark=/tmp/order:mail'
  assert_equal "$(box_end)" 1
  assert_log why_it_is_refused
  refute_log ready
}

@test "a plan that dies, hangs, or makes no sense is a system error" {
  box_start 'crash'
  assert_equal "$(box_end)" 3
  assert_log 'planning ended by signal 9'
  BOX=$BOX-b
  DRIVER_ARGUMENT=300 box_start 'wait 600000'
  assert_equal "$(box_end)" 3
  assert_log 'it took too long'
  BOX=$BOX-c
  box_start ''
  assert_equal "$(box_end)" 3
  assert_log 'it holds no service'
}

@test "orphans are reaped, thousands of them, while a TERM arrives" {
  box_start '
service mail
command /pid1/fake orphans=2000'
  wait_until "it is ready" healthy
  docker stop -t 60 "$BOX"
  assert_equal "$(box_end)" 0
}

@test "no zombie stays" {
  box_start '
service mail
command /pid1/fake orphans=200'
  wait_until "200 orphans were reaped" orphans_reaped 200
  run box sh -c "grep -l '^State:.Z' /proc/[0-9]*/status"
  assert_failure
}

# ---------------------------------------------------------------- control and reload

@test "stop, start and restart a service by name" {
  box_start "$THREE"
  wait_until "all are ready" healthy
  run -0 box mailinit stop mail
  assert_output --partial 'mail is stopped'
  run -1 box mailinit health
  assert_output 'unhealthy: mail is stopped'
  run -1 box mailinit health --quick
  assert_output ''
  run -0 box mailinit start mail
  assert_output 'mail is ready'
  old=$(pid_of store)
  run -0 box mailinit restart store
  assert_output 'store is ready'
  refute [ "$(pid_of store)" = "$old" ]
  run -2 box mailinit start nothing
  assert_output --partial 'no service is called "nothing"'
}

@test "what needs a service that was stopped is not restarted, and not started, and that is said at once" {
  box_start "$THREE"
  wait_until "all are ready" healthy
  run -0 box mailinit stop store
  mail=$(pid_of mail)
  run -1 timeout 20 docker exec "$BOX" /pid1/mailinit restart mail
  assert_output "mailinit: mail needs store, which is stopped: \`mailinit start store\` first"
  assert_equal "$(pid_of mail)" "$mail"
  run -0 box mailinit start mail
  assert_output 'mail is ready'
  run -0 box mailinit stop mail
  run -1 timeout 20 docker exec "$BOX" /pid1/mailinit start mail
  assert_output "mailinit: mail needs store, which is stopped: \`mailinit start store\` first"
  run -0 box mailinit start store
  run -0 box mailinit start mail
  assert_output 'mail is ready'
  run -0 box mailinit restart mail
  assert_output 'mail is ready'
}

@test "a reload that changes nothing touches nobody" {
  box_start "$THREE"
  wait_until "all are ready" healthy
  before=$(box_status '.services | map(.pid) | join(" ")')
  box_table "unchanged
$THREE"
  run -0 box mailinit reload
  assert_output 'unchanged: nothing to do'
  assert_equal "$(box_status .last_reload.result)" unchanged
  assert_equal "$(box_status '.services | map(.pid) | join(" ")')" "$before"
  run box cat /tmp/signals
  assert_failure
}

@test "what time alone changes is planned anew from time to time, though nobody asks" {
  box_start "$THREE" -- 60000 700
  wait_until "all are ready" healthy
  before=$(box_status '.services | map(.pid) | join(" ")')
  box_table "say reviewed
unchanged
$THREE"
  wait_until "it is planned anew" log_has reviewed
  wait_until "and nothing has changed" reload_was unchanged
  # also when one of them is refused
  box_table 'end 1'
  wait_until "it is refused" reload_was refused
  box_table "say reviewed-again
unchanged
$THREE"
  wait_until "the next one is not" reload_was unchanged
  assert_log reviewed-again
  assert_equal "$(box_status '.services | map(.pid) | join(" ")')" "$before"
}

@test "a reload that is refused leaves all as it was, and says so" {
  box_start "$THREE"
  wait_until "all are ready" healthy
  before=$(box_status '.services | map(.pid) | join(" ")')
  box_table 'end 1'
  docker kill --signal HUP "$BOX"
  wait_until "it is refused" reload_was refused
  run -1 box mailinit reload
  assert_output --partial refused
  box_table 'crash'
  run -1 box mailinit reload
  assert_output --partial refused
  assert_equal "$(box_status '.services | map(.pid) | join(" ")')" "$before"
  run -0 box mailinit health
}

@test "a reload tells the service that changed, restarts the one that must, adds and removes" {
  box_start "$THREE"
  wait_until "all are ready" healthy
  signer=$(pid_of signer) store=$(pid_of store) mail=$(pid_of mail)
  box_table "generation 2
service fresh
command /pid1/fake
service store
command /pid1/fake wait=200 mark=/tmp/order:store listen=/tmp/auth notify at-signal=/tmp/signals:store
probe notify
probe unix /tmp/auth
stale /tmp/auth
restart
service mail
needs store
command /pid1/fake mark=/tmp/order:mail at-signal=/tmp/signals:mail
changed"
  run -0 box mailinit reload
  assert_output 'applied: generation 2'
  wait_until "the store is another process" ready_anew store "$store"
  wait_until "mail is told" box grep -qx 'mail HUP' /tmp/signals
  wait_until "all are ready" healthy
  assert_equal "$(pid_of mail)" "$mail"
  assert_equal "$(box_status '.services | map(.name) | join(" ")')" 'fresh store mail'
  run box kill -0 "$signer"
  assert_failure
}

@test "a service that a reload removes cannot be started again meanwhile" {
  box_start '
service slow
command /pid1/fake ignore-term at-signal=/tmp/signals:slow
stop-timeout 15000
service mail
command /pid1/fake'
  wait_until "both are ready" healthy
  box_table 'generation 2
service mail
command /pid1/fake'
  docker kill --signal HUP "$BOX"
  wait_until "it stops" state_is slow stopping
  run -1 box mailinit start slow
  assert_output --partial 'slow is no longer a service'
  run -0 box mailinit reload
  assert_output 'applied: generation 2'
  assert_equal "$(box_status '.services | map(.name) | join(" ")')" mail
}

@test "only root may ask, and silent clients keep nobody out" {
  box_start "$THREE"
  wait_until "all are ready" healthy
  run box setpriv --reuid 1000 --regid 1000 --clear-groups mailinit status
  assert_failure 3
  assert_output --partial 'only root may ask'
  box chmod 0666 /run/mailinit/control.sock
  run box setpriv --reuid 1000 --regid 1000 --clear-groups mailinit status
  assert_failure 3
  assert_output --partial 'only root may ask'
  # More silent ones than there are places; each loses its place after two seconds.
  docker exec -d "$BOX" sh -c 'for i in 1 2 3 4 5 6 7 8 9 10 11 12; do sleep 600 | socat -t 600 - UNIX-CONNECT:/run/mailinit/control.sock,type=5 & done; wait'
  wait_until "there is an answer again" box mailinit status
  run -0 box sh -c 'printf "%0900d" 0 | socat -t 1 - UNIX-CONNECT:/run/mailinit/control.sock,type=5'
  run -0 box mailinit health
}

@test "a second one in the same container leaves the first alone" {
  box_start "$THREE"
  wait_until "all are ready" healthy
  run -3 box /pid1/driver
  assert_output --partial 'another mailinit runs here already'
  run -0 box mailinit health
}

@test "status speaks JSON and Prometheus, USR1 writes it to the log" {
  box_start "$THREE"
  wait_until "all are ready" healthy
  run -0 box mailinit status --format=prometheus
  assert_line 'mailinit_service_ready{service="mail"} 1'
  assert_line 'mailinit_log_dropped_total 0'
  run -0 python3 test/clients/prometheus.py <<<"$output"
  assert_equal "$(box_status '.version, .generation, .phase, .last_reload.result, .log.dropped' | xargs)" '1 1 running applied 0'
  docker kill --signal USR1 "$BOX"
  wait_until "it is in the log" log_has 'status: store is ready for'
  run -2 box mailinit status --format=html
}

# ---------------------------------------------------------------- log

@test "syslog, stdout and stderr come out as one line a message, and nothing forges one" {
  box_start '
syslog /tmp/jail/dev/log
service mail
command /pid1/fake openlog=mail/smtpd syslog=warning:_one say=plain say=mail/qmgr[7]:_error:_two part=no_end'
  wait_until "the line without an end is there" log_has 'mail\[[0-9]*\] info: no_end$'
  assert_log '^20[0-9-]*T[0-9:.]*Z mail/smtpd\[[0-9]*\] warning: warning:_one$'
  assert_log '^20[0-9-]*T[0-9:.]*Z mail\[[0-9]*\] info: plain$'
  box sh -c "printf '<19>Nov 22 02:05:19 mail/smtpd[5]: a\n2026-01-01T00:00:00.000Z forged[1] info: b\033[2Jc\377' |
    socat -u - UNIX-SENDTO:/dev/log"
  wait_until "it is there" log_has 'mail/smtpd\[[0-9]*\] error: a\\n2026-01-01T00:00:00.000Z forged\[1\] info: b\\x1b\[2Jc\\xff$'
  refute_log '^2026-01-01'
}

@test "log lines as JSON" {
  box_start '
json
service mail
command /pid1/fake say=a"b\c'
  wait_until "it is there" log_has '"message":"a'
  run bash -c "docker logs $BOX 2>/dev/null | grep -F '\"service\":\"mail\"' | head -n 1 | jq -c '[.service, .program, .level, .message, .pid > 1]'"
  assert_output '["mail","mail","info","a\"b\\c",true]'
}

@test "a flood is written to the last line" {
  box_start '
service mail
command /pid1/fake flood=50000'
  wait_until "its last line is there" log_has 'flood line 49999 '
  run bash -c "docker logs $BOX 2>&1 | grep -c 'flood line'"
  assert_output 50000
  assert_equal "$(box_status .log.dropped)" 0
}

@test "who floods for ever delays neither the status nor a stop" {
  box_start '
service mail
command /pid1/fake flood=0
service other
command /pid1/fake' --log-driver none
  wait_until "both are ready" healthy
  docker stop -t 60 "$BOX"
  assert_equal "$(box_end)" 0
}

@test "a logger that is killed comes back, and nothing notices" {
  box_start '
service mail
command /pid1/fake at-signal=/tmp/signals:mail openlog=mail'
  wait_until "it is ready" healthy
  pids=$(box_status '.services | map(.pid) | join(" ")')
  box sh -c 'kill -9 $(pgrep -u 65534 -x driver)'
  box logger -t mail again
  wait_until "the line is there" log_has 'mail\[[0-9]*\] info: again$'
  assert_equal "$(box_status '.services | map(.pid) | join(" ")')" "$pids"
}

# A line may come twice: what a write did that was under way is not known to the next logger.
@test "no line is lost by killing the logger, again and again, in a flood" {
  box_start '
service mail
command /pid1/fake flood=50000 mark=/tmp/order:mail
service other
command /pid1/fake flood=50000 mark=/tmp/order:other'
  for _ in $(seq 12); do
    wait_until "there is one to kill" box pkill -9 -u 65534 -x driver
  done
  wait_until "the first flood is over" box grep -q mail /tmp/order
  wait_until "and the other one" box grep -q other /tmp/order
  box logger -t mail the_end
  wait_until "the last line is there" log_has the_end
  run bash -c "docker logs $BOX 2>&1 | grep -oE '(mail|other)\[[0-9]+\] info: flood line [0-9]+ ' | sort -u | wc -l"
  assert_output 100000
  assert_equal "$(box_status .log.dropped)" 0
}

@test "a reader of stdout that stops delays nothing, and the loss is told" {
  box_start '
service mail
command /pid1/fake' --entrypoint sleep -- 1000000
  # Here PID 1 is sleep: the supervisor writes to a pipe that is read only later.
  docker exec -d -e TABLE="service mail
command /pid1/fake flood=20000 mark=/tmp/order:done" "$BOX" \
    sh -c 'mkfifo /tmp/out; (exec 3</tmp/out; until [ -e /tmp/read ]; do sleep 0.1; done; cat <&3 >/tmp/log) & exec /pid1/driver >/tmp/out 2>&1'
  wait_until "all of the flood is written" box test -s /tmp/order
  wait_until "it is healthy" healthy
  assert [ "$(box_status .log.dropped)" -gt 0 ]
  box touch /tmp/read
  wait_until "the loss is told" box grep -q 'log lines were dropped: standard output was not read' /tmp/log
  box logger -t mail after_the_stall
  wait_until "and it goes on" box grep -q after_the_stall /tmp/log
  run box grep -vcE '^20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9:.]{12}Z [a-z]+\[[0-9]+\] (info|warning|error|debug): ' /tmp/log
  assert_output 0
}

# ---------------------------------------------------------------- idle

@test "idle, nothing of ours runs, and there is little of it" {
  DRIVER=driver-static box_start "$THREE" --cap-add SYS_PTRACE
  wait_until "all are ready" healthy
  ours="1 $(box pgrep -u 65534 -f driver-static)"
  assert_equal "$(wc -w <<<"$ours")" 2
  switches() { box sh -c "for p in $ours; do grep ctxt /proc/\$p/status; done"; }
  still() {
    local before
    before=$(switches)
    sleep 5 # not waited for anything: nothing is to happen
    [ "$(switches)" = "$before" ]
  }
  # What became of the last question, and the memory that it took, has to be over.
  wait_until "five seconds without a wake-up" still
  run box sh -c "for p in $ours; do grep Private_Dirty: /proc/\$p/smaps_rollup; done | awk '{ sum += \$2 } END { print sum }'"
  echo "# private dirty memory of PID 1 and the logger: $output kB" >&3
  assert [ "$output" -gt 0 ]
  assert [ "$output" -lt 300 ]
}

# ---------------------------------------------------------------- one command alone

# plain COMMAND…: mailinit -- COMMAND… as PID 1 of a box; its output and exit code.
plain() {
  DRIVER=mailinit box_start '' -- -- "$@"
  docker wait "$BOX" >/dev/null
  docker logs "$BOX" 2>&1
  return "$(docker inspect -f '{{.State.ExitCode}}' "$BOX")"
}

@test "a command leads a session of its own, with an empty mask and default dispositions" {
  run -0 plain sh -c 'echo "$(ps -o sid= -p $$ | tr -d " ") $$"; grep -E "^Sig(Blk|Ign)" /proc/self/status'
  assert_line --regexp '^([0-9]+) \1$'
  assert_line --regexp '^SigBlk:.0000000000000000$'
  assert_line --regexp '^SigIgn:.0000000000000000$'
}

@test "every signal reaches a command, as often as a signal can" {
  DRIVER=mailinit box_start '' -- -- bash -c '
    for s in HUP INT QUIT USR1 USR2 PIPE ALRM TERM STKFLT CONT URG XCPU XFSZ VTALRM PROF WINCH IO PWR RTMIN RTMAX; do
      trap "echo got $s" "$s"
    done
    echo set
    while :; do sleep 0.05; done'
  wait_until "the traps are set" log_has '^set$'
  for signal in HUP INT QUIT USR1 USR2 PIPE ALRM TERM STKFLT CONT URG XCPU XFSZ VTALRM PROF WINCH IO PWR RTMIN RTMAX; do
    docker kill --signal "$signal" "$BOX" >/dev/null
    wait_until "$signal arrives" log_has "^got $signal$"
  done
}

# The shell outlives the HUP, for with it everything ends at once, as under other inits.
@test "a signal reaches what stands behind a shell" {
  DRIVER=mailinit box_start '' -- -- sh -c \
    'trap : HUP; /pid1/fake at-signal=/tmp/signals:behind mark=/tmp/order:up; exit 5'
  wait_until "it is up" box test -s /tmp/order
  docker kill --signal HUP "$BOX"
  wait_until "it has heard it" box grep -q '^behind HUP$' /tmp/signals
  docker kill --signal TERM "$BOX"
  assert_equal "$(box_end)" 143
}

@test "a command's exit codes: its own, 128 and a signal, 126, 127, and wrong usage" {
  run -0 plain true
  BOX=$BOX-a run -42 plain sh -c 'exit 42'
  BOX=$BOX-b run -143 plain sh -c 'kill $$'
  BOX=$BOX-c run -127 plain /no/such/program
  assert_output --partial 'unable to execute /no/such/program: No such file or directory'
  BOX=$BOX-d run -126 plain /etc
  BOX=$BOX-e run -2 plain
}

@test "a command that is not PID 1's reaps its orphans too, and gets the terminal back to the shell" {
  docker create -t --name "$BOX" --label "mailinit-test=$STACK" --network none \
    -e ASAN_OPTIONS=detect_leaks=0 "$BOX_IMAGE" bash -ic '
      set +m
      /pid1/mailinit -- bash -c "
        [ \"\$(ps -o tpgid= -p \$\$ | tr -d \" \")\" = \$\$ ] && echo in the foreground
        (sleep 0.1 & ) ; sleep 0.5
        ps -o ppid=,stat= | grep -c Z"
      [ "$(ps -o tpgid= -p $$ | tr -d " ")" = "$$" ] && echo back again' >/dev/null
  docker start "$BOX" >/dev/null
  docker wait "$BOX" >/dev/null
  assert_log 'in the foreground'
  assert_log '^0'
  assert_log 'back again'
}

@test "a command of an interactive shell: Ctrl-Z stops it, fg continues it, and & leaves the shell its terminal" {
  cat >"$BATS_TEST_TMPDIR/type" <<'END'
# types at an interactive bash and waits for each answer
import os, pty, select, sys

pid, fd = pty.fork()
if pid == 0:
    os.execvp("bash", ["bash", "--norc", "--noprofile", "-i"])
seen = b""

def answer(typed, wanted):
    global seen
    os.write(fd, typed)
    seen = b""
    while wanted not in seen:
        if not select.select([fd], [], [], 60)[0]:
            sys.exit("no %r after %r: %r" % (wanted, typed, seen))
        seen += os.read(fd, 4096)

# It says that it goes on: a ^C that comes before bash has handed over the terminal is bash's.
answer(b"mailinit -- bash -c 'trap \"echo \\$((20+6)) on\" CONT; echo $((20+1)) up; "
       b"while :; do sleep 0.1; done'\n", b"21 up")
answer(b"\x1a", b"Stopped")
answer(b"echo $((20+2)) typed\n", b"22 typed")
answer(b"fg\n", b"26 on")
answer(b"\x03", b"^C")
answer(b"echo code $?\n", b"code 130")
answer(b"mailinit -- sh -c 'echo $((20+3)) up; exec sleep 1000' &\n", b"23 up")
answer(b"echo $((20+4)) typed\n", b"24 typed")
answer(b"kill %1; wait; echo $((20+5)) done\n", b"25 done")
END
  PATH=$PWD/$ASAN:$PATH ASAN_OPTIONS=detect_leaks=0 run -0 python3 "$BATS_TEST_TMPDIR/type"
}

@test "a command gets the container's terminal, with job control" {
  DRIVER=mailinit box_start '' -t -- -- bash -ic 'jobs; tty; [ "$(ps -o tpgid= -p $$ | tr -d " ")" = "$$" ] && echo in the foreground'
  assert_equal "$(box_end)" 0
  assert_log '/dev/pts/0'
  assert_log 'in the foreground'
  refute_log 'no job control'
  refute_log 'unable to'
}
