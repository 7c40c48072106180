"""Whether a command kept its promises under one fault.

The vault opens with the old content or the new one in full; the old file is still there or is a previous generation;
what was shown as done is there and stands in the log; a message tells the truth; the next change works; and nothing
temporary is left after it.
"""
import collections, json, os, re, shutil

from commands import LATER, output_problem, prepare
from place import READER, said_unchanged

Point = collections.namedtuple("Point", "command fault outcome problems")


class Judge:
    def __init__(self, place, command, slot):
        self.place, self.command = place, prepare(place, command, slot)
        self.old, self.old_bytes = place.state(), place.bytes_of(place.vault)
        self.before = place.snapshot()
        self.n_events = self.events() if self.old is not None else 0
        done, self.trace = place.traced(self.command.words, self.command.text, key=self.command.key,
                                        terminal=self.command.terminal)
        if done.status != 0:
            raise SystemExit("without a fault %s gives %s: %s" % (command.name, done.status, done.err))
        self.new = place.state()
        self.changes = self.new != self.old
        self.shown = bool(done.out)
        problem = output_problem(place, self.command)
        if problem or command.output and not os.path.exists(command.output):
            raise SystemExit("without a fault %s: %s" % (command.name, problem or "there is no output"))

    def events(self):
        document = self.place.document()
        return [record["event"] for record in self.place.log(document)[0]].count(self.command.event)

    def under(self, inject=None, limit=None):
        """Runs the command under a fault. Answers what it did, and strace's line where the fault was put in."""
        self.place.fresh()
        options = {"key": self.command.key, "terminal": self.command.terminal}
        if inject is None:
            return self.place.run(self.command.words, self.command.text, limit=limit, **options), ""
        return self.place.traced(self.command.words, self.command.text, inject=inject, **options)

    # --- the promises -------------------------------------------------------------------------------------------

    def afterwards(self, done, lying=False):
        """The outcome in a word, and what is wrong. `lying` says that the disk itself broke its word."""
        place, problems = self.place, []
        try:
            left = place.state()
        except READER.Stop as stop:
            return "LOST", ["the vault does not open: %s" % stop]
        if left not in (self.old, self.new):
            return "LOST", ["the vault holds neither the old nor the new content"]
        is_new = self.changes and left == self.new
        outcome = "new" if is_new else "old"
        problems += self.about_status(done, is_new)
        problems += self.about_words(done, is_new)
        problems += [problem for problem in [output_problem(place, self.command)] if problem]
        if self.old_bytes is not None and self.command.name != "passwd --purge-previous":
            kept = [place.bytes_of(place.vault + end) for end in [""] + [".previous.%d" % n for n in range(1, 6)]]
            if self.old_bytes not in kept:
                problems.append("the old vault file is neither in place nor a previous generation")
        if left is not None:
            problems += self.about_log(done, lying)
        problems += self.about_next(left, lying, done)
        return outcome, problems

    def about_status(self, done, is_new):
        if done.status == "hangs":
            return ["it hangs"]
        acknowledged = done.status == 0 or bool(done.out)
        if self.command.name == "rehearse":
            # A share that was checked was checked, whatever keeps the vault from noting it; it says where it is noted.
            acknowledged = "in the vault's log" in done.out
        if acknowledged and self.changes and not is_new:
            return ["it said that it was done (status %s, %r), and it is not" % (done.status, done.out[:40])]
        if done.status == 0 and self.shown and not done.out and not self.command.terminal:
            return ["status 0, and nothing was shown"]
        if done.status == 0 and self.command.output and not os.path.exists(self.command.output):
            return ["it said that it was done, and there is no output"]
        return []

    def about_words(self, done, is_new):
        """Whether what the message says of the disk is so."""
        if done.status in (0, "hangs", -9):
            return []
        said, problems, place = said_unchanged(done.err), [], self.place
        now = place.snapshot(without=[r"\.log$", r"\.state$", r"\.tmp\."])
        was = {name: digest for name, digest in self.before.items() if not re.search(r"\.log$|\.state$", name)}
        vault_is_kept = place.bytes_of(place.vault) == self.old_bytes
        if "as it was before" in said and "is whole and opens" not in said and not vault_is_kept:
            problems.append("it says %r, and the vault was changed" % said)
        if "only read" in said and not vault_is_kept:
            problems.append("it says %r, and the vault was changed" % said)
        if said == "no file was touched" and now != was:
            problems.append("it says %r, and these differ: %s" % (
                said, sorted(name for name in {**now, **was} if now.get(name) != was.get(name))))
        if "was not written; nothing else was touched" in said:
            differing = sorted(name for name in {**now, **was} if now.get(name) != was.get(name))
            if differing:
                problems.append("it says %r, and these differ: %s" % (said, differing))
        if "is whole and opens" in said and not os.path.exists(self.command.output):
            problems.append("it says %r, and there is no output" % said)
        return problems

    def about_log(self, done, lying):
        document = self.place.document()
        records, problems, spoiled = self.place.log(document)
        gap_was_told = "the log could not be written" in done.err
        if lying and gap_was_told:
            # Of several lines that were added at once the disk may hold the last ones alone.
            problems = []
        elif lying or gap_was_told:
            problems = [problem for problem in problems if "anchor" not in problem]
        if spoiled and not lying:
            problems.append("%d lines of the log are spoiled" % spoiled)
        acknowledged = done.status == 0 or bool(done.out)
        if self.command.name == "rehearse":
            # A share that was checked was checked, whatever keeps the vault from noting it; it says where it is noted.
            acknowledged = "in the vault's log" in done.out
        if self.command.name.startswith("drill run"):
            # A drill goes on without a vault that cannot be read, and shows how far it came when nothing opens.
            acknowledged = "the vault's log has a record of it" in done.err
        # The log is read back, so that a disk that lies of it is noticed too.
        if acknowledged and self.command.event and not gap_was_told:
            if [record["event"] for record in records].count(self.command.event) <= self.n_events:
                problems.append("it was shown as done, and the log has no record of it")
        return problems

    def about_next(self, left, lying, done):
        """The next change works, keeps what was there, and tidies up."""
        place, problems = self.place, []
        if "--shares" in self.command.words:
            # Cards in memory are void without their set: the next run refuses the folder and says to delete it.
            shutil.rmtree(place.now + "/out/cards", ignore_errors=True)
        if left is None:
            # Without a vault the next thing is to make one, with a key file that is not there yet.
            words = [word if word != place.now + "/in/key-new" or not os.path.exists(word) else
                     place.now + "/in/key-other" for word in self.command.words]
            again = place.run(words, key=self.command.key)
            if again.status != 0 or place.state() is None:
                return ["making the vault afterwards gives %s: %s" % (again.status, again.err)]
            left = place.state()
        try:
            before = place.document()
            key = place.key_that_opens()
            seen = place.run(["--json", "list"], key=key)
            if seen.status != 0 or [entry["id"] for entry in json.loads(seen.out)["entries"]] != [
                    entry["id"] for entry in before["entries"]]:
                problems.append("list afterwards gives %s: %s" % (seen.status, seen.err))
            elif not lying and [line for line in seen.err.splitlines() if "(--sandbox off)" not in line]:
                problems.append("list afterwards says: %s" % seen.err)
            later = place.run(["add", "-"], LATER, key=key)
            if later.status != 0:
                return problems + ["the next change gives %s: %s" % (later.status, later.err)]
            after = place.document()
            if after["entries"][:-1] != before["entries"] or after["entries"][-1]["issuer"] != "Later":
                problems.append("the next change lost something")
            if after["vault"]["generation"] <= before["vault"]["generation"]:
                problems.append("the generation did not grow")
            records, chain, _ = place.log(after)
            problems += [] if lying else chain
            if not lying and "the gap will be recorded" in done.err and "gap" not in [record["event"] for record in records]:
                problems.append("the gap in the log was told and not recorded")
        except READER.Stop as stop:
            return problems + ["after the next change the vault does not open: %s" % stop]
        problems += self.about_output_again(key)
        left_behind = place.temporary_files()
        if left_behind:
            problems.append("left behind: %s" % left_behind)
        return problems

    def about_output_again(self, key):
        """A file whose making was cut short can be made again, which removes what was left of the first try. So can
        a key file."""
        place, command, problems = self.place, self.command, []
        if command.output is not None:
            words = [*command.words, "--force"]
            if command.name == "pass issue":
                # No pass is written over another one, and nobody has two of one entry at a time.
                words = ["Mo" if word == "Jo" else word for word in command.words]
                if os.path.lexists(command.output):
                    os.remove(command.output)
            if command.name == "proof":
                # No proof is written over another one, whole or not: whoever wants the name takes the old one away.
                words = command.words
                if os.path.lexists(command.output):
                    os.remove(command.output)
            if command.name.startswith("drill run"):
                # No report is written over another: what there is of the first one is put away by hand.
                words = command.words
                for end in ("", ".sig"):
                    if os.path.exists(command.output + end):
                        os.remove(command.output + end)
            if command.name == "evidence":
                # A report is never replaced, whole or not: the next run says so, and a person removes what was begun.
                words, folder = command.words, os.path.dirname(command.output)
                if os.path.isdir(folder):
                    begun = [name for name in os.listdir(folder) if not name.startswith(".")]
                    refused = place.run(command.words, key=key)
                    if refused.status != (8 if begun else 0):
                        problems.append("a report beside the first one gives %s: %s" % (refused.status, refused.err))
                    shutil.rmtree(folder)
            again = place.run(words, key=key)
            # A drill finds that the entry which was added meanwhile is missing in the bundle.
            if again.status not in ((0, 7) if command.name.startswith("drill run") else (0,)):
                problems.append("making the output again gives %s: %s" % (again.status, again.err))
        new_key = place.now + "/in/key-new"
        if new_key in command.words and not os.path.exists(new_key):
            again = place.run(["slot", "add", "--new-key-file", new_key], key=key)
            if again.status != 0:
                problems.append("making the key file again gives %s: %s" % (again.status, again.err))
        return problems
