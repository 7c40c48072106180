"""Watches every command and the terminal interface by strace, in the way that they are used.

No socket, no other program, and nothing written, made, moved or removed outside the places that the use names: the data and
state folders of a home of its own, the folder of the outputs, the temporary folder of the tour, the terminal and /dev/null.
A pair of sockets inside the process is allowed: by it crossterm and signal-hook pass signals on.

Where a code is copied through a program, the process that was started starts one other, this program once more as a broker, and
that one alone starts the program that copies and the one that reads back. What these do is theirs; here they are scripts that
keep a text in a file. The editor of `plan edit` is started in the same way, and writes in its file's folder alone.
"""
import atexit, os, re, shutil, subprocess, sys, time, tempfile

LIFEBOAT, WORK = sys.argv[1:]
PLACE = WORK + "/quiet"
HOME, OUT, TEMPORARY, INPUTS, DESKTOP, BIN = (PLACE + "/" + name for name in ("home", "out", "tmp", "inputs", "desktop", "bin"))
DATA, STATE = HOME + "/.local/share/lifeboat", HOME + "/.local/state/lifeboat"
ENVIRONMENT = {"HOME": HOME, "TMPDIR": TEMPORARY, "PATH": "/usr/bin:/bin", "TERM": "xterm-256color", "LANG": "C.UTF-8"}
COPYING = dict(ENVIRONMENT, PATH=BIN + ":/usr/bin:/bin", TERM="dumb", WAYLAND_DISPLAY="here", XDG_RUNTIME_DIR=DESKTOP)
PROGRAMS = {
    BIN + "/wl-copy": "case \"$*\" in --help) echo --sensitive;; *--clear) rm %s/holds;; *) cat > %s/holds;; esac" % (DESKTOP, DESKTOP),
    BIN + "/wl-paste": "cat %s/holds" % DESKTOP,
}
EDITED = "/dev/shm/lifeboat-plan-"
EDITOR = BIN + "/editor"
# What starts a program of the system: the argument of its broker, the programs, and where they and the first process write.
BROKERS = {"copies": ("--clipboard-broker", PROGRAMS, (DESKTOP,), ()), "edits": ("--editor-broker", {EDITOR: ""}, (EDITED,), (EDITED,))}
SETTINGS = HOME + "/.config/lifeboat"
# Cards are written into memory alone.
CARDS = tempfile.mkdtemp(prefix="lifeboat-quiet-", dir="/dev/shm")
WRITABLE = (DATA, STATE, SETTINGS, OUT, TEMPORARY, CARDS)
# Folders on the way to those are made where they are not there.
MADE_ON_THE_WAY = {HOME + name for name in ("/.config", "/.local", "/.local/share", "/.local/state")}
FILES = {"/dev/tty", "/dev/null"}
NETWORK = {"socket", "connect", "bind", "listen", "accept", "accept4", "sendmsg", "sendmmsg", "recvmsg", "recvmmsg", "getpeername"}
STARTS = {"execve", "execveat"}
CHANGES = {"creat", "mkdir", "mkdirat", "rename", "renameat", "renameat2", "link", "linkat", "symlink", "symlinkat", "unlink",
           "unlinkat", "rmdir", "truncate", "mknod", "mknodat", "chmod", "fchmodat", "chown", "lchown", "fchownat", "utime",
           "utimes", "utimensat", "setxattr", "lsetxattr", "removexattr"}
URI = "otpauth://totp/%s:ana?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=%s\n"
KEY = ["--key-file", OUT + "/key"]
BUNDLE_KEY = ["--bundle-key-file", OUT + "/bundle-key"]
THIRD = ["--key-file", OUT + "/third-key"]
SHARES = [CARDS + "/first/%s/share.txt" % name for name in ("01-Ana", "02-Ben", "03-Cem")]
OPENS_SEAL = ["ACME", "--seal-passphrase-file", INPUTS + "/seal", "--reason", "a test"]
SET = "the name of the share set"
INCIDENT = "the id of the incident"
EXCEPTION = "the id of the exception"
PASS, PASS_WORDS = "the id of the pass", INPUTS + "/pass-words"

