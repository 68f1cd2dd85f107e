"""
What the test's mail clients share: a name bound to an address, and TLS as told.

Two containers may both be mail.example.com, one for each base, so no client asks a
resolver for that name: it is pinned to the address that the test gives, while the
certificate is still checked against the name.
"""

import argparse
import os
import socket
import ssl
import sys


def parser(doc, port=True):
    """A parser with the options that every client has; PORT: it has to be told one."""
    out = argparse.ArgumentParser(description=doc)
    out.add_argument("--address", required=True, help="where to connect to")
    out.add_argument("--host", default="mail.example.com", help="the name that it goes by")
    out.add_argument("--port", type=int, required=port)
    out.add_argument("--tls", choices=("none", "starttls", "tls"), default="none")
    out.add_argument("--ca", help="PEM file of the only authority to trust; without it any will do")
    out.add_argument("--user")
    out.add_argument("--password-env", metavar="NAME", default="PASSWORD",
                     help="environment variable that holds the password")
    return out


def pin(host, address):
    """From now on HOST is ADDRESS in this process."""
    ask = socket.getaddrinfo

    def pinned(name, *rest, **options):
        return ask(address if name == host else name, *rest, **options)

    socket.getaddrinfo = pinned


def context(args):
    """The TLS context: everything is verified, or nothing is."""
    if args.ca:
        return ssl.create_default_context(cafile=args.ca)
    out = ssl.create_default_context()
    out.check_hostname = False
    out.verify_mode = ssl.CERT_NONE
    return out


def password(args):
    if args.password_env not in os.environ:
        sys.exit(f"the password is expected in ${args.password_env}")
    return os.environ[args.password_env]


def text(reply):
    """A reply of smtplib or imaplib as one line."""
    return " ".join(reply.decode("utf-8", "replace").split())
