#!/usr/bin/env python3
"""Runs the end-to-end tests against the built server and ends with one line: N passed, N failed.

    Tests/EndToEnd/run.py                 everything
    Tests/EndToEnd/run.py -k queue        tests whose name holds "queue" (module.Class.test)
    Tests/EndToEnd/run.py --list          only names
    Tests/EndToEnd/run.py --keep          leave the folders for a look
    Tests/EndToEnd/run.py -j 1            one class after the other

Classes run side by side, in as many processes as `-j` says; the tests of a class run one after the other.
"""
import argparse
import faulthandler
import multiprocessing
import os
import signal
import sys
import time
import traceback
import unittest
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parent))
from harness import world  # noqa: E402  (the path has to be set first)
from harness.server import PLUGINS, PROGRAM  # noqa: E402
from rigs.process import die_with_parent, end_all_on_exit  # noqa: E402
from rigs.swarm import missing_programs  # noqa: E402

SECONDS_FOR_A_TEST = 480
# Most of a test's time is waiting for a real program, so one process more than processors does not slow a test down.
AT_ONCE = (os.cpu_count() or 1) + 1


class Progress(unittest.TestResult):
    """Prints one line when a test ends. What fails while a class is set up or torn down counts as one failure."""

    def __init__(self, stop_early: bool) -> None:
        super().__init__()
        self.failfast = stop_early
        self.passed = 0
        self.failed = 0
        self._began = 0.0
        self._broken = False

    def startTest(self, test: unittest.TestCase) -> None:
        super().startTest(test)
        self._began = time.monotonic()
        self._broken = False
        signal.alarm(SECONDS_FOR_A_TEST)

    def stopTest(self, test: unittest.TestCase) -> None:
        signal.alarm(0)
        super().stopTest(test)

    def addSuccess(self, test: unittest.TestCase) -> None:
        super().addSuccess(test)
        self.passed += 1
        self._print("ok  ", test)

    def addSkip(self, test: unittest.TestCase, reason: str) -> None:
        super().addSkip(test, reason)
        self._print("skip", test, reason)

    def addFailure(self, test: unittest.TestCase, error) -> None:
        super().addFailure(test, error)
        self._fail(test, error)

    def addError(self, test: unittest.TestCase, error) -> None:
        super().addError(test, error)
        self._fail(test, error)

    def addSubTest(self, test: unittest.TestCase, part: unittest.TestCase, error) -> None:
        super().addSubTest(test, part, error)
        if error is not None:
            self._fail(test, error, part)

    def addUnexpectedSuccess(self, test: unittest.TestCase) -> None:
        super().addUnexpectedSuccess(test)
        self._fail(test, None)

    def _fail(self, test: unittest.TestCase, error, part: unittest.TestCase | None = None) -> None:
        # A test with several broken parts is one failed test.
        self.failed += 0 if self._broken and isinstance(test, unittest.TestCase) else 1
        self._broken = True
        text = "" if error is None else "".join(traceback.format_exception(*error, chain=False))
        self._print("FAIL", part or test, more=text)

    def _print(self, word: str, test: unittest.TestCase, reason: str = "", more: str = "") -> None:
        took = time.monotonic() - self._began if self._began else 0
        lines = [f"{word} {took:6.1f} s  {test.id()}{'  (' + reason + ')' if reason else ''}\n"]
        lines += [f"       {line}\n" for line in more.splitlines()]
        # In one piece, for other processes print too.
        sys.stdout.write("".join(lines))
        sys.stdout.flush()


def every_test(suite: unittest.TestSuite) -> list[unittest.TestCase]:
    found = []
    for entry in suite:
        found += every_test(entry) if isinstance(entry, unittest.TestSuite) else [entry]
    return found


def picked_tests(patterns: list[str]) -> list[unittest.TestCase]:
    folder = str(Path(__file__).resolve().parent)
    tests = every_test(unittest.TestLoader().discover(folder, pattern="test_*.py", top_level_dir=folder))
    # What test files import to build upon is found in them as well.
    tests = [test for test in tests if not type(test).__module__.startswith("harness.")]
    if patterns:
        tests = [test for test in tests if any(pattern.lower() in test.id().lower() for pattern in patterns)]
    return tests


