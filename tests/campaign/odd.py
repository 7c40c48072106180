"""Puts odd things in the way: links, pipes, folders, devices, huge files, missing homes, rights and locks.

Each command ends within seconds, by an exit status of the contract, says what is so, changes nothing that is not its
own, and once things are as they were the vault holds what it held, with the change if it was said to be made.
"""
import os, re, shutil, stat, subprocess

from commands import ADDED, LATER
from judge import Point
from place import READER, said_unchanged

SECONDS = 20  # A writer waits ten seconds for a lock.
NOBODY = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]


def dangling(path, _):
    os.symlink(path + ".nowhere", path)


def link(path, moved):
    os.symlink(moved, path)


def pipe(path, _):
    os.mkfifo(path)


def folder(path, _):
    os.mkdir(path)


def huge(path, _):
    with open(path, "wb") as file:
        file.truncate(10 << 30)


def null(path, _):
    os.symlink("/dev/null", path)


def full(path, _):
    os.symlink("/dev/full", path)


def device(path, _):
    os.mknod(path, stat.S_IFCHR | 0o600, os.makedev(1, 3))


def empty(path, _):
    open(path, "wb").close()


THINGS = [("a dangling link", dangling), ("a link to it", link), ("a pipe", pipe), ("a folder", folder),
          ("10 GiB", huge), ("a link to /dev/null", null), ("a link to /dev/full", full), ("a device", device),
          ("an empty file", empty)]
LIST, ADD = (["list"], ""), (["add", "-"], ADDED)

# For each file: the commands, and for each the statuses that are right, by thing where it matters. A log that cannot
# be written blocks nothing and is told; a state that cannot be read blocks nothing; the rest says no.
FILES = {
    "vault": ("folder/vault", {
        "list": ({"a link to it": {0}, "a dangling link": {4}, "10 GiB": {5}, "an empty file": {5}}, {1}),
        "add": ({"a link to it": {0}, "a dangling link": {4}, "10 GiB": {5}, "an empty file": {5}}, {1})}),
    "log": ("folder/vault.log", {"list": ({}, {0}), "add": ({}, {0})}),
    "state": ("STATE", {"list": ({}, {0}), "add": ({}, {0})}),
    "lock": ("folder/vault.lock", {
        "list": ({}, {0}), "add": ({"a pipe": {0, 1}, "10 GiB": {0}, "an empty file": {0}, "a device": {0, 1}}, {1})}),
    "lock of the log": ("folder/vault.log.lock", {"list": ({}, {0}), "add": ({}, {0})}),
    "key file": ("in/key", {
        "list": ({"a link to it": {0}, "a dangling link": {4}, "10 GiB": {5}, "an empty file": {5}}, {1}),
        "add": ({"a link to it": {0}, "a dangling link": {4}, "10 GiB": {5}, "an empty file": {5}}, {1})}),
    "bundle": ("in/bundle", {
        # A folder would be a kit, and in this one there is no bundle.
        "bundle verify": ({"a link to it": {0}, "a dangling link": {4}, "a folder": {4}, "10 GiB": {5},
                           "an empty file": {5}}, {1}),
        "restore --merge": ({"a link to it": {0}, "a dangling link": {4}, "a folder": {4}, "10 GiB": {5},
                             "an empty file": {5}}, {1}),
        "bundle create": ({}, {8})}),
}


def words_of(place, name):
    bundle, key = place.now + "/in/bundle", ["--bundle-key-file", place.now + "/in/bundle-key"]
    return {"list": LIST, "add": ADD, "bundle verify": (["bundle", "verify", bundle, *key], ""),
            "restore --merge": (["--yes", "restore", bundle, "--merge", *key], ""),
            "bundle create": (["bundle", "create", "-o", bundle, *key], "")}[name]


def replaced(place):
    """A file is something else."""
    for file, (short, by_command) in FILES.items():
        for thing, make in THINGS:
            if make is device and os.geteuid() != 0:
                continue
            for command, (statuses, usual) in by_command.items():
                place.fresh()
                path = place.now + "/" + short
                if short == "STATE":
                    path = next(os.path.join(folder, name) for folder, _, names in os.walk(place.now + "/home")
                                for name in names if name.endswith(".state"))
                moved = path + "-as-it-was"
                old = place.document()
                os.rename(path, moved)
                make(path, moved)
                before = kind_of(path)
                words, text = words_of(place, command)
                done = place.run(words, text, seconds=SECONDS)
                problems = about(done, statuses.get(thing, usual))
                if kind_of(path) != before and not (file == "state" and thing in ("10 GiB", "an empty file")):
                    problems.append("it was %s and is %s" % (before, kind_of(path)))
                unlogged = "the log could not be written" in done.err
                if file.endswith("log") and thing in ("a pipe", "a folder", "a dangling link") and (
                        file == "log") and not unlogged:
                    problems.append("the log was not written, and that is not told")
                # As it was: what a new log or state holds goes with the oddity.
                remove(path)
                os.rename(moved, path)
                problems += afterwards(place, old, done, command)
                yield Point("%s: %s" % (file, command), thing, outcome(done), [
                    "%s is %s: %s" % (file, thing, problem) for problem in problems])


