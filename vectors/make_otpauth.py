#!/usr/bin/env python3
"""Writes vectors/otpauth/*.vec: one file per rule for reading otpauth URIs.

Nothing of Lifeboat is used: codes come from hmac and hashlib, re-exported URIs from urllib. What a URI
must mean stands in the table below, written by hand from the rules, each row under the rule that it shows. Run it in
vectors/; the output is committed, so that the tests need no Python.
"""

import base64
import hashlib
import hmac
import pathlib
import struct
import urllib.parse

NOW = 1_700_000_000
USUAL = "JBSWY3DPEHPK3PXP"
LONG = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
STEAM = "JRZCL47CMXVOQMNPZR2F7J4RGI"
STEAM_LETTERS = "23456789BCDFGHJKMNPQRTVWXY"


def decode(symbols):
    """Five bits a symbol, a byte per eight bits, the rest is ignored."""
    bits = "".join(f"{'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.index(c):05b}" for c in symbols)
    return bytes(int(bits[i : i + 8], 2) for i in range(0, len(bits) - 7, 8))


def code(entry):
    step = entry["counter"] if entry["type"] == "hotp" else NOW // entry["period"]
    name = entry["algorithm"].lower()
    mac = hmac.new(decode(entry["seed"]), struct.pack(">Q", step), getattr(hashlib, name)).digest()
    at = mac[-1] & 15
    value = struct.unpack(">I", mac[at : at + 4])[0] & 0x7FFFFFFF
    if entry["type"] == "steam":
        letters = ""
        for _ in range(5):
            letters += STEAM_LETTERS[value % 26]
            value //= 26
        return letters
    return str(value % 10 ** entry["digits"]).zfill(entry["digits"])


def quote(text):
    return urllib.parse.quote(text, safe="-._~")


def written(entry):
    prefix = quote(entry["issuer"]) + ":" if entry["issuer"] or ":" in entry["account"] else ""
    uri = f"otpauth://{entry['type']}/{prefix}{quote(entry['account'])}?secret={entry['seed']}"
    if entry["issuer"]:
        uri += "&issuer=" + quote(entry["issuer"])
    uri += f"&algorithm={entry['algorithm']}&digits={entry['digits']}"
    uri += f"&counter={entry['counter']}" if entry["type"] == "hotp" else f"&period={entry['period']}"
    return uri + "".join(f"&{quote(name)}={quote(value)}" for name, value in entry["parameters"])


def accept(name, comment, uri, issuer, account, warnings=(), **other):
    entry = {"issuer": issuer, "account": account, "type": "totp", "algorithm": "SHA1", "digits": 6,
             "period": 30, "seed": USUAL, "parameters": []} | other
    if entry["type"] == "steam":
        entry |= {"algorithm": "SHA1", "digits": 5, "period": 30}
    seed = decode(entry["seed"])
    warnings = list(warnings) + (["short-seed"] if len(seed) * 8 < 112 else [])
    lines = ["expect: accept", f"issuer: {issuer}", f"account: {account}", f"type: {entry['type']}",
             f"algorithm: {entry['algorithm']}", f"digits: {entry['digits']}"]
    if entry["type"] == "hotp":
        lines.append(f"counter: {entry['counter']}")
    else:
        lines.append(f"period: {entry['period']}")
    lines.append(f"seed-hex: {seed.hex()}")
    lines += [f"parameter: {name}={value}" for name, value in entry["parameters"]]
    lines += [f"warning: {warning}" for warning in warnings]
    lines += [f"code: {code(entry)}", f"reexport: {written(entry)}", f"comment: {comment}"]
    write("accept_" + name, lines, uri)


def reject(name, comment, uri, error):
    write("reject_" + name, ["expect: reject", f"error: {error}", f"comment: {comment}"], uri)


