"""What every operator and every client relies on: health, metrics, the description of the API, events, bad input."""
import random
import re
import socket

from harness import world
from harness.case import ClientCase, ServerCase
from harness.certificate import Certificate
from harness.events import EventStream
from harness.server import KinodockServer
from harness.wire import Api, status_of
from rigs import wait_until

# Every route of this version, with the methods that it has.
ROUTES = {
    "/api/ping": {"get"}, "/api/health": {"get"}, "/api/ready": {"get"}, "/metrics": {"get"}, "/openapi.json": {"get"},
    "/api/queue": {"get", "post"}, "/api/queue/{id}": {"get", "delete"}, "/api/queue/{id}/retry": {"post"},
    "/api/queue/cleanup": {"post"}, "/api/queue/events": {"get"},
    "/api/download-clients": {"get", "post"}, "/api/download-clients/{id}": {"get", "put", "delete"},
    "/api/download-clients/{id}/test": {"post"}, "/api/download-clients/test": {"post"},
    "/api/download-clients/options": {"post"}, "/api/download-clients/{id}/former-settings": {"get"},
    "/api/download-clients/{id}/former-settings/{id}/restore": {"post"},
    "/api/media": {"get", "post"}, "/api/media/{id}": {"get", "delete"}, "/api/media/{id}/progress": {"get"},
    "/api/media/{id}/stream": {"get"},
    "/api/problems": {"get"}, "/api/problems/{id}/dismiss": {"post", "delete"}, "/api/events": {"get"},
    "/api/plugins": {"get"}, "/api/plugins/rescan": {"post"}, "/api/plugins/{id}/enable": {"post"},
    "/api/plugins/{id}/disable": {"post"}, "/api/plugins/{id}/retry": {"post"},
}
_LABEL = r'[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\[\\"n])*"'
# Answers of these do not end.
STREAMS = ("/api/queue/events", "/api/events")
SAMPLE = re.compile(rf"^[a-zA-Z_:][a-zA-Z0-9_:]*(?:\{{(?:{_LABEL},?)*\}})? (?:[-+]?[0-9.eE+-]+|NaN|[+-]Inf)(?: \d+)?$")


class Pages(ServerCase):
    def test_ping(self) -> None:
        reply = self.answers(self.api.as_nobody().get("/api/ping"), 200)
        self.assertEqual(reply.body, b'{"status":"pong"}')
        self.assertEqual(reply.headers.get_content_type(), "application/json")
        self.assertEqual(self.api.head("/api/ping").body, b"")

    def test_health_and_ready(self) -> None:
        for path in ("/api/health", "/api/ready"):
            self.assertIsInstance(self.answers(self.api.as_nobody().get(path), 200).json, dict)

    def test_metrics_are_prometheus_text(self) -> None:
        reply = self.answers(self.api.get("/metrics"), 200)
        self.assertEqual(reply.headers.get_content_type(), "text/plain")
        lines = [line for line in reply.text.splitlines() if line]
        for line in lines:
            self.assertTrue(line.startswith(("# HELP ", "# TYPE ", "# EOF")) or SAMPLE.match(line), line)
        typed = {line.split()[2] for line in lines if line.startswith("# TYPE ")}
        self.assertTrue(any(name.startswith("kinodock_") for name in typed), typed)
        self.assertEqual(len(typed), sum(line.startswith("# TYPE ") for line in lines), "a name is declared twice")

    def test_openapi_lists_every_route(self) -> None:
        document = self.answers(self.api.as_nobody().get("/openapi.json"), 200).json
        self.assertTrue(document["openapi"].startswith("3.1"), document["openapi"])
        self.assertTrue(document["info"]["title"] and document["info"]["version"])
        described = {re.sub(r"\{\w+\}", "{id}", path): set(entry) for path, entry in document["paths"].items()}
        for path, methods in ROUTES.items():
            with self.subTest(path=path):
                self.assertLessEqual(methods, described.get(path, set()))
        for path, entry in document["paths"].items():
            for method, operation in entry.items():
                if method in ("get", "put", "post", "delete", "head", "patch"):
                    self.assertTrue(operation["responses"], f"{method} {path} has no responses")

    def test_the_status_page(self) -> None:
        reply = self.answers(self.api.as_nobody().get("/"), 200)
        self.assertEqual(reply.headers.get_content_type(), "text/html")
        self.assertIn("Kinodock", reply.text)
        loads = r"""(src|@import|url\(|<link[^>]*href)\s*=?\s*["']?https?://"""
        self.assertNotRegex(reply.text, loads, "the page loads from elsewhere")

    def test_unknown_pages(self) -> None:
        for path in ("/nothing", "/api/nothing", "/api", "/api/queue/x/y/z", "/%00", "/..%2f..%2fetc%2fpasswd",
                     "//api"):
            with self.subTest(path=path):
                self.assertIn(self.api.get(path).status, (400, 404))

    def test_options_and_wrong_methods(self) -> None:
        for path in ("/api/ping", "/api/queue", "/api/media"):
            allowed = self.api.send("OPTIONS", path)
            self.assertIn(allowed.status, (200, 204))
            self.assertIn("GET", allowed.headers["Allow"])
            refused = self.api.send("BREW", path)
            self.assertIn(refused.status, (405, 501))
        self.assertEqual(self.api.send("POST", "/api/ping").status, 405)


