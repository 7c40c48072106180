#!/usr/bin/env python3
"""Writes the fixtures of Aegis' format and of URI lists, and canonical.txt, which they all must yield.

Written from the description of Aegis' format (its docs/vault.md), with hashlib's scrypt and AES-GCM from
the package `cryptography`; nothing of Lifeboat is used. Run it in vectors/interchange/. "Random" bytes
are made from a label, so that running it again changes nothing.
"""

import base64
import hashlib
import hmac
import json
import pathlib
import struct
import urllib.parse
import uuid

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NOW = 1_700_000_000
PASSPHRASE = "correct horse battery staple"
STEAM_LETTERS = "23456789BCDFGHJKMNPQRTVWXY"

# issuer, account, type, algorithm, digits, period or counter, base32, tag, favourite, note
ACCOUNTS = [
    ("Example", "alice@example.com", "totp", "SHA1", 6, 30, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", "Work", True, "break glass: see the binder"),
    ("Bank", "Мария", "totp", "SHA256", 8, 60, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZA", "", False, ""),
    ("鸭子", "橡皮鸭", "totp", "SHA512", 10, 15, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", "Play & Fun", False, ""),
    ("VPN", "a:b+c d", "hotp", "SHA1", 6, 41, "JBSWY3DPEHPK3PXP", "Work", False, ""),
    ("Router", "admin", "hotp", "SHA256", 7, 0, "MZXW6YTBOJRGC6RANVXXEZJAMJ4XIZLT", "", True, ""),
    ("Steam", "gabe", "steam", "SHA1", 5, 30, "JRZCL47CMXVOQMNPZR2F7J4RGI", "Play & Fun", False, ""),
    ("", "no issuer", "totp", "SHA1", 6, 30, "JBSWY3DPE", "", False, "an odd number of symbols"),
    ("Only issuer", "", "totp", "SHA1", 7, 86_400, "GEZDGNBV", "", False, ""),
]


def decode(symbols):
    bits = "".join(f"{'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.index(c):05b}" for c in symbols)
    return bytes(int(bits[i : i + 8], 2) for i in range(0, len(bits) - 7, 8))


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
    return str(uuid.UUID(bytes=made_up(label, 16), version=4))


def database(version):
    entries = []
    for n, (issuer, name, kind, algo, digits, number, secret, tag, favourite, note) in enumerate(ACCOUNTS):
        info = {"secret": secret, "algo": algo, "digits": digits}
        info["counter" if kind == "hotp" else "period"] = number
        entry = {"type": kind, "uuid": made_up_uuid(f"entry {n}"), "name": name, "issuer": issuer}
        if version >= 2:
            entry |= {"note": note, "favorite": favourite}
        if version == 3:
            # An id of no group is dropped; a group of older versions is passed over beside new ones.
            ids = [made_up_uuid("no such group")] + ([made_up_uuid("group " + tag)] if tag else [])
            entry |= {"group": "passed over", "groups": ids}
        else:
            entry["group"] = tag or None
        entry |= {"icon": base64.b64encode(b"no real icon").decode() if n == 0 else None, "info": info}
        entries.append(entry)
    db = {"version": version, "entries": entries}
    if version == 3:
        db["groups"] = [{"uuid": made_up_uuid("group " + tag), "name": tag} for tag in ("Play & Fun", "Work")]
    return db


def seal(key, label, text):
    nonce = made_up("nonce " + label, 12)
    sealed = AESGCM(key).encrypt(nonce, text, None)
    return sealed[:-16], {"nonce": nonce.hex(), "tag": sealed[-16:].hex()}


def password_slot(label, passphrase, master):
    salt = made_up("salt " + label, 32)
    key = hashlib.scrypt(passphrase.encode(), salt=salt, n=1 << 15, r=8, p=1, maxmem=1 << 26, dklen=32)
    wrapped, params = seal(key, "slot " + label, master)
    return {"type": 1, "uuid": made_up_uuid("slot " + label), "key": wrapped.hex(), "key_params": params,
            "n": 1 << 15, "r": 8, "p": 1, "salt": salt.hex(), "repaired": True, "is_backup": False}


def encrypted(label, db):
    master = made_up("master " + label, 32)
    biometric = {"type": 2, "uuid": made_up_uuid("biometric " + label), "key": made_up("b " + label, 32).hex(),
                 "key_params": {"nonce": made_up("c " + label, 12).hex(), "tag": made_up("d " + label, 16).hex()}}
    slots = [biometric, password_slot("other " + label, "another passphrase", master), password_slot(label, PASSPHRASE, master)]
    text, params = seal(master, "db " + label, json.dumps(db).encode())
    return {"version": 1, "header": {"slots": slots, "params": params}, "db": base64.b64encode(text).decode()}


def plain(db):
    return {"version": 1, "header": {"slots": None, "params": None}, "db": db}


def uris():
    for issuer, name, kind, algo, digits, number, secret, *_ in ACCOUNTS:
        quoted = {"issuer": urllib.parse.quote(issuer, safe=""), "name": urllib.parse.quote(name, safe="")}
        prefix = quoted["issuer"] + ":" if issuer else ""
        uri = f"otpauth://{kind}/{prefix}{quoted['name']}?secret={secret}"
        uri += f"&issuer={quoted['issuer']}" if issuer else ""
        uri += f"&algorithm={algo}&digits={digits}&{'counter' if kind == 'hotp' else 'period'}={number}"
        yield uri


def main():
    pathlib.Path("aegis").mkdir(exist_ok=True)
    pathlib.Path("otpauth").mkdir(exist_ok=True)
    for version in (1, 2, 3):
        name = f"aegis/v{version}-plain.json"
        pathlib.Path(name).write_text(json.dumps(plain(database(version)), indent=4, ensure_ascii=False) + "\n")
    for version in (1, 3):
        name = f"aegis/v{version}-encrypted.json"
        pathlib.Path(name).write_text(json.dumps(encrypted(name, database(version)), indent=4) + "\n")
    pathlib.Path("otpauth/list.txt").write_bytes(
        b"\xef\xbb\xbf# a comment\r\n\r\n" + "".join(uri + "\r\n" for uri in uris()).encode())
    pathlib.Path("otpauth/one-line.txt").write_text(",".join(uris()))
    lines = ["# issuer | account | type algorithm digits | period or counter | base32 | bits | code at 1700000000",
             "#   (HOTP: the next code) | tag | favourite | note"]
    for issuer, name, kind, algo, digits, number, secret, tag, favourite, note in ACCOUNTS:
        fields = [issuer, name, f"{kind} {algo} {digits}", number, secret, 8 * len(decode(secret)),
                  code(kind, algo, digits, number, secret), tag, str(favourite).lower(), note]
        lines.append("|".join(map(str, fields)))
    pathlib.Path("canonical.txt").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
