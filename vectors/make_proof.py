#!/usr/bin/env python3
"""Makes a file of proofs and the words that go with its seeds, from what lifeboat-vault(5) says of them.

    python3 make_proof.py            writes vectors/proof
    python3 make_proof.py --check    compares vectors/proof with what this makes

Of Lifeboat's own nothing is used; the signature is made as in worked_example.py. Every value that must be random in a
real file counts upwards from a byte instead.
"""
import base64, hashlib, hmac, json, pathlib, struct, sys

sys.dont_write_bytecode = True
from worked_example import count_from, ed25519_public, ed25519_sign

HERE = pathlib.Path(__file__).resolve().parent
AT, TIME = 1800000007, "2027-01-15T08:00:07Z"
SIGNING, NONCE, VAULT = count_from(0xD0, 32), count_from(0x10, 16), count_from(0x00, 16)
# How each makes its codes, and its seed: those of RFC 6238's appendix B, and one of 80 bits.
ENTRIES = [
    ("totp SHA1 8 30", b"12345678901234567890"),
    ("totp SHA256 6 60", b"12345678901234567890123456789012"),
    ("hotp SHA512 6", b"1234567890123456789012345678901234567890123456789012345678901234"),
    ("steam", b"1234567890"),
]
WORDS = (HERE.parent / "src" / "custody" / "slip39_words.txt").read_text().split()


def hkdf(ikm, info, length):
    """RFC 5869 with SHA-256, no salt, and at most one block."""
    prk = hmac.new(bytes(32), ikm, hashlib.sha256).digest()
    return hmac.new(prk, info + b"\x01", hashlib.sha256).digest()[:length]


def proof(codes, seed, nonce, at, key):
    return hkdf(seed, b"lifeboat/1/proof\0" + nonce + struct.pack(">Q", at // 30) + key + codes.encode(), 16)


def words(at):
    proofs = sorted(proof(codes, seed, bytes(16), at, bytes(32)) for codes, seed in ENTRIES)
    bits = int.from_bytes(hkdf(b"".join(proofs), b"lifeboat/1/proof-words\0", 7), "big") >> 6
    return " ".join(WORDS[bits >> 10 * place & 1023] for place in reversed(range(5)))


def text(part):
    return struct.pack(">I", len(part)) + part


def armored(message):
    signed = b"SSHSIG" + b"".join(map(text, (b"lifeboat-proof", b"", b"sha512", hashlib.sha512(message).digest())))
    blob = b"SSHSIG" + struct.pack(">I", 1) + b"".join(map(text, (
        text(b"ssh-ed25519") + text(ed25519_public(SIGNING)), b"lifeboat-proof", b"", b"sha512",
        text(b"ssh-ed25519") + text(ed25519_sign(SIGNING, signed)))))
    encoded = base64.b64encode(blob).decode()
    lines = [encoded[at:at + 70] for at in range(0, len(encoded), 70)]
    return "\n".join(["-----BEGIN SSH SIGNATURE-----", *lines, "-----END SSH SIGNATURE-----", ""])


def file():
    ids = [count_from(0x20 + 16 * place, 16).hex() for place in range(len(ENTRIES) + 2)]
    key = ed25519_public(SIGNING)
    said = {"schema": "lifeboat.proof-file/1", "at": AT, "time": TIME, "vault": VAULT.hex(), "generation": 7,
            "key": key.hex(), "nonce": NONCE.hex(), "left_out": {"sealed": ids[-2:-1], "short": ids[-1:]},
            "entries": {i: proof(codes, seed, NONCE, AT, key).hex() for i, (codes, seed) in zip(ids, ENTRIES)}}
    line = json.dumps(said, sort_keys=True, separators=(",", ":"))
    return "lifeboat-proof/1\n%s\n%s" % (line, armored(line.encode()))


def main():
    made = {"file.txt": file(), "words.txt": "".join("%d %s\n" % (at, words(at)) for at in (AT - 30, AT, AT + 30))}
    check = sys.argv[1:] == ["--check"]
    for name, content in made.items():
        path = HERE / "proof" / name
        if not check:
            path.parent.mkdir(exist_ok=True)
            path.write_text(content)
        elif not path.exists() or path.read_text() != content:
            sys.exit("vectors/proof/%s is not what make_proof.py makes" % name)


if __name__ == "__main__":
    main()
