#!/usr/bin/env python3
"""
Prints the serial number of the certificate that each port shows in a new connection, as
"25 1A2B", one line for 25 and 587 (STARTTLS), 465, 993 and 995 (TLS at once).
"""

import smtplib
import socket
import sys

import common

PORTS = ((25, "starttls"), (587, "starttls"), (465, "tls"), (993, "tls"), (995, "tls"))


def serial(args, context, port, how):
    if how == "tls":
        with socket.create_connection((args.address, port), timeout=60) as plain:
            with context.wrap_socket(plain, server_hostname=args.host) as secure:
                return secure.getpeercert()["serialNumber"]
    smtp = smtplib.SMTP(timeout=60)
    smtp._host = args.host
    smtp.connect(args.address, port)
    smtp.ehlo("client.test")
    smtp.starttls(context=context)
    found = smtp.sock.getpeercert()["serialNumber"]
    smtp.ehlo("client.test")
    smtp.quit()
    return found


def main():
    args = common.parser(__doc__, port=False).parse_args()
    context = common.context(args)
    for port, how in PORTS:
        print(port, serial(args, context, port, how))
    return 0


if __name__ == "__main__":
    sys.exit(main())
