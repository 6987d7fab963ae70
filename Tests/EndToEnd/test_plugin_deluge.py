"""Deluge: what every torrent client does, and what is its own."""
import unittest

from harness import world
from harness.case import ServerCase
from harness.torrents import ViaPlugin, ViaServer, shared
from rigs.deluge import Deluge


class DelugeJobs(ViaServer):
    rig, implementation = Deluge, "deluge"


class DelugePlugin(ViaPlugin, unittest.TestCase):
    rig, implementation = Deluge, "deluge"

    def test_labels_limits_and_order_reach_the_client(self) -> None:
        torrent = world.clip("Labelled")
        added = self.plugin.call("download.add", source="magnet", link=torrent.magnet, category="Films", paused=True,
                                 seed_ratio_limit=1.5, priority="high", options={"max_connections": 7})["id"]
        wanted = {"label": "films", "stop_at_ratio": True, "stop_ratio": 1.5, "max_connections": 7, "queue": 0}
        found = self.client.torrent(torrent.info_hash, *wanted)
        self.assertEqual({key: found[key] for key in wanted}, wanted)
        self.plugin.call("download.remove", id=added, deleting_data=True)

    def test_a_range_is_fetched_in_order(self) -> None:
        index = self.place(self.film, "a.mkv")
        self.plugin.call("download.prioritize", id=self.ids[self.film.key], file_index=index,
                         ranges=[{"offset": 0, "length": 1 << 20}])
        found = self.client.torrent(self.film.info_hash, "sequential_download", "prioritize_first_last_pieces",
                                    "file_priorities")
        self.assertEqual((found["sequential_download"], found["prioritize_first_last_pieces"]), (True, True))
        self.assertEqual(found["file_priorities"][index], 7)


class DelugeWithoutDaemon(ServerCase):
    def test_a_daemon_that_does_not_run_is_said(self) -> None:
        client = shared(Deluge)
        client.kill()
        try:
            body = {"name": "Deluge", "implementation": "deluge", "settings": client.settings}
            error = self.refuses(self.api.post("/api/download-clients/test", body), 400)
            (failed,) = [check for check in error["checks"] if not check["ok"]]
            self.says(failed["message"], "daemon")
        finally:
            client.restart()
