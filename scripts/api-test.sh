#!/usr/bin/env bash
# Runs schemathesis (PyPI) against the API that a running mgc serves, with a gateway below it.
# usage: api-test.sh [option of `schemathesis run`]...
# The event stream never ends, so that schemathesis cannot read it; the hand-off would send the
# gateway away. Both have tests of their own. That a request which fits its schema is refused by a
# rule (a key that stands for another request, a gain that no gateway has) is no fault.
set -euo pipefail
cd "$(dirname "$0")/.."
target=$(realpath -m "${CARGO_TARGET_DIR:-target}")
bin=$target/debug
out=$target/api-test
mkdir -p "$out"
if ! [ -x "$out/venv/bin/schemathesis" ]; then
    python3 -m venv "$out/venv"
    "$out/venv/bin/pip" install --quiet 'schemathesis==4.32.5'
fi

pids=()
trap 'kill "${pids[@]}" 2>/dev/null || true' EXIT
"$bin/mgc" --h248 127.0.0.1:0 --http 127.0.0.1:0 >"$out/mgc.out" 2>"$out/mgc.log" &
pids+=($!)
said() { # file words: waits for a line that begins so, and gives the rest of it
    for _ in $(seq 100); do
        sed -n "s/^$2//p" "$1" | head -n 1 | grep . && return
        sleep 0.1
    done
    echo "api-test: $1 never says '$2'" >&2
    return 1
}
h248=$(said "$out/mgc.out" 'mgc: h248 ')
http=$(said "$out/mgc.out" 'mgc: http ')
"$bin/mg" --mgc "$h248" --h248 127.0.0.1:0 --mwd 0 >"$out/mg.out" 2>"$out/mg.log" &
pids+=($!)
said "$out/mg.out" 'mg: registered with ' >/dev/null

cd "$out" # where schemathesis leaves its notes
"$out/venv/bin/schemathesis" run "http://$http/v1/openapi.json" --url "http://$http" \
    --exclude-operation-id Events --exclude-operation-id HandOff \
    --exclude-checks positive_data_acceptance \
    --generation-database none --continue-on-failure \
    --request-timeout 20 "$@"
kill -0 "${pids[@]}" # both still run
