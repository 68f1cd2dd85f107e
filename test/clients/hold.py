#!/usr/bin/env python3
"""
A client that is slow: it sends half of a message and prints "half"; when a line comes
on standard input it sends the rest, and prints the stage and the reply, as in
"data 250 2.0.0 Ok". Without a reply it prints "data lost". Exit 0 in both cases: what
ought to happen is for the test to know.
"""

import smtplib
import sys

import common


def main():
    parser = common.parser(__doc__)
    parser.add_argument("--from", dest="sender", default="friend@gmail.test")
    parser.add_argument("--to", required=True)
    parser.add_argument("--message-id", required=True)
    args = parser.parse_args()
    common.pin(args.host, args.address)
    smtp = smtplib.SMTP(args.host, args.port, local_hostname="client.test", timeout=60)
    for reply, code in ((smtp.ehlo(), 250), (smtp.mail(args.sender), 250),
                        (smtp.rcpt(args.to), 250), (smtp.docmd("DATA"), 354)):
        if reply[0] != code:
            sys.exit(f"{reply[0]} {common.text(reply[1])}")
    smtp.send(f"From: <{args.sender}>\r\nTo: <{args.to}>\r\nSubject: slow\r\n"
              f"Message-ID: {args.message_id}\r\n\r\nThe first half\r\n".encode())
    print("half", flush=True)
    sys.stdin.readline()
    try:
        smtp.send(b"and the second.\r\n.\r\n")
        code, words = smtp.getreply()
        print("data", code, common.text(words))
    except (smtplib.SMTPServerDisconnected, OSError):
        print("data lost")


if __name__ == "__main__":
    main()
