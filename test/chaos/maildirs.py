"""The mail that arrived, as it lies in Maildirs."""

import collections
import email
import email.policy
import re

import mails

QUEUE_ID = re.compile(r"by mail\.example\.com \(Postfix\)[^;]*?\sid (\w+)")
FILE_NAME = re.compile(r"(\d+)\.(?:[^.]*M(\d+))?")  # seconds and microseconds of its delivery


class Copy:
    """
    One file. KIND is message, bounce, or notice (what Postfix tells the postmaster of its own
    accord). QUEUE_ID is that of the message that the client sent, also for its bounce.
    """

    def __init__(self, mailbox, path):
        self.mailbox = mailbox
        self.raw = path.read_bytes()
        seconds, micro = FILE_NAME.match(path.name).groups()
        self.at = int(seconds) + int(micro or 0) / 1e6
        message = email.message_from_bytes(self.raw, policy=email.policy.compat32)
        self.about = message["Message-ID"]
        self.queue_id = next(found[1] for one in message.get_all("Received")
                             if (found := QUEUE_ID.search(one)))
        self.kind = "message"
        if message.get_content_type() == "multipart/report":
            self.kind = "bounce"
            self.about, self.queue_id = returned(message)
        elif "MAILER-DAEMON" in message["From"]:
            self.kind = "notice"

    @property
    def key(self):
        return self.mailbox, self.kind, self.about

    def __str__(self):
        return name_of(self.key)


def returned(message):
    """The Message-ID and the queue id of what a bounce returns."""
    about = queue_id = None
    for part in message.walk():
        kind = part.get_content_type()
        if kind == "message/delivery-status":
            queue_id = part.get_payload(0)["X-Postfix-Queue-ID"]
        elif kind == "message/rfc822":
            about = part.get_payload(0)["Message-ID"]
    return about, queue_id


def name_of(key):
    mailbox, kind, about = key
    return f"{kind} {about} in {mailbox}"


def read(directory):
    """All copies, by what they are a copy of; those of each in order of time."""
    out = collections.defaultdict(list)
    for mailbox in mails.MAILBOXES.values():
        for folder in ("new", "cur"):  # what is in tmp was never delivered
            for path in (directory / mailbox / folder).glob("*"):
                copy = Copy(mailbox, path)
                out[copy.key].append(copy)
    if not out:
        raise SystemExit(f"there is no mail at all in {directory}")
    for same in out.values():
        same.sort(key=lambda one: one.at)
    return out
