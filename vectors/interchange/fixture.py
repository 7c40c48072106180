"""What the scripts beside this share: the accounts, their codes, made-up bytes, and the lists that say what a file yields.

Nothing of Lifeboat is used. "Random" bytes are made from a label, so that running a script again changes nothing.
"""

import collections
import hashlib
import hmac
import json
import pathlib
import struct
import urllib.parse

NOW = 1_700_000_000
PASSPHRASE = "correct horse battery staple"
STEAM_LETTERS = "23456789BCDFGHJKMNPQRTVWXY"
BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"

Account = collections.namedtuple("Account", "issuer name kind algorithm digits number secret tag favourite note",
                                 defaults=("", False, ""))


def canonical():
    """The accounts of canonical.txt, in their order."""
    for line in pathlib.Path("canonical.txt").read_text().splitlines():
        if line.startswith("#"):
            continue
        issuer, name, how, number, secret, _, _, tag, favourite, note = line.split("|")
        kind, algorithm, digits = how.split()
        yield Account(issuer, name, kind, algorithm, int(digits), int(number), secret, tag, favourite == "true", note)


def decode(symbols):
    """Five bits a symbol, a byte per eight bits, the rest is ignored."""
    bits = "".join(f"{BASE32.index(c):05b}" for c in symbols)
    return bytes(int(bits[i : i + 8], 2) for i in range(0, len(bits) - 7, 8))


def code(account):
    step = account.number if account.kind == "hotp" else NOW // account.number
    name = account.algorithm.lower()
    mac = hmac.new(decode(account.secret), struct.pack(">Q", step), getattr(hashlib, name)).digest()
    at = mac[-1] & 15
    value = struct.unpack(">I", mac[at : at + 4])[0] & 0x7FFFFFFF
    if account.kind == "steam":
        return "".join(STEAM_LETTERS[value // 26**i % 26] for i in range(5))
    return str(value % 10**account.digits).zfill(account.digits)


def made_up(label, n):
    return hashlib.shake_256(b"lifeboat fixture " + label.encode()).digest(n)


def quote(text):
    return urllib.parse.quote(text, safe="")


def uri(account, issuer=True, **more):
    """The account as an otpauth URI; `more` are further parameters."""
    prefix = quote(account.issuer) + ":" if account.issuer else ""
    out = f"otpauth://{account.kind}/{prefix}{quote(account.name)}?secret={account.secret}"
    out += f"&issuer={quote(account.issuer)}" if account.issuer and issuer else ""
    out += f"&algorithm={account.algorithm}&digits={account.digits}"
    out += f"&{'counter' if account.kind == 'hotp' else 'period'}={account.number}"
    return out + "".join(f"&{name}={value}" for name, value in more.items())


def write(path, content):
    """Writes a fixture: bytes, text, or what becomes JSON."""
    path = pathlib.Path(path)
    path.parent.mkdir(exist_ok=True)
    if not isinstance(content, (bytes, str)):
        content = json.dumps(content, ensure_ascii=False, indent=1) + "\n"
    path.write_bytes(content.encode() if isinstance(content, str) else content)


def expect(name, accounts, columns, **said):
    """Writes a list of what a format, or one file of it, yields: as many columns of canonical.txt as the format has."""
    lines = [f"# as canonical.txt, with what {name} can hold"]
    lines += [f"# {word.replace('_', ' ')}: {value}" for word, value in said.items()]
    for one in accounts:
        fields = [one.issuer, one.name, f"{one.kind} {one.algorithm} {one.digits}", one.number, one.secret,
                  8 * len(decode(one.secret)), code(one), one.tag, str(one.favourite).lower(), one.note]
        lines.append("|".join(map(str, fields[:columns])))
    pathlib.Path(name + ".txt").write_text("\n".join(lines) + "\n")
