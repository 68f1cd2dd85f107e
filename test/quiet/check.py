#!/usr/bin/env python3
"""test/quiet/check.py MAILINIT - no false alarm: what is well is told of in notes at most

Speaks TAP. Each configuration here, one for each role and for the usual combinations, and each
compose file of ours goes through `--dry-run --strict` with no rule switched off. A note may
stand: it says what cannot be seen away from the container, or what was chosen in so many words. Of a
compose file each service of our image is looked at.
"""
import json
import pathlib
import subprocess
import sys

import yaml

HERE = pathlib.Path(__file__).resolve().parent
COMPOSE = HERE.parent.parent / "compose"


def check(mailinit, target, flag, path):
    run = subprocess.run([mailinit, "--dry-run", "--strict", "--format=json", "--target", target,
                          flag, path],
                         env={}, capture_output=True, timeout=60)
    if run.returncode not in (0, 1):
        return [f"exit code {run.returncode}: {run.stderr.decode()}"]
    report = json.loads(run.stdout)
    wrong = [f"{f['severity']} {f['id']}: {f['message']}" for f in report["findings"]
             if f["severity"] != "note"]
    if run.returncode != 0 and not wrong:
        wrong.append("exit code 1 without a finding")
    if report["summary"]["off"]:
        wrong.append(f"rules are switched off: {report['summary']['off']}")
    if not report["files"]:
        wrong.append("nothing was rendered")
    return wrong


def services(path):
    """The services of our image in a compose file, each as --compose takes it."""
    found = yaml.safe_load(path.read_text())["services"].items()
    return [f"{path}:{name}" for name, service in found if "mailinit" in service.get("image", "")]


def main():
    mailinit = str(pathlib.Path(sys.argv[1]).resolve())
    paths = [("--config", str(path)) for path in sorted(HERE.glob("*.yaml"))]
    for path in sorted(COMPOSE.glob("*.yaml")):
        paths += [("--compose", one) for one in services(path)]
    cases = [(target, *one) for target in ("debian13", "debian12") for one in paths]
    print(f"1..{len(cases)}")
    failed = 0
    for number, (target, flag, path) in enumerate(cases, 1):
        wrong = check(mailinit, target, flag, path)
        failed += bool(wrong)
        print(f"{'not ok' if wrong else 'ok'} {number} - {pathlib.Path(path).name} for {target}")
        for line in wrong:
            print(f"#   {line}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
