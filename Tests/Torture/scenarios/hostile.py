"""1 KB that asks for terabytes or for ever, and names that carry escape codes: refused before anything is taken."""

import json
import resource
import struct

from ..harness import TABLES, Line

IRIS = f"data {TABLES}/iris.csv target=species | "
GENERATED = "def a { dense 2 relu }\n" + "".join(f"def {chr(98 + i)} {{ {chr(97 + i)}; {chr(97 + i)} }}\n" for i in range(24))

# What it asks, the script, the statuses, and what must be said.
HUGE = [
    ("a layer of 10^12", IRIS + "model < dense 1000000000000 relu; output > | fit epochs=1", [1, 2], "."),
    ("a layer of 10^9", IRIS + "model < dense 1000000000 relu; output > | fit epochs=1", [1, 2], "."),
    ("two layers of 10^6", IRIS + "model < dense 1000000 relu; dense 1000000 relu; output > | fit epochs=1", [1, 2], "GB|TB|GiB|TiB"),
    ("a layer over Int64", IRIS + "model < dense 99999999999999999999999 relu; output > | fit epochs=1", [1, 2], "."),
    ("many layers of 30000", IRIS + "model < " + "dense 30000; " * 60 + "output > | fit epochs=1", [1, 2], "GB|TB|GiB|TiB"),
    ("definitions that double 24 times", GENERATED + IRIS + "model < y; output > | fit epochs=1 seed=1", [0, 1, 2], "."),
    ("a sweep of 10^12 runs", IRIS + "sweep " + " ".join(f"v{i}=[" + ", ".join(map(str, range(1, 11))) + "]" for i in range(12))
     + " { model < dense $v0 relu; output > | fit epochs=1 }", [1, 2], "."),
    ("10^12 trials", IRIS + "sweep trials=1000000000000 lr=log(1e-4, 0.1) { model < output > | compile lr=$lr | fit epochs=1 }", [1, 2], "."),
    ("10^12 seeds", IRIS + "seeds 1000000000000 { model < output > | fit epochs=1 }", [1, 2], "."),
    ("10^12 folds", IRIS + "folds 1000000000000 { model < output > | fit epochs=1 }", [1, 2], "."),
    ("a nesting of 5000", "model < " + "residual { " * 5000 + "dense 2" + " }" * 5000 + "; output >", [2], "."),
    ("brackets", "[" * 1000, [2], "."),
    ("a batch of 10^18", IRIS + "model < output > | fit epochs=1 batch=1000000000000000000 seed=1", [0, 1, 2], "."),
    ("epochs of 10^30", IRIS + "model < output > | fit epochs=1000000000000000000000000000000", [2], "."),
    ("a print of 10^12 rows", IRIS + "head 1000000000000", [0, 2], "."),
    ("itself included", "include s.nn", [2], "."),
    ("a device without an end", "data /dev/zero | head 1", [1, 2], "."),
]

# Scripts of up to a megabyte, on one line or on many: mistakes everywhere, and names without an end.
MANY = 20_000
LONG = [
    ("options without an end", "fit t.csv " + " ".join(f"b{i}" for i in range(MANY)) + " " + " ".join(f"x{i}=1" for i in range(MANY))),
    ("conditions without an end", "data t.csv | filter a < 3" + "".join(f" and b = {i}" for i in range(MANY))),
    ("foreign pipes without an end", "data t.csv" + "".join(f" > filter b > {i}" for i in range(MANY))),
    ("unknown layers", "model < " + "; ".join("dens 3" for _ in range(MANY)) + " >"),
    ("words that touch", "print " + " ".join(f"é{i}!" for i in range(MANY))),
    ("definitions", "\n".join(f"let a{i} = {i}\ndef g{i}() {{ dense $a{i} }}" for i in range(MANY))),
    ("unknown names among many", "\n".join(f"let a{i} = {i}" for i in range(MANY)) + "\n" + "\n".join(f"print $b{i}" for i in range(MANY))),
    ("unknown layers among many definitions", "\n".join(f"def g{i}() {{ dense 3 }}" for i in range(MANY)) + "\nmodel < " + "; ".join(f"h{i}" for i in range(MANY)) + " >"),
    ("brackets", "print " + "[" * 10 * MANY),
    ("pipes", "data t.csv " + "| " * 10 * MANY),
]

# ESC ] 0 ; … BEL sets a terminal's title; ESC [ 2 J clears it; 0x9b is CSI in one sign.
EVIL = "\x1b]0;owned\x07\x1b[2J\u009b31m\u202e"


def clean(result):
    if found := result.trouble():
        return found
    for sign in ("\x1b", "\x07", "\u009b", "\u202e"):
        if sign in result.out + result.err:
            return f"the sign {sign!r} reached the terminal"
    return None


