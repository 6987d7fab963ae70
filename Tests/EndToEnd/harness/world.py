"""What all tests of a run share: one swarm and one qBittorrent, started when first needed, and a scratch folder."""
import os
import shutil
import tempfile
from functools import cache
from itertools import count
from pathlib import Path

from rigs import QBittorrent, Swarm, Torrent, end_all

_numbers = count(1)


@cache
def scratch() -> Path:
    """A folder of this run. Downloads and libraries in it are on one file system, so hardlinks are possible."""
    return Path(tempfile.mkdtemp(prefix="kinodock-tests-"))


@cache
def swarm() -> Swarm:
    return Swarm(scratch() / "swarm")


@cache
def qbittorrent() -> QBittorrent:
    return QBittorrent(scratch() / "qbittorrent")


def clip(word: str = "Clip", film: str = "clip", kind: str = "v1") -> Torrent:
    """A small film that nobody has downloaded yet: one torrent for one test. Its name reads as that of a movie."""
    suffix = ".mp4" if film in ("clip-mp4", "other-feature") else ".mkv"
    return swarm().publish_clip(f"{word}.Number.{next(_numbers)}.1999.720p.WEB.H264-KDK{suffix}", film, kind)


def folder(name: str) -> Path:
    """A new folder below the scratch folder."""
    path = scratch() / name
    path.mkdir()
    return path


@cache
def other_file_system() -> Path | None:
    """A folder on another device than the scratch folder, so that an import has to copy; None when there is none."""
    shared_memory = Path("/dev/shm")
    if not os.access(shared_memory, os.W_OK) or shared_memory.stat().st_dev == scratch().stat().st_dev:
        return None
    if shutil.disk_usage(shared_memory).free < 1 << 30:
        return None
    return Path(tempfile.mkdtemp(prefix="kinodock-tests-", dir=shared_memory))


def end(keep: bool = False) -> None:
    """Ends every program and removes the folders; with `keep` the folders stay for a look."""
    end_all()
    if other_file_system.cache_info().currsize and (place := other_file_system()):
        shutil.rmtree(place, ignore_errors=True)
    if scratch.cache_info().currsize:
        if keep:
            print(f"kept: {scratch()}")
        else:
            shutil.rmtree(scratch(), ignore_errors=True)
