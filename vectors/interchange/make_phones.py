#!/usr/bin/env python3
"""Writes the fixtures of apps for phones: LastPass Authenticator, TOTP Authenticator, Steam and Battle.net.

Written from the descriptions of their files, with hashlib, gzip, and AES of the package `cryptography`. Run it in
vectors/interchange/.
"""

import base64
import gzip
import hashlib
import json
from xml.sax.saxutils import escape

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.padding import PKCS7

from fixture import PASSPHRASE, Account, canonical, decode, expect, made_up, quote, write


def lastpass():
    accounts = [one._replace(note="") for one in canonical() if one.kind == "totp"]
    folders = {"": "Other accounts", "Work": "Work", "Play & Fun": "Play & Fun"}
    ids = {tag: n for n, tag in enumerate(folders)}
    held = [one._replace(tag=folders[one.tag]) for one in accounts]
    expect("lastpass", held, 10)

    def account(n, one, text_ids, seconds):
        return {"accountID": made_up(f"account {n}", 8).hex(), "lmiUserId": "", "issuerName": one.issuer,
                "originalIssuerName": one.issuer + " (was)", "userName": one.name, "originalUserName": one.name,
                "pushNotification": False, "secret": one.secret, "timeStep": one.number, "digits": one.digits,
                "creationTimestamp": 1_700_000_000 * (1 if seconds else 1000), "isFavorite": one.favourite,
                "algorithm": one.algorithm, "folderData": {"folderId": str(ids[one.tag]) if text_ids else ids[one.tag],
                                                           "position": n}}

    for name, version, is_ios in (("android-v3", 3, False), ("ios-v1", 1, True)):
        listed = [{"id": str(n) if is_ios else n, "name": folders[tag], "isOpened": True} for tag, n in ids.items()]
        write(f"lastpass/{name}.json", {
            "deviceId": "", "deviceSecret": "", "localDeviceId": None if is_ios else "local", "deviceName": "a phone",
            "version": version, "accounts": [account(n, one, is_ios, is_ios) for n, one in enumerate(accounts)],
            "folders": listed})
    # The code for another phone has neither folders nor favourites, and stands in a list of URIs.
    packed = lambda value: base64.b64encode(gzip.compress(json.dumps(value, ensure_ascii=False).encode(), mtime=0)).decode()
    inner = {"a": [{"a": one.algorithm, "iN": one.issuer, "s": one.secret, "d": one.digits, "uN": one.name, "tS": one.number}
                   for one in accounts]}
    uri = "lpaauth-migration://offline?data=" + quote(packed({"content": packed(inner), "version": 3}))
    write("lastpass/transfer.txt", uri + "\n")
    expect("lastpass.transfer", accounts, 7, recognised_as="otpauth")


def totp_authenticator():
    accounts = [one for one in canonical() if (one.kind, one.algorithm, one.digits, one.number) == ("totp", "SHA1", 6, 30)]
    accounts += [Account("Hex", "in digits", "totp", "SHA1", 6, 30, "MZXW6YTBOJRGC6RANVXXEZJAMJ4XIZLT"),
                 Account("Base", "in 64", "totp", "SHA1", 6, 30, "JRZCL47CMXVOQMNPZR2F7J4RGI"),
                 Account("\"Quoted\" <&>", "", "totp", "SHA1", 6, 30, "JBSWY3DPEHPK3PXP")]
    expect("totp-authenticator", accounts, 7)
    keys = {"Hex": (16, lambda secret: secret.hex().upper()), "Base": (64, lambda secret: base64.b64encode(secret).decode())}
    entries = []
    for one in accounts:
        base, spell = keys.get(one.issuer, (32, None))
        entries.append({"accountHeaderLabel": "", "base": base, "digits": "6", "issuer": one.issuer, "name": one.name,
                        "key": spell(decode(one.secret)) if spell else one.secret.lower(), "isSelected": False})
    text = json.dumps(entries, ensure_ascii=False)

    def backup(name, password, line):
        padder = PKCS7(128).padder()
        cipher = Cipher(algorithms.AES(hashlib.sha256(password.encode()).digest()), modes.CBC(bytes(16))).encryptor()
        padded = padder.update(json.dumps({text: "x"}, ensure_ascii=False).encode()) + padder.finalize()
        symbols = base64.b64encode(cipher.update(padded) + cipher.finalize()).decode()
        lines = [symbols[at : at + line] for at in range(0, len(symbols), line)]
        write(f"totp-authenticator/{name}.encrypt", "\n".join(lines))

    # Who chose no password is not asked for one: the app has one for everybody.
    backup("no-password", "TotpAuthenticator", 1 << 20)
    backup("own-password", PASSPHRASE, 76)
    write("totp-authenticator/preferences.xml", "<?xml version='1.0' encoding='utf-8' standalone='yes' ?>\n<map>\n"
          "    <int name=\"RATE_US_COUNTER\" value=\"13\" />\n"
          f"    <string name=\"STATIC_TOTP_CODES_LIST\">{escape(text, {chr(34): '&quot;'})}</string>\n</map>\n")


