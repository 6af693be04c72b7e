#!/usr/bin/env python3
"""Which lines of Sources/ the tests run: a table by module, and with --files the files that lack most.

    Tests/Coverage/coverage.py [--skip-run] [--files N] [--scratch FOLDER]

Builds and runs every test with coverage in a scratch folder of its own. What the tests' own process runs counts, and what the programs do
that the tests start. Generated code (Protocol/) and the C kernels, which have their own comparison, are left out. The status is 0 if nine
lines in ten are covered.
"""

import argparse, collections, glob, json, os, subprocess, sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def tool(name):
    swift = os.path.realpath(subprocess.check_output(["which", "swift"], text=True).strip())
    beside = os.path.join(os.path.dirname(swift), name)
    return beside if os.path.exists(beside) else name


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--skip-run", action="store_true", help="only the table of the last run")
    parser.add_argument("--files", type=int, default=0)
    parser.add_argument("--scratch", default=os.path.join(ROOT, ".build-coverage"))
    options = parser.parse_args()
    build = os.path.join(options.scratch, "debug")
    raw = os.path.join(build, "codecov")
    failed = False
    if not options.skip_run:
        for old in glob.glob(os.path.join(raw, "*.prof*")): os.remove(old)
        command = ["swift", "test", "--enable-code-coverage", "--scratch-path", options.scratch]
        failed = subprocess.run(command, cwd=ROOT).returncode != 0
    merged = os.path.join(raw, "all.profdata")
    files = glob.glob(os.path.join(raw, "*.profraw"))
    if not files: sys.exit("no test has left anything")
    # Programs that a test killed leave half a file, which is no reason to know nothing of the others.
    subprocess.check_call([tool("llvm-profdata"), "merge", "--failure-mode=all", "-sparse", "-o", merged, *files])
    tests = glob.glob(os.path.join(build, "*.xctest"))[0]
    text = subprocess.check_output(
        [tool("llvm-cov"), "export", "-summary-only", "-instr-profile", merged, tests, "-object", os.path.join(build, "nn")])
    modules, single = collections.defaultdict(lambda: [0, 0]), []
    for file in json.loads(text)["data"][0]["files"]:
        path = os.path.relpath(file["filename"], ROOT)
        if not path.startswith("Sources/") or not path.endswith(".swift") or "/Protocol/" in path: continue
        lines = file["summary"]["lines"]
        modules[path.split("/")[1]][0] += lines["covered"]
        modules[path.split("/")[1]][1] += lines["count"]
        single.append((lines["count"] - lines["covered"], lines["count"], path))
    covered, count = (sum(module[place] for module in modules.values()) for place in (0, 1))
    print("| Module | Lines | Covered |\n|---|---:|---:|")
    for name in sorted(modules): print(f"| {name} | {modules[name][1]:,} | {100 * modules[name][0] / max(modules[name][1], 1):.1f} % |")
    print(f"| all | {count:,} | {100 * covered / max(count, 1):.1f} % |")
    for missing, lines, path in sorted(single, reverse=True)[:options.files]: print(f"{missing:6} of {lines:6} {path}")
    if failed: print("some tests failed", file=sys.stderr)
    return 0 if covered >= 0.9 * count and not failed else 1


if __name__ == "__main__":
    sys.exit(main())
