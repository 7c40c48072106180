#!/usr/bin/env python3
"""Opens a pass of Lifeboat with nothing but Python 3.8 or later, and lists its codes with their times.

    python3 open.py FILE                          asks for the words
    python3 open.py --passphrase-file PATH FILE   reads them from a file
    python3 open.py --json FILE                   prints the document as it stands

It shares no code with Lifeboat: it follows lifeboat-pass(5), and takes the container from restore.py, which lies beside
its folder and follows lifeboat-vault(5). It shows every code in the file, whatever the time is: that a pass ends is a
courtesy of the program. Deriving the key takes about a minute in Python.
Exit status: 0 done, 1 failed, 2 usage, 3 wrong words, 4 no such file, 5 damaged or not known.
"""
import argparse, base64, datetime, getpass, json, pathlib, re, sys

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import restore
from restore import DAMAGED, FAILED, Stop

KIND = b"\5"
KEYS = {"schema", "id", "title", "to", "type", "digits", "period", "from", "until", "first", "codes"}
STEAM = "23456789BCDFGHJKMNPQRTVWXY"
LAST = 253402214400


def wrong(field):
    raise Stop(DAMAGED, "the content is not valid: " + field)


def number(document, name, least, most):
    value = document.get(name)
    return value if type(value) is int and least <= value <= most else wrong(name)


def parse(plain):
    """The document: refused where no writer makes it."""
    try:
        document = json.loads(plain.decode(), object_pairs_hook=restore.marked)
    except (ValueError, RecursionError):
        wrong("it is no JSON")
    if not isinstance(document, dict):
        wrong("it is no object")
    if restore.repeats(document):
        wrong("a key stands twice")
    if number(document, "schema", 1, (1 << 64) - 1) > 1:
        raise Stop(DAMAGED, "the content has schema %d; this reader knows schema 1" % document["schema"])
    if not KEYS >= set(document):
        wrong("(unknown)")
    for name in ("id", "title", "to", "type", "codes"):
        if not isinstance(document.get(name), str):
            wrong(name)
    if not re.fullmatch("[0-9a-f]{8}", document["id"]):
        wrong("id")
    if max(len(document[name].encode()) for name in ("title", "to")) > 128:
        wrong("title")
    if document["type"] not in ("totp", "steam") or (document["type"] == "steam") == ("digits" in document):
        wrong("digits" if document["type"] == "totp" else "type")
    if document["type"] == "totp":
        number(document, "digits", 1, 10)
    period = number(document, "period", 1, 86400)
    if document["type"] == "steam" and period != 30:
        wrong("period")
    start = number(document, "from", 0, (1 << 64) - 1)
    end = number(document, "until", 0, LAST - 1)
    if not (start < end <= start + 8 * 3600 and start >= period):
        wrong("until")
    if number(document, "first", 0, LAST) != start // period - 1:
        wrong("first")
    return document


def codes(document):
    """Every code in it, with the first second of its step."""
    digits, period = document.get("digits"), document["period"]
    radix, length = (10, digits) if digits else (26, 5)
    bits = (radix ** length - 1).bit_length()
    steps = range(document["first"], (document["until"] - 1) // period + 2)
    try:
        data = base64.b64decode(document["codes"], validate=True)
    except ValueError:
        wrong("codes")
    spare = 8 * len(data) - bits * len(steps)
    value = int.from_bytes(data, "big")
    if base64.b64encode(data).decode() != document["codes"] or not 0 <= spare < 8 or value & (1 << spare) - 1:
        wrong("codes")
    value >>= spare
    listed = []
    for place, step in enumerate(steps):
        one = value >> bits * (len(steps) - 1 - place) & (1 << bits) - 1
        if one >= radix ** length:
            wrong("codes")
        text = "%0*d" % (length, one) if digits else "".join(STEAM[one // 26 ** at % 26] for at in reversed(range(5)))
        listed.append((step * period, text))
    return listed


def opened(data, passphrase, key_file=None):
    """The document of a pass, as bytes."""
    container = restore.Container(data, kinds=KIND)
    return container.payload(container.master_key(passphrase, key_file))


def main():
    cli = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    cli.add_argument("file", help="the pass")
    cli.add_argument("--passphrase-file", metavar="PATH", help="read the words from a file (- is stdin)")
    cli.add_argument("--json", action="store_true", help="print the document as it stands")
    args = cli.parse_args()

    def passphrase(typed=[]):
        if not typed:
            words = restore.read_file(args.passphrase_file, 1 << 16).decode() if args.passphrase_file else getpass.getpass("Words: ")
            typed.append(" ".join(words.split()).lower().encode())
        return typed[0]
    plain = opened(restore.read_file(args.file), passphrase)
    document = parse(plain)
    listed = codes(document)
    if args.json:
        print(plain.decode())
        return 0
    moment = lambda at: datetime.datetime(1970, 1, 1) + datetime.timedelta(seconds=at)
    for name in ("id", "title", "to"):
        print("%-6s %s" % (name, restore.visible(document[name])))
    for name in ("from", "until"):
        print("%-6s %sZ" % (name, moment(document[name]).isoformat()))
    for at, text in listed:
        print("%sZ  %s" % (moment(at).isoformat(), text))
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Stop as stop:
        restore.say("open.py: %s" % stop)
        sys.exit(stop.args[0])
    except KeyboardInterrupt:
        sys.exit(130)
    except (OSError, UnicodeDecodeError) as error:
        restore.say("open.py: %s" % error)
        sys.exit(FAILED)
