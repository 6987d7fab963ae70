#!/usr/bin/env python3
"""How fast the built-in torrent client is beside the Python binding of the same engine, in turns from one seeder.

    Tests/Bench/torrents.py [ROUNDS]
"""
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

sys.dont_write_bytecode = True
HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "EndToEnd")]
from harness.plugin import PluginInstance  # noqa: E402  (the path has to be set first)
from harness.server import PLUGINS  # noqa: E402
from rigs import Swarm, Torrent, end_all, wait_until  # noqa: E402
from rigs.process import end_all_on_exit  # noqa: E402
from rigs.swarm import SYSTEM_PYTHON  # noqa: E402

SIZE = 1 << 30
SETTINGS = {"listenAddress": "127.0.0.1", "listenPort": 0, "portMapping": False, "dht": False, "localDiscovery": False}


@dataclass(frozen=True)
class Seen:
    """Bytes each second, and the median of the ratios of neighbouring runs."""
    own: float
    binding: float
    ratio: float


def compare(folder: Path, rounds: int) -> Seen:
    swarm = Swarm(folder / "swarm", "--tcp")
    torrent = swarm.publish_bytes("Large.bin", SIZE)
    metafile = folder / "large.torrent"
    metafile.write_bytes(torrent.metafile)
    pairs = [(_own(torrent, folder / "own"), _binding(metafile, folder / "binding")) for _ in range(rounds)]
    swarm.stop()
    own, binding = (SIZE / statistics.median(seconds) for seconds in zip(*pairs))
    return Seen(own, binding, statistics.median(other / own for own, other in pairs))


def _own(torrent: Torrent, folder: Path) -> float:
    folder.mkdir()
    folders = {"data": str(folder / "data"), "downloads": str(folder / "downloads")}
    plugin = PluginInstance(PLUGINS / "libtorrent" / "plugin.so", SETTINGS, folders)
    added = plugin.call("download.add", torrent.metafile, source="torrent", link="")["id"]
    # From the first bytes on: both sides try uTP for three seconds before.
    wait_until(lambda: plugin.call("download.item", id=added)["item"]["remaining"] < SIZE, 30, "bytes", every=0.002)
    began = time.monotonic()
    wait_until(lambda: plugin.call("download.item", id=added)["item"]["is_complete"], 120, "the torrent", every=0.01)
    took = time.monotonic() - began
    plugin.close()
    shutil.rmtree(folder)
    return took


def _binding(metafile: Path, folder: Path) -> float:
    folder.mkdir()
    command = [SYSTEM_PYTHON, str(HERE / "leech.py"), str(metafile), str(folder)]
    took = float(subprocess.run(command, capture_output=True, text=True, check=True, timeout=120).stdout)
    shutil.rmtree(folder)
    return took


def main() -> int:
    end_all_on_exit()
    folder = Path(tempfile.mkdtemp(prefix="kinodock-bench-"))
    try:
        seen = compare(folder, int(sys.argv[1]) if len(sys.argv) > 1 else 3)
    finally:
        end_all()
        shutil.rmtree(folder, ignore_errors=True)
    print(f"{seen.own / (1 << 20):.0f} MiB/s, the binding {seen.binding / (1 << 20):.0f} MiB/s, ratio {seen.ratio:.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