def steam():
    gabe = Account("Steam", "gabe", "steam", "SHA1", 5, 30, "JRZCL47CMXVOQMNPZR2F7J4RGI")
    ana = gabe._replace(name="ana", secret="GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")
    expect("steam", [gabe], 7)

    def account(one, number):
        # What is no code has secrets of its own, and so has the URI, where it is a dummy.
        return {"steamid": number("76561198000000001"), "shared_secret": base64.b64encode(decode(one.secret)).decode(),
                "serial_number": number("12345678901234567890"), "revocation_code": "R12345",
                "uri": f"otpauth://totp/Steam:{one.name}?secret=JBSWY3DPEHPK3PXP&issuer=Steam",
                "server_time": number("1700000000"), "account_name": one.name, "token_gid": "2d5a1b6cdbbf9cc",
                "identity_secret": base64.b64encode(made_up("identity", 20)).decode(),
                "secret_1": base64.b64encode(made_up("secret 1", 20)).decode(), "status": number("1")}

    sda = account(gabe, int) | {"device_id": "android:1", "fully_enrolled": True,
                                "Session": {"SessionID": None, "SteamLogin": "x", "SteamID": 76561198000000001}}
    cli = {"account_name": "gabe", "steam_id": 76561198000000001, "serial_number": "1", "revocation_code": "R12345",
           "shared_secret": base64.b64encode(decode(gabe.secret)).decode(), "token_gid": "x", "identity_secret": "AAAA",
           "uri": "otpauth://totp/Steam:gabe?secret=AAAA&issuer=Steam", "device_id": "android:1", "secret_1": "AAAA",
           "tokens": None}
    write("steam/desktop.maFile", json.dumps(sda))
    write("steam/steamguard-cli.maFile", cli)
    escaped = lambda value: json.dumps(value).replace("/", "\\/")
    write("steam/app-v1.json", escaped(account(gabe, str)))
    write("steam/steamv2.json", escaped(account(gabe, int) | {"steamguard_scheme": 2}))
    write("steam/app-accounts.json", escaped({"accounts": {"7656119800": account(gabe, str), "7656119801": account(ana, str)}}))
    expect("steam.app-accounts", [gabe, ana], 7)
    nameless = {key: value for key, value in account(gabe, str).items() if key != "account_name"}
    write("steam/no-name.json", nameless)
    expect("steam.no-name", [gabe._replace(name="76561198000000001")], 7)


def battlenet():
    # Hidden byte by byte under what is the same in every copy of the app.
    mask = bytes.fromhex("398e27fc50276a656065b0e525f4c06c04c61075286b8e7aeda59da9813b5dd6"
                         "c80d2fb38068773fa59ba47c17ca6c6479015c1d5b8b8f6b9a")
    hidden = lambda text: bytes(a ^ b for a, b in zip(text.encode(), mask)).hex()
    one = Account("Battle.net", "EU-1234-5678-9012", "totp", "SHA1", 8, 30, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")
    expect("battlenet", [one], 7)
    write("battlenet/preferences.xml", "<?xml version='1.0' encoding='utf-8' standalone='yes' ?>\n<map>\n"
          "    <string name=\"com.blizzard.messenger.AUTHENTICATOR_BGS_REGION_CODE\">EU</string>\n"
          f"    <string name=\"com.blizzard.messenger.AUTHENTICATOR_DEVICE_SECRET\">{hidden(decode(one.secret).hex())}</string>\n"
          f"    <string name=\"com.blizzard.messenger.AUTHENTICATOR_SERIAL\">{hidden(one.name)}</string>\n"
          "    <long name=\"com.blizzard.messenger.AUTHENTICATOR_SERVER_TIME_DIFF\" value=\"15\" />\n</map>\n")


if __name__ == "__main__":
    lastpass()
    totp_authenticator()
    steam()
    battlenet()
