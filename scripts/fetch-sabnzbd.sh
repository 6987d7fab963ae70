#!/usr/bin/env bash
# Puts SABnzbd where the rigs look for it, unless it is there: fetch-sabnzbd.sh FOLDER.
#
# Debian has it in contrib, as sabnzbdplus, because it depends on the unrar of non-free. So the package is fetched with a
# list of sources of its own and unpacked, not installed, and no list of the system is changed. `setup.sh test` installs
# the libraries that it needs, which are all in main.
set -euo pipefail

folder=$(realpath -m "$1")
[[ ! -s $folder/usr/bin/sabnzbdplus ]] || exit 0
work=$(mktemp -d "${TMPDIR:-/tmp}/kinodock-sabnzbd-XXXXXX")
trap 'rm -rf "$work"' EXIT
mkdir -p "$work"/{sources,lists/partial,cache/archives/partial,package}

# The system's own Debian sources, with contrib in place of their components.
for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
    [[ -f $file ]] || continue
    sed -n '/^deb .*\/debian/s/ main.*/ contrib/p' "$file" >>"$work/sources/system.list"
done
for file in /etc/apt/sources.list.d/*.sources; do
    if [[ -f $file ]] && grep -q '/debian' "$file"; then
        sed 's/^Components:.*/Components: contrib/' "$file" >"$work/sources/$(basename "$file")"
    fi
done
if ! grep -qs contrib "$work"/sources/*; then
    echo "deb http://deb.debian.org/debian bookworm contrib" >"$work/sources/system.list"
fi

options=(-o "Dir::Etc::SourceList=/dev/null" -o "Dir::Etc::SourceParts=$work/sources" -o "Dir::State::Lists=$work/lists"
    -o "Dir::Cache=$work/cache" -o "APT::Sandbox::User=$(id -un)" -o "Acquire::Retries=3")
echo "==> setup: fetching SABnzbd for the tests"
if ! { apt-get "${options[@]}" update && cd "$work/package" && apt-get "${options[@]}" download sabnzbdplus; } \
    >"$work/log" 2>&1; then
    tail -15 "$work/log" >&2
    echo "setup: Debian's package sabnzbdplus (contrib) could not be fetched." >&2
    exit 1
fi
dpkg-deb -x "$work"/package/sabnzbdplus_*.deb "$work/unpacked"
mkdir -p "$(dirname "$folder")"
rm -rf "$folder"
mv "$work/unpacked" "$folder"
