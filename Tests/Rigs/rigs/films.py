"""Small generated films. Each is made once with ffmpeg and kept in a cache folder."""
import fcntl
import os
import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Iterator


@dataclass(frozen=True)
class Film:
    """How a film is drawn. Two films with different patterns share no bytes worth speaking of."""
    pattern: str
    seconds: int
    width: int
    height: int
    kilobits: int
    suffix: str


FILMS = {
    "feature": Film("testsrc2", 30, 1280, 720, 5200, ".mkv"),
    "other-feature": Film("mandelbrot", 15, 640, 360, 3000, ".mp4"),
    "episode": Film("testsrc", 6, 480, 270, 900, ".mkv"),
    "clip": Film("smptebars", 2, 320, 180, 300, ".mkv"),
    "clip-mp4": Film("smptehdbars", 2, 320, 180, 300, ".mp4"),
}
_LOOPS_OF_BIG = 15


def cache_folder() -> Path:
    """Where films are kept: KINODOCK_RIGS_CACHE, else build/rigs-cache of the checkout, else the temporary folder."""
    if chosen := os.environ.get("KINODOCK_RIGS_CACHE"):
        folder = Path(chosen)
    else:
        checkout = Path(__file__).resolve().parents[3]
        inside = (checkout / "Package.swift").exists() and os.access(checkout, os.W_OK)
        folder = (checkout / "build" if inside else Path(tempfile.gettempdir())) / "rigs-cache"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def film(name: str) -> Path:
    """The file of a film from `FILMS`, or of "big" (about 300 MB: the feature played again and again)."""
    suffix = ".mkv" if name == "big" else FILMS[name].suffix
    path = cache_folder() / (name + suffix)
    with _only_one_maker():
        if not path.exists():
            unfinished = path.with_name("unfinished-" + path.name)
            _make_big(unfinished) if name == "big" else _draw(FILMS[name], unfinished)
            unfinished.rename(path)
    return path


def streams(name: str) -> Path:
    """A folder with a film cut into pieces: `hls` with the sound apart, `dash`, and `broadcast` with pieces alone."""
    source, folder = film(name), cache_folder() / f"streams-{name}"
    with _only_one_maker():
        if not folder.exists():
            unfinished = folder.with_name("unfinished-" + folder.name)
            shutil.rmtree(unfinished, ignore_errors=True)
            _cut(source, unfinished)
            unfinished.rename(folder)
    return folder


def picture() -> Path:
    """A small JPEG."""
    path = cache_folder() / "picture.jpg"
    with _only_one_maker():
        if not path.exists():
            _ffmpeg(["-f", "lavfi", "-i", "testsrc=size=64x36", "-frames:v", "1", str(path)])
    return path


def film_of_its_own(name: str, target: Path, label: str) -> None:
    """Copies a film and appends an element that players skip, so that the copy has bytes and a hash of its own."""
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(film(name), target)
    text = label.encode()[:100]
    if target.suffix == ".mp4":
        filler = (8 + len(text)).to_bytes(4, "big") + b"free" + text
    else:
        filler = b"\xec" + bytes([0x80 | len(text)]) + text  # Matroska: id of Void, one-byte size, content
    with target.open("ab") as file:
        file.write(filler)


def subtitles(lines: int, words: str) -> str:
    """A SubRip file with one line every three seconds."""
    entries = []
    for number in range(lines):
        start, end = number * 3, number * 3 + 2
        entries.append(f"{number + 1}\n00:00:{start:02},000 --> 00:00:{end:02},500\n{words} {number + 1}\n")
    return "\n".join(entries)


@contextmanager
def _only_one_maker() -> Iterator[None]:
    lock = (cache_folder() / ".lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        lock.close()


def _draw(film: Film, target: Path) -> None:
    rate = f"{film.kilobits}k"
    source = f"{film.pattern}=size={film.width}x{film.height}:rate=25"
    picture = ["-f", "lavfi", "-i", source]
    sound = ["-f", "lavfi", "-i", "sine=frequency=330:sample_rate=48000"]
    # nal-hrd=cbr pads quiet pictures, so that the size follows from the bit rate alone.
    video = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-g", "50", "-b:v", rate,
             "-minrate", rate, "-maxrate", rate, "-bufsize", rate, "-x264-params", "nal-hrd=cbr"]
    audio = ["-c:a", "aac", "-b:a", "96k", "-ac", "2"]
    layout = ["-movflags", "+faststart"] if target.suffix == ".mp4" else []
    _ffmpeg(picture + sound + ["-t", str(film.seconds)] + video + audio + layout + [str(target)])


def _cut(source: Path, folder: Path) -> None:
    for name in ("hls", "dash", "broadcast"):
        (folder / name).mkdir(parents=True)
    pieces = ["-c", "copy", "-f", "hls", "-hls_time", "1", "-hls_playlist_type", "vod"]
    for name, stream in (("picture", "0:v"), ("sound", "0:a")):
        _ffmpeg(["-i", str(source), "-map", stream, *pieces, str(folder / "hls" / f"{name}.m3u8")])
    (folder / "hls" / "master.m3u8").write_text(
        '#EXTM3U\n#EXT-X-VERSION:4\n#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="sound",NAME="English",LANGUAGE="en",DEFAULT=YES,'
        'AUTOSELECT=YES,URI="sound.m3u8"\n#EXT-X-STREAM-INF:BANDWIDTH=400000,RESOLUTION=320x180,'
        'CODECS="avc1.42c01e,mp4a.40.2",AUDIO="sound"\npicture.m3u8\n')
    _ffmpeg(["-i", str(source), "-c", "copy", "-f", "dash", "-seg_duration", "1",
             str(folder / "dash" / "manifest.mpd")])
    _ffmpeg(["-i", str(source), "-c", "copy", "-f", "segment", "-segment_time", "1",
             str(folder / "broadcast" / "%d.ts")])


def _make_big(target: Path) -> None:
    source = cache_folder() / ("feature" + FILMS["feature"].suffix)
    if not source.exists():
        _draw(FILMS["feature"], source)
    _ffmpeg(["-stream_loop", str(_LOOPS_OF_BIG - 1), "-i", str(source), "-c", "copy", str(target)])


def _ffmpeg(arguments: list[str]) -> None:
    quiet = ["ffmpeg", "-nostdin", "-hide_banner", "-loglevel", "error", "-y"]
    subprocess.run(quiet + arguments, check=True, timeout=300, stdin=subprocess.DEVNULL)
