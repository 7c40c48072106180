"""The commands that write, run on a recorded disk, and the promise that each made: what it acknowledged, and when."""
import base64, collections, json, os, subprocess, sys

VAULT, OTHER = "box/vault", "other/vault"
RESTORE = os.path.join(os.path.dirname(__file__), "..", "..", "..", "vectors", "restore.py")

# What a file held, and from where in the record on that was promised. `key` opens it, where it is a vault.
Version = collections.namedtuple("Version", "at content key listing anchor")
# `reveals` tells that the log's record of it must be on the disk before anything is shown.
Step = collections.namedtuple("Step", "words text vault key reveals", defaults=("", VAULT, "key", False))


def uri(kind, name, number, more=""):
    seed = base64.b32encode(b"power cut seed %05d" % number).decode().rstrip("=")
    return "otpauth://%s/%s:ana?secret=%s&issuer=%s%s\n" % (kind, name, seed, name, more)


def steps(mnt, work):
    """All commands that write, in an order in which each works."""
    importing, codes = work + "/import.txt", work + "/codes.txt"
    with open(importing, "w") as file:
        file.writelines(uri("totp", "Imported%d" % number, 100 + number) for number in range(5))
    with open(codes, "w") as file:
        file.write("first-code\nsecond-code\n")
    at = lambda name: mnt + "/" + name
    opened = ["--bundle-key-file", at("bundle-key")]
    yield Step(["init", "--new-key-file", at("key")], key=None)
    yield Step(["add", "-"], uri("totp", "One", 1))
    yield Step(["add", "-"], uri("hotp", "Counter", 2, "&counter=5"))
    yield Step(["code", "Counter"], reveals=True)
    yield Step(["add", "-", "--recovery-codes", codes], uri("totp", "Two", 3))
    yield Step(["export", "--to", "otpauth", "--plaintext", "-o", at("export.txt")])
    yield Step(["bundle", "create", "-o", at("first.bundle"), *opened])
    yield Step(["edit", "One", "--tag", "+x", "--note", "n" * 900])
    yield Step(["show", "One", "--reveal"], reveals=True)
    yield Step(["prove", "One", "--accepted"])
    yield Step(["recovery-code", "use", "Two"], reveals=True)
    yield Step(["import", importing])
    yield Step(["edit", "Two", "--seed", "-"], uri("totp", "Two", 4))
    yield Step(["remove", "One"])
    yield Step(["export", "--to", "otpauth", "--plaintext", "--force", "-o", at("export.txt")])
    yield Step(["trash", "restore", "One"])
    yield Step(["import", "--undo"])
    yield Step(["slot", "add", "--new-key-file", at("key-2")])
    yield Step(["code", "Counter"], reveals=True)
    yield Step(["bundle", "create", "-o", at("second.bundle"), *opened])
    yield Step(["restore", at("second.bundle"), *opened, "--new-key-file", at("other-key")], vault=OTHER, key=None)
    yield Step(["add", "-"], uri("totp", "Elsewhere", 5), vault=OTHER, key="other-key")
    yield Step(["remove", "Two"])
    yield Step(["trash", "purge", "Two"])
    yield Step(["restore", at("first.bundle"), *opened, "--merge"])
    yield Step(["restore", "--previous"])
    for number in range(6):
        yield Step(["add", "-"], uri("totp", "More%d" % number, 200 + number))
    yield Step(["passwd", "--new-key-file", at("key-3")])
    yield Step(["add", "-"], uri("totp", "Last", 6), key="key-3")
    yield Step(["export", "--to", "otpauth", "--plaintext", "-o", at("last.txt")], key="key-3")


