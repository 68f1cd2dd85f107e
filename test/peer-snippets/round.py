#!/usr/bin/env python3
"""test/peer-snippets/round.py MAILINIT [COUNT] - whether mailinit.yaml keeps what variables say

COUNT times some settings and some raw values of hard characters, always the same ones, are
given as variables; what `mailinit import` prints, as the only input, must give the same files byte
for byte. Choices that a start refuses are not counted. Speaks TAP.
"""
import pathlib
import random
import subprocess
import sys
import tempfile

ALWAYS = {"MAIL_HOSTNAME": "m.b.test", "MAIL_DOMAINS": "b.test c.test"}
SETTINGS = {
    "MAIL_ROLES": ["relay", "mx submission mailstore"],
    "MAIL_NETWORKS": ["loopback connected", "10.0.0.0/8 [fd00::]/64 !10.0.0.1", "container"],
    "MAIL_TLS_PROTOCOLS": [">=TLSv1.3"],
    "MAIL_RELAY_HOST": ["[h.test]:587", "h.test"],
    "MAIL_RELAY_TLS": ["may", "dane"],
    "MAIL_ALIASES": ["a@b.test=x@y.test,z@y.test @c.test=a@b.test"],
    "MAIL_TRANSPORTS": ["d.test=smtp:[10.0.0.5]:25 e.test=:"],
    "MAIL_SENDER_LOGINS": ["@b.test=a@b.test"],
    "MAIL_DKIM_SELECTORS": ["c.test=t"],
    "MAIL_DKIM_BITS": ["3072"],
    "MAIL_MILTERS": ["inet:rspamd:11332 unix:/x"],
    "MAIL_POSTFIX_CHROOT": ["no"],
    "MAIL_LIMITS_MESSAGE": ["10M", "0", "12345"],
    "MAIL_LIMITS_MAILBOX": ["1G"],
    "MAIL_START_TIMEOUT": ["45s", "900ms"],
    "MAIL_RESTART_GIVE_UP_AFTER": ["3 in 1m"],
    "MAIL_VARS": ["a=b c=yes d=12 e=~"],
    "MAIL_MAILBOXES_QUOTAS": ["a@b.test=5M"],
    "POSTFIX_relayhost": ["[r.test]:25"],
    "POSTFIX_message_size_limit": ["777"],
    "POSTFIXMASTER_smtp__inet": ["smtp inet n - y - - smtpd -o syslog_name=x"],
    "POSTFIXMASTER_submissions__inet": [""],
    "POSTFIX_biff": [""],
    "DOVECOT_mail_debug": ["yes"],
    "OPENDKIM_Canonicalization": ["relaxed/simple"],
}
PIECES = list("ab:#'\"{}[]&*!|>%@`,?- \t\\~=yn") + ["é", "no", "1e3", "null"]
LINES = ["a b\n", "# c\n", " d\n", "\n", "x\ty\n", "* z\n", "é: - z\n"]


def variables():
    result = dict(ALWAYS)
    for name in random.sample(sorted(SETTINGS), random.randrange(1, 14)):
        result[name] = random.choice(SETTINGS[name])
    result["POSTFIX_smtpd_banner"] = "".join(random.choices(PIECES, k=random.randrange(1, 12)))
    result["POSTMAP_t"] = "".join(random.choices(LINES, k=random.randrange(1, 6)))
    return result


def difference(mailinit, given):
    """What differs; "" when nothing does; None when a start would be refused."""
    with tempfile.TemporaryDirectory() as scratch:
        run = subprocess.run([mailinit, "import"], env=given, capture_output=True, timeout=60)
        if run.returncode != 0:
            return None
        path = pathlib.Path(scratch, "mailinit.yaml")
        path.write_bytes(run.stdout)
        for out, more, environment in (("a", [], given), ("b", ["--config", str(path)], {})):
            run = subprocess.run([mailinit, "--dry-run", "--out", f"{scratch}/{out}", *more],
                                 env=environment, capture_output=True, timeout=60)
        if not pathlib.Path(scratch, "b").exists():
            return run.stdout.decode()
        return subprocess.run(["diff", "-r", f"{scratch}/a", f"{scratch}/b"], capture_output=True,
                              timeout=60).stdout.decode()


def main():
    random.seed(3)
    compared, wrong = 0, []
    for _ in range(int(sys.argv[2]) if len(sys.argv) > 2 else 60):
        given = variables()
        found = difference(str(pathlib.Path(sys.argv[1]).resolve()), given)
        compared += found is not None
        if found:
            wrong.append(f"{given}\n{found}")
    good = not wrong and compared > 20
    print(f"1..1\n{'ok' if good else 'not ok'} 1 - {compared} mailinit.yaml say what the variables said")
    print("".join(f"# {line}\n" for text in wrong[:3] for line in text.splitlines()), end="")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
