"""Opens every vector of a folder with restore.py and compares what it says with what the vector expects.

A vector is header lines (`name: value`), an empty line, and the bytes of a file in hexadecimal.
"""
import base64, hashlib, json, pathlib, subprocess, sys, tempfile

READER = pathlib.Path(__file__).resolve().parents[2] / "vectors" / "restore.py"
sys.dont_write_bytecode = True
sys.path.insert(0, str(READER.parent))
import restore

KINDS = {"vault": b"\1\2", "bundle": b"\1\2", "sealed entry": b"\4"}
# What restore.py may end with for each class of the vectors' README. A derivation is refused as too costly, or as one
# that no writer makes.
STATUSES = {"success": {0}, "no slot": {3}, "kdf refused": {5, 8}, "not an envelope": {5}, "bad header": {5},
            "unsupported version": {5}, "damaged": {5}, "altered": {5}, "bad content": {5}, "wrong kind": {0, 5}, "wrong credential": {3}}
WORDS = {"not an envelope": ("not a Lifeboat file",), "unsupported version": ("version", "newer", "kind"),
         "bad content": ("its content is not as written",), "altered": ("does not belong",),
         "bad header": ("header", "reserved", "altered", "derivation's numbers", "newer reader")}


def fields_and_body(path):
    """The header lines, those with one value and those of shares, and the bytes."""
    head, body = path.read_bytes().split(b"\n\n", 1)
    lines = [line.split(": ", 1) for line in head.decode().split("\n") if not line.startswith("#")]
    return dict(lines), [value for name, value in lines if name == "share"], bytes.fromhex(body.decode())


def in_process(fields, body):
    """Status, what was said, and the document: the reader's own parts, with a recovery secret instead of words."""
    said = []
    restore.say = lambda text, **_: said.append(text)
    key_file, secret = (bytes.fromhex(fields[name]) if name in fields else None
                        for name in ("key-file-hex", "recovery-secret-hex"))
    typed = fields.get("passphrase")
    normalized = None if typed is None else restore.unicodedata.normalize("NFC", typed).encode()
    try:
        container = restore.Container(body, kinds=KINDS[fields["kind"]])
        plain = container.payload(container.master_key(lambda: normalized, key_file, recovery_secret=lambda _: secret))
        if container.maker:
            container.check_maker(json.loads(plain.decode()))
        return 0, "\n".join(said), plain
    except restore.Stop as stop:
        return stop.args[0], str(stop), b""


def in_a_program(fields, shares, body, work):
    """Status, what was said, and the document as --json prints it."""
    command = [sys.executable, str(READER), str(work / "file"), "--json"]
    (work / "file").write_bytes(body)
    if "key-file-hex" in fields:
        encoded = base64.b64encode(bytes.fromhex(fields["key-file-hex"])).decode()
        (work / "key").write_text("lifeboat-key-file/1\n%s\n" % encoded)
        command += ["--key-file", str(work / "key")]
    if "passphrase" in fields:
        (work / "passphrase").write_bytes(fields["passphrase"].encode() + b"\n")
        command += ["--passphrase-file", str(work / "passphrase")]
    for number, words in enumerate(shares):
        (work / ("share%d" % number)).write_text(words + "\n")
        command += ["--share", str(work / ("share%d" % number))]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=600)
    return done.returncode, done.stderr.decode(), done.stdout


def problem_with(fields, status, said, printed):
    expected = fields["expect"].strip()
    if expected not in STATUSES:
        return "unknown class %r" % expected
    if status not in STATUSES[expected]:
        return "expected %s, got status %d: %s" % (expected, status, said.strip())
    if expected in WORDS and not any(word in said for word in WORDS[expected]):
        return "expected %s, said: %s" % (expected, said.strip())
    # restore.py opens vaults and bundles alike, so a file of the other kind is no failure for it.
    if expected not in ("success", "wrong kind") and printed:
        return "printed content all the same"
    if fields.get("signed-by", "") not in said:
        return "it does not say who signed it: " + said.strip()
    return None


def run(path, work):
    fields, shares, body = fields_and_body(path)
    status, said, plain = in_process(fields, body)
    # The content of one that has a key twice is looked at by the program alone.
    problem = None if fields["expect"] == "bad content" else problem_with(fields, status, said, plain)
    if problem or fields["kind"] == "sealed entry":
        return problem or hash_problem(fields, plain)
    if "recovery-secret-hex" in fields and not shares:
        return "there are no shares for the program"
    status, said, printed = in_a_program(fields, shares, body, work)
    problem = problem_with(fields, status, said, printed)
    if problem or fields["expect"] != "success":
        return problem
    if json.loads(plain.decode()) != json.loads(printed.decode()):
        return "--json prints something else"
    return hash_problem(fields, plain)


def hash_problem(fields, plain):
    wanted = fields.get("payload-sha256")
    return None if wanted in (None, hashlib.sha256(plain).hexdigest()) else "the content's hash differs"


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
