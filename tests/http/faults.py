"""A small web server on loopback that answers badly, in every way seen on the web.

``with FaultServer() as server: server.then(resets, says(200, b"{}"))`` — each question gets the
next behaviour, the last one for good. What was asked is in ``server.asked``. Nothing here waits
longer than the test: whatever still hangs is let go when the server is closed.
"""

from __future__ import annotations

import contextlib
import gzip
import json
import socket
import ssl
import struct
import threading
import zlib
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import TracebackType


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One question as it arrived."""

    method: str
    path: str
    headers: Mapping[str, str]
    """Names in lower case."""
    body: bytes
    connection: int
    """The how-manieth connection it came on: a kept one has the same number."""


@dataclass(kw_only=True)
class Caller:
    """Whom a behaviour answers."""

    socket: socket.socket
    asked: Asked
    over: threading.Event
    """Set when the server is closed: whoever waits, waits on this."""
    is_open: bool = True
    """Whether the next question may come on the same connection."""

    def send(self, sent: bytes) -> None:
        self.socket.sendall(sent)

    def wait(self, seconds: float = 60) -> bool:
        """Wait; return whether to go on."""
        return not self.over.wait(seconds)


Behaviour = Callable[[Caller], None]


def head(status: int, headers: Mapping[str, str] | list[tuple[str, str]] = {}) -> bytes:  # noqa: B006  # never changed
    """Return a status line and headers."""
    pairs = headers.items() if isinstance(headers, Mapping) else headers
    lines = [f"HTTP/1.1 {status} Said", *(f"{name}: {value}" for name, value in pairs)]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def says(status: int = 200, body: bytes = b"{}", **headers: str) -> Behaviour:
    """Answer properly; ``retry_after="5"`` is the header ``retry-after``."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}

    def answer(caller: Caller) -> None:
        length = {} if status in (204, 304) else {"Content-Length": str(len(body))}
        silent = caller.asked.method == "HEAD" or not length
        caller.send(head(status, {**length, **named}) + (b"" if silent else body))

    return answer


def says_json(value: object, status: int = 200, **headers: str) -> Behaviour:
    """Answer JSON."""
    return says(status, json.dumps(value).encode(), content_type="application/json", **headers)


def repeats(caller: Caller) -> None:
    """Answer with the whole question, keys included, as servers do when they complain."""
    asked = caller.asked
    body = f"bad request {asked.path} {dict(asked.headers)} {asked.body!r}".encode()
    says(400, body)(caller)


def says_html(caller: Caller) -> None:
    """Answer a web page where JSON was asked for, with status 200."""
    page = b"<!doctype html><html><head><title>Sign in \xe2\x80\x93 Campus</title></head></html>"
    says(200, page, content_type="text/html; charset=utf-8")(caller)


def redirects(location: str, status: int = 302) -> Behaviour:
    """Send the caller elsewhere."""
    return says(status, b"", location=location)


def resets(caller: Caller) -> None:
    """Break the connection without a word (RST)."""
    caller.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    caller.is_open = False


def closes(caller: Caller) -> None:
    """Close the connection without a word."""
    caller.is_open = False


def hangs(caller: Caller) -> None:
    """Never answer."""
    caller.wait()
    caller.is_open = False


