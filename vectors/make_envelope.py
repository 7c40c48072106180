#!/usr/bin/env python3
"""Writes vectors/envelope/*.vec: sealed containers, each whole or with one defect.

This is a second implementation of the container, written from its description and not from the Rust
code, with nothing but Python's standard library (HMAC, SHA-2 and BLAKE2b come from hashlib; HKDF,
ChaCha20-Poly1305, Argon2id, X25519 and Ed25519 are below). Every byte is derived from a vector's name, so
a run gives the same files again. Run it from anywhere; it takes about a minute, most of it in Argon2id.
"""

import base64
import hashlib
import hmac
import json
import pathlib
import struct
import unicodedata

OUT = pathlib.Path(__file__).resolve().parent / "envelope"
COLUMNS = 96
MAGIC = bytes.fromhex("894c46420d0a1a0a")
VAULT, BUNDLE, SEALED_ENTRY, PASS = 1, 2, 4, 5
KINDS = {VAULT: "vault", BUNDLE: "bundle", SEALED_ENTRY: "sealed entry", PASS: "pass"}
STEP = 16384
STEPS = {VAULT: STEP, BUNDLE: STEP, SEALED_ENTRY: 256, PASS: 256}
KEY_FILE = bytes(range(0x40, 0x60))
OTHER_KEY_FILE = bytes(range(0x60, 0x80))
PASSPHRASE = "correct horse battery staple"
COMPOSED = "Z\u00fcrich \u00e9t\u00e9 \uac00"
DECOMPOSED = unicodedata.normalize("NFD", COMPOSED)


# -- HKDF, RFC 5869 -----------------------------------------------------------------------------------

