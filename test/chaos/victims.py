"""
Who is killed in the storm, when, and by which signal: drawn once from a seed.

The processes are looked for and signalled inside the container, by numbers of its own pid
namespace. A worker is a child of Postfix's master, which tells Postfix's lmtp from Dovecot's.
"""

import random
import subprocess
import time

# The daemons as the kernel calls their main processes, and the service that each of them is.
SERVICES = {"opendkim": "opendkim", "dovecot": "dovecot", "master": "postfix"}
WORKERS = ["smtpd", "cleanup", "qmgr", "smtp", "lmtp", "bounce"]
SIGNALS = ["TERM", "KILL"]
PATIENCE = 30  # seconds until there is one: Postfix makes its workers when they are needed

# PICK NAME SIGNAL DRAW: signals one of the processes of that name, and prints its number.
PICK = """
wanted=$1 sign=$2 draw=$3 master= found= chosen=
cd /proc
for p in [0-9]*; do
	{ read -r pid name state parent rest <$p/stat; } 2>/dev/null || continue
	[ "$name" != "(master)" ] || master=$pid
	[ "$name" != "($wanted)" ] || [ "$state" = Z ] || found="$found $pid:$parent"
done
for one in $found; do
	case $wanted:${one#*:} in
	opendkim:1 | dovecot:1 | master:1 | *:"$master") chosen="$chosen ${one%:*}" ;;
	esac
done
set -- $chosen
[ $# -gt 0 ] || exit 3
shift $((draw % $#))
kill -s "$sign" "$1" && echo "$1"
"""


def plan(seed, count):
    """COUNT times a name, a signal and a draw: each pair once before any comes twice."""
    chance = random.Random(seed)
    pairs = [(name, sign) for name in [*SERVICES, *WORKERS] for sign in SIGNALS]
    out = []
    while len(out) < count:
        chance.shuffle(pairs)
        out += pairs
    return [(name, sign, chance.randrange(1 << 16)) for name, sign in out[:count]]


def strike(container, name, sign, draw):
    """Kills one; a worker that is not there yet is waited for. Returns what is to be noted."""
    end = time.monotonic() + PATIENCE
    while True:
        done = subprocess.run(
            ["docker", "exec", container, "sh", "-c", PICK, "-", name, sign, str(draw)],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)
        if done.returncode == 0:
            return {"name": name, "service": SERVICES.get(name), "signal": sign,
                    "pid": int(done.stdout), "at": time.time()}
        if time.monotonic() > end:
            raise SystemExit(f"no {name} to kill within {PATIENCE} s: {done.stderr}")
        time.sleep(0.1)
