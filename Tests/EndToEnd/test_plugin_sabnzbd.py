"""SABnzbd: what every usenet client does, and what is its own."""
import unittest

from harness.usenet import Arrives, Fails, Obeys, post
from rigs import SABnzbd


class SABnzbdArrives(Arrives):
    rig, implementation = SABnzbd, "sabnzbd"


class SABnzbdFails(Fails):
    rig, implementation = SABnzbd, "sabnzbd"
    wrong_login = "apiKey", "0" * 32, "refuses this API key"
    keeps_id = False

    def recover(self) -> None:
        super().recover()
        self.client.unblock()

    def test_the_nzb_key_is_told_from_a_wrong_one(self) -> None:
        self.finds(self.body(apiKey=self.client.nzb_key), "login", "This is SABnzbd's NZB key")


class SABnzbdObeys(Obeys, unittest.TestCase):
    rig, implementation, unknown = SABnzbd, "sabnzbd", "SABnzbd_nzo_unknown1"

    def test_priorities_files_and_wishes(self) -> None:
        self.news.rate = 20_000
        sent = post(self.news, "Urgent", film="other-feature", blocks=10)
        added = self.add(sent, category="tv", paused=True, priority="high", options={"postProcessing": "repair"})
        job = self.client.queue()[-1]
        self.assertEqual((job["nzo_id"], job["cat"], job["priority"], job["status"], job["unpackopts"]),
                         (added, "tv", "High", "Paused", "1"))
        self.plugin.call("download.prioritize", id=added, priority="low")
        self.assertEqual(self.client.queue()[-1]["priority"], "Low")
        files = self.plugin.call("download.files", id=added)["files"]
        self.assertIn(f"{sent.name}.7z", [file["path"] for file in files])
        self.plugin.call("download.remove", id=added, deleting_data=True)

    def test_a_new_category_is_made(self) -> None:
        sent = post(self.news, "Category")
        added = self.add(sent, category="harbour films")
        done = self.wait_for(added, "completed")
        self.assertEqual(done["category"], "harbour films")
        self.assertIn("/complete/harbour films/", done["content_path"])
        self.assertIn({"value": "harbour films", "label": "harbour films"},
                      self.plugin.call("provider.options", source="categories")["options"])
