#!/usr/bin/env python3
"""Writes the Aegis fixtures, the list of URIs and the accounts that all of them hold.

Written from Aegis' description of its own format. The encrypted file needs the `cryptography` package;
scrypt and the codes come from Python's standard library. Salts, keys and nonces are derived from names, so
a run gives the same files again: they protect nothing, and the password is in the README.
"""

import base64
import hashlib
import hmac
import json
import pathlib
import urllib.parse
import uuid

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

HERE = pathlib.Path(__file__).resolve().parent
PASSWORD = "fixture password, not a secret"
AT = 1700000000
# issuer, account, type, algorithm, digits, period or counter, base32 secret, group, favourite, note
ACCOUNTS = [
    ("Example", "alice@example.com", "totp", "SHA1", 6, 30, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", "Work", True, ""),
    ("Example", "bob", "totp", "SHA256", 8, 60, "MFRGGZDFMZTWQ2LKNNWG23TPOBYXE43U", "Work", False, "second\nline"),
    ("", "no issuer", "totp", "SHA512", 7, 15, "ONSWG4TFOQQGC3TEEBWW64TFEBXW42DJ", "", False, ""),
    ("Müller & Söhne", "jürgen+tag@example.com", "totp", "SHA1", 10, 30, "NVUXIYLTNBSXI33SMRXXI4DPOJSXEYLM", "Home", False, ""),
    ("A:B", "c", "hotp", "SHA1", 6, 41, "PJ4XQ53WOV2HG4TROBXW43LMNNVGS2DH", "", False, ""),
    ("Counter", "first", "hotp", "SHA256", 8, 0, "KRUGKIDROVUWG2ZAMJZG653OEBTG66BA", "Home", False, ""),
    ("Steam", "gabe", "steam", "SHA1", 5, 30, "JFXHGZLDMVSCA5DPNBSSA43UMVQW2IDB", "", True, ""),
    ("Old", "eighty bits", "totp", "SHA1", 6, 30, "JBSWY3DPEHPK3PXP", "", False, ""),
    ("鸭子", "橡皮", "totp", "SHA1", 6, 30, "OB4XI2DPNYQHK43FMQQHI3ZAONSWKZBA", "", False, ""),
]
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"


def rnd(label, length):
    return hashlib.shake_256(b"lifeboat fixtures\0" + label.encode()).digest(length)


def uid(label):
    return str(uuid.UUID(bytes=rnd("uuid " + label, 16), version=4))


def code(kind, algorithm, digits, number, secret):
    bits = "".join(f"{ALPHABET.index(symbol):05b}" for symbol in secret)
    seed = bytes(int(bits[at:at + 8], 2) for at in range(0, len(bits) - 7, 8))
    counter = number if kind == "hotp" else AT // number
    mac = hmac.digest(seed, counter.to_bytes(8, "big"), algorithm.lower())
    at = mac[-1] & 15
    value = int.from_bytes(mac[at:at + 4], "big") & 0x7FFFFFFF
    if kind == "steam":
        return "".join("23456789BCDFGHJKMNPQRTVWXY"[value // 26 ** place % 26] for place in range(5))
    return str(value % 10 ** digits).zfill(digits)


def database(version):
    entries = []
    for issuer, account, kind, algorithm, digits, number, secret, group, favourite, note in ACCOUNTS:
        info = {"secret": secret, "algo": algorithm, "digits": digits}
        info["counter" if kind == "hotp" else "period"] = number
        entry = {"type": kind, "uuid": uid(issuer + account), "name": account, "issuer": issuer}
        if version >= 2:
            entry |= {"note": note, "favorite": favourite}
        entry |= {"icon": None} if version < 3 else {"icon": None, "icon_mime": None, "icon_hash": None}
        entry["info"] = info
        if version == 3:
            entry["groups"] = [uid("group " + group)] if group else []
        else:
            entry["group"] = group or None
        entries.append(entry)
    db = {"version": version, "entries": entries}
    if version == 3:
        names = sorted({account[7] for account in ACCOUNTS if account[7]})
        db["groups"] = [{"uuid": uid("group " + name), "name": name} for name in names]
    return db


def gcm(key, nonce, plaintext):
    sealed = AESGCM(key).encrypt(nonce, plaintext, None)
    return sealed[:-16], {"nonce": nonce.hex(), "tag": sealed[-16:].hex()}


def slot(label, password, master):
    salt = rnd("salt " + label, 32)
    key = hashlib.scrypt(password.encode(), salt=salt, n=32768, r=8, p=1, maxmem=64 << 20, dklen=32)
    wrapped, params = gcm(key, rnd("slot nonce " + label, 12), master)
    return {
        "type": 1, "uuid": uid("slot " + label), "key": wrapped.hex(), "key_params": params,
        "n": 32768, "r": 8, "p": 1, "salt": salt.hex(), "repaired": True, "is_backup": label == "backup",
    }


def encrypted(db):
    master = rnd("master key", 32)
    # A phone's fingerprint slot stands first, as Aegis writes it: a reader without the phone passes it over.
    biometric = {"type": 2, "uuid": uid("slot biometric"), "key": rnd("key", 32).hex(),
                 "key_params": {"nonce": rnd("nonce", 12).hex(), "tag": rnd("tag", 16).hex()}}
    slots = [biometric, slot("backup", "another password", master), slot("main", PASSWORD, master)]
    text, params = gcm(master, rnd("database nonce", 12), json.dumps(db, ensure_ascii=False).encode())
    return {"version": 1, "header": {"slots": slots, "params": params}, "db": base64.b64encode(text).decode()}


def plain(db):
    return {"version": 1, "header": {"slots": None, "params": None}, "db": db}


def uri(account):
    issuer, name, kind, algorithm, digits, number, secret = account[:7]
    quoted = lambda text: urllib.parse.quote(text, safe="-._~")
    label = (quoted(issuer) + ":" if issuer else "") + quoted(name)
    fields = [f"secret={secret}"] + ([f"issuer={quoted(issuer)}"] if issuer else [])
    fields += [f"algorithm={algorithm}", f"digits={digits}", f"{'counter' if kind == 'hotp' else 'period'}={number}"]
    return f"otpauth://{kind}/{label}?" + "&".join(fields)


def write(name, text):
    (HERE / name).write_text(text, encoding="utf-8")


def main():
    for folder in ("aegis", "otpauth"):
        (HERE / folder).mkdir(exist_ok=True)
    for version in (1, 2, 3):
        write(f"aegis/v{version}-plain.json", json.dumps(plain(database(version)), ensure_ascii=False, indent=4) + "\n")
    write("aegis/v3-encrypted.json", json.dumps(encrypted(database(3)), indent=4) + "\n")
    lines = ["# The accounts of canonical.txt, one URI a line.", ""] + [uri(account) for account in ACCOUNTS]
    write("otpauth/list.txt", "\n".join(lines) + "\n")
    rows = ["# The accounts that every fixture holds, in this order; codes at 1700000000. Separated by tabs.",
            "# issuer  account  type  algorithm  digits  period-or-counter  secret  code"]
    for account in ACCOUNTS:
        kind, algorithm, digits, number, secret = account[2:7]
        rows.append("\t".join([*map(str, account[:7]), code(kind, algorithm, digits, number, secret)]))
    write("canonical.txt", "\n".join(rows) + "\n")


if __name__ == "__main__":
    main()
