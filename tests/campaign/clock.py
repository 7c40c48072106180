"""Sets the clock forward and back under the program, and looks whether it opens, says so, and loses nothing."""
import json, os, re, subprocess

from commands import ADDED, LATER
from judge import Point
from place import HERE, READER

DAY = 86400
# By how many seconds, and whether that is before the last use of the vault.
MOVES = [
    ("a minute and a half back", -90), ("an hour back", -3600), ("a day back", -DAY), ("ten years back", -3650 * DAY),
    ("to 1970", None), ("before 1970", "before"), ("half a minute back", -30), ("a day forward", DAY),
    ("two years forward", 730 * DAY), ("twenty years forward", 7300 * DAY), ("to 2107", "2107"), ("to 9999", "9999"),
    ("to 11000", "11000")]


def shim(folder):
    made = folder + "/clock_shim.so"
    subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-o", made, HERE + "/clock_shim.c"], check=True)
    return made


def seconds(move, now):
    return {None: -now, "before": -now - 5 * DAY, "2107": 4_323_456_789 - now, "9999": 253_402_300_700 - now,
            "11000": 284_990_000_000 - now}.get(move, move)


def cases(place, short):
    place.base = place.root + "/base"
    library = shim(place.root)
    for name, move in MOVES:
        yield one(place, library, name, move)


def one(place, library, name, move):
    place.fresh()
    problems = []
    now = place.latest
    moved = place.environment(LD_PRELOAD=library, CAMPAIGN_CLOCK=str(seconds(move, now)))
    old = place.document()
    seen = place.run(["--json", "code", "ACME"], environment=moved)
    if seen.status != 0:
        problems.append("code gives %s: %s" % (seen.status, seen.err))
    else:
        # The fault must have struck: the code is that of the moved clock.
        shown = json.loads(seen.out)
        wanted = max(0, now + seconds(move, now))
        if not shown["valid_from"] - 60 <= wanted <= shown["valid_until"] + 120:
            problems.append("the clock was not moved: %s" % seen.out)
    backward = seconds(move, now) < -60
    if backward != bool(re.search(r"\bclock\b", seen.err)) and backward:
        problems.append("a clock that was set back is not told: %r" % seen.err)
    for words, text in ((["add", "-"], ADDED), (["edit", "SHA256", "--note", "at another time"], ""), (["list"], "")):
        done = place.run(words, text, environment=moved)
        if done.status != 0:
            problems.append("%s gives %s: %s" % (words[0], done.status, done.err))
    # And back to the right time.
    seen = place.run(["--json", "list"])
    if seen.status != 0:
        problems.append("list at the right time gives %s: %s" % (seen.status, seen.err))
    later = place.run(["add", "-"], LATER)
    if later.status != 0:
        problems.append("add at the right time gives %s: %s" % (later.status, later.err))
    forward = seconds(move, now) > 60
    if forward and not re.search(r"\bclock\b", seen.err):
        problems.append("a clock that is before the last use is not told: %r" % seen.err)
    if "older copy" in seen.err + later.err:
        problems.append("the newest vault is called an older copy: %r" % (seen.err + later.err))
    try:
        after = place.document()
        names = [entry["issuer"] for entry in after["entries"]]
        if names != [entry["issuer"] for entry in old["entries"]] + ["New", "Later"]:
            problems.append("the vault holds %s" % names)
        if next(entry for entry in after["entries"] if entry["issuer"] == "SHA256").get("note") != "at another time":
            problems.append("a change was lost")
        records, chain, spoiled = place.log(after)
        problems += chain + (["the log has spoiled lines"] if spoiled else [])
        if [record["event"] for record in records if record["event"] in ("added", "edited")][-3:] != [
                "added", "edited", "added"]:
            problems.append("the log lacks a record")
    except READER.Stop as stop:
        problems.append("the vault does not open: %s" % stop)
    return Point("code, add, edit, list", "clock set " + name, "opened, nothing lost" if not problems else "WRONG", problems)
