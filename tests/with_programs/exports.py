"""Reads every export with Python, written from the formats' descriptions, and compares every field and the codes.

    python3 tests/with_programs/exports.py PROGRAM FOLDER

Nothing of Lifeboat is used to read. The ciphers are `cryptography`'s, Argon2 is that of the reference implementation
(argon2-cffi), libsodium's key derivation and secret stream are libsodium's own (PyNaCl); codes are compared with oathtool
where it makes such codes. Exit status 77: the packages cannot be installed here.

A format is a line in FORMATS: a function that reads it, and one that says what of an entry it holds and how.
"""
import base64
import hashlib
import hmac
import json
import os
import pathlib
import subprocess
import sys
import urllib.parse

PACKAGES = ["argon2-cffi==25.1.0", "cryptography==48.0.0", "PyNaCl==1.6.2"]
PROGRAM, WORK = sys.argv[1], pathlib.Path(sys.argv[2], "exports")
PASSPHRASE = "fünf words of an exported file"
AT = 1_700_000_013


def install():
    """The packages, as they were when they were looked at, into a folder that is thrown away."""
    folder = WORK / "packages"
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--only-binary", ":all:", "--disable-pip-version-check",
               "--target", folder, *PACKAGES]
    quiet = dict(os.environ, PIP_ROOT_USER_ACTION="ignore")
    if subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, env=quiet).returncode:
        print("%s cannot be installed" % ", ".join(PACKAGES))
        sys.exit(77)
    sys.path.insert(0, str(folder))


def seed(name, length=20):
    """Made-up bytes that come from a name, so that they are the same in every run."""
    return hashlib.shake_256(b"lifeboat exports " + name.encode()).digest(length)


def entry(issuer, account, kind="totp", algorithm="SHA1", digits=6, period=30, counter=None, secret=None, tags=(), note="",
          favourite=False):
    if kind == "hotp":
        period = None
    return dict(issuer=issuer, account=account, kind=kind, algorithm=algorithm, digits=digits, period=period, counter=counter,
                secret=secret or seed(issuer + account), tags=list(tags), note=note, favourite=favourite)


ENTRIES = [
    entry("AWS", "root", favourite=True, tags=["Work", "Cloud & more"], note='two\n"lines"; <of> text, 100%'),
    entry("Zürich & Co", "ana+x@example.com", algorithm="SHA256", digits=8, period=60, tags=["дом"]),
    entry("Registrar", "ops", algorithm="SHA512", digits=7, period=90, secret=seed("long", 64), tags=["Work"]),
    entry("Bank", "first", kind="hotp", counter=0),
    entry("Bank", "later", kind="hotp", algorithm="SHA256", digits=8, counter=41, note="by a counter"),
    entry("Bank", "far", kind="hotp", counter=1 << 40),
    entry("Steam", "gaben", kind="steam", digits=5, note="games"),
    entry("Valve", "other", kind="steam", digits=5, tags=["Play"]),
    entry("Steam", "six digits"),
    entry("", "someone: without, an issuer"),
    entry("Only an issuer", ""),
    entry("An issuer with a name of forty characters", "and an account with a name of more than fifty characters"),
    entry("Ten", "digits", digits=10, secret=seed("short", 10)),
    entry("Four", "digits", digits=4),
    entry("Odd", "period", period=45),
    entry("AWS", "the seed of another", secret=seed("AWSroot")),
    entry("a:b", "c"),
    entry("a", "b:c"),
    entry("😀 鸭", "comma, semicolon; #hash ?query =1", secret=seed("one byte", 1)),
]


# The program.

def lifeboat(*arguments, vault="vault", status=0):
    command = [PROGRAM, "--sandbox", "kill", "--vault", WORK / vault, "--key-file", WORK / "key", "--no-input", *arguments]
    environment = {"HOME": str(WORK / "home"), "PATH": "/usr/bin:/bin"}
    done = subprocess.run([str(word) for word in command], env=environment, capture_output=True, text=True)
    assert done.returncode == status, (arguments, done.returncode, done.stderr)
    return done


