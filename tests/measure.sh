#!/usr/bin/env bash
# What a whole run of the program costs, and how that compares with other programs and with the goals.
#
#   bash tests/measure.sh                 builds the release program and measures it
#   LIFEBOAT=path bash tests/measure.sh   measures that program and builds nothing
#
# It reports and judges nothing: a busy machine is no defect. Times are means over a batch, and the
# median of five batches. What a part inside the program costs: `cargo bench --bench speed`.
set -euo pipefail
cd "$(dirname "$0")/.."

N_ENTRIES=10000
WORK=$(mktemp -d -p /dev/shm 2> /dev/null || mktemp -d)
trap 'rm -rf "$WORK"' EXIT
mkdir "$WORK/home"

if [ -z "${LIFEBOAT:-}" ]; then
    cargo build --release --locked
    LIFEBOAT=${CARGO_TARGET_DIR:-target}/release/lifeboat
fi
LIFEBOAT=$(cd "$(dirname "$LIFEBOAT")" && pwd)/$(basename "$LIFEBOAT")

# Nothing of this environment reaches what is measured.
export -n LIFEBOAT_VAULT LIFEBOAT_PASSPHRASE_FILE 2> /dev/null || true
unset LIFEBOAT_VAULT LIFEBOAT_PASSPHRASE_FILE
export HOME=$WORK/home XDG_DATA_HOME='' XDG_STATE_HOME='' XDG_CONFIG_HOME=''

say() { printf '%s\n' "$*"; }
row() { printf '%-46s %12s %-4s %s\n' "$@"; }

# batches RUNS COMMAND...: sets WALL and CPU to milliseconds of one run.
batches() {
    local runs=$1 times
    shift
    TIMEFORMAT='%3R %3U %3S'
    "$@" > /dev/null 2>&1 < /dev/null || {
        printf 'cannot run: %s\n' "$*" >&2
        "$@" < /dev/null >&2
        exit 1
    }
    times=$(for _ in 1 2 3 4 5; do
        { time for ((run = 0; run < runs; run++)); do "$@" > /dev/null 2>&1 < /dev/null; done; } 2>&1
    done)
    WALL=$(awk -v n="$runs" '{ print $1 * 1000 / n }' <<< "$times" | sort -g | sed -n 3p)
    CPU=$(awk -v n="$runs" '{ print ($2 + $3) * 1000 / n }' <<< "$times" | sort -g | sed -n 3p)
}

# peak COMMAND...: prints the largest resident set in KiB, or nothing where GNU time is missing.
peak() {
    local time=/usr/bin/time
    [ -x "$time" ] && "$time" -f %M true > /dev/null 2>&1 || return 0
    "$time" -o "$WORK/peak" -f %M "$@" > /dev/null 2>&1 < /dev/null
    cat "$WORK/peak"
}

ratio() { awk -v a="$1" -v b="$2" 'BEGIN { if (b > 0) printf "%.2f of %s", a / b, b }'; }
mib() { awk -v kib="$1" 'BEGIN { printf "%.1f", kib / 1024 }'; }
rounded() { awk -v x="$1" 'BEGIN { printf "%.2f", x }'; }

lifeboat() { "$LIFEBOAT" --no-input "$@"; }

# Writes so many otpauth URIs with seeds of twenty bytes, all different.
uris() {
    awk -v n="$1" 'BEGIN {
        letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
        for (i = 0; i < n; i++) {
            seed = ""
            x = i
            for (k = 0; k < 4; k++) { seed = seed substr(letters, x % 32 + 1, 1); x = int(x / 32) }
            printf "otpauth://totp/Service%d:person.%d%%40example.com?secret=%sJBSWY3DPEHPK3PXPJBSWY3DPEHPK&issuer=Service%d\n",
                i % 997, i, seed, i % 997
        }
    }'
}

