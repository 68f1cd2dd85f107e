#!/usr/bin/env python3
"""
Fifty domains with SPF and DKIM records of many kinds, right and wrong, and what two
implementations that share no code with mailinit make of them: pyspf and dkimpy.

    mail_auth.py zone SEED DIRECTORY    prints the records; writes keys below DIRECTORY,
                                        and DIRECTORY/cases.json
    mail_auth.py compare DIRECTORY DNS REPORT
                                        REPORT is the JSON of `mailinit check --live`

compare prints each case in which they disagree, and how many agree; exit 1 for the former.
"""

import collections
import json
import pathlib
import random
import subprocess
import sys

import dkim
import dns.resolver
import dns.reversename
import spf

COUNT = 50
ADDRESSES = ["192.0.2.7", "2001:db8::7"]
HOST = "mail.example.net"
KEYS = 3
STRING = 255


def text(name, value, cuts=None):
    """A TXT record in zone form, cut into strings at 255 bytes, or where CUTS says."""
    parts, last = [], 0
    for cut in (cuts or list(range(STRING, len(value), STRING))) + [len(value)]:
        parts.append(value[last:cut])
        last = cut
    strings = " ".join('"' + part.replace("\\", "\\\\").replace('"', '\\"') + '"' for part in parts)
    return f"{name}. IN TXT {strings}"


class Spf:
    """Makes up the SPF record of one domain, and what it leads to."""

    def __init__(self, rng, domain):
        self.rng, self.domain, self.zone, self.names = rng, domain, [], 0

    def name(self):
        self.names += 1
        return f"n{self.names}.{self.domain}"

    def host(self):
        """A name with addresses: ours, others, or none."""
        name = self.name()
        kind = self.rng.choice(["ours", "other", "other", "none", "four", "alias"])
        if kind in ("ours", "four"):
            self.zone.append(f"{name}. IN A 192.0.2.7")
        if kind == "ours":
            self.zone.append(f"{name}. IN AAAA 2001:db8::7")
        if kind == "other":
            self.zone += [f"{name}. IN A 198.51.100.9", f"{name}. IN AAAA 2001:db8:9::9"]
        if kind == "alias":
            self.zone += [f"{name}. IN CNAME a.{name}.", f"a.{name}. IN A 192.0.2.7",
                          f"a.{name}. IN AAAA 2001:db8::7"]
        return name

    def exchange(self):
        name = self.name()
        for preference in range(self.rng.choice([1, 2, 3, 11])):
            self.zone.append(f"{name}. IN MX {preference} {self.host()}.")
        return name

    def included(self, depth):
        name = self.name()
        kind = self.rng.choice(["record", "record", "record", "none", "two"])
        if kind == "none":
            self.zone.append(f"{name}. IN A 198.51.100.9")
        else:
            self.zone.append(text(name, self.record(depth + 1)))
        if kind == "two":
            self.zone.append(text(name, "v=spf1 ?all"))
        return name

    def exists(self):
        name = self.name()
        if self.rng.random() < 0.5:
            self.zone.append(f"7.2.0.192.in-addr.{name}. IN A 127.0.0.2")
        return f"exists:%{{ir}}.%{{v}}.{name}"

    def term(self, depth):
        """One mechanism; some of them are wrong."""
        cidr = self.rng.choice(["", "", "/24", "/24//64", "//48"])
        makers = [
            lambda: "ip4:" + self.rng.choice(["192.0.2.7", "192.0.2.0/24", "198.51.100.0/24"]),
            lambda: "ip6:" + self.rng.choice(["2001:db8::7", "2001:db8::/32", "2001:db9::/32"]),
            lambda: f"a:{self.host()}{cidr}",
            lambda: f"mx:{self.exchange()}{cidr}",
            self.exists,
            lambda: f"ptr:{self.rng.choice(['example.net', self.domain])}",
            lambda: f"a:{self.host().split('.')[0]}.%{{d}}",
        ]
        if depth < 2:
            makers += [lambda: f"include:{self.included(depth)}"] * 2
        if self.rng.random() < 0.04:
            return self.rng.choice(["ip4:192.0.2.300", "ip4:192.0.2.0/33", "a:%{x}.test", "nonsense",
                                    "include:", "ip6:2001:db8::/129", "exists", "all:x", "a:word"])
        return self.rng.choice(["", "", "", "?", "~", "-"]) + self.rng.choice(makers)()

    def record(self, depth=0):
        terms = [self.term(depth) for _ in range(self.rng.randint(0, 5 if depth == 0 else 3))]
        end = self.rng.choice(["-all", "~all", "?all", "+all", "", "redirect"])
        if end == "redirect" and depth < 2:
            end = f"redirect={self.included(depth)}"
        return " ".join(part for part in ["v=spf1", *terms, "" if end == "redirect" else end] if part)


