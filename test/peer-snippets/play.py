#!/usr/bin/env python3
"""test/peer-snippets/play.py DIR STACK TREE - a snippet's service as arguments of `docker create`

Prints them with a NUL behind each. What its volumes and secrets bring from beside the compose
file is laid out in the folder TREE as it shall stand in the container, for `docker cp`. Volumes
with a name get STACK before it. Ports are left out: the tests are in the same network.
"""
import pathlib
import shutil
import sys

import yaml


def pairs(environment):
    if isinstance(environment, dict):
        return {k: str(v) for k, v in environment.items()}
    return dict(one.split("=", 1) for one in environment)


def variables(service, where):
    result = {}
    files = service.get("env_file", [])
    for file in [files] if isinstance(files, str) else files:
        lines = (where / file).read_text().splitlines()
        result.update(line.split("=", 1) for line in lines if line and line[0] != "#")
    result.update(pairs(service.get("environment", {})))
    return {name: value.replace("$$", "$") for name, value in result.items()}


def lay(source, tree, target):
    there = tree / target.lstrip("/")
    there.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, there, dirs_exist_ok=True)
    else:
        shutil.copy(source, there)


def arguments(where, stack, tree):
    whole = yaml.safe_load((where / "compose.yaml").read_text())
    service = next(iter(whole["services"].values()))
    yield from ("--hostname", service.get("hostname", "container"))
    if "domainname" in service:
        yield from ("--domainname", service["domainname"])
    for name, value in variables(service, where).items():
        yield from ("--env", f"{name}={value}")
    for mount in service.get("volumes", []):
        source, target = mount.split(":")[:2]
        if source.startswith("."):
            if (where / source).exists():  # else an engine makes an empty folder
                lay(where / source, tree, target.rstrip("/"))
        elif not source.startswith("/"):
            yield from ("--volume", f"{stack}-{source}:{target}")
    for name in service.get("secrets", []):
        lay(where / whole["secrets"][name]["file"], tree, f"/run/secrets/{name}")
    if service.get("read_only"):
        yield "--read-only"
    for path in service.get("tmpfs", []):
        yield from ("--tmpfs", path)


if __name__ == "__main__":
    place = pathlib.Path(sys.argv[1])
    for argument in arguments(place, sys.argv[2], pathlib.Path(sys.argv[3])):
        sys.stdout.write(argument + "\0")
