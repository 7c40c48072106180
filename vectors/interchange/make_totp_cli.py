#!/usr/bin/env python3
"""Writes the fixtures of totp-cli, and totp-cli.txt, which they all must yield.

Written from the specification of age (age-encryption.org/v1) and the description of totp-cli's files, with hashlib and
the package `cryptography`; nothing of Lifeboat and no program of age's is used. Run it in vectors/interchange/.
"Random" bytes are made from a label, so that running it again changes nothing.
"""

import base64
import hashlib
import hmac
import json
import pathlib
import sys

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

sys.dont_write_bytecode = True
from make_aegis import ACCOUNTS, PASSPHRASE, code, decode, made_up

CHUNK = 64 * 1024


def accounts():
    """The canonical accounts that the program can hold: it knows TOTP alone. One has a text before its code."""
    for issuer, name, kind, algo, digits, number, secret, *_ in ACCOUNTS:
        if kind == "totp":
            yield issuer, name, kind, algo, digits, number, secret, "1234" if issuer == "Bank" else ""


def namespaces():
    spaces = []
    for issuer, name, _, algo, digits, number, secret, prefix in accounts():
        account = {"name": name, "token": secret, "prefix": prefix, "algorithm": "" if algo == "SHA1" else algo.lower(),
                   "length": 0 if digits == 6 else digits, "timePeriod": 0 if number == 30 else number}
        spaces.append({"name": issuer, "accounts": [account]})
    return spaces


def unpadded(raw):
    return base64.b64encode(raw).rstrip(b"=")


def derive(key, salt, info):
    return HKDF(algorithm=SHA256(), length=32, salt=salt, info=info).derive(key)


def age(label, text, work_factor=10):
    file_key, salt, nonce = made_up("key " + label, 16), made_up("salt " + label, 16), made_up("nonce " + label, 16)
    wrapping = hashlib.scrypt(PASSPHRASE.encode(), salt=b"age-encryption.org/v1/scrypt" + salt, n=1 << work_factor,
                              r=8, p=1, maxmem=1 << 28, dklen=32)
    wrapped = ChaCha20Poly1305(wrapping).encrypt(bytes(12), file_key, None)
    header = b"age-encryption.org/v1\n-> scrypt %s %d\n%s\n---" % (unpadded(salt), work_factor, unpadded(wrapped))
    mac = hmac.digest(derive(file_key, b"", b"header"), header, "sha256")
    cipher = ChaCha20Poly1305(derive(file_key, nonce, b"payload"))
    chunks = [text[at : at + CHUNK] for at in range(0, len(text), CHUNK)] or [b""]
    sealed = [cipher.encrypt(n.to_bytes(11, "big") + bytes([n + 1 == len(chunks)]), chunk, None) for n, chunk in enumerate(chunks)]
    return header + b" " + unpadded(mac) + b"\n" + nonce + b"".join(sealed)


def armored(raw):
    text = base64.b64encode(raw).decode()
    lines = [text[at : at + 64] for at in range(0, len(text), 64)]
    return "\n".join(["-----BEGIN AGE ENCRYPTED FILE-----", *lines, "-----END AGE ENCRYPTED FILE-----"]) + "\n"


def old(label, value):
    key = hashlib.sha1(PASSPHRASE.encode()).hexdigest()[:32].encode()
    text = json.dumps(value).encode()
    text += bytes(-len(text) % 16)
    nonce = made_up(label, 16)
    cipher = Cipher(algorithms.AES(key), modes.CBC(nonce)).encryptor()
    return base64.b64encode(nonce + cipher.update(text) + cipher.finalize())


def scalar(value):
    """As Go's yaml.v3 writes it: what would not be read as the same text otherwise stands between quotes."""
    if isinstance(value, int):
        return str(value)
    return json.dumps(value, ensure_ascii=False) if value == "" or value.isdigit() else value


def dump(indent):
    lines = []
    for space in namespaces():
        lines += [f"- name: {scalar(space['name'])}", "  accounts:"]
        for account in space["accounts"]:
            fields = [f"{key}: {scalar(value)}" for key, value in account.items()]
            lines += [" " * indent + ("- " if n == 0 else "  ") + field for n, field in enumerate(fields)]
    return "\n".join(lines) + "\n"


def main():
    folder = pathlib.Path("totp-cli")
    folder.mkdir(exist_ok=True)
    text = json.dumps(namespaces()).encode()
    (folder / "credentials").write_text(armored(age("credentials", text)))
    # Spaces at the end make it two whole chunks and a part of one, and then two whole ones.
    (folder / "three-chunks.age").write_bytes(age("three", text.ljust(2 * CHUNK + 5)))
    (folder / "two-chunks.age").write_bytes(age("two", text.ljust(2 * CHUNK)))
    (folder / "dump.yaml").write_text(dump(4))
    (folder / "dump-less-indented.yaml").write_text("---\n# a comment\n" + dump(2).replace("\n", "\r\n"))
    (folder / "dump.json").write_text(json.dumps(namespaces(), ensure_ascii=False))
    # Nothing tells this one apart before it is opened.
    (folder / "named-old-list").write_bytes(old("old list", namespaces()))
    lines = ["# as canonical.txt, with the accounts that totp-cli can hold"]
    for issuer, name, kind, algo, digits, number, secret, prefix in accounts():
        fields = [issuer, name, f"{kind} {algo} {digits}", number, secret, 8 * len(decode(secret)),
                  code(kind, algo, digits, number, secret), "", "false", f"type before the code: {prefix}" if prefix else ""]
        lines.append("|".join(map(str, fields)))
    pathlib.Path("totp-cli.txt").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
