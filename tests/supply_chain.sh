#!/usr/bin/env bash
# What a release is made of, and that anybody who builds it gets the same bytes. Run by hand before a release, and
# with every change of a dependency; it builds the release program twice, which takes some minutes of CPU.
#
#   bash tests/supply_chain.sh                  all sections
#   bash tests/supply_chain.sh sbom             one of: sbom build auditable static reproducible
#
#   COMMIT=v0.1.0 bash tests/supply_chain.sh    another commit than HEAD
#
# It builds what is committed, not what lies about in the working tree. Results are in target/supply-chain:
# the program for the kit, its bill of materials, and their SHA-256. What is missing is installed by cargo or rustup,
# into target/supply-chain/tools.
set -euo pipefail
cd "$(dirname "$0")/.."

ROOT=$PWD
OUT=$ROOT/target/supply-chain
TARGET=$(uname -m)-unknown-linux-musl
COMMIT=$(git rev-parse --verify "${COMMIT:-HEAD}^{commit}")
SOURCE_DATE_EPOCH=$(git log -1 --format=%ct "$COMMIT")
CARGO_HOME=${CARGO_HOME:-$HOME/.cargo}
export SOURCE_DATE_EPOCH CARGO_HOME CARGO_INCREMENTAL=0 CARGO_TERM_COLOR=never
PATH=$OUT/tools/bin:$PATH
# One in target, one beside it under a longer name: a path that slips into the program shows.
FIRST=$OUT/first
SECOND=$OUT/a/second/place/with-a-longer-name
PROGRAM=target/$TARGET/release/lifeboat

say() { printf '%s\n' "$*"; }
fail() {
    printf 'FAILED: %s\n' "$*" >&2
    exit 1
}

# tool NAME VERSION: has a cargo command, of any version where one is installed.
tool() {
    command -v "$1" > /dev/null || cargo install --locked --quiet --root "$OUT/tools" "$1@$2"
}

# built DIRECTORY: builds the commit there, once.
built() {
    local place=$1
    if [ "$(cat "$place/built" 2> /dev/null)" = "$COMMIT" ]; then
        return
    fi
    rm -rf "$place"
    mkdir -p "$place"
    git archive "$COMMIT" | tar -x -C "$place"
    (
        cd "$place"
        # No path of this machine: neither where it was built nor where the sources of the crates lay.
        export RUSTFLAGS="--remap-path-prefix=$place=/lifeboat --remap-path-prefix=$CARGO_HOME=/cargo"
        cargo auditable build --quiet --release --locked --target "$TARGET" --bin lifeboat
    )
    printf '%s\n' "$COMMIT" > "$place/built"
}

build() {
    tool cargo-auditable 0.7.7
    rustup target list --installed | grep -qx "$TARGET" || rustup target add "$TARGET"
    local begun=$SECONDS
    built "$FIRST"
    cp "$FIRST/$PROGRAM" "$OUT/lifeboat"
    say "built in $((SECONDS - begun)) s: $(stat -c %s "$OUT/lifeboat") bytes, sha256 $(sha256sum "$OUT/lifeboat" | cut -d' ' -f1)"
}

# The bill of materials: every crate that the program is built from, with version, licence and hash.
sbom() {
    tool cargo-cyclonedx 0.5.9
    local place
    place=$(mktemp -d)
    git archive "$COMMIT" | tar -x -C "$place"
    (cd "$place" && cargo cyclonedx --quiet --format json --spec-version 1.5 --no-build-deps --target "$TARGET")
    # The tool writes the path of this machine into the references; they become names.
    sed "s|path+file://$place|lifeboat|g" "$place/lifeboat.cdx.json" > "$OUT/lifeboat.cdx.json"
    rm -rf "$place"
    ! grep -qF "$place" "$OUT/lifeboat.cdx.json" || fail "the bill of materials names a path of this machine"
    cargo tree --locked --edges normal --target "$TARGET" --prefix none --format '{p}' |
        sed -n 's/^\([^ ]*\) v\([^ ]*\).*/\1 \2/p' | grep -v '^lifeboat ' | sort -u > "$OUT/crates.txt"
    python3 - "$OUT" << 'PYTHON'
import json, sys
out = sys.argv[1]
bill = json.load(open(f"{out}/lifeboat.cdx.json"))
listed = {f"{c['name']} {c['version']}" for c in bill["components"]}
tree = set(open(f"{out}/crates.txt").read().split("\n")) - {""}
# Crates that only run while building (macros) may be listed too.
missing = tree - listed
unnamed = [c["name"] for c in bill["components"] if not c.get("licenses") or not c.get("hashes")]
assert not missing, f"not in the bill of materials: {sorted(missing)}"
assert not unnamed, f"without a licence or a hash: {unnamed}"
print(f"CycloneDX {bill['specVersion']}: {len(listed)} crates, each with licence and SHA-256; cargo tree has {len(tree)} of them")
PYTHON
}

