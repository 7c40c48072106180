"""Opens every vector of a folder with restore.py and compares what it says with what the vector expects.

A vector is header lines (`name: value`), an empty line, and the bytes of a file in hexadecimal.
"""
import base64, hashlib, json, pathlib, subprocess, sys, tempfile

READER = pathlib.Path(__file__).resolve().parents[2] / "vectors" / "restore.py"
# What restore.py may end with for each class of the vectors' README. A derivation is refused as too costly, or as one
# that no writer makes.
STATUSES = {"success": {0}, "no slot": {3}, "kdf refused": {5, 8}, "not an envelope": {5}, "bad header": {5},
            "unsupported version": {5}, "damaged": {5}, "altered": {5}, "bad content": {5}, "wrong kind": {0, 5}, "wrong credential": {3}}
WORDS = {"not an envelope": ("not a Lifeboat file",), "unsupported version": ("version", "newer", "kind"),
         "bad content": ("its content is not as written",),
         "bad header": ("header", "reserved", "altered", "derivation's numbers", "newer reader")}


def run(path, work):
    head, body = path.read_bytes().split(b"\n\n", 1)
    body = bytes.fromhex(body.decode())
    fields = dict(line.split(": ", 1) for line in head.decode().split("\n") if not line.startswith("#"))
    file, key, passphrase = work / "file", work / "key", work / "passphrase"
    file.write_bytes(body)
    command = [sys.executable, str(READER), str(file), "--json"]
    if "key-file-hex" in fields:
        encoded = base64.b64encode(bytes.fromhex(fields["key-file-hex"])).decode()
        key.write_text("lifeboat-key-file/1\n%s\n" % encoded)
        command += ["--key-file", str(key)]
    if "passphrase" in fields:
        passphrase.write_bytes(fields["passphrase"].encode() + b"\n")
        command += ["--passphrase-file", str(passphrase)]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=600)
    expected = fields["expect"].strip()
    if expected not in STATUSES:
        return "unknown class %r" % expected
    if done.returncode not in STATUSES[expected]:
        return "expected %s, got status %d: %s" % (expected, done.returncode, done.stderr.decode().strip())
    said = done.stderr.decode()
    if expected in WORDS and not any(word in said for word in WORDS[expected]):
        return "expected %s, said: %s" % (expected, said.strip())
    # restore.py opens vaults and bundles alike, so a file of the other kind is no failure for it.
    if expected == "wrong kind":
        return None
    if expected != "success":
        return "printed content all the same" if done.stdout else None
    # The hash is over the bytes of the document; --json prints it anew, so it is compared by value below.
    sys.path.insert(0, str(READER.parent))
    import restore
    restore.say = lambda *_, **__: None
    container = restore.Container(body)
    key_bytes = bytes.fromhex(fields["key-file-hex"]) if "key-file-hex" in fields else None
    typed = fields.get("passphrase")
    normalized = None if typed is None else restore.unicodedata.normalize("NFC", typed).encode()
    document = container.payload(container.master_key(lambda: normalized, key_bytes))
    if json.loads(document.decode()) != json.loads(done.stdout.decode()):
        return "--json prints something else"
    wanted = fields.get("payload-sha256")
    return None if wanted in (None, hashlib.sha256(document).hexdigest()) else "the content's hash differs"


def main():
    paths = sorted(pathlib.Path(sys.argv[1]).glob("*.vec"))
    failed = 0
    with tempfile.TemporaryDirectory() as work:
        for path in paths:
            for old in pathlib.Path(work).iterdir():
                old.unlink()
            problem = run(path, pathlib.Path(work))
            if problem:
                failed += 1
                print("%s: %s" % (path.name, problem), file=sys.stderr)
    print("%d vectors, %d of them read differently" % (len(paths), failed))
    return 1 if failed or not paths else 0


if __name__ == "__main__":
    sys.exit(main())
