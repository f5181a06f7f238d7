"""Values compared: drafts, editions, and what is asked of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TypeVar

import pyarrow as pa

from vigie.columns import records_of
from vigie.errors import ComparisonError, EditionError
from vigie.flow.measures import tables_near
from vigie.index.comparison import CURRENT, Comparison
from vigie.index.comparison import compare as compare_institutions
from vigie.index.edition import Published
from vigie.index.edition import publish as publish_files
from vigie.index.observations import post_samples
from vigie.model import Account, Edition, Enrolment, Institution, Record, Standing, Statement
from vigie.settings import Settings
from vigie.store.store import Store
from vigie.words import _

R = TypeVar("R", bound=Record)


def compare(
    store: Store,
    *,
    now: datetime,
    month: date | None = None,
    method: str | None = None,
    kinds: Sequence[str] = (),
    countries: Sequence[str] = (),
    edition: str | None = None,
) -> Comparison:
    """Compare the institutions of a month and keep the draft in place of an older one."""
    month = month or _latest_month(store)
    name = edition or f"{month:%Y-%m}"
    found = compare_institutions(
        values=store.table("values", months=[month]).to_pyarrow(),
        samples=post_samples(tables_near(store, [month]), month_on=month),
        institutions=_records(store, Institution),
        accounts=_records(store, Account),
        enrolments=_records(store, Enrolment),
        previous=store.table("standings").to_pyarrow(),
        month_on=month,
        edition=name,
        computed_at=now,
        method=method or CURRENT,
        kinds=kinds or None,
        countries=[country.lower() for country in countries] or None,
    )
    for table, rows in found.tables().items():
        _replace_draft(store, table, name, rows)
    return found


def publish(
    store: Store, settings: Settings, *, edition: str, reason: str | None, now: datetime
) -> Published:
    """Freeze a draft; refuse when the observations changed since it was computed."""
    draft = _draft(store, edition)
    chosen = [row.group.split(".") for row in draft]
    again = compare(
        store,
        now=now,
        month=draft[0].month_on,
        method=draft[0].method,
        kinds=sorted({parts[0] for parts in chosen}),
        countries=sorted({parts[1] for parts in chosen}),
        edition=edition,
    )
    if _draft(store, edition) != draft:
        raise EditionError(
            _(
                "What was observed changed since {edition} was computed. The draft is new: look "
                "at it, then publish.",
                edition=edition,
            )
        )
    return freeze(store, settings, again, reason=reason, now=now)


def freeze(
    store: Store, settings: Settings, comparison: Comparison, *, reason: str | None, now: datetime
) -> Published:
    """Publish a comparison as it is: its open files, then its rows in place of the draft."""
    edition = comparison.inputs.edition
    statements = [one for one in _records(store, Statement) if one.edition == edition]
    done = publish_files(
        comparison,
        settings.home / "editions",
        published_at=now,
        statements=statements,
        reason=reason,
    )
    for table, rows in done.comparison.tables().items():
        _replace_draft(store, table, edition, rows)
    return done


def _draft(store: Store, edition: str) -> list[Standing]:
    found = standings(store, edition, revision=0)
    if not found:
        raise EditionError(
            _(
                "There is no draft {edition}. Compute it first: vigie index compute --month …",
                edition=edition,
            )
        )
    return found


def editions(store: Store) -> list[Edition]:
    """Return every draft and published revision, newest month first."""
    found = _records(store, Edition)
    return sorted(found, key=lambda one: (one.month_on, one.edition, one.revision), reverse=True)


def latest_edition(store: Store) -> str:
    """Return the name of the newest edition, published or not."""
    found = editions(store)
    if not found:
        raise EditionError(_("There is no edition yet. Compute one: vigie index compute"))
    return found[0].edition


def standings(store: Store, edition: str, *, revision: int | None = None) -> list[Standing]:
    """Return the rows of an edition by group and rank: of its draft, or its newest revision."""
    table = store.table("standings")
    rows = records_of(Standing, table.filter(table.edition == edition).to_pyarrow())
    known = {row.revision for row in rows}
    if revision is None:
        revision = 0 if 0 in known else max(known, default=0)
    return sorted(
        (row for row in rows if row.revision == revision),
        key=lambda row: (row.group, row.rank is None, row.rank or 0, row.institution),
    )


def names(store: Store) -> dict[str, str]:
    """Return the name of every institution by its slug."""
    return {one.institution: one.name for one in _records(store, Institution)}


def _records(store: Store, record: type[R]) -> list[R]:
    return records_of(record, store.table(record.table).to_pyarrow())


def _latest_month(store: Store) -> date:
    values = store.table("values")
    month = values.month_on.max().to_pyarrow().as_py()
    if month is None:
        raise ComparisonError(
            _("There is nothing to compare yet. Import observations, then: vigie measure")
        )
    return date(month.year, month.month, 1)


def _replace_draft(store: Store, table: str, edition: str, rows: pa.Table) -> None:
    """Keep every other edition and every published revision; only this draft gives way."""
    kept = store.table(table)
    kept = kept.filter((kept.edition != edition) | (kept.revision != 0))
    store.replace(table, pa.concat_tables([kept.to_pyarrow().cast(rows.schema), rows]))
