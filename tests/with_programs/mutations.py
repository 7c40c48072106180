"""Changes a bundle in hundreds of ways and asks both readers what is wrong with it: they must say the same.

Half of the changes are to the header as text, with a fresh trailer, because two readers differ most easily in how
strictly they take JSON. A failure names the seed with which the same run comes again.
"""
import collections, hashlib, os, random, subprocess, sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "..", "vectors"))
import restore

LIFEBOAT, WORK = sys.argv[1:3]
SEED = int(sys.argv[3]) if len(sys.argv) > 3 else random.randrange(1 << 32)
CHANGES = 800
PIECES = ['"', "{", "}", "[", "]", ",", ":", "0", "00", "-0", "-1", "1.0", "1e3", "18446744073709551615",
          "18446744073709551616", "null", "true", "NaN", " ", "\t", "\n", "\r", "\u00e9", "\ufeff", "\x01", "\x7f",
          "\\u0000", "\\ud800", "\\ud83d\\ude00", "\\/", "\\x", "keyfile", "passphrase", '"alg":1,', '"a":1,',
          '"crit":["x"],', '"kdf":{},', '"type":"quorum",', '"x":{"y":[[]]},']
PIECES += ['"deep":%s%s,' % ("[" * levels, "]" * levels) for levels in (125, 126, 127, 128, 2000)]
# Words of a message, as either reader puts them, and the class they stand for.
CLASSES = [("not a Lifeboat", "no Lifeboat file"), ("container version", "version"), ("newer", "newer"), ("kind", "kind"),
           ("not a bundle", "kind"), ("slot does not belong", "slot altered"), ("header does not belong", "header altered"),
           ("body does not belong", "body altered"), ("reserved", "bad header"), ("header is not valid", "bad header"),
           ("out of range", "damaged"), ("checksum", "checksum"), ("fits no payload", "length"),
           ("too early", "damaged"), ("incomplete", "damaged"), ("inside the preamble", "damaged")]


def class_of(status, text):
    # "changed or copied incompletely" is how both explain a checksum.
    text = text.replace("copied incompletely", "")
    return status, next((name for words, name in CLASSES if words in text), "")


def independent(data, key_file):
    try:
        container = restore.Container(data)
        if container.kind != b"\2":
            raise restore.Stop(restore.DAMAGED, "not a bundle")
        container.payload(container.master_key(lambda: None, key_file))
        return class_of(0, "")
    except restore.Stop as stop:
        return class_of(stop.args[0], str(stop))


def ours(path):
    command = [LIFEBOAT, "--sandbox", "kill", "--no-input", "bundle", "verify", "--bundle-key-file", WORK + "/bundle-key", path]
    done = subprocess.run(command, env={"HOME": WORK + "/home", "PATH": "/usr/bin:/bin"}, capture_output=True, text=True)
    return class_of(done.returncode, done.stderr if done.returncode else "")


def with_trailer(data):
    return data + hashlib.sha256(data).digest()


def changed(bundle, chance):
    length = int.from_bytes(bundle[12:16], "big")
    header, kind = bundle[16:16 + length].decode(), chance.randrange(4)
    if kind < 2:
        names = [header.find(name) for name in ('"slots"', '"type"', '"crit"', '"salt"', '"info"')]
        at = chance.choice([chance.randrange(len(header) + 1), *names])
        header = header[:at] + chance.choice(PIECES) + header[at + chance.choice([0, 0, 1, 2, 8]):]
        raw = header.encode()
        return with_trailer(bundle[:12] + len(raw).to_bytes(4, "big") + raw + bundle[16 + length:-32])
    if kind == 2:
        data = bytearray(bundle)
        at = chance.choice([chance.randrange(16), chance.randrange(48 + length), chance.randrange(len(data))])
        data[at] = chance.randrange(256)
        return bytes(data) if chance.random() < 0.2 else with_trailer(bytes(data[:-32]))
    cut = bundle[:chance.choice([chance.randrange(200), chance.randrange(len(bundle))])]
    return cut if chance.random() < 0.5 else with_trailer(cut)


def main():
    with open(WORK + "/bundle", "rb") as file:
        bundle = file.read()
    key_file, chance, seen, differing = restore.read_key_file(WORK + "/bundle-key"), random.Random(SEED), collections.Counter(), 0
    for number in range(CHANGES):
        data = changed(bundle, chance)
        with open(WORK + "/changed", "wb") as file:
            file.write(data)
        left, right = independent(data, key_file), ours(WORK + "/changed")
        seen[left[1]] += 1
        if left != right:
            differing += 1
            print("change %d of seed %d: restore.py says %s, lifeboat %s" % (number, SEED, left, right), file=sys.stderr)
    print("%d changed bundles, %d told differently (seed %d): %s"
          % (CHANGES, differing, SEED, ", ".join("%d %s" % (n, name or "whole") for name, n in seen.most_common())))
    return 1 if differing else 0


sys.exit(main())
