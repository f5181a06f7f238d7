"""What is due of the inbox: boxes are read, replies go out, what was put aside comes back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F

from vigie.errors import NetworkError, VigieError
from vigie.http import Http
from vigie.inbox.boxes import member_of, office_of, opened
from vigie.inbox.channel import Channel
from vigie.inbox.intake import put, take_waiting
from vigie.inbox.models import Box, Conversation
from vigie.inbox.owing import settle, terms
from vigie.inbox.sending import Post, send_due
from vigie.settings import Settings
from vigie.words import LANGUAGES, say


@dataclass(frozen=True, kw_only=True)
class Bench:
    """What the work of the inbox needs."""

    settings: Settings
    http: Http
    clock: Callable[[], datetime]


def boxes_to_read() -> dict[str, timedelta]:
    """Return the boxes that are asked for what is new, and how often."""
    rows = Box.objects.exclude(state="paused")
    members = {row.name: member_of(row) for row in rows}
    return {name: member.every for name, member in members.items() if member.is_fetched}


def read_box(box: Box, bench: Bench, *, should_stop: Callable[[], bool] = lambda: False) -> int:
    """Fetch what came, keep each payload before it is acknowledged, and read it; return how many.

    Where to go on is written after the payload is safe: a stop anywhere brings some of it twice,
    and never loses any.
    """
    fetched = 0
    try:
        channel = opened(box, bench.settings)
        for brought in channel.fetch(box.position, bench.http):
            put(box, brought.body, home=bench.settings.home, now=bench.clock())
            Box.objects.filter(pk=box.pk).update(position=brought.position)
            fetched += 1
            if should_stop():
                break
    except (NetworkError, VigieError) as error:
        _failed(box, error)
        raise
    finally:
        read_waiting(box, bench)
    Box.objects.filter(pk=box.pk).update(
        state="working", failure=None, misses=0, read_at=bench.clock()
    )
    return fetched


def read_waiting(box: Box, bench: Bench) -> None:
    """Read the payloads of a box that wait, whoever put them there."""
    channel: Channel = member_of(box)(box.options, address=box.address)
    take_waiting(box, channel, office_of(box, settings=bench.settings, now=bench.clock()))


def _failed(box: Box, error: VigieError) -> None:
    said = {language: say(error.words, language) for language in LANGUAGES}
    Box.objects.filter(pk=box.pk).update(state="broken", failure=said, misses=F("misses") + 1)


def send_all(bench: Bench, *, should_stop: Callable[[], bool] = lambda: False) -> int:
    """Send every reply that is due; return how many the networks confirmed."""
    post = Post(
        connect=lambda box: opened(box, bench.settings),
        http=bench.http,
        clock=bench.clock,
        terms=lambda: terms(zone=bench.settings.zone, now=bench.clock()),
    )
    return send_due(post, should_stop=should_stop)


def wake(bench: Bench) -> int:
    """Open what was put aside until now; return how many."""
    now = bench.clock()
    known = terms(zone=bench.settings.zone, now=now)
    rows = list(
        Conversation.objects.filter(state="snoozed", snoozed_until__lte=now).select_related("box")
    )
    for row in rows:
        row.state, row.snoozed_until, row.touched_at = "open", None, now
        settle(row, known)
    changed = ("state", "snoozed_until", "touched_at", "due_at", "window_until", "expires_at")
    Conversation.objects.bulk_update(rows, changed)
    return len(rows)
