#!/usr/bin/env python3
"""Writes the fixtures of the formats that come in zip archives: 1Password, WinAuth and Authenticator Plus.

Written from the descriptions of the formats: APPNOTE.TXT of zip (its old cipher in section 6.1), WinZip's "AES Encryption
Information" for AE-2, and what the programs' exports hold. Only hashlib, zlib and AES of the package `cryptography` are
used. Run it in vectors/interchange/.
"""

import csv
import hashlib
import hmac
import io
import json
import struct
import zlib

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from fixture import PASSPHRASE, Account, canonical, expect, made_up, quote, uri, write


class OldCipher:
    """Zip's own cipher, which nobody should use any more."""

    def __init__(self, password):
        self.keys = [0x12345678, 0x23456789, 0x34567890]
        for byte in password:
            self.turn(byte)

    @staticmethod
    def crc(crc, byte):
        return zlib.crc32(bytes([byte]), crc ^ 0xFFFFFFFF) ^ 0xFFFFFFFF

    def turn(self, byte):
        keys = self.keys
        keys[0] = self.crc(keys[0], byte)
        keys[1] = ((keys[1] + (keys[0] & 0xFF)) * 134775813 + 1) & 0xFFFFFFFF
        keys[2] = self.crc(keys[2], keys[1] >> 24)

    def encrypt(self, text):
        out = bytearray()
        for byte in text:
            short = (self.keys[2] | 2) & 0xFFFF
            out.append(byte ^ (short * (short ^ 1) >> 8 & 0xFF))
            self.turn(byte)
        return bytes(out)


