"""The concordance: every word of every post with where it stands, so that asking is quick.

It is made from the store, month by month, and may be thrown away at any time. A month that
changed is made anew before it is asked, so the answer is the one that reading every text would
give; and what was forgotten is in none of its files.
"""

from __future__ import annotations

import os
import threading
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from vigie.errors import StoreError
from vigie.listening.concordance_evaluation import Answer, Mask, answer
from vigie.listening.concordance_files import Shelf, Whole, sources
from vigie.listening.concordance_reading import Kept, Part
from vigie.listening.concordance_writing import write_month
from vigie.listening.query import Query
from vigie.listening.query_evaluation import Look, matches
from vigie.listening.query_nodes import AllOf, Field, Node, all_of
from vigie.listening.sampled import Estimate
from vigie.listening.texts import READS, texts
from vigie.model import Account
from vigie.store.store import Store
from vigie.words import _

MOST_KEPT = 256_000_000
"""Bytes of what was read lately that stay in memory."""
TRIES = 5
"""Times an answer is begun anew because another process changed the store meanwhile."""
KEY = ("network", "post")
STANDS_FOR = "stands_for"

Place = tuple[int, int]
"""A part, and the number of a post in it."""


def _silent(done: int) -> None:
    """Say nothing."""


@dataclass(frozen=True)
class Caught:
    """The posts of a part that a query caught."""

    part: Part
    mask: Mask


@dataclass(frozen=True, kw_only=True)
class Found:
    """What a query caught, without the texts."""

    query: Query
    caught: Sequence[Caught]
    """By month, the earliest first."""
    read: int
    """Posts that were looked through."""
    missing: tuple[date, ...] = ()
    """Months that could not be asked yet: their words are still to be read."""

    @property
    def count(self) -> int:
        """How many posts were kept."""
        return sum(int(np.count_nonzero(one.mask)) for one in self.caught)

    @property
    def estimate(self) -> Estimate:
        """How many posts there are."""
        return sum(map(_estimated, self.caught), Estimate())

    def counts(self, *columns: str) -> dict[tuple[Any, ...], int]:
        """Count the posts by what is known of them: ``counts("network", "published_on")``.

        What was sampled counts for as many as it stands for.
        """
        total: Counter[tuple[Any, ...]] = Counter()
        for one in self.caught:
            total.update(_counted(one, columns))
        return dict(total)

    def keys(self) -> pa.Table:
        """Return ``network``, ``post`` and ``published_on`` of every post, the oldest first."""
        tables = [
            one.part.rows((*KEY, "published_on"), np.flatnonzero(one.mask)) for one in self.caught
        ]
        return pa.concat_tables(tables) if tables else _NO_KEYS

    def newest(self, most: int) -> pa.Table:
        """Return the same of the newest posts, the newest first."""
        tables = []
        for one in reversed(self.caught):
            numbers = np.flatnonzero(one.mask)[::-1][:most]
            tables.append(one.part.rows((*KEY, "published_on"), numbers))
            most -= len(numbers)
            if not most:
                break
        return pa.concat_tables(tables) if tables else _NO_KEYS


_NO_KEYS = pa.schema(
    [("network", pa.string()), ("post", pa.string()), ("published_on", pa.date32())]
).empty_table()