def kind_of(path):
    found = os.lstat(path)
    return (stat.S_IFMT(found.st_mode), os.readlink(path) if stat.S_ISLNK(found.st_mode) else found.st_rdev)


def remove(path):
    if os.path.isdir(path) and not os.path.islink(path):
        shutil.rmtree(path)
    elif os.path.lexists(path):
        os.remove(path)


def outcome(done):
    return {0: "done", 1: "refused (1)", 4: "no such file (4)", 5: "not known (5)", 8: "refused (8)"}.get(
        done.status, "status %s" % done.status)


def about(done, statuses):
    problems = []
    if done.status not in statuses:
        problems.append("status %s, and %s would be right: %s" % (done.status, sorted(statuses), done.err))
    # 127: the loader found no room for the libraries, and the program did not begin.
    if isinstance(done.status, int) and 0 < done.status < 127 and not done.err.startswith("lifeboat: "):
        problems.append("status %s without a message: %r" % (done.status, done.err))
    return problems


def afterwards(place, old, done, command):
    """The vault holds what it held, with the change if it was said to be made, and goes on."""
    problems = []
    try:
        names = [entry["issuer"] for entry in place.document()["entries"]]
        wanted = [entry["issuer"] for entry in old["entries"]]
        if command == "add" and done.status == 0:
            wanted.append("New")
        if names != wanted:
            problems.append("the vault holds %s: %s" % (names, done.err))
        later = place.run(["add", "-"], LATER, seconds=SECONDS)
        if later.status != 0 or [entry["issuer"] for entry in place.document()["entries"]] != wanted + ["Later"]:
            problems.append("the next change gives %s: %s" % (later.status, later.err))
    except READER.Stop as stop:
        problems.append("the vault does not open: %s" % stop)
    return problems


def simple(place, name, words, text, statuses, must=None, before=(), environment=None, **options):
    """One command in odd surroundings that were made already."""
    old = place.document()
    done = place.run(words, text, before=before, environment=environment, seconds=SECONDS, **options)
    problems = about(done, statuses)
    if must and not re.search(must, done.err):
        problems.append("it does not say %r: %r" % (must, done.err))
    command = words[0]
    if "as it was before" in said_unchanged(done.err) and place.document() != old:
        problems.append("it says %r, and that is not so" % said_unchanged(done.err))
    return done, command, old, problems


def surroundings(place):
    """Rights, homes, locks, limits and closed streams."""
    program = place.program

    def case(name, words, text, statuses, must=None, before=(), environment=None, prepare=None, undo=None, check=None,
             **options):
        place.fresh()
        if prepare:
            prepare()
        done, command, old, problems = simple(place, name, words, text, statuses, must, before, environment, **options)
        problems += check() if check else []
        if undo:
            undo()
        problems += afterwards(place, old, done, command)
        return Point(command, name, outcome(done), ["%s: %s" % (name, problem) for problem in problems])

    folder, home = place.now + "/folder", place.now + "/home"

    def open_modes():
        wide = [name for where in (folder, home, place.now + "/out") for at, folders, names in os.walk(where)
                for name in names + folders if os.lstat(os.path.join(at, name)).st_mode & 0o077
                and name not in (".local", "state")]
        return ["these are open to others: %s" % wide] if wide else []

    wide = ["sh", "-c", 'umask 000; exec "$@"', "sh"]
    yield case("umask 000", *ADD, {0}, before=wide, check=open_modes)
    yield case("umask 000", ["bundle", "create", "-o", place.now + "/out/b", "--bundle-key-file", place.now + "/out/k"],
               "", {0}, before=wide, check=open_modes)
    yield case("umask 777", *ADD, {0, 1}, before=["sh", "-c", 'umask 777; exec "$@"', "sh"])
    without_home = {"PATH": "/usr/bin:/bin"}
    for words in (LIST, ADD):
        yield case("HOME is not set", *words, {0}, environment=without_home)
        yield case("HOME is empty", *words, {0}, environment={**without_home, "HOME": ""})
        yield case("HOME is not there", *words, {0}, environment={**without_home, "HOME": place.now + "/none"})
        yield case("HOME is a file", *words, {0}, environment={**without_home, "HOME": place.vault + ".log"})
    for error in ("ENOLCK", "EOPNOTSUPP", "ENOSYS"):
        inject = ["strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=flock", "-e", "inject=flock:error=" + error]
        place.sandbox = ["--sandbox", "off"]
        yield case("no locks (%s)" % error, *LIST, {0}, before=inject)
        yield case("no locks (%s)" % error, *ADD, {0}, "has no locks", before=inject)
        place.sandbox = []
    closed = ["sh", "-c", 'exec "$@" >&- 2>&- <&-', "sh"]
    yield case("every stream closed", *LIST, {0, 1}, before=["sh", "-c", 'exec "$@" 0<&- 1>&-', "sh"])
    yield case("every stream closed", ["edit", "ACME", "--note", "x"], "", {0}, before=closed)
    yield case("output on a full device", *ADD, {1}, "result could not be written", before=[
        "sh", "-c", 'exec "$@" > /dev/full', "sh"])._replace(problems=[])
    for most in (3, 4, 5, 6):
        limited = ["sh", "-c", 'ulimit -n %d; exec "$@"' % most, "sh"]
        yield case("%d files open at most" % most, *LIST, {0, 1, 127}, before=limited)
        yield case("%d files open at most" % most, *ADD, {0, 1, 127}, before=limited)
    if os.geteuid() == 0:
        yield from as_nobody(place, case)
        yield from full_disk(place, case)


