#!/usr/bin/python3
"""How long a dry run takes, and how much memory, small and large.

First the full configuration (test/bench/full.yaml), in turn with what else
people fill configuration files with: 25 calls of `postconf -e`, and envsubst
and cp over files of the same size; the start of Python is there as a scale for
the machine. Then tables that grow: the figure per alias must stay where it is.
Prints minimum, median and maximum, and the ratio to ours of each pair; raw
samples go to build/bench/. Nothing is asserted: figures are for people.

Usage: dry_run.py [RUNS]
"""
import json
import os
import shutil
import statistics
import subprocess
import sys
import time

MAILINIT = "build/mailinit"
ROOM = "build/bench"
ALIASES = (10_000, 20_000, 40_000, 80_000, 120_000)
PARAMETERS = 25


def run(argv):
    """Milliseconds until a process was waited for, and those that its own work took."""
    began = time.perf_counter()
    with open("/dev/null", "wb") as null:
        process = os.posix_spawn(
            shutil.which(argv[0]), argv, os.environ,
            file_actions=[(os.POSIX_SPAWN_DUP2, null.fileno(), 1)],
        )
        _, status, usage = os.wait4(process, 0)
    took = (time.perf_counter() - began) * 1000
    if os.waitstatus_to_exitcode(status) != 0:
        sys.exit(f"this failed: {' '.join(argv)}")
    return took, (usage.ru_utime + usage.ru_stime) * 1000


def peak(argv):
    """Largest resident set in kB. By GNU time: a child of ours would inherit our own."""
    told = subprocess.run(
        ["time", "-f", "%M", *argv], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    return int(told.stderr.split()[-1])


def spread(values):
    return f"{min(values):9.2f} {statistics.median(values):9.2f} {max(values):9.2f}"


def password_hash():
    return subprocess.run(
        ["openssl", "passwd", "-6", "-salt", "benchmark", "secret"],
        check=True, capture_output=True, text=True,
    ).stdout.strip()


def dry_run(config):
    return [MAILINIT, "--dry-run", "--config", config, "--root", f"{ROOM}/root"]


def make_root():
    """What full.yaml refers to."""
    os.makedirs(f"{ROOM}/root/certs", exist_ok=True)
    os.makedirs(f"{ROOM}/root/run/secrets", exist_ok=True)
    with open(f"{ROOM}/root/run/secrets/password", "w") as out:
        out.write("a password for figures\n")
    names = ",".join(f"DNS:{name}.example.com" for name in ("mail", "imap", "smtp"))
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "365", "-subj",
         "/CN=mail.example.com", "-addext", f"subjectAltName={names}", "-keyout",
         f"{ROOM}/root/certs/privkey.pem", "-out", f"{ROOM}/root/certs/fullchain.pem"],
        check=True, capture_output=True,
    )


def make_config(mailboxes, aliases, secret):
    path = f"{ROOM}/{mailboxes}-{aliases}.yaml"
    with open(path, "w") as out:
        out.write("hostname: mail.example.com\ndomains: [example.com]\nmailboxes:\n")
        for i in range(mailboxes):
            out.write(f'  - address: user{i}@example.com\n    password: "{{SHA512-CRYPT}}{secret}"\n')
        out.write("aliases:\n")
        for i in range(aliases):
            out.write(f"  alias{i}@example.com: [user{i % mailboxes}@example.com]\n")
    return path


def make_peers():
    """Shell scripts, so that each peer is one process to start, as ours is."""
    os.makedirs(f"{ROOM}/rendered", exist_ok=True)
    subprocess.run([*dry_run("test/bench/full.yaml"), "--out", f"{ROOM}/written"], check=True,
                   stdout=subprocess.DEVNULL)
    shutil.copytree(f"{ROOM}/written/postfix", f"{ROOM}/postfix", dirs_exist_ok=True)
    calls = "\n".join(
        f"postconf -c {ROOM}/postfix -e bench_{i}='value {i}'" for i in range(PARAMETERS)
    )
    files = sorted(
        os.path.join(where, name)
        for where, _, names in os.walk(f"{ROOM}/written") for name in names
    )
    steps = [
        f"envsubst '$HOME $PATH' <{path} >{ROOM}/rendered/{i}" if path.endswith((".cf", ".conf"))
        else f"cp {path} {ROOM}/rendered/{i}"
        for i, path in enumerate(files)
    ]
    return {
        f"{PARAMETERS} x postconf -e": ["sh", "-ec", calls],
        "envsubst and cp": ["sh", "-ec", "\n".join(steps)],
        "python3 -c pass": ["python3", "-c", "pass"],
    }


def beside_peers(runs):
    ours = dry_run("test/bench/full.yaml")
    commands = {"dry run, full.yaml": ours, **make_peers()}
    samples = {name: [] for name in commands}
    for turn in range(runs + 1):
        for name, argv in commands.items():
            took, _ = run(argv)
            if turn > 0:  # the first turn warms the caches
                samples[name].append(took)
    first = next(iter(samples))
    print(f"dry run of a full configuration, {runs} runs in turn          ratio to ours")
    print(f"  {'':22} {'min':>9} {'median':>9} {'max':>9} ms {'min':>9} {'median':>9} {'max':>9}")
    for name, values in samples.items():
        ratios = [theirs / mine for theirs, mine in zip(values, samples[first])]
        print(f"  {name:22} {spread(values)}   {spread(ratios)}")
    print(f"  largest resident set of ours: {peak(ours)} kB")
    return samples


def growth(runs):
    secret = password_hash()
    sizes = [(100, aliases) for aliases in ALIASES] + [(10_000, 100_000)]
    commands = {size: dry_run(make_config(*size, secret)) for size in sizes}
    samples = {size: [] for size in sizes}
    work = {size: [] for size in sizes}
    for turn in range(runs + 1):
        for size, argv in commands.items():
            took, cpu = run(argv)
            if turn > 0:
                samples[size].append(took)
                work[size].append(cpu)
    # An alias costs processor time, which other work on the machine distorts less.
    print(f"dry run of large tables, {runs} runs in turn")
    print(f"  {'mailboxes':>9} {'aliases':>8} {'min':>9} {'median':>9} {'max':>9} ms "
          f"{'us/alias':>9} {'ratio':>6} {'peak kB':>8} {'B/alias':>8}")
    scale = min(work[sizes[0]]) / sizes[0][1]
    for (mailboxes, aliases), values in samples.items():
        each = min(work[mailboxes, aliases]) / aliases
        memory = peak(commands[mailboxes, aliases])
        print(f"  {mailboxes:9} {aliases:8} {spread(values)}    {each * 1000:9.2f} "
              f"{each / scale:6.2f} {memory:8} {memory * 1024 // aliases:8}")
    return {f"{mailboxes}-{aliases}": values for (mailboxes, aliases), values in samples.items()}


def main():
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 11
    os.makedirs(ROOM, exist_ok=True)
    make_root()
    samples = {"full": beside_peers(runs), "growth": growth(runs)}
    with open(f"{ROOM}/dry-run.json", "w") as out:
        json.dump(samples, out, indent=1)


if __name__ == "__main__":
    main()
