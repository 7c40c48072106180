"""Fails every file call of every command that writes, once, with each error; and lets writes lie or be short."""
import collections, os, re

from judge import Judge, Point

ERRORS = ("EIO", "ENOSPC", "EACCES", "EROFS", "EDQUOT", "EINTR")
FILE_CALLS = {
    "access", "chmod", "close", "fadvise64", "fchmod", "fchmodat", "fcntl", "fdatasync", "flock", "fstat", "fsync",
    "ftruncate", "getdents64", "link", "linkat", "lseek", "lstat", "mkdir", "mkdirat", "newfstatat", "open", "openat",
    "pread64", "pwrite64", "read", "readlink", "readlinkat", "rename", "renameat", "renameat2", "rmdir", "stat",
    "statx", "unlink", "unlinkat", "write", "writev"}
LINE = re.compile(r"^(?:\d+ +)?(\w+)\((.*)$", re.M)
# What the loader and the C library read before the program's own first line is not the program's to answer for.
LOADER = re.compile(r"ld\.so|/lib/|/lib64/|/usr/lib|/proc/|/sys/|/etc/")
# An I/O error is none of these: wrong passphrase, no such file, damaged, another writer.
UNTRUE = {3: "a wrong credential", 4: "that there is no such thing", 5: "damage", 6: "another writer"}


def calls_of(trace):
    """Each file call of the program itself: its name, which of that name it is, and its line in the trace."""
    counted, found = collections.Counter(), []
    for name, rest in LINE.findall(trace):
        if name in FILE_CALLS:
            counted[name] += 1
            # The kernel has no error for closing a folder, and the standard library panics on one.
            is_folder = name == "close" and os.path.isdir(rest[rest.find("<") + 1:rest.rfind(">")])
            if not LOADER.search(rest) and not is_folder:
                found.append((name, counted[name], rest))
    return found


def faults_of(name, rest):
    """What is injected into one call, by the fault's name in the figures."""
    faults = [(error, "error=" + error) for error in ERRORS]
    if name in ("write", "pwrite64"):
        length = int(re.findall(r"= (\d+)$", rest)[0])
        faults += [("lying write", "retval=%d" % length), ("short write", "retval=%d" % max(1, length // 2)),
                   ("short write", "retval=0")]
    return faults


def points_of(judge, short, every):
    points = [(call, number, *fault) for call, number, rest in calls_of(judge.trace) for fault in faults_of(call, rest)]
    every = 53 if short else every
    return points[sum(map(ord, judge.command.name)) % every::every]


def run(place, command, slot, short, every=1):
    place.sandbox = ["--sandbox", "off"]
    judge = Judge(place, command, slot)
    for call, number, name, injected in points_of(judge, short, every):
        done, trace = judge.under("%s:%s:when=%d" % (call, injected, number))
        hit = re.search(r".*\(INJECTED\)", trace)
        is_output = bool(hit and re.match(r"^(?:\d+ +)?write\([12],", hit[0]))
        if is_output and counts_too_much(hit[0]):
            continue  # This run had less to say than the recorded one: no system counts more than it was given.
        outcome, problems = afterwards(judge, done, name, is_output)
        yield Point(command.name, name, outcome if hit else "not reached", [
            "%s at %s, number %d (%s): %s" % (injected, call, number, hit[0][:160] if hit else "", problem)
            for problem in problems])
    yield from short_for_real(judge, short)


def counts_too_much(line):
    asked, counted = re.search(r"(\d+)\) += (-?\d+)", line).groups() if re.search(r"(\d+)\) += (-?\d+)", line) else (0, 0)
    return int(counted) > int(asked)


def short_for_real(judge, short):
    """A limit on the size of files makes the kernel itself write a part and refuse the rest."""
    sizes = [0, 1, 64, 100, 200, 4096, 16384, 17000] if short else [0, 1, 10, 64, 65, 100, 120, 128, 200, 500, 1000,
             2000, 4096, 8192, 8800, 9000, 9300, 9500, 9700, 10000, 12000, 16384, 16900, 17000, 17200, 17500]
    for limit in sizes:
        done, _ = judge.under(limit=limit)
        outcome, problems = afterwards(judge, done, "file size limit", False)
        yield Point(judge.command.name, "partial write", outcome, [
            "no file may be larger than %d bytes: %s" % (limit, problem) for problem in problems])


def afterwards(judge, done, name, is_output):
    lying = name in ("lying write", "short write", "file size limit")
    problems = []
    if isinstance(done.status, int) and done.status not in (0, 1):
        what = UNTRUE.get(done.status, "status")
        problems.append("status %d says %s: %s" % (done.status, what, done.err))
    # Progress may stand before it: the failure is the line that says what was not done, with its cause below.
    if done.status == 1 and not re.search(r"^lifeboat: .+\n  (because|details|unchanged|next) ", done.err, re.M) and not is_output:
        problems.append("status 1 without a message: %r" % done.err)
    if is_output and name == "lying write":
        # The reader's end of the pipe is the one that got nothing; the program cannot know.
        done = done._replace(out=done.out or "(taken)")
    outcome, found = judge.afterwards(done, lying)
    if outcome != "LOST":
        outcome = {(0, "new"): "done", (0, "old"): "done", (1, "old"): "refused, unchanged",
                   (1, "new"): "failed after saving"}.get((done.status, outcome), "status %s" % done.status)
    return outcome, problems + found
