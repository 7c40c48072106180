"""Opens with restore.py, from the words of shares, what the library made for them; and what of an entry is sealed.

    python3 quorum.py PROGRAM WORK      PROGRAM is the example `quorum`
"""
import base64, itertools, json, os, pathlib, subprocess, sys

sys.dont_write_bytecode = True
VECTORS = pathlib.Path(__file__).resolve().parents[2] / "vectors"
sys.path.insert(0, str(VECTORS))
import make_envelope as writer

MAKER, WORK = sys.argv[1], pathlib.Path(sys.argv[2])
NUMBERS = itertools.count()


def kept(data):
    path = WORK / ("quorum-%d" % next(NUMBERS))
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return str(path)


def restored(bundle, *options, stdin=""):
    """Status, what was printed, what was said."""
    command = [sys.executable, str(VECTORS / "restore.py"), bundle, *options]
    done = subprocess.run(command, input=stdin, capture_output=True, text=True)
    return done.returncode, done.stdout, done.stderr


def shares(words):
    return [option for text in words for option in ("--share", kept(text))]


def expect(what, found, status, printed="", said=()):
    missing = [words for words in said if words not in found[2]]
    if found[0] != status or printed not in found[1] or (not printed and found[1]) or missing:
        sys.exit("FAILED: %s: status %d instead of %d, printed %r, said %r" % (what, found[0], status, *found[1:]))


def made_by_lifeboat(shares_of, payload):
    command = [MAKER, "make", shares_of.secret.hex(), writer.SIGNING.hex(), str(shares_of.number), str(shares_of.m),
               ",".join(shares_of.fp)]
    return kept(subprocess.run(command, input=payload, capture_output=True, check=True).stdout)


def shares_open_it():
    """Every pair in both orders, none alone; a wrong one is named and spoils nothing."""
    bundle = made_by_lifeboat(writer.SET, writer.payload_of(writer.PUBLIC_KEY))
    signed, seed = "Signed by " + writer.fingerprint(writer.PUBLIC_KEY), writer.ENTRY["seed"]
    for pair in itertools.permutations((1, 2, 3), 2):
        said = (signed, "share %d of 3; 1 more is needed" % pair[0], "share %d of 3; that is enough" % pair[1])
        expect("shares %d and %d" % pair, restored(bundle, *shares(writer.SET.words(*pair))), 0, seed, said)
    for number in (1, 2, 3):
        expect("share %d alone" % number, restored(bundle, *shares(writer.SET.words(number))), 3)
        twice = restored(bundle, *shares(writer.SET.words(number, number)))
        expect("share %d twice" % number, twice, 3, said=["which was there already; 1 more is needed"])
    words = writer.SET.words(1)[0].split()
    swapped, misspelt, short = words[:], words[:], words[:19]
    swapped[5], swapped[6], misspelt[8] = words[6], words[5], "zzzz"
    card = "\n".join("%d. %s" % (n, word.upper()[:4 + n % 3]) for n, word in enumerate(words, 1))
    wrong = [" ".join(swapped), " ".join(misspelt), " ".join(short), *writer.OLD_SET.words(1), *writer.SAME_NUMBER.words(2)]
    said = ("two have changed places", "word 9 is not in the list", "there are 19 words", "another set", "share 2 of this set is another one")
    expect("among wrong ones", restored(bundle, *shares(wrong + [card] + writer.SET.words(3))), 0, seed, said)
    expect("wrong ones alone", restored(bundle, *shares(wrong + [card])), 3, said=said)
    expect("from a pipe", restored(bundle, "--share", "-", *shares(writer.SET.words(3)), stdin=card), 0, seed)
    replaced = kept(writer.for_shares(replaced=[{"set": 7, "at": 1700000000}]).build())
    expect("an old one", restored(replaced, *shares(writer.OLD_SET.words(1, 2))), 3, said=["a set replaced on 2023-11-14"])
    forged = kept(writer.for_shares().signed(writer.OTHER_SIGNING).build())
    expect("another maker", restored(forged, *shares(writer.SET.words(1, 2))), 5, said=["the signature does not belong"])
    # An entry begins with its id where Lifeboat wrote it, which is what a salvager looks for.
    content = {**json.loads(writer.payload_of(writer.PUBLIC_KEY)), "entries": [writer.ENTRY]}
    for wrong in ({"seed": writer.OTHER_SIGNING}, {"id_": bytes(16)}):
        made = writer.Container(writer.BUNDLE, json.dumps(content).encode()).with_quorum().signed(**wrong).build()
        salvaged = restored(kept(made), "--salvage", *shares(writer.SET.words(1, 2)))
        expect("salvaged", salvaged, 5, seed, ["the signature does not belong", "UNAUTHENTICATED"])