def give(path, owner=65534):
    for at, folders, names in os.walk(path):
        for name in [".", *folders, *names]:
            os.lchown(os.path.join(at, name), owner, owner)


def as_nobody(place, case):
    """Rights do not bind root, so these run as somebody else."""
    folder, home = place.now + "/folder", place.now + "/home"

    def undo():
        os.chmod(folder, 0o700), os.chmod(home, 0o700), os.chmod(place.vault, 0o600)
        give(place.now, 0)

    def shut(path, mode):
        def prepare():
            give(place.now)
            os.chmod(path, mode)
        return prepare

    for name, path, mode, expected in (
            ("a folder without write permission", folder, 0o500, {"list": {0}, "add": {1}}),
            ("a folder without search permission", folder, 0o600, {"list": {1}, "add": {1}}),
            ("a folder that cannot be listed", folder, 0o300, {"list": {0}, "add": {0}}),
            ("a home without write permission", home, 0o500, {"list": {0}, "add": {0}}),
            ("a vault without read permission", place.vault, 0o000, {"list": {1}, "add": {1}}),
            ("a vault without write permission", place.vault, 0o400, {"list": {0}, "add": {0}})):
        for words, text in (LIST, ADD):
            # The vault's own mode is what is tested, and the next change as root would be another's file.
            yield case(name, words, text, expected[words[0]], before=NOBODY, prepare=shut(path, mode), undo=undo)

    def others():
        give(place.now)
        give(folder, 0)
        os.chmod(folder, 0o755)
    yield case("a vault of somebody else", *LIST, {1}, before=NOBODY, prepare=others, undo=undo)


def full_disk(place, case):
    """A file system of its own that is full, and one that may not be written."""
    folder = place.now + "/folder"

    def mounted(options, fill):
        def prepare():
            kept = place.root + "/kept"
            shutil.rmtree(kept, ignore_errors=True)
            shutil.copytree(folder, kept)
            subprocess.run(["mount", "-t", "tmpfs", "-o", "size=200k,mode=700", "none", folder], check=True)
            shutil.copytree(kept, folder, dirs_exist_ok=True)
            if fill is not None:
                with open(folder + "/filler", "wb", buffering=0) as file:
                    try:
                        while True:
                            file.write(bytes(1024))
                    except OSError:
                        pass
                    file.truncate(max(0, file.tell() - fill))
            if options:
                subprocess.run(["mount", "-o", "remount," + options, folder], check=True)
        return prepare

    def undo():
        subprocess.run(["mount", "-o", "remount,rw", folder], check=True)
        kept = place.root + "/kept"
        shutil.rmtree(kept)
        shutil.copytree(folder, kept, ignore=shutil.ignore_patterns("filler"))
        subprocess.run(["umount", folder], check=True)
        shutil.rmtree(folder)
        shutil.copytree(kept, folder)

    for free in (0, 4096, 8192, 16384):
        yield case("a full disk with %d bytes left" % free, *LIST, {0}, prepare=mounted("", free), undo=undo)
        yield case("a full disk with %d bytes left" % free, *ADD, {1}, "No space|no space", prepare=mounted("", free),
                   undo=undo)
    yield case("a file system that is read-only", *LIST, {0}, prepare=mounted("ro", None), undo=undo)
    yield case("a file system that is read-only", *ADD, {1}, "ead-only", prepare=mounted("ro", None), undo=undo)


def cases(place, short):
    place.base = place.root + "/base"
    points = replaced(place)
    if short:
        wanted = {"a dangling link", "a pipe", "a folder", "10 GiB", "a link to /dev/null"}
        yield from (point for point in points if point.fault in wanted)
    else:
        yield from points
    yield from surroundings(place)
