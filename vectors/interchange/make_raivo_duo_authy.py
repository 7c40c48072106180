#!/usr/bin/env python3
"""Writes the fixtures of Raivo OTP, Duo Mobile and Authy, and the lists that they must yield.

Written from descriptions of the formats (Raivo's DataExportFeature.swift and WinZip's "AES Encryption Information",
Aegis' DuoImporter.java and AuthyImporter.java) with hashlib and the package `cryptography`. Run it in
vectors/interchange/; running it again changes nothing.
"""

import base64
import hashlib
import hmac
import json
import struct
import urllib.parse
import zlib
from xml.sax.saxutils import escape

from common import CANONICAL, PASSPHRASE, decode, expect, made_up, write
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes


# --- Raivo

def raivo_entry(a):
    return {"issuer": a.issuer, "account": a.name, "secret": a.secret, "algorithm": a.algo, "digits": str(a.digits),
            "kind": a.kind.upper(), "timer": str(a.number if a.kind == "totp" else 30),
            "counter": str(a.number if a.kind == "hotp" else 0), "pinned": str(a.favourite).lower(),
            "iconType": "raivo_repository", "iconValue": ""}


def aes_ctr_little_endian(key, text):
    """WinZip counts from 1, the lowest byte first."""
    n_blocks = len(text) // 16 + 1
    counters = b"".join(struct.pack("<QQ", n, 0) for n in range(1, n_blocks + 1))
    stream = Cipher(algorithms.AES(key), modes.ECB()).encryptor().update(counters)
    return bytes(a ^ b for a, b in zip(text, stream))


def winzip(files):
    """An archive of stored files, encrypted with AES-256 as WinZip does it (AE-1 for the first file, else AE-2)."""
    out, directory = b"", b""
    for n, (name, content) in enumerate(files):
        salt, version = made_up("raivo salt " + name, 16), 1 if n == 0 else 2
        keys = hashlib.pbkdf2_hmac("sha1", PASSPHRASE.encode(), salt, 1000, 66)
        sealed = aes_ctr_little_endian(keys[:32], content)
        data = salt + keys[64:] + sealed + hmac.new(keys[32:64], sealed, hashlib.sha1).digest()[:10]
        extra = struct.pack("<HHH2sBH", 0x9901, 7, version, b"AE", 3, 0)
        crc = zlib.crc32(content) if version == 1 else 0
        common = struct.pack("<HHHHHIIIHH", 51, 1, 99, 0, 0x5821, crc, len(data), len(content), len(name), len(extra))
        directory += (b"PK\x01\x02" + struct.pack("<H", 51) + common + struct.pack("<HHHII", 0, 0, 0, 0, len(out))
                      + name.encode() + extra)
        out += b"PK\x03\x04" + common + name.encode() + extra + data
    end = struct.pack("<HHHHIIH", 0, 0, len(files), len(files), len(directory), len(out), 0)
    return out + directory + b"PK\x05\x06" + end


def make_raivo():
    accounts = [a._replace(tag="", note="") for a in CANONICAL if a.kind != "steam"]
    entries = [raivo_entry(a) for a in accounts]
    text = json.dumps(entries, ensure_ascii=False).encode()
    write("raivo/plain.json", entries)
    page = ("raivo-otp-export.html", b"<html>" + made_up("page", 40).hex().encode() + b"</html>")
    export = ("raivo-otp-export.json", text)
    write("raivo/export-ae1.zip", winzip([export, page]))
    write("raivo/export-ae2.zip", winzip([page, export]))
    expect("raivo.txt", accounts, why="what Raivo OTP can hold")
    broken = [entries[0], entries[1] | {"digits": "six"}, entries[2] | {"kind": "PUSH"}, entries[0] | {"timer": "0"}]
    write("refused/raivo/broken.json", broken)
    cut = bytearray(winzip([export]))
    cut[60 + len("raivo-otp-export.json")] ^= 1
    write("refused/raivo/other-password.zip", bytes(cut))


# --- Duo

def make_duo():
    usual = [a._replace(issuer="", algo="SHA1", digits=6, number=a.number if a.kind == "hotp" else 30,
                        tag="", favourite=False, note="") for a in CANONICAL if a.kind != "steam" and a.name]
    accounts = [{"version": 4, "accountType": "OtpAccount", "name": a.name, "logoUri": "android.resource://x/1",
                 "pkey": made_up("duo " + a.name, 8).hex(),
                 "otpGenerator": {"otpSecret": a.secret} | ({"counter": a.number} if a.kind == "hotp" else {})}
                for a in usual]
    # Accounts for pushes have no code of their own.
    accounts.insert(0, {"version": 4, "accountType": "DuoAccount", "name": "push", "pkey": "x", "logoUri": ""})
    write("duo/accounts.json", accounts)
    write("duo/older.json", [{k: v for k, v in one.items() if k != "accountType"} for one in accounts[1:]])
    expect("duo.txt", usual, why="what Duo Mobile can hold, which has no issuers")
    write("refused/duo/without-secret.json", [accounts[1], accounts[1] | {"otpGenerator": {}}])


