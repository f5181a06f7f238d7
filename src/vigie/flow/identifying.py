"""Posts of two years read for who each institution is; what was found is kept month by month."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

import pyarrow as pa

from vigie.columns import records_of, table_of
from vigie.errors import ListeningError
from vigie.flow.identity_reading import Reading
from vigie.listening.corpus import MOST
from vigie.listening.identifiability import DRAWS
from vigie.listening.identity import portrait
from vigie.listening.kept import KeptSpeciality
from vigie.listening.portraits import Period, Rows, rows_of
from vigie.measure.months import shifted, with_lookback
from vigie.model import (
    Identity,
    IdentityPost,
    IdentitySpeciality,
    IdentityTerm,
    Institution,
    Record,
)
from vigie.store.store import Store
from vigie.words import _

R = TypeVar("R", bound=Record)

MONTHS = 24
"""Two years: each half has every season of the academic year."""


@dataclass(frozen=True, kw_only=True)
class Identified:
    """What a run found."""

    month: date
    told: tuple[str, ...]
    """Institutions with a figure."""
    untold: tuple[str, ...]
    """Institutions without, for want of posts or of peers."""


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Of which month, and of whom; nobody named: of everyone."""

    month: date | None = None
    institutions: Collection[str] = ()
    specialities: Sequence[KeptSpeciality] = ()
    """What institutions declare."""
    most: int = MOST
    """Posts of one institution that are read."""
    draws: int = DRAWS
    """Times each is told from its peers; fewer are quicker, and their intervals rougher."""


def identify(
    store: Store,
    wanted: Wanted,
    *,
    now: datetime,
    progress: Callable[[int, int], None] = lambda done, of: None,
) -> Identified:
    """Tell who institutions are by the posts of the two years that end with a month."""
    month = wanted.month or last_whole_month(store, now)
    known = {
        one.institution: one
        for one in _records(store, Institution)
        if one.closed_on is None or one.closed_on > month
    }
    _refuse_unknown(wanted.institutions, known)
    read = Reading.of(store, with_lookback([month], range(1, MONTHS)))
    sought = set(wanted.institutions or known) & read.languages.keys()
    found: list[Rows] = []
    for members, language in _groups(known, read.languages, sought):
        here = sorted(sought & set(members))
        group = read.group(members, language, most=wanted.most)
        period = Period(month_on=month, first_on=shifted(month, 1 - MONTHS), language=language,
                        computed_at=now)  # fmt: skip
        for slug in here:
            told = portrait(group, slug, _declared(wanted.specialities, slug), draws=wanted.draws)
            found.append(rows_of(told, period, coverage=read.coverage(slug, language)))
            progress(len(found), len(sought))
    _keep(store, month, found)
    return Identified(
        month=month,
        told=tuple(sorted(r.identity.institution for r in found if r.identity.missing is None)),
        untold=tuple(sorted(r.identity.institution for r in found if r.identity.missing)),
    )


def identify_due(
    store: Store,
    *,
    specialities: Sequence[KeptSpeciality],
    named: Collection[str] = (),
    now: datetime,
) -> Identified | None:
    """Tell who they are of whom the last whole month is not known yet, and those named anew.

    None: everyone is known, or there is nothing to read.
    """
    over = [month for month in store.months("posts") if shifted(month, 1) <= now.date()]
    if not over:
        return None
    month = max(over)
    known = store.table(Identity.table, months=[month]).institution.to_pyarrow().to_pylist()
    open_ = {
        one.institution
        for one in _records(store, Institution)
        if one.closed_on is None or one.closed_on > month
    }
    wanted = open_ & set(named) if named else open_ - set(known)
    if not wanted:
        return None
    told = Wanted(month=month, institutions=wanted, specialities=specialities)
    found = identify(store, told, now=now)
    return found if found.told or found.untold else None


def last_whole_month(store: Store, now: datetime) -> date:
    """Return the last month that is over and of which there are posts."""
    over = [month for month in store.months("posts") if shifted(month, 1) <= now.date()]
    if not over:
        raise ListeningError(
            _("There are no posts to read yet. Import or collect some, then: vigie identity")
        )
    return max(over)


def _refuse_unknown(asked: Iterable[str], known: Mapping[str, Institution]) -> None:
    for slug in asked:
        if slug not in known:
            raise ListeningError(
                _(
                    "There is no open institution {name}. Give its short name, as in its address; "
                    "vigie register list shows them.",
                    name=slug,
                )
            )


def _groups(
    known: Mapping[str, Institution], languages: Mapping[str, str], sought: Collection[str]
) -> list[tuple[list[str], str]]:
    """Return the members of each kind and language in which somebody is sought."""
    groups: dict[tuple[str, str], list[str]] = {}
    for slug, language in sorted(languages.items()):
        if slug in known:
            groups.setdefault((known[slug].kind or "", language), []).append(slug)
    return [
        (members, language)
        for (_kind, language), members in sorted(groups.items())
        if set(members) & set(sought)
    ]


def _declared(specialities: Sequence[KeptSpeciality], institution: str) -> list[KeptSpeciality]:
    return [one for one in specialities if one.institution == institution]


def _keep(store: Store, month: date, found: Sequence[Rows]) -> None:
    """Write what was found over what was known of the same institutions and month."""
    told = [one.identity.institution for one in found]
    for record, rows in (
        (Identity, [one.identity for one in found]),
        (IdentityTerm, [row for one in found for row in one.terms]),
        (IdentitySpeciality, [row for one in found for row in one.specialities]),
        (IdentityPost, [row for one in found for row in one.posts]),
    ):
        before = store.table(record.table, months=[month])
        others = before.filter(~before.institution.isin(told)) if told else before
        new = table_of(record, rows)
        whole = pa.concat_tables([others.to_pyarrow().cast(new.schema), new])
        store.replace(record.table, whole, months=[month])


def _records(store: Store, record: type[R]) -> list[R]:
    return records_of(record, store.table(record.table).to_pyarrow())