def write(name, lines, uri):
    assert rule, "every row shows a rule"
    shown.add(rule)
    lines = [*lines, f"rule: {rule}"]
    assert not pathlib.Path("otpauth", name + ".vec") in written_rows, f"{name} stands there twice"
    written_rows.add(pathlib.Path("otpauth", name + ".vec"))
    text = "\n".join(line.rstrip() for line in lines) + "\n\n" + uri
    pathlib.Path("otpauth", name + ".vec").write_bytes(text.encode())


# What each row shows, by number; the README says them. Rows name them in their header.
RULES = {
    "1 outside": "scheme, type and names of parameters in any case; a raw # is data; spaces are taken",
    "2 decode once": "the query is split off first, then the path is decoded, once",
    "3 form": "in the query a plus is a space, in the path it is a plus",
    "4 first wins": "of a parameter that stands there twice, the first counts",
    "5 names": "the issuer is the parameter, else the label's prefix; that is cut off exactly, else at the first colon",
    "6 empty prefix": "a colon first says that there is no issuer; a path may be missing",
    "7 many colons": "without the parameter the first colon splits",
    "8 steam": "what says that codes are Steam's: five characters, SHA-1, thirty seconds",
    "9 null": "the word null and an empty value count as none",
    "10 glued": "a period that is glued to the issuer is cut off",
    "11 counter": "the counter is the next one; without one it is 0, and that is said",
    "types": "types and schemes: what is not known is named and never guessed",
    "extra": "what means nothing here is kept, in its order",
    "base32": "how secrets are spelt",
    "algorithm": "how algorithms are spelt",
    "digits": "from 1 to 10",
    "period": "from a second to a day; else thirty seconds, and that is said",
}
rule = None
shown = set()
written_rows = set()


def showing(name):
    """The rows that follow show this rule."""
    global rule
    assert name in RULES
    rule = name


def main():
    outside()
    names()
    steam()
    secrets()
    numbers()
    extras()
    assert shown == set(RULES), "every rule has a row"


