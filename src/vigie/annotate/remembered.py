"""What a model said of texts, kept a while by the digest of each: no text is put to it twice."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

KEPT = timedelta(days=30)
"""What was last said longer ago goes: a text that left leaves nothing here for long."""
_TABLE = "CREATE TABLE IF NOT EXISTS said (mark BLOB PRIMARY KEY, said BLOB, day TEXT) STRICT"


def mark_of(text: str) -> bytes:
    """Return the digest of a text."""
    return hashlib.blake2b(text.encode(), digest_size=16).digest()


def _today() -> date:
    return datetime.now(UTC).date()


@dataclass(frozen=True, kw_only=True)
class Remembered:
    """What one version of a model said; the file is named after the version."""

    path: Path
    today: Callable[[], date] = _today

    def of(self, texts: Sequence[str]) -> dict[str, bytes]:
        """Return what was said of those of these texts that it knows."""
        if not self.path.exists():
            return {}
        found = {}
        with self._opened() as base:
            for text in dict.fromkeys(texts):
                query = "SELECT said FROM said WHERE mark = ?"
                row = base.execute(query, (mark_of(text),)).fetchone()
                if row is not None:
                    found[text] = row[0]
        return found

    def keep(self, said: Mapping[str, bytes]) -> None:
        """Keep what was said of some texts, and let go of what is old."""
        today = self.today()
        rows = [(mark_of(text), one, today.isoformat()) for text, one in said.items()]
        with self._opened() as base, base:
            base.executemany("INSERT OR REPLACE INTO said VALUES (?, ?, ?)", rows)
            base.execute("DELETE FROM said WHERE day < ?", ((today - KEPT).isoformat(),))

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(self.path, timeout=30)) as base:
            base.execute(_TABLE)
            yield base
