"""``vigie serve``: the site, on this machine."""

from __future__ import annotations

import click

from vigie.cli.records import open_records
from vigie.cli.saying import tell
from vigie.words import _, marked


@click.command(
    help=marked("Serve the site. It listens on this machine only, unless told otherwise."),
    epilog=marked("Example: vigie serve --port 8080"),
)
@click.option("--host", default="127.0.0.1", show_default=True, help=marked("Address."))
@click.option("--port", default=8000, show_default=True, help=marked("Port to listen on."))
@click.option("--workers", default=1, show_default=True, help=marked("Processes."))
def command(host: str, port: int, workers: int) -> None:
    """Serve until stopped."""
    serve(host=host, port=port, workers=workers)


def serve(*, host: str, port: int, workers: int = 1) -> None:
    """Bring the database up to date, then answer requests until stopped."""
    from granian import Granian
    from granian.constants import Interfaces

    open_records()
    tell(_("The site is at {address} — stop it with Ctrl-C.", address=f"http://{host}:{port}/"))
    Granian(
        "vigie.web.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=4,
        log_access=False,
    ).serve()
