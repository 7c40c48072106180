#!/usr/bin/env python3
"""Reads every case of this folder with nothing of Lifeboat, and computes by itself what each expects.

    python3 vectors/plan/check.py        says how many cases agree; ends with 1 where one does not

What is there is found as a fixed point: begin with nothing, add whatever has all its needs and one open way in, until nothing is
added. A circle is held against the plan link by link. A path is walked step by step, and no step of it can be left out.
"""
import pathlib, sys, tomllib

FOLDER = pathlib.Path(__file__).resolve().parent
KNOWN = {"comment", "lose", "unreachable", "circle", "path"}
MENDED = "-mended"


class Wrong(Exception):
    pass


def want(holds, words):
    if not holds:
        raise Wrong(words)


def read(path):
    head, body = path.read_bytes().split(b"\n\n", 1)
    headers = {name: [] for name in KNOWN}
    for line in head.decode().splitlines():
        name, value = line.split(":", 1)
        want(name in KNOWN, "unknown header %s" % name)
        headers[name].append(value.strip())
    plan = tomllib.loads(body.decode())
    things = {thing["name"]: thing for thing in plan["thing"]}
    want(len(things) == len(plan["thing"]), "a name stands twice")
    return headers, things, plan.get("scenario", [])


def gates(thing):
    """Each way in as its members and how many of them are needed."""
    for way in thing.get("ways", []):
        yield (way["of"], way["at_least"]) if isinstance(way, dict) else (way, len(way))


def carried(thing, there):
    """Whether a thing is there when these are."""
    if not all(need in there for need in thing.get("needs", [])):
        return False
    ways = list(gates(thing))
    return not ways or any(sum(member in there for member in members) >= enough for members, enough in ways)


def standing(things, lost):
    there, before = set(), None
    while there != before:
        before = set(there)
        there |= {name for name, thing in things.items() if name not in lost and carried(thing, before)}
    return there


def links(thing):
    return set(thing.get("needs", [])).union(*(members for members, _ in gates(thing)), set())


def circle(words, things, there):
    pairs = [part.split(" needs ") for part in words.split(" · ")]
    names = [first for first, _ in pairs]
    for (first, second), following in zip(pairs, names[1:] + names[:1]):
        want(second == following, "%s is not followed by %s" % (first, second))
        want(second in links(things[first]), "%s does not name %s" % (first, second))
        want(first not in there, "%s is there" % first)
    want(len(set(names)) == len(names), "the circle goes through a thing twice")


def has_circle(things, there, lost, start):
    """Whether something that a thing lacks leads back to itself."""
    def lacks(name):
        return set() if name in lost else {other for other in links(things[name]) if other not in there}

    reached, open_ = set(), [start]
    while open_:
        name = open_.pop()
        if name not in reached:
            reached.add(name)
            open_.extend(lacks(name))
    for name in reached:
        seen, open_ = set(), list(lacks(name))
        while open_:
            other = open_.pop()
            if other == name:
                return True
            if other not in seen:
                seen.add(other)
                open_.extend(lacks(other))
    return False


def walks(steps, things, lost):
    """Whether each step uses only what stands before it."""
    there = set()
    for name in steps:
        if name in lost or name in there or not carried(things[name], there):
            return False
        there.add(name)
    return True


def check(path):
    headers, things, scenarios = read(path)
    named = {name for thing in things.values() for name in links(thing)} | {name for one in scenarios for name in one["lose"]}
    want(named <= things.keys(), "not in the plan: %s" % sorted(named - things.keys()))
    want(set(headers["lose"]) <= things.keys(), "what is lost is not in the plan")
    lost = set(headers["lose"]) | {name for name, thing in things.items() if thing.get("lost")}
    there = standing(things, lost)
    accounts = [name for name, thing in things.items() if thing["kind"] == "account"]
    gone = [name for name in accounts if name not in there]
    want(gone == headers["unreachable"], "not reached: %s" % gone)
    for words in headers["circle"]:
        circle(words, things, there)
    for account in gone:
        want(has_circle(things, there, lost, account) == bool(headers["circle"]), "a circle is told, or is not, and should be otherwise")
    told = {}
    for line in headers["path"]:
        account, steps = line.split(" = ")
        told[account] = steps.split(" > ")
    is_mended = path.stem.endswith(MENDED)
    want(bool(gone) != is_mended, "a trap is closed, or its mended form is not open")
    if is_mended:
        want(list(told) == accounts, "paths are told of %s" % list(told))
    for account, steps in told.items():
        want(steps[-1] == account and walks(steps, things, lost), "the path to %s cannot be walked" % account)
        for left_out in steps[:-1]:
            want(not walks([step for step in steps if step != left_out], things, lost), "%s is not needed" % left_out)


def main():
    cases = sorted(FOLDER.glob("*.vec"))
    failed = 0
    for path in cases:
        try:
            check(path)
        except Wrong as error:
            failed += 1
            print("%s: %s" % (path.name, error))
    traps = {path.stem for path in cases if not path.stem.endswith(MENDED)}
    mended = {path.stem[: -len(MENDED)] for path in cases if path.stem.endswith(MENDED)}
    if traps != mended:
        failed += 1
        print("a trap without its mended form, or the other way round: %s" % sorted(traps ^ mended))
    print("%d cases: %d traps, each with its mended form; %d do not agree" % (len(cases), len(traps), failed))
    sys.exit(1 if failed or not cases else 0)


main()