# --- Authy

def sealed(secret, salt):
    # Android's library makes bytes of the salt's text; the nonce is zero.
    key = hashlib.pbkdf2_hmac("sha1", PASSPHRASE.encode(), salt.encode(), 1000, 32)
    text = secret.encode()
    padding = 16 - len(text) % 16
    cipher = Cipher(algorithms.AES(key), modes.CBC(bytes(16))).encryptor()
    return base64.b64encode(cipher.update(text + bytes([padding]) * padding) + cipher.finalize()).decode()


def authy_token(n, a, encrypted):
    one = {"accountType": "authenticator", "digits": a.digits, "logo": "x", "timestamp": 1_600_000_000 + n,
           "originalName": f"{a.issuer}:{a.name}", "name": f"{a.issuer}: {a.name}", "originalIssuer": a.issuer}
    if n == 1:
        # Only the name as it came says whose it is.
        del one["originalIssuer"]
        one["name"] = a.name
    if n == 2:
        one |= {"originalIssuer": "", "originalName": "", "name": f"{a.issuer} - {a.name}"}
    if n == 3:
        one = {"accountType": a.issuer.lower(), "digits": a.digits, "name": a.name}
    if encrypted:
        salt = made_up(f"authy salt {n}", 16).hex()
        return one | {"encryptedSecret": sealed(a.secret, salt), "salt": salt, "upload_state": "uploaded"}
    return one | {"decryptedSecret": a.secret}


def authy_prefs(tokens, own):
    def string(kind, value):
        text = json.dumps(value, ensure_ascii=False).replace("=", "\\u003d")
        return f'    <string name="com.authy.storage.tokens.{kind}.key">{escape(text, {chr(34): "&quot;"})}</string>'

    lines = ["<?xml version='1.0' encoding='utf-8' standalone='yes' ?>", "<map>",
             '    <int name="key_version" value="121" />', string("authy", own), string("authenticator", tokens), "</map>"]
    return "\n".join(lines) + "\n"


def make_authy():
    keep = {"tag": "", "favourite": False, "note": ""}
    tokens = [a._replace(algo="SHA1", number=30, **keep) for a in CANONICAL if a.kind == "totp" and a.issuer]
    tokens[3] = tokens[3]._replace(issuer="Shop", name="ana")
    # Authy's own tokens, as hexadecimal digits: seven digits, ten seconds.
    own = CANONICAL[0]._replace(issuer="Twitch", name="ana", digits=7, number=10, secret=CANONICAL[3].secret, **keep)
    own_token = {"accountType": "twitch", "digits": 7, "name": own.name, "secretSeed": decode(own.secret).hex()}
    write("authy/prefs-plain.xml", authy_prefs([authy_token(n, a, False) for n, a in enumerate(tokens)], [own_token]))
    write("authy/prefs-encrypted.xml", authy_prefs([authy_token(n, a, True) for n, a in enumerate(tokens)], [own_token]))
    # What was decrypted once stands beside its encrypted form.
    both = [authy_token(n, a, True) | authy_token(n, a, False) for n, a in enumerate(tokens)]
    write("authy/prefs-both.xml", authy_prefs(both, [own_token]))
    expect("authy.txt", tokens + [own], why="what Authy can hold")
    listed = []
    for a in tokens + [own]:
        label, issuer = urllib.parse.quote(f"{a.issuer}:{a.name}"), urllib.parse.quote(a.issuer)
        secret = a.secret + "=" * (-len(a.secret) % 8)
        uri = f"otpauth://totp/{label}?secret={urllib.parse.quote(secret)}&digits={a.digits}&issuer={issuer}&period={a.number}"
        listed.append({"name": a.name, "secret": secret, "uri": uri})
    write("authy/gist.json", listed)

    other = sealed(tokens[0].secret, "another salt")
    wrong = [authy_token(n, a, True) | {"encryptedSecret": other} for n, a in enumerate(tokens)]
    write("refused/authy/other-password.xml", authy_prefs(wrong, [own_token]))
    without = {k: v for k, v in own_token.items() if k != "digits"}
    write("refused/authy/own-without-digits.xml", authy_prefs([authy_token(0, tokens[0], False)], [without]))


if __name__ == "__main__":
    make_raivo()
    make_duo()
    make_authy()
