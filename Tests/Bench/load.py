"""wrk and nginx: load, and the yardstick that runs beside it."""
import re
import statistics
import subprocess
from dataclasses import dataclass
from pathlib import Path

from rigs import Child
from rigs.process import free_port

CONNECTIONS, THREADS = 32, 2
_UNITS = {"us": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "B": 1, "KB": 1 << 10, "MB": 1 << 20, "GB": 1 << 30}


@dataclass(frozen=True)
class Load:
    """What one run of wrk saw. Times in seconds, rates each second."""
    requests: float
    bytes: float
    median: float
    p99: float
    errors: int


def wrk(url: str, seconds: int, script: Path | None = None, key: str | None = None,
        connections: int = CONNECTIONS) -> Load:
    """Loads `url` for some seconds."""
    command = ["wrk", "-t", str(min(THREADS, connections)), "-c", str(connections), "-d", f"{seconds}s", "--latency",
               "--timeout", "20s"]
    command += ["-s", str(script)] if script else []
    command += ["-H", f"x-api-key: {key}"] if key else []
    done = subprocess.run([*command, url], capture_output=True, text=True, timeout=seconds + 60, check=True)
    return _parse(done.stdout)


@dataclass(frozen=True)
class Comparison:
    """Several runs of Kinodock and of nginx, one after the other in turns."""
    own: list[Load]
    nginx: list[Load]

    def rates(self, what: str) -> tuple[float, float]:
        """The medians of `requests` or `bytes`: Kinodock's and nginx's."""
        return tuple(statistics.median(getattr(load, what) for load in loads) for loads in (self.own, self.nginx))

    def ratio(self, what: str) -> float:
        """The median of the ratios of neighbouring runs, so that a slow moment of the machine hits both."""
        return statistics.median(getattr(one, what) / max(getattr(other, what), 1)
                                 for one, other in zip(self.own, self.nginx))

    @property
    def tail(self) -> float:
        """How many times the median the 99th percentile is, in Kinodock's middle run."""
        return statistics.median(load.p99 / load.median for load in self.own)

    @property
    def errors(self) -> int:
        return sum(load.errors for load in self.own)


def compare(own: str, nginx: str, key: str, script: Path | None = None, nginx_script: Path | None = None,
            rounds: int = 3, seconds: int = 3) -> Comparison:
    """Loads both in turns."""
    comparison = Comparison([], [])
    for _ in range(rounds):
        comparison.own.append(wrk(own, seconds, script, key))
        comparison.nginx.append(wrk(nginx, seconds, nginx_script))
    return comparison


class Nginx:
    """nginx with two workers and sendfile, serving a constant answer and the files of `root`."""

    def __init__(self, folder: Path, root: Path) -> None:
        self.port = free_port()
        folder.mkdir(parents=True)
        config = folder / "nginx.conf"
        config.write_text(_CONFIG.format(folder=folder, root=root, port=self.port))
        command = ["/usr/sbin/nginx", "-c", str(config), "-p", str(folder), "-e", str(folder / "error.log")]
        self.child = Child(command, folder / "output.log")
        self.child.wait_for_port(self.port, 10)

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"


_CONFIG = """
daemon off;
user root;
worker_processes 2;
pid {folder}/nginx.pid;
events {{ worker_connections 4096; }}
http {{
    access_log off;
    sendfile on;
    tcp_nopush on;
    keepalive_requests 100000000;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    server {{
        listen 127.0.0.1:{port};
        location = /ping {{ default_type application/json; return 200 '{{"status":"pong"}}'; }}
        location / {{ root {root}; }}
    }}
}}
"""


def _parse(text: str) -> Load:
    def value(pattern: str) -> float:
        found = re.search(pattern, text)
        if not found:
            raise AssertionError(f"wrk said nothing about {pattern}:\n{text}")
        return float(found.group(1)) * (_UNITS[found.group(2)] if found.lastindex == 2 else 1)
    refused = re.search(r"Non-2xx or 3xx responses: (\d+)", text)
    broken = re.search(r"Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)", text)
    errors = int(refused.group(1)) if refused else 0
    errors += sum(map(int, broken.groups())) if broken else 0
    return Load(value(r"Requests/sec:\s+([\d.]+)"), value(r"Transfer/sec:\s+([\d.]+)([KMG]?B)"),
                value(r"50%\s+([\d.]+)(us|ms|s|m)"), value(r"99%\s+([\d.]+)(us|ms|s|m)"), errors)
