#!/usr/bin/env bash
# Records pcap-fixtures/ anew from our own programs.
set -euo pipefail
cd "$(dirname "$0")/.."

for strategy in two-step move subtract-add; do
    fixture=pcap-fixtures/private-chat-$strategy
    out=target/fixtures/$strategy
    mkdir -p "$fixture"
    target/debug/h248 demo --strategy "$strategy" --codec mixed --out "$out" >/dev/null
    cp "$out/demo.pcapng" "$fixture/capture.pcapng"
    target/debug/h248 ladder "$fixture/capture.pcapng" >"$fixture/expected.txt"
    cat >"$fixture/manifest.toml" <<MANIFEST
origin = "h248 demo --strategy $strategy --codec mixed"
licence = "Apache-2.0"
says = "Five legs join, two go to a private Seg and back, the Call ends."
clauses = ["7.2.1", "7.2.2", "7.2.3", "7.2.4", "7.2.5", "7.2.8"]
messages = $(grep -c 'mgc.*mg  ' "$fixture/expected.txt")
MANIFEST
done
