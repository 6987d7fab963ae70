"""What every torrent client has to do, tested on the real program: through a server, and through the plugin itself.

A class of tests takes `ViaServer` or `ViaPlugin`, says which rig it uses, and changes what its client does in another
way. The downloads of a class are begun together, for some clients take long to find their first source.
"""
import base64
import time
from functools import cache
from itertools import count
from pathlib import Path

from rigs import Swarm, Torrent, wait_until

from . import world
from .case import ServerCase, messages_of, sha256
from .plugin import PluginError, PluginInstance, SaysWhatIsMissing
from .server import PLUGINS

_numbers = count(1)


@cache
def shared(rig: type):
    """The one program of that kind, which all classes of a run use."""
    return rig(world.scratch() / rig.__name__.lower())


def original(torrent: Torrent, path: str) -> bytes:
    """A file of a torrent as it was published."""
    return (world.swarm().folder / "content" / torrent.key / path).read_bytes()


class ComparesRanges:
    """Compares the bytes that a plugin says are there with the original; mixed into a test case with its `plugin`."""

    def check_ranges_as_they_grow(self, added: str, index: int, original: bytes) -> None:
        """Compares every byte that is said to be there, until a quarter of the file is there."""
        sizes, deadline = {0}, time.monotonic() + 90
        while max(sizes) < len(original) // 4:
            self.assertLess(time.monotonic(), deadline, f"only {max(sizes)} of {len(original)} bytes")
            time.sleep(0.02)
            try:
                there = self.plugin.call("download.availability", id=added, file_index=index)
            except PluginError as error:
                self.assertEqual(error.code, "conflict")  # the client is still deciding where the files are
                continue
            self.assertEqual(there["size"], len(original))
            sizes.add(self.check_ranges(there, original))
        self.assertTrue(sizes - {0, len(original)}, "it was never there in part")

    def check_ranges(self, there: dict, original: bytes) -> int:
        """Compares the ranges with the file on disk, and returns how many bytes they hold."""
        end = -1
        for part in there["ranges"]:
            self.assertGreater(part["offset"], end, "ranges touch or are not ascending")
            end = part["offset"] + part["length"]
            with open(there["path"], "rb") as file:
                file.seek(part["offset"])
                same = file.read(part["length"]) == original[part["offset"]:end]
            self.assertTrue(same, f"{part} of {there['path']} is not what was seeded")
        return sum(part["length"] for part in there["ranges"])


class ClientUnderTest:
    """Which program it is."""

    rig: type
    implementation: str
    # The settings that a login takes, to be given wrongly.
    secret = "password"
    has_categories = True

    @classmethod
    def body(cls, client, **changes: object) -> dict:
        """The body that configures it on a server."""
        settings = client.settings | {"category": cls.__name__.lower()} | changes
        if not cls.has_categories:
            settings.pop("category")
        return {"name": f"{cls.implementation} {next(_numbers)}", "implementation": cls.implementation, "enabled": True,
                "priority": 1, "settings": settings}

    @classmethod
    def wake(cls, torrent: Torrent) -> None:
        """Has the seeder dial the client again, for some clients never dial an address of this machine."""
        world.swarm().pause(torrent.key)
        world.swarm().resume(torrent.key)


