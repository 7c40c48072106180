#!/usr/bin/env bash
# Unlock once, with the real kernel: what one process keeps another one uses, and nobody else; it ends.
set -euo pipefail
LIFEBOAT=$1 WORK=$2
HOME_DIR=$WORK/keyring
VAULT=$HOME_DIR/vault
export LIFEBOAT VAULT HOME_DIR

fail() {
    printf 'FAILED: %s\n' "$*" >&2
    exit 1
}
export -f fail

lifeboat() {
    env -i HOME="$HOME_DIR" PATH=/usr/bin:/bin "$LIFEBOAT" --vault "$VAULT" "$@"
}
export -f lifeboat

# exits STATUS COMMAND...: runs the program and wants that status.
exits() {
    local wanted=$1 status=0
    shift
    lifeboat "$@" > "$HOME_DIR/out" 2> "$HOME_DIR/err" || status=$?
    [ "$status" -eq "$wanted" ] || { cat "$HOME_DIR/err" >&2; fail "$* gave status $status, not $wanted"; }
}
export -f exits

mkdir -p "$HOME_DIR"
if ! keyctl session - true > /dev/null 2>&1; then
    [ "${CI:-}" != true ] || fail "the kernel gives no session keyring here"
    echo "SKIPPED: the kernel gives no session keyring here"
    exit 0
fi
printf 'correct horse battery staple' > "$HOME_DIR/passphrase"
export OPENED=(--passphrase-file "$HOME_DIR/passphrase")
exits 0 init --new-passphrase-file "$HOME_DIR/passphrase" --kdf-memory 64
echo 'otpauth://totp/AWS:root?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ' \
    | lifeboat --passphrase-file "$HOME_DIR/passphrase" add - > /dev/null 2>&1 || fail "add refused an entry"

in_a_session() { keyctl session - bash -euo pipefail -c "$1" 2> "$HOME_DIR/joined" || { cat "$HOME_DIR/joined" >&2; fail "see above"; }; }
key='id=$(keyctl search @s user "$(keyctl rlist @s | xargs -n 1 keyctl rdescribe | sed -n "s/.*;\(lifeboat:\)/\1/p")")'

# What one process keeps, another one of the session uses; a new session does not.
in_a_session '
    exits 3 list --no-input
    exits 0 unlock --for 1m --passphrase-file "$HOME_DIR/passphrase"
    exits 0 code AWS --no-input
    grep -qE "^[0-9]{6}$" "$HOME_DIR/out" || fail "no code was printed"
    (exits 0 list --no-input)
    keyctl session - bash -c "exits 3 list --no-input" 2> /dev/null || fail "another session can use the key"
    exits 3 export --to otpauth --plaintext -o "$HOME_DIR/uris" --no-input
    exits 0 lock
    exits 3 list --no-input
    [ "$(keyctl rlist @s | wc -w)" -eq 0 ] || fail "something is left in the keyring"
'

# The kernel drops it when the time is over.
in_a_session '
    exits 0 unlock --for 2s --passphrase-file "$HOME_DIR/passphrase"
    exits 0 list --no-input
    sleep 3
    exits 3 list --no-input
'

# Its possessor may see, find and read it. Nobody may change its rights, its content or its time, or link it elsewhere.
in_a_session '
    exits 0 unlock --passphrase-file "$HOME_DIR/passphrase"
    '"$key"'
    described=$(keyctl rdescribe "$id")
    [[ $described == "user;$(id -u);$(id -g);0b000000;lifeboat:"* ]] || fail "the key is $described"
    for change in "timeout $id 0" "setperm $id 0x3f3f3f3f" "update $id x" "link $id @u" "revoke $id"; do
        ! keyctl $change > /dev/null 2>&1 || fail "keyctl $change is allowed"
    done
    # Another unlock takes its place, and one lock ends both.
    exits 0 unlock --for 1h --passphrase-file "$HOME_DIR/passphrase"
    [ "$(keyctl rlist @s | wc -w)" -eq 1 ] || fail "two keys are kept"
    exits 0 lock
    exits 3 list --no-input
'

