#!/usr/bin/env python3
"""Writes vectors/pass/*.vec: passes, each whole or with one defect, from what lifeboat-pass(5) says of them.

    python3 make_pass.py            writes vectors/pass
    python3 make_pass.py --check    compares vectors/pass with what this makes

Of Lifeboat's own nothing is used. The container is that of make_envelope.py; codes are made by Python's own `hmac`.
Every byte is derived from a name, so a run gives the same files again.
"""
import base64, hmac, json, pathlib, struct, sys

sys.dont_write_bytecode = True
import make_envelope as envelope
from make_envelope import COLUMNS, KEY_FILE, PASS, Container, changed, forged, vault

OUT = pathlib.Path(__file__).resolve().parent / "pass"
FROM = 1800000000
STEAM = "23456789BCDFGHJKMNPQRTVWXY"
SEED = b"12345678901234567890"
WORDS = "academic velvet spider hamster mustang trash yoga plastic"
MADE = {}


def code(step, digits, seed=SEED):
    """RFC 4226, and Steam's five characters where there are no digits."""
    digest = hmac.digest(seed, struct.pack(">Q", step), "sha1")
    number = struct.unpack(">I", digest[digest[19] & 15:][:4])[0] & 0x7FFFFFFF
    if digits is not None:
        return "%0*d" % (digits, number % 10 ** digits)
    return "".join(STEAM[number // 26 ** place % 26] for place in range(5))


def packed(codes, digits, spare=0):
    """The codes as numbers of as many bits as the largest one has, and what stands in the bits behind the last."""
    largest = 10 ** digits - 1 if digits is not None else 26 ** 5 - 1
    value = 0
    for text in codes:
        number = int(text) if digits is not None else sum(STEAM.index(c) * 26 ** (4 - n) for n, c in enumerate(text))
        value = value << largest.bit_length() | number
    n_bits = len(codes) * largest.bit_length()
    data = (value << -n_bits % 8 | spare).to_bytes(-(-n_bits // 8), "big")
    return base64.b64encode(data).decode()


def document(digits=6, period=30, start=FROM, seconds=120, **changes):
    """The fields in the order of a writer, and the codes."""
    end = start + seconds
    first, last = start // period - 1, (end - 1) // period + 1
    codes = [code(step, digits) for step in range(first, last + 1)]
    fields = {"schema": 1, "id": "0a1b2c3d", "title": "Example:alice@example.com", "to": "Helpdesk: Jo",
              "type": "totp" if digits is not None else "steam", "digits": digits, "period": period, "from": start,
              "until": end, "first": first, "codes": packed(codes, digits)}
    fields.update(changes)
    return {name: value for name, value in fields.items() if value is not None}, codes


def written(fields):
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode()


def vector(name, expect, file, comment, passphrase=None, key_file=KEY_FILE, field=None, fields=None, codes=()):
    lines = ["expect: " + expect]
    lines += ["passphrase: " + passphrase] if passphrase is not None else []
    lines += ["key-file-hex: " + key_file.hex()] if key_file is not None else []
    lines += ["field: " + field] if field is not None else []
    if fields:
        lines += ["%s: %s" % (name, fields[name]) for name in ("id", "title", "to", "from", "until", "period", "first")]
        lines.append("codes: " + " ".join(codes))
    lines.append("comment: " + comment)
    text = file.hex()
    wrapped = [text[at:at + COLUMNS] for at in range(0, len(text), COLUMNS)]
    assert name not in MADE, name
    MADE[name] = "\n".join(lines + [""] + wrapped) + "\n"


def sealed(payload):
    return Container(PASS, payload).with_key_file()


def good():
    def accept(name, comment, **how):
        fields, codes = document(**how)
        vector("accept_" + name, "success", sealed(written(fields)).build(), comment, fields=fields, codes=codes)

    fields, codes = document()
    file = Container(PASS, written(fields))
    file = file.with_slots(file.slot("passphrase", passphrase=WORDS)).build()
    vector("accept_words", "success", file, "Two minutes of codes of six digits, under eight words.", WORDS, None, fields=fields, codes=codes)
    vector("reject_other-words", "wrong credential", file, "The same pass with other words.", WORDS.replace("yoga", "zero"), None)
    vector("reject_key-file-brought", "no slot", file, "It wants words; a key file was brought.")
    for digits in (1, 2, 3, 4, 5, 7, 8, 9, 10):
        accept("digits-%d" % digits, "Codes of %d digits." % digits, digits=digits)
    accept("steam", "Steam's five characters.", digits=None)
    accept("one-second", "A time of one second: three codes.", seconds=1)
    accept("in-the-middle", "It begins and ends inside of steps: each of them is in it whole.", start=FROM + 17, seconds=60)
    accept("hour", "An hour that begins inside of a step: 123 codes.", start=FROM + 17, seconds=3600)
    accept("longest", "Eight hours.", seconds=8 * 3600)
    accept("period-1", "A code each second.", period=1, seconds=60)
    accept("period-day", "Steps of a day.", period=86400, seconds=3600)
    accept("earliest", "The second step since 1970.", start=30)
    accept("latest", "The last two minutes of the year 9999 but one day.", start=253402214400 - 121)
    accept("names-longest", "Names of 128 bytes.", title="ä" * 64, to="x" * 128)
    accept("names-hostile", "Names that would command a terminal: read, shown escaped.", title="\u202egnp.\x1b[31m", to="J\x07o")
    fields, codes = document()
    turned = json.dumps(dict(reversed(fields.items())), indent=1).encode()
    vector("accept_spaced-and-unsorted", "success", sealed(turned).build(), "Spaces, and keys in another order.", fields=fields, codes=codes)
    file = sealed(written(fields))
    vector("accept_padded-further", "success", file.build(plaintext=file.framed() + bytes(256)),
           "Padded by a step more than it needs: a reader does not ask.", fields=fields, codes=codes)


def content():
    def reject(name, field, comment, payload=None, **changes):
        payload = written(document(**changes)[0]) if payload is None else payload
        vector("reject_" + name, "bad content", sealed(payload).build(), comment, field=field)

    reject("schema-0", "schema", "Schema 0 was never written.", schema=0)
    reject("schema-text", "schema", "The schema is a text.", schema="1")
    vector("reject_schema-2", "newer", sealed(b'{"schema":2,"anything":{"else":[1]}}').build(), "A newer schema, whatever else it has.")
    reject("unknown-key", "(unknown)", "A key that no pass has: a seed could stand there.", seed="GEZDGNBVGY3TQOJQ")
    plain = written(document()[0])
    vector("reject_key-twice", "key twice", sealed(plain.replace(b'"id":', b'"id":"0a1b2c3d","id":', 1)).build(), "A key stands twice.")
    vector("reject_no-object", "no object", sealed(b"[1]").build(), "A list.")
    reject("cut", "codes", "The document ends inside the codes.", plain[:-5])
    vector("reject_behind-it", "bad content", sealed(plain + b"x").build(), "Something follows the document.", field="codes")
    reject("id-capitals", "id", "An id in capitals.", id="0A1B2C3D")
    reject("id-short", "id", "An id of three bytes.", id="0a1b2c")
    reject("title-missing", "title", "No title.", title=None)
    reject("title-long", "title", "A title of 129 bytes.", title="x" * 129)
    reject("to-long", "title", "A name of 130 bytes.", to="ä" * 65)
    reject("type-hotp", "type", "Codes that count have no time.", type="hotp")
    reject("steam-with-digits", "type", "Steam's codes have no digits.", type="steam")
    reject("steam-period-60", "period", "Steam's steps have thirty seconds.", digits=None, period=60)
    for digits in (0, 11):
        fields = document()[0] | {"digits": digits}
        reject("digits-%d" % digits, "digits", "Codes of %d digits." % digits, written(fields))
    reject("digits-missing", "digits", "TOTP without digits.", written({k: v for k, v in document()[0].items() if k != "digits"}))
    reject("digits-7-for-6", "codes", "Seven digits have more bits than the codes are long.", written(document()[0] | {"digits": 7}))
    for period in (0, 86401):
        reject("period-%d" % period, "period", "A period of %d seconds." % period, written(document()[0] | {"period": period}))
    reject("until-is-from", "until", "An empty time.", written(document()[0] | {"until": FROM}))
    reject("until-before-from", "until", "A time that ends before it begins.", written(document()[0] | {"until": FROM - 1}))
    reject("eight-hours-and-a-second", "until", "A second more than eight hours.", seconds=8 * 3600 + 1)
    reject("year-10000", "until", "It ends when a year has five digits.", start=253402214400 - 60)
    reject("first-step", "until", "It begins in the first step of all, which has none before it.", written(document()[0] | {"from": 29, "until": 149}))
    reject("until-fraction", "until", "A fraction of a second.", written(document()[0] | {"until": FROM + 120.5}))
    reject("first-one-less", "first", "The number of the first step is one less.", written(document()[0] | {"first": FROM // 30 - 2}))
    fields, codes = document()
    extra = code(FROM // 30 + 5, 6)
    # Of six codes of 20 bits, 15 bytes; of seven, 18, and of five, 13.
    reject("code-more", "codes", "A code of the step behind the last one.", codes=packed(codes + [extra], 6))
    reject("code-fewer", "codes", "A code fewer than its time has steps.", codes=packed(codes[:-1], 6))
    reject("code-of-no-digits", "codes", "A number that no six digits have.", codes=base64.b64encode(b"\xff" * 15).decode())
    odd, five = document(seconds=90)
    assert len(five) == 5
    reject("spare-bits", "codes", "The bits behind the last code are not zero.", written(odd | {"codes": packed(five, 6, 1)}))
    text = odd["codes"]
    assert text.endswith("==")
    reject("base64-spare-bits", "codes", "The bits of base64 behind the last byte are not zero.",
           written(odd | {"codes": text[:-3] + chr(ord(text[-3]) + 1) + "=="}))
    reject("base64-unpadded", "codes", "Base64 without its padding.", written(odd | {"codes": text.rstrip("=")}))
    reject("base64-space", "codes", "A space in base64.", codes=" " + fields["codes"])


def container():
    fields, _ = document()
    file = sealed(written(fields))
    vector("reject_for-another-key-file", "wrong credential", file.build(), "Another key file.", key_file=envelope.OTHER_KEY_FILE)
    with_info = sealed(written(fields))
    with_info.header["info"] = {"created": FROM}
    vector("reject_with-info", "bad header", with_info.build(), "A pass says nothing of itself in clear.")
    vector("reject_half-a-step", "damaged", file.build(plaintext=file.framed() + bytes(128)), "Padded to half a step.")
    vector("reject_empty", "damaged", file.build(plaintext=b""), "An empty payload.")
    signed = sealed(written(fields))
    signed.signature = b"signed"
    vector("reject_signed", "damaged", signed.build(), "A pass is never signed: those bytes would be a place to hide codes.")
    vector("reject_dirty-padding", "damaged", file.build(plaintext=file.framed()[:-1] + b"\1"), "The last byte of the padding is not zero.")
    vector("reject_damaged", "damaged", changed(file.build(), 700), "A byte was changed.")
    vector("reject_altered", "altered", forged(file.build(), envelope.header_end(file.build()) + 40), "A byte of the body was changed on purpose.")
    vector("reject_a-vault", "wrong kind", vault().build(), "A vault where a pass was asked for.")
    vector("reject_a-bundle", "wrong kind", envelope.bundle().build(), "A bundle where a pass was asked for.")
    sealed_entry = Container(envelope.SEALED_ENTRY, written(fields)).with_key_file().build()
    vector("reject_kind-forged", "wrong credential", forged(sealed_entry, 9, PASS), "A sealed entry made to look like a pass: the kind is part of every key.")


def main():
    for group in (good, content, container):
        group()
    check = sys.argv[1:] == ["--check"]
    OUT.mkdir(exist_ok=True)
    there = {path.stem: path for path in OUT.glob("*.vec")}
    for name in there.keys() - MADE.keys():
        if check:
            sys.exit("vectors/pass/%s.vec is not made by make_pass.py" % name)
        there[name].unlink()
    for name, text in MADE.items():
        path = OUT / (name + ".vec")
        if not check:
            path.write_text(text, encoding="utf-8")
        elif not path.exists() or path.read_text(encoding="utf-8") != text:
            sys.exit("vectors/pass/%s.vec is not what make_pass.py makes" % name)
    print("%d passes" % len(MADE))


if __name__ == "__main__":
    main()
