"""Reads the memory of the running program for what must be gone from it.

    memory.py LIFEBOAT WORK [PORTS]

The terminal interface is driven in tmux and its memory read from outside after each thing that has to leave nothing behind;
commands are stopped at their very end, when the kernel still has all of their memory. Looked for are seeds (bytes, base32,
hexadecimal, and so URIs), passphrases, keys (computed by vectors/restore.py), and codes, each also with its characters apart
by any distance, as the cells of a screen or the slots of a queue hold them. PORTS is the program of memory_ports.rs, with
which a job panics and five minutes pass.

Every reading must find a canary, and the same needles are looked for, and found, while they are still rightly there.
Needs the right to read the memory of an undumpable process (CAP_SYS_PTRACE), which root has.
"""
import base64, ctypes, hashlib, hmac, os, pathlib, pty, re, secrets, shutil, signal, struct, subprocess, sys, tempfile, termios, threading, time, zlib

LIFEBOAT, WORK = sys.argv[1:3]
PORTS = sys.argv[3] if len(sys.argv) > 3 else None
PLACE = pathlib.Path(WORK) / "memory"
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent.parent / "vectors"))
import restore, worked_example

CANARY = "canary-" + secrets.token_hex(8)
VAULT, KEY_FILE = PLACE / (CANARY + ".lifeboat"), PLACE / "key"
ENVIRONMENT = {"HOME": str(PLACE / "home"), "PATH": "/usr/bin:/bin", "TERM": "screen-256color", "LANG": "C.UTF-8"}
PAGE = 4096
# Characters of a text may lie so many bytes apart: 4 in UTF-32, some forty in cells, more in the slots of a queue.
DISTANCES = range(2, 129)
failures = []

# --- Needles ------------------------------------------------------------------------------------------


