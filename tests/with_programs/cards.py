"""Prints share cards with a browser, on A4 and on US Letter, and opens the bundle from the pictures of their codes.

    python3 cards.py LIFEBOAT WORK        WORK holds an empty home; pictures stay in WORK/cards

Each card has to be exactly one page, with its words and its last line on it, whoever it is for.
"""
import os, shutil, subprocess, sys, tempfile

LIFEBOAT, WORK = sys.argv[1:]
PLACE = os.path.join(WORK, "cards")
SIZES = {"A4": ("A4", 594.96, 841.92), "Letter": ("letter", 612.0, 792.0)}
SEED = "otpauth://totp/AWS:root?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=AWS"
# An ordinary name, the longest one, and the widest that is escaped.
CUSTODIANS = ["Ana Alpha", "W" * 100, "\u202e<script>alert(1)</script>\x1b[31m" + "\u202e" * 60]
LABELS = {"plain": ("Safe 2", ""), "long": ("W" * 120, "Security desk, " + "W" * 105)}
DOTS = 150  # Dots to the inch: as a picture by a telephone from some distance, or a poor scanner.


def fail(words):
    sys.exit("FAILED: " + words)


def run(*command, env=None, check=True):
    done = subprocess.run(command, env=env, stdin=subprocess.DEVNULL, capture_output=True)
    if check and done.returncode != 0:
        fail("%s gives %d: %s" % (command[0], done.returncode, (done.stdout + done.stderr).decode("utf-8", "replace")))
    return done


def lifeboat(*words, check=True):
    environment = {"HOME": PLACE, "PATH": "/usr/bin:/bin"}
    return run(LIFEBOAT, "--sandbox", "kill", "--no-input", *words, env=environment, check=check)


def make(name, label, call):
    """A vault with one entry, a bundle of it, and the cards of a set for it in memory."""
    settings = os.path.join(PLACE, ".config/lifeboat")
    os.makedirs(settings, exist_ok=True)
    with open(os.path.join(settings, "lifeboat.toml"), "w") as file:
        file.write('[cards]\ncall = "%s"\n' % call)
    vault = ["--vault", os.path.join(PLACE, name + ".vault"), "--key-file", os.path.join(PLACE, name + ".key")]
    lifeboat(*vault[:2], "init", "--new-key-file", vault[3])
    uri = subprocess.Popen(["printf", "%s", SEED], stdout=subprocess.PIPE)
    added = subprocess.run([LIFEBOAT, *vault, "add", "-"], stdin=uri.stdout, env={"HOME": PLACE}, capture_output=True)
    uri.wait()
    if added.returncode != 0:
        fail("no entry was added")
    memory = tempfile.mkdtemp(prefix="lifeboat-cards-", dir="/dev/shm")
    names = [word for custodian in CUSTODIANS for word in ("--custodian", custodian)]
    bundle = os.path.join(PLACE, name + ".bundle")
    lifeboat(*vault, "bundle", "create", "-o", bundle, "--label", label, "--quorum", "2-of-3", *names,
             "--shares", memory, "--plaintext")
    return bundle, memory


def browser():
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if shutil.which(name):
            return name
    fail("there is no browser")


def printed(card, paper, out):
    """Prints a card on a paper: one page of that size, as text and as a picture."""
    size, width, height = SIZES[paper]
    with open(card) as file:
        html = file.read()
    # What a person chooses in the dialog of the printer.
    on_paper = html.replace("@page{margin:0}", "@page{margin:0;size:%s}" % size)
    if on_paper == html:
        fail("the card has no rule for pages")
    with open(out + ".html", "w") as file:
        file.write(on_paper)
    profile = tempfile.mkdtemp(dir=PLACE)
    run(browser(), "--headless", "--no-sandbox", "--disable-gpu", "--user-data-dir=" + profile, "--no-pdf-header-footer",
        "--print-to-pdf=" + out + ".pdf", "file://" + out + ".html", env={"HOME": profile, "PATH": os.environ["PATH"]})
    shutil.rmtree(profile, ignore_errors=True)
    told = dict(line.split(":", 1) for line in run("pdfinfo", out + ".pdf").stdout.decode().splitlines() if ":" in line)
    if told["Pages"].strip() != "1":
        fail("%s has %s pages" % (out, told["Pages"].strip()))
    found = [float(part) for part in told["Page size"].split() if part.replace(".", "", 1).isdigit()]
    if abs(found[0] - width) > 1 or abs(found[1] - height) > 1:
        fail("%s is %s" % (out, told["Page size"]))
    run("pdftoppm", "-r", str(DOTS), "-png", "-singlefile", out + ".pdf", out)
    return run("pdftotext", "-layout", out + ".pdf", "-").stdout.decode(), out + ".png"


def main():
    if subprocess.run(["stat", "-f", "-c", "%T", "/dev/shm"], capture_output=True, text=True).stdout.strip() != "tmpfs":
        fail("/dev/shm is not in memory")
    os.makedirs(PLACE, exist_ok=True)
    pages = opened = 0
    for name, (label, call) in LABELS.items():
        bundle, memory = make(name, label, call)
        try:
            folders = sorted(os.listdir(memory))
            if len(folders) != len(CUSTODIANS):
                fail("there are %d folders" % len(folders))
            for paper in SIZES:
                pictures = []
                for folder in folders:
                    out = os.path.join(PLACE, "%s-%s-%s" % (name, paper, folder[:2]))
                    text, picture = printed(os.path.join(memory, folder, "card.html"), paper, out)
                    with open(os.path.join(memory, folder, "share.txt")) as file:
                        missing = set(file.read().split()) - set(text.split())
                    if missing:
                        fail("%s: %d words are not on the page" % (out, len(missing)))
                    pictures.append(picture)
                    pages += 1
                # Any two of them open it, read from the whole printed page.
                for idx, picture in enumerate(pictures):
                    other = pictures[idx - 1]
                    new = os.path.join(PLACE, "new-%s-%s-%d" % (name, paper, idx))
                    lifeboat("--vault", new, "--yes", "restore", bundle, "--new-key-file", new + ".key",
                             "--share", picture, "--share", other)
                    listed = lifeboat("--vault", new, "--key-file", new + ".key", "list")
                    if b"AWS" not in listed.stdout:
                        fail("the restored vault is not the right one")
                    opened += 1
        finally:
            shutil.rmtree(memory)
    print("%d pages printed, each one page; %d bundles opened from pictures of two" % (pages, opened))


main()
