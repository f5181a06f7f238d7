"""The site may do the due work itself: one worker beside it, which goes when it goes."""

from __future__ import annotations

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

COMMAND = (sys.executable, "-c", "from vigie.cli.main import main; main()")


@pytest.fixture
def site(tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A site with a worker beside it."""
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        port = asked.getsockname()[1]
    environment = {**os.environ, "VIGIE_HOME": str(tmp_path)}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    command = [*COMMAND, "serve", "--port", str(port), "--with-work"]
    started = subprocess.Popen(command, env=environment, start_new_session=True)
    yield started
    if started.poll() is None:
        os.killpg(started.pid, signal.SIGKILL)
        started.wait()


def workers(home: Path) -> list[int]:
    """Return the process numbers of the workers the database knows."""
    with sqlite3.connect(home / "vigie.sqlite3", timeout=20) as database:
        try:
            rows = database.execute("SELECT name FROM sources_worker").fetchall()
        except sqlite3.OperationalError:
            return []
    return [int(name.split(":")[1]) for (name,) in rows]


def is_there(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def wait_for(is_so: Callable[[], object], what: str) -> None:
    until = time.monotonic() + 90
    while not is_so():
        assert time.monotonic() < until, what
        time.sleep(0.1)


def test_worker_stops_with_the_site(site: subprocess.Popen[bytes], tmp_path: Path) -> None:
    wait_for(lambda: workers(tmp_path), "no worker came up")
    (worker,) = workers(tmp_path)
    site.terminate()
    site.wait(timeout=60)
    assert (is_there(worker), workers(tmp_path)) == (False, [])


def test_worker_stops_when_the_site_is_killed(
    site: subprocess.Popen[bytes], tmp_path: Path
) -> None:
    wait_for(lambda: workers(tmp_path), "no worker came up")
    (worker,) = workers(tmp_path)
    os.killpg(site.pid, signal.SIGKILL)
    site.wait()
    wait_for(lambda: not is_there(worker), "the worker outlived its site")