def pieces(text, size=8):
    """Overlapping pieces, so that half a secret is found too."""
    return [text[at:at + size] for at in range(0, max(1, len(text) - size + 1), size // 2)]


def apart(text):
    """The first eight bytes of a text, apart by each distance."""
    marks = [re.escape(bytes([byte])) for byte in text[:8]]
    return [re.compile((b".{%d}" % (distance - 1)).join(marks), re.DOTALL) for distance in DISTANCES]


class Needles:
    """Named things to look for: byte strings, and patterns."""

    def __init__(self):
        self.strings, self.patterns = [], []

    def bytes(self, name, value):
        forms = {name: value, name + ", hexadecimal": value.hex().encode(), name + ", HEXADECIMAL": value.hex().upper().encode(),
                 name + ", base64": base64.b64encode(value)}
        for form, text in forms.items():
            self.strings += [(form, piece) for piece in pieces(text)]
        return self

    def seed(self, name, value):
        self.bytes(name, value)
        text = base64.b32encode(value).rstrip(b"=")
        spaced = b" ".join(text[at:at + 4] for at in range(0, len(text), 4))
        for form in (text, text.lower(), spaced, spaced.lower()):
            self.strings += [(name + ", base32", piece) for piece in pieces(form, 10)]
        self.patterns += [(name + ", base32 apart", pattern) for pattern in apart(text)]
        return self

    def text(self, name, value):
        raw = value.encode()
        self.strings += [(name, piece) for piece in pieces(raw)]
        # The longest word: of words that were drawn, none need be long.
        plain = max(re.findall(rb"[!-~]+", raw), key=len)
        self.patterns += [(name + " apart", pattern) for pattern in apart(plain)]
        return self

    def code(self, name, value):
        grouped = (value[:4] + " " + value[4:]).encode()
        self.strings += [(name, value.encode()), (name, grouped), (name + ", base64", base64.b64encode(value.encode())[:10])]
        self.patterns += [(name + " in cells", pattern) for pattern in apart(value.encode()) + apart(grouped)]
        return self

    def __add__(self, other):
        both = Needles()
        both.strings, both.patterns = self.strings + other.strings, self.patterns + other.patterns
        return both


# --- Memory -------------------------------------------------------------------------------------------


def memory(pid):
    """The written pages of a process, in runs, each with the name of its mapping and its address."""
    runs = []
    with open("/proc/%d/maps" % pid) as maps, open("/proc/%d/mem" % pid, "rb", 0) as mem:
        for line in maps:
            words = line.split()
            start, end = (int(word, 16) for word in words[0].split("-"))
            name = words[5] if len(words) > 5 else "anonymous"
            # What cannot be written holds what the files on the disk hold.
            if "w" not in words[1] or name in ("[vvar]", "[vsyscall]"):
                continue
            at = start
            while at < end:
                size = min(end - at, 16 << 20)
                mem.seek(at)
                try:
                    content = mem.read(size)
                except OSError as error:
                    sys.exit("FAILED: the memory at %x (%s) cannot be read: %s" % (at, name, error))
                runs += written(name, at, content)
                at += size
    return runs


def written(name, address, content):
    """Leaves pages of zeros out; the first of them ends a run."""
    runs, start = [], None
    for at in range(0, len(content) + PAGE, PAGE):
        page = content[at:at + PAGE]
        if page and page.count(0) != len(page):
            start = at if start is None else start
        elif start is not None:
            runs.append((name, address + start, content[start:at]))
            start = None
    return runs


def found(runs, needles):
    """The names of what is there, with the place of the first."""
    seen = {}
    for name, address, content in runs:
        for needle, text in needles.strings:
            if needle not in seen and text in content:
                seen[needle] = (name, address, content, content.index(text))
        for needle, pattern in needles.patterns:
            if needle not in seen and (match := pattern.search(content)):
                seen[needle] = (name, address, content, match.start())
    return seen


def check(what, pid, gone, there=None):
    """Nothing of `gone` may be in the memory; all of `there`, and the canary, must be."""
    runs = memory(pid)
    # A thread that has answered may still be on its way out. What stays longer than that is a leak.
    end = time.monotonic() + 2
    while found(runs, gone) and time.monotonic() < end:
        time.sleep(0.25)
        runs = memory(pid)
    for needle, (name, address, content, at) in found(runs, gone).items():
        failures.append(what)
        print("FAILED: after %s: %s in %s at %x" % (what, needle, name, address + at), file=sys.stderr)
        print("        %r" % content[max(0, at - 48):at + 80], file=sys.stderr)
    canary = Needles()
    canary.strings = [("the canary", CANARY.encode())]
    wanted = canary + there if there else canary
    missing = {needle for needle, _ in wanted.strings + wanted.patterns} - set(found(runs, wanted))
    if missing:
        failures.append(what)
        print("VOID: after %s: not found: %s" % (what, ", ".join(sorted(missing))), file=sys.stderr)
    kib = sum(len(content) for _, _, content in runs) >> 10
    print("  %-52s %4d needles gone, %2d there, %5d KiB read" % (
        what, len(gone.strings) + len(gone.patterns), len(wanted.strings) + len(wanted.patterns), kib))


def only(name, text):
    """A needle that must be there, in one form."""
    needles = Needles()
    needles.strings = [(name, text)]
    return needles


# --- What is planted ----------------------------------------------------------------------------------


def uri(name, seed):
    secret = base64.b32encode(seed).rstrip(b"=").decode()
    return "otpauth://totp/%s:me?secret=%s&issuer=%s&digits=8" % (name, secret, name)


def codes(seed, about=2):
    """The codes of this step and of its neighbours."""
    step, result = int(time.time()) // 30, []
    for number in range(step - about, step + about + 1):
        digest = hmac.new(seed, struct.pack(">Q", number), hashlib.sha1).digest()
        place = digest[-1] & 15
        result.append("%08d" % ((struct.unpack(">I", digest[place:place + 4])[0] & 0x7fffffff) % 10 ** 8))
    return result


def words():
    """A passphrase that nothing else in memory looks like."""
    return "%sü%s ß%s" % tuple(secrets.token_hex(5) for _ in range(3))


MASTER, KEY, LOG_KEY, SIGNING_KEY = (secrets.token_bytes(32) for _ in range(4))
PASSPHRASE, WRONG = words(), words()
SEEDS = {"Long": secrets.token_bytes(20), "Short": secrets.token_bytes(10), "Longer": secrets.token_bytes(32)}
PASTED, TYPED, ADDED, IMPORTED, PIPED = (secrets.token_bytes(20) for _ in range(5))


def plant():
    """A vault that a key file opens at once, and a passphrase at the least cost that a reader accepts."""
    (PLACE / "home").mkdir(parents=True)
    made = worked_example
    made.MASTER, made.KEY_FILE, made.PASSPHRASE = MASTER, KEY, PASSPHRASE
    vault_id = secrets.token_bytes(16)
    entries = [dict(made.ENTRY, id=secrets.token_hex(16), issuer=name, account="me", digits=8,
                    seed=base64.b32encode(seed).rstrip(b"=").decode()) for name, seed in SEEDS.items()]
    content = {"schema": 1, "vault": {"id": vault_id.hex(), "created": 1767225600, "generation": 1},
               "keys": {"log": LOG_KEY.hex(), "signing": SIGNING_KEY.hex()},
               "log": {"count": 0, "head": made.HEAD}, "entries": entries}
    # What counts upwards in the example is drawn here, once for each use of it.
    drawn = {(0, 16): vault_id}
    made.count_from = lambda first, length: drawn.setdefault((first, length), secrets.token_bytes(length))
    vault = made.Example("vault", 1, 0, ["passphrase", "keyfile"], content)
    VAULT.write_bytes(vault.file)
    KEY_FILE.write_text("lifeboat-key-file/1\n%s\n" % base64.b64encode(KEY).decode())
    VAULT.chmod(0o600), KEY_FILE.chmod(0o600)
    return {name: bytes.fromhex(value) for name, value in vault.values
            if name.startswith("key of") or name == "Argon2id's output"}


def keys_of(path, key_file):
    """The keys that the independent reader computes for a file, as it is now."""
    container = restore.Container(path.read_bytes())
    master = container.master_key(lambda: None, key_file)
    digest = hashlib.sha256(container.raw).digest()
    return master, container.expand(master, container.header["salt"], "payload", digest)[0]


def secrets_of_vault(keys):
    needles = Needles()
    for name, seed in SEEDS.items():
        needles.seed("seed " + name, seed)
    needles.bytes("master key", MASTER).bytes("key file", KEY).bytes("log key", LOG_KEY).bytes("signing key", SIGNING_KEY)
    for name, key in keys.items():
        needles.bytes(name, key)
    return needles.text("passphrase", PASSPHRASE)


def codes_of(seed, name):
    needles = Needles()
    for number, code in enumerate(codes(seed), -2):
        needles.code("code of %s, step %+d" % (name, number), code)
    return needles


# --- Commands, stopped at their end -------------------------------------------------------------------

LIBC = ctypes.CDLL(None, use_errno=True)
LIBC.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]
LIBC.ptrace.restype = ctypes.c_long
TRACEME, CONT, SYSCALL, SETOPTIONS = 0, 7, 24, 0x4200
SYSGOOD, TRACEEXIT, EXITKILL = 1, 0x40, 0x100000
EVENT_EXIT = signal.SIGTRAP | 6 << 8
AT_SYSCALL = signal.SIGTRAP | 0x80
WRITE = str({"x86_64": 1, "aarch64": 64}.get(os.uname().machine, -1))


def ptrace(request, pid, data=0):
    if LIBC.ptrace(request, pid, None, data) < 0:
        sys.exit("FAILED: ptrace: " + os.strerror(ctypes.get_errno()))


def run(what, arguments, gone, there=None, stdin="", terminal=None, status=0, vault=VAULT):
    """Runs a command, reads its memory at the first result that it writes, where `there` must be, and at its end. What must be
    gone is asked for then, where the command itself has drawn it."""
    command = [LIFEBOAT, "--vault", str(vault), *map(str, arguments)]
    if terminal:
        pid, answer = pty.fork()
    else:
        read, answer = os.pipe()
        pid = os.fork()
    if pid == 0:
        if not terminal:
            os.dup2(read, 0), os.close(answer)
        os.dup2(os.open(str(PLACE / "said"), os.O_CREAT | os.O_TRUNC | os.O_RDWR, 0o600), 1)
        os.dup2(1, 2)
        LIBC.ptrace(TRACEME, 0, None, None)
        os.execve(LIFEBOAT, command, ENVIRONMENT)
    os.waitpid(pid, 0)
    ptrace(SETOPTIONS, pid, SYSGOOD | TRACEEXIT | EXITKILL)
    if terminal:
        def typing():
            end = time.monotonic() + 20
            while termios.tcgetattr(answer)[3] & termios.ECHO and time.monotonic() < end:
                time.sleep(0.01)
            os.write(answer, (terminal + "\r").encode())
        threading.Thread(target=typing, daemon=True).start()
    else:
        os.close(read), os.write(answer, stdin.encode()), os.close(answer)
    looked, pending, exited = not there, 0, False
    ptrace(CONT if looked else SYSCALL, pid)
    while True:
        _, state = os.waitpid(pid, 0)
        if not os.WIFSTOPPED(state):
            break
        stopped, pending = state >> 8, 0
        if stopped == EVENT_EXIT:
            exited = True
            check(what, pid, gone() if callable(gone) else gone)
        elif stopped == AT_SYSCALL:
            with open("/proc/%d/syscall" % pid) as call:
                number = call.read().split()
            if not looked and number[0] == WRITE and number[1] in ("0x1", "0x2"):
                looked = True
                missing = {needle for needle, _ in there.strings} - set(found(memory(pid), there))
                if missing:
                    failures.append(what)
                    print("VOID: during %s: not found: %s" % (what, ", ".join(sorted(missing))), file=sys.stderr)
        elif stopped & 0xff != signal.SIGTRAP:
            pending = stopped & 0xff
        ptrace(CONT if looked else SYSCALL, pid, pending)
    said = (PLACE / "said").read_text()
    if not exited or not looked or os.waitstatus_to_exitcode(state) != status:
        failures.append(what)
        print("FAILED: %s ended with %s: %s" % (what, os.waitstatus_to_exitcode(state), said), file=sys.stderr)
    return said


def picture(name, path):
    """A PNG of an entry's QR code, made of what the program draws: blocks are light, four pixels a module."""
    lines = subprocess.run([LIFEBOAT, "--vault", VAULT, "show", name, "--qr", "--key-file", KEY_FILE, "--no-input"], env=ENVIRONMENT,
                           check=True, capture_output=True, text=True).stdout.splitlines()
    lines = [line for line in lines if "\u2588" in line or "\u2580" in line or "\u2584" in line]
    rows, width = [], max(map(len, lines))
    for line in lines:
        for light in ("\u2588\u2580", "\u2588\u2584"):
            rows += [b"\0" + b"".join((b"\xff" if cell in light else b"\0") * 4 for cell in line.ljust(width))] * 4
    chunk = lambda kind, data: struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width * 4, len(rows), 8, 0, 0, 0, 0))
                     + chunk(b"IDAT", zlib.compress(b"".join(rows))) + chunk(b"IEND", b""))
    return path


