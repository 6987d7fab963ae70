"""The thin slice of the media API: add by magnet, watch it arrive, stream it in every way that HTTP knows."""
import random
import socket
from pathlib import Path

from harness import world
from harness.case import ClientCase, sha256
from harness.server import ADMIN_KEY
from harness.wire import Reply
from rigs import Torrent, wait_until


class MediaCase(ClientCase):
    """Tests that start from one film that is ready."""

    torrent: Torrent
    made: dict
    content: bytes

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.torrent = cls.swarm.torrent("movie-mp4")
        body = {"magnetLink": cls.torrent.magnet, "type": "movie", "title": "Winter Ferry", "year": 1961}
        reply = cls.api.post("/api/media", body)
        if reply.status != 201:
            raise AssertionError(str(reply))
        cls.made = reply.json
        wait_until(lambda: cls.api.get(f"/api/media/{cls.made['id']}").json["status"] == "ready", 60, "ready")
        cls.content = (cls.client.save_path / cls.torrent.video.path).read_bytes()

    @property
    def path(self) -> str:
        return f"/api/media/{self.made['id']}"

    def says_message(self, reply: Reply, *statuses: int) -> None:
        """Asserts an error in the style of this dialect."""
        self.answers(reply, *statuses)
        self.says(reply.json.get("message"))


class Media(MediaCase):
    def test_the_new_row_and_the_ready_one(self) -> None:
        self.assertEqual({key: self.made[key] for key in ("type", "title", "magnetLink")},
                         {"type": "movie", "title": "Winter Ferry", "magnetLink": self.torrent.magnet})
        self.assertIn(self.made["status"], ("added", "downloading"))
        row = self.api.get(self.path).json
        self.assertEqual((row["status"], row["progress"], row["year"]), ("ready", 100, 1961))
        film = Path(row["filePath"])
        self.assertEqual(film, self.imported_file(self.torrent))
        self.assertIn("Winter Ferry (1961)", str(film.relative_to(self.server.library)))

    def test_progress(self) -> None:
        progress = self.answers(self.api.get(f"{self.path}/progress"), 200).json
        self.assertEqual((progress["status"], progress["progress"]), ("ready", 100))
        self.assertTrue(progress["filePath"])
        for key in ("downloadSpeed", "uploadSpeed", "peers"):
            self.assertIsInstance(progress[key], int)
        self.assertIsInstance(progress["isActive"], bool)
        self.assertNotIn("error", progress)

    def test_the_list_and_its_filter(self) -> None:
        for query, found in (("", True), ("?type=movie", True), ("?type=tv", False)):
            with self.subTest(query=query):
                rows = self.answers(self.api.get(f"/api/media{query}"), 200).json
                self.assertIs(self.made["id"] in [row["id"] for row in rows], found)
        self.says_message(self.api.get("/api/media?type=opera"), 400)

    def test_the_same_magnet_again_is_the_same_row(self) -> None:
        reply = self.answers(self.api.post("/api/media", {"magnetLink": self.torrent.base32_magnet}), 200)
        self.assertEqual(reply.json["id"], self.made["id"])

    def test_bad_bodies(self) -> None:
        good = {"magnetLink": world.clip("Unused").magnet}
        for body in ({}, {"magnetLink": "http://127.0.0.1/x"}, {"magnetLink": "magnet:?dn=only-a-name"},
                     {"magnetLink": 5}, good | {"type": "opera"}, good | {"year": "long ago"}, "{", "[]", b"\xff\xfe"):
            with self.subTest(body=str(body)[:60]):
                reply = self.api.send("POST", "/api/media", body, {"Content-Type": "application/json"})
                self.says_message(reply, 400)

    def test_unknown_ids(self) -> None:
        for tail in ("", "/progress", "/stream"):
            with self.subTest(tail=tail):
                self.says_message(self.api.get(f"/api/media/nothing{tail}"), 404)
        self.says_message(self.api.delete("/api/media/nothing"), 404)

    def test_nobody_reads_without_a_key(self) -> None:
        nobody = self.api.as_nobody()
        for path in ("/api/media", self.path, f"{self.path}/progress", f"{self.path}/stream"):
            with self.subTest(path=path):
                self.answers(nobody.get(path), 401)
        self.answers(nobody.post("/api/media", {"magnetLink": self.torrent.magnet}), 401)
        self.answers(nobody.delete(self.path), 401)

    def test_a_deleted_film_leaves_nothing(self) -> None:
        torrent = world.clip("Deleted")
        made = self.answers(self.api.post("/api/media", {"magnetLink": torrent.magnet}), 201).json
        path = f"/api/media/{made['id']}"
        wait_until(lambda: self.api.get(path).json["status"] == "ready", 60, "ready")
        film = self.imported_file(torrent)
        self.answers(self.api.delete(path), 204)
        self.assertFalse(film.exists())
        self.assertFalse(film.parent.exists(), "the film's folder is still there")
        self.assertTrue(self.server.library.exists())
        wait_until(lambda: not self.in_client(torrent), 15, "the client to lose the torrent")
        self.says_message(self.api.get(path), 404)

    def test_a_film_deleted_while_it_downloads_leaves_nothing(self) -> None:
        torrent = world.clip("Deleted.Early", "other-feature")
        self.swarm.limit(20, torrent.key)
        made = self.answers(self.api.post("/api/media", {"magnetLink": torrent.magnet}), 201).json
        path = f"/api/media/{made['id']}"
        wait_until(lambda: self.api.get(f"{path}/progress").json["status"] == "downloading", 30, "downloading")
        self.answers(self.api.delete(path), 204)
        self.wait_until_nothing_is_left_of(torrent)


    def test_a_film_that_is_deleted_while_it_is_played_plays_on(self) -> None:
        torrent = world.clip("Played")
        made = self.answers(self.api.post("/api/media", {"magnetLink": torrent.magnet}), 201).json
        path = f"/api/media/{made['id']}"
        wait_until(lambda: self.api.get(path).json["status"] == "ready", 60, "ready")
        film = self.imported_file(torrent)
        content = film.read_bytes()
        with socket.create_connection(("127.0.0.1", self.api.port), timeout=20) as player:
            player.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            head = f"GET {path}/stream HTTP/1.1\r\nHost: x\r\nConnection: close\r\nx-api-key: {ADMIN_KEY}\r\n\r\n"
            player.sendall(head.encode())
            received = player.recv(1024)
            self.answers(self.api.delete(path), 204)
            self.assertFalse(film.exists())
            while more := player.recv(1 << 20):
                received += more
        self.assertTrue(received.partition(b"\r\n\r\n")[2] == content, "other bytes than in the file")
        self.says_message(self.api.get(f"{path}/stream"), 404)

    def test_a_file_that_is_replaced_or_gone(self) -> None:
        torrent = world.clip("Replaced")
        made = self.answers(self.api.post("/api/media", {"magnetLink": torrent.magnet}), 201).json
        path = f"/api/media/{made['id']}"
        wait_until(lambda: self.api.get(path).json["status"] == "ready", 60, "ready")
        film = self.imported_file(torrent)
        tag = self.api.head(f"{path}/stream").headers["ETag"]
        content = bytes(reversed(film.read_bytes()))
        film.unlink()
        film.write_bytes(content)
        part = self.api.get(f"{path}/stream", range="bytes=5-9", if_range=tag)
        self.assertEqual((part.status, part.body == content), (200, True), "a part of another file")
        self.assertEqual(self.api.get(f"{path}/stream", if_match=tag).status, 412)
        film.unlink()
        for headers in ({}, {"range": "bytes=0-9"}, {"if_none_match": tag}):
            self.says_message(self.api.get(f"{path}/stream", **headers), 404)
        self.assertEqual(self.api.head(f"{path}/stream").status, 404)


