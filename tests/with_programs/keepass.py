"""Exports a vault for KeePassXC, has its command line import it and make the codes, and reads back what it writes."""
import json, os, subprocess, sys, time

LIFEBOAT, WORK = sys.argv[1:]
FOLDER = WORK + "/keepass"
PASSPHRASE = "correct horse battery staple"
# As in entries.txt: those whose title KeePassXC's command line can look up.
NAMES = ["ACME", "SHA256", "SHA512", "Steam", "Zürich & Co"]


def run(command, given, environment):
    done = subprocess.run(command, env=environment, input=given, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit("%s: status %d: %s" % (" ".join(command), done.returncode, done.stderr))
    return done.stdout


def opened(vault, key):
    """What runs commands on a vault."""
    start = [LIFEBOAT, "--sandbox", "kill", "--vault", vault, "--no-input"]
    environment = {"HOME": WORK + "/home", "PATH": "/usr/bin:/bin"}
    if not os.path.lexists(vault):
        run([*start, "init", "--new-key-file", key], "", environment)
    return lambda *arguments: run([*start, "--key-file", key, *arguments], "", environment)


lifeboat = opened(WORK + "/vault", WORK + "/key")


def keepassxc(*arguments, given=PASSPHRASE + "\n"):
    environment = {"HOME": FOLDER, "PATH": os.environ["PATH"], "QT_QPA_PLATFORM": "offscreen", "LC_ALL": "C.UTF-8"}
    return run(["keepassxc-cli", *arguments], given, environment)


def same_code(name):
    """At one moment: a step may end between the two programs' answers."""
    for _ in range(3):
        before = lifeboat("code", name).strip()
        theirs = keepassxc("show", "-q", "-t", FOLDER + "/all.kdbx", name).strip()
        if before == theirs or lifeboat("code", name).strip() == theirs:
            return
        time.sleep(1)
    sys.exit("%s: %s here, %s in KeePassXC" % (name, before, theirs))


def accounts(vault):
    """The code of every entry at one moment, but of those that count."""
    codes = {}
    for entry in json.loads(vault("list", "--json"))["entries"]:
        kind = code = entry["type"]
        if kind != "hotp":
            code = json.loads(vault("code", entry["id"], "--at", "1700000000", "--json"))["code"]
        codes[(entry["issuer"], entry["account"], kind)] = code
    return codes


def main():
    os.mkdir(FOLDER)
    lifeboat("export", "--to", "keepassxc-xml", "--plaintext", "-o", FOLDER + "/all.xml")
    lifeboat("export", "--to", "keepassxc-csv", "--plaintext", "-o", FOLDER + "/ours.csv")
    keepassxc("import", "-q", "-p", FOLDER + "/all.xml", FOLDER + "/all.kdbx", given=(PASSPHRASE + "\n") * 2)
    for name in NAMES:
        same_code(name)
    for form in ("xml", "csv"):
        with open(FOLDER + "/theirs." + form, "w") as file:
            file.write(keepassxc("export", "-q", "-f", form, FOLDER + "/all.kdbx"))
    with open(FOLDER + "/passphrase", "w") as file:
        file.write(PASSPHRASE)
    wanted = accounts(lifeboat)
    by_clock = {key: code for key, code in wanted.items() if key[2] != "hotp"}
    # KeePassXC 2.7.4 takes a minute for a period that is longer, and writes that into its table.
    short = {key: code for key, code in by_clock.items() if key[1] != "no-issuer"}
    for name, expected in [("all.kdbx", wanted), ("theirs.xml", wanted), ("ours.csv", by_clock), ("theirs.csv", short)]:
        other = opened(FOLDER + "/" + name + ".lifeboat", FOLDER + "/" + name + ".key")
        other("import", FOLDER + "/" + name, "--file-passphrase-file", FOLDER + "/passphrase")
        found = accounts(other)
        if {key: found.get(key) for key in expected} != expected or len(found) != len(by_clock) + (expected is wanted):
            sys.exit("%s: %s, not %s" % (name, found, expected))
    print("%d entries come back from KeePassXC's database, XML and CSV; %d codes are the same there" % (len(wanted), len(NAMES)))


main()
