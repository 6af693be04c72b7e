#!/usr/bin/env python3
"""Changes one token of the engine or the parser at a time, and sees whether a test notices.

    Tests/Mutation/mutate.py --sites 100 --seed 1

A copy of the engine, the parser and their tests is built as a package of its own, which takes a fraction of the whole's time.
Sites are drawn by the seed from all places where a comparison, an operator, a constant, a condition or a beginning of a function can
be changed. A change that does not compile is no mutant, and another site takes its place. First the tests nearest to the file run, then
all of its module; the first failed check, a trap or tests that take five times as long as they should catch the mutant.

Left out are files that decide only how work is split or when a clock is looked at (the result does not depend on them, by the promise
that other tests hold), and sites of equivalent.txt, each with the reason why no test can tell.
"""

import argparse, json, os, random, re, shutil, signal, subprocess, sys, threading, time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

PACKAGE = """// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "mutated",
  targets: [
    .target(name: "CKernels"), .target(name: "NNEngine", dependencies: ["CKernels"]), .target(name: "NNDiagnostics"),
    .target(name: "NNSyntax", dependencies: ["NNDiagnostics"]),
    .target(name: "AllocationCount", path: "Tests/AllocationCount"),
    .testTarget(
      name: "NNEngineTests", dependencies: ["NNEngine", "CKernels", "AllocationCount"],
      exclude: ["CrossArchitecture", "Fixtures"]),
    .testTarget(name: "NNSyntaxTests", dependencies: ["NNSyntax"]),
    .testTarget(
      name: "ConformanceTests", dependencies: ["NNSyntax", "NNDiagnostics"], path: "Tests/Conformance", exclude: ["Cases"]),
  ],
  swiftLanguageModes: [.v6]
)
"""

# Of the conformance cases, what the parser alone makes of them; what the program does (CHECK, OUTPUT …) is not in this package, and
# passes for as it should be.
CONFORMANCE = """extension Phase {
  static let programPhases = HEADINGS.map { heading in Phase(heading: heading) { subject, _ in subject[heading] ?? "" } }
}
"""

# Only how work is split, or when a clock is looked at.
LEFT_OUT = {"Grain.swift", "Pace.swift", "Clock.swift", "WorkerPool.swift", "Workers.swift", "Team.swift", "Memory.swift",
            "InstructionSet.swift", "EngineError.swift", "StopSignal.swift", "SpacedCounters.swift"}

NEAR = [("NNSyntax/", "Corpus|Lexer|Mistake|Number|Sentence|SyntaxProblem"),
        ("NNEngine/Optimizers/", "Optimizer"), ("NNEngine/Schedules/", "Schedule"), ("NNEngine/Metrics/", "Metric"),
        ("NNEngine/Random/", "Random"), ("NNEngine/Math/", "Elementary|function"), ("NNEngine/Initializers/", "Initializer"),
        ("NNEngine/Training/Callbacks/", "Callback|EarlyStopping|Snapshot"), ("NNEngine/Constraints/", "Constraint"),
        ("NNEngine/", "Golden|Gradient|golden")]

SWAPS = {"<": "<=", "<=": "<", ">": ">=", ">=": ">", "==": "!=", "!=": "==", "+": "-", "-": "+", "*": "/", "/": "*",
         "&&": "||", "||": "&&", "+=": "-=", "-=": "+=", "&+": "&-", "&-": "&+", "..<": "...", "..." : "..<"}


def blanked(text):
    """The text with comments and string literals as blanks, so that places stay."""
    pattern = re.compile(r'//[^\n]*|/\*.*?\*/|"""(?:.|\n)*?"""|#?"(?:\\.|[^"\\\n])*"#?', re.S)
    return pattern.sub(lambda match: re.sub(r"[^\n]", " ", match.group()), text)


