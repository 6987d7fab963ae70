#!/usr/bin/env bash
# Builds examples/ into build/examples/<id>/plugin.so, after scripts/build.sh. Arguments: some of c, swift.
set -euo pipefail
cd "$(dirname "$0")/.."

# The toolchain of Swift brings a C compiler for machines that have no other.
if ! command -v cc >/dev/null; then
    CC=$(dirname "$(readlink -f "$(command -v swift)")")/clang
    export CC
fi

for language in "$@"; do
    case $language in
        c) folder=c-file-drop id=file-drop ;;
        swift) folder=swift-plugin id=ntfy ;;
        *) echo "examples: there is none in '$language'; use c or swift." >&2; exit 2 ;;
    esac
    echo "==> building examples/$folder"
    make --no-print-directory -C "examples/$folder" OUT="$PWD/build/examples/$id/plugin.so" build
done
