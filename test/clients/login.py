#!/usr/bin/env python3
"""
Logs in by IMAP; exit code 1 when it is refused. With --stay the session stays open: it
prints "open", and for each line on standard input "answered" once the server has
answered a NOOP, or "lost" when there is no session any more.
"""

import imaplib
import sys

import common


def main():
    parser = common.parser(__doc__)
    parser.add_argument("--stay", action="store_true")
    args = parser.parse_args()
    common.pin(args.host, args.address)
    imap = imaplib.IMAP4_SSL(args.host, args.port, ssl_context=common.context(args), timeout=60)
    try:
        imap.login(args.user, common.password(args))
        imap.select()
    except imaplib.IMAP4.error as error:
        sys.exit(f"refused: {error}")
    print("open", flush=True)
    for _ in sys.stdin if args.stay else ():
        try:
            imap.noop()
        except (imaplib.IMAP4.abort, OSError):
            print("lost", flush=True)
            return
        print("answered", flush=True)
    imap.logout()


if __name__ == "__main__":
    main()