class ViaServer(ClientUnderTest, ServerCase):
    """The whole way, from a request to the film in the library."""

    swarm: Swarm

    @classmethod
    def setUpClass(cls) -> None:
        cls.client, cls.swarm = shared(cls.rig), world.swarm()
        super().setUpClass()
        # On a busy machine the server may still be trying the plugin's file.
        reply = wait_until(lambda: (reply := cls.api.post("/api/download-clients", cls.body(cls.client))).status == 201
                           and reply, 30, "the client to be configured")
        cls.client_id = reply.json["id"]
        cls.by_magnet, cls.by_file = world.clip("By.Magnet"), world.clip("By.File")
        cls.slow, cls.dead = world.clip("Slow", "other-feature"), cls.swarm.torrent("dead")
        cls.swarm.limit(30, cls.slow.key)
        cls.items = {}
        for torrent in (cls.by_magnet, cls.slow, cls.dead):
            cls.items[torrent.key] = cls.post_to_queue(magnet=torrent.magnet)
        cls.items[cls.by_file.key] = cls.post_to_queue(torrent=base64.b64encode(cls.by_file.metafile).decode())

    @classmethod
    def tearDownClass(cls) -> None:
        super().tearDownClass()
        cls.swarm.limit(0)
        cls.client.remove_all()

    @classmethod
    def post_to_queue(cls, **body: object) -> dict:
        reply = cls.api.post("/api/queue", body)
        if reply.status != 201:
            raise AssertionError(str(reply))
        return reply.json

    def check_film(self, torrent: Torrent) -> None:
        done = self.wait_for_state(self.items[torrent.key]["id"], "imported", 90)
        self.assertEqual((done["status"], done["size"], done["sizeleft"]), ("completed", torrent.size, 0))
        self.assertEqual(sha256(self.imported_file(torrent)), torrent.video.sha256)

    def test_a_magnet_becomes_a_film_in_the_library(self) -> None:
        self.check_film(self.by_magnet)

    def test_a_file_becomes_a_film_in_the_library(self) -> None:
        self.check_film(self.by_file)

    def test_progress_and_removal_with_data(self) -> None:
        identifier = self.items[self.slow.key]["id"]
        # Long enough for some bytes to be on disk.
        self.wait_for_item(identifier, lambda item: 0 < item["sizeleft"] < item["size"] - (1 << 17), 60, "progress")
        self.answers(self.api.delete(f"/api/queue/{identifier}?removeFromClient=true"), 200, 204)
        wait_until(lambda: not self.client.has(self.slow.info_hash), 15, "the client to lose the torrent")
        places = (self.client.save_path, self.client.incomplete_path)
        wait_until(lambda: not [path for place in places for path in place.rglob(self.slow.name + "*")], 15,
                   "the data to go")

    def test_what_nobody_has_is_said(self) -> None:
        def says(item: dict) -> bool:
            return len(messages_of(item).split()) > 3
        self.wait_for_item(self.items[self.dead.key]["id"], says, 30, "a reason")

    def test_a_good_connection(self) -> None:
        report = self.answers(self.api.post(f"/api/download-clients/{self.client_id}/test"), 200).json
        self.assertIs(report["success"], True)
        self.assertIn(self.client.version().split()[0], report["version"])
        self.assertEqual(report["savePath"].rstrip("/"), str(self.client.save_path))
        self.assertEqual([report[key] for key in ("pathVisible", "pathWritable")], [True, True])

    def test_a_wrong_login_is_said(self) -> None:
        body = self.body(self.client, **{self.secret: "not-it-at-all"})
        error = self.refuses(self.api.post("/api/download-clients/test", body), 400)
        failed = [check for check in error["checks"] if not check["ok"]]
        self.assertEqual(failed[0]["field"], self.secret, error)
        self.says(failed[0]["message"])
        self.assertNotIn("not-it-at-all", str(error))

    def test_somebody_else_at_the_address_is_said(self) -> None:
        error = self.refuses(self.api.post("/api/download-clients/test", self.body(self.client, port=self.server.port)),
                             400, 502)
        self.says(error["error"])

    def test_nobody_at_the_address_is_said(self) -> None:
        error = self.refuses(self.api.post("/api/download-clients/test", self.body(self.client, port=9)), 400)
        self.assertIn([check for check in error["checks"] if not check["ok"]][0]["field"], ("host", "port"))

    def test_z_a_program_that_is_killed_and_started_again(self) -> None:
        torrent = world.clip("Killed")
        self.client.kill()
        self.client.restart()
        item = self.wait_for(lambda: self.api.post("/api/queue", {"magnet": torrent.magnet}), 201)
        self.items[torrent.key] = item
        self.check_film(torrent)

    def wait_for(self, call, status: int) -> dict:
        return wait_until(lambda: (reply := call()).status == status and reply, 30, f"status {status}").json


