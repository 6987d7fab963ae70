#!/usr/bin/env python3
"""Shows a plugin that crashes over and over beside plugins that are asked 200 times a second, and prints a table.

    Tests/Bench/crash_demo.py                    30 seconds
    Tests/Bench/crash_demo.py --seconds 5        to see that it works

Requests that are answered later than planned count with the time from
when they should have been sent.
"""
import argparse
import http.client
import itertools
import json
import statistics
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

sys.dont_write_bytecode = True
HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "EndToEnd")]
from harness import world  # noqa: E402  (the path has to be set first)
from harness.compiler import compile_fault  # noqa: E402
from harness.process import Usage  # noqa: E402
from harness.server import KinodockServer  # noqa: E402
from rigs import wait_until  # noqa: E402
from rigs.process import end_all_on_exit  # noqa: E402

RATE = 200
SENDERS = 8
CRASHING, SOUND = "segfault", "none"


@dataclass
class Requests:
    """What became of the requests of one kind."""
    name: str
    path: str
    method: str = "POST"
    milliseconds: list[float] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    def percentile(self, share: float) -> float:
        ordered = sorted(self.milliseconds)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0

    @property
    def row(self) -> str:
        median = statistics.median(self.milliseconds) if self.milliseconds else 0
        return (f"| {self.name} | {len(self.milliseconds)} | {len(self.failures)} | {median:.1f} ms "
                f"| {self.percentile(0.99):.1f} ms |")


class Demonstration:
    """A server with a sound plugin, and one that crashes at every call, both in processes of their own."""

    def __init__(self, server: KinodockServer, seconds: float) -> None:
        self.server = server
        self.seconds = seconds
        path = "/api/download-clients/{}/test"
        self.calls = Requests("calls of a sound plugin", path.format(self._add(SOUND)))
        self.pings = Requests("`GET /api/ping`", "/api/ping", "GET")
        self.crashes = Requests("calls of the crashing plugin", path.format(self._add(CRASHING)))
        self.crashed = 0
        self._end = threading.Event()

    def _add(self, fault: str) -> str:
        body = {"name": fault, "implementation": f"fault-{fault}", "enabled": True, "priority": 1, "settings": {}}
        reply = self.server.api.post("/api/download-clients", body)
        if reply.status != 201:
            raise SystemExit(str(reply))
        return reply.json["id"]

    def run(self) -> None:
        began = time.monotonic()
        ticks = itertools.count()
        threads = [threading.Thread(target=self._send, args=(began, ticks)) for _ in range(SENDERS)]
        threads.append(threading.Thread(target=self._crash))
        for thread in threads:
            thread.start()
        time.sleep(self.seconds)
        self._end.set()
        for thread in threads:
            thread.join(60)

    def _send(self, began: float, ticks: "itertools.count[int]") -> None:
        connection = self.server.api.connection()
        while not self._end.is_set():
            number = next(ticks)
            due = began + number / RATE
            time.sleep(max(0, due - time.monotonic()))
            # Of ten requests nine are calls of the sound plugin.
            connection = self._ask(connection, self.pings if number % 10 == 0 else self.calls, due)
        connection.close()

    def _ask(self, connection: http.client.HTTPConnection, kind: Requests, due: float) -> http.client.HTTPConnection:
        try:
            connection.request(kind.method, kind.path, headers={"x-api-key": str(self.server.api.key)})
            answer = connection.getresponse()
            text = answer.read()
            if answer.status != 200:
                kind.failures.append(f"{answer.status} {text[:200]!r}")
        except OSError as error:
            kind.failures.append(repr(error))
            connection.close()
            connection = self.server.api.connection()
        kind.milliseconds.append((time.monotonic() - due) * 1000)
        return connection

    def _crash(self) -> None:
        while not self._end.is_set():
            sent = time.monotonic()
            reply = self.server.api.post(self.crashes.path)
            self.crashes.milliseconds.append((time.monotonic() - sent) * 1000)
            if "started again by itself" in reply.text and "not started" not in reply.text:
                self.crashed += 1
            else:
                # Left alone, the plugin would be started again after a while; here it has to crash as often as it can.
                self.crashes.failures.append(str(reply))
                self.server.api.post(f"/api/plugins/fault-{CRASHING}/retry")
            time.sleep(0.02)

    def table(self, before: Usage, after: Usage) -> str:
        lines = [f"{self.seconds:g} seconds, {RATE} requests a second, while one plugin crashes at every call:", "",
                 "| | requests | failed | median | p99 |", "| --- | --- | --- | --- | --- |",
                 self.calls.row, self.pings.row, "",
                 f"The crashing plugin crashed {self.crashed} times. {len(self.crashes.failures)} more calls were told "
                 "that it is not started again yet, and each time it was retried at once, as a person may do.", "",
                 f"The server before and after: {before.threads} and {after.threads} threads, {before.descriptors} and "
                 f"{after.descriptors} descriptors, {before.resident_mb:.0f} and {after.resident_mb:.0f} MB."]
        return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=30)
    seconds = parser.parse_args().seconds
    end_all_on_exit()
    try:
        plugins = world.folder("plugins")
        for fault in (SOUND, CRASHING):
            compile_fault(plugins / f"fault-{fault}" / "plugin.so", fault)
        server = KinodockServer(world.folder("server"), plugins=plugins).start()
        wait_until(lambda: json.dumps(server.api.get("/api/plugins").json).count('"active"') >= 2, 20, "both plugins")
        shown = Demonstration(server, seconds)
        before = Usage.least_of(server.child.pid, 1)
        shown.run()
        after = Usage.least_of(server.child.pid, 2)
        print(shown.table(before, after))
        failures = shown.calls.failures + shown.pings.failures
        print("\n".join(failures[:10]), file=sys.stderr)
        return 1 if failures or server.stop() != 0 else 0
    finally:
        world.end()


if __name__ == "__main__":
    sys.exit(main())
