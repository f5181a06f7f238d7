"""One connection to one checked address, and those kept open for the next question."""

from __future__ import annotations

import http.client
import io
import selectors
import socket
import ssl
import threading
import time
import weakref
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from vigie.http.proxies import Proxy
from vigie.http.targets import Target

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

MOST_KEPT = 32
"""Connections kept open, over all servers."""
KEPT_SECONDS = 30.0
"""Servers close what is silent for longer; so do we, before they do."""


@dataclass(frozen=True, kw_only=True)
class Seconds:
    """How long is waited: for a connection, for the next bytes, for a whole answer."""

    connect: float = 10.0
    read: float = 30.0
    answer: float = 120.0


class _Reader(io.RawIOBase):
    """Reads from a socket until a moment: a server that drips cannot hold us."""

    def __init__(self, raw: socket.SocketIO, hurry: Callable[[], None]) -> None:
        self._raw, self._hurry = raw, hurry

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int | None:
        self._hurry()
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()


class _Read:
    """What the standard library reads an answer from: it asks for a file, and for nothing else."""

    def __init__(self, sock: socket.socket, hurry: Callable[[], None]) -> None:
        self._sock, self._hurry = sock, hurry

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(_Reader(self._sock.makefile("rb", buffering=0), self._hurry))


class Line(http.client.HTTPConnection):
    """A connection to one address, where a certificate is checked against the host's name.

    ``until`` bounds whatever is done on it, by the monotonic clock.
    """

    # Neither prints what is sent, nor connects again behind our back.
    debuglevel = 0
    auto_open = 0

    def __init__(
        self,
        target: Target,
        place: str,
        *,
        seconds: Seconds,
        context: ssl.SSLContext | None,
        proxy: Proxy | None = None,
        is_tunnel: bool = False,
    ) -> None:
        reached = (proxy.host, proxy.port) if proxy else (place, target.port)
        super().__init__(*reached, timeout=seconds.connect)
        if proxy and (is_tunnel or target.is_secure):
            host = f"[{target.host}]" if ":" in target.host else target.host
            self.set_tunnel(host, target.port, headers=dict(proxy.headers))
        self.place = place
        self.until = time.monotonic() + seconds.answer
        self._target, self._seconds, self._context = target, seconds, context
        self._watch: selectors.BaseSelector | None = None

    def connect(self) -> None:
        """Connect, through the proxy where there is one, and agree on a cipher."""
        super().connect()
        if self._context is None:
            return
        self.hurry(self.sock)
        self.sock = self._context.wrap_socket(self.sock, server_hostname=self._target.host)

    def hurry(self, sock: socket.socket) -> None:
        """Let the next step take the time that is left, and no more than one step may."""
        left = self.until - time.monotonic()
        if left <= 0:
            raise TimeoutError
        sock.settimeout(min(left, self._seconds.read))

    def response_class(  # type: ignore[override]  # a class there, made here with a deadline
        self, sock: socket.socket, *, method: str | None = None
    ) -> http.client.HTTPResponse:
        """Return what reads an answer within the time that is left."""
        # The socket is held here: the line forgets it as soon as a server says it will close.
        read = _Read(sock, lambda: self.hurry(sock))
        return http.client.HTTPResponse(cast("socket.socket", read), method=method)

    @property
    def is_silent(self) -> bool:
        """Whether nothing came since the last answer: neither a close nor bytes nobody asked."""
        if self.sock is None:
            return False
        if self._watch is None:
            # Of those that hold nothing open themselves.
            self._watch = getattr(selectors, "PollSelector", selectors.SelectSelector)()
            self._watch.register(self.sock, selectors.EVENT_READ)
        return not self._watch.select(0)


class Lines:
    """Connections kept open, the longest unused closed first. Safe to share between threads."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._kept: OrderedDict[Line, tuple[Target, float]] = OrderedDict()
        self._end = weakref.finalize(self, _close_all, self._kept)

    def take(self, target: Target) -> Line | None:
        """Return a connection that is open to this target, if one is."""
        while (line := self._newest(target)) is not None:
            if line.is_silent:
                return line
            line.close()
        return None

    def _newest(self, target: Target) -> Line | None:
        oldest = self._clock() - KEPT_SECONDS
        with self._lock:
            for line, (place, since) in reversed(self._kept.items()):
                if place == target and since >= oldest:
                    del self._kept[line]
                    return line
        return None

    def keep(self, line: Line, target: Target) -> None:
        """Keep a connection whose last answer was read to its end."""
        with self._lock:
            self._kept[line] = (target, self._clock())
            spare = [self._kept.popitem(last=False)[0] for _ in range(len(self._kept) - MOST_KEPT)]
        for line in spare:
            line.close()

    def close(self) -> None:
        """Close all that are kept."""
        with self._lock:
            _close_all(self._kept)


def _close_all(kept: OrderedDict[Line, tuple[Target, float]]) -> None:
    while kept:
        kept.popitem()[0].close()
