"""A complete BitTorrent swarm: a real tracker (opentracker), a real seeder (libtorrent), generated films."""
import base64
import http.client
import json
import os
import signal
import subprocess
import urllib.parse
from dataclasses import dataclass
from pathlib import Path

from . import content, films
from .process import Child, free_port
from .waiting import wait_until

# The interpreter that can import Debian's python3-libtorrent.
SYSTEM_PYTHON = "/usr/bin/python3"


@dataclass(frozen=True)
class TorrentFile:
    """A file of a torrent: its path starts with the torrent's name when that is a folder."""
    path: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Torrent:
    """Something that the swarm offers.

    `info_hash` is that of v1, unless there is only one of v2. `magnet` names every hash, `magnets` has one for each:
    "v1" and "v2".
    """
    key: str
    name: str
    info_hash: str
    short_v2: str | None
    magnet: str
    magnets: dict[str, str]
    size: int
    piece_size: int
    files: tuple[TorrentFile, ...]
    metafile: bytes

    @property
    def video(self) -> TorrentFile:
        """The largest video: what a movie import has to pick."""
        videos = [file for file in self.files if file.path.endswith((".mkv", ".mp4"))]
        return max(videos, key=lambda file: file.size)

    @property
    def base32_magnet(self) -> str:
        """The magnet with its hash in base32, as old trackers write it."""
        return self.magnet.replace(self.info_hash, base64.b32encode(bytes.fromhex(self.info_hash)).decode())


