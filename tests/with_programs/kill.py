"""Kills `lifeboat add` at every system call, and looks at what is left.

After each kill: the vault opens with the entries it had, with or without the new one in full; if the program had said that
the entry was added, it is there; the next `add` works; and no temporary file is left after it.
"""
import collections, os, re, shutil, signal, subprocess, sys

LIFEBOAT, WORK = sys.argv[1:]
PLACE = WORK + "/kill"
ENVIRONMENT = {"HOME": PLACE + "/home", "PATH": "/usr/bin:/bin"}
NEW = "otpauth://totp/New:entry?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXT&issuer=New\n"
LATER = "otpauth://totp/Later:entry?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXU&issuer=Later\n"
# What runs before the program's own main is the loader's, and what cannot be seen from outside changes nothing; they are
# killed all the same, because that is cheap and the list would age.
NOT_A_CALL = {"execve", "exit", "exit_group"}


def fresh():
    shutil.rmtree(PLACE, ignore_errors=True)
    os.makedirs(PLACE + "/folder")
    shutil.copytree(WORK + "/home", PLACE + "/home")
    for name in os.listdir(WORK):
        if name == "vault" or name.startswith("vault."):
            shutil.copy2(WORK + "/" + name, PLACE + "/folder/" + name)


def command(*words):
    return [LIFEBOAT, "--sandbox", "kill", "--vault", PLACE + "/folder/vault", "--key-file", WORK + "/key", "--no-input", *words]


def run(words, text="", before=()):
    return subprocess.run([*before, *command(*words)], env=ENVIRONMENT, input=text, capture_output=True, text=True)


def names():
    done = run(["list"])
    if done.returncode != 0:
        return "the vault does not open: " + done.stderr.strip()
    return sorted(line.split()[0] for line in done.stdout.splitlines()[1:])


def calls():
    """How often each system call happens in one `add`."""
    fresh()
    run(["add", "-"], NEW, ["strace", "-f", "-qq", "-o", PLACE + "/trace"])
    counted = collections.Counter()
    with open(PLACE + "/trace") as trace:
        for line in trace:
            found = re.match(r"(?:\d+ +)?(\w+)\(", line)
            if found and found[1] not in NOT_A_CALL:
                counted[found[1]] += 1
    return counted


def problem_after(call, number, old, seen):
    fresh()
    inject = "inject=%s:signal=KILL:when=%d" % (call, number)
    done = run(["add", "-"], NEW, ["strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=" + call, "-e", inject])
    # strace ends itself by the signal that ended the program.
    seen["killed"] += done.returncode == -signal.SIGKILL
    left = names()
    seen["old" if left == old else "new"] += 1
    if left not in (old, sorted(old + ["New"])):
        return "is neither the old nor the new vault: %s" % left
    if done.stdout.strip() and left == old:
        return "said that it was added, and it is not there"
    later = run(["add", "-"], LATER)
    if later.returncode != 0:
        return "the next add fails: " + later.stderr.strip()
    if names() != sorted(left + ["Later"]):
        return "the next add lost something"
    files = [name for name in os.listdir(PLACE + "/folder") if ".tmp." in name]
    return "left behind: %s" % files if files else None


def main():
    fresh()
    old, points, problems, seen = names(), 0, 0, collections.Counter()
    if not isinstance(old, list) or not old:
        print(old, file=sys.stderr)
        return 1
    for call, count in sorted(calls().items()):
        for number in range(1, count + 1):
            points += 1
            problem = problem_after(call, number, old, seen)
            if problem:
                problems += 1
                print("killed at %s, number %d: %s" % (call, number, problem), file=sys.stderr)
    print("killed at %d of %d system calls: %d times the old vault, %d times the new one, %d times a loss"
          % (seen["killed"], points, seen["old"], seen["new"], problems))
    # A run that kills nothing, or never before or after the change, would prove nothing.
    proves = seen["killed"] * 10 > points * 9 and seen["old"] > 50 and seen["new"] > 5
    return 0 if proves and not problems else 1


sys.exit(main())