def commands(keys):
    everything, by_key = secrets_of_vault(keys), ["--key-file", KEY_FILE, "--no-input"]
    uris = PLACE / "uris"
    uris.write_text(uri("Imported", IMPORTED) + "\n")
    master_there = only("master key", MASTER[:16]) + only("seed", SEEDS["Long"])

    run("code", ["code", "Long", *by_key], everything + codes_of(SEEDS["Long"], "Long"), master_there)
    run("code, passphrase from a pipe", ["code", "Long", "--passphrase-file", "-"],
        everything + codes_of(SEEDS["Long"], "Long"), master_there, stdin=PASSPHRASE + "\n")
    run("code, passphrase at the prompt", ["code", "Long"],
        everything + codes_of(SEEDS["Long"], "Long"), terminal=PASSPHRASE)
    wrong = everything + Needles().text("wrong passphrase", WRONG)
    run("a wrong passphrase from a pipe", ["code", "Long", "--passphrase-file", "-"], wrong, stdin=WRONG, status=3)
    (PLACE / "wrong").write_text(WRONG + "\n")
    run("a wrong passphrase from a file", ["list", "--passphrase-file", PLACE / "wrong"], wrong, status=3)
    run("show --reveal", ["show", "Long", "--reveal", *by_key], everything, master_there)
    run("add, from a pipe", ["add", "-", *by_key], everything + Needles().seed("added seed", PIPED),
        stdin=uri("Piped", PIPED) + "\n")
    everything.seed("piped seed", PIPED)
    run("add, a URI that is refused", ["add", "-", *by_key], everything + Needles().seed("refused seed", ADDED),
        stdin=uri("Added", ADDED).replace("otpauth://totp", "otpauth://none") + "\n", status=2)
    everything.seed("imported seed", IMPORTED)
    run("import", ["import", uris, *by_key], everything)
    run("import of a picture", ["import", picture("Long", PLACE / "code.png"), *by_key], everything)
    for format_, extra in (("otpauth", []), ("aegis", [])):
        run("export to " + format_, ["export", "--to", format_, "--plaintext", "-o", PLACE / ("out." + format_), *extra, *by_key],
            everything)
    sealed, others = PLACE / "out.sealed", words()
    everything.text("passphrase of the exported file", others)
    run("export, encrypted", ["export", "--to", "aegis", "--file-passphrase-file", "-", "-o", sealed, *by_key], everything,
        stdin=others)
    run("import, encrypted", ["import", sealed, "--file-passphrase-file", "-", *by_key], everything, stdin=others)
    new = words()
    everything.text("new passphrase", new)
    run("slot add, at the usual cost", ["slot", "add", "--new-passphrase-file", "-", *by_key], everything, stdin=new)
    bundle, bundle_key = PLACE / "bundle", PLACE / "bundle-key"
    made = ["bundle", "create", "-o", bundle, "--label", "Safe", "--bundle-key-file", bundle_key]
    run("bundle create", [*made, *by_key], everything)
    key = base64.b64decode(bundle_key.read_text().splitlines()[1])
    master, payload = keys_of(bundle, key)
    everything.bytes("bundle's key file", key).bytes("bundle's master key", master).bytes("bundle's payload key", payload)
    everything.bytes("payload key", keys_of(VAULT, KEY)[1])
    opened_by = ["--bundle-key-file", bundle_key]
    run("drill run, beside the vault", ["drill", "run", bundle, *opened_by, *by_key], everything)
    nowhere = PLACE / (CANARY + ".nowhere")
    run("drill run, without the vault", ["drill", "run", bundle, *opened_by, "--report", PLACE / "drill.json", "--no-input"], everything,
        vault=nowhere)
    run("drill run with a wrong key file", ["drill", "run", bundle, "--bundle-key-file", KEY_FILE, "--no-input"], everything, status=3,
        vault=nowhere)
    run("drill record", ["drill", "record", PLACE / "drill.json", *by_key], everything)
    run("rehearse", ["rehearse"], everything, terminal=PASSPHRASE)
    run("proof", ["proof", *by_key], everything, only("seed", SEEDS["Long"]))
    run("proof to a file", ["proof", "-o", PLACE / "proof", *by_key], everything)
    run("proof compare", ["proof", "compare", PLACE / "proof", *by_key], everything)
    passes(everything, by_key)
    run("audit verify", ["audit", "verify", *by_key], everything)
    run("evidence", ["evidence", "-o", PLACE / "report", *by_key], everything, only("seed", SEEDS["Long"]))
    from_bundle = ["restore", bundle, "--no-input", "--new-key-file", PLACE / "restored-key"]
    run("restore with a wrong key file", [*from_bundle, "--bundle-key-file", KEY_FILE], everything, status=3,
        vault=PLACE / (CANARY + ".restored"))
    run("restore", [*from_bundle, "--bundle-key-file", bundle_key], everything, vault=PLACE / (CANARY + ".restored"))


