#!/usr/bin/python3
"""The whole image beside the usual ways to run the same daemons.

The image of test/bench/peers has them all on one rendered configuration:
mailinit, the bare daemons from a line of shell, tini with bash, s6, runit, and
supervisord with rsyslog. In "s6, KILL" OpenDKIM is ended as mailinit ends it. All take turns. Prints medians and ratios of each pair;
raw samples go to build/bench/. Nothing is asserted: figures are for people.

  start   docker run to SMTP, IMAP and milter answering, and docker stop
  banner  the exec of PID 1 to the banner, measured inside the container
  kill    kill -9 of each daemon to its answering again
  mail    messages a second through port 25, milter and LMTP, until the last one is
          in the mailbox; for supervisord also with the milter on TCP, as is usual

Usage: image.py IMAGE RUNS [start] [banner] [kill] [mail]
"""
import json
import os
import re
import socket
import statistics
import subprocess
import sys
import threading
import time

from start import ENVIRONMENT, FRAME, PATIENCE, VOLUMES, answered, ask, docker, talk, until

MESSAGES = 400
SENDERS = 4
# Dovecot takes no more than ten deliveries at once for one user: a single mailbox would
# measure the retries.
ADDRESSES = [f"user{i}@example.com" for i in range(16)]
DAEMONS = {"opendkim": "opendkim", "dovecot": "dovecot", "postfix": "master"}
ARRANGEMENTS = {
    "mailinit": ["/usr/sbin/mailinit"],
    "bare": ["/peers/bare"],
    "tini, bash": ["tini", "--", "/peers/tini-bash"],
    "s6": ["/peers/s6"],
    "s6, KILL": ["/peers/s6", "KILL"],
    "runit": ["/peers/runit"],
    "supervisord": ["/peers/supervisord"],
    "supervisord, TCP": ["/peers/supervisord"],
}
STARTED = ["mailinit", "bare", "tini, bash", "s6", "s6, KILL", "runit", "supervisord"]


def mailboxes():
    """As mailinit's variable has them."""
    hashed = subprocess.run(
        ["openssl", "passwd", "-6", "-salt", "benchmark", "secret"],
        check=True, capture_output=True, text=True,
    ).stdout.strip()
    return ["-e", "MAIL_MAILBOXES=" + " ".join(f"{address}={{SHA512-CRYPT}}{hashed}"
                                               for address in ADDRESSES)]


class Box:
    """A container of one arrangement, with the prefix's volumes."""

    def __init__(self, image, prefix, name, options=(), inside=None):
        self.name = f"{prefix}-{re.sub('[^a-z0-9]+', '-', name)}"
        volumes = [word for key, path in VOLUMES.items() for word in ("-v", f"{prefix}-{key}:{path}")]
        command = ["run", "-d", "--name", self.name, "--hostname", "mail.example.com", *volumes]
        command += [*ENVIRONMENT, *mailboxes(), *options]
        command += ["--entrypoint", "/bench/banner"] if inside else [
            "--entrypoint", ARRANGEMENTS[name][0]
        ]
        command += [image, *([inside, *ARRANGEMENTS[name]] if inside else ARRANGEMENTS[name][1:])]
        self.began = time.monotonic()
        docker(*command)
        self.address = docker(
            "inspect", "-f", "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}", self.name
        )

    def answered(self):
        try:
            answered(self.address)
        except OSError:
            subprocess.run(["docker", "logs", "--tail", "20", self.name], check=False)
            raise

    def execute(self, *argv):
        return docker("exec", self.name, *argv)

    def number(self, path):
        told = subprocess.run(["docker", "exec", self.name, "cat", path], capture_output=True,
                              text=True, check=False).stdout
        if not told.strip():
            raise OSError(f"{self.name}: nothing in {path} yet")
        return int(told)

    def stop(self):
        docker("stop", "-t", "30", self.name)
        return int(docker("inspect", "-f", "{{.State.ExitCode}}", self.name))

    def remove(self):
        subprocess.run(["docker", "rm", "-f", self.name], capture_output=True, check=False)


def sample_banner(image, prefix, name):
    box = Box(image, prefix, name, inside="/tmp/banner")
    try:
        box.answered()
        return {"banner": until(time.monotonic() + 10, lambda: box.number("/tmp/banner")) / 1e6}
    finally:
        box.remove()


def sample_start(image, prefix, name):
    box = Box(image, prefix, name)
    try:
        box.answered()
        ready = time.monotonic()
        code = box.stop()
        return {"ready": ready - box.began, "stop": time.monotonic() - ready, "exit": code}
    finally:
        box.remove()


def probes(address):
    """What counts as answering, by daemon."""
    mail = [(b"", b"220"), (b"EHLO bench.example.net", b"250"), (b"MAIL FROM:<>", b"250")]
    return {
        "opendkim": lambda: talk(address, 25, mail),
        "dovecot": lambda: talk(address, 143, [(b"", b"* OK")]),
        "postfix": lambda: talk(address, 25, mail),
    }


def kill_and_wait(box, process, answers):
    """
    Seconds from KILL until a probe that began after it is answered. The client is asked all
    the while, for the engine takes longer to come back than some daemons do. What the
    children of a dead master still answer counts as well.
    """
    old = box.execute("pgrep", "-o", "-x", process)
    killer = subprocess.Popen(
        ["docker", "exec", box.name, "sh", "-c", f"kill -9 {old}; date +%s%N"],
        stdout=subprocess.PIPE, text=True,
    )
    tries = []  # (when it began, when it was answered)
    killed = None
    deadline = time.time() + PATIENCE
    while time.time() < deadline:
        began = time.time()
        try:
            answers()
            tries.append((began, time.time()))
        except OSError:
            pass
        if killed is None and killer.poll() is not None:
            killed = int(killer.stdout.read()) / 1e9
        after = [end for began, end in tries if killed is not None and began > killed]
        if after:
            return after[0] - killed
        time.sleep(FRAME)
    sys.exit(f"{box.name}: {process} does not answer again")