def outside():
    q = f"?secret={USUAL}"
    showing("1 outside")
    accept("upper_case", "scheme, type and parameter names in any case", f"OTPAUTH://TOTP/Upper:case?SECRET={USUAL}&ISSUER=Upper", "Upper", "case")
    accept("mixed_case_numbers", "of the numbers' names too", f"Otpauth://Hotp/a?Secret={USUAL}&Algorithm=SHA256&Digits=8&Counter=9", "", "a", algorithm="SHA256", digits=8, type="hotp", counter=9)
    accept("white_space_around", "as pasted", f"  otpauth://totp/a{q}\r\n", "", "a")
    accept("label_raw_hash", "a raw # is data and no fragment; raw spaces are taken", f"otpauth://totp/Mongo Atlas:Acc !@#444{q}&issuer=Mongo Atlas", "Mongo Atlas", "Acc !@#444")
    accept("issuer_raw_hash", "a raw # in a value is data", f"otpauth://totp/alice{q}&issuer=C#&period=60", "C#", "alice", period=60)
    accept("issuer_raw_space", "a raw space in a value", f"otpauth://totp/alice{q}&issuer=Two Words&digits=8", "Two Words", "alice", digits=8)
    accept("label_unicode_raw", "UTF-8 as it is", f"otpauth://totp/Банк:Мария{q}&issuer=Банк", "Банк", "Мария")
    reject("too_long", "over 16 KiB", f"otpauth://totp/{'a' * 17000}{q}", "the URI is longer than 16384 bytes")
    showing("2 decode once")
    accept("label_all_percent_encoded", "the colon too, and a space behind it", f"otpauth://totp/Example%3A%20alice%40example.com{q}", "Example", "alice@example.com")
    accept("label_double_encoded_colon", "the path is decoded once, never twice", f"otpauth://totp/A%253Ab{q}", "", "A%3Ab")
    accept("label_encoded_question_mark", "decoding comes after splitting", f"otpauth://totp/who%3Fsecret=A{q}", "", "who?secret=A")
    accept("label_encoded_hash", "an encoded # too", f"otpauth://totp/C%23:a%23b{q}&issuer=C%23", "C#", "a#b")
    accept("label_encoded_ampersand", "in label and issuer", f"otpauth://totp/Amp%26Co:x%26y{q}&issuer=Amp%26Co", "Amp&Co", "x&y")
    accept("issuer_encoded_ampersand_and_parameter", "what is decoded is not split again", f"otpauth://totp/a{q}&issuer=A%26digits%3D8", "A&digits=8", "a")
    accept("issuer_double_encoded", "values are decoded once too", f"otpauth://totp/a{q}&issuer=100%2525", "100%25", "a")
    accept("label_unicode_encoded", "percent-encoded UTF-8", f"otpauth://totp/%E6%A9%A1%E7%9A%AE{q}&issuer=%E9%B8%AD", "鸭", "橡皮")
    accept("label_bad_utf8", "bytes that are no text become the replacement character", f"otpauth://totp/a%FFb{q}", "", "a\ufffdb")
    accept("label_stray_percent", "a percent sign without two digits is itself", f"otpauth://totp/100%:a%2{q}", "100%", "a%2")
    showing("3 form")
    accept("label_plus_is_itself", "in a path a plus is a plus", f"otpauth://totp/a+b@example.com{q}&issuer=PathPlus", "PathPlus", "a+b@example.com")
    accept("issuer_plus_is_space", "in a query a plus is a space", f"otpauth://totp/alice{q}&issuer=Plus+Space", "Plus Space", "alice")
    accept("issuer_encoded_plus", "and %2B is a plus", f"otpauth://totp/a%2Bb{q}&issuer=Plus%2BSign", "Plus+Sign", "a+b")
    showing("4 first wins")
    accept("issuer_repeated", "the first occurrence wins", f"otpauth://totp/dup{q}&issuer=First&issuer=Second", "First", "dup")
    accept("secret_repeated", "of the secret too", f"otpauth://totp/dup{q}&secret={LONG}", "", "dup")
    accept("numbers_repeated", "and of numbers, in any case", f"otpauth://totp/dup{q}&digits=8&Digits=6&period=60&PERIOD=30&algorithm=SHA256&algorithm=SHA1", "", "dup", digits=8, period=60, algorithm="SHA256")
    showing("types")
    reject("scheme_https", "another scheme", f"https://example.com/{q}", "it does not start with otpauth://")
    reject("scheme_missing", "no scheme", USUAL, "it does not start with otpauth://")
    reject("scheme_motp", "mOTP has no place here", "motp://Mobile:user?secret=e3152afee62599c8", 'the type "motp" is not supported')
    reject("scheme_migration", "a batch of accounts", "otpauth-migration://offline?data=CjEKCkhlbGxvId6tvu8", "this is an export of Google Authenticator, which holds several accounts")
    reject("scheme_lastpass", "a batch of accounts of LastPass Authenticator", "lpaauth-migration://offline?data=H4sIAAAAAAAAAwMAAAAAAAAAAAA", 'the type "lpaauth-migration" is not supported')
    reject("type_yaotp", "Yandex needs a PIN", "otpauth://yaotp/user?secret=6L4OH6DDC4PLNQBA5422GM67KXRDIQQP", 'the type "yaotp" is not supported')
    reject("type_yandex", "as cotp writes it", "otpauth://yandex/Y:user?secret=6L4OH6DDC4PLNQBA5422GM67KXRDIQQP&algorithm=SHA256&digits=8", 'the type "yandex" is not supported')
    reject("type_motp", "mOTP in an otpauth URI", "otpauth://motp/user?secret=e3152afee62599c8", 'the type "motp" is not supported')
    reject("type_missing", "no type", f"otpauth:///a{q}", 'the type "" is not supported')
    reject("type_is_the_secret", "what does not look like a name is not repeated", f"otpauth://{USUAL}", 'the type "not repeated here" is not supported')