def passes(everything, by_key):
    """A pass is made and opened: neither its words nor its codes stay, in any form in which they lay in it."""
    file, words = PLACE / "pass", []
    nowhere = PLACE / (CANARY + ".nowhere")

    def gone():
        if not words:
            words.append(re.search("^words +(.*)$", (PLACE / "said").read_text(), re.M)[1])
        known = everything + codes_of(SEEDS["Long"], "Long")
        return known.text("words of the pass", words[0])

    issue = ["pass", "issue", "Long", "--for", "10m", "--to", "Jo", "--reason", "INC-1", "-o"]
    run("pass issue", [*issue, file, *by_key], gone, only("seed", SEEDS["Long"]))
    run("pass issue, refused", [*issue, PLACE / "pass-2", *by_key], everything, status=8)
    spoken = words[0]
    opening = [file, "--pass-passphrase-file", "-"]
    run("pass open, words from a pipe", ["pass", "open", *opening], gone, stdin=spoken + "\n", vault=nowhere)
    run("pass open, words at the prompt", ["pass", "open", file], gone, terminal=spoken.upper(), vault=nowhere)
    run("pass open with other words", ["pass", "open", *opening], everything + Needles().text("wrong words", WRONG), stdin=WRONG, status=3,
        vault=nowhere)
    run("pass sheet", ["pass", "sheet", *opening], gone, stdin=spoken, vault=nowhere)


