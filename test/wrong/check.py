#!/usr/bin/env python3
"""test/wrong/check.py MAILINIT - each wrong configuration, and what is told of it

Speaks TAP. README.md says how a case is written. The binary sees an empty
environment, so that nothing of this machine configures it.
"""
import json
import pathlib
import re
import shlex
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
FLAG = {".compose.yaml": "--compose", ".yaml": "--config", ".env": "--env-file"}
# Comes with every configuration that names no certificate, no mailbox and no volume.
ALWAYS = {"tls-self-signed", "mailboxes-none", "postmaster-missing", "volume-missing"}
EXPECT = re.compile(
    r"# expect: ([a-z0-9-]+)(?: ([A-Z][A-Za-z0-9_]*))?(?: (\d+)(?::(\d+))?)?$")


def flag_of(path):
    return next(flag for ending, flag in FLAG.items() if path.name.endswith(ending))


def expectations(text):
    """(id, variable, line, column) of each line; None where the case does not say."""
    found = []
    for line in text.splitlines():
        if line.startswith("# expect:"):
            match = EXPECT.match(line)
            if match is None:
                raise ValueError(f"cannot be read: {line}")
            rule, name, row, column = match.groups()
            found.append((rule, name, row and int(row), column and int(column)))
    if not found:
        raise ValueError("it expects nothing")
    return found


def meets(expected, finding, path):
    rule, name, line, column = expected
    origin = finding["origin"]
    if finding["id"] != rule or (name and origin["name"] != name):
        return False
    if line and (origin["file"] is None or pathlib.Path(origin["file"]).name != path.name):
        return False
    return (line is None or origin["line"] == line) and (
        column is None or origin["column"] == column)


def place(finding):
    origin = finding["origin"]
    return f'{finding["id"]} {origin["name"]} {origin["line"]}:{origin.get("column")}'


def check(mailinit, path):
    """What is wrong with the answer, as lines; an empty list when it is as it should be."""
    text = path.read_text()
    wanted = expectations(text)
    flags = shlex.split(" ".join(re.findall(r"^# flags: (.*)$", text, re.M)))
    run = subprocess.run(
        [mailinit, "check", "--format=json", flag_of(path), path.name, *flags],
        cwd=HERE, env={}, capture_output=True, timeout=60)
    if run.returncode not in (0, 1):
        return [f"exit code {run.returncode}: {run.stderr.decode()}"]
    findings = json.loads(run.stdout)["findings"]
    wrong = []
    left = list(findings)
    for expected in wanted:
        hit = next((f for f in left if meets(expected, f, path)), None)
        if hit is None:
            wrong.append(f"not told: {expected}")
        else:
            left.remove(hit)
    wrong += [f"told besides: {place(f)}: {f['message']}" for f in left
              if f["severity"] != "note" and f["id"] not in ALWAYS]
    if any(f["severity"] == "error" for f in findings) != (run.returncode == 1):
        wrong.append(f"exit code {run.returncode} does not fit the findings")
    for finding in findings:
        wrong += [f"{finding['id']} has no {part}" for part in ("message", "effect", "help")
                  if not finding[part]]
    return wrong


def main():
    mailinit = str(pathlib.Path(sys.argv[1]).resolve())
    cases = sorted(p for p in HERE.iterdir() if re.match(r"\d\d-", p.name))
    print(f"1..{len(cases)}")
    failed = 0
    for number, path in enumerate(cases, 1):
        try:
            wrong = check(mailinit, path)
        except (ValueError, KeyError, json.JSONDecodeError) as error:
            wrong = [repr(error)]
        failed += bool(wrong)
        story = path.read_text().splitlines()[0].lstrip("# ")
        print(f"{'not ok' if wrong else 'ok'} {number} - {path.name}: {story}")
        for line in wrong:
            print(f"#   {line}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