def winzip_aes(label, packed):
    """AE-2 with 256 bits: salt, two bytes to check the password, ciphertext, ten bytes of HMAC."""
    salt = made_up("salt " + label, 16)
    keys = hashlib.pbkdf2_hmac("sha1", PASSPHRASE.encode(), salt, 1000, 66)
    sealed = b""
    # The counter is little-endian and begins at 1, unlike that of every library.
    block = Cipher(algorithms.AES(keys[:32]), modes.ECB()).encryptor()
    for at in range(0, len(packed), 16):
        stream = block.update((at // 16 + 1).to_bytes(16, "little"))
        sealed += bytes(a ^ b for a, b in zip(packed[at : at + 16], stream))
    return salt + keys[64:] + sealed + hmac.new(keys[32:64], sealed, "sha1").digest()[:10]


def archive(files, cipher=None):
    """An archive of files, deflated: plain, or with zip's old cipher, or with WinZip's AES."""
    out, directory = b"", b""
    for name, text in files.items():
        text = text.encode() if isinstance(text, str) else text
        packer = zlib.compressobj(9, zlib.DEFLATED, -15)
        data = packer.compress(text) + packer.flush()
        flags, method, crc, extra = 0, 8, zlib.crc32(text), b""
        if cipher == "old":
            # As the archives of .NET programs have it: the sums behind the data, and the time to check the password.
            flags, time = 0x9, 0x6000
            head = made_up("head " + name, 11) + bytes([time >> 8])
            data = OldCipher(PASSPHRASE.encode()).encrypt(head + data)
        elif cipher == "aes":
            flags, extra = 0x1, struct.pack("<HHH2sBH", 0x9901, 7, 2, b"AE", 3, method)
            data, method, crc = winzip_aes(name, data), 99, 0
        time, date = 0x6000, 0x5778
        sums = struct.pack("<III", crc, len(data), len(text))
        fixed = struct.pack("<HHHHH", 20 if cipher != "aes" else 51, flags, method, time, date)
        names = struct.pack("<HH", len(name), len(extra))
        directory += (b"PK\1\2" + struct.pack("<H", 20) + fixed + sums + names
                      + struct.pack("<HHHII", 0, 0, 0, 0, len(out)) + name.encode() + extra)
        out += b"PK\3\4" + fixed + (bytes(12) if flags & 8 else sums) + names + name.encode() + extra + data
        out += b"PK\7\x08" + sums if flags & 8 else b""
    end = struct.pack("<HHHHIIH", 0, 0, len(files), len(files), len(directory), len(out), 0)
    return out + directory + b"PK\5\6" + end


def one_password():
    # It has no codes by a counter. Three more: bare secrets, two of them in one item, one in an archived item.
    held = [one for one in canonical() if one.kind != "hotp"]
    aws = Account("AWS", "root", "totp", "SHA1", 6, 30, "JBSWY3DPEHPK3PXP", "Work", False, "two of them")
    old = Account("Old", "me", "totp", "SHA1", 6, 30, "MZXW6YTBOJRGC6RANVXXEZJAMJ4XIZLT")
    second = aws._replace(secret="GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")
    everything = held + [aws, second, old]
    expect("1password", everything, 10)

    def item(first, codes, state="active"):
        fields = [{"title": "one-time password", "id": "TOTP_" + made_up(code, 4).hex(), "value": {"totp": code}} for code in codes]
        fields.insert(0, {"title": "PIN", "id": "pin", "value": {"concealed": "1234"}})
        sections = [{"title": "", "fields": []}, {"title": "Sign-in", "name": "s", "fields": fields}]
        return {"uuid": made_up("item " + first.issuer + first.name, 8).hex(), "favIndex": int(first.favourite), "state": state,
                "categoryUuid": "001", "overview": {"title": first.issuer, "url": "", "tags": [first.tag] if first.tag else []},
                "details": {"notesPlain": first.note, "sections": sections, "loginFields": [
                    {"value": first.name, "designation": "username", "fieldType": "T"},
                    {"value": "hunter2", "designation": "password", "fieldType": "P"}]}}

    # In sections whose fields have other ids, the kind of the value alone says that it is a code.
    items = [item(one, [uri(one)]) for one in held]
    items[1]["details"]["sections"][1]["fields"][1]["id"] = "one-time"
    items.append(item(aws, ["jbsw y3dp ehpk 3pxp", second.secret]))
    note = {"uuid": "n", "state": "active", "overview": {"title": "A note"}, "details": {"notesPlain": "no login"}}
    attributes = json.dumps({"version": 3, "description": "1Password Unencrypted Export", "createdAt": 1700000000})
    for name, wrapped in (("unwrapped", False), ("wrapped", True)):
        vaults = [items + [note], [item(old, [old.secret], "archived")]]
        data = {"accounts": [{"attrs": {"name": "A"}, "vaults": [
            {"attrs": {"name": f"Vault {n}"}, "items": [{"item": one} if wrapped else one for one in some]}
            for n, some in enumerate(vaults)]}]}
        write(f"1password/{name}.1pux", archive({"export.attributes": attributes,
                                                "export.data": json.dumps(data, ensure_ascii=False)}))
    table = io.StringIO()
    rows = csv.writer(table)
    rows.writerow("Title,Url,Username,Password,OTPAuth,Favorite,Archived,Tags,Notes".split(","))
    for one in everything:
        rows.writerow([one.issuer, "", one.name, "a,\"b\"\nc", uri(one), str(one.favourite).lower(),
                       "true" if one is old else "false", one.tag, one.note])
    rows.writerow(["A note", "", "", "", "", "false", "false", "", "no login"])
    write("1password/codes.csv", table.getvalue())
    # Older versions have no column for codes.
    write("1password/no-codes.csv", "Title,Url,Username,Password,Favorite,Archived,Tags,Notes\r\n"
          "Example,https://example.com,alice,hunter2,true,false,Work,\r\n")
    expect("1password.no-codes", [], 10)


def win_auth():
    accounts = [
        Account("Google (me)", "me@example.com", "totp", "SHA1", 6, 30, "JBSWY3DPEHPK3PXP"),
        Account("BattleNet", "EU 1", "totp", "SHA1", 8, 30, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"),
        Account("BattleNet", "US221120503346", "totp", "SHA1", 8, 30, "MZXW6YTBOJRGC6RANVXXEZJAMJ4XIZLT"),
        Account("Steam", "gabe n", "steam", "SHA1", 5, 30, "JRZCL47CMXVOQMNPZR2F7J4RGI"),
        Account("Air Canada", "Ben+B", "hotp", "SHA1", 6, 50, "KRUGKIDROVUWG2ZA"),
        Account("Bank", "Мария", "totp", "SHA256", 8, 60, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZA"),
        Account("", "Authenticator", "totp", "SHA512", 6, 30, "GEZDGNBV"),
    ]
    expect("winauth", accounts, 7)
    # Recognised as a list of URIs, its pluses are pluses.
    expect("winauth.export", accounts, 7, recognised_as="otpauth", read_only_as="winauth")
    google, battle, unnamed, steam, canada, bank, alone = accounts
    # The seed stands in `secret`; that of `data` is another one, and not taken.
    data = quote(json.dumps({"shared_secret": "SGVsbG8h3q2+7w==", "identity_secret": "SGVsbG8h3q2+7w=="}))
    lines = [
        "# WinAuth", "",
        f"otpauth://totp/Google%20(me):me%40example.com?secret={google.secret}&digits=6&icon=Google",
        f"otpauth://totp/BattleNet:EU+1?secret={battle.secret}&digits=8&issuer=BattleNet&serial=EU123412341234&icon=BattleNet",
        f"otpauth://totp/BattleNet:?secret={unnamed.secret}&digits=8&issuer=BattleNet&serial={unnamed.name}",
        f"otpauth://totp/Steam:gabe+n?secret={steam.secret}&digits=5&issuer=Steam&deviceid=android%3A1&data={data}",
        f"otpauth://hotp/Air+Canada:Ben%2BB?secret={canada.secret}&digits=6&issuer=Air+Canada&counter=50",
        f"otpauth://totp/Bank:{quote(bank.name)}?secret={bank.secret}&digits=8&issuer=Bank&algorithm=SHA256&period=60",
        f"otpauth://totp/{alone.name}?secret={alone.secret}&digits=6&algorithm=SHA512&icon=base64:JBSWY3DP",
    ]
    text = "\ufeff" + "".join(line + "\r\n" for line in lines)
    write("winauth/export.txt", text)
    write("winauth/plain.zip", archive({"winauth-2023-11-14.txt": text}))
    write("winauth/zipcrypto.zip", archive({"winauth-2023-11-14.txt": text}, "old"))


def authenticator_plus():
    accounts = list(canonical())
    expect("authenticator-plus", accounts, 7)
    text = "".join(uri(one) + "\n" for one in accounts)
    for name, cipher in (("plain", None), ("zipcrypto", "old"), ("aes", "aes")):
        write(f"authenticator-plus/{name}.zip", archive({"Accounts.txt": text, "Accounts.html": "<html></html>"}, cipher))


if __name__ == "__main__":
    one_password()
    win_auth()
    authenticator_plus()
