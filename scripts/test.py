#!/usr/bin/env python3
"""Runs the unit tests and the end-to-end tests, and ends with one line that counts both.

    scripts/test.py                                    everything
    scripts/test.py --only unit | end-to-end
    scripts/test.py --only end-to-end --pattern queue
"""
import argparse
import os
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SWIFT_FLAGS = os.environ.get("SWIFT_FLAGS", "").split()
STRICT = {**os.environ, "STRICT": "1"}
TESTING_SUMMARY = re.compile(r"Test run with (\d+) tests?\b.* (passed|failed) after")
TESTING_FAILURE = re.compile(r"^✘ Test (?!run with ).* failed after [\d.]+ seconds", re.MULTILINE)
TESTING_SKIP = re.compile(r"^➜ Test .* skipped", re.MULTILINE)
XCTEST_SUMMARY = re.compile(r"Executed (\d+) tests?, with (?:\d+ tests? skipped and )?(\d+) failures?")
END_TO_END_SUMMARY = re.compile(r"^(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$", re.MULTILINE)


@dataclass
class Count:
    """How many tests did what."""
    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def __add__(self, other: "Count") -> "Count":
        return Count(self.passed + other.passed, self.failed + other.failed, self.skipped + other.skipped)

    def __str__(self) -> str:
        line = f"{self.passed} passed, {self.failed} failed"
        return f"{line}, {self.skipped} skipped" if self.skipped else line


def run(command: list[str], environment: dict[str, str] | None = None) -> tuple[int, str]:
    """Runs a command, shows what it prints as it comes, and returns the exit code and the text."""
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                               text=True, encoding="utf-8", errors="replace")
    text = []
    for line in process.stdout:
        print(line, end="", flush=True)
        text.append(line)
    return process.wait(), "".join(text)


def build_failed(command: list[str]) -> bool:
    code, _ = run(command, STRICT)
    return code != 0


def unit_tests() -> Count:
    print("==> building the unit tests", flush=True)
    (ROOT / "build").mkdir(exist_ok=True)
    if build_failed(["scripts/checked.sh", "build/unit-tests.log", "swift", "build", "--build-tests", *SWIFT_FLAGS]):
        print("test: the unit tests do not build", file=sys.stderr)
        return Count(failed=1)
    print("==> unit tests", flush=True)
    # One after the other: tests that wait for a socket would take the few threads that all tasks of the process share.
    # What a test that crashes, and the package manager, leave in the folder for temporary files goes with it.
    with tempfile.TemporaryDirectory(prefix="kinodock-unit-tests-") as scratch:
        code, text = run(["swift", "test", "--skip-build", "--no-parallel", *SWIFT_FLAGS],
                         {**os.environ, "TMPDIR": scratch})
    return count_of_unit_tests(code, text)


def count_of_unit_tests(code: int, text: str) -> Count:
    """Reads what `swift test` printed. A run that ended badly never counts as free of failures."""
    count = Count()
    for total, _ in TESTING_SUMMARY.findall(text):
        count.passed += int(total)
    count.failed = len(TESTING_FAILURE.findall(text))
    count.skipped = len(TESTING_SKIP.findall(text))
    for total, failures in XCTEST_SUMMARY.findall(text)[-1:]:
        count.passed += int(total)
        count.failed += int(failures)
    if code != 0 or count.passed == 0:
        count.failed = max(count.failed, 1)
    count.passed = max(count.passed - count.failed - count.skipped, 0)
    return count


def end_to_end_tests(pattern: str | None) -> Count:
    if build_failed(["scripts/build.sh"]):
        print("test: the release does not build", file=sys.stderr)
        return Count(failed=1)
    print("==> end-to-end tests", flush=True)
    code, text = run([sys.executable, "Tests/EndToEnd/run.py", *(["-k", pattern] if pattern else [])])
    found = END_TO_END_SUMMARY.findall(text)
    if not found:
        return Count(failed=1)
    count = Count(*(int(number or 0) for number in found[-1]))
    if code != 0:
        count.failed = max(count.failed, 1)
    return count


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", choices=["unit", "end-to-end"])
    parser.add_argument("--pattern", help="end-to-end tests whose name holds this")
    arguments = parser.parse_args()
    # Output with ticks and crosses must not end the run in a terminal that cannot show them.
    sys.stdout.reconfigure(errors="replace")
    count = Count()
    if arguments.only != "end-to-end":
        count += unit_tests()
    if arguments.only != "unit":
        count += end_to_end_tests(arguments.pattern)
    print(f"==> all tests\n{count}", flush=True)
    return 1 if count.failed else 0


if __name__ == "__main__":
    sys.exit(main())
