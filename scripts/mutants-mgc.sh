#!/usr/bin/env bash
# Has faults on purpose in mgc, one campaign for each, and says whether every conformance purpose that is named for a
# fault finds it: it passes without it and fails with it.
set -uo pipefail
cd "$(dirname "$0")/.."

h248=${H248:-target/debug/h248}
mutants=${MUTANTS_BIN:-target/debug}
out=${OUT:-target/mutants-mgc}
# Campaigns at a time: most of one is waiting.
at_once=${JOBS:-3}
list=tests/conformance/mutants-mgc.txt
rm -rf "$out"
mkdir -p "$out/bin"
# The hook starts what is called mgc; the fault comes through the environment.
cat >"$out/bin/mgc" <<PROGRAM
#!/bin/sh
exec "$(realpath "$mutants")/mgc" \${MUTANT:+--mutant "\$MUTANT"} "\$@"
PROGRAM
chmod +x "$out/bin/mgc"
: >"$out/known"
PATH="$(dirname "$(realpath "$h248")"):$PATH"

# Plays purposes, a comma between, with a fault or `without`.
play() {
    local mutant=$1
    [ "$mutant" = without ] && mutant=
    H248_BIN="$(realpath "$out/bin")" MUTANT="$mutant" "$h248" conform --role mgc --only "$2" --known "$out/known" \
        --out "$out/$1" >"$out/$1.log" 2>&1
}

# What became of a purpose with a fault.
verdict() {
    jq -r --arg id "$2" 'select(.kind == "purpose" and .id == $id) | .verdict' "$out/$1/results.jsonl"
}

faults() { grep -v '^#' "$list"; }

play without "$(faults | cut -d' ' -f2- | tr ' \n' ',' | sed 's/,$//')" &
while read -r mutant ids; do
    while [ "$(jobs -rp | wc -l)" -ge "$at_once" ]; do wait -n; done
    play "$mutant" "${ids// /,}" &
done < <(faults)
wait

all=0 found=0
while read -r mutant ids; do
    for id in $ids; do
        before=$(verdict without "$id") after=$(verdict "$mutant" "$id")
        echo "$mutant: $id: ${before:-not played} without it, with it ${after:-not played}"
        all=$((all + 1))
        [ "$before $after" = "pass fail" ] && found=$((found + 1))
    done
done < <(faults)
echo "mutants of mgc: $found of $all purposes find theirs"
[ "$found" = "$all" ]
