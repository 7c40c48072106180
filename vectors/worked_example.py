#!/usr/bin/env python3
"""Makes the vault and the two bundles of the worked examples, and prints the values that the manual pages show.

    python3 worked_example.py            prints the examples
    python3 worked_example.py --check    compares vectors/envelope and man/ with what this makes
    python3 worked_example.py --write    writes them

The three files are the only vectors that Lifeboat's own writer did not make: they are put together here
from restore.py's ciphers and the order of bytes in lifeboat-vault(5). Every value that must be random in
a real file counts upwards from a byte instead, so that anybody can follow; the derivation is the cheapest
that a reader accepts, and one that a writer never uses.
"""
import base64, hashlib, json, pathlib, struct, sys, textwrap, unicodedata

sys.dont_write_bytecode = True
import restore

ROOT = pathlib.Path(__file__).resolve().parent.parent
PASSPHRASE, KEY_FILE, MASTER = "Zu\u0308rich, 2 Uhr", bytes(range(0x20, 0x40)), bytes(range(0x40, 0x60))
COST = {"alg": "argon2id", "v": 19, "m": 8192, "t": 1, "p": 1}
ENTRY = {"id": "000102030405060708090a0b0c0d0e0f", "issuer": "ACME", "account": "ana@example.com",
         "seed": "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", "type": "totp", "algorithm": "SHA1", "digits": 6,
         "period": 30, "created": 1767225600, "updated": 1767225600}
SHARES = """\
adequate biology academic acid blessing lyrics keyboard angel anxiety phrase rumor rainbow loud pacific loud exhaust papa trial true patent
adequate biology academic agency database sprinkle building result together evoke jerky mortgage usual sled armed timely legs spine galaxy evening
adequate biology academic always column dilemma radar standard music hamster sweater visitor custody downtown wine rhyme grin senior quick elite
""".splitlines()
SIGNING = bytes(range(0xD0, 0xF0))
# What an example for shares has like the others, and is not shown again.
ORDINARY = ("content", "info of the payload", "key of the payload", "commitment of the payload",
            "first 32 bytes of the ciphertext", "tag", "length of the file")
VAULT_ID, PUBLIC_KEY, HEAD = bytes(range(16)).hex(), bytes(range(0x90, 0xB0)).hex(), bytes(32).hex()


def compact(value):
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def count_from(first, length):
    return bytes((first + n) % 256 for n in range(length))


