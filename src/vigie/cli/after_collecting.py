"""What collecting teaches the register: metrics that are gone, and the numbers of accounts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from vigie import flow
from vigie.register import tables
from vigie.register.changes import note_identifier, put_event
from vigie.register.rights import CHANGE_REGISTER, Author
from vigie.sources.lost import event_of
from vigie.store.store import Store

COLLECTOR = Author(name="collect", rights=frozenset({CHANGE_REGISTER}))
"""Who writes in the log what the networks themselves said."""


def teach_register(store: Store, found: Iterable[flow.Collected], *, today: date) -> None:
    """Break series at metrics that are gone, and note numbers that were not known."""
    is_changed = False
    for one in found:
        for stream, name in one.lost:
            put_event(event_of(one.connector, stream, name, day=today), by=COLLECTOR)
            is_changed = True
        for named in one.named:
            is_changed |= note_identifier(named.account, named.identifier, by=COLLECTOR)
    if is_changed:
        flow.keep_register(store, tables.rows())
