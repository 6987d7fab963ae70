"""NZBGet with a known login and one news server, and a small client of its JSON-RPC for looking behind Kinodock."""
import base64
import http.client
import json
import os
import shutil
from pathlib import Path

from .news import NewsServer
from .process import STAND_INS, Child, Program, free_port
from .waiting import wait_until

PROGRAM = os.environ.get("KINODOCK_NZBGET", "nzbget")
_SYSTEM_FOLDER = Path("/usr/share/nzbget")


class NZBGet(Program):
    """One NZBGet in `folder` that downloads from `news`."""

    username = "docker"
    password = "nzb-harbour-31"
    # May add, and nothing else.
    adder = ("guest", "nzb-guest-32")

    def __init__(self, folder: Path, news: NewsServer, **options: object) -> None:
        self.folder = folder
        self.port = free_port()
        self.complete, self.incomplete = folder / "complete", folder / "incomplete"
        for name in ("complete", "incomplete", "nzb", "queue", "tmp", "scripts"):
            (folder / name).mkdir(parents=True)
        self._configure(news, options)
        self.child = self._start()

    @property
    def settings(self) -> dict:
        """What the plugin needs to reach it."""
        return {"host": "127.0.0.1", "port": self.port, "username": self.username, "password": self.password}

    # The interface, as its own web page uses it.

    def queue(self) -> list[dict]:
        return self.call("listgroups", 0)

    def history(self) -> list[dict]:
        return self.call("history", False)

    def version(self) -> str:
        return self.call("version")

    def call(self, method: str, *parameters: object) -> object:
        """Calls a method and returns its result."""
        login = base64.b64encode(f"{self.username}:{self.password}".encode()).decode()
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request("POST", "/jsonrpc", json.dumps({"method": method, "params": parameters, "id": 1}),
                               {"Authorization": f"Basic {login}", "Content-Type": "application/json"})
            answer = connection.getresponse()
            text = answer.read()
        finally:
            connection.close()
        if answer.status != 200:
            raise AssertionError(f"NZBGet answered {answer.status} to {method}: {text[:200]!r}")
        return json.loads(text)["result"]

    def _start(self) -> Child:
        (self.folder / "lock").unlink(missing_ok=True)
        environment = {"PATH": os.environ["PATH"], "HOME": str(self.folder), "LANG": "C.UTF-8"}
        child = Child([PROGRAM, "-s", "-c", str(self.folder / "nzbget.conf")], self.folder / "output.log", environment)
        child.wait_for_port(self.port, 60)
        self.child = child
        wait_until(lambda: self.call("version"), 30, "NZBGet to answer")
        return child

    def _configure(self, news: NewsServer, options: dict[str, object]) -> None:
        folder = self.folder
        values = {
            "MainDir": folder, "DestDir": self.complete, "InterDir": self.incomplete, "NzbDir": folder / "nzb",
            "QueueDir": folder / "queue", "TempDir": folder / "tmp", "ScriptDir": folder / "scripts",
            "LockFile": folder / "lock", "LogFile": folder / "nzbget.log", "WebDir": _SYSTEM_FOLDER / "webui",
            "ConfigTemplate": _SYSTEM_FOLDER / "nzbget.conf", "ControlIP": "127.0.0.1", "ControlPort": self.port,
            "ControlUsername": self.username, "ControlPassword": self.password,
            "AddUsername": self.adder[0], "AddPassword": self.adder[1], "RestrictedUsername": "",
            "AuthorizedIP": "", "SecureControl": "no", "OutputMode": "log", "UpdateCheck": "none", "CertCheck": "no",
            "DaemonUsername": "root", "Server1.Active": "yes", "Server1.Name": "rig", "Server1.Level": 0,
            "Server1.Host": "127.0.0.1", "Server1.Port": news.port, "Server1.Username": news.username,
            "Server1.Password": news.password, "Server1.Encryption": "no", "Server1.Connections": 2,
            "Server1.JoinGroup": "no", "Category1.Name": "movies", "Category2.Name": "tv", "AppendCategoryDir": "yes",
            "DupeCheck": "yes", "HealthCheck": "park", "ArticleRetries": 1, "ArticleInterval": 1, "ArticleTimeout": 20,
            "UrlRetries": 1, "UrlInterval": 1, "UrlTimeout": 10, "DiskSpace": 0, "KeepHistory": 30, "FlushQueue": "yes",
            "ArticleCache": 0, "DirectWrite": "yes", "ParCheck": "auto", "ParRepair": "yes", "Unpack": "yes",
            "DirectUnpack": "no", "DirectRename": "no", "UnpackCleanupDisk": "yes", "SevenZipCmd": shutil.which("7z"),
            "UnrarCmd": STAND_INS / "unrar",
            **options,
        }
        path = folder / "nzbget.conf"
        path.write_text("".join(f"{name}={value}\n" for name, value in values.items()))
        path.chmod(0o600)
