"""What is new, in sentences: mentions by what they want, whom they concern, and what is open."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import ibis
import ibis.expr.types as ir

from vigie.listening.cells import Counted, without_small
from vigie.listening.query import Query
from vigie.listening.sampled import Estimate, estimate_of, estimated
from vigie.listening.series import caught, is_original, originals

NAMED = 4
"""Parts that a sentence names; a table has them all."""
PARTS = ("network", "institution", "intent", "service", "tone")
_MARK = ":"
_WHOLE, _COPY, _URGENT, _UNLABELLED = "all", "copy", "urgent", "unlabelled"


@dataclass(frozen=True, kw_only=True)
class Morning:
    """What came since a moment."""

    since: datetime
    posts: int
    """By others, copies left out."""
    copies: int
    urgent: int
    unlabelled: int
    """Of the posts, those nothing has said anything of yet."""
    estimate: Estimate
    """How ``posts`` was counted."""
    parts: Mapping[str, Sequence[Counted]]
    """Network, institution, intent, service, tone → how often each, the most frequent first."""

    def of(self, part: str) -> Sequence[Counted]:
        """Return the counts of one kind of part."""
        return self.parts.get(part, ())


def morning(texts: ir.Table, *, since: datetime) -> Morning:
    """Count what others published since a moment, small groups hidden."""
    new = texts.filter((texts.origin == "others") & (texts.published_at >= since))
    # One question for everything: thinking it through takes longer than answering it.
    rows = new.select("stands_for", author=new.author, part=_parts(new)).unnest("part")
    counted = rows.group_by("part").agg(**estimated(rows), authors=rows.author.nunique())
    ordered = counted.order_by(counted.posts.desc(), counted.part).to_pyarrow().to_pylist()
    totals = {row["part"]: row["posts"] for row in ordered}
    whole = [estimate_of(row) for row in ordered if row["part"] == _WHOLE]
    return Morning(
        since=since,
        posts=totals.get(_WHOLE, 0),
        estimate=whole[0] if whole else Estimate(),
        copies=totals.get(_COPY, 0),
        urgent=totals.get(_URGENT, 0),
        unlabelled=totals.get(_UNLABELLED, 0),
        parts=_by_part(ordered),
    )


def _by_part(rows: Iterable[Mapping[str, Any]]) -> dict[str, list[Counted]]:
    by_part: dict[str, list[Counted]] = {part: [] for part in PARTS}
    for row in rows:
        part, _mark, name = row["part"].partition(_MARK)
        if name:
            by_part[part].append(Counted(name=name, posts=row["posts"], authors=row["authors"]))
    return {part: without_small(counts) for part, counts in by_part.items()}


def _parts(texts: ir.Table) -> ir.ArrayValue:
    """Return what each post counts for; a copy only as a copy, and what is urgent in any case."""
    whole = ibis.array([ibis.literal(_WHOLE), _named("network", texts.network)])
    parts = whole.concat(
        texts.tone.isnull().ifelse(_none(), ibis.array([_named("tone", texts.tone)]))
    )
    lists = {
        "institution": texts.institutions, "intent": texts.intents, "service": texts.services,
    }  # fmt: skip
    for part, values in lists.items():
        named = values.fill_null(_none()).map(lambda value, part=part: _named(part, value))
        parts = parts.concat(named)
    unlabelled = texts.intents.isnull().ifelse(ibis.array([ibis.literal(_UNLABELLED)]), _none())
    parts = parts.concat(unlabelled)
    is_urgent = (texts.urgency.length() > 0).fill_null(False)
    counts_for = is_original(texts).ifelse(parts, ibis.array([ibis.literal(_COPY)]))
    return counts_for.concat(is_urgent.ifelse(ibis.array([ibis.literal(_URGENT)]), _none()))


def _named(part: str, value: ir.StringValue) -> ir.StringValue:
    return ibis.literal(f"{part}{_MARK}").concat(value)


def _none() -> ir.ArrayValue:
    return ibis.literal([], type="array<string>")


def by_query(
    texts: ir.Table, queries: Mapping[str, Query], *, since: datetime
) -> dict[str, Estimate]:
    """Count what each query caught of what others published since a moment, copies left out."""
    if not queries:
        return {}
    new = originals(texts.filter((texts.origin == "others") & (texts.published_at >= since)))
    rows = new.select("stands_for", query=caught(new, queries)).unnest("query")
    known = rows.filter(rows["query"].notnull())
    counted = known.group_by("query").agg(**estimated(known)).to_pyarrow().to_pylist()
    return {row["query"]: estimate_of(row) for row in counted}
