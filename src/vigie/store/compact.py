"""Merges the files of a partition into one, and removes what nothing needs any more."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from vigie.errors import DamagedFileError
from vigie.model import Record
from vigie.store.current import current
from vigie.store.drafting import drafted
from vigie.store.files import ASIDE
from vigie.store.partitions import CHANGES, Partition
from vigie.store.schema import columns_of, folder_of
from vigie.store.spool import SPOOL
from vigie.store.stored import Stored
from vigie.store.writing import Draft, Drafts
from vigie.words import _

GRACE = timedelta(minutes=15)
"""How long a replaced file is kept for readers that began before."""
ABANDONED = timedelta(hours=6)
"""After so long, what is half-written belongs to something that was killed."""


@dataclass(frozen=True, kw_only=True)
class Compacted:
    """What compaction did."""

    merged: int = 0
    """Partitions whose files are now one."""
    dropped: int = 0
    """Superseded looks left out."""
    removed: int = 0
    """Files nothing needs any more."""


def compact(store: Stored, names: Iterable[str], *, grace: timedelta, least: int) -> Compacted:
    """Merge every partition of at least so many files; then remove what was replaced long ago."""
    merged = dropped = 0
    for name in names:
        for partition in store.partitions.of(name):
            if len(partition.files) >= least:
                rows = merge(store, partition)
                merged += rows is not None
                dropped += partition.rows - rows if rows is not None else 0
    return Compacted(merged=merged, dropped=dropped, removed=sweep(store, grace=grace))


def merge(store: Stored, partition: Partition) -> int | None:
    """Merge the files of a partition; return the rows of the new file.

    Nothing is merged (``None``) when something else took one of the files meanwhile: its
    rows may have been forgotten or replaced, and must not come back. Nor when a file has
    columns of a newer version, which would be lost.
    """
    record = store.record(partition.table)
    if _is_newer(record, partition):
        return None
    drafts = Drafts(files=store.files, names=store.names)
    try:
        draft = _draft(store, record, partition, drafts)
        if not _all_stand(store, partition):
            return None
        drafts.publish()
    except DamagedFileError:
        if _all_stand(store, partition):
            raise
        return None
    finally:
        drafts.discard()
    if not _all_stand(store, partition):
        store.files.remove(draft.path)
        return None
    return draft.rows


def _draft(store: Stored, record: type[Record], partition: Partition, drafts: Drafts) -> Draft:
    rows = current(record, [partition], engine=store.engine, files=store.files)
    after = partition.last_order
    for draft in drafted(record, rows, {partition.month: partition}, drafts):
        if draft.month != partition.month:
            raise DamagedFileError(
                _(
                    "The files of {table} in {month} hold rows of {other}. Run vigie store repair.",
                    table=partition.table,
                    month=folder_of(partition.month),
                    other=folder_of(draft.month),
                )
            )
    made = drafts.made or [drafts.begin(record, partition.month, after=after)]
    made[0].end(order=after, replaces=partition.names, merged=True)
    return made[0]


def _is_newer(record: type[Record], partition: Partition) -> bool:
    known = set(columns_of(record).names)
    return any(not known.issuperset(file.footer.schema.names) for file in partition.files)


def _all_stand(store: Stored, partition: Partition) -> bool:
    """Tell whether nothing but a merge took a file of the partition since it was read."""
    now = store.partitions.one(partition.table, partition.month)
    names = {file.name for file in partition.files}
    taken = any(
        names & file.footer.replaces for file in (*now.files, *now.hidden) if not file.footer.merged
    )
    return not taken and names <= now.names


def sweep(store: Stored, *, grace: timedelta) -> int:
    """Remove replaced files after their grace, and what was left half-written; return how many."""
    now = store.names.now().timestamp()
    removed = sum(_sweep_table(store, name, now, grace) for name in store.names_of_tables())
    return removed + _sweep_asides(store)


def _sweep_table(store: Stored, name: str, now: float, grace: timedelta) -> int:
    # The marks first: the files of a change are there before its mark.
    changes = store.partitions.changes(name)
    partitions = store.partitions.of(name)
    removed = 0
    for part in partitions:
        for file in part.hidden:
            by = [
                other.footer.ended
                for other in (*part.files, *part.hidden)
                if file.name in other.footer.replaces
            ]
            if now - min(by) > grace.total_seconds():
                removed += store.files.remove(file.path)
        for file in part.pending:
            if now - file.footer.ended > ABANDONED.total_seconds():
                removed += store.files.remove(file.path)
    return removed + _sweep_changes(store, name, partitions, changes)


def _sweep_changes(
    store: Stored, name: str, partitions: Iterable[Partition], changes: frozenset[str]
) -> int:
    """Remove the marks of changes whose files are all gone."""
    needed = {
        file.footer.change
        for part in partitions
        for file in (*part.files, *part.hidden, *part.pending)
    }
    over = sorted(changes - needed)
    return sum(store.files.remove(store.files.path(name, CHANGES, change)) for change in over)


def _sweep_asides(store: Stored) -> int:
    """Remove what a killed writer left aside; far away nothing is written aside."""
    if not store.files.is_local:
        return 0
    root = Path(store.files.root)
    # Dates of the disk, not of the store's clock, tell how old these are.
    oldest = time.time() - ABANDONED.total_seconds()
    removed = 0
    for path in [*root.glob(f"{ASIDE}*"), *root.glob(f"*/{ASIDE}*"), *root.glob(f"*/*/{ASIDE}*")]:
        try:
            if path.stat().st_mtime < oldest:
                removed += _remove_aside(path)
        except FileNotFoundError:
            continue
    return removed


def _remove_aside(path: Path) -> int:
    if not path.name.startswith(SPOOL):
        path.unlink()
        return 1
    for file in path.iterdir():
        file.unlink()
    path.rmdir()
    return 1