class Program:
    """The program under test, with nothing of this environment."""

    def __init__(self, path):
        self.path = path

    def words(self, mnt, vault, key, words):
        with_key = ["--key-file", mnt + "/" + key] if key else []
        return [self.path, "--vault", mnt + "/" + vault, *with_key, "--no-input", "--yes", *words]

    def start(self, mnt, vault, key, words, text=""):
        """The first byte of its output, once it says anything or ends, and what then ends it."""
        running = subprocess.Popen(self.words(mnt, vault, key, words), env=self.environment(mnt), stdin=subprocess.PIPE,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, bufsize=0)
        running.stdin.write(text.encode())
        running.stdin.close()
        running.stdin = None
        return running.stdout.read(1), running

    def run(self, mnt, vault, key, words, text=""):
        done = subprocess.run(self.words(mnt, vault, key, words), env=self.environment(mnt), input=text.encode(),
                              capture_output=True, timeout=60)
        return done.returncode, done.stdout, done.stderr.decode(errors="replace").strip()

    def environment(self, mnt):
        return {"HOME": mnt + "/home", "PATH": "/usr/bin:/bin"}


class Promises:
    """What was acknowledged: versions of files, and how far logs and states had come, each from where on."""

    def __init__(self):
        self.files = collections.defaultdict(list)
        self.logs = collections.defaultdict(list)
        self.states = collections.defaultdict(list)
        self.acknowledged = []


def read(path):
    try:
        with open(path, "rb") as file:
            return file.read()
    except FileNotFoundError:
        return None


def state_of(mnt):
    """The newest generation seen of each vault on this machine."""
    folder = mnt + "/home/.local/state/lifeboat"
    try:
        names = os.listdir(folder)
    except FileNotFoundError:
        return {}
    return {name: json.loads(read(folder + "/" + name))["generation"] for name in names if name.endswith(".state")
            and ".tmp." not in name}


def perform(program, mnt, work, position):
    """Runs every step and returns the promises; `position` tells how long the record is."""
    promises = Promises()
    watched = ["key", "key-2", "key-3", "other-key", "bundle-key", "export.txt", "last.txt", "first.bundle",
               "second.bundle", VAULT, OTHER]
    for step in steps(mnt, work):
        words = step.words
        if "passwd" in words:
            _, slots, _ = program.run(mnt, step.vault, step.key, ["slot", "list", "--json"])
            words = words + drops(slots)
        first, running = program.start(mnt, step.vault, step.key, words, step.text)
        shown = position()
        out, error = running.communicate()
        ended = position()
        if running.returncode != 0:
            raise RuntimeError("%s: %s" % (" ".join(words), error.decode(errors="replace").strip()))
        promises.acknowledged.append((shown, words[0]))
        for name in watched:
            content, versions = read(mnt + "/" + name), promises.files[name]
            if content is None or versions and versions[-1].content == content:
                continue
            key = listing = anchor = None
            if name in (VAULT, OTHER):
                key = step.key or ("key" if name == VAULT else "other-key")
                key = "key-3" if "passwd" in words else key
                listing, anchor = look_aside(program, mnt, work, content, key)
            versions.append(Version(shown, content, key, listing, anchor))
        log = read(mnt + "/" + step.vault + ".log")
        promises.logs[step.vault].append((shown if step.reveals else ended, log))
        for name, generation in state_of(mnt).items():
            promises.states[name].append((ended, generation))
    return promises


def drops(slots):
    """Names every slot whose key file is not given: it cannot be wrapped anew."""
    others = [slot for slot in json.loads(slots)["slots"] if not slot["opened_this"]]
    return [word for slot in others for word in ("--drop", slot["slot"])]


def look_aside(program, mnt, work, content, key):
    """What a vault lists, and which record of the log it rests on, found on a copy that is not recorded."""
    aside = work + "/aside"
    os.makedirs(aside + "/home", exist_ok=True)
    for name, bytes_ in (("vault", content), ("key", read(mnt + "/" + key))):
        with open(aside + "/" + name, "wb") as file:
            file.write(bytes_)
    status, listing, error = program.run(aside, "vault", "key", ["list", "--json"])
    if status != 0:
        raise RuntimeError("a vault does not open right after it was written: " + error)
    whole = subprocess.run([sys.executable, RESTORE, "--json", "--key-file", aside + "/key", aside + "/vault"],
                           capture_output=True, check=True)
    log = json.loads(whole.stdout)["log"]
    return listing, (log["count"], log["head"])
