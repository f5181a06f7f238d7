"""``vigie inbox import``: what a file brought is read at once, and said."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from vigie.settings import Settings
from vigie.words import Words, plural

if TYPE_CHECKING:
    from vigie.inbox.own_taking import Taken


def read_brought(boxes: Collection[int], *, settings: Settings) -> tuple[int, int]:
    """Read what waits in some boxes; return how many messages are new there, and how many known."""
    from vigie.http import open_http
    from vigie.inbox.bench import Bench
    from vigie.inbox.intake import journal
    from vigie.inbox.models import Box
    from vigie.inbox.working import read_waiting

    bench = Bench(settings=settings, http=open_http(settings), clock=lambda: datetime.now(UTC))
    kept = duplicate = 0
    for box in Box.objects.filter(pk__in=boxes).order_by("pk"):
        before = journal(box)
        read_waiting(box, bench)
        after = journal(box)
        kept += after.kept - before.kept
        duplicate += after.duplicate - before.duplicate
    return kept, duplicate


def told(taken: Taken, *, kept: int) -> Iterator[Words]:
    """Say what was found, and what is new of it."""
    from vigie.inbox.own_taking import warned

    yield plural("{count} conversation was found.", "{count} conversations were found.",
                 count=taken.conversations)  # fmt: skip
    if taken.known:
        yield plural("{count} of them is in another box already.",
                     "{count} of them are in another box already.", count=taken.known)  # fmt: skip
    yield plural("{count} message is new.", "{count} messages are new.", count=kept)
    # What is paused was read all the same: whoever commands it does so now.
    yield from warned(replace(taken, paused=()))
