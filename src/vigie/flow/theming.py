"""Themes of the last half-year and terms that emerge: found, kept whole, read by the site."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np

from vigie.columns import records_of, table_of
from vigie.flow.counting import months_between
from vigie.listening.emerging import Burst, Text, emerging
from vigie.listening.masking import Mask, names_of, own_words, signatures
from vigie.listening.series import originals
from vigie.listening.texts import READS, texts
from vigie.listening.themes import NO_THEME, Known, Themes, themes
from vigie.model import Account, EmergingTerm, Institution, ThemedPost, ThemeFound
from vigie.settings import Settings
from vigie.store.store import Store

SCOPES = ("others", "own")
"""What is said of institutions, and what they say themselves."""
SPAN = timedelta(days=180)
"""What themes and emerging terms are found in: a half-year."""
MOST_POSTS = 30_000
"""Posts that are read at most, the newest."""
BUSY = 30.0
"""With so many posts on most days a day is long enough to see what emerges; else a week is."""
WEEK = 7

Row = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Themed:
    """What a run found."""

    themes: int
    posts: int
    emerging: int


def find_themes(
    store: Store, *, settings: Settings, now: datetime, remembered: Sequence[Known] = ()
) -> Themed:
    """Find themes and emerging terms, and put them in the place of those of the run before.

    ``remembered`` are the themes that people named or merged: they are found again even when a
    run has gone without them.
    """
    mask = _mask(store)
    found, posts, terms = [], [], []
    for scope in SCOPES:
        rows = _rows(store, scope, today=now.astimezone(settings.zone).date())
        if not rows:
            continue
        words = _masked(rows, mask, scope)
        told = themes(words, known=_known(store, scope, remembered))
        found += list(_themes(scope, rows, told, now))
        posts += list(_posts(scope, rows, told))
        terms += list(_emerging(scope, rows, words, now))
    _keep(store, found, posts, terms)
    return Themed(themes=len(found), posts=len(posts), emerging=len(terms))


def _keep(
    store: Store,
    found: Sequence[ThemeFound],
    posts: Sequence[ThemedPost],
    terms: Sequence[EmergingTerm],
) -> None:
    store.replace("themes", table_of(ThemeFound, found))
    months = {one.published_on.replace(day=1) for one in posts} | set(store.months("themed"))
    if months:
        store.replace("themed", table_of(ThemedPost, posts), months=sorted(months))
    store.replace("emerging", table_of(EmergingTerm, terms))


def _rows(store: Store, scope: str, *, today: date) -> list[Row]:
    """Return the posts of the half-year that ends with the newest of them, the newest first."""
    last = _last_day(store, scope, today)
    if last is None:
        return []
    rows = _texts(store, scope, last - SPAN, last)
    columns = ("network", "post", "published_on", "published_at", "author", "text")
    newest = rows.order_by(rows.published_at.desc(), rows.network, rows.post).limit(MOST_POSTS)
    found: list[Row] = newest.select(*columns).to_pyarrow().to_pylist()
    return found


def _last_day(store: Store, scope: str, today: date) -> date | None:
    name = "posts" if scope == "own" else "mentions"
    for month in reversed(store.months(name)):
        days = store.table(name, months=[month]).published_on
        found: date | None = days.max().to_pyarrow().as_py()
        if found is not None and month <= today:
            return min(found, today)
    return None


def _texts(store: Store, scope: str, first: date, last: date) -> ir.Table:
    rows = originals(
        store.view(texts, store.tables(READS, months=months_between(store, first, last)))
    )
    return rows.filter(
        rows.origin == scope,
        rows.published_on.between(first, last),
        rows.text.notnull(),
    )


def _mask(store: Store) -> Mask:
    """Return what takes the names of institutions out: every theme would be theirs."""
    institutions = records_of(Institution, store.table("institutions").to_pyarrow())
    accounts = records_of(Account, store.table("accounts").to_pyarrow())
    of: dict[str, list[Account]] = {}
    for account in accounts:
        of.setdefault(account.institution, []).append(account)
    names = {one.institution: names_of(one, of.get(one.institution, ())) for one in institutions}
    return Mask(names=own_words(names))


def _masked(rows: Sequence[Row], mask: Mask, scope: str) -> list[str]:
    if scope == "own":
        signed = signatures((row["author"], row["text"]) for row in rows)
        mask = Mask(names=mask.names, signatures=signed)
    return [mask.spoken(row["text"]).masked for row in rows]


def _known(store: Store, scope: str, remembered: Sequence[Known]) -> list[Known]:
    """Return the themes of the run before, and those that people remember."""
    table = store.table("themes")
    before = records_of(ThemeFound, table.filter(table.scope == scope).to_pyarrow())
    known = [
        Known(fingerprint=one.theme, weights=dict(zip(one.terms, one.weights, strict=True)))
        for one in before
    ]
    there = {one.fingerprint for one in known}
    return [*known, *(one for one in remembered if one.fingerprint not in there)]


def _themes(scope: str, rows: Sequence[Row], told: Themes, now: datetime) -> Iterator[ThemeFound]:
    days = [row["published_on"] for row in rows]
    for place, theme in enumerate(told.themes):
        mine = [row for row, of in enumerate(told.of) if of == place]
        if not mine:
            continue
        yield ThemeFound(
            scope=scope,
            theme=theme.fingerprint,
            terms=theme.terms,
            weights=theme.weights,
            written=theme.written,
            posts=len(mine),
            authors=len({(rows[row]["network"], rows[row]["author"]) for row in mine}),
            first_day=min(days),
            last_day=max(days),
            observed_at=now,
        )


def _posts(scope: str, rows: Sequence[Row], told: Themes) -> Iterator[ThemedPost]:
    for place, row in enumerate(rows):
        if told.of[place] != NO_THEME:
            yield ThemedPost(
                network=row["network"],
                post=row["post"],
                published_on=row["published_on"],
                scope=scope,
                theme=told.themes[told.of[place]].fingerprint,
                strength=round(float(told.strength[place]), 3),
            )


def _emerging(
    scope: str, rows: Sequence[Row], words: Sequence[str], now: datetime
) -> Iterator[EmergingTerm]:
    read = [
        Text(
            text=said,
            day=row["published_on"],
            author=(row["network"], row["author"]),
            is_own=scope == "own",
        )
        for row, said in zip(rows, words, strict=True)
    ]
    last = max(one.day for one in read)
    span = _span([one.day for one in read])
    first = last - timedelta(days=span - 1)
    newest = sum(one.day >= first for one in read)
    # The newest stand first.
    burst = emerging(read[:newest], read[newest:], span=span)
    yield from _told(scope, rows, burst, first, last, now)


def _span(days: Sequence[date]) -> int:
    each = np.array([day.toordinal() for day in days])
    counts = np.bincount(each - each.min())
    return 1 if float(np.median(counts)) >= BUSY else WEEK


def _told(
    scope: str, rows: Sequence[Row], burst: Burst, first: date, last: date, now: datetime
) -> Iterator[EmergingTerm]:
    for one in burst.terms:
        yield EmergingTerm(
            scope=scope,
            term=one.term,
            written=one.written,
            first_day=first,
            last_day=last,
            posts=len(one.rows),
            authors=one.authors,
            before=one.before,
            expected=one.expected,
            score=one.score,
            limit=burst.limit,
            said_in=tuple(f"{rows[row]['network']} {rows[row]['post']}" for row in one.rows),
            observed_at=now,
        )


def known_themes(store: Store, scope: str) -> list[ThemeFound]:
    """Return the themes of the newest run, the largest first."""
    table = store.table("themes")
    found = records_of(ThemeFound, table.filter(table.scope == scope).to_pyarrow())
    return sorted(found, key=lambda one: (-one.posts, one.theme))


def emerging_terms(store: Store, scope: str) -> list[EmergingTerm]:
    """Return the terms that emerge, the surest first."""
    table = store.table("emerging")
    found = records_of(EmergingTerm, table.filter(table.scope == scope).to_pyarrow())
    return sorted(found, key=lambda one: (-one.score, one.term))


@dataclass(frozen=True, kw_only=True)
class Week:
    """A theme in a week."""

    theme: str
    week: date
    """Its Monday."""
    posts: int
    authors: int


def theme_weeks(store: Store, scope: str) -> list[Week]:
    """Return the posts and authors of each theme by week."""
    themed = store.table("themed")
    themed = themed.filter(themed.scope == scope)
    days = themed.published_on
    first, last = days.min().to_pyarrow().as_py(), days.max().to_pyarrow().as_py()
    if first is None:
        return []
    rows = _texts(store, scope, first, last).select("network", "post", "author", "published_on")
    joined = rows.inner_join(themed.select("network", "post", "theme"), ["network", "post"])
    weekly = joined.group_by("theme", week=joined.published_on.truncate("W").cast("date")).agg(
        posts=joined.count(), authors=joined.author.nunique()
    )
    return [Week(**row) for row in weekly.order_by("theme", "week").to_pyarrow().to_pylist()]


def posts_of(
    store: Store, scope: str, keys: Sequence[tuple[str, str]], *, first: date, last: date
) -> list[Row]:
    """Return some posts by network and identifier, as rows of texts, the newest first."""
    rows = _texts(store, scope, first, last)
    wanted = ibis.memtable(
        {"network": [network for network, _post in keys], "post": [post for _n, post in keys]},
        schema={"network": "string", "post": "string"},
    )
    found = rows.semi_join(wanted, ["network", "post"])
    listed: list[Row] = (
        found.order_by(found.published_at.desc(), found.post).to_pyarrow().to_pylist()
    )
    return listed


def posts_of_themes(store: Store, scope: str, names: Sequence[str], *, most: int) -> list[Row]:
    """Return the posts that are most surely of some themes, as rows of texts."""
    themed = store.table("themed")
    mine = themed.filter((themed.scope == scope) & themed.theme.isin(list(names)))
    surest = mine.order_by(mine.strength.desc(), mine.published_on.desc(), mine.post).limit(most)
    rows = surest.select("network", "post", "published_on").to_pyarrow().to_pylist()
    if not rows:
        return []
    days = [row["published_on"] for row in rows]
    keys = [(row["network"], row["post"]) for row in rows]
    return posts_of(store, scope, keys, first=min(days), last=max(days))
