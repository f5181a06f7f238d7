"""Makes the concordance of a month: reads its texts once, in parts that fit in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
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
    Whole,
)
from vigie.listening.concordance_words import Occurrences, Words
from vigie.listening.texts import READS, texts
from vigie.store.store import Store

POSTS_OF_A_PART = 400_000
"""A month with more is kept in several parts: what is in memory at once has a bound."""
TERMS_GROUP = 8_192
PLAIN = (
    "network", "post", "published_at", "published_on", "origin", "author", "kind", "url",
    "language", "is_reply", "is_repost", "has_link", "has_image", "tone", "duplicate_of",
    "stands_for",
)  # fmt: skip
SELDOM_TWICE = frozenset({"post", "url"})

Progress = Callable[[int], None]


def write_month(store: Store, shelf: Shelf, source: Source, progress: Progress) -> Whole:
    """Make what is missing of a month's concordance; every file appears whole."""
    rows = _rows(store, source, with_text=not shelf.has_words(source))
    sizes: list[int] = []
    for number, part in enumerate(_parts(rows)):
        _write_part(shelf, source, number, part)
        sizes.append(part.posts)
        progress(part.posts)
    return shelf.finish(source, sizes)


class Part:
    """Some posts of a month, in the order in which they are numbered."""

    def __init__(self) -> None:
        self.posts = 0
        self.words = Words()
        self.facts: list[pa.RecordBatch] = []
        self.has_words = False

    def add(self, batch: pa.RecordBatch) -> None:
        """Take in posts; of their texts only the words are kept."""
        self.posts += batch.num_rows
        if "text" in batch.schema.names:
            self.has_words = True
            self.words.add(batch.column("text").to_pylist())
            batch = batch.drop_columns(["text"])
        self.facts.append(batch)


def _rows(store: Store, source: Source, *, with_text: bool) -> pa.RecordBatchReader:
    found = texts(store.tables(READS, months=[source.month]))
    ordered = found.order_by("published_at", "network", "post")
    account = (ordered.origin == "own").ifelse(ordered.author, ibis.null("string"))
    lists = {name: _written(ordered[name]) for name in LISTS}
    chosen = (*PLAIN, "text") if with_text else PLAIN
    return ordered.select(*chosen, account=account, **lists).to_pyarrow_batches()


def _written(names: ir.ArrayValue) -> ir.StringValue:
    """Return a list as one text; an empty one is an empty text, an unknown one unknown."""
    return (names.length() == 0).ifelse("", names.join(BETWEEN))


def _parts(batches: pa.RecordBatchReader) -> Iterator[Part]:
    part = Part()
    for batch in batches:
        while batch.num_rows:
            room = POSTS_OF_A_PART - part.posts
            part.add(batch.slice(0, room))
            batch = batch.slice(room)
            if part.posts == POSTS_OF_A_PART:
                yield part
                part = Part()
    if part.posts:
        yield part


def _write_part(shelf: Shelf, source: Source, number: int, part: Part) -> None:
    if part.has_words:
        occurrences = part.words.occurrences()
        _write(shelf, shelf.path(source, number, PLACES), _places(occurrences), ROW_GROUP)
        _write(shelf, shelf.path(source, number, TERMS), _terms(occurrences), TERMS_GROUP)
    facts = pa.Table.from_batches(part.facts)
    _write(shelf, shelf.path(source, number, FACTS), facts, ROW_GROUP)


def _places(found: Occurrences) -> pa.Table:
    return pa.table({"post": found.posts, "position": found.positions})


def _terms(found: Occurrences) -> pa.Table:
    """Return each term with the row of its first place and how many there are."""
    starts = np.concatenate([[0], np.cumsum(found.counts, dtype=np.int64)])[:-1]
    return pa.table({"term": found.terms, "start": starts, "count": found.counts})


def _write(shelf: Shelf, path: str, rows: pa.Table, row_group: int) -> None:
    staged = shelf.files.staged(path)
    try:
        pq.write_table(
            rows,
            staged.sink,
            row_group_size=row_group,
            compression="zstd",
            compression_level=1,
            use_dictionary=[n for n in rows.column_names if _comes_often(rows, n)],
            column_encoding={n: _encoding(rows, n) for n in rows.column_names
                             if not _comes_often(rows, n)},
            write_statistics=["term"] if "term" in rows.column_names else False,
        )  # fmt: skip
        staged.close()
        staged.publish()
    except BaseException:
        staged.discard()
        raise
    shelf.files.settle([path])


def _comes_often(rows: pa.Table, name: str) -> bool:
    return pa.types.is_string(rows.schema.field(name).type) and name not in {*SELDOM_TWICE, "term"}


def _encoding(rows: pa.Table, name: str) -> str:
    kind = rows.schema.field(name).type
    if pa.types.is_string(kind):
        return "DELTA_BYTE_ARRAY" if name == "term" else "PLAIN"
    return "RLE" if pa.types.is_boolean(kind) else "DELTA_BINARY_PACKED"