def names():
    q = f"?secret={USUAL}"
    showing("5 names")
    accept("plain", "the form of the reference", f"otpauth://totp/Example:alice@example.com{q}&issuer=Example", "Example", "alice@example.com")
    accept("label_encoded_colon_and_issuer", "the prefix is still cut off", f"otpauth://totp/Example%3Aalice{q}&issuer=Example", "Example", "alice")
    accept("label_without_issuer", "no issuer anywhere", f"otpauth://totp/alice@example.com{q}", "", "alice@example.com")
    accept("label_without_prefix", "the issuer comes from the parameter alone", f"otpauth://totp/alice{q}&issuer=Example", "Example", "alice")
    accept("label_prefix_without_parameter", "or from the prefix alone; both are trimmed", f"otpauth://totp/%20Example%20:%20alice%20{q}", "Example", "alice")
    accept("label_issuer_with_colon", "what the parameter says is cut off exactly", f"otpauth://totp/Multi:Colon:dave{q}&issuer=Multi:Colon", "Multi:Colon", "dave")
    accept("label_prefix_differs", "the parameter wins, and it is said", f"otpauth://totp/Prefix:carol{q}&issuer=Param", "Param", "carol", ["prefix-differs"])
    accept("label_prefix_is_longer", "the parameter is no more than the beginning of the prefix", f"otpauth://totp/GitHub:carol{q}&issuer=Git", "Git", "carol", ["prefix-differs"])
    accept("label_slash", "a slash belongs to the account", f"otpauth://totp/Git/Hub:a/b{q}", "Git/Hub", "a/b")
    accept("issuer_empty_parameter", "an empty parameter counts as none", f"otpauth://totp/Example:alice{q}&issuer=", "Example", "alice")
    accept("issuer_without_value", "as Ente Auth writes it", f"otpauth://totp/Example:alice{q}&issuer", "Example", "alice")
    showing("6 empty prefix")
    accept("label_empty", "an empty path with an issuer", f"otpauth://totp/{q}&issuer=Only", "Only", "")
    accept("label_missing", "no path at all", f"otpauth://totp{q}&issuer=NoPath", "NoPath", "")
    accept("label_and_issuer_missing", "neither path nor issuer", f"otpauth://totp{q}", "", "")
    accept("label_empty_prefix", "a colon first says that there is no issuer", f"otpauth://totp/:bob{q}", "", "bob")
    accept("label_empty_prefix_and_issuer", "and takes none away", f"otpauth://totp/:bob{q}&issuer=Param", "Param", "bob")
    accept("label_empty_prefix_and_colon", "how an account with a colon and no issuer is written", f"otpauth://totp/:a%3Ab{q}", "", "a:b")
    accept("label_empty_account", "nothing behind the colon", f"otpauth://totp/Example:{q}", "Example", "")
    showing("7 many colons")
    accept("label_many_colons", "without an issuer parameter the first colon splits", f"otpauth://totp/A:B:C{q}", "A", "B:C")
    accept("label_many_encoded_colons", "encoded ones as well", f"otpauth://totp/A%3AB%3AC{q}", "A", "B:C")
    showing("10 glued")
    accept("issuer_with_glued_period", "some exporters forget the ampersand", f"otpauth://totp/alice{q}&issuer=Fooperiod=60", "Foo", "alice", period=60)
    accept("issuer_with_glued_period_and_more", "what follows is still read", f"otpauth://totp/Foo:alice{q}&issuer=Fooperiod=60&digits=8", "Foo", "alice", period=60, digits=8)
    accept("issuer_with_encoded_equals", "an encoded equals sign belongs to the issuer", f"otpauth://totp/alice{q}&issuer=Fooperiod%3D60", "Fooperiod=60", "alice")


