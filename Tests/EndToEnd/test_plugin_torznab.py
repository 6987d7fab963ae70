"""Searching at indexers and grabbing what is found, on a server with the Torznab plugin and a real qBittorrent."""
import time
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager

from harness import world
from harness.case import ClientCase, ServerCase
from harness.events import EventStream
from harness.server import ADMIN_KEY
from rigs import Torznab, wait_until
from rigs.torznab import Answer, compressed_bomb, entity_bomb, error, nzb, page

FILM = "Night of the Living Dead 1968"


class IndexerCase(ServerCase):
    """Tests with indexers of their own: each is removed again with its rig."""

    @contextmanager
    def indexer(self, name: str = "Rig", **changes: object) -> Iterator[tuple[Torznab, str]]:
        rig = Torznab()
        try:
            body = {"name": name, "implementation": "torznab", "enabled": True, "priority": 1,
                    "settings": rig.settings | changes.pop("settings", {})} | changes
            made = self.answers(self.api.post("/api/indexers", body), 201).json["id"]
            try:
                yield rig, made
            finally:
                self.check_secrets(rig)
                self.answers(self.api.delete(f"/api/indexers/{made}"), 204)
        finally:
            rig.close()

    def check_secrets(self, rig: Torznab) -> None:
        log = self.server.log_text()
        for secret in (rig.key, rig.passkey):
            self.assertNotIn(secret, log)
            for path in ("/api/indexers", "/api/problems", "/api/queue?includeImported=true", "/metrics"):
                self.assertNotIn(secret, self.api.get(path).text, path)

    def search(self, rig: Torznab | None = None, **query: object) -> dict:
        """Searches, and asserts that nothing secret is in the answer."""
        found = self.answers(self.api.get("/api/search?" + urllib.parse.urlencode(query)), 200)
        if rig:
            self.assertNotIn(rig.key, found.text)
            self.assertNotIn(rig.passkey, found.text)
        return found.json

    def outcome(self, identifier: str, **query: object) -> dict:
        """What becomes of a search at one indexer, which is asked even when it rests."""
        found = self.search(indexers=identifier, **({"query": FILM} | query))
        self.assertEqual([entry["id"] for entry in found["indexers"]], [identifier])
        return found["indexers"][0]


