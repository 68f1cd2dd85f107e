#!/usr/bin/env python3
"""valid.py SCHEMA FILE… - whether JSON files are what a JSON Schema asks for

Prints each violation with its place, and fails if there is one. Of SARIF it also
looks at what no schema can say: each result's ruleIndex is the place of its ruleId.
"""
import json
import sys

import jsonschema


def read(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def rules_of(report):
    for run in report.get("runs", []):
        rules = run["tool"]["driver"]["rules"]
        for i, result in enumerate(run["results"]):
            if rules[result["ruleIndex"]]["id"] != result["ruleId"]:
                yield f"result {i}: ruleIndex is not the place of {result['ruleId']}"


def main(schema_path, *paths):
    schema = read(schema_path)
    kind = jsonschema.validators.validator_for(schema)
    kind.check_schema(schema)
    wrong = 0
    for path in paths:
        report = read(path)
        told = [f"{list(e.absolute_path)}: {e.message}" for e in kind(schema).iter_errors(report)]
        told = told or list(rules_of(report))
        for line in told:
            print(f"{path}: {line}")
        wrong += len(told)
    return 1 if wrong or not paths else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
