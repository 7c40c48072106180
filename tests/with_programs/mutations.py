"""Changes a bundle in hundreds of ways and asks both readers what is wrong with it: they must say the same.

Half of the changes are to the header as text, with a fresh trailer, because two readers differ most easily in how
strictly they take JSON. A failure names the seed with which the same run comes again.

    python3 mutations.py LIFEBOAT WORK QUORUM [SEED]

LIFEBOAT opens a bundle with a key file, and QUORUM, an example that calls the library, one for shares: there the
slot's fields, the lengths and the signature are changed too.
"""
import collections, hashlib, json, os, random, subprocess, sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "..", "vectors"))
import make_envelope as writer
import restore

LIFEBOAT, WORK, QUORUM = sys.argv[1:4]
SEED = int(sys.argv[4]) if len(sys.argv) > 4 else random.randrange(1 << 32)
CHANGES, QUORUM_CHANGES = 800, 1200
PIECES = ['"', "{", "}", "[", "]", ",", ":", "0", "00", "-0", "-1", "1.0", "1e3", "18446744073709551615",
          "18446744073709551616", "null", "true", "NaN", " ", "\t", "\n", "\r", "\u00e9", "\ufeff", "\x01", "\x7f",
          "\\u0000", "\\ud800", "\\ud83d\\ude00", "\\/", "\\x", "keyfile", "passphrase", '"alg":1,', '"a":1,',
          '"crit":["x"],', '"kdf":{},', '"type":"quorum",', '"x":{"y":[[]]},']
PIECES += ['"deep":%s%s,' % ("[" * levels, "]" * levels) for levels in (125, 126, 127, 128, 2000)]
QUORUM_NAMES = ['"epk"', '"fp"', '"m"', '"n"', '"replaced"', '"scheme"', '"set"', '"at"', '"type":"quorum"']
QUORUM_PIECES = PIECES + ["1", "3", "16", "17", "258", "32767", "32768", "65540", '"00000000",', '"fp":[],', '"m":2,',
                          '"replaced":[],', '"replaced":null,', '{"at":1,"set":7},' * 7, '{"set":7}', "quorum", "slip39-x25519"]
# Words of a message, as either reader puts them, and the class they stand for.
CLASSES = [("not a Lifeboat", "no Lifeboat file"), ("container version", "version"), ("newer", "newer"), ("kind", "kind"),
           ("not a bundle", "kind"),
           ("another kind", "kind"), ("signature does not belong", "signature"), ("and this one is not", "unsigned"), ("padding", "padding"),
           ("slot does not belong", "slot altered"), ("header does not belong", "header altered"),
           ("body does not belong", "body altered"), ("reserved", "bad header"), ("header is not valid", "bad header"),
           ("out of range", "damaged"), ("checksum", "checksum"), ("fits no payload", "length"),
           ("too early", "damaged"), ("incomplete", "damaged"), ("inside the preamble", "damaged")]


def class_of(status, text):
    # "changed or copied incompletely" is how both explain a checksum.
    text = text.replace("copied incompletely", "")
    return status, next((name for words, name in CLASSES if words in text), "")


def independent(data, key_file=None, secret=None):
    try:
        # Of a vault it is said first that it is no bundle, as the page has it.
        container = restore.Container(data, kinds=b"\2")
        plain = container.payload(container.master_key(lambda: None, key_file, recovery_secret=lambda _: secret))
        container.check_maker(json.loads(plain.decode()))
        return class_of(0, "")
    except restore.Stop as stop:
        return class_of(stop.args[0], str(stop))


def ours(path):
    command = [LIFEBOAT, "--sandbox", "kill", "--no-input", "bundle", "verify", "--bundle-key-file", WORK + "/bundle-key", path]
    done = subprocess.run(command, env={"HOME": WORK + "/home", "PATH": "/usr/bin:/bin"}, capture_output=True, text=True)
    return class_of(done.returncode, done.stderr if done.returncode else "")


def with_trailer(data):
    return data + hashlib.sha256(data).digest()


