"""Many listeners of one event stream, on one thread."""
import re
import selectors
import socket
import time

_ADDED = re.compile(rb"event: ?queueItemAdded\r?\n(?:id: ?\d+\r?\n)?data: ?\{[^\n]*?\"id\": ?\"([^\"]+)\"")


class Subscribers:
    """Connections to /api/queue/events that keep everything they receive."""

    def __init__(self, port: int, count: int) -> None:
        self._selector = selectors.DefaultSelector()
        self._received: dict[socket.socket, bytearray] = {}
        for _ in range(count):
            connection = socket.create_connection(("127.0.0.1", port), timeout=10)
            connection.sendall(b"GET /api/queue/events HTTP/1.1\r\nHost: bench\r\nAccept: text/event-stream\r\n\r\n")
            connection.setblocking(False)
            self._selector.register(connection, selectors.EVENT_READ)
            self._received[connection] = bytearray()

    def wait_until_open(self, seconds: float) -> None:
        """Reads until every connection has its answer's head."""
        self._read_until(lambda: all(b"\r\n\r\n" in data for data in self._received.values()), seconds)
        bad = [bytes(data[:60]) for data in self._received.values() if not data.startswith(b"HTTP/1.1 200")]
        if bad:
            raise AssertionError(f"{len(bad)} subscribers were not accepted, for example {bad[0]!r}")

    def count_complete(self, wanted: set[str], seconds: float) -> int:
        """Reads until every subscriber has an added-event for each id, and returns how many have."""
        names = {name.encode() for name in wanted}
        def complete() -> int:
            return sum(self._has(data, names) for data in self._received.values())
        self._read_until(lambda: False, seconds, lambda: complete() == len(self._received))
        return complete()

    def close(self) -> None:
        for connection in self._received:
            connection.close()
        self._selector.close()

    @staticmethod
    def _has(data: bytearray, names: set[bytes]) -> bool:
        return names <= set(_ADDED.findall(_without_chunks(bytes(data))))

    def _read_until(self, done, seconds: float, done_when_quiet=None) -> None:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and not done():
            ready = self._selector.select(0.5)
            for key, _ in ready:
                self._read(key.fileobj)
            if not ready and done_when_quiet and done_when_quiet():
                return

    def _read(self, connection: socket.socket) -> None:
        try:
            data = connection.recv(1 << 18)
        except BlockingIOError:
            return
        if data:
            self._received[connection] += data
        else:  # the server hung up; what came is what counts
            self._selector.unregister(connection)


def _without_chunks(data: bytes) -> bytes:
    """The body of a chunked answer, as far as it has come; a body that is not chunked as it is."""
    head, _, rest = data.partition(b"\r\n\r\n")
    if b"chunked" not in head.lower():
        return rest
    body = b""
    while rest:
        size, _, rest = rest.partition(b"\r\n")
        try:
            length = int(size.split(b";")[0], 16)
        except ValueError:
            break
        body += rest[:length]
        rest = rest[length + 2:]
    return body
