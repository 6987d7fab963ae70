#!/usr/bin/env bash
# Installs what is missing on Debian. Arguments: one or more of build, run, test, bench.
# For run and test it also gets yt-dlp, into build/yt-dlp: sites change too often for the one of a distribution.
set -euo pipefail
cd "$(dirname "$0")/.."

declare -A packages=(
    [build]="binutils libc6-dev libgcc-12-dev libstdc++-12-dev libmicrohttpd-dev libcurl4-openssl-dev libsqlite3-dev
        libssl-dev libexpat1-dev libtorrent-rasterbar-dev pkg-config python3"
    [run]="python3-venv ffmpeg"
    [test]="qbittorrent-nox transmission-daemon aria2 deluged deluge-web opentracker python3-libtorrent ffmpeg curl
        sqlite3 openssl nzbget par2 p7zip-full
        python3-chardet python3-cheetah python3-cherrypy3 python3-configobj python3-cryptography python3-feedparser
        python3-guessit python3-portend python3-puremagic python3-rebulk python3-sabyenc python3-socks python3-ujson"
    [bench]="wrk nginx-light opentracker python3-libtorrent"
)
wanted_swift="6.3"

fail() {
    printf 'setup: %s\n' "$@" >&2
    exit 1
}

installed() {
    [[ $(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null) == installed ]]
}

as_root() {
    if [[ $(id -u) == 0 ]]; then "$@"; else sudo -n "$@"; fi
}

check_swift() {
    local found
    command -v swift >/dev/null || fail "the Swift $wanted_swift toolchain is not on PATH." \
        "Install it from https://www.swift.org/install/linux/ and add its usr/bin folder to PATH."
    found=$(swift --version 2>&1) || fail "swift is on PATH but does not run:" "$found" \
        "The toolchain needs some libraries of its own; https://www.swift.org/install/linux/ lists them."
    found=$(sed -n 's/.*Swift version \([0-9]*\.[0-9]*\).*/\1/p' <<<"$found" | head -1)
    if [[ $(printf '%s\n%s\n' "$wanted_swift" "${found:-0}" | sort -V | head -1) != "$wanted_swift" ]]; then
        fail "Swift ${found:-of an unknown version} is on PATH, but Kinodock needs $wanted_swift or later." \
            "See https://www.swift.org/install/linux/."
    fi
}

missing_packages() {
    local group package
    for group in "$@"; do
        [[ -n ${packages[$group]:-} ]] || fail "unknown group '$group'; use build, run, test or bench."
        for package in ${packages[$group]}; do
            installed "$package" || echo "$package"
        done
    done
}

# Some packages start a service when they are installed. Tests start their own copies, on loopback, so none may.
forbid_services() {
    [[ ! -e /usr/sbin/policy-rc.d ]] || return 0
    printf '#!/bin/sh\nexit 101\n' | as_root tee /usr/sbin/policy-rc.d >/dev/null
    as_root chmod 755 /usr/sbin/policy-rc.d
    trap 'as_root rm -f /usr/sbin/policy-rc.d' EXIT
}

install_packages() {
    local options=(-y --no-install-recommends -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3)
    forbid_services
    if ! as_root env DEBIAN_FRONTEND=noninteractive apt-get install "${options[@]}" "$@" >"$log" 2>&1; then
        echo "==> refreshing the package lists first"
        as_root apt-get update -o DPkg::Lock::Timeout=300 >>"$log" 2>&1 || true
        as_root env DEBIAN_FRONTEND=noninteractive apt-get install "${options[@]}" "$@" >>"$log" 2>&1 || {
            tail -20 "$log" >&2
            fail "apt-get could not install: $*" "Its whole output is in $log."
        }
    fi
}

# Gets yt-dlp, and a newer one after a month. Without a network an older one goes on working.
get_ytdlp() {
    local place=build/yt-dlp program=build/yt-dlp/bin/yt-dlp
    [[ -z $(find "$program" -mtime -30 2>/dev/null) ]] || return 0
    echo "==> setup: getting yt-dlp"
    [[ -x $place/bin/pip ]] || /usr/bin/python3 -m venv "$place" || true
    if "$place/bin/pip" install --quiet --disable-pip-version-check --upgrade 'yt-dlp[default]' >&2; then
        touch "$program"
    elif [[ -x $program ]]; then
        echo "==> setup: yt-dlp cannot be brought up to date just now"
    else
        echo "==> setup: yt-dlp cannot be fetched; check the network, then repeat. Only videos from pages need it"
    fi
}

# What Debian has not, or outside of main.
fetch_programs() {
    [[ " $* " != *" run "* && " $* " != *" test "* ]] || get_ytdlp
    [[ " $* " != *" test "* ]] || scripts/fetch-sabnzbd.sh "${KINODOCK_RIGS_CACHE:-build/rigs-cache}/sabnzbdplus"
}

[[ $# -gt 0 ]] || fail "say what for: build, run, test, bench."
check_swift
command -v dpkg-query >/dev/null || fail "this is not Debian, so nothing can be installed automatically." \
    "Install the equivalents of: $(for group in "$@"; do echo -n "${packages[$group]} "; done)"
mapfile -t missing < <(missing_packages "$@")
if [[ ${#missing[@]} == 0 ]]; then
    fetch_programs "$@"
    echo "==> setup: everything for $* is there"
    exit 0
fi
if [[ $(id -u) != 0 ]] && ! sudo -n true 2>/dev/null; then
    sudo=$(command -v sudo >/dev/null && echo "sudo " || true)
    fail "these Debian packages are missing: ${missing[*]}" "Run this once as root, then repeat:" \
        "  ${sudo}apt-get install --no-install-recommends ${missing[*]}"
fi
log=$(mktemp "${TMPDIR:-/tmp}/kinodock-setup-XXXXXX.log")
echo "==> setup: installing ${missing[*]}"
install_packages "${missing[@]}"
rm -f "$log"
fetch_programs "$@"
