#!/usr/bin/env python3
"""Opens Lifeboat vaults and bundles with nothing but Python 3.8 or later, and prints otpauth URIs.

    python3 restore.py FILE                   asks for the passphrase
    python3 restore.py --key-file KEY FILE    with a key file, alone or beside the passphrase
    python3 restore.py --share A --share B FILE   with share words from files (without: asks for them)
    python3 restore.py --no-secrets FILE      names alone
    python3 restore.py --salvage FILE         whatever can be read of a damaged file

It shares no code with Lifeboat: it follows lifeboat-vault(5) and lifeboat-bundle(5) and uses the standard
standard library alone. What it prints are secrets: keep the screen and its scrollback in mind.
Where it names the key that signed a bundle, compare that with the card: anybody can sign with some key.
Exit status: 0 done, 1 failed, 2 usage, 3 wrong credential, 4 no such file, 5 damaged or not known,
8 the key derivation asks for more than the limit.
"""
import argparse, base64, getpass, hashlib, hmac, json, re, struct, sys, time, unicodedata
from operator import itemgetter, mul
from urllib.parse import quote

MAGIC, STEP, LARGEST = b"\x89LFB\r\n\x1a\n", 16384, 64 << 20
FAILED, WRONG, ABSENT, DAMAGED, COSTLY = 1, 3, 4, 5, 8
number = int.from_bytes

class Stop(Exception):
    """Ends the program with an exit status and a message."""
    def __str__(self):
        return self.args[1]

def say(text, end="\n"):
    print(text, end=end, file=sys.stderr, flush=True)

# --- HKDF-SHA256 (RFC 5869) and ChaCha20-Poly1305 (RFC 8439) ------------------------------------------