class BadInput(ServerCase):
    """Nothing that is sent makes a 500, and afterwards the server answers as before."""

    def tearDown(self) -> None:
        self.assertEqual(self.api.get("/api/ping").body, b'{"status":"pong"}')

    def test_odd_requests(self) -> None:
        long = b"x" * 100_000
        for data in (b"", b"\r\n\r\n", b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n",
                     b"GET /" + long + b" HTTP/1.1\r\n\r\n", b"GET / HTTP/1.1\r\nX: " + long + b"\r\n\r\n",
                     b"GET / HTTP/1.1\r\n" + b"A: b\r\n" * 20_000 + b"\r\n",
                     b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + long[:500], b"\x00" * 1000,
                     b"GET /api/queue HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
                     b"POST /api/queue HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n",
                     b"POST /api/queue HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcde",
                     b"POST /api/queue HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
                     b"GET /api/queue?" + b"&".join(b"a=1" for _ in range(5000)) + b" HTTP/1.1\r\nHost: x\r\n\r\n"):
            with self.subTest(data=data[:60]):
                status = status_of(self.api.raw(data))
                self.assertTrue(status is None or status < 500 or status in (501, 505), status)

    def test_a_query_of_thousands_of_parameters_is_answered(self) -> None:
        for _ in range(2):
            self.answers(self.api.get("/api/queue?limit=1&" + "&".join(["a=1"] * 3000)), 200)

    def test_a_body_that_is_not_json_is_refused_everywhere_and_changes_nothing(self) -> None:
        self.api.post("/api/download-clients", {"implementation": "qbittorrent", "enabled": False,
                                                 "settings": {"host": "127.0.0.1"}})
        before = self.api.get("/api/download-clients").json
        self.assertEqual(len(before), 1)
        paths = [("POST", path) for path in ("/api/queue", "/api/queue/cleanup", "/api/media", "/api/session",
                                             "/api/download-clients", "/api/download-clients/test")]
        instance = f"/api/download-clients/{before[0]['id']}"
        for method, path in [*paths, ("PUT", instance), ("POST", instance + "/test")]:
            for body in (b"{", b'{"name":"x",}', b'{"name":"\xff"}', b'{"name":"a","name":"b"}', b"null", b"[]", b"1",
                         b'{"name":"a\nb"}', b"\xff\xfe{\0}\0"):
                with self.subTest(path=path, body=body):
                    reply = self.api.send(method, path, body, {"Content-Type": "application/json"})
                    self.answers(reply, 400)
                    self.says(reply.json.get("error") or reply.json.get("message"))
        self.assertEqual(self.api.get("/api/download-clients").json, before)

    def test_random_bytes_on_every_route(self) -> None:
        chance = random.Random(1)
        for path, methods in ROUTES.items():
            if path in STREAMS:
                continue
            for method in methods:
                for _ in range(3):
                    name = path.replace("{id}", "".join(f"%{chance.randrange(256):02x}" for _ in range(6)))
                    query = "".join(f"%{chance.randrange(256):02x}" for _ in range(20))
                    body = chance.randbytes(200) if method in ("post", "put") else None
                    headers = {"Content-Type": "application/json"}
                    reply = self.api.send(method.upper(), f"{name}?{query}=1", body, headers)
                    self.assertLess(reply.status, 500, str(reply))

    def test_long_queries_and_deep_json(self) -> None:
        for path in ("/api/queue", "/api/media", "/api/download-clients", "/api/plugins"):
            self.assertLess(self.api.get(f"{path}?status={'x' * 10_000}").status, 500)
        zeros = '{"magnet":"' + "\\u0000" * 100 + '"}'
        for body in ("[" * 100_000, '{"a":' * 10_000, '"' + "x" * 500_000 + '"', zeros):
            for path in ("/api/queue", "/api/media", "/api/download-clients", "/api/download-clients/test"):
                with self.subTest(path=path, body=body[:10]):
                    reply = self.api.send("POST", path, body)
                    self.assertTrue(400 <= reply.status < 500, str(reply))

    def test_a_slow_sender_holds_nobody_up(self) -> None:
        idle = [socket.create_connection(("127.0.0.1", self.server.port)) for _ in range(200)]
        for connection in idle:
            connection.sendall(b"GET /api/queue HTTP/1.1\r\nHost: x\r\nX-Slow: ")
        try:
            self.answers(self.api.get("/api/queue"), 200)
        finally:
            for connection in idle:
                connection.close()


