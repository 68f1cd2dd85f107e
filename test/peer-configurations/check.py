#!/usr/bin/env python3
"""test/peer-configurations/check.py MAILINIT [--report] - what is told of them, and what is not

Each "# say:" that a finding tells is a hit, one that none tells a miss; an error or warning that
no "# say:" asks for is a false alarm. Speaks TAP: result.txt has what was found when the rules
were first run over them, and a difference is a failure. --report prints such a result.
"""
import json
import pathlib
import re
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
FLAG = {".compose.yaml": "--compose", ".yaml": "--config", ".env": "--env-file"}
SAY = re.compile(r"^# say: (error|warning|note) ([a-z0-9,-]+): (.*)$", re.M)


def findings_of(mailinit, path):
    flag = next(flag for ending, flag in FLAG.items() if path.name.endswith(ending))
    run = subprocess.run([mailinit, "check", "--format=json", flag, path.name], cwd=HERE, env={},
                         capture_output=True, timeout=60)
    if run.returncode not in (0, 1):
        raise ValueError(f"exit code {run.returncode}: {run.stderr.decode()}")
    return json.loads(run.stdout)["findings"]


def judge(mailinit, path):
    """The lines of the result for one file, in the order: hits, misses, false alarms."""
    findings = findings_of(mailinit, path)
    asked, lines = set(), []
    for severity, ids, why in SAY.findall(path.read_text()):
        ids = ids.split(",")
        told = sorted({(f["id"], f["severity"]) for f in findings if f["id"] in ids})
        asked.update(ids)
        if not told:
            lines.append(f"miss: {severity} {ids[0]}: {why}")
        for rule, level in told:
            other = f" (told as {level}, meant as {severity})" if level != severity else ""
            lines.append(f"hit: {rule}{other}")
    for rule in sorted({f["id"] for f in findings if f["severity"] != "note"} - asked):
        lines.append(f"false alarm or not thought of: {rule}")
    return lines


def main():
    mailinit = str(pathlib.Path(sys.argv[1]).resolve())
    cases = sorted(p for p in HERE.iterdir() if re.match(r"\d\d-", p.name))
    result = {path.name: judge(mailinit, path) for path in cases}
    text = "".join(f"{name}\n" + "".join(f"  {line}\n" for line in lines)
                   for name, lines in result.items())
    every = [line for lines in result.values() for line in lines]
    counts = {kind: sum(line.startswith(kind) for line in every)
              for kind in ("hit", "miss", "false alarm")}
    text += f"{counts['hit']} hits, {counts['miss']} misses, {counts['false alarm']} told unasked\n"
    if "--report" in sys.argv:
        print(text, end="")
        return 0
    same = (HERE / "result.txt").read_text() == text
    print(f"1..1\n{'ok' if same else 'not ok'} 1 - {counts['hit']} hits, {counts['miss']} misses, "
          f"{counts['false alarm']} told unasked, as result.txt has them")
    if not same:
        print("".join(f"#   {line}\n" for line in text.splitlines()), end="")
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main())
