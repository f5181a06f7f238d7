"""What new files call for: erase what was forgotten meanwhile, merge a partition of many files."""

from __future__ import annotations

import logging

from vigie.errors import FullDiskError
from vigie.store import compact, forget
from vigie.store.buried import Buried
from vigie.store.burying import bury
from vigie.store.forget import Erased
from vigie.store.forgotten import Forgotten
from vigie.store.partitions import Partition
from vigie.store.stored import Stored
from vigie.store.writing import Drafts

MANY_FILES = 16
"""From so many files on, a partition that was just written to is merged at once."""

log = logging.getLogger(__name__)


def settle(store: Stored, drafts: Drafts, *, forgotten: Forgotten, buried: Buried) -> None:
    """Do what these drafts call for; what was known before them is given."""
    bury(store, drafts, before=buried)
    new = Forgotten(marks=Forgotten.read(store.files).marks - forgotten.marks)
    if new.marks:
        tables = {draft.table for draft in drafts.made}
        forget.erase(store, forget.marked_by(new), Erased(), tables)
    for table, month in {(draft.table, draft.month): None for draft in drafts.made}:
        partition = store.partitions.one(table, month)
        if len(partition.files) >= MANY_FILES:
            _merge(store, partition)


def _merge(store: Stored, partition: Partition) -> None:
    """Merge, where there is room: what was to be kept is on the disk already."""
    try:
        with store.writing():
            compact.merge(store, partition)
    except FullDiskError as error:
        log.warning("%s", error)