def make_vault():
    """The entries come in as an Aegis file, which can say everything of them."""
    groups = {tag: "group-%d" % number for number, tag in enumerate(sorted({tag for one in ENTRIES for tag in one["tags"]}))}
    listed = []
    for one in ENTRIES:
        info = dict(secret=base64.b32encode(one["secret"]).decode(), algo=one["algorithm"], digits=one["digits"])
        info.update(counter=one["counter"]) if one["kind"] == "hotp" else info.update(period=one["period"])
        listed.append(dict(type=one["kind"], uuid="", name=one["account"], issuer=one["issuer"], note=one["note"],
                           favorite=one["favourite"], icon=None, info=info, groups=[groups[tag] for tag in one["tags"]]))
    (WORK / "home").mkdir(parents=True)
    file = dict(version=1, header=dict(slots=None, params=None),
                db=dict(version=3, entries=listed, groups=[dict(uuid=id, name=tag) for tag, id in groups.items()]))
    (WORK / "entries.json").write_text(json.dumps(file))
    # The key file is made here: --key-file would be read.
    command = [PROGRAM, "--vault", WORK / "vault", "init", "--new-key-file", WORK / "key"]
    subprocess.run(command, env={"HOME": str(WORK / "home"), "PATH": "/usr/bin:/bin"}, capture_output=True, check=True)
    lifeboat("import", WORK / "entries.json")
    (WORK / "words").write_text(PASSPHRASE + "\n")


def our_codes():
    """The code of each entry, by names. Counters move on, so that a copy of the vault is asked."""
    for path in WORK.glob("vault*"):
        (WORK / path.name.replace("vault", "copy", 1)).write_bytes(path.read_bytes())
    listed = json.loads(lifeboat("list", "--json", vault="copy").stdout)["entries"]
    codes = {}
    for one in listed:
        when = [] if one["type"] == "hotp" else ["--at", AT]
        codes[one["issuer"], one["account"]] = lifeboat("code", one["id"], *when, vault="copy").stdout.strip()
    assert len(codes) == len(ENTRIES)
    return codes


# Codes.

def code(one):
    """RFC 4226 section 5.3, RFC 6238 section 4.2, and Steam's letters."""
    step = one["counter"] if one["kind"] == "hotp" else AT // one["period"]
    digest = hmac.digest(one["secret"], step.to_bytes(8, "big"), one["algorithm"].lower())
    at = digest[-1] & 15
    number = int.from_bytes(digest[at:at + 4], "big") & 0x7FFFFFFF
    if one["kind"] == "steam":
        letters = ""
        for _ in range(5):
            number, letter = divmod(number, 26)
            letters += "23456789BCDFGHJKMNPQRTVWXY"[letter]
        return letters
    return str(number % 10 ** one["digits"]).zfill(one["digits"])


def oathtool(one):
    """The same by oathtool, which prints 6 to 8 digits."""
    if one["kind"] == "steam" or not 6 <= one["digits"] <= 8 or (one["kind"] == "hotp" and one["algorithm"] != "SHA1"):
        return None
    way = (["--hotp", "--counter=%d" % one["counter"]] if one["kind"] == "hotp" else
           ["--totp=" + one["algorithm"], "--time-step-size=%ds" % one["period"], "--now=@%d" % AT])
    command = ["oathtool", *way, "--digits=%d" % one["digits"], "-"]
    return subprocess.run(command, input=one["secret"].hex() + "\n", capture_output=True, text=True, check=True).stdout.strip()


# What several formats are made of.

def base32(text):
    assert text == text.upper() and "=" not in text, "canonical base32 without padding"
    secret = base64.b32decode(text + "=" * (-len(text) % 8))
    assert base64.b32encode(secret).decode().rstrip("=") == text
    return secret


def gcm(key, nonce, sealed, binding=None):
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM
    return AESGCM(key).decrypt(nonce, sealed, binding)


def argon2id(password, salt, passes, memory_kib, lanes):
    from argon2.low_level import Type, hash_secret_raw
    return hash_secret_raw(password, salt, passes, memory_kib, lanes, 32, Type.ID, 19)


