"""An indexer that speaks Torznab and Newznab as real ones do, their errors included, and that can fail on purpose."""
import email.utils
import threading
import time
import unicodedata
import urllib.parse
import zlib
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Callable
from xml.sax.saxutils import escape, quoteattr

from .swarm import Torrent

XML = "application/xml; charset=utf-8"
_ERRORS = {100: ("Incorrect user credentials", 401), 101: ("Account suspended", 403),
           102: ("Insufficient privileges", 403), 200: ("Missing parameter", 400), 201: ("Incorrect parameter", 400),
           202: ("No such function", 400), 203: ("Function not available", 400), 300: ("No such item", 404),
           500: ("Request limit reached", 429), 501: ("Download limit reached", 429), 900: ("Unknown error", 500),
           910: ("API disabled", 503)}
_CATEGORIES = {2000: ("Movies", {2030: "SD", 2040: "HD", 2045: "UHD"}), 5000: ("TV", {5030: "SD", 5040: "HD"})}
_FUNCTIONS = {"search": "q", "movie-search": "q,imdbid,tmdbid,year", "tv-search": "q,season,ep,tvdbid,imdbid"}
_LARGEST_PAGE = 100


@dataclass
class Answer:
    """A response; `Faults` change it before it is sent."""
    status: int
    body: bytes
    media_type: str = XML
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Fault:
    """What goes wrong with requests whose path or query holds `match`; the first fault that fits is taken.

    `delay` are seconds before the answer, `drip` seconds between pieces of the body; `change` makes another answer.
    A fault that `hangs` never answers while the rig lives. `times` is how often it happens; None is always.
    """
    match: str = ""
    change: Callable[[Answer], Answer] = lambda answer: answer
    delay: float = 0
    drip: float = 0
    hangs: bool = False
    drops: bool = False
    times: int | None = None


@dataclass
class Offer:
    """A release of the indexer. `content` is the file, `magnet` what its link redirects to when there is no file."""
    guid: str
    title: str
    category: int = 2040
    size: int = 1_000_000
    seeders: int = 12
    info_hash: str | None = None
    magnet: str | None = None
    content: bytes | None = None
    ids: dict[str, str] = field(default_factory=dict)
    attributes: dict[str, str] = field(default_factory=dict)
    age_hours: float = 24
    is_nzb: bool = False

    @property
    def words(self) -> set[str]:
        return _words(self.title)


def error(code: int, text: str = "", as_status: bool = False) -> Answer:
    """The error of the API with that number, with status 200 as the specification has it, or with a fitting one."""
    words, status = _ERRORS[code]
    body = f'<?xml version="1.0"?><error code="{code}" description={quoteattr(text or words)}/>'
    return Answer(status if as_status else 200, body.encode())


def page(text: str = "Checking your browser") -> Answer:
    """A web page, as a guard in front of a site answers."""
    return Answer(200, f"<!DOCTYPE html><html><body>{text}</body></html>".encode(), "text/html")


