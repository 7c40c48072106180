#!/usr/bin/env python3
"""Cuts the power: replays the states that a cut at any moment could have left on ext4, xfs and btrfs.

    python3 tests/campaign/power.py --program target/release/lifeboat           1 200 states
    python3 tests/campaign/power.py --program target/release/lifeboat --short   about a minute
    python3 tests/campaign/power.py --program MUTANT --expect-loss --short      a program that must lose something

The real program runs every command that writes, on a file system on a loop device on a FUSE file that records each write
and each flush. Then the record is cut at random; what was flushed before the cut is kept, and of the later writes a prefix,
a random subset, or random blocks (power_cuts/states.py). Each state is mounted, and must hold what was acknowledged before
the cut and nothing torn; the program must open it and go on (power_cuts/judge.py).

Needs Linux, root, /dev/fuse, loop devices, mkfs.ext4, mkfs.xfs and mkfs.btrfs; nothing of Python beyond its library.
Exit status: 0 nothing was lost, 1 something was (the other way round with --expect-loss), 2 it failed to run, 77 it cannot
run on this machine, which is said. A caller that must not skip takes 77 for a failure.
"""
import argparse, bisect, json, os, platform, random, shutil, signal, subprocess, sys, time

sys.dont_write_bytecode = True
from power_cuts import disk, judge, machine, states, workload

FULL = {"ext4": 600, "xfs": 300, "btrfs": 300}
SHORT = {"ext4": 150, "xfs": 45, "btrfs": 45}
SHOWN = 10


def replay(system, program, count, seed, keep):
    """One file system: the workload, and the states; a row of figures, and what was lost, in words."""
    begun = time.monotonic()
    with machine.place() as work:
        tool = workload.Program(work + "/program")
        shutil.copy(program, tool.path)
        base, live, record, mnt = (work + "/" + name for name in ("base", "live", "record", "mnt"))
        machine.make_image(system, base)
        machine.copy_sparse(base, live)
        position = lambda: os.stat(record).st_size
        with machine.recorded(live, work + "/disk", record):
            with machine.mounted(system, work + "/disk", mnt, settle=True):
                os.mkdir(mnt + "/home")
                machine.run(["sync", "-f", mnt])
                start = position()
                promises = workload.perform(tool, mnt, work, position)
        items, ends = disk.read_record(record)
        index = lambda at: bisect.bisect_right(ends, at)
        moments = [index(at) for at, _ in promises.acknowledged]
        chosen = states.draw(items, index(start), moments, count, random.Random("%s %d" % (system.name, seed)))
        row = {"commands": len(promises.acknowledged), "writes": sum(item is not None for item in items[index(start):]),
               "flushes": sum(item is None for item in items[index(start):]), "states": len(chosen), "old": 0, "new": 0,
               "lost": 0, **{kind: sum(state.kind == kind for state in chosen) for kind in states.KINDS}}
        durable, problems = states.Durable(base, items), []
        for state in chosen:
            durable.advance(state.flushed)
            cut = ends[state.at - 1]
            problem = one(system, tool, promises, durable.path, work, state, cut, row)
            if problem:
                row["lost"] += 1
                after = [name for at, name in promises.acknowledged if at <= cut]
                problems.append("%s, %s cut at %d of %d (%d of the %d writes since the last flush), after %s: %s" % (
                    system.name, state.kind, state.at, len(items), len(state.pieces),
                    sum(item is not None for item in items[state.flushed:state.at]),
                    "%d commands, the last %s" % (len(after), after[-1]) if after else "no command", problem))
                if keep and len(problems) == 1:
                    machine.copy_sparse(durable.path, keep + "/%s.image" % system.name)
                    states.apply(keep + "/%s.image" % system.name, state)
        row["seconds"] = round(time.monotonic() - begun)
        return row, problems


