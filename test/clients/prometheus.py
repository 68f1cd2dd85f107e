#!/usr/bin/env python3
"""
Checks standard input by the rules of Prometheus' text exposition format, version
0.0.4: names, label values and their escapes, one HELP and one TYPE a metric and both
before its samples, samples of a metric together, no sample twice, a line break at the
end. Counters end in _total, as its conventions want. Says every fault; exit 1 when
there is one, or when there is no sample at all.
"""

import re
import sys

NAME = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
LABEL = r'[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\["\\n])*"'
SAMPLE = re.compile(rf"({NAME})(\{{(?:{LABEL}(?:,{LABEL})*,?)?\}})? (\S+)( -?\d+)?")
VALUE = re.compile(r"[+-]?(?:\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|Inf|NaN)")
TYPES = ("counter", "gauge", "histogram", "summary", "untyped")


def faults(text):
    helps, types, samples, order = {}, {}, set(), []
    if not text.endswith("\n"):
        yield 0, "no line break at the end"
    for number, line in enumerate(text.split("\n")[:-1], 1):
        comment = re.fullmatch(rf"# (HELP|TYPE) ({NAME}) (.+)", line)
        if comment:
            kind, name, rest = comment.groups()
            known = helps if kind == "HELP" else types
            if name in known:
                yield number, f"a second {kind} of {name}"
            if name in order:
                yield number, f"{kind} of {name} behind its samples"
            if kind == "TYPE" and rest not in TYPES:
                yield number, f"{rest} is no type"
            if kind == "TYPE" and (rest == "counter") != name.endswith("_total"):
                yield number, f"{name} is a {rest}: counters, and they alone, end in _total"
            known[name] = rest
            continue
        if line == "" or line.startswith("#"):
            continue
        sample = SAMPLE.fullmatch(line)
        if not sample:
            yield number, "neither a comment nor a sample"
            continue
        name, labels, value = sample.group(1), sample.group(2), sample.group(3)
        if not VALUE.fullmatch(value):
            yield number, f"{value} is no number"
        if name not in types or name not in helps:
            yield number, f"{name} has no HELP or no TYPE before it"
        if types.get(name) == "counter" and value.startswith("-"):
            yield number, "a counter below zero"
        if (name, labels) in samples:
            yield number, "a sample that was there before"
        if name in order and order[-1] != name:
            yield number, f"the samples of {name} are not together"
        samples.add((name, labels))
        order.append(name)
    if not samples:
        yield 0, "no sample at all"


def main():
    text = sys.stdin.buffer.read().decode("utf-8")
    found = list(faults(text))
    for number, fault in found:
        print(f"line {number}: {fault}")
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
