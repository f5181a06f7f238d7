"""``vigie identity``: who institutions are, by what they posted in two years."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from vigie import flow, settings
from vigie.cli.identities import told_identities
from vigie.cli.records import open_records
from vigie.cli.saying import json_option, progress, tell, tell_json
from vigie.store.store import open_store
from vigie.words import _, marked


@click.command(
    help=marked(
        "Tell how far institutions can be told from their peers by their posts of the two years "
        "that end with a month, and by what. Without a name: every institution."
    ),
    epilog=marked("Example: vigie identity northfield --month 2026-10"),
)
@click.argument("institutions", nargs=-1)
@click.option(
    "--month",
    type=click.DateTime(["%Y-%m"]),
    help=marked("The month, as 2026-10 (default: the last whole one)."),
)
@json_option
def command(institutions: tuple[str, ...], month: datetime | None, as_json: bool) -> None:
    """Read, keep what was found, and measure."""
    open_records()
    from vigie.listening import tables

    configured = settings.load()
    store = open_store(configured)
    wanted = flow.Wanted(
        month=month.date() if month else None,
        institutions=institutions,
        specialities=tables.specialities(),
    )
    with progress(_("Telling who is who")) as advance:
        found = flow.identify(store, wanted, now=datetime.now(UTC), progress=advance)
    flow.measure(store, settings=configured)
    if as_json:
        tell_json({"month": found.month, "told": found.told, "untold": found.untold})
        return
    tell(told_identities(found))
