#!/usr/bin/env bash
# Has faults on purpose in mgc, one after another, and says which of the conformance purposes that are named for each find it.
# A purpose finds a fault when it passes without it and fails with it.
set -uo pipefail
cd "$(dirname "$0")/.."

h248=${H248:-target/debug/h248}
mutants=${MUTANTS_BIN:-target/debug}
out=${OUT:-target/mutants-mgc}
rm -rf "$out"
mkdir -p "$out/bin"
# The hook starts what is called mgc; the fault comes through the environment.
cat >"$out/bin/mgc" <<PROGRAM
#!/bin/sh
exec "$(realpath "$mutants")/mgc" \${MUTANT:+--mutant "\$MUTANT"} "\$@"
PROGRAM
chmod +x "$out/bin/mgc"
: >"$out/none"

# Plays purposes; the exit status is that of the campaign.
play() {
    PATH="$(dirname "$(realpath "$h248")"):$PATH" H248_BIN="$(realpath "$out/bin")" MUTANT="$2" "$h248" conform --role mgc \
        --only "$1" --known "$out/none" --out "$out/${2:-without}-$1" >"$out/log" 2>&1
}

all=0 found=0
while read -r mutant ids; do
    by=
    for id in ${ids//,/ }; do
        play "$id" "" || { echo "$mutant: $id does not pass without it ($?)"; continue; }
        play "$id" "$mutant"
        status=$?
        echo "$mutant: $id ends with $status"
        [ "$status" = 1 ] && by=$id
    done
    all=$((all + 1))
    [ -n "$by" ] && found=$((found + 1))
done < <(grep -v '^#' tests/conformance/mutants-mgc.txt)
echo "mutants of mgc: $found of $all are found"
[ "$found" = "$all" ]
