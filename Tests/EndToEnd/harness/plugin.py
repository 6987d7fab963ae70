"""A host of one instance of a plugin, for what no route of the server reaches: it speaks the C contract itself.

The structs are those of kinodock_plugin.h. Of the host's services there are HTTP, the clock, a store in memory, events,
which are kept with the time at which they came, and folders if the test gives them.
"""
import ctypes
import http.client
import itertools
import json
import queue
import threading
import time
import urllib.parse
from ctypes import POINTER, c_char_p, c_int32, c_uint16, c_uint32, c_uint64, c_void_p
from pathlib import Path


class _Bytes(ctypes.Structure):
    _fields_ = [("data", c_void_p), ("count", ctypes.c_size_t)]

    @property
    def value(self) -> bytes:
        return ctypes.string_at(self.data, self.count) if self.count else b""


_Reply = ctypes.CFUNCTYPE(None, c_void_p, c_int32, _Bytes, _Bytes)


class _Call(ctypes.Structure):
    _fields_ = [("size", c_uint32), ("reserved", c_uint32), ("id", c_uint64), ("deadline_ms", c_uint64),
                ("method", _Bytes), ("json", _Bytes), ("attachment", _Bytes), ("context", c_void_p), ("reply", _Reply)]


_Invoke = ctypes.CFUNCTYPE(None, c_void_p, POINTER(_Call))
_Cancel = ctypes.CFUNCTYPE(None, c_void_p, c_uint64)
_Log = ctypes.CFUNCTYPE(None, c_void_p, c_int32, _Bytes, _Bytes)


class HostTable(ctypes.Structure):
    """The table of version 1.0, which later servers only add to."""
    _fields_ = [("size", c_uint32), ("major", c_uint16), ("minor", c_uint16), ("context", c_void_p), ("log", _Log),
                ("invoke", _Invoke), ("cancel", _Cancel)]


class _Plugin(ctypes.Structure):
    _fields_ = [("size", c_uint32), ("magic", c_uint32), ("major", c_uint16), ("minor", c_uint16),
                ("min_host_minor", c_uint16), ("flags", c_uint16), ("manifest", c_char_p),
                ("create", ctypes.CFUNCTYPE(c_void_p, POINTER(HostTable), POINTER(_Call))),
                ("destroy", _Invoke), ("invoke", _Invoke), ("cancel", _Cancel)]


class PluginError(Exception):
    """What a plugin answered in place of a result."""

    def __init__(self, answer: dict) -> None:
        super().__init__(answer.get("message"))
        self.code = answer.get("code")


class PluginInstance:
    """An instance of the plugin at `path`, with these settings. Close it in the end."""

    def __init__(self, path: Path, settings: dict, folders: dict[str, str] | None = None) -> None:
        self.folders = folders
        self.events: list[tuple[float, str]] = []
        library = ctypes.CDLL(str(path))
        library.kinodock_plugin_v1.restype = POINTER(_Plugin)
        self._table = library.kinodock_plugin_v1().contents
        self._numbers = itertools.count(1)
        # ctypes keeps no reference to the functions in a struct.
        self._functions = (_Log(lambda *_: None), _Invoke(self._serve), _Cancel(lambda *_: None))
        self._host = HostTable(ctypes.sizeof(HostTable), 1, 0, None, *self._functions)
        self._instance = None
        self._values: dict[str, bytes] = {}
        # The plugin's thread is still on its way out of the function when its answer is here.
        self._replies: list = []

        def create(call: _Call) -> None:
            self._instance = self._table.create(ctypes.byref(self._host), ctypes.byref(call))
        self._run(create, "create", settings)

    def call(self, method: str, attachment: bytes = b"", **parameters: object) -> dict:
        """Calls a method, for example "download.files". Raises PluginError when the plugin answers with one."""
        return self._run(lambda call: self._table.invoke(self._instance, ctypes.byref(call)), method, parameters,
                         attachment)

    def close(self) -> None:
        self._run(lambda call: self._table.destroy(self._instance, ctypes.byref(call)), "destroy", {})

    def _run(self, start, method: str, parameters: dict, attachment: bytes = b"") -> dict:
        answers: queue.Queue = queue.Queue()
        reply = _Reply(lambda _, status, text, __: answers.put((status, text.value)))
        self._replies.append(reply)
        name, sent, file = _bytes(method.encode()), _bytes(json.dumps(parameters).encode()), _bytes(attachment)
        call = _Call(ctypes.sizeof(_Call), 0, next(self._numbers), 120_000, name, sent, file, None, reply)
        start(call)
        status, text = answers.get(timeout=120)
        answer = json.loads(text or b"{}")
        if status != 0:
            raise PluginError(answer)
        return answer

    def _serve(self, _context: int, call_pointer) -> None:
        call = call_pointer.contents
        method, text, body = call.method.value.decode(), call.json.value, call.attachment.value
        context, reply = call.context, _Reply(ctypes.cast(call.reply, c_void_p).value)
        if method == "events.emit":
            self.events.append((time.monotonic(), json.loads(text)["event"]))
        # The thread is the plugin's, which may be one of few.
        threading.Thread(target=self._answer, args=(method, text, body, context, reply), daemon=True).start()

    def _answer(self, method: str, text: bytes, body: bytes, context: int, reply) -> None:
        status, answer, attachment = 0, {}, b""
        try:
            if method == "http.send":
                answer, attachment = _send(json.loads(text), body)
            elif method == "clock.now":
                answer = {"unix_ms": int(time.time() * 1000)}
            elif method == "kv.get":
                attachment = self._values.get(json.loads(text)["key"], b"")
                answer = {"found": json.loads(text)["key"] in self._values}
            elif method == "kv.set":
                self._values[json.loads(text)["key"]] = body
            elif method == "kv.delete":
                self._values.pop(json.loads(text)["key"], None)
            elif method == "host.folders" and self.folders:
                answer = self.folders
        except OSError as error:
            status, answer = 1, {"code": "unreachable", "message": str(error)}
        result, rest = _bytes(json.dumps(answer).encode()), _bytes(attachment)
        reply(context, status, result, rest)


def _bytes(value: bytes) -> _Bytes:
    held = ctypes.create_string_buffer(value, len(value))
    result = _Bytes(ctypes.addressof(held), len(value))
    result.held = held  # as long as this very struct lives; a copy in another one does not count
    return result


def _send(request: dict, body: bytes) -> tuple[dict, bytes]:
    address = urllib.parse.urlsplit(request["url"])
    connection = http.client.HTTPConnection(address.hostname, address.port, timeout=request["timeout"] / 1000)
    try:
        headers = {field["name"]: field["value"] for field in request.get("headers", [])}
        target = address.path + ("?" + address.query if address.query else "")
        connection.request(request["method"], target, body or None, headers)
        answer = connection.getresponse()
        fields = [{"name": name, "value": value} for name, value in answer.getheaders()]
        return {"status": answer.status, "headers": fields, "url": request["url"]}, answer.read()
    finally:
        connection.close()


class SaysWhatIsMissing:
    """A test for every download client, mixed into a test case that has its `plugin`."""

    # An id as the client gives them, of no download.
    unknown = "0" * 40

    def test_what_is_not_there_is_said(self) -> None:
        for method in ("files", "pause", "resume", "retry"):
            with self.subTest(method=method), self.assertRaises(PluginError) as caught:
                self.plugin.call(f"download.{method}", id=self.unknown)
            self.assertEqual(caught.exception.code, "not_found")
        self.assertIsNone(self.plugin.call("download.item", id=self.unknown).get("item"))
        self.plugin.call("download.remove", id=self.unknown, deleting_data=True)