class Torznab:
    """An indexer on a port of its own. `key` is in every address that it gives, as at private sites."""

    def __init__(self, key: str = "rig-indexer-key-5f2c81d0", passkey: str = "rig-passkey-91b7e0aa44") -> None:
        self.key, self.passkey = key, passkey
        self.offers: list[Offer] = []
        self.requests: list[str] = []
        self.faults: list[Fault] = []
        self.functions = dict(_FUNCTIONS)
        self._lock = threading.Lock()
        self._end = threading.Event()
        handler = type("Handler", (_Handler,), {"rig": self})
        self._server = _Server(("127.0.0.1", 0), handler)
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    @property
    def port(self) -> int:
        return self._server.server_address[1]

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def settings(self) -> dict:
        """The settings with which Kinodock reaches it."""
        return {"url": self.address, "apiKey": self.key}

    def close(self) -> None:
        self._end.set()
        self._server.shutdown()
        self._server.server_close()

    # What it offers

    def offer(self, title: str, **more: object) -> Offer:
        """Adds a release that can be found, and perhaps not downloaded."""
        guid = f"g{len(self.offers) + 1}x{zlib.crc32(title.encode()):08x}"
        offer = Offer(guid, title, **more)
        self.offers.append(offer)
        return offer

    def offer_torrent(self, torrent: Torrent, title: str | None = None, as_magnet: bool = False,
                      **more: object) -> Offer:
        """Adds a release with the content of a torrent: its file, or a link that redirects to its magnet."""
        return self.offer(title or torrent.name, size=torrent.size, info_hash=torrent.info_hash, magnet=torrent.magnet,
                          content=None if as_magnet else torrent.metafile, **more)

    # What goes wrong

    def fail(self, match: str = "", **what: object) -> None:
        """Makes requests fail from now on; see `Fault`."""
        with self._lock:
            self.faults.insert(0, Fault(match, **what))

    def answer_with(self, answer: Answer, match: str = "", times: int | None = None) -> None:
        self.fail(match, change=lambda _: answer, times=times)

    def recover(self) -> None:
        with self._lock:
            self.faults.clear()

    def take_fault(self, target: str) -> Fault | None:
        with self._lock:
            for fault in self.faults:
                if fault.match in target:
                    if fault.times is not None:
                        fault.times -= 1
                        if fault.times == 0:
                            self.faults.remove(fault)
                    return fault
        return None

    def rest(self, seconds: float | None = None) -> None:
        """Waits, but not longer than the rig lives."""
        self._end.wait(seconds)

    # What it answers

    def respond(self, target: str) -> Answer:
        parts = urllib.parse.urlsplit(target)
        query = dict(urllib.parse.parse_qsl(parts.query))
        if parts.path.startswith("/download/"):
            return self._download(parts.path.rsplit("/", 1)[1], query.get("passkey"))
        if parts.path.rstrip("/") != "/api":
            return Answer(404, b"not found", "text/plain")
        function = query.get("t", "")
        if function == "caps":
            return self._capabilities()
        if query.get("apikey") != self.key:
            return error(100) if query.get("apikey") else error(200, "Missing parameter: apikey")
        known = {"search": "search", "movie": "movie-search", "tvsearch": "tv-search"}
        if function not in known:
            return error(202)
        if known[function] not in self.functions:
            return error(203)
        try:
            return self._feed(self._find(function, query), query)
        except ValueError:
            return error(201)

    def _capabilities(self) -> Answer:
        ways = "".join(f'<{name} available="yes" supportedParams="{taken}"/>' for name, taken in self.functions.items())
        tree = "".join(
            f'<category id="{number}" name="{name}">'
            + "".join(f'<subcat id="{sub}" name="{label}"/>' for sub, label in below.items()) + "</category>"
            for number, (name, below) in _CATEGORIES.items())
        text = (f'<?xml version="1.0" encoding="UTF-8"?><caps><server version="1.3" title="Rig"/>'
                f'<limits max="{_LARGEST_PAGE}" default="50"/><searching>{ways}</searching>'
                f'<categories>{tree}</categories></caps>')
        return Answer(200, text.encode())

    def _find(self, function: str, query: dict[str, str]) -> list[Offer]:
        found = list(self.offers)
        if function != "search":
            found = [offer for offer in found if offer.category // 1000 == (2 if function == "movie" else 5)]
        if wanted := {int(number) for number in query.get("cat", "").split(",") if number}:
            found = [offer for offer in found if {offer.category, offer.category // 1000 * 1000} & wanted]
        for name in ("imdbid", "tmdbid", "tvdbid", "season", "ep", "year"):
            if name in query:
                found = [offer for offer in found if offer.ids.get(name) == query[name].lstrip("0")]
        words = _words(query.get("q", ""))
        return [offer for offer in found if words <= offer.words]

    def _feed(self, found: list[Offer], query: dict[str, str]) -> Answer:
        limit, offset = min(int(query.get("limit", 50)), _LARGEST_PAGE), int(query.get("offset", 0))
        if limit < 0 or offset < 0:
            raise ValueError
        items = "".join(map(self._item, found[offset:offset + limit]))
        text = ('<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"'
                ' xmlns:newznab="http://www.newznab.com/DTD/2010/feeds/attributes/"'
                ' xmlns:torznab="http://torznab.com/schemas/2015/feed"><channel><title>Rig</title>'
                f'<newznab:response offset="{offset}" total="{len(found)}"/>{items}</channel></rss>')
        return Answer(200, text.encode(), "application/rss+xml; charset=utf-8")

    def _item(self, offer: Offer) -> str:
        link = f"{self.address}/download/{offer.guid}?passkey={self.passkey}"
        prefix, kind = ("newznab", "application/x-nzb") if offer.is_nzb else ("torznab", "application/x-bittorrent")
        values = {"size": offer.size} | offer.ids | offer.attributes
        if not offer.is_nzb:
            values |= {"seeders": offer.seeders, "peers": offer.seeders + 3}
            values |= {"infohash": offer.info_hash} if offer.info_hash else {}
        pairs = [("category", offer.category // 1000 * 1000), ("category", offer.category), *values.items()]
        attributes = "".join(f"<{prefix}:attr name={quoteattr(name)} value={quoteattr(str(value))}/>"
                             for name, value in pairs)
        date = email.utils.formatdate(time.time() - offer.age_hours * 3600)
        return (f'<item><title>{escape(offer.title)}</title><guid>{self.address}/details/{offer.guid}</guid>'
                f'<link>{escape(link)}</link><pubDate>{date}</pubDate><size>{offer.size}</size>'
                f'<enclosure url={quoteattr(link)} length="{offer.size}" type="{kind}"/>{attributes}</item>')

    def _download(self, guid: str, passkey: str | None) -> Answer:
        offer = next((offer for offer in self.offers if offer.guid == guid), None)
        if passkey != self.passkey:
            return page("Log in to download")
        if offer and offer.content:
            return Answer(200, offer.content, "application/x-nzb" if offer.is_nzb else "application/x-bittorrent")
        if offer and offer.magnet:
            return Answer(302, b"", "text/plain", {"Location": offer.magnet})
        return error(300)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """Says nothing when the other side hangs up, which is what tests of failures are about."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    rig: Torznab

    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:
        self.rig.requests.append(self.path)
        fault = self.rig.take_fault(self.path)
        if fault and fault.hangs:
            self.rig.rest()
        if fault and fault.delay:
            self.rig.rest(fault.delay)
        if fault and (fault.drops or fault.hangs):
            self.close_connection = True
            return
        answer = self.rig.respond(self.path)
        self._send(fault.change(answer) if fault else answer, fault.drip if fault else 0)

    def _send(self, answer: Answer, drip: float) -> None:
        self.send_response(answer.status)
        headers = {"Content-Type": answer.media_type, "Content-Length": str(len(answer.body))} | answer.headers
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        try:
            for start in range(0, len(answer.body), 64 if drip else 1 << 20):
                self.wfile.write(answer.body[start:start + (64 if drip else 1 << 20)])
                if drip:
                    self.rig.rest(drip)
        except OSError:
            self.close_connection = True  # the other side has had enough, which some tests want


def _words(text: str) -> set[str]:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return set("".join(letter if letter.isalnum() else " " for letter in plain).split())


def entity_bomb() -> Answer:
    """A few lines that a careless reader of XML turns into gigabytes."""
    names = "abcdefghij"
    lines = [f'<!ENTITY {names[0]} "{"lol" * 10}">']
    lines += [f'<!ENTITY {after} "{f"&{before};" * 10}">' for before, after in zip(names, names[1:])]
    body = f'<?xml version="1.0"?><!DOCTYPE rss [{"".join(lines)}]><rss><channel><title>&j;</title></channel></rss>'
    return Answer(200, body.encode())


def compressed_bomb(megabytes: int) -> Answer:
    """A body that is small on the wire and large when it is unpacked."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    block = b" " * (1 << 20)
    packed = b"".join(packer.compress(block) for _ in range(megabytes)) + packer.flush()
    return Answer(200, packed, XML, {"Content-Encoding": "gzip"})


def nzb(name: str, articles: int = 2) -> bytes:
    """An NZB that names articles which nobody has."""
    segments = "".join(f'<segment bytes="500000" number="{number}">{number}.{name}@rig.invalid</segment>'
                       for number in range(1, articles + 1))
    subject = quoteattr(f'"{name}.mkv" yEnc (1/{articles})')
    return ('<?xml version="1.0" encoding="UTF-8"?><!DOCTYPE nzb PUBLIC "-//newzBin//DTD NZB 1.1//EN"'
            ' "http://www.newzbin.com/DTD/nzb/nzb-1.1.dtd"><nzb xmlns="http://www.newzbin.com/DTD/2003/nzb">'
            f'<file poster="rig" date="1700000000" subject={subject}><groups><group>alt.binaries.test</group></groups>'
            f'<segments>{segments}</segments></file></nzb>').encode()
