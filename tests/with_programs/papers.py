"""Readers of what Lifeboat writes for a telephone, for paper, for a YubiKey and for tokens: used by exports.py.

Google's message is taken apart by hand; its pictures and the page are read by zbarimg, the page as Chromium prints it; the
commands are parted by shlex and taken by Yubico's own library; PSKC is read by python-pskc.
"""
import base64
import html
import io
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import urllib.parse
import pathlib

# Read without what it needs for a real key.
YUBICO = "yubikey-manager==5.9.2"
PSKC = "python-pskc==1.4"


def formats(exports):
    """Lines of exports.FORMATS. `exports` lends its helpers."""
    return {
        "google": (False, lambda file, _: google(exports, file), lambda one: held_by_google(exports, one), exports.no_key),
        "pskc": (True, lambda file, password: pskc(exports, file, password), lambda one: held_by_pskc(exports, one), exports.no_key),
        "qr-html": (False, lambda file, _: page(exports, file), lambda one: exports.only("tags", one=one), exports.no_key),
        "ykman": (False, lambda file, _: yubikey(exports, file), lambda one: held_by_yubikey(exports, one), name_on_yubikey),
    }


# Google Authenticator.

def fields(message):
    """The fields of a protobuf message: number and value."""
    def number(at):
        value = shift = 0
        while True:
            value |= (message[at] & 127) << shift
            at, shift = at + 1, shift + 7
            if message[at - 1] < 128:
                return value, at
    at, found = 0, []
    while at < len(message):
        tag, at = number(at)
        value, at = number(at)
        if tag & 7 == 2:
            value, at = message[at:at + value], at + value
            assert at <= len(message)
        else:
            assert tag & 7 == 0, "only numbers and bytes"
        found.append((tag >> 3, value))
    return found


def accounts(exports, uris):
    found, places, ids = [], [], set()
    for uri in uris:
        assert len(uri) < 2953 and re.fullmatch(r"otpauth-migration://offline\?data=[A-Za-z0-9%]+", uri), uri[:60]
        message = fields(base64.b64decode(urllib.parse.unquote(uri.partition("data=")[2]), validate=True))
        said = {number: value for number, value in message if number != 1}
        assert said.keys() == {2, 3, 4, 5} and said[2] == 1 and said[3] == len(uris), said
        assert sum(number == 1 for number, _ in message) <= 10
        places.append(said[4])
        ids.add(said[5])
        for number, account in message:
            if number == 1:
                one = dict(fields(account))
                assert one.keys() <= set(range(1, 8))
                issuer, name = one.get(3, b"").decode(), one[2].decode()
                if issuer and name.startswith(issuer + ":"):
                    name = name[len(issuer) + 1:]
                elif not issuer and ":" in name:
                    issuer, _, name = name.partition(":")
                kind = {1: "hotp", 2: "totp"}[one[6]]
                assert (7 in one) == (kind == "hotp")
                found.append(exports.entry(issuer, name, kind, {1: "SHA1", 2: "SHA256", 3: "SHA512"}[one[4]], {1: 6, 2: 8}[one[5]],
                                           counter=one.get(7), secret=one[1]))
    assert places == list(range(len(uris))) and len(ids) == 1
    return found


def google(exports, file):
    uris = file.decode().splitlines()
    found = accounts(exports, uris)
    if shutil.which("zbarimg"):
        # The same as pictures: each is one code, and together they say the same.
        done = exports.lifeboat("export", "--to", "google", "-o", exports.WORK / "google.png", "--plaintext")
        pictures = re.findall(r"^  (.*\.png)$", done.stdout, re.M) or [str(exports.WORK / "google.png")]
        scanned = [scan(picture) for picture in pictures]
        assert all(len(one) == 1 for one in scanned), scanned
        assert accounts(exports, [one[0] for one in scanned]) == found
        print("google, pictures: %d, read by zbarimg" % len(pictures))
    else:
        needed(exports, "zbarimg")
    return found


def held_by_google(exports, one):
    if one["kind"] == "steam" or one["digits"] not in (6, 8) or one["kind"] == "totp" and one["period"] != 30:
        return None
    return exports.only(one=one)


# Pictures.

def needed(exports, program):
    assert exports.os.environ.get("CI") != "true", "%s is not installed" % program
    print("SKIPPED: %s is not installed" % program)


def scan(picture):
    done = subprocess.run(["zbarimg", "--quiet", "--raw", "-Sdisable", "-Sqrcode.enable", str(picture)], capture_output=True,
                          text=True)
    return done.stdout.splitlines()


# The page.

