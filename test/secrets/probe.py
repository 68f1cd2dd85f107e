#!/usr/bin/env python3
"""probe.py MAILINIT - whether a secret shows in anything that mailinit prints

A random canary is the secret: as relay password, mailbox password, key, or within a
raw parameter; by variable, file, env-file, compose file and YAML; in files that are right
and in files that are broken at the very line that holds it. Each is given to every
command in every format, and what comes out is searched for the canary raw, as JSON has
it, and in base64. The first case is no secret and must be found, or nothing was searched.
Speaks TAP.
"""
import base64
import json
import os
import secrets
import subprocess
import sys
import tempfile

# Characters that JSON and shells escape, so that an escaped form differs from the raw one.
CANARY = "c" + secrets.token_hex(8) + "/+" + secrets.token_hex(8)
# One that a $ makes look like the name of a variable.
WORD = "c" + secrets.token_hex(16)
DOLLARS = (f"${WORD}", f"ab${WORD}", f"${{{WORD}}}x", f"a${{{WORD}}}", f"${{{WORD}.}}", f"$x{{{WORD}}}",
           f"${{{WORD}", f"${{A:?{WORD}}}", f"x${{{WORD}:?why}}", f"${{A:-a${WORD}}}",
           f"a@example.com={{SHA512-CRYPT}}$6${WORD}$xyz", f"a@example.com:${WORD}", f"a$1{WORD}",
           f"a$ {WORD}", f"smtp://me:${WORD}@h.test")
DOMAIN = "hostname: mail.example.com\ndomains: [example.com]\n"
RELAY = {"MAIL_RELAY_HOST": "[smarthost.test]:587", "MAIL_RELAY_USERNAME": "me"}
PEM = f"-----BEGIN PRIVATE KEY-----\n{CANARY}\n-----END PRIVATE KEY-----\n"

# What may follow "- address: info@example.com": right, and wrong in every way that comes to mind.
MAILBOX_LINES = {
    "plain": f"    password: {CANARY}",
    "quote that never ends": f'    password: "{CANARY}',
    "colon in the value": f"    password: {CANARY}: x",
    "key misspelt": f"    pasword: {CANARY}",
    "key cut short": f"    pwd: {CANARY}",
    "no colon": f"    password {CANARY}",
    "@ in front": f"    password: @{CANARY}",
    "tab": f"\tpassword: {CANARY}",
    "bracket": f"    password: [{CANARY}",
    "comment": f"    password: {CANARY} #x",
    "alias": f"    password: *{CANARY}",
    "anchor": f"    password: &{CANARY} x",
    "tag": f"    password: !{CANARY} x",
    "percent": f"    password: %{CANARY}",
    "backtick": f"    password: `{CANARY}`",
    "next line": f'    password:\n      "{CANARY}',
    "block": f"    password: |\n      {CANARY}\n     bad",
    "folded": f"    password: >\n      {CANARY}\n\tx",
    "hash damaged": '    password: "{SHA512-CRYPT}$6$' + CANARY + '"',
    "scheme unknown": '    password: "{FOO}' + CANARY + '"',
    "twice": f"    password: {CANARY}\n    password: {CANARY}",
    "list": f"    password: [{CANARY}, b]",
    "map": f"    password: {{a: {CANARY}}}",
}

# Raw parameters: a table within a parameter, a URL with a login, a name that says it.
RAW = {
    "smtp_sasl_password_maps": f"static:me:{CANARY}",
    "lmtp_sasl_password_maps": "inline:{ { host.test = me:" + CANARY + " } }",
    "mua_url": f"http://me:{CANARY}@host.test/x",
    "virtual_mailbox_maps": f"pgsql:x password={CANARY}",
    "mua_api_key": CANARY,
    "my_secret": f"{CANARY}",
}


class Case:
    def __init__(self, name, yaml=DOMAIN, variables=None, files=None, env_file=None,
                 compose=None, shown=False):
        self.name, self.yaml = name, yaml
        self.variables, self.files = variables or {}, files or {}
        self.env_file, self.compose, self.shown = env_file, compose, shown


