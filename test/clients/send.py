#!/usr/bin/env python3
"""
Sends mail over SMTP and prints one line a message: the stage at which the server
answered for good, its code and its words, as in "rcpt 550 5.1.1 ...".

Stages: connect, ehlo, starttls, auth, mail, rcpt, data. Exit 0 when the server
answered at all, whatever it said: what it ought to say is for the test to know.
"""

import base64
import email.utils
import smtplib
import sys

import common


class Refused(Exception):
    """The server said something else than yes."""

    def __init__(self, stage, reply):
        super().__init__(f"{stage} {reply[0]} {common.text(reply[1])}")


def answer(ask, *args, **options):
    """The reply to ASK, also where smtplib makes an exception of it."""
    try:
        return ask(*args, **options)
    except smtplib.SMTPResponseException as error:
        return error.smtp_code, error.smtp_error


def need(stage, reply, good):
    if reply[0] not in good:
        raise Refused(stage, reply)


def connect(args):
    kind = smtplib.SMTP_SSL if args.tls == "tls" else smtplib.SMTP
    options = {"context": common.context(args)} if args.tls == "tls" else {}
    smtp = kind(local_hostname="client.test", timeout=60, **options)
    smtp._host = args.host  # what smtplib takes for the server's name in TLS
    need("connect", answer(smtp.connect, args.host, args.port), (220,))
    need("ehlo", smtp.ehlo(), (250,))
    if args.tls == "starttls":
        need("starttls", answer(smtp.starttls, context=common.context(args)), (220,))
        need("ehlo", smtp.ehlo(), (250,))
    return smtp


def authenticate(smtp, args):
    # Sent even where AUTH is not offered: the server must refuse it, not trust us.
    secret = f"\0{args.user}\0{common.password(args)}".encode()
    need("auth", smtp.docmd("AUTH", "PLAIN " + base64.b64encode(secret).decode()), (235,))


def compose(args, message_id):
    return "\r\n".join((
        f"From: <{args.header_from or args.sender}>",
        "To: " + ", ".join(f"<{one}>" for one in args.to),
        "Subject: a test message",
        f"Message-ID: {message_id}",
        f"Date: {email.utils.formatdate()}",
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=us-ascii",
        "",
        "This is the first line.",
        "." * 3 + " a line that starts with dots, and one with a trailing blank ",
        "",
        "And this the last.",
        "",
    ))


def send(smtp, args, message_id):
    need("mail", smtp.mail(args.sender), (250,))
    for recipient in args.to:
        need("rcpt", smtp.rcpt(recipient), (250, 251))
    reply = answer(smtp.data, compose(args, message_id))
    return f"data {reply[0]} {common.text(reply[1])}"


def main():
    parser = common.parser(__doc__)
    parser.add_argument("--from", dest="sender", default="stranger@gmail.test")
    parser.add_argument("--header-from")
    parser.add_argument("--to", action="append", default=[])
    parser.add_argument("--message-id", action="append", default=[])
    args = parser.parse_args()
    common.pin(args.host, args.address)
    try:
        smtp = connect(args)
        if args.user:
            authenticate(smtp, args)
            if not args.message_id:
                print("auth 235")
        for message_id in args.message_id:
            print(send(smtp, args, message_id))
    except Refused as refused:
        print(refused)
        smtp = None
    except smtplib.SMTPNotSupportedError as error:
        print(f"starttls 000 {error}")
        smtp = None
    if smtp:
        smtp.quit()
    return 0


if __name__ == "__main__":
    sys.exit(main())
