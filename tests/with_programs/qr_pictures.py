"""Draws the pictures that reading QR codes is measured with, and measures it.

    qr_pictures.py draw PLACE                    draws them into PLACE, with the list that says what each holds
    qr_pictures.py measure PLACE PROGRAM...      has each PROGRAM read them (target/release/examples/qr_pictures), and the
                                                 libraries that are installed (zxing-cpp, opencv, pyzbar); prints the rates

Needs numpy, opencv-python-headless, Pillow and qrcode, from pip. All chance comes from a label, so that the same pictures are
drawn again. The texts are made up, and their seeds are nobody's.
"""
import base64, collections, hashlib, json, pathlib, subprocess, sys, time

import cv2
import numpy as np
import qrcode
from PIL import Image
from qrcode.constants import ERROR_CORRECT_H as H, ERROR_CORRECT_L as L, ERROR_CORRECT_M as M, ERROR_CORRECT_Q as Q


def chance(label):
    return np.random.default_rng(int.from_bytes(hashlib.sha256(label.encode()).digest()[:8], "big"))


def seed(label, size=20):
    return base64.b32encode(hashlib.sha256(label.encode()).digest()[:size]).decode().rstrip("=")


def uri(label):
    return "otpauth://totp/%s?secret=%s" % (label, seed(label))


def field(number, value):
    if isinstance(value, int):
        return bytes([number << 3]) + varint(value)
    return bytes([number << 3 | 2]) + varint(len(value)) + value


def varint(value):
    out = b""
    while value > 127:
        out, value = out + bytes([value & 127 | 128]), value >> 7
    return out + bytes([value])


def migration(label, accounts):
    """A code as Google Authenticator shows it for a batch of accounts."""
    message = b""
    for at in range(accounts):
        secret = hashlib.sha256(b"%d %s" % (at, label.encode())).digest()[:20]
        name = b"person%d@%s.example" % (at, label.encode())
        message += field(1, field(1, secret) + field(2, name) + field(3, b"Service %d" % at) + field(4, 1) + field(5, 1) + field(6, 2))
    message += field(2, 1) + field(3, 1) + field(4, 0) + field(5, 77)
    data = base64.b64encode(message).decode().replace("+", "%2B").replace("/", "%2F").replace("=", "%3D")
    return "otpauth-migration://offline?data=" + data


SHORT = uri("Example:alice")
LONG = ("otpauth://totp/A%20Company%20With%20A%20Long%20Name:somebody.with.a.long.name%40mail.example.org?secret=" + seed("long", 32) + seed("more", 32)
        + "&issuer=A%20Company%20With%20A%20Long%20Name&algorithm=SHA512&digits=8&period=60")
BATCH = migration("batch", 10)
TEXTS = {"short": SHORT, "long": LONG, "batch": BATCH}
PLACE = None
made = []


def modules(text, level=L):
    code = qrcode.QRCode(error_correction=level, border=0)
    code.add_data(text)
    code.make(fit=True)
    return np.array(code.get_matrix(), dtype=bool)


def code(text, pixels=4, border=4, level=L, dark=0, light=255):
    dots = np.pad(modules(text, level), border)
    return np.where(np.kron(dots, np.ones((pixels, pixels), dtype=bool)), dark, light).astype(np.uint8)


def blurred(picture, sigma):
    return cv2.GaussianBlur(picture, (0, 0), sigma) if sigma else picture


def noisy(picture, label, sigma):
    return np.clip(picture + chance(label).normal(0, sigma, picture.shape), 0, 255).astype(np.uint8)


def turned(picture, angle, around=230):
    height, width = picture.shape
    side = int(np.hypot(height, width)) + 8
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1)
    turn[:, 2] += (side - width) / 2, (side - height) / 2
    return cv2.warpAffine(picture, turn, (side, side), flags=cv2.INTER_AREA, borderValue=around)


def slanted(picture, label, strength, around=200):
    """As it is seen at an angle: each corner moves inwards by up to a part of the side."""
    height, width = picture.shape
    moves = chance(label).uniform(0, strength, (4, 2)) * (width, height)
    signs = np.array([[1, 1], [-1, 1], [-1, -1], [1, -1]])
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], dtype=np.float32)
    seen = (corners + signs * moves).astype(np.float32)
    return cv2.warpPerspective(picture, cv2.getPerspectiveTransform(corners, seen), (width, height), flags=cv2.INTER_AREA, borderValue=around)


