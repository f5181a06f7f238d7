"""Imports a received file in the background, writing down how far it is."""

from __future__ import annotations

import logging
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

from vigie import flow
from vigie.collect.reconciliation import Progress, Reconciliation
from vigie.errors import VigieError
from vigie.settings import Settings
from vigie.store.store import open_store
from vigie.web.received import (
    DONE,
    FAILED,
    IMPORTING,
    MEASURING,
    Received,
    Shelf,
    saying,
)
from vigie.words import _

EVERY = 0.5
"""Seconds between two notes on how far the import is."""

_log = logging.getLogger("vigie.importing")
# One import at a time: two would only take turns at the same disk.
_turn = threading.Lock()


def begin(shelf: Shelf, received: Received, configured: Settings) -> threading.Thread:
    """Start the import of a file and return at once."""
    begun = shelf.change(received, state=IMPORTING, rows=0, mistake=None)
    thread = threading.Thread(target=_work, args=(shelf, begun, configured), daemon=True)
    thread.start()
    return thread


def _work(shelf: Shelf, received: Received, configured: Settings) -> None:
    with _turn:
        try:
            _import(_Noting(shelf, received), configured)
        except VigieError as error:
            shelf.change(received, state=FAILED, mistake=saying(error.words))
        except Exception:  # noqa: BLE001  # a thread has no caller: the person is told on the page
            _log.exception("The import of %s broke.", received.file)
            shelf.change(received, state=FAILED, mistake=saying(_BROKEN))


_BROKEN = _(
    "The import broke for a reason nobody foresaw. What was kept before is safe and nothing of "
    "this file was kept. Try again; if it breaks again, tell the people who run this site."
)


class _Noting:
    """Writes down how far an import is, but not at every row."""

    def __init__(self, shelf: Shelf, received: Received) -> None:
        self.shelf = shelf
        self.received = received
        self._last = 0.0

    @property
    def path(self) -> Path:
        return self.shelf.path(self.received)

    def rows(self, progress: Progress) -> None:
        if time.monotonic() - self._last < EVERY:
            return
        self._last = time.monotonic()
        self.change(
            rows=progress.rows,
            total=progress.total,
            seconds=progress.seconds,
            left=progress.left,
        )

    def measured(self, done: int, of: int) -> None:
        self.change(state=MEASURING, rows=done, total=of)

    def change(self, **changes: object) -> None:
        self.received = self.shelf.change(self.received, **changes)


def _import(noting: _Noting, configured: Settings) -> None:
    store = open_store(configured)
    received = noting.received
    options = flow.Options(
        account=received.account,
        year=received.year,
        # The day it was sent: the file's own date was lost on the way.
        observed_at=datetime.fromisoformat(received.at).astimezone(UTC),
    )
    result = flow.import_file(
        store, noting.path, settings=configured, options=options, progress=noting.rows
    )
    noting.change(state=MEASURING, rows=0, total=None)
    flow.measure(store, settings=configured, progress=noting.measured)
    # What was read is in the store: the file itself need not be kept. It goes first, so that
    # an import that says it is done has nothing left to do.
    noting.path.unlink(missing_ok=True)
    noting.change(
        state=DONE,
        result=_counts(result),
        remarks=[saying(remark) for remark in result.remarks],
        seconds=result.seconds,
    )


def _counts(result: Reconciliation) -> dict[str, object]:
    return {
        "run": result.run,
        "importer": result.importer,
        "read": result.read,
        "kept": result.kept,
        "duplicate": result.duplicate,
        "refused": result.refused,
        "passed_over": result.passed_over,
        "forgotten": result.forgotten,
        "partial": result.partial,
        "beside": dict(result.beside),
        "has_refused_file": result.refused_file is not None,
    }
