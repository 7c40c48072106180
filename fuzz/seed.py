#!/usr/bin/env python3
"""Makes the first inputs of the fuzz targets from vectors/: python3 fuzz/seed.py FOLDER."""
import base64
import json
import pathlib
import re
import sys
import urllib.parse

ROOT = pathlib.Path(__file__).resolve().parent.parent
VECTORS = ROOT / "vectors"


def body(path):
    return path.read_bytes().split(b"\n\n", 1)[1]


def containers():
    for path in sorted((VECTORS / "envelope").glob("*.vec")):
        yield path.stem, bytes.fromhex(body(path).decode().replace("\n", ""))


def header():
    for name, file in containers():
        length = int.from_bytes(file[12:16], "big")
        if 0 < length <= 4096 and len(file) > 16 + length:
            yield name, bytes([{2: 1, 4: 3}.get(file[9], 0)]) + file[16 : 16 + length]


def payload():
    text = (ROOT / "src/wire/vault_v1/tests.rs").read_text()
    whole = re.search(r'r#"(.*?)"#', text, re.S)[1].encode()
    yield "vault", b"\0" + whole
    document = json.loads(whole)
    document["bundle"] = {"created": 1, "tool": "lifeboat 0", "review": 2, "selected": True}
    document["vault"]["public_key"] = "00" * 32
    yield "bundle", b"\1" + json.dumps(document).encode()


def entry():
    whole = json.loads(dict(payload())["vault"][1:])
    for number, one in enumerate(whole["entries"] + [trashed["entry"] for trashed in whole["trash"]]):
        yield str(number), json.dumps(one).encode()


def bundle():
    whole = dict(payload())["bundle"][1:]
    for written in (0, 1):
        # Each kind, without a slot for shares, with one, and opened by it.
        for first in (0, 1, 2, 4, 5, 6, 12, 13, 14):
            yield f"{first}{written}", bytes([first, written]) + bytes(40) + whole
            yield f"{first}{written}-short", bytes([first, written]) + bytes(range(200))
    # A signature, as it was made, with a byte changed, and before another one.
    blob = bytes.fromhex("53534853494700000001")
    for edits in (b"\0", b"\1\x54\0\0\1"):
        yield f"signature-{len(edits)}", b"\x10\4abcd" + edits + blob


def log_line():
    yield "sealed", b"\0L1 7 " + b"03" * 32 + b" AQID"
    yield "open", b"\0U1 1700000000 failed-unlock"
    record = {"at": 1, "event": "code-shown", "entry": "00", "user": "ana", "host": "h", "reason": "INC-1",
              "generation": 3, "facts": {"format": "aegis"}}
    yield "record", b"\1" + json.dumps(record).encode()


def state():
    yield "state", json.dumps({"generation": 7, "sha256": "01" * 32, "last_seen": 9, "copied": [["ab", 30, 31]],
                               "log_gap": [2, 5]}).encode()


def drill_report():
    """Of a machine without the vault, of one beside it, and of a bundle that was not opened."""
    one, two, three = "a1" * 16, "b2" * 16, "c3" * 16
    entry = lambda id, verdict, detail="": {"detail": detail, "id": id, "title": "ACME:ana", "verdict": verdict}
    bundle = {"created": 1800000000, "created_at": "2027-01-15T08:00:00Z", "id": "d4" * 16, "label": "safe 3",
              "log": {"count": 7, "head": "01" * 32}, "selected": False, "sha256": "02" * 32, "vault": "e5" * 16}
    report = {
        "attested": [{"entry": one, "reference": "INC-7"}], "began": 1800086400, "began_at": "", "beside_vault": False,
        "bundle": bundle, "clock": {"compared_with": "a code", "doubts": ["one"], "off_seconds": -90},
        "ended": 1800086460, "ended_at": "", "entries": [entry(one, "not-compared"), entry(two, "not-compared")],
        "first_code_millis": 900, "host": "laptop", "level": "L1",
        "not_tested": [{"level": "L2", "what": "that its seeds are the live vault's"}], "opened_with": "passphrase",
        "proofs": {"at": 1800086460, "entries": {one: "f6" * 16}, "nonce": "07" * 16, "not_provable": [two]},
        "public_key": "08" * 32, "public_key_fingerprint": "SHA256:", "schema": "lifeboat.drill-report/1",
        "tool": "lifeboat 0.1.0", "total_millis": 60000, "typed": True, "user": "ana"}
    written = lambda **other: json.dumps({**report, **other}, indent=2, sort_keys=True).encode() + b"\n"
    yield "elsewhere", written()
    yield "beside", written(beside_vault=True, level="L3", proofs=None, entries=[
        entry(one, "same"), entry(two, "stale", "its seed was replaced"), entry(three, "missing"), entry(None, "unreadable")])
    yield "closed", written(level="L0", proofs=None, entries=[], attested=[], first_code_millis=None, opened_with="",
                            typed=False, bundle={**bundle, "vault": None, "log": None})
    yield "newer", written(future={"a": [1, None]})


