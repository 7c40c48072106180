"""Lets two to sixteen processes at a time write one vault with random commands, and counts what is there in the end.

Each has its own entries, so what it was told can be compared with what the vault holds; all draw codes from one
counting entry, of which no code may be given out twice.
"""
import os, random, re, threading

from commands import output_problem
from judge import Point
from place import READER

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"


class Writer(threading.Thread):
    def __init__(self, place, number, seed, n_commands):
        super().__init__()
        self.place, self.number, self.n_commands = place, number, n_commands
        self.random = random.Random("%s/%s" % (seed, number))
        self.notes, self.trash, self.bundles, self.codes = {}, set(), [], []
        self.outcomes, self.problems, self.n_changes = [], [], 0

    def run(self):
        for at in range(self.n_commands):
            try:
                self.one(at)
            except Exception as error:  # A thread's exception would be lost otherwise.
                self.problems.append("the campaign itself failed: %r" % error)

    def said(self, words, text=""):
        """Runs a command; True when it was done. Every other answer but a true "busy" is a problem."""
        done = self.place.run(words, text, seconds=120)
        self.outcomes.append((words[0], done.status))
        if done.status == 6 and "another process is writing" in done.err:
            return None
        if done.status != 0 or "could not be written" in done.err or "older copy" in done.err:
            self.problems.append("%s gives %s: %s" % (words, done.status, done.err))
        return done if done.status == 0 else None

    def one(self, at):
        name = "W%d-%d" % (self.number, at)
        here = [entry for entry in self.notes if entry not in self.trash]
        what = self.random.choice(["add", "add", "edit", "edit", "remove", "code", "count", "bundle", "list", "take back"])
        if what == "add" or not here:
            seed = "".join(self.random.choice(LETTERS) for _ in range(32))
            if self.said(["add", "-"], "otpauth://totp/%s:x?secret=%s&issuer=%s\n" % (name, seed, name)):
                self.notes[name] = ""
                self.n_changes += 1
        elif what == "edit":
            entry = self.random.choice(here)
            if self.said(["edit", entry + ":x", "--note", "note %d" % at]):
                self.notes[entry] = "note %d" % at
                self.n_changes += 1
        elif what == "remove":
            entry = self.random.choice(here)
            if self.said(["remove", entry + ":x"]):
                self.trash.add(entry)
                self.n_changes += 1
        elif what == "take back" and self.trash:
            entry = self.random.choice(sorted(self.trash))
            if self.said(["trash", "restore", entry + ":x"]):
                self.trash.discard(entry)
                self.n_changes += 1
        elif what == "code":
            self.said(["code", self.random.choice(here) + ":x"])
        elif what == "count":
            done = self.said(["code", "Counter:ana"])
            if done:
                self.codes.append(done.out.strip())
                self.n_changes += 1
        elif what == "bundle":
            path = self.place.now + "/out/" + name
            if self.said(["bundle", "create", "-o", path, "--bundle-key-file", self.place.now + "/in/bundle-key"]):
                self.bundles.append(path)
                self.n_changes += 1
        else:
            self.said(["list"])


def one_round(place, n_processes, seed, n_commands):
    place.base = place.root + "/base"
    place.fresh()
    before = place.document()
    counter = next(entry["counter"] for entry in before["entries"] if entry["issuer"] == "Counter")
    n_records = len(place.log(before)[0])
    writers = [Writer(place, number, seed, n_commands) for number in range(n_processes)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    problems = [problem for writer in writers for problem in writer.problems]
    try:
        after = place.document()
    except READER.Stop as stop:
        return writers, problems + ["the vault does not open: %s" % stop]
    entries = {entry["issuer"]: entry.get("note", "") for entry in after["entries"]}
    trashed = {trashed["entry"]["issuer"] for trashed in after.get("trash", [])}
    for writer in writers:
        for name, note in writer.notes.items():
            if name in writer.trash and name not in trashed:
                problems.append("%s was moved to the trash and is not there" % name)
            elif name not in writer.trash and entries.get(name) != note:
                problems.append("%s should have the note %r and has %r" % (name, note, entries.get(name)))
    wanted = {name for writer in writers for name in writer.notes}
    found = {name for name in {*entries, *trashed} if re.match(r"W\d+-\d+$", name)}
    if found != wanted:
        problems.append("these are there and were never said to be, or the reverse: %s" % sorted(found ^ wanted))
    codes = [code for writer in writers for code in writer.codes]
    counted = next(entry["counter"] for entry in after["entries"] if entry["issuer"] == "Counter") - counter
    if counted != len(codes):
        problems.append("%d codes were given out, and the counter moved by %d" % (len(codes), counted))
    known = {record["path"] for record in after.get("bundles", [])}
    for path in [path for writer in writers for path in writer.bundles]:
        try:
            if path not in known or place.open_file(path, [place.now + "/in/bundle-key"])[0] is None:
                problems.append("the bundle %s is missing or not noted" % path)
        except READER.Stop as stop:
            problems.append("the bundle %s is not whole: %s" % (path, stop))
    n_changes = sum(writer.n_changes for writer in writers)
    if after["vault"]["generation"] != before["vault"]["generation"] + n_changes:
        problems.append("%d changes were acknowledged, and the generation grew by %d" % (
            n_changes, after["vault"]["generation"] - before["vault"]["generation"]))
    records, chain, spoiled = place.log(after)
    problems += chain + (["%d lines of the log are spoiled" % spoiled] if spoiled else [])
    # Who opens the vault between another's rename and its record confirms that change too: a generation counts once.
    saved = len({record["generation"] for record in records[n_records:] if record["event"] == "saved"})
    if saved != n_changes or any(record["event"] == "gap" for record in records):
        problems.append("%d changes were acknowledged, and the log has %d" % (n_changes, saved))
    if place.temporary_files():
        problems.append("left behind: %s" % place.temporary_files())
    last = place.run(["list"])
    if last.status != 0 or last.err:
        problems.append("list afterwards gives %s: %s" % (last.status, last.err))
    return writers, problems


def rounds(place, short):
    sizes = [2, 5, 16] if short else [2, 3, 4, 6, 8, 12, 16] * 3
    for number, n_processes in enumerate(sizes):
        seed = random.randrange(1 << 32) if "CAMPAIGN_SEED" not in os.environ else int(os.environ["CAMPAIGN_SEED"])
        writers, problems = one_round(place, n_processes, seed, 6 if short else 20)
        done = sum(status == 0 for writer in writers for _, status in writer.outcomes)
        busy = sum(status == 6 for writer in writers for _, status in writer.outcomes)
        print("processes: %d at a time, seed %d: %d commands done, %d busy, %d wrong" % (
            n_processes, seed, done, busy, len(problems)), flush=True)
        for writer in writers:
            for command, status in writer.outcomes:
                yield Point(command, "%2d processes" % n_processes, {0: "done", 6: "busy"}.get(status, "WRONG"), [])
        yield Point("all together", "%2d processes" % n_processes, "nothing lost" if not problems else "WRONG", [
            "%d processes, seed %d: %s" % (n_processes, seed, problem) for problem in problems])
