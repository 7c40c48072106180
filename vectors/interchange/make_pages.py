#!/usr/bin/env python3
"""Writes the fixtures of pages for printing, and html.txt, which they must yield; and of the password store, with pass.txt.

QR codes are drawn by the package `segno`; nothing of Lifeboat is used. Run it in vectors/interchange/.
"""

import pathlib
import sys
import urllib.parse

import segno

sys.dont_write_bytecode = True
from make_aegis import ACCOUNTS, code, decode, uris  # noqa: E402


def page(with_cells, with_pictures):
    rows = []
    for uri, (issuer, name, *_) in zip(uris(), ACCOUNTS):
        cell = f"<td><code>{uri}</code></td>" if with_cells else ""
        picture = f'<td><img src="{segno.make(uri, micro=False).png_data_uri(scale=4)}"></td>' if with_pictures else ""
        rows.append(f"<tr><td>{issuer}</td><td>{name}</td>{cell}{picture}</tr>\n")
    return '<!doctype html>\n<html><head><meta charset="utf-8"></head><body><table>\n' + "".join(rows) + "</table></body></html>\n"


def line(issuer, name, kind, algo, digits, number, secret):
    fields = [issuer, name, f"{kind} {algo} {digits}", number, secret, 8 * len(decode(secret)),
              code(kind, algo, digits, number, secret), "", "false", ""]
    return "|".join(map(str, fields)) + "\n"


def main():
    for name in ("html", "pass"):
        pathlib.Path(name).mkdir(exist_ok=True)
    pathlib.Path("html/cells-and-pictures.html").write_text(page(True, True))
    pathlib.Path("html/pictures.html").write_text(page(False, True))
    pathlib.Path("html.txt").write_text("# as canonical.txt, without tags, favourites and notes\n" + "".join(line(*one[:7]) for one in ACCOUNTS))
    # The program counts before it shows a code, so that the next one is one more than what it wrote.
    issuer, name, kind, algo, digits, number, secret, *_ = ACCOUNTS[3]
    label = urllib.parse.quote(issuer) + ":" + urllib.parse.quote(name, safe="")
    uri = f"otpauth://{kind}/{label}?secret={secret}&counter={number - 1}&issuer={issuer}"
    pathlib.Path("pass/hotp").write_text(f"{{not JSON: a password}}\nlogin: admin\n{uri}\nurl: https://vpn.example\n")
    pathlib.Path("pass.txt").write_text("# the one canonical account that a file of the password store is made of\n" + line(*ACCOUNTS[3][:7]))


if __name__ == "__main__":
    main()