def steam():
    s = f"?secret={STEAM}"
    showing("8 steam")
    accept("steam_type", "a type of its own", f"otpauth://steam/Steam:gabe{s}&issuer=Steam", "Steam", "gabe", type="steam", seed=STEAM)
    accept("steam_type_and_other_issuer", "whatever the issuer is", f"otpauth://steam/Valve:gabe{s}&issuer=Valve", "Valve", "gabe", type="steam", seed=STEAM)
    accept("steam_encoder", "KeePassXC's way to say it", f"otpauth://totp/Valve:gabe{s}&issuer=Valve&digits=5&encoder=steam", "Valve", "gabe", type="steam", seed=STEAM)
    accept("steam_flag", "a bare flag", f"otpauth://totp/Valve:gabe{s}&issuer=Valve&steam", "Valve", "gabe", type="steam", seed=STEAM)
    accept("steam_flag_false", "and its opposite, which is kept", f"otpauth://totp/Valve:gabe{s}&issuer=Valve&steam=false", "Valve", "gabe", seed=STEAM, parameters=[("steam", "false")])
    accept("steam_issuer", "the issuer is Steam", f"otpauth://totp/gabe{s}&issuer=Steam", "Steam", "gabe", type="steam", seed=STEAM)
    accept("steam_prefix", "the prefix is Steam, and the issuer another", f"otpauth://totp/Steam:gabe{s}&issuer=Valve", "Valve", "gabe", ["prefix-differs"], type="steam", seed=STEAM)
    accept("steam_prefix_and_digits", "five characters whatever it says", f"otpauth://totp/Steam:gabe{s}&digits=6&algorithm=SHA256&period=60", "Steam", "gabe", type="steam", seed=STEAM)
    accept("steam_is_part_of_the_issuer", "an issuer that only begins so is another", f"otpauth://totp/Steamboat:gabe{s}", "Steamboat", "gabe", seed=STEAM)
    accept("steam_of_a_counter", "an account that counts makes its own codes, whoever gave it", f"otpauth://hotp/Steam:gabe{s}&counter=2", "Steam", "gabe", type="hotp", counter=2, seed=STEAM)
    accept("steam_scheme", "a scheme of its own, as Bitwarden has it", f"steam://{STEAM}", "Steam", "", type="steam", seed=STEAM)
    accept("steam_scheme_upper_case", "in any case, as is its secret", f"STEAM://{STEAM.lower()}", "Steam", "", type="steam", seed=STEAM)


