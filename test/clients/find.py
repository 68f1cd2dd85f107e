#!/usr/bin/env python3
"""
Looks for a message by its Message-ID in a mailbox, over IMAP or POP3, waits for it if
need be, and prints it as it is. Exit 1 when it does not come, or the server says no.

Without --message-id it only logs in, and says so.
"""

import imaplib
import poplib
import sys
import time

import common


def imap_login(args):
    if args.tls == "tls":
        box = imaplib.IMAP4_SSL(args.host, args.port, ssl_context=common.context(args), timeout=60)
    else:
        box = imaplib.IMAP4(args.host, args.port, timeout=60)
        if args.tls == "starttls":
            box.starttls(ssl_context=common.context(args))
    box.login(args.user, common.password(args))  # which quotes it
    return box


def imap_look(args):
    box = imap_login(args)
    try:
        if not args.message_id:
            return b"logged in\n"
        box.select("INBOX", readonly=True)
        _, found = box.search(None, "HEADER", "Message-ID", f'"{args.message_id}"')
        numbers = found[0].split()
        return box.fetch(numbers[0], "(BODY.PEEK[])")[1][0][1] if numbers else None
    finally:
        box.logout()


def pop3_login(args):
    if args.tls == "tls":
        box = poplib.POP3_SSL(args.host, args.port, context=common.context(args), timeout=60)
    else:
        box = poplib.POP3(args.host, args.port, timeout=60)
        if args.tls == "starttls":
            box.stls(context=common.context(args))
    box.user(args.user)
    box.pass_(common.password(args))
    return box


def pop3_look(args):
    box = pop3_login(args)
    try:
        if not args.message_id:
            return b"logged in\n"
        for number in range(1, box.stat()[0] + 1):
            lines = box.retr(number)[1]
            if args.message_id.encode() in b"\n".join(lines):
                return b"\r\n".join(lines) + b"\r\n"
        return None
    finally:
        box.quit()


def main():
    parser = common.parser(__doc__)
    parser.add_argument("protocol", choices=("imap", "pop3"))
    parser.add_argument("--message-id")
    parser.add_argument("--wait", type=float, default=60, help="seconds")
    args = parser.parse_args()
    common.pin(args.host, args.address)
    look = imap_look if args.protocol == "imap" else pop3_look
    deadline = time.monotonic() + args.wait
    try:
        while not (found := look(args)):
            if time.monotonic() > deadline:
                print(f"{args.message_id} is not in the mailbox of {args.user}", file=sys.stderr)
                return 1
            time.sleep(0.2)
    except (imaplib.IMAP4.error, poplib.error_proto) as error:
        print(f"refused: {error}", file=sys.stderr)
        return 1
    sys.stdout.buffer.write(found)
    return 0


if __name__ == "__main__":
    sys.exit(main())
