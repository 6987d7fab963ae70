#!/usr/bin/env python3
"""Measures a built Kinodock beside nginx on this machine and prints one Markdown table.

    Tests/Bench/bench.py                            print
    Tests/Bench/bench.py --write docs/benchmarks.md and write
    Tests/Bench/bench.py -k ping -k page            only some
    Tests/Bench/bench.py --quick                    short runs, to see that it works
"""
import argparse
import hashlib
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Callable
from urllib.parse import quote

sys.dont_write_bytecode = True
HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "EndToEnd")]
from harness.compiler import compile_plugin  # noqa: E402  (the path has to be set first)
from harness.server import ADMIN_KEY, PROGRAM, KinodockServer  # noqa: E402  (the path has to be set first)
from rigs import Child, end_all, wait_until  # noqa: E402
from rigs.process import end_all_on_exit, free_port  # noqa: E402

import indexers  # noqa: E402
import machine  # noqa: E402
import torrents  # noqa: E402
import videos  # noqa: E402
from load import Nginx, compare  # noqa: E402
from subscribers import Subscribers  # noqa: E402
from table import GIBIBYTE, KIBIBYTE, MEBIBYTE, Row, limit_row, page, request_row, transfer_row  # noqa: E402

ITEMS, SUBSCRIBERS, UNCHANGED = 5_000, 2_000, 10_000
PLUGINS_TO_FIND = 30
SWIFT_PLUGIN = Path(PROGRAM).parent / "libSwiftEchoPlugin.so"
FILM = "Large.Film.2001.1080p.BluRay.x264-KDK.mp4"


class StandIn:
    """A stand-in for a download client, in a process of its own."""

    def __init__(self, folder: Path, *options: str) -> None:
        self.port = free_port()
        folder.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, str(HERE / "stand_in.py"), str(self.port), str(folder), *options]
        self.child = Child(command, folder.with_suffix(".log"))
        self.child.wait_for_port(self.port, 20)

    def body(self, name: str, priority: int = 1) -> dict:
        settings = {"host": "127.0.0.1", "port": self.port, "username": "bench", "password": "bench-password",
                    "category": "bench"}
        return {"name": name, "implementation": "qbittorrent", "enabled": True, "priority": priority,
                "settings": settings}

    def polls(self) -> int:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/api/v2/polls", timeout=10) as answer:
            return int(answer.read())


