# Sourced by ./run and ./check: what a fresh Debian 12 lacks, and where caches go.
# shellcheck shell=bash

readonly RUST_LEAST=1.95
readonly NODE_LEAST=20.19

# Every build of the server.
readonly APT_SERVER=(build-essential pkg-config libssl-dev ca-certificates curl git)
# The desktop app: web view, camera, keyring.
readonly APT_DESKTOP=(libclang-dev libwebkit2gtk-4.1-dev libv4l-dev libdbus-1-dev)
# Proofs: a browser, a display without a screen, a keyring, the fonts of the screens.
readonly APT_PROOF=(xvfb xauth dbus gnome-keyring webkit2gtk-driver chromium fonts-morisawa-bizud-gothic fonts-noto-cjk
    python3-venv strace)

say() { printf '%s\n' "$*"; }
fail() { printf '✗ %s\n' "$*" >&2; exit 1; }

# Caches outside the clone when there is a home; a clone on a read-only home still builds in ./target.
use_caches() {
    local base="${XDG_CACHE_HOME:-${HOME:+$HOME/.cache}}"
    if [ -n "$base" ] && mkdir -p "$base/sazanami" 2>/dev/null && [ -w "$base/sazanami" ]; then
        CACHE="$base/sazanami"
    else
        CACHE="$PWD/target"
    fi
    export CACHE
    export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$CACHE/target}"
    mkdir -p "$CARGO_TARGET_DIR"
    if [ -d "${HOME:-/nonexistent}/.cargo/bin" ]; then PATH="$HOME/.cargo/bin:$PATH"; fi
    PATH="$PATH:$CACHE/tools/bin"
}

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

# apt packages of which one is not installed are named, then installed.
need_apt() {
    local missing=() package
    command -v dpkg-query >/dev/null || { say "· not a Debian system: these are needed: $*"; return 0; }
    for package in "$@"; do
        dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q '^install ok installed' || missing+=("$package")
    done
    [ ${#missing[@]} = 0 ] && return 0
    say "· missing, installing with apt: ${missing[*]}"
    local by_hand="apt-get update && apt-get install -y ${missing[*]}"
    if [ "$(id -u)" != 0 ] && ! command -v sudo >/dev/null; then fail "no root, no sudo. As root: $by_hand"; fi
    { as_root apt-get update -qq && DEBIAN_FRONTEND=noninteractive as_root apt-get install -qq -y \
        --no-install-recommends "${missing[@]}" >/dev/null; } || fail "apt could not install them. As root: $by_hand"
}

# at_least WANTED FOUND: both dotted numbers.
at_least() { [ "$(printf '%s\n%s\n' "$1" "$2" | sort -V | head -n 1)" = "$1" ]; }

need_rust() {
    local install="curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh -s -- -y && . \"\$HOME/.cargo/env\""
    command -v cargo >/dev/null || fail "Rust is missing: $install"
    local found
    found=$(cargo --version | cut -d ' ' -f 2)
    at_least "$RUST_LEAST" "$found" || fail "Rust $found is older than $RUST_LEAST: rustup update stable"
}

need_node() {
    local install="curl -fsSL https://deb.nodesource.com/setup_22.x | sudo -E bash - && sudo apt-get install -y nodejs"
    { command -v node && command -v npm; } >/dev/null || fail "Node.js is missing: $install"
    local found
    found=$(node --version | tr -d v)
    at_least "$NODE_LEAST" "$found" || fail "Node.js $found is older than $NODE_LEAST: $install"
}

# npm ci, only when the lock file is not the one that was installed.
need_node_modules() {
    local stamp=ui/node_modules/.sazanami-lock
    if [ "$(sha256sum <ui/package-lock.json)" != "$(cat $stamp 2>/dev/null)" ]; then
        npm ci --prefix ui --no-audit --no-fund --loglevel=error || return 1
        sha256sum <ui/package-lock.json >$stamp
    fi
}