class Example:
    """One file, and the values on the way to it."""

    def __init__(self, name, kind, id_first, slot_types, content, info=None):
        self.name, self.kind, self.values = name, kind, []
        self.id = count_from(id_first, 16)
        header = {"alg": "hkdf-sha256+chacha20-poly1305", "crit": [], "id": self.id.hex(),
                  "salt": count_from(0xC0, 32).hex(), "slots": []}
        for place, slot_type in enumerate(slot_types):
            header["slots"].append(self.slot(slot_type, place))
        if info:
            header["info"] = info
        raw = json.dumps(header, separators=(",", ":"), sort_keys=True).encode()
        self.note("header, H = %d" % len(raw), raw.decode())
        digest = hashlib.sha256(raw).digest()
        key, commit = self.expand("payload", MASTER, count_from(0xC0, 32), digest)
        self.payload = compact(content).encode()
        self.note("content", self.payload.decode())
        self.is_quorum = "quorum" in slot_types
        signature = self.signature() if self.is_quorum else b""
        plain = struct.pack(">I", len(self.payload)) + self.payload + restore.string(signature)
        plain += bytes(-len(plain) % restore.STEP)
        bound = restore.MAGIC + bytes([1, kind, 0, 0]) + struct.pack(">I", len(raw)) + raw + commit
        sealed = self.seal(key, bound, plain)
        self.note("first 32 bytes of the ciphertext", sealed[:32])
        self.note("tag", sealed[-16:])
        self.file = bound + sealed + hashlib.sha256(bound + sealed).digest()
        self.note("trailer", self.file[-32:])
        self.note("length of the file", str(len(self.file)))

    def note(self, name, value):
        self.values.append((name, value if isinstance(value, str) else value.hex()))

    def expand(self, label, ikm, salt, more=b""):
        info = b"lifeboat/1/" + label.encode() + b"\0" + bytes([self.kind]) + self.id + more
        okm = restore.hkdf(ikm, salt, info, 64)
        for name, value in (("info", info), ("key", okm[:32]), ("commitment", okm[32:])):
            self.note("%s of the %s" % (name, label), value)
        return okm[:32], okm[32:]

    @staticmethod
    def seal(key, aad, plain):
        ciphertext = restore.chacha20(key, plain)
        return ciphertext + restore.poly1305_tag(key, aad, ciphertext)

    def slot(self, slot_type, place):
        slot = {"type": slot_type, "sid": count_from(0xE0 + 4 * place, 4).hex(),
                "salt": count_from(0x60 + 32 * place, 32).hex()}
        ikm = b""
        if "passphrase" in slot_type:
            kdf_salt = count_from(0xA0, 16)
            slot["kdf"] = dict(COST, salt=kdf_salt.hex())
            normalized = unicodedata.normalize("NFC", PASSPHRASE).encode()
            ikm = restore.argon2id(normalized, kdf_salt, COST["m"], COST["t"], COST["p"])
            self.note("passphrase, NFC, UTF-8", normalized)
            self.note("Argon2id's output", ikm)
        if "keyfile" in slot_type:
            ikm += KEY_FILE
            self.note("the key file's 32 bytes", KEY_FILE)
        if slot_type == "quorum":
            fields, ikm = self.quorum()
            slot.update(fields)
        key, commit = self.expand("slot/" + slot_type, ikm, bytes.fromhex(slot["salt"]))
        slot.update(commit=commit.hex(), wrap=self.seal(key, b"lifeboat/1/wrap", MASTER).hex())
        self.note("wrap of the slot/" + slot_type, slot["wrap"])
        return slot

    def quorum(self):
        """The fields of the slot, and the key material."""
        shares = [restore.Share(words) for words in SHARES]
        for share in shares:
            self.note("value of share %d" % share.number, share.value)
        self.secret = restore.combine({share.number - 1: share.value for share in shares[1:]})
        self.note("recovery secret", self.secret)
        private, ephemeral = restore.hkdf(self.secret, b"", b"lifeboat/1/share-set", 32), count_from(0xF0, 32)
        public, epk = (restore.x25519(key, restore.BASE_U) for key in (private, ephemeral))
        product = restore.x25519(ephemeral, public)
        for name, value in (("sk", private), ("pk", public), ("e", ephemeral), ("epk", epk), ("product", product)):
            self.note(name, value)
        checks = [hashlib.sha256(b"lifeboat/1/share" + share.value).digest()[:4].hex() for share in shares]
        return {"scheme": "slip39-x25519", "set": shares[0].set, "m": shares[0].needed, "n": len(shares), "fp": checks,
                "epk": epk.hex()}, product + epk + public

    def signature(self):
        message = bytes([self.kind]) + self.id + hashlib.sha256(self.payload).digest()
        self.note("message that is signed", message)
        text = restore.string
        signed = b"SSHSIG" + b"".join(map(text, (b"lifeboat-bundle", b"", b"sha512", hashlib.sha512(message).digest())))
        blob = b"SSHSIG" + struct.pack(">I", 1) + b"".join(map(text, (
            text(b"ssh-ed25519") + text(ed25519_public(SIGNING)), b"lifeboat-bundle", b"", b"sha512",
            text(b"ssh-ed25519") + text(ed25519_sign(SIGNING, signed)))))
        self.note("public key", ed25519_public(SIGNING))
        self.note("its fingerprint", restore.fingerprint(ed25519_public(SIGNING)))
        self.note("signature", blob)
        return blob

    def vector(self):
        kind = "vault" if self.kind == 1 else "bundle"
        lines = ["comment: the worked example of lifeboat-%s(5), not made by Lifeboat's own writer" % kind,
                 "expect: success", "kind: " + kind]
        if self.is_quorum:
            lines += ["recovery-secret-hex: " + self.secret.hex(), "share: " + SHARES[0], "share: " + SHARES[2],
                      "signed-by: " + restore.fingerprint(ed25519_public(SIGNING))]
        else:
            lines += ["passphrase: " + PASSPHRASE, "key-file-hex: " + KEY_FILE.hex()]
        lines += ["payload-sha256: " + hashlib.sha256(self.payload).hexdigest()]
        body = self.file.hex()
        lines += [""] + [body[at:at + 96] for at in range(0, len(body), 96)]
        return "\n".join(lines).encode() + b"\n"

    def text(self):
        """The values as lines of at most 72 characters."""
        lines = ["the passphrase as typed: %s" % ascii(PASSPHRASE).strip("'"),
                 "the key file's second line: %s" % base64.b64encode(KEY_FILE).decode(),
                 "master key:", *wrapped(MASTER.hex())]
        values = self.values
        if self.is_quorum:
            lines = [line for number, words in enumerate(SHARES, 1) for line in ["share %d:" % number, *wrapped(words, True)]]
            values = [(name, value) for name, value in values if name not in ORDINARY]
        for name, value in values:
            lines += [name + ":"] + wrapped(value)
        return "\n".join(lines)


