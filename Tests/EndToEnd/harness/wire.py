"""HTTP as it is on the wire: status, headers and bytes, nothing followed, nothing decoded unless asked."""
import http.client
import json
import socket
import ssl
import uuid
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Reply:
    """An answer. `request` says what was asked, for the message of a failed assertion."""
    request: str
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")

    @property
    def json(self) -> Any:
        try:
            return json.loads(self.body)
        except ValueError:
            raise AssertionError(f"{self}: the body is not JSON") from None

    def __str__(self) -> str:
        return f"{self.request} -> {self.status} {self.text[:500]}"


@dataclass(frozen=True)
class Upload:
    """A file in a multipart form."""
    name: str
    content: bytes
    media_type: str = "application/x-bittorrent"


class Api:
    """Requests to a server on 127.0.0.1 with one credential, or with none; encrypted when it is told whom to trust."""

    def __init__(self, port: int, key: str | None = None, timeout: float = 20,
                 trust: ssl.SSLContext | None = None) -> None:
        self.port = port
        self.key = key
        self.timeout = timeout
        self.trust = trust

    def as_nobody(self) -> "Api":
        return Api(self.port, None, self.timeout, self.trust)

    def with_key(self, key: str) -> "Api":
        return Api(self.port, key, self.timeout, self.trust)

    def connection(self) -> http.client.HTTPConnection:
        """A connection of one's own, to be closed by the caller."""
        if self.trust:
            return http.client.HTTPSConnection("127.0.0.1", self.port, timeout=self.timeout, context=self.trust)
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=self.timeout)

    def get(self, path: str, **headers: str) -> Reply:
        return self.send("GET", path, headers=_field_names(headers))

    def head(self, path: str, **headers: str) -> Reply:
        return self.send("HEAD", path, headers=_field_names(headers))

    def post(self, path: str, value: Any = None, **headers: str) -> Reply:
        return self.send("POST", path, value, _field_names(headers))

    def put(self, path: str, value: Any) -> Reply:
        return self.send("PUT", path, value)

    def delete(self, path: str) -> Reply:
        return self.send("DELETE", path)

    def upload(self, path: str, file: Upload, fields: dict[str, str] | None = None) -> Reply:
        """Sends a multipart form with one file in the field `file`."""
        boundary = uuid.uuid4().hex
        parts = [f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
                 for name, value in (fields or {}).items()]
        head = (f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{file.name}"\r\n'
                f"Content-Type: {file.media_type}\r\n\r\n")
        body = b"".join(parts) + head.encode() + file.content + f"\r\n--{boundary}--\r\n".encode()
        return self.send("POST", path, body, {"Content-Type": f"multipart/form-data; boundary={boundary}"})

    def send(self, method: str, path: str, value: Any = None, headers: dict[str, str] | None = None) -> Reply:
        """Sends one request on a connection of its own. Bytes and text go as they are, other values as JSON."""
        fields = dict(headers or {})
        body = value
        if value is not None and not isinstance(value, (bytes, str)):
            body = json.dumps(value)
        if isinstance(body, str):
            body = body.encode()
            fields.setdefault("Content-Type", "application/json")
        if self.key:
            fields.setdefault("x-api-key", self.key)
        connection = self.connection()
        try:
            connection.request(method, path, body, fields)
            answer = connection.getresponse()
            return Reply(f"{method} {path[:200]}", answer.status, answer.headers, answer.read())
        finally:
            connection.close()

    def raw(self, data: bytes, seconds: float = 5, hang_up: bool = True) -> bytes:
        """Sends bytes as they are and returns what comes back until the server closes, or is silent for `seconds`.

        With `hang_up` the sending side is closed after the bytes: nothing more will come.
        """
        received = b""
        with socket.create_connection(("127.0.0.1", self.port), timeout=seconds) as connection:
            try:
                connection.sendall(data)
                if hang_up:
                    connection.shutdown(socket.SHUT_WR)
                while block := connection.recv(65536):
                    received += block
            except OSError:  # refused, cut off, or silent
                pass  # what was received until then is the answer
        return received


def _field_names(headers: dict[str, str]) -> dict[str, str]:
    """Turns `if_none_match="x"` into `{"If-None-Match": "x"}`."""
    return {name.replace("_", "-").title(): value for name, value in headers.items()}


def status_of(raw: bytes) -> int | None:
    """The status of a raw answer; None when nothing that is HTTP came back."""
    parts = raw.split(b" ", 2)
    return int(parts[1]) if raw.startswith(b"HTTP/1.") and len(parts) > 1 and parts[1].isdigit() else None