def scenario(bench):
    huge = Line("scripts, `--set` and files that ask for too much, in 4 GB and a minute")
    memory = [(resource.RLIMIT_AS, 4 << 30)]
    for name, script, statuses, says in HUGE + [(name, script, [2], "error") for name, script in LONG]:
        folder = bench.folder()
        (folder / "s.nn").write_text(script)
        failure = bench.run(["run", "s.nn"], folder, limits=memory).expect(statuses, says)
        huge.trial(failure and f"{name}: {failure}")
    folder = bench.folder()
    for name, header in (("wide", [f"c{i}" for i in range(50_000)]), ("alike", ["c"] * 20_000)):
        (folder / f"{name}.csv").write_text(",".join(header) + "\n" + (",".join("1" for _ in header) + "\n") * 2)
        result = bench.run(["-e", f"data {name}.csv | describe | model < dense 2; output > | fit epochs=1 seed=1"], folder, limits=memory)
        huge.trial((found := result.expect([0, 2])) and f"{name}.csv: {found}")
    for value in ("1e308", "-1", "99999999999999999999", "nan", "[" * 500, "$w", "", "'", "\x1b[2J", "x" * 100_000):
        result = bench.run(["run", "--set", f"w={value}", "-e", "set w=4\n" + IRIS + "model < dense $w relu; output > | fit epochs=1"], folder, limits=memory)
        huge.trial((found := result.expect([0, 1, 2])) and f"--set w={value[:20]!r}: {found}")
    for path, header in files(folder):
        path.write_bytes(header)
        result = bench.run(["summary", path.name], folder, limits=memory)
        huge.trial((found := result.expect([1, 2], "error")) and f"{path.name}: {found}")

    names = Line("escape codes in headers, cells, paths, scripts and model files")
    folder = bench.folder()
    rows = "".join(f"{i},{i % 3},c{i % 2}\n" for i in range(40))
    (folder / "t.csv").write_text(f"x{EVIL},y,z{EVIL}\n{rows}")
    (folder / "c.csv").write_text("x,y\n" + "".join(f"{i},v{i % 2}{EVIL}\n" for i in range(40)))
    (folder / f"{EVIL}.csv").write_text("x,y\n1,2\n3,4\n")
    (folder / "bad.csv").write_text(f"x,y\n1,2\n{EVIL},3\n" * 3)
    (folder / "s.nn").write_text(f'data "{EVIL}.csv" | describe\nprint "{EVIL}"\n{EVIL}')
    (folder / "h.nn").write_text(f'data t.csv target=y | model < {EVIL}dense 2 >')
    for script in (
        "data t.csv target=y | describe | head 3", "data t.csv target=nothing", "data c.csv target=y | describe | head 3 | model < output > | fit epochs=1 seed=1 | predict",
        "data t.csv target=y | model < dense 2 relu; output > | fit epochs=1 seed=1 | save m.safetensors | importance",
        "data bad.csv target=y | model < output > | fit epochs=1 seed=1", "data t.csv | drop nothing",
        "data c.csv target=y | model < output > | fit epochs=1 seed=1 | confusion",
    ):
        result = bench.run(["-e", script], folder)
        names.trial((found := clean(result) if "predict" not in script else result.trouble()) and f"{script}: {found}")
    for args in (["run", "s.nn"], ["check", "h.nn"], ["run", "h.nn"], ["summary", "m.safetensors"], ["run", f"{EVIL}.nn"], ["summary", f"{EVIL}.csv"], ["-e", EVIL], [EVIL], ["explain", EVIL], ["help", EVIL], ["run", f"--{EVIL}"], ["run", "--set", EVIL, "s.nn"]):
        names.trial((found := clean(bench.run(args, folder))) and f"{args}: {found}")
    return [huge, names]


def files(folder):
    """Model files whose headers announce what is not there."""

    def header(value, tail=b""):
        text = json.dumps(value).encode() if not isinstance(value, bytes) else value
        return struct.pack("<Q", len(text)) + text + tail

    tensor = {"dtype": "F32", "shape": [1 << 40, 1 << 40], "data_offsets": [0, 4]}
    yield folder / "length.safetensors", struct.pack("<Q", (1 << 64) - 1) + b"{}"
    yield folder / "long.safetensors", struct.pack("<Q", 1 << 40) + b"{}"
    yield folder / "shape.safetensors", header({"a": tensor}, b"1234")
    yield folder / "offsets.safetensors", header({"a": {**tensor, "shape": [1], "data_offsets": [1 << 62, (1 << 62) + 4]}})
    yield folder / "negative.safetensors", header({"a": {**tensor, "shape": [-1], "data_offsets": [-4, 0]}})
    yield folder / "deep.safetensors", header(b"[" * 100_000)
    yield folder / "wide.onnx", b"\x08\x08" + b"\x3a\xff\xff\xff\xff\xff\xff\xff\xff\x7f"
    yield folder / "empty.safetensors", b""
    layers = {"layers": [{"type": "dense", "options": {"units": 1 << 40}}]}
    yield folder / "layers.safetensors", header({"__metadata__": {"format": "nn", "version": "1", "nn": json.dumps(layers)}})
