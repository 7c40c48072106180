#!/usr/bin/env bash
# The terminal interface in a real terminal: it opens, filters, shows a code, and leaves the terminal clean.
set -euo pipefail
LIFEBOAT=$1 WORK=$2
SOCKET=$WORK/tmux
tmux_() { tmux -S "$SOCKET" -f /dev/null "$@"; }
trap 'tmux_ kill-server 2> /dev/null || true' EXIT

fail() {
    printf 'FAILED: %s; the screen was:\n' "$*" >&2
    tmux_ capture-pane -p -t test >&2 || true
    exit 1
}

# Waits up to ten seconds until the screen shows (or, with a first word of "no", no longer shows) a pattern.
wait_for() {
    local wanted=yes
    if [ "$1" = no ]; then wanted=no && shift; fi
    for _ in $(seq 100); do
        if tmux_ capture-pane -p -t test | grep -qE -- "$1"; then
            [ "$wanted" = yes ] && return 0
        elif [ "$wanted" = no ]; then
            return 0
        fi
        sleep 0.1
    done
    fail "waited for ${wanted/yes/}${wanted/no/} $1"
}

key() { tmux_ send-keys -t test "$@"; }

tmux_ new-session -d -s test -x 80 -y 24 \
    "env -i HOME='$WORK/home' PATH=/usr/bin:/bin TERM=screen-256color LANG=C.UTF-8 PS1='ready> ' bash --norc --noprofile"
wait_for '^ready>'
key "stty -a > '$WORK/stty.before'; '$LIFEBOAT' --sandbox kill --vault '$WORK/vault' --key-file '$WORK/key'" Enter
wait_for 'ACME +ana@example.com'
wait_for '••• •••|\*\*\* \*\*\*'
key / && key counter
wait_for no 'ACME'
wait_for 'Counter'
key Escape
wait_for 'ACME'
key / && key acme && key Enter
wait_for no 'Counter'
key v
wait_for '[0-9]{3} [0-9]{3}'
code=$(tmux_ capture-pane -p -t test | grep -oE '[0-9]{3} [0-9]{3}' | head -n 1)
key '?'
wait_for 'leave'
key '?'
key q
wait_for '^ready>$'
if tmux_ capture-pane -p -S - -t test | grep -qF "$code"; then fail "a code was left on the screen"; fi
key "stty -a > '$WORK/stty.after'; echo compared" Enter
wait_for '^compared'
cmp "$WORK/stty.before" "$WORK/stty.after" || fail "the terminal is not as it was before"

# Ended from outside, it leaves no code and no raw terminal either.
key "'$LIFEBOAT' --sandbox kill --vault '$WORK/vault' --key-file '$WORK/key'" Enter
wait_for 'ACME'
key v
wait_for '[0-9]{3} [0-9]{3}'
pid=$(tmux_ list-panes -t test -F '#{pane_pid}')
child=$(pgrep -P "$pid" | head -n 1)
kill -TERM "$child"
wait_for '^ready>$'
if tmux_ capture-pane -p -t test | grep -qE 'ACME +ana'; then fail "the list was left on the screen after SIGTERM"; fi
key "stty -a > '$WORK/stty.term'; echo again" Enter
wait_for '^again'
cmp "$WORK/stty.before" "$WORK/stty.term" || fail "SIGTERM left the terminal changed"
echo "unlocked, filtered, showed a code, quit and was ended; the terminal is as before"
