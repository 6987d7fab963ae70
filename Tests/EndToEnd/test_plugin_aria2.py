"""aria2: what every torrent client does, and what is its own."""
import os
import threading
import unittest
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from harness import world
from harness.case import ServerCase, messages_of, sha256
from harness.plugin import PluginError
from harness.torrents import ClientUnderTest, ViaPlugin, ViaServer, shared
from rigs import wait_until
from rigs.aria2 import Aria2


class Aria2Jobs(ViaServer):
    rig, implementation, secret, has_categories = Aria2, "aria2", "secret", False


class Website(BaseHTTPRequestHandler):
    """Files and pages that a test puts onto it."""

    pages: dict[str, bytes] = {}

    def log_message(self, *_: object) -> None:
        pass

    def do_HEAD(self) -> None:
        self.answer()

    def do_GET(self) -> None:
        self.wfile.write(self.answer())

    def answer(self) -> bytes:
        body = self.pages.get(self.path)
        self.send_response(404 if body is None else 200)
        kind = "application/x-bittorrent" if "torrent" in self.path else "application/octet-stream"
        self.send_header("Content-Type", "application/metalink4+xml" if "meta4" in self.path else kind)
        self.send_header("Content-Length", str(len(body or b"")))
        self.end_headers()
        return body or b""


class Aria2Plugin(ViaPlugin, unittest.TestCase):
    rig, implementation, secret, has_categories = Aria2, "aria2", "secret", False

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.website = ThreadingHTTPServer(("127.0.0.1", 0), Website)
        threading.Thread(target=cls.website.serve_forever, daemon=True).start()

    @classmethod
    def tearDownClass(cls) -> None:
        cls.website.shutdown()
        cls.website.server_close()
        super().tearDownClass()

    def offer(self, path: str, page: bytes) -> str:
        Website.pages[path] = page
        return f"http://127.0.0.1:{self.website.server_port}{path}"

    # What aria2 does not have.
    test_choices_hold_the_categories = None

    def test_a_tracker_that_refuses_is_said(self) -> None:
        """aria2 keeps the tracker's words to its log, so the message leads there."""
        stranger = self.pausing.magnet.replace(self.pausing.info_hash, "3" * 40)
        added = self.plugin.call("download.add", source="magnet", link=stranger)["id"]
        item = self.plugin.call("download.item", id=added)["item"]
        self.assertEqual(item["state"], "fetching_metadata")
        self.assertIn("Looking for somebody", item["message"])
        self.plugin.call("download.remove", id=added, deleting_data=True)

    def test_a_plain_web_address(self) -> None:
        film = self.swarm.folder / "content" / self.pausing.key / self.pausing.name
        link = self.offer("/films/plain%20film.mkv", film.read_bytes())
        added = self.plugin.call("download.add", source="url", link=link)["id"]
        item = wait_until(lambda: (item := self.plugin.call("download.item", id=added)["item"])["is_complete"] and item,
                          20, "the film")
        self.assertEqual(item["name"], "plain film.mkv")
        self.assertEqual(sha256(self.client.save_path / "plain film.mkv"), self.pausing.video.sha256)
        again = self.plugin.call("download.add", source="url", link=link)
        self.assertEqual((again["id"], again["existed"]), (added, True))
        self.plugin.call("download.remove", id=added, deleting_data=True)
        self.assertFalse((self.client.save_path / "plain film.mkv").exists())

    def test_the_address_of_a_torrent(self) -> None:
        link = self.offer("/get-torrent?id=1", self.pausing.metafile)
        again = self.plugin.call("download.add", source="url", link=link)
        self.assertEqual((again["id"], again["existed"]), (self.ids[self.pausing.key], True))

    def test_an_address_at_which_nothing_is(self) -> None:
        link = f"http://127.0.0.1:{self.website.server_port}/nothing.mkv"
        added = self.plugin.call("download.add", source="url", link=link)["id"]
        item = wait_until(lambda: (item := self.plugin.call("download.item", id=added)["item"])["state"] == "failed"
                          and item, 10, "the failure")
        self.assertIn("is not there", item["message"])
        Website.pages["/nothing.mkv"] = b"something after all"
        self.plugin.call("download.retry", id=added)
        wait_until(lambda: self.plugin.call("download.item", id=added)["item"]["is_complete"], 10, "the second try")
        self.plugin.call("download.remove", id=added, deleting_data=True)

    def test_a_torrent_of_the_second_version_is_refused(self) -> None:
        for kind in ("v2", "hybrid"):
            with self.subTest(kind=kind), self.assertRaises(PluginError) as caught:
                self.plugin.call("download.add", source="magnet", link=world.clip("Second", kind=kind).magnet)
            self.assertEqual(caught.exception.code, "unsupported")

    def test_limits_and_ends_reach_the_client(self) -> None:
        torrent = world.clip("Limits")
        added = self.plugin.call("download.add", source="magnet", link=torrent.magnet, paused=True,
                                 seed_ratio_limit=1.5, seed_time_limit=90, options={"download_limit": 100})["id"]
        options = self.client.call("getOption", self.client.torrent(torrent.info_hash)["gid"])
        self.assertEqual((float(options["seed-ratio"]), float(options["seed-time"]), options["max-download-limit"]),
                         (1.5, 90, "102400"))
        self.plugin.call("download.remove", id=added, deleting_data=True)


