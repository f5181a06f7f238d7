"""``vigie demo``: an invented sector, measured, compared and served, in one command."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import click

from vigie.cli.saying import json_option, progress, tell
from vigie.words import _, marked


@click.command(
    help=marked(
        "Make an invented sector, measure it, compute its Index, print it and serve the site. "
        "Every page says that it is invented."
    ),
    epilog=marked("Example: vigie demo --folder /tmp/vigie-demo --port 8080"),
)
@click.option(
    "--folder",
    type=click.Path(path_type=Path),
    default=Path("vigie-demo"),
    show_default=True,
    help=marked("Where the demonstration is kept."),
)
@click.option("--port", default=8000, show_default=True, help=marked("Port of the site."))
@click.option("--no-serve", is_flag=True, help=marked("Stop after printing the Index."))
@json_option
def command(folder: Path, port: int, no_serve: bool, as_json: bool) -> None:
    """Set the demonstration up where it is not there yet, then serve it."""
    os.environ["VIGIE_HOME"] = str(folder)
    from vigie import flow, settings
    from vigie.cli.commands.index import show
    from vigie.cli.commands.serve import serve
    from vigie.store.store import open_store

    configured = settings.load()
    store = open_store(configured)
    if not flow.editions(store):
        _load(flow, store, configured)
    context = click.Context(show)
    context.invoke(show, edition=None, month=None, everything=False, as_json=as_json)
    tell(_("These institutions are invented. The history page is real."), err=as_json)
    if not no_serve:
        serve(host="127.0.0.1", port=port)
