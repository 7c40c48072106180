"""Ends the program by SIGKILL at every system call of every command that writes, and looks at what is left."""
import collections, re, signal

from judge import Judge, Point

# What cannot be seen from outside, or happens before the program exists.
NOT_A_CALL = {"execve", "exit", "exit_group"}
CALL = re.compile(r"^(?:\d+ +)?(\w+)\(", re.M)


def points_of(judge, short, every):
    counted = collections.Counter(call for call in CALL.findall(judge.trace) if call not in NOT_A_CALL)
    points = [(call, number) for call, count in sorted(counted.items()) for number in range(1, count + 1)]
    # The short form takes every nineteenth, from another one on for each command, so that together they meet every call.
    every = 19 if short else every
    return points[sum(map(ord, judge.command.name)) % every::every]


def run(place, command, slot, short, every=1):
    judge = Judge(place, command, slot)
    for call, number in points_of(judge, short, every):
        done, _ = judge.under("%s:signal=KILL:when=%d" % (call, number))
        killed = done.status == -signal.SIGKILL
        outcome, problems = judge.afterwards(done)
        yield Point(command.name, "kill -9", outcome if killed else "ended before", [
            "killed at %s, number %d: %s" % (call, number, problem) for problem in problems])
