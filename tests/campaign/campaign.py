"""Runs a part of the campaign and prints what came of it. `run.sh` is the way to start it."""
import argparse, collections, multiprocessing, os, platform, shutil, signal, subprocess, sys, time

import clock, errors, kills, odd, order, processes
from commands import commands, second_slot
from place import HERE, REPOSITORY, Place, working_folder

# Parts that go through every command, and parts that have cases of their own.
BY_COMMAND = {"kills": kills.run, "errors": errors.run, "order": order.run}
BY_CASE = {"processes": processes.rounds, "clock": clock.cases, "odd": odd.cases}
# Fewer faults than these mean that the campaign did not look where it says it does.
LEAST = {"kills": 1500, "errors": 1500, "order": 20, "processes": 100, "clock": 10, "odd": 100}
LEAST_SHORT = {"kills": 400, "errors": 300, "order": 20, "processes": 60, "clock": 10, "odd": 80}


def entries():
    with open(os.path.join(REPOSITORY, "tests", "with_programs", "entries.txt")) as file:
        return file.read().splitlines(True)


def prepared(task):
    part, program, _, _, folder, _ = task
    place = Place(folder + "/%s-%d" % (part, os.getpid()), program)
    os.makedirs(place.root, exist_ok=True)
    place.make_base(entries())
    return place


def work(task):
    try:
        return points_in(task)
    except SystemExit as stop:
        # Otherwise it would end the worker, and whoever waits for it would wait for ever.
        raise RuntimeError(str(stop)) from stop


def points_in(task):
    part, _, name, short, _, every = task
    place = prepared(task)
    if part in BY_CASE:
        found = list(BY_CASE[part](place, short))
    else:
        slot = second_slot(place)
        command = next(command for command in commands(place) if command.name == name)
        found = list(BY_COMMAND[part](place, command, slot, short, every))
    shutil.rmtree(place.root, ignore_errors=True)
    return found


def points_of(args, folder):
    if args.part in BY_CASE:
        return work((args.part, args.program, "", args.short, folder, args.every))
    names = [command.name for command in commands(Place(folder, args.program)) if args.only in command.name]
    with multiprocessing.Pool(min(2, os.cpu_count() or 1), maxtasksperchild=1) as pool:
        tasks = [(args.part, args.program, name, args.short, folder, args.every) for name in names]
        return [point for found in pool.imap(work, tasks, 1) for point in found]


def table(points):
    """Fault, command, count, outcome, in Markdown."""
    rows = collections.OrderedDict()
    for point in points:
        counts = rows.setdefault((point.fault, point.command), collections.Counter())
        counts["WRONG" if point.problems else point.outcome] += 1
    lines = ["| fault | command | count | outcome |", "|---|---|---:|---|"]
    for (fault, command), counts in sorted(rows.items()):
        outcome = ", ".join("%d %s" % (count, name) for name, count in sorted(counts.items()))
        lines.append("| %s | %s | %d | %s |" % (fault, command, sum(counts.values()), outcome))
    return lines


def main():
    cli = argparse.ArgumentParser(description=__doc__)
    cli.add_argument("part", choices=sorted({**BY_COMMAND, **BY_CASE}))
    cli.add_argument("--program", required=True)
    cli.add_argument("--short", action="store_true")
    cli.add_argument("--every", type=int, default=1, metavar="N", help="every Nth fault of kills and errors")
    cli.add_argument("--only", metavar="TEXT", default="", help="commands whose name contains it")
    cli.add_argument("--write", action="store_true", help="write the figures")
    args = cli.parse_args()
    folder, started = working_folder(), time.monotonic()
    try:
        points = points_of(args, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    problems = [(point.command, problem) for point in points for problem in point.problems]
    for command, problem in problems:
        print("%s: %s" % (command, problem), file=sys.stderr)
    outcomes = collections.Counter(point.outcome for point in points)
    summary = "%d points, %d wrong: %s" % (len(points), len(problems), ", ".join(
        "%d %s" % (count, outcome) for outcome, count in sorted(outcomes.items())))
    print("%s: %s (%d s)" % (args.part, summary, time.monotonic() - started))
    if args.write:
        if args.every > 1:
            ordinal = {2: "2nd", 3: "3rd"}.get(args.every, "%dth" % args.every)
            summary = "Every %s fault; %s" % (ordinal, summary)
        version = subprocess.run([args.program, "--version"], capture_output=True, text=True).stdout.strip()
        with open("%s/figures/%s.md" % (HERE, args.part), "w") as file:
            file.write("## %s\n\n%s. %s, %s %s, %s.\n\n" % (
                args.part.capitalize(), summary, version, platform.system(), platform.release(),
                time.strftime("%Y-%m-%d", time.gmtime())))
            file.write("\n".join(table(points)) + "\n")
    least = (LEAST_SHORT if args.short else LEAST)[args.part]
    if len(points) < least and not args.only:
        print("%s: only %d points, and %d are the least" % (args.part, len(points), least), file=sys.stderr)
        return 1
    return 1 if problems else 0


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    sys.exit(main())
