#!/usr/bin/env bash
# sanitize.sh address|thread [FILTER]: runs the unit tests with a sanitizer of the compiler, and fails on a finding.
#
# A test that fails without a finding is no failure here: a sanitizer changes how a process ends, what it may take, and how
# fast it is, and some tests are about just that. `make test` is where tests pass.
#
# It works on a copy of the sources in build/, because the build with the thread sanitizer needs a file more.
set -euo pipefail
cd "$(dirname "$0")/.."
kind=${1:?say which: address or thread}
filter=${2:-.}
tree=build/sanitize-$kind
log=$PWD/build/sanitize-$kind.log

mkdir -p "$tree"
rm -rf "$tree"/{Sources,Plugins,Tests}
cp -r Package.swift Sources Plugins Tests "$tree/"
if [[ $kind == thread ]]; then
    # Every target that guards something gets the type that the sanitizer understands.
    grep -rl --include='*.swift' '^[a-z ]*import Synchronization' "$tree"/{Sources,Plugins,Tests} |
        sed -nE "s#^($tree/(Sources/[^/]+|Plugins/[^/]+/Sources|Tests/[^/]+Tests|Tests/Fixtures/Plugins/[^/]+))/.*#\1#p" |
        sort -u | while read -r target; do cp Tests/Sanitizers/Mutex.swift "$target/SanitizedMutex.swift"; done
fi

echo "==> building the unit tests with the $kind sanitizer"
flags=(--package-path "$tree" -c debug --sanitize="$kind" -Xswiftc -DSANITIZER)
swift build "${flags[@]}" --build-tests ${SWIFT_FLAGS:-}
echo "==> unit tests with the $kind sanitizer"
# Leaks are not looked for: what plugins leave behind on purpose, in tests of that, would be reported.
export ASAN_OPTIONS=detect_leaks=0 TSAN_OPTIONS="halt_on_error=0 suppressions=$PWD/Tests/Sanitizers/thread.supp"
swift test "${flags[@]}" --skip-build --no-parallel --filter "$filter" ${SWIFT_FLAGS:-} 2>&1 | tee "$log" || true
if grep -qE 'WARNING: ThreadSanitizer|ERROR: AddressSanitizer' "$log"; then
    echo "sanitize: findings; they are in $log" >&2
    exit 1
fi
grep -q 'Test run with' "$log" || { echo "sanitize: the tests did not run to their end; see $log" >&2; exit 1; }
echo "==> no findings of the $kind sanitizer"
