#!/usr/bin/env bash
# Tests that need other programs beside Rust: python3 with pip, oathtool, strace, tmux, nm, mandoc, keyctl, ssh-keygen,
# chromium, keepassxc-cli, zbarimg, and poppler's pdfinfo, pdftoppm and pdftotext.
#
#   bash tests/with_programs.sh              builds the release program and runs every section
#   bash tests/with_programs.sh reader codes  runs these sections
#   LIFEBOAT=path bash tests/with_programs.sh  tests that program, and builds only the helpers of shares, quorum, mutations and memory
#
# A missing program skips its section, loudly. Under CI=true it fails instead: what is claimed is run.
set -euo pipefail
cd "$(dirname "$0")/.."

SECTIONS=(reader vectors plan shares cards evidence files quorum pass mutations codes exports keepass campaign quiet hostile symbols interface picture memory keyring pages size)
ROOT=$PWD
HELP_DIR=$ROOT/tests/with_programs
WORK=$(mktemp -d)
export PYTHONDONTWRITEBYTECODE=1
trap 'rm -rf "$WORK"' EXIT

say() { printf '%s\n' "$*"; }
fail() {
    printf 'FAILED: %s\n' "$*" >&2
    exit 1
}

# needs PROGRAM...: returns 1 where one is missing, and ends everything under CI=true.
needs() {
    local program
    for program in "$@"; do
        if ! command -v "$program" > /dev/null; then
            [ "${CI:-}" != true ] || fail "$program is not installed"
            say "SKIPPED: $program is not installed"
            return 1
        fi
    done
}

# Runs the program with an empty home and nothing of this environment. A call that the sandbox refuses ends it.
lifeboat() {
    env -i HOME="$WORK/home" PATH=/usr/bin:/bin TERM=xterm-256color "$LIFEBOAT" --sandbox kill "$@"
}

# Makes $WORK/vault with a key file, which costs no key derivation, and a few entries of each type.
make_vault() {
    [ ! -e "$WORK/vault" ] || return 0
    mkdir -p "$WORK/home"
    lifeboat --vault "$WORK/vault" init --new-key-file "$WORK/key" 2> /dev/null
    local uri
    while read -r uri; do
        printf '%s\n' "$uri" | lifeboat --vault "$WORK/vault" --key-file "$WORK/key" add - > /dev/null 2>&1 \
            || fail "add refused an entry"
    done < "$HELP_DIR/entries.txt"
}

# Makes $WORK/bundle of that vault, opened by $WORK/bundle-key.
make_bundle() {
    make_vault
    [ ! -e "$WORK/bundle" ] || return 0
    lifeboat --vault "$WORK/vault" --key-file "$WORK/key" bundle create -o "$WORK/bundle" --label "Safe 2" \
        --bundle-key-file "$WORK/bundle-key" > /dev/null 2>&1 || fail "no bundle was made"
}

section_reader() {
    needs python3 || return 0
    python3 vectors/restore.py --self-test
    python3 vectors/worked_example.py --check
    python3 vectors/make_proof.py --check
    python3 vectors/make_pass.py --check
}

section_vectors() {
    needs python3 || return 0
    python3 "$HELP_DIR/vectors.py" vectors/envelope
}

# Plans with a trap in them: what a fixed point in Python says of what is reached.
section_plan() {
    needs python3 || return 0
    python3 vectors/plan/check.py
}

# Imports of files that were made to hurt: refused, in about a second and little memory.
section_hostile() {
    needs python3 || return 0
    python3 "$HELP_DIR/hostile_imports.py" "$LIFEBOAT" "$WORK"
}

# Shares: what the second reader says of the vectors, and a thousand sets each way with the standard's own program.
section_shares() {
    needs python3 || return 0
    cp -r vectors "$WORK/vectors-made" && mkdir -p "$WORK/src/custody" && cp src/custody/slip39_words.txt "$WORK/src/custody"
    (cd "$WORK/vectors-made" && python3 make_slip39.py)
    diff -r vectors/slip39 "$WORK/vectors-made/slip39" || fail "make_slip39.py makes other vectors"
    cargo build --locked --example shares
    local status=0
    python3 tests/slip39_second_implementation.py "$ROOT/target/debug/examples/shares" || status=$?
    if [ "$status" -eq 77 ] && [ "${CI:-}" != true ]; then
        say "SKIPPED: NOT COMPARED: the package shamir-mnemonic cannot be installed"
        return 0
    fi
    [ "$status" -eq 0 ] || fail "shares and shamir-mnemonic do not agree (status $status)"
}

