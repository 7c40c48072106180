#!/usr/bin/env python3
"""Writes the fixtures of Google Authenticator's export, and google.txt, which they all must yield.

Written from what is known of the format, with Python's own library; nothing of Lifeboat and no protobuf library is
used. Run it in vectors/interchange/. "Random" bytes are made from a label, so that running it again changes nothing.
"""

import base64
import hashlib
import hmac
import pathlib
import struct
import urllib.parse

NOW = 1_700_000_000
ALGORITHMS = {"SHA1": 1, "SHA256": 2, "SHA512": 3}
DIGITS = {6: 1, 8: 2}
TYPES = {"hotp": 1, "totp": 2}

# The format has no period, and no digits but six and eight: of canonical.txt it can hold three. Here are others.
# issuer, account, type, algorithm, digits, period or counter, base32
MORE = [
    ("Bank", "Мария", "totp", "SHA256", 8, 30, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZA"),
    ("鸭子", "橡皮鸭", "totp", "SHA512", 6, 30, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"),
    ("Router", "admin", "hotp", "SHA256", 8, 0, "MZXW6YTBOJRGC6RANVXXEZJAMJ4XIZLT"),
    # Not Steam's own codes: the app knows none.
    ("Steam", "gabe", "totp", "SHA1", 6, 30, "JRZCL47CMXVOQMNPZR2F7J4RGI"),
    ("Only issuer", "", "totp", "SHA1", 6, 30, "GEZDGNBV"),
    ("A:B", "c:d", "hotp", "SHA1", 6, (1 << 63) - 1, "JBSWY3DPEHPK3PXP"),
]


def decode(symbols):
    bits = "".join(f"{'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.index(c):05b}" for c in symbols)
    return bytes(int(bits[i : i + 8], 2) for i in range(0, len(bits) - 7, 8))


def code(kind, algorithm, digits, number, secret):
    step = number if kind == "hotp" else NOW // number
    mac = hmac.new(secret, struct.pack(">Q", step), getattr(hashlib, algorithm.lower())).digest()
    at = mac[-1] & 15
    return str((struct.unpack(">I", mac[at : at + 4])[0] & 0x7FFFFFFF) % 10**digits).zfill(digits)


def accounts():
    for line in pathlib.Path("canonical.txt").read_text().splitlines():
        if line.startswith("#"):
            continue
        issuer, account, numbers, number, secret = line.split("|")[:5]
        kind, algorithm, digits = numbers.split()
        if int(digits) in DIGITS and (kind == "hotp" or kind == "totp" and number == "30"):
            yield issuer, account, kind, algorithm, int(digits), int(number), decode(secret)
    for *others, secret in MORE:
        yield *others, decode(secret)


def number(n):
    """A varint; a negative number is one of 64 bits, as protobuf has it."""
    n %= 1 << 64
    out = b""
    while n > 127:
        out += bytes([n & 127 | 128])
        n >>= 7
    return out + bytes([n])


def field(key, value):
    if isinstance(value, int):
        return number(key << 3) + number(value)
    value = value.encode() if isinstance(value, str) else value
    return number(key << 3 | 2) + number(len(value)) + value


def parameters(account, name, terse=False):
    issuer, _, kind, algorithm, digits, counter, secret = account
    out = field(1, secret) + field(2, name)
    if issuer:
        out += field(3, issuer)
    # What is not specified is SHA1, six digits, by the clock.
    values = (4, ALGORITHMS[algorithm]), (5, DIGITS[digits]), (6, TYPES[kind])
    defaults = {4: 1, 5: 1, 6: 2}
    out += b"".join(field(key, value) for key, value in values if not terse or value != defaults[key])
    return out + field(7, counter) if kind == "hotp" else out


def payload(messages, version, size, index, batch_id=None):
    out = b"".join(field(1, message) for message in messages)
    # The index is written even where it is 0.
    out += field(2, version) + field(3, size) + field(4, index)
    return out if batch_id is None else out + field(5, batch_id)


def uri(message):
    return "otpauth-migration://offline?data=" + urllib.parse.quote(base64.b64encode(message), safe="")


def prefixed(account, between=":"):
    """The name as the app keeps it when it came from a URI with an issuer in its label."""
    issuer, name = account[:2]
    return issuer + between + name if issuer else name


def new_codes():
    """Version 2: no batch id, an id for each account, two codes."""
    def part(index, some):
        messages = [parameters(one, prefixed(one)) + field(8, made_up_id(one)) for one in some]
        return uri(payload(messages, 2, 2, index))
    everything = list(accounts())
    return part(0, everything[:5]) + "\n" + part(1, everything[5:]) + "\n"


def made_up_id(account):
    return hashlib.shake_256(repr(account).encode()).hexdigest(3)[:5] + "1753176794968"


def old_codes():
    """Version 1: a negative batch id; three codes, of which the second stands there twice, and comments."""
    everything = list(accounts())
    parts = [everything[:3], everything[3:6], everything[6:]]
    lines = [uri(payload([parameters(one, one[1] if ":" in one[0] else prefixed(one, ": ")) for one in some], 1, 3, index, -77))
             for index, some in ((2, parts[0]), (0, parts[1]), (1, parts[2]))]
    lines = ["# my old phone", ""] + lines + [lines[1]]
    return "\ufeff" + "".join(line + "\r\n" for line in lines)


def mixed():
    """The first five accounts in a code, the others as otpauth URIs."""
    everything = list(accounts())
    lines = [uri(payload([parameters(one, one[1] or one[0] + ":") for one in everything[:5]], 1, 1, 0, 9))]
    for issuer, name, kind, algorithm, digits, counter, secret in everything[5:]:
        # A reader of URIs takes Steam's name for a sign of Steam's own codes: that one is a code again.
        if issuer == "Steam":
            one = (issuer, name, kind, algorithm, digits, counter, secret)
            lines.append(uri(payload([parameters(one, name)], 1, 1, 0, 10)))
            continue
        quoted = [urllib.parse.quote(text, safe="") for text in (issuer, name)]
        symbols = base64.b32encode(secret).decode().rstrip("=")
        numbers = f"counter={counter}" if kind == "hotp" else "period=30"
        lines.append(f"otpauth://{kind}/{quoted[0]}:{quoted[1]}?secret={symbols}&issuer={quoted[0]}"
                     f"&algorithm={algorithm}&digits={digits}&{numbers}")
    return "".join(line + "\n" for line in lines)


def odd_spellings():
    """What other writers and careless copying make of it: every line has a fault that is put up with."""
    lines = []
    for index, account in enumerate(accounts()):
        message = parameters(account, prefixed(account), terse=True)
        # Fields that nobody knows, of every kind; a name that is there twice, of which the last counts.
        message = field(2, "another") + message + field(99, 1) + field(100, b"x") + bytes([0x79]) + bytes(8) + bytes([0x7D]) + bytes(4)
        data = base64.b64encode(payload([message], 1, 1, 0, -(1 << 31)) + field(6, "new")).decode()
        lines.append([
            "otpauth-migration://offline?data=" + urllib.parse.quote(data.rstrip("="), safe=""),
            "otpauth-migration://offline?data=" + data,
            "otpauth-migration://offline?data=" + data.replace("+", " "),
            "  OTPAUTH-Migration://offline?x=1&DATA=" + urllib.parse.quote(data, safe="") + "&y=2 ",
            "otpauth-migration://offline/?data=%20" + urllib.parse.quote(data, safe=""),
        ][index % 5])
    return "".join(line + "\n" for line in lines)


def main():
    folder = pathlib.Path("google")
    folder.mkdir(exist_ok=True)
    for name, text in (("v2.txt", new_codes()), ("v1.txt", old_codes()), ("mixed.txt", mixed()),
                       ("odd-spellings.txt", odd_spellings())):
        (folder / name).write_bytes(text.encode())
    lines = ["# as canonical.txt, with the accounts that Google Authenticator can hold"]
    for issuer, account, kind, algorithm, digits, counter, secret in accounts():
        symbols = base64.b32encode(secret).decode().rstrip("=")
        fields = [issuer, account, f"{kind} {algorithm} {digits}", counter, symbols, 8 * len(secret),
                  code(kind, algorithm, digits, counter, secret)]
        lines.append("|".join(map(str, fields)))
    pathlib.Path("google.txt").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
