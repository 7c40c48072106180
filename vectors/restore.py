#!/usr/bin/env python3
"""Opens Lifeboat vaults and bundles with nothing but Python 3.8 or later, and prints otpauth URIs.

    python3 restore.py FILE                   asks for the passphrase
    python3 restore.py --key-file KEY FILE    with a key file, alone or beside the passphrase
    python3 restore.py --no-secrets FILE      names alone
    python3 restore.py --salvage FILE         whatever can be read of a damaged file

It shares no code with Lifeboat: it follows lifeboat-vault(5) and lifeboat-bundle(5) and uses the standard
library alone. What it prints are secrets: keep the screen and its scrollback in mind.
Exit status: 0 done, 1 failed, 2 usage, 3 wrong credential, 4 no such file, 5 damaged or not known,
8 the key derivation asks for more than the limit.
"""
import argparse, base64, getpass, hashlib, hmac, json, re, struct, sys, time, unicodedata
from operator import itemgetter, mul
from urllib.parse import quote

MAGIC, STEP, LARGEST = b"\x89LFB\r\n\x1a\n", 16384, 64 << 20
FAILED, WRONG, ABSENT, DAMAGED, COSTLY = 1, 3, 4, 5, 8
number = int.from_bytes

class Stop(Exception):
    """Ends the program with an exit status and a message."""
    def __str__(self):
        return self.args[1]

def say(text, end="\n"):
    print(text, end=end, file=sys.stderr, flush=True)

# --- HKDF-SHA256 (RFC 5869) and ChaCha20-Poly1305 (RFC 8439) ------------------------------------------