def sites_of(path):
    text = open(path, encoding="utf-8").read()
    code = blanked(text)
    found = []

    def add(start, end, new, kind):
        found.append((start, end, new, kind))

    for match in re.finditer(r"(?<=\s)(<=|>=|==|!=|&&|\|\||\+=|-=|&\+|&-|<|>|\+|-|\*|/)(?=\s)", code):
        add(match.start(), match.end(), SWAPS[match.group()], "operator")
    for match in re.finditer(r"(?<=[\w)\]])(\.\.<|\.\.\.)(?=[\w(])", code):
        add(match.start(), match.end(), SWAPS[match.group()], "range")
    for match in re.finditer(r"(?<![\w.$#\"])(\d+)(?![\w.])", code):
        line = code[code.rfind("\n", 0, match.start()) + 1:match.end()]
        if line.lstrip().startswith("@") or "#if" in line: continue
        add(match.start(), match.end(), str(int(match.group()) + 1), "constant")
    for match in re.finditer(r"(?<![\w.$#\"])(\d+\.\d+)(?![\w.])", code):
        add(match.start(), match.end(), str(float(match.group()) + 1), "constant")
    for match in re.finditer(r"\b(true|false)\b", code):
        add(match.start(), match.end(), "false" if match.group() == "true" else "true", "constant")
    for match in re.finditer(r"\b(if|while) ([^{}\n,]+) \{|\b(guard) ([^{}\n,]+) else \{", code):
        word = match.group(1) or match.group(3)
        condition = match.group(2) or match.group(4)
        if re.search(r"\b(let|var|case|#)\b|#", condition): continue
        start = match.start(2) if match.group(2) else match.start(4)
        add(start, start + len(condition), f"!({text[start:start + len(condition)]})", "condition")
    for match in re.finditer(r"\bfunc [^{}\n]*\)(?: throws(?:\([\w.]+\))?)? \{\n", code):
        if "->" in match.group(): continue
        add(match.end() - 1, match.end() - 1, " if CommandLine.argc > 0 { return }", "return early")
    return text, found


