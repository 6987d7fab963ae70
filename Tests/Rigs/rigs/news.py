"""A news server on loopback, in threads of the test itself: it holds what a test posts, and fails on demand."""
import hashlib
import random
import socketserver
import subprocess
import tempfile
import threading
import time
import zlib
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Callable
from xml.sax.saxutils import escape, quoteattr

from . import films
from .rar import write_volumes

_GROUP = "alt.binaries.kinodock"
_ARTICLE = 20_000
# Of a film, in each volume of a RAR.
_VOLUME = 30_000
# yEnc adds 42 to every byte; four values are escaped by "=" and 64 more.
_SHIFTED = bytes((value + 42) % 256 for value in range(256))
_CRITICAL = [(b"=", b"=}"), (b"\0", b"=@"), (b"\n", b"=J"), (b"\r", b"=M")]
_LINE = 128


@dataclass(frozen=True)
class Post:
    """Something that was posted. `sha256` is that of the film that unpacking has to bring out."""
    name: str
    nzb: bytes
    url: str
    film: str
    sha256: str


class NewsServer:
    """Speaks as much of NNTP (RFC 3977, RFC 4643) as NZBGet and SABnzbd use, and serves NZB files over HTTP.

    `rate` limits each connection (bytes each second, 0 for none); `refusal` is "login", "all" or "" for none.
    """

    username = "reader"
    password = "news-tide-77"

    def __init__(self) -> None:
        self.rate = 0
        self.refusal = ""
        self.articles: dict[str, bytes] = {}
        self.withheld: dict[str, bytes] = {}
        self.nzbs: dict[str, bytes] = {}
        self.logins = 0
        self._news = _Threads(("127.0.0.1", 0), _Reader)
        self._web = ThreadingHTTPServer(("127.0.0.1", 0), _Shelf)
        self._web.daemon_threads = True
        for server in (self._news, self._web):
            server.rig = self
            threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True).start()

    @property
    def port(self) -> int:
        return self._news.server_address[1]

    @property
    def web(self) -> str:
        return f"http://127.0.0.1:{self._web.server_address[1]}"

    def stop(self) -> None:
        for server in (self._news, self._web):
            server.shutdown()
            server.server_close()

    def restore(self) -> None:
        """The articles that never arrived are there now."""
        self.articles |= self.withheld
        self.withheld = {}

    def publish(self, name: str, film: str = "clip", packed: str = "7z", blocks: int = 0, password: str = "",
                told: bool = True, lost: Callable[[str, int], bool] = lambda *_: False) -> Post:
        """Posts a film as a release.

        `packed` is "7z", "rar" for volumes, or "" for the file as it is; `blocks` is the share of par2 blocks in
        percent; `lost` says which articles never arrive (file and number, from 0); `told` puts the password into the
        head of the NZB.
        """
        with tempfile.TemporaryDirectory(prefix="kinodock-post-") as place:
            folder = Path(place)
            video = folder / f"{name}{films.FILMS[film].suffix}"
            films.film_of_its_own(film, video, name)
            sha256 = hashlib.sha256(video.read_bytes()).hexdigest()
            if packed == "rar":
                write_volumes(video, folder, name, _VOLUME)
                video.unlink()
            elif packed:
                _pack(folder, video, name, password)
            if blocks:
                _protect(folder, name, blocks)
            nzb = self.post(name, folder, password if told else "", lost)
        self.nzbs[name] = nzb
        return Post(name, nzb, f"{self.web}/{name}.nzb", video.name, sha256)

    def post(self, name: str, folder: Path, password: str, lost: Callable[[str, int], bool]) -> bytes:
        """Posts the files of a folder and returns the NZB."""
        names = sorted((path.name for path in folder.iterdir()), key=lambda one: (".par2" in one, one))
        head = [("title", name)] + ([("password", password)] if password else [])
        lines = ['<?xml version="1.0" encoding="UTF-8"?>',
                 '<!DOCTYPE nzb PUBLIC "-//newzBin//DTD NZB 1.1//EN" "http://www.newzbin.com/DTD/nzb/nzb-1.1.dtd">',
                 '<nzb xmlns="http://www.newzbin.com/DTD/2003/nzb">', "<head>"]
        lines += [f"<meta type={quoteattr(kind)}>{escape(text)}</meta>" for kind, text in head] + ["</head>"]
        for number, file in enumerate(names, 1):
            lines += self._post_file(f'{name} [{number}/{len(names)}] - "{file}" yEnc', folder / file, lost)
        return "\n".join([*lines, "</nzb>", ""]).encode()

    def _post_file(self, subject: str, path: Path, lost: Callable[[str, int], bool]) -> list[str]:
        content = path.read_bytes()
        total = max(1, -(-len(content) // _ARTICLE))
        lines = [f'<file poster="dock &lt;dock@example.invalid&gt;" date="{int(time.time()) - 86400}" '
                 f"subject={quoteattr(f'{subject} (1/{total})')}>", f"<groups><group>{_GROUP}</group></groups>",
                 "<segments>"]
        for part in range(total):
            identifier = f"{random.getrandbits(96):024x}@example.invalid"
            body = _encoded(path.name, content, part, total)
            (self.withheld if lost(path.name, part) else self.articles)[identifier] = body
            lines.append(f'<segment bytes="{len(body)}" number="{part + 1}">{identifier}</segment>')
        return [*lines, "</segments>", "</file>"]


def _encoded(name: str, content: bytes, part: int, total: int) -> bytes:
    """One article's body in yEnc (version 1.3), with its dots doubled for the wire."""
    begin = part * _ARTICLE
    piece = content[begin:begin + _ARTICLE]
    shifted = piece.translate(_SHIFTED)
    lines = [f"=ybegin part={part + 1} total={total} line={_LINE} size={len(content)} name={name}".encode(),
             f"=ypart begin={begin + 1} end={begin + len(piece)}".encode()]
    for start in range(0, len(shifted), _LINE):
        line = shifted[start:start + _LINE]
        for value, code in _CRITICAL:
            line = line.replace(value, code)
        lines.append(b"." + line if line.startswith(b".") else line)
    lines.append(f"=yend size={len(piece)} part={part + 1} pcrc32={zlib.crc32(piece):08x}".encode())
    return b"\r\n".join(lines) + b"\r\n"


def _pack(folder: Path, video: Path, name: str, password: str) -> None:
    secret = [f"-p{password}", "-mhe=on"] if password else []
    subprocess.run(["7z", "a", "-mx0", *secret, f"{name}.7z", video.name], cwd=folder, check=True, timeout=60,
                   stdout=subprocess.DEVNULL)
    video.unlink()


def _protect(folder: Path, name: str, percent: int) -> None:
    files = sorted(path.name for path in folder.iterdir())
    subprocess.run(["par2", "create", "-q", "-q", "-s20000", f"-r{percent}", "-n1", f"{name}.par2", *files], cwd=folder,
                   check=True, timeout=60, stdout=subprocess.DEVNULL)


class _Threads(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    rig: NewsServer


class _Reader(socketserver.StreamRequestHandler):
    """One connection of a news reader."""

    def handle(self) -> None:
        rig: NewsServer = self.server.rig
        self._known = False
        try:
            if rig.refusal == "all":
                return self._say("502 too many connections")
            self._say("200 ready, no posting")
            # Ends with the connection.
            while line := self.rfile.readline(1024):
                if not self._answer(rig, line.decode(errors="replace").split()):
                    return
        except OSError:
            pass  # the reader has gone

    def _answer(self, rig: NewsServer, words: list[str]) -> bool:
        verb = words[0].upper() if words else ""
        if verb == "QUIT":
            self._say("205 bye")
            return False
        if verb == "AUTHINFO":
            return self._log_in(rig, words)
        if verb == "CAPABILITIES":
            self._say("101 capabilities\r\nVERSION 2\r\nREADER\r\nAUTHINFO USER\r\n.")
        elif verb == "MODE":
            self._say("201 no posting")
        elif verb == "DATE":
            self._say(time.strftime("111 %Y%m%d%H%M%S", time.gmtime()))
        elif not self._known or rig.refusal:
            self._say("480 log in first")
        elif verb == "GROUP":
            self._say(f"211 1 1 1 {_GROUP}")
        elif verb in ("BODY", "ARTICLE", "STAT", "HEAD"):
            self._serve(rig, verb, words[-1])
        else:
            self._say("500 not known here")
        return True

    def _log_in(self, rig: NewsServer, words: list[str]) -> bool:
        if len(words) == 3 and words[1].upper() == "USER":
            self._user = words[2]
            self._say("381 and the password")
        elif rig.refusal == "login" or words[2:] != [rig.password] or self._user != rig.username:
            self._say("481 user name or password is wrong")
        else:
            self._known = True
            rig.logins += 1
            self._say("281 welcome")
        return True

    def _serve(self, rig: NewsServer, verb: str, name: str) -> None:
        body = rig.articles.get(name.strip("<>"))
        if body is None:
            return self._say("430 no such article")
        code = {"BODY": 222, "ARTICLE": 220, "STAT": 223, "HEAD": 221}[verb]
        answer = f"{code} 0 {name}\r\n".encode()
        if verb in ("ARTICLE", "HEAD"):
            answer += f"Message-ID: {name}\r\nNewsgroups: {_GROUP}\r\nSubject: a part\r\n".encode()
        if verb == "ARTICLE":
            answer += b"\r\n"
        if verb in ("ARTICLE", "BODY"):
            answer += body
        if verb != "STAT":
            answer += b".\r\n"
        self._send(answer, rig)

    def _send(self, answer: bytes, rig: NewsServer) -> None:
        # Looked up for every piece, so that a limit can be lifted while an article is on its way.
        position = 0
        while position < len(answer):
            rate = rig.rate
            step = max(200, rate // 20) if rate else len(answer)
            self.wfile.write(answer[position:position + step])
            position += step
            if rate:
                time.sleep(step / rate)

    def _say(self, line: str) -> None:
        self.wfile.write(line.encode() + b"\r\n")


class _Shelf(BaseHTTPRequestHandler):
    """The NZB files by their names."""
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:
        name = self.path.split("?")[0].strip("/").removesuffix(".nzb")
        nzb = self.server.rig.nzbs.get(name)
        body = nzb or b"nothing here"
        self.send_response(200 if nzb else 404)
        self.send_header("Content-Type", "application/x-nzb" if nzb else "text/plain")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
