#!/usr/bin/env python3
"""
Fifty made-up configurations: what `mailinit dns --zone` prints for them is served to pyspf and
dkimpy, which share no code with mailinit. Every address of dns.addresses must pass SPF, as
sender and as HELO, another one must not, and a signature by the private key must verify.

    published.py SEED MAILINIT DIRECTORY

prints each case in which they disagree, and how many agree; exit 1 for the former.
"""

import pathlib
import random
import subprocess
import sys

import dns.name
import dns.rdatatype
import dns.zone
import dkim
import spf

COUNT = 50
STRANGERS = ["203.0.113.5", "2001:db8:ffff::5"]


def lookup(zone):
    """What pyspf asks, answered from ZONE."""
    def answer(name, kind, strict=True, timeout=20):
        del strict, timeout
        found = zone.get_rdataset(dns.name.from_text(name), kind)
        if found is None:
            return []
        values = {
            "A": lambda data: data.address,
            "AAAA": lambda data: data.address,
            "MX": lambda data: (data.preference, data.exchange.to_text(True)),
            "PTR": lambda data: data.target.to_text(True),
            "TXT": lambda data: list(data.strings),
        }
        return [((name, kind), values[kind](data)) for data in found]
    return answer


def settings(rng, number, directory):
    """One configuration, and what must be true of it."""
    domain = rng.choice([f"d{number}.test", f"mail.d{number}.test", f"a-b.c.d{number}.test"])
    addresses = [f"192.0.2.{rng.randint(1, 254)}", f"2001:db8::{rng.randint(1, 65535):x}",
                 f"198.51.100.{rng.randint(1, 254)}"]
    case = {
        "domain": domain,
        "host": rng.choice([f"mail.d{number}.test", f"mx{number}.example.net", domain]),
        "addresses": rng.sample(addresses, rng.randint(1, 3)),
        "roles": rng.choice(["mx submission mailstore dkim", "submission dkim", "relay dkim",
                             "mx relay dkim"]),
        "selector": rng.choice(["default", "s2026", "x" * 63]),
        "bits": rng.choice([1024, 2048, 2048, 3072, 4096]),
    }
    private = directory / "dkim" / domain / f"{case['selector']}.private"
    private.parent.mkdir(parents=True, exist_ok=True)
    private.write_bytes((directory / f"{case['bits']}.pem").read_bytes())
    case["private"] = private
    return case


def zone_of(mailinit, case, directory):
    """What mailinit prints, as dnspython reads it; it refuses strings of more than 255 bytes."""
    environment = {
        "MAIL_HOSTNAME": case["host"], "MAIL_DOMAINS": case["domain"], "MAIL_ROLES": case["roles"],
        "MAIL_DNS_ADDRESSES": " ".join(case["addresses"]), "MAIL_DKIM_SELECTOR": case["selector"],
        "MAIL_DKIM_KEYS": str(directory / "dkim"), "MAIL_NETWORKS": "loopback",
        "MAIL_DELIVERY_SASL": "inet:store:1234", "MAIL_DELIVERY_LMTP": "inet:store:24",
    }
    if "mailstore" in case["roles"]:
        del environment["MAIL_DELIVERY_SASL"], environment["MAIL_DELIVERY_LMTP"]
    text = subprocess.run([mailinit, "dns", "--zone", "--target", "debian13"], check=True,
                          env=environment, capture_output=True, text=True).stdout
    head = "$TTL 60\n@ IN SOA dns.test. x.test. 1 1 1 1 1\n@ IN NS dns.test.\n"
    return dns.zone.from_text(head + text, origin=".", relativize=False, check_origin=False)


def verifies(zone, case):
    domain, private = case["domain"], case["private"].read_bytes()
    message = (f"From: a@{domain}\r\nTo: b@example.com\r\nSubject: hello\r\n"
               "Date: Mon, 1 Jan 2024 00:00:00 +0000\r\nMessage-ID: <1@x>\r\n\r\nwords\r\n").encode()
    header = dkim.sign(message, case["selector"].encode(), domain.encode(), private)

    def txt(name, timeout=5):
        del timeout
        found = zone.get_rdataset(dns.name.from_text(name.decode()), "TXT")
        return b"".join(found[0].strings) if found is not None else None

    return dkim.DKIM(header + message).verify(dnsfunc=txt)


def judge(zone, case):
    """What is not as it must be, in words."""
    spf.DNSLookup = lookup(zone)
    sender = f"postmaster@{case['domain']}"
    wrong = []
    for address in case["addresses"]:
        for who in (sender, ""):
            result = spf.check2(i=address, s=who, h=case["host"])[0]
            if result != "pass":
                wrong.append(f"SPF of {address} for \"{who}\" is {result}")
    for address in STRANGERS:
        for who in (sender, ""):
            result = spf.check2(i=address, s=who, h=case["host"])[0]
            if result != "fail":
                wrong.append(f"SPF of the stranger {address} for \"{who}\" is {result}")
    if not verifies(zone, case):
        wrong.append("a signature does not verify")
    return wrong


def main():
    rng, mailinit, directory = random.Random(int(sys.argv[1])), sys.argv[2], pathlib.Path(sys.argv[3])
    for bits in (1024, 2048, 3072, 4096):
        subprocess.run(["openssl", "genrsa", "-traditional", "-out", directory / f"{bits}.pem",
                        str(bits)], check=True, capture_output=True)
    wrong = 0
    for number in range(COUNT):
        case = settings(rng, number, directory)
        for words in judge(zone_of(mailinit, case, directory), case):
            wrong += 1
            print(f"{case['domain']} ({case['roles']}, {case['bits']} bits): {words}")
    print(f"{COUNT} configurations, {wrong} disagree")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
