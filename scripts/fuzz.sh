#!/usr/bin/env bash
# Runs the coverage-guided fuzzer on each entry point of the codec in turn, and says how many
# executions that were. Ends with 1 at the first finding.
# usage: fuzz.sh SECONDS
set -euo pipefail

seconds=${1:-}
if ! [[ $seconds =~ ^[1-9][0-9]*$ ]]; then # the fuzzer takes anything else for no end
    echo "fuzz: expected seconds of each entry point, found '$seconds'" >&2
    exit 2
fi
cd "$(dirname "$0")/../codec-h248/fuzz"
command -v cargo-fuzz >/dev/null || cargo install --locked cargo-fuzz
for entry in text binary json; do
    corpus=target/corpus/$entry
    log=target/$entry.log
    mkdir -p "$corpus"
    echo "fuzz: $entry for $seconds s"
    if ! cargo +nightly fuzz run --fuzz-dir . "$entry" "$corpus" "seeds/$entry" -- \
        -max_total_time="$seconds" -max_len=8192 -print_final_stats=1 >"$log" 2>&1; then
        tail -n 40 "$log" >&2
        exit 1
    fi
    grep -E '^(Done|stat::number_of_executed_units|stat::peak_rss_mb)' "$log"
done
