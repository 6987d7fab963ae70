#!/usr/bin/env bash
# Builds the release and lays out build/plugins/<id>/plugin.so, and beside them plugins.sha256: files with a hash in there
# came with the server, which runs them in its own process.
#
# A plugin needs no entry here. The folder Plugins/<id> goes with the library product whose name, without "lib" and
# "Plugin", is the id in any case and without hyphens: Plugins/qbittorrent and libQBittorrentPlugin.so. A folder with
# a Makefile builds itself: it is called with OUT=the file to write.
#
# STRICT=1 makes a compiler warning an error.
set -euo pipefail
cd "$(dirname "$0")/.."
mkdir -p build

# The name by which a folder and a product find each other.
plain() {
    tr -d '_-' <<<"${1,,}"
}

# Moves into place: a running server has the old file mapped, and writing into that would crash it.
place() {
    local target="build/plugins/$2/plugin.so"
    mkdir -p "${target%/*}"
    cmp -s "$1" "$target" && return 0
    install -m 0755 "$1" "$target.new"
    mv "$target.new" "$target"
}

# Puts the manifest of a plugin into its file, so that a server knows what it is before it runs it.
describe() {
    local section=.kinodock.manifest
    .build/release/kinodock check --manifest "$1" >build/manifest.json
    objcopy --remove-section $section --add-section $section=build/manifest.json "$1"
    rm build/manifest.json
}

product_of() {
    local library name
    for library in .build/release/lib*Plugin.so; do
        [[ -e $library ]] || continue
        name=${library##*/lib}
        [[ $(plain "${name%Plugin.so}") != "$(plain "$1")" ]] || { echo "$library"; return 0; }
    done
    return 1
}

echo "==> building the release (a first build takes some minutes)"
scripts/checked.sh build/release.log swift build -c release ${SWIFT_FLAGS:-}

echo "==> laying out build/plugins"
for folder in Plugins/*/; do
    id=$(basename "$folder")
    if [[ -e $folder/Makefile ]]; then
        made="$PWD/build/$id.so"
        make --no-print-directory -C "$folder" OUT="$made"
        place "$made" "$id"
    elif product=$(product_of "$id"); then
        cp "$product" "build/$id.so"
        describe "build/$id.so"
        place "build/$id.so" "$id"
    else
        echo "build: Plugins/$id has no library product in Package.swift and no Makefile" >&2
        exit 1
    fi
done
for built in build/plugins/*/; do
    [[ -d Plugins/$(basename "$built") ]] || rm -rf "$built"
done
(
    cd build/plugins
    sha256sum -- */plugin.so >plugins.sha256.new
    mv plugins.sha256.new plugins.sha256
)

scripts/examples.sh c
