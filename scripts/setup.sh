#!/usr/bin/env bash
# Installs what the system lacks, where it may; says what to install where it may not.
# usage: setup.sh build|test
set -euo pipefail

packages=()
need() { # program package
    command -v "$1" >/dev/null 2>&1 || packages+=("$2")
}

need cc gcc
need pkg-config pkg-config
pkg-config --exists opus 2>/dev/null || packages+=(libopus-dev)
if [ "${1:-build}" = test ]; then
    need tshark tshark
    need ffmpeg ffmpeg
    need escript erlang-base
    [ -n "$(compgen -G '/usr/lib/erlang/lib/megaco-*')" ] || packages+=(erlang-megaco)
fi

if ! command -v cargo >/dev/null 2>&1; then
    echo "setup: cargo is missing: install Rust 1.90 or newer (https://rustup.rs)" >&2
    exit 1
fi
[ ${#packages[@]} -eq 0 ] && exit 0

as_root=()
if [ "$(id -u)" -ne 0 ]; then
    if ! sudo -n true 2>/dev/null; then
        echo "setup: missing packages; run: sudo apt-get install ${packages[*]}" >&2
        exit 1
    fi
    as_root=(sudo -n)
fi
if ! command -v apt-get >/dev/null 2>&1; then
    echo "setup: missing, and this is no Debian: install what Debian calls ${packages[*]}" >&2
    exit 1
fi
echo "setup: installing ${packages[*]}"
export DEBIAN_FRONTEND=noninteractive
"${as_root[@]}" apt-get update -qq
"${as_root[@]}" apt-get install -y -qq --no-install-recommends "${packages[@]}" >/dev/null
