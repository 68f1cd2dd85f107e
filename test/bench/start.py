#!/usr/bin/python3
"""How long from `docker run` to mail being answered, and how long to stop.

Two containers of the same image, in turn: mailinit as it is, and the bare
daemons started by a one-line shell on the very files that mailinit rendered
(cold, so that no Postfix process waits for main.cf to age). Prints medians and
the ratio of each pair; raw samples go to build/bench/. Nothing is asserted:
figures are for people.

Usage: start.py IMAGE [RUNS]
"""
import json
import os
import socket
import ssl
import statistics
import subprocess
import sys
import time

BARE = (
    "/usr/sbin/opendkim -f -x /etc/opendkim.conf & /usr/sbin/dovecot -F & "
    "exec /usr/lib/postfix/sbin/master -i"
)
VOLUMES = {
    "queue": "/var/spool/postfix",
    "mail": "/var/mail",
    "state": "/var/lib/mailinit",
    "run": "/run/mailinit",
}
ENVIRONMENT = ["-e", "MAIL_HOSTNAME=mail.example.com", "-e", "MAIL_DOMAINS=example.com"]
PATIENCE = 60
FRAME = 0.001


def docker(*arguments):
    return subprocess.run(
        ["docker", *arguments], check=True, capture_output=True, text=True
    ).stdout.strip()


def ask(stream, line, expect, what):
    """Says LINE, if there is one, and wants the (last line of the) reply to start as expected."""
    if line:
        stream.write(line + b"\r\n")
        stream.flush()
    reply = stream.readline()
    while reply[3:4] == b"-":
        reply = stream.readline()
    if not reply.startswith(expect):
        raise OSError(f"{what}: {reply!r}")


def talk(address, port, lines):
    """Connects, and wants each reply to start with what is expected."""
    with socket.create_connection((address, port), timeout=5) as link:
        stream = link.makefile("rwb")
        for say, expect in lines:
            ask(stream, say, expect, port)


def until(deadline, what):
    while True:
        try:
            return what()
        except (OSError, ssl.SSLError):
            if time.monotonic() > deadline:
                raise
            time.sleep(FRAME)


def answered(address):
    """SMTP's banner, IMAP's greeting, and the milter, which MAIL waits for."""
    deadline = time.monotonic() + PATIENCE
    until(deadline, lambda: talk(address, 143, [(b"", b"* OK")]))
    until(
        deadline,
        lambda: talk(
            address,
            25,
            [(b"", b"220"), (b"EHLO bench.example.net", b"250"), (b"MAIL FROM:<>", b"250")],
        ),
    )


def one(image, prefix, bare):
    name = f"{prefix}-{'bare' if bare else 'mailinit'}"
    volumes = []
    for key, path in VOLUMES.items():
        volumes += ["-v", f"{prefix}-{key}:{path}"]
    command = ["run", "-d", "--name", name, "--hostname", "mail.example.com", *volumes]
    command += ENVIRONMENT
    command += ["--entrypoint", "/bin/sh", image, "-c", BARE] if bare else [image]
    began = time.monotonic()
    docker(*command)
    address = docker(
        "inspect", "-f", "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}", name
    )
    answered(address)
    ready = time.monotonic()
    docker("stop", "-t", "30", name)
    stopped = time.monotonic()
    code = docker("inspect", "-f", "{{.State.ExitCode}}", name)
    docker("rm", "-f", name)
    return {"ready": ready - began, "stop": stopped - ready, "exit": int(code)}


def line(title, samples, key):
    values = [sample[key] for sample in samples]
    print(
        f"  {title:22} {min(values) * 1000:8.0f} {statistics.median(values) * 1000:8.0f} "
        f"{max(values) * 1000:8.0f}  ms (min, median, max)"
    )


def main():
    image = sys.argv[1]
    runs = int(sys.argv[2]) if len(sys.argv) > 2 else 7
    prefix = f"mailinit-bench-{os.getpid()}"
    samples = {"mailinit": [], "bare": []}
    try:
        one(image, prefix, False)  # makes keys, volumes and files; not counted
        for _ in range(runs):
            samples["mailinit"].append(one(image, prefix, False))
            samples["bare"].append(one(image, prefix, True))
    finally:
        for name in ("mailinit", "bare"):
            subprocess.run(["docker", "rm", "-f", f"{prefix}-{name}"], capture_output=True, check=False)
        for key in VOLUMES:
            subprocess.run(["docker", "volume", "rm", f"{prefix}-{key}"], capture_output=True, check=False)
    print(f"{image}, {runs} runs in turn")
    for key, title in (("ready", "docker run to answer"), ("stop", "docker stop")):
        line(f"{title}, mailinit", samples["mailinit"], key)
        line(f"{title}, bare", samples["bare"], key)
        ratios = [a[key] / b[key] for a, b in zip(samples["mailinit"], samples["bare"])]
        print(f"  {'ratio':22} {min(ratios):8.2f} {statistics.median(ratios):8.2f} {max(ratios):8.2f}")
    print("  exit codes of mailinit:", sorted({sample["exit"] for sample in samples["mailinit"]}))
    os.makedirs("build/bench", exist_ok=True)
    with open(f"build/bench/start-{image.replace(':', '-').replace('/', '-')}.json", "w") as out:
        json.dump(samples, out, indent=1)


if __name__ == "__main__":
    main()
