#!/bin/sh
# Both campaigns, in both encodings: scripts/conform.sh FOLDER-OF-PROGRAMS OUT [JOBS [OPTION OF h248 conform ...]]
# Ends with the worst exit code of the four; an interrupted one is the last.
set -u
bin=$1
out=$2
jobs=${3:-2}
shift 2
[ $# -gt 0 ] && shift
worst=0
for way in "text udp" "binary tcp"; do
    encoding=${way% *}
    transport=${way#* }
    for role in mg mgc; do
        folder=$out/$role-$encoding-$transport
        mkdir -p "$folder"
        "$bin/h248" conform --role "$role" --encoding "$encoding" --transport "$transport" --jobs "$jobs" \
            --unattended --out "$folder" "$@" >"$folder.log" 2>&1
        code=$?
        # Where there are no counts the last line says why.
        told=$(grep ' inconc, ' "$folder.log" | tail -1)
        echo "$role $encoding $transport: exit $code: ${told:-$(tail -1 "$folder.log")}"
        [ "$code" -gt "$worst" ] && worst=$code
        grep -q '^the campaign was .* before its end$' "$folder.log" && exit "$worst"
    done
done
exit "$worst"
