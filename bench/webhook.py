"""A webhook is answered within 100 ms, its payload safely on the disk.

Claim: 99 of 100 deliveries of 2 kB, each with its signature checked and its bytes flushed to the
disk, are answered within 100 ms, once the site has made its first pages. Peer: the same server
before a bare handler that reads the body and answers, without signature or disk. The ratio says
what safety costs.
"""

from __future__ import annotations

import http.client
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from vigie.sources.webhook import signature

DELIVERIES = 1000
WARMING = 250
"""Deliveries that come while the site still makes its first pages, on the same cores."""
SIZE = 2048
MOST_MS = 100.0
SECRET = "a secret of a webhook that is measured"
VIGIE = (sys.executable, "-c", "from vigie.cli.main import main; main()")
BARE = """
from granian import Granian
from granian.constants import Interfaces
Granian("bench.webhook:bare", address="127.0.0.1", port={port}, interface=Interfaces.WSGI,
        blocking_threads=4, log_enabled=False).serve()
"""


def bare(environ, start_response):  # type: ignore[no-untyped-def]  # WSGI's own signature
    """Read the body and answer: what no webhook can do without."""
    environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"OK"]


def main() -> int:
    """Measure both, print the ratio, and fail when the claim does not hold."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "VIGIE_HOME": folder}
        _connect(environment, Path(folder))
        port = _free_port()
        with _serving([*VIGIE, "serve", "--port", str(port)], port, environment):
            ours = _measured(port, "/webhooks/generic/")
        kept = len(list((Path(folder) / "deliveries" / "new").iterdir()))
    port = _free_port()
    with _serving([sys.executable, "-c", BARE.format(port=port)], port, dict(os.environ)):
        theirs = _measured(port, "/")
    for name, times in (("vigie", ours), ("bare handler", theirs)):
        print(f"{name:>12}: median {_at(times, 50):6.2f} ms, 99th {_at(times, 99):6.2f} ms")
    print(f"kept: {kept} of {DELIVERIES}; ratio of medians {_at(ours, 50) / _at(theirs, 50):.1f}")
    return 0 if _at(ours, 99) < MOST_MS and kept == DELIVERIES else 1


def _connect(environment: dict[str, str], folder: Path) -> None:
    key = folder / "secret"
    key.write_text(SECRET)
    command = [*VIGIE, "sources", "connect", "webhook.generic", "--from-file", "secret", str(key)]
    subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)


def _measured(port: int, path: str) -> list[float]:
    """Return the milliseconds of each delivery but the first ones."""
    times: list[float] = []
    client = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    for number in range(DELIVERIES):
        body = json.dumps({"number": number, "padding": "x" * (SIZE - 40)}).encode()
        headers = {"X-Hub-Signature-256": signature(body, SECRET)}
        begun = time.perf_counter()
        client.request("POST", path, body, headers)
        answer = client.getresponse()
        answer.read()
        times.append((time.perf_counter() - begun) * 1000)
        if answer.status != 200:
            raise SystemExit(f"{path} answered {answer.status}")
    return sorted(times[WARMING:])


def _at(times: list[float], percent: int) -> float:
    return times[min(len(times) * percent // 100, len(times) - 1)]


@contextmanager
def _serving(command: list[str], port: int, environment: dict[str, str]) -> Iterator[None]:
    server = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    try:
        for _try in range(600):
            with socket.socket() as asked:
                if asked.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield
    finally:
        server.terminate()
        server.wait(timeout=20)


def _free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])


if __name__ == "__main__":
    sys.exit(main())
