#!/usr/bin/env python3
"""
Verifies the DKIM signature of the message on standard input, with the key that the
given name server publishes. Prints "pass d=DOMAIN s=SELECTOR", or "fail ..." and exits 1.

The verifier is dkimpy: it shares no code with the signer.
"""

import argparse
import functools
import sys

import dkim
import dns.resolver


def ask(server):
    """What dkimpy asks for a key: a function of the name, and the answer is the record."""
    resolver = dns.resolver.Resolver(configure=False)
    resolver.nameservers = [server]

    @functools.cache
    def txt(name, timeout=5):
        del timeout
        answer = resolver.resolve(name.decode() if isinstance(name, bytes) else name, "TXT")
        return b"".join(answer[0].strings)

    return txt


def verify(message, txt):
    """The line to print: it begins with pass, or with fail."""
    verifier = dkim.DKIM(message, minkey=1024)
    if not any(name.lower() == b"dkim-signature" for name, _ in verifier.headers):
        return "fail: the message has no DKIM-Signature"
    try:
        good = verifier.verify(dnsfunc=txt)
    except (dkim.DKIMException, dns.resolver.NXDOMAIN, dns.resolver.NoAnswer) as error:
        return f"fail: {error}"
    word = "pass" if good else "fail"
    return f"{word} d={verifier.domain.decode()} s={verifier.selector.decode()}"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dns", required=True, help="address of the name server to ask")
    args = parser.parse_args()
    line = verify(sys.stdin.buffer.read(), ask(args.dns))
    print(line)
    return 0 if line.startswith("pass ") else 1


if __name__ == "__main__":
    sys.exit(main())