# A vault of N entries that a key file opens.
vault_of() {
    local vault=$WORK/vault.$1
    lifeboat --vault "$vault" init --new-key-file "$WORK/key.$1" > /dev/null 2>&1
    uris "$1" > "$WORK/uris"
    lifeboat --vault "$vault" --key-file "$WORK/key.$1" import "$WORK/uris" > /dev/null 2>&1
}

one_code() { lifeboat --vault "$WORK/vault.$1" --key-file "$WORK/key.$1" code "person.$2@example.com"; }

say "$("$LIFEBOAT" --version), $(uname -sm), load $(cut -d' ' -f1 /proc/loadavg 2> /dev/null || say unknown)"
row "" "measured" "" "ratio to the goal or the other program"

row "size of the program" "$(mib "$(($(wc -c < "$LIFEBOAT") / 1024))")" MiB \
    "$(ratio "$(mib "$(($(wc -c < "$LIFEBOAT") / 1024))")" 6) MiB"

batches 100 /bin/true
START=$CPU
row "starting /bin/true, CPU" "$(rounded "$CPU")" ms ""
batches 100 "$LIFEBOAT" --version
row "--version, wall" "$(rounded "$WALL")" ms ""
row "--version, CPU" "$(rounded "$CPU")" ms ""
row "--version, peak memory" "$(mib "$(peak "$LIFEBOAT" --version)")" MiB ""

vault_of 1
batches 20 one_code 1 0
row "one code of 1, CPU" "$(rounded "$CPU")" ms ""
row "one code of 1, wall" "$(rounded "$WALL")" ms ""

vault_of "$N_ENTRIES"
batches 20 one_code "$N_ENTRIES" $((N_ENTRIES / 2))
row "one code of $N_ENTRIES, CPU" "$(rounded "$CPU")" ms "$(ratio "$(rounded "$CPU")" 20) ms"
row "  without starting a process" "$(awk -v a="$CPU" -v b="$START" 'BEGIN { printf "%.2f", a - b }')" ms ""
row "one code of $N_ENTRIES, wall" "$(rounded "$WALL")" ms ""
row "one code of $N_ENTRIES, peak memory" "$(mib "$(peak "$LIFEBOAT" --no-input --vault "$WORK/vault.$N_ENTRIES" \
    --key-file "$WORK/key.$N_ENTRIES" code person.7@example.com)")" MiB \
    "the vault file has $(mib "$(($(wc -c < "$WORK/vault.$N_ENTRIES") / 1024))") MiB"

# A whole opening by passphrase against the reference program deriving the same number of bytes.
printf 'correct horse battery staple lamp river' > "$WORK/passphrase"
by_passphrase() {
    lifeboat --vault "$WORK/sealed.$1" --passphrase-file "$WORK/passphrase" code person.0
}
reference() { argon2 somesaltsomesalt -id -v 13 -t 3 -k $(($1 << 10)) -p 1 -l 32 -r < "$WORK/passphrase"; }
for memory in 64 128; do
    lifeboat --vault "$WORK/sealed.$memory" init --new-passphrase-file "$WORK/passphrase" \
        --kdf-memory "$memory" --kdf-passes 3 > /dev/null 2>&1
    uris 1 > "$WORK/uris"
    lifeboat --vault "$WORK/sealed.$memory" --passphrase-file "$WORK/passphrase" import "$WORK/uris" > /dev/null 2>&1
    batches 2 by_passphrase "$memory"
    OURS=$CPU
    if command -v argon2 > /dev/null; then
        # The function reads from a file, which `batches` must not replace by nothing.
        batches 2 reference "$memory"
        row "one code by passphrase, $memory MiB, CPU" "$(rounded "$OURS")" ms "$(ratio "$(rounded "$OURS")" "$(rounded "$CPU")") ms, argon2's"
    else
        row "one code by passphrase, $memory MiB, CPU" "$(rounded "$OURS")" ms "argon2 is not installed"
    fi
    row "one code by passphrase, $memory MiB, peak" "$(mib "$(peak "$LIFEBOAT" --no-input --vault "$WORK/sealed.$memory" \
        --passphrase-file "$WORK/passphrase" code person.0)")" MiB ""
done
