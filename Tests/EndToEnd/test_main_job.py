"""The main job: a magnet goes in, a film comes out of the library."""
import base64

from harness import world
from harness.case import ClientCase, listed, sha256
from harness.wire import Upload


class MainJob(ClientCase):
    def test_a_magnet_becomes_a_film_in_the_library(self) -> None:
        torrent = self.swarm.torrent("movie")
        self.swarm.limit(4000, "movie")  # slow enough to see it move
        with self.server.events() as events:
            item = self.answers(self.api.post("/api/queue", {"magnet": torrent.magnet}), 201).json
            self.check_new_item(item)
            self.assertIn(item["id"], [entry["id"] for entry in self.api.get("/api/queue").json["items"]])
            events.wait_for_item("queueItemAdded", item["id"])
            self.swarm.limit(0, "movie")
            done = self.wait_for_state(item["id"], "imported")
            events.wait_for_item("queueCompleted", item["id"])
            events.wait_for_item("queueItemUpdated", item["id"], trackedDownloadState="imported")
            self.check_progress(events.about(item["id"]))
        self.check_finished_item(done, torrent)
        self.check_library(torrent)

    def check_new_item(self, item: dict) -> None:
        self.assertTrue(item["id"].startswith("q_"), item["id"])
        self.assertEqual(item["protocol"], "torrent")
        self.assertEqual(item["downloadClient"], "qBittorrent")
        self.assertEqual(item["downloadClientId"], self.client_id)
        self.assertRegex(item["added"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$")

    def check_progress(self, events: list) -> None:
        progress = [event.data["progress"] for event in events if event.name == "queueItemUpdated"]
        self.assertTrue(progress, "no queueItemUpdated with progress")
        self.assertTrue(all(isinstance(value, int) and 0 <= value <= 100 for value in progress), progress)
        self.assertEqual(progress[-1], 100)

    def check_finished_item(self, item: dict, torrent) -> None:
        self.assertEqual(item["title"], torrent.name)
        self.assertEqual((item["status"], item["trackedDownloadStatus"]), ("completed", "ok"))
        self.assertEqual((item["size"], item["sizeleft"]), (torrent.size, 0))
        self.assertIsNotNone(item["ended"])
        self.assertEqual(item["outputPath"], str(self.client.save_path / torrent.name))

    def check_library(self, torrent) -> None:
        film = self.imported_file(torrent)
        self.assertTrue(film.is_relative_to(self.server.library / "movies"), str(film))
        self.same_file(film, self.client.save_path / torrent.video.path)
        subtitles = [path for path in film.parent.iterdir() if path.suffix == ".srt"]
        self.assertEqual(len(subtitles), 1, f"beside the film: {list(film.parent.iterdir())}")
        self.assertTrue(subtitles[0].name.startswith(film.stem), subtitles[0].name)
        self.assertEqual(self.server.integrity(), "ok")

    def test_the_feature_is_imported_and_the_sample_is_not(self) -> None:
        torrent = self.swarm.torrent("sample")
        self.add_and_import(torrent)
        film = self.imported_file(torrent)
        sample = next(file for file in torrent.files if "-sample" in file.path)
        kept = {sha256(path) for path in self.server.library_files()}
        self.assertNotIn(sample.sha256, kept)
        subtitles = {file.sha256 for file in torrent.files if file.path.endswith(".srt")}
        self.assertLessEqual(subtitles, {sha256(path) for path in film.parent.iterdir()})

    def test_a_torrent_file_in_a_form(self) -> None:
        torrent = world.clip("Form")
        reply = self.api.upload("/api/queue", Upload("form.torrent", torrent.metafile))
        self.check_arrival(self.answers(reply, 201).json, torrent)

    def test_a_torrent_file_in_base64(self) -> None:
        torrent = world.clip("Base64")
        text = base64.b64encode(torrent.metafile).decode()
        self.check_arrival(self.answers(self.api.post("/api/queue", {"torrent": text}), 201).json, torrent)

    def test_a_magnet_in_base32(self) -> None:
        torrent = world.clip("Base32")
        self.check_arrival(self.answers(self.api.post("/api/queue", {"magnet": torrent.base32_magnet}), 201).json,
                           torrent)

    def check_arrival(self, item: dict, torrent) -> None:
        self.wait_for_state(item["id"], "imported")
        self.same_file(self.imported_file(torrent), self.client.save_path / torrent.video.path)
        self.assertEqual(self.client.torrent(torrent.info_hash)["category"], self.category)

    def test_a_title_of_ones_own_names_the_item(self) -> None:
        item = self.add(world.clip("Named"), title="A Name of My Own (1999)")
        self.assertEqual(item["title"], "A Name of My Own (1999)")
        self.wait_for_state(item["id"], "imported")

    def test_what_is_imported_keeps_seeding(self) -> None:
        torrent = world.clip("Seeding")
        self.add_and_import(torrent)
        self.assertIn(self.client.torrent(torrent.info_hash)["state"], ("uploading", "stalledUP", "queuedUP"))

    def test_a_torrent_of_somebody_else_is_left_alone(self) -> None:
        stranger = world.clip("Stranger")
        self.client.add(stranger.magnet, category=self.category)
        self.add_and_import(world.clip("Companion"))
        items = listed(self.api.get("/api/queue?limit=100&status=completed"))
        self.assertNotIn(stranger.name, [item["title"] for item in items])
        self.assertTrue(self.in_client(stranger))
