"""Deluge (deluged and deluge-web) with a known password, and calls of its JSON-RPC for looking behind Kinodock."""
import hashlib
import http.client
import json
import os
from pathlib import Path

from .process import Child, free_port
from .waiting import wait_until

_HOST_ID = "6b696e6f646f636b6b696e6f646f636b"
_SALT = "6b696e6f646f636b2d73616c74"
# Trackers tell a client of itself too. A libtorrent that has dialled itself bans the whole address, so this one must
# not be that of the seeder.
_OWN_ADDRESS = "127.0.0.2"
_DAEMON_LOGIN = ("dock", "mooring-line-58")


class Deluge:
    """One Deluge in `folder`: the daemon, and the web interface that is connected with it.

    The Label plugin is on, for it is what gives Deluge categories. What is complete is moved to another folder.
    """

    password = "gangway-code-71"

    def __init__(self, folder: Path, plugins: tuple[str, ...] = ("Label",), **extra: object) -> None:
        self.folder = folder
        self.port, self._daemon_port = free_port(), free_port()
        self.save_path = folder / "downloads"
        self.incomplete_path = folder / "incomplete"
        self._cookie = ""
        for path in (self.save_path, self.incomplete_path, folder / "config"):
            path.mkdir(parents=True)
        self._configure(list(plugins), extra)
        self.child = self._start_daemon()
        self.web = self._start_web()

    @property
    def settings(self) -> dict:
        """What the plugin needs to reach it."""
        return {"host": "127.0.0.1", "port": self.port, "password": self.password}

    def restart(self) -> None:
        """Starts the daemon again; the web interface has run on."""
        if self.child.exit_code is None:
            self.child.stop()
        self.child = self._start_daemon()
        # deluge-web notices the loss of its daemon late, and answers nothing until then.
        wait_until(lambda: self._is_connected(), 60, "Deluge to be connected again")

    def kill(self) -> None:
        """Kills the daemon alone."""
        self.child.kill()

    def stop(self) -> None:
        self.web.stop()
        self.child.stop()

    # The JSON-RPC

    def call(self, method: str, *parameters: object) -> object:
        """Calls a method and returns what it answers, logged in."""
        for _ in range(3):
            answer = self._send(method, *parameters)
            error = answer.get("error")
            if not error:
                return answer["result"]
            if error["code"] == 1:
                self._send("auth.login", self.password)
            elif error["code"] == 2:
                self._send("web.connect", _HOST_ID)
        raise AssertionError(f"Deluge answered to {method}: {error}")

    def torrent(self, info_hash: str, *keys: str) -> dict | None:
        """These fields of the torrent with that id, beside its state."""
        return self.call("core.get_torrent_status", info_hash, ["hash", "state", *keys]) or None

    def has(self, info_hash: str) -> bool:
        return self.torrent(info_hash) is not None

    def add(self, magnet: str) -> None:
        self.call("core.add_torrent_magnet", magnet, {})

    def remove_all(self) -> None:
        """Leaves nothing behind: for the end of a test."""
        for info_hash in self.call("core.get_session_state"):
            self.call("core.remove_torrent", info_hash, True)

    def version(self) -> str:
        return self.call("daemon.get_version")

    def _send(self, method: str, *parameters: object) -> dict:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            body = json.dumps({"id": 1, "method": method, "params": parameters})
            connection.request("POST", "/json", body, {"Content-Type": "application/json", "Cookie": self._cookie})
            answer = connection.getresponse()
            self._cookie = (answer.headers.get("Set-Cookie") or self._cookie).split(";")[0]
            return json.loads(answer.read())
        finally:
            connection.close()

    # The programs

    @property
    def _environment(self) -> dict[str, str]:
        return {"PATH": os.environ["PATH"], "HOME": str(self.folder), "LANG": "C.UTF-8", "PYTHONWARNINGS": "ignore"}

    def _start_daemon(self) -> Child:
        command = ["deluged", "--do-not-daemonize", "--config", str(self.folder / "config"), "--port",
                   str(self._daemon_port), "--ui-interface", "127.0.0.1", "--interface", _OWN_ADDRESS, "--loglevel",
                   "warning"]
        # A daemon that was killed leaves this behind, and another process may have its number.
        (self.folder / "config" / "deluged.pid").unlink(missing_ok=True)
        child = Child(command, self.folder / "deluged.log", self._environment)
        child.wait_for_port(self._daemon_port, 60)
        return child

    def _is_connected(self) -> bool:
        # Nothing is asked of the daemon before that: deluge-web would wait for the answer for ever.
        if self._send("web.connected")["result"] is None:
            self._send("auth.login", self.password)
        if self._send("web.connected")["result"] is not True:
            self._send("web.connect", _HOST_ID)
        return self._send("web.connected")["result"] is True

    def _start_web(self) -> Child:
        command = ["deluge-web", "--do-not-daemonize", "--config", str(self.folder / "config"), "--interface",
                   "127.0.0.1", "--port", str(self.port), "--loglevel", "warning"]
        child = Child(command, self.folder / "deluge-web.log", self._environment)
        child.wait_for_port(self.port, 60)
        wait_until(lambda: self.call("web.get_hosts") and self.call("web.connected"), 30, "Deluge to be connected")
        return child

    def _configure(self, plugins: list[str], extra: dict) -> None:
        core = {
            "allow_remote": False, "daemon_port": self._daemon_port, "dht": False, "utpex": False, "lsd": False,
            "upnp": False, "natpmp": False, "new_release_check": False, "send_info": False, "geoip_db_location": "",
            "listen_interface": _OWN_ADDRESS, "outgoing_interface": _OWN_ADDRESS, "listen_ports": [free_port()] * 2,
            "random_port": False, "listen_random_port": None, "listen_use_sys_port": False,
            "download_location": str(self.incomplete_path), "move_completed": True,
            "move_completed_path": str(self.save_path), "max_active_downloading": 50, "max_active_limit": 50,
            "max_active_seeding": 50, "dont_count_slow_torrents": True, "enabled_plugins": plugins, **extra,
        }
        stored = hashlib.sha1((_SALT + self.password).encode()).hexdigest()
        web = {
            "port": self.port, "interface": "127.0.0.1", "https": False, "first_login": False, "pwd_salt": _SALT,
            "pwd_sha1": stored, "default_daemon": _HOST_ID, "session_timeout": 3600, "sessions": {}, "base": "/",
        }
        hosts = {"hosts": [[_HOST_ID, "127.0.0.1", self._daemon_port, *_DAEMON_LOGIN]]}
        for name, version, values in (("core", 1, core), ("web", 2, web), ("hostlist", 3, hosts)):
            text = json.dumps({"file": version, "format": 1}) + json.dumps(values)
            (self.folder / "config" / f"{name}.conf").write_text(text)
        users = self.folder / "config" / "auth"
        users.write_text(f"localclient:unused-but-needed:10\n{':'.join(_DAEMON_LOGIN)}:10\n")
        users.chmod(0o600)
