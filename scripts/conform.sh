#!/bin/sh
# Both campaigns, in both encodings: scripts/conform.sh FOLDER-OF-PROGRAMS OUT [JOBS [OPTION OF h248 conform ...]]
# Ends with the worst exit code of the four (error 3, fail 1, inconc 2, pass 0); an interrupted one is the last.
set -u
bin=$1
out=$2
jobs=${3:-2}
shift 2
[ $# -gt 0 ] && shift
worst=0
# The exit code of two campaigns together.
worse() {
    for code in 3 1 2; do
        [ "$1" -eq "$code" ] || [ "$2" -eq "$code" ] && echo "$code" && return
    done
    # A signal, or a program that is not there.
    [ "$1" -gt "$2" ] && echo "$1" || echo "$2"
}
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
        worst=$(worse "$code" "$worst")
        grep -q '^the campaign was .* before its end$' "$folder.log" && exit "$worst"
    done
done
exit "$worst"