# Each command with what it reads from standard input. The first words name it for the check that none was forgotten.
USES = [
    (["init", "--new-key-file", OUT + "/key"], ""),
    (["add", *KEY, "-"], URI % ("ACME", "ACME")),
    (["add", *KEY, "--recovery-codes", INPUTS + "/codes", "-"], URI.replace("GEZ", "MEZ") % ("Second", "Second")),
    (["add", *KEY, "--generate", "--issuer", "Made"], ""),
    (["list", *KEY], ""),
    (["code", *KEY, "ACME"], ""),
    (["code", *KEY, "--json", "--next", "ACME"], ""),
    (["prove", *KEY, "--accepted", "ACME"], ""),
    (["edit", *KEY, "--note", "by hand", "ACME"], ""),
    (["show", *KEY, "--reveal", "ACME"], ""),
    (["show", *KEY, "--qr", "ACME"], ""),
    (["recovery-code", "use", *KEY, "Second"], ""),
    (["remove", *KEY, "Made"], ""),
    (["trash", "list", *KEY], ""),
    (["trash", "restore", *KEY, "Made"], ""),
    (["remove", *KEY, "Made"], ""),
    (["trash", "purge", *KEY, "--yes"], ""),
    (["import", *KEY, INPUTS + "/uris"], ""),
    (["import", *KEY, "--undo"], ""),
    (["export", *KEY, "--to", "otpauth", "--plaintext", "-o", OUT + "/uris"], ""),
    (["export", *KEY, "--to", "aegis", "--file-passphrase-file", INPUTS + "/passphrase", "-o", OUT + "/aegis.json"], ""),
    (["export", *KEY, "--to", "google", "--plaintext", "-o", OUT + "/codes.png"], ""),
    (["export", *KEY, "--to", "pskc", "--file-passphrase-file", INPUTS + "/passphrase", "-o", OUT + "/keys.xml"], ""),
    (["export", *KEY, "--to", "qr-html", "--plaintext", "-o", OUT + "/page.html"], ""),
    (["export", *KEY, "--to", "ykman", "--plaintext", "-o", OUT + "/key.sh"], ""),
    (["slot", "add", *KEY, "--new-key-file", OUT + "/second-key"], ""),
    (["slot", "list", *KEY], ""),
    (["slot", "remove", *KEY, None], ""),
    (["passwd", *KEY, "--new-key-file", OUT + "/third-key", "--yes"], ""),
    (["bundle", "create", "--key-file", OUT + "/third-key", "-o", OUT + "/bundle", *BUNDLE_KEY], ""),
    (["bundle", "inspect", OUT + "/bundle"], ""),
    (["bundle", "verify", OUT + "/bundle", *BUNDLE_KEY], ""),
    (["bundle", "list", "--key-file", OUT + "/third-key"], ""),
    (["kit", *THIRD, "-o", OUT + "/kit"], ""),
    (["drill", "run", OUT + "/bundle", *BUNDLE_KEY, *THIRD], ""),
    (["drill", "run", OUT + "/bundle", *BUNDLE_KEY, "--vault", OUT + "/no-vault", "--report", OUT + "/drill.json", "--attest",
      "ACME=a ticket"], ""),
    (["drill", "record", *THIRD, OUT + "/drill.json"], ""),
    (["drill", "list", *THIRD], ""),
    (["drill", "due", "--check", *THIRD], ""),
    (["restore", OUT + "/bundle", "--merge", "--yes", *BUNDLE_KEY, "--key-file", OUT + "/third-key"], ""),
    (["restore", OUT + "/bundle", *BUNDLE_KEY, "--vault", OUT + "/new/vault", "--new-key-file", OUT + "/new-key"], ""),
    (["restore", "--previous", "1", "--yes", "--key-file", OUT + "/third-key"], ""),
    (["bundle", "create", *THIRD, "-o", OUT + "/quorum", "--quorum", "2-of-3", "--custodian", "Ana", "--custodian", "Ben", "--custodian",
      "Cem", "--shares", CARDS + "/first", "--plaintext"], ""),
    (["share", "list", *THIRD], ""),
    (["share", "check", OUT + "/quorum", "--share", SHARES[0]], ""),
    (["share", "acknowledge", OUT + "/quorum", "--share", SHARES[1], "-o", OUT + "/acknowledgement"], ""),
    (["share", "record", *THIRD, OUT + "/acknowledgement"], ""),
    (["rehearse", *THIRD, OUT + "/quorum", "--share", SHARES[2]], ""),
    (["bundle", "verify", OUT + "/quorum", "--share", SHARES[0], "--share", SHARES[2]], ""),
    (["share", "replace", *THIRD, SET, "--shares", CARDS + "/second", "--plaintext"], ""),
    (["seal", *THIRD, "ACME", "--seal-passphrase-file", INPUTS + "/seal"], ""),
    (["code", *THIRD, *OPENS_SEAL], ""),
    (["unseal", *THIRD, *OPENS_SEAL], ""),
    (["proof", *THIRD], ""),
    (["proof", *THIRD, "-o", OUT + "/proof"], ""),
    (["proof", "compare", *THIRD, OUT + "/proof"], ""),
    (["plan", "new", "--template", "one-admin", *THIRD], ""),
    (["plan", "add", *THIRD, "spare", "--kind", "hardware-key"], ""),
    (["plan", "show", *THIRD], ""),
    (["plan", "check", "--lose", "bag", "--lose", "laptop", *THIRD, "--json"], ""),
    (["plan", "export", *THIRD, "-o", OUT + "/plan"], ""),
    (["plan", "import", *THIRD, OUT + "/plan"], ""),
    (["plan", "remove", *THIRD, "spare"], ""),
    (["runbook", *THIRD], ""),
    (["runbook", "lost-device", "--device", "phone", *THIRD, "-o", OUT + "/lost.html"], ""),
    (["runbook", "mine", *THIRD, "--template", INPUTS + "/runbook"], ""),
    (["runbook", "mine", *THIRD, "--json"], ""),
    (["runbook", "mine", *THIRD, "--remove", "--yes"], ""),
    (["incident", "open", *THIRD, "stolen", "--device", "laptop"], ""),
    (["incident", "list", *THIRD], ""),
    (["incident", "show", *THIRD, INCIDENT], ""),
    (["incident", "done", *THIRD, INCIDENT, "1"], ""),
    (["exception", "add", *THIRD, "ACME", "clone", "--until", "30d", "--owner", "Ana"], ""),
    (["exception", "list", *THIRD], ""),
    (["exception", "end", *THIRD, EXCEPTION], ""),
    (["pass", "issue", *THIRD, "ACME", "--to", "Jo", "--reason", "INC-4711", "--no-input", "-o", OUT + "/pass"], ""),
    (["pass", "issue", *THIRD, "ACME", "--to", "Mo", "--reason", "INC-4711", "--no-input", "--for", "5m", "-o", OUT + "/pass.png"], ""),
    (["pass", "list", *THIRD], ""),
    (["pass", "open", OUT + "/pass", "--pass-passphrase-file", PASS_WORDS], ""),
    (["pass", "sheet", OUT + "/pass", "--pass-passphrase-file", PASS_WORDS], ""),
    (["pass", "close", *THIRD, "--yes", PASS], ""),
    (["unlock", "--for", "1m", "--key-file", OUT + "/third-key"], ""),
    (["lock"], ""),
    (["evidence", "key", *THIRD], ""),
    (["evidence", *THIRD, "-o", OUT + "/report", "--policy", INPUTS + "/policy"], ""),
    (["evidence", "verify", OUT + "/report", "--signers", INPUTS + "/signers"], ""),
    (["status", "--key-file", OUT + "/third-key"], ""),
    (["audit", "list", *THIRD, "--since", "1d"], ""),
    (["audit", "list", *THIRD, "--csv"], ""),
    (["audit", "verify", *THIRD], ""),
    (["doctor"], ""),
    (["doctor", "--json"], ""),
    (["demo"], ""),
    (["completions", "bash"], ""),
]


