"""Opens passes with vectors/pass/open.py, which was written from lifeboat-pass(5) alone.

    passes.py LIFEBOAT WORK

Every vector is read as it says. Then the program issues passes at their full cost; the reader opens them, and what is in
them is compared with codes that Python's own `hmac` makes: each step of the time and one on each side, no other, and the seed
in no form.
"""
import base64, hmac, importlib.util, json, pathlib, struct, subprocess, sys, time

LIFEBOAT, WORK = sys.argv[1:3]
ROOT = pathlib.Path(__file__).resolve().parents[2]
PLACE = pathlib.Path(WORK) / "passes"
sys.dont_write_bytecode = True
sys.path.insert(0, str(ROOT / "vectors"))
spec = importlib.util.spec_from_file_location("open_pass", ROOT / "vectors/pass/open.py")
reader = importlib.util.module_from_spec(spec)
spec.loader.exec_module(reader)
import restore

STEAM = "23456789BCDFGHJKMNPQRTVWXY"
# Name, algorithm, digits (none for Steam's), period, and what the URI says of them.
SEEDS = {name: bytes(range(start, start + 20)) for name, start in (("Mail", 7), ("Long", 61), ("Steam", 130))}
ENTRIES = [("Mail", "sha1", 6, 30, ""), ("Long", "sha256", 10, 60, "&algorithm=SHA256&digits=10&period=60"), ("Steam", "sha1", None, 30, "")]
STATUSES = {"success": 0, "no slot": 3, "wrong credential": 3}


def fail(words):
    sys.exit("FAILED: " + words)


def vectors():
    paths = sorted((ROOT / "vectors/pass").glob("*.vec"))
    for path in paths:
        head, body = path.read_bytes().split(b"\n\n", 1)
        fields = dict(line.split(": ", 1) for line in head.decode().split("\n"))
        words = fields.get("passphrase")
        key_file = bytes.fromhex(fields["key-file-hex"]) if "key-file-hex" in fields else None
        restore.say = lambda *_, **__: None
        try:
            plain = reader.opened(bytes.fromhex(body.decode()), lambda: words and words.encode(), key_file)
            document = reader.parse(plain)
            listed = reader.codes(document)
            status, said = 0, ""
        except restore.Stop as stop:
            status, said = stop.args[0], str(stop)
        if status != STATUSES.get(fields["expect"], 5):
            fail("%s: status %d: %s" % (path.name, status, said))
        if status == 0:
            found = [document[name] for name in ("id", "title", "to", "from", "until", "period", "first")]
            wanted = [fields[name] for name in ("id", "title", "to", "from", "until", "period", "first")]
            if list(map(str, found)) != wanted or " ".join(code for _, code in listed) != fields["codes"]:
                fail("%s is read differently: %s" % (path.name, found))
    return len(paths)


