"""Follows a websocket: messages as they come, from a server that was checked like any other."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from http import HTTPStatus

from websockets.exceptions import ConnectionClosed, InvalidStatus, WebSocketException
from websockets.frames import CloseCode
from websockets.sync.client import ClientConnection, connect

from vigie.errors import GarbledError, NoAnswerError
from vigie.http.asking import Answer, Request
from vigie.http.broken import Broken, broken_by
from vigie.http.carrying import Carrier
from vigie.http.refusing import refusal
from vigie.http.targets import Target, path_of
from vigie.words import _

SCHEMES = ("wss", "ws")
MOST_MESSAGE = 8 << 20
"""Bytes of one message, unpacked; the largest of Bluesky's firehose is 5 MB."""
NOT_PASSED = frozenset({"host", "accept-encoding", "proxy-authorization"})
"""The library says the first two itself; the last is the proxy's, not the server's."""
PING_SECONDS = 20.0
CLOSE_SECONDS = 1.0

_MUTE = logging.Logger("vigie.http.following", level=logging.CRITICAL + 1)
"""The library writes whole requests, keys included, to its log: here it writes nowhere."""


def messages(
    carrier: Carrier, request: Request, target: Target, *, idle_seconds: float
) -> Iterator[bytes | str]:
    """Yield messages until the server says it is done; raise a ``NetworkError`` where it breaks."""
    connection = _opened(carrier, request, target)
    if isinstance(connection, Broken):
        raise connection.error
    with connection:
        while (message := _next(connection, target, idle_seconds)) is not None:
            if isinstance(message, Broken):
                raise message.error
            yield message


def _opened(carrier: Carrier, request: Request, target: Target) -> ClientConnection | Broken:
    """Return an open websocket on a connection to a checked address."""
    headers = carrier.headers(request, target)
    if isinstance(headers, Broken):
        return headers
    line = carrier.open(request, target, is_stream=True)
    if isinstance(line, Broken):
        return line
    sock, line.sock = line.sock, None
    sock.settimeout(None)
    agent = headers.pop("user-agent")
    extra = {name: value for name, value in headers.items() if name not in NOT_PASSED}
    try:
        return connect(
            f"{target.scheme}://{target.named}{path_of(request)}",
            sock=sock,
            ssl=carrier.context if target.is_secure else None,
            server_hostname=target.host if target.is_secure else None,
            additional_headers=extra,
            user_agent_header=agent,
            proxy=None,
            open_timeout=carrier.seconds.connect,
            ping_interval=PING_SECONDS,
            ping_timeout=PING_SECONDS,
            close_timeout=CLOSE_SECONDS,
            max_size=MOST_MESSAGE,
            logger=_MUTE,
        )
    except InvalidStatus as error:
        return _refused(carrier, request, target, error)
    except (OSError, EOFError, ValueError, WebSocketException) as error:
        return broken_by(target, error)


def _refused(carrier: Carrier, request: Request, target: Target, error: InvalidStatus) -> Broken:
    response = error.response
    answer = Answer(
        url=request.shown,
        status=response.status_code,
        headers={name.lower(): value for name, value in response.headers.raw_items()},
        body=bytes(response.body or b""),
        at=carrier.clock(),
        secrets=request.secrets,
    )
    if answer.status >= HTTPStatus.BAD_REQUEST:
        return Broken(error=refusal(answer))
    words = _("{host} does not open a live stream at {url}.", host=target.host, url=answer.url)
    return Broken(error=GarbledError(words))


def _next(
    connection: ClientConnection, target: Target, idle_seconds: float
) -> bytes | str | Broken | None:
    """Return the next message; none: the server said it has no more."""
    try:
        return connection.recv(timeout=idle_seconds)
    except TimeoutError:
        words = _(
            "{host} sent nothing for {seconds} seconds. It is followed again from there.",
            host=target.host,
            seconds=idle_seconds,
        )
    except ConnectionClosed as error:
        return _closed(error, target)
    return Broken(error=NoAnswerError(words))


def _closed(error: ConnectionClosed, target: Target) -> Broken | None:
    if error.sent and error.sent.code == CloseCode.MESSAGE_TOO_BIG:
        words = _(
            "{host} sent a message of more than {most} megabytes, which is not read.",
            host=target.host,
            most=MOST_MESSAGE >> 20,
        )
        return Broken(error=GarbledError(words))
    if error.rcvd and error.rcvd.code == CloseCode.NORMAL_CLOSURE:
        return None
    words = _("The live stream of {host} broke. It is followed again from there.", host=target.host)
    return Broken(error=NoAnswerError(words))