def fail(words):
    sys.exit("FAILED: " + words)


def is_below(path, roots):
    return any(path == root or path.startswith(root + "/") for root in roots)


def is_allowed(path, roots=WRITABLE):
    path = os.path.normpath(path)
    in_memory = EDITED in roots and re.match(EDITED + r"[0-9a-f]{16}(/|$)", path)
    return path in FILES or path in MADE_ON_THE_WAY or in_memory or is_below(path, roots)


def calls_of(trace):
    """The calls in a trace: the process, the name, and what follows it; and which process was started by which."""
    calls, parents = [], {}
    with open(trace, errors="replace") as lines:
        for line in lines:
            started = re.match(r"(\d+ +)?(?:<\.\.\. )?(?:clone3?|v?fork)\b.* = (\d+)$", line)
            if started:
                parents[started[2]] = (started[1] or "0").strip()
            call = re.match(r"(\d+ +)?(\w+)\((.*)", line)
            if call:
                calls.append(((call[1] or "0").strip(), call[2], call[3], line))
    return calls, parents


def faults(trace, starts_itself=False, starts=None):
    """What a trace shows that must not be there, and how many calls were looked at. `unlock` reads the kept key back from a
    second process, which is this program once more. What copies or edits starts one broker, and that one its programs."""
    argument, programs, theirs, besides = BROKERS.get(starts, (None, {}, (), ()))
    calls, parents = calls_of(trace)
    found, first, broker = [], None, None

    def is_from(process, ancestor):
        while process is not None and process != ancestor:
            process = parents.get(process)
        return process is not None

    for process, name, rest, line in calls:
        paths = re.findall(r'"((?:[^"\\]|\\.)*)"', rest)
        by_program = broker is not None and process != broker and is_from(process, broker)
        if name in STARTS and first is None:
            first = process  # This is strace, starting the program.
        elif starts_itself and name == "execve" and rest.startswith('"/proc/self/exe", '):
            starts_itself = False  # Once.
        elif starts and broker is None and name == "execve" and parents.get(process) == first \
                and rest.startswith('"/proc/self/exe", ["lifeboat", "%s", ' % argument):
            broker = process  # Once, and by the first process itself.
        elif by_program and name == "execve":
            # The broker starts its programs, and nothing else. What they start is their own.
            if parents.get(process) == broker and paths[0] not in programs:
                found.append(line)
        elif name in NETWORK or name in STARTS:
            found.append(line)
        elif name == "sendto" and not re.search(r"NULL, 0(\)| <unfinished)", rest):
            found.append(line)
        elif name == "socketpair" and not rest.startswith("AF_UNIX"):
            found.append(line)
        elif name == "openat" and re.search(r"O_(WRONLY|RDWR|CREAT|TRUNC|APPEND)", rest) or name in CHANGES:
            roots = theirs if by_program else () if process == broker else WRITABLE + besides
            if not paths or not all(is_allowed(path, roots) for path in paths):
                found.append(line)
    if starts and broker is None:
        found.append("no broker was started\n")
    return found, len(calls)


