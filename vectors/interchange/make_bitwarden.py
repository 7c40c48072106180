#!/usr/bin/env python3
"""Writes the fixtures of Bitwarden, Bitwarden Authenticator and Proton Pass, and the lists that they must yield.

Written from descriptions of the formats (Bitwarden's base-vault-export.service.ts and
bitwarden-password-protected-importer.ts, the Authenticator's ExportJsonData.kt, Proton's parser/pass) with hashlib
and the package `cryptography`. Run it in vectors/interchange/; running it again changes nothing.
"""

import base64
import csv
import hashlib
import hmac
import html
import io
import json
import urllib.parse
import zipfile

from common import CANONICAL, PASSPHRASE, clock_only, expect, made_up, made_up_uuid, write
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id


def quote(text):
    return urllib.parse.quote(text, safe="")


def uri(a, with_names=True, escaped=lambda text: text):
    label = escaped(f"{a.issuer}:{a.name}" if a.issuer else a.name) if with_names else ""
    issuer = f"&issuer={quote(a.issuer)}" if with_names and a.issuer else ""
    return f"otpauth://totp/{quote(label)}?secret={a.secret}&algorithm={a.algo}&digits={a.digits}&period={a.number}{issuer}"


def code_field(n, a):
    """Each of the three forms that a code's field has."""
    if a.kind == "steam":
        return "steam://" + a.secret
    if n == 0:
        # The bare secret, as people type it; the other fields name it.
        return " ".join(a.secret[i : i + 4] for i in range(0, len(a.secret), 4)).lower()
    return uri(a, with_names=n % 2 == 0)


# Bitwarden has no codes by a counter. An item always has a name.
ACCOUNTS = [a._replace(issuer=a.issuer or "no name") for a in clock_only(CANONICAL)]


def item(n, a, ids, is_of_organisation):
    group = ids.get(a.tag)
    return {"passwordHistory": None, "revisionDate": "2024-01-01T00:00:00.000Z", "id": made_up_uuid(f"item {n}"),
            "organizationId": made_up_uuid("organisation") if is_of_organisation else None,
            "folderId": None if is_of_organisation else group, "type": 1, "reprompt": 0, "name": a.issuer,
            "notes": a.note or None, "favorite": a.favourite,
            "login": {"uris": [{"match": None, "uri": "https://example.com"}], "username": a.name or None,
                      "password": "not ours", "totp": code_field(n, a)},
            "collectionIds": [group, made_up_uuid("another")] if is_of_organisation and group else None}


def vault(is_of_organisation=False):
    tags = sorted({a.tag for a in ACCOUNTS} - {""})
    ids = {tag: made_up_uuid("folder " + tag) for tag in tags}
    items = [item(n, a, ids, is_of_organisation) for n, a in enumerate(ACCOUNTS)]
    # What has no code stays there.
    items.insert(1, {"id": made_up_uuid("note"), "type": 2, "name": "a note", "notes": "x", "login": None})
    items.insert(3, {"id": made_up_uuid("login"), "type": 1, "name": "no code", "login": {"totp": None}})
    items.append({"id": made_up_uuid("card"), "type": 3, "name": "a card", "card": {"brand": "x"}})
    groups = [{"id": ids[tag], "name": tag} for tag in tags]
    if is_of_organisation:
        groups = [group | {"organizationId": made_up_uuid("organisation"), "externalId": None} for group in groups]
    return {"encrypted": False, "collections" if is_of_organisation else "folders": groups, "items": items}


def table(first, with_reprompt):
    heading = [first, "favorite", "type", "name", "notes", "fields", "reprompt", "login_uri", "login_username",
               "login_password", "login_totp"]
    if first == "collections":
        heading.remove("favorite")
    if not with_reprompt:
        heading.remove("reprompt")
    out = io.StringIO()
    writer = csv.DictWriter(out, heading, lineterminator="\n", extrasaction="ignore")
    writer.writeheader()
    for n, a in enumerate(ACCOUNTS):
        writer.writerow({first: a.tag, "favorite": "1" if a.favourite else "", "type": "login", "name": a.issuer,
                         "notes": a.note, "fields": "Q: 1\nA: \"2\", 3", "reprompt": "0",
                         "login_uri": "https://example.com,https://example.org", "login_username": a.name,
                         "login_password": "a,\"b\"\nc", "login_totp": code_field(n, a)})
    writer.writerow({first: "", "type": "note", "name": "a note", "notes": "otpauth://totp/x?secret=JBSWY3DPEHPK3PXP"})
    return out.getvalue()


