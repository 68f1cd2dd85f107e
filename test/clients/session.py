#!/usr/bin/env python3
"""
An IMAP session that stays: logs in and prints "in"; for each line on standard input it
sends a NOOP and prints the reply, or "lost" and ends.
"""

import imaplib
import sys

import common


def main():
    args = common.parser(__doc__).parse_args()
    common.pin(args.host, args.address)
    imap = imaplib.IMAP4_SSL(args.host, args.port, ssl_context=common.context(args), timeout=60)
    imap.login(args.user, common.password(args))
    imap.select("INBOX")
    print("in", flush=True)
    for _ in sys.stdin:
        try:
            print(imap.noop()[0], flush=True)
        except (imaplib.IMAP4.abort, OSError):
            print("lost", flush=True)
            return 0
    imap.logout()
    return 0


if __name__ == "__main__":
    sys.exit(main())