# Cards of shares as a browser prints them, and the bundle opened from pictures of the printed pages.
section_cards() {
    needs python3 chromium pdfinfo pdftoppm pdftotext || return 0
    python3 "$HELP_DIR/cards.py" "$LIFEBOAT" "$WORK"
}

# Checks a signed file as somebody does who has OpenSSH and the key, and that one changed byte is found, wherever it is.
# signed_by_the_vault FILE NAMESPACE
signed_by_the_vault() {
    local file=$1 namespace=$2 length at
    verify() { ssh-keygen -Y verify -f "$WORK/signers" -I lifeboat -n "$namespace" -s "$file.sig" < "$1" > "$WORK/said" 2>&1; }
    verify "$file" || fail "ssh-keygen does not take the signature of $file: $(cat "$WORK/said")"
    grep -qF "$(ssh-keygen -l -f "$WORK/key.pub" | cut -d ' ' -f 2)" "$WORK/said" || fail "it is signed by another key"
    length=$(stat -c %s "$file")
    for at in 0 $((length / 3)) $((length / 2)) $((length - 2)); do
        cp "$file" "$WORK/altered"
        printf '\001' | dd of="$WORK/altered" bs=1 seek="$at" conv=notrunc status=none
        if verify "$WORK/altered"; then fail "ssh-keygen takes $file with byte $at changed"; fi
    done
    if ssh-keygen -Y verify -f "$WORK/signers" -I lifeboat -n file -s "$file.sig" < "$file" > /dev/null 2>&1; then
        fail "the signature of $file is one of anything"
    fi
    if ssh-keygen -Y verify -f "$WORK/signers" -I ana -n "$namespace" -s "$file.sig" < "$file" > /dev/null 2>&1; then
        fail "the signature of $file is anybody's"
    fi
}

# A report, checked by ssh-keygen with nothing of ours, looked at in a browser and printed.
section_evidence() {
    needs ssh-keygen python3 chromium pdfinfo pdftotext || return 0
    make_bundle
    local vault=(--vault "$WORK/vault" --key-file "$WORK/key") report=$WORK/report status=0
    lifeboat "${vault[@]}" evidence key > "$WORK/signers" 2> "$WORK/fingerprint" || fail "no key was printed"
    sed -n 's/.* \(ssh-ed25519 [^ ]*\) .*/\1/p' "$WORK/signers" > "$WORK/key.pub"
    grep -qF "$(ssh-keygen -l -f "$WORK/key.pub" | cut -d ' ' -f 2)" "$WORK/fingerprint" || fail "the fingerprint is another one"
    printf 'Policy\n\n- application: ACME\n- application: Nobody\n' > "$WORK/policy"
    lifeboat "${vault[@]}" evidence -o "$report" --policy "$WORK/policy" > /dev/null 2>&1 || fail "no report was made"
    signed_by_the_vault "$report/evidence.json" lifeboat-evidence
    lifeboat evidence verify "$report" --signers "$WORK/signers" > /dev/null || fail "our own check does not take it"
    # The report of a drill beside the vault is signed by the same key, that of one elsewhere by a key of its own.
    lifeboat "${vault[@]}" drill run "$WORK/bundle" --bundle-key-file "$WORK/bundle-key" --report "$WORK/drill.json" > /dev/null 2>&1 \
        || fail "a drill of a bundle that was just made finds something"
    signed_by_the_vault "$WORK/drill.json" lifeboat-drill
    lifeboat --vault "$WORK/no-vault" --no-input drill run "$WORK/bundle" --bundle-key-file "$WORK/bundle-key" --report "$WORK/away.json" \
        > /dev/null 2>&1 || fail "a drill without the vault finds something"
    ssh-keygen -Y check-novalidate -n lifeboat-drill -s "$WORK/away.json.sig" < "$WORK/away.json" > /dev/null 2>&1 \
        || fail "ssh-keygen does not take the signature of a drill elsewhere"
    cp -r "$report" "$WORK/altered-report"
    printf '<p>' >> "$WORK/altered-report/evidence.html"
    lifeboat evidence verify "$WORK/altered-report" --signers "$WORK/signers" > /dev/null 2>&1 || status=$?
    [ "$status" -eq 7 ] || fail "an altered page gives status $status"
    python3 "$HELP_DIR/evidence.py" "$report" "$WORK"
}

