"""A Kinodock of one's own: started, killed, restarted and looked into by a test."""
import os
import signal
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

from rigs import Child, QBittorrent, wait_until
from rigs.process import free_port

from .certificate import Certificate
from .events import EventStream
from .wire import Api

CHECKOUT = Path(__file__).resolve().parents[3]
PROGRAM = Path(os.environ.get("KINODOCK_PROGRAM", CHECKOUT / ".build" / "release" / "kinodock")).absolute()
PLUGINS = CHECKOUT / "build" / "plugins"
# Where `make setup` puts yt-dlp.
YTDLP = CHECKOUT / "build" / "yt-dlp" / "bin"
ADMIN_KEY = "end-to-end-admin-key-0123456789"


class KinodockServer:
    """`kinodock serve` with its data in `folder`, on a port that the kernel picked; https with a certificate."""

    def __init__(self, folder: Path, library: Path | None = None, plugins: Path | None = None,
                 certificate: Certificate | None = None, defaults: bool = False) -> None:
        self.folder = folder
        self.data = folder / "data"
        self.library = library or self.data / "library"
        self.plugins = plugins or PLUGINS
        self.log = folder / "server.log"
        self.port = free_port()
        self.certificate = certificate
        self.defaults = defaults
        self.api = Api(self.port, ADMIN_KEY, trust=certificate.trust() if certificate else None)
        self._child: Child | None = None

    # Life

    def start(self) -> "KinodockServer":
        """Starts the program, also again on the same data and port, and waits until it is ready."""
        command = [str(PROGRAM), "serve", "--data", str(self.data), "--listen", f"127.0.0.1:{self.port}",
                   "--plugins", str(self.plugins), "--library", str(self.library)]
        if self.certificate:
            command += ["--tls-certificate", str(self.certificate.path), "--tls-key", str(self.certificate.key)]
        self._child = Child(command, self.log, self.environment())
        self._child.wait_for_port(self.port, 60)
        wait_until(lambda: self.api.get("/api/ready").status == 200, 60, "/api/ready to answer 200", every=0.05)
        return self

    def stop(self, seconds: float = 10) -> int:
        """Sends SIGTERM and returns the exit code; fails when the server takes longer than `seconds`."""
        self.child.send(signal.SIGTERM)
        return self.child.wait(seconds)

    def kill(self) -> None:
        """kill -9."""
        self.child.kill()

    def rescan_by_signal(self) -> None:
        self.child.send(signal.SIGHUP)

    @property
    def child(self) -> Child:
        if self._child is None:
            raise AssertionError("the server was not started")
        return self._child

    @property
    def runs(self) -> bool:
        return self._child is not None and self._child.exit_code is None

    def environment(self, key: str | None = ADMIN_KEY) -> dict[str, str]:
        """The environment of the server and of its commands: nothing of the tester's own settings gets in."""
        values = {"PATH": f"{os.environ['PATH']}:{YTDLP}", "HOME": str(self.folder), "LANG": "C.UTF-8",
                  "KINODOCK_DATA_DIR": str(self.data), "KINODOCK_PLUGIN_DIR": str(self.plugins),
                  "KINODOCK_LIBRARY_DIR": str(self.library),
                  "KINODOCK_EMBEDDED_DEFAULTS": "on" if self.defaults else "off"}
        if "LD_LIBRARY_PATH" in os.environ:
            values["LD_LIBRARY_PATH"] = os.environ["LD_LIBRARY_PATH"]
        if key:
            values["KINODOCK_ADMIN_KEY"] = key
        return values

    # Commands and files

    def command(self, *arguments: str, data: Path | None = None, seconds: float = 30) -> subprocess.CompletedProcess:
        """Runs `kinodock ARGUMENTS` on the data of this server, or on other data."""
        environment = self.environment(key=None)
        if data is not None:
            environment["KINODOCK_DATA_DIR"] = str(data)
            environment["KINODOCK_LIBRARY_DIR"] = str(data / "library")
        return subprocess.run([str(PROGRAM), *arguments], env=environment, cwd=self.folder, timeout=seconds,
                              stdin=subprocess.DEVNULL, capture_output=True, text=True)

    def make_key(self, role: str, name: str) -> str:
        """Makes an API key with the command, and returns it; it works at once."""
        made = self.command("key", "create", "--role", role, "--name", name)
        if made.returncode != 0:
            raise AssertionError(f"kinodock key create failed: {made.stdout}{made.stderr}")
        return made.stdout.strip()

    def database(self) -> Path:
        """The SQLite file in the data folder."""
        return self.data / "kinodock.sqlite"

    def integrity(self) -> str:
        """What SQLite itself says about the database: "ok" when all is well."""
        with closing(sqlite3.connect(f"file:{self.database()}?mode=ro", uri=True)) as connection:
            faults = connection.execute("PRAGMA foreign_key_check").fetchall()
            return str(faults) if faults else connection.execute("PRAGMA integrity_check").fetchone()[0]

    def library_files(self) -> list[Path]:
        """Every file below the library, also hidden and temporary ones."""
        return sorted(path for path in self.library.rglob("*") if path.is_file() or path.is_symlink())

    def log_text(self) -> str:
        """The log, and every file that looks like a log in the data folder."""
        files = [self.log, *(path for path in self.data.rglob("*.log*") if path.is_file())]
        return "\n".join(path.read_text(errors="replace") for path in files if path.exists())

    def events(self, last_event_id: str | None = None, key: str | None = ADMIN_KEY) -> EventStream:
        return EventStream(self.port, key=key, last_event_id=last_event_id)

    def admin_events(self, last_event_id: str | None = None) -> EventStream:
        """What becomes of problems, plugins and instances."""
        return EventStream(self.port, "/api/events", key=ADMIN_KEY, last_event_id=last_event_id)

    # What many tests do first

    def add_client(self, client: QBittorrent, **changes: object) -> str:
        """Configures a qBittorrent and returns the id of the instance."""
        reply = self.api.post("/api/download-clients", client_body(client, **changes))
        if reply.status != 201:
            raise AssertionError(str(reply))
        return reply.json["id"]


def client_body(client: QBittorrent, name: str = "qBittorrent", category: str = "kinodock", **more: object) -> dict:
    """The body that configures a qBittorrent; `more` are further keys beside the settings."""
    settings = {"host": "127.0.0.1", "port": client.port, "username": client.username, "password": client.password,
                "category": category}
    return {"name": name, "implementation": "qbittorrent", "enabled": True, "priority": 1, "settings": settings} | more