def formats():
    """One small file of each program, in the form that its own has."""
    seed, b64 = "JBSWY3DPEHPK3PXP", "SGVsbG8h3q2+7w=="
    signed = [72, 101, 108, 108, 111, 33, -34, -83, -66, -17]
    prefs = lambda **texts: ("<?xml version='1.0'?><map>%s</map>" % "".join(
        '<string name="%s">%s</string>' % (name, text.replace("&", "&amp;").replace('"', "&quot;")) for name, text in texts.items())).encode()
    token = {"algo": "SHA256", "counter": 4, "digits": 8, "issuerExt": "A", "label": "l", "period": 30, "secret": signed, "type": "HOTP"}
    cipher = "2.%s|%s|%s" % (base64.b64encode(bytes(16)).decode(), base64.b64encode(bytes(32)).decode(), base64.b64encode(bytes(32)).decode())
    uri = f"otpauth://totp/A:a?secret={seed}&issuer=A&digits=7&period=15&algorithm=SHA512"
    objects = {
        "2fas": {"schemaVersion": 4, "groups": [{"id": "g", "name": "G"}], "services": [
            {"name": "A", "secret": seed, "groupId": "g", "otp": {"account": "a", "tokenType": "HOTP", "counter": 3, "algorithm": "SHA1"}}]},
        "2fas-sealed": {"schemaVersion": 4, "services": [], "servicesEncrypted": "AAAA:AAAA:AAAAAAAAAAAAAAAA"},
        "andotp": [{"secret": seed, "issuer": "A", "label": "a", "type": "TOTP", "digits": 6, "period": 30, "tags": ["t"]}],
        "authy-list": [{"name": "n", "secret": seed, "uri": uri}],
        "bitwarden": {"encrypted": False, "folders": [{"id": "f", "name": "F"}], "items": [
            {"type": 1, "name": "A", "folderId": "f", "notes": "n", "login": {"username": "a", "totp": "steam://" + seed}}]},
        "bitwarden-sealed": {"encrypted": True, "passwordProtected": True, "salt": "c2FsdA==", "kdfType": 1, "kdfIterations": 3,
                             "kdfMemory": 64, "kdfParallelism": 4, "encKeyValidation_DO_NOT_EDIT": cipher, "data": cipher},
        "cotp": {"version": 2, "elements": [{"secret": seed, "issuer": "A", "label": "a", "type": "STEAM", "digits": 5}]},
        "cotp-uris": {"items": [uri]},
        "cotp-sealed": {"version": 1, "nonce": "A" * 32, "salt": "A" * 22 + "==", "cipher": "AAAA"},
        "duo": [{"accountType": "OtpAccount", "name": "a", "otpGenerator": {"otpSecret": seed, "counter": 3}}],
        "ente": {"items": [{"rawData": uri, "display": {"tags": ["t"], "note": "n", "pinned": True}}]},
        "ente-sealed": {"version": 1, "kdfParams": {"memLimit": 1 << 28, "opsLimit": 16, "salt": "A" * 22 + "=="},
                        "encryptedData": "AAAA", "encryptionNonce": "A" * 32},
        "freeotp-plus": {"tokenOrder": ["A:l"], "tokens": [token]},
        "lastpass": {"version": 3, "folders": [{"id": 1, "name": "F"}], "accounts": [
            {"issuerName": "A", "userName": "a", "secret": seed, "timeStep": 30, "digits": 6, "folderData": {"folderId": 1}}]},
        "proton": {"version": 1, "entries": [{"content": {"uri": uri, "entry_type": "Totp", "name": "a"}, "note": "n"}]},
        "proton-sealed": {"version": 1, "salt": "A" * 22 + "==", "content": "A" * 40},
        "proton-pass": {"userId": "u", "vaults": {"v": {"items": [{"data": {"metadata": {"name": "A"}, "content": {"totpUri": seed},
                        "extraFields": [{"type": "totp", "fieldName": "f", "data": {"totpUri": uri}}]}, "state": 1}]}}},
        "raivo": [{"issuer": "A", "account": "a", "secret": seed, "digits": "6", "kind": "HOTP", "timer": "30", "counter": "7", "pinned": "true"}],
        "steam": {"accounts": {"7": {"shared_secret": b64, "account_name": "a"}}},
        "stratum": {"Authenticators": [{"Type": 2, "Issuer": "A", "Username": "a", "Secret": seed, "Algorithm": 1, "Digits": 8, "Period": 60}],
                    "Categories": [{"Id": "c", "Name": "C"}], "AuthenticatorCategories": [{"CategoryId": "c", "AuthenticatorSecret": seed}]},
    }
    files = {name: json.dumps(value).encode() for name, value in objects.items()}
    files |= {
        "1password-csv": b"Title,Url,Username,Password,OTPAuth,Favorite,Archived,Tags,Notes\nA,,a,,%s,true,false,t,n\n" % seed.encode(),
        "2fa": b"github 6 %s\nvpn 7 %s 00000000000000000049\n" % (seed.encode(), seed.encode()),
        "andotp-sealed": (150000).to_bytes(4, "big") + bytes(range(7, 7 + 120)),
        "authy": prefs(**{"com.authy.storage.tokens.authenticator.key": json.dumps([{"name": "A: a", "decryptedSecret": seed, "digits": 6}])}),
        "battlenet": prefs(**{"com.blizzard.messenger.AUTHENTICATOR_DEVICE_SECRET": "00" * 40, "com.blizzard.messenger.AUTHENTICATOR_SERIAL": "00"}),
        "bitwarden-csv": b"folder,favorite,type,name,notes,fields,reprompt,login_uri,login_username,login_password,login_totp\n"
                         b"F,1,login,A,\"two\nlines\",,0,,a,,%s\n" % seed.encode(),
        "freeotp": prefs(**{"A:l": json.dumps(token), "tokenOrder": "[]"}),
        "freeotp-backup": bytes.fromhex("aced000573720011") + b"java.util.HashMap" + bytes.fromhex("0507dac1c31660d1030002 46000a".replace(" ", ""))
                          + b"loadFactor" + bytes.fromhex("490009") + b"threshold" + bytes.fromhex("7870 3f400000 0000000c 7708 00000010 00000001".replace(" ", ""))
                          + b"\x74\x00\x01a\x74\x00\x01b\x78",
        "gauth": b"test:%s\n%s\n" % (seed.encode(), uri.encode()),
        "gauth-sealed": b"Salted__" + bytes(24),
        "otpclient": b"OTPClient" + bytes([0, 0, 0, 3]) + bytes(48) + (4).to_bytes(4, "big") + (131072).to_bytes(4, "big") + (4).to_bytes(4, "big") + bytes(20),
        "stratum-sealed": b"AUTHENTICATORPRO" + bytes(60),
        "totp-authenticator": prefs(STATIC_TOTP_CODES_LIST=json.dumps([{"issuer": "A", "name": "a", "key": "00ff" * 5, "base": 16}])),
        "totp-authenticator-sealed": base64.b64encode(bytes(64)),
    }
    for number, (name, file) in enumerate(sorted(files.items())):
        yield name, b"\xff" + file
        yield name + "-as", bytes([number % 26]) + file


