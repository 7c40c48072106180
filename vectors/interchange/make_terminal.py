#!/usr/bin/env python3
"""Writes the fixtures of programs for the desktop and the terminal: OTPClient, cotp, gauth and 2fa.

Written from the descriptions of their files, with hashlib, and AES, ChaCha20-Poly1305 and Argon2id of the package
`cryptography`; HChaCha20 is written out from draft-irtf-cfrg-xchacha. Run it in vectors/interchange/.
"""

import base64
import hashlib
import json
import struct

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.padding import PKCS7

from fixture import PASSPHRASE, Account, canonical, decode, expect, made_up, uri, write

# Seven letters, eleven bytes.
LETTERS = "Grüße🔑🔑"


def argon2id(password, salt, passes, memory_kib, lanes):
    return Argon2id(salt=salt, length=32, iterations=passes, lanes=lanes, memory_cost=memory_kib).derive(password)


def otpclient():
    accounts = list(canonical())
    expect("otpclient", accounts, 8)
    entries = []
    for one in accounts:
        # Steam's codes are said by the issuer alone.
        kind = "HOTP" if one.kind == "hotp" else "TOTP"
        entry = {"type": kind, "label": one.name, "issuer": one.issuer, "secret": one.secret, "digits": one.digits,
                 "algo": one.algorithm, "counter" if one.kind == "hotp" else "period": one.number}
        entries.append(entry | ({"group": one.tag} if one.tag else {}))
    # The program encrypts the zero byte behind the text as well.
    text = json.dumps(entries, ensure_ascii=False).encode() + b"\0"

    def database(name, version, password):
        nonce, salt = made_up("nonce " + name, 16), made_up("salt " + name, 32)
        passes, memory_kib, lanes = 1, 8192, 2
        header = {
            1: nonce + salt,
            # The structure as it lies in memory.
            2: b"OTPClient" + bytes(3) + struct.pack("<i16s32siii", 2, nonce, salt, passes, memory_kib, lanes),
            3: b"OTPClient" + struct.pack(">i16s32siii", 3, nonce, salt, passes, memory_kib, lanes),
        }[version]
        assert len(header) == {1: 48, 2: 76, 3: 73}[version]
        if version == 1:
            key = hashlib.pbkdf2_hmac("sha512", password, salt, 100_000, 32)
        else:
            key = argon2id(password, salt, passes, memory_kib, lanes)
        write(f"otpclient/{name}.enc", header + AESGCM(key).encrypt(nonce, text, header))

    for version in (1, 2, 3):
        database(f"v{version}", version, PASSPHRASE.encode())
    # Old versions counted letters where bytes are meant, and cut the password in the middle of one.
    for version in (1, 2):
        database(f"v{version}-letters", version, LETTERS.encode()[: len(LETTERS)])
        expect(f"otpclient.v{version}-letters", accounts, 8, passphrase=LETTERS)
    database("v3-letters", 3, LETTERS.encode())
    expect("otpclient.v3-letters", accounts, 8, passphrase=LETTERS)


def hchacha20(key, nonce):
    state = list(struct.unpack("<16I", b"expand 32-byte k" + key + nonce))

    def quarter(a, b, c, d):
        for x, y, z, turn in ((a, b, d, 16), (c, d, b, 12), (a, b, d, 8), (c, d, b, 7)):
            state[x] = (state[x] + state[y]) & 0xFFFFFFFF
            mixed = state[z] ^ state[x]
            state[z] = (mixed << turn | mixed >> 32 - turn) & 0xFFFFFFFF

    for _ in range(10):
        for n in range(4):
            quarter(n, n + 4, n + 8, n + 12)
        for n in range(4):
            quarter(n, (n + 1) % 4 + 4, (n + 2) % 4 + 8, (n + 3) % 4 + 12)
    return struct.pack("<8I", *(state[:4] + state[12:]))


