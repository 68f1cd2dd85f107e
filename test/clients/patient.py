#!/usr/bin/env python3
"""
A client that wants to log in: it connects, waits for the greeting and for AUTH to be
offered, and connects anew when the connection ends before. Prints "waits" once it has
been turned away, and in the end when AUTH was offered (seconds since 1970), the longest
time in which a connection came to nothing, and how many did.
"""

import smtplib
import sys
import time

import common


def session(args, context, patience):
    """Connects up to the offer of AUTH, or fails."""
    if args.tls == "tls":
        smtp = smtplib.SMTP_SSL(timeout=patience, context=context)
    else:
        smtp = smtplib.SMTP(timeout=patience)
    smtp._host = args.host
    smtp.connect(args.host, args.port)
    if args.tls == "starttls":
        smtp.starttls(context=context)
    smtp.ehlo("client.test")
    if not smtp.has_extn("auth"):
        raise smtplib.SMTPException("no AUTH")
    return smtp


def main():
    parser = common.parser(__doc__)
    parser.add_argument("--limit", type=float, default=180, help="seconds, in all")
    args = parser.parse_args()
    common.pin(args.host, args.address)
    context = common.context(args)
    end = time.time() + args.limit
    longest, failed = 0.0, 0
    while time.time() < end:
        begun = time.time()
        try:
            smtp = session(args, context, max(1, end - begun))
        except (OSError, smtplib.SMTPException):
            longest = max(longest, time.time() - begun)
            failed += 1
            print("waits", flush=True)
            time.sleep(0.1)
            continue
        now = time.time()
        smtp.quit()
        print(f"offered {now:.3f} {max(longest, now - begun):.3f} {failed}")
        return 0
    print(f"never offered; the longest wait took {longest:.1f} s")
    return 1


if __name__ == "__main__":
    sys.exit(main())
