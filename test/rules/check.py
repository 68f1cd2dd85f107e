#!/usr/bin/env python3
"""test/rules/check.py MAILINIT [ID…] - each finding: a configuration that has it, and its twin

Speaks TAP, and counts at its end. README.md says how a row is written. The binary sees an
empty environment, so that nothing of this machine configures it.
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import tomllib

HERE = pathlib.Path(__file__).resolve().parent
TESTS = HERE.parent
HASH = ("{SHA512-CRYPT}$6$abcdefgh$D7W7qyozKBT.t6FD3DVYHvADbIO0eSyI4.p20LaEUjro8PqTGYYo/"
        "EQcuNjhFbzo9Yg5ir1KIEqFY/yJpgFph0")
KINDS = ("env", "yaml", "compose", "compose_env", "compose_volume", "shell", "arg")

ENV = f"""MAIL_HOSTNAME=mail.example.com
MAIL_DOMAINS=example.com
MAIL_MAILBOXES='info@example.com={HASH}'
MAIL_ALIASES=postmaster@example.com=info@example.com
MAIL_TLS_SELF_SIGNED=when-missing
"""

YAML = f"""hostname: mail.example.com
domains: [example.com]
mailboxes: [{{address: info@example.com, password: "{HASH}"}}]
aliases: {{postmaster@example.com: info@example.com}}
tls: {{self_signed: when-missing}}
"""

COMPOSE = """services:
  mail:
    image: mailinit:trixie
    hostname: mail.example.com
@compose
    environment:
      MAIL_DOMAINS: example.com
      MAIL_ALIASES: postmaster@example.com=info@example.net
      MAIL_TLS_SELF_SIGNED: when-missing
@compose_env
    volumes:
      - queue:/var/spool/postfix
      - mail:/var/mail
      - state:/var/lib/mailinit
@compose_volume
volumes:
  queue:
  mail:
  state:
"""

# What the rows' commands have: a pair of a certificate and its key, one of an intermediate
# authority, Traefik's store, and what is remembered of a DKIM key. All are made in the root that is
# looked at.
HELPERS = r"""
shipped() { mailinit template --print "$1"; }
certificate() {
  mkdir -p tls
  if [ -e tls/key.pem ]; then mv tls/key.pem tls/key.keep; fi
  mkdir -p ca
  : >ca/index
  echo unique_subject=no >ca/index.attr
  echo "${SERIAL:-01}" >ca/serial
  printf '%s\n' '[ca]' 'default_ca=d' '[d]' 'database=ca/index' 'serial=ca/serial' \
    'new_certs_dir=ca' 'policy=p' 'x509_extensions=x' '[p]' 'commonName=supplied' '[x]' \
    "subjectAltName=DNS:${NAME:-mail.example.com}" "extendedKeyUsage=${PURPOSE:-serverAuth}" >ca/conf
  if [ -n "${ALGORITHM:-}" ]; then
    openssl genrsa -out tls/key.pem "${ALGORITHM#rsa:}" 2>/dev/null
  else
    openssl ecparam -name prime256v1 -genkey -noout -out tls/key.pem
  fi
  openssl req -new -key tls/key.pem -subj "/CN=${NAME:-mail.example.com}" -out ca/request
  openssl ca -selfsign -batch -notext -config ca/conf -keyfile tls/key.pem -in ca/request \
    -md "${DIGEST:-sha256}" -startdate "${FROM:-20200101000000Z}" \
    -enddate "${UNTIL:-20990101000000Z}" -out tls/cert.pem 2>/dev/null
  chmod 0600 tls/key.pem
}
chain() {
  mkdir -p tls ca
  issued root root 'basicConstraints=critical,CA:TRUE'
  issued inter root 'basicConstraints=critical,CA:TRUE'
  issued leaf inter "basicConstraints=critical,${LEAF:-CA:FALSE}" 'extendedKeyUsage=serverAuth' \
    'subjectAltName=DNS:mail.example.com'
  mv ca/leaf.pem tls/leaf.pem
  mv ca/leaf.key tls/key.pem
}
issued() {
  openssl ecparam -name prime256v1 -genkey -noout -out "ca/$1.key"
  chmod 0600 "ca/$1.key"
  openssl req -new -key "ca/$1.key" -subj "/CN=$1" -out ca/request
  printf '%s\n' "${@:3}" >ca/extensions
  if [ "$1" = "$2" ]; then
    openssl x509 -req -in ca/request -days 365 -extfile ca/extensions -key "ca/$1.key" \
      -out "ca/$1.pem" 2>/dev/null
  else
    openssl x509 -req -in ca/request -days 365 -extfile ca/extensions -CA "ca/$2.pem" \
      -CAkey "ca/$2.key" -CAcreateserial -out "ca/$1.pem" 2>/dev/null
  fi
}
store() {
  certificate
  mkdir traefik
  printf '{"le": {"Certificates": [{"domain": {"main": "mail.example.com"}, "certificate": "%s", "key": "%s"}]}}' \
    "$(base64 -w0 <tls/cert.pem)" "$(base64 -w0 <tls/key.pem)" >traefik/acme.json
}
state() {
  local place=var/lib/mailinit/dkim/example.com
  mkdir -p "$place"
  openssl genrsa -traditional -out "$place/default.private" 2048 2>/dev/null
  cp "$place/default.private" "$place/later.private"
  chmod 0600 "$place"/*.private
  {
    printf '%s\n' 'mailinit-dkim 1' 'domain example.com' 'configured default' \
      'active default 1795910400 given'
    if [ -n "${NEXT:-}" ]; then echo "$NEXT"; fi
    cat "$place/default.private"
  } >"$place/state"
  cp "$place/state" "$place/state.backup"
  chmod 0600 "$place"/state*
}
"""


def kind_of(row):
    kinds = [kind for kind in KINDS if kind in row]
    if len(kinds) != 1:
        raise ValueError(f"one of {', '.join(KINDS)} says what differs, not {kinds}")
    return kinds[0]


def keep(text, without):
    """TEXT without its lines that begin with one of WITHOUT."""
    return "".join(line for line in text.splitlines(True)
                   if not line.strip().startswith(tuple(without) or ("\0",)))


def given(row, kind, line):
    """(name of the file, its text, flag) for what the row configures."""
    line = line.replace("HASH", HASH)
    if kind.startswith("compose"):
        text = keep(COMPOSE, row.get("without", []))
        text = text.replace("@compose_env\n",
                            "".join(x + "\n" for x in row.get("with", [])) + "@compose_env\n")
        for other in KINDS[2:5]:
            text = text.replace(f"@{other}\n", line + "\n" if other == kind else "")
        return "compose.yaml", text + "".join(x + "\n" for x in row.get("with_after", [])), "--compose"
    yaml = kind == "yaml"
    text = keep(YAML if yaml else ENV, row.get("without", []))
    text += "".join(x + "\n" for x in row.get("with", []))
    if kind in ("env", "yaml"):
        text += line + "\n"
    text += "".join(x + "\n" for x in row.get("with_after", []))
    return ("mailinit.yaml", text, "--config") if yaml else ("mail.env", text, "--env-file")


def findings_of(mailinit, row, kind, line):
    """The ids that are told of one of the two configurations."""
    with tempfile.TemporaryDirectory() as place:
        os.chmod(place, 0o755)  # who may get to a file below it counts
        root = pathlib.Path(place) / "root"
        root.mkdir()
        name, text, flag = given(row, kind, line)
        (pathlib.Path(place) / name).write_text(text)
        flags = [line if arg == "@" else arg for arg in row.get("args", [])]
        if "root" in row:
            script = row["root"].replace("@", line if kind == "shell" else "@")
            script = script.replace("HASH", HASH)
            subprocess.run(["bash", "-euc", f"mailinit() {{ '{mailinit}' \"$@\"; }}\n{HELPERS}\n{script}"],
                           cwd=root, check=True, timeout=60, capture_output=True, text=True)
            if "--templates" not in flags and kind != "arg" and not kind.startswith("compose"):
                flags += ["--root", "root"]
        run = subprocess.run([mailinit, "check", "--format=json", flag, name, *flags],
                             cwd=place, env={}, capture_output=True, timeout=60)
        if run.returncode not in (0, 1):
            raise ValueError(f"exit code {run.returncode}: {run.stderr.decode()}")
        return json.loads(run.stdout)["findings"]


def check(mailinit, rule, row, reproduce):
    """What is wrong with a row, as lines. REPRODUCE: what `explain` says of how to see it."""
    kind = kind_of(row)
    if row[kind] == row["twin"]:
        return ["both are the same"]
    one = findings_of(mailinit, row, kind, row[kind])
    other = findings_of(mailinit, row, kind, row["twin"])
    wrong = []
    if not any(f["id"] == rule for f in one):
        wrong.append(f"not told: {row[kind]} (but {sorted({f['id'] for f in one})})")
    wrong += [f"told of the twin: {f['message']}" for f in other if f["id"] == rule]
    if kind not in ("shell", "arg") and row.get("told", True) and row[kind].strip() not in reproduce:
        wrong.append(f"explain does not tell this line: {reproduce}")
    new = {f["id"] for f in other if f["severity"] != "note"} - {f["id"] for f in one}
    if new:
        wrong.append(f"the twin has another mistake: {sorted(new)}")
    return wrong


def check_story(rule, row):
    """A finding that needs a container: the stories with and without it are there by name."""
    wrong = []
    for part in ("fires", "silent"):
        path, _, name = row[part].partition(": ")
        text = (TESTS / path).read_text()
        if name not in text:
            wrong.append(f"{path} has no story \"{name}\"")
        if part == "fires" and rule not in text:
            wrong.append(f"{path} does not look for it")
    return wrong


def rules_of(mailinit):
    """Each finding, and how to reproduce it."""
    page = subprocess.run([mailinit, "schema", "--format=rules"], env={}, check=True,
                          capture_output=True, text=True).stdout
    rules, rule = {}, None
    for line in page.splitlines():
        if line.startswith("## "):
            rule = line[3:]
        elif line.startswith("- Reproduce: "):
            rules[rule] = line
    return rules


def main():
    mailinit = str(pathlib.Path(sys.argv[1]).resolve())
    rows = tomllib.loads((HERE / "table.toml").read_text())
    stories = tomllib.loads((HERE / "stories.toml").read_text())
    rules = rules_of(mailinit)
    chosen = sys.argv[2:] or sorted(set(rules) | set(rows) | set(stories))
    print(f"1..{len(chosen)}")
    failed = 0
    for number, rule in enumerate(chosen, 1):
        try:
            if rule not in rules:
                wrong = ["there is no such finding"]
            elif rule in rows:
                wrong = check(mailinit, rule, rows[rule], rules[rule])
            elif rule in stories:
                wrong = check_story(rule, stories[rule])
            else:
                wrong = ["no configuration has it: it needs a row in test/rules/table.toml"]
        except (ValueError, KeyError, OSError) as error:
            wrong = [repr(error)]
        except subprocess.CalledProcessError as error:
            wrong = [f"its commands failed: {error.stderr}"]
        failed += bool(wrong)
        print(f"{'not ok' if wrong else 'ok'} {number} - {rule}")
        for line in wrong:
            print(f"#   {line}")
    print(f"# {len(rules)} findings: {len(rows)} with a configuration and its twin, "
          f"{len(stories)} with stories of a container")
    return 1 if failed else 0


if __name__ == "__main__":
    os.umask(0o022)
    sys.exit(main())