# A new passphrase makes it useless, and lock works without the vault file.
in_a_session '
    exits 0 unlock --passphrase-file "$HOME_DIR/passphrase"
    cp "$VAULT" "$VAULT.before"
    exits 0 passwd --new-passphrase-file "$HOME_DIR/passphrase" --passphrase-file "$HOME_DIR/passphrase" --no-input
    exits 3 list --no-input
    exits 0 unlock --passphrase-file "$HOME_DIR/passphrase"
    mv "$VAULT" "$VAULT.away"
    exits 0 lock
    mv "$VAULT.away" "$VAULT"
    exits 3 list --no-input
'

# Nothing of it is on disk: the key as the kernel has it is in no file of the home.
in_a_session '
    exits 0 unlock --passphrase-file "$HOME_DIR/passphrase"
    '"$key"'
    keyctl pipe "$id" | tail -c 32 | od -An -v -tx1 | tr -d " \n" > /dev/shm/lifeboat-key.$$
    python3 - "$HOME_DIR" /dev/shm/lifeboat-key.$$ <<EOF || fail "the key is on disk"
import os, sys
key = bytes.fromhex(open(sys.argv[2]).read())
assert len(key) == 32 and any(key)
os.remove(sys.argv[2])
files = [os.path.join(folder, name) for folder, _, names in os.walk(sys.argv[1]) for name in names]
assert len(files) > 3
for file in files:
    content = open(file, "rb").read()
    assert key not in content and key.hex().encode() not in content.lower(), file
EOF
    exits 0 lock
'

# Killed at any of its calls about keys, it leaves nothing, or a key with a limit.
# A key file opens this vault, so that no key derivation is waited for.
calls=0 left=0
env -i HOME="$HOME_DIR" PATH=/usr/bin:/bin "$LIFEBOAT" --vault "$VAULT.by-file" init --new-key-file "$HOME_DIR/key" > /dev/null 2>&1 || fail "no vault was made"
for call in add_key keyctl; do
    for when in $(seq 40); do
        status=0
        keyctl session - env -i HOME="$HOME_DIR" PATH=/usr/bin:/bin bash -c '
            # The program is killed, and its shell must not say so.
            { strace -qq -o /dev/null -e trace="$1" -e inject="$1":signal=KILL:when="$2" \
                "$3" --vault "$4" --key-file "$5" unlock --for 9m; } > /dev/null 2>&1
            status=$?
            for id in $(keyctl rlist @s); do
                keyctl rdescribe "$id" | grep -q lifeboat || continue
                # /proc/keys tells the limit: "9m" and less, or "perm" for none.
                limit=$(grep "^$(printf "%08x" "$id") " /proc/keys | awk "{ print \$4 }")
                [ "$limit" = 8m ] || [ "$limit" = 9m ] || { echo "the limit is $limit" >&2; exit 99; }
                echo left
            done
            exit "$status"
        ' bash "$call" "$when" "$LIFEBOAT" "$VAULT.by-file" "$HOME_DIR/key" > "$HOME_DIR/out" 2> "$HOME_DIR/err" || status=$?
        [ "$status" -ne 99 ] || fail "killed at $call number $when it left a key without its limit: $(tail -n 1 "$HOME_DIR/err")"
        [ "$status" -ne 0 ] || break
        calls=$((calls + 1))
        left=$((left + $(wc -l < "$HOME_DIR/out")))
    done
done
[ "$calls" -gt 10 ] && [ "$left" -gt 0 ] || fail "only $calls calls were interrupted, and $left keys were left"

# The same where no session keyring was inherited: the user-session keyring, which lock reaches from any session.
if [ "$(keyctl show @s 2> /dev/null | sed -n 2p | grep -c _uid_ses)" -eq 1 ]; then
    exits 0 unlock --for 1m "${OPENED[@]}" --json
    grep -q 'user-session keyring' "$HOME_DIR/out" || fail "it was kept elsewhere"
    exits 0 list --no-input
    in_a_session 'exits 3 list --no-input; exits 0 lock --json; grep -q "\"dropped\":true" "$HOME_DIR/out" || fail "it stays"'
    exits 3 list --no-input
fi
echo "kept, used by another process, ended by its time, by lock and by passwd; killed at $calls calls, $left keys left, all with their limit; on no disk"
