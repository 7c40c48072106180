#!/usr/bin/env python3
"""Writes the fixtures of 2FAS, andOTP and Stratum, plain and encrypted, and the lists that they must yield.

Written from descriptions of the formats (2FAS' BackupContent.kt, andOTP's EncryptionHelper.java, Stratum's
doc/BACKUP_FORMAT.md) with hashlib and the package `cryptography`. Run it in vectors/interchange/; running it
again changes nothing.
"""

import base64
import hashlib
import json
import struct

from common import CANONICAL, PASSPHRASE, expect, made_up, made_up_uuid, write
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id


# --- 2FAS

def label(a):
    return f"{a.issuer}:{a.name}" if a.issuer and a.name else a.name


def two_fas_service(n, a, schema, origin):
    if schema == 1:
        return {"name": a.issuer, "secret": a.secret, "updatedAt": 1_600_000_000_000 + n, "type": "Unknown",
                "otp": {"account": a.name, "issuer": a.issuer, "label": label(a)},
                "order": {"position": n}}
    otp = {"link": None, "label": label(a), "account": a.name, "issuer": a.issuer,
           "digits": a.digits, "algorithm": a.algo}
    otp["counter" if a.kind == "hotp" else "period"] = a.number
    if schema >= 3:
        otp |= {"tokenType": a.kind.upper(), "source": "manual" if origin == "ios" else "Manual"}
    if n == 0:
        # The account is missing, and so the label is the name; no number is there, and so the usual ones hold.
        otp = {"label": a.name, "account": None, "digits": None, "period": None, "algorithm": None, "counter": None}
    if n == 1:
        otp["issuer"] = "what the URI said"
    service = {"name": a.issuer, "secret": a.secret, "updatedAt": 1_700_000_000_000 + n, "otp": otp,
               "order": {"position": n}, "badge": {"color": "Default"}}
    if n == 2:
        # A service without a name is called by its issuer.
        service["name"] = ""
    collection = "a5b3fb65-4ec5-43e6-8ec1-49e24ca9e7ad"
    service["icon"] = {"selected": "IconCollection" if schema >= 3 else "Brand",
                       "label": {"text": a.issuer[:2].upper() or "NO", "backgroundColor": "LightBlue"},
                       "iconCollection": {"id": collection.upper() if origin == "ios" else collection}}
    if schema >= 3:
        service["serviceTypeID"] = made_up_uuid(f"2fas service {n}") if n == 0 else None
    else:
        service["type"] = "Unknown"
    if a.tag:
        group = made_up_uuid("2fas group " + a.tag)
        service["groupId"] = group.upper() if origin == "ios" else group
    else:
        service["groupId"] = None
    if n % 2:
        service["secret"] = a.secret.lower()
    return service


def two_fas(accounts, schema, origin="android", salt_length=None):
    services = [two_fas_service(n, a, schema, origin) for n, a in enumerate(accounts)]
    file = {"services": services, "updatedAt": 1_700_000_000_000, "schemaVersion": schema,
            "appVersionCode": 5_000_000 + schema, "appVersionName": f"5.0.{schema}", "appOrigin": origin}
    if schema >= 2:
        tags = sorted({a.tag for a in accounts} - {""})
        file["groups"] = [{"id": made_up_uuid("2fas group " + tag), "name": tag, "isExpanded": True,
                           "updatedAt": 1_700_000_000_000} for tag in tags]
    if salt_length is None:
        return file
    label = f"2fas {schema} {origin}"
    salt = made_up("salt " + label, salt_length)
    key = hashlib.pbkdf2_hmac("sha256", PASSPHRASE.encode(), salt, 10_000, 32)

    def sealed(part, text):
        iv = made_up(f"iv {part} {label}", 12)
        parts = (AESGCM(key).encrypt(iv, text, None), salt, iv)
        return ":".join(base64.b64encode(part).decode() for part in parts)

    text = json.dumps(services, ensure_ascii=False, separators=(",", ":")).encode()
    reference = base64.b64encode(made_up("reference", 192))
    return file | {"services": [], "servicesEncrypted": sealed("services", text),
                   "reference": sealed("reference", reference)}


