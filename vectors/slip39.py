"""SLIP-0039 in the standard library alone: reads, writes, splits and combines shares.

Written from the standard; it shares no code with Lifeboat. `make_slip39.py` makes the vectors with it.
"""
import hashlib, hmac, pathlib

WORDS = (pathlib.Path(__file__).parent.parent / "src/custody/slip39_words.txt").read_text().split()
GENERATOR = (0xE0E040, 0x1C1C080, 0x3838100, 0x7070200, 0xE0E0009, 0x1C0C2412, 0x38086C24, 0x3090FC48,
             0x21B1F890, 0x3F3F120)
EXP, number = [1], int.from_bytes
while len(EXP) < 255:  # The powers of x + 1 in GF(256), the field of AES.
    doubled = EXP[-1] << 1 ^ EXP[-1]
    EXP.append(doubled ^ 0x11B if doubled > 255 else doubled)
LOG = {power: n for n, power in enumerate(EXP)}

class ShareError(ValueError):
    """Names what is wrong, and no word."""

def rs1024(words, extendable):
    rest = 1
    for word in list(b"shamir_extendable" if extendable else b"shamir") + words:
        out, rest = rest >> 20, (rest & 0xFFFFF) << 10 ^ word
        for bit in range(10):
            rest ^= GENERATOR[bit] if out >> bit & 1 else 0
    return rest

def interpolate(points, at):
    """The value at `at` of the polynomials through the points, a dictionary of bytes by their place."""
    if at in points:
        return points[at]
    total = bytes(len(next(iter(points.values()))))
    for place, value in points.items():
        weight = sum(LOG[at ^ other] - LOG[place ^ other] for other in points if other != place)
        total = bytes(t ^ (EXP[(LOG[v] + weight) % 255] if v else 0) for t, v in zip(total, value))
    return total

def digest(key, secret):
    return hmac.new(key, secret, "sha256").digest()[:4]

def recover(points, threshold):
    if len(points) != threshold:
        raise ShareError("number")
    secret, check = interpolate(points, 255), interpolate(points, 254)
    if threshold > 1 and check[:4] != digest(check[4:], secret):
        raise ShareError("digest")
    return secret if threshold > 1 else next(iter(points.values()))

def split(secret, threshold, n, random):
    """The values at 0 to n-1; `random(length)` gives bytes."""
    if threshold == 1:
        return [secret] * n
    points = {place: random(len(secret)) for place in range(threshold - 2)}
    key = random(len(secret) - 4)
    points.update({254: digest(key, secret) + key, 255: secret})
    return [interpolate(points, place) for place in range(n)]

def crypt(data, share, passphrase, rounds):
    """Encrypts with rounds 0 to 3, decrypts with 3 to 0."""
    half, (left, right) = len(data) // 2, (data[:len(data) // 2], data[len(data) // 2:])
    salt = b"" if share["ext"] else b"shamir" + share["id"].to_bytes(2, "big")
    for n in rounds:
        mask = hashlib.pbkdf2_hmac("sha256", bytes([n]) + passphrase, salt + right, 2500 << share["exp"], half)
        left, right = right, bytes(a ^ b for a, b in zip(left, mask))
    return right + left

FIELDS = (("id", 15), ("ext", 1), ("exp", 4), ("group", 4), ("groups_needed", 4), ("groups", 4), ("member", 4),
          ("needed", 4))
FROM_ONE = ("groups_needed", "groups", "needed")

def write(share):
    """The words of a share: a dictionary of FIELDS and `value`."""
    head, value = 0, share["value"]
    for name, size in FIELDS:
        head = head << size | share[name] - (name in FROM_ONE)
    n = -(-len(value) * 8 // 10)
    body = number(value, "big") | head << 10 * n
    words = [body >> 10 * at & 1023 for at in reversed(range(n + 4))]
    rest = rs1024(words + [0, 0, 0], share["ext"]) ^ 1
    return " ".join(WORDS[word] for word in words + [rest >> 20, rest >> 10 & 1023, rest & 1023])

def read(text):
    typed, known = text.lower().split(), {word[:4]: word for word in WORDS}
    if any(len(word) < 4 or not known.get(word[:4], "").startswith(word) for word in typed):
        raise ShareError("word")
    words, share = [WORDS.index(known[word[:4]]) for word in typed], {}
    padding = 10 * (len(words) - 7) % 16
    if len(words) < 20 or padding > 8:
        raise ShareError("length")
    if rs1024(words, words[1] >> 4 & 1) != 1:
        raise ShareError("checksum")
    whole, bits = 0, 10 * (len(words) - 7)
    for word in words[:-3]:
        whole = whole << 10 | word
    head, body = whole >> bits, whole & (1 << bits) - 1
    for name, size in reversed(FIELDS):
        share[name], head = (head & (1 << size) - 1) + (name in FROM_ONE), head >> size
    if body >> bits - padding:
        raise ShareError("padding")
    if share["groups_needed"] > share["groups"]:
        raise ShareError("groups")
    return dict(share, value=body.to_bytes(bits // 8, "big"))

def combine(texts, passphrase=b""):
    """The secret of exactly as many shares as are needed."""
    shares, groups = [read(text) for text in texts], {}
    common = [[share[name] for name in ("id", "ext", "exp", "groups_needed", "groups")] + [len(share["value"])]
              for share in shares]
    if any(other != common[0] for other in common):
        raise ShareError("mixed")
    for share in shares:
        needed, points = groups.setdefault(share["group"], (share["needed"], {}))
        if share["needed"] != needed:
            raise ShareError("threshold")
        if share["member"] in points:
            raise ShareError("repeated")
        points[share["member"]] = share["value"]
    if len(groups) != shares[0]["groups_needed"]:
        raise ShareError("number")
    values = {group: recover(points, needed) for group, (needed, points) in groups.items()}
    secret = recover(values, shares[0]["groups_needed"])
    return crypt(secret, shares[0], passphrase, (3, 2, 1, 0))
