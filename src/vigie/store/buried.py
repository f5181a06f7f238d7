"""What was taken down stays down: a tombstone erases a post everywhere and keeps it out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

import pyarrow as pa
import pyarrow.compute as pc
from ahocorasick_rs import BytesAhoCorasick

from vigie.columns import schema_of
from vigie.model import Raw, Record, Tombstone
from vigie.store.stored import Stored

COLUMNS = ["network", "post"]
BETWEEN = "\x1f"

Test = Callable[[pa.Table], pa.ChunkedArray]


@dataclass(frozen=True, kw_only=True)
class Buried:
    """The posts of which a store knows that they were taken down."""

    names: frozenset[str] = frozenset()
    """Network and identifier, joined."""
    mark: str = ""
    """Changes when tombstones were added."""

    @classmethod
    def read(cls, store: Stored, *, known: Buried | None = None) -> Buried:
        """Read the tombstones; cheap where none came since ``known``."""
        if Tombstone.table not in store.records:
            return cls()
        mark = store.fingerprints(Tombstone.table).get(None, "")
        if known is not None and known.mark == mark:
            return known
        if not mark:
            return cls()
        rows = store.table(Tombstone.table).select(*COLUMNS).to_pyarrow()
        return cls(names=frozenset(_names(rows).to_pylist()), mark=mark)

    def without(self, record: type[Record], rows: pa.Table) -> pa.Table:
        """Return rows less those of posts that were taken down."""
        if not self.names or not rows.num_rows or not is_of_posts(record):
            return rows
        return rows.filter(pc.invert(self._is_named(rows)))

    def choice(self, record: type[Record]) -> tuple[list[str], Test] | None:
        """Return the columns by which a table is searched for them, and the test of a row.

        An answer of a network kept whole goes as a whole when it holds one of them.
        """
        if not self.names:
            return None
        if is_of_posts(record):
            return COLUMNS, self._is_named
        return (["network", "body"], self._is_held) if record is Raw else None

    def _is_named(self, rows: pa.Table) -> pa.ChunkedArray:
        names = _names(rows)
        if rows.num_rows >= len(self.names):
            return pc.is_in(names, value_set=pa.array(list(self.names), pa.string()))
        # A live stream brings few rows at a time: the table of all names would be made each time.
        found = [name in self.names for name in names.to_pylist()]
        return pa.chunked_array([pa.array(found, pa.bool_())])

    def _is_held(self, rows: pa.Table) -> pa.ChunkedArray:
        """Tell of each answer whether it holds one of the posts; each is read once for all."""
        answers = zip(rows.column("network"), rows.column("body"), strict=True)
        found = [self._holds(network.as_py(), body.as_py()) for network, body in answers]
        return pa.chunked_array([pa.array(found, pa.bool_())])

    def _holds(self, network: str, body: bytes | None) -> bool:
        finder = self._finders.get(network)
        return bool(finder and body and finder.find_matches_as_indexes(body))

    @cached_property
    def _finders(self) -> Mapping[str, BytesAhoCorasick]:
        """What finds the posts of a network in its answers, all at once."""
        posts: dict[str, list[bytes]] = {}
        for name in self.names:
            network, _between, post = name.partition(BETWEEN)
            posts.setdefault(network, []).append(post.encode())
        return {
            network: BytesAhoCorasick(named)
            for network, found in posts.items()
            if (named := [post for post in found if post])
        }


def is_of_posts(record: type[Record]) -> bool:
    """Whether the rows of a table are about posts, and go with them."""
    return record is not Tombstone and set(COLUMNS) <= set(schema_of(record).names)


def _names(rows: pa.Table) -> pa.ChunkedArray:
    texts = [rows.column(name).cast(pa.string()) for name in COLUMNS]
    return pc.binary_join_element_wise(*texts, BETWEEN)
