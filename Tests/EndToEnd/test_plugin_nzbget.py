"""NZBGet: what every usenet client does, and what is its own."""
import unittest

from harness.usenet import Arrives, Fails, Obeys, post
from rigs import NZBGet, wait_until


class NZBGetArrives(Arrives):
    rig, implementation = NZBGet, "nzbget"


class NZBGetFails(Fails):
    rig, implementation = NZBGet, "nzbget"
    wrong_login = "password", "wrong", "user name or password"

    def test_a_user_who_may_only_add_is_not_enough(self) -> None:
        name, password = self.client.adder
        self.finds(self.body(username=name, password=password), "login", "ControlUsername")


class NZBGetObeys(Obeys, unittest.TestCase):
    rig, implementation, unknown = NZBGet, "nzbget", "987654"

    def test_priorities_files_and_wishes(self) -> None:
        sent = post(self.news, "Urgent", film="other-feature", blocks=10)
        added = self.add(sent, category="tv", paused=True, priority="high", options={"unpack": False})
        (job,) = [one for one in self.client.queue() if str(one["NZBID"]) == added]
        self.assertEqual((job["Category"], job["MaxPriority"], job["Status"]), ("tv", 50, "PAUSED"))
        self.assertIn({"Name": "*Unpack:", "Value": "no"}, job["Parameters"])
        self.plugin.call("download.prioritize", id=added, priority="low")
        (job,) = [one for one in self.client.queue() if str(one["NZBID"]) == added]
        self.assertEqual(job["MaxPriority"], -50)
        files = self.plugin.call("download.files", id=added)["files"]
        (archive,) = [file for file in files if file["path"].endswith(".7z")]
        self.plugin.call("download.prioritize", id=added, files={str(archive["index"]): "high"})
        self.plugin.call("download.remove", id=added, deleting_data=True)

    def test_what_is_deleted_in_nzbget_itself_is_gone(self) -> None:
        self.news.rate = 20_000
        added = self.add(post(self.news, "Unwanted", film="other-feature"))
        self.wait_for(added, "downloading")
        self.assertTrue(self.client.call("editqueue", "GroupDelete", "", [int(added)]))
        wait_until(lambda: self.item(added) is None, 10, "the job to be gone, though it is in NZBGet's history")

    def test_categories_are_listed(self) -> None:
        options = self.plugin.call("provider.options", source="categories")["options"]
        self.assertEqual([one["value"] for one in options], ["movies", "tv"])
