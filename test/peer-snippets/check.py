#!/usr/bin/env python3
"""test/peer-snippets/check.py MAILINIT [PEER] [--write] - what the variables of a snippet become

Of every compose.yaml of test/peer-snippets it is looked at:
1. expected.txt: for each variable, and each line of a config volume, the lines of the daemons'
   files that it made, by the dry run, and the findings at its place. --write writes them anew.
2. That what `mailinit import` prints, with those variables gone, gives the same files byte for byte,
   and that no password of the snippet stands in it.
Speaks TAP.
"""
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import yaml

HERE = pathlib.Path(__file__).resolve().parent
PEERS = ("bokysan", "docker-mailserver", "wader")
CONFIG = "/etc/mailinit/mailinit.yaml"
SECRETS = re.compile(r"SG\.0123|s3cret|letmein|mypassword|\$6\$|BEGIN .*PRIVATE")


def run(mailinit, *args, where, codes=(0, 1)):
    done = subprocess.run([mailinit, *args], cwd=where, env={}, capture_output=True, timeout=60)
    if done.returncode not in codes:
        raise ValueError(f"{args}: exit code {done.returncode}: {done.stderr.decode()}")
    return done.stdout.decode()


def place(origin, where):
    """A variable by its name, a line of a file by its place."""
    if origin["kind"] in ("default", "template") or origin["name"] == "mailboxes.file":
        return place_of_file(origin) if origin["name"] == "mailboxes.file" else None
    if origin["file"] and origin["file"].startswith("/tmp/docker-mailserver/"):
        return place_of_file(origin)
    return origin["name"]


def place_of_file(origin):
    name = pathlib.Path(origin["file"]).name
    return f"{name}:{origin['line']}" if origin["line"] else name


def became(plan, where):
    """What each place made: a map of lists of words."""
    result = {}

    def add(origin, words):
        key = place(origin, where) if origin else None
        if key and words not in result.setdefault(key, []):
            result[key].append(words)

    for file in plan["files"]:
        name = file["path"].removeprefix("/etc/").removeprefix("/run/mailinit/current/")
        for line in file["lines"] or []:
            text = "(secret)" if line["text"] is None else line["text"].strip()
            for origin in line.get("origins") or [line["origin"]]:
                add(origin, f"{name}: {text}")
    for finding in plan["findings"]:
        if finding["origin"]["kind"] != "default":
            add(finding["origin"], f"{finding['severity']} [{finding['id']}]")
    return result


def describe(mailinit, where):
    plan = json.loads(run(mailinit, "--dry-run", "--format=json", "--compose", "compose.yaml", where=where))
    made = became(plan, where)
    names = variables(where)
    for finding in plan["findings"]:  # of several variables it names all and has the place of one
        for name in names:
            if re.search(rf"\b{re.escape(name)}\b[:,]", finding["message"]):
                words = f"{finding['severity']} [{finding['id']}]"
                if words not in made.setdefault(name, []):
                    made[name].append(words)
    imported = run(mailinit, "import", "--compose", "compose.yaml", where=where)
    for line in imported.splitlines():
        match = re.match(r"# (\w+): (.+)", line)
        if match and match[1] in names and match[1] not in made:
            made[match[1]] = [f"nothing: {match[2]}"]
    for name in names:
        made.setdefault(name, ["nothing"])
    text = ""
    for name in sorted(made, key=lambda n: (n not in names, n)):
        text += f"{name}\n" + "".join(f"    {words}\n" for words in made[name])
    return text, imported


def shown(mailinit, where):
    return run(mailinit, "--dry-run", "--compose", "compose.yaml", where=where)


def variables(where):
    service = next(iter(yaml.safe_load((where / "compose.yaml").read_text())["services"].values()))
    names = []
    files = service.get("env_file", [])
    for file in [files] if isinstance(files, str) else files:
        names += re.findall(r"^(\w+)=", (where / file).read_text(), re.M)
    environment = service.get("environment", {})
    names += environment if isinstance(environment, dict) else [v.split("=")[0] for v in environment]
    return list(dict.fromkeys(names))