def cards():
    """A share set with a bundle that it opens, the files with its words, and what must be nowhere afterwards."""
    quorum, folder = PLACE / "quorum", pathlib.Path(tempfile.mkdtemp(dir="/dev/shm")) / "cards"
    custodians = [word for name in ("Ana", "Ben", "Cem") for word in ("--custodian", name)]
    subprocess.run([LIFEBOAT, "--vault", VAULT, "--key-file", KEY_FILE, "--no-input", "bundle", "create", "-o", quorum, "--quorum",
                    "2-of-3", *custodians, "--shares", folder, "--plaintext"], env=ENVIRONMENT, check=True, capture_output=True)
    files, needles = sorted(folder.glob("*/share.txt")), Needles()
    shares = [restore.Share(file.read_text()) for file in files]
    for number, (file, share) in enumerate(zip(files, shares), 1):
        words_of = file.read_text().split()
        # Two words at a time: each alone stands in the list that is part of the program.
        needles.strings += [("share %d, from word %d" % (number, at), " ".join(words_of[at - 1:at + 1]).encode())
                            for at in range(3, 20)]
        needles.bytes("share %d" % number, share.value)
    secret = restore.combine({share.number - 1: share.value for share in shares[1:]})
    needles.bytes("recovery secret", secret)
    needles.bytes("private key of the set", restore.hkdf(secret, b"", b"lifeboat/1/share-set", 32))
    return quorum, files, needles


def with_shares(keys):
    """One share checked alone, and enough of them together."""
    if not os.access("/dev/shm", os.W_OK):
        sys.exit("FAILED: cards are written into memory alone, and /dev/shm is not there")
    quorum, files, needles = cards()
    everything = secrets_of_vault(keys) + needles
    run("share check", ["share", "check", quorum, "--share", files[0], "--no-input"], needles)
    run("share check, from a pipe", ["share", "check", quorum, "--share", "-"], needles, stdin=files[1].read_text())
    run("share check, a word is wrong", ["share", "check", quorum, "--share", "-"], needles, status=3,
        stdin=files[1].read_text().rsplit(" ", 1)[0] + " academic")
    run("share acknowledge", ["share", "acknowledge", quorum, "--share", files[2], "-o", PLACE / "ack", "--no-input"], needles)
    run("bundle verify with shares", ["bundle", "verify", quorum, "--share", files[0], "--share", files[2], "--no-input"], everything)
    run("restore with too few shares", ["restore", quorum, "--share", files[0], "--no-input"], everything, status=3,
        vault=PLACE / (CANARY + ".of-shares"))
    run("restore with shares", ["restore", quorum, "--share", files[1], "--share", files[2], "--yes", "--no-input",
                                "--new-key-file", PLACE / "key-of-shares"], everything, vault=PLACE / (CANARY + ".of-shares"))
    shutil.rmtree(files[0].parent.parent.parent)
    vault, by_key, seal = PLACE / (CANARY + ".of-shares"), ["--key-file", PLACE / "key-of-shares", "--no-input"], words()
    everything.text("passphrase of the seal", seal)
    run("seal", ["seal", "Long", "--seal-passphrase-file", "-", *by_key], everything, stdin=seal, vault=vault)
    run("code, sealed", ["code", "Long", "--seal-passphrase-file", "-", "--reason", "a test", *by_key],
        everything + codes_of(SEEDS["Long"], "Long"), stdin=seal, vault=vault)
    run("code, sealed, with another passphrase", ["code", "Long", "--seal-passphrase-file", "-", "--reason", "a test", *by_key],
        everything + Needles().text("wrong passphrase", WRONG), stdin=WRONG, status=3, vault=vault)