def by_variable():
    yield Case("no secret: it must be found", variables={"POSTFIX_smtpd_banner": CANARY}, shown=True)
    yield Case("a variable", variables={**RELAY, "MAIL_RELAY_PASSWORD": CANARY})
    yield Case("a file", variables={**RELAY, "MAIL_RELAY_PASSWORD_FILE": "@/s"},
               files={"s": CANARY + "\n"})
    yield Case("a file of several lines", variables={**RELAY, "MAIL_RELAY_PASSWORD__FILE": "@/s"},
               files={"s": f"a\n{CANARY}\nb"})
    yield Case("both forms", files={"s": CANARY}, variables={
        **RELAY, "MAIL_RELAY_PASSWORD": CANARY, "MAIL_RELAY_PASSWORD_FILE": "@/s"})
    yield Case("without its login", variables={"MAIL_RELAY_PASSWORD": CANARY})
    yield Case("names misspelt", variables={"MAIL_RELAY_PASWORD": CANARY, "MAIL_RELAY_PASS": CANARY})
    yield Case("a line break", variables={**RELAY, "MAIL_RELAY_PASSWORD": "a\n" + CANARY})
    yield Case("other images' names", variables={
        **RELAY, "MAIL_RELAY_PASSWORD": CANARY, "RELAY_PASSWORD": CANARY + "x",
        "RELAYHOST_PASSWORD": CANARY, "SMTP_PASSWORD": CANARY})
    for pair in (f"a@example.com:{CANARY}", f"a:{CANARY}", CANARY, f"a@example.com {CANARY}",
                 f"a@example.com:x,{CANARY}", f"@:{CANARY}", f"{CANARY}:x:a@example.com"):
        yield Case(f"SMTPD_SASL_USERS={pair}".replace(CANARY, "…"), yaml="hostname: m.example.com\n",
                   variables={"SMTPD_SASL_USERS": pair})
    for sign in ("=", ":", "={SHA512-CRYPT}$6$"):
        yield Case(f"MAIL_MAILBOXES with {sign}",
                   variables={"MAIL_MAILBOXES": f"info@example.com{sign}{CANARY}"})
    for name, value in RAW.items():
        yield Case(f"POSTFIX_{name}", variables={f"POSTFIX_{name}": value})
    yield Case("a parameter's file", variables={"POSTFIX_smtpd_banner_FILE": "@/s"},
               files={"s": CANARY})
    for form in (f"smtp://apikey:{CANARY}@h.test:587", f"smtp://{CANARY}@h.test", f"me:{CANARY}@h.test:587",
                 f"smtp://me:{CANARY}", f"[me:{CANARY}@h.test]:587", f"me:a@{CANARY}@h.test"):
        for name in ("MAIL_RELAY_HOST", "RELAYHOST", "POSTFIX_relayhost", "RELAY_HOST",
                     "MAIL_MILTERS", "MAIL_HOSTNAME"):
            yield Case(f"{name}={form}".replace(CANARY, "…"), variables={name: form})
    yield Case("master.cf", variables={
        "POSTFIXMASTER_x__unix": f"- - n - - pipe argv=/x http://me:{CANARY}@host.test/"})
    yield Case("Dovecot", variables={"DOVECOT_doveadm_password": CANARY})
    yield Case("OpenDKIM", variables={"OPENDKIM_LDAPBindPassword": CANARY})