def wrapped(text, at_spaces=False):
    return textwrap.wrap(text, 68, initial_indent="    ", subsequent_indent="    ",
                         break_on_hyphens=False, drop_whitespace=at_spaces)


def ed25519_parts(seed):
    half = hashlib.sha512(seed).digest()
    base = restore.decoded((4 * pow(5, restore.P - 2, restore.P) % restore.P).to_bytes(32, "little"))
    return int.from_bytes(half[:32], "little") & ~7 & (1 << 255) - 1 | 1 << 254, half[32:], base


def ed25519_public(seed):
    scalar, _, base = ed25519_parts(seed)
    return restore.encoded(restore.times(scalar, base))


def ed25519_sign(seed, message):
    """RFC 8032 section 5.1.6."""
    number = lambda *parts: int.from_bytes(hashlib.sha512(b"".join(parts)).digest(), "little") % restore.ORDER
    scalar, prefix, base = ed25519_parts(seed)
    r = number(prefix, message)
    first = restore.encoded(restore.times(r, base))
    s = (r + number(first, ed25519_public(seed), message) * scalar) % restore.ORDER
    return first + s.to_bytes(32, "little")


def examples():
    vault = Example("vault", 1, 0x00, ["passphrase", "keyfile"], {
        "schema": 1, "vault": {"id": VAULT_ID, "created": 1767225600, "generation": 1},
        "keys": {"log": count_from(0xB0, 32).hex(), "signing": SIGNING.hex()},
        "log": {"count": 0, "head": HEAD}, "entries": [ENTRY]})
    bundle = Example("bundle", 2, 0x10, ["passphrase+keyfile"], {
        "schema": 1, "bundle": {"created": 1767312000, "tool": "worked_example.py"},
        "vault": {"id": VAULT_ID, "created": 1767225600, "generation": 1, "public_key": PUBLIC_KEY},
        "log": {"count": 0, "head": HEAD}, "entries": [ENTRY]},
        info={"created": 1767312000, "label": "example"})
    quorum = Example("quorum", 2, 0x20, ["quorum"], {
        "schema": 1, "bundle": {"created": 1767312000, "tool": "worked_example.py"},
        "vault": {"id": VAULT_ID, "created": 1767225600, "generation": 1, "public_key": ed25519_public(SIGNING).hex()},
        "log": {"count": 0, "head": HEAD}, "entries": [ENTRY]},
        info={"created": 1767312000})
    return [vault, bundle, quorum]


def page_with(page, text, name="worked example"):
    """The manual page with the lines between its markers replaced."""
    begin, end = ('.\\" %s: %s\n' % (name, which) for which in ("begin", "end"))
    before, rest = page.split(begin)
    literal = text.replace("\\", "\\e").replace("-", "\\-")
    return before + begin + ".Bd -literal\n" + literal + "\n.Ed\n" + end + rest.split(end)[1]


def main():
    mode, differing = sys.argv[1] if len(sys.argv) > 1 else "", []
    for example in examples():
        page = ROOT / "man" / ("lifeboat-%s.5" % ("vault" if example.kind == 1 else "bundle"))
        marker = "worked quorum example" if example.is_quorum else "worked example"
        vector = ROOT / "vectors" / "envelope" / ("accept_worked_example_%s.vec" % example.name)
        wanted = {page: page_with(page.read_text("utf-8"), example.text(), marker).encode(), vector: example.vector()}
        if mode == "":
            print("--- %s\n%s\n" % (vector.name, example.text()))
        for path, content in wanted.items():
            if mode == "--write":
                path.parent.mkdir(exist_ok=True)
                path.write_bytes(content)
            elif mode == "--check" and (not path.exists() or path.read_bytes() != content):
                differing.append(str(path.relative_to(ROOT)))
    for path in differing:
        print("%s is not what worked_example.py makes; run it with --write" % path, file=sys.stderr)
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
