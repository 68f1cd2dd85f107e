#!/usr/bin/env python3
"""
Sends messages through submission, with several clients at once, while processes of the mail
container are killed. A client whose message gets anything but a 250, or nothing, connects
anew and sends it again, until it gets its 250.

A kill comes after a number of messages, not after a time, so that the storm is the same one
on a slow machine. What happened is written to the journal, as JSON:
    messages  NUMBER: queue_id (of its 250), unanswered (pairs of times: the server was given the
              whole message, and it was clear that it did not say yes)
    kills     name, service (if it is the main process of one), signal, pid, at (seconds since
              1970)
    trouble   what clients were answered, or suffered: how often
"""

import argparse
import collections
import concurrent.futures
import json
import pathlib
import queue
import re
import smtplib
import sys
import threading
import time

import mails
import victims

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "clients"))
import common  # noqa: E402
import send  # noqa: E402

TROUBLE = (smtplib.SMTPException, OSError, send.Refused)
PAUSE = 0.1  # seconds, after trouble


class Storm:
    """What is still to be sent, and the journal."""

    def __init__(self, args):
        self.args = args
        self.todo = queue.SimpleQueue()
        for number in range(args.messages):
            self.todo.put(number)
        self.end = time.monotonic() + args.limit
        self.changed = threading.Condition()
        self.messages, self.kills, self.trouble = {}, [], collections.Counter()

    def numbers(self):
        while True:
            try:
                yield self.todo.get_nowait()
            except queue.Empty:
                return

    def accept(self, number, noted):
        with self.changed:
            self.messages[number] = noted
            self.changed.notify_all()

    def note_trouble(self, error):
        words = re.sub(r"\S+@\S+", "…", " ".join(str(error).split()))
        with self.changed:
            self.trouble[f"{type(error).__name__}: {words[:90]}"] += 1

    def wait_for(self, count):
        """Until so many messages were accepted."""
        with self.changed:
            left = self.end - time.monotonic()
            return self.changed.wait_for(lambda: len(self.messages) >= count, max(left, 0))

    def check_time(self):
        if time.monotonic() > self.end:
            raise SystemExit(f"after {self.args.limit} s only {len(self.messages)} of "
                             f"{self.args.messages} messages were accepted")


def begin(args):
    session = send.connect(args)
    send.authenticate(session, args)
    return session


def transmit(session, args, number, noted):
    """One message, to its 250."""
    to = mails.recipients(number)
    letter = argparse.Namespace(sender=mails.SENDER, header_from=None, to=to)
    text = send.compose(letter, mails.message_id(number)).encode()
    send.need("mail", session.mail(mails.SENDER), (250,))
    for one in to:
        send.need("rcpt", session.rcpt(one), (250,))
    send.need("data", session.docmd("DATA"), (354,))
    given = time.time()
    try:
        session.send(re.sub(rb"(?m)^\.", b"..", text) + b".\r\n")
        code, words = session.getreply()
        send.need("end of data", (code, words), (250,))
    except TROUBLE:
        noted["unanswered"].append((given, time.time()))
        raise
    noted["queue_id"] = words.split()[-1].decode()


def client(storm):
    """Sends until nothing is left, with a new connection for every few messages."""
    session = None
    for number in storm.numbers():
        noted = {"unanswered": []}
        while "queue_id" not in noted:
            storm.check_time()
            try:
                session = session or begin(storm.args)
                transmit(session, storm.args, number, noted)
                if number % 7 == 0:
                    session.quit()
                    session = None
            except TROUBLE as error:
                storm.note_trouble(error)
                session = None
                time.sleep(PAUSE)
        storm.accept(number, noted)


def killer(storm):
    args = storm.args
    for i, (name, sign, draw) in enumerate(victims.plan(args.seed, args.kills)):
        if not storm.wait_for((i + 1) * args.messages // (args.kills + 1)):
            return  # a client says that it took too long
        kill = victims.strike(args.container, name, sign, draw)
        storm.kills.append(kill)
        print(f"{len(storm.messages):5} accepted: {sign} to {name}, pid {kill['pid']}", flush=True)


def main():
    parser = common.parser(__doc__)
    parser.add_argument("--container", required=True)
    parser.add_argument("--messages", type=int, required=True)
    parser.add_argument("--kills", type=int, required=True)
    parser.add_argument("--clients", type=int, default=6)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--limit", type=float, default=240, help="seconds for the whole storm")
    parser.add_argument("--journal", type=pathlib.Path, required=True)
    args = parser.parse_args()
    common.pin(args.host, args.address)
    storm = Storm(args)
    with concurrent.futures.ThreadPoolExecutor(args.clients + 1) as pool:
        tasks = [pool.submit(killer, storm)]
        tasks += [pool.submit(client, storm) for _ in range(args.clients)]
    for words, count in storm.trouble.most_common():
        print(f"{count:5} times: {words}")
    for task in tasks:
        task.result()
    args.journal.write_text(json.dumps({"messages": storm.messages, "kills": storm.kills,
                                        "trouble": storm.trouble}, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