def strace(trace):
    return ["strace", "-f", "-qq", "-s", "4096", "-o", trace, "-e", "trace=%network,%file,execve,execveat,clone,?clone3,?fork,?vfork"]


def check(trace, words, starts=None):
    found, looked_at = faults(trace, words.startswith("unlock "), starts)
    if found:
        fail("%s did what it must not:\n%s" % (words, "".join(found)))
    if looked_at < 10:
        fail("%s left no trace" % words)
    return looked_at


def commands(*words):
    """The commands that the program itself lists."""
    text = subprocess.run([LIFEBOAT, *words, "--help"], env=ENVIRONMENT, capture_output=True, text=True, check=True).stdout
    listed = re.search(r"^Commands:\n((?:  .*\n|\n)*)", text, re.M)
    names = re.findall(r"^  (\w[\w-]*)  ", listed[1], re.M) if listed else []
    leaves = [leaf for name in names if name != "help" for leaf in commands(*words, name)]
    # One that can do without another name after it has a line of use of its own.
    uses = re.search(r"^Usage: (.*(?:\n {7}.*)*)", text, re.M)[1].splitlines()
    does = words and any("COMMAND" not in use for use in uses)
    return leaves + [list(words)] if does or not leaves else leaves


def second_slot():
    out = subprocess.run([LIFEBOAT, "slot", "list", "--json", *KEY], env=ENVIRONMENT, capture_output=True, text=True, check=True)
    import json
    return json.loads(out.stdout)["slots"][-1]


