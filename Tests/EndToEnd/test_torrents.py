"""Every kind of torrent that is about, from the ways it is added to the film in the library."""
import base64
import random
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from harness import world
from harness.case import ClientCase, listed, sha256
from rigs import Torrent, wait_until


class Kinds(ClientCase):
    """BitTorrent v1, v2, and the hybrid of both."""

    def check_film(self, torrent: Torrent, item: dict) -> None:
        """The film is in the library and can be streamed."""
        done = self.wait_for_state(item["id"], "imported")
        film = self.imported_file(torrent)
        self.same_file(film, self.client.save_path / torrent.video.path)
        content, chance = film.read_bytes(), random.Random(4)
        for _ in range(5):
            first = chance.randrange(len(content))
            last = chance.randrange(first, len(content))
            reply = self.api.get(f"/api/media/{done['movieId']}/stream", Range=f"bytes={first}-{last}")
            self.assertEqual((reply.status, reply.body == content[first:last + 1]), (206, True))

    def add_magnet(self, magnet: str) -> dict:
        return self.answers(self.api.post("/api/queue", {"magnet": magnet}), 201).json

    def add_file(self, torrent: Torrent) -> dict:
        text = base64.b64encode(torrent.metafile).decode()
        return self.answers(self.api.post("/api/queue", {"torrent": text}), 201).json

    def test_a_v2_magnet(self) -> None:
        torrent = world.clip("Second", kind="v2")
        self.check_film(torrent, self.add_magnet(torrent.magnet))

    def test_a_v2_torrent_file(self) -> None:
        torrent = world.clip("Second.File", kind="v2")
        self.check_film(torrent, self.add_file(torrent))

    def test_a_hybrid_magnet_with_both_hashes(self) -> None:
        torrent = world.clip("Hybrid", kind="hybrid")
        self.check_film(torrent, self.add_magnet(torrent.magnet))

    def test_a_hybrid_torrent_file(self) -> None:
        torrent = world.clip("Hybrid.File", kind="hybrid")
        self.check_film(torrent, self.add_file(torrent))

    def test_a_hybrid_torrent_by_one_of_its_hashes(self) -> None:
        for kind in ("v1", "v2"):
            with self.subTest(kind=kind):
                torrent = world.clip(f"Hybrid.By.{kind}", kind="hybrid")
                # Until the seeder is there, the client knows one hash only, and lists the torrent by that.
                self.swarm.pause(torrent.key)
                item = self.add_magnet(torrent.magnets[kind])
                self.wait_for_item(item["id"], lambda item: item["status"] == "downloading", 20, "the first report")
                self.swarm.resume(torrent.key)
                self.check_film(torrent, item)
                self.answers(self.api.delete(f"/api/queue/{item['id']}?removeFromClient=true"), 200, 204)
                wait_until(lambda: not self.in_client(torrent), 15, "the client to lose the torrent")

    def test_a_hybrid_torrent_is_one_download_however_it_is_added(self) -> None:
        torrent = world.clip("Hybrid.Twice", kind="hybrid")
        item = self.add_magnet(torrent.magnets["v1"])
        self.wait_for_state(item["id"], "imported")
        for body in ({"magnet": torrent.magnets["v1"]}, {"magnet": torrent.magnet},
                     {"torrent": base64.b64encode(torrent.metafile).decode()}):
            again = self.answers(self.api.post("/api/queue", body), 200).json
            self.assertEqual(again["id"], item["id"])
        self.imported_file(torrent)

    def test_a_season_with_all_its_episodes(self) -> None:
        torrent = self.swarm.torrent("season")
        self.add_and_import(torrent)
        found = {sha256(path): path for path in self.server.library_files()}
        for file in torrent.files:
            path = found[file.sha256]
            self.assertEqual(path.relative_to(self.server.library).parts[:3], ("tv", "Night Harbour", "Season 01"))
            number = file.path.partition("S01E")[2][:2]
            self.assertIn(f"S01E{number}", path.name)


