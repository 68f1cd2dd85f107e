#!/usr/bin/python3
"""Loggers beside each other: three writers, lines of 160 bytes.

Runs as root in the image of test/bench/peers. Datagrams to /dev/log, and pipes
from stdout; to a file and to a pipe. From the writers' start to the last line
having arrived at a reader that looks at each (count.c). Prints lines a second,
and what was lost or torn; raw samples go to build/bench/. Nothing is asserted.

Usage: logs.py RUNS [LINES]
"""
import json
import os
import shutil
import signal
import statistics
import subprocess
import sys
import time

BENCH = "/bench"
ROOM = "/tmp/bench/logs"
WRITERS = ("0", "1", "2")
SOCKET = "/dev/log"


def writer(name, lines, socket):
    return [f"{BENCH}/child", "flood", name, str(lines), f"{ROOM}/go"] + ([SOCKET] if socket else [])


def driver_table(lines, socket, json_lines):
    words = [f"syslog {SOCKET}"] if socket else []
    words += ["json"] if json_lines else []
    words += ["stay"]
    for name in WRITERS:
        # Each writes once; what ends well is not started again for a good while.
        command = " ".join(writer(name, lines, socket))
        words += [f"service w{name}", f"command {command}", "optional"]
    return "\n".join(["restart-delay 3600000", "restart-max-delay 3600000", *words])


class Arrangement:
    """A logger, its writers, and the reader of what it writes."""

    def __init__(self, kind, output, lines):
        self.kind, self.output, self.lines = kind, output, lines
        self.file = f"{ROOM}/out"
        self.processes = []

    def spawn(self, argv, **more):
        process = subprocess.Popen(argv, stdin=more.pop("stdin", subprocess.DEVNULL),
                                   stderr=subprocess.DEVNULL, **more)
        self.processes.append(process)
        return process

    def reader(self, source):
        total = str(self.lines * len(WRITERS))
        if source is None:
            return self.spawn([f"{BENCH}/count", total, self.file], stdout=subprocess.PIPE)
        return self.spawn([f"{BENCH}/count", total], stdin=source, stdout=subprocess.PIPE)

    def writers(self, socket, stdout=subprocess.DEVNULL):
        for name in WRITERS:
            self.spawn(writer(name, self.lines, socket), stdout=stdout)

    def begin(self):
        """Starts all; returns the reader."""
        where = open(self.file, "wb")
        source = None
        if self.output == "pipe":
            source, end = os.pipe()
            where = os.fdopen(end, "wb")
        reader = self.reader(source)
        getattr(self, "begin_" + self.kind.split()[0].replace("-", "_"))(where)
        where.close()
        if source is not None:
            os.close(source)
        return reader

    def begin_mailinit(self, where):
        socket = "/dev/log" in self.kind
        table = driver_table(self.lines, socket, "JSON" in self.kind)
        self.spawn([f"{BENCH}/harness", "run", f"{BENCH}/driver"], stdout=where,
                   env={**os.environ, "TABLE": table})

    def await_socket(self):
        deadline = time.monotonic() + 10
        while not os.path.exists(SOCKET):
            if time.monotonic() > deadline:
                sys.exit(f"{self.kind}: no {SOCKET}")
            time.sleep(0.01)
        self.writers(True)

    def begin_socklog(self, where):
        self.spawn(["socklog", "unix", SOCKET], stdout=where)
        self.await_socket()

    def begin_busybox(self, where):
        self.spawn(["busybox", "syslogd", "-n", "-s", "0", "-O", self.file], stdout=where)
        self.await_socket()

    def begin_rsyslogd(self, where):
        config = f"{ROOM}/rsyslog.conf"
        with open(config, "w", encoding="utf-8") as out:
            out.write(f'module(load="imuxsock" SysSock.RateLimit.Interval="0")\n'
                      f'action(type="omfile" file="{self.file}")\n')
        self.spawn(["rsyslogd", "-n", "-f", config, "-i", f"{ROOM}/rsyslogd.pid"], stdout=where)
        self.await_socket()

    def begin_s6_log(self, where):
        # A line to stdout, with a time stamp: what ours does.
        logger = self.spawn(["s6-log", "-b", "T", "1"], stdin=subprocess.PIPE, stdout=where)
        self.writers(False, logger.stdin)
        logger.stdin.close()

    def end(self):
        for process in self.processes:
            if process.poll() is None and process.args[0] == f"{BENCH}/harness":
                # It ends when PID 1 of the namespace has: then nobody answers on the control
                # socket, and the next one may start.
                with open(f"/proc/{process.pid}/task/{process.pid}/children",
                          encoding="utf-8") as children:
                    os.kill(int(children.read()), signal.SIGKILL)
            elif process.poll() is None:
                process.kill()
            process.wait()


def clean():
    shutil.rmtree(ROOM, ignore_errors=True)
    os.makedirs(ROOM)
    if os.path.lexists(SOCKET):
        os.unlink(SOCKET)


def sample(kind, output, lines):
    clean()
    arrangement = Arrangement(kind, output, lines)
    reader = arrangement.begin()
    time.sleep(0.3)  # all are at the starting line
    began = time.monotonic_ns()
    open(f"{ROOM}/go", "wb").close()
    whole, torn, disorder, last = (int(word) for word in reader.stdout.read().split())
    arrangement.end()
    rate = whole / ((last - began) / 1e9) if whole else 0
    return {"rate": rate, "lost": lines * len(WRITERS) - whole, "torn": torn, "disorder": disorder}


# Which also write to a pipe, and how many times as many lines they are given.
KINDS = {
    "/dev/log": (1, {
        "mailinit /dev/log": ("file", "pipe"),
        "socklog": ("file", "pipe"),
        "busybox syslogd": ("file",),
        "rsyslogd": ("file",),
    }),
    "stdout": (4, {
        "mailinit text": ("file", "pipe"),
        "mailinit JSON": ("file", "pipe"),
        "s6-log": ("file", "pipe"),
    }),
}


def main():
    runs = int(sys.argv[1])
    lines = int(sys.argv[2]) if len(sys.argv) > 2 else 200_000
    everything = {}
    for title, (times, kinds) in KINDS.items():
        rows = [(kind, output) for kind, outputs in kinds.items() for output in outputs]
        samples = {row: [] for row in rows}
        for _ in range(runs):
            for row in rows:
                samples[row].append(sample(*row, lines * times))
        print(f"{title}: three writers of {lines * times} lines each, {runs} runs in turn\n"
              f"  {'':18} {'to':5} {'min':>10} {'median':>10} {'max':>10} lines/s   lost   torn")
        for (kind, output), values in samples.items():
            rates = [value["rate"] for value in values]
            print(f"  {kind:18} {output:5} {min(rates):10.0f} {statistics.median(rates):10.0f} "
                  f"{max(rates):10.0f} {sum(v['lost'] for v in values):14} "
                  f"{sum(v['torn'] for v in values):6}")
        everything[title] = {" to ".join(row): values for row, values in samples.items()}
    clean()
    os.makedirs("build/bench", exist_ok=True)
    with open("build/bench/logs.json", "w", encoding="utf-8") as out:
        json.dump(everything, out, indent=1)


if __name__ == "__main__":
    main()
