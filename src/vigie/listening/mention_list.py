"""The list of mentions: which are wanted, a page of them, how many there are. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import ibis.expr.types as ir
import pyarrow as pa

from vigie.errors import ReportError
from vigie.listening.cells import Counted, without_small
from vigie.listening.query import Query
from vigie.words import _

COLUMNS = (
    "network", "post", "kind", "published_at", "published_on", "text", "url", "language",
    "institutions", "intents", "services", "tone", "urgency", "likes", "comments", "shares",
    "stands_for",
)  # fmt: skip
"""What is read of a mention: never its author, so that no list can be made of one person's."""
ANY = "any"
"""Whatever makes it urgent."""
SEPARATOR = "~"


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which mentions are wanted; what is empty or none does not matter."""

    queries: Sequence[Query] = ()
    """All of which must fit."""
    network: str = ""
    language: str = ""
    intent: str = ""
    service: str = ""
    tone: str = ""
    urgency: str = ""
    institution: str = ""
    """Slug."""
    first_day: date | None = None
    last_day: date | None = None


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a page of the list ends: the next begins right after."""

    at: datetime
    network: str
    post: str

    def __str__(self) -> str:
        moment = self.at.astimezone(UTC).isoformat()
        return SEPARATOR.join((moment, self.network, self.post))

    @classmethod
    def read(cls, text: str) -> Place | None:
        """Read a place from an address; empty: the beginning."""
        if not text:
            return None
        moment, _sign, rest = text.partition(SEPARATOR)
        network, _sign, post = rest.partition(SEPARATOR)
        try:
            at = datetime.fromisoformat(moment)
            if not post or at.tzinfo is None:
                raise ValueError
        except ValueError as error:
            raise ReportError(_("This page of the list does not exist. Begin anew.")) from error
        return cls(at=at, network=network, post=post)


def chosen(texts: ir.Table, wanted: Wanted) -> ir.Table:
    """Return the posts by others that are wanted."""
    found = texts.filter(texts.origin == "others")
    tests = [
        *(query.condition(found) for query in wanted.queries),
        *(
            found[name] == value
            for name in ("network", "language", "tone")
            if (value := getattr(wanted, name))
        ),
        *(
            found[column].contains(value).fill_null(False)
            for column, value in (
                ("intents", wanted.intent),
                ("services", wanted.service),
                ("institutions", wanted.institution),
            )
            if value
        ),
    ]
    if wanted.urgency == ANY:
        tests.append((found.urgency.length() > 0).fill_null(False))
    elif wanted.urgency:
        tests.append(found.urgency.contains(wanted.urgency).fill_null(False))
    if wanted.first_day:
        tests.append(found.published_on >= wanted.first_day)
    if wanted.last_day:
        tests.append(found.published_on <= wanted.last_day)
    return found.filter(*tests) if tests else found


def page_of(
    found: ir.Table, *, after: Place | None, size: int
) -> tuple[list[dict[str, Any]], Place | None]:
    """Return the mentions that follow a place, the newest first, and where the next page begins."""
    if after is not None:
        is_later = (found.published_at == after.at) & (
            (found.network > after.network)
            | ((found.network == after.network) & (found.post > after.post))
        )
        found = found.filter((found.published_at < after.at) | is_later)
    rows = _ordered(found).limit(size + 1).to_pyarrow().to_pylist()
    shown = rows[:size]
    if len(rows) <= size:
        return shown, None
    last = shown[-1]
    return shown, Place(at=last["published_at"], network=last["network"], post=last["post"])


def all_of(found: ir.Table) -> pa.Table:
    """Return every mention, the newest first: as columns, of which many take little room."""
    return _ordered(found).to_pyarrow()


def _ordered(found: ir.Table) -> ir.Table:
    ordered = found.order_by(found.published_at.desc(), found.network, found.post)
    return ordered.select(*COLUMNS)


def total(found: ir.Table) -> int:
    """Return how many there are."""
    return int(found.count().to_pyarrow().as_py())


def by_network(found: ir.Table) -> list[Counted]:
    """Count them by network, small groups hidden."""
    counted = found.group_by("network").agg(
        posts=found.stands_for.sum(), authors=found.author.nunique()
    )
    rows = counted.order_by(counted.posts.desc(), counted.network).to_pyarrow().to_pylist()
    return without_small(
        Counted(name=row["network"], posts=row["posts"], authors=row["authors"]) for row in rows
    )
