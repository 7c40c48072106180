"""Checks in which order every command that writes asks for things to be made durable.

This is read off the system calls of a run without any fault: a new file is synced after its last write, read back, and
only then renamed; the folder is synced after the rename, and the log after its write, before anything is shown as done.
It needs no power cut and therefore runs anywhere; whether that order is enough is what the power cuts show.
"""
import os, re

from judge import Judge, Point

CALL = re.compile(r'^(?:\d+ +)?(\w+)\((.*?)\)? += (-?\d+)', re.M)
AT_FD = re.compile(r"^(\d+)<([^>]*)>")
NAMES = re.compile(r'"((?:[^"\\]|\\.)*)"')


def problems_of(trace, now):
    written, synced, read_back, unsynced_names, problems, n_renames = {}, set(), set(), {}, [], 0

    def shown(what):
        for folder, name in sorted(unsynced_names.items()):
            problems.append("%s before the folder of %s was synced" % (what, name))
        for name, kind in sorted(written.items()):
            if kind == "log" and name not in synced:
                problems.append("%s before the log was synced" % what)
        unsynced_names.clear()

    for name, rest, result in CALL.findall(trace):
        if int(result) < 0:
            continue
        at = AT_FD.match(rest)
        number, path = (int(at[1]), at[2]) if at else (None, None)
        if name in ("write", "pwrite64") and number == 1:
            shown("something was shown")
        elif name in ("write", "pwrite64") and path and path.startswith(now) and number > 2:
            written[path] = "log" if path.endswith(".log") else "file"
            synced.discard(path), read_back.discard(path)
        elif name in ("fsync", "fdatasync") and path:
            synced.add(path)
            unsynced_names.pop(path, None)
        elif name in ("read", "pread64") and path in synced:
            read_back.add(path)
        elif name in ("rename", "renameat", "renameat2", "link", "linkat"):
            old, new = NAMES.findall(rest)[:2]
            if not new.startswith(now):
                continue
            n_renames += 1
            unsynced_names[os.path.dirname(new)] = os.path.basename(new)
            if old in written and old not in synced:
                problems.append("%s was renamed before it was synced" % os.path.basename(new))
            elif old in written and old not in read_back:
                problems.append("%s was renamed before it was read back" % os.path.basename(new))
    shown("it ended")
    return problems, n_renames


def run(place, command, slot, short, every=1):
    judge = Judge(place, command, slot)
    problems, n_renames = problems_of(judge.trace, place.now)
    if judge.changes and not n_renames:
        problems.append("nothing was put in place by a rename")
    yield Point(command.name, "none", "in order" if not problems else "OUT OF ORDER", problems)
