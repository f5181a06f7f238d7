"""``vigie serve``: the site, on this machine."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

import click

from vigie.cli.records import open_records
from vigie.cli.saying import tell
from vigie.words import _, marked

PATIENT = 600
"""Seconds an idle thread is kept: ending one has brought the whole site down, so seldom is best."""
PATIENCE = 30
"""Seconds a worker has to give back what it holds."""


@click.command(
    help=marked("Serve the site. It listens on this machine only, unless told otherwise."),
    epilog=marked("Example: vigie serve --port 8080"),
)
@click.option("--host", default="127.0.0.1", show_default=True, help=marked("Address."))
@click.option("--port", default=8000, show_default=True, help=marked("Port to listen on."))
@click.option("--workers", default=1, show_default=True, help=marked("Processes."))
@click.option(
    "--with-work",
    is_flag=True,
    help=marked("Do what is due as well, in a process beside the site (see: vigie run)."),
)
def command(host: str, port: int, workers: int, with_work: bool) -> None:
    """Serve until stopped."""
    serve(host=host, port=port, workers=workers, with_work=with_work)


def serve(*, host: str, port: int, workers: int = 1, with_work: bool = False) -> None:
    """Bring the database up to date, then answer requests until stopped."""
    from granian import Granian
    from granian.constants import Interfaces

    open_records()
    tell(_("The site is at {address} — stop it with Ctrl-C.", address=f"http://{host}:{port}/"))
    with _worker() if with_work else nullcontext():
        Granian(
            "vigie.web.wsgi:application",
            address=host,
            port=port,
            interface=Interfaces.WSGI,
            workers=workers,
            blocking_threads=4,
            blocking_threads_idle_timeout=PATIENT,
            log_access=False,
        ).serve()


@contextmanager
def _worker() -> Iterator[None]:
    """Run one worker beside the site, and stop it with it."""
    command = "from vigie.cli.main import main; main()"
    # A group of its own: a Ctrl-C reaches it once, through us.
    worker = subprocess.Popen(
        [sys.executable, "-c", command, "run", "--beside", str(os.getpid())],
        start_new_session=True,
    )
    try:
        yield
    finally:
        worker.terminate()
        try:
            worker.wait(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            worker.kill()
            worker.wait()
