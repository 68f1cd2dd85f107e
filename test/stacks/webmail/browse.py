#!/usr/bin/env python3
"""
A person at the web mail, in a headless Chromium: logs in, and then

    login                   nothing more
    send TO SUBJECT         writes a message, and sends it
    read SUBJECT            waits for the message, and opens it

The password is in $PASSWORD. Prints what the page says: "in", then "sent" or the message's text;
or "refused: …", with the words of the page, and exit code 1. --picture FILE keeps the last page.
"""

import argparse
import os
import sys

from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

WAIT_SECONDS = 60
BODY = "Good day,\n\nthis was written in a browser.\n"


class Refused(Exception):
    """The page says no."""


def browser():
    options = webdriver.ChromeOptions()
    for option in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu",
                   "--lang=en-US", "--window-size=1280,800", "--disable-background-networking",
                   "--no-proxy-server"):
        options.add_argument(option)
    options.binary_location = "/usr/bin/chromium"
    return webdriver.Chrome(options=options,
                            service=webdriver.ChromeService("/usr/bin/chromedriver"))


def seen(page, selector):
    """What is visible of a selector now."""
    return [one for one in page.find_elements(By.CSS_SELECTOR, selector) if one.is_displayed()]


def wait(page, selector):
    """The first visible element; an error that the page shows instead is an answer, too."""
    def look(page):
        errors = [one.text for one in seen(page, "#messagestack .alert-danger, #messagestack .error, "
                                                 "#messagestack .alert-warning")]
        if any(errors):
            raise Refused(" ".join(" ".join(errors).split()))
        found = seen(page, selector)
        return found[0] if found else None
    return WebDriverWait(page, WAIT_SECONDS).until(look, f"no {selector} came")


def log_in(page, args):
    page.get(args.url)
    wait(page, "#rcmloginuser").send_keys(args.user)
    wait(page, "#rcmloginpwd").send_keys(os.environ["PASSWORD"])
    wait(page, "#rcmloginsubmit").click()
    wait(page, "#messagelist, #messagelist-content")
    WebDriverWait(page, WAIT_SECONDS).until(
        lambda page: page.execute_script("return !rcmail.busy"), "the page is never done")
    print("in", flush=True)


def send(page, args):
    wait(page, "a.compose").click()
    to = wait(page, "#compose_to .recipient-input input, #_to")
    to.send_keys(args.to + ",")
    wait(page, "#compose-subject").send_keys(args.subject)
    wait(page, "#composebody").send_keys(BODY)
    wait(page, ".formbuttons .send, button.send").click()
    # it goes back to the list when the server has taken the message
    wait(page, "#messagelist, #messagelist-content")
    print("sent", flush=True)


def row(page, subject):
    return [one for one in seen(page, "#messagelist tbody tr .subject a")
            if one.text.strip() == subject]


def arrived(page, subject):
    found = row(page, subject)
    if not found:
        refresh = seen(page, "#toolbar-list-menu a.refresh, a.refresh")
        if refresh:
            refresh[0].click()
    return found[0] if found else None


def read(page, args):
    WebDriverWait(page, WAIT_SECONDS, poll_frequency=1).until(
        lambda page: arrived(page, args.subject), f"{args.subject} did not arrive").click()
    frame = WebDriverWait(page, WAIT_SECONDS).until(
        lambda page: (seen(page, "#messagecontframe") or [None])[0], "no message is shown")
    page.switch_to.frame(frame)
    text = wait(page, "#messagebody").text
    page.switch_to.default_content()
    print(text, flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", required=True)
    parser.add_argument("--user", required=True)
    parser.add_argument("--picture", help="keep a picture of the last page there")
    verbs = parser.add_subparsers(dest="verb", required=True)
    verbs.add_parser("login")
    verb = verbs.add_parser("send")
    verb.add_argument("to")
    verb.add_argument("subject")
    verb = verbs.add_parser("read")
    verb.add_argument("subject")
    args = parser.parse_args()
    page = browser()
    try:
        log_in(page, args)
        if args.verb == "send":
            send(page, args)
        elif args.verb == "read":
            read(page, args)
        return 0
    except Refused as refused:
        print(f"refused: {refused}")
        return 1
    finally:
        if args.picture:
            page.save_screenshot(args.picture)
        page.quit()


if __name__ == "__main__":
    sys.exit(main())