class Swarm:
    """A tracker and a seeder in `folder`. Torrents are published when they are first asked for."""

    def __init__(self, folder: Path, *options: str) -> None:
        """With the option `--tcp` the seeder takes no connections over uTP, which is slow on loopback."""
        self.folder = folder
        self._torrents: dict[str, Torrent] = {}
        self._allowed = folder / "tracker" / "allowed"
        self._allowed.parent.mkdir(parents=True)
        self._allowed.write_text("")
        self._tracker_port, self._control_port = free_port(), free_port()
        self.tracker = self._start_tracker()
        program = [SYSTEM_PYTHON, str(Path(__file__).with_name("seeder.py")), str(self._control_port), *options]
        self.seeder = Child(program, folder / "seeder.log", environment={"PATH": os.environ["PATH"]})
        self.tracker.wait_for_port(self._tracker_port, 10)
        self.seeder.wait_for_port(self._control_port, 20)

    @property
    def announce(self) -> str:
        # libtorrent talks to a tracker on loopback only when the path begins with /announce.
        return f"http://127.0.0.1:{self._tracker_port}/announce"

    def torrent(self, key: str) -> Torrent:
        """The torrent of a key of `content.BUILDERS`."""
        if key not in self._torrents:
            content.build(key, self._content(key))
            self._publish(key)
        return self._torrents[key]

    def publish_clip(self, name: str, film: str = "clip", kind: str = "v1") -> Torrent:
        """Publishes a single file `name`, a copy of a small film with bytes of its own: one torrent for one test."""
        films.film_of_its_own(film, self._content(name) / name, name)
        self._publish(name, kind)
        return self._torrents[name]

    def publish_folder(self, name: str, files: dict[str, str], kind: str = "v1",
                       disguise: dict[str, str] | None = None) -> Torrent:
        """Publishes a folder of `files`: by path the name of the film that each is a copy of.

        A component of a path that is a key of `disguise` has its value for a name in the torrent.
        """
        for path, film in files.items():
            films.film_of_its_own(film, self._content(name) / name / path, f"{name}/{path}")
        self._publish(name, kind, disguise)
        return self._torrents[name]

    def publish_bytes(self, name: str, size: int, kind: str = "v1") -> Torrent:
        """Publishes a single file of random bytes."""
        target = self._content(name) / name
        target.parent.mkdir(parents=True)
        with target.open("wb") as file:
            for start in range(0, size, 1 << 20):
                file.write(os.urandom(min(1 << 20, size - start)))
        self._publish(name, kind)
        return self._torrents[name]

    def limit(self, kilobytes: int, key: str | None = None) -> None:
        """Limits how fast the seeder sends, in kB each second; 0 lifts the limit."""
        self._order("/limit", {"key": key, "kilobytes": kilobytes})

    def pause(self, key: str) -> None:
        """The seeder leaves the swarm of that torrent."""
        self._order("/pause", {"key": key})

    def resume(self, key: str) -> None:
        self._order("/resume", {"key": key})

    def status(self) -> dict:
        return self._ask("GET", "/status", None)

    def stop(self) -> None:
        self.seeder.stop()
        self.tracker.stop()

    def _content(self, key: str) -> Path:
        return self.folder / "content" / key

    def _publish(self, key: str, kind: str = "v1", disguise: dict[str, str] | None = None) -> None:
        metafile = self.folder / f"{len(self._torrents)}.torrent"
        order = {"key": key, "folder": str(self._content(key)), "tracker": self.announce, "metafile": str(metafile),
                 "seeded": content.SEEDED.get(key, "fully"), "kind": kind, "disguise": disguise}
        if order["seeded"] == "half":
            (source,) = self._content(key).iterdir()
            half = self.folder / "half" / key
            content.spoil_second_half(source, half / source.name)
            order["halfFolder"] = str(half)
        record = self._order("/torrents", order)
        for info_hash in {record["infoHash"][:40], record["shortV2"]} - {None}:
            self._allow(info_hash)
        self._torrents[key] = Torrent(
            key, record["name"], record["infoHash"], record["shortV2"], record["magnet"], record["magnets"],
            record["size"], record["pieceSize"], tuple(TorrentFile(**file) for file in record["files"]),
            metafile.read_bytes(),
        )
        if order["seeded"] != "never":
            wait_until(lambda: self.status()[key]["ready"], 20, f"the seeder to be ready for {key}")
            # Whoever asks the tracker before the seeder is there is not told of it for half an hour.
            wait_until(lambda: self._is_tracked(record["infoHash"][:40]), 20, f"the tracker to know of {key}",
                       every=0.05)

    def _is_tracked(self, info_hash: str) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self._tracker_port, timeout=10)
        try:
            connection.request("GET", "/scrape?info_hash=" + urllib.parse.quote(bytes.fromhex(info_hash), safe=""))
            answer = connection.getresponse().read()
        finally:
            connection.close()
        return b"8:completei1e" in answer or b"10:incompletei1e" in answer

    def _allow(self, info_hash: str) -> None:
        with self._allowed.open("a") as allowed:
            allowed.write(info_hash + "\n")
        self.tracker.send(signal.SIGHUP)

    def _start_tracker(self) -> Child:
        # Debian builds opentracker so that it serves listed hashes only and reads the list again on SIGHUP. Started
        # by root it changes its root folder and becomes another user, who has to be able to read the list.
        home = self._allowed.parent
        for folder in (home, *home.parents):
            if folder.stat().st_uid == os.geteuid() and folder != Path("/"):
                _let_others_pass(folder)
        self._allowed.chmod(0o644)
        command = ["opentracker", "-i", "127.0.0.1", "-p", str(self._tracker_port), "-P", str(self._tracker_port),
                   "-d", str(home), "-w", self._allowed.name]
        if os.geteuid() == 0:
            command += ["-u", "nobody"]
        return Child(command, self.folder / "tracker.log", folder=home)

    def _order(self, path: str, order: dict) -> dict:
        return self._ask("POST", path, order)

    def _ask(self, method: str, path: str, order: dict | None) -> dict:
        connection = http.client.HTTPConnection("127.0.0.1", self._control_port, timeout=60)
        try:
            body = None if order is None else json.dumps(order)
            connection.request(method, path, body)
            answer = connection.getresponse()
            value = json.loads(answer.read())
        finally:
            connection.close()
        if answer.status != 200:
            raise AssertionError(f"the seeder refused {path}: {value}")
        return value


def _let_others_pass(folder: Path) -> None:
    mode = folder.stat().st_mode & 0o7777
    if not mode & 0o001:
        folder.chmod(mode | 0o001)


def missing_programs() -> list[str]:
    """The Debian packages that the swarm needs and that are not there."""
    tools = {"opentracker": ["opentracker", "--help"], "ffmpeg": ["ffmpeg", "-version"],
             "python3-libtorrent": [SYSTEM_PYTHON, "-c", "import libtorrent"]}
    return [package for package, command in tools.items() if not _runs(command)]


def _runs(command: list[str]) -> bool:
    try:
        subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=20)
        return command[1] != "-c" or subprocess.run(command, stderr=subprocess.DEVNULL, timeout=20).returncode == 0
    except OSError:
        return False