def hkdf(ikm, salt, info, length):
    prk, okm, block = hmac.new(salt, ikm, "sha256").digest(), b"", b""
    while len(okm) < length:
        block = hmac.new(prk, block + info + bytes([len(okm) // 32 + 1]), "sha256").digest()
        okm += block
    return okm[:length]

def chacha20_block(key, counter, nonce):
    start = struct.unpack("<16I", b"expand 32-byte k" + key + struct.pack("<I", counter) + nonce)
    v = list(start)
    for _ in range(10):
        for a, b, c, d in ((0, 4, 8, 12), (1, 5, 9, 13), (2, 6, 10, 14), (3, 7, 11, 15),
                           (0, 5, 10, 15), (1, 6, 11, 12), (2, 7, 8, 13), (3, 4, 9, 14)):
            for x, y, z, turn in ((a, b, d, 16), (c, d, b, 12), (a, b, d, 8), (c, d, b, 7)):
                v[x] = (v[x] + v[y]) & 0xFFFFFFFF
                turned = v[z] ^ v[x]
                v[z] = (turned << turn | turned >> 32 - turn) & 0xFFFFFFFF
    return struct.pack("<16I", *((x + y) & 0xFFFFFFFF for x, y in zip(v, start)))

def chacha20(key, data, nonce=bytes(12)):
    stream = b"".join(chacha20_block(key, n + 1, nonce) for n in range((len(data) + 63) // 64))
    return (number(data, "big") ^ number(stream[:len(data)], "big")).to_bytes(len(data), "big")

def poly1305_tag(key, aad, ciphertext, nonce=bytes(12)):
    r, s = (number(half, "little") for half in struct.unpack("16s16s32x", chacha20_block(key, 0, nonce)))
    padded, total = [part + bytes(-len(part) % 16) for part in (aad, ciphertext)], 0
    message = b"".join(padded) + struct.pack("<2Q", len(aad), len(ciphertext))
    for at in range(0, len(message), 16):
        total += number(message[at:at + 16] + b"\1", "little")
        total = total * (r & 0x0FFFFFFC0FFFFFFC0FFFFFFC0FFFFFFF) % ((1 << 130) - 5)
    return ((total + s) % (1 << 128)).to_bytes(16, "little")

def aead_open(key, aad, sealed):
    """The plaintext, or None when the tag does not fit."""
    fits = hmac.compare_digest(poly1305_tag(key, aad, sealed[:-16]), sealed[-16:])
    return chacha20(key, sealed[:-16]) if fits else None

# --- X25519 (RFC 7748), Ed25519 (RFC 8032) and SSH signatures (PROTOCOL.sshsig of OpenSSH) ---------------

P, ORDER = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
BASE_U = b"\x09" + bytes(31)

def x25519(scalar, point):
    k, u = (number(value, "little") & (1 << 255) - 1 for value in (scalar, point))
    k, a, b, c, d = k & ~7 | 1 << 254, 1, 0, u, 1
    for at in reversed(range(255)):  # a/b and c/d are neighbouring multiples of the point.
        if k >> at & 1:
            a, b, c, d = c, d, a, b
        plus, minus, one, two = (a + b) ** 2, (a - b) ** 2, (c - d) * (a + b), (c + d) * (a - b)
        a, b = plus * minus % P, (plus - minus) * (plus + 121665 * (plus - minus)) % P
        c, d = (one + two) ** 2 % P, u * (one - two) ** 2 % P
        if k >> at & 1:
            a, b, c, d = c, d, a, b
    return (a * pow(b, P - 2, P) % P).to_bytes(32, "little")

D = -121665 * pow(121666, P - 2, P) % P

def add(p, q):
    """Points are (x, y, z, t): x/z and y/z on the curve, and xy = zt."""
    a, b = (p[1] - p[0]) * (q[1] - q[0]), (p[1] + p[0]) * (q[1] + q[0])
    c, d = 2 * D * p[3] * q[3], 2 * p[2] * q[2]
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P

def times(n, point):
    total = (0, 1, 1, 0)
    for bit in bin(n)[2:]:
        total = add(total, total)
        total = add(total, point) if bit == "1" else total
    return total

def encoded(point):
    x, y = (value * pow(point[2], P - 2, P) % P for value in point[:2])
    return (y | (x & 1) << 255).to_bytes(32, "little")

def decoded(data):
    y, odd = number(data, "little") & (1 << 255) - 1, data[31] >> 7
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    root = pow(square, (P + 3) // 8, P)
    x = next((x for x in (root, root * pow(2, (P - 1) // 4, P) % P) if x * x % P == square), None)
    if x is None or y >= P or odd and x == 0:
        refuse()
    x = P - x if x % 2 != odd else x
    return x, y, 1, x * y % P

def ed25519_fits(key, message, signature):
    """Strictly: no key and no first half of small order, under which a signature fits many messages."""
    first, s = signature[:32], number(signature[32:], "little")
    if s >= ORDER or any(encoded(times(8, decoded(half))) == encoded((0, 1, 1, 0)) for half in (key, first)):
        return False
    h, (x, y, z, t) = number(hashlib.sha512(first + key + message).digest(), "little") % ORDER, decoded(key)
    base = decoded((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))
    return encoded(add(times(s, base), times(h, (P - x, y, z, P - t)))) == first

def string(value):
    return struct.pack(">I", len(value)) + value

def strings(data):
    while data:
        size = number(data[:4], "big")
        yield data[4:4 + size] if len(data) >= 4 + size else refuse()
        data = data[4 + size:]

def signer_of(blob, message):
    """The public key under which it is a bundle's signature of this message; ValueError when it is none."""
    key, namespace, _, name, signature = strings(blob[10:])
    (key_type, key), (signature_type, signature) = strings(key), strings(signature)
    signed = b"SSHSIG" + b"".join(map(string, (b"lifeboat-bundle", b"", b"sha512", hashlib.sha512(message).digest())))
    return key if (
        (blob[:10], namespace, name, len(key)) == (b"SSHSIG\0\0\0\1", b"lifeboat-bundle", b"sha512", 32)
        and (key_type, signature_type, len(signature)) == (b"ssh-ed25519", b"ssh-ed25519", 64)
        and ed25519_fits(key, signed, signature)) else refuse()

def fingerprint(key):
    """As `ssh-keygen -l` prints it."""
    digest = hashlib.sha256(string(b"ssh-ed25519") + string(key)).digest()
    return "SHA256:" + base64.b64encode(digest).decode().rstrip("=")

# --- Argon2id version 0x13 (RFC 9106) -----------------------------------------------------------------
# The 128 words of a block are permuted as eight rows, then as eight columns, of sixteen words each. All
# eight go at once: a big integer holds 32 words 128 bits apart, so that one addition, exclusive or or
# shift serves them all; only the multiplications are done word by word.

L1, L16, L24, L32, L40, L48, L63, L64 = (
    sum((1 << bits) - 1 << 128 * n for n in range(32)) for bits in (1, 16, 24, 32, 40, 48, 63, 64))
ALL, WORDS, LOW = (1 << 4096) - 1, struct.Struct("<128Q"), struct.Struct("<" + "I12x" * 32)
PRODUCTS, SPREAD = struct.Struct("<" + "Q8x" * 32), struct.Struct("<" + "Q8x" * 128)
PLACES = [(i, j, n) for i in range(4) for j in range(4) for n in range(8)]
ROWS = [16 * n + 4 * i + j for i, j, n in PLACES]
COLUMNS = [16 * (2 * i + j // 2) + 2 * n + j % 2 for i, j, n in PLACES]
TO_ROWS, ROWS_TO_COLUMNS = itemgetter(*ROWS), itemgetter(*map(ROWS.index, COLUMNS))
COLUMNS_TO_WORDS = itemgetter(*map(COLUMNS.index, range(128)))

def multiply_add(x, y, low=LOW.unpack):
    products = map(mul, low(x.to_bytes(512, "little")), low(y.to_bytes(512, "little")))
    return x + y + 2 * number(PRODUCTS.pack(*products), "little") & L64

def mix(a, b, c, d):
    a = multiply_add(a, b); d ^= a; d = d >> 32 & L32 | (d & L32) << 32
    c = multiply_add(c, d); b ^= c; b = b >> 24 & L40 | (b & L24) << 40
    a = multiply_add(a, b); d ^= a; d = d >> 16 & L48 | (d & L16) << 48
    c = multiply_add(c, d); b ^= c; b = b >> 63 & L1 | (b & L63) << 1
    return a, b, c, d

def permute(words):
    data = SPREAD.pack(*words)
    a, b, c, d = mix(*(number(data[at:at + 512], "little") for at in range(0, 2048, 512)))
    turn = lambda x, n: x >> 1024 * n | x << 4096 - 1024 * n & ALL
    a, b, c, d = mix(a, turn(b, 1), turn(c, 2), turn(d, 3))
    turned = (a, turn(b, 3), turn(c, 2), turn(d, 1))
    return SPREAD.unpack(b"".join(x.to_bytes(512, "little") for x in turned))

def compress(x, y):
    x ^= y
    rows = permute(TO_ROWS(WORDS.unpack(x.to_bytes(1024, "little"))))
    return x ^ number(WORDS.pack(*COLUMNS_TO_WORDS(permute(ROWS_TO_COLUMNS(rows)))), "little")

def long_hash(data, length):
    data, out = struct.pack("<I", length) + data, b""
    while True:
        data = hashlib.blake2b(data, digest_size=min(length - len(out), 64)).digest()
        if length - len(out) <= 64:
            return out + data
        out += data[:32]

def argon2id(passphrase, salt, m, t, p, length=32, secret=b"", ad=b"", progress=lambda part: None):
    seed = struct.pack("<6I", p, length, m, t, 19, 2)
    for part in (passphrase, salt, secret, ad):
        seed += struct.pack("<I", len(part)) + part
    seed, segment = hashlib.blake2b(seed).digest(), m // (4 * p)
    width = 4 * segment
    memory = [[number(long_hash(seed + struct.pack("<2I", n, lane), 1024), "little") for n in (0, 1)]
              + [0] * (width - 2) for lane in range(p)]
    for done in range(t * 4 * p):
        turn, piece, lane = done // (4 * p), done // p % 4, done % p
        blocks, start, first = memory[lane], piece * segment, turn == piece == 0
        for n in range(2 if first else 0, segment):
            if n % 256 == 0:
                progress((done + n / segment) / (t * 4 * p))
            if turn == 0 and piece < 2:
                if n % 128 == 0 or n == 2 and first:
                    asked = struct.pack("<7Q", turn, lane, piece, width * p, t, 2, n // 128 + 1)
                    asked = compress(0, compress(0, number(asked, "little")))
                    addresses = WORDS.unpack(asked.to_bytes(1024, "little"))
                random = addresses[n % 128]
            else:
                random = blocks[start + n - 1] & 0xFFFFFFFFFFFFFFFF
            other = lane if first else (random >> 32) % p
            area = (width - segment if turn else start) + (n - 1 if other == lane else -(n == 0))
            back = area - 1 - (area * ((random & 0xFFFFFFFF) ** 2 >> 32) >> 32)
            oldest = start + segment if turn else 0
            blocks[start + n] ^= compress(blocks[start + n - 1], memory[other][(oldest + back) % width])
    final = 0
    for blocks in memory:
        final ^= blocks[-1]
    return long_hash(final.to_bytes(1024, "little"), length)

# --- Shares (SLIP-0039): lifeboat-bundle(5), "SHARES" --------------------------------------------------
# The 1 024 words of the standard in their order, each by its first four letters, which no other word has.

LIST = (
    "acadacidacneacquacroactiactradapadeqadjuadmiadoraduladvaadvoafraagaiagenagreaideaircairlairpajaralaralbu"
    "alcoaliealivalphalrealtoalumalwaamazambiamouamusanalanatanceanciangeangranimanswanteanxiaparaquaarcaaren"
    "arguarmeartiartwaspeauctauguauntaveraviaavoiawarawayaxisaxlebeambearbeavbecobedrbehabeinbelibelobenebest"
    "beyobikebiolbirtbishblacblanblesblimblinbluebodyboltboribornbothbounbracbranbravbreabriebrokbrotbrowbuck"
    "budgbuilbulbbulgbumpbundburdburnbusybuyecagecalccamecampcanycapacapicaptcarbcardcarecargcarpcarvcatecaus"
    "ceilcentcerachamchancharchecchemcheschewchubcineciviclasclaycleaclieclimclinclocclogclosclotclubcluscoal"
    "coascodicolucompcorncostcouncourcovecowbcradcrafcrazcredcriccrimcriscritcrowcruccruncruscryscubicultcuri"
    "curlcustcylidaisdamadancdarkdatadaugdeaddealdebrdebudecedecidecldecodecrdelidemadensdenydepadepedepidepl"
    "descdesedesideskdestdetadetedevidevodiagdictdietdiledimidinidipldisadiscdisedishdismdispdistdivedivodocu"
    "domadomedomidougdowndragdramdreadresdrifdrindrovdrugdryeduckdukeduradwardynaearlearteaseeasyechoecliecol"
    "edgeediteduceithelboeldeelecelegelemelepelevelitelseemaiemeremisempeemphemplemptendiendlendoenemenerenfo"
    "engaenjoenlaentrenveenvyepidepisequaequieraserodescaestaestievalevenevidevilevokexacexamexceexchexclexcu"
    "execexerexhaexotexpaexpeexplexprexteextreyebfacifactfailfainfakefalsfamifamofancfangfantfatafatifavofawn"
    "fibefictfiltfinafindfingfirefirmfiscfishfitnflamflasflavfleaflexflipfloaflorfluffocuforbforcforeforgform"
    "fortforwfounfracfragfreqfresfriafridfriefrosfrotfrozfumefundfurlfusegalagamegarbgardgarlgasogathgenegeni"
    "genrgenugeolgestgladglanglasglenglimgoatgoldgradgrangrasgravgraygreagriegrilgringrocgrosgrougrowgrumguar"
    "guesguilguitgumshairhamshandhangharvhavehavohawkhazaheadhealhearheathelpheraherdhesihoboholiholyhomehorm"
    "hosphourhugehumahumihunthusbhushhuskhybrideaidenidleimagimpaimplimprimpuinclincoincrindeindiinduinfainfo"
    "inheinjuinmainseinsiinstinteintiinvainvoirisislaisolitemivorjackjerkjewejoinjudijuicjumpjuncjunijunkjury"
    "justkernkeybkidnkindkitcknifknitladeladlladylairlamplanglarglaselaunlawsleadleaflearleavlectlegalegelegs"
    "lendlenglevelibelibrliceliftlikelilalilylipsliqulistlitelivilizaloanlobelocalosiloudloyalucklunalunclung"
    "luxulyinlyrimachmagamaidmailmainmakemakimamamanamandmansmanumaramarcmarkmarvmasomatemathmaximayomeanmeda"
    "medimembmemomentmercmerimethmetrmidsmildmilimineminimiramixemixtmobimodemodimoismomemornmortmothmounmous"
    "movemuchmulemultmuscmusemusimustnailnatineckneganervnetwnewsnuclnumbnumenylooasiobesobjeobseobtaoceaofte"
    "olymomitoraloranorbiordeordiorgaouncovenoverownepacepacipackpaidpainpajapancpantpapapapeparcparkpartpate"
    "patrpaympayrpeacpeanpeaspecapenapencpercperfpermpetiphanpharphotphraphyspickpictpiecpilepinkpipepistpitc"
    "plaiplanplasplatplaypleaplotplunpracpraypreapredpregprempreppresprevprieprimprioprisprivprizprobprocprof"
    "progpromprosprovprunpublpulspumppunipunypupapurcpurppythquanquarquicquieraceraciradarailrainraisrandrank"
    "rapiraspreacrealreboreburecarecerecoregrregurejerelaremeremiremorendreparepereplrequrescreseresirespresu"
    "retaretrreunreverevirewarhymrhytrichrivariverobirockromaromprostrounroyaruinrulerumosacksafasalasalosalt"
    "satisatosavesaysscanscarscatscenschosciescouscrascrescriscroseafseassecrsecusegmsenishadshafshamshapshar"
    "shelshershorshoushrisidesilesilvsimisimpsingsistskinskunslapslavsledslicslimslowslussmarsmeasmelsmirsmit"
    "smoksmugsnaksnapsnifsocisoftsoldsolusoulsourspacsparspeaspecspelspenspewspidspilspinspirspitsprasprisqua"
    "squestadstafstanstarstatstaysteastepsticstilstorstrastristylsubjsubmsugasuitsunlsupesurfsurpsurvsweaswim"
    "swinswitsymbsympsyndsysttacktacttadptaletasktasttaugtaxiteacteamteastemptenatendtenstermtesttextthanthat"
    "theatheotherthorthrethumthunticktidytimbtimetingtofutogetoletotatoxitractraftraitrantrastravtreatrentria"
    "trictriptriutroutruetrustwictwintypetypiuglyultiumbruncoundeunfaunfounhauniounivunkiunknunusunwrupgrupst"
    "userusheusuavalivaluvampvanivarivegavelvventverdveriveryvetevexevictvideviewvintviolviravisivisuvitavoca"
    "voicvoluvotevotiwalnwarmwarnwatcwavywealweapwebcwelcwelfwestwidtwildwindwinewirewisdwithwitswolfwomawork"
    "wortwrapwriswritwrotyearyelpyielyogazero")
PLACE = {LIST[at:at + 4]: at // 4 for at in range(0, 4096, 4)}
POWERS = [1]
while len(POWERS) < 255:  # Of x + 1 in GF(256), the field of AES.
    POWERS.append(POWERS[-1] << 1 ^ POWERS[-1] ^ (0x11B if POWERS[-1] > 127 else 0))
LOG = {power: n for n, power in enumerate(POWERS)}

def tokens(text):
    """The words of a text, without the numbers that a card has before them: 1. or 1: or 1) or 1."""
    found = (re.fullmatch(r"(?:[0-9]{1,2}(?:[.:)]|\Z))?(.*)", word)[1] for word in text.lower().split())
    return [word for word in found if word]

def set_name(number_of_set):
    """What the first two words of its shares begin with."""
    return " ".join(LIST[4 * n:4 * n + 4].upper() + "\u2026" for n in divmod(number_of_set << 5 | 16, 1024))

class Share:
    """Twenty words, checked; ValueError says what is wrong with them."""
    def __init__(self, text):
        typed = tokens(text)
        for place, word in enumerate(typed[:20], 1):
            if word[:4] not in PLACE:
                raise ValueError("word %d is not in the list" % place)
        if len(typed) != 20:
            raise ValueError("there %s %d word%s and a share has 20"
                             % (("is", 1, "") if len(typed) == 1 else ("are", len(typed), "s")))
        words, rest, whole = [PLACE[word[:4]] for word in typed], 1, 0
        for word in list(b"shamir_extendable") + words:
            out, rest = rest >> 20, (rest & 0xFFFFF) << 10 ^ word
            for bit, value in enumerate((0xE0E040, 0x1C1C080, 0x3838100, 0x7070200, 0xE0E0009, 0x1C0C2412,
                                         0x38086C24, 0x3090FC48, 0x21B1F890, 0x3F3F120)):
                rest ^= value if out >> bit & 1 else 0
        if rest != 1:
            raise ValueError("its checksum differs: a word is wrong, or two have changed places")
        for word in words[:17]:
            whole = whole << 10 | word
        self.set, self.value = whole >> 155, (whole & (1 << 128) - 1).to_bytes(16, "big")
        self.number, self.needed = (whole >> 134 & 15) + 1, (whole >> 130 & 15) + 1
        # Extendable, exponent 0, group 1 of 1, no padding: what Lifeboat makes.
        if whole >> 138 & 0x1FFFF != 0x10000 or whole >> 128 & 3 or self.needed < 2:
            raise ValueError("it is a share of another program")

    def misfit(self, slot):
        """Why it is none of those that a quorum slot names, or None."""
        if self.set != slot["set"]:
            old = [day(item["at"]) for item in slot.get("replaced", []) if item["set"] == self.set]
            return "it begins with %s, %s; this wants shares that begin with %s" % (
                set_name(self.set), "a set replaced on " + old[0] if old else "another set", set_name(slot["set"]))
        if self.needed != slot["m"] or self.number > slot["n"]:
            return "it says that it is number %d and that %d are needed" % (self.number, self.needed)
        digest = hashlib.sha256(b"lifeboat/1/share" + self.value).digest()[:4]
        fits = digest.hex() == slot["fp"][self.number - 1]
        return None if fits else "share %d of this set is another one: its check value differs" % self.number

def day(seconds):
    return time.strftime("%Y-%m-%d", time.gmtime(seconds)) if seconds < 1 << 37 else "an unknown day"

def interpolate(points, at):
    """The value at `at` of the polynomials through the points, a dictionary of 16 bytes by their place."""
    total = bytes(16)
    for place, value in points.items():
        weight = sum(LOG[at ^ other] - LOG[place ^ other] for other in points if other != place)
        total = bytes(t ^ (POWERS[(LOG[v] + weight) % 255] if v else 0) for t, v in zip(total, value))
    return total

def combine(points):
    """The recovery secret of as many shares as are needed, or None when they do not belong together."""
    sealed, check = interpolate(points, 255), interpolate(points, 254)
    if hmac.new(check[4:], sealed, "sha256").digest()[:4] != check[:4]:
        return None
    left, right = sealed[:8], sealed[8:]
    for turn in (3, 2, 1, 0):
        mask = hashlib.pbkdf2_hmac("sha256", bytes([turn]), right, 2500, 8)
        left, right = right, bytes(a ^ b for a, b in zip(left, mask))
    return right + left

class Shares:
    """What has been handed over. A wrong share is told and does not spoil the others."""
    def __init__(self):
        self.kept = []

    def fitting(self, slot):
        return {share.number - 1: share.value for share in self.kept if share.misfit(slot) is None}

    def secret(self, slot):
        points = dict(sorted(self.fitting(slot).items())[:slot["m"]])
        return combine(points) if len(points) == slot["m"] else None

    def hand_over(self, text, name, slots):
        """Takes a share and says what it is to these slots."""
        try:
            share = Share(text)
        except ValueError as error:
            return say("%s is not used: %s." % (name, error))
        misfits = [share.misfit(slot) for slot in slots]
        for slot in slots:
            if share.misfit(slot) is None:
                again = ", which was there already" * (share.number - 1 in self.fitting(slot))
                self.kept.append(share)
                left = max(0, slot["m"] - len(self.fitting(slot)))
                missing = "%d more %s needed" % (left, "is" if left == 1 else "are") if left else "that is enough"
                return say("%s is share %d of %d%s; %s." % (name, share.number, slot["n"], again, missing))
        self.kept.append(share)
        say("%s is not for this file: %s." % (name, misfits[0]) if misfits else "%s is kept for sealed entries." % name)

    def ask(self, slots):
        while not any(map(self.secret, slots)):
            say("The words of a share, in as many rows as you like; an empty row to stop:")
            text, row = "", "\n"
            while len(tokens(text)) < 20 and (not text or row.strip()):
                row = sys.stdin.readline()
                if not row.strip() and not text:
                    return
                text += row
            self.hand_over(text, "This", slots)

# --- The container: lifeboat-vault(5), "THE CONTAINER" to "ORDER OF DIAGNOSIS" ------------------------

SLOT = (("sid", 4), ("salt", 32), ("commit", 32), ("wrap", 48))
KINDS = {b"\1": (STEP, LARGEST), b"\2": (STEP, LARGEST), b"\4": (256, 1 << 16), b"\5": (256, 1 << 18)}  # Padding step, largest.
NEEDS = {"passphrase": "a passphrase", "keyfile": "a key file", "passphrase+keyfile": "a passphrase and a key file"}

def refuse(*_):
    raise ValueError

def whole_number(text):
    return int(text) if not text.startswith("-") and int(text) < 1 << 64 else refuse()

def without_repeats(pairs):
    return dict(pairs) if len(dict(pairs)) == len(pairs) else refuse()

def below(node):
    return node.values() if isinstance(node, dict) else node if isinstance(node, list) else None

def depth(node):
    return 0 if below(node) is None else 1 + max(map(depth, below(node)), default=0)

def field(node, name, kind, size=None):
    """A value of the header, of the type that the page gives: bytes are hexadecimal digits."""
    value = node.get(name) if isinstance(node, dict) else None
    if kind is bytes and isinstance(value, str) and re.fullmatch("([0-9a-f]{2}){%d}" % size, value):
        return bytes.fromhex(value)
    if kind is not bytes and type(value) is kind:
        return value
    raise Stop(DAMAGED, "the header is not valid: %s" % name)

def check_quorum(slot):
    """The fields of a quorum slot: lifeboat-vault(5), "Slots"."""
    n, replaced = field(slot, "n", int), field(slot, "replaced", list) if "replaced" in slot else []
    m, sets = field(slot, "m", int), [field(item, "set", int) for item in [slot] + replaced]
    names = {str(at): value for at, value in enumerate(field(slot, "fp", list))}
    for at in names:
        field(names, at, bytes, 4)
    field(slot, "epk", bytes, 32), [field(item, "at", int) for item in replaced]
    if field(slot, "scheme", str) != "slip39-x25519" or not 2 <= m <= n <= 16 or n != len(names) or any(
            value >> 15 for value in sets) or len(replaced) > 8:
        raise Stop(DAMAGED, "the header is not valid: a quorum slot")

def parse_header(raw, kind):
    try:
        header = json.loads(raw.decode(), object_pairs_hook=without_repeats, parse_int=whole_number,
                            parse_float=refuse, parse_constant=refuse)
        json.dumps(header, ensure_ascii=False).encode()  # Refuses half a surrogate pair.
        if b"\n" in raw or b"\r" in raw or depth(header) > 127:
            refuse()
    except (ValueError, RecursionError):
        raise Stop(DAMAGED, "the header is not valid: it is not one line of strict JSON")
    if field(header, "alg", str) != "hkdf-sha256+chacha20-poly1305":
        raise Stop(DAMAGED, "the header is not valid: alg")
    if field(header, "crit", list):
        used = field({"crit": header["crit"][0]}, "crit", str)
        raise Stop(DAMAGED, "the file needs a newer reader: it uses %a" % used)
    field(header, "id", bytes, 16), field(header, "salt", bytes, 32)
    if ("info" in header) != (kind == b"\2"):
        raise Stop(DAMAGED, "the header is not valid: info")
    if "info" in header:
        field(header["info"], "created", int)
        field(header["info"], "label", str) if "label" in header["info"] else None
    slots = field(header, "slots", list)
    for slot in slots:
        known = field(slot, "type", str) in [*NEEDS, "quorum"]
        slot["words"] = slot["type"].split("+") if known else []
        for name, size in SLOT if known else ():
            field(slot, name, bytes, size)
        if slot["words"] == ["quorum"]:
            check_quorum(slot)
        if "passphrase" in slot["words"]:
            kdf = field(slot, "kdf", dict)
            field(kdf, "salt", bytes, 16)
            if (field(kdf, "alg", str), field(kdf, "v", int)) != ("argon2id", 19) or any(
                    field(kdf, name, int) >> 32 for name in "mtp"):
                raise Stop(DAMAGED, "the header is not valid: kdf")
    if not 1 <= len(slots) <= 16 or sum("passphrase" in slot["words"] for slot in slots) > 4:
        raise Stop(DAMAGED, "the header is not valid: number of slots")
    return header

class Container:
    """A file whose outside was checked. With `salvage`, damage behind the header is told and passed over."""
    def __init__(self, data, salvage=False, kinds=b"\1\2"):
        self.salvage, self.maker = salvage, None
        if data[:8] != MAGIC:
            raise Stop(DAMAGED, "not a Lifeboat file")
        if len(data) > 8 and data[8] != 1:
            raise Stop(DAMAGED, "container version %d; this reader knows version 1" % data[8])
        if len(data) > 9 and data[9] not in kinds:
            raise Stop(DAMAGED, "the file is of another kind (%d)" % data[9])
        end = 16 + number(data[12:16], "big")
        if len(data) < 16 or not 18 <= end <= 16 + 65536 or len(data) < end:
            raise Stop(DAMAGED, "the file is damaged: its header is incomplete")
        body = len(data) - end - 32 - 16 - 32
        if body < 0:
            self.damage("it ends too early; part of it is missing")
        if hashlib.sha256(data[:-32]).digest() != data[-32:]:
            self.damage("its checksum differs, so it was changed or copied incompletely")
        step, largest = KINDS[data[9:10]]
        if body <= 0 or body % step or body > largest:
            self.damage("its length fits no payload")
        if data[10:12] != b"\0\0":
            self.damage("the two reserved bytes are not zero")
        self.kind, self.raw, self.header = data[9:10], data[16:end], parse_header(data[16:end], data[9:10])
        self.bound, self.commit, self.sealed = data[:end + 32], data[end:end + 32], data[end + 32:-32]
        self.quorums = [slot for slot in self.header["slots"] if slot["words"] == ["quorum"]]

    def damage(self, text):
        if not self.salvage:
            raise Stop(DAMAGED, "the file is damaged or was altered: " + text)
        say("DAMAGED: " + text)

    def expand(self, ikm, salt, label, more=b""):
        """The key, and the commitment that names it."""
        info = b"lifeboat/1/" + label.encode() + b"\0" + self.kind + bytes.fromhex(self.header["id"]) + more
        okm = hkdf(ikm, bytes.fromhex(salt), info, 64)
        return okm[:32], okm[32:]

    def master_key(self, passphrase, key_file, allow_cost=False, recovery_secret=lambda slot: None):
        """Tries the slots, those that cost nothing first. `passphrase()` asks when it must."""
        tried, refused = 0, None
        for slot in sorted(self.header["slots"], key=lambda slot: "passphrase" in slot["words"]):
            ikm, refusal = b"", too_costly(slot["kdf"], allow_cost) if "passphrase" in slot["words"] else None
            refused = refused or refusal
            if refusal or not slot["words"] or "keyfile" in slot["words"] and not key_file:
                continue
            if "passphrase" in slot["words"]:
                if passphrase() is None:
                    continue
                ikm = stretch(passphrase(), slot["kdf"])
            if "keyfile" in slot["words"]:
                ikm += key_file
            if slot["words"] == ["quorum"]:
                ikm = quorum_ikm(recovery_secret(slot), bytes.fromhex(slot["epk"]))
                if ikm is None:
                    continue
            tried, (key, commit) = tried + 1, self.expand(ikm, slot["salt"], "slot/" + slot["type"])
            if hmac.compare_digest(commit, bytes.fromhex(slot["commit"])):
                master = aead_open(key, b"lifeboat/1/wrap", bytes.fromhex(slot["wrap"]))
                return master or self.damage("a slot does not belong to the rest")
        raise refused or Stop(WRONG, "none of %d ways of opening it accepts what was given" % tried if tried
                              else "nothing that was given fits a way of opening this file")

    def payload(self, master):
        """The JSON document, or under `salvage` whatever could be deciphered."""
        digest = hashlib.sha256(self.raw).digest()
        key, commit = self.expand(master, self.header["salt"], "payload", digest)
        if not hmac.compare_digest(commit, self.commit):
            self.damage("the header does not belong to the rest")
        plain = aead_open(key, self.bound, self.sealed)
        if plain is None:
            self.damage("the body does not belong to the rest")
            return chacha20(key, self.sealed)
        end = 4 + number(plain[:4], "big")
        rest = end + 4 + number(plain[end:end + 4], "big")
        signature, signed = plain[end + 4:rest], self.kind == b"\2" and bool(self.quorums)
        may_be = signed or self.kind == b"\2" and not all(slot["words"] for slot in self.header["slots"])
        if rest > len(plain) or end + 4 > len(plain) or any(plain[rest:]) or rest > end + 4 and not may_be:
            self.damage("its padding is not as written")
        elif signed and not signature:
            self.damage("a bundle that shares open is signed, and this one is not")
        elif signed:
            digest = hashlib.sha256(plain[4:end]).digest()
            try:
                self.maker = signer_of(signature, self.kind + bytes.fromhex(self.header["id"]) + digest)
            except ValueError:
                self.damage("the signature does not belong to the rest")
        return plain[4:end]

    def check_maker(self, content):
        """The key that signed is the one that the content names. Whether to trust it is for a person to say."""
        if self.maker and content["vault"]["public_key"] != self.maker.hex():
            self.damage("the signature does not belong to the rest: it is by another key")
            refuse()
        if self.maker:
            say("Signed by %s: compare it with the card." % fingerprint(self.maker))
        elif self.kind == b"\2" and self.quorums:
            refuse()  # Only a salvager comes here without a signature.

    def in_words(self):
        """What opens it."""
        ways = [NEEDS[slot["type"]] if slot["type"] in NEEDS else "%d of %d shares that begin with %s" % (
            slot["m"], slot["n"], set_name(slot["set"])) for slot in self.header["slots"] if slot["words"]]
        return " or ".join(ways) or "nothing that this reader knows"

def quorum_ikm(recovery_secret, epk):
    """The key material of a quorum slot; None without the secret, and for a point whose product everybody knows."""
    if recovery_secret is None:
        return None
    private = hkdf(recovery_secret, b"", b"lifeboat/1/share-set", 32)
    product = x25519(private, epk)
    return product + epk + x25519(private, BASE_U) if any(product) else None

def too_costly(kdf, allow_cost):
    m, t, p = kdf["m"], kdf["t"], kdf["p"]
    most_memory, most_work = ((4 << 20) - 1, 64 << 20) if allow_cost else (2 << 20, 16 << 20)
    if m < 8 << 10 or not 1 <= t <= 64 or not 1 <= p <= 16:
        return Stop(DAMAGED, "the key derivation's numbers are out of range")
    return None if m <= most_memory and m * t <= most_work else Stop(
        COSTLY, "the file asks for %d MiB of memory and %d passes, more than the limit of %d MiB, and %d MiB "
        "times passes; --allow-kdf-cost raises it" % (m >> 10, t, most_memory >> 10, most_work >> 10))

def stretch(passphrase, kdf):
    started, live = time.monotonic(), sys.stderr.isatty()

    def progress(part):
        left = (time.monotonic() - started) * (1 - part) / part if part else 0
        say("\r  %3d %%, about %d s left   " % (part * 100, left), end="") if live and part else None
    # Python fills some 9 000 blocks of 1 KiB a second on a computer of these years.
    say("Deriving the key: %d MiB, %d pass%s; roughly %d s in Python."
        % (kdf["m"] >> 10, kdf["t"], "es" if kdf["t"] > 1 else "", kdf["m"] * kdf["t"] // 9000 + 1))
    key = argon2id(passphrase, bytes.fromhex(kdf["salt"]), kdf["m"], kdf["t"], kdf["p"], progress=progress)
    say("\r" + " " * 40 + "\r" if live else "", end="")
    return key

# --- The payload: lifeboat-vault(5), "THE PAYLOAD", and lifeboat-bundle(5) ----------------------------

class Repeating(dict):
    """An object that has a key twice: two readers could see two contents in it."""

def marked(pairs):
    return (dict if len(dict(pairs)) == len(pairs) else Repeating)(pairs)

def repeats(node):
    return isinstance(node, Repeating) or any(map(repeats, below(node) or ()))

def parse_content(text):
    """The document. A key that stands twice is damage; in an entry, that entry's alone."""
    content = json.loads(text, object_pairs_hook=marked)
    for node, apart in [(content, ("entries", "trash"))] + [(item, ("entry",)) for item in content.get("trash", [])]:
        if isinstance(node, Repeating) or repeats([node[name] for name in node if name not in apart]):
            refuse()
    return content

def uri_of(entry):
    issuer, kind, encode = entry["issuer"], entry["type"], lambda part: quote(part, safe="")
    moving = {"totp": "period", "steam": "period", "hotp": "counter"}[kind]
    fields = [("secret", entry["seed"])] + [("issuer", issuer)] * bool(issuer)
    fields += [(name, "%d" % entry[name] if name != "algorithm" else entry[name])
               for name in ("algorithm", "digits", moving)] + entry.get("uri_parameters", [])
    label = (encode(issuer) + ":" if issuer else "") + encode(entry["account"])
    return "otpauth://%s/%s?%s" % (kind, label, "&".join(encode(n) + "=" + encode(v) for n, v in fields))

class Seals:
    """What opens sealed entries: a second passphrase, a key file, shares."""
    def __init__(self, passphrase, key_file, allow_cost, shares):
        self.brought = passphrase, key_file, allow_cost, shares.secret

    def opened(self, entry):
        """The entry with what was sealed in its place; Stop or ValueError when that stays sealed."""
        container = Container(base64.b64decode(entry["sealed"], validate=True), kinds=b"\4")
        try:
            inside = parse_content(container.payload(container.master_key(*self.brought)).decode())
        except Stop as stop:
            raise Stop(stop.args[0], "sealed; it takes " + container.in_words()) if stop.args[0] == WRONG else stop
        if repeats(inside) or inside["entry"] != entry["id"] or inside["schema"] > 1:
            raise Stop(DAMAGED, "what is sealed in it belongs to another entry, or to a newer version")
        return {**{name: entry[name] for name in entry if name != "sealed"},
                **{name: inside[name] for name in ("seed", "recovery_codes") if name in inside}}

    def open_all(self, content):
        for place, entry in enumerate(content.get("entries", [])):
            if isinstance(entry, dict) and "sealed" in entry and not repeats(entry):
                name = visible("%s: %s" % (entry.get("issuer"), entry.get("account")))
                try:
                    content["entries"][place] = self.opened(entry)
                except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
                    say("%s: what is sealed in it is damaged." % name)
                except Stop as stop:
                    say("%s: %s." % (name, stop))

def visible(text):
    """Shows what stands in a file without letting it command the terminal."""
    return "".join(c if c.isprintable() else "\\u{%x}" % ord(c) for c in text)

def show(entries, no_secrets):
    for place, entry in enumerate(entries, 1):
        try:
            sealed = "sealed" in entry  # What opens it was told before.
            uri = refuse() if repeats(entry) else None if sealed else uri_of(entry)
            if no_secrets or not sealed:
                print(visible("%s: %s" % (entry["issuer"], entry["account"])) if no_secrets else uri)
        except (KeyError, TypeError, ValueError):
            say("Entry %d cannot be read by this program; --json prints it as it stands." % place)
    say("%d %s." % (len(entries), "entry" if len(entries) == 1 else "entries"))

def show_salvaged(plain, no_secrets):
    say("UNAUTHENTICATED: what follows may be wrong in any place, or somebody's invention.\n"
        "UNAUTHENTICATED: try every other copy of the file first, and each account before relying on it.")
    text, behind, entries = plain.decode("utf-8", "replace"), 0, []
    for start in (match.start() for match in re.finditer(r'\{"id":', text)):
        try:
            if start >= behind:
                entry, behind = json.JSONDecoder().raw_decode(text, start)
                entries += [entry] if "seed" in entry or "sealed" in entry else []
        except (ValueError, RecursionError):
            piece = "" if no_secrets else ": " + visible(text[start:start + 300].split("\0")[0])
            say("UNAUTHENTICATED: an entry is broken here" + piece)
    show(entries, no_secrets)

# --- The program --------------------------------------------------------------------------------------

def at_terminal():
    return not sys.stdin.closed and sys.stdin.isatty()

def read_file(path, limit=LARGEST + (1 << 17)):
    try:
        with sys.stdin.buffer if path == "-" else open(path, "rb") as file:
            data = file.read(limit + 1)
    except FileNotFoundError:
        raise Stop(ABSENT, "there is no file %s" % path)
    if len(data) > limit:
        raise Stop(DAMAGED, "%s is larger than such a file can be" % path)
    return data

def read_key_file(path):
    try:
        lines = read_file(path, 4096).decode("ascii").replace("\r\n", "\n").split("\n")
        key = base64.b64decode(lines[1], validate=True) if lines[0] == "lifeboat-key-file/1" else b""
        return key if len(key) == 32 and lines[2:] in ([], [""]) else refuse()
    except (ValueError, IndexError):
        raise Stop(WRONG, "%s is not a Lifeboat key file" % path)

def self_test():
    key, digits = bytes(range(0x80, 0xA0)), bytes.fromhex
    text = (b"Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, "
            b"sunscreen would be it.")
    nonce, aad = digits("070000004041424344454647"), digits("50515253c0c1c2c3c4c5c6c7")
    results = [
        ("Argon2id, RFC 9106 section 5.3", "0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659",
         argon2id(b"\1" * 32, b"\2" * 16, 32, 3, 4, 32, b"\3" * 8, b"\4" * 12)),
        ("ChaCha20-Poly1305, RFC 8439 section 2.8.2", "1ae10b594f09e26a7e902ecbd0600691",
         poly1305_tag(key, aad, chacha20(key, text, nonce), nonce)),
        ("HKDF-SHA256, RFC 5869 section A.1", "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf"
         "34007208d5b887185865", hkdf(b"\x0b" * 22, bytes(range(13)), bytes(range(0xF0, 0xFA)), 42)),
        ("X25519, RFC 7748 section 6.1", "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742",
         x25519(digits("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a"), x25519(
             digits("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb"), BASE_U))),
        ("Ed25519, RFC 8032 section 7.1, test 2: one fits, one does not", "0100", bytes(ed25519_fits(
            digits("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"), message, digits(
                "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
                "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00")) for message in (b"r", b"s"))),
        ("SLIP-0039, two shares of three", bytes(range(0x80, 0x90)).hex(), combine({
            share.number - 1: share.value for share in map(Share, (
                "clea peca acad alwa alph lear emer ance lunc twin dish meth unfa resi angr epid salo salo phan buck",
                "cleanup pecan academic acid ceiling genuine steady numb pencil loan group priest golden military "
                "tackle ladybug browser exercise tenant device"))}) or b"")]
    for name, wanted, got in results:
        print("%-4s  %s" % ("ok" if got.hex() == wanted else "FAIL", name))
    return 0 if all(got.hex() == wanted for _, wanted, got in results) else FAILED

def main():
    cli = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    cli.add_argument("file", nargs="?", help="the vault or bundle")
    cli.add_argument("--passphrase-file", metavar="PATH", help="read the passphrase from a file (- is stdin)")
    cli.add_argument("--key-file", metavar="PATH", help="use this key file, alone or with the passphrase")
    cli.add_argument("--share", metavar="PATH", action="append", default=[],
                     help="read the words of a share from a file (- is stdin); any number of times")
    cli.add_argument("--seal-passphrase-file", metavar="PATH", help="the second passphrase, of sealed entries")
    cli.add_argument("--no-secrets", action="store_true", help="print names instead of otpauth URIs")
    cli.add_argument("--json", action="store_true", help="print the whole content as it stands")
    cli.add_argument("--salvage", action="store_true", help="print what can be read of a damaged file")
    cli.add_argument("--allow-kdf-cost", action="store_true", help="raise the limit of the key derivation")
    cli.add_argument("--self-test", action="store_true", help="check the ciphers against the RFCs and stop")
    args = cli.parse_args()
    if args.self_test:
        return self_test()
    container = Container(read_file(args.file or cli.error("which file?")), args.salvage)
    key_file, shares = read_key_file(args.key_file) if args.key_file else None, Shares()
    for path in args.share:
        shares.hand_over(read_file(path, 1 << 16).decode(), path, container.quorums)
    if container.quorums and at_terminal() and (args.share or not (args.passphrase_file or args.key_file)):
        shares.ask(container.quorums)

    def passphrase_from(path, may_ask):
        typed = []

        def passphrase():
            if not typed and path:
                typed.append(re.sub(rb"\r?\n\Z", b"", read_file(path, 1 << 16)).decode())
            elif not typed:
                typed.append(getpass.getpass("Passphrase: ", sys.stderr) if may_ask and at_terminal() else None)
            return None if typed[0] is None else unicodedata.normalize("NFC", typed[0]).encode()
        return passphrase

    seals = Seals(passphrase_from(args.seal_passphrase_file, False), key_file, args.allow_kdf_cost, shares)
    passphrase = passphrase_from(args.passphrase_file, True)
    plain = container.payload(
        container.master_key(passphrase, key_file, args.allow_kdf_cost, shares.secret) or bytes(32))
    try:
        content = parse_content(plain.decode())
        if content["schema"] > 1:
            raise Stop(DAMAGED, "the content has schema %s; this reader knows schema 1" % content["schema"])
        container.check_maker(content)
        seals.open_all(content)
        print(json.dumps(content, indent=1)) if args.json else show(content["entries"], args.no_secrets)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        container.damage("its content is not as written, or its maker is not proven")
        show_salvaged(plain, args.no_secrets)
        return DAMAGED
    return 0

if __name__ == "__main__":
    try:
        sys.exit(main())
    except Stop as stop:
        say("restore.py: %s" % stop)
        sys.exit(stop.args[0])
    except KeyboardInterrupt:
        sys.exit(130)
    except (OSError, UnicodeDecodeError) as error:
        say("restore.py: %s" % error)
        sys.exit(FAILED)
