#!/usr/bin/env bash
# What h248 and tshark take to read the same capture: CPU-seconds (user and system) and peak memory.
# Usage: scripts/bench-capture.sh [OCTETS [FOLDER]]; the capture is made in FOLDER and removed.
set -euo pipefail

octets=${1:-1000000000}
folder=${2:-${TMPDIR:-/tmp}}
h248=${H248:-target/release/h248}
capture=$folder/bench-capture-$$.pcap
figures=$folder/bench-capture-$$.txt
trap 'rm -f "$capture" "$figures"' EXIT

"$h248" make-capture "$capture" --octets "$octets"

# Runs a command without its output; sets `cpu` and `peak`.
measure() {
    local group child seen
    { TIMEFORMAT='%U %S'; time "$@" >/dev/null 2>&1; } 2>"$figures" &
    group=$!
    peak=0
    while child=$(cat "/proc/$group/task/$group/children" 2>/dev/null); do
        seen=$(awk '/^VmHWM/ { print $2 }' "/proc/${child%% *}/status" 2>/dev/null || :)
        peak=${seen:-$peak}
        sleep 0.1
    done
    wait "$group"
    cpu=$(awk '{ print $1 + $2 }' "$figures")
}

row() {
    local name=$1
    shift
    measure "$@"
    awk "BEGIN { printf \"%-34s %9.2f %9.0f %8.1f\\n\", \"$name\", $cpu, $peak / 1024, $base / ($cpu + 0.0001) }"
}

printf '%-34s %9s %9s %8s\n' '' 'CPU s' 'MiB' 'faster'
base=0
measure tshark -r "$capture"
base=$cpu
awk "BEGIN { printf \"%-34s %9.2f %9.0f\\n\", \"tshark\", $cpu, $peak / 1024 }"
row 'h248 decode --batch' "$h248" decode --batch "$capture"
row 'h248 ladder' "$h248" ladder "$capture"
measure tshark -V -r "$capture"
base=$cpu
awk "BEGIN { printf \"%-34s %9.2f %9.0f\\n\", \"tshark -V\", $cpu, $peak / 1024 }"
row 'h248 decode --to compact' "$h248" decode --to compact "$capture"
row 'h248 decode (tree)' "$h248" decode "$capture"