def hkdf(ikm, salt, info, length):
    prk = hmac.digest(salt, ikm, "sha256")
    okm, block = b"", b""
    for counter in range(1, -(-length // 32) + 1):
        block = hmac.digest(prk, block + info + bytes([counter]), "sha256")
        okm += block
    return okm[:length]


# -- ChaCha20-Poly1305, RFC 8439 ----------------------------------------------------------------------

def chacha_block(key, counter, nonce):
    start = list(struct.unpack("<16I", b"expand 32-byte k" + key + struct.pack("<I", counter) + nonce))
    s = start[:]
    rounds = ((0, 4, 8, 12), (1, 5, 9, 13), (2, 6, 10, 14), (3, 7, 11, 15),
              (0, 5, 10, 15), (1, 6, 11, 12), (2, 7, 8, 13), (3, 4, 9, 14))
    for _ in range(10):
        for a, b, c, d in rounds:
            for turn in ((16, 12), (8, 7)):
                s[a] = (s[a] + s[b]) & 0xFFFFFFFF
                x = s[d] ^ s[a]
                s[d] = ((x << turn[0]) | (x >> (32 - turn[0]))) & 0xFFFFFFFF
                s[c] = (s[c] + s[d]) & 0xFFFFFFFF
                x = s[b] ^ s[c]
                s[b] = ((x << turn[1]) | (x >> (32 - turn[1]))) & 0xFFFFFFFF
    return struct.pack("<16I", *((x + y) & 0xFFFFFFFF for x, y in zip(s, start)))


def poly1305(key, message):
    r = int.from_bytes(key[:16], "little") & 0x0FFFFFFC0FFFFFFC0FFFFFFC0FFFFFFF
    total = 0
    for at in range(0, len(message), 16):
        block = message[at:at + 16] + b"\x01"
        total = (total + int.from_bytes(block, "little")) * r % ((1 << 130) - 5)
    return ((total + int.from_bytes(key[16:], "little")) & ((1 << 128) - 1)).to_bytes(16, "little")


def seal(key, aad, plaintext):
    nonce = bytes(12)
    stream = b"".join(chacha_block(key, 1 + idx, nonce) for idx in range(-(-len(plaintext) // 64)))
    ciphertext = bytes(x ^ y for x, y in zip(plaintext, stream))
    padded = lambda text: text + bytes(-len(text) % 16)
    lengths = struct.pack("<QQ", len(aad), len(ciphertext))
    tag = poly1305(chacha_block(key, 0, nonce)[:32], padded(aad) + padded(ciphertext) + lengths)
    return ciphertext + tag


# -- Argon2id version 0x13 with one lane, RFC 9106 ----------------------------------------------------

MASK = (1 << 64) - 1


def long_hash(data, length):
    prefixed = struct.pack("<I", length) + data
    if length <= 64:
        return hashlib.blake2b(prefixed, digest_size=length).digest()
    out, v = b"", hashlib.blake2b(prefixed).digest()
    while length - len(out) > 64:
        out += v[:32]
        left = length - len(out)
        v = hashlib.blake2b(v, digest_size=64 if left > 64 else left).digest()
    return out + v


def mix(v, a, b, c, d):
    for first, second in ((32, 24), (16, 63)):
        x, y = v[a], v[b]
        x = (x + y + 2 * (x & 0xFFFFFFFF) * (y & 0xFFFFFFFF)) & MASK
        w = v[d] ^ x
        w = (w >> first) | (w << (64 - first)) & MASK
        z = v[c]
        z = (z + w + 2 * (z & 0xFFFFFFFF) * (w & 0xFFFFFFFF)) & MASK
        y ^= z
        v[a], v[b], v[c], v[d] = x, (y >> second) | (y << (64 - second)) & MASK, z, w


QUARTERS = ((0, 4, 8, 12), (1, 5, 9, 13), (2, 6, 10, 14), (3, 7, 11, 15),
            (0, 5, 10, 15), (1, 6, 11, 12), (2, 7, 8, 13), (3, 4, 9, 14))
ROWS = [[16 * row + col for col in range(16)] for row in range(8)]
COLS = [[16 * row + 2 * col + half for row in range(8) for half in range(2)] for col in range(8)]
MIXES = [tuple(line[i] for i in quarter) for line in ROWS + COLS for quarter in QUARTERS]


def compress(x, y):
    r = [p ^ q for p, q in zip(x, y)]
    z = r[:]
    for a, b, c, d in MIXES:
        mix(z, a, b, c, d)
    return [p ^ q for p, q in zip(r, z)]


def argon2id(password, salt, memory, passes, length=32):
    start = struct.pack("<6I", 1, length, memory, passes, 0x13, 2)
    for part in (password, salt, b"", b""):
        start += struct.pack("<I", len(part)) + part
    start = hashlib.blake2b(start).digest()
    lane, segment = 4 * (memory // 4), memory // 4
    blocks = [None] * lane
    for idx in range(2):
        blocks[idx] = list(struct.unpack("<128Q", long_hash(start + struct.pack("<II", idx, 0), 1024)))
    zero = [0] * 128
    for turn in range(passes):
        for part in range(4):
            independent = turn == 0 and part < 2
            counter, addresses = 0, zero
            for idx in range(segment):
                if independent and idx % 128 == 0:
                    counter += 1
                    inputs = [turn, 0, part, lane, passes, 2, counter] + [0] * 121
                    addresses = compress(zero, compress(zero, inputs))
                at = part * segment + idx
                if turn == 0 and at < 2:
                    continue
                before = blocks[at - 1]
                j1 = (addresses[idx % 128] if independent else before[0]) & 0xFFFFFFFF
                area = (at if turn == 0 else lane - segment + idx) - 1
                relative = area - 1 - ((area * ((j1 * j1) >> 32)) >> 32)
                first = 0 if turn == 0 or part == 3 else (part + 1) * segment
                block = compress(before, blocks[(first + relative) % lane])
                blocks[at] = block if turn == 0 else [p ^ q for p, q in zip(block, blocks[at])]
    return long_hash(struct.pack("<128Q", *blocks[lane - 1]), length)


DERIVED = {}


def derived(passphrase, salt, memory=8192, passes=1):
    """Argon2id over the composed form; kept, as one derivation takes seconds here."""
    password = unicodedata.normalize("NFC", passphrase).encode()
    found = (password, salt, memory, passes)
    if found not in DERIVED:
        DERIVED[found] = argon2id(*found)
    return DERIVED[found]


# -- X25519, RFC 7748, and Ed25519, RFC 8032 ----------------------------------------------------------

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
BASE_U = (9).to_bytes(32, "little")


def x25519(scalar, point):
    """Section 5: the ladder, with its names."""
    k = int.from_bytes(scalar, "little") & ~7 & (1 << 255) - 1 | 1 << 254
    x1 = int.from_bytes(point, "little") & (1 << 255) - 1
    x2, z2, x3, z3, swap = 1, 0, x1, 1, 0
    for t in reversed(range(255)):
        if swap ^ k >> t & 1:
            x2, z2, x3, z3 = x3, z3, x2, z2
        swap = k >> t & 1
        a, b, c, d = x2 + z2, x2 - z2, x3 + z3, x3 - z3
        da, cb, aa, bb = d * a % P, c * b % P, a * a % P, b * b % P
        x3, z3 = (da + cb) ** 2 % P, x1 * (da - cb) ** 2 % P
        x2, z2 = aa * bb % P, (aa - bb) * (aa + 121665 * (aa - bb)) % P
    if swap:
        x2, z2 = x3, z3
    return (x2 * pow(z2, P - 2, P) % P).to_bytes(32, "little")


D = -121665 * pow(121666, P - 2, P) % P
BASE = (15112221349535400772501151409588531511454012693041857206046113283949847762202,
        4 * pow(5, P - 2, P) % P)


def plus(one, other):
    """The sum of two points of the curve -x^2 + y^2 = 1 + d x^2 y^2; slow, and with no case apart."""
    (x1, y1), (x2, y2) = one, other
    product = D * x1 * x2 * y1 * y2 % P
    return ((x1 * y2 + x2 * y1) * pow(1 + product, P - 2, P) % P,
            (y1 * y2 + x1 * x2) * pow(1 - product, P - 2, P) % P)


def times(scalar, point):
    total = (0, 1)
    while scalar:
        total = plus(total, point) if scalar & 1 else total
        point, scalar = plus(point, point), scalar >> 1
    return total


def encoded(point):
    return (point[1] | (point[0] & 1) << 255).to_bytes(32, "little")


def sha512_number(*parts):
    return int.from_bytes(hashlib.sha512(b"".join(parts)).digest(), "little")


def secret_scalar(seed):
    half = hashlib.sha512(seed).digest()[:32]
    return int.from_bytes(half, "little") & ~7 & (1 << 255) - 1 | 1 << 254


def ed25519_public(seed):
    return encoded(times(secret_scalar(seed), BASE))


def ed25519_sign(seed, message, public=None):
    """`public` stands for the key where a signature is to name another than its own."""
    public = ed25519_public(seed) if public is None else public
    r = sha512_number(hashlib.sha512(seed).digest()[32:], message) % ORDER
    point = encoded(times(r, BASE))
    s = (r + sha512_number(point, public, message) * secret_scalar(seed)) % ORDER
    return point + s.to_bytes(32, "little")


# -- SSH signatures, PROTOCOL.sshsig of OpenSSH's sources ---------------------------------------------

def string(value):
    return struct.pack(">I", len(value)) + value


def sshsig(seed, message, namespace=b"lifeboat-bundle", hash_name="sha512", version=1, reserved=b"",
           key_type=b"ssh-ed25519", public=None, alter=lambda signature: signature):
    digest = hashlib.new(hash_name, message).digest()
    signed = b"SSHSIG" + b"".join(map(string, (namespace, b"", hash_name.encode(), digest)))
    own = ed25519_public(seed)
    signature = alter(ed25519_sign(seed, signed, own if public is None else public))
    return b"SSHSIG" + struct.pack(">I", version) + b"".join(map(string, (
        string(key_type) + string(own if public is None else public), namespace, reserved, hash_name.encode(),
        string(key_type) + string(signature))))


def fingerprint(public):
    digest = hashlib.sha256(string(b"ssh-ed25519") + string(public)).digest()
    return "SHA256:" + base64.b64encode(digest).decode().rstrip("=")


# -- Share sets ---------------------------------------------------------------------------------------

class ShareSet:
    """A set whose words were made once by slip39.py: what it gives, and its shares' words and values."""

    def __init__(self, number, secret, m, shares):
        self.number, self.secret, self.m, self.shares = number, secret, m, shares
        self.private = hkdf(secret, b"", b"lifeboat/1/share-set", 32)
        self.public = x25519(self.private, BASE_U)
        self.fp = [hashlib.sha256(b"lifeboat/1/share" + bytes.fromhex(value)).digest()[:4].hex() for _, value in shares]

    def words(self, *numbers):
        return [self.shares[number - 1][0] for number in numbers]


SET = ShareSet(4660, bytes(range(0x80, 0x90)), 2, [
    ("cleanup pecan academic acid ceiling genuine steady numb pencil loan group priest golden military tackle "
     "ladybug browser exercise tenant device", "8261f6199a928619cad59091b7a7e066"),
    ("cleanup pecan academic agency away omit check lungs python dryer wolf twice lift lilac acne detailed "
     "biology gather bucket military", "409c488886cb3dff3eba0e8400235450"),
    ("cleanup pecan academic always alpha learn emerald ancestor lunch twin dish method unfair resident angry "
     "epidemic salon salon phantom bucket", "1d809120a220ebce390bb7bbc2b4930a"),
])
# Another secret under the same number, which a set made anew has once in 32 768 times.
SAME_NUMBER = ShareSet(4660, bytes(range(0x90, 0xA0)), 2, [
    ("cleanup pecan academic acid deal trouble science decrease false vanish mansion inside insect thunder acne "
     "always burning repeat evaluate destroy", "c0eaf1531d48f222f761d7e50020846f"),
    ("cleanup pecan academic agency device alive flip genuine upstairs focus fact olympic scatter union pickup "
     "ceiling employer premium chest cubic", "d70716261fc1599449c312eea9c20916"),
])
OLD_SET = ShareSet(7, bytes(range(0xA0, 0xB0)), 2, [
    ("academic dramatic academic acid amazing aspect lecture wrap equip cover hush kidney lecture humidity "
     "document jewelry prisoner mother loyalty scholar", "220e204fdd27291c17c6046f8e9796b8"),
    ("academic dramatic academic agency amuse guilt analysis lawsuit junk galaxy ruin subject random cradle "
     "headset lend tenant answer imply bolt", "25684267fdec5f704da6d6299ad82386"),
])
SIGNING, OTHER_SIGNING = bytes(range(0xB0, 0xD0)), bytes(range(0xD0, 0xF0))


# -- The container ------------------------------------------------------------------------------------

def rnd(label, length):
    """Bytes that look random and are the same on every run."""
    return hkdf(label.encode(), b"lifeboat vectors", b"bytes", length)


def commit_and_key(ikm, salt, info):
    okm = hkdf(ikm, salt, info, 64)
    return okm[:32], okm[32:]


def text_of(value):
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


class Container:
    """What goes into one file. A vector changes one thing and builds it."""

    def __init__(self, kind=VAULT, payload=None):
        self.kind = kind
        self.id = rnd("id", 16)
        self.master = rnd("master key", 32)
        self.payload = payload if payload is not None else PAYLOADS[kind]
        self.header = {
            "alg": "hkdf-sha256+chacha20-poly1305",
            "crit": [],
            "id": self.id.hex(),
            "salt": rnd("payload salt", 32).hex(),
            "slots": [],
        }
        if kind == BUNDLE:
            self.header["info"] = {"created": 1700000000}
        self.n_slots = 0
        self.signature = b""

    def slot(self, kind, passphrase=None, key_file=None):
        """A slot that opens."""
        self.n_slots += 1
        salt = rnd(f"slot salt {self.n_slots}", 32)
        slot = {"type": kind, "sid": rnd(f"sid {self.n_slots}", 4).hex(), "salt": salt.hex()}
        ikm = b""
        if passphrase is not None:
            # One salt for all, so that a passphrase is derived once.
            kdf_salt = rnd("kdf salt", 16)
            slot["kdf"] = {"alg": "argon2id", "v": 19, "m": 8192, "t": 1, "p": 1, "salt": kdf_salt.hex()}
            ikm += derived(passphrase, kdf_salt)
        if key_file is not None:
            ikm += key_file
        return self.wrapped(slot, ikm)

    def wrapped(self, slot, ikm):
        info = b"lifeboat/1/slot/" + slot["type"].encode() + b"\0" + bytes([self.kind]) + self.id
        key, commitment = commit_and_key(ikm, bytes.fromhex(slot["salt"]), info)
        slot["commit"] = commitment.hex()
        slot["wrap"] = seal(key, b"lifeboat/1/wrap", self.master).hex()
        return slot

    def quorum(self, shares=None, epk=None, **fields):
        """A slot for the shares of a set. With an `epk` of its own it is wrapped as one who holds the secret could."""
        shares = SET if shares is None else shares
        self.n_slots += 1
        ephemeral = rnd(f"ephemeral {self.n_slots}", 32)
        product = x25519(ephemeral, shares.public) if epk is None else x25519(shares.private, epk)
        epk = x25519(ephemeral, BASE_U) if epk is None else epk
        slot = {
            "type": "quorum", "sid": rnd(f"sid {self.n_slots}", 4).hex(), "salt": rnd(f"slot salt {self.n_slots}", 32).hex(),
            "scheme": "slip39-x25519", "set": shares.number, "m": shares.m, "n": len(shares.fp), "fp": shares.fp,
            "epk": epk.hex(),
        }
        return self.wrapped(slot | fields, product + epk + shares.public)

    def with_quorum(self, shares=None, **fields):
        self.header["slots"].append(self.quorum(shares, **fields))
        return self

    def signed(self, seed=SIGNING, kind=None, id_=None, payload=None, **changes):
        """Signs the document; what is given takes the place of what belongs there."""
        message = bytes([self.kind if kind is None else kind]) + (self.id if id_ is None else id_)
        message += hashlib.sha256(self.payload if payload is None else payload).digest()
        self.signature = sshsig(seed, message, **changes)
        return self

    def dead_slot(self, **kdf):
        """A passphrase slot that nothing opens; a reader never comes to its commitment."""
        self.n_slots += 1
        name = str(self.n_slots)
        return {
            "type": "passphrase", "sid": rnd("sid " + name, 4).hex(), "salt": rnd("slot salt " + name, 32).hex(),
            "kdf": {"alg": "argon2id", "v": 19, "m": 8192, "t": 1, "p": 1, "salt": rnd("kdf salt", 16).hex()} | kdf,
            "commit": rnd("commit " + name, 32).hex(), "wrap": rnd("wrap " + name, 48).hex(),
        }

    def with_key_file(self, key_file=KEY_FILE):
        self.header["slots"].append(self.slot("keyfile", key_file=key_file))
        return self

    def with_slots(self, *slots):
        self.header["slots"].extend(slots)
        return self

    def framed(self):
        framed = struct.pack(">I", len(self.payload)) + self.payload
        framed += struct.pack(">I", len(self.signature)) + self.signature
        return framed + bytes(-len(framed) % STEPS[self.kind])

    def build(self, header=None, plaintext=None):
        header = text_of(self.header).encode() if header is None else header
        plaintext = self.framed() if plaintext is None else plaintext
        file = MAGIC + bytes([1, self.kind, 0, 0]) + struct.pack(">I", len(header)) + header
        info = b"lifeboat/1/payload\0" + bytes([self.kind]) + self.id + hashlib.sha256(header).digest()
        key, commitment = commit_and_key(self.master, bytes.fromhex(self.header["salt"])[:32], info)
        file += commitment
        return with_trailer(file + seal(key, file, plaintext))


def with_trailer(content):
    return content + hashlib.sha256(content).digest()


def changed(file, at, to=None):
    """Changes one byte: its lowest bit, or to a value. The trailer is left as it was."""
    file = bytearray(file)
    file[at] = file[at] ^ 1 if to is None else to
    return bytes(file)


def forged(file, at, to=None):
    """Changes one byte and makes the trailer fit again, as somebody would on purpose."""
    return with_trailer(changed(file, at, to)[:-32])


def header_end(file):
    return 16 + struct.unpack(">I", file[12:16])[0]


ENTRY = {
    "id": "00112233445566778899aabbccddeeff", "issuer": "Example", "account": "alice@example.com",
    "seed": "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", "type": "totp", "algorithm": "SHA1", "digits": 6, "period": 30,
    "created": 1700000000, "updated": 1700000000,
}
PAYLOADS = {
    VAULT: text_of({
        "schema": 1,
        "vault": {"id": "0f" * 16, "created": 1700000000, "generation": 1},
        "keys": {"log": "1a" * 32, "signing": "2b" * 32},
        "log": {"count": 0, "head": "00" * 32},
        "entries": [ENTRY],
    }).encode(),
    BUNDLE: text_of({
        "schema": 1,
        "bundle": {"created": 1700000000, "tool": "make_envelope.py"},
        "vault": {"id": "0f" * 16, "created": 1700000000, "generation": 1, "public_key": "3c" * 32},
        "log": {"count": 0, "head": "00" * 32},
        "entries": [ENTRY],
    }).encode(),
    SEALED_ENTRY: text_of({"schema": 1, "entry": ENTRY["id"], "seed": ENTRY["seed"]}).encode(),
}
PUBLIC_KEY = ed25519_public(SIGNING)


def payload_of(public_key):
    """A bundle's content that names a key."""
    content = json.loads(PAYLOADS[BUNDLE])
    content["vault"]["public_key"] = public_key.hex()
    return text_of(content).encode()

WRITTEN = []


def vector(name, expect, file, comment, kind=VAULT, passphrase=None, key_file=KEY_FILE, payload=None,
           recovery=None, shares=(), signed_by=None):
    lines = [f"expect: {expect}", f"kind: {KINDS[kind]}"]
    if passphrase is not None:
        lines.append(f"passphrase: {passphrase}")
    if key_file is not None:
        lines.append(f"key-file-hex: {key_file.hex()}")
    if recovery is not None:
        lines.append(f"recovery-secret-hex: {recovery.hex()}")
    lines.extend(f"share: {words}" for words in shares)
    if signed_by is not None:
        lines.append(f"signed-by: {fingerprint(signed_by)}")
    if expect == "success":
        payload = PAYLOADS[kind] if payload is None else payload
        lines.append(f"payload-sha256: {hashlib.sha256(payload).hexdigest()}")
    lines.append(f"comment: {comment}")
    text = file.hex()
    wrapped = [text[at:at + COLUMNS] for at in range(0, len(text), COLUMNS)]
    (OUT / f"{name}.vec").write_text("\n".join(lines + [""] + wrapped) + "\n", encoding="utf-8")
    assert name not in WRITTEN, name
    WRITTEN.append(name)


# -- The vectors --------------------------------------------------------------------------------------

def vault():
    return Container(VAULT).with_key_file()


def bundle():
    return Container(BUNDLE).with_key_file()


def for_shares(*slots, public_key=PUBLIC_KEY, **fields):
    """A bundle that shares open; signed as it should be."""
    file = Container(BUNDLE, payload_of(public_key)).with_slots(*slots)
    return file.with_quorum(**fields).signed()


def sealed_entry(payload=None):
    return Container(SEALED_ENTRY, payload).with_key_file()


def with_info():
    file = vault()
    file.header["info"] = {"created": 1700000000}
    return file


def good():
    vector("vault-key-file", "success", vault().build(), "A vault with a key file.")
    vector("bundle-key-file", "success", bundle().build(), "A bundle with a key file.", kind=BUNDLE)

    file = Container(VAULT)
    file = file.with_slots(file.slot("passphrase", passphrase=PASSPHRASE)).build()
    vector("vault-passphrase", "success", file, "A vault with a passphrase.", passphrase=PASSPHRASE, key_file=None)
    vector("wrong-passphrase", "wrong credential", file, "The same vault with another passphrase.",
           passphrase="correct horse battery stapler", key_file=None)
    vector("passphrase-slot-and-key-file-brought", "no slot", file, "It wants a passphrase; a key file was brought.")

    file = Container(BUNDLE)
    file = file.with_slots(file.slot("passphrase", passphrase=COMPOSED)).build()
    vector("passphrase-composed", "success", file, "A passphrase in normalization form C.",
           kind=BUNDLE, passphrase=COMPOSED, key_file=None)
    vector("passphrase-decomposed", "success", file, "The same passphrase in form D, as macOS gives it: the same key.",
           kind=BUNDLE, passphrase=DECOMPOSED, key_file=None)

    file = Container(VAULT)
    file = file.with_slots(file.slot("passphrase+keyfile", passphrase=PASSPHRASE, key_file=KEY_FILE)).build()
    vector("vault-passphrase-and-key-file", "success", file, "A vault that wants both together.", passphrase=PASSPHRASE)
    vector("half-of-two-passphrase", "no slot", file, "It wants both; only the passphrase was brought.",
           passphrase=PASSPHRASE, key_file=None)
    vector("half-of-two-key-file", "no slot", file, "It wants both; only the key file was brought.")
    vector("half-of-two-wrong-key-file", "wrong credential", file, "It wants both; the key file is another.",
           passphrase=PASSPHRASE, key_file=OTHER_KEY_FILE)
    vector("wrong-key-file", "wrong credential", vault().build(), "Another key file.", key_file=OTHER_KEY_FILE)

    file = bundle()
    file.header["info"]["label"] = "Safe at Jürgen's — 鸭子 \U0001f3e6"
    vector("label-unicode", "success", file.build(), "A label in raw UTF-8.", kind=BUNDLE)
    vector("label-escaped", "success",
           file.build(json.dumps(file.header, sort_keys=True, separators=(",", ":")).encode()),
           "The same label as \\u escapes with a surrogate pair.", kind=BUNDLE)
    file.header["info"]["label"] = "\u202egnp.\u001b[31m\n"
    vector("label-hostile", "success", file.build(), "A label that would command a terminal: read, shown escaped.",
           kind=BUNDLE)

    file = vault()
    vector("header-spaced-and-unsorted", "success",
           file.build(json.dumps(dict(reversed(file.header.items()))).encode()),
           "A header with spaces and its keys in another order: the bytes are bound, not the order.")
    file.header["colour"] = {"of": ["the", "hull", 1, True, None]}
    file.header["slots"][0]["note"] = "from a newer version"
    vector("header-unknown-keys", "success", file.build(), "Unknown keys that crit does not name are passed over.")
    file = vault()
    file.header["slots"].insert(0, {"type": "telepathy", "sid": "01020304", "strength": 7})
    vector("slot-unknown-beside-good", "success", file.build(), "A slot of an unknown type is passed over.")
    file = Container(VAULT).with_slots({"type": "telepathy", "sid": "01020304"})
    vector("slot-unknown-alone", "no slot", file.build(), "With nothing but an unknown slot, nothing fits.")
    file = Container(VAULT)
    for _ in range(15):
        file.with_key_file(OTHER_KEY_FILE)
    vector("slots-sixteen", "success", file.with_key_file().build(), "Sixteen slots are the most; the last one opens.")
    file = Container(VAULT)
    file.with_slots(*(file.dead_slot() for _ in range(4))).with_key_file()
    vector("slots-four-passphrases", "success", file.build(), "Four passphrase slots are the most.")
    file = Container(VAULT)
    file.with_slots(file.dead_slot(m=(2 << 20) + 1)).with_key_file()
    vector("kdf-refused-beside-key-file", "success", file.build(),
           "A derivation over the ceiling does not stop a key file from opening the file.")

    for name, length, comment in (
        ("payload-fills-a-step", STEP - 8, "A payload that fills 16 384 bytes with its two lengths: no padding."),
        ("payload-one-over-a-step", STEP - 7, "One byte more takes a second step."),
    ):
        payload = (b'{"schema":1,"note":"' + b"x" * length)[:max(0, length - 2)] + b'"}'
        assert len(payload) == length
        file = Container(VAULT, payload).with_key_file()
        vector(name, "success", file.build(), comment, payload=payload)

    file = vault()
    filler = 65536 - len(text_of(file.header | {"zz": ""}))
    file.header["zz"] = "z" * filler
    vector("header-largest", "success", file.build(), "A header of 65 536 bytes.")
    file.header["zz"] += "z"
    vector("header-over-largest", "damaged", file.build(), "A header of 65 537 bytes.")


def preamble():
    file = vault().build()
    vector("empty", "not an envelope", b"", "No bytes at all.")
    vector("magic-high-bit", "not an envelope", forged(file, 0, 0x09), "The first byte went through seven bits.")
    vector("magic-letters", "not an envelope", forged(file, 2, ord("f")), "A letter of the magic in lower case.")
    vector("magic-line-end-lost", "not an envelope", with_trailer(file[:4] + file[5:-32]),
           "CR LF became LF: copied in text mode.")
    vector("magic-line-end-doubled", "not an envelope", with_trailer(file[:7] + b"\r" + file[7:-32]),
           "The last LF became CR LF: copied in text mode.")
    vector("magic-end-of-file", "not an envelope", forged(file, 6), "The byte that ends a text on DOS is another.")
    vector("version-0", "unsupported version", forged(file, 8, 0), "Version 0 was never written.")
    vector("version-2", "unsupported version", forged(file, 8, 2), "A newer version.")
    vector("version-2-short", "unsupported version", file[:8] + b"\x02", "A newer version may look otherwise behind it.")
    vector("kind-0", "wrong kind", forged(file, 9, 0), "Kind 0 was never written.")
    vector("kind-3", "wrong kind", forged(file, 9, 3), "A kind that version 1 does not have.")
    vector("kind-vault-for-bundle", "wrong kind", file, "A vault where a bundle was asked for.", kind=BUNDLE)
    vector("kind-bundle-for-vault", "wrong kind", bundle().build(), "A bundle where a vault was asked for.")
    vector("kind-forged", "wrong credential", forged(with_info().build(), 9, 2),
           "A vault made to look like a bundle, in its header too: the kind is part of every key.", kind=BUNDLE)
    vector("reserved-first", "bad header", forged(file, 10, 1), "The first reserved byte is not zero.")
    vector("reserved-second", "bad header", forged(file, 11, 0x80), "The second reserved byte is not zero.")
    for name, length in (("0", 0), ("1", 1), ("65537", 65537), ("4294967295", 0xFFFFFFFF)):
        vector(f"header-length-{name}", "damaged", with_trailer(file[:12] + struct.pack(">I", length) + file[16:-32]),
               "A length of the header that is out of range.")
    beyond = len(file) - 16 - 32 - 16 - 32 + 1
    vector("header-length-overrun", "damaged", with_trailer(file[:12] + struct.pack(">I", beyond) + file[16:-32]),
           "A header that leaves no room for a body, by one byte.")
    vector("header-length-one-more", "damaged",
           with_trailer(file[:12] + struct.pack(">I", header_end(file) - 15) + file[16:-32]),
           "A length one too large: what is left fits no payload.")


def header_json():
    def text(name, expect, comment, old, new, make=vault):
        file = make()
        header = text_of(file.header)
        assert header.count(old) >= 1, (name, header)
        vector(name, expect, file.build(header.replace(old, new, 1).encode()), comment, kind=file.kind)

    def edit(name, comment, change, make=vault, expect="bad header"):
        file = make()
        change(file.header)
        vector(name, expect, file.build(), comment, kind=file.kind)

    bad = "bad header"
    text("json-duplicate-key", bad, "A key twice: two readers could see two headers.", '"crit":[]', '"crit":[],"crit":[]')
    text("json-duplicate-key-escaped", bad, "The same key twice, once spelled with an escape.",
         '"crit":[]', '"crit":[],"\\u0063rit":[]')
    text("json-duplicate-key-in-slot", bad, "A key twice in a slot.", '"type":"keyfile"',
         '"type":"keyfile","type":"keyfile"')
    text("json-duplicate-key-in-unknown", bad, "A key twice in a part that nobody reads.",
         '"crit":[]', '"colour":{"a":1,"a":1},"crit":[]')
    text("json-float", bad, "A number with a fraction.", "1700000000", "1700000000.0", bundle)
    text("json-exponent", bad, "A number with an exponent.", "1700000000", "17e8", bundle)
    text("json-negative", bad, "A negative number.", "1700000000", "-1", bundle)
    text("json-number-over-64-bits", bad, "2 to the 64th.", "1700000000", "18446744073709551616", bundle)
    text("json-comma-behind-last", bad, "A comma behind the last element.", '"crit":[]', '"crit":[,]')
    text("json-line-feed", bad, "A line feed between two values.", '"crit":[],', '"crit":[],\n')
    text("json-comment", bad, "A comment.", '"crit":[]', '"crit":[]/**/')
    text("hex-letter", bad, "A letter that is no hexadecimal digit.", '"id":"' + rnd("id", 16).hex()[:2], '"id":"0g')
    text("hex-upper-case", bad, "Upper-case hexadecimal: one value, one spelling.",
         rnd("id", 16).hex(), rnd("id", 16).hex().upper())
    assert rnd("id", 16).hex() != rnd("id", 16).hex().upper()

    file = vault()
    header = text_of(file.header).encode()
    vector("json-trailing-bytes", bad, file.build(header + b"{}"), "A second value behind the header.")
    vector("json-trailing-zero", bad, file.build(header + b"\0"), "A zero byte behind the header.")
    vector("json-byte-order-mark", bad, file.build(b"\xef\xbb\xbf" + header), "A byte order mark before the header.")
    vector("json-not-utf-8", bad, file.build(header[:-1] + b',"x":"\xff"}'), "A byte that is no UTF-8, in an unknown key.")
    vector("json-lone-surrogate", bad, file.build(header[:-1] + b',"x":"\\ud800"}'), "Half of a surrogate pair.")
    vector("json-list", bad, file.build(b"[" + header + b"]"), "A list instead of an object.")
    vector("json-deep", bad, file.build(header[:-1] + b',"x":' + b"[" * 4000 + b"]" * 4000 + b"}"),
           "Nested deeper than any writer does.")
    vector("json-cut", bad, file.build(header[:-1]), "The closing brace is missing.")

    edit("alg-other", "Another set of algorithms.", lambda h: h.update(alg="aes-256-gcm"))
    edit("alg-missing", "No algorithms.", lambda h: h.pop("alg"))
    edit("crit-name", "A name that a reader must know and version 1 does not.", lambda h: h.update(crit=["shares"]),
         expect="unsupported version")
    edit("crit-missing", "No list of what a reader must know.", lambda h: h.pop("crit"))
    edit("crit-text", "crit is a text.", lambda h: h.update(crit="shares"))
    edit("crit-number", "crit holds a number.", lambda h: h.update(crit=[1]))
    edit("id-short", "An id of 15 bytes.", lambda h: h.update(id=h["id"][2:]))
    edit("salt-short", "A salt of 31 bytes.", lambda h: h.update(salt=h["salt"][2:]))
    edit("salt-long", "A salt of 33 bytes.", lambda h: h.update(salt=h["salt"] + "00"))
    edit("salt-odd", "A salt of 63 digits.", lambda h: h["slots"][0].update(salt=h["slots"][0]["salt"][1:]))
    edit("slots-none", "No slot.", lambda h: h["slots"].clear())
    edit("slots-missing", "No list of slots.", lambda h: h.pop("slots"))
    edit("slots-seventeen", "Seventeen slots.", lambda h: h.update(slots=h["slots"] * 17))
    edit("slot-without-type", "A slot without a type.", lambda h: h["slots"][0].pop("type"))
    edit("slot-sid-short", "A slot's name of three bytes.", lambda h: h["slots"][0].update(sid="010203"))
    edit("slot-salt-short", "A slot's salt of 31 bytes.", lambda h: h["slots"][0].update(salt=h["slots"][0]["salt"][2:]))
    edit("slot-commit-missing", "A slot without its commitment.", lambda h: h["slots"][0].pop("commit"))
    edit("slot-wrap-short", "A wrapped key of 47 bytes.", lambda h: h["slots"][0].update(wrap=h["slots"][0]["wrap"][2:]))
    edit("info-missing", "A bundle that says nothing of itself.", lambda h: h.pop("info"), bundle)
    edit("info-in-vault", "A vault that says something of itself in clear.", lambda h: None, with_info)
    edit("info-null", "info is there and holds nothing.", lambda h: h.update(info=None), bundle)
    edit("info-without-created", "info without its time.", lambda h: h["info"].pop("created"), bundle)
    edit("info-label-number", "A label that is a number.", lambda h: h["info"].update(label=7), bundle)

    file = Container(VAULT)
    file.with_slots(*(file.dead_slot() for _ in range(5))).with_key_file()
    vector("slots-five-passphrases", bad, file.build(), "Five passphrase slots: each costs a derivation.")
    for name, kdf, comment in (
        ("kdf-alg", {"alg": "argon2i"}, "Another derivation."),
        ("kdf-version", {"v": 16}, "Argon2 before version 0x13."),
        ("kdf-memory-over-32-bits", {"m": 1 << 32}, "Memory that does not fit its field."),
        ("kdf-salt-short", {"salt": "00" * 15}, "A salt of 15 bytes."),
    ):
        file = Container(VAULT)
        vector(name, bad, file.with_slots(file.dead_slot(**kdf)).build(), comment, passphrase=PASSPHRASE, key_file=None)
    file = Container(VAULT)
    slot = file.dead_slot()
    del slot["kdf"]
    vector("kdf-missing", bad, file.with_slots(slot).build(), "A passphrase slot without its derivation.",
           passphrase=PASSPHRASE, key_file=None)
    for name, kdf, comment in (
        ("memory-under", {"m": 8191}, "Less than 8 MiB."),
        ("memory-over", {"m": (2 << 20) + 1}, "More than 2 GiB."),
        ("memory-most", {"m": 0xFFFFFFFF}, "4 TiB."),
        ("passes-0", {"t": 0}, "No pass."),
        ("passes-65", {"t": 65}, "More than 64 passes."),
        ("lanes-0", {"p": 0}, "No lane."),
        ("lanes-17", {"p": 17}, "More than 16 lanes."),
        ("product-over", {"m": 1 << 20, "t": 17}, "1 GiB and 17 passes: each is allowed, 17 GiB-passes are not."),
    ):
        file = Container(VAULT)
        vector(f"kdf-{name}", "kdf refused", file.with_slots(file.dead_slot(**kdf)).build(), comment,
               passphrase=PASSPHRASE, key_file=None)


def alterations():
    file = vault()

    def slot(name, expect, comment, key, at):
        other = vault()
        value = changed(bytes.fromhex(other.header["slots"][0][key]), at)
        other.header["slots"][0][key] = value.hex()
        vector(name, expect, other.build(), comment)

    slot("slot-commit-changed", "wrong credential", "A bit of a slot's commitment: the key file seems to be another.", "commit", 5)
    slot("slot-salt-changed", "wrong credential", "A bit of a slot's salt.", "salt", 0)
    slot("slot-wrap-changed", "altered", "A bit of a wrapped key under a commitment that fits.", "wrap", 0)
    slot("slot-wrap-tag-changed", "altered", "A bit of a wrapped key's tag.", "wrap", 47)

    whole = file.build()
    end = header_end(whole)
    id_at = whole.index(b'"id":"') + 6
    salt_at = whole.index(b'"salt":"') + 8
    sid_at = whole.index(b'"sid":"') + 7
    digit = lambda at: whole[at] ^ 1 if chr(whole[at] ^ 1) in "0123456789abcdef" else ord("0")
    vector("header-sid-changed", "altered", forged(whole, sid_at, digit(sid_at)), "A slot's name was changed: the payload is bound to every byte of the header.")
    vector("header-salt-changed", "altered", forged(whole, salt_at, digit(salt_at)), "The payload's salt was changed.")
    vector("header-id-changed", "wrong credential", forged(whole, id_at, digit(id_at)), "The id was changed: every slot is bound to it.")
    made = bundle()
    made.header["info"]["label"] = "Safe"
    labelled = made.build()
    vector("header-label-changed", "altered", forged(labelled, labelled.index(b"Safe"), ord("s")), "The label was changed under a checksum that fits.", kind=BUNDLE)
    vector("payload-commitment-changed", "altered", forged(whole, end + 31), "A bit of the payload's commitment.")
    vector("body-first-byte-changed", "altered", forged(whole, end + 32), "A bit at the start of the body.")
    vector("body-padding-changed", "altered", forged(whole, len(whole) - 49), "A bit in the encrypted padding.")
    vector("body-tag-changed", "altered", forged(whole, len(whole) - 33), "A bit of the body's tag.")
    other = Container(VAULT, b'{"schema":1}').with_key_file().build()
    other_end = header_end(other)
    assert end == other_end and whole[:end] == other[:end]
    vector("body-of-another", "altered", with_trailer(whole[:-64] + other[-64:-32]), "The last 32 bytes of another body under the same header.")

    vector("damaged-header", "damaged", changed(whole, sid_at), "A byte of the header under the old checksum.")
    vector("damaged-body", "damaged", changed(whole, end + 5000), "A bit of the body under the old checksum: a worn medium.")
    vector("damaged-trailer", "damaged", changed(whole, len(whole) - 1), "A bit of the checksum itself.")


def lengths():
    whole = vault().build()
    end = header_end(whole)
    for name, at, expect, where in (
        ("magic", 5, "not an envelope", "inside the magic"),
        ("before-version", 8, "damaged", "behind the magic"),
        ("before-kind", 9, "damaged", "behind the version"),
        ("before-reserved", 10, "damaged", "behind the kind"),
        ("in-length", 14, "damaged", "inside the header's length"),
        ("before-header", 16, "damaged", "behind the preamble"),
        ("in-header", 16 + 40, "damaged", "inside the header"),
        ("before-commitment", end, "damaged", "behind the header"),
        ("in-commitment", end + 20, "damaged", "inside the commitment"),
        ("before-body", end + 32, "damaged", "behind the commitment"),
        ("in-body", end + 32 + 4096, "damaged", "inside the body"),
        ("before-tag", len(whole) - 48, "damaged", "before the tag"),
        ("before-trailer", len(whole) - 32, "damaged", "before the checksum"),
        ("in-trailer", len(whole) - 1, "damaged", "one byte before its end"),
    ):
        vector(f"cut-{name}", expect, whole[:at], f"The file ends {where}.")
    vector("trailing-byte", "damaged", whole + b"\0", "A byte too many at the end.")
    vector("trailing-line-feed", "damaged", whole + b"\n", "A line feed at the end, as an editor adds it.")
    vector("body-one-byte-short", "damaged", with_trailer(whole[:-33]), "A body one byte short under a checksum that fits.")
    vector("body-of-no-step", "damaged", vault().build(plaintext=b""), "An empty payload without padding.")
    vector("body-of-half-a-step", "damaged", vault().build(plaintext=vault().framed()[:8192]), "Padded to 8 192 bytes only.")

    file = vault()
    framed = bytearray(file.framed())
    used = len(file.payload) + 8
    at_first, at_last = framed[:], framed[:]
    at_first[used] = 1
    at_last[-1] = 1
    vector("padding-first-byte", "damaged", file.build(plaintext=bytes(at_first)), "The first byte of the padding is not zero.")
    vector("padding-last-byte", "damaged", file.build(plaintext=bytes(at_last)), "The last byte of the padding is not zero.")
    for name, at, length, comment in (
        ("json-length-overrun", 0, STEP - 7, "The document ends one byte too late for the second length."),
        ("json-length-most", 0, 0xFFFFFFFF, "The document's length is the largest number."),
        ("json-length-short", 0, len(file.payload) - 1, "A length one too small: what is left is no padding."),
        ("signature-length-overrun", used - 4, STEP - used + 1, "The signature ends one byte behind the payload."),
        ("signature-length-most", used - 4, 0xFFFFFFFF, "The signature's length is the largest number."),
    ):
        plaintext = bytes(framed[:at]) + struct.pack(">I", length) + bytes(framed[at + 4:])
        vector(name, "damaged", file.build(plaintext=plaintext), comment)

    def signed(name, expect, comment, make, *slots):
        file = make().with_slots(*slots)
        framed = struct.pack(">I", len(file.payload)) + file.payload + struct.pack(">I", 64) + rnd("signature", 64)
        vector(name, expect, file.build(plaintext=framed + bytes(-len(framed) % STEP)), comment, kind=file.kind)

    newer = {"type": "telepathy", "sid": "01020304"}
    signed("signature-in-vault", "damaged", "A vault with bytes where a bundle's signature stands.", vault)
    signed("signature-in-vault-with-newer-slot", "damaged", "A vault is never signed, whatever its slots.", vault, newer)
    signed("signature-of-nobody", "damaged", "A signature in a bundle none of whose slots asks for one.", bundle)
    signed("signature-beside-newer-slot", "success", "A bundle of a newer version: signature and slot are passed over.",
           bundle, newer)


def content():
    """A key twice in what is sealed: two readers could see two contents."""
    def text(name, comment, old, new, kind=VAULT, expect="bad content"):
        payload = PAYLOADS[kind].decode()
        assert payload.count(old) == 1, name
        payload = payload.replace(old, new).encode()
        vector(name, expect, Container(kind, payload).with_key_file().build(), comment, kind=kind, payload=payload)

    entry = text_of(ENTRY)
    removed = '{"entry":' + entry + ',"removed":1700000000}'
    text("content-entries-twice", "Two lists of entries.", '"entries":[', '"entries":[],"entries":[')
    text("content-entries-twice-in-bundle", "Two lists of entries.", '"entries":[', '"entries":[],"entries":[', BUNDLE)
    text("content-key-twice-escaped", "The list of entries twice, once spelled with an escape.",
         '"entries":[', '"\\u0065ntries":[],"entries":[')
    text("content-key-twice-below", "A key twice one level down.", '"generation":1', '"generation":2,"generation":1')
    text("content-key-twice-below-in-bundle", "A key twice one level down.", '"generation":1',
         '"generation":2,"generation":1', BUNDLE)
    text("content-key-twice-in-unknown", "A key twice in a part that nobody reads.", '"schema":1',
         '"colour":[{"a":1,"a":1}],"schema":1')
    text("content-trash-twice", "Two trashes.", '"schema":1', '"schema":1,"trash":[],"trash":[' + removed + "]")
    text("content-key-twice-in-trash", "A removed entry with two dates.", '"schema":1',
         '"schema":1,"trash":[' + removed.replace('"removed"', '"removed":1,"removed"') + "]")
    text("content-key-twice-in-entry", "An entry with two seeds: it is set aside, and the rest is read.",
         entry, entry + "," + entry.replace('"seed"', '"seed":"MFRGG","seed"'), expect="success")


def quorum():
    def opens(name, comment, file, by=SET, kind=BUNDLE, numbers=(1, 3), **more):
        more = {"recovery": by.secret, "shares": by.words(*numbers), "key_file": None} | more
        signed_by = PUBLIC_KEY if kind == BUNDLE else None
        vector(name, "success", file.build(), comment, kind, payload=file.payload, signed_by=signed_by, **more)

    def refused(name, expect, comment, file, kind=BUNDLE, by=SET, **more):
        file = file if isinstance(file, bytes) else file.build()
        more = {"recovery": by.secret, "shares": by.words(1, 2), "key_file": None} | more
        vector(name, expect, file, comment, kind, **more)

    opens("quorum-bundle", "A bundle for two of three shares.", for_shares())
    opens("quorum-bundle-other-shares", "The same bundle by two others of the shares.", for_shares(), numbers=(3, 2))
    opens("quorum-vault", "A vault that shares open; it is never signed.", Container(VAULT).with_quorum(), kind=VAULT)
    opens("quorum-sealed-entry", "A sealed entry that shares open; it is never signed.",
          Container(SEALED_ENTRY).with_quorum(), kind=SEALED_ENTRY)
    many = ShareSet(32767, SET.secret, 16, [("", f"{number:032x}") for number in range(16)])
    opens("quorum-sixteen-of-sixteen", "Sixteen shares are the most, and 32 767 is the largest set.",
          Container(SEALED_ENTRY).with_quorum(many), by=many, kind=SEALED_ENTRY, numbers=())
    file = Container(BUNDLE, payload_of(PUBLIC_KEY))
    file.with_slots(file.slot("passphrase", passphrase=PASSPHRASE)).with_quorum().signed()
    opens("quorum-beside-passphrase", "A passphrase or shares: by the shares.", file)
    opens("quorum-beside-passphrase-by-it", "A passphrase or shares: by the passphrase. The signature is checked all the same.",
          file, recovery=None, shares=(), passphrase=PASSPHRASE)
    file = Container(SEALED_ENTRY).with_quorum(OLD_SET).with_quorum()
    opens("quorum-two-sets", "Shares of either of two sets: those of the second open it.", file, kind=SEALED_ENTRY)
    high = bytearray(x25519(rnd("high bit", 32), BASE_U))
    high[31] |= 0x80
    opens("quorum-epk-high-bit", "The highest bit of epk is set: X25519 passes over it, the key material has it.",
          Container(SEALED_ENTRY).with_quorum(epk=bytes(high)), kind=SEALED_ENTRY)
    opens("quorum-unknown-keys", "Unknown keys in the slot and in a replaced set are passed over.",
          Container(SEALED_ENTRY).with_quorum(note=[1], replaced=[{"set": 7, "at": 1, "by": "ana"}]), kind=SEALED_ENTRY)
    replaced = [{"set": number, "at": 1700000000 - number} for number in (7, 0, 32767, 1, 2, 3, 4, 5, 6)]
    opens("quorum-replaced-eight", "Eight sets that this one has replaced.", for_shares(replaced=replaced[:8]))
    opens("quorum-replaced-empty", "An empty list of replaced sets, which is what no list says too.",
          Container(SEALED_ENTRY).with_quorum(replaced=[]), kind=SEALED_ENTRY)

    refused("quorum-share-of-replaced-set", "wrong credential", "Shares of a set that was replaced.",
            for_shares(replaced=replaced[:1]), by=OLD_SET)
    refused("quorum-shares-of-same-number", "wrong credential", "Shares of another set with the same two first words.",
            for_shares(), by=SAME_NUMBER)
    refused("quorum-one-share", "no slot", "One share where two are needed gives nothing that could be tried.", for_shares(),
            recovery=None, shares=SET.words(2))
    refused("quorum-key-file-brought", "no slot", "It wants shares; a key file was brought.", for_shares(),
            recovery=None, shares=(), key_file=KEY_FILE)
    for name, epk, comment in (
        ("zero", 0, "epk is zero: everybody knows the product."),
        ("small-order", 325606250916557431795983626356110631294008115727848805560023387167927233504,
         "epk is a point of order 8: everybody knows the product."),
        ("p-minus-1", P - 1, "epk is the point of order 2 with its largest number: everybody knows the product."),
    ):
        slot = {"epk": epk.to_bytes(32, "little")}
        refused(f"quorum-epk-{name}", "no slot", comment, Container(SEALED_ENTRY).with_quorum(**slot), SEALED_ENTRY)
    file = Container(SEALED_ENTRY).with_quorum(epk=bytes(32)).with_key_file()
    opens("quorum-epk-zero-beside-key-file", "A worthless quorum slot does not stop a key file.", file, kind=SEALED_ENTRY,
          recovery=None, shares=(), key_file=KEY_FILE)

    def edited(name, expect, comment, edit):
        file = Container(SEALED_ENTRY).with_quorum()
        edit(file.header["slots"][0])
        refused(f"quorum-{name}", expect, comment, file, SEALED_ENTRY)

    edited("epk-changed", "wrong credential", "epk is another point: the shares seem to be others.",
           lambda slot: slot.update(epk=x25519(rnd("another", 32), BASE_U).hex()))
    edited("wrap-changed", "altered", "A bit of the wrapped key under a commitment that fits.",
           lambda slot: slot.update(wrap=changed(bytes.fromhex(slot["wrap"]), 0).hex()))
    whole = Container(SEALED_ENTRY).with_quorum().build()
    at = whole.index(SET.fp[2].encode())
    refused("quorum-fp-changed", "altered", "A check value was changed: the payload is bound to every byte of the header.",
            forged(whole, at, ord("0")), SEALED_ENTRY)
    of_vault = Container(VAULT).quorum()
    refused("quorum-slot-of-vault", "wrong credential", "A vault's slot in a bundle: the kind is part of the key.",
            Container(BUNDLE, payload_of(PUBLIC_KEY)).with_slots(of_vault).signed())

    bad = "bad header"
    for name in ("scheme", "set", "m", "n", "fp", "epk"):
        edited(f"{name}-missing", bad, f"No {name}.", lambda slot: slot.pop(name))
    for name, fields, comment in (
        ("scheme-other", {"scheme": "slip39"}, "Another scheme."),
        ("scheme-number", {"scheme": 39}, "A scheme that is a number."),
        ("set-over", {"set": 32768}, "A set of sixteen bits."),
        ("set-over-16-bits", {"set": 65536 + 4660}, "A set that is the right one in its lowest sixteen bits."),
        ("set-text", {"set": "4660"}, "A set that is a text."),
        ("m-0", {"m": 0}, "No share opens it."),
        ("m-1", {"m": 1}, "One share opens it."),
        ("m-over-n", {"m": 4}, "Four shares of three."),
        ("m-over-8-bits", {"m": 258}, "A number of shares that is the right one in its lowest eight bits."),
        ("m-true", {"m": True}, "true is no number."),
        ("n-short", {"n": 2}, "Two shares and three check values."),
        ("n-over", {"n": 4}, "Four shares and three check values."),
        ("n-text", {"n": "3"}, "A number of shares that is a text."),
        ("fp-seventeen", {"n": 17, "fp": ["01020304"] * 17}, "Seventeen shares."),
        ("fp-text", {"fp": "".join(SET.fp)}, "Check values in one text."),
        ("fp-short", {"fp": SET.fp[:2] + ["010203"]}, "A check value of three bytes."),
        ("fp-long", {"fp": SET.fp[:2] + ["0102030405"]}, "A check value of five bytes."),
        ("fp-number", {"fp": SET.fp[:2] + [16909060]}, "A check value that is a number."),
        ("epk-short", {"epk": "09" + "00" * 30}, "A public key of 31 bytes."),
        ("epk-upper-case", {"epk": "AB" * 32}, "A public key in upper-case digits."),
        ("replaced-nine", {"replaced": replaced}, "Nine sets that this one has replaced."),
        ("replaced-null", {"replaced": None}, "A list of replaced sets that is null."),
        ("replaced-numbers", {"replaced": [7]}, "A replaced set without its time."),
        ("replaced-set-over", {"replaced": [{"set": 32768, "at": 1}]}, "A replaced set of sixteen bits."),
        ("replaced-without-at", {"replaced": [{"set": 7}]}, "A replaced set whose time is missing."),
        ("replaced-at-text", {"replaced": [{"set": 7, "at": "1"}]}, "A replaced set whose time is a text."),
    ):
        edited(name, bad, comment, lambda slot: slot.update(fields))


def signatures():
    """Whoever has seen the public half of a set could make a bundle for it, so its maker signs."""
    def wrong(name, comment, file, expect="altered", **more):
        more = {"recovery": SET.secret, "shares": SET.words(1, 2), "key_file": None} | more
        vector(f"signature-{name}", expect, file.build(), comment, file.kind, **more)

    def unsigned(*slots, **fields):
        file = for_shares(*slots, **fields)
        file.signature = b""
        return file

    newer = {"type": "telepathy", "sid": "01020304"}
    wrong("missing", "A bundle for shares that nobody signed.", unsigned(), "damaged")
    wrong("missing-beside-newer-slot", "The same beside a slot of an unknown type.", unsigned(newer), "damaged")
    key_file = Container(BUNDLE).slot("keyfile", key_file=KEY_FILE)
    wrong("missing-by-key-file", "The same, opened by a key file: what is not signed opens for nobody.", unsigned(key_file),
          "damaged", recovery=None, shares=(), key_file=KEY_FILE)
    wrong("in-vault-for-shares", "A vault is never signed, whatever its slots.", Container(VAULT).with_quorum().signed(),
          "damaged")
    wrong("in-sealed-entry", "A sealed entry is never signed.", Container(SEALED_ENTRY).with_quorum().signed(), "damaged")
    wrong("in-sealed-entry-with-newer-slot", "Nor beside a slot of an unknown type.",
          Container(SEALED_ENTRY).with_slots(newer).with_quorum().signed(), "damaged")
    file = for_shares(newer)
    vector("signature-beside-newer-slot-for-shares", "success", file.build(),
           "A quorum slot and one of an unknown type: the signature is checked.", BUNDLE, key_file=None,
           recovery=SET.secret, shares=SET.words(1, 2), payload=file.payload, signed_by=PUBLIC_KEY)
    wrong("wrong-beside-newer-slot", "A wrong signature beside a slot of an unknown type.",
          for_shares(newer).signed(id_=bytes(16)))

    file = for_shares().signed(reserved=b"later")
    vector("signature-reserved", "success", file.build(), "The reserved part is not empty: it is passed over and not signed.",
           BUNDLE, key_file=None, recovery=SET.secret, shares=SET.words(1, 2), payload=file.payload, signed_by=PUBLIC_KEY)
    wrong("of-another-document", "A signature of another document.", for_shares().signed(payload=b"{}"))
    wrong("of-another-id", "A signature of a bundle with another id.", for_shares().signed(id_=rnd("another id", 16)))
    wrong("of-another-kind", "A signature of a vault.", for_shares().signed(kind=VAULT))
    wrong("for-another-use", "A signature in another namespace.", for_shares().signed(namespace=b"lifeboat-drill"))
    wrong("by-another-key", "A signature that fits, by another key than the document names.",
          for_shares().signed(OTHER_SIGNING))
    wrong("by-another-key-by-key-file", "The same, opened by a key file.", for_shares(key_file).signed(OTHER_SIGNING),
          recovery=None, shares=(), key_file=KEY_FILE)
    wrong("under-another-name", "A signature that names the document's key and was made with another.",
          for_shares().signed(OTHER_SIGNING, public=PUBLIC_KEY))
    flip = lambda at: lambda signature: changed(signature, at)
    wrong("first-half-changed", "A bit of its point.", for_shares().signed(alter=flip(1)))
    wrong("second-half-changed", "A bit of its number.", for_shares().signed(alter=flip(40)))
    beyond = lambda signature: signature[:32] + (int.from_bytes(signature[32:], "little") + ORDER).to_bytes(32, "little")
    wrong("number-beyond-order", "Its number is larger by the order of the group: another signature for the same message.",
          for_shares().signed(alter=beyond))
    # The neutral point as a key: h times it is nothing, so that one signature fits every message.
    nobody = encoded((0, 1))
    r = rnd("nobody", 32)
    any_message = lambda _: encoded(times(secret_scalar(r), BASE)) + (secret_scalar(r) % ORDER).to_bytes(32, "little")
    wrong("by-key-of-small-order", "By a key under which one signature fits every document.",
          for_shares(public_key=nobody).signed(public=nobody, alter=any_message))
    wrong("sha256", "Over SHA-256, which OpenSSH takes and this format does not.", for_shares().signed(hash_name="sha256"))
    wrong("version-2", "A newer version of SSH's signatures.", for_shares().signed(version=2))
    wrong("key-type", "A key of another type.", for_shares().signed(key_type=b"ssh-ed448"))
    wrong("short", "A signature of 63 bytes.", for_shares().signed(alter=lambda signature: signature[:-1]))
    file = for_shares()
    file.signature += b"\0"
    wrong("with-a-byte-more", "A byte behind the signature.", file)
    file = for_shares()
    file.signature = b"sshsig" + file.signature[6:]
    wrong("magic", "The first bytes are not those of an SSH signature.", file)
    file = for_shares()
    text = base64.b64encode(file.signature)
    file.signature = b"-----BEGIN SSH SIGNATURE-----\n" + text + b"\n-----END SSH SIGNATURE-----\n"
    wrong("armored", "The text form instead of the bytes.", file)


def sealed_entries():
    def one(name, comment, file, expect="success", kind=SEALED_ENTRY, payload=None, **more):
        file = file if isinstance(file, bytes) else file.build()
        vector(f"sealed-entry-{name}", expect, file, comment, kind, payload=payload, **more)

    one("key-file", "What of an entry is sealed, to a key file.", sealed_entry())
    file = Container(SEALED_ENTRY)
    one("passphrase", "What of an entry is sealed, to a second passphrase.",
        file.with_slots(file.slot("passphrase", passphrase=PASSPHRASE)), passphrase=PASSPHRASE, key_file=None)
    codes = {"schema": 1, "entry": ENTRY["id"], "seed": ENTRY["seed"], "recovery_codes": [{"code": "1111-2222"}]}
    one("recovery-codes", "With recovery codes.", sealed_entry(text_of(codes).encode()), payload=text_of(codes).encode())
    one("wrong-key-file", "Another key file.", sealed_entry(), "wrong credential", key_file=OTHER_KEY_FILE)
    for name, length, comment in (("fills-a-step", 248, "A document that fills 256 bytes with its two lengths."),
                                  ("one-over-a-step", 249, "One byte more takes a second step."),
                                  ("largest", 65528, "A payload of 64 KiB.")):
        payload = (b'{"schema":1,"note":"' + b"x" * length)[:length - 2] + b'"}'
        one(name, comment, sealed_entry(payload), payload=payload)
    payload = b'{"schema":1,"note":"' + b"x" * 65507 + b'"}'
    assert len(payload) == 65529
    one("over-largest", "A payload of 64 KiB and a step.", sealed_entry(payload), "damaged")
    file = sealed_entry()
    one("padded-further", "Padded by a step more than it needs: a reader does not ask.",
        file.build(plaintext=file.framed() + bytes(256)))
    one("half-a-step", "Padded to 128 bytes only.", file.build(plaintext=file.framed()[:128]), "damaged")
    one("step-and-a-half", "Padded to 384 bytes.", file.build(plaintext=file.framed() + bytes(128)), "damaged")
    one("empty", "An empty payload.", file.build(plaintext=b""), "damaged")
    one("dirty-padding", "The last byte of the padding is not zero.", file.build(plaintext=file.framed()[:-1] + b"\1"), "damaged")
    file = sealed_entry()
    file.header["info"] = {"created": 1700000000}
    one("with-info", "A sealed entry says nothing of itself in clear.", file, "bad header")
    one("for-vault", "A sealed entry where a vault was asked for.", sealed_entry(), "wrong kind", VAULT)
    one("for-bundle", "A sealed entry where a bundle was asked for.", sealed_entry(), "wrong kind", BUNDLE)
    one("kind-vault", "A vault where a sealed entry was asked for.", vault(), "wrong kind")
    one("kind-bundle", "A bundle where a sealed entry was asked for.", bundle(), "wrong kind")
    one("kind-forged", "A vault made to look like a sealed entry: the kind is part of every key.",
        forged(vault().build(), 9, SEALED_ENTRY), "wrong credential")
    one("kind-forged-to-vault", "A sealed entry made to look like a vault: its length fits no payload of one.",
        forged(sealed_entry().build(), 9, VAULT), "damaged", VAULT)


def self_test():
    """The primitives, against the values in their RFCs."""
    assert hkdf(b"\x0b" * 22, bytes(range(13)), bytes(range(0xF0, 0xFA)), 42).hex().startswith("3cb25f25faacd57a90434f64")
    key = bytes(range(0x80, 0xA0))
    block = chacha_block(bytes(range(32)), 1, bytes.fromhex("000000090000004a00000000"))
    assert block.hex().startswith("10f1e7e4d13b5915500fdd1fa32071c4")
    tag = poly1305(bytes.fromhex("85d6be7857556d337f4452fe42d506a80103808afb0db2fd4abff6af4149f51b"),
                   b"Cryptographic Forum Research Group")
    assert tag.hex() == "a8061dc1305136c6c22b8baf0c0127a9"
    assert len(seal(key, b"", bytes(64))) == 80
    # `printf password | argon2 somesaltsomesalt -id -v 13 -t 1 -k 8192 -p 1 -l 32 -r`, the reference's own tool.
    assert argon2id(b"password", b"somesaltsomesalt", 8192, 1).hex() == \
        "84fb006bbc3cd69895722b64b5bf735251a9e8e9f3ecb93ff595b98aeb7accb7"
    # RFC 7748 section 6.1, and RFC 8032 section 7.1, test 2.
    alice = bytes.fromhex("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a")
    bob = x25519(bytes.fromhex("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb"), BASE_U)
    assert x25519(alice, bob).hex() == "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742"
    seed = bytes.fromhex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb")
    assert ed25519_sign(seed, b"r").hex() == (
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00")


def main():
    self_test()
    OUT.mkdir(exist_ok=True)
    for old in OUT.glob("*.vec"):
        # Those of the manual pages are worked_example.py's.
        if not old.name.startswith("accept_worked_example_"):
            old.unlink()
    for group in (good, preamble, header_json, alterations, lengths, content, quorum, signatures, sealed_entries):
        group()
    print(f"{len(WRITTEN)} vectors in {OUT}")


if __name__ == "__main__":
    main()