def proof():
    folder = VECTORS / "proof"
    for path in sorted(folder.iterdir()):
        if path.read_bytes().startswith(b"lifeboat-proof/"):
            yield path.stem, path.read_bytes()


def settings():
    """A page of the manual holds an example of every key; here are other ways of writing them."""
    files = [
        b"theme = 'plain'\nmouse = true\nmotion = false\nascii = true\n[codes]\nmasked = false\nshown_for = \"2m\"\n"
        b"mask_on_focus_loss = false\nsort = \"due\"\n[lock]\nidle = \"90s\"\n[clipboard]\nprovider = \"command\"\n"
        b"command = [\"xclip\", \"-i\"]\nclear = \"always\"\nclear_after = \"1m\"\n",
        b"\xef\xbb\xbf# mine\r\ncodes.masked = true\r\ncodes.\"sort\" = 'tag' # why\r\nlock = { idle = '5m', }\r\n",
        b"[codes]\n#masked = true\n\n#sort = \"name\"\n[future]\na = [1, 0x1f, 1979-05-27, -inf]\n",
        b"[codes.x]\na = 1\n[[lock]]\nidle = '1m'\n[clipboard.command]\n",
        b"a = '''\n#mouse = false\n'''\n\"\\u202e\" = 1\n",
        b"[codes\nmasked",
        b"",
    ]
    for number, file in enumerate(files):
        for key in range(13):
            yield f"{number}-{key}", bytes([key, number * 13 + key]) + file


def otpauth():
    for path in sorted((VECTORS / "otpauth").glob("*.vec")):
        if len(body(path)) < 4096:
            yield path.stem, body(path)


