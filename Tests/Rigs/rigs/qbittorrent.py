"""qBittorrent (qbittorrent-nox) with a known login, and a small client of its web API for looking behind Kinodock."""
import base64
import hashlib
import http.client
import json
import os
import urllib.parse
from pathlib import Path

from .process import Child, Program, free_port
from .waiting import wait_until

_ROUNDS = 100_000
# Another version, or a script that runs one somewhere else and ends with `exec`.
PROGRAM = os.environ.get("KINODOCK_QBITTORRENT", "qbittorrent-nox")


def _stored_password(password: str) -> str:
    """The form in which qBittorrent 4.2 and later keep the web password: PBKDF2 with SHA-512."""
    salt = os.urandom(16)
    key = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, _ROUNDS, 64)
    return f'"@ByteArray({base64.b64encode(salt).decode()}:{base64.b64encode(key).decode()})"'


class QBittorrent(Program):
    """One qBittorrent in `folder`. Peers come from trackers alone: no DHT, no peer exchange, no local discovery."""

    username = "dock"
    password = "harbour-light-42"

    def __init__(self, folder: Path, extra: dict[str, str] | None = None, failed_logins: int = 5) -> None:
        self.folder = folder
        self.port = free_port()
        self.save_path = folder / "downloads"
        self.incomplete_path = folder / "incomplete"
        self._cookie = ""
        for path in (self.save_path, self.incomplete_path):
            path.mkdir(parents=True)
        self._configure(extra or {}, failed_logins)
        self.child = self._start()

    def restart(self) -> None:
        self._cookie = ""
        super().restart()

    # The web API, as a person at the web page would use it.

    def torrents(self) -> dict[str, dict]:
        """Every torrent by its info hash."""
        return {entry["hash"]: entry for entry in json.loads(self._call("GET", "torrents/info"))}

    def torrent(self, info_hash: str) -> dict | None:
        """The torrent with that hash: its v1 hash, its v2 hash, or the one by which it is listed."""
        names = ("hash", "infohash_v1", "infohash_v2")
        return next((one for one in self.torrents().values() if info_hash in map(one.get, names)), None)

    def add(self, magnet: str, **options: str) -> None:
        self._call("POST", "torrents/add", {"urls": magnet, **options})

    def remove(self, info_hash: str, with_data: bool) -> None:
        listed = (self.torrent(info_hash) or {}).get("hash", info_hash)
        self._call("POST", "torrents/delete", {"hashes": listed, "deleteFiles": str(with_data).lower()})
        wait_until(lambda: self.torrent(info_hash) is None, 10, "qBittorrent to forget the torrent")

    def remove_all(self) -> None:
        """Leaves nothing behind: for the end of a test."""
        self._call("POST", "torrents/delete", {"hashes": "all", "deleteFiles": "true"})

    def pause(self, info_hash: str) -> None:
        self._call("POST", f"torrents/{'stop' if self.is_5 else 'pause'}", {"hashes": info_hash})

    def resume(self, info_hash: str) -> None:
        self._call("POST", f"torrents/{'start' if self.is_5 else 'resume'}", {"hashes": info_hash})

    @property
    def is_5(self) -> bool:
        """Whether it says "stop" and "start", where 4.x says "pause" and "resume"."""
        return int(self.version().lstrip("v").split(".")[0]) >= 5

    def properties(self, info_hash: str) -> dict:
        return json.loads(self._call("GET", f"torrents/properties?hash={info_hash}"))

    def preferences(self) -> dict:
        return json.loads(self._call("GET", "app/preferences"))

    def set_preferences(self, **values: object) -> None:
        self._call("POST", "app/setPreferences", {"json": json.dumps(values)})

    def categories(self) -> dict:
        return json.loads(self._call("GET", "torrents/categories"))

    def version(self) -> str:
        return self._call("GET", "app/version").decode()

    def login_is_banned(self) -> bool:
        """Whether the right password is refused, as it is after too many wrong ones."""
        return self._request("POST", "auth/login", self._credentials())[0] == 403

    def _start(self) -> Child:
        environment = {"PATH": os.environ["PATH"], "HOME": str(self.folder), "XDG_RUNTIME_DIR": str(self.folder),
                       "LANG": "C.UTF-8"}
        child = Child([PROGRAM, f"--profile={self.folder / 'profile'}"], self.folder / "qbittorrent.log",
                      environment)
        child.wait_for_port(self.port, 30)
        self.child = child
        wait_until(lambda: self._login(), 20, "qBittorrent to take the login")
        return child

    def _credentials(self) -> dict[str, str]:
        return {"username": self.username, "password": self.password}

    def _login(self) -> bool:
        status, headers, _ = self._request("POST", "auth/login", self._credentials())
        self._cookie = (headers.get("Set-Cookie") or "").split(";")[0]
        return status in (200, 204) and bool(self._cookie)

    def _call(self, method: str, path: str, form: dict[str, str] | None = None) -> bytes:
        status, _, body = self._request(method, path, form)
        if status == 403:
            self._login()
            status, _, body = self._request(method, path, form)
        if status not in (200, 204):
            raise AssertionError(f"qBittorrent answered {status} to {path}: {body[:200]!r}")
        return body

    def _request(self, method: str, path: str, form: dict[str, str] | None = None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            headers = {"Cookie": self._cookie} if self._cookie else {}
            body = None
            if form is not None:
                headers["Content-Type"] = "application/x-www-form-urlencoded"
                body = urllib.parse.urlencode(form)
            connection.request(method, f"/api/v2/{path}", body, headers)
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()
        finally:
            connection.close()

    def _configure(self, extra: dict[str, str], failed_logins: int) -> None:
        sections = {
            "LegalNotice": {"Accepted": "true"},
            "Meta": {"MigrationVersion": "4"},
            "BitTorrent": {
                "Session\\DHTEnabled": "false", "Session\\PeXEnabled": "false", "Session\\LSDEnabled": "false",
                "Session\\Interface": "lo", "Session\\InterfaceName": "lo", "Session\\InterfaceAddress": "127.0.0.1",
                "Session\\Port": str(free_port()), "Session\\BTProtocol": "TCP",
                "Session\\MultiConnectionsPerIp": "true", "Session\\QueueingSystemEnabled": "false",
                "Session\\DefaultSavePath": str(self.save_path), "Session\\TempPath": str(self.incomplete_path),
                "Session\\TempPathEnabled": "true",
            },
            "Core": {"AutoDeleteAddedTorrentFile": "Never"},
            "Network": {"PortForwardingEnabled": "false"},
            "Preferences": {
                # What 4.2 reads in place of the keys of "BitTorrent".
                "Downloads\\SavePath": f"{self.save_path}/", "Downloads\\TempPath": f"{self.incomplete_path}/",
                "Downloads\\TempPathEnabled": "true", "Bittorrent\\DHT": "false", "Bittorrent\\LSD": "false",
                "Bittorrent\\PeX": "false", "Queueing\\QueueingEnabled": "false", "Connection\\Interface": "lo",
                "Connection\\InterfaceName": "lo",
                "General\\Locale": "en", "Connection\\ResolvePeerCountries": "false", "WebUI\\Enabled": "true",
                "WebUI\\Address": "127.0.0.1", "WebUI\\Port": str(self.port), "WebUI\\UseUPnP": "false",
                "WebUI\\LocalHostAuth": "true", "WebUI\\ServerDomains": "*", "WebUI\\Username": self.username,
                "WebUI\\Password_PBKDF2": _stored_password(self.password),
                "WebUI\\MaxAuthenticationFailCount": str(failed_logins), **extra,
            },
        }
        path = self.folder / "profile" / "qBittorrent" / "config" / "qBittorrent.conf"
        path.parent.mkdir(parents=True)
        lines = []
        for section, values in sections.items():
            lines += [f"[{section}]", *(f"{key}={value}" for key, value in values.items()), ""]
        path.write_text("\n".join(lines))
        path.chmod(0o600)
