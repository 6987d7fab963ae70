#!/usr/bin/env bash
# Checks what no compiler checks: the format of Swift, the syntax of Python and shell, lines that are too long.
set -euo pipefail
cd "$(dirname "$0")/.."

echo "==> swift format lint"
swift format lint --strict --parallel --recursive Package.swift Sources Plugins Tests examples

echo "==> Python and shell"
mapfile -t python < <(git ls-files '*.py')
mapfile -t shell < <(git ls-files '*.sh' .ci/run)
PYTHONDONTWRITEBYTECODE=1 python3 - "${python[@]}" <<'CHECK'
import sys
failed = False
for path in sys.argv[1:]:
    text = open(path, encoding="utf-8").read()
    compile(text, path, "exec")
    for number, line in enumerate(text.splitlines(), 1):
        if len(line) > 120 or line != line.rstrip():
            print(f"{path}:{number}: longer than 120 columns, or blanks at the end")
            failed = True
sys.exit(failed)
CHECK
for script in "${shell[@]}"; do bash -n "$script"; done
echo "lint: clean"
