"""How soon what yt-dlp tells of its progress is an event, in a server of its own with a video site on loopback."""
import statistics
from dataclasses import dataclass
from pathlib import Path

from harness.server import ADMIN_KEY, YTDLP, KinodockServer
from harness.events import EventStream
from harness.witness import Witness
from rigs import VideoSite
from rigs.videosite import Fault

# Bytes each second: the film then takes some ten seconds.
RATE = 600_000


@dataclass(frozen=True)
class Seen:
    """Seconds from a line of progress to its event, and events each second."""
    median: float
    worst: float
    rate: float


def measure(folder: Path) -> Seen:
    server = KinodockServer(folder)
    folder.mkdir()
    server.start()
    witness = Witness(YTDLP / "yt-dlp", folder)
    site = VideoSite()
    page = site.publish("film")
    site.faults["/media/film.mp4"] = Fault(rate=RATE)
    server.api.timeout = 90
    _create(server, witness)
    stream = EventStream(server.port, key=ADMIN_KEY)
    try:
        item = server.api.post("/api/queue", {"url": page}).json["id"]
        stream.wait_for_item("queueCompleted", item, 90)
        moves = [event for event in stream.about(item) if 0 < event.data.get("progress", 0) < 100]
        # The first and the last one may come of the item's beginning and end, and not of progress.
        came = [event.at for event in moves if event.data["downloadSpeed"] > 0]
        delays = witness.delays(came[1:-1])
    finally:
        stream.close()
        site.close()
        server.stop()
    return Seen(statistics.median(delays), delays[-1], (len(came) - 1) / (came[-1] - came[0]))


def _create(server: KinodockServer, witness: Witness) -> None:
    made = server.api.post("/api/download-clients", {
        "name": "Videos", "implementation": "ytdlp", "enabled": True, "priority": 1,
        "settings": {"downloadFolder": str(server.folder / "videos"), "path": str(witness.path)}})
    if made.status != 201:
        raise AssertionError(str(made))
