"""The commands that write, each with what it needs and what it must have left when it said that it was done."""
import collections, hashlib, json, os, shutil

from place import QUORUM, READER

ADDED = "otpauth://totp/New:entry?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXT&issuer=New\n"
COUNTING = "otpauth://hotp/NewCounter:entry?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXV&issuer=NewCounter&counter=3\n"
LATER = "otpauth://totp/Later:entry?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXU&issuer=Later\n"
NEW_SEED = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXW\n"

# name: as in the figures. words, text: the command line after the global options, and standard input. prepare: words
# that are run before it, outside the faults. event: the record that must be in the log before anything is shown.
# output: the file that it makes. fresh: there is no vault yet. terminal: it needs one.
Command = collections.namedtuple(
    "Command", "name words text prepare event output fresh terminal key", defaults=("", (), None, None, False, False, None))


def commands(place):
    out, inside = place.now + "/out/", place.now + "/in/"
    bundle_key = ["--bundle-key-file", inside + "bundle-key"]
    seal_words = ["--seal-passphrase-file", inside + "seal-words"]
    sealed, opened = [["seal", "Codes", *seal_words]], [*seal_words, "--reason", "a reason"]
    return share_commands(place) + drill_commands(place) + [
        Command("init", ["init", "--new-key-file", inside + "key-new"], fresh=True, key="", event="made"),
        Command("add", ["add", "-"], ADDED, event="added"),
        Command("add (counter)", ["add", "-"], COUNTING, event="added"),
        Command("edit", ["edit", "ACME", "--note", "a note", "--tag", "+one"], event="edited"),
        Command("edit --seed", ["edit", "ACME", "--seed", "-"], NEW_SEED, event="rotated"),
        Command("prove", ["prove", "ACME", "--accepted"], event="proven"),
        Command("remove", ["remove", "ACME"], event="removed"),
        Command("trash restore", ["trash", "restore", "Trashed"], event="taken-back"),
        Command("trash purge", ["--yes", "trash", "purge"], event="purged"),
        Command("import", ["import", inside + "more-uris"], event="imported"),
        Command("import --undo", ["import", "--undo"], event="import-undone"),
        Command("export", ["export", "--to", "otpauth", "--plaintext", "-o", out + "uris"], event="exported",
                output=out + "uris"),
        Command("passwd", ["passwd", "--new-key-file", inside + "key-new", "--drop", "SLOT2"], event="rekeyed"),
        Command("passwd --purge-previous",
                ["passwd", "--new-key-file", inside + "key-new", "--drop", "SLOT2", "--purge-previous"],
                event="previous-purged"),
        Command("slot add", ["slot", "add", "--new-key-file", inside + "key-new"], event="rekeyed"),
        Command("slot remove", ["slot", "remove", "SLOT2"], event="rekeyed"),
        Command("bundle create", ["bundle", "create", "-o", out + "bundle", *bundle_key], event="bundle-made",
                output=out + "bundle"),
        Command("bundle create (new key file)",
                ["bundle", "create", "-o", out + "bundle", "--bundle-key-file", out + "bundle-key"],
                event="bundle-made", output=out + "bundle"),
        Command("kit", ["kit", "-o", out + "kit"], event="kit-made", output=out + "kit/SHA256SUMS"),
        Command("evidence", ["evidence", "-o", out + "report"], event="evidence-made",
                output=out + "report/evidence.json.sig"),
        Command("restore", ["restore", inside + "bundle", *bundle_key, "--new-key-file", inside + "key-new"],
                fresh=True, key="", event="restored"),
        Command("restore --merge", ["--yes", "restore", inside + "bundle", *bundle_key, "--merge"],
                prepare=[["remove", "SHA256"], ["--yes", "trash", "purge"]], event="restored"),
        Command("restore --previous", ["--yes", "restore", "--previous", "1"], event="restored"),
        Command("proof", ["proof", "-o", out + "proof"], event="unlocked", output=out + "proof"),
        Command("plan new", ["plan", "new", "--template", "one-admin"], event="plan-changed"),
        Command("plan export", ["plan", "export", "-o", out + "plan"], event="exported", output=out + "plan"),
        Command("runbook", ["runbook", "drill", "-o", out + "runbook.html"], event="exported", output=out + "runbook.html"),
        Command("runbook --template", ["runbook", "mine", "--template", inside + "runbook"], event="runbook-changed"),
        Command("incident open", ["incident", "open", "compromised", "--reason", "a reason"], event="incident-opened"),
        Command("incident done", ["incident", "done", "INCIDENT", "1"],
                prepare=[["incident", "open", "compromised", "--reason", "a reason"]], event="task-done"),
        Command("exception add", ["exception", "add", "Codes", "clone", "--until", "30d", "--owner", "Ana"],
                event="exception-added"),
        Command("pass issue", issue(out), event="pass-issued", output=out + "pass"),
        Command("pass close", ["--yes", "pass", "close", "PASS"], prepare=[issue(inside)], event="pass-closed"),
        Command("recovery-code use", ["recovery-code", "use", "Codes"], event="recovery-code-used"),
        Command("recovery-code use (sealed)", ["recovery-code", "use", "Codes", *opened], prepare=sealed,
                event="recovery-code-used"),
        Command("seal", ["seal", "Codes", *seal_words], event="sealed"),
        Command("unseal", ["unseal", "Codes", *opened], prepare=sealed, event="unsealed"),
        Command("code (sealed)", ["code", "Codes", *opened], prepare=sealed, event="code-shown"),
        Command("code (counter)", ["code", "Counter:ana"], event="code-shown"),
        Command("code", ["code", "ACME"], event="code-shown"),
        Command("code --copy", ["code", "ACME", "--copy"], event="code-shown", terminal=True),
        Command("show --reveal", ["show", "ACME", "--reveal"], event="seed-shown"),
    ]


