#!/usr/bin/env python3
"""Combines our shares with the package shamir-mnemonic, and its shares with ours: a thousand sets each way.

    python3 tests/slip39_second_implementation.py PROGRAM [--sets N] [--package FOLDER]

PROGRAM is the example `shares`. The package is the reference of SLIP-0039 by its authors; it is installed into a
folder that is thrown away, unless FOLDER has it. Exit status 77: it cannot be installed here.
"""
import argparse
import os
import pathlib
import random
import subprocess
import sys
import tempfile

PACKAGE = "shamir-mnemonic==0.3.0"
HASH = "sha256:188c6b5bd00d5e756e12e2b186c3cb7c98ff7ff44df608d4c1d2077f6b6e730f"

arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
arguments.add_argument("program", type=pathlib.Path)
arguments.add_argument("--sets", type=int, default=1000)
arguments.add_argument("--package", type=pathlib.Path)


def install(folder):
    """Only the package itself, which needs nothing else, and only as it was when it was looked at."""
    wanted = pathlib.Path(folder, "wanted.txt")
    wanted.write_text(f"{PACKAGE} --hash={HASH}\n")
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--only-binary", ":all:",
               "--disable-pip-version-check", "--target", folder, "--requirement", wanted]
    quiet = dict(os.environ, PIP_ROOT_USER_ACTION="ignore")
    return subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, env=quiet).returncode == 0


def quorums(n_sets):
    """Every quorum that there is, again and again."""
    every = [(m, n) for n in range(2, 17) for m in range(2, n + 1)]
    return [every[number % len(every)] for number in range(n_sets)]


def ask(program, lines):
    done = subprocess.run([program], input="\n".join(lines) + "\n", capture_output=True, text=True)
    if done.returncode:
        sys.exit("FAILED: " + done.stderr)
    answers = done.stdout.splitlines()
    assert len(answers) == len(lines), (len(answers), len(lines))
    return answers


def main():
    options = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if not options.package and not install(folder):
            print(f"{PACKAGE} cannot be installed")
            sys.exit(77)
        sys.path.insert(0, str(options.package or folder))
        import shamir_mnemonic as reference

        # Ours, combined by the reference from shares in any order.
        secrets, lines = [], []
        for needed, n in quorums(options.sets):
            secrets.append(os.urandom(16))
            fresh = os.urandom((needed - 2) * 16 + 12)
            identifier = random.randrange(1 << 15)
            lines.append(f"split {secrets[-1].hex()} {identifier} {needed} {n} {fresh.hex()}")
        for secret, (needed, n), line in zip(secrets, quorums(options.sets), ask(options.program, lines)):
            shares = line.split(",")
            assert len(shares) == n, line
            assert reference.combine_mnemonics(random.sample(shares, needed)) == secret, "a set of ours"

        # The reference's, combined by ours.
        secrets, lines = [], []
        for needed, n in quorums(options.sets):
            secrets.append(os.urandom(16))
            [shares] = reference.generate_mnemonics(1, [(needed, n)], secrets[-1], extendable=True, iteration_exponent=0)
            lines.append("combine " + ",".join(random.sample(shares, needed)))
        for secret, answer in zip(secrets, ask(options.program, lines)):
            assert answer == secret.hex(), "a set of the reference"
    print(f"{options.sets} sets of ours and {options.sets} of shamir-mnemonic open in the other")


main()
