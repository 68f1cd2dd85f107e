#!/usr/bin/env python3
"""
Verifies the DKIM signature of the message on standard input, with the key that the
given name server publishes. Prints "pass d=DOMAIN s=SELECTOR", or "fail ..." and exits 1.

With files, verifies each of them: a line a message, with the file's name at its end.

The verifier is dkimpy: it shares no code with the signer.
"""

import argparse
import functools
import pathlib
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
    parser.add_argument("file", nargs="*", type=pathlib.Path)
    args = parser.parse_args()
    txt = ask(args.dns)
    if args.file:
        lines = [f"{verify(file.read_bytes(), txt)} {file.name}" for file in args.file]
    else:
        lines = [verify(sys.stdin.buffer.read(), txt)]
    print("\n".join(lines))
    return 0 if all(line.startswith("pass ") for line in lines) else 1


if __name__ == "__main__":
    sys.exit(main())