def what_is_missing() -> str | None:
    """Why the tests cannot run at all, in words; None when they can."""
    if not PROGRAM.exists():
        return f"{PROGRAM} does not exist; run `make build`"
    if not any(PLUGINS.glob("*/plugin.so")):
        return f"{PLUGINS} holds no plugin; run `make build`"
    if missing := missing_programs():
        return f"missing Debian packages: {' '.join(missing)}; run `make setup`"
    return None


def _out_of_time(_number: int, _frame: object) -> None:
    raise AssertionError(f"the test took longer than {SECONDS_FOR_A_TEST} s")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-k", dest="patterns", action="append", default=[], metavar="WORD")
    parser.add_argument("--list", action="store_true", help="print the names and end")
    parser.add_argument("--keep", action="store_true", help="leave data, logs and downloads in place")
    parser.add_argument("--fail-fast", action="store_true", help="end at the first failure")
    parser.add_argument("-j", dest="at_once", type=int, default=AT_ONCE, metavar="N",
                        help=f"classes at once (here {AT_ONCE})")
    return parser.parse_args()


def classes_of(tests: list[unittest.TestCase]) -> list[list[unittest.TestCase]]:
    """The tests by class: first those that say that they are slow, then those with the most tests, for the last one to
    end should be a short one."""
    classes: dict[type, list[unittest.TestCase]] = {}
    for test in tests:
        classes.setdefault(type(test), []).append(test)
    return sorted(classes.values(), key=lambda tests: (getattr(tests[0], "is_slow", False), len(tests)), reverse=True)


class WhatIsLeft(unittest.TestSuite):
    """The tests of the classes that this process gets: it takes one whenever it is through with the one before."""

    _cleanup = False  # which would look into a list that is not there

    def __init__(self, classes: list[list[unittest.TestCase]], following) -> None:
        super().__init__()
        self._classes = classes
        self._following = following

    def __iter__(self):
        while True:
            with self._following.get_lock():
                number, self._following.value = self._following.value, self._following.value + 1
            if number >= len(self._classes):
                return
            yield from self._classes[number]


def _work(arguments: argparse.Namespace, classes: list[list[unittest.TestCase]], following, answer) -> None:
    """Runs classes until none is left, and sends what was counted. The body of a process of its own."""
    die_with_parent()
    end_all_on_exit()
    faulthandler.enable()
    signal.signal(signal.SIGALRM, _out_of_time)
    result = Progress(arguments.fail_fast)
    try:
        WhatIsLeft(classes, following).run(result)
        if result.shouldStop:
            following.value = len(classes)
    except KeyboardInterrupt:
        result.failed += 1
    finally:
        world.end(arguments.keep)
        answer.send((result.passed, result.failed, len(result.skipped)))


def _run(arguments: argparse.Namespace, tests: list[unittest.TestCase]) -> tuple[int, int, int]:
    """Runs the tests, and counts those that passed, failed and were skipped."""
    classes = classes_of(tests)
    context = multiprocessing.get_context("fork")
    following = context.Value("i", 0)
    workers = []
    for _ in range(max(1, min(arguments.at_once, len(classes)))):
        answer, sender = context.Pipe(duplex=False)
        worker = context.Process(target=_work, args=(arguments, classes, following, sender), daemon=True)
        worker.start()
        sender.close()
        workers.append((worker, answer))
    end_all_on_exit()
    counts = [_count(worker, answer) for worker, answer in workers]
    return tuple(sum(numbers) for numbers in zip(*counts))


def _count(worker: multiprocessing.Process, answer) -> tuple[int, int, int]:
    try:
        return answer.recv()
    except KeyboardInterrupt:
        print("interrupted", flush=True)
        return _count(worker, answer)
    except EOFError:
        worker.join()
        print(f"FAIL a process that ran tests ended with {worker.exitcode}", flush=True)
        return 0, 1, 0
    finally:
        worker.join()


def main() -> int:
    arguments = _arguments()
    tests = picked_tests(arguments.patterns)
    if arguments.list:
        print("\n".join(test.id() for test in tests))
        return 0
    missing = what_is_missing() or (None if tests else "no test has such a name")
    if missing:
        print(f"end-to-end: {missing}\n0 passed, 1 failed")
        return 1
    passed, failed, skipped = _run(arguments, tests)
    print(f"{passed} passed, {failed} failed{f', {skipped} skipped' if skipped else ''}", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
