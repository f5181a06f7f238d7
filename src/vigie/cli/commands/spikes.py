"""``vigie spikes``: which queries brought more than chance explains, and by how much."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import click

from vigie import flow, settings
from vigie.cli.main import language
from vigie.cli.records import open_records
from vigie.cli.saying import json_option, tell, tell_json
from vigie.columns import records_of
from vigie.listening.spike_words import calendar_said, sentence, surely
from vigie.model import Institution, Spike
from vigie.settings import Settings
from vigie.store.store import Store, open_store
from vigie.words import _, marked, say


@click.command(
    help=marked(
        "Find the spikes of the kept queries: days that brought more posts than weekday, level and "
        "calendar let expect. Of those shown at most one in twenty is due to chance. They are "
        "remembered, and shown on the site with what explains them."
    ),
    epilog=marked("Example: vigie spikes --query northfield --day 2026-03-19"),
)
@click.option("--query", "name", help=marked("Show those of one query only; all are judged."))
@click.option(
    "--day",
    type=click.DateTime(["%Y-%m-%d"]),
    help=marked("Judge this day, by what was known before it. Without: yesterday and today."),
)
@json_option
def command(name: str | None, day: datetime | None, as_json: bool) -> None:
    """Judge, remember, and say what was found."""
    open_records()
    from vigie.listening import tables
    from vigie.listening.changes import query_named

    if name is not None:
        query_named(name)
    configured = settings.load()
    store = open_store(configured)
    kept = tables.queries()
    chosen = day.date() if day else None
    found = flow.find_spikes(
        store, flow.watch_of(kept, tables.events()), settings=configured, now=datetime.now(UTC),
        first=chosen, last=chosen,
    )  # fmt: skip
    mine = [one for one in found if name in (None, one.query)]
    if as_json:
        tell_json({"spikes": mine})
    elif not kept:
        tell(_("No query is kept yet, so nothing is watched. Keep one on the site: /listening/"))
    else:
        _tell(mine, {one.name: one.title for one in kept}, store, configured)


def _tell(
    found: Sequence[Spike], titles: dict[str, str], store: Store, configured: Settings
) -> None:
    if not found:
        tell(_("Nothing beyond what chance explains."))
    institutions = records_of(Institution, store.table("institutions").to_pyarrow())
    names = {one.institution: one.name for one in institutions}
    today = datetime.now(configured.zone).date()
    for spike in found:
        tell(
            sentence(
                spike, title=titles.get(spike.query, spike.query),
                institution=lambda slug: names.get(slug, slug), today=today,
            )
        )  # fmt: skip
        for words in (surely(spike), calendar_said(spike)):
            if words is not None:
                tell(f"  {say(words, language())}")