class Aria2Addresses(ClientUnderTest, ServerCase):
    """What becomes of addresses in a server that has aria2, and yt-dlp in front of it."""

    rig, implementation, secret, has_categories = Aria2, "aria2", "secret", False

    @classmethod
    def setUpClass(cls) -> None:
        cls.client = shared(cls.rig)
        super().setUpClass()
        cls.api.timeout = 90
        for body in (cls.body(cls.client), {"name": "Videos", "implementation": "ytdlp", "enabled": True,
                                            "priority": 9, "settings": {}}):
            reply = cls.api.post("/api/download-clients", body)
            if reply.status != 201:
                raise AssertionError(str(reply))
        cls.website = ThreadingHTTPServer(("127.0.0.1", 0), Website)
        threading.Thread(target=cls.website.serve_forever, daemon=True).start()

    @classmethod
    def tearDownClass(cls) -> None:
        super().tearDownClass()
        cls.client.remove_all()
        cls.website.shutdown()
        cls.website.server_close()

    def offer(self, path: str, page: bytes) -> str:
        Website.pages[path] = page
        return f"http://127.0.0.1:{self.website.server_port}{path}"

    def add(self, link: str) -> dict:
        return self.answers(self.api.post("/api/queue", {"url": link}), 201).json

    def test_a_plain_file_is_shown_as_one_and_stays_where_it_is(self) -> None:
        for path in ("/programs/tools.zip", "/get?what=this"):
            with self.subTest(path=path):
                content = os.urandom(100_000)
                item = self.add(self.offer(path, content))
                self.assertEqual((item["protocol"], item["downloadClient"].split()[0]), ("url", "aria2"))
                self.assertNotIn("infoHash", item)
                done = self.wait_for_state(item["id"], "imported")
                self.assertEqual((done["status"], done["errorMessage"]), ("completed", None))
                self.assertEqual(Path(done["outputPath"]).read_bytes(), content)
        self.assertEqual(self.server.library_files(), [])

    def test_what_turns_out_to_be_a_torrent_is_one(self) -> None:
        torrent = world.clip("By.Hidden.Address")
        item = self.add(self.offer("/get-torrent?id=7", torrent.metafile))
        self.assertEqual((item["protocol"], item["infoHash"]), ("torrent", torrent.info_hash))
        self.wait_for_state(item["id"], "imported", 90)
        self.assertEqual(sha256(self.imported_file(torrent)), torrent.video.sha256)
        again = self.api.post("/api/queue", {"url": self.offer("/x.torrent", torrent.metafile)})
        self.assertEqual(self.answers(again, 200).json["id"], item["id"])

    def test_the_files_of_a_metalink_are_one_download(self) -> None:
        contents = {name: os.urandom(50_000) for name in ("one.bin", "two.bin")}
        files = "".join(f'<file name="{name}"><size>{len(data)}</size><url>{self.offer("/" + name, data)}</url></file>'
                        for name, data in contents.items())
        page = f'<?xml version="1.0"?><metalink xmlns="urn:ietf:params:xml:ns:metalink">{files}</metalink>'
        item = self.add(self.offer("/both.meta4", page.encode()))
        self.assertEqual(item["protocol"], "url")
        done = self.wait_for_state(item["id"], "imported")
        for name, data in contents.items():
            self.assertEqual((self.client.save_path / name).read_bytes(), data)
        self.assertEqual(done["size"], 100_000)

    def test_an_address_without_anything_says_so(self) -> None:
        item = self.add(f"http://127.0.0.1:{self.website.server_port}/nothing.zip")
        failed = self.wait_for_item(item["id"], lambda item: item["trackedDownloadState"] == "failedPending", 60,
                                    "the failure")
        self.assertIn("is not there", messages_of(failed))
        self.answers(self.api.delete(f"/api/queue/{item['id']}"), 204)