class Searching(IndexerCase):
    def test_an_indexer_is_added_and_tested(self) -> None:
        with self.indexer() as (rig, made):
            rig.offer(f"{FILM} 1080p BluRay x264-RIG")
            tested = self.answers(self.api.post(f"/api/indexers/{made}/test"), 200).json
            names = [check["name"] for check in tested["checks"]]
            self.assertEqual(names, ["connection", "login", "search", "results"])
            choices = self.answers(self.api.post("/api/indexers/options", {
                "source": "categories", "implementation": "torznab", "settings": rig.settings}), 200).json
            self.assertIn({"value": "2040", "label": "Movies/HD (2040)"}, choices)

    def test_a_wrong_key_and_a_wrong_address_are_told(self) -> None:
        with self.indexer() as (rig, _):
            body = {"implementation": "torznab", "settings": rig.settings | {"apiKey": "wrong-key-0123456789"}}
            refused = self.answers(self.api.post("/api/indexers/test", body), 400).json
            login = next(check for check in refused["checks"] if check["name"] == "login")
            self.assertFalse(login["ok"])
            self.says(login["message"], "API key")
            body["settings"] = rig.settings | {"path": "/elsewhere"}
            self.says(self.refuses(self.api.post("/api/indexers/test", body), 400)["error"], "path")
            body["settings"] = rig.settings | {"url": f"{rig.address}/api?apikey={rig.key}"}
            refused = self.answers(self.api.post("/api/indexers", body | {"name": "Query"}), 400)
            self.says(str(refused.json), "question mark")

    def test_a_movie_is_found_by_its_id_and_by_its_title(self) -> None:
        with self.indexer() as (rig, made):
            rig.offer(f"{FILM} 720p WEB-DL-RIG", ids={"imdbid": "63350"})
            rig.offer(f"{FILM} 1080p BluRay x264-RIG", attributes={"downloadvolumefactor": 0, "genre": "Horror"})
            rig.offer("Charade 1963 1080p BluRay x264-RIG")
            by_id = self.search(rig, type="movie", imdbId="tt0063350", query=FILM)["results"]
            self.assertEqual([entry["quality"] for entry in by_id], ["WEB-DL-720p"])
            by_title = self.search(rig, type="movie", imdbId="tt9999999", query=FILM)["results"]
            self.assertEqual([entry["quality"] for entry in by_title], ["Bluray-1080p", "WEB-DL-720p"])
            best = by_title[0]
            self.assertEqual((best["indexerId"], best["protocol"], best["seeders"], best["leechers"]),
                             (made, "torrent", 12, 3))
            self.assertEqual((best["downloadVolumeFactor"], best["attributes"]), (0, {"genre": ["Horror"]}))

    def test_pages_are_read_until_there_is_enough(self) -> None:
        with self.indexer() as (rig, made):
            for number in range(250):
                rig.offer(f"Many {number} 2001 720p WEB-DL-RIG")
            found = self.search(rig, query="many", limit=230)
            self.assertEqual(len(found["results"]), 230)
            self.assertEqual(len({entry["id"] for entry in found["results"]}), 230)

    def test_each_failure_is_told_apart_from_no_results(self) -> None:
        refused = Answer(429, b"", headers={"Retry-After": "600"})
        cases = [
            (error(100), "error", "unauthorized", "key"), (error(101), "error", "forbidden", "suspended"),
            (error(201), "unsupported", "invalid", "understand"), (error(203), "unsupported", "unsupported", "cannot"),
            (error(900), "error", "remote_failure", "failure"), (error(910), "error", "remote_failure", "switched its api off"),
            (page(), "error", "bad_response", "web page"), (Answer(200, b""), "error", "bad_response", "nothing"),
            (Answer(200, b"<rss><channel><item>"), "error", "bad_response", "ends in the middle"),
            (Answer(500, b"oops"), "error", "remote_failure", "500"), (Answer(404, b""), "error", "not_found", "path"),
            (error(500), "error", "rate_limited", "slow down"), (refused, "error", "rate_limited", "600"),
        ]
        for answer, status, code, words in cases:
            with self.subTest(code=code, words=words), self.indexer() as (rig, made):
                self.assertEqual(self.outcome(made)["status"], "ok")
                rig.answer_with(answer, "t=search")
                outcome = self.outcome(made)
                self.assertEqual((outcome["status"], outcome["code"], outcome["results"]), (status, code, 0))
                self.says(outcome["message"], words)

    def test_no_answer_in_time_is_a_timeout(self) -> None:
        with self.indexer(settings={"timeoutSeconds": 1}) as (rig, made):
            rig.fail("t=search", hangs=True)
            self.assertEqual(self.outcome(made)["status"], "timeout")
            rig.recover()
            rig.offer(f"{FILM} 1080p BluRay x264-RIG")
            rig.fail("t=search", drip=0.3)
            self.assertEqual(self.outcome(made)["status"], "timeout")

    def test_a_pause_that_the_indexer_asks_for_is_kept(self) -> None:
        with self.indexer() as (rig, made):
            rig.answer_with(Answer(429, b"", headers={"Retry-After": "600"}), "t=search", times=1)
            self.assertEqual(self.outcome(made)["retryAfter"], 600)
            asked = len(rig.requests)
            again = self.outcome(made)
            self.assertEqual((again["status"], again["code"]), ("skipped", "rate_limited"))
            self.assertEqual(len(rig.requests), asked)
            health = self.answers(self.api.get(f"/api/indexers/{made}"), 200).json["status"]
            self.assertEqual((health["health"], health["code"]), ("failing", "rate_limited"))

    def test_bombs_and_giant_bodies_are_refused_in_bounded_memory(self) -> None:
        giant = Answer(200, b"<rss><channel>" + b"<item><title>x</title></item>" * (40 << 15))
        with self.indexer() as (rig, made):
            self.outcome(made)
            before = self.resident()
            for bomb in (entity_bomb(), compressed_bomb(100), giant):
                rig.recover()
                rig.answer_with(bomb, "t=search")
                outcome = self.outcome(made)
                self.assertEqual(outcome["code"], "bad_response")
                self.says(outcome["message"])
            self.assertLess(self.resident() - before, 96 << 20)

    def resident(self) -> int:
        """Bytes of memory that the server has in use."""
        with open(f"/proc/{self.server.child.pid}/statm") as file:
            return int(file.read().split()[1]) * 4096