# --- The interface, in a terminal ---------------------------------------------------------------------


class Interface:
    def __init__(self, program, *arguments, **environment):
        self.socket = str(PLACE / "tmux")
        assignments = ["%s=%s" % pair for pair in {**ENVIRONMENT, **environment}.items()]
        self.tmux("new-session", "-d", "-s", "test", "-x", "100", "-y", "24", "env", "-i", *assignments,
                  program, "--vault", str(VAULT), *map(str, arguments))
        self.pid = int(self.tmux("list-panes", "-t", "test", "-F", "#{pane_pid}"))

    def tmux(self, *words):
        done = subprocess.run(["tmux", "-u", "-S", self.socket, "-f", "/dev/null", *words], capture_output=True, text=True,
                              env={"PATH": os.environ["PATH"], "LANG": "C.UTF-8"})
        if done.returncode:
            sys.exit("FAILED: tmux %s: %s" % (words[0], done.stderr.strip()))
        return done.stdout

    def screen(self):
        return self.tmux("capture-pane", "-p", "-t", "test")

    def wait(self, pattern, absent=False):
        end = time.monotonic() + 20
        while bool(re.search(pattern, self.screen())) == absent:
            if time.monotonic() > end:
                sys.exit("FAILED: waited for %s%s; the screen was:\n%s" % ("no " * absent, pattern, self.screen()))
            time.sleep(0.05)

    def keys(self, *keys):
        self.tmux("send-keys", "-t", "test", *keys)

    def type(self, text):
        self.tmux("send-keys", "-t", "test", "-l", text)

    def paste(self, text):
        self.tmux("set-buffer", "-b", "pasted", text)
        self.tmux("paste-buffer", "-p", "-d", "-b", "pasted", "-t", "test")

    def settle(self):
        """Time for the frame that answers a key."""
        time.sleep(0.3)

    def end(self):
        """Leaves as a person does; the server ends with its last window."""
        self.keys("C-c")


def away_from_the_end_of_a_step():
    """A code that rolls over between two looks would be another one."""
    left = 30 - time.time() % 30
    if left < 8:
        time.sleep(left + 0.2)


def interface(keys):
    everything = secrets_of_vault(keys)
    it = Interface(LIFEBOAT)
    it.wait("LOCKED")
    it.type(WRONG)
    it.settle()
    check("typing (nothing is gone yet)", it.pid, Needles(), only("what is typed", WRONG.encode()))
    it.keys("C-r")
    it.wait(re.escape(WRONG))
    it.keys("C-r")
    it.wait(re.escape(WRONG), absent=True)
    it.keys("Enter")
    it.wait("does not open it")
    it.settle()
    check("a failed unlock", it.pid, everything + Needles().text("wrong passphrase", WRONG))
    it.paste(WRONG)
    it.settle()
    it.keys("Escape")
    it.settle()
    check("a pasted passphrase, emptied", it.pid, everything + Needles().text("wrong passphrase", WRONG))

    it.type(PASSPHRASE)
    it.keys("Enter")
    it.wait("Long +me")
    it.settle()
    opened = only("seed", SEEDS["Long"]) + only("master key", MASTER[:16])
    entered = Needles().text("passphrase", PASSPHRASE).bytes("Argon2id's output", keys["Argon2id's output"])
    check("unlocking (the vault is open)", it.pid, entered, opened)

    away_from_the_end_of_a_step()
    shown = codes_of(SEEDS["Long"], "Long")
    it.keys("v")
    it.wait(r"\d{4} \d{4}")
    code = re.search(r"\d{4} \d{4}", it.screen())[0].replace(" ", "")
    it.settle()
    runs = memory(it.pid)
    in_cells = [name for name in found(runs, Needles().code("code", code)) if name.endswith("in cells")]
    if code not in codes(SEEDS["Long"]) or not in_cells:
        failures.append("showing a code")
        print("VOID: the code on the screen is not found in memory", file=sys.stderr)
    it.keys("v")
    it.wait(r"\d{4} \d{4}", absent=True)
    it.settle()
    check("a code masked again", it.pid, shown, opened)
    it.keys("y")
    it.wait("OSC 52")
    it.settle()
    check("a code copied", it.pid, shown, opened)
    it.keys("V")
    it.wait(r"\d{4} \d{4}")
    it.settle()

    pasted = Needles().seed("pasted seed", PASTED)
    it.keys("a")
    it.wait("Add an entry")
    it.paste(uri("Pasted", PASTED))
    it.wait("Issuer: +Pasted")
    it.settle()
    check("pasting a URI (the form is open)", it.pid, Needles(), only("pasted seed", base64.b32encode(PASTED).rstrip(b"=")))
    it.keys("C-r")
    it.wait("otpauth")
    it.keys("Escape")
    it.wait("Leave")
    it.keys("y")
    it.wait("Long +me")
    it.settle()
    check("a cancelled form, pasted", it.pid, pasted, opened)
    typed = Needles().seed("typed seed", TYPED)
    it.keys("a")
    it.wait("Add an entry")
    it.type(uri("Typed", TYPED))
    it.wait("Issuer: +Typed")
    it.keys("C-w", "Escape")
    it.wait("Leave")
    it.keys("y")
    it.wait("Long +me")
    it.settle()
    check("a cancelled form, typed", it.pid, typed, opened)
    it.keys("a")
    it.wait("Add an entry")
    it.paste(uri("Added", ADDED))
    it.wait("Issuer: +Added")
    it.keys("Enter")
    it.wait("First code")
    it.settle()
    check("an entry added (its code is shown)", it.pid, Needles(), opened)
    it.keys("s")
    it.wait("Long +me")
    it.keys("o", "Q")
    it.wait("y +yes")
    it.keys("y")
    it.wait("This is the seed")
    it.keys("Escape")
    it.wait("this is the seed", absent=True)
    it.keys("Escape")
    it.wait("Long +me")
    it.settle()
    check("a seed shown as a QR code, closed", it.pid, Needles().text("the URI of the seed", "secret=" + base64.b32encode(ADDED).decode().rstrip("=")), opened)

    it.keys("L")
    it.wait("LOCKED")
    it.settle()
    everything += pasted + typed + Needles().seed("added seed", ADDED) + shown
    for name, seed in SEEDS.items():
        everything += codes_of(seed, name)
    everything.bytes("payload key", keys_of(VAULT, KEY)[1])
    check("locking with codes shown", it.pid, everything)
    it.paste(PASSPHRASE)
    it.keys("Enter")
    it.wait("Added +me")
    it.settle()
    os.kill(it.pid, signal.SIGCONT)
    it.wait("LOCKED")
    it.settle()
    check("locking as after a suspension", it.pid, everything)
    it.end()


