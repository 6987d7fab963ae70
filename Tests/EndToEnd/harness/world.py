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
    """A new folder below the scratch folder, with a number when there is one of that name already."""
    path = scratch() / name
    while path.exists():
        path = scratch() / f"{name}-{next(_numbers)}"
    path.mkdir()
    return path


_SHARED_MEMORY = Path("/dev/shm")


def has_other_file_system() -> bool:
    """Whether there is a device beside that of the scratch folder, on which an import has to copy."""
    here = Path(tempfile.gettempdir()).stat().st_dev
    return (os.access(_SHARED_MEMORY, os.W_OK) and _SHARED_MEMORY.stat().st_dev != here
            and shutil.disk_usage(_SHARED_MEMORY).free >= 1 << 30)


@cache
def other_file_system() -> Path | None:
    """A folder on another device than the scratch folder; None when there is none."""
    return Path(tempfile.mkdtemp(prefix="kinodock-tests-", dir=_SHARED_MEMORY)) if has_other_file_system() else None


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