def code(seed, algorithm, digits, step):
    digest = hmac.digest(seed, struct.pack(">Q", step), algorithm)
    value = struct.unpack(">I", digest[digest[-1] & 15:][:4])[0] & 0x7FFFFFFF
    if digits is not None:
        return "%0*d" % (digits, value % 10 ** digits)
    return "".join(STEAM[value // 26 ** place % 26] for place in range(5))


def lifeboat(*words, text="", vault="vault", status=0):
    environment = {"HOME": str(PLACE), "PATH": "/usr/bin:/bin"}
    done = subprocess.run([LIFEBOAT, "--sandbox", "kill", "--vault", str(PLACE / vault), *words], input=text, capture_output=True, text=True, env=environment)
    if done.returncode != status:
        fail("%s gives status %d: %s" % (" ".join(words), done.returncode, done.stderr))
    return done.stdout


def look_inside(name, data, words, wanted, seed):
    """What the reader finds: the codes, and nothing that a seed could be read from."""
    plain = reader.opened(data, lambda: words.encode())
    document = reader.parse(plain)
    if reader.codes(document) != wanted:
        fail("the codes of %s are not those of its seed" % name)
    packed, length = base64.b64decode(document["codes"]), len(wanted[0][1])
    bits = ((10 if "digits" in document else 26) ** length - 1).bit_length()
    if len(packed) != -(-bits * len(wanted) // 8):
        fail("there is more in %s than its codes" % name)
    encoded = base64.b32encode(seed).rstrip(b"=")
    forms = [seed, encoded, encoded.lower(), seed.hex().encode(), seed.hex().upper().encode(), base64.b64encode(seed).rstrip(b"=")]
    for form in forms:
        for text in (plain, packed, data):
            # Half of it would be enough to find the rest.
            if any(form[at:at + 10] in text for at in (0, len(form) - 10)):
                fail("the seed of %s stands in its pass" % name)


def fresh(name, algorithm, digits, period, by_reader):
    key, file, seed = ["--key-file", str(PLACE / "key")], PLACE / (name + ".pass"), SEEDS[name]
    issue = ["pass", "issue", name, *key, "--for", "20m", "--to", "Helpdesk: Jo", "--reason", "INC-4711", "--no-input", "--json", "-o", str(file)]
    issued = json.loads(lifeboat(*issue))
    (PLACE / "words").write_text(issued["words"] + "\n")
    start, end = issued["from"], issued["until"]
    if abs(start - time.time()) > 60 or end - start != 1200:
        fail("the time of the pass is %d to %d" % (start, end))
    # The kind and the padding: what a person can see of it without the words.
    data = file.read_bytes()
    container = restore.Container(data, kinds=b"\5")
    costs = [slot["kdf"]["m"] for slot in container.header["slots"] if "kdf" in slot]
    if costs != [128 << 10] or len(container.sealed) % 256 != 16 or "info" in container.header:
        fail("the container of %s is not as the page says" % name)
    steps = range(start // period - 1, (end - 1) // period + 2)
    wanted = [(step * period, code(seed, algorithm, digits, step)) for step in steps]
    if by_reader:
        look_inside(name, data, issued["words"], wanted, seed)
    # The program shows on a machine without a vault what this reader lists.
    now = int(time.time())
    shown = lifeboat("pass", "open", str(file), "--at", str(now), "--pass-passphrase-file", str(PLACE / "words"), vault="none").strip()
    if (now // period * period, shown) not in wanted:
        fail("the program shows %s, which is no code of this step" % shown)
    sheet = json.loads(lifeboat("pass", "sheet", str(file), "--json", "--pass-passphrase-file", str(PLACE / "words"), vault="none"))
    if [(one["from"], one["code"]) for one in sheet["codes"]] != wanted:
        fail("the codes of %s are not those of its seed" % name)
    for moment in (start - 1, end + 1):
        if lifeboat("pass", "open", str(file), "--at", str(moment), "--pass-passphrase-file", str(PLACE / "words"), vault="none", status=8):
            fail("%s shows something outside of its time" % name)
    return len(wanted), len(data)


def main():
    PLACE.mkdir()
    n_vectors = vectors()
    lifeboat("init", "--new-key-file", str(PLACE / "key"))
    for name, _, _, _, parameters in ENTRIES:
        uri = "otpauth://totp/%s:jo?issuer=%s&secret=%s%s\n" % (name, name, base64.b32encode(SEEDS[name]).decode().rstrip("="), parameters)
        lifeboat("add", "-", "--key-file", str(PLACE / "key"), text=uri)
    for name, algorithm, digits, period, _ in ENTRIES:
        # Deriving the key takes Python most of a minute: once is enough.
        n_codes, n_bytes = fresh(name, algorithm, digits, period, by_reader=name == "Mail")
        print("%s: %d codes in %d bytes" % (name, n_codes, n_bytes))
    # A picture is the same container.
    key = ["--key-file", str(PLACE / "key")]
    issued = json.loads(lifeboat("pass", "issue", "Mail", *key, "--to", "Mo", "--reason", "x", "--no-input", "--json", "-o", str(PLACE / "hour.png")))
    (PLACE / "words").write_text(issued["words"])
    lifeboat("pass", "open", str(PLACE / "hour.png"), "--pass-passphrase-file", str(PLACE / "words"), vault="none")
    print("%d vectors read as they say" % n_vectors)


main()
