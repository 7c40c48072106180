"""A place in which the program is run under a fault, and what can be said of it afterwards.

What the vault holds is read by `vectors/restore.py`, which shares no code with the program, so that the program does
not judge itself. Times, ids and hashes that were not there before are taken out of the content, so that the result of
a command can be compared with that of another run of the same command.
"""
import base64, collections, fcntl, glob, hashlib, importlib.util, json, os, re, resource, shutil, signal, struct, subprocess
import sys, tempfile, termios, time

HERE = os.path.dirname(os.path.abspath(__file__))
REPOSITORY = os.path.dirname(os.path.dirname(HERE))
SECONDS = 30  # A command that takes longer hangs: without a key derivation each takes some milliseconds.
# Never reported as what an I/O error is: wrong passphrase (3), no such file (4), damaged (5), another writer (6).
TEMPORARY = re.compile(r"^\..+\.tmp\.[0-9A-Za-z]+(\.previous)?$")


def independent_reader():
    spec = importlib.util.spec_from_file_location("restore", os.path.join(REPOSITORY, "vectors", "restore.py"))
    module = importlib.util.module_from_spec(spec)
    sys.dont_write_bytecode = True
    spec.loader.exec_module(module)
    return module


READER = independent_reader()


def working_folder():
    """In memory where there is room: a killed process loses nothing there that a disk would have kept."""
    memory = "/dev/shm"
    inside = memory if os.path.isdir(memory) and os.access(memory, os.W_OK) else None
    folder = tempfile.mkdtemp(prefix="lifeboat-campaign-", dir=inside)
    os.chmod(folder, 0o755)
    return folder


Done = collections.namedtuple("Done", "status out err took")


