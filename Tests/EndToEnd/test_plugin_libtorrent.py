"""The built-in torrent client: by itself on a real swarm, and as what a fresh server begins with."""
import os
import re
import signal
import socket
import threading
import time
import unittest
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from pathlib import Path
from typing import Iterator

from harness import world
from harness.case import ServerCase, listed, sha256
from harness.plugin import PluginError, PluginInstance, SaysWhatIsMissing
from harness.server import PLUGINS, KinodockServer
from harness.torrents import ComparesRanges, original
from harness.wire import Upload
from rigs import Torrent, VideoSite, wait_until
from rigs.process import free_port

NUMBERS = count(1)
# Nothing leaves this machine.
LOOPBACK = {"listenAddress": "127.0.0.1", "listenPort": 0, "portMapping": False, "dht": False, "localDiscovery": False,
            "peerExchange": False}


@contextmanager
def serving(torrent: Torrent) -> Iterator[str]:
    """An address with /a.torrent, and /magnet that leads to the magnet."""
    class Site(BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

        def do_GET(self) -> None:
            self.send_response(200 if self.path == "/a.torrent" else 302 if self.path == "/magnet" else 404)
            if self.path == "/magnet":
                self.send_header("Location", torrent.magnet)
            self.end_headers()
            if self.path == "/a.torrent":
                self.wfile.write(torrent.metafile)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


class Client:
    """One instance of the plugin with folders of its own."""

    def __init__(self, **settings: object) -> None:
        self.folder = world.folder(f"libtorrent-{next(NUMBERS)}")
        self.downloads = self.folder / "downloads"
        self.settings = LOOPBACK | settings
        self.open()

    def open(self) -> None:
        folders = {"data": str(self.folder / "data"), "downloads": str(self.downloads)}
        self.plugin = PluginInstance(PLUGINS / "libtorrent" / "plugin.so", self.settings, folders)

    def close(self) -> None:
        self.plugin.close()

    def add(self, torrent: Torrent, **more: object) -> str:
        return self.plugin.call("download.add", source="magnet", link=torrent.magnet, **more)["id"]

    def item(self, added: str) -> dict:
        return self.plugin.call("download.item", id=added)["item"]

    def files(self, added: str) -> list:
        return self.plugin.call("download.files", id=added)["files"]

    def wait(self, added: str, fits, seconds: float = 30, what: str = "the torrent to change") -> dict:
        def look() -> dict | None:
            item = self.item(added)
            return item if fits(item) else None
        try:
            return wait_until(look, seconds, what)
        except AssertionError as error:
            raise AssertionError(f"{error}: {self.item(added)}") from None

    def wait_for_files(self, added: str) -> list:
        return wait_until(lambda: self.files(added), 30, "the files")

    def wait_until_complete(self, added: str) -> dict:
        return self.wait(added, lambda item: item["is_complete"], 60, "the torrent to be complete")


class ClientTests(unittest.TestCase):
    """Tests that share one client."""

    settings: dict = {}

    @classmethod
    def setUpClass(cls) -> None:
        cls.swarm, cls.client = world.swarm(), Client(**cls.settings)
        cls.plugin = cls.client.plugin

    @classmethod
    def tearDownClass(cls) -> None:
        cls.client.close()

    def slowly(self, torrent: Torrent, kilobytes: int, **more: object) -> str:
        """Adds a torrent that arrives slowly, and waits for its files."""
        self.swarm.limit(kilobytes, torrent.key)
        added = self.client.add(torrent, **more)
        self.client.wait_for_files(added)
        return added

    def check_content(self, torrent: Torrent, folder: Path) -> None:
        for file in torrent.files:
            self.assertEqual(sha256(folder / file.path), file.sha256, file.path)


class Downloads(ClientTests):
    def test_each_kind_of_torrent_as_a_magnet_and_as_a_file(self) -> None:
        for kind in ("v1", "v2", "hybrid"):
            for form in ("magnet", "torrent"):
                with self.subTest(kind=kind, form=form):
                    torrent = world.clip(f"Kind.{kind}.{form}", kind=kind)
                    link = {"source": "magnet", "link": torrent.magnet}
                    if form == "torrent":
                        link = {"source": "torrent", "link": "", "attachment": torrent.metafile}
                    added = self.plugin.call("download.add", **link)
                    self.assertEqual((added["id"], added["existed"]), (torrent.info_hash, False))
                    done = self.client.wait_until_complete(added["id"])
                    self.assertEqual((done["size"], done["remaining"]), (torrent.size, 0))
                    self.assertEqual(done["content_path"], str(self.client.downloads / torrent.name))
                    self.check_content(torrent, self.client.downloads)
                    self.assertTrue(self.plugin.call("download.add", **link)["existed"])

    def test_a_hybrid_by_either_hash_is_one_torrent(self) -> None:
        for one, other in (("v1", "v2"), ("v2", "v1")):
            with self.subTest(one=one):
                torrent = world.clip(f"Either.{one}", kind="hybrid")
                self.swarm.pause(torrent.key)
                first = self.plugin.call("download.add", source="magnet", link=torrent.magnets[one])
                self.swarm.resume(torrent.key)
                self.client.wait_until_complete(first["id"])
                second = self.plugin.call("download.add", source="magnet", link=torrent.magnets[other])
                self.assertEqual((second["id"], second["existed"]), (first["id"], True))

    def test_the_address_of_a_torrent_or_of_a_magnet(self) -> None:
        for path in ("a.torrent", "magnet"):
            with self.subTest(path=path), serving(torrent := world.clip(f"Address.{path}")) as address:
                added = self.plugin.call("download.add", source="url", link=f"{address}/{path}")
                self.client.wait_until_complete(added["id"])
                with self.assertRaises(PluginError) as caught:
                    self.plugin.call("download.add", source="url", link=f"{address}/gone")
                self.assertEqual(caught.exception.code, "invalid")

    def test_a_folder_with_files_of_any_size(self) -> None:
        torrent = self.swarm.publish_folder(f"Folder.{next(NUMBERS)}", {"a/b.mkv": "clip", "c.mp4": "clip-mp4"})
        added = self.client.add(torrent)
        done = self.client.wait_until_complete(added)
        self.assertEqual(done["content_path"], str(self.client.downloads / torrent.name))
        self.check_content(torrent, self.client.downloads)

    def test_two_torrents_of_one_name_do_not_share_files(self) -> None:
        name = f"Same.Name.{next(NUMBERS)}"
        other = self.swarm.publish_folder(f"{name}.b", {"x.mkv": "clip-mp4"}, disguise={f"{name}.b": name})
        torrent = self.swarm.publish_folder(name, {"x.mkv": "clip"})
        for one in (torrent, other):
            added = self.plugin.call("download.add", source="torrent", link="", attachment=one.metafile)["id"]
            done = self.client.wait_until_complete(added)
            self.assertEqual(sha256(Path(done["content_path"]) / "x.mkv"), one.files[0].sha256)

    def test_pause_and_resume(self) -> None:
        torrent = world.clip("Paused", "other-feature")
        added = self.slowly(torrent, 20)
        for method, paused in (("pause", True), ("pause", True), ("resume", False)):
            self.plugin.call(f"download.{method}", id=added)
            self.client.wait(added, lambda item: (item["state"] == "paused") is paused, 5, method)
        self.plugin.call("download.pauseAll")
        self.client.wait(added, lambda item: item["state"] == "paused", 5, "a pause of all")
        self.plugin.call("download.resumeAll")
        self.swarm.limit(0, torrent.key)
        self.client.wait_until_complete(added)

    def test_a_torrent_that_is_added_paused_waits(self) -> None:
        torrent = world.clip("Waits")
        added = self.client.add(torrent, paused=True)
        self.assertEqual(self.client.item(added)["state"], "paused")
        self.plugin.call("download.resume", id=added)
        self.client.wait_until_complete(added)

    def test_a_rate_of_its_own_is_kept(self) -> None:
        torrent = world.clip("Rate", "other-feature")
        added = self.client.add(torrent, options={"downloadLimit": 500})
        began = time.monotonic()
        self.client.wait_until_complete(added)
        expected = torrent.size / 500_000
        self.assertGreater(time.monotonic() - began, expected * 0.6)

    def test_seeding_ends_at_its_goal(self) -> None:
        torrent = world.clip("Goal")
        added = self.client.add(torrent, seed_ratio_limit=0)
        done = self.client.wait(added, lambda item: item["can_be_removed"], 30, "the goal")
        self.assertEqual((done["state"], done["is_complete"], done["can_move_files"]), ("completed", True, True))

    def test_removing_with_data_and_without(self) -> None:
        for deletes in (True, False):
            with self.subTest(deletes=deletes):
                torrent = self.swarm.publish_folder(f"Gone.{next(NUMBERS)}", {"a/b.mkv": "clip", "c.mkv": "clip"})
                added = self.client.add(torrent)
                self.client.wait_until_complete(added)
                cursor = self.plugin.call("download.changes")["cursor"]
                self.plugin.call("download.remove", id=added, deleting_data=deletes)
                self.assertEqual((self.client.downloads / torrent.name).exists(), not deletes)
                self.assertIsNone(self.plugin.call("download.item", id=added).get("item"))
                self.assertIn(added, self.plugin.call("download.changes", cursor=cursor)["removed"])
                again = self.plugin.call("download.add", source="magnet", link=torrent.magnet)
                self.assertFalse(again["existed"])
                self.client.wait_until_complete(added)
                self.check_content(torrent, self.client.downloads)

    def test_files_that_were_deleted_are_missed_and_not_fetched_again_unasked(self) -> None:
        torrent = world.clip("Deleted")
        client = Client()
        added = client.add(torrent)
        client.wait_until_complete(added)
        client.close()
        (client.downloads / torrent.name).unlink()
        client.open()
        self.addCleanup(client.close)
        lost = client.wait(added, lambda item: item["state"] == "missing_files", 20, "the loss to be seen")
        self.assertIn("gone", lost["message"])
        client.plugin.call("download.retry", id=added)
        client.wait_until_complete(added)
        self.check_content(torrent, client.downloads)


class Streaming(ComparesRanges, ClientTests):
    def folder_of_films(self, kind: str = "v1") -> Torrent:
        """Three films, of which the second is long and begins in the middle of a piece unless padding prevents it."""
        files = {"a.mkv": "clip", "b.mp4": "other-feature", "c.mkv": "clip"}
        return self.swarm.publish_folder(f"Streaming.{next(NUMBERS)}.1999.720p.WEB.H264-KDK", files, kind=kind)

    def index_of(self, added: str, ending: str) -> int:
        return next(file["index"] for file in self.client.files(added) if file["path"].endswith(ending))

    def check_growth(self, kind: str, rate: int) -> None:
        torrent = self.folder_of_films(kind)
        added = self.slowly(torrent, rate)
        index = self.index_of(added, "b.mp4")
        content = original(torrent, f"{torrent.name}/b.mp4")
        sizes, deadline = {0}, time.monotonic() + 60
        while max(sizes) < len(content) // 2:
            self.assertLess(time.monotonic(), deadline, f"only {max(sizes)} of {len(content)} bytes")
            there = self.plugin.call("download.availability", id=added, file_index=index)
            self.assertEqual(there["size"], len(content))
            sizes.add(self.check_ranges(there, content))
        self.assertGreater(len(sizes), 5, "it did not grow piece by piece")

    def test_the_verified_ranges_of_each_kind(self) -> None:
        for kind in ("v1", "v2", "hybrid"):
            with self.subTest(kind=kind):
                self.check_growth(kind, 1500)

    def wait_for_ranges(self, added: str, wanted: list, seconds: float) -> dict:
        def has_all() -> dict | None:
            there = self.plugin.call("download.availability", id=added, file_index=0)
            complete = all(any(part["offset"] <= want["offset"] and part["offset"] + part["length"]
                               >= want["offset"] + want["length"] for part in there["ranges"]) for want in wanted)
            return there if complete else None
        return wait_until(has_all, seconds, "the wanted ranges")

    def test_ranges_that_are_asked_for_before_it_begins_come_first(self) -> None:
        torrent = world.clip("First", "feature")
        self.swarm.limit(500, torrent.key)
        added = self.plugin.call("download.add", source="torrent", link="", attachment=torrent.metafile,
                                 paused=True)["id"]
        wanted = [{"offset": torrent.size // 2, "length": 600_000},
                  {"offset": torrent.size - 200_000, "length": 200_000}]
        self.plugin.call("download.prioritize", id=added, file_index=0, ranges=wanted)
        self.plugin.call("download.resume", id=added)
        there = self.wait_for_ranges(added, wanted, 40)
        held = self.check_ranges(there, original(torrent, torrent.name))
        self.assertLess(held, torrent.size // 5, "it came with everything else")
        self.plugin.call("download.remove", id=added, deleting_data=True)

    def test_a_jump_overtakes_what_was_asked_of_a_peer_before(self) -> None:
        torrent = world.clip("Jump", "feature")
        added = self.slowly(torrent, 500)
        wanted = [{"offset": torrent.size // 2, "length": 600_000}]
        self.plugin.call("download.prioritize", id=added, file_index=0, ranges=wanted)
        there = self.wait_for_ranges(added, wanted, 40)
        held = self.check_ranges(there, original(torrent, torrent.name))
        # What is in the buffers of the seeder cannot be taken back.
        self.assertLess(held, torrent.size // 2, "it came with everything else")
        self.swarm.limit(0, torrent.key)
        self.client.wait_until_complete(added)
        self.check_content(torrent, self.client.downloads)
        # What was taken back is asked for anew, and not sent twice.
        self.assertLess(self.swarm.status()[torrent.key]["sent"], torrent.size + 1_000_000)

    def test_a_player_that_jumps_on_and_on_does_not_stop_the_download(self) -> None:
        torrent = world.clip("Jumps", "other-feature")
        added = self.slowly(torrent, 1000)
        deadline, jumps = time.monotonic() + 60, 0
        while not self.client.item(added)["is_complete"]:
            self.assertLess(time.monotonic(), deadline, self.client.item(added))
            jumps += 1
            start = jumps * 7_654_321 % torrent.size
            self.plugin.call("download.prioritize", id=added, file_index=0,
                             ranges=[{"offset": start, "length": 300_000}])
            time.sleep(0.2)
        self.check_content(torrent, self.client.downloads)
        self.assertLess(self.swarm.status()[torrent.key]["sent"], torrent.size * 1.5)

    def test_in_order(self) -> None:
        torrent = world.clip("Order", "other-feature")
        added = self.slowly(torrent, 500, options={"sequential": True})

        def in_order() -> bool:
            ranges = self.plugin.call("download.availability", id=added, file_index=0)["ranges"]
            self.assertLessEqual(len(ranges), 8)
            return bool(ranges) and ranges[0]["offset"] == 0 and ranges[0]["length"] > 1_000_000
        wait_until(in_order, 20, "the beginning")

    def test_files_that_are_skipped_do_not_arrive_until_they_are_wanted(self) -> None:
        torrent = self.folder_of_films()
        added = self.slowly(torrent, 20)
        skipped = {str(self.index_of(added, "a.mkv")): "skip", str(self.index_of(added, "c.mkv")): "skip"}
        self.plugin.call("download.prioritize", id=added, files=skipped)
        wait_until(lambda: [file["is_wanted"] for file in self.client.files(added)] == [False, True, False], 5,
                   "the levels")
        self.swarm.limit(0, torrent.key)
        done = self.client.wait_until_complete(added)
        self.assertEqual(done["remaining"], 0)
        self.assertLess(done["size"], torrent.size)
        self.assertFalse((self.client.downloads / torrent.files[0].path).exists())
        self.plugin.call("download.prioritize", id=added, files={key: "normal" for key in skipped})
        self.client.wait(added, lambda item: item["is_complete"] and item["size"] == torrent.size, 30, "the rest")
        self.check_content(torrent, self.client.downloads)

    def test_files_are_not_mapped_into_memory(self) -> None:
        torrent = world.clip("Mapped", "other-feature")
        added = self.slowly(torrent, 200)
        self.client.wait(added, lambda item: item["remaining"] < item["size"], 20, "bytes")
        self.assertNotIn(torrent.name, Path("/proc/self/maps").read_text())


class Node:
    """A computer of the DHT, which knows one other at most."""

    def __init__(self, neighbour: "Node | None" = None) -> None:
        self.name = os.urandom(20)
        self.known = neighbour.name + neighbour.compact if neighbour else b""
        self.asked = threading.Event()
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.compact = socket.inet_aton("127.0.0.1") + self.port.to_bytes(2, "big")
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()

    def serve(self) -> None:
        while message := self.socket.recvfrom(2000):
            text, sender = message
            if text == b"end":
                return
            number = re.search(rb"1:t(\d+):", text)
            if number and b"1:y1:q" in text:
                start = number.end()
                token = text[start:start + int(number[1])]
                answer = b"2:id20:%s5:nodes%d:%s" % (self.name, len(self.known), self.known)
                self.socket.sendto(b"d1:rd%se1:t%d:%s1:y1:re" % (answer, len(token), token), sender)
                self.asked.set()

    def close(self) -> None:
        self.socket.sendto(b"end", self.socket.getsockname())
        self.thread.join()
        self.socket.close()


class Network(unittest.TestCase):
    """What the client opens and asks, and when."""

    def setUp(self) -> None:
        self.node = Node()
        self.addCleanup(self.node.close)

    def listens(self, port: int) -> bool:
        return f":{port:04X} 00000000:0000 0A" in Path("/proc/self/net/tcp").read_text()

    def test_the_network_is_used_from_the_first_torrent_on_that_is_not_paused(self) -> None:
        port = free_port()
        client = Client(listenPort=port, dht=True, dhtNodes=f"127.0.0.1:{self.node.port}")
        self.addCleanup(client.close)
        torrent = world.clip("Quiet")
        added = client.add(torrent, paused=True)
        client.close()
        client.open()
        self.assertEqual(client.wait(added, lambda item: item["state"] != "checking", 10)["state"], "paused")
        self.assertFalse(self.listens(port))
        self.assertFalse(self.node.asked.is_set())
        client.plugin.call("download.resume", id=added)
        wait_until(lambda: self.listens(port), 10, "the port to be open")
        client.wait_until_complete(added)
        self.assertTrue(self.node.asked.wait(10), "the DHT was not entered")

    def test_whom_the_dht_knew_is_asked_again_after_a_restart(self) -> None:
        # The engine keeps those that it was told of, not the entries themselves.
        entry = Node(self.node)
        self.addCleanup(entry.close)
        client = Client(dht=True, dhtNodes=f"127.0.0.1:{entry.port}")
        self.addCleanup(client.close)
        client.plugin.call("download.add", source="magnet", link=f"magnet:?xt=urn:btih:{'7' * 40}")
        state = client.folder / "data" / "torrents" / "dht-state"
        self.assertTrue(self.node.asked.wait(20), "the DHT was not entered")

        def is_kept() -> bool:
            client.close()
            client.open()
            client.plugin.call("download.changes")
            return state.exists() and self.node.compact in state.read_bytes()
        wait_until(is_kept, 30, "the DHT to be kept", every=2)
        client.settings["dhtNodes"] = "127.0.0.1:9"
        client.close()
        self.node.asked.clear()
        client.open()
        client.plugin.call("download.changes")
        self.assertTrue(self.node.asked.wait(20), "nobody was asked")


class Incomplete(ClientTests):
    @classmethod
    def setUpClass(cls) -> None:
        cls.waiting = world.folder(f"libtorrent-incomplete-{next(NUMBERS)}")
        cls.settings = {"incompletePath": str(cls.waiting)}
        super().setUpClass()

    def test_a_download_moves_when_it_is_complete(self) -> None:
        torrent = self.swarm.publish_folder(f"Moves.{next(NUMBERS)}", {"a/b.mkv": "clip", "c.mp4": "other-feature"})
        added = self.slowly(torrent, 1000)
        self.client.wait(added, lambda item: item["remaining"] < item["size"], 20, "bytes")
        self.assertTrue((self.waiting / torrent.name).is_dir())
        self.assertFalse((self.client.downloads / torrent.name).exists())
        self.swarm.limit(0, torrent.key)
        done = self.client.wait_until_complete(added)
        self.assertEqual(done["content_path"], str(self.client.downloads / torrent.name))
        self.check_content(torrent, self.client.downloads)
        self.assertFalse((self.waiting / torrent.name).exists())

    @unittest.skipUnless(world.has_other_file_system(), "there is no second file system")
    def test_a_download_moves_to_another_disk(self) -> None:
        target = world.other_file_system() / f"target-{next(NUMBERS)}"
        torrent = world.clip("Disk", "other-feature")
        added = self.client.add(torrent, save_path=str(target))
        done = self.client.wait_until_complete(added)
        self.assertEqual(done["content_path"], str(target / torrent.name))
        self.check_content(torrent, target)


class Refusals(SaysWhatIsMissing, ClientTests):
    def refused(self, code: str, *words: str, **call: object) -> None:
        with self.assertRaises(PluginError) as caught:
            self.plugin.call("download.add", **call)
        self.assertEqual(caught.exception.code, code)
        for word in words:
            self.assertIn(word.lower(), str(caught.exception).lower())

    def test_what_is_no_torrent(self) -> None:
        torrent = world.clip("Broken")
        self.refused("invalid", "web page", source="torrent", link="", attachment=b"<html>log in</html>")
        self.refused("invalid", "missing", source="torrent", link="")
        self.refused("invalid", source="torrent", link="", attachment=torrent.metafile[:-40])
        self.refused("invalid", "info hash", source="magnet", link="magnet:?xt=urn:btih:1234")
        self.refused("invalid", "no torrent", source="magnet", link="magnet:?dn=x")
        self.refused("unsupported", source="nzb", link="", attachment=b"<nzb/>")
        self.refused("invalid", "absolute", source="magnet", link=torrent.magnet, save_path="../elsewhere")
        self.refused("invalid", "no option", source="magnet", link=torrent.magnet, options={"speed": 1})

    def test_a_torrent_whose_parts_do_not_fit_each_other(self) -> None:
        info = b"d6:lengthi100000e4:name1:x12:piece lengthi16384e6:pieces20:" + b"0" * 20 + b"e"
        self.refused("invalid", source="torrent", link="", attachment=b"d4:info" + info + b"e")

    def test_names_that_lead_elsewhere_stay_inside(self) -> None:
        torrent = self.swarm.publish_folder(f"Outside.{next(NUMBERS)}", {"up/x.mkv": "clip"}, disguise={"up": ".."})
        added = self.plugin.call("download.add", source="torrent", link="", attachment=torrent.metafile)["id"]
        done = self.client.wait_until_complete(added)
        inside = [path for path in self.client.downloads.rglob("x.mkv")]
        self.assertTrue(inside and Path(done["content_path"]).is_relative_to(self.client.downloads), inside)
        self.assertFalse((self.client.downloads / "x.mkv").exists())

    def test_what_the_tracker_says_is_shown(self) -> None:
        torrent = world.clip("Unregistered")
        stranger = torrent.magnet.replace(torrent.info_hash, "9" * 40)
        added = self.plugin.call("download.add", source="magnet", link=stranger)["id"]
        item = self.client.wait(added, lambda item: "tracker" in item.get("message", ""), 30, "what the tracker says")
        self.assertIn("127.0.0.1", item["message"])
        self.assertEqual(item["state"], "fetching_metadata")

    def test_changes_tell_only_what_has_changed(self) -> None:
        still = self.client.add(world.clip("Still"))
        self.client.wait_until_complete(still)
        first = self.plugin.call("download.changes")
        self.assertTrue(first["is_complete"])
        added = self.client.add(world.clip("New"))
        self.client.wait_until_complete(added)
        second = self.plugin.call("download.changes", cursor=first["cursor"])
        self.assertFalse(second["is_complete"])
        self.assertIn(added, [item["id"] for item in second["items"]])
        self.assertTrue(self.plugin.call("download.changes", cursor="of-another")["is_complete"])

    def test_at_most_four_events_a_second(self) -> None:
        torrent = world.clip("Events", "other-feature")
        added = self.slowly(torrent, 1500)
        self.client.wait_until_complete(added)
        times = [moment for moment, name in self.plugin.events if name == "changed"]
        self.assertGreater(len(times), 4)
        gaps = sorted(later - earlier for earlier, later in zip(times, times[1:]))
        self.assertGreater(gaps[0], 0.2, gaps[:5])

    def test_the_test_of_the_connection(self) -> None:
        report = self.plugin.call("provider.test")
        self.assertTrue(all(check["ok"] for check in report["checks"]), report["checks"])
        self.assertTrue(report["version"].startswith("2.0."))
        self.assertEqual(report["save_path"], str(self.client.downloads))


class FreshServer(ServerCase):
    """A server that nobody has configured."""

    @classmethod
    def make_server(cls) -> KinodockServer:
        return KinodockServer(world.folder(cls.__name__), defaults=True)

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.swarm = world.swarm()
        clients = {client["implementation"]: client for client in listed(cls.api.get("/api/download-clients"))}
        cls.instance = clients["libtorrent"]
        # The real defaults would look for peers outside of this machine.
        changed = cls.api.put(f"/api/download-clients/{cls.instance['id']}",
                              {"name": "Torrents", "implementation": "libtorrent", "enabled": True,
                               "priority": cls.instance["priority"], "settings": LOOPBACK})
        assert changed.status == 200, str(changed)

    def test_it_has_the_built_in_client(self) -> None:
        self.assertEqual(self.instance["implementation"], "libtorrent")
        self.assertTrue(self.instance["enabled"])
        self.assertEqual(self.instance["priority"], 50)
        report = self.answers(self.api.post(f"/api/download-clients/{self.instance['id']}/test"), 200).json
        self.assertTrue(report["success"], report)

    def test_an_address_becomes_a_file(self) -> None:
        self.api.timeout = 90
        site = VideoSite()
        self.addCleanup(site.close)
        page = site.publish("fresh", "clip-mp4")
        item = self.answers(self.api.post("/api/queue", {"url": page}), 201).json
        done = self.wait_for_state(item["id"], "imported", 90)
        self.assertEqual(done["downloadClient"], "yt-dlp")
        self.assertEqual(Path(done["outputPath"]).read_bytes(), site.content("fresh"))

    def test_a_magnet_a_torrent_and_a_hybrid_become_films(self) -> None:
        for form, kind in (("magnet", "v1"), ("torrent", "v1"), ("magnet", "hybrid"), ("magnet", "v2")):
            with self.subTest(form=form, kind=kind):
                torrent = world.clip(f"Fresh.{form}.{kind}", kind=kind)
                if form == "magnet":
                    reply = self.api.post("/api/queue", {"magnet": torrent.magnet})
                else:
                    reply = self.api.upload("/api/queue", Upload("a.torrent", torrent.metafile))
                item = self.answers(reply, 201).json
                self.wait_for_state(item["id"], "imported")
                film = self.imported_file(torrent)
                self.same_file(film, self.server.data / "downloads" / torrent.name)

    def test_kill_costs_seconds_of_what_was_verified(self) -> None:
        torrent = world.clip("Killed", "feature")
        rate = 1000
        self.swarm.limit(rate, torrent.key)
        item = self.answers(self.api.post("/api/queue", {"magnet": torrent.magnet}), 201).json
        half = torrent.size // 3
        self.wait_for_item(item["id"], lambda seen: 0 < seen["size"] and seen["sizeleft"] < seen["size"] - half, 60,
                           "a third of the film")
        self.server.kill()
        self.swarm.limit(0, torrent.key)
        self.server.start()
        self.wait_for_state(item["id"], "imported")
        self.imported_file(torrent)
        sent = self.swarm.status()[torrent.key]["sent"]
        # Four seconds at that rate, and what was on the way.
        self.assertLess(sent, torrent.size + 4 * rate * 1000 + 2_000_000)

    def test_kill_right_after_the_answer_loses_nothing(self) -> None:
        torrent = world.clip("Answered")
        item = self.answers(self.api.post("/api/queue", {"magnet": torrent.magnet}), 201).json
        self.server.kill()
        self.server.start()
        # An import that begins while the file is checked again waits for a minute.
        self.wait_for_state(item["id"], "imported", 120)
        self.imported_file(torrent)

    def test_removing_from_the_queue_deletes_unfinished_data(self) -> None:
        torrent = world.clip("Removed", "other-feature")
        self.swarm.limit(100, torrent.key)
        item = self.answers(self.api.post("/api/queue", {"magnet": torrent.magnet}), 201).json
        path = self.server.data / "downloads" / torrent.name
        wait_until(path.exists, 30, "the first bytes")
        self.answers(self.api.delete(f"/api/queue/{item['id']}"), 200, 204)
        wait_until(lambda: not path.exists(), 20, "the file to be deleted")


class OwnProcess(ServerCase):
    """The built-in client outside of the server's process."""

    def test_a_film_arrives_although_the_process_dies(self) -> None:
        swarm, path = world.swarm(), "/api/plugins/libtorrent"
        self.answers(self.api.put(f"{path}/isolation", {"mode": "isolated"}), 200)
        body = {"name": "Torrents", "implementation": "libtorrent", "enabled": True, "settings": LOOPBACK}
        self.answers(self.api.post("/api/download-clients", body), 201)
        torrent = world.clip("Process", "other-feature")
        swarm.limit(500, torrent.key)
        item = self.answers(self.api.post("/api/queue", {"magnet": torrent.magnet}), 201).json
        self.wait_for_item(item["id"], lambda seen: 0 < seen["sizeleft"] < seen["size"], 40, "the download to move")
        os.kill(self.api.get(path).json["runner"]["pid"], signal.SIGKILL)
        swarm.limit(0, torrent.key)
        self.wait_for_state(item["id"], "imported")
        self.imported_file(torrent)


class DeletedDefault(ServerCase):
    """A server whose built-in client was deleted, or never wanted."""

    @classmethod
    def make_server(cls) -> KinodockServer:
        return KinodockServer(world.folder(cls.__name__), defaults=True)

    def test_it_does_not_come_back(self) -> None:
        for instance in listed(self.api.get("/api/download-clients")):
            self.answers(self.api.delete(f"/api/download-clients/{instance['id']}"), 200, 204)
        self.server.stop()
        self.server.start()
        self.answers(self.api.post("/api/plugins/rescan"), 200, 202)
        self.assertEqual(listed(self.api.get("/api/download-clients")), [])

    def test_a_port_that_another_program_has_is_no_obstacle(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as other:
            body = {"name": "Torrents", "implementation": "libtorrent", "enabled": True,
                    "settings": LOOPBACK | {"listenPort": other.getsockname()[1]}}
            made = self.answers(self.api.post("/api/download-clients", body), 201).json
            report = self.answers(self.api.post(f"/api/download-clients/{made['id']}/test"), 200).json
            self.assertIn("port_taken", [warning["code"] for warning in report["warnings"]])
            swarm, torrent = world.swarm(), world.clip("Taken")
            swarm.limit(0, torrent.key)
            item = self.answers(self.api.post("/api/queue", {"magnet": torrent.magnet}), 201).json
            self.wait_for_state(item["id"], "imported")
        self.answers(self.api.delete(f"/api/download-clients/{made['id']}"), 200, 204)

    def test_an_instance_that_has_nothing_to_do_opens_no_port(self) -> None:
        port = free_port()
        body = {"name": "Idle", "implementation": "libtorrent", "enabled": True,
                "settings": LOOPBACK | {"listenPort": port}}
        made = self.answers(self.api.post("/api/download-clients", body), 201).json
        self.answers(self.api.post(f"/api/download-clients/{made['id']}/test"), 200)
        tables = Path(f"/proc/{self.server.child.pid}/net/tcp").read_text()
        self.assertNotIn(f":{port:04X} 00000000:0000 0A", tables)
        self.answers(self.api.delete(f"/api/download-clients/{made['id']}"), 200, 204)