section_files() {
    needs python3 || return 0
    make_bundle
    local bundle=$WORK/bundle options=(--key-file "$WORK/bundle-key")
    lifeboat --vault "$WORK/vault" --key-file "$WORK/key" export --to otpauth --plaintext -o "$WORK/uris" \
        > /dev/null 2>&1 || fail "nothing was exported"
    [ "$(wc -l < "$WORK/uris")" -eq "$(wc -l < "$HELP_DIR/entries.txt")" ] || fail "the export is incomplete"
    python3 vectors/restore.py --key-file "$WORK/key" "$WORK/vault" 2> /dev/null | diff "$WORK/uris" - \
        || fail "restore.py reads the vault differently"
    python3 vectors/restore.py "${options[@]}" "$bundle" 2> /dev/null | diff "$WORK/uris" - \
        || fail "restore.py reads the bundle differently"
    # What the other one refuses, and as what.
    local status=0
    python3 vectors/restore.py --key-file "$WORK/key" "$bundle" > /dev/null 2>&1 || status=$?
    [ "$status" -eq 3 ] || fail "a wrong key file gives status $status"
    cp "$bundle" "$WORK/damaged" && printf '\0\0\0\0' | dd of="$WORK/damaged" bs=1 seek=3000 conv=notrunc status=none
    status=0
    python3 vectors/restore.py "${options[@]}" "$WORK/damaged" > /dev/null 2>&1 || status=$?
    [ "$status" -eq 5 ] || fail "a damaged bundle gives status $status"
    # The damage lies in the padding, so salvaging finds every entry, and still says 5.
    status=0
    python3 vectors/restore.py "${options[@]}" --salvage "$WORK/damaged" 2> "$WORK/said" > "$WORK/salvaged" || status=$?
    [ "$status" -eq 5 ] && diff "$WORK/uris" "$WORK/salvaged" || fail "salvaging lost an entry"
    grep -q UNAUTHENTICATED "$WORK/said" || fail "what was salvaged is not said to be unauthenticated"
    say "$(wc -l < "$WORK/uris") entries read the same from vault and bundle"
}

# Makes and opens bundles for shares through the library.
build_quorum() {
    cargo build --locked --example quorum
}

section_quorum() {
    needs python3 || return 0
    build_quorum
    python3 "$HELP_DIR/quorum.py" "$ROOT/target/debug/examples/quorum" "$WORK"
}

# Passes, opened by a reader that was written from their page alone: no seed in them, and no code outside of their time.
section_pass() {
    needs python3 || return 0
    python3 "$HELP_DIR/passes.py" "$LIFEBOAT" "$WORK"
}

section_mutations() {
    needs python3 || return 0
    make_bundle
    build_quorum
    python3 "$HELP_DIR/mutations.py" "$LIFEBOAT" "$WORK" "$ROOT/target/debug/examples/quorum"
}

section_codes() {
    needs python3 oathtool || return 0
    make_vault
    python3 "$HELP_DIR/codes.py" "$LIFEBOAT" "$WORK"
}

# Every format that is written, read by Python that was written from the format's description.
section_exports() {
    needs python3 oathtool || return 0
    local status=0
    python3 "$HELP_DIR/exports.py" "$LIFEBOAT" "$WORK" || status=$?
    if [ "$status" -eq 77 ] && [ "${CI:-}" != true ]; then
        say "SKIPPED: NOT READ: the packages with other implementations of the ciphers cannot be installed"
        return 0
    fi
    [ "$status" -eq 0 ] || fail "an export is not as its format says (status $status)"
}

# KeePassXC makes the same codes of what is exported for it, and what it exports comes back.
section_keepass() {
    needs python3 keepassxc-cli || return 0
    make_vault
    python3 "$HELP_DIR/keepass.py" "$LIFEBOAT" "$WORK"
}

# What the program leaves when it is killed, refused or crowded, and after power cuts: a sample of the fault campaign.
section_campaign() {
    needs python3 strace cc || return 0
    LIFEBOAT=$LIFEBOAT bash tests/campaign/run.sh --short
}

# Every command and the interface: no other program, no socket, nothing written where it should not be.
section_quiet() {
    needs python3 strace tmux || return 0
    python3 "$HELP_DIR/quiet.py" "$LIFEBOAT" "$WORK"
}

