"""What every row of the store has in common."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, kw_only=True)
class Record:
    """One row of a table of the store.

    ``table`` names the table, ``key`` the columns that say what the row is about, ``month``
    the date column that chooses its partition (none: the table is one small folder), and
    ``looked`` the column that says which of two looks at the same thing is newer, ``lasting``
    the columns that never change: a look that does not say them leaves them as they were known.
    Columns may be added, never renamed; an old file answers *unknown* for a new column.
    """

    table: ClassVar[str]
    key: ClassVar[tuple[str, ...]]
    month: ClassVar[str | None] = None
    looked: ClassVar[str | None] = None
    lasting: ClassVar[tuple[str, ...]] = ()
