"""Makes docs/images/run.svg, shell.svg and shell-narrow.svg: real terminals, photographed after real runs.

    make build && python3 docs/images/make_picture.py [NAME …]

Starts a terminal of its own (tmux), types the lines below into it, takes what it shows with its colours
(`capture-pane -e`), and draws that as SVG. Braille and box-drawing characters are drawn as shapes, so that the picture is the
same with every font. Nothing in the picture is typed by hand.
"""

import html
import re
import subprocess
import sys
import tempfile
import time
import unicodedata
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
FOLDER = ROOT / "docs" / "images"


class Picture:
    """What is typed, a line at a time, and what the terminal is. Behind the lines come keys that no Enter follows."""

    def __init__(self, says, lines, keys="", shell=False, columns=80, rows=60):
        self.says, self.lines, self.keys, self.shell, self.columns, self.rows = says, lines, keys, shell, columns, rows


PICTURES = {
    "run": Picture("A terminal after a run of nn", ["cat sentence.nn", "nn sentence.nn"], columns=112, rows=40),
    "shell": Picture(
        "The shell of nn",
        [
            "data table:iris target=species | split test=20% seed=1",
            "model < dense 12 rellu; output >",
            "",  # Enter takes the mended line.
            "compile lr=0.02 metrics=[accuracy]",
            "fit epochs=60 seed=1",
            "| evaluate",
        ],
        keys="fit callbacks=[early_stopping(mo\t", shell=True),  # fmt: skip
    "shell-narrow": Picture(
        "The shell of nn, 40 columns wide",
        ["data table:iris | model < dense 12 relu; output >", "fit epochs=60 seed=1", "| evaluate"],
        keys="fit patience=", shell=True, columns=40),  # fmt: skip
}

CELL_WIDTH, CELL_HEIGHT, MARGIN, BAR = 8.4, 18.0, 16.0, 30.0
BACKGROUND, FOREGROUND, BAR_COLOR = "#14181f", "#d8dee6", "#232a35"
BASIC = [
    "#3b4252", "#e06c75", "#8fc379", "#e5c07b", "#61a0e8", "#c678dd", "#56b6c2", "#d8dee6",
    "#6b7484", "#ef8891", "#a9d794", "#f0d197", "#82b7f5", "#d79be8", "#7fcbd4", "#ffffff",
]  # fmt: skip


def capture(picture):
    """The lines that the terminal shows in the end, with escape sequences."""
    server = ["tmux", "-L", f"picture-{time.time_ns()}", "-f", "/dev/null"]

    def tmux(*arguments):
        return subprocess.run([*server, *arguments], check=True, capture_output=True, text=True).stdout

    def shown():
        return tmux("capture-pane", "-p")

    with tempfile.TemporaryDirectory() as home:
        environment = (
            f"env -i HOME={home} TERM=screen-256color LANG=C.UTF-8 INPUTRC=/dev/null "
            f"PATH={ROOT}/.build/release:/usr/bin:/bin PS1='$ ' "
        )
        program = "nn" if picture.shell else "bash --norc --noprofile -i"
        tmux("-u", "new-session", "-d", "-x", str(picture.columns), "-y", str(picture.rows), "-c",
             str(ROOT / "scripts"), environment + program)  # fmt: skip
        try:
            for number, line in enumerate(picture.lines, start=1):
                wait(lambda: prompts(shown()) == number)
                tmux("send-keys", "-l", line)
                tmux("send-keys", "Enter")
            wait(lambda: prompts(shown()) == len(picture.lines) + 1)
            before = shown()
            if picture.keys:
                tmux("send-keys", "-l", picture.keys)
                wait(lambda: shown() != before)
                time.sleep(1)
            lines = tmux("capture-pane", "-e", "-p").rstrip("\n").split("\n")
        finally:
            subprocess.run([*server, "kill-server"], capture_output=True)
    while lines and re.sub(r"\x1b\[[0-9;]*m", "", lines[-1]).strip() in ("", "$"):
        lines.pop()
    return lines


def prompts(text):
    """How many prompts are there; one that a statement's answer is still behind counts, for it holds no other up."""
    return sum(bool(re.match(r"\$( |$)|\S.* ▸( |$)|nn ▸", line)) for line in text.split("\n"))


def wait(condition):
    for _ in range(600):
        if condition():
            return
        time.sleep(0.1)
    raise SystemExit("the terminal did not come back to its prompt")


def cells(lines):
    """(row, column, character, (color, bold, dim, underlined)) for each character that is not a blank."""
    color, bold, dim, underlined = FOREGROUND, False, False, False
    for row, line in enumerate(lines):
        column = 0
        for part in re.split(r"(\x1b\[[0-9;]*m)", line):
            if not part.startswith("\x1b["):
                for character in part:
                    if character != " ":
                        yield row, column, character, (color, bold, dim, underlined)
                    column += 2 if unicodedata.east_asian_width(character) in "WF" else 1
                continue
            codes = [int(code or 0) for code in part[2:-1].split(";")]
            while codes:
                code = codes.pop(0)
                if code == 0:
                    color, bold, dim, underlined = FOREGROUND, False, False, False
                elif code in (1, 2):
                    bold, dim = bold or code == 1, dim or code == 2
                elif code == 22:
                    bold = dim = False
                elif code in (4, 24):
                    underlined = code == 4
                elif code == 39:
                    color = FOREGROUND
                elif 30 <= code <= 37 or 90 <= code <= 97:
                    color = BASIC[code - 30 if code < 90 else code - 82]
                elif code == 38 and codes[:1] == [5]:
                    color = indexed(codes[1])
                    del codes[:2]


