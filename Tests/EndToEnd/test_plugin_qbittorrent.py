"""The qBittorrent plugin by itself on a real client: what a film that is still arriving needs."""
import unittest
from itertools import count

from harness import world
from harness.plugin import PluginInstance, SaysWhatIsMissing
from harness.server import PLUGINS, client_body
from harness.torrents import ComparesRanges, original
from rigs import Torrent, wait_until

NUMBERS = count(1)


class Arriving(ComparesRanges, SaysWhatIsMissing, unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        cls.swarm, cls.client = world.swarm(), world.qbittorrent()
        settings = client_body(cls.client, category="arriving")["settings"]
        cls.plugin = PluginInstance(PLUGINS / "qbittorrent" / "plugin.so", settings)

    @classmethod
    def tearDownClass(cls) -> None:
        cls.plugin.close()
        cls.client.remove_all()

    def setUp(self) -> None:
        self.addCleanup(self.client.set_preferences, incomplete_files_ext=False)

    def add(self, torrent: Torrent, kilobytes: int) -> str:
        """Adds a torrent that arrives slowly, and waits for its files."""
        self.swarm.limit(kilobytes, torrent.key)
        added = self.plugin.call("download.add", source="magnet", link=torrent.magnet)["id"]
        wait_until(lambda: self.plugin.call("download.files", id=added)["files"], 30, "the files")
        return added

    def folder_of_films(self, kind: str = "v1") -> Torrent:
        """Three films, of which the second is long and begins in the middle of a piece unless padding prevents it."""
        files = {"a.mkv": "clip", "b.mp4": "other-feature", "c.mkv": "clip"}
        return self.swarm.publish_folder(f"Arriving.{next(NUMBERS)}.1999.720p.WEB.H264-KDK", files, kind=kind)

    def check(self, torrent: Torrent, added: str, index: int) -> None:
        self.check_ranges_as_they_grow(added, index, original(torrent, torrent.files[index].path))

    def test_the_verified_ranges_of_a_file_in_the_middle(self) -> None:
        torrent = self.folder_of_films()
        added = self.add(torrent, 200)
        self.check(torrent, added, 1)

    def test_the_verified_ranges_behind_padding(self) -> None:
        torrent = self.folder_of_films("hybrid")
        added = self.add(torrent, 200)
        self.check(torrent, added, 1)

    def test_the_verified_ranges_of_a_file_with_the_suffix_of_unfinished_ones(self) -> None:
        self.client.set_preferences(incomplete_files_ext=True)
        torrent = world.clip("Suffix", "other-feature")
        added = self.add(torrent, 200)
        self.check(torrent, added, 0)
        self.assertTrue(self.plugin.call("download.availability", id=added, file_index=0)["path"].endswith(".!qB"))

    def test_a_range_is_fetched_in_order(self) -> None:
        torrent = world.clip("Range", "other-feature")
        added = self.add(torrent, 200)
        self.plugin.call("download.prioritize", id=added, file_index=0, ranges=[{"offset": 0, "length": 1 << 20}])
        flags = ("seq_dl", "f_l_piece_prio")
        wait_until(lambda: all(self.client.torrent(torrent.info_hash)[flag] for flag in flags), 5, "the order")
        self.plugin.call("download.prioritize", id=added, sequential=False)
        wait_until(lambda: not self.client.torrent(torrent.info_hash)["seq_dl"], 5, "no order")

    def test_files_that_are_skipped_do_not_arrive(self) -> None:
        torrent = self.folder_of_films()
        added = self.add(torrent, 20)
        self.plugin.call("download.prioritize", id=added, files={"0": "skip", "2": "high"})
        wait_until(lambda: [file["is_wanted"] for file in self.plugin.call("download.files", id=added)["files"]]
                   == [False, True, True], 5, "the levels")
        self.plugin.call("download.prioritize", id=added, files={"1": "skip"})
        self.swarm.limit(0, torrent.key)
        wait_until(lambda: self.plugin.call("download.item", id=added)["item"]["is_complete"], 60, "the wanted file")
        self.assertEqual(self.plugin.call("download.item", id=added)["item"]["remaining"], 0)
        self.assertFalse((self.client.save_path / torrent.files[1].path).exists())

    def test_pause_and_resume(self) -> None:
        torrent = world.clip("Paused", "other-feature")
        added = self.add(torrent, 20)
        for method, paused in (("pause", True), ("pause", True), ("resume", False)):
            self.plugin.call(f"download.{method}", id=added)
            wait_until(lambda: (self.plugin.call("download.item", id=added)["item"]["state"] == "paused") is paused, 5,
                       method)

    def test_limits_of_seeding_reach_the_client(self) -> None:
        torrent = world.clip("Limits")
        added = self.plugin.call("download.add", source="magnet", link=torrent.magnet, seed_ratio_limit=1.5,
                                 seed_time_limit=90)["id"]
        found = self.client.torrent(torrent.info_hash)
        self.assertEqual((found["max_ratio"], found["max_seeding_time"]), (1.5, 90))
        self.plugin.call("download.remove", id=added, deleting_data=True)
