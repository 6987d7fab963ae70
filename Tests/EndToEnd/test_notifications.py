"""Notifiers: what happens in the queue and the library arrives at webhooks and media servers, whatever they do."""
import hashlib
import hmac
import json
import time
import urllib.parse

from harness import world
from harness.case import ClientCase, listed
from harness.server import CHECKOUT, PLUGINS, KinodockServer
from rigs import Answer, MediaServer, Sink, wait_until
from test_plugins import place

SECRET = "signing-secret-98765"


class NotifierCase(ClientCase):
    """Tests on a server with a qBittorrent, whose notifiers are removed after each test."""

    def setUp(self) -> None:
        self.sink = Sink()
        self.addCleanup(self.sink.close)
        self.addCleanup(self.remove_notifiers)

    def remove_notifiers(self) -> None:
        for notifier in listed(self.api.get("/api/notifiers")):
            self.answers(self.api.delete(f"/api/notifiers/{notifier['id']}"), 204)

    def notifier(self, sink: Sink, name: str = "Hook", path: str = "/hook", **settings: object) -> str:
        """Adds a webhook to the sink and returns its id."""
        body = {"name": name, "implementation": "webhook", "settings": {"url": sink.url(path)} | settings}
        return self.answers(self.api.post("/api/notifiers", body), 201).json["id"]

    def notifications(self, query: str = "") -> list[dict]:
        return self.answers(self.api.get(f"/api/notifications?limit=100{query}"), 200).json["items"]

    def wait_for_notification(self, status: str, code: str | None, seconds: float = 20) -> dict:
        """The one notification, when it has this status and this code."""
        def look() -> dict | None:
            found = [entry for entry in self.notifications() if entry["status"] == status and entry["code"] == code]
            return found[0] if found and (status != "waiting" or found[0]["attempts"]) else None
        return wait_until(look, seconds, f"a notification that is {status} with {code}")

    def delete_title(self, name: str) -> None:
        """Makes an event of the kind deleted: the title whose name holds `name` goes."""
        (found,) = [media for media in listed(self.api.get("/api/media")) if name in media["title"]]
        self.answers(self.api.delete(f"/api/media/{found['id']}"), 204)


