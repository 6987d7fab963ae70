"""A receiver of webhooks in the test's own process: it keeps what comes, and answers as it is told."""
import http.server
import json
import threading
from dataclasses import dataclass, field
from typing import Any, Callable

from .waiting import wait_until


@dataclass(frozen=True)
class Delivery:
    """A request that came in; the names of the headers are in lower case."""
    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Answer:
    """What a request is answered with."""
    status: int = 200
    body: bytes = b"ok"
    headers: dict[str, str] = field(default_factory=dict)


class Sink:
    """Takes any request on a port of 127.0.0.1 that the kernel picks, and keeps that port while it is down.

    Without other orders the answer is 200 `ok`. `answers` are given first, one to each request, and `hanging` holds all
    requests up until it is cleared.
    """

    def __init__(self) -> None:
        self.deliveries: list[Delivery] = []
        self.answers: list[Answer] = []
        self.usual: Callable[[Delivery], Answer] = lambda _: Answer()
        self.hanging = threading.Event()
        self._released = threading.Event()
        self._server: http.server.ThreadingHTTPServer | None = None
        self.port = 0
        self.up()

    def url(self, path: str = "/") -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def up(self) -> None:
        sink = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_one(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                headers = {name.lower(): value for name, value in self.headers.items()}
                answer = sink._take(Delivery(self.command, self.path, headers, body))
                self.send_response(answer.status)
                for name, value in {"Content-Length": str(len(answer.body)), **answer.headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(answer.body)

            do_GET = do_POST = do_PUT = handle_one

            def log_message(self, *_: object) -> None:
                pass

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True
            allow_reuse_address = True

            def handle_error(self, *_: object) -> None:
                pass  # a client that has gone away, which is what some tests are about

        self._server = Server(("127.0.0.1", self.port), Handler)
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def down(self) -> None:
        """Nobody listens from now on; connections that are kept open end."""
        if self._server:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def hang(self) -> None:
        """From now on requests are not answered."""
        self._released.clear()
        self.hanging.set()

    def release(self) -> None:
        self.hanging.clear()
        self._released.set()

    def close(self) -> None:
        self.release()
        self.down()

    def of_kind(self, kind: str) -> list[Delivery]:
        """The deliveries whose JSON is an event of that kind."""
        return [taken for taken in self.deliveries if taken.body[:1] == b"{" and taken.json.get("kind") == kind]

    def wait_for(self, kind: str, seconds: float = 30, count: int = 1) -> list[Delivery]:
        wait_until(lambda: len(self.of_kind(kind)) >= count, seconds, f"{count} events of the kind {kind}")
        return self.of_kind(kind)

    def _take(self, delivery: Delivery) -> Answer:
        self.deliveries.append(delivery)
        if self.hanging.is_set():
            self._released.wait(60)
        return self.answers.pop(0) if self.answers else self.usual(delivery)


class MediaServer(Sink):
    """The few calls of Jellyfin, Emby or Plex by which they are told what has changed; `key` opens them.

    Paths in a library are those of `libraries`: name to folder.
    """

    key = "media-key-12345"

    def __init__(self, kind: str, libraries: dict[str, str]) -> None:
        super().__init__()
        self.kind = kind
        self.libraries = libraries
        self.usual = self._answer

    @property
    def refreshes(self) -> list[Delivery]:
        return [taken for taken in self.deliveries if "/refresh" in taken.path or "/Media/Updated" in taken.path]

    def _answer(self, request: Delivery) -> Answer:
        path = request.path.split("?")[0]
        if path == "/System/Info/Public" and self.kind != "plex":
            info = {"ServerName": "rig", "Id": "1", "Version": "10.9.11" if self.kind == "jellyfin" else "4.8.8.0"}
            return _json(info | ({"ProductName": "Jellyfin Server"} if self.kind == "jellyfin" else {}))
        if path == "/identity" and self.kind == "plex":
            return _json({"MediaContainer": {"machineIdentifier": "1", "version": "1.40.2.8395-c67dce28e"}})
        if not self._has_key(request.headers):
            return Answer(401, b"")
        return self._plex(path) if self.kind == "plex" else self._jellyfin(path)

    def _has_key(self, headers: dict[str, str]) -> bool:
        return {"jellyfin": headers.get("authorization") == f'MediaBrowser Token="{self.key}"',
                "emby": headers.get("x-emby-token") == self.key,
                "plex": headers.get("x-plex-token") == self.key}[self.kind]

    def _jellyfin(self, path: str) -> Answer:
        if path == "/Library/VirtualFolders":
            return _json([{"Name": name, "Locations": [folder], "ItemId": name}
                          for name, folder in self.libraries.items()])
        return Answer(204, b"") if path == "/Library/Media/Updated" else Answer(404, b"")

    def _plex(self, path: str) -> Answer:
        if path == "/library/sections":
            sections = [{"key": str(number), "title": name, "Location": [{"id": number, "path": folder}]}
                        for number, (name, folder) in enumerate(self.libraries.items(), 1)]
            return _json({"MediaContainer": {"size": len(sections), "Directory": sections}})
        return Answer(200, b"") if path.endswith("/refresh") else Answer(404, b"")


def _json(value: object) -> Answer:
    return Answer(200, json.dumps(value).encode(), {"Content-Type": "application/json"})
