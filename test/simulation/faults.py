#!/usr/bin/env python3
"""test/simulation/faults.py [SEED [HISTORIES]] - does the simulator see anything?

First a million histories of the state machine as it is, which must keep all
invariants. Then planted faults: one piece of text of a source is replaced by
another, and some invariant must break. A fault whose text is not found exactly
once is a failure too, so that the list keeps up with the sources. Speaks TAP.
"""
import concurrent.futures
import os
import pathlib
import signal
import subprocess
import sys
import tempfile

TREE = pathlib.Path(__file__).resolve().parent.parent.parent
STATE, FLEET = "entrypoint/supervise/state.c", "entrypoint/supervise/fleet.c"
OTHERS = ["entrypoint/plan/service.c", "entrypoint/base/fatal.c",
          *(f"test/simulation/{name}.c" for name in ("simulation", "world", "ledger"))]
COMPILE = ["gcc", "-std=c11", "-D_GNU_SOURCE", "-O2", "-fsanitize=undefined",
           "-fno-sanitize-recover=all", "-I", "entrypoint", "-I", "test/simulation"]

FAULTS = [
    ("an exit while starting is not heard", STATE,
     "[EVENT_GO] = ignore, [EVENT_READY] = arrive,\n\t\t[EVENT_EXIT] = crash,",
     "[EVENT_GO] = ignore, [EVENT_READY] = arrive,\n\t\t[EVENT_EXIT] = ignore,"),
    ("an exit while ready is not heard", STATE,
     "[EVENT_READY] = {0}", None),
    ("waiting has no deadline", STATE,
     "enter(machine, STATE_WAITING, now, now + rules->start_timeout_ms);",
     "enter(machine, STATE_WAITING, now, STATE_NEVER);"),
    ("starting has no deadline", STATE,
     "enter(machine, STATE_STARTING, now, now + rules->start_timeout_ms);",
     "enter(machine, STATE_STARTING, now, STATE_NEVER);"),
    ("backoff has no deadline", STATE,
     "enter(machine, STATE_BACKOFF, now, now + machine->delay_ms);",
     "enter(machine, STATE_BACKOFF, now, STATE_NEVER);"),
    ("what was killed is waited for without a deadline", STATE,
     "machine->killed = true;\n\tenter(machine, STATE_STOPPING, now, now + STATE_KILL_GRACE_MS);"
     "\n\treturn ACTION_KILL_GROUP;",
     "machine->killed = true;\n\tenter(machine, STATE_STOPPING, now, STATE_NEVER);"
     "\n\treturn ACTION_KILL_GROUP;"),
    ("ready keeps the deadline of the start", STATE,
     "enter(machine, STATE_READY, now, STATE_NEVER);",
     "enter(machine, STATE_READY, now, machine->deadline);"),
    ("the start is forgotten", STATE,
     "return ACTION_START;", "return 0;"),
    ("the stop signal is forgotten", STATE,
     "(machine->killed ? ACTION_KILL_GROUP : ACTION_STOP)",
     "(machine->killed ? ACTION_KILL_GROUP : 0)"),
    ("what has drained is not told to end", STATE,
     "enter(machine, STATE_STOPPING, now, machine->stop_by);\n\treturn ACTION_STOP;",
     "enter(machine, STATE_STOPPING, now, machine->stop_by);\n\treturn 0;"),
    ("the end of a drain is not heard", STATE,
     "[EVENT_DRAINED] = drained,", "[EVENT_DRAINED] = ignore,"),
    ("what drains too long is killed without being told", STATE,
     "if (machine->draining)\n\t\treturn ACTION_TELL_CUT | drained(machine, rules, now);", ""),
    ("a drain takes all the time", STATE,
     "limit - (limit - now) / STATE_DRAIN_REST", "limit"),
    ("a restart drains", STATE,
     " && machine->stop_limit != STATE_NEVER", ""),
    ("what cannot drains", STATE,
     "rules->drains && machine->state == STATE_READY", "machine->state == STATE_READY"),
    ("KILL comes without asking", STATE,
     "machine->killed = kill || rules->kill_to_stop;", "machine->killed = true;"),
    ("the time to end is halved", STATE,
     "sooner(now + rules->stop_timeout_ms, machine->stop_limit)",
     "sooner(now + rules->stop_timeout_ms / 2, machine->stop_limit)"),
    ("who does not end is not killed", STATE,
     "if (!machine->killed)\n\t\treturn ACTION_TELL_OVERDUE | kill_group(machine, rules, now);",
     "if (!machine->killed)\n\t\treturn ACTION_TELL_OVERDUE | go_on(machine, rules, now);"),
    ("the rest of a dead group is not swept", STATE,
     "enter(machine, STATE_STOPPING, now, now + STATE_KILL_GRACE_MS);"
     "\n\treturn ACTION_END_PROBE | ACTION_KILL_GROUP;",
     "enter(machine, STATE_STOPPING, now, now + STATE_KILL_GRACE_MS);"
     "\n\treturn ACTION_END_PROBE;"),
    ("the rest of a group is not asked to end", STATE,
     "machine->killed ? ACTION_KILL_GROUP : ACTION_TERM_GROUP",
     "machine->killed ? ACTION_KILL_GROUP : 0"),
    ("a group with its head alive counts as empty", STATE,
     "if (!machine->main_gone)\n\t\treturn 0;", "return fail(machine, rules, now);"),
    ("failures are not counted", STATE,
     "machine->failures[kept++] = now;", "machine->failures[kept] = now;"),
    ("failures count for ten times the window", STATE,
     "if (now - machine->failures[i] < rules->give_up_window_ms)",
     "if (now - machine->failures[i] < rules->give_up_window_ms / 10)"),
    ("one failure too many is allowed", STATE,
     "if (limit > 0 && failures >= limit)", "if (limit > 0 && failures > limit)"),
    ("starts that never get ready do not count", STATE,
     "if (machine->unready > failures)\n\t\tfailures = machine->unready;", ""),
    ("the pause does not grow", STATE, "delay *= 2;", "break;"),
    ("the pause has no bound", STATE,
     "return delay < rules->restart_max_delay_ms ? (uint32_t)delay : rules->restart_max_delay_ms;",
     "return (uint32_t)delay * 16;"),
    ("a failure is not told", STATE, "return ACTION_TELL_RETRY;", "return 0;"),
    ("what no try can mend is tried again", STATE,
     "crash_then(machine, now, proven ? THEN_RETRY : THEN_FAILED)",
     "crash_then(machine, now, THEN_RETRY)"),
    ("a stop while stopping is forgotten", STATE,
     "\tmachine->then = THEN_STOPPED;\n\tif (!machine->killed)", "\tif (!machine->killed)"),
    ("a stopped service comes up again", STATE,
     "case THEN_STOPPED:\n\t\tbreak;", "case THEN_STOPPED:\n\t\treturn fail(machine, rules, now);"),
    ("a restart stops for good", STATE,
     "return stop_for(machine, rules, now, THEN_AGAIN, false);",
     "return stop_for(machine, rules, now, THEN_STOPPED, false);"),
    ("nobody waits for what it needs", FLEET,
     "if (fleet->machines[service].state != STATE_WAITING || fleet_missing(fleet, service) != 0)",
     "if (fleet->machines[service].state != STATE_WAITING)"),
    ("who could start waits for its deadline", FLEET,
     "take(fleet, service, EVENT_GO, now);\n\treturn true;", "return false;"),
    ("what needs a service is stopped after it", FLEET,
     "(fleet->actions[service] & ACTION_START) || !depended_on(fleet, service)", "true"),
    ("a stop leaves those that wait", FLEET,
     "case STATE_WAITING:\n\tcase STATE_BACKOFF:\n\t\treturn true;",
     "case STATE_WAITING:\n\tcase STATE_BACKOFF:\n\t\treturn false;"),
    ("a stop forgets who is to come up again", FLEET,
     "return machine->then != THEN_STOPPED;", "return false;"),
    ("what is pending starts during a stop", FLEET,
     "fleet->actions[service] &= ~(unsigned)ACTION_START;", ";"),
    ("a required failure does not end the container", FLEET,
     "fleet_stop(fleet, now, code);", "(void)code;"),
    ("the exit code is that of the last one to fail", FLEET,
     "if (fleet->stopping)\n\t\treturn;\n\tfleet->stopping = true;\n\tfleet->exit_code = exit_code;",
     "fleet->exit_code = exit_code;\n\tif (fleet->stopping)\n\t\treturn;\n\tfleet->stopping = true;"),
    ("the exit code is that of the neighbour", FLEET,
     "EXIT_DAEMON + (int)place\n", "EXIT_DAEMON + (int)place + 1\n"),
    ("nobody hears that what he needs is back", FLEET,
     "if (fleet->needs[i] & bit(service))\n\t\t\t\tfleet_reload(fleet, i);", "fleet_reload(fleet, service);"),
    ("a reload during the start is lost", FLEET,
     "if (fleet->reload_when_ready & bit(service))\n\t\tfleet->actions[service] |= ACTION_RELOAD;", ""),
    ("a reload is sent to one that stops", FLEET,
     "if (machine->state != STATE_READY)\n\t\tfleet->actions[service] &= ~(unsigned)ACTION_RELOAD;", ""),
    ("a new table loses what is to be done", FLEET,
     "fleet->actions[i] = old.actions[old_place[i]];", ""),
    ("a new table leaves the failed as they are", FLEET,
     "if (fleet->machines[i].state == STATE_FAILED)\n\t\t\ttake(", "if (false)\n\t\t\ttake("),
    ("a start by hand goes on during a stop", FLEET,
     "if (fleet->stopping && (event == EVENT_START || event == EVENT_RESTART))\n\t\treturn;", ""),
    ("the last service never hears its deadline", FLEET,
     "void\nfleet_tick(struct fleet *fleet, int64_t now)\n{\n\tfor (uint32_t i = 0; i < fleet->count; i++) {",
     "void\nfleet_tick(struct fleet *fleet, int64_t now)\n{\n\tfor (uint32_t i = 0; i + 1 < fleet->count; i++) {"),
]
# Its text depends on the layout of the table: written out here.
FAULTS[1] = (FAULTS[1][0], STATE,
             "[STATE_READY] = {\n\t\t[EVENT_GO] = ignore, [EVENT_READY] = ignore,\n\t\t[EVENT_EXIT] = crash,",
             "[STATE_READY] = {\n\t\t[EVENT_GO] = ignore, [EVENT_READY] = ignore,\n\t\t[EVENT_EXIT] = ignore,")