class Webhooks(NotifierCase):
    def test_a_film_is_told_step_by_step_and_each_step_once(self) -> None:
        self.notifier(self.sink, signingSecret=SECRET)
        torrent = world.clip("Told")
        item = self.add_and_import(torrent)
        (imported,) = self.sink.wait_for("imported")
        (grabbed,), (downloaded,) = self.sink.wait_for("grabbed"), self.sink.wait_for("downloaded")
        self.check_import(imported.json, torrent, item)
        self.check_signature(imported)
        self.assertEqual(len({entry.json["id"] for entry in (grabbed, downloaded, imported)}), 3)
        wait_until(lambda: len(self.notifications("&status=delivered")) == 3, 10, "all to be delivered")
        self.assertEqual(self.notifications("&status=waiting"), [])
        self.delete_title("Told")
        (deleted,) = self.sink.wait_for("deleted")
        self.assertEqual(deleted.json["details"]["paths"], imported.json["details"]["paths"])
        self.assertEqual([len(self.sink.of_kind(kind)) for kind in ("grabbed", "downloaded", "imported")], [1, 1, 1])

    def check_import(self, event: dict, torrent, item: dict) -> None:
        details = event["details"]
        self.assertEqual(details["path"], str(self.imported_file(torrent)))
        self.assertEqual((details["type"], details["year"], details["client"]), ("movie", 1999, "qBittorrent"))
        self.assertEqual((details["queue_id"], details["info_hash"]), (item["id"], torrent.info_hash))
        self.assertIn("Told", details["title"])
        self.assertEqual(details["size"], torrent.video.size)
        self.assertRegex(event["time"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")

    def check_signature(self, delivery) -> None:
        def code(message: bytes) -> str:
            return "sha256=" + hmac.new(SECRET.encode(), message, hashlib.sha256).hexdigest()
        sent = delivery.headers["x-kinodock-timestamp"]
        self.assertEqual(delivery.headers["x-kinodock-signature"], code(delivery.body))
        timed = code(sent.encode() + b"." + delivery.body)
        self.assertEqual(delivery.headers["x-kinodock-signature-timestamped"], timed)
        self.assertLess(abs(time.time() - int(sent)), 60)
        self.assertEqual(delivery.headers["x-kinodock-event-id"], delivery.json["id"])
        self.assertNotIn(SECRET, self.server.log_text())

    def test_a_template_gets_what_its_filter_lets_through(self) -> None:
        template = '{"t":"{{details.title}}","p":{{details.paths | json}},"y":{{details.year | json}}}'
        self.notifier(self.sink, format="template", template=template, events=["imported"], mediaTypes=["movie"],
                      headers={"X-Place": "home"}, method="PUT")
        torrent = world.clip("Template")
        self.add_and_import(torrent)
        wait_until(lambda: self.sink.deliveries, 20, "the import")
        (taken,) = self.sink.deliveries
        self.assertEqual((taken.method, taken.headers["x-place"]), ("PUT", "home"))
        self.assertEqual(taken.json["p"], [str(self.imported_file(torrent))])
        self.assertEqual(taken.json["y"], 1999)

    def test_the_test_sends_an_event_and_says_what_went_wrong(self) -> None:
        body = {"name": "Trial", "implementation": "webhook", "settings": {"url": self.sink.url("/secret-path")}}
        self.answers(self.api.post("/api/notifiers/test", body), 200)
        self.assertEqual(self.sink.deliveries[0].json["kind"], "test")
        redirected = Answer(302, b"", {"Location": self.sink.url("/elsewhere")})
        for answer, word in ((Answer(401), "token"), (Answer(404), "address"), (redirected, "elsewhere"),
                             (Answer(500, b"x" * (2 << 20)), "answer")):
            with self.subTest(status=answer.status):
                self.sink.answers = [answer]
                failed = self.refuses(self.api.post("/api/notifiers/test", body), 400)
                self.says(failed["error"], word)
                self.assertNotIn("secret-path", json.dumps(failed))
        self.assertEqual({entry.path for entry in self.sink.deliveries}, {"/secret-path"}, "a redirect was followed")
        wrong = self.api.post("/api/notifiers", body | {"settings": {"url": "ftp://x"}})
        self.assertIn("url", json.dumps(self.refuses(wrong, 400)))


class WebhooksInTrouble(NotifierCase):
    def test_nothing_is_lost_when_the_server_is_killed_while_nobody_listens(self) -> None:
        self.notifier(self.sink, events=["imported"])
        self.sink.down()
        self.add_and_import(world.clip("Killed"))
        waiting = self.wait_for_notification("waiting", "unreachable")
        self.server.kill()
        self.server.start()
        self.sink.up()
        (taken,) = self.sink.wait_for("imported", 40)
        self.assertEqual(taken.json["id"], waiting["event"]["id"])
        wait_until(lambda: [entry["status"] for entry in self.notifications()] == ["delivered"], 10, "the delivery")
        self.assertEqual(len(self.sink.deliveries), 1)

    def test_what_an_answer_means(self) -> None:
        identifier = self.notifier(self.sink, events=["deleted"])
        answers = ((410, "failed", "not_found"), (400, "failed", "invalid"), (401, "waiting", "unauthorized"),
                   (500, "waiting", "remote_failure"))
        for item in [self.add(world.clip(f"Answer{status}")) for status, _, _ in answers]:
            self.wait_for_state(item["id"], "imported")
        for status, state, code in answers:
            with self.subTest(status=status):
                self.sink.answers = [Answer(status, b'{"message":"said by the rig"}')]
                # Forgets earlier failures, so that this one is not waited for.
                self.answers(self.api.put(f"/api/notifiers/{identifier}", {"enabled": True}), 200)
                self.delete_title(f"Answer{status}")
                found = self.wait_for_notification(state, code)
                self.says(found["reason"], "said by the rig")
                self.assertNotIn("/hook", json.dumps(found["reason"]))
                again = self.answers(self.api.post(f"/api/notifications/{found['id']}/retry"), 200).json
                self.assertEqual(again["status"], "waiting")
                wait_until(lambda: self.answers(self.api.get(f"/api/notifications/{found['id']}"), 200)
                           .json["status"] == "delivered", 10, "the retry to arrive")
        self.assertEqual(len({entry.json["id"] for entry in self.sink.of_kind("deleted")}), 4)
        self.refuses(self.api.post(f"/api/notifications/{self.notifications()[0]['id']}/retry"), 409)

    def test_a_notification_that_is_lost_is_a_problem(self) -> None:
        identifier = self.notifier(self.sink, events=["deleted"])
        self.add_and_import(world.clip("Lost"))
        self.sink.answers = [Answer(410)]
        self.delete_title("Lost")
        found = self.wait_for_notification("failed", "not_found")

        def problems() -> list[dict]:
            return [entry for entry in self.api.get("/api/problems").json
                    if entry["subjectId"] == identifier and entry["code"] == "events_lost"]
        (problem,) = wait_until(problems, 10, "the problem")
        self.says(problem["message"], "1 event", "gone")
        self.answers(self.api.post(f"/api/notifications/{found['id']}/retry"), 200)
        wait_until(lambda: not problems(), 10, "the problem to go")

    def test_a_service_that_asks_to_slow_down_is_asked_later(self) -> None:
        self.notifier(self.sink, format="discord", events=["deleted"])
        self.add_and_import(world.clip("Slowly"))
        self.sink.answers = [Answer(429, b'{"message":"You are being rate limited.","retry_after":1.2,"global":false}')]
        self.delete_title("Slowly")
        wait_until(lambda: len(self.sink.deliveries) == 2, 15, "the second attempt")
        embed = self.sink.deliveries[1].json["embeds"][0]
        self.assertIn("Slowly", embed["title"])
        (notifier,) = listed(self.api.get("/api/notifiers"))
        self.assertEqual(notifier["status"]["health"], "healthy")

    def test_one_that_hangs_holds_up_nothing(self) -> None:
        self.sink.hang()
        other = Sink()
        self.addCleanup(other.close)
        self.notifier(self.sink, "Hangs")
        self.notifier(other, "Quick")
        begin = time.monotonic()
        self.add_and_import(world.clip("Beside"))
        other.wait_for("imported")
        self.assertLess(time.monotonic() - begin, 25)
        self.assertEqual(len(self.sink.deliveries), 1, "events came out of order")
        self.sink.release()
        taken = self.sink.wait_for("imported", 40)
        kinds = [entry.json["kind"] for entry in self.sink.deliveries]
        self.assertEqual(kinds[-3:], ["grabbed", "downloaded", "imported"])
        self.assertEqual(len(taken), 1)


class MediaServers(NotifierCase):
    def media_server(self, kind: str) -> MediaServer:
        library = self.server.library
        server = MediaServer(kind, {"Films": "/media/movies", "Series": "/media/tv"})
        self.addCleanup(server.close)
        body = {"name": kind, "implementation": "mediaserver", "settings": {
            "service": kind, "port": server.port, "apiKey": server.key, "pathMappings": {str(library): "/media"},
            "libraryPath": str(library / "movies")}}
        tested = self.answers(self.api.post("/api/notifiers/test", body), 200).json
        self.assertEqual([check["name"] for check in tested["checks"]], ["connection", "version", "login", "libraries"])
        settings = body["settings"] | {"apiKey": "wrong-key-000"}
        wrong = self.api.post("/api/notifiers/test", body | {"settings": settings})
        self.assertEqual(self.refuses(wrong, 400)["code"], "UNAUTHORIZED")
        self.answers(self.api.post("/api/notifiers", body), 201)
        return server

    def test_each_is_told_the_changed_path_and_nothing_else(self) -> None:
        servers = {kind: self.media_server(kind) for kind in ("jellyfin", "emby", "plex")}
        torrent = world.clip("Refresh")
        self.add_and_import(torrent)
        film = self.imported_file(torrent)
        seen = "/media" + str(film).removeprefix(str(self.server.library))
        for kind, server in servers.items():
            (refresh,) = wait_until(lambda: server.refreshes, 20, f"{kind} to be told")
            if kind == "plex":
                folder = urllib.parse.quote(seen.rsplit("/", 1)[0], safe="")
                self.assertEqual(refresh.path, f"/library/sections/1/refresh?path={folder}")
            else:
                self.assertEqual(refresh.json, {"Updates": [{"Path": seen, "UpdateType": "Created"}]})
        self.delete_title("Refresh")
        for kind, server in servers.items():
            wait_until(lambda: len(server.refreshes) == 2, 20, f"{kind} to be told of the end")
        self.assertEqual(servers["emby"].refreshes[1].json["Updates"][0], {"Path": seen, "UpdateType": "Deleted"})

    def test_several_changes_are_told_together(self) -> None:
        server = self.media_server("jellyfin")
        clips = [world.clip("Several") for _ in range(3)]
        for clip in clips:
            self.add(clip)
        def told() -> list[str]:
            return [update["Path"] for refresh in server.refreshes for update in refresh.json["Updates"]]
        wait_until(lambda: len(told()) == 3, 60, "three films to be told")
        self.assertLess(len(server.refreshes), 3)
        self.assertEqual(len(set(told())), 3)


class ExamplesToo(NotifierCase):
    """The example in C gets what happens, beside the bundled plugins."""

    @classmethod
    def make_server(cls) -> KinodockServer:
        plugins = world.folder(cls.__name__ + "-plugins")
        for name in ("qbittorrent", "webhook"):
            place(PLUGINS / name / "plugin.so", plugins / name)
        place(CHECKOUT / "build" / "examples" / "file-drop" / "plugin.so", plugins / "file-drop")
        return KinodockServer(world.folder(cls.__name__), plugins=plugins)

    def test_an_import_becomes_a_file(self) -> None:
        folder = world.folder("dropped")
        body = {"name": "Events", "implementation": "file-drop", "settings": {"path": str(folder), "leastFree": 0}}
        self.answers(self.api.post("/api/notifiers", body), 201)
        torrent = world.clip("Dropped")
        self.add_and_import(torrent)
        (file,) = wait_until(lambda: list(folder.glob("*-imported-*.json")), 20, "the file of the import")
        event = json.loads(file.read_text())
        self.assertEqual(event["details"]["path"], str(self.imported_file(torrent)))
        self.assertEqual(len(list(folder.glob("*.json"))), 3)
