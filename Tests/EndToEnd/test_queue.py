"""The queue over HTTP: paging, filters, deleting, retrying, cleaning up, and everything that can be said wrongly."""
import base64
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote

from harness import world
from harness.case import ClientCase
from rigs import wait_until

STATUSES = ("downloading", "queued", "completed", "failed", "warning", "paused")


class QueueList(ClientCase):
    """Reading. One item of each kind that is easy to have is there from the start."""

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        bodies = [{"magnet": world.clip("Waiting").magnet, "paused": True} for _ in range(5)]
        cls.ids = [cls.api.post("/api/queue", body).json["id"] for body in bodies]
        wait_until(lambda: cls.total("paused") == 5, 30, "five paused items")
        cls.done = cls.api.post("/api/queue", {"magnet": world.clip("Done").magnet}).json["id"]
        wait_until(lambda: cls.api.get(f"/api/queue/{cls.done}").json["trackedDownloadState"] == "imported", 60,
                   "one imported item")

    @classmethod
    def total(cls, status: str) -> int:
        return cls.api.get(f"/api/queue?status={status}").json["totalRecords"]

    def page(self, query: str) -> dict:
        return self.answers(self.api.get(f"/api/queue?{query}"), 200).json

    def test_the_shape_of_a_page(self) -> None:
        page = self.page("")
        self.assertEqual(set(page), {"items", "totalRecords", "page", "pageSize"})
        self.assertEqual((page["page"], page["pageSize"]), (1, 20))
        for item in page["items"]:
            for key in ("id", "downloadId", "title", "status", "trackedDownloadStatus", "trackedDownloadState",
                        "protocol", "downloadClient", "downloadClientId", "outputPath", "size", "sizeleft", "timeleft",
                        "estimatedCompletionTime", "statusMessages", "errorMessage", "movieId", "seriesId", "added",
                        "started", "ended", "quality", "qualityScore"):
                self.assertIn(key, item)
            self.assertIsInstance(item["qualityScore"], int)

    def test_pages_are_disjoint_complete_and_in_order(self) -> None:
        seen = []
        for number in (1, 2, 3):
            page = self.page(f"limit=2&page={number}&status=paused")
            self.assertEqual((page["totalRecords"], page["page"], page["pageSize"]), (5, number, 2))
            seen += [item["id"] for item in page["items"]]
        self.assertEqual(seen, self.ids)
        self.assertEqual(self.page("limit=2&page=99&status=paused")["items"], [])

    def test_limits_are_clamped(self) -> None:
        self.assertEqual(self.page("limit=500")["pageSize"], 100)
        self.assertEqual(self.page("limit=0")["pageSize"], 1)
        self.assertEqual(self.page("limit=-3")["pageSize"], 1)
        self.assertEqual(self.page("page=0")["page"], 1)
        self.assertEqual(self.page("page=-7")["page"], 1)

    def test_every_status_filters(self) -> None:
        for status in STATUSES:
            with self.subTest(status=status):
                self.assertEqual({item["status"] for item in self.page(f"status={status}")["items"]} - {status}, set())
        self.assertIn(self.done, [item["id"] for item in self.page("status=completed")["items"]])

    def test_imported_items_are_hidden_unless_asked_for(self) -> None:
        self.assertNotIn(self.done, [item["id"] for item in self.page("limit=100")["items"]])

    def test_filters_by_movie_and_series(self) -> None:
        self.assertEqual(self.page("movieId=nothing")["totalRecords"], 0)
        self.assertEqual(self.page("seriesId=nothing")["totalRecords"], 0)

    def test_bad_values_are_refused(self) -> None:
        for query in ("status=sleeping", "page=one", "limit=1.5", "page=%00", "status=" + "x" * 10_000):
            with self.subTest(query=query[:40]):
                self.refuses(self.api.get(f"/api/queue?{query}"), 400, 414, 431)

    def test_unknown_ids(self) -> None:
        for name in ("nothing", "q_00000000-0000-0000-0000-000000000000", quote("a/b", safe=""), "%25", "%2e%2e",
                     quote("'; DROP TABLE queue; --", safe=""), "x" * 3000):
            with self.subTest(name=name[:40]):
                self.refuses(self.api.get(f"/api/queue/{name}"), 404, 414)
                self.refuses(self.api.delete(f"/api/queue/{name}"), 404, 414)
                self.refuses(self.api.post(f"/api/queue/{name}/retry"), 404, 414)

    def test_nobody_sees_where_files_are(self) -> None:
        nobody = self.api.as_nobody()
        item = self.answers(nobody.get(f"/api/queue/{self.done}"), 200).json
        self.assertIsNone(item["outputPath"])
        self.assertIsNotNone(self.item(self.done)["outputPath"])
        self.assertNotIn("magnet:", nobody.get("/api/queue?status=completed").text)
        self.assertNotIn(str(self.client.save_path), nobody.get("/api/queue?status=completed").text)