def uri(text):
    """An otpauth URI: the fields, and the parameters that are left."""
    parts = urllib.parse.urlsplit(text)
    assert parts.scheme == "otpauth", text
    label = parts.path[1:]
    assert label.count(":") <= 1, "a colon in a name is encoded"
    prefix, _, account = label.rpartition(":")
    prefix, account = urllib.parse.unquote(prefix), urllib.parse.unquote(account)
    pairs = urllib.parse.parse_qsl(parts.query, keep_blank_values=True, strict_parsing=True)
    assert len(dict(pairs)) == len(pairs), "no parameter comes twice"
    rest = dict(pairs)
    issuer = rest.pop("issuer", "")
    assert issuer == prefix, (issuer, prefix)
    one = entry(issuer, account, parts.netloc, rest.pop("algorithm"), int(rest.pop("digits")), secret=base32(rest.pop("secret")))
    if parts.netloc == "hotp":
        one["counter"] = int(rest.pop("counter"))
    else:
        one["period"] = int(rest.pop("period"))
    return one, rest


# The readers: bytes and the passphrase, which is None for a plain file, to entries.

def read_otpauth(file, _):
    return [uri(line)[0] for line in file.decode().splitlines()]


def read_aegis(file, password):
    document = json.loads(file)
    assert document["version"] == 1
    database = document["db"]
    if password:
        slot, = document["header"]["slots"]
        unhex = lambda params: (bytes.fromhex(params["nonce"]), bytes.fromhex(params["tag"]))
        key = hashlib.scrypt(password, salt=bytes.fromhex(slot["salt"]), n=slot["n"], r=slot["r"], p=slot["p"], dklen=32,
                             maxmem=1 << 27)
        nonce, tag = unhex(slot["key_params"])
        master = gcm(key, nonce, bytes.fromhex(slot["key"]) + tag)
        nonce, tag = unhex(document["header"]["params"])
        database = json.loads(gcm(master, nonce, base64.b64decode(database, validate=True) + tag))
    assert database["version"] == 3
    names = {group["uuid"]: group["name"] for group in database["groups"]}
    return [entry(one["issuer"], one["name"], one["type"], one["info"]["algo"], one["info"]["digits"], one["info"].get("period"),
                  one["info"].get("counter"), base32(one["info"]["secret"]), [names[group] for group in one["groups"]],
                  one["note"], one["favorite"]) for one in database["entries"]]


def read_2fas(file, password):
    document = json.loads(file)
    assert document["schemaVersion"] == 4 and document["appOrigin"] in ("android", "ios")
    assert isinstance(document["appVersionCode"], int) and document["appVersionName"]
    services = document["services"]
    if password:
        assert services == []

        def opened(text):
            sealed, salt, nonce = [base64.b64decode(part, validate=True) for part in text.split(":")]
            assert len(nonce) == 12 and len(salt) in (32, 256)
            return gcm(hashlib.pbkdf2_hmac("sha256", password, salt, 10_000, 32), nonce, sealed)

        # The apps tell a wrong password by it. It is one fixed text in all files; its SHA-256 was taken from real ones.
        assert hashlib.sha256(opened(document["reference"])).hexdigest() == REFERENCE_OF_2FAS
        services = json.loads(opened(document["servicesEncrypted"]))
    names = {group["id"]: group["name"] for group in document["groups"]}
    found = []
    for place, one in enumerate(services):
        otp = one["otp"]
        assert one["order"]["position"] == place and otp["source"] in ("Link", "Manual")
        assert one["icon"]["selected"] in ("Label", "IconCollection") and one["icon"]["iconCollection"]["id"]
        assert otp["label"] == otp["account"] and otp["issuer"] in (one["name"], "")
        assert ("period" in otp) != ("counter" in otp)
        found.append(entry(one["name"], otp["account"], otp["tokenType"].lower(), otp["algorithm"], otp["digits"],
                           otp.get("period"), otp.get("counter"), base32(one["secret"]),
                           [names[one["groupId"]]] if "groupId" in one else []))
    return found


REFERENCE_OF_2FAS = "cef0eb8ede32f858e3c6fbd8753d3f22093e57fc0d0f1f414dd97a0dba4c4d67"


def read_andotp(file, password):
    if password:
        rounds = int.from_bytes(file[:4], "big")
        assert 140_000 <= rounds <= 160_000
        file = gcm(hashlib.pbkdf2_hmac("sha1", password, file[4:16], rounds, 32), file[16:28], file[28:])
    found = []
    for one in json.loads(file):
        kind = one["type"].lower()
        assert ("period" in one) == (kind == "totp") and ("counter" in one) == (kind == "hotp") and one["thumbnail"]
        found.append(entry(one["issuer"], one["label"], kind, one["algorithm"], one["digits"],
                           one["period"] if kind == "totp" else 30, one.get("counter"), base32(one["secret"]), one["tags"]))
    return found


