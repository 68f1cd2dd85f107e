#!/usr/bin/env python3
"""
A smarthost on port 587 that takes mail from one user, with a password, under TLS only.

Arguments: PEM of certificate and key, user. The password is in $PASSWORD, so that
it may hold any character. Prints the Message-ID of each message that it took, and for each
command of a login or a message whether it came behind TLS or in clear. The certificate is
read anew for each connection. While there is a file /stripped it offers no TLS but the login, as
somebody in between would have it.
"""

import base64
import os
import socketserver
import ssl
import sys

PEM, USER = sys.argv[1:3]
SECRET = f"\0{USER}\0{os.environ['PASSWORD']}".encode()


class Session(socketserver.StreamRequestHandler):
    secure = known = False

    def say(self, line):
        self.wfile.write(line.encode() + b"\r\n")

    def line(self):
        return self.rfile.readline().decode("utf-8", "replace").rstrip("\r\n")

    def handle(self):
        try:
            self.converse()
        except OSError:
            print("left alone", flush=True)

    def converse(self):
        self.say("220 smarthost.test ESMTP")
        while command := self.line():
            verb, _, rest = command.partition(" ")
            if verb.lower() in ("auth", "mail", "rcpt", "data"):
                print("behind TLS" if self.secure else "in clear", verb.lower(), flush=True)
            action = getattr(self, "do_" + verb.lower(), None)
            if action is None:
                self.say("502 5.5.1 not here")
            elif action(rest) == "bye":
                return

    def do_ehlo(self, _):
        open_to_all = self.secure or os.path.exists("/stripped")
        offers = ["smarthost.test", "AUTH PLAIN" if open_to_all else "STARTTLS"]
        self.say("250-" + offers[0])
        self.say("250 " + offers[1])

    def do_starttls(self, _):
        if os.path.exists("/stripped"):
            self.say("502 5.5.1 not here")
            return
        self.say("220 2.0.0 go on")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(PEM)
        try:
            self.request = self.connection = context.wrap_socket(self.request, server_side=True)
        except OSError:
            print("no handshake", flush=True)
            return "bye"
        self.rfile = self.connection.makefile("rb")
        self.wfile = self.connection.makefile("wb", buffering=0)
        self.secure = True

    def do_auth(self, rest):
        given = rest.partition(" ")[2]
        self.known = self.secure and base64.b64decode(given) == SECRET
        self.say("235 2.7.0 welcome" if self.known else "535 5.7.8 wrong password")
        print("password", "right" if self.known else "wrong", flush=True)

    def do_mail(self, _):
        self.say("250 2.1.0 fine" if self.known else "530 5.7.0 authenticate first")

    def do_rcpt(self, _):
        self.say("250 2.1.5 fine" if self.known else "530 5.7.0 authenticate first")

    def do_data(self, _):
        if not self.known:
            self.say("530 5.7.0 authenticate first")
            return
        self.say("354 go on")
        while (line := self.line()) != ".":
            if line.lower().startswith("message-id:"):
                print("took", line.partition(":")[2].strip(), flush=True)
            if line.lower().startswith("dkim-signature:"):
                print("signed", flush=True)
        self.say("250 2.0.0 taken")

    def do_rset(self, _):
        self.say("250 2.0.0 fine")

    def do_quit(self, _):
        self.say("221 2.0.0 bye")
        return "bye"


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


print("listening", flush=True)
Server(("", 587), Session).serve_forever()