def twin(where, imported, there):
    """The same service with mailinit.yaml in place of its variables, in the folder THERE."""
    shutil.copytree(where, there, dirs_exist_ok=True)
    whole = yaml.safe_load((where / "compose.yaml").read_text())
    service = next(iter(whole["services"].values()))
    stay = dict(re.findall(r"^ *# environment: (\w+)=(\S+)", imported, re.M))
    service.pop("env_file", None)
    service["environment"] = stay
    (there / "mailinit.yaml").write_text(imported)
    service.setdefault("volumes", []).append(f"./mailinit.yaml:{CONFIG}:ro")
    have = {s if isinstance(s, str) else s["source"] for s in service.get("secrets", [])}
    for path in re.findall(r"(?:_file: |# environment: \w+=)(/run/secrets/\S+)", imported):
        name = path.removeprefix("/run/secrets/")
        if name in have:
            continue
        have.add(name)
        (there / name).write_text(secret_of(where, name) + "\n")
        service.setdefault("secrets", []).append(name)
        whole.setdefault("secrets", {})[name] = {"file": f"./{name}"}
    (there / "compose.yaml").write_text(yaml.safe_dump(whole))


def secret_of(where, name):
    """What a reader would write into that file: secrets.txt of the snippet says it."""
    file = where / "secrets.txt"
    known = dict(line.split(" ", 1) for line in file.read_text().splitlines()) if file.exists() else {}
    return known.get(name, f"no secret is known for {name}")


def same_plan(mailinit, where, imported):
    """Why the twin is none, or the empty text."""
    with tempfile.TemporaryDirectory() as scratch:
        there = pathlib.Path(scratch) / "twin"
        twin(where, imported, there)
        plans = [json.loads(run(mailinit, "--dry-run", "--format=json", "--out", f"{scratch}/{out}",
                                "--compose", "compose.yaml", where=place))
                 for out, place in (("a", where), ("b", there))]
        if plans[0]["services"] != plans[1]["services"]:
            return "its services are others"
        diff = subprocess.run(["diff", "-r", f"{scratch}/a", f"{scratch}/b"], capture_output=True,
                              timeout=60)
        if not any(pathlib.Path(scratch, "a").rglob("main.cf")):
            return "the dry run rendered nothing"
        return diff.stdout.decode() + diff.stderr.decode()


def main():
    mailinit = str(pathlib.Path(sys.argv[1]).resolve())
    peers = [p for p in PEERS if p in sys.argv] or PEERS
    cases = sorted(f.parent for p in peers for f in (HERE / p).glob("*/compose.yaml"))
    tests, failed = 0, 0
    for where in cases:
        name = f"{where.parent.name}/{where.name}"
        text, imported = describe(mailinit, where)
        if "--write" in sys.argv:
            (where / "expected.txt").write_text(text)
            (where / "mailinit.yaml").write_text(imported)
        for what, trouble in (
            ("each variable becomes what expected.txt says", difference(where / "expected.txt", text)),
            ("import prints what mailinit.yaml has", difference(where / "mailinit.yaml", imported)),
            ("it gives the same files as the variables", same_plan(mailinit, where, imported)),
            ("no password stands in it, nor in the dry run", "\n".join(
                line for line in (imported + shown(mailinit, where)).splitlines()
                if SECRETS.search(line))),
        ):
            tests += 1
            failed += bool(trouble)
            print(f"{'not ok' if trouble else 'ok'} {tests} - {name}: {what}")
            print("".join(f"# {line}\n" for line in trouble.splitlines()), end="")
    print(f"1..{tests}")
    return 1 if failed or not cases else 0


def difference(file, text):
    if not file.exists():
        return f"{file} is not there"
    if file.read_text() == text:
        return ""
    done = subprocess.run(["diff", "-u", str(file), "-"], input=text.encode(), capture_output=True,
                          timeout=60)
    return done.stdout.decode()


if __name__ == "__main__":
    sys.exit(main())