def read_ente(file, password):
    if password:
        import nacl.bindings as sodium
        document = json.loads(file)
        assert document["version"] == 1
        kdf = document["kdfParams"]
        key = sodium.crypto_pwhash_alg(32, password, base64.b64decode(kdf["salt"], validate=True), kdf["opsLimit"],
                                       kdf["memLimit"], sodium.crypto_pwhash_ALG_ARGON2ID13)
        state = sodium.crypto_secretstream_xchacha20poly1305_state()
        header = base64.b64decode(document["encryptionNonce"], validate=True)
        sodium.crypto_secretstream_xchacha20poly1305_init_pull(state, header, key)
        sealed = base64.b64decode(document["encryptedData"], validate=True)
        file, tag = sodium.crypto_secretstream_xchacha20poly1305_pull(state, sealed)
        assert tag == sodium.crypto_secretstream_xchacha20poly1305_TAG_FINAL
    found = []
    for place, line in enumerate(file.decode().splitlines()):
        assert "," not in line, "Ente parts lines at commas"
        one, rest = uri(line)
        said = json.loads(rest.pop("codeDisplay"))
        assert rest == {} and said["position"] == place and said["trashed"] is False
        one.update(tags=said["tags"], note=said["note"], favourite=said["pinned"])
        found.append(one)
    return found


def read_stratum(file, password):
    if password:
        assert file[:16] == b"AUTHENTICATORPRO"
        file = gcm(argon2id(password, file[16:32], 3, 65_536, 4), file[32:44], file[44:])
    document = json.loads(file)
    names = {one["Id"]: one["Name"] for one in document["Categories"]}
    for id, name in names.items():
        assert id == hashlib.sha1(name.encode()).hexdigest()[:8]
    tags = {}
    for one in document["AuthenticatorCategories"]:
        tags.setdefault(one["AuthenticatorSecret"], []).append(names[one["CategoryId"]])
    found = []
    for one in document["Authenticators"]:
        kind = {1: "hotp", 2: "totp", 4: "steam"}[one["Type"]]
        assert one["Issuer"] and len(one["Issuer"]) <= 32 and one["Username"] != "" and len(one["Username"] or "") <= 40
        assert one["Period"] > 0 and one["Icon"] is None and one["Pin"] is None
        found.append(entry(one["Issuer"], one["Username"] or "", kind, ["SHA1", "SHA256", "SHA512"][one["Algorithm"]],
                           one["Digits"], one["Period"], one["Counter"] if kind == "hotp" else None, base32(one["Secret"]),
                           tags.pop(one["Secret"], [])))
    assert not tags and len({one["Secret"] for one in document["Authenticators"]}) == len(found)
    return found


def read_freeotp_plus(file, _):
    """As the app does: the tokens that tokenOrder names, by the ids that it puts together itself."""
    document = json.loads(file)
    by_id = {}
    for one in document["tokens"]:
        issuer = one["issuerInt"] or one["issuerExt"]
        by_id[issuer + ":" + one["label"] if issuer else one["label"]] = one
    assert len(by_id) == len(document["tokens"]) == len(document["tokenOrder"])
    found = []
    for id in document["tokenOrder"]:
        one = by_id[id]
        kind = "steam" if one["issuerExt"] == "Steam" else one["type"].lower()
        assert 5 <= one["digits"] <= 8 and all(-128 <= byte < 128 for byte in one["secret"])
        found.append(entry(one["issuerExt"], one["label"], kind, one["algo"], one["digits"], one["period"],
                           one["counter"] + 1 if kind == "hotp" else None, bytes(byte % 256 for byte in one["secret"])))
    return found


def read_proton(file, password):
    document = json.loads(file)
    assert document["version"] == 1
    if password:
        assert "entries" not in document
        sealed = base64.b64decode(document["content"], validate=True)
        key = argon2id(password, base64.b64decode(document["salt"], validate=True), 2, 19_456, 1)
        document = json.loads(gcm(key, sealed[:12], sealed[12:], b"proton.authenticator.export.v1"))
    found = []
    for one in document["entries"]:
        content = one["content"]
        if content["entry_type"] == "Steam":
            assert content["uri"].startswith("steam://")
            read = entry(content["name"], "", "steam", digits=5, secret=base32(content["uri"][8:]))
        else:
            read, rest = uri(content["uri"])
            assert content["entry_type"] == "Totp" and rest == {} and (content["name"] or "") == read["account"]
        read["note"] = one["note"] or ""
        found.append(read)
    return found