class Bench:
    """One server with seeded data, one nginx, and the measurements."""

    def __init__(self, folder: Path, quick: bool) -> None:
        self.folder = folder
        self.rounds, self.seconds = (1, 1) if quick else (3, 3)
        self.film = folder / "client" / FILM
        self.film.parent.mkdir()
        _write_large_file(self.film)
        self.client = StandIn(self.film.parent, "--complete", str(self.film))
        self.nginx = Nginx(folder / "nginx", self.film.parent)
        self.server = KinodockServer(folder / "server")
        (folder / "server").mkdir()

    # Seeding, through the API like everything else

    def seed(self) -> None:
        _say("starting the server; measuring it while it has nothing to do")
        self.server.start()
        time.sleep(3)
        self.idle = machine.resident_bytes(self.server.child.pid)
        made = self.server.api.post("/api/download-clients", self.client.body("Bench"))
        _expect(made, 201)
        _say(f"adding {ITEMS} downloads")
        began = time.monotonic()
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda number: self.add(f"Film.{number}.1990.1080p.BluRay.x264-KDK"), range(ITEMS)))
        self.adding = ITEMS / (time.monotonic() - began)
        _say("importing a film of 1 GiB")
        media = _expect(self.server.api.post("/api/media", {"magnetLink": _magnet(FILM), "type": "movie",
                                                            "title": "Large Film", "year": 2001}), 201)
        self.media = f"/api/media/{media['id']}"
        wait_until(lambda: self.server.api.get(self.media).json["status"] == "ready", 120, "the film to be imported")
        self.loaded = machine.resident_bytes(self.server.child.pid)

    def add(self, name: str, **more: object) -> str:
        return _expect(self.server.api.post("/api/queue", {"magnet": _magnet(name), **more}), 201)["id"]

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.server.port}{path}"

    # Against nginx

    def ping(self) -> Row:
        seen = compare(self.url("/api/ping"), self.nginx.url("/ping"), ADMIN_KEY, rounds=self.rounds,
                       seconds=self.seconds)
        return request_row("ping", seen, 0.4)

    def page(self) -> Row:
        seen = compare(self.url("/api/queue?limit=20"), self.nginx.url("/ping"), ADMIN_KEY, HERE / "random_pages.lua",
                       rounds=self.rounds, seconds=self.seconds)
        row = request_row(f"a page of 20 out of {ITEMS:,} queue items", seen, 0.04)
        return Row(row.name, row.target + ", p99 < 20 x p50", f"{row.measured}, p99 {seen.tail:.1f} x p50", row.nginx,
                   row.ratio, row.reached and seen.tail < 20)

    def ranges(self) -> Row:
        script = HERE / "random_ranges.lua"
        seen = compare(self.url(f"{self.media}/stream"), self.nginx.url(f"/{FILM}"), ADMIN_KEY, script, script,
                       self.rounds, self.seconds)
        return transfer_row("random ranges of 1 MiB from a file of 1 GiB", seen, 0.9)

    def whole(self) -> Row:
        seen = compare(self.url(f"{self.media}/stream"), self.nginx.url(f"/{FILM}"), ADMIN_KEY, rounds=self.rounds,
                       seconds=self.seconds)
        return transfer_row("a whole file of 1 GiB", seen, 0.9)

    # On its own

    def idle_memory(self) -> Row:
        return limit_row("resident memory when idle, all plugins loaded", self.idle / MEBIBYTE, 40, "MiB")

    def loaded_memory(self) -> Row:
        return limit_row(f"resident memory with {ITEMS:,} queue items", self.loaded / MEBIBYTE, 120, "MiB")

    def adding_rate(self) -> Row:
        return Row("downloads accepted by POST /api/queue, 8 at a time", "", f"{self.adding:,.0f} /s")

    def subscribers(self) -> Row:
        _raise_file_limit()
        before = machine.resident_bytes(self.server.child.pid)
        listeners = Subscribers(self.server.port, SUBSCRIBERS)
        try:
            listeners.wait_until_open(30)
            each = (machine.resident_bytes(self.server.child.pid) - before) / SUBSCRIBERS / KIBIBYTE
            added = {self.add(f"Event.{number}.{time.time_ns()}") for number in range(20)}
            complete = listeners.count_complete(added, 30)
        finally:
            listeners.close()
        return Row(f"{SUBSCRIBERS:,} event subscribers", "< 16 KiB each, every one sent every event",
                   f"{each:.1f} KiB each, {complete:,} got all of 20", reached=each < 16 and complete == SUBSCRIBERS)

    def start_time(self) -> Row:
        took = []
        for _ in range(5):
            self.server.stop()
            took.append(self._start_and_ping())
        wait_until(lambda: self.server.api.get("/api/ready").status == 200, 20, "ready")
        return limit_row(f"start to first ping, with {ITEMS:,} queue items", statistics.median(took), 0.3, "s", 3)

    def _start_and_ping(self) -> float:
        began = time.monotonic()
        waiting = ThreadPoolExecutor(1).submit(self._first_ping, began)
        self.server.start()
        return waiting.result(30)

    def _first_ping(self, began: float) -> float:
        wait_until(lambda: self.server.api.get("/api/ping").status == 200, 20, "the first ping", every=0.001)
        return time.monotonic() - began

    def plugin_call(self) -> Row:
        """The round trip of `download.item` through the host, the binary contract and a Swift plugin, one at a time."""
        median = _timed("--time", "20000", "--in-process")[0]
        return limit_row("a small plugin call in process, median of 20,000", median, 50, "us")

    def isolated_call(self) -> Row:
        """The same, with the plugin in a process of its own."""
        median = _timed("--time", "20000")[0]
        return limit_row("a small plugin call to a process of its own, median of 20,000", median, 150, "us")

    def calls_at_once(self) -> Row:
        rate = _timed("--time", "100000", "--at-once", "32")[1]
        return Row("small plugin calls to a process of its own, 32 in flight", ">= 20,000 /s", f"{rate:,.0f} /s",
                   reached=rate >= 20_000)

    def attachment(self) -> Row:
        median = _timed("--time", "500", "--attachment", str(MEBIBYTE))[0] / 1000
        return limit_row("an attachment of 1 MiB to a process of its own, median of 500", median, 2, "ms", 2)

    def runner_memory(self) -> Row:
        """Resident memory of the process in which an instance of the Swift test plugin runs."""
        server = KinodockServer(self.folder / "runner", plugins=self.folder / "runner-plugins")
        server.folder.mkdir()
        (server.plugins / "swift-echo").mkdir(parents=True)
        shutil.copy(SWIFT_PLUGIN, server.plugins / "swift-echo" / "plugin.so")
        server.start()
        server.api.post("/api/plugins/rescan")
        _expect(server.api.post("/api/download-clients", {"name": "Echo", "implementation": "swift-echo",
                                                          "settings": {"host": "127.0.0.1"}}), 201)
        def runner() -> int | None:
            return server.api.get("/api/plugins/swift-echo").json["runner"]["pid"]
        wait_until(runner, 20, "the plugin's process")
        time.sleep(3)
        resident = machine.resident_bytes(runner())
        server.stop()
        return limit_row("resident memory of a plugin's process", resident / MEBIBYTE, 25, "MiB")

    def discovery(self) -> list[Row]:
        """From a rescan to the answer that all plugins are known, when nobody has seen their files, and after that."""
        server = KinodockServer(self.folder / "discovery", plugins=self.folder / "discovery-plugins")
        server.folder.mkdir()
        prepared = self.folder / "discovery-prepared"
        for number in range(PLUGINS_TO_FIND):
            compile_plugin(prepared / f"found-{number}" / "plugin.so", ID=f'"found-{number}"')
        server.start()
        cold = self._find(server, prepared)
        server.stop()
        server.plugins.rename(prepared)
        server.start()
        cached = self._find(server, prepared)
        server.stop()
        name = f"discovery of {PLUGINS_TO_FIND} plugins"
        return [limit_row(f"{name} that nobody has seen", cold, 1, "s", 3),
                limit_row(f"{name} that were seen before a restart", cached, 0.1, "s", 3)]

    @staticmethod
    def _find(server: KinodockServer, prepared: Path) -> float:
        prepared.rename(server.plugins)
        began = time.monotonic()
        found = server.api.post("/api/plugins/rescan").json
        took = time.monotonic() - began
        if [entry["state"] for entry in found] != ["active"] * PLUGINS_TO_FIND:
            raise AssertionError(f"not all plugins are active: {found}")
        return took

    def torrent(self) -> Row:
        """The built-in torrent client beside its engine's own Python binding, in turns from one seeder."""
        folder = self.folder / "torrents"
        folder.mkdir()
        seen = torrents.compare(folder, self.rounds)
        binding = f"{seen.binding / MEBIBYTE:,.0f} MiB/s (the engine's Python binding)"
        return Row("a torrent of 1 GiB from a seeder on this machine", ">= 0.8 of the binding",
                   f"{seen.own / MEBIBYTE:,.0f} MiB/s", binding, f"{seen.ratio:.3f}", seen.ratio >= 0.8)

    def search(self) -> Row:
        """The deadline is what the search with the hanging indexer takes; the rest is what Kinodock adds."""
        seen = indexers.measure(self.folder / "search")
        others = indexers.COUNT - 1
        return Row(f"a search over {indexers.COUNT} indexers of which one hangs, deadline {indexers.DEADLINE} s",
                   f"< {indexers.DEADLINE + 0.5:g} s, with the results of {others}",
                   f"{seen.whole:.2f} s, results of {seen.answered}; the first in the stream after "
                   f"{seen.first * 1000:.0f} ms",
                   reached=seen.whole < indexers.DEADLINE + 0.5 and seen.answered == seen.results == others)

    def video(self) -> Row:
        seen = videos.measure(self.folder / "videos")
        return Row("progress of yt-dlp to the event stream", "< 100 ms, at most 4 /s",
                   f"median {seen.median * 1000:.0f} ms, worst {seen.worst * 1000:.0f} ms, {seen.rate:.1f} /s",
                   reached=seen.worst < 0.1 and seen.rate <= 4.1)

    def poll(self) -> Row:
        """Processor time for each poll of a client in which nothing changes. One download moves, so it polls often."""
        client = StandIn(self.folder / "unchanged", "--torrents", str(UNCHANGED))
        other = KinodockServer(self.folder / "poll")
        other.folder.mkdir()
        other.start()
        _expect(other.api.post("/api/download-clients", client.body("Unchanged")), 201)
        _expect(other.api.post("/api/queue", {"magnet": _magnet("Moving.Film.2000.1080p.WEB-KDK")}), 201)
        wait_until(lambda: client.polls() >= 4, 60, "the first polls")
        polls, cpu = client.polls(), machine.cpu_seconds(other.child.pid)
        wait_until(lambda: client.polls() >= polls + 8, 60, "eight polls", every=0.5)
        each = (machine.cpu_seconds(other.child.pid) - cpu) / (client.polls() - polls)
        other.stop()
        return limit_row(f"a poll of {UNCHANGED:,} unchanged downloads", each * 1000, 5, "ms of CPU", 2)


