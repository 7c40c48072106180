#!/usr/bin/env python3
"""Writes the fixtures of KeePass' formats (KDBX 2, 3.1 and 4, XML, CSV), and the lists of accounts that they must yield.

Written from the descriptions of the formats (keepass.info/help/kb/kdbx.html, the attributes' names of KeePass 2,
KeePassXC, KeeTrayTOTP and KeeOtp), with hashlib, argon2-cffi and AES, ChaCha20 and HMAC from the standard library and
the package `cryptography`; Twofish, which both lack, from the package `twofish`. Nothing of Lifeboat is used. Run it in
vectors/interchange/. "Random" bytes are made from a label, so that running it again changes nothing.
"""

import base64
import gzip
import hashlib
import hmac
import re
import pathlib
import struct
import urllib.parse
import uuid
from xml.sax.saxutils import escape

from argon2 import low_level
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

NOW = 1_700_000_000
PASSPHRASE = "correct horse battery staple"
STEAM_LETTERS = "23456789BCDFGHJKMNPQRTVWXY"
A, B, C = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", "MZXW6YTBOJRGC6RANVXXEZJAMJ4XIZLT"
LONG = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZA"
STEAM = "JRZCL47CMXVOQMNPZR2F7J4RGI"


def uri(title, user, secret, rest="&period=30&digits=6"):
    label = urllib.parse.quote(title, safe="") + ":" + urllib.parse.quote(user, safe="")
    return f"otpauth://totp/{label}?secret={secret}{rest}&issuer={urllib.parse.quote(title, safe='')}"


def decode(symbols):
    bits = "".join(f"{'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.index(c):05b}" for c in symbols)
    return bytes(int(bits[i : i + 8], 2) for i in range(0, len(bits) - 7, 8))