def read_bitwarden(file, password):
    document = json.loads(file)
    if password:
        from cryptography.hazmat.primitives import padding
        from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
        assert document["encrypted"] and document["passwordProtected"]
        salt = document["salt"].encode()
        if document["kdfType"] == 0:
            key = hashlib.pbkdf2_hmac("sha256", password, salt, document["kdfIterations"], 32)
        else:
            key = argon2id(password, hashlib.sha256(salt).digest(), document["kdfIterations"], document["kdfMemory"] * 1024,
                           document["kdfParallelism"])
        # HKDF's second half with an output of one block.
        expanded = [hmac.digest(key, info + b"\1", "sha256") for info in (b"enc", b"mac")]

        def opened(text):
            assert text.startswith("2.")
            nonce, sealed, mac = [base64.b64decode(part, validate=True) for part in text[2:].split("|")]
            assert hmac.compare_digest(mac, hmac.digest(expanded[1], nonce + sealed, "sha256"))
            cipher = Cipher(algorithms.AES(expanded[0]), modes.CBC(nonce)).decryptor()
            unpadder = padding.PKCS7(128).unpadder()
            return unpadder.update(cipher.update(sealed) + cipher.finalize()) + unpadder.finalize()

        assert len(opened(document["encKeyValidation_DO_NOT_EDIT"])) == 36
        document = json.loads(opened(document["data"]))
    assert document["encrypted"] is False
    names = {folder["id"]: folder["name"] for folder in document["folders"]}
    found = []
    for one in document["items"]:
        assert one["type"] == 1 and one["name"]
        login = one["login"]
        if login["totp"].startswith("steam://"):
            read = entry(one["name"], login["username"] or "", "steam", digits=5, secret=base32(login["totp"][8:]))
        else:
            read, rest = uri(login["totp"])
            assert rest == {} and read["issuer"] in (one["name"], "") and (login["username"] or "") == read["account"]
            read["issuer"] = one["name"]
        read.update(note=one["notes"] or "", favourite=one["favorite"], tags=[names[one["folderId"]]] if one["folderId"] else [])
        found.append(read)
    return found


# What a format holds of an entry, and as what; None where it holds none.

def whole(one):
    return one


def only(*fields, one):
    """Without what the format does not keep."""
    kept = dict(one)
    for field, empty in (("tags", []), ("note", ""), ("favourite", False)):
        if field not in fields:
            kept[field] = empty
    return kept


def is_taken_for_steam(one):
    return one["issuer"] == "Steam" and one["kind"] != "steam"


def with_issuer(one):
    return dict(one, issuer=one["issuer"] or one["account"])


def held_by_2fas(one):
    if one["kind"] == "totp" and one["period"] not in (10, 30, 60, 90) or not 5 <= one["digits"] <= 8:
        return None
    if one["kind"] == "hotp" and one["counter"] >= 1 << 31:
        return None
    return dict(with_issuer(only(one=one)), tags=one["tags"][:1])


def held_by_stratum(one):
    if not (one["kind"] == "steam" or 6 <= one["digits"] <= (8 if one["kind"] == "hotp" else 10)):
        return None
    account = one["account"] if one["issuer"] else ""
    return dict(only("tags", one=one), issuer=(one["issuer"] or one["account"])[:32], account=account[:40])


def held_by_freeotp_plus(one):
    if not 5 <= one["digits"] <= 8 or (one["issuer"] == "Steam") != (one["kind"] == "steam"):
        return None
    return only(one=one)


def held_by_proton(one):
    if one["kind"] == "hotp" or is_taken_for_steam(one):
        return None
    if one["kind"] == "steam":
        one = dict(one, issuer=one["account"] if one["issuer"] == "Steam" else "%(issuer)s: %(account)s" % one, account="")
    return only("note", one=one)


