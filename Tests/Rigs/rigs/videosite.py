"""A video site on loopback that yt-dlp finds its way through: pages, files, streams, a feed, and faults on demand.

| path | what it is |
| --- | --- |
| /watch/NAME | a page with a player, a title, a picture and subtitles |
| /media/NAME.mp4 | the file itself, also in ranges |
| /hls/master.m3u8 | a stream in pieces, with the sound apart from the picture |
| /dash/manifest.mpd | the same as MPEG-DASH |
| /live.m3u8 | a broadcast that ends when `end_broadcast` is called |
| /feed.rss, /list | several videos: a feed, and a page with three players |
| /nothing | a page without a video |
| /members/... | the same paths, for those who have the cookie session=member |
"""
import html
import json
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from . import films

_TYPES = {".mp4": "video/mp4", ".m3u8": "application/vnd.apple.mpegurl", ".ts": "video/mp2t",
          ".m4s": "video/iso.segment", ".mpd": "application/dash+xml", ".vtt": "text/vtt", ".jpg": "image/jpeg"}
_STEP = 16 << 10


@dataclass
class Fault:
    """What is wrong with a path."""
    status: int = 0
    # Bytes after which the body stops: cut off, or just not going on.
    cut_after: int | None = None
    stall_after: int | None = None
    # Bytes each second.
    rate: int = 0
    # How often; then the path is all right again.
    times: int = 1 << 30


@dataclass
class Request:
    """What somebody asked for."""
    path: str
    headers: dict[str, str] = field(default_factory=dict)


