"""What every usenet client has to do, tested on the real program: through a server, and through the plugin itself.

A class of tests takes `Arrives`, `Fails` or `Obeys`, says which rig it uses, and adds what is its client's own. Each
class has a news server and a client of its own, and posts with names of their own.
"""
from itertools import count
from pathlib import Path

from rigs import NewsServer, Post, wait_until

from . import world
from .case import ServerCase, messages_of, sha256
from .plugin import PluginError, PluginInstance, SaysWhatIsMissing
from .server import PLUGINS
from .wire import Upload

_NUMBERS = count(1)
ARCHIVE_PASSWORD = "s3cret-of-the-archive"


def post(news: NewsServer, word: str, **more: object) -> Post:
    """A small film of its own, posted; its name reads as that of a movie."""
    return news.publish(f"{word}.Number.{next(_NUMBERS)}.1999.720p.WEB.H264-KDK", **more)


def unrepairable(name: str, part: int) -> bool:
    """Loses so much of an archive that its par2 blocks cannot mend it."""
    return name.endswith(".7z") and part % 3 != 0


def repairable(name: str, part: int) -> bool:
    """Loses one article of an archive."""
    return name.endswith(".7z") and part == 1


def part_of_a_volume(name: str, part: int) -> bool:
    """Loses one article of the second volume of a RAR."""
    return name.endswith(".part02.rar") and part == 0


class ClientUnderTest:
    """Which program it is, on a news server."""

    rig: type
    implementation: str
    # A setting that a login takes, a value that is wrong, and words of what is said then.
    wrong_login: tuple[str, str, str]
    # Whether what is tried again keeps its id.
    keeps_id = True
    news: NewsServer

    @classmethod
    def start(cls) -> dict:
        """Starts both, and returns the settings that lead to the client."""
        cls.news = NewsServer()
        cls.addClassCleanup(cls.news.stop)
        cls.client = cls.rig(world.folder(f"{cls.__name__}-client"), cls.news)
        cls.addClassCleanup(lambda: cls.client.stop())
        return cls.settings()

    @classmethod
    def settings(cls) -> dict:
        return cls.client.settings | {"category": "movies"}


class NewsCase(ClientUnderTest, ServerCase):
    """A server whose one download client is a usenet client of its own."""

    @classmethod
    def setUpClass(cls) -> None:
        cls.start()
        super().setUpClass()
        # On a busy machine the server may still be trying the plugin's file.
        reply = wait_until(lambda: (reply := cls.api.post("/api/download-clients", cls.body())).status == 201 and reply,
                           30, "the client to be configured")
        cls.client_id = reply.json["id"]

    @classmethod
    def body(cls, **changes: object) -> dict:
        return {"name": cls.implementation, "implementation": cls.implementation, "enabled": True, "priority": 1,
                "settings": cls.settings() | changes}

    def setUp(self) -> None:
        self.addCleanup(self.recover)

    def recover(self) -> None:
        self.news.rate, self.news.refusal = 0, ""

    def upload(self, sent: Post, **fields: str) -> dict:
        """Adds an NZB as a browser does, and returns the queue item."""
        file = Upload(f"{sent.name}.nzb", sent.nzb, "application/x-nzb")
        return self.answers(self.api.upload("/api/queue", file, {"title": sent.name, **fields}), 201).json

    def film_arrives(self, item: dict, sent: Post, seconds: float = 60) -> dict:
        """Waits until the film is in the library, byte for byte."""
        done = self.wait_for_state(item["id"], "imported", seconds)
        found = [path for path in self.server.library_files() if sha256(path) == sent.sha256]
        self.assertEqual(len(found), 1, f"library: {self.server.library_files()}")
        return done

    def finds(self, body: dict, check: str | None, words: str) -> None:
        """Tests settings, and looks for a failed check and its words."""
        report = self.refuses(self.api.post("/api/download-clients/test", body), 400, 502, 504)
        self.assertIn(words.lower(), report["error"].lower())
        if check:
            self.assertIn(check, [one["name"] for one in report["checks"] if not one["ok"]])

    def fails_with(self, item: dict, seconds: float, *words: str) -> dict:
        """Waits until the client has given up, and looks for these words in the reason."""
        return self.wait_for_item(item["id"], lambda seen: seen["trackedDownloadState"] in ("failedPending", "failed")
                                  and all(word in messages_of(seen).lower() for word in words), seconds,
                                  f"a failure with the words {words}")


