"""Carries one question to one server and brings back the whole answer, or says why there is none.

Nothing is raised here: the frames of a traceback would hold the keys that are sent.
"""

from __future__ import annotations

import http.client
import re
import ssl
import time
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from vigie.http.addresses import Allowed
from vigie.http.asking import Answer, Request
from vigie.http.broken import Broken, broken_by, not_let_out, not_sendable, too_large, unencrypted
from vigie.http.lines import Line, Lines, Seconds
from vigie.http.proxies import Proxy
from vigie.http.targets import Target, path_of
from vigie.http.unpacking import ACCEPTED, PIECE, unpacked

MOST_ADDRESSES = 4
"""Of one name that are tried, one after the other: where IPv6 leads nowhere, IPv4 may."""
_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_VALUE = re.compile(r"[\t\x20-\x7e\x80-\xff]*")
OURS = frozenset({"host", "user-agent", "content-length", "transfer-encoding", "connection"})


@dataclass(kw_only=True)
class Carrier:
    """Puts questions on connections. Safe to share between threads."""

    agent: str
    allowed: Allowed
    most_bytes: int
    seconds: Seconds
    clock: Callable[[], datetime]
    proxy: Proxy | None = field(default=None, repr=False)
    authorities: str | None = None
    """File of the certificate authorities that are trusted; none: those of the machine."""

    def __post_init__(self) -> None:
        self.lines = Lines()

    @cached_property
    def context(self) -> ssl.SSLContext:
        """How servers prove who they are: always against a name, by a known authority."""
        context = ssl.create_default_context(cafile=self.authorities)
        context.set_alpn_protocols(["http/1.1"])
        return context

    def carry(self, request: Request, target: Target) -> Answer | Broken:
        """Put a question and return the answer, whatever its status."""
        headers = self.headers(request, target)
        if isinstance(headers, Broken):
            return headers
        line = self._kept(request, target)
        if line is not None:
            outcome = self._put(line, request, target, headers)
            if outcome is not None:
                return outcome
        opened = self.open(request, target)
        if isinstance(opened, Broken):
            return opened
        return self._put(opened, request, target, headers) or broken_by(
            target, ConnectionResetError()
        )

    def _kept(self, request: Request, target: Target) -> Line | None:
        """Return a connection that is open already.

        It may have been closed meanwhile: what must not arrive twice goes on a new one, where a
        break says more.
        """
        line = self.lines.take(target) if request.is_repeatable else None
        if line is None:
            return None
        if not self._may_go(request, target, (line.place,)):
            line.close()
            return None
        line.until = time.monotonic() + self.seconds.answer
        return line

    def headers(self, request: Request, target: Target) -> dict[str, str] | Broken:
        """Return the headers that go with a question, or why they cannot be sent."""
        given = {**request.headers, **request.secret_headers}
        ours = {"host": target.named, "user-agent": self.agent, "accept-encoding": ACCEPTED}
        proxied = self.proxy.headers if self.proxy and not target.is_secure else {}
        headers = {
            **ours,
            **{n.lower(): v.strip() for n, v in given.items() if n.lower() not in OURS},
            **{name.lower(): value for name, value in proxied.items()},
        }
        for name, value in headers.items():
            if not _NAME.fullmatch(name) or not _VALUE.fullmatch(value):
                return not_sendable(name if _NAME.fullmatch(name) else "header", target)
        return headers

    def open(self, request: Request, target: Target, *, is_stream: bool = False) -> Line | Broken:
        """Return a new connection to the first checked address that takes one.

        A stream's cipher is agreed on by the library that follows it, not here.
        """
        places = self._places(request, target)
        if isinstance(places, Broken):
            return places
        broken: Broken | None = None
        for place in places:
            line = self._line(target, place, is_stream=is_stream)
            try:
                line.connect()
                return line
            except (OSError, http.client.HTTPException, ValueError) as error:
                line.close()
                broken = broken_by(target, error, is_sent=False)
                if not broken.is_passing:
                    return broken
        if self.proxy:
            return not_let_out(target, self.proxy)
        return broken or broken_by(target, OSError(), is_sent=False)

    def _places(self, request: Request, target: Target) -> tuple[str, ...] | Broken:
        """Return the checked addresses of a target; a key goes to no stranger unencrypted."""
        if self.proxy and target.host in self.allowed.hosts:
            return ("",)
        places = self.allowed.addresses(target)
        if isinstance(places, Broken):
            return places
        if not self._may_go(request, target, places):
            return unencrypted(target)
        return places[:MOST_ADDRESSES]

    def _may_go(self, request: Request, target: Target, places: tuple[str, ...]) -> bool:
        """Say whether nobody on the way reads a key: it is encrypted, or stays in the house."""
        return (
            target.is_secure or not request.has_secrets or self.allowed.names(target.host, places)
        )

    def _line(self, target: Target, place: str, *, is_stream: bool) -> Line:
        return Line(
            target,
            place,
            seconds=self.seconds,
            context=self.context if target.is_secure and not is_stream else None,
            proxy=self.proxy,
            is_tunnel=is_stream,
        )

    def _put(
        self, line: Line, request: Request, target: Target, headers: Mapping[str, str]
    ) -> Answer | Broken | None:
        """Put the question on an open connection; none: it was closed before an answer began."""
        path = path_of(request)
        if self.proxy and not target.is_secure:
            path = f"http://{target.named}{path}"
        response: http.client.HTTPResponse | None = None
        try:
            line.hurry(line.sock)
            line.request(request.method, path, body=request.body, headers=dict(headers))
            response = line.getresponse()
            body = self._body(response, request)
        except ConnectionError as error:
            line.close()
            return None if response is None else broken_by(target, error)
        except (OSError, http.client.HTTPException, zlib.error, EOFError, ValueError) as error:
            line.close()
            is_late = time.monotonic() >= line.until
            return broken_by(target, error, late=self.seconds.answer if is_late else None)
        return self._answered(line, request, target, response, body)

    def _body(self, response: http.client.HTTPResponse, request: Request) -> bytes | None:
        """Return the body, unpacked; none where it is larger than is read."""
        pieces = unpacked(_pieces(response), response.headers.get("content-encoding", ""))
        found, size = [], 0
        for piece in pieces:
            size += len(piece)
            if size > self.most_bytes:
                return None
            found.append(piece)
        return b"".join(found)

    def _answered(
        self,
        line: Line,
        request: Request,
        target: Target,
        response: http.client.HTTPResponse,
        body: bytes | None,
    ) -> Answer | Broken:
        if body is None:
            line.close()
            return too_large(request.shown, self.most_bytes)
        if response.isclosed() and line.sock is not None:
            self.lines.keep(line, target)
        else:
            line.close()
        headers: dict[str, str] = {}
        for name, value in response.getheaders():
            name = name.lower()
            headers[name] = f"{headers[name]}, {value}" if name in headers else value
        return Answer(
            url=request.shown,
            status=response.status,
            headers=headers,
            body=body,
            at=self.clock(),
            secrets=request.secrets,
        )


def _pieces(response: http.client.HTTPResponse) -> Iterator[bytes]:
    """Yield the body as it comes; raise ``EOFError`` where it ends before it should."""
    while piece := response.read(PIECE):
        yield piece
    if response.length:
        raise EOFError
