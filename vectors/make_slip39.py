#!/usr/bin/env python3
"""Writes vectors/slip39/*.vec: shares of SLIP-0039 that open together, or that must be refused.

Everything is made by slip39.py, which uses nothing of Lifeboat. Run it in vectors/; the output is committed,
so that the tests need no Python.
"""
import hashlib, itertools, pathlib, sys

sys.dont_write_bytecode = True
from slip39 import WORDS, ShareError, combine, crypt, read, rs1024, split, write

OUT = pathlib.Path("slip39")
OURS = dict(id=12345, ext=1, exp=0, group=0, groups_needed=1, groups=1)

def stream(name):
    """A source of bytes that look random and are the same every time."""
    calls = itertools.count(1)
    return lambda length: hashlib.shake_128(b"%s %d" % (name.encode(), next(calls))).digest(length)

def made(name, needed, n, bits=128, passphrase=b"", **fields):
    """A secret and the shares of one group."""
    random, share = stream(name), dict(OURS, needed=needed, **fields)
    secret = random(bits // 8)
    values = split(crypt(secret, share, passphrase, (0, 1, 2, 3)), needed, n, random)
    return secret, [write(dict(share, member=member, value=value)) for member, value in enumerate(values)]

def made_in_groups(name, groups_needed, groups, bits=128, **fields):
    """A secret and the shares of several groups, each of (needed, n)."""
    random, share = stream(name), dict(OURS, groups_needed=groups_needed, groups=len(groups), **fields)
    secret, out = random(bits // 8), []
    values = split(crypt(secret, share, b"", (0, 1, 2, 3)), groups_needed, len(groups), random)
    for group, (value, (needed, n)) in enumerate(zip(values, groups)):
        members = enumerate(split(value, needed, n, random))
        out.append([write(dict(share, group=group, needed=needed, member=m, value=v)) for m, v in members])
    return secret, out

def put(name, comment, texts, secret=None, error=None, passphrase=b"", ours=False):
    """Writes a vector, after the reader here has agreed with what is expected."""
    try:
        found = combine(texts, passphrase)
        assert found == secret, name
    except ShareError as refused:
        assert str(refused) == error and secret is None, (name, refused)
    lines = ["comment: " + comment, "expect: " + ("reject" if secret is None else "accept")]
    lines += ["error: " + error] if error else ["secret-hex: " + secret.hex()]
    lines += ["passphrase: " + passphrase.decode()] if passphrase else []
    lines += ["lifeboat: yes"] if ours else []
    kind = "reject" if secret is None else "accept"
    (OUT / f"{kind}_{name}.vec").write_text("\n".join(lines) + "\n\n" + "\n".join(texts) + "\n")

def changed(text, place, by=1):
    words = text.split()
    words[place] = WORDS[(WORDS.index(words[place]) + by) % 1024]
    return " ".join(words)

def forced(text, **fields):
    """A share with other fields and a checksum that fits."""
    return write(dict(read(text), **fields))

def main():
    OUT.mkdir(exist_ok=True)
    for needed, n, members in ((2, 2, (1, 0)), (2, 3, (0, 2)), (3, 5, (4, 1, 2)), (5, 5, (0, 1, 2, 3, 4)),
                               (2, 16, (15, 7)), (16, 16, tuple(range(16)))):
        secret, shares = made(f"{needed} of {n}", needed, n)
        put(f"{needed}_of_{n}", f"{needed} of {n}, in any order", [shares[m] for m in members], secret, ours=True)
    secret, shares = made("zeros", 2, 3, id=0)
    put("first_words", "the smallest identifier", shares[:2], secret, ours=True)
    secret, shares = made("ones", 2, 3, id=0x7FFF)
    put("last_words", "the largest identifier", shares[1:], secret, ours=True)
    secret, shares = made("short", 2, 2)
    short = [" ".join(word[:4].upper() for word in share.split()) for share in shares]
    put("four_letters", "words shortened to four letters, in capitals", short, secret, ours=True)
    secret, shares = made("256 bits", 2, 3, bits=256)
    put("256_bits", "33 words", shares[:2], secret)
    secret, shares = made("single", 1, 1)
    put("single", "one share alone", shares, secret)
    secret, shares = made("exponent", 2, 2, exp=1, passphrase=b"correct horse")
    put("exponent_passphrase", "twice the iterations, and a passphrase",
        shares, secret, passphrase=b"correct horse")
    secret, shares = made("old", 2, 2, ext=0)
    put("not_extendable", "the identifier takes part in the encryption and the checksum", shares, secret)
    secret, groups = made_in_groups("groups", 2, ((2, 3), (1, 1), (3, 5)))
    put("groups", "two groups of three",
        [groups[2][4], groups[0][0], groups[2][0], groups[0][2], groups[2][1]], secret)
    put("groups_single", "two groups, one of which has one member", groups[1] + groups[0][:2], secret)
    put("groups_too_few", "one group of two", groups[0][:2], error="number")
    put("groups_member_missing", "a member of one group is missing",
        groups[1] + groups[0][:1], error="number")

    secret, shares = made("refused", 3, 5)
    put("too_few", "two of three", shares[:2], error="number", ours=True)
    put("checksum_first_word", "the first word is another one",
        [changed(shares[0], 0)] + shares[1:3], error="checksum", ours=True)
    put("checksum_second_word", "the kind of identifier is another one",
        [changed(shares[0], 1, 16)] + shares[1:3], error="checksum", ours=True)
    put("checksum_last_word", "the last word is another one",
        [changed(shares[0], 19)] + shares[1:3], error="checksum", ours=True)
    put("word_unknown", "a word that is not in the list",
        [shares[0].replace(shares[0].split()[5], "lifeboat")] + shares[1:3], error="word", ours=True)
    put("word_three_letters", "three letters are too few",
        [" ".join(w[:3] if n == 7 else w for n, w in enumerate(shares[0].split()))] + shares[1:3], error="word", ours=True)
    put("word_too_long", "a letter behind a word", [shares[0] + "s"] + shares[1:3], error="word", ours=True)
    put("repeated", "a share twice", [shares[0], shares[1], shares[0]], error="repeated", ours=True)
    put("mixed_sets", "of another set",
        shares[:2] + [made("other", 3, 5, id=54)[1][2]], error="mixed", ours=True)
    put("mixed_same_name", "of another secret with the same identifier",
        shares[:2] + [made("other", 3, 5)[1][2]], error="digest", ours=True)
    put("threshold_differs", "one says that two are needed",
        shares[:2] + [forced(shares[2], needed=2)], error="threshold", ours=True)
    put("threshold_lowered", "all say that two are needed",
        [forced(s, needed=2) for s in shares[:2]], error="digest", ours=True)
    put("renumbered", "a share under another number",
        shares[:2] + [forced(shares[2], member=3)], error="digest", ours=True)
    put("groups_threshold", "two groups are needed of one",
        shares[:2] + [padded(shares[2], groups=True)], error="groups", ours=True)
    put("padding", "a bit before the value is set",
        [padded(shares[0])] + shares[1:3], error="padding", ours=True)
    put("length_19", "a word is missing",
        [" ".join(shares[0].split()[:-1])] + shares[1:3], error="length", ours=True)
    put("length_21", "a length of no secret",
        [shares[0] + " academic"] + shares[1:3], error="length", ours=True)
    put("mixed_lengths", "of 256 bits and of 128",
        shares[:2] + [made("other", 3, 5, bits=256)[1][2]], error="mixed")
    put("too_many", "more shares than are needed", shares[:4], error="number")

def padded(text, groups=False):
    """A share that no writer makes, with a checksum that fits."""
    words = [WORDS.index(word) for word in text.split()][:-3]
    if groups:
        words[2] |= 1 << 2  # The threshold of groups, less one, is the second digit of four bits.
    else:
        words[4] |= 1 << 9
    rest = rs1024(words + [0, 0, 0], 1) ^ 1
    return " ".join(WORDS[word] for word in words + [rest >> 20, rest >> 10 & 1023, rest & 1023])

if __name__ == "__main__":
    main()
