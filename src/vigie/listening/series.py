"""What is watched: each query as a whole, and by network, institution, intent, service and tone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa

from vigie.listening.coverage import Share
from vigie.listening.forecast import Counts, Numbers
from vigie.listening.query_evaluation import with_folded

WHOLE = "all"
FACETS = (WHOLE, "network", "institution", "intent", "service", "tone")
"""The parts of a query that are watched beside the whole."""
LEAST_POSTS = 10
"""A part that brought fewer before the day is not watched by itself; the whole always is."""
MARK = ":"


class Looking(Protocol):
    """What says which posts are meant: a query, read."""

    def condition(self, texts: ir.Table) -> ir.BooleanValue:
        """Return whether each row of ``texts`` is what is asked for."""


@dataclass(frozen=True, kw_only=True, order=True)
class Series:
    """What is counted: the posts a query catches, all of them or a part."""

    query: str
    facet: str = WHOLE
    value: str = ""


@dataclass(frozen=True, kw_only=True)
class Watched:
    """What each series brought, day by day."""

    series: tuple[Series, ...]
    counts: Counts
    authors: Numbers
    """Distinct authors of the day's posts, like ``counts.posts``."""
    stand_for: Numbers
    """Posts for which each of the day's stands, 1 where all are kept."""

    def until(self, day: date) -> Watched:
        """Return what was known at the end of a day."""
        stop = (day - self.counts.days[0]).days + 1
        counts = Counts(
            days=self.counts.days[:stop],
            posts=self.counts.posts[:, :stop],
            seen=self.counts.seen[:, :stop],
        )
        return Watched(
            series=self.series,
            counts=counts,
            authors=self.authors[:, :stop],
            stand_for=self.stand_for[:, :stop],
        )


COUNTED = pa.schema(
    [("query", pa.string()), ("part", pa.string()), ("day", pa.date32()),
     ("posts", pa.int64()), ("authors", pa.int64()), ("stand_for", pa.int64())]
)  # fmt: skip
"""What ``counted`` returns."""


def part(texts: ir.Table, series: Series) -> ir.BooleanValue:
    """Return whether each text is of the part of a query that a series counts."""
    if series.facet == WHOLE:
        return ibis.literal(True)
    if series.facet in ("network", "tone"):
        return (texts[series.facet] == series.value).fill_null(False)
    values = {
        "institution": texts.institutions, "intent": texts.intents, "service": texts.services,
    }[series.facet]  # fmt: skip
    return values.contains(series.value).fill_null(False)


def originals(texts: ir.Table) -> ir.Table:
    """Return posts that are nobody's copy: neither a duplicate nor a repost."""
    return texts.filter(is_original(texts))


def is_original(texts: ir.Table) -> ir.BooleanValue:
    """Return whether each post is nobody's copy."""
    return texts.duplicate_of.isnull() & ~texts.is_repost.fill_null(False)


def counted(
    texts: ir.Table, queries: Mapping[str, Looking], *, first: date, last: date
) -> ir.Table:
    """Return posts and distinct authors by query, part and day, duplicates counted once."""
    within = with_folded(originals(texts).filter(texts.published_on.between(first, last)))
    rows = within.select(
        day=within.published_on,
        author=within.author,
        stands_for=within.stands_for,
        network=within.network,
        part=_parts(within),
        query=caught(within, queries),
    )
    each = rows.unnest("query").filter(lambda row: row["query"].notnull()).unnest("part")
    return each.group_by("query", "part", "day").agg(
        posts=each.count(), authors=each.author.nunique(), stand_for=each.stands_for.sum()
    )


def caught(texts: ir.Table, queries: Mapping[str, Looking]) -> ir.ArrayValue:
    """Return the names of the queries that catch each text; unknown in the place of the others."""
    return ibis.array(
        [
            query.condition(texts).ifelse(name, ibis.null("string"))
            for name, query in queries.items()
        ]
    )


