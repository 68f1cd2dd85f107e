#!/usr/bin/env python3
"""test/schema/validate.py SCHEMA [FILE.yaml ...] - check a JSON Schema, and files against it

The schema must be one by the metaschema of its draft. Each file must be valid, and
so must each block of README.md that is a mailinit.yaml; each text of WRONG must not be.
YAML is read as editors read it: by version 1.2, where yes is a text.
"""

import json
import re
import sys

import jsonschema
import yaml

WRONG = [
    "hostnam: mail.example.com",
    "hostname: [mail.example.com]",
    "hostname: mail",
    "domains: {example.com: yes}",
    "domains: [exa mple.com]",
    "roles: [mx, imap]",
    "networks: [everybody]",
    "tls: {certificate: cert.pem}",
    "tls: {self_signed: maybe}",
    "tls: {level: may}",
    "relay: {host: smtp.example.com, pasword: x}",
    "relay: {host: 'smtp example'}",
    "relay: {host: '[smtp.example.com:587]'}",
    "relay: {password: x, password_file: /x}",
    "mailboxes: [{address: a@example.com}]",
    "mailboxes: [{password: '{PLAIN}x'}]",
    "mailboxes: [{address: nobody, password: '{PLAIN}x'}]",
    "mailboxes: [{address: a@example.com, password: x, password_file: /x}]",
    "mailboxes: {uid: 0}",
    "dkim: {bits: 512}",
    "dkim: {selector: a.b}",
    "dns: {report_to: nobody}",
    "limits: {message: 10MB}",
    "limits: {recipients: many}",
    "start: {timeout: 30}",
    "restart: {give_up_after: often}",
    "milters: [rspamd]",
    "postfix: {chroot: maybe}",
    "postfix: {main: [relayhost]}",
    "postfix: {main: {relayhost: [a]}}",
    "checks: {open-rely: off}",
    "checks: {open-relay: never}",
    "services: {mail: {image: x}}",
    "[]",
]


class Loader(yaml.SafeLoader):
    """YAML 1.2, the core schema."""


Loader.yaml_implicit_resolvers = {}
for tag, pattern, first in [
    ("bool", "true|True|TRUE|false|False|FALSE", "tTfF"),
    ("int", "[-+]?[0-9]+", "-+0123456789"),
    ("float", r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", "-+.0123456789"),
    ("null", "~|null|Null|NULL|", ["~", "n", "N", ""]),
]:
    Loader.add_implicit_resolver(
        "tag:yaml.org,2002:" + tag, re.compile("^(?:" + pattern + ")$"), list(first)
    )


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        schema = json.load(file)
    draft = jsonschema.validators.validator_for(schema)
    if draft is not jsonschema.Draft7Validator:
        sys.exit("the schema is not of draft 7")
    draft.check_schema(schema)
    validator = draft(schema)
    texts = {}
    for name in sys.argv[2:]:
        with open(name, encoding="utf-8") as file:
            texts[name] = file.read()
    readme = texts.pop("README.md", "")
    blocks = re.findall(r"```yaml\n(.*?)```", readme, re.S)
    # the others are compose files, or parts of one
    ours = [b for b in blocks if re.match(r"(mailboxes|hostname|domains|tls|relay|postfix):", b)]
    if readme and not ours:
        sys.exit("the README shows no mailinit.yaml")
    texts.update({"README.md, block %d" % i: b for i, b in enumerate(ours)})
    failed = 0
    for name, text in texts.items():
        for error in validator.iter_errors(yaml.load(text, Loader)):
            failed += 1
            print("%s: %s: %s" % (name, "/".join(map(str, error.path)), error.message))
    for text in WRONG:
        if validator.is_valid(yaml.load(text, Loader)):
            failed += 1
            print("valid, and should not be: " + text)
    print("%d files, %d wrong texts, %d failures" % (len(texts), len(WRONG), failed))
    return failed != 0


sys.exit(main())
