#!/usr/bin/python3
"""Inits beside each other: start, signals, stop, orphans.

Runs as root in the image of test/bench/peers. Each init is PID 1 of a namespace
of its own (harness.c), and all take turns. Prints minimum, median and maximum,
and the ratio of each to ours in the same turn; raw samples go to build/bench/.
Nothing is asserted: figures are for people.

Usage: inits.py RUNS [exec] [signals] [stop] [orphans]
"""
import json
import os
import shutil
import statistics
import subprocess
import sys

BENCH = "/bench"
HARNESS = f"{BENCH}/harness"
CHILD = f"{BENCH}/child"
ROOM = "/tmp/bench"
TRIPS = 10_000
ORPHANS = 20_000
SERVICES = ("a", "b", "c")
# By their paths: the harness would look for a name in each directory of PATH first.
INITS = {
    "mailinit": ["/usr/sbin/mailinit", "--"],
    "bare init": [f"{BENCH}/bare_init"],
    "tini": [shutil.which("tini"), "--"],
    "dumb-init": [shutil.which("dumb-init"), "--"],
    "catatonit": [shutil.which("catatonit"), "--"],
}


def run(argv, env=None):
    told = subprocess.run(
        argv, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False,
        env={**os.environ, **(env or {})}, stdin=subprocess.DEVNULL,
    )
    if told.returncode != 0:
        sys.exit(f"this failed: {' '.join(argv)}\n{told.stderr}")
    return told.stdout


def spread(values, digits=0):
    return " ".join(
        f"{value:9.{digits}f}" for value in (min(values), statistics.median(values), max(values))
    )


def table(title, unit, samples, scale=1000.0, digits=0):
    first = next(iter(samples))
    print(f"{title}\n  {'':18} {'min':>9} {'median':>9} {'max':>9} {unit:6} ratio to ours (median)")
    for name, values in samples.items():
        ratio = statistics.median(theirs / ours for theirs, ours in zip(values, samples[first]))
        print(f"  {name:18} {spread([value / scale for value in values], digits)} {'':6} {ratio:6.2f}")


def in_turn(names, runs, sample):
    """RUNS samples of each, in turn, after one that warms the caches."""
    samples = {name: [] for name in names}
    for turn in range(runs + 1):
        for name in names:
            value = sample(name)
            if turn > 0:
                samples[name].append(value)
    return samples


def bench_exec(runs):
    samples = in_turn(
        INITS, runs * 20, lambda name: int(run([HARNESS, "exec", *INITS[name], CHILD, "now"]))
    )
    table("exec of PID 1 to the child's first instruction", "us", samples)
    return samples