def issue(folder):
    """The words that issue a pass into a folder."""
    return ["pass", "issue", "ACME", "--to", "Jo", "--reason", "INC-4711", "--no-input", "-o", folder + "pass"]


def drill_commands(place):
    """Drills of a bundle of everything, and a report that was made where the vault is not: `ELSEWHERE` before its words."""
    out, inside = place.now + "/out/", place.now + "/in/"
    drill = ["drill", "run", inside + "all", "--bundle-key-file", inside + "bundle-key"]
    made = ["bundle", "create", "-o", *drill[2:]]
    return [
        Command("drill run", drill, prepare=[made], event="drilled"),
        Command("drill run --report", [*drill, "--report", out + "drill.json"], prepare=[made], event="drilled",
                output=out + "drill.json"),
        Command("drill record", ["drill", "record", inside + "drill.json"],
                prepare=[made, ["ELSEWHERE", *drill, "--report", inside + "drill.json"]], event="drill-recorded"),
    ]


def share_commands(place):
    """The commands about share sets, where the template has one. SET and SHARE are found once it is there."""
    out, inside = place.now + "/out/", place.now + "/in/"
    if not place.is_in_memory():
        return []
    cards = ["--shares", out + "cards", "--plaintext"]
    return [
        Command("bundle create (share set)", ["bundle", "create", "-o", out + "bundle", "--share-set", "SET"],
                event="bundle-made", output=out + "bundle"),
        Command("bundle create (new share set)", ["bundle", "create", "-o", out + "bundle", *QUORUM, *cards],
                event="share-set-made", output=out + "bundle"),
        Command("share acknowledge",
                ["share", "acknowledge", inside + "quorum", "--share", "SHARE", "-o", out + "ack"],
                output=out + "ack"),
        Command("share record", ["share", "record", inside + "ack"], event="share-acknowledged"),
        Command("rehearse", ["rehearse", inside + "quorum", "--share", "SHARE"], event="rehearsed"),
        Command("share replace", ["share", "replace", "SET", *cards], event="share-set-replaced"),
    ]


def second_slot(place):
    """The name of the way of opening that `key2` is."""
    done = place.must(["--json", "slot", "list"])
    slots = json.loads(done.out)["slots"]
    return next(slot.get("name") or slot.get("slot") for slot in slots if not slot.get("opened_this"))


def prepare(place, command, slot):
    """Makes the command's own template: the state in which it is run."""
    place.base = place.root + "/base"
    place.fresh()
    if command.fresh:
        for name in os.listdir(place.now + "/folder"):
            os.remove(place.now + "/folder/" + name)
        os.remove(place.key)
    for words in command.prepare:
        if words[0] == "ELSEWHERE":
            place.must_elsewhere(words[1:])
        else:
            place.must(words)
    place.base = place.root + "/base-of-command"
    shutil.rmtree(place.base, ignore_errors=True)
    shutil.copytree(place.now, place.base, symlinks=True)
    named = {"SLOT2": slot}
    if "PASS" in command.words:
        named.update(PASS=json.loads(place.must(["--json", "pass", "list"]).out)["passes"][0]["id"])
    if place.is_in_memory():
        named.update(SET=place.set_name(), SHARE=place.shares("in/cards")[0])
    if "INCIDENT" in command.words:
        named["INCIDENT"] = json.loads(place.must(["--json", "incident", "list"]).out)["incidents"][0]["id"]
    return command._replace(words=[named.get(word, word) for word in command.words])


