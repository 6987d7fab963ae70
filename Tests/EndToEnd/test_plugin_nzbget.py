"""NZBGet with real posts: from an NZB to the film in the library, and everything that can go wrong on the way."""
import unittest

from harness.plugin import PluginError
from harness.usenet import ARCHIVE_PASSWORD, ClientAlone, NewsCase, post, repairable, unrepairable
from harness.wire import Upload
from rigs import NZBGet, wait_until


def settings(client: NZBGet) -> dict:
    return {"host": "127.0.0.1", "port": client.port, "username": client.username, "password": client.password,
            "category": "movies"}


class NZBGetCase(NewsCase):
    implementation = "nzbget"
    make_client = NZBGet
    settings_of = staticmethod(settings)


class NZBGetArrives(NZBGetCase):
    def test_an_nzb_becomes_a_film(self) -> None:
        sent = post(self.news, "Upload", blocks=10)
        done = self.film_arrives(self.upload(sent), sent)
        self.assertEqual((done["protocol"], done["progress"]), ("usenet", 100))

    def test_an_address_becomes_a_film(self) -> None:
        sent = post(self.news, "Address", packed="")
        item = self.answers(self.api.post("/api/queue", {"url": sent.url}), 201).json
        done = self.film_arrives(item, sent)
        self.assertEqual(done["downloadId"], item["downloadId"])

    def test_missing_articles_are_repaired(self) -> None:
        sent = post(self.news, "Repair", film="other-feature", blocks=30, lost=repairable)
        item = self.upload(sent)
        seen: set[str] = set()

        def done() -> bool:
            now = self.item(item["id"])
            seen.add(now.get("stage") or "")
            return now["trackedDownloadState"] == "imported"
        wait_until(done, 60, "the import", every=0.05)
        # Between two polls a stage may come and go; the tests of the plugin have all of them.
        self.assertLessEqual(seen, {"", "verifying", "repairing", "extracting", "moving"})
        self.film_arrives(item, sent)

    def test_a_password_in_the_head(self) -> None:
        sent = post(self.news, "Told", password=ARCHIVE_PASSWORD)
        self.film_arrives(self.upload(sent), sent)
        self.assertNotIn(ARCHIVE_PASSWORD, self.server.log_text())


class NZBGetFails(NZBGetCase):
    def test_too_much_is_missing_until_it_is_there_again(self) -> None:
        sent = post(self.news, "Lost", film="other-feature", blocks=10, lost=unrepairable)
        item = self.upload(sent)
        failed = self.fails_with(item, 60, "articles", "another release")
        self.news.restore()
        self.answers(self.api.post(f"/api/queue/{item['id']}/retry"), 200)
        done = self.film_arrives(item, sent)
        self.assertEqual(done["downloadId"], failed["downloadId"])

    def test_what_is_no_nzb_is_refused(self) -> None:
        before = self.client.queue() + self.client.history()
        for content in (b"<html><body>Log in first</body></html>", b"not xml at all"):
            with self.subTest(content=content):
                reply = self.api.upload("/api/queue", Upload("x.nzb", content, "application/x-nzb"))
                self.says(self.refuses(reply, 400, 422)["error"], "nzb")
        self.assertEqual(len(self.client.queue() + self.client.history()), len(before))

    def test_an_address_without_an_nzb(self) -> None:
        item = self.answers(self.api.post("/api/queue", {"url": f"{self.news.web}/none.nzb?apikey=hidden-key-1"}), 201)
        failed = self.fails_with(item.json, 60, "address")
        self.assertNotIn("hidden-key-1", str(failed))
        self.assertNotIn("hidden-key-1", self.server.log_text())
        self.answers(self.api.delete(f"/api/queue/{failed['id']}"), 204)
        wait_until(lambda: failed["downloadId"] not in [str(one["NZBID"]) for one in self.client.history()], 20,
                   "the client to forget it")

    def test_the_news_server_refuses_the_login(self) -> None:
        sent = post(self.news, "Stranger")
        self.news.refusal = "login"
        item = self.upload(sent)
        self.wait_for_warning(item["id"], 60, "news server", "login")
        self.answers(self.api.delete(f"/api/queue/{item['id']}?deleteFiles=true"), 204)
        wait_until(lambda: not self.client.queue(), 20, "the client to forget it")

    def test_wrong_settings_are_said(self) -> None:
        wrong = {"password": ("wrong", "login", "user name or password"), "port": (self.news.port, None, "HTTP"),
                 "host": ("no-such-host.invalid", None, "No connection")}
        for field, (value, check, words) in wrong.items():
            with self.subTest(field=field):
                self.finds(self.body(**{field: value}), check, words)

    def test_a_user_who_may_only_add_is_not_enough(self) -> None:
        name, password = self.client.adder
        self.finds(self.body(username=name, password=password), "login", "ControlUsername")


