#!/usr/bin/env python3
"""Imports files that were made to hurt: python3 hostile_imports.py PROGRAM FOLDER.

Each has to be refused, with the status that it deserves and a message, in about a second and in little memory. What is
measured is the whole program, with the opening of a vault by a key file.
"""
import base64
import hashlib
import io
import json
import os
import pathlib
import random
import struct
import subprocess
import sys
import zipfile
import zlib

PROGRAM, WORK = sys.argv[1], pathlib.Path(sys.argv[2])
# A busy or slow machine is not the program's fault: CPU time is what is judged, and twice the second that is meant.
MOST_SECONDS = 2.0
MOST_MIB = 400
MIB = 1 << 20


def png(width, height, rows=b""):
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def zipped(name, size):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        with archive.open(name, "w", force_zip64=True) as member:
            block = b" " * MIB
            for _ in range(size // MIB):
                member.write(block)
    return out.getvalue()


def many_members(name, n):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(n):
            archive.writestr(f"{number}-{name}", b"")
        archive.writestr(name, b"x" * 1000)
    return out.getvalue()


def gzip_bomb(size):
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    out = [packer.compress(b" " * MIB) for _ in range(size // MIB)]
    return b"".join(out) + packer.flush()


def b64(raw):
    return base64.b64encode(raw).decode()


def costly():
    """One file of each format that says how its key is derived, asking for more than anybody has."""
    yield "ente", json.dumps({"version": 1, "kdfParams": {"memLimit": 1 << 42, "opsLimit": 4, "salt": b64(bytes(16))},
                              "encryptedData": b64(bytes(64)), "encryptionNonce": b64(bytes(24))}).encode()
    for kind, more in ((0, {"kdfIterations": 1 << 31}), (1, {"kdfIterations": 3, "kdfMemory": 1 << 22, "kdfParallelism": 4})):
        yield f"bitwarden-{kind}", json.dumps({
            "encrypted": True, "passwordProtected": True, "salt": "x", "kdfType": kind, **more,
            "encKeyValidation_DO_NOT_EDIT": "2." + "|".join([b64(bytes(16)), b64(bytes(48)), b64(bytes(32))]),
            "data": "2." + "|".join([b64(bytes(16)), b64(bytes(48)), b64(bytes(32))])}).encode()
    slot = {"type": 1, "uuid": "0", "key": "00" * 32, "key_params": {"nonce": "00" * 12, "tag": "00" * 16}, "n": 1 << 40, "r": 8, "p": 1,
            "salt": "00" * 32}
    yield "aegis", json.dumps({"version": 1, "header": {"slots": [slot], "params": {"nonce": "00" * 12, "tag": "00" * 16}},
                               "db": b64(bytes(64))}).encode()
    def kdbx(version, *items):
        length = "<H" if version == 3 else "<I"
        fields = ((2, bytes.fromhex("31c1f2e6bf714350be5805216afc5aff")), (3, bytes(4)), (4, bytes(32)), (7, bytes(16)), *items, (0, b""))
        header = bytes.fromhex("03d9a29a67fb4bb5") + struct.pack("<HH", 0, version)
        header += b"".join(bytes([kind]) + struct.pack(length, len(value)) + value for kind, value in fields)
        return header + hashlib.sha256(header).digest() + bytes(500)

    def parameter(kind, name, value):
        return bytes([kind]) + struct.pack("<I", len(name)) + name + struct.pack("<I", len(value)) + value

    argon2 = [(0x42, b"$UUID", bytes.fromhex("ef636ddf8c29444b91f7a9a403e30a0c")), (5, b"M", struct.pack("<Q", 1 << 40)),
              (5, b"I", struct.pack("<Q", 1 << 40)), (4, b"P", struct.pack("<I", 2)), (4, b"V", struct.pack("<I", 19)), (0x42, b"S", bytes(32))]
    yield "keepass-argon2", kdbx(4, (11, b"\0\1" + b"".join(parameter(*one) for one in argon2) + b"\0"))
    yield "keepass-aes", kdbx(3, (5, bytes(32)), (6, struct.pack("<Q", 1 << 60)), (8, bytes(32)), (9, bytes(32)), (10, struct.pack("<I", 2)))
    yield "otpclient", b"OTPClient" + struct.pack(">i", 3) + bytes(48) + struct.pack(">iii", 64, 1 << 30, 16) + bytes(64)


def files():
    """Name, statuses that are right, content."""
    dice = random.Random(7)
    noise = dice.randbytes(MIB)
    for name, block in (("zeros", bytes(MIB)), ("noise", noise), ("brackets", b"[" * MIB), ("braces", b'{"a":' * (MIB // 5)),
                        ("tags", b"<a>" * (MIB // 3)), ("lines", b"otpauth://totp/x?secret=\n" * (MIB // 25))):
        yield f"100-mib-of-{name}", (5,), block * 100
        yield f"60-mib-of-{name}", (3, 5, 8), block * 60
    for bracket in (b"[", b'{"db":', b"<a>", b'{"tokens":[', b'[{"secret":', b"- name:\n  "):
        yield f"million-nested-{bracket[:2]!r}", (5,), bracket * 1_000_000
    yield "nested-in-prefs", (3, 5, 8), b"<map>" + b"<set>" * 500_000
    for name, start in (("prefs", b"<map>"), ("keepass", b"<KeePassFile>")):
        for kind, what in (("tags", b"<a/>"), ("attributes", b"<a b='' c='' d=''/>"), ("text", b"<a>x</a>")):
            yield f"15-mib-of-{kind}-in-{name}", (5,), start + what * (15 * MIB // len(what))
    yield "60-mib-of-tags-in-keepass", (5,), b"<KeePassFile>" + b"<a/>" * (15 * MIB)
    yield "entities", (3, 5, 8), (b'<?xml version="1.0"?><!DOCTYPE map [<!ENTITY a "' + b"x" * 1000 + b'">'
                               + b"".join(b'<!ENTITY %c "%s">' % (c + 1, b"&%c;" % c * 50) for c in range(97, 110))
                               + b']><map><string name="x">&n;</string></map>')
    for name in ("export.data", "Proton Pass/data.json", "raivo-otp-export.json", "Accounts.txt", "list.txt"):
        yield f"bomb-{name.replace('/', '-')}", (3, 5, 8), zipped(name, 2 << 30 if name == "export.data" else 200 * MIB)
    yield "zip-with-100000-members", (3, 5, 8), many_members("Accounts.txt", 60_000)
    yield "gzip-bomb", (5,), gzip_bomb(1 << 30)
    yield "lastpass-bomb", (5, 8), b"lpaauth-migration://offline?data=" + b64(gzip_bomb(200 * MIB)).replace("+", "%2B").encode()
    yield "picture-30000", (5, 8), png(30_000, 30_000, zlib.compress(bytes(30_001)))
    yield "picture-bomb", (5, 8), png(9_000, 9_000, zlib.compress(bytes(81 * MIB), 9))
    yield "picture-of-nothing", (5, 8), png(1 << 31 - 1, 1, b"")
    for name, content in costly():
        yield f"costly-{name}", (5, 8), content


def run(arguments):
    process = subprocess.Popen(
        [PROGRAM, "--sandbox", "kill", "--no-input", "--vault", str(WORK / "hostile-vault"), "--key-file", str(WORK / "hostile-key"), *arguments],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, env={"HOME": str(WORK)})
    said = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return process.returncode, said.decode(errors="replace"), usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def main():
    status, said, *_ = run(["init", "--new-key-file", str(WORK / "hostile-key")]) if not (WORK / "hostile-key").exists() else (0, "")
    assert status == 0, said
    wrong, n, worst = [], 0, (0.0, 0.0)
    for name, statuses, content in files():
        path = WORK / f"hostile-{n}"
        path.write_bytes(content)
        status, said, seconds, mib = run(["import", str(path)])
        path.unlink()
        n += 1
        worst = max(worst[0], seconds), max(worst[1], mib)
        if os.environ.get("HOSTILE_TIMES"):
            print(f"{name}: {seconds:.2f} s, {mib:.0f} MiB")
        faults = []
        if status not in statuses:
            faults.append(f"status {status}")
        if seconds > MOST_SECONDS:
            faults.append(f"{seconds:.2f} s")
        if mib > MOST_MIB:
            faults.append(f"{mib:.0f} MiB")
        if not said.strip() or "panicked" in said or "NOT CHANGED" not in said.upper() and len(said) > 4000:
            faults.append("no short message")
        if faults:
            wrong.append(name)
            print(f"{name}: {', '.join(faults)}: {said.strip()[:300]}")
    print(f"{n} files made to hurt: {len(wrong)} not refused as they should be; the worst took {worst[0]:.2f} s of CPU and {worst[1]:.0f} MiB")
    sys.exit(bool(wrong))


main()
