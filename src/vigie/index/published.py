"""The published record: figures that rankings printed from 2009 on, each with its page."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

from vigie.index import methods
from vigie.index.consistency import check_record
from vigie.index.method import Fact, Method, Verdict
from vigie.plugins import members

FOLDER = Path(__file__).parent / "published_record"


@dataclass(frozen=True, kw_only=True)
class Source:
    """A page that printed figures."""

    id: str
    url: str
    publisher: str


@dataclass(frozen=True, kw_only=True)
class PublishedTable:
    """What one page printed of one network, category and metric at one date."""

    source: Source
    date: str
    network: str
    category: str
    metric: str
    facts: tuple[Fact, ...]


@cache
def sources() -> Mapping[str, Source]:
    """Return the pages by their short name."""
    with (FOLDER / "sources.csv").open(encoding="utf-8", newline="") as file:
        return MappingProxyType({row["id"]: Source(**row) for row in csv.DictReader(file)})


@cache
def facts() -> tuple[Fact, ...]:
    """Return every figure, in the order of the pages."""
    with (FOLDER / "facts.csv").open(encoding="utf-8", newline="") as file:
        return tuple(_fact(row, sources()[row["source"]]) for row in csv.DictReader(file))


def tables() -> tuple[PublishedTable, ...]:
    """Return the figures gathered into the tables they were printed in, newest first."""
    by_url = {(source.url, source.publisher): source for source in sources().values()}
    found: dict[tuple[str, ...], list[Fact]] = {}
    for fact in facts():
        key = (fact.source_url, fact.publisher, fact.date, fact.network, fact.category, fact.metric)
        found.setdefault(key, []).append(fact)
    gathered = [
        PublishedTable(
            source=by_url[key[0], key[1]],
            date=key[2],
            network=key[3],
            category=key[4],
            metric=key[5],
            facts=tuple(rows),
        )
        for key, rows in found.items()
    ]
    return tuple(sorted(gathered, key=lambda table: table.date, reverse=True))


def methods_known() -> Mapping[str, type[Method]]:
    """Return every published method by its name."""
    return members(methods, Method)


def check_all(given: Sequence[Fact] | None = None) -> list[Verdict]:
    """Re-run every method on its own printed table, then the record on itself."""
    return list(_verdicts(facts() if given is None else given))


def _verdicts(given: Sequence[Fact]) -> Iterator[Verdict]:
    for method in methods_known().values():
        yield from method().check(given)
    yield from check_record(given)


def _fact(row: Mapping[str, str], source: Source) -> Fact:
    return Fact(
        source_url=source.url,
        publisher=source.publisher,
        date=row["date"],
        network=row["network"],
        category=row["category"],
        institution=row["institution"],
        rank=int(row["rank"]) if row["rank"] else None,
        metric=row["metric"],
        value=float(row["value"]) if row["value"] else None,
    )
