#!/usr/bin/env python3
"""
Verifies the DKIM signature of the message on standard input, with the key that the
given name server publishes. Prints "pass d=DOMAIN s=SELECTOR", or "fail ..." and exits 1.

The verifier is dkimpy: it shares no code with the signer.
"""

import argparse
import sys

import dkim
import dns.resolver


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dns", required=True, help="address of the name server to ask")
    args = parser.parse_args()
    resolver = dns.resolver.Resolver(configure=False)
    resolver.nameservers = [args.dns]

    def txt(name, timeout=5):
        del timeout
        answer = resolver.resolve(name.decode() if isinstance(name, bytes) else name, "TXT")
        return b"".join(answer[0].strings)

    message = sys.stdin.buffer.read()
    verifier = dkim.DKIM(message, minkey=1024)
    if not any(name.lower() == b"dkim-signature" for name, _ in verifier.headers):
        print("fail: the message has no DKIM-Signature")
        return 1
    try:
        good = verifier.verify(dnsfunc=txt)
    except (dkim.DKIMException, dns.resolver.NXDOMAIN, dns.resolver.NoAnswer) as error:
        print(f"fail: {error}")
        return 1
    word = "pass" if good else "fail"
    print(f"{word} d={verifier.domain.decode()} s={verifier.selector.decode()}")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
