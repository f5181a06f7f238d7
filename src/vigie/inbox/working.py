"""What is due of the inbox: boxes are read, replies go out, what was put aside comes back."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta

from django.db import transaction
from django.db.models import F

from vigie.errors import BusyError, NetworkError, NoAnswerError, VigieError
from vigie.inbox.bench import Bench
from vigie.inbox.boxes import carrier, member_of, office_of, opened
from vigie.inbox.bringing import bring_files
from vigie.inbox.channel import Brought, Channel
from vigie.inbox.intake import is_own, put, put_all, put_aside, take_waiting, waiting_in
from vigie.inbox.introducing import introduce
from vigie.inbox.looking_again import look_again
from vigie.inbox.models import Box, Conversation
from vigie.inbox.outages import note_end
from vigie.inbox.owing import settle, terms
from vigie.inbox.rewriting import rewrite
from vigie.inbox.sending import Post, send_due
from vigie.words import LANGUAGES, say

READ_BOX = "read_box"
"""The name of this work, where what is due is written down."""
MOST_PUT, LARGE = 256, 4 << 20
"""Payloads, and bytes, that are made safe together."""

_log = logging.getLogger("vigie.inbox")


def boxes_to_read() -> dict[str, timedelta]:
    """Return the boxes that are asked for what is new, and how often."""
    rows = Box.objects.exclude(state="paused")
    members = {row.name: member_of(row) for row in rows}
    return {name: member.every for name, member in members.items() if member.is_fetched}


def boxes_that_tell() -> list[str]:
    """Return the boxes whose server tells of news at once, as long as they can be read."""
    rows = Box.objects.filter(state="working")
    return [row.name for row in rows if member_of(row).tells]


def read_box(box: Box, bench: Bench, *, should_stop: Callable[[], bool] = lambda: False) -> int:
    """Fetch what came, keep each payload before it is acknowledged, and read it; return how many.

    Where to go on is written after the payload is safe: a stop anywhere brings some of it twice,
    and never loses any.
    """
    fetched = 0
    try:
        channel = opened(box, bench.settings)
        for together in _together(channel.fetch(box.position, bench.http), should_stop):
            bodies = [brought.body for brought in together if brought.body]
            put_all(box, bodies, home=bench.settings.home, now=bench.clock())
            fetched += len(bodies)
            Box.objects.filter(pk=box.pk).update(position=together[-1].position)
        look_again(box, channel, bench)
    except (NetworkError, VigieError) as error:
        _failed(box, error)
        raise
    finally:
        read_waiting(box, bench)
    note_end(box, now=bench.clock())
    Box.objects.filter(pk=box.pk).update(
        state="working", failure=None, misses=0, read_at=bench.clock()
    )
    return fetched


def _together(
    fetched: Iterable[Brought], should_stop: Callable[[], bool]
) -> Iterator[list[Brought]]:
    """Yield what is brought, some at once; what came before a failure is not lost to it."""
    waiting: list[Brought] = []
    try:
        for brought in fetched:
            waiting.append(brought)
            is_enough = len(waiting) == MOST_PUT or sum(len(one.body) for one in waiting) > LARGE
            if is_enough:
                yield waiting
                waiting = []
            if should_stop():
                break
    except (VigieError, OSError):
        if waiting:
            yield waiting
        raise
    if waiting:
        yield waiting


def read_waiting(box: Box, bench: Bench) -> None:
    """Read the payloads of a box that wait, whoever put them there."""
    channel: Channel = member_of(box)(box.options, address=box.address)
    unsaid = _completed(box, bench)
    office = office_of(box, settings=bench.settings, now=bench.clock())
    read = take_waiting(box, channel, office, but=unsaid)
    if read and not channel.is_fetched:
        Box.objects.filter(pk=box.pk, state="new").update(state="working")
    for admitted in read:
        known = {one.pk for one in admitted.came_back}
        introduce(box, [one for one in admitted.opened if one.pk not in known], bench)
        bring_files(box, admitted, bench)


def read_brought(bench: Bench) -> None:
    """Read what was brought to any box and waits: by a webhook, a form, or before a stop."""
    waits = Box.objects.filter(arrivals__state="waiting").exclude(state="paused")
    for box in waits.distinct():
        read_waiting(box, bench)


def _completed(box: Box, bench: Bench) -> set[int]:
    """Ask for what payloads only name; return those for which the network has no answer yet."""
    member = member_of(box)
    if member.complete is Channel.complete:
        return set()
    channel, unsaid = opened(box, bench.settings), set()
    for arrival in waiting_in(box):
        if is_own(arrival):
            continue
        try:
            body = channel.complete((bench.settings.home / arrival.file).read_bytes(), bench.http)
        except (BusyError, NoAnswerError) as error:
            _log.info("What %s tells is asked for later: %s", box.name, error)
            unsaid.add(arrival.pk)
        except FileNotFoundError:
            continue
        except VigieError as error:
            put_aside(arrival, error.words, now=bench.clock())
        else:
            if body is not None:
                put(box, body, home=bench.settings.home, now=bench.clock())
    return unsaid


def _failed(box: Box, error: VigieError) -> None:
    said = {language: say(error.words, language) for language in LANGUAGES}
    Box.objects.filter(pk=box.pk).update(state="broken", failure=said, misses=F("misses") + 1)


def send_all(bench: Bench, *, should_stop: Callable[[], bool] = lambda: False) -> int:
    """Send every reply that is due; return how many the networks confirmed."""
    post = Post(
        connect=lambda box: carrier(box, bench.settings),
        http=bench.http,
        clock=bench.clock,
        terms=lambda: terms(zone=bench.settings.zone, now=bench.clock()),
        home=bench.settings.home,
    )
    return send_due(post, should_stop=should_stop)


def wake(bench: Bench) -> int:
    """Open what was put aside until now; return how many."""
    now = bench.clock()
    known = terms(zone=bench.settings.zone, now=now)
    over = Conversation.objects.filter(state="snoozed", snoozed_until__lte=now).order_by("pk")
    with transaction.atomic():
        # What somebody closes in this moment stays closed.
        rows = list(over.select_for_update(of=("self",)).select_related("box", "via"))
        for row in rows:
            row.state, row.snoozed_until, row.touched_at = "open", None, now
            settle(row, known)
        changed = ("state", "snoozed_until", "touched_at", "due_at", "window_until", "expires_at")
        rewrite(rows, changed)
    return len(rows)
