"""Reads one part of a concordance: only the terms and the columns that are asked for."""

from __future__ import annotations

import bisect
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from vigie.listening.concordance_files import (
    BETWEEN,
    FACTS,
    LISTS,
    PLACES,
    ROW_GROUP,
    TERMS,
    Shelf,
    Source,
)

Numbers = npt.NDArray[np.int32]
T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Column:
    """What is known of each post in one respect: a number for each, and what the numbers mean."""

    codes: npt.NDArray[Any]
    values: Sequence[Any]


class Kept:
    """What was read lately, up to so many bytes, for all parts and threads together."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._held: OrderedDict[tuple[Any, ...], tuple[Any, int]] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def get(self, key: tuple[Any, ...], read: Callable[[], T], size: Callable[[T], int]) -> T:
        """Return what was read before under a key, or read it."""
        with self._lock:
            if key in self._held:
                self._held.move_to_end(key)
                found: T = self._held[key][0]
                return found
        new = read()
        with self._lock:
            if key not in self._held:
                self._held[key] = (new, size(new))
                self._bytes += size(new)
            while self._bytes > self._most and len(self._held) > 1:
                _key, (_old, freed) = self._held.popitem(last=False)
                self._bytes -= freed
        return new


@dataclass(frozen=True, kw_only=True)
class Run:
    """Rows of places that belong to terms which follow each other."""

    start: int
    count: int


class Part:
    """Some posts of a month, numbered in the order in which they were published."""

    def __init__(self, shelf: Shelf, source: Source, number: int, posts: int, kept: Kept) -> None:
        self.month: date = source.month
        self.posts = posts
        self._paths = {kind: shelf.path(source, number, kind) for kind in (TERMS, PLACES, FACTS)}
        self._kept = kept

    # ── words ─────────────────────────────────────────────────────────────────────────

    def run_of(self, term: str) -> Run | None:
        """Return where a term's places are; none: it does not occur."""
        group = bisect.bisect_right(self._firsts, term) - 1
        if group < 0:
            return None
        terms = self._terms(group)
        place = pc.index(terms["term"], term).as_py()
        if place < 0:
            return None
        return Run(start=terms["start"][place].as_py(), count=terms["count"][place].as_py())

    def runs_like(self, expression: str, prefix: str) -> list[Run]:
        """Return where the places are of all terms that fit an expression and begin so."""
        first = max(bisect.bisect_left(self._firsts, prefix) - 1, 0)
        last = bisect.bisect_right(self._firsts, prefix + "\U0010ffff")
        runs = []
        for group in range(first, last):
            terms = self._terms(group)
            fits = pc.match_substring_regex(terms["term"], f"^(?:{expression})$")
            found = terms.filter(fits)
            runs += [
                Run(start=start, count=count)
                for start, count in zip(
                    found["start"].to_pylist(), found["count"].to_pylist(), strict=True
                )
            ]
        return runs

    def posts_of(self, run: Run) -> Numbers:
        """Return the posts in which the terms of a run occur; a post may come several times."""
        return self._place(run, "post")

    def positions_of(self, run: Run) -> Numbers:
        """Return at which word each of them stands."""
        return self._place(run, "position")

    def _place(self, run: Run, column: str) -> Numbers:
        first, last = run.start // ROW_GROUP, (run.start + run.count - 1) // ROW_GROUP
        groups = [self._group(group, column) for group in range(first, last + 1)]
        whole = groups[0] if len(groups) == 1 else np.concatenate(groups)
        start = run.start - first * ROW_GROUP
        return whole[start : start + run.count]

    def _group(self, group: int, column: str) -> Numbers:
        """Return a group of places whole: terms that begin alike lie in the same one."""
        key = (self._paths[PLACES], column, group)
        return self._kept.get(key, lambda: self._read_group(group, column), lambda a: a.nbytes)

    def _read_group(self, group: int, column: str) -> Numbers:
        read = self._file(PLACES).read_row_group(group, columns=[column])
        return np.array(read.column(0).to_numpy(), np.int32)

    @cached_property
    def _firsts(self) -> list[str]:
        """The first term of each group of terms."""
        told = self._file(TERMS).metadata
        groups = range(told.num_row_groups if told.num_rows else 0)
        seen = [told.row_group(group).column(0).statistics for group in groups]
        # A term of thousands of letters has no statistics.
        return [
            one.min if one and one.has_min_max else self._terms(group)["term"][0].as_py()
            for group, one in enumerate(seen)
        ]

    def _terms(self, group: int) -> pa.Table:
        key = (self._paths[TERMS], group)
        return self._kept.get(
            key,
            lambda: self._file(TERMS).read_row_group(group).combine_chunks(),
            lambda rows: rows.nbytes,
        )

    # ── facts ─────────────────────────────────────────────────────────────────────────

    def column(self, name: str) -> Column:
        """Return what is known of every post in one respect."""
        key = (self._paths[FACTS], name)
        return self._kept.get(
            key, lambda: self._read_column(name), lambda column: column.codes.nbytes
        )

    def rows(self, names: Sequence[str], numbers: npt.NDArray[Any]) -> pa.Table:
        """Return some columns of some posts."""
        return self._file(FACTS).read(columns=list(names)).take(pa.array(numbers))

    def has_address(self, part: str) -> npt.NDArray[np.bool_]:
        """Return which posts have an address of their own with these letters in it."""
        addresses = self._file(FACTS).read(columns=["url"]).column(0)
        found = pc.match_substring(pc.ascii_lower(addresses), part).fill_null(False)
        return np.array(found.to_numpy(), np.bool_)

    def _read_column(self, name: str) -> Column:
        rows = self._file(FACTS, read_dictionary=[name]).read(columns=[name]).column(0)
        if pa.types.is_dictionary(rows.type):
            whole = rows.unify_dictionaries().combine_chunks()
        else:
            whole = rows.combine_chunks().dictionary_encode()
        values = whole.dictionary.to_pylist()
        codes = whole.indices.fill_null(len(values)).to_numpy(zero_copy_only=False)
        if name in LISTS:
            values = [value.split(BETWEEN) if value else [] for value in values]
        return Column(codes=_narrow(codes, len(values)), values=[*values, None])

    def _file(self, kind: str, **options: Any) -> pq.ParquetFile:
        path = self._paths[kind]
        told = self._kept.get(
            (path, "metadata"), lambda: pq.read_metadata(path), lambda told: told.serialized_size
        )
        return pq.ParquetFile(path, metadata=told, memory_map=True, **options)


def _narrow(codes: npt.NDArray[Any], most: int) -> npt.NDArray[Any]:
    """Keep numbers in as few bytes as they need."""
    return codes.astype(np.min_scalar_type(most))