class QueueAdd(ClientCase):
    def total(self) -> int:
        return self.api.get("/api/queue?includeImported=true").json["totalRecords"]

    def test_the_same_download_again_is_the_same_item(self) -> None:
        torrent = world.clip("Again")
        first = self.add(torrent)
        for body in ({"magnet": torrent.magnet}, {"magnet": torrent.base32_magnet},
                     {"torrent": base64.b64encode(torrent.metafile).decode()}):
            self.assertEqual(self.answers(self.api.post("/api/queue", body), 200).json["id"], first["id"])

    def test_two_at_once_make_one_item(self) -> None:
        torrent = world.clip("Twins")
        with ThreadPoolExecutor(4) as pool:
            replies = list(pool.map(lambda _: self.api.post("/api/queue", {"magnet": torrent.magnet}), range(4)))
        self.assertEqual(sorted(reply.status for reply in replies), [200, 200, 200, 201], [str(r) for r in replies])
        self.assertEqual(len({reply.json["id"] for reply in replies}), 1)

    def test_paused_stays_paused_until_resumed_in_the_client(self) -> None:
        torrent = world.clip("Paused")
        item = self.add(torrent, paused=True)
        self.wait_for_item(item["id"], lambda item: item["status"] == "paused", 20, "paused")
        self.client.resume(torrent.info_hash)
        self.wait_for_state(item["id"], "imported")

    def test_category_and_client_can_be_chosen(self) -> None:
        torrent = world.clip("Chosen")
        self.add(torrent, category="queueadd-chosen", downloadClientId=self.client_id)
        self.assertEqual(self.client.torrent(torrent.info_hash)["category"], "queueadd-chosen")

    def test_what_makes_no_sense_is_refused_and_changes_nothing(self) -> None:
        before = self.total()
        magnet = world.clip("Never.Added").magnet
        for body in ({}, {"magnet": ""}, {"magnet": "magnet:?xt=urn:btih:short"}, {"magnet": "magnet:?dn=name"},
                     {"magnet": "http://127.0.0.1/a.torrent"}, {"magnet": 5}, {"torrent": "%%%"},
                     {"torrent": base64.b64encode(b"not a torrent").decode()}, {"magnet": magnet, "torrent": "AAAA"},
                     {"magnet": magnet, "downloadClientId": "nothing"}, {"magnet": magnet, "paused": "yes"},
                     {"magnet": magnet, "title": 7}, [], "text", None, "{", '{"magnet":', b"\xff\xfe\x00"):
            with self.subTest(body=str(body)[:60]):
                reply = self.api.send("POST", "/api/queue", body, {"Content-Type": "application/json"})
                self.refuses(reply, 400, 404, 422)
        self.assertEqual(self.total(), before)

    def test_a_kind_that_no_client_takes(self) -> None:
        nzb = b'<?xml version="1.0"?><nzb xmlns="http://www.newzbin.com/DTD/2003/nzb"><file><segments>' \
              b'<segment bytes="10" number="1">one@example.invalid</segment></segments></file></nzb>'
        self.refuses(self.api.post("/api/queue", {"nzb": base64.b64encode(nzb).decode()}), 422)

    def test_other_media_types_and_sizes(self) -> None:
        magnet = world.clip("Odd.Type").magnet
        for media_type in ("text/plain", "application/x-www-form-urlencoded", "video/mp4"):
            reply = self.api.send("POST", "/api/queue", magnet.encode(), {"Content-Type": media_type})
            self.refuses(reply, 415)
        head = (f"POST /api/queue HTTP/1.1\r\nHost: x\r\nx-api-key: {self.api.key}\r\n"
                "Content-Type: application/json\r\nContent-Length: 4000000000\r\n\r\n")
        raw = self.api.raw(head.encode() + b"[" * 1000, hang_up=False)
        self.assertTrue(raw.startswith(b"HTTP/1.1 413"), raw[:200])

    def test_wrong_methods(self) -> None:
        for method, path, allowed in (("PATCH", "/api/queue", "POST"), ("PUT", "/api/queue/x", "DELETE"),
                                      ("GET", "/api/queue/x/retry", "POST"), ("POST", "/api/queue/events", "GET")):
            with self.subTest(method=method, path=path):
                reply = self.api.send(method, path)
                self.refuses(reply, 405)
                self.assertIn(allowed, reply.headers["Allow"])


