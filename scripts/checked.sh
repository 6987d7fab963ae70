#!/usr/bin/env bash
# checked.sh LOG COMMAND...: runs a build, keeps its output in LOG, and with STRICT=1 fails on a warning.
#
# A warning is printed only when its file is compiled. So that it comes back on the next build, the files that were
# warned about are touched.
set -euo pipefail
log=$1
shift

# The package manager leaves empty folders behind in the folder for temporary files.
scratch=$(mktemp -d "${TMPDIR:-/tmp}/kinodock-build-XXXXXX")
trap 'rm -rf "$scratch"' EXIT

TMPDIR=$scratch "$@" 2>&1 | tee "$log"
[[ ${STRICT:-0} == 1 ]] || exit 0
if warnings=$(grep -E '(^|[^a-z])warning: ' "$log" | sort -u); then
    sed -n 's/^\(\/[^:]*\):[0-9]*:[0-9]*: warning: .*/\1/p' <<<"$warnings" | sort -u | while read -r file; do
        [[ ! -e $file ]] || touch "$file"
    done
    echo "checked: warnings count as errors here:" >&2
    echo "$warnings" >&2
    exit 1
fi