def cotp():
    accounts = list(canonical())
    elements = [{"secret": one.secret, "issuer": one.issuer, "label": one.name, "digits": one.digits, "type": one.kind.upper(),
                 "algorithm": one.algorithm, "period": 30 if one.kind == "hotp" else one.number,
                 "counter": one.number if one.kind == "hotp" else None, "pin": None} for one in accounts]
    # Types that are named and not taken.
    elements.insert(2, {"secret": "e3152afee62599c8", "issuer": "M", "label": "m", "digits": 6, "type": "MOTP",
                        "algorithm": "MD5", "period": 10, "counter": None, "pin": "1234"})
    elements.append({"secret": "6L4OH6DDC4PLNQBA5422GM67KXRDIQQP", "issuer": "Y", "label": "y", "digits": 8, "type": "YANDEX",
                     "algorithm": "SHA256", "period": 30, "counter": None, "pin": "1234"})
    expect("cotp", accounts, 7, skipped=2)

    def database(name, content):
        salt, nonce = made_up("salt " + name, 16), made_up("nonce " + name, 24)
        key = argon2id(PASSPHRASE.encode(), salt, 4, 32_768, 4)
        text = json.dumps(content, ensure_ascii=False).encode()
        sealed = ChaCha20Poly1305(hchacha20(key, nonce[:16])).encrypt(bytes(4) + nonce[16:], text, None)
        base64_of = lambda data: base64.b64encode(data).decode()
        write(f"cotp/{name}.cotp", json.dumps({"version": 1, "nonce": base64_of(nonce), "salt": base64_of(salt),
                                               "cipher": base64_of(sealed)}))

    database("database", {"version": 2, "elements": elements})
    database("database-list", elements)
    write("cotp/export.json", {"version": 2, "elements": elements})
    # Its own idea of andOTP's format: with a PIN, and mOTP's secret as it is.
    write("cotp/andotp.json", elements)
    expect("cotp.andotp", accounts, 7, recognised_as="andotp", skipped=2)
    uris = [uri(one, issuer=False, lock="false") for one in accounts]
    uris.insert(0, "otpauth://motp/M:m?secret=e3152afee62599c8&algorithm=MD5&digits=6&period=10&lock=false")
    uris.append("otpauth://yandex/Y:y?secret=6L4OH6DDC4PLNQBA5422GM67KXRDIQQP&algorithm=SHA256&digits=8&period=30&lock=false")
    write("cotp/uris.json", {"items": uris})
    # FreeOTP+'s format counts from one less, and cannot begin at 0 then; one id of the order is not that of its token.
    tokens, order, held = [], [], []
    for one in accounts:
        if one.kind == "hotp" and one.number == 0:
            continue
        held.append(one)
        signed = list(struct.unpack(f"{len(decode(one.secret))}b", decode(one.secret)))
        tokens.append({"algo": one.algorithm, "counter": one.number - 1 if one.kind == "hotp" else 0, "digits": one.digits,
                       "issuerExt": one.issuer, "label": one.name, "period": 30 if one.kind == "hotp" else one.number,
                       "secret": signed, "type": "HOTP" if one.kind == "hotp" else "TOTP"})
        order.append(f"{one.issuer}:{one.name}" if one.issuer != "Bank" else "bank")
    # As bytes, a secret has lost how its odd symbols were spelt.
    held = [one._replace(secret=base64.b32encode(decode(one.secret)).decode().rstrip("=")) for one in held]
    write("cotp/freeotp-plus.json", json.dumps({"tokenOrder": order, "tokens": tokens}, ensure_ascii=False))
    expect("cotp.freeotp-plus", held, 7, recognised_as="freeotp-plus")


def gauth():
    pairs = [Account("", name, "totp", "SHA1", 6, 30, secret) for name, secret in
             (("github", "JBSWY3DPEHPK3PXP"), ("my bank", "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"), ("short", "GEZDGNBV"))]
    accounts = pairs + list(canonical())
    expect("gauth", accounts, 7)
    lines = ["github:jbsw y3dp ehpk 3pxp", "", "my bank:" + pairs[1].secret, "short: gezdgnbv"] + [uri(one) for one in canonical()]
    write("gauth/plain.csv", "\n".join(lines) + "\n")

    def openssl(name, text):
        """openssl enc -aes-128-cbc -md sha256"""
        salt = made_up("salt " + name, 8)
        both = hashlib.sha256(PASSPHRASE.encode() + salt).digest()
        padder, cipher = PKCS7(128).padder(), Cipher(algorithms.AES(both[:16]), modes.CBC(both[16:])).encryptor()
        padded = padder.update(text.encode()) + padder.finalize()
        write(f"gauth/{name}.csv", b"Salted__" + salt + cipher.update(padded) + cipher.finalize())

    openssl("encrypted", "\r\n".join(lines))
    openssl("encrypted-uris", "\n".join(uri(one) for one in canonical()))
    expect("gauth.encrypted-uris", canonical(), 7)
    openssl("encrypted-short", "short:GEZDGNBV\n")
    expect("gauth.encrypted-short", pairs[2:], 7)


def two_fa():
    secrets = [one.secret for one in canonical()]
    accounts = [Account("", "github", "totp", "SHA1", 6, 30, secrets[0]), Account("", "vpn.example.com", "totp", "SHA1", 7, 30, secrets[3]),
                Account("", "bank", "totp", "SHA1", 8, 30, secrets[7]), Account("", "counting", "hotp", "SHA1", 6, 50, secrets[0]),
                Account("", "fresh", "hotp", "SHA1", 8, 1, secrets[3])]
    expect("2fa", accounts, 7)
    # The counter is the one that was used last.
    lines = [f"{one.name} {one.digits} {one.secret.lower() if one.name == 'bank' else one.secret}"
             + (f" {one.number - 1:020}" if one.kind == "hotp" else "") for one in accounts]
    write("2fa/2fa.txt", "".join(line + "\n" for line in lines))


if __name__ == "__main__":
    otpclient()
    cotp()
    gauth()
    two_fa()
