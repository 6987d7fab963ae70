"""What the tests of every usenet client share: a news server of the class, posts with names of their own, a client."""
from itertools import count
from pathlib import Path
from typing import Callable, ClassVar

from rigs import NewsServer, Post, wait_until

from . import world
from .case import ServerCase, messages_of, sha256
from .plugin import PluginInstance
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


class NewsCase(ServerCase):
    """A server whose one download client is a usenet client of its own."""

    implementation: ClassVar[str]
    # Makes the client in a folder, on a news server.
    make_client: ClassVar[Callable]
    # The settings that lead to it.
    settings_of: ClassVar[Callable]
    news: ClassVar[NewsServer]

    @classmethod
    def setUpClass(cls) -> None:
        cls.news = NewsServer()
        cls.addClassCleanup(cls.news.stop)
        cls.client = cls.make_client(world.folder(f"{cls.__name__}-client"), cls.news)
        cls.addClassCleanup(lambda: cls.client.stop())
        super().setUpClass()
        reply = cls.api.post("/api/download-clients", cls.body())
        if reply.status != 201:
            raise AssertionError(str(reply))
        cls.client_id = reply.json["id"]

    @classmethod
    def body(cls, **changes: object) -> dict:
        return {"name": cls.implementation, "implementation": cls.implementation, "enabled": True, "priority": 1,
                "settings": cls.settings_of(cls.client) | changes}

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


class ClientAlone:
    """A plugin by itself on a real client, for what no route of the server reaches. Mixed into a test case."""

    implementation: ClassVar[str]
    make_client: ClassVar[Callable]
    settings_of: ClassVar[Callable]

    @classmethod
    def setUpClass(cls) -> None:
        cls.news = NewsServer()
        cls.addClassCleanup(cls.news.stop)
        cls.client = cls.make_client(world.folder(f"{cls.__name__}-client"), cls.news)
        cls.addClassCleanup(lambda: cls.client.stop())
        cls.plugin = PluginInstance(PLUGINS / cls.implementation / "plugin.so", cls.settings_of(cls.client))
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