def page(width, height, label, dark=False):
    """A desktop with windows, lines of text and icons."""
    random = chance(label)
    paper, ink = (30, 220) if dark else (245, 20)
    picture = np.full((height, width), 60 if dark else 120, np.uint8)
    for _ in range(6):
        left, top = int(random.integers(0, width * 2 // 3)), int(random.integers(0, height * 2 // 3))
        right, bottom = left + int(random.integers(width // 5, width // 2)), top + int(random.integers(height // 5, height // 2))
        cv2.rectangle(picture, (left, top), (right, bottom), paper, -1)
        cv2.rectangle(picture, (left, top), (right, top + 30), 90, -1)
        for y in range(top + 60, min(bottom, height) - 20, 24):
            words = "".join(chr(int(random.integers(97, 123))) if random.random() < 0.85 else " " for _ in range((right - left) // 12))
            cv2.putText(picture, words, (left + 10, y), cv2.FONT_HERSHEY_SIMPLEX, 0.5, ink, 1, cv2.LINE_AA)
        for x in range(left + 10, min(right, width) - 40, 60):
            cv2.rectangle(picture, (x, top + 5), (x + 20, top + 25), int(random.integers(0, 255)), int(random.integers(1, 6)))
    return picture


def put(picture, part, x, y):
    picture[y:y + part.shape[0], x:x + part.shape[1]] = part
    return picture


def save(kind, name, picture, texts, suffix="png", **how):
    texts = [texts] if isinstance(texts, str) else list(texts)
    name = "%s-%s.%s" % (kind, name, suffix)
    image = picture if isinstance(picture, Image.Image) else Image.fromarray(picture)
    if suffix == "png":
        how = {"compress_level": 1}
    image.save(PLACE / name, **how)
    made.append({"file": name, "kind": kind, "texts": texts})


def light(picture, label, low):
    """Light from one side and a shadow with a soft edge."""
    height, width = picture.shape
    y, x = np.mgrid[0:height, 0:width]
    angle = chance(label).uniform(0, 2 * np.pi)
    along = (np.cos(angle) * (x / width - 0.5) + np.sin(angle) * (y / height - 0.5)) + 0.5
    shadow = 1 / (1 + np.exp(-(along - 0.5) * 40))
    factor = low + (1 - low) * np.clip(along, 0, 1) * (0.6 + 0.4 * shadow)
    return np.clip(picture * factor, 0, 255).astype(np.uint8)


def logo(text, level, part):
    picture = code(text, 6, level=level)
    side = int(picture.shape[0] * part)
    at = (picture.shape[0] - side) // 2
    cv2.rectangle(picture, (at, at), (at + side, at + side), 255, -1)
    cv2.circle(picture, (at + side // 2, at + side // 2), side * 2 // 5, 70, -1)
    return picture


def styled(text, shape):
    dots = np.pad(modules(text, M), 4)
    picture = np.full([side * 12 for side in dots.shape], 255, np.uint8)
    for y, x in zip(*np.nonzero(dots)):
        if shape == "dots":
            cv2.circle(picture, (x * 12 + 6, y * 12 + 6), 5, 0, -1, cv2.LINE_AA)
        else:
            cv2.rectangle(picture, (x * 12 + 1, y * 12 + 1), (x * 12 + 10, y * 12 + 10), 0, -1)
    return picture


def draw():
    for name, text in TEXTS.items():
        for pixels in range(1, 9):
            save("plain", "%s-%d" % (name, pixels), code(text, pixels), text)
        for border in (0, 1, 2):
            save("narrow border", "%s-%d" % (name, border), np.pad(code(text, 4, border), 40, constant_values=235), text)
        save("cut", name, code(text, 4, 1), text)
        for pixels in (3, 5):
            for sigma in (0.5, 1, 1.5, 2, 3):
                save("blur", "%s-%d-%s" % (name, pixels, sigma), blurred(code(text, pixels), sigma), text)
        for angle in (5, 15, 30, 45, 60, 90, 133, 180, 200, 271, 315):
            save("turned", "%s-%d" % (name, angle), turned(code(text, 4), angle), text)
        for at in range(6):
            save("slanted", "%s-%d" % (name, at), slanted(code(text, 8), "slant%d%s" % (at, name), 0.05 + 0.03 * at), text)
        for pixels in (1, 2, 4):
            save("inverted", "%s-%d" % (name, pixels), 255 - code(text, pixels), text)
        save("inverted", name + "-turned", turned(code(text, 4, dark=230, light=30), 20, 40), text)
        save("inverted", name + "-no-border", np.pad(code(text, 4, 1, dark=220, light=35), 60, constant_values=80), text)
        for quality in (10, 20, 30, 50, 70, 90):
            for pixels in (2, 3, 5):
                save("jpeg", "%s-%d-%d" % (name, quality, pixels), code(text, pixels), text, "jpg", quality=quality)
        for depth in (6, 12, 24, 48):
            save("faint", "%s-%d" % (name, depth), code(text, 4, dark=130, light=130 + depth), text)
            save("faint", "%s-%d-dark" % (name, depth), noisy(code(text, 4, dark=10, light=10 + depth), name, 1), text)
        for sigma in (10, 25, 50, 80):
            save("noise", "%s-%d" % (name, sigma), noisy(code(text, 5), name + str(sigma), sigma), text)
        for part in (0.01, 0.03, 0.06):
            picture, random = code(text, 5, level=M), chance(name + str(part))
            spots = random.random(picture.shape) < part
            picture[spots] = random.choice([0, 255], int(spots.sum()))
            save("noise", "%s-spots-%s" % (name, part), picture, text)
        for low in (0.5, 0.25, 0.1):
            save("uneven light", "%s-%s" % (name, low), light(np.pad(code(text, 5), 60, constant_values=220), name + str(low), low), text)
        for quality in (10, 50, 90):
            save("webp", "%s-%d" % (name, quality), code(text, 3), text, "webp", quality=quality)
        save("webp", name + "-lossless", code(text, 2), text, "webp", lossless=True)
        save("gif and bmp", name, code(text, 3), text, "gif")
        save("gif and bmp", name, code(text, 3), text, "bmp")
        clear = np.zeros((*code(text, 4).shape, 4), np.uint8)
        clear[..., 3] = 255 - code(text, 4)
        save("transparent", name + "-black", clear, text)
        clear = clear.copy()
        clear[..., :3] = 255
        save("transparent", name + "-white", clear, text)
        colours = np.where(code(text, 4)[..., None] == 0, (20, 40, 130), (250, 230, 150)).astype(np.uint8)
        save("coloured", name + "-blue", colours, text)
        save("coloured", name + "-red", np.where(code(text, 4)[..., None] == 0, (200, 30, 30), (255, 255, 255)).astype(np.uint8), text)
        for pixels in (1, 2, 3, 4):
            for dark in (False, True):
                part = code(text, pixels, dark=255, light=25) if dark else code(text, pixels)
                picture = put(page(3840, 2160, name + str(pixels), dark), part, 1900 + 137 * pixels, 700 + 91 * pixels)
                save("4K", "%s-%d-%s" % (name, pixels, "dark" if dark else "light"), picture, text)
        # A photograph of twelve megapixels: at an angle, uneven light, slightly out of focus, grain, JPEG.
        for at in range(4):
            label = "photo%d%s" % (at, name)
            picture = page(4000, 3000, label)
            part = slanted(np.pad(code(text, 8 + 2 * at, dark=30, light=225), 80, constant_values=225), label, 0.1 + 0.04 * at, 120)
            put(picture, part, 700, 500)
            picture = noisy(blurred(light(turned(picture, 7 * at - 10, 90)[400:3400, 300:4300], label, 0.4), 1.5 + 0.5 * at), label, 8)
            save("photograph", "%s-%d" % (name, at), picture, text, "jpg", quality=80)
            small = cv2.resize(picture, (1333, 1000), interpolation=cv2.INTER_AREA)
            save("photograph", "%s-%d-sent" % (name, at), small, text, "jpg", quality=60)
        # A screenshot that was made larger or smaller by a program that shows it.
        for factor in (0.45, 0.7, 1.3, 2.5):
            picture = cv2.resize(code(text, 6), None, fx=factor, fy=factor, interpolation=cv2.INTER_LINEAR)
            save("scaled", "%s-%s" % (name, factor), picture, text)
    for level, part in ((H, 0.2), (H, 0.27), (Q, 0.18), (M, 0.12)):
        save("logo", "short-%d-%s" % (level, part), logo(SHORT, level, part), SHORT)
        save("logo", "long-%d-%s" % (level, part), logo(LONG, level, part), LONG)
    for shape in ("dots", "squares"):
        save("styled", "short-" + shape, styled(SHORT, shape), SHORT)
        save("styled", "long-" + shape, styled(LONG, shape), LONG)
    for rows, columns in ((1, 2), (2, 2), (3, 3), (4, 5)):
        for pixels in (2, 3, 5):
            for gap in (0, 30):
                texts = [uri("Many%d:person%d" % (at, at)) for at in range(rows * columns)]
                parts = [np.pad(code(text, pixels), gap, constant_values=255) for text in texts]
                lines = [np.hstack(parts[at * columns:(at + 1) * columns]) for at in range(rows)]
                save("several", "%dx%d-%d-%d" % (rows, columns, pixels, gap), np.vstack(lines), texts)
        texts = [migration("set%d" % at, 3 + at % 3) for at in range(rows * columns)]
        side = 700
        picture = page(columns * side, rows * side, "several%d" % rows)
        for at, text in enumerate(texts):
            part = turned(code(text, 4 + at % 3), 9 * at, 255)
            part = part if part.shape[0] < side else cv2.resize(part, (side, side), interpolation=cv2.INTER_AREA)
            put(picture, part, at % columns * side, at // columns * side)
        save("several", "%dx%d-turned" % (rows, columns), picture, texts, "jpg", quality=75)
        picture = page(columns * side, rows * side, "mixed%d" % rows, True)
        for at, text in enumerate(texts):
            part = code(text, 3 + at % 3, dark=0 if at % 2 else 240, light=255 if at % 2 else 30)
            put(picture, part[:side], at % columns * side, at // columns * side)
        save("several", "%dx%d-mixed" % (rows, columns), picture, texts)
    (PLACE / "list.json").write_text(json.dumps(made, indent=1))
    print("%d pictures with %d codes" % (len(made), sum(len(picture["texts"]) for picture in made)))


def zxing_cpp():
    import zxingcpp

    def read(path):
        found = zxingcpp.read_barcodes(Image.open(path).convert("RGBA"), formats=zxingcpp.BarcodeFormat.QRCode)
        return [code.text for code in found]
    return read


def opencv():
    detector = cv2.QRCodeDetector()

    def read(path):
        picture = cv2.imread(str(path))
        return [] if picture is None else [text for text in detector.detectAndDecodeMulti(picture)[1] if text]
    return read


def zbar():
    from pyzbar import pyzbar

    def read(path):
        return [code.data.decode("utf-8", "replace") for code in pyzbar.decode(Image.open(path).convert("L"), [pyzbar.ZBarSymbol.QRCODE])]
    return read


def by_library(make, listed):
    """What a library of Python reads of each picture, and in how many milliseconds, opening it included."""
    try:
        read = make()
    except ImportError as error:
        print("not there: %s" % error, file=sys.stderr)
        return {}
    out = {}
    for picture in listed:
        start = time.perf_counter()
        try:
            found = read(PLACE / picture["file"])
        except Exception as error:
            found = []
            print("%s: %s" % (picture["file"], type(error).__name__), file=sys.stderr)
        out[picture["file"]] = (found, (time.perf_counter() - start) * 1000)
    return out


def measure(programs):
    listed = json.loads((PLACE / "list.json").read_text())
    methods = {}
    for program in programs:
        output = subprocess.run([program, str(PLACE)], input="\n".join(picture["file"] for picture in listed), stdout=subprocess.PIPE, text=True, check=True).stdout
        for line in output.splitlines():
            answer = json.loads(line)
            methods.setdefault(answer["method"], {})[answer["file"]] = (answer["texts"], answer["ms"])
    for name, make in (("zxing-cpp", zxing_cpp), ("OpenCV", opencv), ("zbar", zbar)):
        if answers := by_library(make, listed):
            methods[name] = answers
    kinds = list(dict.fromkeys(picture["kind"] for picture in listed))
    print("| method | pictures of %d | codes of %d | wrong texts | mean ms | max ms |" % (len(listed), sum(len(picture["texts"]) for picture in listed)))
    print("|---|---|---|---|---|---|")
    rates, failed = collections.defaultdict(dict), {}
    for method, answers in methods.items():
        whole = codes = wrong = 0
        by_kind, failed[method] = collections.Counter(), []
        for picture in listed:
            found, _ = answers[picture["file"]]
            here = len(set(picture["texts"]) & set(found))
            codes, wrong = codes + here, wrong + len(set(found) - set(picture["texts"]))
            if here == len(picture["texts"]):
                whole += 1
                by_kind[picture["kind"]] += 1
            else:
                failed[method].append("%s (%d of %d)" % (picture["file"], here, len(picture["texts"])))
        times = [ms for _, ms in answers.values()]
        rates[method] = by_kind
        print("| %s | %d | %d | %d | %.0f | %.0f |" % (method, whole, codes, wrong, sum(times) / len(times), max(times)))
    totals = collections.Counter(picture["kind"] for picture in listed)
    print("\n| kind | pictures | %s |\n|---|---|%s" % (" | ".join(methods), "---|" * len(methods)))
    for kind in kinds:
        print("| %s | %d | %s |" % (kind, totals[kind], " | ".join(str(rates[method][kind]) for method in methods)))
    (PLACE / "failed.json").write_text(json.dumps(failed, indent=1))


if __name__ == "__main__":
    PLACE = pathlib.Path(sys.argv[2])
    PLACE.mkdir(parents=True, exist_ok=True)
    draw() if sys.argv[1] == "draw" else measure(sys.argv[3:])
