#!/usr/bin/env python3
"""Prints what a name server answers for NAME and TYPE, one record a line. Exit 1 for nothing."""

import sys

import dns.exception
import dns.resolver


def main():
    server, name, kind = sys.argv[1:4]
    resolver = dns.resolver.Resolver(configure=False)
    resolver.nameservers = [server]
    resolver.lifetime = 5
    try:
        for record in resolver.resolve(name, kind):
            print(record.to_text())
    except dns.exception.DNSException as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