class Arrives(NewsCase):
    """The whole way, from an NZB to the film in the library."""

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

    def test_volumes_of_a_rar_become_a_film(self) -> None:
        sent = post(self.news, "Volumes", packed="rar", blocks=30, lost=part_of_a_volume)
        done = self.film_arrives(self.upload(sent), sent)
        left = [path.name for path in Path(done["outputPath"]).parent.rglob("*") if path.suffix == ".rar"]
        self.assertEqual(left, [], "the archives are deleted when they are unpacked")

    def test_a_password_in_the_head(self) -> None:
        sent = post(self.news, "Told", password=ARCHIVE_PASSWORD)
        self.film_arrives(self.upload(sent), sent)
        self.assertNotIn(ARCHIVE_PASSWORD, self.server.log_text())


class Fails(NewsCase):
    """What can go wrong on the way."""

    def test_too_much_is_missing_until_it_is_there_again(self) -> None:
        sent = post(self.news, "Lost", film="other-feature", blocks=10, lost=unrepairable)
        item = self.upload(sent)
        failed = self.fails_with(item, 60, "articles", "another release")
        self.news.restore()
        self.answers(self.api.post(f"/api/queue/{item['id']}/retry"), 200)
        done = self.film_arrives(item, sent)
        if self.keeps_id:
            self.assertEqual(done["downloadId"], failed["downloadId"])

    def test_what_is_no_nzb_is_refused(self) -> None:
        before = self.client.queue() + self.client.history()
        for content, word in ((b"<html><body>Log in first</body></html>", "nzb"), (b"not xml at all", "nzb"),
                              (b'<?xml version="1.0"?><!DOCTYPE nzb [<!ENTITY a "aaaa">]><nzb>&a;</nzb>', "entities")):
            with self.subTest(content=content):
                reply = self.api.upload("/api/queue", Upload("x.nzb", content, "application/x-nzb"))
                self.says(self.refuses(reply, 400, 422)["error"], word)
        self.assertEqual(len(self.client.queue() + self.client.history()), len(before))

    def test_an_address_without_an_nzb(self) -> None:
        item = self.answers(self.api.post("/api/queue", {"url": f"{self.news.web}/none.nzb?apikey=hidden-key-1"}), 201)
        failed = self.fails_with(item.json, 60, "address")
        self.assertNotIn("hidden-key-1", str(failed))
        self.assertNotIn("hidden-key-1", self.server.log_text())
        known = len(self.client.history())
        self.answers(self.api.delete(f"/api/queue/{failed['id']}"), 204)
        wait_until(lambda: len(self.client.history()) < known, 20, "the client to forget it")

    def test_the_news_server_refuses_the_login(self) -> None:
        sent = post(self.news, "Stranger")
        self.news.refusal = "login"
        item = self.upload(sent)
        self.wait_for_warning(item["id"], 60, "news server", "login")
        self.answers(self.api.delete(f"/api/queue/{item['id']}?deleteFiles=true"), 204)
        wait_until(lambda: not self.client.queue(), 20, "the client to forget it")

    def test_wrong_settings_are_said(self) -> None:
        field, value, words = self.wrong_login
        wrong = {field: (value, "login", words), "port": (self.news.port, None, "HTTP"),
                 "host": ("no-such-host.invalid", None, "No connection")}
        for field, (value, check, words) in wrong.items():
            with self.subTest(field=field):
                self.finds(self.body(**{field: value}), check, words)


class Obeys(ClientUnderTest, SaysWhatIsMissing):
    """All calls of the plugin by itself, for what no route of the server reaches. Mixed into a test case."""

    @classmethod
    def setUpClass(cls) -> None:
        cls.plugin = PluginInstance(PLUGINS / cls.implementation / "plugin.so", cls.start())
        cls.addClassCleanup(cls.plugin.close)

    def setUp(self) -> None:
        self.news.rate, self.news.refusal = 0, ""

    def add(self, sent: Post, **more: object) -> str:
        answer = self.plugin.call("download.add", sent.nzb, source="nzb", link="", name=sent.name, **more)
        self.assertFalse(answer["existed"])
        return answer["id"]

    def item(self, identifier: str) -> dict | None:
        return self.plugin.call("download.item", id=identifier).get("item")

    def wait_for(self, identifier: str, state: str, seconds: float = 40) -> dict:
        return wait_until(lambda: (found := self.item(identifier)) and found["state"] == state and found, seconds,
                          f"the state {state}")

    def left_of(self, sent: Post) -> list[Path]:
        """Files of a download that are still somewhere with the client."""
        return [path for folder in (self.client.complete, self.client.incomplete)
                for path in folder.rglob("*") if sent.name in str(path)]

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

    def test_an_option_that_it_does_not_have_is_refused(self) -> None:
        with self.assertRaises(PluginError) as caught:
            self.add(post(self.news, "Colourful"), options={"colour": "red"})
        self.assertEqual(caught.exception.code, "invalid")

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
