#!/usr/bin/env python3
"""
SMTP servers that are wrong, each in its way, for `mailinit check --live` to find them.

    odd_smtp.py CERTIFICATE KEY HOST    serves until it is ended

	2501  greets with another name
	2502  says 554 instead of greeting
	2503  offers no STARTTLS
	2504  takes the connection and says nothing
	2505  STARTTLS is answered with 454
	2506  behind TLS: takes any login
	2507  behind TLS: cannot check logins
	2508  behind TLS: answers AUTH with nothing
"""

import asyncio
import ssl
import sys


async def serve(reader, writer, host, greeting, tls, auth):
    """One connection: GREETING and the answer to AUTH may be None, which is silence."""
    if greeting is None:
        await reader.read()
        return
    writer.write(greeting.encode() + b"\r\n")
    while line := await reader.readline():
        verb = line.split()[0].upper() if line.split() else b""
        if verb == b"EHLO":
            abilities = ["AUTH PLAIN"] if auth != "" else []
            abilities += ["STARTTLS"] if tls else []
            lines = [host, *abilities, "8BITMIME"]
            writer.write("".join(f"250{'-' if i < len(lines) - 1 else ' '}{word}\r\n"
                                 for i, word in enumerate(lines)).encode())
        elif verb == b"AUTH" and auth is None:
            await reader.read()
        elif verb == b"AUTH":
            writer.write(auth.encode() + b"\r\n")
        elif verb == b"STARTTLS":
            writer.write(b"454 4.7.0 TLS not available due to local problem\r\n")
        elif verb == b"QUIT":
            writer.write(b"221 bye\r\n")
            break
        else:
            writer.write(b"500 what?\r\n")
    await writer.drain()
    writer.close()


async def main():
    certificate, key, host = sys.argv[1:]
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    hello = f"220 {host} ESMTP"
    ports = {
        2501: (None, "220 elsewhere.test ESMTP", True, ""),
        2502: (None, "554 go away", True, ""),
        2503: (None, hello, False, ""),
        2504: (None, None, False, ""),
        2505: (None, hello, True, ""),
        2506: (context, hello, False, "235 2.7.0 welcome"),
        2507: (context, hello, False, "454 4.7.0 Temporary authentication failure"),
        2508: (context, hello, False, None),
    }
    for port, (tls, greeting, starttls, auth) in ports.items():
        await asyncio.start_server(
            lambda r, w, g=greeting, s=starttls, a=auth: serve(r, w, host, g, s, a),
            "0.0.0.0", port, ssl=tls)
    print("ready", flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())
