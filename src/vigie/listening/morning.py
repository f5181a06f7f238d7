"""What is new, in sentences: mentions by what they want, whom they concern, and what is open."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import ibis
import ibis.expr.types as ir

from vigie.listening.cells import Counted, without_small
from vigie.listening.query import Query
from vigie.listening.series import caught, originals

NAMED = 4
"""Parts that a sentence names; a table has them all."""
PARTS = ("network", "institution", "intent", "service", "tone")
_MARK = ":"


@dataclass(frozen=True, kw_only=True)
class Morning:
    """What came since a moment."""

    since: datetime
    posts: int
    """By others, copies left out."""
    copies: int
    urgent: int
    parts: Mapping[str, Sequence[Counted]]
    """Network, institution, intent, service, tone → how often each, the most frequent first."""

    def of(self, part: str) -> Sequence[Counted]:
        """Return the counts of one kind of part."""
        return self.parts.get(part, ())


def morning(texts: ir.Table, *, since: datetime) -> Morning:
    """Count what others published since a moment, small groups hidden."""
    new = texts.filter((texts.origin == "others") & (texts.published_at >= since))
    first = originals(new)
    totals = new.agg(
        all=new.count(), urgent=(new.urgency.length() > 0).fill_null(False).sum()
    ).to_pyarrow().to_pylist()[0]  # fmt: skip
    found = _by_part(first)
    posts = int(first.count().to_pyarrow().as_py())
    return Morning(
        since=since,
        posts=posts,
        copies=totals["all"] - posts,
        urgent=int(totals["urgent"] or 0),
        parts=found,
    )


def _by_part(texts: ir.Table) -> dict[str, list[Counted]]:
    rows = texts.select(author=texts.author, part=_parts(texts)).unnest("part")
    counted = rows.group_by("part").agg(posts=rows.count(), authors=rows.author.nunique())
    by_part: dict[str, list[Counted]] = {part: [] for part in PARTS}
    ordered = counted.order_by(counted.posts.desc(), counted.part).to_pyarrow().to_pylist()
    for row in ordered:
        part, _mark, name = row["part"].partition(_MARK)
        by_part[part].append(Counted(name=name, posts=row["posts"], authors=row["authors"]))
    return {part: without_small(counts) for part, counts in by_part.items()}


def _parts(texts: ir.Table) -> ir.ArrayValue:
    parts = ibis.array([_named("network", texts.network)])
    parts = parts.concat(
        texts.tone.isnull().ifelse(_none(), ibis.array([_named("tone", texts.tone)]))
    )
    lists = {
        "institution": texts.institutions, "intent": texts.intents, "service": texts.services,
    }  # fmt: skip
    for part, values in lists.items():
        named = values.fill_null(_none()).map(lambda value, part=part: _named(part, value))
        parts = parts.concat(named)
    return parts


def _named(part: str, value: ir.StringValue) -> ir.StringValue:
    return ibis.literal(f"{part}{_MARK}").concat(value)


def _none() -> ir.ArrayValue:
    return ibis.literal([], type="array<string>")


def only_of(texts: ir.Table, subjects: Collection[str]) -> ir.Table:
    """Return the texts that concern one of these accounts or queries."""
    wanted = ibis.literal(sorted(subjects), type="array<string>")
    return texts.filter(texts.subjects.intersect(wanted).length() > 0)


def by_query(texts: ir.Table, queries: Mapping[str, Query], *, since: datetime) -> dict[str, int]:
    """Count what each query caught of what others published since a moment, copies left out."""
    if not queries:
        return {}
    new = originals(texts.filter((texts.origin == "others") & (texts.published_at >= since)))
    rows = new.select(query=caught(new, queries)).unnest("query")
    known = rows.filter(rows["query"].notnull())
    counted = known.group_by("query").agg(posts=known.count()).to_pyarrow().to_pylist()
    return {row["query"]: row["posts"] for row in counted}
