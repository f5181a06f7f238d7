"""Asking over a kept connection: our CPU for one question, beside the standard library's own.

Run: python -m bench.http_ask
Input: 5,000 questions to a server in another process, which answers 3 kB of JSON and the headers
of Bluesky. The peer sends the same and checks nothing: no address, no deadline, no allowance.
Claim: under 0.4 ms of our own CPU for each question, in the best of 25 rounds.
"""

from __future__ import annotations

import http.client
import multiprocessing
import socket
import sys
import threading
import time
from collections.abc import Callable

from vigie.http import Http, Request
from vigie.http.addresses import Allowed

ROUNDS, EACH = 25, 200
MILLISECONDS = 0.4
BODY = (
    b'{"feed": [' + b", ".join([b'{"text": "The library opens at eight", "likes": 3}'] * 60) + b"]}"
)
ANSWER = (
    b"HTTP/1.1 200 OK\r\nContent-Type: application/json; charset=utf-8\r\n"
    b"Date: Thu, 01 Oct 2026 12:00:00 GMT\r\nratelimit-limit: 3000\r\n"
    b"ratelimit-remaining: 2999\r\nratelimit-reset: 1790856300\r\n"
    b'ratelimit-policy: 3000;w=300\r\nETag: W/"abc"\r\nVary: Accept-Encoding\r\n'
    b"Content-Length: %d\r\n\r\n%b" % (len(BODY), BODY)
)


def serve(listener: socket.socket) -> None:
    """Answer whatever is asked."""
    while True:
        caller, _ = listener.accept()
        threading.Thread(target=answer, args=(caller,), daemon=True).start()


def answer(caller: socket.socket) -> None:
    """Answer every question of one caller."""
    caller.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    while caller.recv(1 << 16):
        caller.sendall(ANSWER)


def ours(port: int) -> Callable[[], object]:
    """Return our question, with a key, as a connector asks it."""
    opener = Http(agent="Vigie/bench", allowed=Allowed.of("127.0.0.1"))

    def ask() -> object:
        request = Request(
            url=f"http://127.0.0.1:{port}/feed",
            params={"actor": "northfield.example", "limit": "50"},
            secret_headers={"Authorization": "Bearer a-key-of-the-library"},
        )
        return opener.ask(request).body

    return ask


def theirs(port: int) -> Callable[[], object]:
    """Return the same question put by the standard library."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    headers = {"User-Agent": "Vigie/bench", "Authorization": "Bearer a-key-of-the-library"}

    def ask() -> object:
        connection.request("GET", "/feed?actor=northfield.example&limit=50", headers=headers)
        response = connection.getresponse()
        return response.read(), dict(response.headers)

    return ask


def cpu(ask: Callable[[], object]) -> float:
    """Return the milliseconds of our CPU for one question, in one round."""
    began = time.process_time()
    for _question in range(EACH):
        ask()
    return (time.process_time() - began) / EACH * 1000


def main() -> int:
    """Print both and their ratio; fail when the claim does not hold."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = multiprocessing.Process(target=serve, args=(listener,), daemon=True)
        server.start()
        port = listener.getsockname()[1]
        us, them = ours(port), theirs(port)
        rounds = [(cpu(us), cpu(them)) for _round in range(ROUNDS)]
        server.terminate()
        server.join()
    own, peer = min(own for own, _ in rounds), min(peer for _, peer in rounds)
    print(f"one question: {own:.3f} ms of CPU; the standard library alone: {peer:.3f} ms")
    print(f"ratio ours / theirs: {own / peer:.1f}")
    holds = own < MILLISECONDS
    print("claim holds" if holds else f"claim fails: {MILLISECONDS} ms")
    return 0 if holds else 1


if __name__ == "__main__":
    sys.exit(main())
