"""Erases what was taken down wherever it lies; what a kill or a full disk cut off is finished."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from vigie.model import Tombstone
from vigie.store.buried import Buried
from vigie.store.forget import erase_all
from vigie.store.stored import Stored
from vigie.store.writing import Drafts, ticks

BURIALS = "burials"
"""The folder of those that have begun: a file each, gone when it is done."""
CUT_OFF = timedelta(minutes=2)
"""After so long, one that has begun belongs to something that was killed."""


@contextmanager
def burial(store: Stored, drafts: Drafts) -> Iterator[None]:
    """Note, before tombstones appear, that what they name is to be erased, until it is."""
    if all(draft.table != Tombstone.table for draft in drafts.made):
        yield
        return
    path = store.files.path(BURIALS, store.names.next())
    store.files.write(path, b"")
    try:
        yield
    except BaseException:
        store.unburied.add(path)
        raise
    store.files.remove(path)


def bury(store: Stored, drafts: Drafts, *, before: Buried) -> None:
    """Erase what was taken down since ``before``: from all tables, or those just written to.

    Whoever writes tombstones searches everywhere; whoever wrote while others did, its own files.
    """
    now = Buried.read(store, known=before)
    new = Buried(names=now.names - before.names)
    written = {draft.table for draft in drafts.made}
    if new.names:
        erase_all(store, new.choice, None if Tombstone.table in written else written)


def finish(store: Stored) -> None:
    """Erase what was taken down, where an earlier erasing was cut off."""
    now = store.names.now().timestamp()
    folder = store.files.path(BURIALS)
    # Far from now either way: a clock may have been wrong.
    cut_off = store.unburied | {
        f"{folder}/{found.name}"
        for found in store.files.listing(folder)
        if abs(now - ticks(found.name) / 1_000_000) > CUT_OFF.total_seconds()
    }
    if not cut_off:
        return
    erase_all(store, Buried.read(store).choice)
    for path in cut_off:
        store.files.remove(path)
    store.unburied -= cut_off
