#!/usr/bin/env python3
"""A small web application of the tests: a page that sends a mail."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "contact.settings"
    execute_from_command_line(sys.argv)
