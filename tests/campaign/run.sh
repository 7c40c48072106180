#!/usr/bin/env bash
# The fault campaign: the real program under faults, and what is left afterwards.
#
#   bash tests/campaign/run.sh                       builds the release program and runs every part in full
#   bash tests/campaign/run.sh --short               a sample of each, in under four minutes
#   bash tests/campaign/run.sh kills errors          these parts
#   bash tests/campaign/run.sh errors --every=2      every second fault of kills and errors
#   bash tests/campaign/run.sh --write               and writes the figures into FIGURES.md
#   LIFEBOAT=path bash tests/campaign/run.sh         tests that program and builds nothing
#
#   kills      kill -9 at every system call of every command that writes
#   errors     EIO, ENOSPC, EACCES, EROFS, EDQUOT, EINTR, lying and short writes at every file call of these
#   order      what is synced before what, at every command
#   processes  two to sixteen processes at a time
#   clock      the clock set back and forward
#   odd        links, pipes, folders, devices, 10 GiB files, rights, homes, locks, full disks
#   power      power cuts on ext4, xfs and btrfs (power.py says what it needs)
#   mutations  without one safeguard after the other these parts fail (not in --short: it builds five programs)
#
# It needs Linux, python3 and strace; cc for the part clock; root for the power cuts and a dozen of the odd cases.
set -euo pipefail
cd "$(dirname "$0")/../.."
HERE=$PWD/tests/campaign
export PYTHONDONTWRITEBYTECODE=1

short=() write=() every=() parts=()
for word in "$@"; do
    case $word in
        --short) short=(--short) ;;
        --write) write=(--write) ;;
        --every=*) every=(--every "${word#*=}") ;;
        kills | errors | order | processes | clock | odd | power | mutations) parts+=("$word") ;;
        *) printf 'there is no part %s\n' "$word" >&2; exit 2 ;;
    esac
done
if [ ${#parts[@]} -eq 0 ]; then
    parts=(order clock processes odd kills errors power)
    [ ${#short[@]} -gt 0 ] || parts+=(mutations)
fi
for program in python3 strace cc; do
    command -v "$program" > /dev/null || { printf 'FAILED: %s is not installed\n' "$program" >&2; exit 1; }
done
if [ -z "${LIFEBOAT:-}" ]; then
    cargo build --release --locked
    LIFEBOAT=target/release/lifeboat
fi
LIFEBOAT=$(cd "$(dirname "$LIFEBOAT")" && pwd)/$(basename "$LIFEBOAT")

mkdir -p "$HERE/figures"
failed=()
for part in "${parts[@]}"; do
    status=0
    case $part in
        power)
            figures=()
            [ ${#write[@]} -eq 0 ] || figures=(--write "$HERE/figures/power.md")
            nice python3 "$HERE/power.py" --program "$LIFEBOAT" "${short[@]}" "${figures[@]}" || status=$?
            if [ $status -eq 77 ] && [ "${CI:-}" != true ]; then
                printf 'SKIPPED: no power cuts on this machine\n'
                status=0
            fi
            ;;
        mutations) nice python3 "$HERE/mutations.py" "${write[@]}" || status=$? ;;
        *) nice python3 "$HERE/campaign.py" "$part" --program "$LIFEBOAT" "${short[@]}" "${every[@]}" "${write[@]}" || status=$? ;;
    esac
    [ $status -eq 0 ] || failed+=("$part")
done

if [ ${#write[@]} -gt 0 ]; then
    {
        cat "$HERE/figures/head.txt"
        for part in order kills errors processes clock odd power mutations; do
            [ ! -e "$HERE/figures/$part.md" ] || { printf '\n'; cat "$HERE/figures/$part.md"; }
        done
    } > "$HERE/FIGURES.md"
fi
if [ ${#failed[@]} -gt 0 ]; then
    printf 'FAILED: %s\n' "${failed[*]}" >&2
    exit 1
fi
