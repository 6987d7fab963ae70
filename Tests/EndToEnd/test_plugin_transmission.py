"""Transmission: what every torrent client does, and what is its own."""
import unittest

from harness.torrents import ViaPlugin, ViaServer
from rigs import wait_until
from rigs.transmission import Transmission


class TransmissionJobs(ViaServer):
    rig, implementation = Transmission, "transmission"


class TransmissionPlugin(ViaPlugin, unittest.TestCase):
    rig, implementation = Transmission, "transmission"

    def test_labels_and_limits_reach_the_client(self) -> None:
        self.plugin.call("download.remove", id=self.ids[self.pausing.key], deleting_data=True)
        self.plugin.call("download.add", source="magnet", link=self.pausing.magnet, category="films",
                         seed_ratio_limit=1.5, seed_time_limit=90, priority="high", options={"peer_limit": 7})
        wanted = {"labels": ["films"], "seedRatioLimit": 1.5, "seedRatioMode": 1, "seedIdleLimit": 90,
                  "seedIdleMode": 1, "bandwidthPriority": 1, "peer-limit": 7}
        found = self.client.torrent(self.pausing.info_hash, *wanted)
        self.assertEqual({key: found[key] for key in wanted}, wanted)

    def test_a_change_by_others_to_an_idle_torrent_is_noticed(self) -> None:
        cursor = self.plugin.call("download.changes")["cursor"]
        self.client.call("torrent-stop", ids=[self.skips.info_hash])

        def told() -> bool:
            items = self.plugin.call("download.changes", cursor=cursor)["items"]
            return any(item["id"] == self.ids[self.skips.key] and item["state"] in ("paused", "completed")
                       for item in items)
        wait_until(told, 40, "the change to be told")
        self.client.call("torrent-start", ids=[self.skips.info_hash])
        self.wake(self.skips)