def hkdf(ikm, salt, info, length):
    prk, okm, block = hmac.new(salt, ikm, "sha256").digest(), b"", b""
    while len(okm) < length:
        block = hmac.new(prk, block + info + bytes([len(okm) // 32 + 1]), "sha256").digest()
        okm += block
    return okm[:length]

def chacha20_block(key, counter, nonce):
    start = struct.unpack("<16I", b"expand 32-byte k" + key + struct.pack("<I", counter) + nonce)
    v = list(start)
    for _ in range(10):
        for a, b, c, d in ((0, 4, 8, 12), (1, 5, 9, 13), (2, 6, 10, 14), (3, 7, 11, 15),
                           (0, 5, 10, 15), (1, 6, 11, 12), (2, 7, 8, 13), (3, 4, 9, 14)):
            for x, y, z, turn in ((a, b, d, 16), (c, d, b, 12), (a, b, d, 8), (c, d, b, 7)):
                v[x] = (v[x] + v[y]) & 0xFFFFFFFF
                turned = v[z] ^ v[x]
                v[z] = (turned << turn | turned >> 32 - turn) & 0xFFFFFFFF
    return struct.pack("<16I", *((x + y) & 0xFFFFFFFF for x, y in zip(v, start)))

def chacha20(key, data, nonce=bytes(12)):
    stream = b"".join(chacha20_block(key, n + 1, nonce) for n in range((len(data) + 63) // 64))
    return (number(data, "big") ^ number(stream[:len(data)], "big")).to_bytes(len(data), "big")

def poly1305_tag(key, aad, ciphertext, nonce=bytes(12)):
    r, s = (number(half, "little") for half in struct.unpack("16s16s32x", chacha20_block(key, 0, nonce)))
    padded, total = [part + bytes(-len(part) % 16) for part in (aad, ciphertext)], 0
    message = b"".join(padded) + struct.pack("<2Q", len(aad), len(ciphertext))
    for at in range(0, len(message), 16):
        total += number(message[at:at + 16] + b"\1", "little")
        total = total * (r & 0x0FFFFFFC0FFFFFFC0FFFFFFC0FFFFFFF) % ((1 << 130) - 5)
    return ((total + s) % (1 << 128)).to_bytes(16, "little")

def aead_open(key, aad, sealed):
    """The plaintext, or None when the tag does not fit."""
    fits = hmac.compare_digest(poly1305_tag(key, aad, sealed[:-16]), sealed[-16:])
    return chacha20(key, sealed[:-16]) if fits else None

# --- Argon2id version 0x13 (RFC 9106) -----------------------------------------------------------------
# The 128 words of a block are permuted as eight rows, then as eight columns, of sixteen words each. All
# eight go at once: a big integer holds 32 words 128 bits apart, so that one addition, exclusive or or
# shift serves them all; only the multiplications are done word by word.

L1, L16, L24, L32, L40, L48, L63, L64 = (
    sum((1 << bits) - 1 << 128 * n for n in range(32)) for bits in (1, 16, 24, 32, 40, 48, 63, 64))
ALL, WORDS, LOW = (1 << 4096) - 1, struct.Struct("<128Q"), struct.Struct("<" + "I12x" * 32)
PRODUCTS, SPREAD = struct.Struct("<" + "Q8x" * 32), struct.Struct("<" + "Q8x" * 128)
PLACES = [(i, j, n) for i in range(4) for j in range(4) for n in range(8)]
ROWS = [16 * n + 4 * i + j for i, j, n in PLACES]
COLUMNS = [16 * (2 * i + j // 2) + 2 * n + j % 2 for i, j, n in PLACES]
TO_ROWS, ROWS_TO_COLUMNS = itemgetter(*ROWS), itemgetter(*map(ROWS.index, COLUMNS))
COLUMNS_TO_WORDS = itemgetter(*map(COLUMNS.index, range(128)))

def multiply_add(x, y, low=LOW.unpack):
    products = map(mul, low(x.to_bytes(512, "little")), low(y.to_bytes(512, "little")))
    return x + y + 2 * number(PRODUCTS.pack(*products), "little") & L64

def mix(a, b, c, d):
    a = multiply_add(a, b); d ^= a; d = d >> 32 & L32 | (d & L32) << 32
    c = multiply_add(c, d); b ^= c; b = b >> 24 & L40 | (b & L24) << 40
    a = multiply_add(a, b); d ^= a; d = d >> 16 & L48 | (d & L16) << 48
    c = multiply_add(c, d); b ^= c; b = b >> 63 & L1 | (b & L63) << 1
    return a, b, c, d

def permute(words):
    data = SPREAD.pack(*words)
    a, b, c, d = mix(*(number(data[at:at + 512], "little") for at in range(0, 2048, 512)))
    turn = lambda x, n: x >> 1024 * n | x << 4096 - 1024 * n & ALL
    a, b, c, d = mix(a, turn(b, 1), turn(c, 2), turn(d, 3))
    turned = (a, turn(b, 3), turn(c, 2), turn(d, 1))
    return SPREAD.unpack(b"".join(x.to_bytes(512, "little") for x in turned))

def compress(x, y):
    x ^= y
    rows = permute(TO_ROWS(WORDS.unpack(x.to_bytes(1024, "little"))))
    return x ^ number(WORDS.pack(*COLUMNS_TO_WORDS(permute(ROWS_TO_COLUMNS(rows)))), "little")

def long_hash(data, length):
    data, out = struct.pack("<I", length) + data, b""
    while True:
        data = hashlib.blake2b(data, digest_size=min(length - len(out), 64)).digest()
        if length - len(out) <= 64:
            return out + data
        out += data[:32]

def argon2id(passphrase, salt, m, t, p, length=32, secret=b"", ad=b"", progress=lambda part: None):
    seed = struct.pack("<6I", p, length, m, t, 19, 2)
    for part in (passphrase, salt, secret, ad):
        seed += struct.pack("<I", len(part)) + part
    seed, segment = hashlib.blake2b(seed).digest(), m // (4 * p)
    width = 4 * segment
    memory = [[number(long_hash(seed + struct.pack("<2I", n, lane), 1024), "little") for n in (0, 1)]
              + [0] * (width - 2) for lane in range(p)]
    for done in range(t * 4 * p):
        turn, piece, lane = done // (4 * p), done // p % 4, done % p
        blocks, start, first = memory[lane], piece * segment, turn == piece == 0
        for n in range(2 if first else 0, segment):
            if n % 256 == 0:
                progress((done + n / segment) / (t * 4 * p))
            if turn == 0 and piece < 2:
                if n % 128 == 0 or n == 2 and first:
                    asked = struct.pack("<7Q", turn, lane, piece, width * p, t, 2, n // 128 + 1)
                    asked = compress(0, compress(0, number(asked, "little")))
                    addresses = WORDS.unpack(asked.to_bytes(1024, "little"))
                random = addresses[n % 128]
            else:
                random = blocks[start + n - 1] & 0xFFFFFFFFFFFFFFFF
            other = lane if first else (random >> 32) % p
            area = (width - segment if turn else start) + (n - 1 if other == lane else -(n == 0))
            back = area - 1 - (area * ((random & 0xFFFFFFFF) ** 2 >> 32) >> 32)
            oldest = start + segment if turn else 0
            blocks[start + n] ^= compress(blocks[start + n - 1], memory[other][(oldest + back) % width])
    final = 0
    for blocks in memory:
        final ^= blocks[-1]
    return long_hash(final.to_bytes(1024, "little"), length)

# --- The container: lifeboat-vault(5), "THE CONTAINER" to "ORDER OF DIAGNOSIS" ------------------------

SLOT = (("sid", 4), ("salt", 32), ("commit", 32), ("wrap", 48))

def refuse(*_):
    raise ValueError

def whole_number(text):
    return int(text) if not text.startswith("-") and int(text) < 1 << 64 else refuse()

def without_repeats(pairs):
    return dict(pairs) if len(dict(pairs)) == len(pairs) else refuse()

def below(node):
    return node.values() if isinstance(node, dict) else node if isinstance(node, list) else None

def depth(node):
    return 0 if below(node) is None else 1 + max(map(depth, below(node)), default=0)

def field(node, name, kind, size=None):
    """A value of the header, of the type that the page gives: bytes are hexadecimal digits."""
    value = node.get(name) if isinstance(node, dict) else None
    if kind is bytes and isinstance(value, str) and re.fullmatch("([0-9a-f]{2}){%d}" % size, value):
        return bytes.fromhex(value)
    if kind is not bytes and type(value) is kind:
        return value
    raise Stop(DAMAGED, "the header is not valid: %s" % name)

def parse_header(raw, kind):
    try:
        header = json.loads(raw.decode(), object_pairs_hook=without_repeats, parse_int=whole_number,
                            parse_float=refuse, parse_constant=refuse)
        json.dumps(header, ensure_ascii=False).encode()  # Refuses half a surrogate pair.
        if b"\n" in raw or b"\r" in raw or depth(header) > 127:
            refuse()
    except (ValueError, RecursionError):
        raise Stop(DAMAGED, "the header is not valid: it is not one line of strict JSON")
    if field(header, "alg", str) != "hkdf-sha256+chacha20-poly1305":
        raise Stop(DAMAGED, "the header is not valid: alg")
    if field(header, "crit", list):
        raise Stop(DAMAGED, "the file needs a newer reader: it uses %a" % header["crit"][0])
    field(header, "id", bytes, 16), field(header, "salt", bytes, 32)
    if ("info" in header) != (kind == b"\2"):
        raise Stop(DAMAGED, "the header is not valid: info")
    if "info" in header:
        field(header["info"], "created", int)
        field(header["info"], "label", str) if "label" in header["info"] else None
    slots = field(header, "slots", list)
    for slot in slots:
        known = field(slot, "type", str) in ("passphrase", "keyfile", "passphrase+keyfile")
        slot["words"] = slot["type"].split("+") if known else []
        for name, size in SLOT if known else ():
            field(slot, name, bytes, size)
        if "passphrase" in slot["words"]:
            kdf = field(slot, "kdf", dict)
            field(kdf, "salt", bytes, 16)
            if (field(kdf, "alg", str), field(kdf, "v", int)) != ("argon2id", 19) or any(
                    field(kdf, name, int) >> 32 for name in "mtp"):
                raise Stop(DAMAGED, "the header is not valid: kdf")
    if not 1 <= len(slots) <= 16 or sum("passphrase" in slot["words"] for slot in slots) > 4:
        raise Stop(DAMAGED, "the header is not valid: number of slots")
    return header

class Container:
    """A file whose outside was checked. With `salvage`, damage behind the header is told and passed over."""
    def __init__(self, data, salvage=False):
        self.salvage = salvage
        if data[:8] != MAGIC:
            raise Stop(DAMAGED, "not a Lifeboat file")
        if len(data) > 8 and data[8] != 1:
            raise Stop(DAMAGED, "container version %d; this reader knows version 1" % data[8])
        if len(data) > 9 and data[9] not in (1, 2):
            raise Stop(DAMAGED, "the file is of an unknown kind (%d)" % data[9])
        end = 16 + number(data[12:16], "big")
        if len(data) < 16 or not 18 <= end <= 16 + 65536 or len(data) < end:
            raise Stop(DAMAGED, "the file is damaged: its header is incomplete")
        body = len(data) - end - 32 - 16 - 32
        if body < 0:
            self.damage("it ends too early; part of it is missing")
        if hashlib.sha256(data[:-32]).digest() != data[-32:]:
            self.damage("its checksum differs, so it was changed or copied incompletely")
        if body <= 0 or body % STEP or body > LARGEST:
            self.damage("its length fits no payload")
        if data[10:12] != b"\0\0":
            self.damage("the two reserved bytes are not zero")
        self.kind, self.raw, self.header = data[9:10], data[16:end], parse_header(data[16:end], data[9:10])
        self.bound, self.commit, self.sealed = data[:end + 32], data[end:end + 32], data[end + 32:-32]

    def damage(self, text):
        if not self.salvage:
            raise Stop(DAMAGED, "the file is damaged or was altered: " + text)
        say("DAMAGED: " + text)

    def expand(self, ikm, salt, label, more=b""):
        """The key, and the commitment that names it."""
        info = b"lifeboat/1/" + label.encode() + b"\0" + self.kind + bytes.fromhex(self.header["id"]) + more
        okm = hkdf(ikm, bytes.fromhex(salt), info, 64)
        return okm[:32], okm[32:]

    def master_key(self, passphrase, key_file, allow_cost=False):
        """Tries the slots, key files first because they cost nothing. `passphrase()` asks when it must."""
        tried, refused = 0, None
        for slot in sorted(self.header["slots"], key=lambda slot: "passphrase" in slot["words"]):
            ikm, refusal = b"", too_costly(slot["kdf"], allow_cost) if "passphrase" in slot["words"] else None
            refused = refused or refusal
            if refusal or not slot["words"] or "keyfile" in slot["words"] and not key_file:
                continue
            if "passphrase" in slot["words"]:
                if passphrase() is None:
                    continue
                ikm = stretch(passphrase(), slot["kdf"])
            if "keyfile" in slot["words"]:
                ikm += key_file
            tried, (key, commit) = tried + 1, self.expand(ikm, slot["salt"], "slot/" + slot["type"])
            if hmac.compare_digest(commit, bytes.fromhex(slot["commit"])):
                master = aead_open(key, b"lifeboat/1/wrap", bytes.fromhex(slot["wrap"]))
                return master or self.damage("a slot does not belong to the rest")
        raise refused or Stop(WRONG, "none of %d ways of opening it accepts what was given" % tried if tried
                              else "nothing that was given fits a way of opening this file")

    def payload(self, master):
        """The JSON document, or under `salvage` whatever could be deciphered."""
        digest = hashlib.sha256(self.raw).digest()
        key, commit = self.expand(master, self.header["salt"], "payload", digest)
        if not hmac.compare_digest(commit, self.commit):
            self.damage("the header does not belong to the rest")
        plain = aead_open(key, self.bound, self.sealed)
        if plain is None:
            self.damage("the body does not belong to the rest")
            return chacha20(key, self.sealed)
        end = 4 + number(plain[:4], "big")
        rest = end + 4 + number(plain[end:end + 4], "big")
        signed = self.kind == b"\2" and not all(slot["words"] for slot in self.header["slots"])
        if rest > len(plain) or end + 4 > len(plain) or any(plain[rest:]) or rest > end + 4 and not signed:
            self.damage("its padding is not as written")
        return plain[4:end]

def too_costly(kdf, allow_cost):
    m, t, p = kdf["m"], kdf["t"], kdf["p"]
    most_memory, most_work = ((4 << 20) - 1, 64 << 20) if allow_cost else (2 << 20, 16 << 20)
    if m < 8 << 10 or not 1 <= t <= 64 or not 1 <= p <= 16:
        return Stop(DAMAGED, "the key derivation's numbers are out of range")
    return None if m <= most_memory and m * t <= most_work else Stop(
        COSTLY, "the file asks for %d MiB of memory and %d passes, more than the limit of %d MiB, and %d MiB "
        "times passes; --allow-kdf-cost raises it" % (m >> 10, t, most_memory >> 10, most_work >> 10))

def stretch(passphrase, kdf):
    started, live = time.monotonic(), sys.stderr.isatty()

    def progress(part):
        left = (time.monotonic() - started) * (1 - part) / part if part else 0
        say("\r  %3d %%, about %d s left   " % (part * 100, left), end="") if live and part else None
    # Python fills some 9 000 blocks of 1 KiB a second on a computer of these years.
    say("Deriving the key: %d MiB, %d pass%s; roughly %d s in Python."
        % (kdf["m"] >> 10, kdf["t"], "es" if kdf["t"] > 1 else "", kdf["m"] * kdf["t"] // 9000 + 1))
    key = argon2id(passphrase, bytes.fromhex(kdf["salt"]), kdf["m"], kdf["t"], kdf["p"], progress=progress)
    say("\r" + " " * 40 + "\r" if live else "", end="")
    return key

# --- The payload: lifeboat-vault(5), "THE PAYLOAD", and lifeboat-bundle(5) ----------------------------

class Repeating(dict):
    """An object that has a key twice: two readers could see two contents in it."""

def marked(pairs):
    return (dict if len(dict(pairs)) == len(pairs) else Repeating)(pairs)

def repeats(node):
    return isinstance(node, Repeating) or any(map(repeats, below(node) or ()))

def parse_content(text):
    """The document. A key that stands twice is damage; in an entry, that entry's alone."""
    content = json.loads(text, object_pairs_hook=marked)
    for node, apart in [(content, ("entries", "trash"))] + [(item, ("entry",)) for item in content.get("trash", [])]:
        if isinstance(node, Repeating) or repeats([node[name] for name in node if name not in apart]):
            refuse()
    return content

def uri_of(entry):
    issuer, kind, encode = entry["issuer"], entry["type"], lambda part: quote(part, safe="")
    moving = {"totp": "period", "steam": "period", "hotp": "counter"}[kind]
    fields = [("secret", entry["seed"])] + [("issuer", issuer)] * bool(issuer)
    fields += [(name, "%d" % entry[name] if name != "algorithm" else entry[name])
               for name in ("algorithm", "digits", moving)] + entry.get("uri_parameters", [])
    label = (encode(issuer) + ":" if issuer else "") + encode(entry["account"])
    return "otpauth://%s/%s?%s" % (kind, label, "&".join(encode(n) + "=" + encode(v) for n, v in fields))

def visible(text):
    """Shows what stands in a file without letting it command the terminal."""
    return "".join(c if c.isprintable() else "\\u{%x}" % ord(c) for c in text)

def show(entries, no_secrets):
    for place, entry in enumerate(entries, 1):
        try:
            uri = refuse() if repeats(entry) else uri_of(entry)
            print(visible("%s: %s" % (entry["issuer"], entry["account"])) if no_secrets else uri)
        except (KeyError, TypeError, ValueError):
            say("Entry %d cannot be read by this program; --json prints it as it stands." % place)
    say("%d %s." % (len(entries), "entry" if len(entries) == 1 else "entries"))

def show_salvaged(plain, no_secrets):
    say("UNAUTHENTICATED: what follows may be wrong in any place, or somebody's invention.\n"
        "UNAUTHENTICATED: try every other copy of the file first, and each account before relying on it.")
    text, behind, entries = plain.decode("utf-8", "replace"), 0, []
    for start in (match.start() for match in re.finditer(r'\{"id":', text)):
        try:
            if start >= behind:
                entry, behind = json.JSONDecoder().raw_decode(text, start)
                entries += [entry] if "seed" in entry else []
        except (ValueError, RecursionError):
            piece = "" if no_secrets else ": " + visible(text[start:start + 300].split("\0")[0])
            say("UNAUTHENTICATED: an entry is broken here" + piece)
    show(entries, no_secrets)

# --- The program --------------------------------------------------------------------------------------

def read_file(path, limit=LARGEST + (1 << 17)):
    try:
        with sys.stdin.buffer if path == "-" else open(path, "rb") as file:
            data = file.read(limit + 1)
    except FileNotFoundError:
        raise Stop(ABSENT, "there is no file %s" % path)
    if len(data) > limit:
        raise Stop(DAMAGED, "%s is larger than such a file can be" % path)
    return data

def read_key_file(path):
    try:
        lines = read_file(path, 4096).decode("ascii").replace("\r\n", "\n").split("\n")
        key = base64.b64decode(lines[1], validate=True) if lines[0] == "lifeboat-key-file/1" else b""
        return key if len(key) == 32 and lines[2:] in ([], [""]) else refuse()
    except (ValueError, IndexError):
        raise Stop(WRONG, "%s is not a Lifeboat key file" % path)

def self_test():
    key, digits = bytes(range(0x80, 0xA0)), bytes.fromhex
    text = (b"Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, "
            b"sunscreen would be it.")
    nonce, aad = digits("070000004041424344454647"), digits("50515253c0c1c2c3c4c5c6c7")
    results = [
        ("Argon2id, RFC 9106 section 5.3", "0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659",
         argon2id(b"\1" * 32, b"\2" * 16, 32, 3, 4, 32, b"\3" * 8, b"\4" * 12)),
        ("ChaCha20-Poly1305, RFC 8439 section 2.8.2", "1ae10b594f09e26a7e902ecbd0600691",
         poly1305_tag(key, aad, chacha20(key, text, nonce), nonce)),
        ("HKDF-SHA256, RFC 5869 section A.1", "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf"
         "34007208d5b887185865", hkdf(b"\x0b" * 22, bytes(range(13)), bytes(range(0xF0, 0xFA)), 42))]
    for name, wanted, got in results:
        print("%-4s  %s" % ("ok" if got.hex() == wanted else "FAIL", name))
    return 0 if all(got.hex() == wanted for _, wanted, got in results) else FAILED

def main():
    cli = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    cli.add_argument("file", nargs="?", help="the vault or bundle")
    cli.add_argument("--passphrase-file", metavar="PATH", help="read the passphrase from a file (- is stdin)")
    cli.add_argument("--key-file", metavar="PATH", help="use this key file, alone or with the passphrase")
    cli.add_argument("--no-secrets", action="store_true", help="print names instead of otpauth URIs")
    cli.add_argument("--json", action="store_true", help="print the whole content as it stands")
    cli.add_argument("--salvage", action="store_true", help="print what can be read of a damaged file")
    cli.add_argument("--allow-kdf-cost", action="store_true", help="raise the limit of the key derivation")
    cli.add_argument("--self-test", action="store_true", help="check the ciphers against the RFCs and stop")
    args = cli.parse_args()
    if args.self_test:
        return self_test()
    container = Container(read_file(args.file or cli.error("which file?")), args.salvage)
    key_file, typed = read_key_file(args.key_file) if args.key_file else None, []

    def passphrase():
        if not typed and args.passphrase_file:
            typed.append(re.sub(rb"\r?\n\Z", b"", read_file(args.passphrase_file, 1 << 16)).decode())
        elif not typed:
            typed.append(getpass.getpass("Passphrase: ", sys.stderr) if sys.stdin.isatty() else None)
        return None if typed[0] is None else unicodedata.normalize("NFC", typed[0]).encode()

    plain = container.payload(container.master_key(passphrase, key_file, args.allow_kdf_cost) or bytes(32))
    try:
        content = parse_content(plain.decode())
        if content["schema"] > 1:
            raise Stop(DAMAGED, "the content has schema %s; this reader knows schema 1" % content["schema"])
        print(json.dumps(content, indent=1)) if args.json else show(content["entries"], args.no_secrets)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        container.damage("its content is not as written")
        show_salvaged(plain, args.no_secrets)
        return DAMAGED
    return 0

if __name__ == "__main__":
    try:
        sys.exit(main())
    except Stop as stop:
        say("restore.py: %s" % stop)
        sys.exit(stop.args[0])
    except KeyboardInterrupt:
        sys.exit(130)
    except (OSError, UnicodeDecodeError) as error:
        say("restore.py: %s" % error)
        sys.exit(FAILED)