def page(exports, file):
    text = file.decode()
    assert not re.search(r"<script|<link|<img|<iframe|https?:|\bsrc=|url\(|\bon\w+=", text), "nothing is fetched and nothing runs"
    sections = re.findall(r"<section>.*?</section>", text, re.S)
    found, uris = [], []
    for section in sections:
        uris.append(html.unescape(re.search(r"<code>(.*?)</code>", section).group(1)))
        typed = re.search(r'<p class="seed">(.*?)</p>', section).group(1)
        assert all(1 <= len(group) <= 4 for group in typed.split(" "))
        one, rest = exports.uri(uris[-1])
        assert rest == {} and exports.base32(typed.replace(" ", "")) == one["secret"]
        tags = re.search(r'<p class="tags">(.*?)</p>', section)
        one["tags"] = [html.unescape(tag) for tag in re.findall("<bdi>(.*?)</bdi>", tag_text(tags))]
        found.append(one)
    for program in ("chromium", "pdftoppm", "pdftotext", "zbarimg"):
        if not shutil.which(program):
            needed(exports, program)
            return found
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        (folder / "page.html").write_bytes(file)
        command = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer",
                   "--user-data-dir=%s" % (folder / "profile"), "--print-to-pdf=%s" % (folder / "page.pdf"), str(folder / "page.html")]
        subprocess.run(command, capture_output=True, check=True, timeout=120)
        subprocess.run(["pdftoppm", "-r", "150", "-png", str(folder / "page.pdf"), str(folder / "sheet")], check=True)
        sheets = sorted(folder.glob("sheet*.png"))
        scanned = [text for sheet in sheets for text in scan(sheet)]
        assert sorted(scanned) == sorted(uris), "every code can be scanned off the printed sheets, and no other"
        printed = subprocess.run(["pdftotext", str(folder / "page.pdf"), "-"], capture_output=True, text=True, check=True).stdout
        assert "otpauth://" not in printed, "the URIs are not printed"
    print("qr-html, printed: %d codes on %d sheets, read by zbarimg" % (len(scanned), len(sheets)))
    return found


def tag_text(tags):
    return tags.group(1) if tags else ""


# A YubiKey.

def yubikey(exports, file):
    from yubikit.oath import CredentialData, OATH_TYPE, _parse_cred_id
    found, ids = [], set()
    for line in file.decode().splitlines():
        words = shlex.split(line, comments=True)
        if not words:
            continue
        assert words[:4] == ["ykman", "oath", "accounts", "uri"] and len(words) == 5, "one argument, whatever is in a name"
        one = CredentialData.parse_uri(words[4])
        # What ykman itself asks for, and what it reads out of the key again.
        assert 0 < len(one.name) <= 64 and len(one.get_id()) <= 64 and len(one.secret) >= 2
        issuer, name, period = _parse_cred_id(one.get_id(), one.oath_type)
        assert (issuer or "", name) == (one.issuer or "", one.name), (issuer, name, one.issuer, one.name)
        by_clock = one.oath_type == OATH_TYPE.TOTP
        assert not by_clock or period == one.period
        is_steam = by_clock and one.issuer == "Steam"
        assert one.digits == 5 if is_steam else 6 <= one.digits <= 8
        ids.add(one.get_id())
        kind = "steam" if is_steam else "totp" if by_clock else "hotp"
        found.append(exports.entry(one.issuer or "", one.name, kind, one.hash_algorithm.name, one.digits, one.period, one.counter
                                   if kind == "hotp" else None, one.secret))
    assert len(ids) == len(found)
    return found


def name_on_yubikey(one):
    return one["issuer"], one["account"], one["period"]


def held_by_yubikey(exports, one):
    prefix = "%d/" % one["period"] if one["kind"] == "totp" and one["period"] != 30 else ""
    whole = prefix + (one["issuer"] + ":" if one["issuer"] else "") + one["account"]
    is_split = ":" in one["issuer"] or not one["issuer"] and ":" in one["account"]
    if not one["account"] or is_split or len(whole.encode()) > 64 or len(one["secret"]) < 2:
        return None
    if (one["kind"] == "steam") != (one["issuer"] == "Steam") or one["kind"] != "steam" and not 6 <= one["digits"] <= 8:
        return None
    if one["kind"] == "hotp" and one["counter"] >= 1 << 32:
        return None
    return exports.only(one=one)


# Tokens.

def pskc(exports, file, password):
    import pskc as library
    container = library.PSKC(io.BytesIO(file))
    assert container.encryption.is_encrypted == bool(password)
    if password:
        container.encryption.derive_key(password)
    found = []
    for key in container.keys:
        # Refuses a wrong passphrase by the sum over the ciphertext.
        assert not password or key.check() is True
        name = key.key_userid or "CN="
        assert name.startswith("CN=")
        kind = key.algorithm.rpartition(":")[2]
        found.append(exports.entry(key.issuer or "", re.sub(r"\\(.)", r"\1", name[3:]), kind, key.algorithm_suite, key.response_length,
                                   key.time_interval, key.counter, key.secret))
    return found


def held_by_pskc(exports, one):
    return None if one["kind"] == "steam" else exports.only(one=one)
