"""A reader of server-sent events."""
import http.client
import json
import socket
import threading
import time
from dataclasses import dataclass
from typing import Callable

from rigs import TimedOut


@dataclass(frozen=True)
class Event:
    """One event; `data` is decoded JSON, or None when there was none; `at` is when it came, by `time.monotonic`."""
    id: str | None
    name: str
    data: object
    at: float = 0.0


class EventStream:
    """Listens on a connection in the background and keeps every event, until it is closed or the server ends it."""

    def __init__(self, port: int, path: str = "/api/queue/events", key: str | None = None,
                 last_event_id: str | None = None) -> None:
        self.events: list[Event] = []
        self.comments = 0
        self.ended = False
        self._changed = threading.Condition()
        headers = {"Accept": "text/event-stream"}
        if key:
            headers["x-api-key"] = key
        if last_event_id is not None:
            headers["Last-Event-ID"] = last_event_id
        # Longer than the pause between two heartbeats.
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=40)
        self._connection.request("GET", path, headers=headers)
        self._socket = self._connection.sock
        self._answer = self._connection.getresponse()
        self.status = self._answer.status
        self.headers = self._answer.headers
        threading.Thread(target=self._read, daemon=True).start()

    def wait_for(self, wanted: Callable[[Event], bool], seconds: float, what: str) -> Event:
        """The first event that fits, also one that came earlier."""
        deadline = time.monotonic() + seconds
        with self._changed:
            while True:
                for event in self.events:
                    if wanted(event):
                        return event
                left = deadline - time.monotonic()
                if left <= 0 or self.ended:
                    seen = [(event.name, event.id) for event in self.events[-20:]]
                    raise TimedOut(f"no event {what} within {seconds:g} s (stream ended: {self.ended}); last: {seen}")
                self._changed.wait(left)

    def wait_for_item(self, name: str, item: str, seconds: float = 20, **fields: object) -> Event:
        """Waits for an event about one queue item whose data has these fields."""
        def fits(event: Event) -> bool:
            return event.name == name and _is_about(event, item) and all(
                event.data.get(key) == value for key, value in fields.items())
        return self.wait_for(fits, seconds, f"{name} of {item} with {fields}")

    def wait_for_end(self, seconds: float) -> None:
        """Waits until the server has closed the stream."""
        with self._changed:
            if not self._changed.wait_for(lambda: self.ended, seconds):
                raise TimedOut(f"the event stream is still open after {seconds:g} s")

    def about(self, item: str) -> list[Event]:
        """The events about one queue item, in the order in which they came."""
        with self._changed:
            return [event for event in self.events if _is_about(event, item)]

    def close(self) -> None:
        """Hangs up, as a browser tab that is closed does."""
        try:
            self._socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self._connection.close()

    def __enter__(self) -> "EventStream":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _read(self) -> None:
        fields: dict[str, str] = {}
        try:
            while line := self._answer.readline():
                text = line.decode().rstrip("\r\n")
                if text:
                    self._take(text, fields)
                else:
                    self._finish(fields)
                    fields = {}
        except (OSError, ValueError, AttributeError, http.client.HTTPException):
            pass  # closed, by either side
        with self._changed:
            self.ended = True
            self._changed.notify_all()

    def _take(self, line: str, fields: dict[str, str]) -> None:
        name, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if name == "data" and "data" in fields:
            value = fields["data"] + "\n" + value
        if name:
            fields[name] = value
        else:  # a comment: the heartbeat
            self.comments += 1

    def _finish(self, fields: dict[str, str]) -> None:
        if "data" not in fields:
            return
        event = Event(fields.get("id"), fields.get("event", "message"), json.loads(fields["data"] or "null"),
                      time.monotonic())
        with self._changed:
            self.events.append(event)
            self._changed.notify_all()


def _is_about(event: Event, item: str) -> bool:
    return isinstance(event.data, dict) and event.data.get("id") == item