def first_incident():
    out = subprocess.run([LIFEBOAT, "incident", "list", "--json", *THIRD], env=ENVIRONMENT, capture_output=True, text=True, check=True)
    import json
    return json.loads(out.stdout)["incidents"][0]["id"]


def run_commands():
    total, added = 0, ""
    for number, (words, text) in enumerate(USES):
        words = [added if word == EXCEPTION else word for word in words]
        if SET in words:
            with open(SHARES[0]) as share:
                name = "-".join(share.read().split()[:2])
            words = [name if word == SET else word for word in words]
        if INCIDENT in words:
            words = [first_incident() if word == INCIDENT else word for word in words]
        if PASS in words:
            words = [issued if word == PASS else word for word in words]
        if None in words:
            slot = second_slot()
            words = [slot.get("slot") or slot.get("id") or slot.get("name") if word is None else word for word in words]
        trace = "%s/trace-%d" % (PLACE, number)
        done = subprocess.run([*strace(trace), LIFEBOAT, *words], env=ENVIRONMENT, input=text, capture_output=True, text=True, cwd=OUT)
        # What doctor finds on this machine is not what is looked at here.
        if done.returncode not in ((0, 7) if words[0] == "doctor" else (0,)):
            fail("%s gives status %d: %s" % (" ".join(words), done.returncode, done.stderr))
        if words[:2] == ["exception", "add"]:
            added = done.stdout.strip()
        if words[:2] == ["pass", "issue"]:
            issued, spoken = (re.search("^%s +(.*)$" % name, done.stdout, re.M)[1] for name in ("pass", "words"))
            if not os.path.exists(PASS_WORDS):
                with open(PASS_WORDS, "w") as file:
                    file.write(spoken)
        if words[:2] == ["evidence", "key"]:
            with open(INPUTS + "/signers", "w") as signers:
                signers.write(done.stdout)
        total += check(trace, " ".join(words))
    return total


class Interface:
    """The program in tmux, under strace."""

    def __init__(self, name, words, environment):
        self.socket, self.trace = PLACE + "/tmux-" + name, PLACE + "/trace-" + name
        # A test that fails leaves no program behind.
        atexit.register(self.tmux, "kill-server")
        plain = ["env", "-i", *("%s=%s" % pair for pair in environment.items()), *strace(self.trace), LIFEBOAT, *words]
        line = " ".join("'%s'" % word for word in plain)
        self.tmux("new-session", "-d", "-s", "test", "-x", "90", "-y", "24", line)

    def tmux(self, *words):
        return subprocess.run(["tmux", "-S", self.socket, "-f", "/dev/null", *words], capture_output=True, text=True)

    def shows(self, pattern):
        for _ in range(300):
            screen = self.tmux("capture-pane", "-p", "-t", "test").stdout
            if re.search(pattern, screen):
                return
            time.sleep(0.1)
        fail("the interface does not show %s; the screen is:\n%s" % (pattern, screen))

    def keys(self, *keys):
        self.tmux("send-keys", "-t", "test", *keys)

    def types(self, text):
        self.tmux("send-keys", "-t", "test", "-l", text)

    def ended(self, starts=None):
        for _ in range(300):
            if self.tmux("has-session", "-t", "test").returncode != 0:
                return check(self.trace, "the terminal interface", starts)
            time.sleep(0.1)
        fail("the interface does not end")


