"""What the generators of fixtures share: the canonical accounts of make_aegis.py, lists of what is expected, files.

Nothing of Lifeboat is used. What stands here is no format's own.
"""

import collections
import json
import pathlib

from make_aegis import ACCOUNTS, PASSPHRASE, code, decode, made_up, made_up_uuid  # noqa: F401

Account = collections.namedtuple("Account", "issuer name kind algo digits number secret tag favourite note")
CANONICAL = [Account(*account) for account in ACCOUNTS]


def write(name, content):
    """Writes bytes, or a text as it is, or anything else as JSON."""
    path = pathlib.Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(content, bytes):
        path.write_bytes(content)
    elif isinstance(content, str):
        path.write_bytes(content.encode())
    else:
        path.write_bytes((json.dumps(content, indent=2, ensure_ascii=False) + "\n").encode())


def expect(name, accounts, columns=10, why="as canonical.txt, with what the format can hold"):
    """Writes the list that files of a format must yield; its lines have the columns that are compared."""
    lines = ["# " + why]
    for a in accounts:
        fields = [a.issuer, a.name, f"{a.kind} {a.algo} {a.digits}", a.number, a.secret, 8 * len(decode(a.secret)),
                  code(a.kind, a.algo, a.digits, a.number, a.secret), a.tag, str(a.favourite).lower(), a.note]
        lines.append("|".join(map(str, fields[:columns])))
    write(name, "\n".join(lines) + "\n")


def clock_only(accounts):
    return [a for a in accounts if a.kind != "hotp"]


def signed(data):
    """Bytes as Java's programs write them in JSON."""
    return [byte - 256 if byte > 127 else byte for byte in data]
