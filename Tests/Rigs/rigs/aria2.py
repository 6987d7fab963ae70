"""aria2 (aria2c) as a daemon with a known secret, and calls of its JSON-RPC for looking behind Kinodock."""
import http.client
import json
import os
from pathlib import Path

from .process import Child, Program, free_port
from .waiting import wait_until

# Another version, or a script that runs one somewhere else and ends with `exec`.
PROGRAM = os.environ.get("KINODOCK_ARIA2", "aria2c")


class Aria2(Program):
    """One aria2 in `folder`, which keeps its downloads across restarts. Peers come from trackers alone.

    Without DHT it has no UDP trackers either.
    """

    secret = "token-of-the-pier-93"

    def __init__(self, folder: Path, **extra: str) -> None:
        self.folder = folder
        self.port = free_port()
        self.save_path = self.incomplete_path = folder / "downloads"
        self.save_path.mkdir(parents=True)
        self._session = folder / "session"
        self._session.touch()
        self._options = {
            "rpc-listen-all": "false", "rpc-listen-port": self.port, "rpc-secret": self.secret,
            "interface": "127.0.0.1", "disable-ipv6": "true", "listen-port": free_port(), "enable-dht": "false",
            "enable-dht6": "false", "bt-enable-lpd": "false", "enable-peer-exchange": "false", "dir": self.save_path,
            "input-file": self._session, "save-session": self._session, "save-session-interval": 1,
            "force-save": "true", "bt-tracker-interval": 2, "bt-save-metadata": "true", "file-allocation": "none",
            "allow-overwrite": "true", "auto-file-renaming": "false", "summary-interval": 0, "seed-ratio": 0,
            "console-log-level": "warn", **{key.replace("_", "-"): value for key, value in extra.items()},
        }
        self.child = self._start()

    @property
    def settings(self) -> dict:
        """What the plugin needs to reach it."""
        return {"host": "127.0.0.1", "port": self.port, "secret": self.secret}

    # The RPC

    def call(self, method: str, *parameters: object) -> object:
        """Calls a method and returns what it answers."""
        body = json.dumps({"jsonrpc": "2.0", "id": "rig", "method": f"aria2.{method}",
                           "params": [f"token:{self.secret}", *parameters]})
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("POST", "/jsonrpc", body)
            answer = json.loads(connection.getresponse().read())
        finally:
            connection.close()
        if "error" in answer:
            raise AssertionError(f"aria2 answered to {method}: {answer['error']}")
        return answer["result"]

    def downloads(self) -> list[dict]:
        """Everything that it knows."""
        return [*self.call("tellActive"), *self.call("tellWaiting", 0, 1000), *self.call("tellStopped", 0, 1000)]

    def torrent(self, info_hash: str) -> dict | None:
        """The download of that torrent, not the step before it that fetches its metadata."""
        return next((entry for entry in self.downloads()
                     if entry.get("infoHash") == info_hash and "followedBy" not in entry), None)

    def has(self, info_hash: str) -> bool:
        return self.torrent(info_hash) is not None

    def add(self, magnet: str) -> None:
        self.call("addUri", [magnet])

    def remove_all(self) -> None:
        """Leaves nothing behind: for the end of a test."""
        for entry in [*self.call("tellActive"), *self.call("tellWaiting", 0, 1000)]:
            self.call("forceRemove", entry["gid"])
        wait_until(lambda: not self.call("tellActive"), 10, "aria2 to end its downloads")
        self.call("purgeDownloadResult")

    def version(self) -> str:
        return self.call("getVersion")["version"]

    def _start(self) -> Child:
        environment = {"PATH": os.environ["PATH"], "HOME": str(self.folder), "LANG": "C.UTF-8"}
        options = [f"--{key}={value}" for key, value in self._options.items()]
        child = Child([PROGRAM, "--no-conf", "--enable-rpc", *options], self.folder / "aria2.log", environment)
        child.wait_for_port(self.port, 30)
        wait_until(lambda: self.call("getVersion"), 20, "aria2 to answer")
        return child
