"""Starts rigs by hand and prints how to reach them, until Ctrl-C.

    PYTHONPATH=Tests/Rigs python3 -m rigs                 a swarm and a qBittorrent
    PYTHONPATH=Tests/Rigs python3 -m rigs --limit 500     the seeder sends 500 kB each second
    PYTHONPATH=Tests/Rigs python3 -m rigs --keys movie big
    PYTHONPATH=Tests/Rigs python3 -m rigs --check         downloads a film for real, says so, and ends
"""
import argparse
import hashlib
import shutil
import signal
import sys
import tempfile
from pathlib import Path

from . import content
from .process import end_all, end_all_on_exit
from .qbittorrent import QBittorrent
from .swarm import Swarm, missing_programs
from .waiting import wait_until


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="rigs", description="A BitTorrent swarm and a qBittorrent on loopback.")
    usual = [key for key in content.BUILDERS if key not in content.ON_DEMAND]
    parser.add_argument("--keys", nargs="+", choices=content.BUILDERS, default=usual, help="what the swarm offers")
    parser.add_argument("--limit", type=int, default=0, metavar="KB", help="upload limit in kB each second")
    parser.add_argument("--check", action="store_true", help="download one film through qBittorrent and end")
    return parser.parse_args()


def _show(swarm: Swarm, client: QBittorrent, keys: list[str]) -> None:
    print(f"qBittorrent {client.version()}  http://127.0.0.1:{client.port}  "
          f"{client.username} / {client.password}  saves to {client.save_path}")
    print(f"tracker {swarm.announce}")
    for key in keys:
        print(f"{key:10} {swarm.torrent(key).magnet}")


def _download(swarm: Swarm, client: QBittorrent, key: str) -> None:
    torrent = swarm.torrent(key)
    client.add(torrent.magnet)
    finished = ("uploading", "stalledUP", "queuedUP", "pausedUP")
    wait_until(lambda: (client.torrent(torrent.info_hash) or {}).get("state") in finished, 60, f"{key} to arrive")
    for file in torrent.files:
        found = hashlib.sha256((client.save_path / file.path).read_bytes()).hexdigest()
        if found != file.sha256:
            raise AssertionError(f"{file.path} differs from what was seeded")
    print(f"{key}: {len(torrent.files)} files arrived whole")


def main() -> int:
    arguments = _arguments()
    if missing := missing_programs():
        print(f"missing Debian packages: {' '.join(missing)}; run `make setup`", file=sys.stderr)
        return 1
    end_all_on_exit()
    folder = Path(tempfile.mkdtemp(prefix="kinodock-rigs-"))
    try:
        swarm, client = Swarm(folder / "swarm"), QBittorrent(folder / "qbittorrent")
        swarm_keys = arguments.keys
        _show(swarm, client, swarm_keys)
        swarm.limit(arguments.limit)
        if arguments.check:
            for key in ("movie", "movie-mp4", "season"):
                _download(swarm, client, key)
        else:
            print("Ctrl-C ends it.", flush=True)
            signal.pause()
    except KeyboardInterrupt:
        pass
    finally:
        end_all()
        shutil.rmtree(folder, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