def dkim_record(rng, name, keys, used):
    """
    The record of a selector: the right one, or one of many wrong ones. None has h=sha1, or
    a list in s=, to which dkimpy pays no heed (RFC 6376 section 3.6.1).
    """
    key = keys[used]
    right = f"v=DKIM1; h=sha256; k=rsa; p={key}"
    kinds = {
        "right": [text(name, right)],
        "parted": [text(name, right, sorted(rng.sample(range(50, 255), 1)) + [300])],
        "blanks": [text(name, f"v=DKIM1 ; k=rsa;  p={key[:100]} {key[100:]} ;")],
        "short": [text(name, f"p={key}")],
        "other": [text(name, f"v=DKIM1; k=rsa; p={keys[(used + 1) % KEYS]}")],
        "revoked": [text(name, "v=DKIM1; k=rsa; p=")],
        "cut": [text(name, right[:STRING])],
        "service": [text(name, f"v=DKIM1; s=other; p={key}")],
        "email": [text(name, f"v=DKIM1; s=email; t=s; p={key}")],
        "version": [text(name, f"v=DKIM2; p={key}")],
        "absent": [],
        "word": [text(name, "hello")],
    }
    kind = rng.choice(list(kinds))
    return kind, kinds[kind]


def make_key(path):
    path.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run(["openssl", "genrsa", "-traditional", "-out", path, "2048"], check=True,
                   capture_output=True)
    public = subprocess.run(["openssl", "rsa", "-in", path, "-pubout"], check=True,
                            capture_output=True, text=True).stdout
    return "".join(line for line in public.splitlines() if "-----" not in line)


def zone(seed, directory):
    rng = random.Random(seed)
    directory = pathlib.Path(directory)
    pairs = [directory / f"key{i}" for i in range(KEYS)]
    keys = [make_key(path) for path in pairs]
    cases = []
    for address in ADDRESSES:
        reverse = dns.reversename.from_address(address)
        print(f"{reverse} IN PTR {HOST}.")
    print(f"{HOST}. IN A {ADDRESSES[0]}\n{HOST}. IN AAAA {ADDRESSES[1]}")
    for i in range(COUNT):
        domain, used = f"d{i}.test", rng.randrange(KEYS)
        maker = Spf(rng, domain)
        kind = rng.choice(["one"] * 10 + ["none", "two"])
        records = {"one": 1, "none": 0, "two": 2}[kind]
        lines = [text(domain, maker.record()) for _ in range(records)] + maker.zone
        kind, published = dkim_record(rng, f"default._domainkey.{domain}", keys, used)
        print("\n".join(lines + published + [f"{domain}. IN MX 10 {HOST}."]))
        private = directory / domain / "default.private"
        private.parent.mkdir(exist_ok=True)
        private.write_bytes(pairs[used].read_bytes())
        cases.append({"domain": domain, "dkim": kind})
    (directory / "cases.json").write_text(json.dumps(cases))


def verifies(resolver, domain, private):
    """Whether dkimpy verifies what dkimpy has signed with the private key."""
    message = (f"From: a@{domain}\r\nTo: b@example.com\r\nSubject: hello\r\n"
               "Date: Mon, 1 Jan 2024 00:00:00 +0000\r\nMessage-ID: <1@x>\r\n\r\nwords\r\n").encode()
    header = dkim.sign(message, b"default", domain.encode(), private.read_bytes())

    def txt(name, timeout=5):
        del timeout
        try:
            return b"".join(resolver.resolve(name.decode(), "TXT")[0].strings)
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return None

    try:
        return dkim.DKIM(header + message).verify(dnsfunc=txt)
    except dkim.DKIMException:
        return False


def ours(report):
    """What mailinit says: (domain, address) to a result of SPF, and domain to that of DKIM."""
    results, keys = {}, {}
    for looked in report["live"]:
        words = looked["subject"].split()
        if words[0] == "SPF" and len(words) == 5:
            word = looked["detail"].split(":")[0].split(",")[0]
            results[words[2], words[4]] = "temperror" if looked["outcome"] == "not-checked" else word
        if words[0] == "DKIM":
            keys[words[1].removeprefix("default._domainkey.")] = looked["outcome"] == "right"
    return results, keys


def compare(directory, server, report):
    resolver = dns.resolver.Resolver(configure=False)
    resolver.nameservers = [server]
    resolver.lifetime = 20
    dns.resolver.default_resolver = resolver
    directory = pathlib.Path(directory)
    results, keys = ours(json.loads(pathlib.Path(report).read_text()))
    wrong, kinds = 0, collections.Counter()
    for case in json.loads((directory / "cases.json").read_text()):
        domain = case["domain"]
        for address in ADDRESSES:
            theirs = spf.check2(i=address, s=f"postmaster@{domain}", h=HOST)[0]
            kinds[f"spf {theirs}"] += 1
            if results.get((domain, address)) != theirs:
                wrong += 1
                print(f"SPF of {domain} for {address}: pyspf {theirs}, "
                      f"mailinit {results.get((domain, address))}")
        good = verifies(resolver, domain, directory / domain / "default.private")
        kinds[f"dkim {'pass' if good else 'fail'}"] += 1
        if keys.get(domain) != good:
            wrong += 1
            print(f"DKIM of {domain} ({case['dkim']}): dkimpy {good}, mailinit {keys.get(domain)}")
    print(f"{COUNT} domains, {sum(kinds.values())} results, {wrong} differ: {dict(kinds)}")
    return 1 if wrong else 0


def main():
    if sys.argv[1] == "zone":
        zone(int(sys.argv[2]), sys.argv[3])
        return 0
    return compare(*sys.argv[2:])


if __name__ == "__main__":
    sys.exit(main())