class Stream(MediaCase):
    """Section 14 of RFC 9110 and what goes with it."""

    @property
    def stream(self) -> str:
        return f"{self.path}/stream"

    def part(self, ranges: str, **more: str) -> Reply:
        return self.api.get(self.stream, range=ranges, **more)

    def is_whole(self, reply: Reply) -> None:
        self.answers(reply, 200)
        self.assertEqual(len(reply.body), len(self.content))
        self.assertTrue(reply.body == self.content, "other bytes than in the file")

    def is_part(self, reply: Reply, first: int, last: int) -> None:
        self.answers_bytes(reply, 206)
        self.assertEqual(reply.headers["Content-Range"], f"bytes {first}-{last}/{len(self.content)}")
        self.assertEqual(reply.headers["Content-Length"], str(last - first + 1))
        self.assertTrue(reply.body == self.content[first:last + 1], "other bytes than in the file")

    def answers_bytes(self, reply: Reply, status: int) -> None:
        self.assertEqual(reply.status, status, f"{reply.request}: {dict(reply.headers)}")

    def test_the_whole_file(self) -> None:
        reply = self.api.get(self.stream)
        self.is_whole(reply)
        self.assertEqual(reply.headers["Accept-Ranges"], "bytes")
        self.assertEqual(reply.headers.get_content_type(), "video/mp4")
        self.assertRegex(reply.headers["ETag"], r'^"[^"]+"$')
        self.assertEqual(sha256(self.imported_file(self.torrent)), self.torrent.video.sha256)

    def test_random_ranges(self) -> None:
        chance = random.Random(14)
        for _ in range(40):
            first = chance.randrange(len(self.content))
            last = min(first + chance.choice((0, 1, 4095, 4096, 65_536, 1 << 20)), len(self.content) - 1)
            self.is_part(self.part(f"bytes={first}-{last}"), first, last)

    def test_open_ended_clamped_and_suffix_ranges(self) -> None:
        size = len(self.content)
        for ranges, first, last in (("bytes=0-", 0, size - 1), (f"bytes={size - 1}-", size - 1, size - 1),
                                    (f"bytes=5-{size * 10}", 5, size - 1), ("bytes=-500", size - 500, size - 1),
                                    (f"bytes=-{size * 2}", 0, size - 1), ("BYTES=0-9", 0, 9),
                                    ("bytes=0-0", 0, 0), ("bytes= 3-4 , ", 3, 4),
                                    ("bytes=7-99999999999999999999999999", 7, size - 1)):
            with self.subTest(ranges=ranges):
                self.is_part(self.part(ranges), first, last)

    def test_ranges_that_cannot_be_satisfied(self) -> None:
        size = len(self.content)
        for ranges in (f"bytes={size}-", f"bytes={size + 5}-{size + 9}", "bytes=-0", "bytes=99999999999999999999999-"):
            with self.subTest(ranges=ranges):
                reply = self.part(ranges)
                self.answers(reply, 416)
                self.assertEqual(reply.headers["Content-Range"], f"bytes */{size}")

    def test_ranges_that_make_no_sense_are_ignored_or_refused(self) -> None:
        for ranges in ("bytes=9-5", "bytes=a-b", "bytes", "bytes=", "seconds=0-9", "bytes=--5", "bytes=0-5,x"):
            with self.subTest(ranges=ranges):
                reply = self.part(ranges)
                if reply.status != 416 and reply.status != 400:
                    self.is_whole(reply)

    def test_several_ranges(self) -> None:
        reply = self.part("bytes=0-9,1000-1999,-20")
        self.answers_bytes(reply, 206)
        self.assertEqual(reply.headers.get_content_type(), "multipart/byteranges")
        self.assertIsNone(reply.headers["Content-Range"])
        boundary = reply.headers.get_param("boundary")
        parts = reply.body.split(f"--{boundary}".encode())[1:-1]
        size = len(self.content)
        expected = [(0, 9), (1000, 1999), (size - 20, size - 1)]
        self.assertEqual(len(parts), len(expected))
        for part, (first, last) in zip(parts, expected):
            head, _, body = part.partition(b"\r\n\r\n")
            self.assertIn(f"bytes {first}-{last}/{size}".encode(), head)
            self.assertIn(b"video/mp4", head.lower())
            self.assertEqual(body.removesuffix(b"\r\n"), self.content[first:last + 1])

    def test_one_of_several_that_can_be_satisfied_is_sent(self) -> None:
        self.is_part(self.part(f"bytes={len(self.content)}-,10-19"), 10, 19)

    def test_many_tiny_ranges_do_no_harm(self) -> None:
        reply = self.part("bytes=" + ",".join(f"{start}-{start}" for start in range(0, 2000, 2)))
        self.assertIn(reply.status, (200, 206, 400, 416, 431))

    def test_head_answers_as_get_without_a_body(self) -> None:
        whole = self.api.get(self.stream)
        reply = self.api.head(self.stream, range="bytes=0-9")
        self.answers_bytes(reply, 200)
        self.assertEqual(reply.body, b"")
        for name in ("Content-Length", "ETag", "Content-Type", "Accept-Ranges", "Last-Modified"):
            self.assertEqual(reply.headers[name], whole.headers[name], name)

    def test_conditions(self) -> None:
        whole = self.api.head(self.stream)
        tag, date = whole.headers["ETag"], whole.headers["Last-Modified"]
        for expected, headers in ((304, {"if_none_match": tag}), (304, {"if_none_match": f'"x", {tag}'}),
                                  (304, {"if_none_match": "*"}), (304, {"if_none_match": f"W/{tag}"}),
                                  (200, {"if_none_match": '"x"'}), (304, {"if_modified_since": date}),
                                  (412, {"if_match": '"x"'}), (200, {"if_match": tag}),
                                  (304, {"if_none_match": tag, "range": "bytes=0-9"})):
            with self.subTest(headers=headers):
                reply = self.api.get(self.stream, **headers)
                self.answers_bytes(reply, expected)
                if expected == 304:
                    self.assertEqual((reply.body, reply.headers["ETag"]), (b"", tag))

    def test_if_range(self) -> None:
        whole = self.api.head(self.stream)
        tag, date = whole.headers["ETag"], whole.headers["Last-Modified"]
        self.is_part(self.part("bytes=0-9", if_range=tag), 0, 9)
        self.is_part(self.part("bytes=0-9", if_range=date), 0, 9)
        for stale in ('"other"', f"W/{tag}", "Thu, 01 Jan 1970 00:00:00 GMT"):
            with self.subTest(stale=stale):
                self.is_whole(self.part("bytes=0-9", if_range=stale))

    def test_a_player_may_send_its_key_as_bearer(self) -> None:
        nobody = self.api.as_nobody()
        reply = nobody.get(self.stream, authorization=f"Bearer {ADMIN_KEY}", range="bytes=0-9")
        self.is_part(reply, 0, 9)
        self.answers(nobody.get(self.stream, authorization="Bearer wrong"), 401)

    def test_a_client_that_hangs_up_does_no_harm(self) -> None:
        request = f"GET {self.stream} HTTP/1.1\r\nHost: x\r\nx-api-key: {ADMIN_KEY}\r\n\r\n".encode()
        for _ in range(20):
            self.api.raw(request, seconds=0.01)
        self.is_part(self.part("bytes=0-9"), 0, 9)