# The program can't even name what opens a connection. What sends and receives remains: signals pass through a pair of
# sockets, and the standard library's own parts are linked in whole.
section_symbols() {
    needs nm || return 0
    local names found
    names=$(nm -D --undefined-only "$LIFEBOAT" | awk '{print $2}' | sed 's/@.*//')
    grep -qx write <<< "$names" || fail "nm does not list what the program imports"
    found=$(grep -xE 'socket|connect|bind|listen|accept4?|sendto|getaddrinfo|gethostby.*|res_.*' <<< "$names" || true)
    [ -z "$found" ] || fail "the program imports $(tr '\n' ' ' <<< "$found")"
    say "$(wc -l <<< "$names") imported names; those of sockets: $(grep -xE 'socketpair|send.*|recv.*|get(sock|peer)name|shutdown|[gs]etsockopt' <<< "$names" | tr '\n' ' ')"
}

section_picture() {
    needs tmux python3 || return 0
    python3 tests/picture.py "$LIFEBOAT" "$WORK/picture.svg"
    grep -q "GitHub" "$WORK/picture.svg" || fail "the picture shows no entry"
}

section_interface() {
    needs tmux python3 || return 0
    make_vault
    bash "$HELP_DIR/interface.sh" "$LIFEBOAT" "$WORK"
    python3 "$HELP_DIR/prompt.py" "$LIFEBOAT" "$WORK"
}

# Nothing secret is left in the memory of the running program. The kernel lets only root read it: the program is undumpable.
section_memory() {
    needs tmux python3 || return 0
    local capabilities
    capabilities=$(sed -n 's/^CapEff:[[:space:]]*//p' /proc/self/status 2> /dev/null || true)
    if (( (0x${capabilities:-0} >> 19 & 1) == 0 )); then
        [ "${CI:-}" != true ] || fail "the memory of an undumpable process needs CAP_SYS_PTRACE to be read: run as root"
        say "SKIPPED: NOT READ: the memory of an undumpable process needs CAP_SYS_PTRACE (root)"
        return 0
    fi
    # A debug build: nothing that the shipped program does differently can be steered.
    cargo build --locked --example steered
    trap 'tmux -S "$WORK/memory/tmux" kill-server 2> /dev/null || true; rm -rf "$WORK"' EXIT
    python3 "$HELP_DIR/memory.py" "$LIFEBOAT" "$WORK" "$ROOT/target/debug/examples/steered"
}

# The vault's key in the kernel's keyring.
section_keyring() {
    needs keyctl python3 strace || return 0
    bash "$HELP_DIR/keyring.sh" "$LIFEBOAT" "$WORK"
}

section_pages() {
    needs mandoc || return 0
    local page found
    for page in man/*.[157]; do
        # The style notes are about pages that are not installed here and about generated lines.
        found=$(mandoc -T lint -W warning "$page" || true)
        [ -z "$found" ] || { printf '%s\n' "$found" >&2; fail "$page"; }
    done
    say "$(ls man/*.[157] | wc -l) pages"
}

# It was 6 MiB before the sandbox, the keyring and the interface's own reading of the terminal, and 6.5 before the
# interface had its places, forms and settings, and 8 before drills, evidence and the files of 23 more programs (of which
# the readers of archives and XML are half a mebibyte). Compiling all for size ("z") doubles the time of a code out of 10 000
# entries.
section_size() {
    local bytes limit=$((12 * 1024 * 1024))
    bytes=$(stat -c %s "$LIFEBOAT" 2> /dev/null || stat -f %z "$LIFEBOAT")
    [ "$bytes" -lt "$limit" ] || fail "the program has $bytes bytes; the limit is $limit"
    say "$bytes bytes"
}

if [ -z "${LIFEBOAT:-}" ]; then
    cargo build --release --locked
    LIFEBOAT=$ROOT/target/release/lifeboat
fi
LIFEBOAT=$(cd "$(dirname "$LIFEBOAT")" && pwd)/$(basename "$LIFEBOAT")
[ -x "$LIFEBOAT" ] || fail "there is no program at $LIFEBOAT"

for section in "${@:-${SECTIONS[@]}}"; do
    declare -F "section_$section" > /dev/null || fail "there is no section $section (there are: ${SECTIONS[*]})"
    say "== $section"
    SECONDS=0
    "section_$section"
    say "   $SECONDS s"
done
say "all sections passed"