class QueueDelete(ClientCase):
    def is_gone(self, identifier: str) -> None:
        self.refuses(self.api.get(f"/api/queue/{identifier}"), 404)

    def test_an_unfinished_download_goes_with_its_data(self) -> None:
        torrent, item = self.add_slowly("Unfinished")
        with self.server.events() as events:
            self.answers(self.api.delete(f"/api/queue/{item['id']}"), 204)
            events.wait_for_item("queueItemRemoved", item["id"])
        self.is_gone(item["id"])
        self.wait_until_nothing_is_left_of(torrent)

    def test_a_finished_download_leaves_its_data(self) -> None:
        torrent = world.clip("Finished")
        item = self.add_and_import(torrent)
        self.answers(self.api.delete(f"/api/queue/{item['id']}"), 204)
        wait_until(lambda: not self.in_client(torrent), 15, "the client to lose the torrent")
        self.assertTrue((self.client.save_path / torrent.video.path).exists())
        self.imported_file(torrent)

    def test_a_finished_download_with_deleteFiles(self) -> None:
        torrent = world.clip("With.Files")
        item = self.add_and_import(torrent)
        self.answers(self.api.delete(f"/api/queue/{item['id']}?deleteFiles=true"), 204)
        wait_until(lambda: not (self.client.save_path / torrent.video.path).exists(), 15, "the download to be deleted")
        self.imported_file(torrent)  # the library keeps its film

    def test_it_can_stay_in_the_client(self) -> None:
        torrent, item = self.add_slowly("Stays")
        self.answers(self.api.delete(f"/api/queue/{item['id']}?removeFromClient=false"), 204)
        self.assertNotIn(item["id"], self.api.get("/api/queue?limit=100").text)
        self.swarm.limit(0, torrent.key)
        finished = ("uploading", "stalledUP")
        wait_until(lambda: self.client.torrent(torrent.info_hash)["state"] in finished, 30, "the client to finish it")
        # Somebody else's business now: wait for a later import to end, then look.
        self.add_and_import(world.clip("Later"))
        self.assertNotIn(torrent.name, [path.name for path in self.server.library_files()])

    def test_blocklisted_is_refused_from_then_on(self) -> None:
        torrent, item = self.add_slowly("Blocked")
        self.answers(self.api.delete(f"/api/queue/{item['id']}?blocklist=true"), 204)
        for body in ({"magnet": torrent.magnet}, {"magnet": torrent.base32_magnet},
                     {"torrent": base64.b64encode(torrent.metafile).decode()}):
            self.refuses(self.api.post("/api/queue", body), 409)
        self.assertEqual(self.server.stop(), 0)
        self.server.start()
        self.refuses(self.api.post("/api/queue", {"magnet": torrent.magnet}), 409)

    def test_it_can_be_added_again_when_not_blocklisted(self) -> None:
        torrent, item = self.add_slowly("Second.Thoughts")
        self.answers(self.api.delete(f"/api/queue/{item['id']}"), 204)
        wait_until(lambda: not self.in_client(torrent), 15, "the client to lose the torrent")
        self.swarm.limit(0, torrent.key)
        self.assertNotEqual(self.add_and_import(torrent)["id"], item["id"])

    def test_booleans_are_read_strictly(self) -> None:
        torrent, item = self.add_slowly("Strict")
        for query in ("removeFromClient=perhaps", "blocklist=2", "deleteFiles="):
            with self.subTest(query=query):
                self.refuses(self.api.delete(f"/api/queue/{item['id']}?{query}"), 400)
        self.assertTrue(self.in_client(torrent))
        self.item(item["id"])


class QueueActions(ClientCase):
    def test_what_has_not_failed_is_not_retried(self) -> None:
        _, item = self.add_slowly("Healthy")
        self.refuses(self.api.post(f"/api/queue/{item['id']}/retry"), 409)
        done = self.add_and_import(world.clip("Healthy.Too"))
        self.refuses(self.api.post(f"/api/queue/{done['id']}/retry"), 409)

    def test_cleanup_removes_what_is_imported_and_no_data(self) -> None:
        torrent = world.clip("Cleaned")
        item = self.add_and_import(torrent)
        _, moving = self.add_slowly("Kept")
        neither = self.api.post("/api/queue/cleanup", {"removeCompleted": False, "removeFailed": False})
        self.assertEqual(self.answers(neither, 200).json["removedCount"], 0)
        cleaned = self.answers(self.api.post("/api/queue/cleanup", {"removeFailed": False}), 200).json
        self.assertIs(cleaned["success"], True)
        self.assertGreaterEqual(cleaned["removedCount"], 1)
        self.says(cleaned["message"])
        self.refuses(self.api.get(f"/api/queue/{item['id']}"), 404)
        self.item(moving["id"])
        self.assertTrue(self.in_client(torrent))
        self.imported_file(torrent)

    def test_cleanup_takes_no_body_and_no_wrong_types(self) -> None:
        self.answers(self.api.post("/api/queue/cleanup"), 200)
        for body in ({"removeCompleted": "yes"}, {"removeFailed": 1}, [], "{"):
            with self.subTest(body=body):
                self.refuses(self.api.post("/api/queue/cleanup", body), 400)