def sample_kill(image, prefix, name):
    box = Box(image, prefix, name)
    try:
        box.answered()
        took = {}
        for daemon, process in DAEMONS.items():
            time.sleep(2)  # what is killed soon after its start may be made to wait
            took[daemon] = kill_and_wait(box, process, probes(box.address)[daemon])
        return took
    finally:
        box.remove()


def send(address, count):
    with socket.create_connection((address, 25), timeout=60) as link:
        stream = link.makefile("rwb")

        def say(line, expect):
            ask(stream, line, expect, repr(line))

        say(b"", b"220")
        say(b"EHLO bench.example.net", b"250")
        for i in range(count):
            address = ADDRESSES[i % len(ADDRESSES)]
            say(b"MAIL FROM:<user0@example.com>", b"250")
            say(f"RCPT TO:<{address}>".encode(), b"250")
            say(b"DATA", b"354")
            say(f"From: {ADDRESSES[0]}\r\nTo: {address}\r\nSubject: {i}\r\n".encode()
                + b"\r\n" + b"x" * 70 + b"\r\n.", b"250")


def sample_mail(image, prefix, name):
    # Docker's own networks may relay: then what comes from them is signed.
    milter = "inet" if name.endswith("TCP") else "unix"
    box = Box(image, prefix, name, ["-e", "MAIL_NETWORKS=172.16.0.0/12", "-e", f"MILTER={milter}"])
    try:
        box.answered()
        box.execute("sh", "-c", "rm -rf /var/mail/example.com")
        began = time.monotonic()
        senders = [
            threading.Thread(target=send, args=(box.address, MESSAGES // SENDERS))
            for _ in range(SENDERS)
        ]
        for sender in senders:
            sender.start()
        for sender in senders:
            sender.join()
        accepted = time.monotonic() - began
        count = "find /var/mail/example.com -path '*/new/*' -type f | wc -l"
        while int(box.execute("sh", "-c", count)) < MESSAGES:
            if time.monotonic() - began > 120:
                sys.exit(f"{name}: not all messages arrived")
            time.sleep(0.01)
        arrived = time.monotonic() - began
        signed = int(box.execute("sh", "-c",
            "grep -rl '^DKIM-Signature:' /var/mail/example.com --include='*' | grep -c /new/"))
        return {"accepted": MESSAGES / accepted, "rate": MESSAGES / arrived,
                "unsigned": MESSAGES - signed}
    finally:
        box.remove()


def line(title, values, ours, scale=1000):
    ratio = statistics.median(theirs / mine for theirs, mine in zip(values, ours))
    print(f"  {title:22} {min(values) * scale:8.0f} {statistics.median(values) * scale:8.0f} "
          f"{max(values) * scale:8.0f} {ratio:8.2f}")


def show(title, unit, samples, key, scale=1000):
    print(f"{title}: min, median, max {unit}; ratio to ours")
    ours = [sample[key] for sample in samples["mailinit"]]
    for name, values in samples.items():
        line(name, [value[key] for value in values], ours, scale)


def show_start(samples):
    show("docker run to SMTP, IMAP and milter answering", "ms", samples, "ready")
    show("docker stop", "ms", samples, "stop")
    for name, values in samples.items():
        print(f"  exit codes of {name}: {sorted({value['exit'] for value in values})}")


def show_banner(samples):
    show("exec of PID 1 to the banner, inside the container", "ms", samples, "banner")


def show_kill(samples):
    for daemon in DAEMONS:
        show(f"kill -9 of {daemon} to its answering again", "ms", samples, daemon)


def show_mail(samples):
    show(f"{MESSAGES} messages, {SENDERS} at a time, to the mailbox", "a second", samples, "rate", 1)
    for name, values in samples.items():
        print(f"  without a signature, {name}: {sum(value['unsigned'] for value in values)}")


PARTS = {
    "start": (sample_start, show_start, STARTED),
    "banner": (sample_banner, show_banner, STARTED),
    # The bare shell and bash start nothing again.
    "kill": (sample_kill, show_kill, ["mailinit", "s6", "runit", "supervisord"]),
    "mail": (sample_mail, show_mail, ["mailinit", "supervisord", "supervisord, TCP"]),
}


def main():
    image, runs = sys.argv[1], int(sys.argv[2])
    prefix = f"mailinit-bench-{os.getpid()}"
    os.makedirs("build/bench", exist_ok=True)
    try:
        sample_start(image, prefix, "mailinit")  # makes keys, volumes and files; not counted
        for part in sys.argv[3:] or PARTS:
            sample, shown, names = PARTS[part]
            samples = {name: [] for name in names}
            for _ in range(runs):
                for name in names:
                    samples[name].append(sample(image, prefix, name))
            print(f"{image}, {runs} runs in turn")
            shown(samples)
            with open(f"build/bench/image-{part}.json", "w", encoding="utf-8") as out:
                json.dump(samples, out, indent=1)
    finally:
        for key in VOLUMES:
            subprocess.run(["docker", "volume", "rm", f"{prefix}-{key}"], capture_output=True,
                           check=False)


if __name__ == "__main__":
    main()
