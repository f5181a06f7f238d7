"""What is said of an edition: who leads, how sure we are, what moved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from vigie.index.viewing import View
from vigie.present import naming
from vigie.present.writing import Day, Month, Names, Number, Rank
from vigie.words import Words, _, plural


def title(view: View) -> Words:
    """Return the answer when there is one group, else the question."""
    groups = view.groups
    month = Month(view.edition.month_on)
    leaders = _leaders(groups[0][1]) if len(groups) == 1 else []
    if not leaders:
        return _("Who leads in {month}, how sure are we, what moved?", month=month)
    key, rows = groups[0]
    return plural(
        "{names} leads {size} {institutions} in {month}",
        "{names} lead {size} {institutions} in {month}",
        count=len(leaders),
        names=Names(tuple(leaders[:3])),
        size=rows.num_rows,
        institutions=naming.institutions(key.split(".")[0]),
        month=month,
    )


def _leaders(rows: pa.Table) -> list[str]:
    first = rows.slice(0, 20).to_pylist()
    return [row["name"] for row in first if row["rank"] == 1]


def lead(view: View) -> Words:
    """Say how many are compared, by which method, since when it is public."""
    edition = view.edition
    facts: dict[str, Any] = {
        "count": view.rows.num_rows,
        "groups": plural("{count} peer group", "{count} peer groups", count=len(view.groups)),
        "method": edition.method,
    }
    if edition.published_at is None:
        return _(
            "{count} institutions in {groups}, by the method {method}. This is a "
            "draft, not a published edition.",
            **facts,
        )
    return _(
        "{count} institutions in {groups}, by the method {method}; published on {day}.",
        day=Day(edition.published_at.date()),
        **facts,
    )


def sentences(view: View, rows: pa.Table) -> list[Words]:
    """Say who leads a group, how sure that is, and what moved."""
    first = rows.slice(0, 1).to_pylist()[0]
    if first["rank"] is None:
        return []
    said = [
        _(
            "{name} is first of {count}, with a score of {score}.",
            name=first["name"],
            count=rows.num_rows,
            score=Number(first["score"] or 0, 1),
        )
    ]
    if not view.is_own:
        return said
    alike = sum(band == first["band"] for band in rows["band"].to_pylist()) - 1
    if alike > 0 and first["band"] is not None:
        words = plural(
            "It cannot be told apart from {count} other institution.",
            "It cannot be told apart from {count} other institutions.",
            count=alike,
        )
        said.append(words)
    return [*said, *_moves(rows)]


def _moves(rows: pa.Table) -> list[Words]:
    """Name the largest rise and the largest fall."""
    change = pc.subtract(rows["previous_rank"], rows["rank"])
    if change.null_count == len(change):
        return []
    ends = pc.min_max(change).as_py()
    said = []
    for places, words in (
        (ends["max"], "up"),
        (ends["min"], "down"),
    ):
        row = rows.slice(pc.index(change, places).as_py(), 1).to_pylist()[0]
        if words == "up" and places > 0:
            said.append(
                plural(
                    "The largest rise is {name}, up {count} place to {rank}.",
                    "The largest rise is {name}, up {count} places to {rank}.",
                    count=places,
                    name=row["name"],
                    rank=Rank(row["rank"]),
                )
            )
        if words == "down" and places < 0:
            said.append(
                plural(
                    "The largest fall is {name}, down {count} place to {rank}.",
                    "The largest fall is {name}, down {count} places to {rank}.",
                    count=-places,
                    name=row["name"],
                    rank=Rank(row["rank"]),
                )
            )
    return said


def chart_words(view: View, shown: Sequence[Mapping[str, Any]]) -> Words:
    """Say in words what the picture of ranks shows."""
    known = [row for row in shown if row["rank_low"] is not None]
    if not view.is_own or not known:
        return _(
            "Each dot is a rank: {first} is first, {last} is {rank}.",
            first=shown[0]["name"],
            last=shown[-1]["name"],
            rank=Rank(shown[-1]["rank"]),
        )
    widest = max(known, key=lambda row: row["rank_high"] - row["rank_low"])
    return _(
        "Each dot is a rank, each line the interval that holds it nine times in ten: {first} is "
        "between {low} and {high}; the widest is {widest}, between {from_rank} and {to_rank}.",
        first=known[0]["name"],
        low=Rank(known[0]["rank_low"]),
        high=Rank(known[0]["rank_high"]),
        widest=widest["name"],
        from_rank=Rank(widest["rank_low"]),
        to_rank=Rank(widest["rank_high"]),
    )