class VideoSite:
    """A site with the films that were published on it; `close` ends it."""

    cookie = "session=member"

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.faults: dict[str, Fault] = {}
        self.titles: dict[str, str] = {}
        self._files: dict[str, Path] = {}
        self._is_over = threading.Event()
        self._broadcast_began = time.monotonic()
        site = self

        class Handler(_Handler):
            owner = site
        self._server = _Server(("127.0.0.1", 0), Handler)
        self.port = self._server.server_address[1]
        self.address = f"http://127.0.0.1:{self.port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._is_over.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)

    def publish(self, name: str, film: str = "other-feature", title: str | None = None) -> str:
        """Puts a film (an mp4 of `films.FILMS`) on the site and returns the address of its page."""
        self._files[f"/media/{name}.mp4"] = films.film(film)
        self.titles[name] = title or name
        return f"{self.address}/watch/{name}"

    def media(self, name: str) -> str:
        """The address of the file of a film."""
        return f"{self.address}/media/{name}.mp4"

    def content(self, name: str) -> bytes:
        """The bytes of a film."""
        return self._files[f"/media/{name}.mp4"].read_bytes()

    def streams(self) -> None:
        """Makes the streams, which takes a second the first time."""
        folder = films.streams("clip-mp4")
        for path in folder.rglob("*"):
            if path.is_file():
                self._files["/" + str(path.relative_to(folder))] = path

    def end_broadcast(self) -> None:
        self._is_over.set()

    def count(self, path: str) -> int:
        """How often a path was asked for."""
        return sum(request.path == path for request in list(self.requests))

    # What the handler asks for

    def answer(self, path: str) -> tuple[int, str, bytes | Path]:
        """Status, media type and body for a path."""
        kind, _, rest = path.lstrip("/").partition("/")
        if kind == "watch" and rest in self.titles:
            return 200, "text/html; charset=utf-8", self._page(rest).encode()
        if path == "/list":
            players = "".join(f'<video src="{self.media(name)}"></video>' for name in self.titles)
            return 200, "text/html", f"<!doctype html><html><title>A list</title>{players}</html>".encode()
        if path == "/feed.rss":
            return 200, "application/rss+xml", self._feed().encode()
        if path == "/nothing":
            return 200, "text/html", b"<!doctype html><html><title>Nothing</title><p>Only words.</p></html>"
        if path == "/live.m3u8":
            return 200, _TYPES[".m3u8"], self._broadcast().encode()
        if path.startswith("/picture/"):
            return 200, "image/jpeg", films.picture().read_bytes()
        if path.startswith("/words/"):
            return 200, "text/vtt", b"WEBVTT\n\n00:00.000 --> 00:01.000\nA word.\n"
        if path in self._files:
            return 200, _TYPES.get(self._files[path].suffix, "application/octet-stream"), self._files[path]
        return 404, "text/html", b"<!doctype html><title>404</title><h1>Not here</h1>"

    def _page(self, name: str) -> str:
        title = html.escape(self.titles[name])
        described = json.dumps({"@context": "https://schema.org", "@type": "VideoObject", "name": self.titles[name],
                                "description": "Drawn by a machine.", "uploadDate": "2024-05-01T10:00:00Z",
                                "thumbnailUrl": f"{self.address}/picture/{name}.jpg", "contentUrl": self.media(name)})
        return (f'<!doctype html><html lang="en"><head><title>{title}</title>'
                f'<meta property="og:title" content="{title}">'
                f'<script type="application/ld+json">{described.replace("<", chr(92) + "u003c")}</script></head><body>'
                f'<video poster="/picture/{name}.jpg"><source src="/media/{name}.mp4" type="video/mp4">'
                f'<track kind="subtitles" srclang="en" label="English" src="/words/{name}.en.vtt"></video>'
                '</body></html>')

    def _feed(self) -> str:
        items = "".join(
            f'<item><title>{html.escape(title)}</title><link>{self.address}/watch/{name}</link>'
            f'<guid isPermaLink="false">{name}</guid><pubDate>Wed, 01 May 2024 10:00:00 +0000</pubDate>'
            f'<enclosure url="{self.media(name)}" length="0" type="video/mp4"/></item>'
            for name, title in self.titles.items())
        return (f'<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>A feed</title>'
                f'<link>{self.address}/</link><description>Films</description>{items}</channel></rss>')

    def _broadcast(self) -> str:
        """A window of three pieces that moves with the time; the pieces are those of a short film, again and again."""
        pieces = sorted(path for path in self._files if path.startswith("/broadcast/"))
        now = int(time.monotonic() - self._broadcast_began)
        lines = ["#EXTM3U", "#EXT-X-VERSION:3", "#EXT-X-TARGETDURATION:1", f"#EXT-X-MEDIA-SEQUENCE:{now}"]
        for number in range(now, now + 3):
            lines += ["#EXT-X-DISCONTINUITY", "#EXTINF:1.0,", pieces[number % len(pieces)]]
        return "\n".join(lines + (["#EXT-X-ENDLIST"] if self._is_over.is_set() else [])) + "\n"


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """Says nothing: a program that is ended hangs up in the middle."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    owner: VideoSite

    def do_GET(self) -> None:
        self._serve(with_body=True)

    def do_HEAD(self) -> None:
        self._serve(with_body=False)

    def log_message(self, *_: object) -> None:
        pass

    def _serve(self, with_body: bool) -> None:
        path = self.path.partition("?")[0]
        self.owner.requests.append(Request(path, dict(self.headers)))
        if path.startswith("/members/"):
            if self.owner.cookie not in self.headers.get("Cookie", ""):
                return self._send(403, "text/plain", b"Members only.", with_body, Fault())
            path = path.removeprefix("/members")
        fault = self.owner.faults.get(path, Fault())
        if fault.times <= 0:
            fault = Fault()
        fault.times -= 1
        if fault.status:
            return self._send(fault.status, "text/plain", b"A fault on demand.", with_body, Fault())
        status, kind, body = self.owner.answer(path)
        data = body.read_bytes() if isinstance(body, Path) else body
        self._send(status, kind, data, with_body, fault)

    def _send(self, status: int, kind: str, data: bytes, with_body: bool, fault: Fault) -> None:
        start, end = self._range(len(data)) if status == 200 else (0, len(data))
        self.send_response(206 if (start, end) != (0, len(data)) else status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(end - start))
        self.send_header("Accept-Ranges", "bytes")
        if (start, end) != (0, len(data)):
            self.send_header("Content-Range", f"bytes {start}-{end - 1}/{len(data)}")
        self.end_headers()
        if with_body:
            try:
                self._write(data[start:end], fault)
            except OSError:
                self.close_connection = True

    def _write(self, data: bytes, fault: Fault) -> None:
        stop = min(value for value in (fault.cut_after, fault.stall_after, len(data)) if value is not None)
        for offset in range(0, stop, _STEP):
            self.wfile.write(data[offset:min(offset + _STEP, stop)])
            if fault.rate:
                time.sleep(_STEP / fault.rate)
        if stop < len(data):
            self.close_connection = True
            if fault.stall_after is not None:
                self.owner._is_over.wait(120)

    def _range(self, size: int) -> tuple[int, int]:
        unit, _, value = self.headers.get("Range", "").partition("=")
        first, _, last = value.partition("-")
        if unit != "bytes" or not first.isdigit() or int(first) >= size:
            return 0, size
        return int(first), min(size, int(last) + 1) if last.isdigit() else size
