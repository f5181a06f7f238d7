"""``vigie index``: compare, publish, recompute."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import click

from vigie import flow, settings
from vigie.cli.commands.register import refresh
from vigie.cli.records import open_records
from vigie.cli.saying import json_option, progress, tell, tell_json, tell_table
from vigie.errors import ComparisonError
from vigie.model import Standing
from vigie.store.store import Store, open_store
from vigie.words import Words, _, marked

SHOWN = 10
"""Rows of each group printed unless all are asked for."""

month_option = click.option("--month", help=marked("The month, as 2026-10 (default: the latest)."))


@click.group(help=marked("The Index: who leads, and how sure we are."))
def command() -> None:
    """Hold the commands about the Index."""


@command.command(
    "compute",
    help=marked("Measure what changed, then compare the institutions of a month: a draft."),
    epilog=marked("Example: vigie index compute --month 2026-10 --kind university --country FR"),
)
@month_option
@click.option("--method", help=marked("A dated method (default: the one in force)."))
@click.option("--kind", "kinds", multiple=True, help=marked("Only this kind; may be repeated."))
@click.option("--country", "countries", multiple=True, help=marked("Only this country, as FR."))
@click.option("--edition", help=marked("Name of the edition (default: the month)."))
@json_option
def compute(
    month: str | None,
    method: str | None,
    kinds: tuple[str, ...],
    countries: tuple[str, ...],
    edition: str | None,
    as_json: bool,
) -> None:
    """Compute a draft and print its head."""
    configured = settings.load()
    store = open_store(configured)
    with progress(_("Measuring")) as advance:
        flow.measure(store, settings=configured, progress=advance)
    made = flow.compare(
        store,
        month=_month(month),
        method=method,
        kinds=kinds,
        countries=countries,
        edition=edition,
        now=datetime.now(UTC),
    )
    caveats = tuple(caveat.words for caveat in made.caveats)
    _show(store, made.inputs.edition, as_json=as_json, everything=False, caveats=caveats)


@command.command("show", help=marked("Print the ranks of an edition or a draft."))
@click.argument("edition", required=False)
@month_option
@click.option("--all", "everything", is_flag=True, help=marked("Every row, not only the first."))
@json_option
def show(edition: str | None, month: str | None, everything: bool, as_json: bool) -> None:
    """Print an edition."""
    store = open_store(settings.load())
    name = edition or month or flow.latest_edition(store)
    _show(store, name, as_json=as_json, everything=everything, caveats=())


@command.command(
    "publish",
    help=marked("Freeze a draft for good: its inputs, method, values, ranks and replies."),
    epilog=marked('Example: vigie index publish 2026-10 --reason "An account was missing."'),
)
@click.argument("edition")
@click.option("--reason", help=marked("Why this revision replaces the one before."))
@json_option
def publish(edition: str, reason: str | None, as_json: bool) -> None:
    """Publish, and say where the open files are."""
    configured = settings.load()
    done = flow.publish(
        open_store(configured), configured, edition=edition, reason=reason, now=datetime.now(UTC)
    )
    edition_, digest = done.edition, done.edition.digest or ""
    if as_json:
        tell_json({"edition": edition_, "folder": done.folder})
    else:
        tell(
            _(
                "Edition {edition}, revision {revision}, is published: {folder} (digest {digest}).",
                edition=edition_.edition,
                revision=str(edition_.revision),
                folder=str(done.folder),
                digest=digest[:12],
            )
        )


@command.command(
    "recompute",
    help=marked("Compute an edition again from its open files, and compare to the last digit."),
    epilog=marked("Example: vigie index recompute vigie-home/editions/2026-10/r1"),
)
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@json_option
def recompute(folder: Path, as_json: bool) -> None:
    """Recompute; exit 1 with the first difference when it is not the same."""
    from vigie.index.edition import recompute as compute_again

    again = compute_again(folder)
    (edition,) = again.editions.to_pylist()
    rows = again.standings.num_rows
    if as_json:
        tell_json({"edition": edition["edition"], "revision": edition["revision"], "rows": rows})
    else:
        tell(
            _(
                "The same, to the last digit: {rows} institutions of edition {edition}, "
                "revision {revision}.",
                rows=rows,
                edition=edition["edition"],
                revision=str(edition["revision"]),
            )
        )


def _month(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError as error:
        raise ComparisonError(
            _("{month} is not a month. Write it as 2026-10.", month=text)
        ) from error


def _show(
    store: Store, edition: str, *, as_json: bool, everything: bool, caveats: tuple[Words, ...]
) -> None:
    standings = flow.standings(store, edition)
    if as_json:
        tell_json({"edition": edition, "standings": standings, "caveats": caveats})
        return
    names = flow.names(store)
    for group in sorted({row.group for row in standings}):
        _show_group(group, standings, names, everything=everything)
    for caveat in caveats:
        tell(caveat)


def _show_group(
    group: str, standings: list[Standing], names: dict[str, str], *, everything: bool
) -> None:
    rows = [row for row in standings if row.group == group]
    rows.sort(key=lambda row: (row.rank is None, row.rank or 0, row.institution))
    shown = rows if everything else rows[:SHOWN]
    headers = (
        _("Rank"), _("Institution"), _("Score"), _("Between"), _("First ten"), _("Band"),
    )  # fmt: skip
    title = _("{group}: {count} institutions", group=group, count=len(rows))
    tell_table(headers, [_cells(row, names) for row in shown], title=title)


def _cells(row: Standing, names: dict[str, str]) -> list[object]:
    return [
        None if row.rank is None else f"{row.rank}{' =' if row.is_tied else ''}",
        names.get(row.institution, row.institution),
        row.score,
        None if row.rank_low is None else f"{row.rank_low}–{row.rank_high}",
        None if row.first_ten is None else f"{row.first_ten:.0%}",
        row.band,
    ]


@command.command(
    "reply",
    help=marked(
        "Attach an institution's reply to its row of an edition: shown with it, logged, and "
        "frozen with the next revision."
    ),
    epilog=marked('Example: vigie index reply 2026-10 northfield "Our account was hacked in May."'),
)
@click.argument("edition")
@click.argument("institution")
@click.argument("words")
@click.option("--asks-correction", is_flag=True, help=marked("The institution asks for one."))
@json_option
def reply(edition: str, institution: str, words: str, asks_correction: bool, as_json: bool) -> None:
    """Keep the reply in the register, and give the store the register's new rows."""
    if not flow.standings(open_store(settings.load()), edition):
        raise ComparisonError(
            _("There is no edition {edition}. See them with: vigie index show", edition=edition)
        )
    open_records()
    from vigie.register.changes import write_statement
    from vigie.register.replying import reply as reply_of

    statement = reply_of(
        institution=institution,
        edition=edition,
        words=words,
        asks_correction=asks_correction,
        at=datetime.now(UTC),
    )
    write_statement(statement)
    refresh()
    if as_json:
        tell_json({"statement": statement.statement})
    else:
        tell(_("The reply of {institution} is shown with its row.", institution=institution))