class Many(IndexerCase):
    """Twenty indexers, of which one hangs."""

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.rigs = [Torznab() for _ in range(20)]
        cls.ids = []
        for number, rig in enumerate(cls.rigs):
            rig.offer(f"Film {number} 2001 1080p WEB-DL-RIG")
            rig.offer("Common 2001 1080p BluRay x264-RIG", info_hash="ab" * 20)
            made = cls.api.post("/api/indexers", {
                "name": f"Indexer {number:02}", "implementation": "torznab", "enabled": True, "priority": 1,
                "settings": rig.settings | {"timeoutSeconds": 100}})
            cls.ids.append(made.json["id"])
        cls.rigs[7].fail("t=search", hangs=True)
        cls.rigs[3].fail("t=search", delay=1.5)

    @classmethod
    def tearDownClass(cls) -> None:
        for rig in cls.rigs:
            rig.close()
        super().tearDownClass()

    def test_the_answer_comes_when_the_time_is_over_with_what_the_others_have(self) -> None:
        began = time.monotonic()
        found = self.search(query="2001", timeout=4)
        self.assertAlmostEqual(time.monotonic() - began, 4, delta=1.5)
        self.assertFalse(found["complete"])
        late = [entry["name"] for entry in found["indexers"] if entry["status"] == "timeout"]
        self.assertEqual(late, ["Indexer 07"])
        self.assertEqual(sum(entry["status"] == "ok" for entry in found["indexers"]), 19)
        common = [entry for entry in found["results"] if entry["title"].startswith("Common")]
        self.assertEqual(len(found["results"]), 20)
        self.assertEqual([len(entry["alsoAt"]) for entry in common], [18])

    def test_results_are_streamed_as_they_come(self) -> None:
        stream = EventStream(self.server.port, "/api/search/stream?query=2001&timeout=4", key=ADMIN_KEY)
        try:
            first = stream.wait_for(lambda event: event.name == "indexerAnswered", 3, "a first answer")
            self.assertFalse(any(event.name == "searchEnded" for event in stream.events))
            self.assertEqual(first.data["indexer"]["status"], "ok")
            end = stream.wait_for(lambda event: event.name == "searchEnded", 8, "the end")
        finally:
            stream.close()
        names = [event.name for event in stream.events]
        self.assertEqual(names[0], "searchStarted")
        self.assertEqual(names[1:-1], ["indexerAnswered"] * 20)
        order = [event.data["indexer"]["name"] for event in stream.events[1:-1]]
        self.assertEqual(order[-2:], ["Indexer 03", "Indexer 07"])
        self.assertEqual(end.data["totalResults"], 20)
        self.assertEqual(sum(len(event.data["results"]) for event in stream.events[1:-1]), 20)


