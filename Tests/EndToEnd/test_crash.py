"""kill -9 at the worst moments: nothing accepted is lost, nothing in the library is partial, nothing is there twice."""
import os
import random
import time
import unittest
from pathlib import Path

from harness import world
from harness.case import ClientCase, sha256
from harness.server import KinodockServer
from rigs import Torrent, wait_until

# How often each kind of kill is repeated.
ROUNDS = int(os.environ.get("KINODOCK_KILL_ROUNDS", "10"))


def is_temporary(path: Path) -> bool:
    """Whether no library scanner would take this file for a film."""
    return path.name.startswith(".") or path.suffix not in (".mkv", ".mp4")


class Killed(ClientCase):
    def setUp(self) -> None:
        self.chance = random.Random(9)

    def kill_and_start(self) -> None:
        self.server.kill()
        self.assertEqual(self.server.integrity(), "ok")
        self.server.start()

    def test_right_after_an_accepted_download(self) -> None:
        accepted = []
        for number in range(ROUNDS):
            torrent = world.clip(f"Accepted.{number}")
            item = self.add(torrent)
            self.kill_and_start()
            accepted.append((torrent, item["id"]))
        for torrent, identifier in accepted:
            self.wait_for_state(identifier, "imported", 60)
            self.imported_file(torrent)

    def test_during_a_download(self) -> None:
        torrent, item = self.add_slowly("During")
        for _ in range(ROUNDS):
            time.sleep(self.chance.uniform(0, 0.6))
            self.kill_and_start()
            self.assertEqual(self.item(item["id"])["title"], item["title"])
        self.swarm.limit(0, torrent.key)
        self.wait_for_state(item["id"], "imported", 60)
        self.imported_file(torrent)
        titles = [entry["title"] for entry in self.api.get("/api/queue?limit=100&status=completed").json["items"]]
        self.assertEqual(titles.count(torrent.name), 1)

    def test_while_settings_change(self) -> None:
        for number in range(ROUNDS):
            name = f"Instance {number}"
            identifier = self.server.add_client(self.client, name=name, category="unused", enabled=False)
            self.kill_and_start()
            path = f"/api/download-clients/{identifier}"
            self.assertEqual(self.api.get(path).json["name"], name)
            self.answers(self.api.delete(path), 204)
            self.kill_and_start()
            self.answers(self.api.get(path), 404)


class KilledWhileCopying(ClientCase):
    """The library is on another file system than the downloads, so an import copies 300 MB, which takes a while."""

    is_slow = True

    @classmethod
    def setUpClass(cls) -> None:
        if world.other_file_system() is None:
            raise unittest.SkipTest("no second writable file system with 1 GB to spare (looked at /dev/shm)")
        super().setUpClass()

    @classmethod
    def make_server(cls) -> KinodockServer:
        return KinodockServer(world.folder(cls.__name__), library=world.other_file_system() / "library")

    def test_during_a_copying_import(self) -> None:
        torrent = self.swarm.torrent("big")
        chance = random.Random(10)
        interrupted = 0
        for _ in range(ROUNDS):
            item = self.answers(self.api.post("/api/queue", {"magnet": torrent.magnet}), 200, 201).json
            self.wait_for_item(item["id"], lambda item: item["trackedDownloadState"] in ("importing", "imported"), 90,
                               "the import to begin", every=0.01)
            time.sleep(chance.uniform(0, 0.25))
            self.server.kill()
            interrupted += not self.is_whole(torrent)
            self.assertEqual(self.server.integrity(), "ok")
            self.server.start()
            self.wait_for_state(item["id"], "imported", 60)
            self.assertEqual([path.name for path in self.server.library_files() if is_temporary(path)], [])
            self.imported_file(torrent).unlink()
            self.answers(self.api.delete(f"/api/queue/{item['id']}?removeFromClient=false"), 204)
        print(f"       {interrupted} of {ROUNDS} kills came in the middle of the copy", flush=True)

    def is_whole(self, torrent: Torrent) -> bool:
        """Whether the film is there. A file under its final name has to be the whole film at any moment."""
        final = [path for path in self.server.library_files() if not is_temporary(path)]
        for path in final:
            self.assertEqual((path.stat().st_size, sha256(path)), (torrent.video.size, torrent.video.sha256),
                             f"{path} is partial")
        return bool(final)


class Terminated(ClientCase):
    def test_sigterm_with_listeners_and_work_in_flight(self) -> None:
        torrent, item = self.add_slowly("In.Flight")
        listeners = [self.server.events() for _ in range(20)]
        began = time.monotonic()
        self.assertEqual(self.server.stop(seconds=10), 0)
        self.assertLess(time.monotonic() - began, 10)
        for listener in listeners:
            listener.wait_for_end(2)
        self.server.start()
        self.swarm.limit(0, torrent.key)
        self.wait_for_state(item["id"], "imported", 60)

    def test_it_finds_its_downloads_after_a_long_absence(self) -> None:
        torrent, item = self.add_slowly("Long.Absence")
        self.assertEqual(self.server.stop(), 0)
        self.swarm.limit(0, torrent.key)
        wait_until(lambda: self.client.torrent(torrent.info_hash)["state"] in ("stalledUP", "uploading"), 30, "the end")
        self.server.start()
        self.wait_for_state(item["id"], "imported", 30)
        self.imported_file(torrent)