# A planted fault shows early, and some make the machine turn round for ever.
FAULT_HISTORIES = 200000
FAULT_CPU_SECONDS = 10


def command(*arguments):
    return subprocess.run(arguments, cwd=TREE, capture_output=True, text=True, timeout=600)


def build(directory, sources, program):
    made = command(*COMPILE, *sources, "-o", program)
    return made.stderr if made.returncode else None


def planted(directory, number, seed, histories):
    """What is wrong with the test of one fault, or None when it was seen; and what saw it."""
    name, source, old, new = FAULTS[number]
    text = (TREE / source).read_text()
    if text.count(old) != 1:
        return f"its text stands {text.count(old)} times in {source}", None
    changed = directory / f"{number}-{pathlib.Path(source).name}"
    changed.write_text(text.replace(old, new))
    sources = [str(changed) if s == source else s for s in (STATE, FLEET)]
    program = str(directory / str(number))
    error = build(directory, [*sources, *(str(directory / o) for o in objects()), "-w"], program)
    if error:
        return f"it does not compile: {error}", None
    run = command("prlimit", f"--cpu={FAULT_CPU_SECONDS}:{FAULT_CPU_SECONDS + 10}", program, str(seed),
                  str(min(histories, FAULT_HISTORIES)))
    if run.returncode == 1:
        return None, run.stdout.strip()
    if run.returncode == -signal.SIGXCPU:
        return None, "it turns round for ever"
    return f"no invariant broke: {run.stdout.strip()} {run.stderr.strip()}", None