def run_interface():
    environment = dict(ENVIRONMENT, TERM="screen-256color")
    screen = Interface("open", ["--key-file", OUT + "/third-key"], environment)
    screen.shows("ACME")
    screen.keys("/"), screen.types("acme"), screen.keys("Enter")
    screen.keys("v"), screen.shows(r"\d{3} \d{3}")
    screen.keys("?"), screen.shows("Keys of codes"), screen.keys("?")
    screen.keys("V"), screen.keys("h"), screen.shows("•••")
    screen.keys("Enter"), screen.shows("OSC 52")
    # An Escape with a key right behind it is an Alt key: the filter must be seen to be gone.
    screen.keys("Escape"), screen.shows("Second")
    screen.keys("a"), screen.shows("Add an entry")
    screen.types((URI.replace("GEZ", "NEZ") % ("Typed", "Typed")).strip()), screen.shows("160 bits")
    screen.keys("Enter"), screen.shows("First code"), screen.keys("s"), screen.shows("Typed")
    # Everything else that a person does there on a long day.
    screen.keys("o"), screen.shows("history"), screen.keys("Q"), screen.shows("y +yes"), screen.keys("y"), screen.shows("This is the seed")
    screen.keys("Enter"), screen.shows("history"), screen.keys("e"), screen.shows("Privileged"), screen.keys("Escape"), screen.shows("history")
    screen.keys("Escape"), screen.shows("Second"), screen.keys("p"), screen.shows("y +yes"), screen.keys("y"), screen.shows("noted|proven")
    screen.keys("t"), screen.shows("Tags of this entry"), screen.types("quiet"), screen.keys("Enter"), screen.shows("is tagged")
    screen.keys("d"), screen.shows("y +yes"), screen.keys("y"), screen.shows("lies in the trash"), screen.keys("u"), screen.shows("is back")
    screen.keys("D"), screen.shows("removed entr"), screen.keys("Escape"), screen.shows("Second")
    screen.keys("2"), screen.shows("Bundles"), screen.keys("n"), screen.shows("1 of 3")
    screen.keys("C-f"), screen.shows("Files in"), screen.keys("Escape"), screen.shows("Where it is written"), time.sleep(0.5), screen.keys("C-u"), screen.types(OUT + "/typed.bundle")
    screen.keys("Enter"), screen.shows("2 of"), screen.types("correct horse battery staple plum"), screen.keys("Enter"), screen.shows("Once more")
    screen.types("correct horse battery staple plum"), screen.keys("Enter"), screen.shows("The bundle is made"), screen.keys("Enter")
    screen.keys("5"), screen.shows("bundle-made"), screen.keys("6"), screen.shows("codes.masked"), screen.keys("j", "j", "Enter"), screen.shows("motion +false")
    screen.keys("1"), screen.shows("Typed"), screen.keys(":"), screen.types("everything"), screen.keys("Enter"), screen.shows("history"), screen.keys("Escape")
    screen.shows("Second")
    screen.keys("L"), screen.shows("LOCKED")
    screen.keys("C-c")
    total = screen.ended() + run_copies() + run_editor()
    shutil.rmtree(HOME)
    os.mkdir(HOME)
    screen = Interface("first", [], environment)
    screen.shows("Welcome"), screen.keys("1"), screen.shows("New vault")
    for _ in range(2):
        screen.types("correct horse battery staple plum"), screen.keys("Enter")
        time.sleep(0.5)
    screen.shows("Codes"), screen.keys("q")
    return total + screen.ended()


def holds(wanted):
    """Waits until what the scripts keep is there, or is not."""
    for _ in range(300):
        if os.path.exists(DESKTOP + "/holds") == wanted:
            return
        time.sleep(0.1)
    fail("the code %s" % ("was not copied" if wanted else "was not cleared"))


def run_copies():
    """A code is copied through a program by a command and by the interface."""
    for path, script in PROGRAMS.items():
        with open(path, "w") as file:
            file.write("#!/bin/sh\n%s\n" % script)
        os.chmod(path, 0o755)
    trace = PLACE + "/trace-copies"
    words = ["code", "--key-file", OUT + "/third-key", "--copy", "--clear-after", "1s", "Second"]
    done = subprocess.run([*strace(trace), LIFEBOAT, *words], env=COPYING, capture_output=True, text=True, cwd=OUT)
    if done.returncode or "copied with wl-copy, marked as a secret" not in done.stderr:
        fail("%s: %s" % (" ".join(words), done.stderr))
    holds(False)
    total = check(trace, " ".join(words), "copies")
    screen = Interface("copying", ["--key-file", OUT + "/third-key"], COPYING)
    # A code that was copied a moment ago would be asked about.
    screen.shows("Typed"), screen.keys("/"), screen.types("typed"), screen.keys("Enter"), screen.keys("Enter")
    screen.shows("copied with wl-copy"), holds(True)
    screen.keys("L"), screen.shows("LOCKED"), holds(False)
    screen.keys("C-c")
    return total + screen.ended("copies")