def enc_string(label, key, mac_key, text):
    iv = made_up("bitwarden iv " + label, 16)
    padding = 16 - len(text) % 16
    cipher = Cipher(algorithms.AES(key), modes.CBC(iv)).encryptor()
    sealed = cipher.update(text + bytes([padding]) * padding) + cipher.finalize()
    mac = hmac.new(mac_key, iv + sealed, hashlib.sha256).digest()
    return "2." + "|".join(base64.b64encode(part).decode() for part in (iv, sealed, mac))


def expand(key, info):
    """The first block of HKDF-Expand, which is all of 32 bytes."""
    return hmac.new(key, info + b"\x01", hashlib.sha256).digest()


def with_password(label, kdf):
    # The salt is the text itself, not what its base64 stands for.
    salt = base64.b64encode(made_up("bitwarden salt " + label, 16)).decode()
    if kdf["kdfType"] == 0:
        key = hashlib.pbkdf2_hmac("sha256", PASSPHRASE.encode(), salt.encode(), kdf["kdfIterations"], 32)
    else:
        key = Argon2id(salt=hashlib.sha256(salt.encode()).digest(), length=32, iterations=kdf["kdfIterations"],
                       lanes=kdf["kdfParallelism"], memory_cost=kdf["kdfMemory"] * 1024).derive(PASSPHRASE.encode())
    enc, mac = expand(key, b"enc"), expand(key, b"mac")
    text = json.dumps(vault(), ensure_ascii=False, separators=(",", ":")).encode()
    return {"encrypted": True, "passwordProtected": True, "salt": salt} | kdf | {
        "encKeyValidation_DO_NOT_EDIT": enc_string("check " + label, enc, mac, made_up_uuid("check").encode()),
        "data": enc_string("data " + label, enc, mac, text)}


def make_bitwarden():
    for name, content in {
        "personal.json": vault(), "personal-2020.json": {key: value for key, value in vault().items() if key != "encrypted"},
        "organisation.json": vault(is_of_organisation=True),
        "personal.csv": table("folder", True), "personal-old.csv": table("folder", False),
        "pbkdf2.json": with_password("pbkdf2", {"kdfType": 0, "kdfIterations": 5_000}),
        "argon2id.json": with_password(
            "argon2id", {"kdfType": 1, "kdfIterations": 2, "kdfMemory": 16, "kdfParallelism": 4}),
    }.items():
        write("bitwarden/" + name, content)
    expect("bitwarden.txt", ACCOUNTS)
    write("bitwarden/collections.csv", table("collections", True))
    expect("bitwarden.collections.txt", [a._replace(favourite=False) for a in ACCOUNTS],
           why="as bitwarden.txt; the table of an organisation has no favourites")

    sealed = with_password("refused", {"kdfType": 0, "kdfIterations": 5_000})
    restricted = {"encrypted": True, "encKeyValidation_DO_NOT_EDIT": sealed["encKeyValidation_DO_NOT_EDIT"],
                  "folders": [], "items": [{"type": 1, "name": sealed["data"][:80], "login": {"totp": None}}]}
    write("refused/bitwarden/account-restricted.json", restricted)
    write("refused/bitwarden/newer-cipher.json", sealed | {"data": "7." + base64.b64encode(b"a COSE message").decode()})
    write("refused/bitwarden/newer-derivation.json", sealed | {"kdfType": 2})
    write("refused/bitwarden/altered.json", sealed | {"data": with_password(
        "other", {"kdfType": 0, "kdfIterations": 4_000})["data"]})
    costly = {"kdfType": 1, "kdfIterations": 3, "kdfMemory": 4096, "kdfParallelism": 4}
    write("refused/bitwarden/costly.json", sealed | costly)


# --- Bitwarden Authenticator, which has a name for each code and nothing else

AUTHENTICATOR = [a._replace(tag="", favourite=False, note="") for a in ACCOUNTS]
AUTHENTICATOR += [AUTHENTICATOR[0]._replace(issuer="R&D <lab>", name='"a" & b\'s'),
                  AUTHENTICATOR[0]._replace(issuer="Acme, Inc, Ltd", name="root"),
                  AUTHENTICATOR[0]._replace(issuer='"Quoted', name="root")]