def copying(keys):
    """A code goes through a broker to a program. The broker holds it until it is cleared, and never anything of the vault."""
    everything, folder, programs = secrets_of_vault(keys), PLACE / CANARY, PLACE / "bin"
    folder.mkdir(mode=0o700), programs.mkdir()
    held, broker = folder / "held", folder / "broker"
    for name, script in (("wl-copy", 'case "$*" in --help) ;; *--clear) rm %s ;; *) echo $PPID > %s; cat > %s ;; esac' % (held, broker, held)),
                         ("wl-paste", "cat %s" % held)):
        (programs / name).write_text("#!/bin/sh\n%s\n" % script), (programs / name).chmod(0o755)
    it = Interface(LIFEBOAT, "--key-file", KEY_FILE, TERM="dumb", WAYLAND_DISPLAY="here", XDG_RUNTIME_DIR=str(folder),
                   PATH="%s:/usr/bin:/bin" % programs)
    it.wait("Long +me")
    away_from_the_end_of_a_step()
    shown = codes_of(SEEDS["Long"], "Long")
    it.keys("y")
    it.wait("copied with wl-copy|Copy the same")
    if "copied with" not in it.screen():
        it.keys("y")
        it.wait("copied with wl-copy")
    it.settle()
    code, pid = held.read_bytes(), int(broker.read_text())
    if code.decode() not in codes(SEEDS["Long"]):
        failures.append("copying through a program")
        print("FAILED: the program got another code", file=sys.stderr)
    check("a code copied through a program", it.pid, shown, only("seed", SEEDS["Long"]))
    check("the same (its broker)", pid, everything, only("code", code))
    it.keys("L")
    it.wait("LOCKED")
    end = time.monotonic() + 20
    while held.exists() and time.monotonic() < end:
        time.sleep(0.05)
    it.settle()
    check("a code cleared (the broker)", pid, everything + shown)
    check("a code cleared (the interface)", it.pid, everything + shown)
    it.end()
    end = time.monotonic() + 20
    while os.path.exists("/proc/%d" % pid) and time.monotonic() < end:
        time.sleep(0.05)
    if held.exists() or os.path.exists("/proc/%d" % pid):
        failures.append("copying through a program")
        print("FAILED: a copy or a broker is left behind", file=sys.stderr)