class Place:
    """`<root>/now` is where things happen: `folder/vault` and what belongs to it, `home`, `out` for output files,
    `in` for what is read. `<root>/base` is the template that every point starts from."""

    def __init__(self, root, program):
        self.root, self.program = root, program
        self.now, self.base = root + "/now", root + "/base"
        self.vault, self.key = self.now + "/folder/vault", self.now + "/in/key"
        self.known_hex, self.known_sets, self.latest = set(), set(), 0
        # strace skips a call by giving it the number -1, for which the program's own filter of system calls ends it:
        # where calls are failed that way, this is ["--sandbox", "off"].
        self.sandbox = []
        self.opened, self.opened_lines = {}, {}

    # --- running ------------------------------------------------------------------------------------------------

    def environment(self, **more):
        return {"HOME": self.now + "/home", "PATH": "/usr/bin:/bin", "TERM": "xterm-256color", **more}

    def words(self, words, key=None):
        keys = ["--key-file", key or self.key] if key != "" else []
        return [self.program, "--vault", self.vault, *keys, *self.sandbox, "--no-input", *words]

    def run(self, words, text="", before=(), key=None, terminal=False, environment=None, limit=None, seconds=SECONDS):
        """Runs the program. `before` stands before it on the command line (strace); with `terminal` it has a
        controlling terminal of its own; `limit` is the largest file that it may write, without a signal for it."""
        terminals = os.openpty() if terminal else None

        def in_child():
            if terminals:
                fcntl.ioctl(terminals[1], termios.TIOCSCTTY, 0)
            if limit is not None:
                signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
                resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

        started = time.monotonic()
        process = subprocess.Popen(
            [*before, *self.words(words, key)], env=environment or self.environment(), stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
            preexec_fn=in_child if terminals or limit is not None else None)
        try:
            out, err = process.communicate(text.encode(), timeout=seconds)
            status = process.returncode
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            out, err = process.communicate()
            status = "hangs"
        finally:
            for end in terminals or ():
                os.close(end)
        return Done(status, out.decode("utf-8", "replace"), err.decode("utf-8", "replace"), time.monotonic() - started)

    def traced(self, words, text="", inject=None, **options):
        """Runs it under strace, with a fault where `inject` names one. Answers what was done and the trace."""
        trace = self.root + "/trace"
        call = inject.split(":")[0] if inject else None
        strace = ["strace", "-f", "-qq", "-o", trace, "-e", "signal=none"]
        strace += ["-e", "trace=" + call, "-e", "inject=" + inject] if inject else ["-y"]
        done = self.run(words, text, before=strace, **options)
        with open(trace, errors="replace") as file:
            return done, file.read()

    # --- the template -------------------------------------------------------------------------------------------

    def fresh(self):
        """Starts again from the template."""
        shutil.rmtree(self.now, ignore_errors=True)
        shutil.copytree(self.base, self.now, symlinks=True)

    def make_base(self, entries):
        """Makes the template: a vault with what every command needs to have something to do."""
        shutil.rmtree(self.now, ignore_errors=True)
        for folder in ("folder", "home", "in", "out"):
            os.makedirs(self.now + "/" + folder)
        self.must(["init", "--new-key-file", self.key], key="")
        for uri in entries:
            self.must(["add", "-"], uri)
        self.must(["add", "-", "--recovery-codes", self.write_in("codes", "alpha-1\nbravo-2\ncharlie-3\n")], OLD_SEED)
        self.must(["slot", "add", "--new-key-file", self.now + "/in/key2"])
        self.must(["bundle", "create", "-o", self.now + "/in/bundle", "--bundle-key-file", self.now + "/in/bundle-key"])
        self.must(["add", "-"], "otpauth://totp/Trashed:one?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PX2&issuer=Trashed\n")
        self.must(["remove", "Trashed"])
        self.write_in("uris", "".join(
            "otpauth://totp/Imported%d:x?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PX%d&issuer=Imported%d\n" % (n, n, n)
            for n in (3, 4, 5)))
        self.must(["import", self.now + "/in/uris"])
        self.write_in("seal-words", "seventeen green lanterns over the harbour\n")
        self.write_in("runbook", "# Mine\n\n- [ ] {entries}\n")
        self.write_in("more-uris",
                      "otpauth://totp/More:x?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PX6&issuer=More\n"
                      "otpauth://totp/More2:x?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PX7&issuer=More2\n")
        self.make_share_set()
        shutil.rmtree(self.base, ignore_errors=True)
        shutil.copytree(self.now, self.base, symlinks=True)
        document = self.document()
        self.known_sets = {found["id"] for found in document.get("share_sets", [])}
        self.known_hex = set(HEX.findall(json.dumps(document)))
        # Every later second is told apart from those in the template.
        self.latest = int(time.time())
        while int(time.time()) <= self.latest:
            time.sleep(0.05)

    def make_share_set(self):
        """A share set, a bundle that it opens, and an acknowledgement. Its cards are written into memory alone, so
        there is none where this place is not in memory."""
        inside = self.now + "/in/"
        if not self.is_in_memory():
            return
        # Of one entry: a kit is made of the newest bundle of all of them, which is to stay the other one.
        self.must(["bundle", "create", "Codes", "-o", inside + "quorum", *QUORUM, "--shares", inside + "cards", "--plaintext"])
        self.must(["share", "acknowledge", inside + "quorum", "--share", self.shares("in/cards")[0], "-o", inside + "ack"])

    def is_in_memory(self):
        return self.root.startswith("/dev/shm/")

    def shares(self, folder):
        """The files with the words of each card in a folder."""
        return sorted(glob.glob("%s/%s/*/share.txt" % (self.now, folder)))

    def set_name(self):
        """The name of the share set that is there: the first two words of its cards."""
        return "-".join(self.bytes_of(self.shares("in/cards")[0]).decode().split()[:2])

    def open_with_shares(self, path, folder):
        """The JSON document of a bundle that the cards of a folder open. Raises READER.Stop when it is not whole."""
        container, handed = READER.Container(self.bytes_of(path)), READER.Shares()
        handed.kept = [READER.Share(self.bytes_of(share).decode()) for share in self.shares(folder)[1:]]
        master = container.master_key(lambda: None, None, recovery_secret=handed.secret)
        return json.loads(container.payload(master))

    def write_in(self, name, text):
        path = self.now + "/in/" + name
        with open(path, "w") as file:
            file.write(text)
        return path

    def must(self, words, text="", **options):
        done = self.run(words, text, **options)
        if done.status != 0:
            raise SystemExit("the campaign cannot begin: %s gives %s: %s" % (words, done.status, done.err))
        return done

    def must_elsewhere(self, words):
        """As `must`, on a machine that has no vault."""
        vault, self.vault = self.vault, self.now + "/home/no-vault"
        try:
            return self.must(words, key="")
        finally:
            self.vault = vault

    # --- looking ------------------------------------------------------------------------------------------------

    def bytes_of(self, path):
        try:
            with open(path, "rb") as file:
                return file.read()
        except FileNotFoundError:
            return None

    def open_file(self, path, keys):
        """The JSON document of a vault or bundle, and which of the key files opened it; None where there is none.
        Raises READER.Stop when it is not whole."""
        data = self.bytes_of(path)
        if data is None:
            return None, None
        digest = hashlib.sha256(data).digest()
        if digest not in self.opened:
            container = READER.Container(data)
            master = used = None
            for key in keys:
                if master is None and os.path.exists(key):
                    try:
                        master, used = container.master_key(lambda: None, READER.read_key_file(key)), key
                    except READER.Stop as stop:
                        if stop.args[0] != READER.WRONG:
                            raise
            if master is None:
                raise READER.Stop(READER.WRONG, "no key file opens it")
            self.opened[digest] = json.loads(payload(container, master)), used
        return self.opened[digest]

    def document(self):
        return self.open_file(self.vault, self.vault_keys())[0]

    def vault_keys(self):
        return [self.now + "/in/" + name for name in ("key", "key-new", "key-other", "key2")]

    def key_that_opens(self):
        return self.open_file(self.vault, self.vault_keys())[1]

    def state(self):
        """What the vault holds and what opens it, as text, without what differs between two runs of one command."""
        document, _ = self.open_file(self.vault, self.vault_keys())
        if document is None:
            return None
        return self.content(document) + "\n" + self.ways()

    def ways(self):
        """How many ways of opening there are, and which of the key files are among them."""
        container, opening = READER.Container(self.bytes_of(self.vault)), []
        for key in self.vault_keys():
            try:
                if os.path.exists(key) and container.master_key(lambda: None, READER.read_key_file(key)):
                    opening.append(os.path.basename(key))
            except READER.Stop:
                pass
        return "%d ways, %s" % (len(container.header["slots"]), opening)

    def content(self, document):
        document = json.loads(json.dumps(document))
        document.pop("log"), document["vault"].pop("previous", None), document["vault"].pop("generation")
        # What is sealed is other bytes each time.
        for entry in document["entries"]:
            if "sealed" in entry:
                entry["sealed"] = "sealed"
        # A set that was made since has another name and other shares each time.
        for found in document.get("share_sets", []):
            if found.get("replaced", {}).get("by") not in self.known_sets | {None}:
                found["replaced"]["by"] = "new"
            if found["id"] not in self.known_sets:
                found["id"] = "new"
                for share in found["shares"]:
                    share["fingerprint"] = "new"
        # Eight digits are drawn for each exception, incident and pass.
        for items in document.get("items", {}).values():
            for item in items:
                if "id" in item:
                    item["id"] = "new"
        for record in document.get("bundles", []):
            if record.get("share_set") not in self.known_sets | {None}:
                record["share_set"] = "new"
        text = json.dumps(document, sort_keys=True, indent=0)
        text = HEX.sub(lambda found: found[0] if found[0] in self.known_hex else '"new"', text)
        text = re.sub(r"\b\d{10}\b", lambda found: found[0] if int(found[0]) <= self.latest else "0", text)
        return text

    def temporary_files(self):
        found = []
        for folder, _, names in os.walk(self.now):
            found += [os.path.join(folder, name)[len(self.now) + 1:] for name in names if TEMPORARY.match(name)]
        return found

    def snapshot(self, without=()):
        """Hash of every file but locks, and but the names that `without` matches."""
        found = {}
        for folder, _, names in os.walk(self.now):
            for name in names:
                path = os.path.join(folder, name)
                short = path[len(self.now) + 1:]
                if not name.endswith(".lock") and not any(re.search(part, short) for part in without):
                    found[short] = hashlib.sha256(self.bytes_of(path) or b"").digest()
        return found

    def log(self, document):
        """The log's records in order, and the problems of its chain. A spoiled line is counted, not a problem: what
        matters is that the records after it go on from the ones before it."""
        data = self.bytes_of(self.vault + ".log")
        records, problems, spoiled = [], [], 0
        vault = bytes.fromhex(document["vault"]["id"])
        key = bytes.fromhex(document["keys"]["log"])
        head, number = hashlib.sha256(b"lifeboat/1/log\0" + vault).digest(), 0
        heads = {0: head}
        for line in (data or b"").split(b"\n"):
            if not line:
                continue
            if line.startswith(b"U1 "):
                continue
            record = self.open_line(line, vault, key)
            if record is None:
                spoiled += 1
                continue
            words = line.split(b" ")
            if int(words[1]) != number + 1 or words[2].decode() != head.hex():
                problems.append("the log's line %s does not go on from the one before it" % words[1].decode())
            number, head = int(words[1]), hashlib.sha256(
                b"lifeboat/1/log/record\0" + bytes.fromhex(words[2].decode()) + line).digest()
            heads[number] = head
            records.append(record)
        anchor = document["log"]
        if heads.get(anchor["count"], b"").hex() != anchor["head"]:
            problems.append("the vault's anchor is not in the log's chain")
        return records, problems, spoiled

    def open_line(self, line, vault, key):
        if (line, key) not in self.opened_lines:
            found, record = re.fullmatch(rb"L1 (\d+) ([0-9a-f]{64}) (\S+)", line), None
            if found:
                try:
                    sealed = base64.b64decode(found[3], validate=True)
                    info = b"lifeboat/1/log\0" + vault + struct.pack(">Q", int(found[1]))
                    one_time = READER.hkdf(key, sealed[:32], info, 64)[:32]
                    plain = READER.aead_open(one_time, b"L1 %s %s " % (found[1], found[2]), sealed[32:])
                    record = json.loads(plain) if plain is not None else None
                except (ValueError, IndexError):
                    record = None
            self.opened_lines[line, key] = record
        return self.opened_lines[line, key]


HEX = re.compile(r'"(?:[0-9a-f]{64}|[0-9a-f]{32})"')
QUORUM = ["--quorum", "2-of-3", "--custodian", "Ana", "--custodian", "Ben", "--custodian", "Cem"]
OLD_SEED = "otpauth://totp/Codes:x?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXA&issuer=Codes\n"


def payload(container, master):
    """As READER's, and deciphers only the JSON: the padding is zeros, and the tag covers it."""
    digest = hashlib.sha256(container.raw).digest()
    key, commit = container.expand(master, container.header["salt"], "payload", digest)
    sealed = container.sealed
    if commit != container.commit or READER.poly1305_tag(key, container.bound, sealed[:-16]) != sealed[-16:]:
        raise READER.Stop(READER.DAMAGED, "the payload does not belong to the header")
    length = int.from_bytes(READER.chacha20(key, sealed[:64])[:4], "big")
    return READER.chacha20(key, sealed[:4 + length])[4:]


def said_unchanged(err):
    """What the message says of the disk: the words after "unchanged"."""
    found = re.search(r"^\s+unchanged\s+(.*)$", err, re.M)
    return found[1] if found else ""
