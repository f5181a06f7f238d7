"""A small websocket server on loopback that streams well or badly."""

from __future__ import annotations

import contextlib
import logging
import threading
from http import HTTPStatus
from types import TracebackType

from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response
from websockets.sync.server import Server, ServerConnection, serve


class StreamServer:
    """Sends what it is given; then does what ``then`` says.

    ``done`` ends properly, ``closed`` closes as a server that restarts, ``broken`` breaks the
    connection, ``silent`` says nothing more, ``refused`` does not even begin, ``moved`` sends the
    caller elsewhere, ``flood`` never stops.
    """

    def __init__(self, then: str = "done", messages: tuple[bytes | str, ...] = ()) -> None:
        self.then, self.messages = then, messages
        self.paths: list[str] = []
        self.agents: list[str] = []
        self.authorizations: list[str] = []
        self.headers: list[str] = []
        self.closed = threading.Event()
        self._over = threading.Event()
        self._server: Server = serve(
            self._stream,
            "127.0.0.1",
            0,
            process_request=self._begin,
            close_timeout=0.2,
            logger=logging.Logger("mute", logging.CRITICAL + 1),
        )
        self.port: int = self._server.socket.getsockname()[1]

    def url(self, path: str = "/stream", *, host: str = "127.0.0.1") -> str:
        return f"ws://{host}:{self.port}{path}"

    def __enter__(self) -> StreamServer:
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._over.set()
        self._server.shutdown()
        self._thread.join(5)

    def _begin(self, connection: ServerConnection, request: Request) -> Response | None:
        self.paths.append(request.path)
        self.headers.extend(name.lower() for name in request.headers)
        self.agents.append(request.headers.get("user-agent", ""))
        self.authorizations.append(request.headers.get("authorization", ""))
        if self.then == "refused":
            return connection.respond(HTTPStatus.FORBIDDEN, f"no: {request.path}")
        if self.then == "moved":
            moved = connection.respond(HTTPStatus.FOUND, "")
            moved.headers["Location"] = "ws://10.0.0.1/"
            return moved
        return None

    def _stream(self, connection: ServerConnection) -> None:
        with contextlib.suppress(ConnectionClosed):
            for message in self.messages:
                connection.send(message)
            self._end(connection)
        self.closed.set()

    def _end(self, connection: ServerConnection) -> None:
        if self.then == "closed":
            connection.close(1012)
        elif self.then == "broken":
            connection.close_socket()
        elif self.then == "silent":
            self._over.wait(20)
        while self.then == "flood" and not self._over.is_set():
            connection.send(b"x" * 1000)