def files_of_the_interface(keys):
    """Bundles and files of other programs: what is typed for them, and what is opened, is gone when it is done."""
    everything, bundle, export = secrets_of_vault(keys), PLACE / "here.bundle", PLACE / "here.aegis"
    for_bundle, for_file, wrong = words(), words(), words()
    opened = only("seed", SEEDS["Long"]) + only("master key", MASTER[:16])
    typed = Needles().text("passphrase", PASSPHRASE).bytes("Argon2id's output", keys["Argon2id's output"])
    typed.text("wrong passphrase", wrong).text("bundle's passphrase", for_bundle).text("file's passphrase", for_file)
    it = Interface(LIFEBOAT)

    def answer(text, then):
        it.paste(text)
        it.keys("Enter")
        it.wait(then)

    it.wait("LOCKED")
    answer(PASSPHRASE, "Long +me")
    it.keys("2", "n")
    it.wait("1 of 3")
    it.keys("C-u")
    answer(str(bundle), "2 of 3")
    answer(for_bundle, "Once more")
    answer(for_bundle, "3 of 3")
    it.settle()
    check("a bundle's passphrase (it is wanted yet)", it.pid, Needles(), only("bundle's", for_bundle.encode()[:10]))
    answer(wrong, "does not open it")
    answer(PASSPHRASE, "The bundle is made")
    it.settle()
    check("a bundle made", it.pid, typed, opened)
    it.keys("Enter", "v", "Enter")
    it.wait("Passphrase of the bundle")
    answer(wrong, "does not open it")
    answer(for_bundle, "is whole; nothing")
    it.settle()
    check("a bundle verified", it.pid, typed, opened)
    it.keys("Enter", "r", "Enter")
    it.wait("Passphrase of the bundle")
    answer(for_bundle, "would write 0")
    it.settle()
    check("a bundle compared with the vault", it.pid, typed, opened)
    it.keys("Escape")
    it.wait("SINCE THEN")
    it.keys("3")
    it.wait("L1 OPENS")
    it.keys("r")
    it.wait("step 1 of 6")
    it.keys("Enter")
    it.wait("Passphrase of the bundle")
    answer(wrong, "does not open it")
    answer(for_bundle, "step 3 of 6")
    it.keys("Enter")
    it.wait("step 4 of 6")
    it.keys("Enter")
    it.wait("step 5 of 6")
    it.settle()
    check("a drill (the bundle is open)", it.pid, typed, opened)
    it.keys("v")
    it.wait("s left")
    it.keys("v", "f")
    it.wait("step 6 of 6")
    it.keys("Enter")
    it.wait("The drill has reached")
    it.settle()
    check("a drill that has ended", it.pid, typed, opened)
    it.keys("Enter")
    it.wait("L1 OPENS")
    it.keys("5")
    it.wait("drilled")
    it.keys("r")
    it.wait("from memory")
    it.type(PASSPHRASE)
    it.keys("Enter")
    it.wait("next")
    it.settle()
    check("a passphrase rehearsed", it.pid, typed, opened)
    it.keys("Escape")
    it.wait("rehearsed")
    it.keys("1", "x", "Tab", "Tab", "C-u")
    answer(str(export), "2 of 3")
    answer(for_file, "Once more")
    answer(for_file, "3 of 3")
    answer(PASSPHRASE, "Wrote")
    it.settle()
    check("an export written", it.pid, typed, opened)
    it.keys("Enter", "i")
    it.wait("Which file")
    answer(str(export), "Passphrase of the file")
    answer(wrong, "does not open it")
    answer(for_file, "would bring 0")
    it.settle()
    check("an import compared with the vault", it.pid, typed, opened)
    it.keys("L")
    it.wait("LOCKED")
    it.settle()
    check("locking with a file read", it.pid, everything + typed)
    it.end()


def ports(keys):
    """A job that panics and five minutes that pass: the same interface, with a disk and a clock that a test steers."""
    everything, steer = secrets_of_vault(keys), PLACE / "steer"
    steer.mkdir()
    it = Interface(PORTS, "--key-file", KEY_FILE, LIFEBOAT_STEER=str(steer))
    it.wait("Long +me")
    it.settle()
    opened = only("seed", SEEDS["Long"]) + only("master key", MASTER[:16])
    check("unlocking, with steered ports", it.pid, Needles(), opened)
    it.keys("a")
    it.wait("Add an entry")
    it.paste(uri("Pasted", PASTED))
    it.wait("Issuer: +Pasted")
    (steer / "panic").touch()
    it.keys("Enter")
    it.wait("defect")
    (steer / "panic").unlink()
    it.settle()
    panicked = everything + Needles().seed("pasted seed", PASTED)
    check("a caught panic", it.pid, panicked)
    it.keys("Enter")
    it.settle()
    it.keys("Enter")
    it.wait("Long +me")
    it.keys("v")
    it.wait(r"\d{4} \d{4}")
    it.settle()
    (steer / "later").touch()
    it.wait("LOCKED")
    it.settle()
    check("five minutes without a key", it.pid, panicked + codes_of(SEEDS["Long"], "Long"))
    it.end()


def main():
    keys = plant()
    if WRITE == "-1":
        sys.exit("FAILED: the number of write(2) on %s is not known here" % os.uname().machine)
    # First, while the entries are those that were planted.
    copying(keys)
    interface(keys)
    files_of_the_interface(keys)
    commands(keys)
    with_shares(keys)
    if PORTS:
        ports(keys)
    if failures:
        sys.exit("FAILED: %d readings" % len(failures))


if __name__ == "__main__":
    main()