def indexed(index):
    """One of the 256 colours: 16 basic ones, a cube of 6 × 6 × 6, 24 greys."""
    if index < 16:
        return BASIC[index]
    if index >= 232:
        return "#" + f"{8 + 10 * (index - 232):02x}" * 3
    levels = [0, 95, 135, 175, 215, 255]
    index -= 16
    return "#%02x%02x%02x" % (levels[index // 36], levels[index // 6 % 6], levels[index % 6])


#: Box-drawing characters as strokes from the middle: left, right, up, down, and whether they are heavy.
BOXES = {
    "─": ("lr", 1), "│": ("ud", 1), "┤": ("lud", 1), "├": ("rud", 1), "└": ("ur", 1), "┌": ("dr", 1), "┐": ("dl", 1),
    "┘": ("ul", 1), "┬": ("lrd", 1), "┴": ("lru", 1), "┼": ("lrud", 1), "━": ("lr", 3), "╸": ("l", 3), "╺": ("r", 3),
}  # fmt: skip
DOTS = [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2), (0, 3), (1, 3)]


def shape(x, y, character, color):
    """The SVG of a character that is drawn and not written, or None."""
    if 0x2800 <= ord(character) <= 0x28FF:
        bits = ord(character) - 0x2800
        return "".join(
            f'<circle cx="{x + CELL_WIDTH * (0.25 + 0.5 * column):.1f}" cy="{y + CELL_HEIGHT * (0.125 + 0.25 * row):.1f}" '
            f'r="1.5" fill="{color}"/>'
            for bit, (column, row) in enumerate(DOTS) if bits >> bit & 1)  # fmt: skip
    if character not in BOXES:
        return None
    sides, stroke = BOXES[character]
    middle_x, middle_y = x + CELL_WIDTH / 2, y + CELL_HEIGHT / 2
    ends = {"l": (x, middle_y), "r": (x + CELL_WIDTH, middle_y), "u": (middle_x, y), "d": (middle_x, y + CELL_HEIGHT)}
    path = "".join(f"M{middle_x:.1f} {middle_y:.1f}L{ends[side][0]:.1f} {ends[side][1]:.1f}" for side in sides)
    return f'<path d="{path}" stroke="{color}" stroke-width="{stroke}" fill="none"/>'


def draw(picture, lines):
    width = 2 * MARGIN + picture.columns * CELL_WIDTH
    height = BAR + 2 * MARGIN + len(lines) * CELL_HEIGHT
    body = []
    runs = []  # [row, column of its start, text, style]
    for row, column, character, style in cells(lines):
        drawn = shape(MARGIN + column * CELL_WIDTH, BAR + MARGIN + row * CELL_HEIGHT, character, style[0])
        if drawn:
            body.append(f'<g opacity="0.55">{drawn}</g>' if style[2] else drawn)
        elif runs and runs[-1][0] == row and runs[-1][3] == style and runs[-1][1] + len(runs[-1][2]) == column:
            runs[-1][2] += character
        else:
            runs.append([row, column, character, style])
    for row, column, text, (color, bold, dim, underlined) in runs:
        y = BAR + MARGIN + row * CELL_HEIGHT
        extra = (' font-weight="bold"' if bold else "") + (' opacity="0.55"' if dim else "")
        extra += ' text-decoration="underline"' if underlined else ""
        # The length is set, since a reader's monospaced font may be wider or narrower than the cells.
        body.append(
            f'<text x="{MARGIN + column * CELL_WIDTH:.1f}" y="{y + CELL_HEIGHT * 0.74:.1f}" fill="{color}"'
            f' textLength="{len(text) * CELL_WIDTH:.1f}" lengthAdjust="spacingAndGlyphs"{extra}>'
            f"{html.escape(text)}</text>")  # fmt: skip
    lights = "".join(
        f'<circle cx="{MARGIN + 4 + 18 * index:.0f}" cy="{BAR / 2:.0f}" r="5" fill="{color}"/>'
        for index, color in enumerate(["#e06c75", "#e5c07b", "#8fc379"]))  # fmt: skip
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}" '
        f'height="{height:.0f}" font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, DejaVu Sans Mono, monospace" '
        f'font-size="14" xml:space="preserve" role="img" aria-label="{picture.says}">\n'
        f'<rect width="100%" height="100%" rx="8" fill="{BACKGROUND}"/>\n'
        f'<path d="M0 8a8 8 0 0 1 8-8H{width - 8:.0f}a8 8 0 0 1 8 8V{BAR:.0f}H0z" fill="{BAR_COLOR}"/>{lights}\n'
        + "\n".join(body) + "\n</svg>\n")  # fmt: skip


if __name__ == "__main__":
    for name in sys.argv[1:] or PICTURES:
        file = FOLDER / f"{name}.svg"
        file.write_text(draw(PICTURES[name], capture(PICTURES[name])))
        print(f"{file.relative_to(ROOT)}: {file.stat().st_size:,} bytes")