# Group, title, user name, note, attributes, and for each code what is expected of it: issuer, account, type, algorithm,
# digits, period or counter, base32, note.
ENTRIES = [
    ("", "Example", "alice@example.com", "break glass:\n see the binder", {"otp": uri("Example", "alice@example.com", A)},
     [("Example", "alice@example.com", "totp", "SHA1", 6, 30, A, "break glass:\n see the binder")]),
    ("Work", "Bank", "Мария", "", {"TimeOtp-Secret-Base32": LONG, "TimeOtp-Algorithm": "HMAC-SHA-256", "TimeOtp-Length": "8",
                                  "TimeOtp-Period": "60"},
     [("Bank", "Мария", "totp", "SHA256", 8, 60, LONG, "")]),
    ("Play & Fun/Ducks", "鸭子", "橡皮鸭", "", {"otp": f"key={B}&size=10&step=15&otpHashMode=Sha512"},
     [("鸭子", "橡皮鸭", "totp", "SHA512", 10, 15, B, "")]),
    ("Work", "VPN", "a:b+c d", "", {"HmacOtp-Secret-Hex": "48656c6c6f21DEADBEEF", "HmacOtp-Counter": "41"},
     [("VPN", "a:b+c d", "hotp", "SHA1", 6, 41, "JBSWY3DPEHPK3PXP", "")]),
    ("", "Router", "admin", "", {"otp": f"key={C}&type=Hotp&counter=3&size=7&otpHashMode=Sha256"},
     [("Router", "admin", "hotp", "SHA256", 7, 3, C, "")]),
    ("Play & Fun", "Games", "gabe", "", {"TOTP Seed": STEAM, "TOTP Settings": "30;S"},
     [("Games", "gabe", "steam", "SHA1", 5, 30, STEAM, "")]),
    ("", "", "no issuer", "an odd number of symbols", {"otp": "otpauth://totp/no%20issuer?secret=JBSWY3DPE"},
     [("", "no issuer", "totp", "SHA1", 6, 30, "JBSWY3DPE", "an odd number of symbols")]),
    ("", "Only title", "", "", {"otp": uri("Only title", "none", "gezdgnbv%3D", "&period=86400&digits=7")},
     [("Only title", "none", "totp", "SHA1", 7, 86_400, "GEZDGNBV", "")]),
    ("Work", "Tray", "carol", "", {"TOTP Seed": "gezd gnbv gy3t qojq gezd gnbv gy3t qojq", "TOTP Settings": "60;8;https://time.example"},
     [("Tray", "carol", "totp", "SHA1", 8, 60, A, "")]),
    ("Work", "Tray without settings", "carol", "", {"TOTP Seed": B}, [("Tray without settings", "carol", "totp", "SHA1", 6, 30, B, "")]),
    ("", "Text", "erin", "", {"TimeOtp-Secret": "12345678901234567890"}, [("Text", "erin", "totp", "SHA1", 6, 30, A, "")]),
    ("", "Base64", "erin", "", {"TimeOtp-Secret-Base64": "SGVsbG8h3q2+70hlbGxvId6tvu8="}, [("Base64", "erin", "totp", "SHA1", 6, 30, B, "")]),
    ("", "Both ways", "frank", "", {"TimeOtp-Secret-Base32": A, "HmacOtp-Secret-Base32": B},
     [("Both ways", "frank", "totp", "SHA1", 6, 30, A, ""), ("Both ways", "frank", "hotp", "SHA1", 6, 0, B, "")]),
    ("", "Twice the same", "grace", "", {"otp": uri("Twice the same", "grace", A), "TOTP Seed": A, "TOTP Settings": "30;6"},
     [("Twice the same", "grace", "totp", "SHA1", 6, 30, A, "")]),
    ("", "Several", "heidi", "n", {"otp": uri("Several", "heidi", A), "otp_1": uri("Several", "heidi", B), "otp_2": f"key={C}"},
     [("Several", "heidi", "totp", "SHA1", 6, 30, secret, "n") for secret in (A, B, C)]),
    ("", "Renamed", "ivan@example.com", "n", {"otp": uri("Old name", "ivan", STEAM, "&period=30&digits=5&encoder=steam")},
     [("Old name", "ivan", "steam", "SHA1", 5, 30, STEAM, "Title in KeePass: Renamed\nUser name in KeePass: ivan@example.com\n\nn")]),
    ("", "Named later", "judy", "", {"otp": uri("KeePassXC", "none", A)}, [("Named later", "judy", "totp", "SHA1", 6, 30, A, "")]),
    ("", "A password alone", "kim", "", {}, []),
    ("", "{REF:T@I:00}", "{REF:U@I:00}", "", {"TOTP Seed": C}, [("{REF:T@I:00}", "{REF:U@I:00}", "totp", "SHA1", 6, 30, C, "")]),
]
BINNED = [("Thrown away", uri("Thrown away", "x", A)), ("Thrown away too", uri("Thrown away too", "x", B))]


