"""SABnzbd with known keys and one news server, and a small client of its API for looking behind Kinodock."""
import http.client
import json
import os
import urllib.parse
from pathlib import Path

from .films import cache_folder
from .news import NewsServer
from .process import STAND_INS, Child, Program, free_port
from .waiting import wait_until

# The interpreter that can import Debian's modules.
_PYTHON = "/usr/bin/python3"


def program() -> Path:
    """SABnzbd's program: KINODOCK_SABNZBD, else where scripts/setup.sh unpacks Debian's."""
    chosen = os.environ.get("KINODOCK_SABNZBD")
    return Path(chosen) if chosen else cache_folder() / "sabnzbdplus" / "usr" / "bin" / "sabnzbdplus"


class SABnzbd(Program):
    """One SABnzbd in `folder` that downloads from `news`."""

    api_key = "5ab0000000000000000000000000a91c"
    nzb_key = "5ab0000000000000000000000000421b"

    def __init__(self, folder: Path, news: NewsServer, **misc: object) -> None:
        if not program().exists():
            raise AssertionError(f"SABnzbd is not at {program()}; run scripts/setup.sh build test")
        self.folder = folder
        self.port = free_port()
        self.complete, self.incomplete = folder / "complete", folder / "incomplete"
        for path in (self.complete, self.incomplete, folder / "scripts"):
            path.mkdir(parents=True)
        self._configure(news, misc)
        self.child = self._start()

    @property
    def settings(self) -> dict:
        """What the plugin needs to reach it."""
        return {"host": "127.0.0.1", "port": self.port, "apiKey": self.api_key}

    # The API, as its own web page uses it.

    def queue(self) -> list[dict]:
        return self.call("queue")["queue"]["slots"]

    def history(self) -> list[dict]:
        return self.call("history", limit="1000")["history"]["slots"]

    def job(self, name: str) -> dict | None:
        """The job of that name, from the queue or from the history."""
        past = [slot for slot in self.history() if slot["name"] == name]
        return next((slot for slot in self.queue() if slot["filename"] == name), past[0] if past else None)

    def unblock(self) -> None:
        """Lets it try the news server again, which it leaves alone for minutes after a refused login."""
        self.call("status", name="unblock_server", value="rig")

    def version(self) -> str:
        return self.call("version")["version"]

    def call(self, mode: str, **fields: str) -> dict:
        """Calls a mode of the API and returns its answer."""
        body = urllib.parse.urlencode({"output": "json", "apikey": self.api_key, **fields})
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request("POST", f"/api?mode={mode}", body,
                               {"Content-Type": "application/x-www-form-urlencoded"})
            answer = connection.getresponse()
            text = answer.read()
        finally:
            connection.close()
        if answer.status != 200:
            raise AssertionError(f"SABnzbd answered {answer.status} to {mode}: {text[:200]!r}")
        return json.loads(text)

    def _start(self) -> Child:
        environment = {"PATH": f"{STAND_INS}:{os.environ['PATH']}", "HOME": str(self.folder), "LANG": "C.UTF-8",
                       "PYTHONWARNINGS": "ignore", "PYTHONDONTWRITEBYTECODE": "1",
                       # Debian's start script looks for its modules in the system's folder alone.
                       "PYTHONPATH": str(program().parents[1] / "share" / "sabnzbdplus")}
        child = Child([_PYTHON, "-OO", str(program()), "--config-file", str(self.folder / "sabnzbd.ini"), "--server",
                       f"127.0.0.1:{self.port}", "--browser", "0", "--logging", "1", "--disable-file-log", "--console",
                       "--new"], self.folder / "sabnzbd.log", environment)
        child.wait_for_port(self.port, 120)
        self.child = child
        wait_until(lambda: self.call("queue"), 30, "SABnzbd to answer")
        return child

    def _configure(self, news: NewsServer, misc: dict[str, object]) -> None:
        folder = self.folder
        values = {
            "host": "127.0.0.1", "port": self.port, "api_key": self.api_key, "nzb_key": self.nzb_key,
            "download_dir": self.incomplete, "complete_dir": self.complete, "admin_dir": folder / "admin",
            "log_dir": folder / "logs", "script_dir": folder / "scripts", "inet_exposure": 0, "auto_browser": 0,
            "check_new_rel": 0, "language": "en", "direct_unpack": 0, "direct_unpack_tested": 1, "enable_unrar": 1,
            "enable_7zip": 1, "no_dupes": 0, "fail_hopeless_jobs": 1, "enable_broadcast": 0, "ipv6_servers": 0,
            "selftest_host": "127.0.0.1", "cache_limit": "16M", "config_conversion_version": 4, **misc,
        }
        server = {"name": "rig", "displayname": "rig", "host": "127.0.0.1", "port": news.port,
                  "username": news.username, "password": news.password, "connections": 2, "timeout": 20, "ssl": 0,
                  "enable": 1, "priority": 0}
        default = {"name": "*", "order": 0, "pp": 3, "priority": 0, "dir": '""', "script": "None"}
        lines = ["__version__ = 19", "__encoding__ = utf-8", "[misc]", *_lines(values),
                 "[servers]", "[[rig]]", *_lines(server), "[categories]", "[[*]]", *_lines(default)]
        for order, name in enumerate(("movies", "tv"), 1):
            lines += [f"[[{name}]]", *_lines({"name": name, "order": order, "pp": '""', "priority": -100, "dir": name,
                                              "script": "Default"})]
        path = folder / "sabnzbd.ini"
        path.write_text("\n".join(lines) + "\n")
        path.chmod(0o600)


def _lines(values: dict[str, object]) -> list[str]:
    return [f"{key} = {value}" for key, value in values.items()]