def make_two_fas():
    usual = [a._replace(algo="SHA1", digits=6, number=30, tag="", favourite=False, note="")
             for a in CANONICAL if a.kind == "totp"]
    write("2fas/v1-plain.json", two_fas(usual, 1))
    expect("2fas.v1.txt", usual, 8, "schema 1 of 2FAS says nothing of how codes are made, and has no groups")
    by_clock = [a for a in CANONICAL if a.kind == "totp"]
    write("2fas/v2-plain.2fas", two_fas(by_clock, 2))
    write("2fas/v2-encrypted.2fas", two_fas(by_clock, 2, salt_length=256))
    expect("2fas.v2.txt", by_clock, 8, "schema 2 of 2FAS has no other codes than those by the clock")
    for schema in (3, 4):
        write(f"2fas/v{schema}-plain.2fas", two_fas(CANONICAL, schema))
        write(f"2fas/v{schema}-encrypted.2fas", two_fas(CANONICAL, schema, salt_length=256))
    write("2fas/ios-plain.2fas", two_fas(CANONICAL, 4, "ios"))
    write("2fas/ios-encrypted.2fas", two_fas(CANONICAL, 4, "ios", salt_length=32))
    expect("2fas.txt", CANONICAL, 8)

    refused = two_fas(CANONICAL[:2], 4)
    refused["services"][0]["otp"] = {"algorithm": "SHA224"}
    write("refused/2fas/sha224.2fas", refused)
    write("refused/2fas/schema-5.2fas", two_fas(CANONICAL[:1], 4) | {"schemaVersion": 5})


# --- andOTP

def andotp_entry(n, a, old_label=None):
    entry = {"secret": a.secret, "issuer": a.issuer, "label": a.name, "digits": a.digits, "type": a.kind.upper(),
             "algorithm": a.algo, "thumbnail": "Default" if n else "AmazonWebServices",
             "last_used": 1_700_000_000_000 + n, "used_frequency": n, "tags": [a.tag] if a.tag else []}
    if a.kind == "hotp":
        entry["counter"] = a.number
    if a.kind == "totp":
        entry["period"] = a.number
    if old_label is not None:
        for name in ("issuer", "used_frequency"):
            del entry[name]
        entry["label"] = old_label
    return entry


def andotp_new(text, rounds):
    salt, iv = made_up("andotp salt", 12), made_up("andotp iv", 12)
    key = hashlib.pbkdf2_hmac("sha1", PASSPHRASE.encode(), salt, rounds, 32)
    return struct.pack(">I", rounds) + salt + iv + AESGCM(key).encrypt(iv, text, None)


def andotp_old(text):
    iv = made_up("andotp old iv", 12)
    return iv + AESGCM(hashlib.sha256(PASSPHRASE.encode()).digest()).encrypt(iv, text, None)


