#!/usr/bin/env python3
"""Writes the fixtures of Ente Auth and Proton Authenticator, and the lists that they must yield.

Written from descriptions of the formats (Ente's export_widget.dart and code_display.dart, libsodium's
crypto_secretstream_xchacha20poly1305, Proton's password_exporter.rs) with the package `cryptography`; the stream is
put together here from ChaCha20's rounds. Run it in vectors/interchange/; running it again changes nothing.
"""

import base64
import json
import struct
import urllib.parse

from common import CANONICAL, PASSPHRASE, clock_only, decode, expect, made_up, made_up_uuid, write
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.poly1305 import Poly1305


def b64(data):
    return base64.b64encode(data).decode()


def quote(text):
    return urllib.parse.quote(text, safe="")


# --- ChaCha20 (RFC 8439), HChaCha20, and the first message of libsodium's secret stream

def quarter(s, a, b, c, d):
    for x, y, z, n in ((a, b, d, 16), (c, d, b, 12), (a, b, d, 8), (c, d, b, 7)):
        s[x] = (s[x] + s[y]) & 0xFFFFFFFF
        s[z] ^= s[x]
        s[z] = (s[z] << n | s[z] >> 32 - n) & 0xFFFFFFFF


def rounds(key, rest):
    state = list(struct.unpack("<4I", b"expand 32-byte k")) + list(struct.unpack("<8I", key)) + rest
    s = list(state)
    for _ in range(10):
        for at in ((0, 4, 8, 12), (1, 5, 9, 13), (2, 6, 10, 14), (3, 7, 11, 15),
                   (0, 5, 10, 15), (1, 6, 11, 12), (2, 7, 8, 13), (3, 4, 9, 14)):
            quarter(s, *at)
    return state, s


def block(key, nonce, counter):
    state, s = rounds(key, [counter] + list(struct.unpack("<3I", nonce)))
    return struct.pack("<16I", *((a + b) & 0xFFFFFFFF for a, b in zip(state, s)))


def hchacha20(key, nonce):
    _, s = rounds(key, list(struct.unpack("<4I", nonce)))
    return struct.pack("<8I", *(s[:4] + s[12:]))


