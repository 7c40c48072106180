#!/usr/bin/env python3
"""Writes databases with Python's own SQLite, for the reader of tables and for the apps whose databases are read.

Run it in vectors/. What is in sqlite/ is the table `t`, row n (from 1 on, without those that n divided by seven leaves 3)
as `rows` says, in the ways in which SQLite keeps tables. The other ones have the accounts of interchange/canonical.txt
that the app can hold. Nothing of Lifeboat is used.
"""

import base64
import pathlib
import sqlite3
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, "interchange")
from make_aegis import ACCOUNTS, code, decode  # noqa: E402

INTEGERS = [0, 1, 5, -1, 127, -128, 128, 40_000, -40_000, 9_000_000, 2**31, -(2**40), 2**47, 2**63 - 1, -(2**63)]


def rows(n_rows, longest):
    for n in range(1, n_rows + 1):
        text = ("é" if n % 2 else "x") * (n * 37 % longest)
        yield n, f"name {n}", INTEGERS[n % len(INTEGERS)], text, None if n % 3 else n / 4


def write(path, statements, n_rows=200, longest=900, table="CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT, number INTEGER, text, real REAL)"):
    path.parent.mkdir(exist_ok=True)
    path.unlink(missing_ok=True)
    database = sqlite3.connect(path)
    for statement in statements:
        database.execute(statement)
    database.execute(table)
    for row in rows(n_rows, longest):
        database.execute("INSERT INTO t (id, name, number, text, real) VALUES (?, ?, ?, ?, ?)", row)
    database.execute("DELETE FROM t WHERE id % 7 = 3")
    database.commit()
    return database


def forms(folder):
    for size in (512, 1024, 4096, 65536):
        write(folder / f"pages-{size}.sqlite", [f"PRAGMA page_size = {size}"], longest=900 if size < 4096 else 9000,
              n_rows=200 if size < 4096 else 40).close()
    write(folder / "utf-16le.sqlite", ["PRAGMA page_size = 512", "PRAGMA encoding = 'UTF-16le'"], n_rows=60).close()
    write(folder / "utf-16be.sqlite", ["PRAGMA page_size = 1024", "PRAGMA encoding = 'UTF-16be'"], n_rows=60).close()
    write(folder / "auto-vacuum.sqlite", ["PRAGMA page_size = 512", "PRAGMA auto_vacuum = FULL"]).close()
    write(folder / "log.sqlite", ["PRAGMA page_size = 1024", "PRAGMA journal_mode = WAL"], n_rows=30).close()
    database = write(folder / "others.sqlite", ["PRAGMA page_size = 1024"], n_rows=30)
    for statement in (
        "CREATE INDEX i ON t (name)",
        "CREATE VIEW v AS SELECT * FROM t",
        "CREATE TRIGGER g AFTER INSERT ON t BEGIN DELETE FROM t; END",
        "ALTER TABLE t ADD COLUMN later TEXT",
        "CREATE TABLE keyed (name TEXT PRIMARY KEY, text) WITHOUT ROWID",
        "CREATE TABLE computed (a, b GENERATED ALWAYS AS (a + 1), c)",
        "CREATE TABLE empty (a)",
        "INSERT INTO keyed VALUES ('a', 'b')",
    ):
        database.execute(statement)
    database.commit()
    database.execute("VACUUM")
    database.close()


def connected(path):
    path.parent.mkdir(exist_ok=True)
    path.unlink(missing_ok=True)
    return sqlite3.connect(path)


def usual(kinds=("totp",)):
    """The canonical accounts with SHA-1, six digits and thirty seconds."""
    for account in ACCOUNTS:
        _, _, kind, algo, digits, number, *_ = account
        if algo == "SHA1" and digits == 6 and kind in kinds and (kind == "hotp" or number == 30):
            yield account


def line(issuer, name, kind, algo, digits, number, secret, tag="", note=""):
    fields = [issuer, name, f"{kind} {algo} {digits}", number, secret, 8 * len(decode(secret)),
              code(kind, algo, digits, number, secret), tag, "false", note]
    return "|".join(map(str, fields)) + "\n"