@dataclass(kw_only=True)
class Concordance:
    """The concordance of a store, in a folder of its own. Safe to share between threads."""

    store: Store
    folder: Path
    _kept: Kept = field(default_factory=lambda: Kept(MOST_KEPT))
    _writing: threading.Lock = field(default_factory=threading.Lock)

    @property
    def shelf(self) -> Shelf:
        """Where its files are."""
        return Shelf(self.folder)

    def stale(self) -> dict[date, int]:
        """Return the months that must be made anew, with how many rows the store has of each."""
        shelf = self.shelf
        stale = [m for m, source in sources(self.store).items() if shelf.whole(source) is None]
        return {month: self._rows(month) for month in stale}

    def refresh(
        self, *, most: int | None = None, progress: Callable[[int], None] = _silent
    ) -> list[date]:
        """Make stale months anew, the newest first, and remove what was made from old files.

        ``most`` is how many posts to read at most: what is left is returned.
        """
        shelf = self.shelf
        with self._writing:
            known = sources(self.store)
            shelf.drop_others(known)
            left = []
            for month in sorted(self.stale(), reverse=True):
                rows = self._rows(month)
                if most is not None and rows > most:
                    left.append(month)
                    continue
                write_month(self.store, shelf, known[month], progress)
                shelf.drop_others(sources(self.store))
                most = None if most is None else most - rows
        return sorted(left)

    def drop_stale(self) -> int:
        """Remove at once what was made from files that the store no longer has."""
        return self.shelf.drop_others(sources(self.store))

    def find(
        self,
        query: Query,
        *,
        since: date | None = None,
        until: date | None = None,
        most: int | None = None,
    ) -> Found:
        """Return what a query catches, days included.

        Stale months are made anew first, as far as ``most`` posts go; the others are named.
        """
        node = _within(query.node, since, until)
        for _attempt in range(TRIES):
            try:
                found = self._find(Query(node), most)
            except FileNotFoundError:
                continue  # another process removed what the store no longer supports
            if found is not None:
                return found
        raise StoreError(
            _("The store changes more quickly than its words can be read. Ask again in a while.")
        )

    def _find(self, query: Query, most: int | None) -> Found | None:
        missing = self.refresh(most=most)
        first, last = _bounds(query.node)
        shelf, parts = self.shelf, []
        for month, source in sources(self.store).items():
            if not first <= month <= last or month in missing:
                continue
            whole = shelf.whole(source)
            if whole is None:
                return None  # the store changed since
            parts += list(self._parts(shelf, whole))
        with ThreadPoolExecutor(max_workers=min(4, os.cpu_count() or 1)) as workers:
            answers = list(workers.map(lambda part: answer(query.node, part), parts))
        return Found(
            query=query,
            caught=self._settled(query.node, parts, answers),
            read=sum(part.posts for part in parts),
            missing=tuple(month for month in missing if first <= month <= last),
        )

    def _settled(
        self, node: Node, parts: Sequence[Part], answers: Sequence[Answer]
    ) -> list[Caught]:
        """Return what was caught; of what may be, the texts are read."""
        caught = [Caught(part, one.sure) for part, one in zip(parts, answers, strict=True)]
        unsure = [np.flatnonzero(one.maybe & ~one.sure) for one in answers]
        asked = [
            part.rows(KEY, numbers)
            .append_column("number", pa.array(numbers))
            .append_column("part", pa.array(np.full(len(numbers), place)))
            for place, (part, numbers) in enumerate(zip(parts, unsure, strict=True))
            if len(numbers)
        ]
        if not asked:
            return caught
        masks = [one.sure.copy() for one in answers]
        months = {part.month for part, numbers in zip(parts, unsure, strict=True) if len(numbers)}
        for place, number in self._read(node, months, pa.concat_tables(asked)):
            masks[place][number] = True
        return [Caught(part, mask) for part, mask in zip(parts, masks, strict=True)]

    def _read(self, node: Node, months: Collection[date], asked: pa.Table) -> Iterator[Place]:
        """Read the texts that were asked for, and yield the places of those that are caught."""
        tables = self.store.tables(READS, months=sorted(months))
        keys = self.store.engine.memory_table(asked)
        # Few are asked for: the others are left out before anything is put together.
        few = {
            name: rows if name == Account.table else rows.semi_join(keys, KEY)
            for name, rows in tables.items()
        }
        known = texts(few).inner_join(keys, KEY)
        for batch in known.to_pyarrow_batches():
            for row in batch.to_pylist():
                if matches(node, Look(row)):
                    yield row["part"], row["number"]

    def _parts(self, shelf: Shelf, whole: Whole) -> Iterator[Part]:
        for number, posts in enumerate(whole.parts):
            yield Part(shelf, whole.source, number, posts, self._kept)

    def _rows(self, month: date) -> int:
        parts = [self.store.partitions.one(name, month) for name in ("posts", "mentions")]
        return sum(part.rows for part in parts)


def _within(node: Node, since: date | None, until: date | None) -> Node:
    days = [Field("since", (since.isoformat(),))] if since else []
    days += [Field("until", (until.isoformat(),))] if until else []
    return all_of(*days, node)


def _bounds(node: Node) -> tuple[date, date]:
    """Return the first and the last month in which a query can catch anything."""
    parts = node.parts if isinstance(node, AllOf) else (node,)
    first, last = date.min, date.max
    for part in parts:
        if isinstance(part, Field) and part.name == "since":
            first = max(first, date.fromisoformat(part.values[0]).replace(day=1))
        elif isinstance(part, Field) and part.name == "until":
            last = min(last, date.fromisoformat(part.values[0]))
    return first, last


def _counted(one: Caught, columns: Sequence[str]) -> dict[tuple[Any, ...], int]:
    """Count the posts of a part; of those that were not caught nothing is thought of."""
    numbers = np.flatnonzero(one.mask)
    known = [one.part.column(name) for name in (*columns, STANDS_FOR)]
    sizes = [len(column.values) for column in known]
    places = np.ravel_multi_index([column.codes[numbers] for column in known], sizes)
    seen, counted = np.unique(places, return_counts=True)
    values = [
        [_fixed(column.values[code]) for code in codes.tolist()]
        for column, codes in zip(known, np.unravel_index(seen, sizes), strict=True)
    ]
    found: Counter[tuple[Any, ...]] = Counter()
    for row, posts in zip(zip(*values, strict=True), counted.tolist(), strict=True):
        found[row[:-1]] += posts * row[-1]
    return found


def _estimated(one: Caught) -> Estimate:
    column = one.part.column(STANDS_FOR)
    counted = np.bincount(column.codes[one.mask], minlength=len(column.values)).tolist()
    return sum(
        (
            Estimate(kept=posts, posts=posts * each, variance=posts * each * (each - 1))
            for each, posts in zip(column.values, counted, strict=True)
            if posts
        ),
        Estimate(),
    )


def _fixed(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
