#!/usr/bin/env python3
"""Runs fuzz targets until each has had so much CPU time, and keeps count: python3 fuzz/run.py --help.

The programs must be built (`cargo +nightly fuzz build`). It can be stopped and started again: what has run is
kept in FOLDER/runs.json, beside the corpora and what was found.
"""
import argparse
import concurrent.futures
import json
import math
import os
import pathlib
import re
import shutil
import subprocess
import threading

FUZZ = pathlib.Path(__file__).resolve().parent
TARGETS = ("header", "payload", "bundle", "otpauth", "aegis", "keys", "entry", "otpauth_list", "otpauth_migration", "qr_picture", "label",
           "log_line", "state", "settings", "share", "drill_report", "formats", "proof", "pass")
DICTIONARIES = {"otpauth": "otpauth.dict", "otpauth_list": "otpauth.dict", "aegis": "json.dict", "drill_report": "json.dict", "entry": "json.dict", "formats": "json.dict", "proof": "json.dict",
                "header": "json.dict", "log_line": "json.dict", "pass": "json.dict", "payload": "json.dict", "settings": "toml.dict", "share": "words.dict", "state": "json.dict"}

arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
arguments.add_argument("folder", type=pathlib.Path, help="where corpora, findings and counts are kept")
arguments.add_argument("targets", nargs="*", default=TARGETS)
arguments.add_argument("--cpu", type=int, default=600, help="CPU seconds for each target, with what it has had before")
arguments.add_argument("--turn", type=int, default=180, help="seconds of a target before the next one has its turn")
arguments.add_argument("--jobs", type=int, default=1, help="targets that run beside each other")
arguments.add_argument("--programs", type=pathlib.Path, help="folder of the programs",
                       default=FUZZ / "target/x86_64-unknown-linux-gnu/release")
lock = threading.Lock()
FIXTURES = FUZZ.parent / "vectors/interchange"


def expanded(targets):
    """`formats:ID` is the importer of one format, `formats:all` each that has fixtures."""
    ids = sorted(path.name for path in FIXTURES.iterdir() if path.is_dir() and path.name != "refused")
    for target in targets:
        yield from [f"formats:{id}" for id in ids] if target == "formats:all" else [target]


def chunk(options, target):
    """Runs a target for one turn and counts it; false when it has had enough or found something."""
    folder = options.folder
    counts = read(folder).get(target, {"cpu": 0, "runs": 0, "edges": 0, "findings": 0})
    if counts["cpu"] >= options.cpu or counts["findings"]:
        return False
    program, _, format_id = target.partition(":")
    corpus, found = folder / "corpus" / target, folder / "found" / target
    committed = FIXTURES / format_id if format_id else FUZZ / "corpus" / target
    if not corpus.exists() and committed.exists():
        shutil.copytree(committed, corpus)
    corpus.mkdir(parents=True, exist_ok=True)
    found.mkdir(parents=True, exist_ok=True)
    dictionary = [f"-dict={FUZZ / DICTIONARIES[program]}"] if program in DICTIONARIES else []
    # A second of a turn has at most one of the CPU.
    turn = min(options.turn, math.ceil(options.cpu - counts["cpu"]) + 1)
    log = folder / f"{target}.log"
    with log.open("w") as out:
        process = subprocess.Popen(
            [options.programs / program, *dictionary, f"-max_total_time={turn}", "-rss_limit_mb=2048", "-timeout=20",
             f"-artifact_prefix={found}/", "-print_final_stats=1", corpus],
            stdout=out, stderr=out, preexec_fn=lambda: os.nice(15),
            env=os.environ | ({"LIFEBOAT_FUZZ_FORMAT": format_id} if format_id else {}))
        _, status, usage = os.wait4(process.pid, 0)
    text = log.read_text(errors="replace")
    executed = re.findall(r"number_of_executed_units: (\d+)", text)
    edges = re.findall(r"cov: (\d+)", text)
    with lock:
        runs = read(folder)
        counts["cpu"] += usage.ru_utime + usage.ru_stime
        counts["runs"] += int(executed[-1]) if executed else 0
        counts["edges"] = max([counts["edges"], *map(int, edges[-1:])])
        counts["findings"] += status != 0
        runs[target] = counts
        # Put in place whole: another turn may be reading it.
        beside = folder / "runs.json.new"
        beside.write_text(json.dumps(runs, indent=1) + "\n")
        beside.replace(folder / "runs.json")
    if status:
        shutil.copy(log, folder / f"{target}.found.log")
        print(f"{target}: something was found, see {folder}/{target}.found.log and {found}", flush=True)
    return not status


def read(folder):
    path = folder / "runs.json"
    return json.loads(path.read_text()) if path.exists() else {}


def main():
    options = arguments.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    open_targets = list(expanded(options.targets))
    # One turn each, again and again, so that all have had something whenever it is stopped.
    while open_targets:
        with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
            more = list(pool.map(lambda target: chunk(options, target), open_targets))
        open_targets = [target for target, wanted in zip(open_targets, more) if wanted]
    print("| target | CPU time | executions | edges | findings |\n|---|---|---|---|---|")
    for target, counts in sorted(read(options.folder).items()):
        print(f"| `{target}` | {counts['cpu'] / 60:.1f} min | {counts['runs']:,} | {counts['edges']:,} |"
              f" {counts['findings']} |")


main()