def kit_problem(place, command):
    """What is wrong with a kit that has its sums: without them it is none, and says so."""
    folder, original = os.path.dirname(command.output), place.bytes_of(place.now + "/in/bundle")
    listed = dict(reversed(line.split("  ")) for line in place.bytes_of(command.output).decode().splitlines())
    wrong = [name for name, digest in listed.items()
             if hashlib.sha256(place.bytes_of(folder + "/" + name) or b"").hexdigest() != digest]
    copies = [name for name in listed if name.startswith("bundle-") and place.bytes_of(folder + "/" + name) == original]
    if wrong or len(listed) != 7 or len(copies) != 3:
        return "the kit has its sums and is not whole: %s" % (wrong or sorted(listed))
    return None


def evidence_problem(place, command):
    """What is wrong with a report that has its signature, which is written last."""
    folder = os.path.dirname(command.output) + "/evidence."
    report, pages = place.bytes_of(folder + "json") or b"{", [place.bytes_of(folder + page) or b"" for page in ("md", "html")]
    digest = hashlib.sha256(report).hexdigest().encode()
    whole = report.endswith(b"\n}\n") and json.loads(report)["schema"] == "lifeboat.evidence/1" \
        and place.bytes_of(command.output).endswith(b"SIGNATURE-----\n") and all(digest in page for page in pages)
    return None if whole else "the report has its signature and is not whole"


def output_problem(place, command):
    """What is wrong with the output file: it is there whole or not at all."""
    if command.output is None or not os.path.lexists(command.output):
        return None
    if command.name == "export":
        lines = place.bytes_of(command.output).decode().splitlines()
        wanted = [READER.uri_of(entry) for entry in place.document()["entries"]]
        return None if lines == wanted else "the exported file is not whole"
    if command.name == "plan export":
        # The campaign's vault has no plan of its own: what is written is its heading.
        text = place.bytes_of(command.output).decode()
        whole = text.startswith("# A recovery plan of Lifeboat.") and text.endswith("is no way in.\n")
        return None if whole else "the plan is not whole"
    if command.name == "runbook":
        text = place.bytes_of(command.output).decode()
        return None if text.startswith("<!DOCTYPE html>") and text.endswith("</html>\n") else "the runbook is not whole"
    if command.name == "kit":
        return kit_problem(place, command)
    if command.name.startswith("drill run"):
        report = json.loads(place.bytes_of(command.output))
        return None if report["schema"] == "lifeboat.drill-report/1" else "it is no report"
    if command.name == "evidence":
        return evidence_problem(place, command)
    if command.name == "share acknowledge":
        text = place.bytes_of(command.output).decode()
        return None if text.startswith("lifeboat-share-ack") and text.endswith("SIGNATURE-----\n") else "it is not whole"
    if command.name == "pass issue":
        # Its words were shown to nobody who is asked here: its outside tells whether it is whole.
        try:
            READER.Container(place.bytes_of(command.output), kinds=b"\5")
        except READER.Stop as stop:
            return "the pass is not whole: %s" % stop
        return None
    if command.name == "proof":
        text = place.bytes_of(command.output).decode()
        return None if text.startswith("lifeboat-proof/1\n") and text.endswith("SIGNATURE-----\n") else "it is not whole"
    try:
        keys = [place.now + "/in/bundle-key", place.now + "/out/bundle-key"]
        by_shares = {"bundle create (share set)": "in/cards", "bundle create (new share set)": "out/cards"}
        if command.name in by_shares and not place.shares(by_shares[command.name]):
            return None  # The cards were taken back, and the message says that the bundle is not to be relied on.
        if command.name in by_shares:
            document = place.open_with_shares(command.output, by_shares[command.name])
        else:
            document, _ = place.open_file(command.output, keys)
    except READER.Stop as stop:
        return "the bundle is not whole: %s" % stop
    whole = [entry["id"] for entry in document["entries"]] == [entry["id"] for entry in place.document()["entries"]]
    return None if whole else "the bundle does not hold every entry"
