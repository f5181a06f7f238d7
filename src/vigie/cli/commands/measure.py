"""``vigie measure``: bring every indicator up to date."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from vigie import flow, settings
from vigie.cli.inbox_tables import keep_inbox
from vigie.cli.records import open_records
from vigie.cli.saying import json_option, progress, tell, tell_json
from vigie.store.store import open_store
from vigie.words import _, marked


@click.command(
    help=marked("Bring every indicator up to date: only the months whose observations changed."),
    epilog=marked("Example: vigie measure --all"),
)
@click.option("--all", "everything", is_flag=True, help=marked("Measure every month again."))
@json_option
def command(everything: bool, as_json: bool) -> None:
    """Measure, and say how many values there are."""
    configured = settings.load()
    store = open_store(configured)
    open_records()
    keep_inbox(store, settings=configured, now=datetime.now(UTC))
    with progress(_("Measuring")) as advance:
        done = flow.measure(store, settings=configured, everything=everything, progress=advance)
    if as_json:
        tell_json(done)
    else:
        tell(
            _(
                "{values} values of {months} months, in {seconds} s.",
                values=done.values,
                months=len(done.months),
                seconds=round(done.seconds, 1),
            )
        )
