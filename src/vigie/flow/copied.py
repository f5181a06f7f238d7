"""The texts that those to be labelled may be copies of, read in order of time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import pairwise

import pyarrow as pa
import pyarrow.compute as pc

from vigie.annotate.batch import Batch, Known
from vigie.annotate.duplicates import Archive, plain
from vigie.flow.unlabelled import Unlabelled

WINDOW = 3
"""Months before its own in which the text that a post copies is sought."""
MOST_REMEMBERED = 300_000
"""Texts after which what was read is let go, but for that window."""
CHUNK = 10_000


@dataclass(kw_only=True)
class Copied:
    """What was read so far, and what is still to be read before some texts are labelled."""

    known: Known
    total: int
    """Texts that this run will label."""
    read_to: date | None = None
    """The month before which every text that may be copied was read."""
    waiting: list[pa.Table] = field(default_factory=list)
    """Labelled texts of the months at hand: each is read when its own month is."""

    def begin(self, unlabelled: Unlabelled, months: Sequence[date]) -> None:
        """Read what came before these months, but for what was read already."""
        since = _moved(months[0], -WINDOW)
        read = self.known.read
        is_kept = read is not None and len(read) <= MOST_REMEMBERED
        if is_kept and self.read_to is not None:
            since = max(since, self.read_to)
        rows = unlabelled.read_before(months, since=since)
        if not is_kept:
            self.known = replace(self.known, read=Archive(expected=rows.num_rows + self.total))
        self.read_to = _moved(months[-1], 1)
        self.waiting = [rows] if rows.num_rows else []
        self._read(before=months[0])

    def batches(self, rows: pa.Table, *, most: int) -> Iterator[pa.Table]:
        """Yield texts of these months to label, a batch at a time, what they may copy read."""
        cuts = [0, rows.num_rows]
        if self.waiting:
            months = [day.replace(day=1) for day in rows["published_on"].to_pylist()]
            turns = enumerate(pairwise(months), 1)
            cuts[1:1] = [place for place, (one, other) in turns if one != other]
        for start, end in pairwise(cuts):
            for place in range(start, end, most):
                some = rows.slice(place, min(most, end - place))
                if self.waiting:
                    self._read(before=_moved(some["published_on"][0].as_py(), 1))
                yield some

    def _read(self, *, before: date) -> None:
        """Read what waits of the months before one."""
        left = []
        for rows in self.waiting:
            is_due = pc.less(rows["published_on"], pa.scalar(before))
            self._add(rows.filter(is_due))
            later = rows.filter(pc.invert(is_due))
            left += [later] if later.num_rows else []
        self.waiting = left

    def _add(self, rows: pa.Table) -> None:
        archive = self.known.archive()
        for start in range(0, rows.num_rows, CHUNK):
            columns = rows.slice(start, CHUNK).select(["network", "post", "text"]).to_pydict()
            pairs = zip(columns["network"], columns["post"], strict=True)
            names = [f"{network}:{post}" for network, post in pairs]
            signs = Batch(texts=columns["text"], known=self.known).signs
            archive.first_of(names, [plain(one) for one in signs])


def _moved(day: date, by: int) -> date:
    """Return the first day of the month so many months from that of a day."""
    months = day.year * 12 + day.month - 1 + by
    return date(months // 12, months % 12 + 1, 1)
