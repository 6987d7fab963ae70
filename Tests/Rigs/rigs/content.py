"""What the swarm offers: for each key a file or folder, built from generated films."""
from pathlib import Path
from typing import Callable

from . import films

_SEASON = "Night.Harbour.S01.480p.WEB.H264-KDK"


def _movie(folder: Path) -> None:
    name = "The.Paper.Lighthouse.1954.720p.WEB.H264-KDK"
    films.film_of_its_own("feature", folder / name / f"{name}.mkv", "movie")
    (folder / name / f"{name}.en.srt").write_text(films.subtitles(10, "Light"))
    (folder / name / f"{name}.nfo").write_text("A generated film. No camera was harmed.\n")


def _movie_mp4(folder: Path) -> None:
    films.film_of_its_own("other-feature", folder / "Winter.Ferry.1961.1080p.BluRay.x264-KDK.mp4", "movie-mp4")


def _season(folder: Path) -> None:
    for number in (1, 2, 3):
        name = _SEASON.replace("S01", f"S01E{number:02}")
        films.film_of_its_own("episode", folder / _SEASON / f"{name}.mkv", f"episode {number}")


def _partial(folder: Path) -> None:
    films.film_of_its_own("other-feature", folder / "Half.A.Bridge.1949.720p.BluRay.x264-KDK.mp4", "partial")


def _dead(folder: Path) -> None:
    films.film_of_its_own("other-feature", folder / "Nobody.Home.1938.720p.BluRay.x264-KDK.mp4", "dead")


def _fake(folder: Path) -> None:
    name = "Too.Good.To.Be.True.2030.2160p.WEB.H265-KDK"
    inside = folder / name
    inside.mkdir(parents=True)
    (inside / f"{name}.mkv.exe").write_bytes(b"MZ" + bytes(20_000))
    (inside / "password.txt").write_text("Ask the other file.\n")
    (inside / f"{name}.rar").write_bytes(bytes(200_000))


def _sample(folder: Path) -> None:
    name = "Orchard.Road.1972.1080p.BluRay.x264-KDK"
    films.film_of_its_own("other-feature", folder / name / f"{name}.mp4", "sample: the feature")
    films.film_of_its_own("clip", folder / name / "Sample" / f"{name}-sample.mkv", "sample: the sample")
    for language in ("en", "fr"):
        path = folder / name / "Subs" / f"{name}.{language}.srt"
        path.parent.mkdir(exist_ok=True)
        path.write_text(films.subtitles(5, language))


def _big(folder: Path) -> None:
    films.film_of_its_own("big", folder / "Long.Way.Round.1988.1080p.WEB.H264-KDK.mkv", "big")


# Each value fills an empty folder with exactly one file or folder.
BUILDERS: dict[str, Callable[[Path], None]] = {
    "movie": _movie, "movie-mp4": _movie_mp4, "season": _season, "partial": _partial,
    "dead": _dead, "fake": _fake, "sample": _sample, "big": _big,
}
ON_DEMAND = {"big"}
SEEDED = {"dead": "never", "partial": "half"}


def build(key: str, folder: Path) -> None:
    """Fills `folder` with the content of a key."""
    folder.mkdir(parents=True)
    BUILDERS[key](folder)


def spoil_second_half(source: Path, target: Path) -> None:
    """Copies a file and overwrites its second half with zeros, for a seeder that has only the first half."""
    data = source.read_bytes()
    target.parent.mkdir(parents=True, exist_ok=True)
    kept = len(data) // 2
    target.write_bytes(data[:kept] + bytes(len(data) - kept))
