"""What tests of the store say again and again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.cast import NOON
from vigie.columns import records_of, table_of
from vigie.model import Post, Record
from vigie.store.store import Store

LATER = NOON + timedelta(days=30)
SEPTEMBER = datetime(2026, 9, 15, 12, tzinfo=UTC)
NOVEMBER = datetime(2026, 11, 15, 12, tzinfo=UTC)


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now

    def forward(self, delay: timedelta) -> None:
        self.now += delay


def rows(*records: Record):  # type: ignore[no-untyped-def]
    """Return records of one class as rows."""
    return table_of(type(records[0]), records)


def likes(store: Store) -> dict[str, int | None]:
    """Return the likes of each post; a post that is there twice is an error."""
    found = store.table("posts").select("post", "likes").to_pyarrow().to_pylist()
    seen = {row["post"]: row["likes"] for row in found}
    assert len(seen) == len(found), "a post is read twice"
    return seen


def posts(store: Store) -> list[Post]:
    """Return every post in order."""
    return sorted(records_of(Post, store.table("posts").to_pyarrow()), key=lambda post: post.post)


def files(store: Store, pattern: str = "posts/*/*.parquet") -> list[Path]:
    """Return the files of a local store."""
    return sorted(Path(store.files.root).glob(pattern))


def shorten(path: Path) -> None:
    """Cut a file short, as a full disk or a hand would."""
    path.write_bytes(path.read_bytes()[:-100])


def together(tables: Iterable[str], store: Store) -> dict[str, int]:
    """Count the rows of tables."""
    return {name: store.table(name).count().to_pyarrow().as_py() for name in tables}