def _parts(texts: ir.Table) -> ir.ArrayValue:
    whole = ibis.array([ibis.literal(f"{WHOLE}{MARK}"), _named("network", texts.network)])
    tone = texts.tone.isnull().ifelse(_none(), ibis.array([_named("tone", texts.tone)]))
    lists = {
        "institution": texts.institutions, "intent": texts.intents, "service": texts.services,
    }  # fmt: skip
    parts = whole.concat(tone)
    for facet, values in lists.items():
        named = values.fill_null(_none()).map(lambda value, facet=facet: _named(facet, value))
        parts = parts.concat(named)
    return parts


def _named(facet: str, value: ir.StringValue) -> ir.StringValue:
    return ibis.literal(f"{facet}{MARK}").concat(value)


def _none() -> ir.ArrayValue:
    return ibis.literal([], type="array<string>")


def watched(
    rows: pa.Table, queries: Sequence[str], *, days: Sequence[date], judged_from: date, seen: Share
) -> Watched:
    """Lay counts out by series and day.

    A part is watched when it brought enough before the first day that is judged: what a day
    itself brings does not decide whether it is looked at. ``seen`` is the share of each day that
    was collected, by network; where a query is sampled, so much less of it was seen.
    """
    known = [_series(query, part) for query, part in zip(
        rows["query"].to_pylist(), rows["part"].to_pylist(), strict=True)]  # fmt: skip
    places = np.array([(day - days[0]).days for day in rows["day"].to_pylist()], dtype=np.int64)
    posts = rows["posts"].to_numpy().astype(float)
    chosen = _chosen(known, posts, places < (judged_from - days[0]).days, queries)
    place = {series: row for row, series in enumerate(chosen)}
    at = np.array([place.get(series, -1) for series in known], dtype=np.int64)
    kept = at >= 0
    laid = [np.zeros((len(chosen), len(days))) for _ in range(3)]
    columns = (posts, rows["authors"].to_numpy(), rows["stand_for"].to_numpy())
    for numbers, values in zip(laid, columns, strict=True):
        numbers[at[kept], places[kept]] = values[kept]
    brought, authors, standing = laid
    stand_for = _stand_for(chosen, brought, standing)
    shares = _shares(known, posts, chosen, seen, len(days)) / stand_for
    counts = Counts(days=tuple(days), posts=brought, seen=shares)
    return Watched(series=tuple(chosen), counts=counts, authors=authors, stand_for=stand_for)


def _stand_for(chosen: Sequence[Series], posts: Numbers, standing: Numbers) -> Numbers:
    """Return for how many each post of a day stands; a part without any is as its whole."""
    each = np.divide(standing, posts, out=np.ones_like(posts), where=posts > 0)
    whole = {one.query: row for row, one in enumerate(chosen) if one.facet == WHOLE}
    for row, one in enumerate(chosen):
        each[row] = np.where(posts[row] > 0, each[row], each[whole[one.query]])
    return each


def _series(query: str, part: str) -> Series:
    facet, _mark, value = part.partition(MARK)
    return Series(query=query, facet=facet, value=value)


def _chosen(
    known: Sequence[Series], posts: Numbers, before: np.ndarray, queries: Sequence[str]
) -> list[Series]:
    brought: dict[Series, float] = {}
    for series, count, is_before in zip(known, posts, before, strict=True):
        brought[series] = brought.get(series, 0.0) + (count if is_before else 0.0)
    parts = {one for one, count in brought.items() if count >= LEAST_POSTS and one.facet != WHOLE}
    return sorted(parts | {Series(query=name) for name in queries})


def _shares(
    known: Sequence[Series], posts: Numbers, chosen: Sequence[Series], seen: Share, days: int
) -> Numbers:
    """Return how much of each day of each series was seen: networks weigh by what they bring."""
    weights: dict[str, dict[str, float]] = {}
    for series, count in zip(known, posts, strict=True):
        if series.facet == "network":
            of = weights.setdefault(series.query, {})
            of[series.value] = of.get(series.value, 0.0) + count
    found = np.zeros((len(chosen), days))
    for row, series in enumerate(chosen):
        of = weights.get(series.query, {})
        if series.facet == "network":
            of = {series.value: 1.0}
        for network, weight in of.items():
            found[row] += seen.of(network, series.query) * weight / sum(of.values())
    return found