# The list of crates is in the program itself too, where cargo audit and other scanners find it.
auditable() {
    build > /dev/null
    # Read without a scanner: the section is JSON, compressed by zlib.
    python3 - "$OUT/lifeboat" << 'PYTHON'
import json, struct, sys, zlib
file = open(sys.argv[1], "rb").read()
offset, = struct.unpack_from("<Q", file, 40)
size, count, names = struct.unpack_from("<HHH", file, 58)
header = lambda n: struct.unpack_from("<IIQQQQ", file, offset + n * size)
start = header(names)[4]
for n in range(count):
    name, _, _, _, at, length = header(n)
    if file[start + name:].split(b"\0", 1)[0] == b".dep-v0":
        packages = json.loads(zlib.decompress(file[at:at + length]))["packages"]
        print(f"section .dep-v0: {len(packages)} packages, {sum(p.get('kind') != 'build' for p in packages)} of them at run time")
        assert any(p["name"] == "argon2" for p in packages)
        break
else:
    sys.exit("FAILED: there is no section .dep-v0")
PYTHON
}

# One file that needs nothing of the system it is brought to.
static() {
    build > /dev/null
    local home
    home=$(mktemp -d)
    file "$OUT/lifeboat" | grep -Eq 'statically linked|static-pie linked' || fail "$(file "$OUT/lifeboat")"
    ! readelf -d "$OUT/lifeboat" | grep -q NEEDED || fail "it needs a library"
    ! readelf -l "$OUT/lifeboat" | grep -q INTERP || fail "it needs a loader"
    env -i HOME="$home" TERM=dumb "$OUT/lifeboat" demo > "$home/demo.txt" || fail "demo: exit $?"
    # In an empty root there is no library, no /etc/passwd and no /proc.
    mkdir "$home/root" && cp "$OUT/lifeboat" "$home/root"
    if [ "$(id -u)" -eq 0 ]; then
        env -i "$(command -v chroot)" "$home/root" /lifeboat --version > /dev/null || fail "in an empty root: exit $?"
        say "static: demo runs; --version runs in an empty root"
    else
        say "static: demo runs (the empty root needs root, and was left out)"
    fi
    # Without HOME nobody is asked for one, over a socket least of all; --vault says where to look.
    # What doctor finds on this machine is not the question: 7 says that it found something.
    local status=0
    env -i "$OUT/lifeboat" --vault "$home/vault" doctor > "$home/doctor.txt" 2>&1 || status=$?
    [ "$status" -eq 0 ] || [ "$status" -eq 7 ] || {
        cat "$home/doctor.txt" >&2
        fail "doctor without HOME: exit $status"
    }
    say "static: doctor runs with HOME unset"
    rm -rf "$home"
}

reproducible() {
    build
    built "$SECOND"
    cmp "$FIRST/$PROGRAM" "$SECOND/$PROGRAM" || fail "the two builds differ"
    ! grep -qaF -e "$FIRST" -e "$SECOND" -e "$CARGO_HOME" "$OUT/lifeboat" || fail "it holds a path of this machine"
    say "reproducible: the same $(stat -c %s "$OUT/lifeboat") bytes from two directories, and no path of this machine in them"
}

[ "$(uname -s)" = Linux ] || fail "the kit's program is built on Linux"
for program in git python3 file readelf rustup cargo; do
    command -v "$program" > /dev/null || fail "$program is not installed"
done
mkdir -p "$OUT"
say "commit $COMMIT, $(rustc --version)"
[ $# -gt 0 ] || set -- sbom build auditable static reproducible
for name in "$@"; do
    case $name in
        sbom | build | auditable | static | reproducible) say "== $name" && "$name" ;;
        *) fail "no section is called $name" ;;
    esac
done
(cd "$OUT" && sha256sum lifeboat lifeboat.cdx.json 2> /dev/null > SHA256SUMS) || true