def objects():
    return [pathlib.Path(o).name.replace(".c", ".o") for o in OTHERS]


def main():
    seed = int(sys.argv[1]) if len(sys.argv) > 1 else 1
    histories = int(sys.argv[2]) if len(sys.argv) > 2 else 1000000
    failed = 0

    def answer(number, wrong, story, told=None):
        nonlocal failed
        failed += wrong is not None
        print(f"{'not ok' if wrong else 'ok'} {number} - {story}")
        for line in (wrong or told or "").splitlines():
            print(f"#   {line}")

    print(f"1..{len(FAULTS) + 1}", flush=True)
    with tempfile.TemporaryDirectory() as name:
        directory = pathlib.Path(name)
        for source, target in zip(OTHERS, objects()):
            made = command(*COMPILE, "-Wall", "-Wextra", "-Werror", "-c", source,
                           "-o", str(directory / target))
            if made.returncode:
                sys.exit(made.stderr)
        program = str(directory / "simulation")
        error = build(directory, [STATE, FLEET, *(str(directory / o) for o in objects())], program)
        if error:
            sys.exit(error)
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            whole = pool.submit(command, program, str(seed), str(histories))
            faults = [pool.submit(planted, directory, n, seed, histories)
                      for n in range(len(FAULTS))]
            run = whole.result()
            answer(1, None if run.returncode == 0 else run.stdout + run.stderr,
                   f"{histories} histories from seed {seed} keep all invariants", run.stdout)
            for number, fault in enumerate(faults):
                wrong, told = fault.result()
                answer(number + 2, wrong, f"planted fault is seen: {FAULTS[number][0]}", told)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
