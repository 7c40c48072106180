#!/usr/bin/env python3
"""Writes the fixtures of FreeOTP 1 and 2 and of FreeOTP+, and the lists that they must yield.

Written from descriptions of the formats (FreeOTP's Token.java, EncryptedKey.java and MasterKey.java, FreeOTP+'s
ImportExportUtil.kt, Java's Object Serialization Stream Protocol) with hashlib and the package `cryptography`.
Run it in vectors/interchange/; running it again changes nothing.
"""

import hashlib
import json
import struct
import urllib.parse
from xml.sax.saxutils import escape

from common import CANONICAL, PASSPHRASE, decode, expect, made_up, made_up_uuid, signed, write
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

ROUNDS = 1_000

# These programs keep bytes, so that a symbol of base32 that stands for none is gone; and Steam's by the issuer alone.
BYTES = [a._replace(secret=a.secret[: len(decode(a.secret)) * 8 // 5 + (len(decode(a.secret)) * 8 % 5 > 0)])
         for a in CANONICAL]


def token(n, a, counter_is_last):
    one = {"algo": a.algo, "counter": 0, "digits": a.digits, "issuerExt": a.issuer, "issuerInt": a.issuer,
           "label": a.name, "period": 30, "type": "HOTP" if a.kind == "hotp" else "TOTP"}
    if a.kind == "hotp":
        # What was shown last, which is -1 before the first code.
        one["counter"] = a.number - 1 if counter_is_last else a.number
    else:
        one["period"] = a.number
    if n == 0:
        # What usually holds is missing, or null.
        one = {"algo": None, "issuerExt": "the service's name", "issuerAlt": a.issuer, "label": "as it came",
               "labelAlt": a.name, "type": "TOTP"}
    if n == 1:
        del one["issuerExt"]
    if a.kind == "steam":
        one |= {"issuerInt": "", "digits": 5}
    return one


def with_secret(n, a):
    return token(n, a, True) | {"secret": signed(decode(a.secret))}


def key_of(n, a):
    """The name under which FreeOTP 1 and FreeOTP+ know a token."""
    return f"{a.issuer}:{a.name}" if a.issuer else a.name


# --- FreeOTP 1: Android's preferences

def prefs(with_order):
    lines = ["<?xml version='1.0' encoding='utf-8' standalone='yes' ?>", "<map>"]
    for n, a in enumerate(BYTES):
        text = json.dumps(with_secret(n, a), ensure_ascii=False)
        if n == 6:
            text = f"otpauth://totp/{urllib.parse.quote(a.name)}?secret={a.secret}&digits={a.digits}"
        name, text = (escape(part, {'"': "&quot;"}) for part in (key_of(n, a), text))
        lines.append(f'    <string name="{name}">{text}</string>')
    if with_order:
        order = escape(json.dumps([key_of(n, a) for n, a in enumerate(BYTES)]), {'"': "&quot;"})
        lines.insert(4, f'    <string name="tokenOrder">{order}</string>')
    return "\n".join(lines + ["</map>", ""])


# --- FreeOTP 2: a map of texts in a stream of Java's objects

def modified_utf8(text):
    out = b""
    units = text.encode("utf-16-be")
    for at in range(0, len(units), 2):
        unit = struct.unpack(">H", units[at : at + 2])[0]
        if 1 <= unit <= 0x7F:
            out += bytes([unit])
        elif unit <= 0x7FF:
            out += bytes([0xC0 | unit >> 6, 0x80 | unit & 0x3F])
        else:
            out += bytes([0xE0 | unit >> 12, 0x80 | unit >> 6 & 0x3F, 0x80 | unit & 0x3F])
    return out


class Stream:
    def __init__(self, pairs, fields, long_from=0x10000):
        self.handles = {}
        self.long_from = long_from
        names = [b"\x46" + self.short("loadFactor"), b"\x49" + self.short("threshold")][:fields]
        out = b"\xac\xed\x00\x05" + b"\x73\x72" + self.short("java.util.HashMap")
        out += bytes.fromhex("0507dac1c31660d1") + b"\x03" + struct.pack(">H", fields) + b"".join(names)
        out += b"\x78\x70" + struct.pack(">f", 0.75) + (struct.pack(">i", 48) if fields == 2 else b"")
        out += b"\x77\x08" + struct.pack(">II", 64, len(pairs))
        self.bytes = out + b"".join(self.text(key) + self.text(value) for key, value in pairs) + b"\x78"

    @staticmethod
    def short(text):
        return struct.pack(">H", len(text)) + text.encode()

    def text(self, text):
        if text in self.handles:
            return b"\x71" + struct.pack(">I", self.handles[text])
        self.handles[text] = 0x7E0002 + len(self.handles)
        data = modified_utf8(text)
        if len(data) >= self.long_from:
            return b"\x7c" + struct.pack(">Q", len(data)) + data
        return b"\x74" + struct.pack(">H", len(data)) + data


def encrypted_key(key, label, kind, plain, der):
    iv = made_up("freeotp iv " + label, 12)
    parameters = b"\x04\x0c" + iv
    if der == 19:
        parameters = b"\x30\x11" + parameters + b"\x02\x01\x10"
    sealed = AESGCM(key).encrypt(iv, plain, kind.encode())
    return {"mCipher": "AES/GCM/NoPadding", "mCipherText": signed(sealed), "mParameters": signed(parameters),
            "mToken": kind}


def backup(label, algorithm, der, fields, long_from=0x10000):
    salt = made_up("freeotp salt " + label, 32)
    pwkey = hashlib.pbkdf2_hmac(algorithm, PASSPHRASE.encode(), salt, ROUNDS, 32)
    master = made_up("freeotp master " + label, 32)
    held = {"mAlgorithm": "PBKDF2withHmac" + algorithm.upper(), "mIterations": ROUNDS, "mSalt": signed(salt),
            "mEncryptedKey": encrypted_key(pwkey, "master " + label, "AES", master, der)}
    pairs = []
    for n, a in enumerate(BYTES):
        name = made_up_uuid(f"freeotp {n}")
        key = encrypted_key(master, f"{n} {label}", "Hmac" + a.algo, decode(a.secret), der)
        about = token(n, a, False) | {"color": None, "lock": False, "lastUsed": 0}
        entry = [(name, json.dumps({"key": json.dumps(key)})), (name + "-token", json.dumps(about, ensure_ascii=False))]
        # A hash map has no order that means anything.
        pairs += entry if n % 2 else entry[::-1]
    pairs.insert(5, ("masterKey", json.dumps(held)))
    return pairs, fields, long_from


def make_freeotp():
    write("freeotp/v1-prefs.xml", prefs(True))
    write("freeotp/v1-prefs-without-order.xml", prefs(False))
    write("freeotp/v2-sha512.xml", Stream(*backup("sha512", "sha512", 19, 2)).bytes)
    write("freeotp/v2-sha1.xml", Stream(*backup("sha1", "sha1", 19, 2)).bytes)
    write("freeotp/v2-android6.xml", Stream(*backup("android 6", "sha1", 14, 1)).bytes)
    write("freeotp/v2-long-texts.xml", Stream(*backup("long", "sha512", 19, 2, long_from=100)).bytes)
    expect("freeotp.txt", BYTES, 7)
    pairs, fields, _ = backup("back references", "sha512", 19, 2)
    # Two tokens with the same description: the second is a pointer back to the first.
    texts = dict(pairs)
    first, second = (made_up_uuid(f"freeotp {n}") for n in (0, 6))
    pairs = [(name, texts[first + "-token"] if name == second + "-token" else text) for name, text in pairs]
    write("freeotp/shared-texts.xml", Stream(pairs, fields).bytes)
    twice = BYTES[0]
    shared = [twice._replace(secret=a.secret) if n == 6 else a for n, a in enumerate(BYTES)]
    expect("freeotp.shared.txt", shared, 7, "a description that two tokens share is written once in a stream")

    whole = Stream(*backup("sha512", "sha512", 19, 2)).bytes
    write("refused/freeotp/cut.xml", whole[: len(whole) // 2])
    lost = [pair for pair in backup("sha512", "sha512", 19, 2)[0]
            if pair[0] not in (made_up_uuid("freeotp 1"), made_up_uuid("freeotp 2") + "-token")]
    write("refused/freeotp/halves.xml", Stream(lost, 2).bytes)
    other = [(name, text.replace("PBKDF2withHmacSHA512", "scrypt")) for name, text in backup("sha512", "sha512", 19, 2)[0]]
    write("refused/freeotp/other-derivation.xml", Stream(other, 2).bytes)


# --- FreeOTP+

def make_freeotp_plus():
    tokens = [with_secret(n, a) for n, a in enumerate(BYTES)]
    order = [key_of(n, a) for n, a in enumerate(BYTES)]
    write("freeotp-plus/plain.json", {"tokenOrder": order, "tokens": tokens})
    expect("freeotp-plus.txt", BYTES, 7)
    usual = [a._replace(algo="SHA1", digits=6, number=30) for a in BYTES if a.kind == "totp"]
    missing = [{"issuerExt": a.issuer, "label": a.name, "secret": signed(decode(a.secret)), "type": "TOTP"}
               for a in usual]
    # The order names fewer tokens than there are, and one that is not there.
    write("freeotp-plus/missing-fields.json", {"tokenOrder": ["nobody:here"], "tokens": missing})
    expect("freeotp-plus.missing.txt", usual, 7, "as canonical.txt, with the values that usually hold")
    broken = [missing[0] | {"secret": []}, missing[1] | {"type": None}, missing[2] | {"algo": "MD5"}, missing[0]]
    write("refused/freeotp-plus/broken.json", {"tokenOrder": [], "tokens": broken})


if __name__ == "__main__":
    make_freeotp()
    make_freeotp_plus()
