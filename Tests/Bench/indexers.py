"""How long a search takes over many indexers of which one hangs, in a server of its own."""
import time
from dataclasses import dataclass
from pathlib import Path

from harness.server import ADMIN_KEY, KinodockServer
from harness.events import EventStream
from rigs.torznab import Torznab

COUNT = 20
# Seconds, in place of the usual 30.
DEADLINE = 4


@dataclass(frozen=True)
class Seen:
    """Seconds to the whole answer and to the first results in the stream, and how many indexers answered."""
    whole: float
    first: float
    answered: int
    results: int


def measure(folder: Path) -> Seen:
    server = KinodockServer(folder)
    folder.mkdir()
    server.start()
    rigs = [Torznab() for _ in range(COUNT)]
    try:
        for number, rig in enumerate(rigs):
            rig.offer(f"Film {number} 2001 1080p WEB-DL-RIG")
            made = server.api.post("/api/indexers", {
                "name": f"Indexer {number:02}", "implementation": "torznab", "enabled": True, "priority": 1,
                "settings": rig.settings | {"timeoutSeconds": 100}})
            if made.status != 201:
                raise AssertionError(str(made))
        rigs[7].fail("t=search", hangs=True)
        began = time.monotonic()
        found = server.api.get(f"/api/search?query=2001&timeout={DEADLINE}").json
        whole = time.monotonic() - began
        first = _first_results(server)
    finally:
        for rig in rigs:
            rig.close()
        server.stop()
    answered = sum(entry["status"] == "ok" for entry in found["indexers"])
    return Seen(whole, first, answered, len(found["results"]))


def _first_results(server: KinodockServer) -> float:
    began = time.monotonic()
    # Other words than before, so that nothing is answered from memory.
    stream = EventStream(server.port, f"/api/search/stream?query=film&timeout={DEADLINE}", key=ADMIN_KEY)
    try:
        came = stream.wait_for(lambda event: event.name == "indexerAnswered" and event.data["results"], 10, "results")
        return came.at - began
    finally:
        stream.close()
