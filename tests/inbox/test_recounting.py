"""Hours that change while very much is open: counted anew in batches, and said meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from tests.cast import NOON
from tests.inbox.test_totals import ANSWERER
from tests.inbox.test_unwanted import EDITOR
from vigie.inbox import hour_changes
from vigie.inbox.models import Box, Contact, Conversation, Recount, Target
from vigie.inbox.owing import settle, terms
from vigie.inbox.recounting import (
    AT_ONCE,
    MOST_AT_ONCE,
    Progress,
    go_on,
    progress_of,
    progress_seen,
)
from vigie.inbox.visible import eyes_of, sight_of
from vigie.register.models import Institution, Service

COUNT = MOST_AT_ONCE + 1


@pytest.fixture
def asked_much(library: Service) -> Service:
    """Ask the library more than is counted while a person waits."""
    box = Box.objects.create(name="mail", label="Mail", channel="mail",
                             institution=library.institution)  # fmt: skip
    contact = Contact.objects.create(name="Zoé", created_at=NOON, seen_at=NOON)
    Target.objects.create(response_minutes=60)
    Conversation.objects.bulk_create(
        Conversation(box=box, thread=str(n), kind="mail", contact=contact, service=library,
                     opened_at=NOON, asked_at=NOON, incoming_at=NOON, touched_at=NOON)
        for n in range(COUNT)
    )  # fmt: skip
    return library


def close_for_a_day(institution: Institution, service: Service | None = None) -> None:
    """Close from noon to noon."""
    strike = hour_changes.Closed(name="Strike", starts_at=NOON, ends_at=NOON + timedelta(days=1))
    hour_changes.close(institution, service, [strike], hand=EDITOR)


def due() -> set[object]:
    """Return when answers are due."""
    return set(Conversation.objects.values_list("due_at", flat=True))


def stopping_after(batches: int) -> Iterator[bool]:
    """Say to go on so many times, and then to stop."""
    yield from [False] * (batches - 1)
    while True:
        yield True


def test_many_are_left_to_the_worker_and_counted_by_it(asked_much: Service) -> None:
    close_for_a_day(asked_much.institution, asked_much)
    assert due() == {None}
    assert progress_of(asked_much) == Progress(done=0, total=COUNT)
    done = go_on(EDITOR.terms.zone, NOON, should_stop=lambda: False)
    assert done == COUNT
    assert due() == {NOON + timedelta(hours=25)}
    assert progress_of(asked_much) is None


def test_stopped_anywhere_it_goes_on_from_there(asked_much: Service) -> None:
    close_for_a_day(asked_much.institution)
    stops = stopping_after(2)
    assert go_on(EDITOR.terms.zone, NOON, should_stop=lambda: next(stops)) is None
    assert progress_of(asked_much) == Progress(done=2 * AT_ONCE, total=COUNT)
    assert Conversation.objects.filter(due_at__isnull=False).count() == 2 * AT_ONCE
    assert go_on(EDITOR.terms.zone, NOON, should_stop=lambda: False) == COUNT - 2 * AT_ONCE
    assert due() == {NOON + timedelta(hours=25)}


def test_hours_that_change_again_are_counted_from_the_start(asked_much: Service) -> None:
    close_for_a_day(asked_much.institution, asked_much)
    stops = stopping_after(1)
    go_on(EDITOR.terms.zone, NOON, should_stop=lambda: next(stops))
    later = hour_changes.Closed(name="Snow", starts_at=NOON + timedelta(days=1),
                                ends_at=NOON + timedelta(days=2))  # fmt: skip
    hour_changes.close(asked_much.institution, asked_much, [later], hand=EDITOR)
    assert progress_of(asked_much) == Progress(done=0, total=COUNT)
    go_on(EDITOR.terms.zone, NOON, should_stop=lambda: False)
    assert due() == {NOON + timedelta(hours=49)}


def test_what_is_counted_in_batches_is_what_each_is_due(asked_much: Service) -> None:
    hour_changes.put_target(None, channel="", urgency="", response_minutes=90, hand=EDITOR)
    assert Recount.objects.count() == 1
    go_on(EDITOR.terms.zone, NOON, should_stop=lambda: False)
    row = Conversation.objects.select_related("box").first()
    assert row is not None
    before = row.due_at
    settle(row, terms(zone=EDITOR.terms.zone, now=NOON))
    assert row.due_at == before == NOON + timedelta(minutes=90)


def test_who_does_not_see_a_service_is_told_nothing_of_it(
    asked_much: Service, health: Service
) -> None:
    Recount.objects.create(service=health, asked_at=NOON, total=5000)
    assert progress_seen(sight_of(eyes_of(None, ANSWERER))) is None
    Recount.objects.create(asked_at=NOON, total=10)
    assert progress_seen(sight_of(eyes_of(None, ANSWERER))) == Progress(done=0, total=10)
    assert progress_of(asked_much) == Progress(done=0, total=10)