def run_editor():
    """The plan is changed by an editor that writes beside its file."""
    with open(EDITOR, "w") as file:
        file.write("#!/bin/sh\nprintf '[[thing]]\\nname = \"typed\"\\nkind = \"place\"\\n' >> \"$1\"; echo x > \"$1.backup\"\n")
    os.chmod(EDITOR, 0o755)
    screen = Interface("editing", ["plan", "edit", *THIRD], dict(ENVIRONMENT, TERM="screen-256color", EDITOR=EDITOR))
    total = screen.ended("edits")
    text = subprocess.run([LIFEBOAT, "plan", "export", "-o", "-", *THIRD], env=ENVIRONMENT, capture_output=True, text=True).stdout
    if '"typed"' not in text:
        fail("what the editor has saved was not taken: " + text)
    return total


def main():
    for folder in (HOME, OUT, TEMPORARY, INPUTS, DESKTOP, BIN):
        os.makedirs(folder)
    with open(INPUTS + "/uris", "w") as uris, open(INPUTS + "/codes", "w") as codes, open(INPUTS + "/passphrase", "w") as words:
        uris.write(URI.replace("GEZ", "LEZ") % ("Imported", "Imported")), codes.write("one\ntwo\n"), words.write("plum staple battery\n")
    with open(INPUTS + "/seal", "w") as words, open(INPUTS + "/policy", "w") as policy:
        words.write("seventeen green lanterns over the harbour\n"), policy.write("application: ACME\n")
    with open(INPUTS + "/runbook", "w") as runbook:
        runbook.write("# Mine\n\n- [ ] {entries}\n")
    # The editor needs a terminal.
    forgotten = [words for words in commands() if words != ["plan", "edit"] and not any(use[: len(words)] == words for use, _ in USES)]
    if forgotten:
        fail("not watched: " + ", ".join(" ".join(words) for words in forgotten))
    total = run_commands()
    interface = run_interface() if shutil.which("tmux") else 0
    # The reader of traces must see what it looks for.
    canary = PLACE + "/trace-canary"
    with open(canary, "w") as file:
        file.write('1 execve("/lifeboat") = 0\n1 socket(AF_INET, SOCK_STREAM, 0) = -1\n1 openat(AT_FDCWD, "/etc/x", O_WRONLY|O_CREAT) = -1\n'
                   '1 execve("/bin/sh", ["sh"]) = -1\n1 rename("%s/a", "/home/b") = 0\n1 unlink("%s/a") = 0\n' % (OUT, OUT))
    if len(faults(canary)[0]) != 4:
        fail("the reader of traces does not see what it looks for")
    broker = 'execve("/proc/self/exe", ["lifeboat", "--clipboard-broker", "wayland"]) = 0\n'
    copy, paste = sorted(PROGRAMS)
    with open(canary, "w") as file:
        file.write('1 execve("/lifeboat") = 0\n1 vfork( <unfinished ...>\n2 ' + broker + '1 <... vfork resumed>) = 2\n2 vfork() = 3\n'
                   '3 execve("%s") = 0\n3 fork() = 4\n4 execve("/bin/cat") = 0\n4 openat(AT_FDCWD, "%s/holds", O_WRONLY) = 3\n' % (copy, DESKTOP))
    if faults(canary, starts="copies")[0] or len(faults(canary)[0]) != 4:
        fail("the reader of traces does not know a broker")
    with open(canary, "a") as file:
        file.write('1 execve("%s") = -1\n1 vfork() = 5\n5 %s5 execve("/bin/cat") = 0\n2 vfork() = 6\n6 execve("/bin/cat") = 0\n'
                   '2 openat(AT_FDCWD, "%s/x", O_WRONLY) = 3\n4 openat(AT_FDCWD, "%s/x", O_WRONLY) = 3\n4 socket(AF_INET) = 3\n'
                   '1 openat(AT_FDCWD, "%s/x", O_WRONLY) = 3\n' % (paste, broker, OUT, OUT, DESKTOP))
    if len(faults(canary, starts="copies")[0]) != 8:
        fail("the reader of traces does not see what a broker must not do")
    print("%d calls of %d commands and %d of the interface: no socket, no program but what copies or edits, nothing written elsewhere"
          % (total, len(USES), interface))


try:
    main()
finally:
    shutil.rmtree(CARDS, ignore_errors=True)
