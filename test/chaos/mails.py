"""The mail of the storm: what is sent, and where a copy of it has to be in the end."""

SENDER = "info@example.com"
OTHER, FRIEND, NOBODY = "sales@example.org", "friend@gmail.test", "nobody@gmail.test"
RECIPIENTS = {
    "local": [OTHER],
    "self": [SENDER],
    "outside": [FRIEND],
    "both": [OTHER, FRIEND],
    "unknown": [NOBODY],  # refused by the outside server: a bounce to the sender
}
# Of each ten messages.
KINDS = ["local", "outside", "self", "outside", "unknown",
         "local", "both", "outside", "local", "unknown"]
# The mailbox that each recipient's mail ends in; a bounce is looked for by what it returns.
MAILBOXES = {OTHER: "sales", SENDER: "info", FRIEND: "outside"}


def kind(number):
    return KINDS[number % len(KINDS)]


def recipients(number):
    return RECIPIENTS[kind(number)]


def message_id(number):
    return f"<{number}.storm@test>"


def mailboxes(number):
    """Where copies of this message, not of its bounce, have to be."""
    return [MAILBOXES[one] for one in recipients(number) if one in MAILBOXES]