def secrets():
    showing("base32")
    accept("secret_lower_case", "case does not matter", "otpauth://totp/a?secret=jbswy3dpehpk3pxp", "", "a")
    accept("secret_encoded_spaces", "as sites show it in groups", "otpauth://totp/a?secret=jbsw%20y3dp%20ehpk%203pxp", "", "a")
    accept("secret_raw_spaces", "raw ones", "otpauth://totp/a?secret=jbsw y3dp ehpk 3pxp&digits=6", "", "a")
    accept("secret_plus_spaces", "spaces as a form writes them", "otpauth://totp/a?secret=JBSW+Y3DP+EHPK+3PXP", "", "a")
    accept("secret_tabs", "and tabs", "otpauth://totp/a?secret=JBSW%09Y3DP%09EHPK3PXP", "", "a")
    accept("secret_dashes", "dashes between groups", "otpauth://totp/a?secret=JBSW-Y3DP-EHPK-3PXP", "", "a")
    accept("secret_underscores", "underscores, as Proton has them", "otpauth://totp/a?secret=JBSW_Y3DP_EHPK_3PXP", "", "a")
    accept("secret_no_break_space", "copied from a web page", "otpauth://totp/a?secret=JBSWY3DP%C2%A0EHPK3PXP", "", "a")
    accept("secret_padded", "raw padding holds equals signs", "otpauth://totp/a?secret=JBSWY3DPEHPK3PXPGE======", "", "a", seed="JBSWY3DPEHPK3PXPGE")
    accept("secret_encoded_padding", "and encoded ones", "otpauth://totp/a?secret=JBSWY3DPEHPK3PXPGE%3D%3D%3D%3D%3D%3D", "", "a", seed="JBSWY3DPEHPK3PXPGE")
    accept("secret_padding_inside", "padding of two parts that were put together", "otpauth://totp/a?secret=JBSWY3DPGE%3D%3D%3D%3D%3D%3DGEZDGNBV", "", "a", seed="JBSWY3DPGEGEZDGNBV")
    accept("secret_odd_length", "nine symbols: bits beyond the last whole byte are ignored, the spelling is kept", "otpauth://totp/a?secret=JBSWY3DPE", "", "a", seed="JBSWY3DPE")
    for n_symbols, words in ((11, "eleven symbols, three over"), (14, "fourteen symbols, six over")):
        accept(f"secret_{n_symbols}_symbols", words, f"otpauth://totp/a?secret={USUAL[:n_symbols]}", "", "a", seed=USUAL[:n_symbols])
    accept("secret_trailing_bits", "the last symbol's spare bits are not zero; the spelling is kept", "otpauth://totp/a?secret=JBSWY3DPEHPK3PXPGF", "", "a", seed="JBSWY3DPEHPK3PXPGF")
    accept("secret_one_byte", "a single byte", "otpauth://totp/a?secret=ME", "", "a", seed="ME")
    accept("secret_four_bytes", "four bytes, as in tests of real apps", "otpauth://totp/a?secret=ORSXG5A", "", "a", seed="ORSXG5A")
    accept("secret_short", "five bytes: taken, and said", "otpauth://totp/a?secret=GEZDGNBV", "", "a", seed="GEZDGNBV")
    accept("secret_twenty_bytes", "a good length gives no warning", f"otpauth://totp/a?secret={LONG}", "", "a", seed=LONG)
    accept("secret_of_a_block", "64 bytes are a whole block of SHA-1", f"otpauth://totp/a?secret={(LONG * 4)[:103]}", "", "a", seed=(LONG * 4)[:103])
    accept("secret_longer_than_a_block", "HMAC hashes a key of more than 64 bytes", f"otpauth://totp/a?secret={LONG * 4}", "", "a", seed=LONG * 4)
    accept("secret_longer_than_a_block_of_sha512", "or of more than 128 with SHA-512", f"otpauth://totp/a?secret={LONG * 7}&algorithm=SHA512", "", "a", seed=LONG * 7, algorithm="SHA512")
    reject("secret_missing", "no secret parameter", "otpauth://totp/alice?issuer=Example", "the URI has no secret")
    reject("secret_empty", "an empty one", "otpauth://totp/alice?secret=&issuer=Example", "the URI has no secret")
    reject("secret_only_padding", "nothing but spaces and padding", "otpauth://totp/alice?secret=+%3D%3D", "the secret cannot be used")
    reject("secret_one_symbol", "less than a byte", "otpauth://totp/alice?secret=J", "the secret cannot be used")
    reject("secret_not_base32", "0 and 1 are never read as O and I", "otpauth://totp/alice?secret=JBSWY3DP01", "the secret cannot be used")
    reject("secret_eight", "nor 8 as B", "otpauth://totp/alice?secret=JBSWY3DP8EHPK3PX", "the secret cannot be used")
    reject("secret_other_character", "no other character is passed over", "otpauth://totp/alice?secret=JBSWY3DP%2EEHPK3PXP", "the secret cannot be used")