class NZBGetObeys(ClientAlone, unittest.TestCase):
    """All calls of the plugin, on a real NZBGet."""
    implementation = "nzbget"
    make_client = NZBGet
    settings_of = staticmethod(settings)

    def add_slowly(self, word: str) -> str:
        sent = post(self.news, word, film="other-feature")
        self.news.rate = 20_000
        added = self.add(sent)
        self.wait_for(added, "downloading")
        return added

    def test_pause_and_resume(self) -> None:
        added = self.add_slowly("Paused")
        for method, state in (("pause", "paused"), ("pause", "paused"), ("resume", "downloading")):
            self.plugin.call(f"download.{method}", id=added)
            self.wait_for(added, state, 10)
        self.plugin.call("download.pauseAll")
        self.wait_for(added, "paused", 10)
        self.plugin.call("download.resumeAll")
        self.wait_for(added, "downloading", 10)
        self.plugin.call("download.remove", id=added, deleting_data=True)

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
        with self.assertRaises(PluginError) as caught:
            self.add(sent, options={"colour": "red"})
        self.assertEqual(caught.exception.code, "invalid")
        self.plugin.call("download.remove", id=added, deleting_data=True)

    def test_categories_are_listed(self) -> None:
        options = self.plugin.call("provider.options", source="categories")["options"]
        self.assertEqual([one["value"] for one in options], ["movies", "tv"])

    def test_the_same_nzb_twice_is_one_download(self) -> None:
        sent = post(self.news, "Twice", film="other-feature")
        self.news.rate = 20_000
        added = self.add(sent)
        again = self.plugin.call("download.add", sent.nzb, source="nzb", link="", name="Another Name")
        self.assertEqual((again["id"], again["existed"]), (added, True))
        self.plugin.call("download.remove", id=added, deleting_data=True)
        wait_until(lambda: not self.left_of(sent), 10, "nothing to be left")

    def test_removal_with_data_and_without(self) -> None:
        kept, gone = post(self.news, "Kept"), post(self.news, "Gone")
        ids = [self.add(one) for one in (kept, gone)]
        for one in ids:
            self.wait_for(one, "completed")
        self.plugin.call("download.remove", id=ids[0], deleting_data=False)
        self.plugin.call("download.remove", id=ids[1], deleting_data=True)
        self.assertTrue([path for path in self.left_of(kept) if path.name == kept.film])
        self.assertEqual(self.left_of(gone), [])
        self.assertTrue((self.client.complete / "movies").exists())
        self.assertEqual([self.item(one) for one in ids], [None, None])

    def test_an_archive_with_a_password(self) -> None:
        locked = post(self.news, "Locked", password=ARCHIVE_PASSWORD, told=False)
        self.assertIn("password", self.wait_for(self.add(locked), "failed")["message"])
        opened = post(self.news, "Opened", password=ARCHIVE_PASSWORD, told=False)
        self.wait_for(self.add(opened, password=ARCHIVE_PASSWORD), "completed")

    def test_killed_and_started_again(self) -> None:
        added = self.add_slowly("Killed")
        cursor = self.plugin.call("download.changes")["cursor"]
        self.client.kill()
        with self.assertRaises(PluginError) as caught:
            self.plugin.call("download.changes", cursor=cursor)
        self.assertEqual(caught.exception.code, "unreachable")
        self.news.rate = 0
        self.client.restart()
        self.wait_for(added, "completed")

    def test_an_unchanged_list_is_not_told_again(self) -> None:
        self.wait_for(self.add(post(self.news, "Quiet")), "completed")
        first = self.plugin.call("download.changes")
        self.assertTrue(first["is_complete"] and first["items"])
        wait_until(lambda: not self.plugin.call("download.changes", cursor=first["cursor"])["items"], 10, "quiet")

    def test_what_is_not_there_is_said(self) -> None:
        unknown = "987654"
        for method in ("files", "pause", "resume", "retry"):
            with self.subTest(method=method), self.assertRaises(PluginError) as caught:
                self.plugin.call(f"download.{method}", id=unknown)
            self.assertEqual(caught.exception.code, "not_found")
        self.assertIsNone(self.item(unknown))
        self.plugin.call("download.remove", id=unknown, deleting_data=True)
