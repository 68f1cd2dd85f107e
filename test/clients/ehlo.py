#!/usr/bin/env python3
"""Prints what an SMTP server offers in its EHLO, one keyword a line, before or after TLS."""

import smtplib
import sys

import common


def main():
    args = common.parser(__doc__).parse_args()
    common.pin(args.host, args.address)
    if args.tls == "tls":
        smtp = smtplib.SMTP_SSL(timeout=60, context=common.context(args))
    else:
        smtp = smtplib.SMTP(timeout=60)
    smtp._host = args.host
    smtp.connect(args.host, args.port)
    smtp.ehlo("client.test")
    if args.tls == "starttls":
        smtp.starttls(context=common.context(args))
        smtp.ehlo("client.test")
    for name, rest in smtp.esmtp_features.items():
        print(f"{name.upper()} {rest}".strip())
    smtp.quit()
    return 0


if __name__ == "__main__":
    sys.exit(main())