def _timed(*options: str) -> tuple[float, float]:
    """What `kinodock check` measures of the Swift test plugin: the median in microseconds, and calls a second."""
    command = [PROGRAM, "check", "--json", *options, SWIFT_PLUGIN]
    shown = subprocess.run(command, capture_output=True, text=True, check=True)
    timing = json.loads(shown.stdout)["timing"]
    return timing["medianMicroseconds"], timing["perSecond"]


def _expect(reply, status: int) -> dict:
    if reply.status != status:
        raise AssertionError(str(reply))
    return reply.json


def _magnet(name: str) -> str:
    return f"magnet:?xt=urn:btih:{hashlib.sha1(name.encode()).hexdigest()}&dn={quote(name)}"


def _write_large_file(path: Path) -> None:
    # No holes and no repetition within a page: the bytes have to be there, as those of a film are.
    block = os.urandom(8 * MEBIBYTE)
    with path.open("wb") as file:
        for _ in range(GIBIBYTE // len(block)):
            file.write(block)


def _raise_file_limit() -> None:
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def _say(words: str) -> None:
    print(f"==> {words}", file=sys.stderr, flush=True)


def _measurements(bench: Bench) -> dict[str, Callable[[], Row | list[Row]]]:
    return {"ping": bench.ping, "page": bench.page, "ranges": bench.ranges, "whole": bench.whole,
            "subscribers": bench.subscribers, "idle": bench.idle_memory, "memory": bench.loaded_memory,
            "start": bench.start_time, "plugin": bench.plugin_call,
            "isolated": bench.isolated_call, "in-flight": bench.calls_at_once, "attachment": bench.attachment,
            "runner": bench.runner_memory, "discovery": bench.discovery, "poll": bench.poll, "torrent": bench.torrent,
            "search": bench.search, "video": bench.video, "adding": bench.adding_rate}


def _measure(bench: Bench, picked: list[str]) -> list[Row]:
    rows = []
    bench.seed()
    for name, measure in _measurements(bench).items():
        if picked and name not in picked:
            continue
        _say(f"measuring: {name}")
        try:
            made = measure()
            rows += made if isinstance(made, list) else [made]
        except (AssertionError, OSError) as error:
            # One measurement that cannot be made does not take the others with it.
            print(f"bench: {name}: {error}", file=sys.stderr)
            rows.append(Row(name, "", "could not be measured", reached=False))
    return rows


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", type=Path, metavar="FILE", help="also write the table to a page")
    parser.add_argument("--quick", action="store_true", help="short runs")
    parser.add_argument("-k", dest="picked", action="append", default=[], metavar="NAME", help="only this measurement")
    arguments = parser.parse_args()
    if not PROGRAM.exists():
        print(f"bench: {PROGRAM} does not exist; run `make build`", file=sys.stderr)
        return 1
    end_all_on_exit()
    # The server inherits this: it needs a file descriptor for each subscriber.
    _raise_file_limit()
    folder = Path(tempfile.mkdtemp(prefix="kinodock-bench-"))
    try:
        text = page(_measure(Bench(folder, arguments.quick), arguments.picked))
    finally:
        end_all()
        shutil.rmtree(folder, ignore_errors=True)
    print(text)
    if arguments.write:
        arguments.write.write_text(text)
        _say(f"written to {arguments.write}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