class Description(ClientCase):
    """What /openapi.json says holds for what is answered."""

    def test_answers_are_as_described(self) -> None:
        document = self.api.get("/openapi.json").json
        item = self.add_and_import(world.clip("Described"))
        media = self.answers(self.api.get("/api/media"), 200).json[0]["id"]
        known = {"queue": item["id"], "media": media, "download-clients": self.client_id, "plugins": "qbittorrent"}
        for path, operations in document["paths"].items():
            if path in STREAMS:
                continue
            for method, operation in operations.items():
                for name in (known.get(path.split("/")[2] if path.count("/") > 1 else "", "x"), "unknown", "%2F%25"):
                    if method == "delete" and name != "unknown" or path.endswith("/disable"):
                        continue
                    with self.subTest(method=method, path=path, name=name):
                        self._compare(document, method, path.replace("{id}", name), operation)

    def _compare(self, document: dict, method: str, path: str, operation: dict) -> None:
        # No more than this: /api/queue/cleanup would remove the item, and the others ignore it.
        body = '{"removeCompleted":false,"removeFailed":false}' if "requestBody" in operation else None
        reply = self.api.send(method.upper(), path, body)
        answer = operation["responses"].get(str(reply.status))
        self.assertIsNotNone(answer, f"not described: {reply}")
        types = answer.get("content", {})
        if reply.status == 204:
            self.assertEqual((types, reply.body), ({}, b""))
            return
        major = reply.headers.get_content_maintype()
        media_type = next((known for known in types if known in (reply.headers.get_content_type(), major + "/*")), None)
        self.assertIsNotNone(media_type, f"{reply.headers.get_content_type()} is not described: {reply}")
        if media_type == "application/json" and "schema" in types[media_type]:
            self.assertIsNone(misfit(reply.json, types[media_type]["schema"], document), str(reply))


def misfit(value: object, schema: dict, document: dict, place: str = "$") -> str | None:
    """Where a value differs from its schema; None when it fits. Knows what the document uses."""
    if "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
    names = {"object": dict, "array": list, "string": str, "boolean": bool, "integer": int, "number": (int, float),
             "null": type(None)}
    kinds = schema.get("type", [])
    kinds = kinds if isinstance(kinds, list) else [kinds]
    fits = any(isinstance(value, names[kind]) and (kind == "boolean" or not isinstance(value, bool)) for kind in kinds)
    if kinds and not fits:
        return f"{place} is {value!r}, not {kinds}"
    if isinstance(value, dict):
        if lost := [key for key in schema.get("required", []) if key not in value]:
            return f"{place} lacks {lost}"
        parts = [(value[key], part, f"{place}.{key}") for key, part in schema.get("properties", {}).items()
                 if key in value]
    elif isinstance(value, list):
        parts = [(entry, schema.get("items", {}), f"{place}[{index}]") for index, entry in enumerate(value)]
    else:
        parts = []
    return next((found for part in parts if (found := misfit(part[0], part[1], document, part[2]))), None)