def sealed_in(inside, *slots):
    """The field `sealed` of an entry."""
    file = writer.Container(writer.SEALED_ENTRY, json.dumps(inside).encode())
    return base64.b64encode(file.with_slots(*(slot(file) for slot in slots)).build()).decode()


def sealed_entries_open():
    by_shares = lambda file: file.quorum()
    by_passphrase = lambda file: file.slot("passphrase", passphrase=writer.PASSPHRASE)
    inside = {"schema": 1, "entry": "", "seed": "MFRGGZDFMZTWQ2LK", "recovery_codes": [{"code": "1111-2222"}]}
    entries = [writer.ENTRY]
    for number, (name, slots, fits) in enumerate((("Shares", [by_shares], True), ("Second", [by_passphrase], True),
                                                  ("Either", [by_passphrase, by_shares], True), ("Moved", [by_shares], False))):
        entry = {name: value for name, value in writer.ENTRY.items() if name != "seed"}
        entry.update(id="%032x" % number, issuer=name)
        entry["sealed"] = sealed_in({**inside, "entry": entry["id"] if fits else "ff" * 16}, *slots)
        entries.append(entry)
    content = {**json.loads(writer.PAYLOADS[writer.BUNDLE]), "entries": entries}
    bundle = kept(writer.Container(writer.BUNDLE, json.dumps(content).encode()).with_key_file().build())
    key_file = kept("lifeboat-key-file/1\n%s\n" % base64.b64encode(writer.KEY_FILE).decode())
    opened = lambda *options: restored(bundle, "--key-file", key_file, *options)
    second = ["--seal-passphrase-file", kept(writer.PASSPHRASE + "\n")]
    ways = ["Shares: alice@example.com: sealed; it takes 2 of 3 shares that begin with CLEA\u2026 PECA\u2026",
            "Second: alice@example.com: sealed; it takes a passphrase",
            "Either: alice@example.com: sealed; it takes a passphrase or 2 of 3 shares", "5 entries"]
    for options, n_open, said in (
        ((), 1, ways), (second, 3, [ways[0]]), (shares(writer.SET.words(2)), 1, ways),
        (shares(writer.SET.words(1, 3)), 3, [ways[1], "Moved: alice@example.com: what is sealed in it belongs to another"]),
        (second + shares(writer.SET.words(1, 3)), 4, ["Moved"]),
    ):
        found = opened(*options)
        expect("sealed entries", found, 0, "otpauth://", said)
        if found[1].count("otpauth://") != n_open or found[1].count("MFRGGZDFMZTWQ2LK") != n_open - 1:
            sys.exit("FAILED: %d of the sealed entries should be open: %r" % (n_open - 1, found))
    document = json.loads(opened("--json", *second)[1])
    if [("sealed" in entry, "recovery_codes" in entry) for entry in document["entries"]] != [
            (False, False), (True, False), (False, True), (False, True), (True, False)]:
        sys.exit("FAILED: --json shows other entries opened")
    names = opened("--no-secrets")
    if names[0] or names[1].split("\n") != [*("%s: alice@example.com" % e["issuer"] for e in entries), ""]:
        sys.exit("FAILED: --no-secrets: %r" % (names,))


shares_open_it()
sealed_entries_open()
print("shares in any order, wrong ones among them, and sealed entries: as they should be")
