"""Requests without a pause while a test does something else, none of which may fail."""
import threading
import time
from dataclasses import dataclass, field
from typing import Callable

from .wire import Reply


@dataclass
class _Lane:
    name: str
    send: Callable[[], Reply]
    pause: float
    times: list[float] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)


class Load:
    """Background requests, one thread for each kind. Use it with `with`; then `failures` says what went wrong."""

    # The machine that runs the tests may be busy with other things.
    LONGEST = 5.0

    def __init__(self) -> None:
        self._lanes: list[_Lane] = []
        self._threads: list[threading.Thread] = []
        self._end = threading.Event()

    def add(self, name: str, send: Callable[[], Reply], pause: float = 0.02) -> "Load":
        """Sends this again and again; each answer must be 200."""
        self._lanes.append(_Lane(name, send, pause))
        return self

    def __enter__(self) -> "Load":
        self._threads = [threading.Thread(target=self._run, args=(lane,), daemon=True) for lane in self._lanes]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        for thread in self._threads:
            thread.join(60)

    def _run(self, lane: _Lane) -> None:
        while not self._end.is_set():
            began = time.monotonic()
            try:
                reply = lane.send()
                if reply.status != 200:
                    lane.failures.append(str(reply))
            except (OSError, AssertionError) as error:
                lane.failures.append(repr(error))
            took = time.monotonic() - began
            lane.times.append(took)
            if took > self.LONGEST:
                lane.failures.append(f"took {took:.1f} s")
            self._end.wait(lane.pause)

    @property
    def failures(self) -> list[str]:
        """What went wrong, and which kind of request never got through."""
        idle = [f"{lane.name}: not one request" for lane in self._lanes if not lane.times]
        return idle + [f"{lane.name}: {failure}" for lane in self._lanes for failure in lane.failures]

    def __str__(self) -> str:
        return ", ".join(f"{len(lane.times)} {lane.name} (slowest {max(lane.times, default=0) * 1000:.0f} ms)"
                         for lane in self._lanes)