def microsoft():
    database = connected(pathlib.Path("interchange/microsoft/PhoneFactor"))
    database.execute("CREATE TABLE `accounts` (`_id` INTEGER PRIMARY KEY AUTOINCREMENT, `name` TEXT NOT NULL, `username` TEXT NOT NULL, "
                     "`oath_secret_key` TEXT NOT NULL, `account_type` INTEGER NOT NULL, `encrypted_oath_secret_key` TEXT NOT NULL)")
    lines = ["# as canonical.txt, with the accounts that Microsoft Authenticator can hold, and one of its own\n"]
    insert = "INSERT INTO accounts (name, username, oath_secret_key, account_type, encrypted_oath_secret_key) VALUES (?, ?, ?, ?, '')"
    for issuer, name, kind, algo, digits, number, secret, *_ in usual():
        database.execute(insert, (issuer, name, secret, 0))
        lines.append(line(issuer, name, kind, algo, digits, number, secret))
    own = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    database.execute(insert, ("Microsoft", "ana@outlook.example", base64.b64encode(decode(own)).decode(), 1))
    lines.append(line("Microsoft", "ana@outlook.example", "totp", "SHA1", 8, 30, own))
    database.commit()
    database.close()
    pathlib.Path("interchange/microsoft.txt").write_text("".join(lines))
    database = connected(pathlib.Path("sqlite/microsoft-refused.sqlite"))
    database.execute("CREATE TABLE accounts (name, username, oath_secret_key, account_type, encrypted_oath_secret_key)")
    database.executemany("INSERT INTO accounts VALUES (?, ?, ?, ?, ?)", [
        ("Work", "a", "", 2, ""), ("Newer", "b", "", 0, "AAAA"), ("Empty", "c", "", 0, ""), ("Odd", "d", "JBSWY3DPEHPK3PXP", 7, ""),
        ("Own", "e", "no base64", 1, ""), ("None", "f", "JBSWY3DPEHPK3PXP", None, "")])
    database.commit()
    database.close()


def google():
    database = connected(pathlib.Path("sqlite/google.sqlite"))
    database.execute("CREATE TABLE accounts (_id INTEGER PRIMARY KEY, email TEXT NOT NULL, secret TEXT NOT NULL, counter INTEGER DEFAULT 0, "
                     "type INTEGER, provider INTEGER DEFAULT 0, issuer TEXT DEFAULT NULL, original_name TEXT DEFAULT NULL, isencrypted INTEGER DEFAULT 0)")
    insert = "INSERT INTO accounts (email, secret, counter, type, issuer, isencrypted) VALUES (?, ?, ?, ?, ?, ?)"
    database.executemany(insert, [
        ("Bank:ana", "JBSW Y3DP EHPK 3PXP", 0, 0, "Bank", 0), ("VPN:ben", "JBSWY3DPEHPK3PXP", 41, 1, None, 0),
        ("cem", "JBSWY3DPEHPK3PXP", None, 0, "", None), ("dan", "AAAA", 0, 0, "Sealed", 1), ("eve", "JBSWY3DPEHPK3PXP", 0, 9, "Odd", 0)])
    database.commit()
    database.close()


def stratum():
    database = connected(pathlib.Path("sqlite/stratum.sqlite"))
    database.execute("PRAGMA journal_mode = WAL")
    database.execute('CREATE TABLE "authenticator" ("type" integer, "icon" varchar, "issuer" varchar(32), "username" varchar(40), '
                     '"secret" varchar primary key not null, "pin" varchar, "algorithm" integer, "digits" integer, "period" integer, '
                     '"counter" integer, "ranking" integer)')
    database.execute('CREATE TABLE "category" ("id" varchar(8) primary key not null, "name" varchar(32), "ranking" integer)')
    database.execute('CREATE TABLE "authenticatorcategory" ("categoryId" varchar, "authenticatorSecret" varchar, "ranking" integer)')
    database.executemany("INSERT INTO authenticator VALUES (?, ?, ?, ?, ?, NULL, ?, ?, ?, ?, 0)", [
        (2, "bank", "Bank", "ana", "JBSWY3DPEHPK3PXP", 1, 8, 60, 0), (1, None, "VPN", None, "KRUGS43JONQXG3DP", 0, 6, 30, 41),
        (4, None, "Steam", "gabe", "JRZCL47CMXVOQMNPZR2F7J4RGI", 0, 5, 30, 0), (3, None, "Old", "m", "0123456789abcdef", 0, 6, 10, 0)])
    database.execute("INSERT INTO category VALUES ('c1', 'Work', 0)")
    database.execute("INSERT INTO authenticatorcategory VALUES ('c1', 'JBSWY3DPEHPK3PXP', 0)")
    database.commit()
    database.close()


if __name__ == "__main__":
    forms(pathlib.Path("sqlite"))
    microsoft()
    google()
    stratum()