def by_env_file():
    text = f"MAIL_RELAY_HOST=h.test\nMAIL_RELAY_USERNAME=me\nMAIL_RELAY_PASSWORD='{CANARY}'\n"
    yield Case("env-file", env_file=text)
    for what, line in {
            "with $": f"MAIL_RELAY_PASSWORD=$x{CANARY}\n",
            "a name": f"MAIL_RELAY_PASSWORD=a${WORD}\n",
            "a name in quotes": f'MAIL_RELAY_PASSWORD="a${WORD}"\n',
            "a name in braces": f"MAIL_RELAY_PASSWORD=a${{{WORD}}}\nMAIL_MAILBOXES=${{{WORD}.}}\n",
            "a message": f"MAIL_RELAY_PASSWORD=${{{WORD}:?{WORD}}}x\nMAIL_RELAY_USERNAME=${{A:?{CANARY}\n",
            "a name of no setting": f"RELAYPW=a${WORD}\nMAIL_RELAY_PW=a${WORD}\n",
            "a hash": f"MAIL_MAILBOXES=a@example.com={{SHA512-CRYPT}}$6${WORD}$x\n",
            "quote that never ends": f'MAIL_RELAY_PASSWORD="{CANARY}\nMAIL_X {CANARY}\n',
            "a colon": f"MAIL_RELAY_PASSWORD: {CANARY}\n",
            "braces": f"MAIL_RELAY_PASSWORD=${{{CANARY}\nMAIL_RELAY_USERNAME=${{A:-{CANARY}}}\n",
            "no name": f"={CANARY}\n{CANARY}\n'{CANARY}'\n"}.items():
        yield Case(f"env-file, {what}", env_file=line)


def by_volume():
    """docker-mailserver's config volume, and the logins of wader's image."""
    host = "hostname: mail.example.com\n"
    files = {"postfix-accounts.cf": f"a@example.com|{{PLAIN}}{CANARY}|x\n{CANARY}\na@b.test|\n",
             "postfix-relaymap.cf": "@example.com [h.test]:587\n",
             "postfix-sasl-password.cf": f"@example.com me:{CANARY}\n",
             "dovecot-masters.cf": f"me|{CANARY}\n",
             "postfix-main.cf": f"mua_api_key = {CANARY}\nsmtp_sasl_password_maps = static:a:{CANARY}\n",
             "dovecot.cf": f"doveadm_password = {CANARY}\nauth_url = http://me:{CANARY}@h.test/\n",
             "opendkim/keys/example.com/mail.private": PEM,
             "opendkim/KeyTable": "m._domainkey.example.com example.com:mail:/keys/example.com/mail.private\n"}
    broken = {"postfix-sasl-password.cf": f"{CANARY}\n@example.com {CANARY}\nh.test me:{CANARY}\n"
              f"@other.test me:{CANARY}\n",
              "postfix-main.cf": f"mua_api_key {CANARY}\n  {CANARY}\n",
              "postfix-accounts.cf": f"{CANARY}|a@example.com\n|{CANARY}\n"}
    for name, these in (("volume", files), ("volume, broken", {**files, **broken})):
        yield Case(name, yaml=host, variables={"MAIL_COMPAT_DIRECTORY": "@/v", "RELAY_HOST": "h.test"},
                   files={f"v/{name}": text for name, text in these.items()})
    yield Case("SASL_Passwds", yaml=host, variables={"SASL_Passwds": "@/p"},
               files={"p": f"a:{CANARY}\nb@example.com:{CANARY}\n{CANARY}/+\n"})


