#!/usr/bin/env python3
"""test/peers/tini_suite.py DIR: tini's own suite, of its checkout DIR, against mailinit

It is one script that ends at the first assertion that does not hold. Here each
assertion counts for itself, so that what differs on purpose hides nothing:
docs/command-mode.md says what that is. MAILINIT is the binary.
"""
import ast
import os
import subprocess
import sys
import tempfile
import types

counts = {True: 0, False: 0}


def judge(holds, line, text):
    counts[bool(holds)] += 1
    if not holds:
        print("not held, line %d: %s" % (line, text), flush=True)


class Count(ast.NodeTransformer):
    def visit_Assert(self, node):
        call = ast.Call(ast.Name("judge", ast.Load()),
                        [node.test, ast.Constant(node.lineno), ast.Constant(ast.unparse(node.test))], [])
        return ast.fix_missing_locations(ast.copy_location(ast.Expr(call), node))


class BitMap:
    """What the suite uses of the package bitmap, which Debian does not have."""

    def __init__(self, text):
        self.text = text

    @classmethod
    def fromstring(cls, text):
        return cls(text)

    def nonzero(self):
        return [place for place, bit in enumerate(reversed(self.text)) if bit == "1"]


def main():
    source = os.path.abspath(sys.argv[1])
    path = source + "/test/run_inner_tests.py"
    with open(path) as text:
        tree = Count().visit(ast.parse(text.read()))
    with tempfile.TemporaryDirectory() as build:
        os.symlink(os.path.abspath(os.path.dirname(__file__)) + "/tini", build + "/tini")
        subprocess.run(["cc", "-w", "-o", build + "/sigconf-test",
                        source + "/test/sigconf/sigconf-test.c"], check=True)
        os.environ.update(SOURCE_DIR=source, BUILD_DIR=build, FORCE_SUBREAPER="1")
        sys.modules["bitmap"] = types.ModuleType("bitmap")
        sys.modules["bitmap"].BitMap = BitMap
        space = {"__name__": "suite", "judge": judge}
        exec(compile(tree, path, "exec"), space)
        space["main"]()
    print("%d assertions hold, %d do not" % (counts[True], counts[False]))


if __name__ == "__main__":
    main()
