"""Test cases with a server, and the assertions that say what was answered."""
import hashlib
import os
import unittest
from pathlib import Path
from typing import Callable

from rigs import Aria2, Deluge, NZBGet, QBittorrent, SABnzbd, Swarm, Torrent, Transmission, wait_until

from . import world
from .server import ADMIN_KEY, KinodockServer
from .wire import Api, Reply

# No log, page or answer may hold one of these.
SECRETS = (ADMIN_KEY, QBittorrent.password, Transmission.password, Deluge.password, Aria2.secret, NZBGet.password,
           SABnzbd.api_key, SABnzbd.nzb_key)


class ServerCase(unittest.TestCase):
    """Tests that share one server. Each class has a server of its own, so a class may do to it what it likes."""

    server: KinodockServer
    api: Api

    @classmethod
    def setUpClass(cls) -> None:
        cls.server = cls.make_server()
        cls.api = cls.server.api
        cls.server.start()

    @classmethod
    def make_server(cls) -> KinodockServer:
        return KinodockServer(world.folder(cls.__name__))

    @classmethod
    def tearDownClass(cls) -> None:
        code = cls.server.stop() if cls.server.runs else 0
        if code != 0:
            raise AssertionError(f"SIGTERM ended the server with {code}, not 0:\n{cls.server.child.tail()}")
        for secret in SECRETS:
            if secret in cls.server.log_text():
                raise AssertionError(f"a secret stands in the log of {cls.__name__}")

    # Assertions

    def answers(self, reply: Reply, *statuses: int) -> Reply:
        """Asserts the status and that nothing secret is in the body."""
        self.assertIn(reply.status, statuses, str(reply))
        for secret in SECRETS:
            self.assertNotIn(secret, reply.text, f"{reply.request} shows a secret")
        return reply

    def refuses(self, reply: Reply, *statuses: int) -> dict:
        """Asserts an error in the house style with words in it, and returns the body."""
        self.answers(reply, *statuses)
        self.assertEqual(reply.headers.get_content_type(), "application/json", str(reply))
        body = reply.json
        self.assertIs(body.get("success"), False, str(reply))
        self.says(body.get("error"))
        self.assertRegex(str(body.get("code")), r"^[A-Z][A-Z0-9_]+$", str(reply))
        return body

    def says(self, text: object, *words: str) -> None:
        """Asserts that a message is a sentence for a person and names these words."""
        self.assertIsInstance(text, str)
        self.assertGreater(len(str(text).split()), 2, f"not words that help: {text!r}")
        for word in words:
            self.assertIn(word.lower(), str(text).lower())

    # The queue

    def item(self, identifier: str) -> dict:
        return self.answers(self.api.get(f"/api/queue/{identifier}"), 200).json

    def wait_for_item(self, identifier: str, fits: Callable[[dict], bool], seconds: float, what: str,
                      every: float = 0.1) -> dict:
        """Waits until a queue item fits, and returns it."""
        seen: dict = {}

        def look() -> dict | None:
            nonlocal seen
            seen = self.item(identifier)
            return seen if fits(seen) else None
        try:
            return wait_until(look, seconds, what, every)
        except AssertionError as error:
            raise AssertionError(f"{error}; the item: {seen}") from None

    def wait_for_state(self, identifier: str, state: str, seconds: float = 60) -> dict:
        return self.wait_for_item(identifier, lambda item: item["trackedDownloadState"] == state, seconds,
                                  f"trackedDownloadState {state}")

    def wait_for_warning(self, identifier: str, seconds: float, *words: str) -> dict:
        """Waits until the item is a warning whose messages name these words."""
        def warns(item: dict) -> bool:
            text = messages_of(item).lower()
            return item["status"] == "warning" and len(text.split()) > 2 and all(word.lower() in text for word in words)
        return self.wait_for_item(identifier, warns, seconds, f"a warning with the words {words}")

    # Files

    def imported_file(self, torrent: Torrent) -> Path:
        """The one file in the library that has the content of the torrent's video."""
        files = self.server.library_files()
        found = [path for path in files if sha256(path) == torrent.video.sha256]
        self.assertEqual(len(found), 1, f"library: {[str(path) for path in files]}")
        return found[0]

    def same_file(self, one: Path, other: Path) -> None:
        """Asserts that two paths are hardlinks of one file."""
        first, second = os.stat(one), os.stat(other)
        self.assertEqual((first.st_dev, first.st_ino), (second.st_dev, second.st_ino), f"{one} is a copy of {other}")


class ClientCase(ServerCase):
    """Tests on a server that has the shared qBittorrent as its download client."""

    client: QBittorrent
    swarm: Swarm
    client_id: str
    category: str

    @classmethod
    def setUpClass(cls) -> None:
        cls.client, cls.swarm = world.qbittorrent(), world.swarm()
        # A category for each class: the client is shared, and no server may touch what another one added.
        cls.category = cls.__name__.lower()
        super().setUpClass()
        cls.client_id = cls.server.add_client(cls.client, category=cls.category)

    @classmethod
    def tearDownClass(cls) -> None:
        super().tearDownClass()
        cls.swarm.limit(0)
        cls.client.remove_all()

    def add(self, torrent: Torrent, **more: object) -> dict:
        """Adds a torrent by its magnet and returns the queue item."""
        return self.answers(self.api.post("/api/queue", {"magnet": torrent.magnet, **more}), 201).json

    def add_and_import(self, torrent: Torrent, **more: object) -> dict:
        return self.wait_for_state(self.add(torrent, **more)["id"], "imported")

    def in_client(self, torrent: Torrent) -> bool:
        return self.client.torrent(torrent.info_hash) is not None

    def wait_until_nothing_is_left_of(self, torrent: Torrent) -> None:
        """The client drops a torrent first and deletes its files, finished or not, a moment later."""
        folders = (self.client.save_path, self.client.incomplete_path)
        wait_until(lambda: not self.in_client(torrent), 15, "the client to lose the torrent")
        wait_until(lambda: not any(True for folder in folders for _ in folder.rglob(torrent.name + "*")), 15,
                   "the client to delete the files")

    def add_slowly(self, word: str) -> tuple[Torrent, dict]:
        """Adds a film that stays in the download for minutes."""
        torrent = world.clip(word, "other-feature")
        self.swarm.limit(20, torrent.key)
        item = self.add(torrent)
        moves = self.wait_for_item(item["id"], lambda item: item["status"] == "downloading" and item["size"] > 0, 30,
                                   "the download to move")
        return torrent, moves


def messages_of(item: dict) -> str:
    """Everything that an item says about itself in words."""
    words = [item.get("errorMessage") or ""]
    for group in item.get("statusMessages") or []:
        words += [group.get("title") or "", *group.get("messages", [])]
    return " ".join(words).strip()


def sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def listed(reply: Reply) -> list:
    """The entries of a list that is a bare array, or that stands in an object as its only array."""
    value = reply.json
    if isinstance(value, dict):
        (value,) = [entry for entry in value.values() if isinstance(entry, list)]
    return value