def held_by_bitwarden(one):
    if one["kind"] == "hotp" or one["digits"] < 5 or is_taken_for_steam(one):
        return None
    return dict(with_issuer(only("note", "favourite", one=one)), tags=one["tags"][:1])


def no_key(one):
    return None


def seed_of(one):
    return one["secret"]


def names_of(one):
    return one["issuer"] + ":" + one["account"]


# Format: whether it is encrypted, how it is read, what it holds, and what two entries of it cannot have in common.
FORMATS = {
    "2fas": (True, read_2fas, held_by_2fas, seed_of),
    "aegis": (True, read_aegis, whole, no_key),
    "andotp": (True, read_andotp, lambda one: only("tags", one=one), no_key),
    "bitwarden": (True, read_bitwarden, held_by_bitwarden, no_key),
    "ente": (True, read_ente, lambda one: None if is_taken_for_steam(one) else one, no_key),
    "freeotp-plus": (False, read_freeotp_plus, held_by_freeotp_plus, names_of),
    "otpauth": (False, read_otpauth, lambda one: only(one=one), no_key),
    "proton": (True, read_proton, held_by_proton, no_key),
    "stratum": (True, read_stratum, held_by_stratum, seed_of),
}

# KeePassXC itself reads these: keepass.py.
ELSEWHERE = ("keepassxc-csv", "keepassxc-xml")


def held(judge, key):
    """The entries that a format holds, each with the one that it was, and the names of those that it does not."""
    kept, left_out, seen = [], [], set()
    for one in ENTRIES:
        as_held = judge(one)
        if as_held is None or (key(one) is not None and key(one) in seen):
            left_out.append((one["issuer"] + ":" + one["account"]).strip(":") if one["account"] else one["issuer"])
            continue
        seen.add(key(one))
        kept.append((one, as_held))
    return kept, left_out


def check(name, encrypted, codes):
    _, read, judge, key = FORMATS[name]
    kept, left_out = held(judge, key)
    path = WORK / ("%s-%s" % (name, "sealed" if encrypted else "clear"))
    way = ["--file-passphrase-file", WORK / "words"] if encrypted else ["--plaintext"]
    done = lifeboat("export", "--to", name, "-o", path, *way, "--json")
    said = json.loads(done.stdout)
    assert said["entries"] == len(kept) and said["encrypted"] is encrypted, (name, said)
    named = [one["name"] for one in said["left_out"]]
    assert named == left_out, (name, named, left_out)
    assert all("not exported: %s: " % one in done.stderr for one in left_out), (name, done.stderr)
    file = path.read_bytes()
    assert oct(path.stat().st_mode & 0o777) == "0o600"
    found = read(file, PASSPHRASE.encode() if encrypted else None)
    assert len(found) == len(kept), (name, len(found), len(kept))
    n_oathtool = 0
    for one, (was, expected) in zip(found, kept):
        differs = {field: (one[field], expected[field]) for field in expected if one[field] != expected[field]}
        # What a reader of a counter's entry finds for a period, or of Steam's for an algorithm, means nothing.
        if expected["kind"] == "hotp":
            differs.pop("period", None)
        assert not differs, (name, differs)
        ours = codes[was["issuer"], was["account"]]
        assert code(one) == ours, (name, was["issuer"], was["account"], code(one), ours)
        theirs = oathtool(one)
        n_oathtool += theirs is not None
        assert theirs in (None, ours), (name, was["issuer"], was["account"], theirs, ours)
    if encrypted:
        try:
            read(file, b"another passphrase")
        except Exception:
            pass
        else:
            raise AssertionError("%s opens with any passphrase" % name)
    print("%s, %s: %d entries with every field, %d left out and named, %d codes as oathtool's"
          % (name, "encrypted" if encrypted else "plain", len(found), len(left_out), n_oathtool))


def main():
    WORK.mkdir()
    install()
    make_vault()
    known = lifeboat("export", "--to", "nonsense", "-o", WORK / "x", status=2).stderr
    known = known.split("formats that can be exported to: ")[1].splitlines()[0].split(", ")
    assert sorted(known) == sorted([*FORMATS, *ELSEWHERE]), ("the formats are %s" % known, "read here: %s" % sorted(FORMATS))
    codes = our_codes()
    for name, (encrypts, *_) in FORMATS.items():
        check(name, False, codes)
        if encrypts:
            check(name, True, codes)


main()