def changed(bundle, chance, names=('"slots"', '"type"', '"crit"', '"salt"', '"info"'), pieces=PIECES):
    length = int.from_bytes(bundle[12:16], "big")
    header, kind = bundle[16:16 + length].decode(), chance.randrange(4)
    if kind < 2:
        # Before the name, or behind it and the colon.
        names = [header.find(name) + chance.choice([0, len(name) + 1]) for name in names]
        at = chance.choice([chance.randrange(len(header) + 1), *names])
        header = header[:at] + chance.choice(pieces) + header[at + chance.choice([0, 0, 1, 2, 8]):]
        raw = header.encode()
        return with_trailer(bundle[:12] + len(raw).to_bytes(4, "big") + raw + bundle[16 + length:-32])
    if kind == 2:
        data = bytearray(bundle)
        at = chance.choice([chance.randrange(16), chance.randrange(48 + length), chance.randrange(len(data))])
        data[at] = chance.randrange(256)
        return bytes(data) if chance.random() < 0.2 else with_trailer(bytes(data[:-32]))
    cut = bundle[:chance.choice([chance.randrange(200), chance.randrange(len(bundle))])]
    return cut if chance.random() < 0.5 else with_trailer(cut)


def resealed(made, chance):
    """Changes what is inside and seals it again: the lengths, the document, the signature."""
    plain = bytearray(made.framed())
    behind = 4 + len(made.payload)
    for _ in range(chance.randrange(1, 3)):
        at = chance.choice([chance.randrange(4), behind + chance.randrange(4), chance.randrange(4, behind),
                            *[behind + 4 + chance.randrange(len(made.signature)) for _ in range(6)], chance.randrange(len(plain))])
        if chance.random() < 0.1:
            plain[at:at + 1] = b""
            plain += b"\0"
        else:
            plain[at] = chance.choice([0, 1, plain[at] ^ 1 << chance.randrange(8), chance.randrange(256)])
    return made.build(plaintext=bytes(plain))


def quorum(chance):
    """One line for each change: what it was, and what either reader says of it."""
    made = writer.for_shares(replaced=[{"set": 7, "at": 1700000000}])
    bundle, files = made.build(), []
    for number in range(QUORUM_CHANGES):
        data = resealed(made, chance) if number % 4 == 0 else changed(bundle, chance, QUORUM_NAMES, QUORUM_PIECES)
        with open("%s/quorum-changed-%d" % (WORK, number), "wb") as file:
            file.write(data)
        files.append((file.name, independent(data, secret=writer.SET.secret)))
    paths = "".join(name + "\n" for name, _ in files)
    done = subprocess.run([QUORUM, "open", writer.SET.secret.hex()], input=paths, capture_output=True, text=True, check=True)
    lines = done.stdout.splitlines()
    assert len(lines) == len(files)
    for (name, left), line in zip(files, lines):
        os.remove(name)
        status, _, text = line.partition(" ")
        yield left, class_of(int(status), text)


def by_key_file(chance):
    with open(WORK + "/bundle", "rb") as file:
        bundle = file.read()
    key_file = restore.read_key_file(WORK + "/bundle-key")
    for _ in range(CHANGES):
        data = changed(bundle, chance)
        with open(WORK + "/changed", "wb") as file:
            file.write(data)
        yield independent(data, key_file), ours(WORK + "/changed")


def main():
    restore.say, total = lambda *_, **__: None, 0
    for what, answers in (("bundles", by_key_file), ("bundles for shares", quorum)):
        seen, differing = collections.Counter(), 0
        for number, (left, right) in enumerate(answers(random.Random(SEED))):
            seen[left[1]] += 1
            if left != right:
                differing += 1
                print("change %d of seed %d: restore.py says %s, lifeboat %s" % (number, SEED, left, right), file=sys.stderr)
        print("%d changed %s, %d told differently (seed %d): %s"
              % (sum(seen.values()), what, differing, SEED, ", ".join("%d %s" % (n, name or "whole") for name, n in seen.most_common())))
        total += differing
    return 1 if total else 0


sys.exit(main())