def xor(data, key, nonce, counter):
    stream = b"".join(block(key, nonce, counter + n) for n in range(len(data) // 64 + 1))
    return bytes(a ^ b for a, b in zip(data, stream))


def secret_stream(key, header, text, tag):
    subkey, nonce = hchacha20(key, header[:16]), struct.pack("<I", 1) + header[16:]
    first = xor(bytes([tag]) + bytes(63), subkey, nonce, 1)
    sealed = xor(text, subkey, nonce, 2)
    mac = Poly1305(block(subkey, nonce, 0)[:32])
    # The padding is of a length that libsodium made by mistake and keeps.
    mac.update(first + sealed + bytes((16 - 64 + len(sealed)) % 16) + struct.pack("<QQ", 0, 64 + len(sealed)))
    return first[:1] + sealed + mac.finalize()


# --- Ente Auth

def display(n, a, trashed=False):
    return {"pinned": a.favourite, "trashed": trashed, "lastUsedAt": 1_700_000_000_000_000 + n, "tapCount": n,
            "tags": [a.tag] if a.tag else [], "note": a.note, "position": n, "iconSrc": "", "iconID": ""}


def ente_uri(n, a, said=None):
    """No two of them have their parameters in the same order, as in real files; a comma is always encoded."""
    label = f"{quote(a.issuer)}:{quote(a.name)}" if a.issuer else quote(a.name)
    if n == 0:
        label = f"{a.issuer}:{a.name}"
    algorithm = [a.algo.lower(), a.algo, "Algorithm." + a.algo.lower()][n % 3]
    parts = [f"secret={a.secret}", f"issuer={quote(a.issuer)}" if n != 6 else "issuer", f"algorithm={algorithm}",
             f"digits={a.digits}", f"{'counter' if a.kind == 'hotp' else 'period'}={a.number}"]
    if said is not None:
        parts.append("codeDisplay=" + quote(json.dumps(said, ensure_ascii=False, separators=(",", ":"))))
    parts = parts[n % len(parts) :] + parts[: n % len(parts)]
    return f"otpauth://{a.kind}/{label}?{'&'.join(parts)}"


def ente_lines(with_display=True):
    lines = [ente_uri(n, a, display(n, a) if with_display else None) for n, a in enumerate(CANONICAL)]
    thrown_away = CANONICAL[0]._replace(name="thrown away")
    lines.insert(4, ente_uri(4, thrown_away, display(9, thrown_away, trashed=True)))
    return lines


def ente_sealed(label, text, ops, mem, tag):
    salt, header = made_up("ente salt " + label, 16), made_up("ente header " + label, 24)
    key = Argon2id(salt=salt, length=32, iterations=ops, lanes=1, memory_cost=mem // 1024).derive(PASSPHRASE.encode())
    return {"version": 1, "kdfParams": {"memLimit": mem, "opsLimit": ops, "salt": b64(salt)},
            "encryptedData": b64(secret_stream(key, header, text, tag)), "encryptionNonce": b64(header)}


def make_ente():
    text = "\n".join(ente_lines())
    # The plain text is a list of URIs, and is recognised as one.
    write("otpauth/ente.txt", text)
    write("ente/final.json", ente_sealed("final", text.encode(), 3, 8 << 20, 3))
    write("ente/message.json", ente_sealed("message", text.encode(), 1, 10 << 10, 0))
    # A text of a whole number of blocks, for the odd padding.
    padded = text.encode() + b"\n" * (-len(text.encode()) % 64)
    write("ente/whole-blocks.json", ente_sealed("whole", padded, 1, 64 << 10, 3))
    # The older form has beside the URI what newer ones have in it.
    items = [{"rawData": ente_uri(n, a), "display": display(n, a)} for n, a in enumerate(CANONICAL)]
    items[1] = {"rawData": ente_uri(1, CANONICAL[1], display(1, CANONICAL[1]))}
    items.insert(2, {"rawData": ente_uri(2, CANONICAL[2]), "display": display(2, CANONICAL[2], trashed=True)})
    write("ente/items.json", {"items": items})

    sealed = ente_sealed("refused", b"x", 1, 10 << 10, 3)
    write("refused/ente/costly.json", sealed | {"kdfParams": sealed["kdfParams"] | {"memLimit": 4 << 30}})
    write("refused/ente/newer.json", sealed | {"version": 2})
    write("refused/ente/plain-xchacha.json", sealed | {"encryptedData": b64(made_up("no stream", 60))})


# --- Proton Authenticator

def proton_entry(n, a):
    label = a.name if n % 2 else ""
    uri = f"otpauth://totp/{quote(label)}?secret={a.secret}"
    uri += f"&issuer={quote(a.issuer)}" if a.issuer else ""
    uri += f"&algorithm={a.algo}&digits={a.digits}&period={a.number}"
    if a.kind == "steam":
        uri = "steam://" + a.secret
    content = {"uri": uri, "entry_type": "Steam" if a.kind == "steam" else "Totp", "name": a.name or None}
    return {"id": made_up_uuid(f"proton {n}"), "content": content, "note": a.note or None}


def make_proton():
    # Proton has neither codes by a counter nor groups, and shows the one name of Steam's as the issuer.
    accounts = [a._replace(tag="", favourite=False) for a in clock_only(CANONICAL)]
    entries = [proton_entry(n, a) for n, a in enumerate(accounts)]
    raw = accounts[3]._replace(name="in base64")
    entries.append(proton_entry(8, raw) | {"content": {
        "uri": "steam://" + b64(decode(raw.secret)).rstrip("="), "entry_type": "Steam", "name": raw.name}})
    accounts.append(raw)
    accounts = [a._replace(issuer=a.name, name="") if a.kind == "steam" else a for a in accounts]
    write("proton/plain.json", {"version": 1, "entries": entries})
    expect("proton.txt", accounts, why="what Proton Authenticator can hold; Steam's in base64 too")
    salt, nonce = made_up("proton salt", 16), made_up("proton nonce", 12)
    key = Argon2id(salt=salt, length=32, iterations=2, lanes=1, memory_cost=19_456).derive(PASSPHRASE.encode())
    text = json.dumps({"version": 1, "entries": entries}, ensure_ascii=False).encode()
    sealed = nonce + AESGCM(key).encrypt(nonce, text, b"proton.authenticator.export.v1")
    write("proton/encrypted.json", {"version": 1, "salt": b64(salt), "content": b64(sealed)})
    write("refused/proton/both.json", {"version": 1, "entries": entries[:1], "salt": b64(salt), "content": b64(sealed)})
    unbound = nonce + AESGCM(key).encrypt(nonce, text, None)
    write("refused/proton/unbound.json", {"version": 1, "salt": b64(salt), "content": b64(unbound)})
    counting = {"id": made_up_uuid("proton hotp"), "content": {"uri": "x", "entry_type": "Hotp", "name": "x"}, "note": None}
    write("refused/proton/unknown-type.json", {"version": 1, "entries": [entries[0], counting]})


if __name__ == "__main__":
    make_ente()
    make_proton()
