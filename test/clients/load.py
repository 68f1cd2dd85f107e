#!/usr/bin/env python3
"""
Sends mail as other servers do: each message goes to one of the addresses of --host, and to
another one when that says no for now or nothing, until somebody says 250.
When the file --stop is there it ends: once all messages under way have got their 250 it takes
that file away.

--ledger FILE gets a line for each message that was accepted: its Message-ID, the address that
took it, and how often it was sent whole without an answer (each may be a copy too many). A
message that is refused for good, with 5xx, is the line "refused ID CODE WORDS".
"""

import argparse
import os
import random
import smtplib
import socket
import sys
import threading
import time

LOCK = threading.Lock()


def say(ledger, line):
    with LOCK:
        ledger.write(line + "\n")
        ledger.flush()


def addresses(host, port):
    try:
        found = socket.getaddrinfo(host, port, socket.AF_INET, socket.SOCK_STREAM)
    except socket.gaierror:
        return []
    return [one[4][0] for one in found]


def attempt(address, args, message_id):
    """The reply to the message, or None; and whether it was sent whole."""
    whole = False
    try:
        with smtplib.SMTP(address, args.port, local_hostname="client.test", timeout=20) as smtp:
            smtp.ehlo()
            for command in (lambda: smtp.mail(args.sender), lambda: smtp.rcpt(args.to),
                            lambda: smtp.docmd("DATA")):
                reply = command()
                if reply[0] >= 400:
                    return reply, False
            smtp.send((f"From: <{args.sender}>\r\nTo: <{args.to}>\r\nSubject: load\r\n"
                       f"Message-ID: {message_id}\r\n\r\nOne of many.\r\n.\r\n").encode())
            whole = True
            return smtp.getreply(), True
    except (OSError, smtplib.SMTPException):
        return None, whole


def worker(args, ledger):
    while not os.path.exists(args.stop):
        message_id, unanswered, code = f"<{os.urandom(8).hex()}@test>", 0, 0
        while code != 250:
            choice = addresses(args.host, args.port)
            address = random.choice(choice) if choice else None
            reply, whole = attempt(address, args, message_id) if address else (None, False)
            unanswered += whole and reply is None
            code = reply[0] if reply else 0
            if code >= 500:
                say(ledger, f"refused {message_id} {code} {reply[1].decode()}")
                break
            if code != 250:
                time.sleep(0.2)
        else:
            say(ledger, f"{message_id} {address} {unanswered}")
        time.sleep(args.pause)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--host", required=True)
    parser.add_argument("--port", type=int, default=25)
    parser.add_argument("--from", dest="sender", default="stranger@gmail.test")
    parser.add_argument("--to", required=True)
    parser.add_argument("--workers", type=int, default=3)
    parser.add_argument("--pause", type=float, default=0.3, help="seconds, after each message")
    parser.add_argument("--ledger", required=True)
    parser.add_argument("--stop", required=True)
    args = parser.parse_args()
    with open(args.ledger, "a", encoding="utf-8") as ledger:
        workers = [threading.Thread(target=worker, args=(args, ledger))
                   for _ in range(args.workers)]
        for one in workers:
            one.start()
        for one in workers:
            one.join()
    os.unlink(args.stop)
    return 0


if __name__ == "__main__":
    sys.exit(main())
