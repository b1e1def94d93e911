#!/usr/bin/env bash
# Records pcap-fixtures/ anew, as each manifest says; ONLY=NAME,NAME records some.
set -euo pipefail
cd "$(dirname "$0")/.."

cargo test --locked -p h248-tests --test fixtures -- --ignored record
