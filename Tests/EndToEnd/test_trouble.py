"""When things go wrong: the reason is visible, the rest goes on, and it recovers by itself."""
import base64
import socket
import time

from harness import world
from harness.case import ClientCase, ServerCase, messages_of
from rigs import QBittorrent, wait_until
from rigs.process import free_port


class Torrents(ClientCase):
    """Torrents that cannot end well, on a client that is fine."""

    def test_a_program_disguised_as_a_film_is_refused(self) -> None:
        torrent = self.swarm.torrent("fake")
        item = self.add(torrent)
        refused = self.wait_for_item(
            item["id"], lambda item: item["status"] in ("failed", "warning") and ".exe" in messages_of(item), 60,
            "a refusal that names the file")
        self.says(messages_of(refused), "Too.Good.To.Be.True.2030.2160p.WEB.H265-KDK.mkv.exe")
        self.assertNotEqual(refused["trackedDownloadState"], "imported")
        self.assertEqual([path for path in self.server.library_files() if path.suffix in (".exe", ".rar", ".txt")], [])
        if refused["status"] == "failed":  # a person may insist, and is told the same again
            self.answers(self.api.post(f"/api/queue/{item['id']}/retry"), 200)
            self.wait_for_item(item["id"], lambda item: item["status"] == "failed", 30, "the same refusal")

    def test_a_magnet_that_nobody_has_is_never_taken_for_complete(self) -> None:
        # The client says of it that nothing is left to download. A warning comes after ten minutes, too late for here.
        torrent = self.swarm.torrent("dead")
        item = self.add(torrent)
        wait_until(lambda: (self.client.torrent(torrent.info_hash) or {}).get("state") == "metaDL", 20, "metaDL")
        self.add_and_import(world.clip("Beside.A.Dead.One"))  # several polls have gone by
        waiting = self.item(item["id"])
        self.assertIn(waiting["status"], ("downloading", "queued", "warning"))
        self.assertEqual(waiting["trackedDownloadState"], "downloading")

    def test_a_torrent_that_nobody_has_is_a_warning(self) -> None:
        # Here the files are known, and the seeder is gone before it has sent any.
        torrent = world.clip("Abandoned", "other-feature")
        self.swarm.pause(torrent.key)
        text = base64.b64encode(torrent.metafile).decode()
        item = self.answers(self.api.post("/api/queue", {"torrent": text}), 201).json
        self.wait_for_warning(item["id"], 120)
        self.swarm.resume(torrent.key)
        self.wait_for_state(item["id"], "imported", 90)

    def test_a_torrent_of_which_half_is_missing(self) -> None:
        item = self.add(self.swarm.torrent("partial"))
        self.wait_for_item(
            item["id"], lambda item: item["status"] == "warning" and 0 < item["sizeleft"] < item["size"], 150,
            "a warning with a part of the content there")

    def test_a_torrent_removed_behind_its_back_is_never_imported(self) -> None:
        torrent, item = self.add_slowly("Vanished")
        # Worst case: a file of the right name and size is there, and it is not the film.
        self.client.remove(torrent.info_hash, with_data=True)
        (self.client.save_path / torrent.name).write_bytes(bytes(torrent.size))
        # That it is missing is said after some minutes only, for clients forget torrents for a moment at times.
        self.add_and_import(world.clip("After.The.Vanished"))
        self.assertNotIn(self.item(item["id"])["trackedDownloadState"], ("importPending", "importing", "imported"))
        self.assertNotIn(torrent.size, [path.stat().st_size for path in self.server.library_files()])

    def test_a_finished_torrent_removed_with_its_data_keeps_the_film(self) -> None:
        torrent = world.clip("Kept.Anyway")
        item = self.add_and_import(torrent)
        self.client.remove(torrent.info_hash, with_data=True)
        self.add_and_import(world.clip("Afterwards"))  # several polls have gone by
        self.imported_file(torrent)
        self.assertEqual(self.item(item["id"])["trackedDownloadState"], "imported")


