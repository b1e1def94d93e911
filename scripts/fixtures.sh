#!/usr/bin/env bash
# Records pcap-fixtures/ anew, as each manifest says; ONLY=NAME,NAME records some.
set -euo pipefail
cd "$(dirname "$0")/.."

UPDATE_FIXTURES=1 cargo test --locked -p h248-tests --test fixtures every_fixture_decodes