def bench_signals(runs):
    trips = {name: [] for name in INITS}
    lost = dict.fromkeys(INITS, 0)
    # One run has ten thousand trips; more runs take turns with a part of them each.
    for _ in range(runs):
        for name, init in INITS.items():
            words = run([HARNESS, "signals", str(TRIPS // runs + 1), *init, CHILD, "echo"]).split()
            lost[name] += words.count("lost")
            trips[name] += [int(word) for word in words if word != "lost"]
    p50 = {name: statistics.median(values) for name, values in trips.items()}
    p99 = {name: sorted(values)[len(values) * 99 // 100] for name, values in trips.items()}
    print(f"{TRIPS} signals through PID 1 and back\n  {'':18} {'p50':>9} {'p99':>9} us     "
          "p50 to the bare init's   lost")
    for name, values in trips.items():
        print(f"  {name:18} {p50[name] / 1000:9.1f} {p99[name] / 1000:9.1f} {'':6} "
              f"{p50[name] / p50['bare init']:6.2f} {lost[name]:24}")
    return {"trips": trips, "lost": lost}


def write(path, text, mode=0o755):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as out:
        out.write(text)
    os.chmod(path, mode)


def make_supervisors(up):
    """Each with three services that say that they are up, and end at TERM."""
    shutil.rmtree(f"{ROOM}/services", ignore_errors=True)
    for name in SERVICES:
        for kind in ("s6", "runit", "nitro", "nitro-log"):
            write(f"{ROOM}/services/{kind}/{name}/run", f"#!/bin/sh\nexec {CHILD} serve {up}\n")
        write(f"{ROOM}/services/dinit/{name}",
              f"type = process\ncommand = {CHILD} serve {up}\nrestart = true\n", 0o644)
    # As mailinit has one: all output goes through a process that writes it to stdout.
    write(f"{ROOM}/services/nitro-log/LOG/run", "#!/bin/sh\nexec s6-log 1\n")
    write(f"{ROOM}/services/dinit/boot", "type = internal\nwaits-for.d = boot.d\n", 0o644)
    for name in SERVICES:
        os.makedirs(f"{ROOM}/services/dinit/boot.d", exist_ok=True)
        os.symlink(f"../{name}", f"{ROOM}/services/dinit/boot.d/{name}")
    write(f"{ROOM}/services/supervisord.conf",
          f"[supervisord]\nnodaemon=true\nuser=root\nlogfile=/dev/null\nlogfile_maxbytes=0\n"
          f"pidfile={ROOM}/supervisord.pid\n"
          + "".join(f"[program:{name}]\ncommand={CHILD} serve {up}\n" for name in SERVICES), 0o644)
    programs = {
        "mailinit": (15, [f"{BENCH}/driver"]),
        "s6-svscan": (15, ["s6-svscan", f"{ROOM}/services/s6"]),
        # HUP makes it tell all services to end; it does not wait for them.
        "runsvdir (HUP)": (1, ["runsvdir", f"{ROOM}/services/runit"]),
        "supervisord": (15, ["supervisord", "-c", f"{ROOM}/services/supervisord.conf"]),
        "nitro": (15, ["nitro", f"{ROOM}/services/nitro"]),
        "nitro, s6-log": (15, ["nitro", f"{ROOM}/services/nitro-log"]),
        "dinit": (15, ["dinit", "-o", "-d", f"{ROOM}/services/dinit"]),
    }
    return {
        name: (number, [shutil.which(argv[0]), *argv[1:]])
        for name, (number, argv) in programs.items() if shutil.which(argv[0])
    }


def bench_stop(runs):
    up = f"{ROOM}/up"
    write(up, "", 0o644)
    programs = make_supervisors(up)
    services = "".join(f"service {name}\ncommand {CHILD} serve {up}\n" for name in SERVICES)

    def sample(name):
        number, argv = programs[name]
        return int(run([HARNESS, "stop", str(number), str(len(SERVICES)), up, *argv],
                       {"TABLE": services}))

    samples = in_turn(programs, runs, sample)
    table("TERM, with three services, to PID 1 being gone", "us", samples)
    return samples


def bench_orphans(runs):
    floor = "fork floor"
    cpu = {name: [] for name in [*INITS, floor]}

    def sample(name):
        init = INITS["bare init" if name == floor else name]
        words = [CHILD, "storm", str(ORPHANS)] + (["floor"] if name == floor else [])
        wall, used = run([HARNESS, "run", *init, *words]).split()
        cpu[name].append(int(used) / ORPHANS)
        return int(wall)

    samples = in_turn(cpu, runs, sample)
    table(f"{ORPHANS} orphans: wall", "ms", samples, 1e6)
    ratios = [ours / least for ours, least in zip(samples["mailinit"], samples[floor])]
    print(f"  ours to the fork floor: {statistics.median(ratios):.2f}")
    del cpu[floor]
    cpu = {name: values[1:] for name, values in cpu.items()}
    table("processor time of PID 1 for each orphan", "us", cpu, 1000, 2)
    return {"wall": samples, "cpu": cpu}


PARTS = {"exec": bench_exec, "signals": bench_signals, "stop": bench_stop, "orphans": bench_orphans}


def main():
    runs = int(sys.argv[1])
    os.makedirs("build/bench", exist_ok=True)
    for name in sys.argv[2:] or PARTS:
        samples = PARTS[name](runs)
        with open(f"build/bench/inits-{name}.json", "w", encoding="utf-8") as out:
            json.dump(samples, out, indent=1)


if __name__ == "__main__":
    main()
