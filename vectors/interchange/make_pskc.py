#!/usr/bin/env python3
"""Writes the fixtures of PSKC, and pskc.txt, which they all must yield.

Written from RFC 6030, with hashlib and the package `cryptography`; nothing of Lifeboat is used. Run it in
vectors/interchange/. "Random" bytes are made from a label, so that running it again changes nothing.
"""

import base64
import hashlib
import hmac
import pathlib
import sys
from xml.sax.saxutils import escape

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.keywrap import aes_key_wrap

sys.dont_write_bytecode = True
from make_aegis import ACCOUNTS, PASSPHRASE, code, decode, made_up  # noqa: E402

XMLENC = "http://www.w3.org/2001/04/xmlenc#"
MACS = {"sha1": "http://www.w3.org/2000/09/xmldsig#hmac-sha1", "sha256": "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256"}


def accounts():
    """The canonical accounts that the format can hold: it knows no code of Steam's."""
    return [account for account in ACCOUNTS if account[2] != "steam"]


def b64(raw):
    return base64.b64encode(raw).decode()


def plain(raw):
    return f"<PlainValue>\n {b64(raw)}\n</PlainValue>"


class Sealed:
    """Values in AES-CBC, with MACs or with a padding that stands in for them; or wrapped as keys."""

    def __init__(self, label, bits, prf, mac, wrap=False):
        self.label, self.bits, self.mac, self.wrap, self.prf = label, bits, mac, wrap, prf
        self.salt, self.mac_key, self.n = made_up("salt " + label, 16), made_up("mac " + label, 32), 0
        self.key = hashlib.pbkdf2_hmac(prf, PASSPHRASE.encode(), self.salt, 2000, bits // 8)

    def encrypted(self, raw):
        if self.wrap:
            sealed, name = aes_key_wrap(self.key, raw), f"kw-aes{self.bits}"
        else:
            self.n += 1
            nonce, n_padding = made_up(f"nonce {self.label} {self.n}", 16), 16 - len(raw) % 16
            # Beside a MAC the padding may be anything but its last byte.
            padding = bytes([n_padding]) * n_padding if not self.mac else made_up(self.label, n_padding - 1) + bytes([n_padding])
            cipher = Cipher(algorithms.AES(self.key), modes.CBC(nonce)).encryptor()
            sealed, name = nonce + cipher.update(raw + padding) + cipher.finalize(), f"aes{self.bits}-cbc"
        value = f'<xenc:EncryptionMethod Algorithm="{XMLENC}{name}"/><xenc:CipherData><xenc:CipherValue>{b64(sealed)}</xenc:CipherValue></xenc:CipherData>'
        return value, sealed

    def value(self, raw):
        value, sealed = self.encrypted(raw)
        mac = f"<ValueMAC>{b64(hmac.digest(self.mac_key, sealed, self.mac))}</ValueMAC>" if self.mac else ""
        return f"<EncryptedValue>{value}</EncryptedValue>{mac}"

    def head(self):
        prf = "<PRF/>" if self.prf == "sha1" else f'<PRF Algorithm="{MACS[self.prf]}"/>'
        head = ('<EncryptionKey><xenc11:DerivedKey><xenc11:KeyDerivationMethod Algorithm="http://www.rsasecurity.com/rsalabs/pkcs/schemas/pkcs-5v2-0#pbkdf2">'
                f"<pkcs5:PBKDF2-params><Salt><Specified>{b64(self.salt)}</Specified></Salt><IterationCount>2000</IterationCount>"
                f"<KeyLength>{self.bits // 8}</KeyLength>{prf}</pkcs5:PBKDF2-params></xenc11:KeyDerivationMethod></xenc11:DerivedKey></EncryptionKey>")
        if self.mac:
            head += f'<MACMethod Algorithm="{MACS[self.mac]}"><MACKey>{self.encrypted(self.mac_key)[0]}</MACKey></MACMethod>'
        return head


def container(sealed=None):
    secret = sealed.value if sealed else plain
    packages = []
    for n, (issuer, name, kind, algo, digits, number, text, *_) in enumerate(accounts()):
        moving = f"<Counter><PlainValue>{number}</PlainValue></Counter>"
        if kind == "totp":
            moving = f"<Time><PlainValue>0</PlainValue></Time><TimeInterval><PlainValue>{number}</PlainValue></TimeInterval>"
        elif sealed and not sealed.wrap:
            moving = f"<Counter>{sealed.value(number.to_bytes(8, 'big'))}</Counter>"
        friendly = f"{issuer}:{name}" if issuer else name
        packages.append(
            f'<KeyPackage><DeviceInfo><Manufacturer>M</Manufacturer><SerialNo>{n}</SerialNo></DeviceInfo><Key Id="{n}" Algorithm="urn:ietf:params:xml:ns:keyprov:pskc:{kind}">'
            f"<Issuer>{escape(issuer)}</Issuer><AlgorithmParameters><Suite>HMAC-{algo}</Suite><ResponseFormat Length=\"{digits}\" Encoding=\"DECIMAL\"/></AlgorithmParameters>"
            f"<FriendlyName>{escape(friendly)}</FriendlyName><Data><Secret>{secret(raw_of(text, sealed))}</Secret>{moving}</Data></Key></KeyPackage>\n")
    return ('<?xml version="1.0" encoding="UTF-8"?>\n<KeyContainer Version="1.0" xmlns="urn:ietf:params:xml:ns:keyprov:pskc" xmlns:ds="http://www.w3.org/2000/09/xmldsig#" '
            f'xmlns:xenc="{XMLENC}" xmlns:xenc11="http://www.w3.org/2009/xmlenc11#" xmlns:pkcs5="http://www.rsasecurity.com/rsalabs/pkcs/schemas/pkcs-5v2-0#">\n'
            + (sealed.head() if sealed else "") + "\n" + "".join(packages) + "</KeyContainer>\n")


def raw_of(text, sealed):
    raw = decode(text)
    # A key that is wrapped has two or more whole blocks of eight bytes; HMAC fills up with zeros by itself.
    return raw.ljust(max(16, len(raw) + -len(raw) % 8), b"\0") if sealed and sealed.wrap else raw


def main():
    folder = pathlib.Path("pskc")
    folder.mkdir(exist_ok=True)
    (folder / "plain.xml").write_text(container())
    (folder / "aes256-cbc-hmac-sha256.xml").write_text(container(Sealed("a", 256, "sha256", "sha256")))
    (folder / "aes128-cbc-hmac-sha1.xml").write_text(container(Sealed("b", 128, "sha1", "sha1")))
    (folder / "aes192-cbc-without-mac.xml").write_text(container(Sealed("c", 192, "sha1", None)))
    lines = ["# as canonical.txt, without Steam's codes\n"]
    for issuer, name, kind, algo, digits, number, secret, *_ in accounts():
        fields = [issuer, name, f"{kind} {algo} {digits}", number, exact(secret), 8 * len(decode(secret)),
                  code(kind, algo, digits, number, secret), "", "false", ""]
        lines.append("|".join(map(str, fields)) + "\n")
    pathlib.Path("pskc.txt").write_text("".join(lines))
    (pathlib.Path("../pskc") / "kw-aes256.xml").write_text(container(Sealed("d", 256, "sha1", None, wrap=True)))


def exact(secret):
    """The base32 of the bytes: what is left over of a last symbol is not in them."""
    return base64.b32encode(decode(secret)).decode().rstrip("=")


if __name__ == "__main__":
    main()