class ClientAway(ServerCase):
    """A client that dies, hangs, or is no such client. It has a qBittorrent of its own, to be killed."""

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.own = QBittorrent(world.folder("qbittorrent-to-kill"))
        cls.server.add_client(cls.own, name="Mortal")

    def test_a_client_killed_and_started_again(self) -> None:
        torrent = world.clip("Interrupted", "other-feature")
        swarm = world.swarm()
        swarm.limit(100, torrent.key)
        item = self.answers(self.api.post("/api/queue", {"magnet": torrent.magnet}), 201).json
        self.wait_for_item(item["id"], lambda item: 0 < item["sizeleft"] < item["size"], 40, "some progress")
        self.own.kill()
        self.wait_for_item(item["id"], lambda item: len(messages_of(item).split()) > 2, 30, "the reason")
        self.stays_fast()
        self.own.restart()
        swarm.limit(0, torrent.key)
        done = self.wait_for_state(item["id"], "imported", 150)
        self.assertEqual(messages_of(done), "")
        self.imported_file(torrent)

    def test_adding_while_the_client_is_away_says_so_or_waits(self) -> None:
        torrent = world.clip("Too.Early")
        self.own.kill()
        try:
            reply = self.api.post("/api/queue", {"magnet": torrent.magnet})
        finally:
            self.own.restart()
        if reply.status == 201:  # accepted means: it will be done
            self.wait_for_state(reply.json["id"], "imported", 150)
        else:
            self.refuses(reply, 400, 422, 502, 503, 504)
            self.assertNotIn(torrent.name, self.api.get("/api/queue?limit=100").text)

    def test_a_client_that_never_answers_slows_nothing(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as silent:
            body = {"name": "Silent", "implementation": "qbittorrent", "enabled": True, "priority": 50,
                    "settings": {"host": "127.0.0.1", "port": silent.getsockname()[1], "username": "a",
                                 "password": "b", "category": "silent"}}
            made = self.answers(self.api.post("/api/download-clients", body), 201).json
            torrent = world.clip("Beside.A.Silent.One")
            item = self.answers(self.api.post("/api/queue", {"magnet": torrent.magnet}), 201).json
            self.stays_fast()
            self.wait_for_state(item["id"], "imported", 60)
            self.answers(self.api.delete(f"/api/download-clients/{made['id']}"), 204)

    def test_a_refused_connection_is_said_of_the_instance(self) -> None:
        body = {"name": "Nobody", "implementation": "qbittorrent", "enabled": True, "priority": 60,
                "settings": {"host": "127.0.0.1", "port": free_port(), "username": "a", "password": "b",
                             "category": "nobody"}}
        made = self.answers(self.api.post("/api/download-clients", body), 201).json
        path = f"/api/download-clients/{made['id']}"
        wait_until(lambda: self.api.get(path).json["status"]["message"], 60, "the reason")
        self.says(self.api.get(path).json["status"]["message"])
        self.assertRegex(self.api.get("/metrics").text, r'kinodock_download_client_up\{name="Nobody"\} 0')
        self.answers(self.api.delete(path), 204)

    def stays_fast(self) -> None:
        slowest = 0.0
        for _ in range(50):
            began = time.monotonic()
            self.answers(self.api.get("/api/queue"), 200)
            slowest = max(slowest, time.monotonic() - began)
        self.assertLess(slowest, 0.5, "the queue is slow while a client does not answer")


class PathMapping(ServerCase):
    """The client names its folders otherwise than this machine does."""

    def test_a_mapped_path_is_imported_and_an_unmapped_one_says_why(self) -> None:
        client = world.qbittorrent()
        # The client stores below one folder; this server sees the same files below another one, as with a container.
        elsewhere = world.folder("elsewhere")
        torrent = world.clip("Mapped")
        seeded = world.swarm().folder / "content" / torrent.key / torrent.name
        (elsewhere / torrent.name).write_bytes(seeded.read_bytes())
        wrong = {"pathMappings": [{"remote": str(client.save_path), "local": "/nowhere/at/all"}]}
        identifier = self.server.add_client(client, category="pathmapping", **wrong)
        item = self.answers(self.api.post("/api/queue", {"magnet": torrent.magnet}), 201).json
        self.wait_for_warning(item["id"], 40, str(client.save_path), "/nowhere/at/all")
        right = [{"remote": str(client.save_path), "local": str(elsewhere)}]
        path = f"/api/download-clients/{identifier}"
        body = {key: value for key, value in self.api.get(path).json.items()
                if key in ("name", "implementation", "enabled", "priority", "settings")}
        self.answers(self.api.put(path, body | {"pathMappings": right}), 200)
        # A corrected mapping is tried at once, without a retry by hand and without the wait for the next automatic try.
        self.wait_for_state(item["id"], "imported", 30)
        self.same_file(self.imported_file(torrent), elsewhere / torrent.name)
        client.remove(torrent.info_hash, with_data=True)
