#!/usr/bin/env python3
"""
What became of the storm's messages: three questions, each with exit code 0 or 1.

    delivered  each message that got a 250 is where it belongs, and nothing else is
    copies     each copy too many has a cause that at-least-once delivery allows
    signed     each copy passes a verifier of DKIM, the bounces too

The directory has the Maildirs info, sales (of the mail container) and outside.

These are the causes of a copy too many:

    sent again       The server had the whole message and its yes did not come, for a process
                     was killed; the client sent it again, and the first had been queued. Such
                     copies have different queue ids, at most one for each missing yes.
    delivered again  The receiver had taken it when a process was killed, before the queue had
                     noted so. Such copies have one queue id, and a kill lies between them.
"""

import argparse
import collections
import json
import pathlib
import sys

import maildirs
import mails

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "clients"))
import dkim_verify  # noqa: E402

# Whose end leads to which cause.
RECEIVERS = ("master", "smtpd", "cleanup", "opendkim")
DELIVERERS = ("master", "qmgr", "cleanup", "bounce", "smtp", "lmtp", "dovecot")
# A file's time is that of the delivery's beginning, a kill's that of our hearing of it.
SLACK = 2  # seconds
# From the delivery to the queue's note of it: a kill after that did not cause another copy.
NOTED_WITHIN = 10  # seconds


def wanted_keys(journal):
    """What there has to be: the key of each delivery and bounce, with the message's number."""
    out = {}
    for number in map(int, journal["messages"]):
        about = mails.message_id(number)
        for mailbox in mails.mailboxes(number):
            out[mailbox, "message", about] = number
        if mails.kind(number) == "unknown":
            out["info", "bounce", about] = number
    return out


def report(faults, summary):
    for fault in faults[:20]:
        print(fault)
    if len(faults) > 20:
        print(f"and {len(faults) - 20} more")
    print(summary)
    return 1 if faults else 0


def delivered(journal, found):
    wanted = wanted_keys(journal)
    faults = [f"missing: {maildirs.name_of(key)}, queued as "
              f"{journal['messages'][str(number)]['queue_id']}"
              for key, number in wanted.items() if key not in found]
    missing = len(faults)
    notices = [key for key in found if key[1] == "notice"]
    faults += [f"not expected: {maildirs.name_of(key)}" for key in found
               if key not in wanted and key not in notices]
    bounces = sum(kind == "bounce" for _, kind, _ in wanted)
    return report(faults, f"{len(journal['messages'])} messages got a 250; of {len(wanted)} "
                          f"deliveries, {bounces} of them bounces, {missing} are missing; "
                          f"{len(notices)} notices to the postmaster")


def kill_between(journal, names, begin, end):
    """The kill of such a process in that time, the nearest to its begin, in words, or None."""
    kills = [one for one in journal["kills"]
             if one["name"] in names and begin - SLACK <= one["at"] <= end + SLACK]
    if not kills:
        return None
    nearest = min(kills, key=lambda one: abs(one["at"] - begin))
    return f"{nearest['signal']} to {nearest['name']}"


def explain(journal, unanswered, same):
    """For each copy but the first: what it is, and after which kill; None if after no kill."""
    unanswered, first = list(unanswered), {}
    for copy in same:
        before = first.setdefault(copy.queue_id, copy)
        if before is not copy:
            end = min(copy.at, before.at + NOTED_WITHIN)
            yield "delivered again", kill_between(journal, DELIVERERS, before.at, end)
        elif copy is not same[0]:
            given, failed = unanswered.pop(0) if unanswered else (1, 0)
            yield "sent again", kill_between(journal, RECEIVERS, given, failed)


def copies(journal, found):
    wanted, causes, faults = wanted_keys(journal), collections.Counter(), []
    for key, same in found.items():
        noted = journal["messages"].get(str(wanted.get(key)), {"unanswered": []})
        for what, kill in explain(journal, noted["unanswered"], same):
            causes[f"{what}, after {kill}"] += 1
            if kill is None:
                faults.append(f"{what} without a kill: {len(same)} copies of {same[0]}")
    for why, count in causes.most_common():
        print(f"{count:4} {why}")
    again = sum(len(one["unanswered"]) for one in journal["messages"].values())
    total = sum(map(len, found.values()))
    return report(faults, f"{total} copies, {total - len(found)} too many; {again} times the "
                          f"server had a message and its yes did not come")


def signed(found, server):
    txt, faults, count = dkim_verify.ask(server), [], 0
    for same in found.values():
        for copy in same:
            line = dkim_verify.verify(copy.raw, txt)
            count += 1
            if not line.startswith("pass "):
                faults.append(f"{copy}: {line}")
    return report(faults, f"{count} copies verified, {len(faults)} fail")


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("question", choices=("delivered", "copies", "signed"))
    parser.add_argument("--journal", type=pathlib.Path, required=True)
    parser.add_argument("--dns", help="address of the name server that has the keys")
    parser.add_argument("directory", type=pathlib.Path)
    args = parser.parse_args()
    found = maildirs.read(args.directory)
    if args.question == "signed":
        return signed(found, args.dns)
    journal = json.loads(args.journal.read_text())
    return {"delivered": delivered, "copies": copies}[args.question](journal, found)


if __name__ == "__main__":
    sys.exit(main())