def numbers():
    q = f"?secret={USUAL}"
    showing("algorithm")
    for name, text, algorithm in [("lower", "sha256", "SHA256"), ("hmac_prefix", "HMACSHA1", "SHA1"), ("java_name", "HmacSHA256", "SHA256"),
                                  ("dash", "SHA-512", "SHA512"), ("enum_name", "Algorithm.sha256", "SHA256"), ("underscore", "sha_512", "SHA512"),
                                  ("upper", "SHA512", "SHA512"), ("sha1", "SHA1", "SHA1"), ("dash_sha1", "SHA-1", "SHA1"),
                                  ("hmac_dashes", "HMAC-SHA-512", "SHA512"), ("hmac_underscores", "HMAC_SHA256", "SHA256"),
                                  ("hmac_lower", "hmacsha1", "SHA1"), ("space_around", "+SHA256+", "SHA256")]:
        accept("algorithm_" + name, f"written {text}", f"otpauth://totp/a{q}&algorithm={text}", "", "a", algorithm=algorithm)
    reject("algorithm_md5", "never guessed", f"otpauth://totp/a{q}&algorithm=MD5", 'the algorithm "MD5" is not supported')
    reject("algorithm_sha224", "2FAS knows it, and nothing else", f"otpauth://totp/a{q}&algorithm=SHA224", 'the algorithm "SHA224" is not supported')
    reject("algorithm_sha384", "2FAS knows it, and nothing else", f"otpauth://totp/a{q}&algorithm=SHA384", 'the algorithm "SHA384" is not supported')
    reject("algorithm_unknown", "never guessed", f"otpauth://totp/a{q}&algorithm=SHA3-256", 'the algorithm "SHA3-256" is not supported')
    reject("algorithm_is_the_secret", "what does not look like a name is not repeated", f"otpauth://totp/a{q}&algorithm={USUAL}", 'the algorithm "not repeated here" is not supported')
    showing("9 null")
    accept("algorithm_empty", "an empty value counts as none", f"otpauth://totp/a{q}&algorithm=&digits=&period=", "", "a")
    accept("numbers_without_value", "and one without an equals sign", f"otpauth://totp/a{q}&algorithm&digits&period", "", "a")
    accept("numbers_null", "the word null counts as none", f"otpauth://totp/a{q}&algorithm=null&digits=null&period=null", "", "a")
    accept("numbers_null_upper_case", "in any case", f"otpauth://totp/a{q}&algorithm=NULL&digits=Null&period=NULL", "", "a")
    accept("counter_null", "of a counter too", f"otpauth://hotp/a{q}&counter=null", "", "a", ["counter-missing"], type="hotp", counter=0)
    showing("digits")
    accept("digits_default", "six where it does not say", f"otpauth://totp/a{q}&period=30", "", "a")
    for digits in range(1, 11):
        accept(f"digits_{digits}", "five digits alone are not Steam's" if digits == 5 else "any number from 1 to 10", f"otpauth://totp/a{q}&digits={digits}", "", "a", digits=digits)
    accept("digits_leading_zero", "a zero in front", f"otpauth://totp/a{q}&digits=08", "", "a", digits=8)
    accept("digits_10_of_sha512", "the tenth of ten digits is 0, 1 or 2", f"otpauth://totp/a{q}&digits=10&algorithm=SHA512", "", "a", digits=10, algorithm="SHA512")
    for digits in ("0", "11", "20", "256", "99999999999999999999", "-6", "six", "6.0"):
        reject(f"digits_{digits.replace('-', 'minus_').replace('.', '_')}", "codes of another length would always be wrong", f"otpauth://totp/a{q}&digits={digits}", "the number of digits must be from 1 to 10")
    showing("period")
    accept("period_default", "thirty where it does not say", f"otpauth://totp/a{q}&digits=6", "", "a")
    for period in (1, 10, 15, 20, 60, 90, 3_600, 86_400):
        accept(f"period_{period}", "any period from a second to a day", f"otpauth://totp/a{q}&period={period}", "", "a", period=period)
    for name, period in [("zero", "0"), ("negative", "-30"), ("text", "abc"), ("fraction", "30.5"), ("over_a_day", "86401"), ("beyond_any_number", "99999999999999999999")]:
        accept("period_" + name, "30 seconds are used, and it is said", f"otpauth://totp/a{q}&period={period}", "", "a", ["period-replaced"])
    accept("period_of_a_counter", "a period on an account that counts means nothing", f"otpauth://hotp/a{q}&counter=1&period=0", "", "a", type="hotp", counter=1)
    showing("11 counter")
    accept("hotp", "the counter is the next one to use", f"otpauth://hotp/a{q}&counter=4", "", "a", type="hotp", counter=4)
    accept("hotp_zero", "also where that is the first", f"otpauth://hotp/a{q}&counter=0", "", "a", type="hotp", counter=0)
    accept("hotp_without_counter", "counting starts at 0, and it is said", f"otpauth://hotp/a{q}", "", "a", ["counter-missing"], type="hotp", counter=0)
    accept("hotp_empty_counter", "an empty one is none", f"otpauth://hotp/a{q}&counter=", "", "a", ["counter-missing"], type="hotp", counter=0)
    accept("hotp_largest_counter", "64 bits", f"otpauth://hotp/a{q}&counter=18446744073709551615", "", "a", type="hotp", counter=2**64 - 1)
    accept("hotp_and_numbers", "with another algorithm and more digits", f"otpauth://hotp/a{q}&counter=7&digits=8&algorithm=SHA512", "", "a", type="hotp", counter=7, digits=8, algorithm="SHA512")
    reject("hotp_bad_counter", "a wrong counter would desynchronise the account", f"otpauth://hotp/a{q}&counter=four", "the counter is not a number")
    reject("hotp_negative_counter", "one below 0 is none", f"otpauth://hotp/a{q}&counter=-1", "the counter is not a number")
    reject("hotp_counter_beyond_64_bits", "nor one beyond 64 bits", f"otpauth://hotp/a{q}&counter=18446744073709551616", "the counter is not a number")