def code(kind, algorithm, digits, number, secret):
    step = number if kind == "hotp" else NOW // number
    mac = hmac.new(decode(secret), struct.pack(">Q", step), getattr(hashlib, algorithm.lower())).digest()
    at = mac[-1] & 15
    value = struct.unpack(">I", mac[at : at + 4])[0] & 0x7FFFFFFF
    if kind == "steam":
        return "".join(STEAM_LETTERS[value // 26**i % 26] for i in range(5))
    return str(value % 10**digits).zfill(digits)


def made_up(label, n):
    return hashlib.shake_256(b"lifeboat fixture " + label.encode()).digest(n)


def made_up_uuid(label):
    return base64.b64encode(made_up("uuid " + label, 16)).decode()


# The document. `hide` turns a protected value into the Value element's attribute and text.


def value(name, text, hide):
    secret = name in ("Password", "otp") or "Secret" in name or name.startswith("otp_") or text == "Base64"
    element = hide(text) if secret else f"<Value>{escape(text)}</Value>"
    return f"<String><Key>{escape(name)}</Key>{element}</String>"


def entry(identity, title, user, note, attributes, hide, history=None):
    texts = {"Notes": note, "Password": "pw", "Title": title, "URL": "", "UserName": user, **attributes}
    out = f"<Entry><UUID>{made_up_uuid(identity)}</UUID><IconID>0</IconID><Tags/>"
    out += "".join(value(name, text, hide) for name, text in texts.items())
    # After the strings, since this is the order of the key stream.
    if history is not None:
        old = [entry(identity, title, user, "", {"otp": old}, hide) for old in history]
        out += f"<History>{''.join(old)}</History>"
    return out + "</Entry>"


def group(name, content):
    return f"<Group><UUID>{made_up_uuid('group ' + name)}</UUID><Name>{escape(name)}</Name>{content}</Group>"


class Group:
    def __init__(self):
        self.entries, self.groups = [], {}


def document(hide, header_hash=None):
    root = Group()
    for n, (path, title, user, note, attributes, _) in enumerate(ENTRIES):
        at = root
        for name in filter(None, path.split("/")):
            at = at.groups.setdefault(name, Group())
        at.entries.append((n, title, user, note, attributes))

    # Made in the document's order, which is the order of the key stream.
    def content(of):
        entries = [entry(f"entry {n}", *rest, hide, history=[uri("Old", "old", C)] if n % 2 == 0 else []) for n, *rest in of.entries]
        return "".join(entries) + "".join(group(name, content(below)) for name, below in of.groups.items())

    meta = f"<Generator>made up</Generator>{f'<HeaderHash>{header_hash}</HeaderHash>' if header_hash else ''}"
    meta += f"<RecycleBinEnabled>True</RecycleBinEnabled><RecycleBinUUID>{made_up_uuid('group Recycle Bin')}</RecycleBinUUID>"
    if header_hash:
        meta += f"<Binaries><Binary ID=\"0\" {hide('an attachment')[len('<Value '):-len('</Value>')]}</Binary></Binaries>"
    whole = content(root)
    (first, first_uri), (second, second_uri) = BINNED
    binned = entry(first, first, "x", "", {"otp": first_uri}, hide)
    binned += group("Below the bin", entry(second, second, "x", "", {"otp": second_uri}, hide))
    whole += group("Recycle Bin", binned)
    return f'<?xml version="1.0" encoding="utf-8" standalone="yes"?>\n<KeePassFile><Meta>{meta}</Meta><Root>{group("All", whole)}</Root></KeePassFile>\n'


def in_clear(text):
    return f'<Value ProtectInMemory="True">{escape(text)}</Value>'


def hidden_by(stream):
    def hide(text):
        plain = text.encode()
        hidden = bytes(a ^ b for a, b in zip(plain, stream(len(plain))))
        return f'<Value Protected="True">{base64.b64encode(hidden).decode()}</Value>'

    return hide


def stream_of(blocks):
    left = bytearray()

    def take(n):
        while len(left) < n:
            left.extend(next(blocks))
        taken = bytes(left[:n])
        del left[:n]
        return taken

    return take


def salsa20(key, nonce):
    def rotated(value, n):
        return (value << n | value >> 32 - n) & 0xFFFFFFFF

    number = 0
    k, c = struct.unpack("<8I", key), struct.unpack("<4I", b"expand 32-byte k")
    while True:
        n = struct.unpack("<2I", nonce) + (number & 0xFFFFFFFF, number >> 32)
        start = [c[0], *k[:4], c[1], *n, c[2], *k[4:], c[3]]
        x = list(start)
        columns = [(0, 4, 8, 12), (5, 9, 13, 1), (10, 14, 2, 6), (15, 3, 7, 11)]
        rows = [(0, 1, 2, 3), (5, 6, 7, 4), (10, 11, 8, 9), (15, 12, 13, 14)]
        for _ in range(10):
            for p, q, r, s in columns + rows:
                x[q] ^= rotated(x[p] + x[s] & 0xFFFFFFFF, 7)
                x[r] ^= rotated(x[q] + x[p] & 0xFFFFFFFF, 9)
                x[s] ^= rotated(x[r] + x[q] & 0xFFFFFFFF, 13)
                x[p] ^= rotated(x[s] + x[r] & 0xFFFFFFFF, 18)
        yield struct.pack("<16I", *(a + b & 0xFFFFFFFF for a, b in zip(start, x)))
        number += 1


def chacha20(key, nonce, text=None):
    cipher = Cipher(algorithms.ChaCha20(key, bytes(4) + nonce), None).encryptor()
    return cipher.update(text) if text is not None else iter(lambda: cipher.update(bytes(64)), None)


# The database.

AES, CHACHA20, TWOFISH = "31c1f2e6bf714350be5805216afc5aff", "d6038a2b8b6f4cb5a524339a31dbb59a", "ad68f29f576f4bb9a36ad47af965346c"
ARGON2D, ARGON2ID, AES_KDF = "ef636ddf8c29444b91f7a9a403e30a0c", "9e298b1956db4773b23dfc3ec6f0a1e6", "7c02bb8279a74ac0927d114a00648238"
MAGIC = bytes.fromhex("03d9a29a67fb4bb5")
ROUNDS = 1000


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def sha512(*parts):
    return hashlib.sha512(b"".join(parts)).digest()


def aes_kdf(composite, seed):
    cipher = Cipher(algorithms.AES(seed), modes.ECB()).encryptor()
    for _ in range(ROUNDS):
        composite = cipher.update(composite)
    return sha256(composite)


def encrypt(cipher, key, nonce, text):
    if cipher == CHACHA20:
        return chacha20(key, nonce, text)
    n = 16 - len(text) % 16
    text += bytes([n]) * n
    if cipher == AES:
        return Cipher(algorithms.AES(key), modes.CBC(nonce)).encryptor().update(text)
    from twofish import Twofish
    block, last, out = Twofish(key), nonce, b""
    for at in range(0, len(text), 16):
        last = block.encrypt(bytes(a ^ b for a, b in zip(last, text[at : at + 16])))
        out += last
    return out


def header_of(version, fields):
    length = "<H" if version >> 16 < 4 else "<I"
    items = [bytes([kind]) + struct.pack(length, len(data)) + data for kind, data in fields + [(0, b"\r\n\r\n")]]
    return MAGIC + struct.pack("<I", version) + b"".join(items)


def variants(values):
    out = struct.pack("<H", 0x100)
    for kind, name, data in values:
        out += bytes([kind]) + struct.pack("<I", len(name)) + name.encode() + struct.pack("<I", len(data)) + data
    return out + b"\0"


def packed(text):
    return gzip.compress(text, mtime=0)


def key_file(form):
    """A key file in one of its forms, and the 32 bytes that it means."""
    key = made_up("key file " + form, 32)
    meta = '<?xml version="1.0" encoding="UTF-8"?>\n<KeyFile>\n\t<Meta><Version>%s</Version></Meta>\n\t<Key>\n\t\t%s\n\t</Key>\n</KeyFile>\n'
    digits = key.hex().upper()
    rows = "\n\t\t\t".join(digits[at : at + 32] for at in (0, 32))
    if form == "any":
        file = b"any file can be one: " + key
        return file, sha256(file)
    return {
        "1": (meta % ("1.00", "<Data>%s</Data>" % base64.b64encode(key).decode())).encode(),
        "2": (meta % ("2.0", '<Data Hash="%s">\n\t\t\t%s\n\t\t</Data>' % (sha256(key).hex()[:8].upper(), rows))).encode(),
        "digits": key.hex().encode(),
        "raw": key,
    }[form], key


def composite_of(label):
    """What is derived from: of a file whose name says so, with a key file, with an empty passphrase and one, or with that alone."""
    found = re.match(r"(with|only|blank-with)-key-(\w+)\.", label)
    password = sha256(b"" if label.startswith("blank") else PASSPHRASE.encode())
    if not found:
        return sha256(password)
    key = key_file(found[2])[1]
    return sha256(key) if found[1] == "only" else sha256(password + key)


def version_4(label, cipher, kdf, compressed=True, argon2_version=0x13, minor=0):
    seed, nonce = made_up("seed " + label, 32), made_up("nonce " + label, 12 if cipher == CHACHA20 else 16)
    salt = made_up("salt " + label, 32)
    composite = composite_of(label)
    parameters = [(0x42, "$UUID", bytes.fromhex(kdf))]
    if kdf == AES_KDF:
        parameters += [(0x05, "R", struct.pack("<Q", ROUNDS)), (0x42, "S", salt)]
        derived = aes_kdf(composite, salt)
    else:
        parameters += [(0x42, "S", salt), (0x04, "P", struct.pack("<I", 2)), (0x05, "M", struct.pack("<Q", 256 << 10)),
                       (0x05, "I", struct.pack("<Q", 2)), (0x04, "V", struct.pack("<I", argon2_version))]
        kind = low_level.Type.D if kdf == ARGON2D else low_level.Type.ID
        derived = low_level.hash_secret_raw(composite, salt, 2, 256, 2, 32, kind, argon2_version)
    header = header_of(4 << 16 | minor, [
        (2, bytes.fromhex(cipher)), (3, struct.pack("<I", compressed)), (4, seed), (7, nonce), (11, variants(parameters)),
        (12, variants([(0x18, "made by", b"nobody")]))])
    inner_key = made_up("inner " + label, 64)
    long = sha512(inner_key)
    text = document(hidden_by(stream_of(chacha20(long[:32], long[32:44])))).encode()
    inner = [(1, struct.pack("<I", 3)), (2, inner_key), (3, b"\0an attachment"), (0, b"")]
    text = b"".join(bytes([kind]) + struct.pack("<I", len(data)) + data for kind, data in inner) + text
    body = encrypt(cipher, sha256(seed, derived), nonce, packed(text) if compressed else text)
    mac_key = sha512(seed, derived, b"\1")

    def mac(number, data):
        return hmac.new(sha512(struct.pack("<Q", number), mac_key), data, hashlib.sha256).digest()

    out = header + sha256(header) + mac(0xFFFFFFFFFFFFFFFF, header)
    # Real programs write blocks of a megabyte; here are several.
    for number, at in enumerate(range(0, len(body), 1000)):
        block = body[at : at + 1000]
        length = struct.pack("<I", len(block))
        out += mac(number, struct.pack("<Q", number) + length + block) + length + block
    number = -(-len(body) // 1000)
    return out + mac(number, struct.pack("<QI", number, 0)) + bytes(4)


def version_3(label, cipher, compressed=True, version=3 << 16 | 1):
    seed, nonce = made_up("seed " + label, 32), made_up("nonce " + label, 16)
    salt, start, inner_key = made_up("salt " + label, 32), made_up("start " + label, 32), made_up("inner " + label, 32)
    header = header_of(version, [
        (2, bytes.fromhex(cipher)), (3, struct.pack("<I", compressed)), (4, seed), (5, salt), (6, struct.pack("<Q", ROUNDS)),
        (7, nonce), (8, inner_key), (9, start), (10, struct.pack("<I", 2))])
    stream = stream_of(salsa20(sha256(inner_key), bytes.fromhex("e830094b97205d2a")))
    # Version 2 has no hash of the header.
    text = document(hidden_by(stream), base64.b64encode(sha256(header)).decode() if version >> 16 == 3 else None).encode()
    text = packed(text) if compressed else text
    blocks = b"".join(struct.pack("<I", at // 1000) + sha256(text[at : at + 1000]) + struct.pack("<I", len(text[at : at + 1000]))
                      + text[at : at + 1000] for at in range(0, len(text), 1000))
    blocks += struct.pack("<I", -(-len(text) // 1000)) + bytes(32) + bytes(4)
    derived = aes_kdf(composite_of(label), salt)
    return header + encrypt(cipher, sha256(seed, derived), nonce, start + blocks)


# The table, in which KeePassXC writes the first two conventions as URIs and the others not at all.


def table():
    def quoted(*fields):
        return ",".join('"' + field.replace('"', '""') + '"' for field in fields)

    lines = [quoted("Group", "Title", "Username", "Password", "URL", "Notes", "TOTP", "Icon", "Last Modified", "Created")]
    for path, title, user, note, attributes, codes in ENTRIES:
        code_uri = ""
        if "otp" in attributes or "TOTP Seed" in attributes:
            _, _, kind, algo, digits, number, secret, _ = codes[0]
            rest = f"&period={number}&digits={digits}" + ("&encoder=steam" if kind == "steam" else "")
            rest += f"&algorithm={algo}" if algo != "SHA1" else ""
            # Without the code by a counter, which KeePassXC takes for one by the clock.
            code_uri = uri(title or "KeePassXC", user or "none", secret, rest) if kind != "hotp" else ""
        lines.append(quoted("/".join(filter(None, ["All", path])), title, user, "pw, \"quoted\"", "", note, code_uri, "0",
                            "2026-11-24T06:48:14Z", "2026-11-24T06:48:14Z"))
    return "\n".join(lines) + "\n"


def in_document_order():
    """The entries as they stand in the document: those of a group before the groups in it."""
    order, groups = [], {}
    for n, (path, *_) in enumerate(ENTRIES):
        at = groups
        for name in filter(None, path.split("/")):
            at = at.setdefault(name, {})
        at.setdefault(None, []).append(n)

    def walk(of):
        order.extend(of.get(None, []))
        for name in (name for name in of if name is not None):
            walk(of[name])

    walk(groups)
    return [ENTRIES[n] for n in order]


def line(issuer, account, kind, algo, digits, number, secret, tag, note):
    fields = [issuer, account, f"{kind} {algo} {digits}", number, secret, 8 * len(decode(secret)),
              code(kind, algo, digits, number, secret), tag, "false", note.replace("\n", "\\n")]
    return "|".join(map(str, fields))


def write_list(name, comment, lines):
    pathlib.Path(name).write_text("\n".join([f"# as canonical.txt, with {comment}", *lines]) + "\n")


def main():
    for folder in ("keepass", "keepassxc-csv", "keepassxc-xml"):
        pathlib.Path(folder).mkdir(exist_ok=True)
    databases = {
        "v4-argon2d-aes.kdbx": lambda name: version_4(name, AES, ARGON2D),
        "v4-argon2id-chacha20-uncompressed.kdbx": lambda name: version_4(name, CHACHA20, ARGON2ID, compressed=False, minor=1),
        "v4-argon2d-1.0-chacha20.kdbx": lambda name: version_4(name, CHACHA20, ARGON2D, argon2_version=0x10),
        "v4-aeskdf-twofish.kdbx": lambda name: version_4(name, TWOFISH, AES_KDF),
        "v3.1-aes.kdbx": lambda name: version_3(name, AES),
        "v2.0-aes.kdbx": lambda name: version_3(name, AES, version=2 << 16),
        "v3.1-twofish-uncompressed.kdbx": lambda name: version_3(name, TWOFISH, compressed=False),
    }
    for name, make in databases.items():
        pathlib.Path("keepass", name).write_bytes(make(name))
    beside = pathlib.Path("../keepass-key-files")
    beside.mkdir(exist_ok=True)
    for form in ("1", "2", "digits", "raw", "any"):
        name = "with-key-%s.kdbx" % form
        (beside / name).write_bytes(version_4(name, AES, AES_KDF))
        (beside / ("%s.key" % form)).write_bytes(key_file(form)[0])
    (beside / "only-key-2.kdbx").write_bytes(version_3("only-key-2.kdbx", AES))
    (beside / "blank-with-key-2.kdbx").write_bytes(version_4("blank-with-key-2.kdbx", AES, AES_KDF))
    (beside / "blank.kdbx").write_bytes(version_3("blank.kdbx", AES))
    pathlib.Path("keepassxc-xml/all.xml").write_text(document(in_clear))
    pathlib.Path("keepassxc-csv/all.csv").write_text(table())
    lines = [line(*expected[:7], path, expected[7]) for path, *_, codes in in_document_order() for expected in codes]
    for name in ("keepass", "keepassxc-xml"):
        write_list(name + ".txt", "every convention, a path of groups as the tag, and line ends in notes as \\n", lines)
    lines = []
    for path, title, user, note, attributes, codes in ENTRIES:
        if codes and codes[0][2] != "hotp" and ("otp" in attributes or "TOTP Seed" in attributes):
            lines.append(line(title or "KeePassXC", user or "none", *codes[0][2:7], path, note))
    write_list("keepassxc-csv.txt", "what KeePassXC writes into a table", lines)


if __name__ == "__main__":
    main()