class Names(ClientCase):
    """Torrents whose names lead out of their folder, or through a line."""

    NAME = "Bad.Names.1999.720p.WEB.H264-KDK"

    def test_names_that_lead_elsewhere_harm_nothing(self) -> None:
        for number, (part, disguise) in enumerate((
                ("up", ".."), ("root", "/tmp/kinodock-escaped"), ("both", "../../../../../../kinodock-escaped"),
                ("line", "two\nlines"), ("dot", "."), ("tab", "a\tb\x7f\x1b[31m"))):
            with self.subTest(disguise=disguise):
                # Another file than the film has the name, so that there is something to import in any case.
                files = {"film.mkv": "other-feature", f"{part}/{part}.mkv": "clip"}
                torrent = self.swarm.publish_folder(f"{number}.{self.NAME}", files,
                                                    disguise={part: disguise, f"{part}.mkv": f"{disguise}.mkv"})
                self.check_harmless(torrent)

    def test_a_torrent_that_calls_itself_so(self) -> None:
        for name in ("..", "/tmp/kinodock-escaped.mkv", "../../kinodock-escaped.mkv", "two\nlines 1999.mkv"):
            with self.subTest(name=name):
                folder = f"{len(name)}.Itself.1999.720p.WEB.H264-KDK"
                torrent = self.swarm.publish_folder(folder, {"film.mkv": "clip"}, disguise={folder: name})
                self.check_harmless(torrent)

    def check_harmless(self, torrent: Torrent) -> None:
        text = base64.b64encode(torrent.metafile).decode()
        item = self.answers(self.api.post("/api/queue", {"torrent": text}), 201).json
        done = self.wait_for_item(item["id"], lambda item: item["trackedDownloadState"] in ("imported", "failed")
                                  or item["status"] == "warning", 60, "an import, or a reason")
        if done["trackedDownloadState"] == "imported":
            film = self.imported_file(torrent)
            self.assertEqual(film.resolve(), film, "the path leads elsewhere")
            self.assertNotRegex(str(film), r"[\x00-\x1f\x7f]")
        self.assertEqual([path for folder in (world.scratch().parent, world.scratch(), self.server.folder)
                          for path in folder.glob("*kinodock-escaped*")], [])
        self.answers(self.api.delete(f"/api/queue/{item['id']}?removeFromClient=true"), 200, 204)
        wait_until(lambda: not self.in_client(torrent), 15, "the client to lose the torrent")
        self.answers(self.api.get("/api/queue"), 200)


class Website(BaseHTTPRequestHandler):
    """An indexer's website: by path the content of a file, or the address that a path leads to."""

    pages: dict[str, bytes | str] = {}

    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:
        page = self.pages.get(self.path)
        if isinstance(page, str):
            self.send_response(302)
            self.send_header("Location", page)
        else:
            self.send_response(404 if page is None else 200)
        body = page if isinstance(page, bytes) else b""
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class Addresses(ClientCase):
    """Downloads that are added by the address of a .torrent."""

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

    def offer(self, path: str, page: bytes | str) -> str:
        Website.pages[path] = page
        return f"http://127.0.0.1:{self.website.server_port}{path}"

    def test_the_address_of_a_torrent(self) -> None:
        torrent = world.clip("By.Address")
        body = {"url": self.offer("/get?id=1&key=secret", torrent.metafile)}
        item = self.answers(self.api.post("/api/queue", body), 201).json
        self.wait_for_state(item["id"], "imported")
        self.imported_file(torrent)

    def test_an_address_that_leads_to_a_magnet(self) -> None:
        torrent = world.clip("To.Magnet")
        self.offer("/magnet", torrent.magnet)
        item = self.answers(self.api.post("/api/queue", {"url": self.offer("/go", "magnet")}), 201).json
        self.wait_for_state(item["id"], "imported")
        self.imported_file(torrent)

    def test_a_torrent_that_the_client_has_already_is_that_download(self) -> None:
        torrent = world.clip("There.Already")
        self.client.add(torrent.magnet)
        wait_until(lambda: self.in_client(torrent), 10, "the client to list the torrent")
        item = self.answers(self.api.post("/api/queue", {"url": self.offer("/again", torrent.metafile)}), 201).json
        self.wait_for_state(item["id"], "imported")
        self.imported_file(torrent)

    def test_a_torrent_that_the_queue_has_already_is_that_item(self) -> None:
        torrent = world.clip("Queued.Already")
        item = self.add_and_import(torrent)
        again = self.answers(self.api.post("/api/queue", {"url": self.offer("/twice", torrent.metafile)}), 200).json
        self.assertEqual(again["id"], item["id"])
        entries = listed(self.api.get("/api/queue?limit=100&status=completed"))
        self.assertEqual([entry["id"] for entry in entries].count(item["id"]), 1)

    def test_an_address_without_a_torrent_says_what_is_there(self) -> None:
        error = self.refuses(self.api.post("/api/queue", {"url": self.offer("/login", b"<html>Log in</html>")}), 400,
                             422, 502)
        self.says(error["error"], "web page")