def one(system, tool, promises, durable, work, state, cut, row):
    """Makes one state and judges it; what was lost, if anything was."""
    image, mnt = work + "/state", work + "/mnt"
    machine.copy_sparse(durable, image)
    states.apply(image, state)
    try:
        with machine.mounted(system, image, mnt):
            newer = judge.check(tool, mnt, promises, cut)
    except (judge.Lost, OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    row["new" if newer else "old"] += 1
    return None


def in_own_process(system, options, count):
    """Each file system has a process and so a mount namespace of its own."""
    reading, writing = os.pipe()
    process = os.fork()
    if process == 0:
        status = 2
        try:
            machine.end_with_parent(signal.SIGTERM)
            os.close(reading)
            row, problems = replay(system, options.program, count, options.seed, options.keep)
            with os.fdopen(writing, "w") as pipe:
                json.dump([row, problems], pipe)
            status = 0
        except machine.CannotRun as error:
            print(error, file=sys.stderr)
            status = 77
        except KeyboardInterrupt:
            pass
        except BaseException as error:
            print("%s: %s: %s" % (system.name, type(error).__name__, error), file=sys.stderr)
        finally:
            sys.stderr.flush()
            os._exit(status)
    os.close(writing)
    try:
        with os.fdopen(reading) as pipe:
            answer = pipe.read()
        status = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
    except BaseException:
        # It takes down what it mounted before it ends. A background job may ignore the signal of Ctrl-C.
        os.kill(process, signal.SIGTERM)
        os.waitpid(process, 0)
        raise
    if status != 0:
        sys.exit(status if status in (2, 77) else 2)
    return json.loads(answer)


def table(rows, version):
    columns = ["commands", "writes", "flushes", "states", *states.KINDS, "old", "new", "lost", "seconds"]
    lines = ["| file system | " + " | ".join(columns) + " |", "|---" + "|---:" * len(columns) + "|"]
    lines += ["| %s | %s |" % (name, " | ".join(str(row[column]) for column in columns)) for name, row in rows.items()]
    total = [str(sum(row[column] for row in rows.values())) for column in columns]
    lines.append("| all | %s |" % " | ".join(total))
    kernel = ".".join(platform.release().split("-")[0].split(".")[:2])
    return "%s, Linux %s, %s.\n\n%s\n" % (version, kernel, time.strftime("%Y-%m-%d", time.gmtime()), "\n".join(lines))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", required=True, metavar="PATH", help="the program under test")
    parser.add_argument("--short", action="store_true", help="fewer states: about a minute")
    parser.add_argument("--file-system", action="append", choices=sorted(machine.FILE_SYSTEMS), metavar="NAME",
                        help="this one alone (ext4, xfs, btrfs; may be repeated)")
    parser.add_argument("--states", type=int, metavar="N", help="so many states of each")
    parser.add_argument("--seed", type=int, metavar="N", help="chooses the cuts (default: at random; it is printed)")
    parser.add_argument("--expect-loss", action="store_true", help="succeed if something is lost, and fail if nothing is")
    parser.add_argument("--json", action="store_true", help="print one line of JSON instead of a table")
    parser.add_argument("--write", metavar="FILE", help="write the table there too")
    parser.add_argument("--keep", metavar="DIR", help="keep an image of the first loss on each file system there")
    options = parser.parse_args()
    options.seed = random.randrange(1 << 32) if options.seed is None else options.seed
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    signal.signal(signal.SIGHUP, signal.default_int_handler)
    chosen = options.file_system or list(FULL)
    try:
        machine.check(chosen)
    except machine.CannotRun as error:
        print("SKIPPED: %s" % error, file=sys.stderr)
        return 77
    version = subprocess.run([options.program, "--version"], capture_output=True, text=True, check=True).stdout.strip()
    rows, problems = {}, []
    for name in chosen:
        count = options.states or (SHORT if options.short else FULL)[name]
        rows[name], lost = in_own_process(machine.FILE_SYSTEMS[name], options, count)
        problems += lost
    n_lost, n_states = (sum(row[column] for row in rows.values()) for column in ("lost", "states"))
    for problem in problems[:SHOWN]:
        print(problem, file=sys.stderr)
    if len(problems) > SHOWN:
        print("and %d more" % (len(problems) - SHOWN), file=sys.stderr)
    if options.json:
        print(json.dumps({"states": n_states, "lost": n_lost, "seed": options.seed, "file_systems": rows}))
    else:
        print(table(rows, version))
        print("power cuts: %d states, %d lost (seed %d)" % (n_states, n_lost, options.seed))
    if options.write:
        with open(options.write, "w") as file:
            file.write("## Power cuts\n\n%s" % table(rows, version))
    if options.expect_loss:
        return 0 if n_lost else 1
    # Without both outcomes the cuts would have missed every moment that matters.
    one_sided = any(row["old"] == 0 or row["new"] == 0 for row in rows.values())
    if one_sided and not n_lost:
        print("the cuts never met a command on its way", file=sys.stderr)
        return 2
    return 1 if n_lost else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