AUTHENTICATOR = [a._replace(name="") if a.kind == "steam" else a for a in AUTHENTICATOR]


def text_utils_html_encode(text):
    """As Android's TextUtils.htmlEncode."""
    return html.escape(text).replace("&#x27;", "&#39;")


def authenticator_code(a):
    return "steam://" + a.secret if a.kind == "steam" else uri(a, escaped=text_utils_html_encode)


def make_authenticator():
    items = [{"id": made_up_uuid(f"code {n}"), "name": a.issuer, "folderId": None, "organizationId": None,
              "collectionIds": None, "notes": None, "type": 1, "login": {"totp": authenticator_code(a)},
              "favorite": False} for n, a in enumerate(AUTHENTICATOR)]
    write("bitwarden/authenticator.json", {"encrypted": False, "items": items})
    rows = ["folder,favorite,type,name,login_uri,login_totp"]
    rows += [f",,1,{a.issuer},,{authenticator_code(a)},{a.issuer},{a.number},{a.digits}" for a in AUTHENTICATOR]
    write("bitwarden/authenticator.csv", "\n".join(rows) + "\n")
    expect("bitwarden.authenticator.txt", AUTHENTICATOR, why="what Bitwarden Authenticator can hold, and odd names")


# --- Proton Pass

def make_proton_pass():
    accounts = [a._replace(tag="") for a in ACCOUNTS]
    items = []
    for n, a in enumerate(accounts[:-1]):
        content = {"itemEmail": "", "itemUsername": a.name, "password": "not ours", "urls": [], "passkeys": [],
                   "totpUri": code_field(n, a)}
        if n == 1:
            content |= {"itemUsername": "", "itemEmail": a.name}
        if n == 2:
            # As older versions wrote it.
            content = {"username": a.name, "totpUri": code_field(n, a) }
        items.append({"itemId": made_up_uuid(f"pass {n}"), "state": 1, "pinned": a.favourite,
                      "data": {"metadata": {"name": a.issuer, "note": a.note, "itemUuid": f"{n:08x}"},
                               "extraFields": [], "type": "login", "content": content}})
    last = accounts[-1]
    # An alias has no login; its code stands in a further field, whose name is all that tells it apart.
    items.append({"itemId": made_up_uuid("pass extra"), "state": 1, "pinned": last.favourite,
                  "data": {"metadata": {"name": last.issuer, "note": last.note}, "type": "alias", "content": {},
                           "extraFields": [{"fieldName": "hint", "type": "text", "data": {"content": "x"}},
                                           {"fieldName": "the second", "type": "totp", "data": {"totpUri": uri(last, False)}}]}})
    items.append({"itemId": made_up_uuid("pass trash"), "state": 2, "pinned": False,
                  "data": {"metadata": {"name": "thrown away", "note": ""}, "type": "login", "extraFields": [],
                           "content": {"itemUsername": "x", "totpUri": "JBSWY3DPEHPK3PXP===="}}})
    data = {"version": "1.30.0", "userId": made_up_uuid("pass user"), "encrypted": False,
            "vaults": {made_up_uuid("vault 1"): {"name": "Personal", "description": "", "items": items[:3]},
                       made_up_uuid("vault 2"): {"name": "Work", "description": "", "items": items[3:]}}}
    # The reader may take vaults in the order of their ids.
    data["vaults"] = {f"{n}{key[1:]}": vault for n, (key, vault) in enumerate(data["vaults"].items())}
    text = json.dumps(data, ensure_ascii=False).encode()
    write("proton-pass/data.json", text)
    write("proton-pass/export.zip", zipped("Proton Pass/data.json", text))
    expect("proton-pass.txt", accounts[:-1] + [last._replace(name="the second")], why="what Proton Pass can hold")
    write("refused/proton-pass/encrypted.zip", zipped("Proton Pass/data.pgp", b"\xc3" + made_up("pgp", 200)))


def zipped(name, content):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(zipfile.ZipInfo(name, (2024, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


if __name__ == "__main__":
    make_bitwarden()
    make_authenticator()
    make_proton_pass()