class ViaPlugin(ClientUnderTest, ComparesRanges, SaysWhatIsMissing):
    """What no route of the server reaches; mixed into a TestCase."""

    @classmethod
    def setUpClass(cls) -> None:
        cls.swarm, cls.client = world.swarm(), shared(cls.rig)
        settings = cls.body(cls.client)["settings"]
        cls.plugin = PluginInstance(PLUGINS / cls.implementation / "plugin.so", settings)
        # All begin at once.
        files = {"a.mkv": "clip", "b.mp4": "other-feature", "c.mkv": "clip"}
        number = next(_numbers)
        cls.film = cls.swarm.publish_folder(f"Ranges.{number}.1999.720p.WEB.H264-KDK", files)
        cls.skips = cls.swarm.publish_folder(f"Skips.{number}.1999.720p.WEB.H264-KDK", files)
        cls.pausing = world.clip("Pausing", "other-feature")
        for torrent, kilobytes in ((cls.film, 250), (cls.skips, 20), (cls.pausing, 20)):
            cls.swarm.limit(kilobytes, torrent.key)
        cls.ids = {torrent.key: cls.plugin.call("download.add", source="magnet", link=torrent.magnet)["id"]
                   for torrent in (cls.film, cls.skips, cls.pausing)}

    @classmethod
    def tearDownClass(cls) -> None:
        cls.plugin.close()
        cls.swarm.limit(0)
        cls.client.remove_all()

    def item(self, torrent: Torrent) -> dict:
        return self.plugin.call("download.item", id=self.ids[torrent.key])["item"]

    def files(self, torrent: Torrent) -> list[dict]:
        added = self.ids[torrent.key]
        return wait_until(lambda: self.plugin.call("download.files", id=added)["files"], 60, "the files")

    def place(self, torrent: Torrent, name: str) -> int:
        """The client's number for the file of that name."""
        return next(file["index"] for file in self.files(torrent) if file["path"].endswith("/" + name))

    def test_bytes_that_are_said_to_be_there_are_there(self) -> None:
        index = self.place(self.film, "b.mp4")
        path = next(file.path for file in self.film.files if file.path.endswith("/b.mp4"))
        self.check_ranges_as_they_grow(self.ids[self.film.key], index, original(self.film, path))

    def test_files_that_are_skipped_do_not_arrive(self) -> None:
        skipped = [self.place(self.skips, name) for name in ("a.mkv", "b.mp4")]
        self.plugin.call("download.prioritize", id=self.ids[self.skips.key],
                         files={str(index): "skip" for index in skipped}
                         | {str(self.place(self.skips, "c.mkv")): "high"})
        wait_until(lambda: [file["is_wanted"] for file in self.files(self.skips)] == [False, False, True], 10,
                   "the levels")
        self.swarm.limit(0, self.skips.key)
        done = wait_until(lambda: (item := self.item(self.skips))["is_complete"] and item, 60, "the wanted file")
        self.assertEqual(done["remaining"], 0)
        wanted = next(file for file in self.skips.files if file.path.endswith("/c.mkv"))
        self.assertEqual(sha256(Path(done["save_path"]) / wanted.path), wanted.sha256)

    def test_pause_and_resume(self) -> None:
        for method, paused in (("pause", True), ("pause", True), ("resume", False), ("resume", False)):
            self.plugin.call(f"download.{method}", id=self.ids[self.pausing.key])
            wait_until(lambda: (self.item(self.pausing)["state"] == "paused") is paused, 10, method)

    def test_pausing_all_leaves_what_was_paused_before(self) -> None:
        self.plugin.call("download.pause", id=self.ids[self.pausing.key])
        wait_until(lambda: self.item(self.pausing)["state"] == "paused", 10, "pause")
        self.plugin.call("download.pauseAll")
        wait_until(lambda: self.item(self.film)["state"] in ("paused", "completed"), 10, "pauseAll")
        self.plugin.call("download.resumeAll")
        wait_until(lambda: self.item(self.film)["state"] not in ("paused", "completed"), 10, "resumeAll")
        self.assertEqual(self.item(self.pausing)["state"], "paused")
        self.plugin.call("download.resume", id=self.ids[self.pausing.key])
        self.wake(self.film)

    def test_what_is_there_already_is_that_download(self) -> None:
        again = self.plugin.call("download.add", source="magnet", link=self.pausing.magnet)
        self.assertEqual((again["id"], again["existed"]), (self.ids[self.pausing.key], True))

    def test_changes_tell_what_is_new_and_what_is_gone(self) -> None:
        extra = world.clip("Extra")
        first = self.plugin.call("download.changes")
        self.assertTrue(first["is_complete"])
        self.assertLessEqual(set(self.ids.values()), {item["id"] for item in first["items"]})
        added = self.plugin.call("download.add", source="magnet", link=extra.magnet)["id"]
        second = self.plugin.call("download.changes", cursor=first["cursor"])
        self.assertFalse(second["is_complete"])
        self.assertIn(added, {item["id"] for item in second["items"]})
        self.plugin.call("download.remove", id=added, deleting_data=True)
        cursor = second["cursor"]

        def gone() -> bool:
            return added in self.plugin.call("download.changes", cursor=cursor).get("removed", [])
        wait_until(gone, 10, "the removal to be told")

    def test_a_tracker_that_refuses_is_said(self) -> None:
        stranger = self.pausing.magnet.replace(self.pausing.info_hash, f"{next(_numbers):040x}")
        added = self.plugin.call("download.add", source="magnet", link=stranger)["id"]

        def message() -> str:
            return self.plugin.call("download.item", id=added)["item"].get("message") or ""
        wait_until(lambda: "not authorized" in message(), 30, "the tracker's words")
        self.plugin.call("download.remove", id=added, deleting_data=True)

    def test_choices_hold_the_categories(self) -> None:
        def named() -> bool:
            options = self.plugin.call("provider.options", source="categories")["options"]
            return type(self).__name__.lower() in [option["value"] for option in options]
        wait_until(named, 10, "the category")