def half(body: bytes = b'{"feed": [1, 2, 3]}') -> Behaviour:
    """Promise a body, send half of it and close."""

    def answer(caller: Caller) -> None:
        caller.send(head(200, {"Content-Length": str(len(body))}) + body[: len(body) // 2])
        caller.is_open = False

    return answer


def claims(length: str, body: bytes) -> Behaviour:
    """Say a content length that is not the body's, and keep the connection open."""

    def answer(caller: Caller) -> None:
        caller.send(head(200, {"Content-Length": length}) + body)

    return answer


def half_reset(caller: Caller) -> None:
    """Send half a body, then break the connection."""
    caller.send(head(200, {"Content-Length": "100"}) + b"{" * 50)
    caller.wait(0.05)
    resets(caller)


def chunked(*chunks: bytes, is_whole: bool = True, **headers: str) -> Behaviour:
    """Send chunks; where it is not whole, close before the last."""

    def answer(caller: Caller) -> None:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        caller.send(head(200, {"Transfer-Encoding": "chunked", **named}))
        for chunk in chunks:
            caller.send(b"%x\r\n%b\r\n" % (len(chunk), chunk))
        caller.send(b"0\r\n\r\n" if is_whole else b"ff\r\nnot all of it")
        caller.is_open = is_whole

    return answer


def until_close(body: bytes) -> Behaviour:
    """Send a body without its length, ended by closing."""

    def answer(caller: Caller) -> None:
        caller.send(head(200) + body)
        caller.is_open = False

    return answer


def drips(every: float = 0.05, *, in_headers: bool = False) -> Behaviour:
    """Send a byte now and then, for ever: each in time, the whole never."""

    def answer(caller: Caller) -> None:
        caller.send(b"HTTP/1.1 200 OK\r\n" if in_headers else head(200, {"Content-Length": "9999"}))
        with contextlib.suppress(OSError):
            while caller.wait(every):
                caller.send(b"x")
        caller.is_open = False

    return answer


def bomb(megabytes: int, encoding: str = "gzip") -> Behaviour:
    """Send a small body that unpacks to this many megabytes of zeros."""
    return says(200, packed_zeros(megabytes, encoding), content_encoding=encoding)


def packed_zeros(megabytes: int, encoding: str) -> bytes:
    """Return zeros, packed without ever holding them all."""
    bits = {"gzip": zlib.MAX_WBITS | 16, "deflate": zlib.MAX_WBITS}[encoding]
    packer = zlib.compressobj(9, zlib.DEFLATED, bits)
    zeros = bytes(1 << 20)
    return b"".join(packer.compress(zeros) for _ in range(megabytes)) + packer.flush()


def says_packed(body: bytes, encoding: str = "gzip", *, lost: int = 0) -> Behaviour:
    """Answer packed; ``lost`` bytes are missing at the end though the length is right."""
    raw = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    packed = {
        "gzip": gzip.compress(body),
        "deflate": zlib.compress(body),
        "raw": raw.compress(body) + raw.flush(),
    }[encoding]
    name = "deflate" if encoding == "raw" else encoding
    return says(200, packed[: len(packed) - lost], content_encoding=name)


def endless(caller: Caller) -> None:
    """Send a body that never ends, as fast as it is read."""
    caller.send(head(200))
    with contextlib.suppress(OSError):
        while not caller.over.is_set():
            caller.send(bytes(1 << 16))
    caller.is_open = False


def speaks_another_language(caller: Caller) -> None:
    """Answer something that is not HTTP."""
    caller.send(b"220 mail.northfield.test ESMTP ready\r\n")
    caller.is_open = False


def too_many_headers(caller: Caller) -> None:
    """Send headers without end."""
    with contextlib.suppress(OSError):
        caller.send(head(200, [(f"x-{number}", "y") for number in range(5000)]))
    caller.is_open = False


def tunnels(port: int) -> Behaviour:
    """Do as a proxy: whatever was asked for, connect to this port and pass everything on."""

    def answer(caller: Caller) -> None:
        caller.send(b"HTTP/1.1 200 Connection established\r\n\r\n")
        caller.is_open = False
        with socket.create_connection(("127.0.0.1", port)) as onward:
            back = threading.Thread(target=_pass_on, args=(onward, caller.socket), daemon=True)
            back.start()
            _pass_on(caller.socket, onward)
            back.join(5)

    return answer


def _pass_on(read: socket.socket, written: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while piece := read.recv(1 << 16):
            written.sendall(piece)
    with contextlib.suppress(OSError):
        written.shutdown(socket.SHUT_RDWR)


@dataclass
class FaultServer:
    """Listens on a loopback address; its behaviours are taken one by one."""

    address: str = "127.0.0.1"
    context: ssl.SSLContext | None = None
    asked: list[Asked] = field(default_factory=list)
    connections: int = 0

    def __post_init__(self) -> None:
        self._over = threading.Event()
        self._lock = threading.Lock()
        self._behaviours: deque[Behaviour] = deque([says()])
        self._sockets: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self._listener = socket.create_server((self.address, 0))
        self.port: int = self._listener.getsockname()[1]

    def then(self, *behaviours: Behaviour) -> FaultServer:
        """Answer like this from now on, in this order, the last for good."""
        with self._lock:
            self._behaviours = deque(behaviours)
        return self

    def url(self, path: str = "/", *, host: str | None = None) -> str:
        """Return an address of this server, under its own name or another."""
        scheme = "https" if self.context else "http"
        return f"{scheme}://{host or self.address}:{self.port}{path}"

    def __enter__(self) -> FaultServer:
        self._start(self._listen)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._over.set()
        # A thread that waits in accept does not notice a close: it is called instead.
        with contextlib.suppress(OSError), socket.create_connection((self.address, self.port), 1):
            pass
        with self._lock:
            sockets, threads = list(self._sockets), list(self._threads)
        for open_socket in sockets:
            with contextlib.suppress(OSError):
                open_socket.shutdown(socket.SHUT_RDWR)
        for thread in threads:
            thread.join(5)
        self._listener.close()

    def _start(self, work: Callable[..., None], *given: object) -> None:
        thread = threading.Thread(target=work, args=given, daemon=True)
        with self._lock:
            self._threads.append(thread)
        thread.start()

    def _listen(self) -> None:
        while True:
            accepted, _ = self._listener.accept()
            if self._over.is_set():
                accepted.close()
                return
            with self._lock:
                self.connections += 1
                number = self.connections
                self._sockets.append(accepted)
            self._start(self._serve, accepted, number)

    def _serve(self, accepted: socket.socket, number: int) -> None:
        accepted.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with contextlib.suppress(OSError), accepted:
            spoken = accepted
            if self.context:
                spoken = self.context.wrap_socket(accepted, server_side=True)
                with self._lock:
                    self._sockets.append(spoken)
            with spoken:
                while self._answer(spoken, number):
                    pass

    def _answer(self, spoken: socket.socket, number: int) -> bool:
        asked = read_question(spoken, number)
        if asked is None:
            return False
        with self._lock:
            self.asked.append(asked)
            last = len(self._behaviours) == 1
            behaviour = self._behaviours[0] if last else self._behaviours.popleft()
        caller = Caller(socket=spoken, asked=asked, over=self._over)
        behaviour(caller)
        return caller.is_open


def read_question(spoken: socket.socket, number: int) -> Asked | None:
    """Read one question; none where the caller has gone."""
    read = b""
    while b"\r\n\r\n" not in read:
        if not (piece := spoken.recv(1 << 16)):
            return None
        read += piece
    begin, _, body = read.partition(b"\r\n\r\n")
    first, *lines = begin.decode("latin-1").split("\r\n")
    headers = {}
    for line in lines:
        name, _, value = line.partition(":")
        headers[name.lower()] = value.strip()
    while len(body) < int(headers.get("content-length", "0")):
        body += spoken.recv(1 << 16)
    method, path, _ = first.split(" ", 2)
    return Asked(method=method, path=path, headers=headers, body=body, connection=number)
