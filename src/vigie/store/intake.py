"""Takes rows in: only new things and new looks are kept, whole or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from types import TracebackType

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from vigie.model import Record
from vigie.store.buried import Buried
from vigie.store.burying import burial, finish
from vigie.store.current import current
from vigie.store.drafting import REVISES, drafted, groups, waited
from vigie.store.forgotten import Forgotten
from vigie.store.partitions import Partition
from vigie.store.schema import conform, content_of
from vigie.store.settling import settle
from vigie.store.spool import Spool
from vigie.store.stored import Stored
from vigie.store.writing import Draft, Drafts, ticks

KNOWN = "known_"
AHEAD = timedelta(minutes=5)
"""Clocks of several machines differ by less."""


@dataclass(frozen=True, kw_only=True)
class Appended:
    """What became of rows: every one is kept, a duplicate, or of something forgotten."""

    kept: int = 0
    duplicate: int = 0
    forgotten: int = 0
    """Erased on request, or taken down by its author: it stays away."""


class Intake:
    """Rows on their way into the store: ``add`` many times, then ``commit`` once.

    Of several looks at one thing within an intake the newest is kept, and of those of the
    same moment the last added. A look that says nothing new, or is older than the current
    one, is a duplicate: the newest look wins and superseded ones are not kept for good.
    Keys are sought in the month a row belongs to.
    """

    def __init__(self, store: Stored) -> None:
        self._store = store
        with store.writing():
            finish(store)
        self._spool = Spool(store.files)
        self._forgotten = Forgotten.read(store.files)
        self._buried = Buried.read(store)
        self._left_out: dict[str, int] = {}

    def __enter__(self) -> Intake:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._spool.close()

    def add(self, name: str, rows: pa.Table) -> None:
        """Add rows of a table; those of something forgotten are left out and counted."""
        record = self._store.record(name)
        fit = conform(record, rows)
        kept = self._buried.without(record, self._forgotten.without(record, fit))
        self._left_out[name] = self._left_out.get(name, 0) + fit.num_rows - kept.num_rows
        with self._store.writing():
            self._spool.add(record, kept)

    def commit(self) -> dict[str, Appended]:
        """Keep what is new. When it returns, what it counts as kept is on the disk."""
        with self._store.writing():
            appended = self._committed()
        self._buried = Buried.read(self._store, known=self._buried)
        self._spool = Spool(self._store.files)
        self._left_out = {}
        return appended

    def _committed(self) -> dict[str, Appended]:
        drafts = Drafts(files=self._store.files, names=self._store.names)
        try:
            self._spool.flush()
            appended = {name: self._write(name, drafts) for name in sorted(self._left_out)}
            with burial(self._store, drafts):
                drafts.publish()
                settle(self._store, drafts, forgotten=self._forgotten, buried=self._buried)
        finally:
            drafts.discard()
            self._spool.close()
        return appended

    def _write(self, name: str, drafts: Drafts) -> Appended:
        record = self._store.record(name)
        waiting = self._spool.waiting.get(name, {})
        before = {part.month: part for part in self._store.partitions.of(name, list(waiting))}
        kept = 0
        for months in groups(waiting, before):
            known = [before[month] for month in months if month in before and before[month].rows]
            rows = self._unseen(record, waited(self._store, record, waiting, months), known)
            for draft in drafted(record, rows, before, drafts):
                _end(draft, before.get(draft.month))
                kept += draft.rows
        came = sum(month.rows for month in waiting.values())
        return Appended(kept=kept, duplicate=came - kept, forgotten=self._left_out[name])

    def _unseen(self, record: type[Record], rows: ir.Table, known: Sequence[Partition]) -> ir.Table:
        if not known:
            return rows.mutate({REVISES: ibis.literal(False)})
        engine = self._store.engine
        seen = current(record, known, engine=engine, files=self._store.files)
        now = self._store.names.now()
        if record.looked and _is_from_ahead(known, now):
            return _unseen_after_jump(record, rows, seen, now)
        return engine.view(("unseen", record), partial(_unseen, record), rows, seen)


def _end(draft: Draft, before: Partition | None) -> None:
    """End a file; where it revises nothing it shares no key with the files before it."""
    apart = {file.name for file in before.files} if before and not draft.revised else ()
    draft.end(apart=apart)


def _unseen(record: type[Record], rows: ir.Table, known: ir.Table) -> ir.Table:
    """Keep new things, and newer looks that saw something else."""
    seen = known.select(
        *(known[name].name(KNOWN + name) for name in record.key),
        _content(record, known).name(KNOWN),
        *(known[name].name(KNOWN + name) for name in record.lasting),
        *([known[record.looked].name(KNOWN + "looked")] if record.looked else []),
    )
    same = [rows[name].identical_to(seen[KNOWN + name]) for name in record.key]
    both = rows.left_join(seen, same)
    if record.lasting:
        both = both.mutate(
            {name: ibis.coalesce(both[name], both[KNOWN + name]) for name in record.lasting}
        )
    is_new = both[KNOWN].isnull()
    is_other = ~_content(record, both).identical_to(both[KNOWN])
    if record.looked:
        is_other &= both[record.looked] >= both[KNOWN + "looked"]
    return both.filter(is_new | is_other).select(*rows.columns, (~is_new).name(REVISES))


def _is_from_ahead(known: Sequence[Partition], now: datetime) -> bool:
    """Tell whether a file was written by a clock that was ahead of ours."""
    limit = (now + AHEAD).timestamp() * 1_000_000
    return any(ticks(file.name) > limit for partition in known for file in partition.files)


def _unseen_after_jump(
    record: type[Record], rows: ir.Table, known: ir.Table, now: datetime
) -> ir.Table:
    """Do the same where known looks bear a moment that has not come yet.

    A look of today is newer than those; it is given their moment, so that it wins from now on.
    """
    looked = record.looked or ""
    ahead = known.filter(known[looked] > now).select(
        *(known[name].name(KNOWN + name) for name in record.key), known[looked].name(KNOWN)
    )
    same = [rows[name].identical_to(ahead[KNOWN + name]) for name in record.key]
    both = rows.left_join(ahead, same)
    moment = ibis.greatest(both[looked], both[KNOWN].fill_null(both[looked]))
    return _unseen(record, both.mutate({looked: moment}).select(*rows.columns), known)


def _content(record: type[Record], rows: ir.Table) -> ir.StructValue:
    return ibis.struct({name: rows[name] for name in content_of(record)})
