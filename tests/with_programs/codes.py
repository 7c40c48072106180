"""Compares `lifeboat code` with oathtool at random times, for each algorithm."""
import random, subprocess, sys

LIFEBOAT, WORK = sys.argv[1:]
# As in entries.txt: query, algorithm, digits, period, secret.
ENTRIES = [
    ("ACME", "SHA1", 6, 30, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"),
    ("SHA256", "SHA256", 8, 30, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZA===="),
    ("SHA512", "SHA512", 7, 60, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
                                "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNA="),
]
TIMES = 100


def ours(query, at):
    command = [LIFEBOAT, "--sandbox", "kill", "--vault", WORK + "/vault", "--key-file", WORK + "/key", "--no-input", "code", query, "--at", str(at)]
    environment = {"HOME": WORK + "/home", "PATH": "/usr/bin:/bin"}
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout.strip()


def theirs(algorithm, digits, period, secret, at):
    command = ["oathtool", "--totp=" + algorithm, "--base32", "--digits=%d" % digits, "--time-step-size=%ds" % period,
               "--now=@%d" % at, "-"]
    return subprocess.run(command, input=secret + "\n", capture_output=True, text=True, check=True).stdout.strip()


def main():
    seed = random.randrange(1 << 32)
    chance, differing = random.Random(seed), 0
    for query, algorithm, digits, period, secret in ENTRIES:
        # oathtool prints 6 to 8 digits and takes times of 31 bits.
        for at in [0, period - 1, period, 59, 1111111109, *(chance.randrange(1 << 31) for _ in range(TIMES - 5))]:
            got, wanted = ours(query, at), theirs(algorithm, digits, period, secret, at)
            if got != wanted:
                differing += 1
                print("%s at %d: %s, oathtool says %s" % (query, at, got, wanted), file=sys.stderr)
    print("%d codes for each of %d algorithms, %d differ (seed %d)" % (TIMES, len(ENTRIES), differing, seed))
    return 1 if differing else 0


sys.exit(main())