def by_compose():
    head = "services:\n  mail:\n    image: mailinit\n    environment:\n"
    host = "      MAIL_RELAY_HOST: h.test\n      MAIL_RELAY_USERNAME: me\n"
    yield Case("compose", compose=head + host + f"      MAIL_RELAY_PASSWORD: '{CANARY}'\n")
    yield Case("compose, a list", compose=head + f"      - MAIL_RELAY_PASSWORD={CANARY}\n")
    for what, value in {
            "quote that never ends": f'"{CANARY}',
            "braces": f"${{X:?{CANARY}",
            "default": f"${{X:-{CANARY}}}",
            "colon": f"{CANARY}: x",
            "list": f"[{CANARY}]",
            "alias": f"*{CANARY}"}.items():
        yield Case(f"compose, {what}", compose=head + f"      MAIL_RELAY_PASSWORD: {value}\n")
    for name in ("MAIL_RELAY_PASSWORD", "MAIL_MAILBOXES", "SMTPD_SASL_USERS", "POSTMAP_sasl_passwd",
                 "RELAYHOST_PASSWORD", "POSTFIX_mua_api_key", "MAIL_RELAY_PASSWD"):
        for value in DOLLARS:
            yield Case(f"compose, {name}: {value}".replace(WORD, "…"),
                       compose=head + host + f"      {name}: '{value}'\n")
    yield Case("compose, a list with a name",
               compose=head + f"      - MAIL_RELAY_PASSWORD=a${WORD}\n      - MAIL_X$a=${WORD}\n")
    yield Case("compose, relay.host with a login",
               compose=head + f"      MAIL_RELAY_HOST: 'smtp://me:a${WORD}@h.test'\n")
    for entry in (f"MAIL_RELAY_PASSWORD: {CANARY}", f"MAIL_RELAY_PASSWORD: {CANARY}=x",
                  f"MAIL_RELAY_PASSWORD {CANARY}", f"SMTPD_SASL_USERS: a@b.test:{CANARY}"):
        yield Case(f"compose, - '{entry}'".replace(CANARY, "…"),
                   compose=head + f"      - '{entry}'\n")
        yield Case(f"compose, raw file: {entry}".replace(CANARY, "…"), files={"r.env": entry + "\n"},
                   compose=head + host + "    env_file: [{path: r.env, format: raw}]\n")
    yield Case("compose, .env", compose=head + host + "      MAIL_RELAY_PASSWORD: ${RELAYPW}\n",
               files={".env": f"RELAYPW=a${WORD}\nOTHER=\"b${{{WORD}}}\"\n"})
    yield Case("compose, env_file", files={"r.env": f"MAIL_RELAY_PASSWORD=a${WORD}\n"},
               compose=head + host + "    env_file: r.env\n")
    yield Case("compose, a secret",
               compose=head + host + "      MAIL_RELAY_PASSWORD_FILE: /run/secrets/relay\n"
               "    secrets: [relay]\nsecrets:\n  relay:\n    file: s\n", files={"s": CANARY})


def by_yaml():
    relay = DOMAIN + "relay:\n  host: h.test\n  username: me\n"
    yield Case("YAML", relay + f"  password: {CANARY}\n")
    yield Case("YAML and variable", relay + f"  password: {CANARY}\n",
               {"MAIL_RELAY_PASSWORD": CANARY + "x"})
    for what, line in MAILBOX_LINES.items():
        yield Case(f"mailbox: {what}",
                   DOMAIN + f"mailboxes:\n  - address: info@example.com\n{line}\n")
    yield Case("flow", DOMAIN + f"mailboxes: [{{address: a@example.com, password: {CANARY}]\n")
    yield Case("flow over lines",
               DOMAIN + f"mailboxes: [{{address: a@example.com,\n  password:\n {CANARY}}}\n")
    for form in (f"smtp://me:{CANARY}@h.test:587", f"me:{CANARY}@h.test", f"smtp://{CANARY}@h.test",
                 f"smtp://me:{CANARY}"):
        yield Case(f"relay.host: {form}".replace(CANARY, "…"),
                   DOMAIN + f"relay:\n  host: '{form}'\n  tls: x\nmilters: ['{form}']\n")
        yield Case(f"by sender, host: {form}".replace(CANARY, "…"),
                   DOMAIN + "relay: {by_sender: {example.com: {host: '" + form + "', tls: x}}}\n")
    yield Case("by sender", DOMAIN + "relay:\n  by_sender:\n    example.com:\n      host: h\n"
               f"      username: me\n      password: {CANARY}\n      passwort: {CANARY}\n")
    yield Case("nothing but the secret", f"{CANARY}\n")
    yield Case("second document", DOMAIN + f"---\nrelay: {{password: {CANARY}}}\n")
    yield Case("NUL", f"\0password: {CANARY}")
    for name, value in RAW.items():
        for end in ("'", ""):
            yield Case(f"postfix.main.{name}{'' if end else ', no end'}",
                       DOMAIN + f"postfix:\n  main:\n    {name}: '{value}{end}\n")
    yield Case("dovecot.settings",
               DOMAIN + f'dovecot:\n  settings:\n    auth_url: "http://me:{CANARY}@h.test/"\n')