def otpauth_list():
    for path in sorted((VECTORS / "interchange/otpauth").iterdir()):
        yield path.stem, path.read_bytes()
    for name, uri in otpauth():
        yield name, b"# comment\n" + uri + b"\n\n" + uri


def otpauth_migration():
    """The messages of the codes, without the base64 around them."""
    for path in sorted((VECTORS / "interchange/google").iterdir()):
        codes = [line.strip() for line in path.read_text().splitlines() if "otpauth-migration:" in line.lower()]
        for number, code in enumerate(codes):
            data = re.search(r"[?&]data=([^&]*)", code, re.I)[1].replace(" ", "+")
            data = urllib.parse.unquote(data).strip()
            yield f"{path.stem}-{number}", base64.b64decode(data + "=" * (-len(data) % 4))


def aegis():
    for path in sorted((VECTORS / "interchange/aegis").iterdir()):
        yield path.stem, b"\0" + path.read_bytes()
        document = json.loads(path.read_bytes())
        if isinstance(document["db"], dict):
            yield path.stem + "-db", b"\1" + json.dumps(document["db"]).encode()


def qr_picture():
    for pixels in range(4):
        for text in (b"otpauth://totp/A:b?secret=JBSWY3DPEHPK3PXP", b"A", "é鸭子".encode(), b"0123456789" * 8):
            yield f"{pixels}-{text[:1].hex()}", bytes([1, pixels, 0]) + text
    # One grey and one white pixel, as each kind of file.
    yield "png", b"\0" + bytes.fromhex(
        "89504e470d0a1a0a0000000d494844520000000100000001080000000"
        "03a7e9b550000000a49444154789c63f80f00010101001bb6ee560000000049454e44ae426082")
    yield "webp", b"\0" + bytes.fromhex("524946461a000000574542505650384c0d0000002f00000010071011118888fe0700")
    yield "jpeg", b"\0" + bytes.fromhex("ffd8ffe000104a46494600010100000100010000ffd9")


def share():
    for path in sorted((VECTORS / "slip39").glob("*.vec")):
        for number, text in enumerate(body(path).splitlines()[:3]):
            yield f"{path.stem}-{number}", b"\0" + text
    for kind in (1, 2):
        for number in range(12):
            yield f"{kind}{number}", bytes([kind]) + bytes((n * (number * 2 + 7) + number * 31) % 256 for n in range(160))


def label():
    for number, text in enumerate(["GitHub", "a\x1b[31mb", "a\u202egnp.exe", "e\u0301" * 9, "a" + "\u0301" * 30,
                                   "\u200d\u2060\ufeff\U000e0041", "שלום", "👨\u200d👩\u200d👧", "\u1100\u1161",
                                   "line\nbreak\ttab\x7f\x9b", "x" * 300, "\u3164\u115f\uffa0\ufe0f"]):
        yield str(number), text.encode()


def keys():
    for present in (0, 1):
        for number in range(8):
            yield f"{present}{number}", bytes([present, 0, 0, 0, 1, present]) + bytes(
                (n * (number * 2 + 3) + number) % 256 for n in range(400))


def pass_():
    """Named after the statement of that name."""
    sys.path.insert(0, str(VECTORS))
    sys.dont_write_bytecode = True
    import restore

    for path in sorted((VECTORS / "pass").glob("*.vec")):
        head, text = path.read_text().split("\n\n", 1)
        key = [line[14:] for line in head.split("\n") if line.startswith("key-file-hex: ")]
        if not key or path.stem in ("accept_longest", "reject_eight-hours-and-a-second"):
            continue
        try:
            container = restore.Container(bytes.fromhex(text), kinds=b"\5")
            document = container.payload(container.master_key(lambda: None, bytes.fromhex(key[0])))
        except restore.Stop:
            continue
        yield path.stem, b"\0" + document
        if path.stem == "accept_steam":
            yield "sealed", b"\2" + document
    for kind in range(11):
        yield "made-%d" % kind, bytes([1 + 2 * (kind % 2), kind, 0, 0, 0, 29, 107, 73, 210, 0, 0, 0, 1, 44, 0]) + b"Mail: ana" + bytes(range(kind, 99, 7))


def main():
    out = pathlib.Path(sys.argv[1])
    for target in (aegis, bundle, drill_report, entry, formats, header, keys, label, log_line, otpauth, otpauth_list, otpauth_migration, pass_, payload,
                   proof, qr_picture, settings, share, state):
        folder = out / target.__name__.rstrip("_")
        folder.mkdir(parents=True, exist_ok=True)
        for name, data in target():
            (folder / name).write_bytes(data)


main()
