"""Transmission (transmission-daemon) with a known login, and calls of its RPC for looking behind Kinodock."""
import base64
import http.client
import json
import os
from pathlib import Path

from .process import Child, Program, free_port
from .waiting import wait_until

# Another version, or a script that runs one somewhere else and ends with `exec`.
PROGRAM = os.environ.get("KINODOCK_TRANSMISSION", "transmission-daemon")
_SESSION = "X-Transmission-Session-Id"


class Transmission(Program):
    """One Transmission in `folder`. Peers come from trackers alone.

    It never dials an address that begins with 127; the seeder of the swarm dials it.
    """

    username = "dock"
    password = "lantern-quay-17"

    def __init__(self, folder: Path, **extra: object) -> None:
        self.folder = folder
        self.port = free_port()
        self.save_path = folder / "downloads"
        self.incomplete_path = folder / "incomplete"
        self._session = ""
        for path in (self.save_path, self.incomplete_path):
            path.mkdir(parents=True)
        self._configure(extra)
        self.child = self._start()

    @property
    def settings(self) -> dict:
        """What the plugin needs to reach it."""
        return {"host": "127.0.0.1", "port": self.port, "username": self.username, "password": self.password}

    # The RPC

    def call(self, method: str, **arguments: object) -> dict:
        """Calls a method and returns what it answers."""
        body = json.dumps({"method": method, "arguments": arguments})
        for _ in range(2):
            status, headers, text = self._request(body)
            if status != 409:
                break
            self._session = headers[_SESSION]
        answer = json.loads(text) if status == 200 else {}
        if answer.get("result") != "success":
            raise AssertionError(f"Transmission answered {status} to {method}: {text[:200]!r}")
        return answer["arguments"]

    def torrent(self, info_hash: str, *fields: str) -> dict | None:
        """These fields of the torrent with that hash, beside its status."""
        found = self.call("torrent-get", ids=[info_hash], fields=["hashString", "status", *fields])["torrents"]
        return found[0] if found else None

    def has(self, info_hash: str) -> bool:
        return self.torrent(info_hash) is not None

    def add(self, magnet: str) -> None:
        self.call("torrent-add", filename=magnet)

    def remove_all(self) -> None:
        """Leaves nothing behind: for the end of a test."""
        entries = self.call("torrent-get", fields=["hashString"])["torrents"]
        if entries:
            self.call("torrent-remove", ids=[entry["hashString"] for entry in entries], **{"delete-local-data": True})

    def set(self, **values: object) -> None:
        """Changes settings of the program; underscores stand for hyphens."""
        self.call("session-set", **{key.replace("_", "-"): value for key, value in values.items()})

    def version(self) -> str:
        return self.call("session-get")["version"]

    def _request(self, body: str) -> tuple[int, http.client.HTTPMessage, bytes]:
        login = base64.b64encode(f"{self.username}:{self.password}".encode()).decode()
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("POST", "/transmission/rpc", body,
                               {"Authorization": f"Basic {login}", _SESSION: self._session})
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()
        finally:
            connection.close()

    def _start(self) -> Child:
        environment = {"PATH": os.environ["PATH"], "HOME": str(self.folder), "LANG": "C.UTF-8"}
        child = Child([PROGRAM, "--foreground", "--config-dir", str(self.folder / "config")],
                      self.folder / "transmission.log", environment)
        child.wait_for_port(self.port, 30)
        wait_until(lambda: self.call("session-get"), 20, "Transmission to answer")
        return child

    def _configure(self, extra: dict) -> None:
        values = {
            "bind-address-ipv4": "127.0.0.1", "bind-address-ipv6": "::1", "rpc-bind-address": "127.0.0.1",
            "rpc-port": self.port, "rpc-authentication-required": True, "rpc-username": self.username,
            "rpc-password": self.password, "peer-port": free_port(), "peer-port-random-on-start": False,
            "dht-enabled": False, "pex-enabled": False, "lpd-enabled": False, "utp-enabled": False,
            "port-forwarding-enabled": False, "download-dir": str(self.save_path),
            "incomplete-dir": str(self.incomplete_path), "incomplete-dir-enabled": True, "rename-partial-files": True,
            "download-queue-enabled": False, "seed-queue-enabled": False, **extra,
        }
        path = self.folder / "config" / "settings.json"
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(values))