class Mutation:
    """A package of the engine, the parser and their tests. After the first build only the changed module is compiled, and the tests linked
    anew: a change within a body leaves what the tests were compiled against as it was."""

    def __init__(self, work):
        self.work = os.path.realpath(work)
        self.slow = {}

    def prepare(self):
        os.makedirs(self.work, exist_ok=True)
        for folder in ["Sources/CKernels", "Sources/NNEngine", "Sources/NNSyntax", "Sources/NNDiagnostics", "Tests/NNEngineTests",
                       "Tests/NNSyntaxTests", "Tests/AllocationCount", "Tests/Conformance", "Fuzz/Corpus", "grammar", "scripts", "docs"]:
            target = os.path.join(self.work, folder)
            shutil.rmtree(target, ignore_errors=True)
            shutil.copytree(os.path.join(ROOT, folder), target)
        shutil.copy(os.path.join(ROOT, "README.md"), self.work)
        with open(os.path.join(self.work, "Package.swift"), "w") as file: file.write(PACKAGE)
        cases = os.path.join(self.work, "Tests", "Conformance")
        for name in ["CodeTests.swift", "DocumentTests.swift"]: os.remove(os.path.join(cases, name))
        with open(os.path.join(cases, "ProgramPhases.swift")) as file: headings = re.findall(r'Phase\(heading: "([^"]+)"', file.read())
        with open(os.path.join(cases, "ProgramPhases.swift"), "w") as file:
            file.write(CONFORMANCE.replace("HEADINGS", json.dumps(headings)))
        # The manifest that SwiftPM leaves, with the compiler's and the linker's arguments, is the native build system's.
        if self.call(["swift", "build", "--build-tests", "--build-system", "native"], 1800): sys.exit("the copy does not build")
        with open(os.path.join(self.work, ".build", "debug.yaml")) as file: manifest = file.read()
        self.compilers = {module: self.arguments(manifest, rf"C\.{module}-[^\n]*\.module") for module in ["NNEngine", "NNSyntax"]}
        self.linker = self.arguments(manifest, r"C\.mutatedPackageTests-[^\n]*\.test")
        self.tests = self.linker[self.linker.index("-o") + 1]
        for filter in {filter for path, _ in NEAR for filter in self.filters(path)}:
            started = time.time()
            if self.failure(filter, 1800): sys.exit(f"{filter} fails before anything is changed")
            self.slow[filter] = 5 * (time.time() - started) + 20

    def arguments(self, manifest, node):
        found = re.search(rf'^  "{node}":\n(?:    [^\n]*\n)*?    args: (\[.*\])$', manifest, re.M)
        return json.loads(found.group(1))

    def call(self, command, limit):
        process = subprocess.Popen(command, cwd=self.work, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
        try:
            return process.wait(limit)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            return -1

    def build(self, path):
        """Whether the changed module compiles."""
        return self.call(self.compilers[path.split("/")[0]], 900) == 0 and self.call(self.linker, 900) == 0

    def failure(self, filter, limit):
        """What first shows that something is wrong: a test's line, the signal of a trap, or that it takes too long; nil if nothing does."""
        process = subprocess.Popen([self.tests, "--testing-library", "swift-testing", "--filter", filter], cwd=self.work,
                                   stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True)
        late = threading.Timer(limit, os.killpg, (process.pid, signal.SIGKILL))
        late.start()
        first = None
        for line in process.stdout:
            if "✘".encode() in line:
                first = re.sub(r"\x1b\[[\d;]*m", "", line.decode(errors="replace")).strip()
                os.killpg(process.pid, signal.SIGKILL)
                break
        alive = late.is_alive()
        late.cancel()
        status = process.wait()
        process.stdout.close()
        if first: return first[:200]
        if not alive: return f"takes more than {limit:.0f} s"
        return f"status {status}" if status else None

    def filters(self, path):
        """The tests to ask, the nearest first."""
        near = next(filter for prefix, filter in NEAR if path.startswith(prefix))
        if path.startswith("NNSyntax/"): return [f"NNSyntaxTests.*({near})", "NNSyntaxTests|ConformanceTests"]
        return [f"NNEngineTests.*({near})", "NNEngineTests"]

    def caught_by(self, path):
        """How the tests notice; nil if none does."""
        for filter in self.filters(path):
            if found := self.failure(filter, self.slow[filter]): return found
        return None


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sites", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=1e9, help="stop after so long")
    parser.add_argument("--only", default="", help="only files whose path has this")
    parser.add_argument("--work", default=os.path.join(ROOT, ".build", "mutation"))
    parser.add_argument("--log", help="a line of JSON for each mutant")
    options = parser.parse_args()
    equivalent = {}
    with open(os.path.join(ROOT, "Tests/Mutation/equivalent.txt")) as file:
        for line in file:
            if line.strip() and not line.startswith("#"):
                place, _, reason = line.rstrip("\n").partition(" # ")
                equivalent[place] = reason

    # Read once: whoever edits a file meanwhile moves no site.
    sites, texts = [], {}
    for module in ["NNEngine", "NNSyntax/Lexer", "NNSyntax/Parser"]:
        for folder, _, names in sorted(os.walk(os.path.join(ROOT, "Sources", module))):
            for name in sorted(names):
                path = os.path.relpath(os.path.join(folder, name), os.path.join(ROOT, "Sources"))
                if name in LEFT_OUT or not name.endswith(".swift") or options.only not in path: continue
                texts[path], found = sites_of(os.path.join(ROOT, "Sources", path))
                sites += [(path, *site) for site in found]
    random.Random(options.seed).shuffle(sites)
    print(f"{len(sites)} sites; building the copy", flush=True)
    mutation = Mutation(options.work)
    mutation.prepare()
    started, caught, survived, same = time.time(), 0, [], 0
    for path, start, end, new, kind in sites:
        if caught + len(survived) >= options.sites or time.time() - started > 60 * options.minutes: break
        text = texts[path]
        number = text.count("\n", 0, start) + 1
        line = text.splitlines()[number - 1].strip()
        place = f"{path}: {line} [{text[start:end].strip() or 'begin'} -> {new.strip()}]"
        if place in equivalent:
            same += 1
            continue
        target = os.path.join(mutation.work, "Sources", path)
        with open(target, "w", encoding="utf-8") as file: file.write(text[:start] + new + text[end:])
        try:
            if not mutation.build(path): continue
            tests = mutation.caught_by(path)
        finally:
            with open(target, "w", encoding="utf-8") as file: file.write(text)
        if tests: caught += 1
        else: survived.append(f"{path}:{number} {place}")
        print(f"{'caught  ' if tests else 'SURVIVED'} {kind:12} {path}:{number}  {line[:90]}  [{text[start:end].strip()} -> {new.strip()}]",
              flush=True)
        if options.log:
            with open(options.log, "a") as log:
                log.write(json.dumps({"caught": tests, "place": place, "line": number}) + "\n")
    total = caught + len(survived)
    print(f"\nseed {options.seed}: {total} mutants, {caught} caught, {len(survived)} survived"
          f" ({100 * caught / max(total, 1):.0f} % caught); {same} known to be equivalent left out")
    for place in survived: print("  " + place)
    return 0 if total and caught >= 0.9 * total else 1


if __name__ == "__main__":
    sys.exit(main())
