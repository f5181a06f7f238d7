"""Reads published comparisons back from the store, for those who show them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import ibis.expr.types as ir

from vigie.columns import records_of
from vigie.errors import ReportError
from vigie.model import Edition, Institution, MethodGap, Statement
from vigie.words import _

Tables = Mapping[str, ir.Table]


def newest_editions(editions: ir.Table) -> list[Edition]:
    """Return the newest revision of each edition, the latest month first."""
    found: dict[str, Edition] = {}
    for one in records_of(Edition, editions.to_pyarrow()):
        if one.edition not in found or found[one.edition].revision < one.revision:
            found[one.edition] = one
    by_name = sorted(found.values(), key=lambda one: one.edition)
    return sorted(by_name, key=lambda one: one.month_on, reverse=True)


def is_draft(edition: Edition) -> bool:
    """Say whether an edition was computed and not yet published."""
    return edition.published_at is None


def chosen_edition(known: Sequence[Edition], choices: Mapping[str, str]) -> Edition | None:
    """Return the edition a reader means: by name, by month, or the latest one.

    A draft is shown only to who asks for it by name, or when there is nothing else. None when
    there is no edition at all.
    """
    if name := choices.get("edition"):
        return _named(known, name)
    if month := choices.get("month"):
        return _of_month(known, month)
    return next((one for one in known if not is_draft(one)), known[0] if known else None)


def _named(known: Sequence[Edition], name: str) -> Edition:
    for one in known:
        if one.edition == name:
            return one
    raise ReportError(
        _(
            "There is no edition {name}. The editions are: {known}.",
            name=name,
            known=_listed(one.edition for one in known),
        )
    )


def _of_month(known: Sequence[Edition], month: str) -> Edition:
    of_month = [one for one in known if f"{one.month_on:%Y-%m}" == month[:7]]
    if not of_month:
        raise ReportError(
            _(
                "There is no edition for {month}. There are editions for: {known}.",
                month=month,
                known=_listed(f"{one.month_on:%Y-%m}" for one in known),
            )
        )
    return next((one for one in of_month if not is_draft(one)), of_month[0])


def _listed(names: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(names)) or "–"


def of_edition(table: ir.Table, edition: Edition) -> ir.Table:
    """Return the rows of one revision of an edition."""
    return table.filter(table.edition == edition.edition, table.revision == edition.revision)


def gaps_of(gaps: ir.Table, edition: Edition) -> list[MethodGap]:
    """Return which methods could not be used on which groups, and what they lacked."""
    found = records_of(MethodGap, of_edition(gaps, edition).to_pyarrow())
    return sorted(found, key=lambda one: (one.group, one.method, one.figure))


def statements_of(statements: ir.Table, edition: Edition) -> dict[str, list[Statement]]:
    """Return the replies of institutions to an edition, oldest first."""
    rows = statements.filter(statements.edition == edition.edition).to_pyarrow()
    found: dict[str, list[Statement]] = {}
    for one in sorted(records_of(Statement, rows), key=lambda one: (one.written_at, one.statement)):
        found.setdefault(one.institution, []).append(one)
    return found


def institution_named(institutions: ir.Table, slug: str) -> Institution:
    """Return one institution; ``ReportError`` when there is none of that name."""
    rows = institutions.filter(institutions.institution == slug).limit(1).to_pyarrow()
    for one in records_of(Institution, rows):
        return one
    raise ReportError(
        _(
            "There is no institution {name} in the register. Look it up among the institutions.",
            name=slug,
        )
    )


def months_back(last: date, count: int) -> list[date]:
    """Return the first days of ``count`` months, the last one at the end."""
    place = last.year * 12 + last.month - 1
    return [date(m // 12, m % 12 + 1, 1) for m in range(place - count + 1, place + 1)]
