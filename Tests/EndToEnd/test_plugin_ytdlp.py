"""The yt-dlp plugin on the real yt-dlp and a video site on loopback: by itself, and in a server."""
import os
import re
import stat
import subprocess
import unittest
from itertools import count
from pathlib import Path

from harness import world
from harness.case import ServerCase, messages_of
from harness.plugin import PluginError, PluginInstance
from harness.server import PLUGINS, YTDLP
from harness.witness import Witness
from rigs import VideoSite, wait_until
from rigs.videosite import Fault

NUMBERS = count(1)
PROGRAM = YTDLP / "yt-dlp"
# The machine may be busy: yt-dlp takes a second for what it does, and ten times that at worst.
PATIENCE = 90


def processes_in(folder: Path) -> list[int]:
    """The processes that work in a folder or below it."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                if os.readlink(entry / "cwd").startswith(str(folder)):
                    found.append(int(entry.name))
            except OSError:
                pass
    return found


def streams_of(path: str) -> set[str]:
    """The kinds of streams in a media file."""
    asked = ["ffprobe", "-v", "error", "-show_entries", "stream=codec_type", "-of", "csv=p=0", path]
    return set(subprocess.run(asked, capture_output=True, text=True, check=True, timeout=30).stdout.split())


class PluginCase(unittest.TestCase):
    """Tests of one instance of the plugin, without a server."""

    settings: dict = {}

    @classmethod
    def setUpClass(cls) -> None:
        cls.site = VideoSite()
        cls.folder = world.folder(cls.__name__)
        cls.plugin = cls.open()

    @classmethod
    def open(cls) -> PluginInstance:
        settings = {"path": str(PROGRAM), "timeoutSeconds": 3} | cls.settings
        folders = {name: str(cls.folder / name) for name in ("data", "downloads")}
        for path in folders.values():
            Path(path).mkdir(parents=True, exist_ok=True)
        return PluginInstance(PLUGINS / "ytdlp" / "plugin.so", settings, folders)

    @classmethod
    def tearDownClass(cls) -> None:
        cls.plugin.close()
        cls.site.close()
        if left := processes_in(cls.folder):
            raise AssertionError(f"processes are left: {left}")

    def setUp(self) -> None:
        self.site.faults.clear()

    def name(self) -> str:
        return f"film{next(NUMBERS)}"

    def add(self, link: str, **more: object) -> str:
        return self.plugin.call("download.add", source="url", link=link, **more)["id"]

    def item(self, identifier: str) -> dict:
        return self.plugin.call("download.item", id=identifier)["item"]

    def wait_for(self, identifier: str, *states: str) -> dict:
        seen: dict = {}

        def fits() -> bool:
            seen.update(self.item(identifier))
            if seen["state"] == "failed" and "failed" not in states:
                raise AssertionError(f"failed: {seen.get('message')}")
            return seen["state"] in states
        wait_until(fits, PATIENCE, f"{states}", every=0.05)
        return seen

    def refused(self, code: str, *words: str, **more: object) -> PluginError:
        with self.assertRaises(PluginError) as caught:
            self.plugin.call("download.add", source="url", **more)
        self.assertEqual(caught.exception.code, code, caught.exception)
        for word in words:
            self.assertIn(word, str(caught.exception))
        return caught.exception


class YtDlpDownloads(PluginCase):
    def test_the_test_of_the_connection_tells_the_version(self) -> None:
        report = self.plugin.call("provider.test")
        self.assertRegex(report["version"], r"^\d{4}\.\d\d\.\d\d")
        self.assertEqual({check["name"] for check in report["checks"] if check["ok"]}, {"program", "ffmpeg", "folder"})

    def test_a_page_becomes_the_file_that_the_site_has(self) -> None:
        name = self.name()
        added = self.add(self.site.publish(name, title=f'The "{name}" & more'))
        item = self.wait_for(added, "completed")
        self.assertEqual(Path(item["content_path"]).read_bytes(), self.site.content(name))
        self.assertTrue(item["is_complete"] and item["can_move_files"])
        self.assertIn(name, item["name"])
        (file,) = self.plugin.call("download.files", id=added)["files"]
        self.assertEqual(Path(item["save_path"]) / file["path"], Path(item["content_path"]))
        self.assertFalse((self.folder / "downloads" / ".unfinished").exists())
        again = self.plugin.call("download.add", source="url", link=f"{self.site.address}/watch/{name}")
        self.assertEqual((again["id"], again["existed"]), (added, True))
        self.plugin.call("download.remove", id=added, deleting_data=True)
        self.assertFalse(Path(item["content_path"]).exists())

    def test_a_stream_with_the_sound_apart_is_merged(self) -> None:
        self.site.streams()
        for path in ("/hls/master.m3u8", "/dash/manifest.mpd"):
            with self.subTest(path=path):
                item = self.wait_for(self.add(self.site.address + path), "completed")
                self.assertEqual(streams_of(item["content_path"]), {"video", "audio"})

    def test_subtitles_and_picture_lie_in_a_folder_with_the_film(self) -> None:
        page = self.site.publish(self.name(), "clip-mp4")
        options = {"subtitles": "en", "arguments": "--write-thumbnail --write-info-json", "folder": "some/where"}
        item = self.wait_for(self.add(page, options=options), "completed")
        folder = Path(item["content_path"])
        self.assertEqual(folder.parent, self.folder / "downloads" / "some" / "where")
        self.assertEqual({path.suffix for path in folder.iterdir()}, {".mp4", ".vtt", ".jpg", ".json"})

    def test_pause_keeps_what_has_come(self) -> None:
        name = self.name()
        page = self.site.publish(name)
        self.site.faults[f"/media/{name}.mp4"] = Fault(rate=1_000_000)
        added = self.add(page)
        wait_until(lambda: 0 < self.item(added)["remaining"] < self.item(added)["size"] * 0.8, PATIENCE, "some bytes")
        self.plugin.call("download.pause", id=added)
        paused = self.item(added)
        self.assertEqual(paused["state"], "paused")
        self.assertEqual(processes_in(self.folder / "downloads"), [])
        self.site.faults.clear()
        before = len(self.site.requests)
        self.plugin.call("download.resume", id=added)
        item = self.wait_for(added, "completed")
        self.assertEqual(Path(item["content_path"]).read_bytes(), self.site.content(name))
        ranges = [request.headers.get("Range", "") for request in self.site.requests[before:]]
        self.assertTrue(any(re.match(r"bytes=[1-9]", value) for value in ranges), ranges)

    def test_a_body_that_is_cut_off_once_is_gone_on_with(self) -> None:
        name = self.name()
        page = self.site.publish(name)
        self.site.faults[f"/media/{name}.mp4"] = Fault(cut_after=300_000, times=3)
        item = self.wait_for(self.add(page), "completed")
        self.assertEqual(Path(item["content_path"]).read_bytes(), self.site.content(name))

    def test_a_body_that_stalls_fails_in_words_and_can_be_tried_again(self) -> None:
        name = self.name()
        page = self.site.publish(name)
        self.site.faults[f"/media/{name}.mp4"] = Fault(stall_after=300_000)
        added = self.add(page, options={"arguments": "--retries 0"})
        self.assertRegex(self.wait_for(added, "failed")["message"], "stopped answering|connection to")
        self.site.faults.clear()
        self.plugin.call("download.retry", id=added)
        item = self.wait_for(added, "completed")
        self.assertEqual(Path(item["content_path"]).read_bytes(), self.site.content(name))


class YtDlpWishes(PluginCase):
    settings = {"playlistLimit": 3}

    def test_a_playlist_becomes_several_downloads(self) -> None:
        for _ in range(4):
            self.site.publish(self.name(), "clip-mp4")
        for path in ("/feed.rss", "/list"):
            added = self.plugin.call("download.add", source="url", link=self.site.address + path)
            others = added.get("others") or []
            self.assertEqual(len(others), 2, "the limit is three")
            for identifier in [added["id"], *(other["id"] for other in others)]:
                item = self.wait_for(identifier, "completed")
                self.assertGreater(Path(item["content_path"]).stat().st_size, 10_000)

    def test_the_entry_that_was_asked_for_is_downloaded(self) -> None:
        """The players of a page have no addresses of their own, so they are told apart by their place."""
        site = VideoSite()
        self.addCleanup(site.close)
        for name in ("first", "second", "third"):
            site.publish(name, "clip-mp4")
        added = self.plugin.call("download.add", source="url", link=site.address + "/list",
                                 options={"playlistItems": "2"})
        self.assertIsNone(added.get("others"))
        self.wait_for(added["id"], "completed")
        asked = [site.count(f"/media/{name}.mp4") > 0 for name in ("first", "second", "third")]
        self.assertEqual(asked, [False, True, False])

    def test_a_site_cannot_name_its_way_out_of_the_folder(self) -> None:
        """A field that is missing and one that the site fills with “..” come to the same."""
        page = self.site.publish(self.name(), "clip-mp4")
        before = {path for path in self.folder.parent.rglob("*") if not path.is_relative_to(self.folder)}
        options = {"template": "%(no)s/%(no)s/%(no)s/%(no)s/%(no)s/caught.%(ext)s",
                   "arguments": "--output-na-placeholder .. -o 'infojson:%(no)s/%(no)s/x' --write-info-json"}
        item = self.wait_for(self.add(page, options=options), "completed", "failed")
        self.assertEqual(item["state"], "completed", item)
        self.assertTrue(Path(item["content_path"]).is_relative_to(self.folder / "downloads"))
        names = {path.name for path in Path(item["content_path"]).rglob("*") if path.is_file()}
        self.assertEqual(names, {"caught.mp4", "x.info.json"})
        after = {path for path in self.folder.parent.rglob("*") if not path.is_relative_to(self.folder)}
        self.assertEqual(after - before, set())
        self.assertFalse((self.folder / "downloads" / ".unfinished").exists())

    def test_what_cannot_be_downloaded_is_refused_in_words(self) -> None:
        page = self.site.publish(self.name(), "clip-mp4")
        self.refused("invalid", "nothing at this address", link=self.site.address + "/nothing")
        self.refused("not_found", "has nothing", link=self.site.address + "/missing")
        self.refused("unreachable", "127.0.0.1:9", link="http://127.0.0.1:9/x")
        self.refused("invalid", "http", link="file:///etc/passwd")
        self.refused("invalid", "no option “colour”", link=page, options={"colour": "red"})
        for status, code in ((503, "remote_failure"), (429, "rate_limited"), (403, "forbidden")):
            self.site.faults["/watch/broken"] = Fault(status=status)
            self.refused(code, link=self.site.address + "/watch/broken")

    def test_options_that_would_leave_the_folder_are_refused_by_name(self) -> None:
        page = self.site.publish(self.name(), "clip-mp4")
        trap = self.folder / "trap"
        for arguments in (f"--exec 'touch {trap}'", f"--config-locations {trap}", f"-o {trap}", "-o ../x",
                          f"--plugin-dirs {trap}", f"--netrc-cmd 'touch {trap}'", "--enable-file-urls",
                          f"-o subtitle,thumbnail:{trap}", f"-o Annotation:{trap}", f"--downloader {trap}/curl:native",
                          f"--exe {trap}", f"--alias x,y '--exec {trap}'", f"--print-to-file title {trap}"):
            error = self.refused("invalid", " is refused: ", link=page, options={"arguments": arguments})
            self.assertIn(arguments.split()[0], str(error))
        self.assertFalse(trap.exists())
        self.refused("invalid", "folder", link=page, options={"folder": "../x"})
        self.refused("invalid", "template", link=page, options={"template": f"thumbnail:{trap}"})

    def test_cookies_are_for_nobody_elses_eyes_and_gone_afterwards(self) -> None:
        name = self.name()
        self.site.publish(name)
        page = f"{self.site.address}/members/media/{name}.mp4?key=secret-of-the-site"
        self.refused("forbidden", "login", link=page)
        self.site.faults[f"/media/{name}.mp4"] = Fault(rate=2_000_000)
        cookies = "127.0.0.1\tFALSE\t/\tFALSE\t0\tsession\tmember"
        added = self.add(page, options={"cookies": cookies})
        wait_until(lambda: processes_in(self.folder / "downloads"), PATIENCE, "yt-dlp to run", every=0.02)
        (file,) = (self.folder / "data" / "cookies").iterdir()
        self.assertEqual(stat.S_IMODE(file.stat().st_mode), 0o600)
        for process in processes_in(self.folder):
            try:
                words = Path(f"/proc/{process}/cmdline").read_bytes() + Path(f"/proc/{process}/environ").read_bytes()
            except OSError:
                continue
            self.assertNotIn(b"secret-of-the-site", words)
        item = self.wait_for(added, "completed")
        self.assertEqual(Path(item["content_path"]).read_bytes(), self.site.content(name))
        self.assertEqual(list((self.folder / "data" / "cookies").iterdir()), [])

    def test_an_address_can_be_looked_into(self) -> None:
        name = self.name()
        page = self.site.publish(name, "clip-mp4", title="A look")
        found = self.plugin.call("download.inspect", link=page)
        self.assertTrue(found["title"].startswith("A look"))
        self.assertEqual([entry["ext"] for entry in found["formats"]], ["mp4"])
        self.assertEqual(found["details"]["webpage_url"], page)
        listed = self.plugin.call("download.inspect", link=self.site.address + "/feed.rss")
        self.assertTrue(listed["entries"] and all("smuggle" not in entry["link"] for entry in listed["entries"]))


class YtDlpBroadcasts(PluginCase):
    def record(self) -> str:
        self.site.streams()
        added = self.add(f"{self.site.address}/live.m3u8?{next(NUMBERS)}")
        work = self.folder / "downloads" / ".unfinished"
        wait_until(lambda: any(path.stat().st_size for path in work.rglob("*.part")), PATIENCE, "a recording")
        return added

    def test_removing_a_recording_ends_everything_that_records(self) -> None:
        added = self.record()
        self.assertGreater(len(processes_in(self.folder / "downloads")), 1, "yt-dlp and ffmpeg")
        # The file is there a moment before yt-dlp tells of it.
        wait_until(lambda: "live" in (self.item(added).get("message") or ""), PATIENCE, "it to be called live")
        self.plugin.call("download.remove", id=added, deleting_data=True)
        self.assertEqual(processes_in(self.folder / "downloads"), [])
        self.assertIsNone(self.plugin.call("download.item", id=added).get("item"))

    def test_pausing_a_recording_finishes_it(self) -> None:
        added = self.record()
        self.plugin.call("download.pause", id=added)
        item = self.wait_for(added, "completed")
        self.assertEqual(streams_of(item["content_path"]), {"video", "audio"})


class YtDlpServer(ServerCase):
    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        # An address is looked at before it is accepted.
        cls.api.timeout = PATIENCE
        cls.site = VideoSite()
        cls.downloads = cls.server.folder / "downloads"
        cls.witness = Witness(PROGRAM, cls.server.folder)
        body = {"name": "Videos", "implementation": "ytdlp", "enabled": True, "priority": 1,
                "settings": {"downloadFolder": str(cls.downloads), "path": str(cls.witness.path)}}
        reply = cls.api.post("/api/download-clients", body)
        if reply.status != 201:
            raise AssertionError(str(reply))

    @classmethod
    def tearDownClass(cls) -> None:
        super().tearDownClass()
        cls.site.close()
        if left := processes_in(cls.server.folder):
            raise AssertionError(f"processes are left: {left}")

    def add(self, link: str, **more: object) -> dict:
        return self.answers(self.api.post("/api/queue", {"url": link, **more}), 201).json

    def wait_until_complete(self, identifier: str) -> dict:
        return self.wait_for_state(identifier, "imported", PATIENCE)

    def test_an_address_becomes_a_file_and_the_events_tell_of_it(self) -> None:
        name = f"film{next(NUMBERS)}"
        page = self.site.publish(name)
        self.site.faults[f"/media/{name}.mp4"] = Fault(rate=1_500_000)
        self.witness.forget()
        with self.server.events() as stream:
            item = self.add(page)
            stream.wait_for_item("queueCompleted", item["id"], PATIENCE)
            moves = [event for event in stream.about(item["id"]) if 0 < event.data.get("progress", 0) < 100]
            came = [event.at for event in moves if event.data["downloadSpeed"] > 0]
        done = self.wait_until_complete(item["id"])
        self.assertEqual(done["status"], "completed")
        self.assertEqual(Path(done["outputPath"]).read_bytes(), self.site.content(name))
        self.assertEqual(self.server.library_files(), [], "it belongs to no title")
        self.assertGreater(len(came), 5)
        # Over the whole download, and not between two: the machine may hold one up.
        self.assertLessEqual(len(came) / (came[-1] - came[0]), 4.5)
        late = self.witness.delays(came[1:-1])
        # An event follows what yt-dlp tells; without that it would wait for the next poll.
        self.assertLess(late[len(late) // 2], 1, f"seconds from progress to event: {late}")

    def test_a_playlist_becomes_several_items(self) -> None:
        names = [f"film{next(NUMBERS)}" for _ in range(2)]
        for name in names:
            self.site.publish(name, "clip-mp4")
        item = self.add(self.site.address + "/feed.rss")
        self.assertGreaterEqual(len(item["others"]), 1)
        for identifier in [item["id"], *item["others"]]:
            done = self.wait_until_complete(identifier)
            self.assertTrue(Path(done["outputPath"]).exists())

    def test_an_address_is_looked_into(self) -> None:
        page = self.site.publish(f"film{next(NUMBERS)}", "clip-mp4", title="Only a look")
        found = self.answers(self.api.post("/api/queue/inspect", {"url": page}), 200).json
        self.assertEqual(found["downloadClient"], "Videos")
        self.assertTrue(found["title"].startswith("Only a look"))
        self.assertEqual(found["formats"][0]["ext"], "mp4")
        self.refuses(self.api.post("/api/queue/inspect", {"url": self.site.address + "/nothing"}), 400)
        self.refuses(self.api.post("/api/queue/inspect", {"url": "nonsense"}), 400)

    def test_refusals_say_why_and_leave_nothing(self) -> None:
        page = self.site.publish(f"film{next(NUMBERS)}", "clip-mp4")
        before = self.api.get("/api/queue?includeImported=true").json["totalRecords"]
        body = self.refuses(self.api.post("/api/queue", {"url": page, "options": {"arguments": "--exec ls"}}), 400)
        self.says(body["error"], "--exec", "refused", "run programs")
        body = self.refuses(self.api.post("/api/queue", {"url": self.site.address + "/missing"}), 502)
        self.says(body["error"], "nothing at this address")
        self.refuses(self.api.post("/api/queue", {"url": page, "priority": "soon"}), 400)
        self.assertEqual(self.api.get("/api/queue?includeImported=true").json["totalRecords"], before)

    def test_a_kill_in_the_middle_loses_nothing(self) -> None:
        name = f"film{next(NUMBERS)}"
        page = self.site.publish(name)
        self.site.streams()
        self.site.faults[f"/media/{name}.mp4"] = Fault(rate=700_000)
        item = self.add(page)
        live = self.add(f"{self.site.address}/live.m3u8")
        self.wait_for_item(item["id"], lambda item: item["progress"] > 20, PATIENCE, "a part of it")
        work = self.downloads / ".unfinished"
        wait_until(lambda: any("live" in path.name and path.stat().st_size for path in work.rglob("*.part")), PATIENCE,
                   "the recording")
        self.server.kill()
        wait_until(lambda: not processes_in(self.downloads), 10, "the kernel to end what the server has started")
        self.site.faults.clear()
        before = len(self.site.requests)
        self.server.start()
        done = self.wait_until_complete(item["id"])
        self.assertEqual(Path(done["outputPath"]).read_bytes(), self.site.content(name))
        ranges = [request.headers.get("Range", "") for request in self.site.requests[before:]]
        self.assertTrue(any(re.match(r"bytes=[1-9]", value) for value in ranges), "it began anew")
        self.wait_for_item(live["id"], lambda item: item["status"] == "downloading", PATIENCE, "the recording to go on")
        wait_until(lambda: list(work.rglob("* part 1.ts")), PATIENCE, "what was recorded before")
        self.answers(self.api.delete(f"/api/queue/{live['id']}"), 204)
        wait_until(lambda: not processes_in(self.downloads), PATIENCE, "the recording to end")

    def test_a_download_that_fails_says_why(self) -> None:
        name = f"film{next(NUMBERS)}"
        page = self.site.publish(name)
        self.site.faults[f"/media/{name}.mp4"] = Fault(cut_after=200_000)
        item = self.add(page, options={"arguments": "--retries 0"})
        failed = self.wait_for_item(item["id"], lambda item: item["trackedDownloadState"] == "failedPending", PATIENCE,
                                    "the failure")
        self.assertIn("connection", messages_of(failed).lower())
        self.answers(self.api.delete(f"/api/queue/{item['id']}"), 204)


class YtDlpIsolated(ServerCase):
    """The plugin in a process of its own, which has to find yt-dlp as the server does: by its search path."""

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.api.timeout = PATIENCE
        cls.site = VideoSite()
        reply = cls.api.put("/api/plugins/ytdlp/isolation", {"mode": "isolated"})
        if reply.status != 200 or reply.json["isolation"]["effective"] != "isolated":
            raise AssertionError(str(reply))
        cookies = "127.0.0.1\tFALSE\t/\tFALSE\t0\tsession\tmember"
        body = {"name": "Videos", "implementation": "ytdlp", "enabled": True, "priority": 1,
                "settings": {"cookies": cookies}}
        reply = cls.api.post("/api/download-clients", body)
        if reply.status != 201:
            raise AssertionError(str(reply))
        cls.client_id = reply.json["id"]

    @classmethod
    def tearDownClass(cls) -> None:
        super().tearDownClass()
        cls.site.close()
        if left := processes_in(cls.server.folder):
            raise AssertionError(f"processes are left: {left}")

    def cookies(self) -> list[Path]:
        return [path for path in self.server.data.rglob("cookies/*") if path.is_file()]

    def test_the_programs_are_found_as_the_server_finds_them(self) -> None:
        report = self.answers(self.api.post(f"/api/download-clients/{self.client_id}/test"), 200).json
        checks = {check["name"]: check["ok"] for check in report["checks"]}
        self.assertTrue(checks["program"] and checks["ffmpeg"] and checks["folder"], report)

    def test_a_page_becomes_a_file(self) -> None:
        name = f"film{next(NUMBERS)}"
        item = self.answers(self.api.post("/api/queue", {"url": self.site.publish(name)}), 201).json
        done = self.wait_for_state(item["id"], "imported", PATIENCE)
        self.assertEqual(Path(done["outputPath"]).read_bytes(), self.site.content(name))
        self.assertEqual(done["protocol"], "url")
        self.assertEqual(self.cookies(), [])

    def test_a_kill_of_the_server_ends_everything_and_the_next_start_goes_on(self) -> None:
        name = f"film{next(NUMBERS)}"
        self.site.publish(name)
        self.site.faults[f"/media/{name}.mp4"] = Fault(rate=700_000)
        link = f"{self.site.address}/members/media/{name}.mp4"
        item = self.answers(self.api.post("/api/queue", {"url": link}), 201).json
        self.wait_for_item(item["id"], lambda item: item["progress"] > 20, PATIENCE, "a part of it")
        self.assertEqual([stat.S_IMODE(path.stat().st_mode) for path in self.cookies()], [0o600])
        self.server.kill()
        wait_until(lambda: not processes_in(self.server.folder), 10, "the kernel to end what the server has started")
        self.site.faults.clear()
        # As if the server had been killed while it looked at an address.
        orphan = self.cookies()[0].with_name("look-1.txt")
        orphan.write_text("a secret")
        self.server.start()
        done = self.wait_for_state(item["id"], "imported", PATIENCE)
        self.assertEqual(Path(done["outputPath"]).read_bytes(), self.site.content(name))
        self.assertEqual(self.cookies(), [])

    def test_removing_a_download_ends_its_processes(self) -> None:
        name = f"film{next(NUMBERS)}"
        page = self.site.publish(name)
        self.site.faults[f"/media/{name}.mp4"] = Fault(rate=300_000)
        item = self.answers(self.api.post("/api/queue", {"url": page}), 201).json
        self.wait_for_item(item["id"], lambda item: item["progress"] > 2, PATIENCE, "a part of it")
        self.answers(self.api.delete(f"/api/queue/{item['id']}"), 204)
        wait_until(lambda: not [path for path in self.server.data.rglob(".unfinished/*")], PATIENCE, "it to be gone")