class Grabbing(ClientCase, IndexerCase):
    def release(self, rig: Torznab, words: str) -> dict:
        (found,) = self.search(rig, query=words)["results"]
        return found

    def grab(self, found: dict, **more: object) -> dict:
        return self.answers(self.api.post("/api/queue", {"release": found["id"], **more}), 201).json

    def test_a_torrent_is_found_grabbed_downloaded_and_imported(self) -> None:
        torrent = world.clip("Grabbed")
        with self.indexer("Swarm") as (rig, _):
            rig.offer_torrent(torrent, title=torrent.name.removesuffix(".mkv"))
            item = self.grab(self.release(rig, "grabbed"))
            self.assertEqual((item["indexer"], item["infoHash"]), ("Swarm", torrent.info_hash))
            self.wait_for_state(item["id"], "imported")
            self.imported_file(torrent)

    def test_a_link_that_redirects_to_a_magnet_is_followed(self) -> None:
        torrent = world.clip("Magnet")
        with self.indexer() as (rig, _):
            rig.offer_torrent(torrent, title=torrent.name.removesuffix(".mkv"), as_magnet=True)
            item = self.grab(self.release(rig, "magnet"))
            self.wait_for_state(item["id"], "imported")
            self.imported_file(torrent)

    def test_the_same_release_again_is_the_item_that_is_there(self) -> None:
        torrent = world.clip("Twice")
        with self.indexer() as (rig, _):
            rig.offer_torrent(torrent)
            found = self.release(rig, "twice")
            first = self.grab(found)
            again = self.answers(self.api.post("/api/queue", {"release": found["id"]}), 200).json
            self.assertEqual(again["id"], first["id"])

    def test_what_is_no_release_is_told_and_nothing_is_kept(self) -> None:
        cases = [(page("Log in"), "web page"), (Answer(200, b""), "empty"), (Answer(200, b"d3:foo"), "torrent"),
                 (Answer(404, b""), "any more"), (error(501), "slow down"), (compressed_bomb(80), "answer"),
                 (Answer(302, b"", headers={"Location": "file:///etc/passwd"}), "neither")]
        for answer, words in cases:
            with self.subTest(words=words), self.indexer() as (rig, _):
                rig.offer_torrent(world.clip("Broken"), title="Broken one")
                found = self.release(rig, "broken")
                rig.answer_with(answer, "/download/")
                refused = self.refuses(self.api.post("/api/queue", {"release": found["id"]}), 502)
                self.says(refused["error"], words)
                self.assertNotIn(rig.passkey, str(refused))
        titles = [item["title"] for item in self.api.get("/api/queue?includeImported=true&limit=100").json["items"]]
        self.assertNotIn("Broken one", titles)

    def test_an_nzb_needs_a_client_that_takes_it(self) -> None:
        with self.indexer() as (rig, _):
            rig.offer("Usenet film 1968", content=nzb("film"), is_nzb=True)
            found = self.release(rig, "usenet")
            self.assertEqual(found["protocol"], "usenet")
            refused = self.refuses(self.api.post("/api/queue", {"release": found["id"]}), 422)
            self.assertEqual(refused["code"], "NO_DOWNLOAD_CLIENT")

    def test_a_release_is_not_remembered_after_a_restart(self) -> None:
        with self.indexer() as (rig, _):
            rig.offer_torrent(world.clip("Forgotten"))
            found = self.release(rig, "forgotten")
            self.assertEqual(self.server.stop(), 0)
            self.server.start()
            refused = self.refuses(self.api.post("/api/queue", {"release": found["id"]}), 404)
            self.assertEqual(refused["code"], "RELEASE_UNKNOWN")

    def set_client(self, identifier: str, **changes: object) -> None:
        path = f"/api/download-clients/{identifier}"
        instance = self.api.get(path).json
        settings = instance["settings"] | changes.pop("settings", {})
        self.answers(self.api.put(path, instance | {"settings": settings} | changes), 200)

    def test_a_client_that_cannot_be_reached_leaves_the_release_to_the_next(self) -> None:
        gone = self.server.add_client(self.client, name="Gone", category=self.category)
        self.set_client(gone, settings={"port": 1})
        self.set_client(self.client_id, priority=2)
        try:
            with self.indexer() as (rig, _):
                torrent = world.clip("Next")
                rig.offer_torrent(torrent)
                item = self.grab(self.release(rig, "next"))
                self.assertEqual(item["downloadClientId"], self.client_id)
                wait_until(lambda: self.in_client(torrent), 10, "the torrent in the client")
        finally:
            self.set_client(self.client_id, priority=1)
            self.answers(self.api.delete(f"/api/download-clients/{gone}"), 204)
