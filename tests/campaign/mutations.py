"""Shows that the campaign can fail: without any one of its safeguards, the part that guards it does.

    python3 tests/campaign/mutations.py [--work DIR] [--only TEXT]

Each mutation replaces one exact text in a copy of the sources; if the text is not there exactly once the code has moved,
and this fails and says so. The mutants are debug builds with a target folder of their own (--work keeps it).
"""
import argparse, collections, os, re, shutil, subprocess, sys, tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
FIGURES = HERE + "/figures/mutations.md"
REPOSITORY = os.path.dirname(os.path.dirname(HERE))

# The parts are command lines of which each must fail; status 77 of the power part says that it cannot run here.
Mutation = collections.namedtuple("Mutation", "name file old new parts")
ORDER = ["campaign.py", "order", "--only", "add"]
POWER = ["power.py", "--short", "--file-system", "ext4"]
MUTATIONS = [
    Mutation("no fsync of the file", "src/storage/disk/real.rs",
             "        self.sync_all()?;\n", "", [ORDER, POWER]),
    Mutation("no fsync of the folder", "src/storage/disk/platform.rs",
             "        File::open(folder)?.sync_all()\n", "        File::open(folder).map(|_| ())\n", [ORDER, POWER]),
    Mutation("no reading back", "src/storage/atomic/written.rs",
             "    if read_back == bytes && check(&read_back) {\n",
             "    if read_back == bytes && check(&read_back) || true {\n",
             [["campaign.py", "errors", "--only", "edit"]]),
    Mutation("no reading back of the log", "src/storage/append.rs",
             "    if disk.read_from(path, before, most).at(Step::ReadBack, path)? == bytes {\n",
             "    if disk.read_from(path, before, most).at(Step::ReadBack, path)? == bytes || true {\n",
             [["campaign.py", "errors", "--only", "trash restore"]]),
    Mutation("any error means that there is no file", "src/storage/disk/real.rs",
             "            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),\n",
             "            Err(_) if true => Ok(None),\n",
             [["campaign.py", "errors", "--only", "edit", "--every", "5"]]),
]


def mutant(mutation, work):
    """Builds the program with one safeguard taken out; the other sources are as they are."""
    tree = work + "/tree"
    shutil.rmtree(tree, ignore_errors=True)
    os.makedirs(tree)
    for name in ("Cargo.toml", "Cargo.lock", "rust-toolchain.toml"):
        shutil.copy2(os.path.join(REPOSITORY, name), tree)
    for name in ("src", "benches", "tests", "vectors", "man"):
        if os.path.isdir(os.path.join(REPOSITORY, name)):
            os.symlink(os.path.join(REPOSITORY, name), tree + "/" + name) if name != "src" else shutil.copytree(
                os.path.join(REPOSITORY, name), tree + "/src")
    if os.path.exists(os.path.join(REPOSITORY, "build.rs")):
        shutil.copy2(os.path.join(REPOSITORY, "build.rs"), tree)
    path = os.path.join(tree, mutation.file)
    with open(path) as file:
        text = file.read()
    if text.count(mutation.old) != 1:
        raise SystemExit("the code moved: %s no longer has exactly once: %s" % (mutation.file, mutation.old.strip()))
    with open(path, "w") as file:
        file.write(text.replace(mutation.old, mutation.new))
    subprocess.run(["cargo", "build", "--locked", "--quiet", "--bin", "lifeboat"], cwd=tree, check=True,
                   env={**os.environ, "CARGO_TARGET_DIR": work + "/target"})
    made = work + "/lifeboat"
    shutil.copy2(work + "/target/debug/lifeboat", made)
    return made


def others(mutations):
    """The rows of the figures that are about other mutations than these."""
    names = ["| %s |" % mutation.name for mutation in mutations]
    try:
        with open(FIGURES) as file:
            rows = [line for line in file if line.startswith("| ") and not line.startswith("| taken out")]
    except FileNotFoundError:
        return []
    return [row for row in rows if not row.startswith(tuple(names))]


def main():
    cli = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    cli.add_argument("--work", metavar="DIR", help="build there, and keep it for the next time")
    cli.add_argument("--only", metavar="TEXT", default="", help="mutations whose name contains it")
    cli.add_argument("--write", action="store_true", help="write the figures; of the other mutations they stay")
    args = cli.parse_args()
    work = os.path.abspath(args.work) if args.work else tempfile.mkdtemp(prefix="lifeboat-mutants-")
    os.makedirs(work, exist_ok=True)
    mutations = [mutation for mutation in MUTATIONS if args.only in mutation.name]
    rows, survived = [], 0
    try:
        for mutation in mutations:
            program = mutant(mutation, work)
            for part in mutation.parts:
                done = subprocess.run([sys.executable, os.path.join(HERE, part[0]), *part[1:], "--program", program],
                                      capture_output=True, text=True)
                noticed = {0: "NOT NOTICED", 1: "noticed", 77: "cannot run here"}.get(done.returncode, "FAILED TO RUN")
                # A part that broke down has noticed nothing.
                if noticed == "noticed" and part[0] == "campaign.py" and not re.search(r" [1-9]\d* wrong", done.stdout):
                    noticed = "FAILED TO RUN"
                survived += noticed not in ("noticed", "cannot run here")
                # A part that cannot run here proves nothing, and what is claimed is run.
                survived += noticed == "cannot run here" and os.environ.get("CI") == "true"
                words = next((word for word in part[1:] if not word.startswith("-")), "") if part[0] != "power.py" else ""
                rows.append((mutation.name, words or "power", noticed, len(done.stderr.splitlines())))
                print("%s: %s by %s" % (mutation.name, noticed, words or "power"), flush=True)
                if noticed == "FAILED TO RUN":
                    print(done.stdout + done.stderr, file=sys.stderr)
    finally:
        if not args.work:
            shutil.rmtree(work, ignore_errors=True)
    if args.write:
        written = others(mutations) + ["| %s | %s | %s |\n" % row[:3] for row in rows]
        order = [mutation.name for mutation in MUTATIONS]
        with open(FIGURES, "w") as file:
            file.write("## Mutations\n\nEach safeguard taken out of the program, and the part that must fail then.\n\n"
                       "| taken out | part | outcome |\n|---|---|---|\n")
            file.writelines(sorted(written, key=lambda row: order.index(row.split(" | ")[0][2:])))
    return 1 if survived else 0


if __name__ == "__main__":
    sys.exit(main())
