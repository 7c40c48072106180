#!/usr/bin/env python3
"""Draws the picture of the README from the real program: python3 tests/picture.py [PROGRAM] [PICTURE].

The program runs in tmux with a home of its own and six made-up accounts; what then stands on the screen is drawn
as SVG, character by character. It needs tmux and Python's standard library. Without arguments it takes
target/release/lifeboat and writes man/interface.svg.
"""
import base64
import hashlib
import html
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time
import unicodedata

ROOT = pathlib.Path(__file__).resolve().parent.parent
COLUMNS, ROWS = 110, 20
# Cells of a monospaced font of 14 units.
WIDTH, HEIGHT, MARGIN = 8.43, 18, 14
GROUND, INK, DIM = "#16181d", "#d7dae0", "#8a8f99"
COLORS = ["#2b2f36", "#e06c75", "#98c379", "#e5c07b", "#61afef", "#c678dd", "#56b6c2", "#d7dae0"]
ACCOUNTS = [("AWS", "root@example.org", "cloud"), ("GitHub", "ana", "work"), ("Hypervisor", "root", "work"),
            ("Registrar", "admin", "cloud"), ("VPN", "ana", "work"), ("Bank", "ana", "home")]


def main():
    program = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "target/release/lifeboat").resolve()
    picture = pathlib.Path(sys.argv[2] if len(sys.argv) > 2 else ROOT / "man/interface.svg")
    with tempfile.TemporaryDirectory() as home:
        picture.write_text(svg(screen(program, pathlib.Path(home))), encoding="utf-8")
    print(f"drawn: {picture}")


def screen(program, home):
    """Runs the interface over made-up accounts and gives the screen's lines with their escape sequences."""
    environment = {"HOME": str(home), "PATH": os.environ["PATH"], "TERM": "xterm-256color", "LANG": "C.UTF-8"}
    vault, key = home / "vault.lifeboat", home / "key"

    def run(*arguments, text=""):
        subprocess.run([program, "--vault", vault, *arguments], input=text, text=True, env=environment, check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    run("init", "--new-key-file", key)
    for issuer, account, tag in ACCOUNTS:
        seed = base64.b32encode(hashlib.sha1(issuer.encode()).digest()).decode()
        uri = f"otpauth://totp/{issuer}:{account}?secret={seed}&issuer={issuer}\n"
        run("--key-file", key, "add", "-", "--tag", tag, "--provenance", "enrolled", text=uri)
    run("--key-file", key, "--yes", "prove", "GitHub", "--accepted")
    socket = home / "tmux"

    def tmux(*arguments):
        # The server is started with nothing of this environment but what the program needs.
        return subprocess.run(["tmux", "-S", socket, "-f", os.devnull, *arguments], env=environment, check=True,
                              capture_output=True, text=True).stdout

    command = f"exec '{program}' --vault '{vault}' --key-file '{key}'"
    tmux("new-session", "-d", "-s", "picture", "-x", str(COLUMNS), "-y", str(ROWS), command)
    try:
        wait(lambda: "Registrar" in tmux("capture-pane", "-p", "-t", "picture"))
        # Not in the last seconds of a step, which show the code that follows.
        wait(lambda: 4 < time.time() % 30 < 18, seconds=30)
        tmux("send-keys", "-t", "picture", "jjv")
        wait(lambda: re.search(r"GitHub +ana +\d{3} \d{3}", tmux("capture-pane", "-p", "-t", "picture")))
        lines = tmux("capture-pane", "-e", "-p", "-t", "picture").split("\n")
    finally:
        tmux("kill-server")
    # The path is that of a folder which is gone by now.
    return [line.replace(str(home), "~") for line in lines[:ROWS]]


def wait(is_so, seconds=20):
    end = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > end:
            sys.exit("the screen did not come to show what was waited for")
        time.sleep(0.1)


def cells(line):
    """Gives each character of a line with its column and look."""
    look, column = {}, 0
    for part in re.split(r"(\x1b\[[0-9;]*m)", line):
        if part.startswith("\x1b["):
            for code in (int(code or 0) for code in part[2:-1].split(";")):
                if code == 0:
                    look = {}
                elif code in (1, 2, 7):
                    look = {**look, code: True}
                elif 30 <= code <= 37:
                    look = {**look, "ink": COLORS[code - 30]}
                elif 90 <= code <= 97:
                    look = {**look, "ink": COLORS[code - 90]}
                elif code == 39:
                    look = {name: value for name, value in look.items() if name != "ink"}
            continue
        for character in part:
            yield column, character, look
            column += 2 if unicodedata.east_asian_width(character) in "WF" else 1


def svg(lines):
    width, height = COLUMNS * WIDTH + 2 * MARGIN, ROWS * HEIGHT + 2 * MARGIN
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" role="img">',
           "<title>Lifeboat's list of codes in a terminal, with what is known about the selected entry</title>",
           f'<rect width="100%" height="100%" rx="8" fill="{GROUND}"/>',
           '<g font-family="ui-monospace, Menlo, Consolas, \'DejaVu Sans Mono\', monospace" font-size="14">']
    for row, line in enumerate(lines):
        top = MARGIN + row * HEIGHT
        for text, column, look in runs(line):
            ink = look.get("ink", DIM if 2 in look else INK)
            left, length = MARGIN + column * WIDTH, len(text) * WIDTH
            if 7 in look:
                out.append(f'<rect x="{left:.1f}" y="{top}" width="{length:.1f}" height="{HEIGHT}" fill="{ink}"/>')
                ink = GROUND
            if text.strip():
                bold = ' font-weight="bold"' if 1 in look else ""
                out.append(f'<text x="{left:.1f}" y="{top + 14}" textLength="{length:.1f}" fill="{ink}"{bold} '
                           f'xml:space="preserve">{html.escape(text)}</text>')
    return "\n".join([*out, "</g>", "</svg>", ""])


def runs(line):
    """Characters beside each other that look the same."""
    text, start, last = "", 0, None
    for column, character, look in cells(line):
        if text and look != last:
            yield text, start, last
            text = ""
        if not text:
            start, last = column, look
        text += character
    if text.rstrip() or (last and 7 in last):
        yield (text if last and 7 in last else text.rstrip()), start, last


main()