def by_file():
    mailbox = DOMAIN + "mailboxes:\n  - address: info@example.com\n"
    yield Case("password_file", mailbox + "    password_file: @/p\n", files={"p": CANARY})
    yield Case("password_file of two lines", mailbox + "    password_file: @/p\n",
               files={"p": f"{CANARY}\n{CANARY}"})
    yield Case("passwd-file", DOMAIN + "mailboxes:\n  file: @/p\n",
               files={"p": f"info@example.com:{{PLAIN}}{CANARY}:::\nb@example.com:{CANARY}\n"})
    yield Case("passwd-file with a broken line", DOMAIN + "mailboxes:\n  file: @/p\n",
               files={"p": f"info@example.com:a\n{CANARY}\nx{CANARY}:y\n"})
    yield Case("TLS key", variables={"MAIL_TLS_CERTIFICATE": "@/k", "MAIL_TLS_KEY": "@/k"},
               files={"k": PEM})
    yield Case("DKIM key", DOMAIN + "dkim:\n  keys: @/dk\n",
               files={"dk/example.com.default.private": PEM, "dk/example.com/default.private": PEM})


def forms():
    """The canary as it may come out: raw, as JSON, and base64 at each of three offsets."""
    yield CANARY.encode()
    yield WORD.encode()
    yield WORD.upper().encode()
    yield json.dumps(CANARY)[1:-1].encode()
    yield CANARY.replace("/", "\\/").encode()
    yield CANARY.replace("/", "%2F").replace("+", "%2B").encode()
    for before in range(3):
        # what stands before and behind changes the letters at both ends
        text = base64.b64encode(b"x" * before + CANARY.encode()).rstrip(b"=")
        yield text[4:-4]
        yield base64.b64encode(b"x" * before + WORD.encode()).rstrip(b"=")[4:-4]


def commands(case, arguments):
    for command in ("--dry-run", "check"):
        for flag in ("--format=text", "--format=json", "--format=sarif", "--format=github",
                     "--color=always", "--strict"):
            yield [command, flag, *arguments]
    yield ["import", *arguments]
    yield ["map", *arguments]
    yield ["dns", *arguments]
    yield ["dns", "--zone", *arguments]
    if not case.variables:
        return
    for name in ("relay.password", "SMTPD_SASL_USERS", "relay.by_sender", "MAIL_RELAY_PASSWORD", "mailboxes", "postfix.main",
                 "postfix.main.mua_url", "smtp_sasl_password_maps", "POSTFIX_mua_url"):
        yield ["explain", name]
    yield ["schema"]
    yield ["status"]


def lay_out(case, directory):
    """Writes the files of a case, @ being the directory, and returns arguments and variables."""
    files = {**case.files, "m.yaml": case.yaml.replace("@/", directory + "/")}
    arguments = ["--config", os.path.join(directory, "m.yaml")]
    for name, text in (("e.env", case.env_file), ("compose.yaml", case.compose)):
        if text is not None:
            files[name] = text
            arguments += ["--env-file" if name == "e.env" else "--compose",
                          os.path.join(directory, name)]
    for name, text in files.items():
        path = os.path.join(directory, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
    variables = {k: v.replace("@/", directory + "/") for k, v in case.variables.items()}
    return arguments, {**variables, "MAIL_CONFIG": os.path.join(directory, "m.yaml")}


def told(mailinit, case):
    """The commands of which the output holds the canary, and what went wrong beside."""
    found = []
    with tempfile.TemporaryDirectory() as directory:
        arguments, variables = lay_out(case, directory)
        for command in commands(case, arguments):
            result = subprocess.run([mailinit, *command], env=variables, cwd=directory,
                                    capture_output=True, check=False)
            output = result.stdout + result.stderr
            if result.returncode not in (0, 1, 2, 3):
                found.append(f"{command}: ended with {result.returncode}")
            found += [f"{command}: shows it" for form in forms() if form in output][:1]
    return found


def main(mailinit):
    number = failed = 0
    for cases in (by_variable, by_volume, by_env_file, by_compose, by_yaml, by_file):
        for case in cases():
            number += 1
            found = told(mailinit, case)
            good = any("shows it" in line for line in found) if case.shown else not found
            failed += not good
            print(f"{'' if good else 'not '}ok {number} - {case.name}")
            for line in [] if case.shown else found:
                print(f"# {line}".replace(CANARY, "CANARY").replace(WORD, "WORD"))
    print(f"1..{number}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(os.path.abspath(sys.argv[1])))