def extras():
    q = f"?secret={USUAL}"
    showing("extra")
    accept("parameters_kept", "what means nothing here goes out again, in its order; no picture is fetched", f"otpauth://totp/a{q}&image=https%3A%2F%2Fexample.com%2Fl.png&color=00ff00&lock=true", "", "a",
           parameters=[("image", "https://example.com/l.png"), ("color", "00ff00"), ("lock", "true")])
    for name, words, value in [
        ("image", "the address of a picture, of FreeOTP", "https://example.com/logo.png"), ("color", "a colour, of FreeOTP", "7f00ff"),
        ("lock", "whether it is locked, of FreeOTP; cotp writes it always", "false"), ("icon", "a service's key of Stratum, or a skin of WinAuth", "google"),
        ("issuerAlt", "another name of the issuer, of FreeOTP", "Mine"), ("labelalt", "another name of the account", "me"),
        ("tags", "a tag of andOTP", "work"), ("codeDisplay", "JSON of Ente Auth", '{"pinned":true}'),
        ("serial", "the serial number of Battle.net's authenticator, of WinAuth", "EU123412341234"), ("deviceid", "a device of Steam, of WinAuth", "android:1"),
        ("data", "more of Steam, of WinAuth", '{"steamid":"1"}'), ("pin", "a PIN of Yandex, of Aegis", "GEZDGNA"),
        ("pin_length", "how long that is, of Yandex", "4"), ("track_id", "of Yandex", "abc"), ("uid", "of Yandex", "12"), ("name", "of Yandex", "user")]:
        accept("parameter_" + name.lower(), words, f"otpauth://totp/a{q}&{name}={quote(value)}", "", "a", parameters=[(name, value)])
    accept("parameter_icon_of_winauth", "a picture in base32", f"otpauth://totp/a{q}&icon=base64:JBSWY3DP", "", "a", parameters=[("icon", "base64:JBSWY3DP")])
    accept("parameters_repeated", "unknown ones may repeat", f"otpauth://totp/a{q}&tags=one&tags=two+three", "", "a", parameters=[("tags", "one"), ("tags", "two three")])
    accept("parameters_other_encoder", "an encoder that is not Steam's is kept", f"otpauth://totp/a{q}&encoder=other", "", "a", parameters=[("encoder", "other")])
    accept("parameters_unknown", "whatever else there is", f"otpauth://totp/a{q}&x-new=1&=2", "", "a", parameters=[("x-new", "1"), ("", "2")])
    accept("parameters_empty_pairs", "stray ampersands", f"otpauth://totp/a?&&secret={USUAL}&&", "", "a")
    accept("totp_with_counter", "a counter on a TOTP means nothing", f"otpauth://totp/a{q}&counter=4", "", "a")
    accept("totp_with_bad_counter", "even where it is no number", f"otpauth://totp/a{q}&counter=null", "", "a")


if __name__ == "__main__":
    assert base64.b32decode(LONG) == decode(LONG)
    main()