class Events(ClientCase):
    def test_the_stream_is_one_for_browsers_and_proxies(self) -> None:
        with self.server.events(key=None) as events:
            self.assertEqual(events.status, 200)
            self.assertEqual(events.headers.get_content_type(), "text/event-stream")
            self.assertIn("no-cache", events.headers["Cache-Control"])

    def test_every_event_has_an_id_and_they_grow(self) -> None:
        with self.server.events() as events:
            item = self.add(world.clip("Numbered"))
            events.wait_for_item("queueCompleted", item["id"], 60)
            numbers = [int(event.id) for event in events.about(item["id"])]
        self.assertEqual(numbers, sorted(set(numbers)))
        self.assertEqual(events.about(item["id"])[0].name, "queueItemAdded")

    def test_nothing_is_missed_across_a_reconnect(self) -> None:
        with self.server.events() as first:
            seen = self.add(world.clip("Before"))
            last = first.wait_for_item("queueItemAdded", seen["id"]).id
        missed = self.add(world.clip("Meanwhile"))
        self.wait_for_state(missed["id"], "imported")
        with self.server.events(last_event_id=last) as second:
            second.wait_for_item("queueCompleted", missed["id"])
            names = [event.name for event in second.about(missed["id"])]
            self.assertEqual(names[0], "queueItemAdded")
            self.assertTrue(all(int(event.id) > int(last) for event in second.events if event.id))

    def test_events_survive_a_restart_or_say_resync(self) -> None:
        with self.server.events() as first:
            seen = self.add(world.clip("Old.Life"))
            last = first.wait_for_item("queueItemAdded", seen["id"]).id
        self.wait_for_state(seen["id"], "imported")
        self.assertEqual(self.server.stop(), 0)
        self.server.start()
        with self.server.events(last_event_id=last) as second:
            second.wait_for(lambda event: event.name in ("resync", "queueCompleted"), 10, "replay or resync")

    def test_an_id_that_was_never_given(self) -> None:
        for strange in ("999999999999", "-1", "nonsense", "", "9" * 100):
            with self.subTest(strange=strange), self.server.events(last_event_id=strange) as events:
                self.assertIn(events.status, (200, 400))

    def test_nobody_gets_paths_in_events(self) -> None:
        with EventStream(self.server.port) as events:
            item = self.add(world.clip("Unseen"))
            events.wait_for_item("queueCompleted", item["id"], 60)
            for event in events.about(item["id"]):
                self.assertIsNone(event.data.get("outputPath"))
                self.assertNotIn("magnet:", str(event.data))

    def test_a_heartbeat_comes_within_twenty_seconds(self) -> None:
        with self.server.events() as events:
            before = events.comments
            wait_until(lambda: events.comments > before, 20, "a heartbeat", every=0.5)


class Encrypted(ClientCase):
    """The server with a certificate of its own; every request of these tests checks it."""

    @classmethod
    def make_server(cls) -> KinodockServer:
        folder = world.folder(cls.__name__)
        return KinodockServer(folder, certificate=Certificate.make(folder / "tls"))

    def test_a_film_is_added_and_streamed(self) -> None:
        torrent = self.swarm.torrent("movie-mp4")
        made = self.answers(self.api.post("/api/media", {"magnetLink": torrent.magnet, "type": "movie"}), 201).json
        path = f"/api/media/{made['id']}"
        wait_until(lambda: self.api.get(path).json["status"] == "ready", 60, "ready")
        content = self.imported_file(torrent).read_bytes()
        self.assertEqual(self.api.get(f"{path}/stream").body, content)
        for first, last in ((0, 0), (1000, 99_999), (17, len(content) - 2)):
            with self.subTest(first=first, last=last):
                reply = self.api.get(f"{path}/stream", range=f"bytes={first}-{last}")
                self.assertEqual((reply.status, reply.body), (206, content[first:last + 1]))

    def test_events_come_at_once(self) -> None:
        connection = self.api.connection()
        try:
            connection.request("GET", "/api/queue/events")
            answer = connection.getresponse()
            self.assertEqual(answer.headers.get_content_type(), "text/event-stream")
            self.assertTrue(answer.readline().startswith(b"retry:"))
        finally:
            connection.close()

    def test_nothing_is_answered_in_the_clear(self) -> None:
        self.assertNotIn(b"pong", Api(self.server.port).raw(b"GET /api/ping HTTP/1.1\r\nHost: x\r\n\r\n", 2))

    def test_files_that_cannot_be_used_are_said_in_words(self) -> None:
        good, other = self.server.certificate, Certificate.make(world.folder("other-tls") / "tls")
        missing = good.key.with_name("missing.pem")
        for certificate, key, words in ((good.path, missing, str(missing)), (missing, good.key, str(missing)),
                                        (good.path, other.key, "belong together"), (good.key, good.key, "PEM")):
            with self.subTest(certificate=certificate.name, key=key.name):
                shown = self.server.command("serve", "--listen", "127.0.0.1:0", "--tls-certificate", str(certificate),
                                            "--tls-key", str(key), data=world.scratch() / "no-tls")
                self.assertEqual(shown.returncode, 1, shown.stdout + shown.stderr)
                self.says(shown.stderr.strip(), words)
        alone = self.server.command("serve", "--tls-certificate", str(good.path))
        self.assertEqual(alone.returncode, 2, alone.stdout + alone.stderr)
        self.says(alone.stderr.strip(), "--tls-key")
