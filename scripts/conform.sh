#!/bin/sh
# Both campaigns, in both encodings: scripts/conform.sh FOLDER-OF-PROGRAMS OUT [JOBS]
# Ends with the worst exit code of the four.
set -u
bin=$1
out=$2
jobs=${3:-2}
worst=0
for way in "text udp" "binary tcp"; do
    set -- $way
    for role in mg mgc; do
        folder=$out/$role-$1-$2
        mkdir -p "$folder"
        "$bin/h248" conform --role "$role" --encoding "$1" --transport "$2" --jobs "$jobs" --out "$folder" >"$folder.log" 2>&1
        code=$?
        echo "$role $1 $2: exit $code: $(grep ' inconc, ' "$folder.log" | tail -1)"
        [ "$code" -gt "$worst" ] && worst=$code
    done
done
exit "$worst"