def make_andotp():
    entries = [andotp_entry(n, a) for n, a in enumerate(CANONICAL)]
    write("andotp/plain.json", entries)
    text = json.dumps(entries, ensure_ascii=False).encode()
    write("andotp/encrypted-new.json.aes", andotp_new(text, 140_123))
    write("andotp/encrypted-old.json.aes", andotp_old(text))
    # GNOME Authenticator writes this list too, in its own letters.
    lower = [entry | {"type": entry["type"].lower(), "algorithm": entry["algorithm"].lower()} for entry in entries]
    write("andotp/lower-case.json", lower)
    expect("andotp.txt", CANONICAL, 8)

    def old_label(n, a):
        if not a.issuer or not a.name:
            return a.issuer or a.name
        return f"{a.issuer} - {a.name}" if n % 2 else f"{a.issuer}:{a.name}"

    with_old_labels = [a for a in CANONICAL if a.name]
    old = [andotp_entry(n, a, old_label(n, a)) for n, a in enumerate(with_old_labels)]
    write("andotp/old-labels.json", old)
    expect("andotp.old.txt", with_old_labels, 8, "old backups of andOTP have issuer and account in one label")

    write("refused/andotp/random.bin", made_up("nothing in particular", 400))
    cut = json.dumps(entries[:2])
    write("refused/andotp/cut.json", cut[: len(cut) * 2 // 3])


# --- Stratum

TYPES = {"hotp": 1, "totp": 2, "steam": 4}
ALGORITHMS = ["SHA1", "SHA256", "SHA512"]


def stratum(accounts, lists_are_null=False):
    listed = []
    for n, a in enumerate(accounts):
        one = {"Type": TYPES[a.kind], "Icon": "@" + made_up("icon", 4).hex() if n == 0 else None,
               "Issuer": a.issuer, "Username": a.name or None, "Secret": a.secret, "Pin": None,
               "Algorithm": ALGORITHMS.index(a.algo), "Digits": a.digits, "Period": 30, "Counter": 0,
               "CopyCount": n, "Ranking": n}
        one["Counter" if a.kind == "hotp" else "Period"] = a.number
        if a.kind == "steam":
            # What stands there means nothing.
            one |= {"Algorithm": 2, "Digits": 8, "Period": 60}
        listed.append(one)
    if lists_are_null:
        return {"Authenticators": listed, "Categories": None, "AuthenticatorCategories": None, "CustomIcons": None}
    tags = sorted({a.tag for a in accounts} - {""})
    ids = {tag: hashlib.sha1(tag.encode()).hexdigest()[:8] for tag in tags}
    members = [{"CategoryId": ids[a.tag], "AuthenticatorSecret": a.secret, "Ranking": n}
               for n, a in enumerate(accounts) if a.tag]
    return {"Authenticators": listed,
            "Categories": [{"Id": ids[tag], "Name": tag, "Ranking": n} for n, tag in enumerate(tags)],
            "AuthenticatorCategories": members,
            "CustomIcons": [{"Id": made_up("icon", 4).hex(), "Data": base64.b64encode(b"no real icon").decode()}]}


def stratum_strong(text):
    salt, iv = made_up("stratum salt", 16), made_up("stratum iv", 12)
    key = Argon2id(salt=salt, length=32, iterations=3, lanes=4, memory_cost=65_536).derive(PASSPHRASE.encode())
    return b"AUTHENTICATORPRO" + salt + iv + AESGCM(key).encrypt(iv, text, None)


def stratum_legacy(text):
    salt, iv = made_up("stratum old salt", 20), made_up("stratum old iv", 16)
    key = hashlib.pbkdf2_hmac("sha1", PASSPHRASE.encode(), salt, 64_000, 32)
    padding = 16 - len(text) % 16
    cipher = Cipher(algorithms.AES(key), modes.CBC(iv)).encryptor()
    sealed = cipher.update(text + bytes([padding]) * padding) + cipher.finalize()
    return b"AuthenticatorPro" + salt + iv + sealed


def make_stratum():
    # Stratum has no account without an issuer.
    accounts = [a._replace(issuer=a.issuer or "none") for a in CANONICAL]
    write("stratum/plain.json", stratum(accounts))
    text = json.dumps(stratum(accounts), separators=(",", ":")).encode()
    write("stratum/strong.authpro", stratum_strong(text))
    write("stratum/legacy.authpro", stratum_legacy(text))
    expect("stratum.txt", accounts, 8)
    write("stratum/without-lists.json", stratum(accounts, lists_are_null=True))
    expect("stratum.without.txt", accounts, 7, "a backup of Stratum whose other lists are null")
    write("refused/stratum/cut.authpro", stratum_strong(text)[:40])
    write("refused/stratum/not-ours.authpro", b"AuthenticatorPro" + made_up("not ours", 20 + 16 + 160))


if __name__ == "__main__":
    make_two_fas()
    make_andotp()
    make_stratum()
