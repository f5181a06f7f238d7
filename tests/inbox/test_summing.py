"""Columns say what rows say: conversations summed at once, and the figures of very many."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import fields
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from tests.cast import NOON
from tests.inbox import slow_figures as slow
from tests.inbox.slow_tables import Count
from vigie.columns import records_of, table_of
from vigie.inbox import figures
from vigie.inbox.clock import Period, ServiceHours, elapsed, elapsed_each, local_days
from vigie.inbox.figure_asked import NOBODYS, WHICH, Asked, in_order
from vigie.inbox.models import (
    Box,
    Closure,
    Contact,
    Conversation,
    Hours,
    Message,
    Satisfaction,
    Target,
    Topic,
)
from vigie.inbox.owing import terms
from vigie.inbox.rows import Named, Rows, rows_of
from vigie.inbox.summing import summed
from vigie.inbox.tables import tables
from vigie.model import Conversation as Record
from vigie.model import MessageDay, Response
from vigie.register.models import Institution, Service

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
WEEK = {str(day): [["09:00", "12:00"], ["14:00", "17:30"]] for day in range(5)}
PARIS = ZoneInfo("Europe/Paris")
NOW = NOON + 40 * DAY + timedelta(microseconds=123_457)


def moment(chance: random.Random, days: float = 60) -> datetime:
    """Return some moment around noon of the test's day, now and then on a whole hour."""
    at = NOON + timedelta(microseconds=round(chance.uniform(-days, 35) * 86_400_000_000))
    return at.replace(minute=0, second=0, microsecond=0) if chance.random() < 0.3 else at


@pytest.fixture
def filled(library: Service, health: Service, chance: random.Random) -> None:
    """Fill the inbox with conversations of every sort, said in every order."""
    Hours.objects.create(service=library, week=WEEK, changed_at=NOON)
    Closure.objects.create(institution=library.institution, starts_at=NOON, name="Strike",
                           ends_at=NOON + timedelta(days=1, seconds=1))  # fmt: skip
    Target.objects.create(response_minutes=480)
    Target.objects.create(service=library, urgency="high", response_minutes=90)
    far = Institution.objects.create(slug="far", name="Far", timezone="Pacific/Auckland")
    boxes = [
        Box.objects.create(name=name, label=name, channel=name, institution=place)
        for name, place in (("mail", library.institution), ("form", far))
    ]
    topics = [Topic.objects.create(service=library, name=name) for name in ("Cards", "Spam")]
    contact = Contact.objects.create(name="Zoé", created_at=NOON, seen_at=NOON)
    for number in range(80):
        row = conversed(number, boxes, [library, health, None], topics, contact, chance)
        said(row, chance)
        if chance.random() < 0.3:
            Satisfaction.objects.create(conversation=row, digest=str(number), asked_at=NOON,
                                        score=chance.choice([None, 1, 5]))  # fmt: skip
    merged = Conversation.objects.order_by("pk")[3]
    Conversation.objects.filter(pk=merged.pk + 1).update(merged_into=merged)


def conversed(
    number: int, boxes: list[Box], services: list[Service | None], topics: list[Topic],
    contact: Contact, chance: random.Random,
) -> Conversation:  # fmt: skip
    opened, state = moment(chance), chance.choice(["open", "waiting", "closed", "unwanted"])
    answered = opened + chance.uniform(-1, 9) * DAY if chance.random() < 0.6 else None
    return Conversation.objects.create(
        box=chance.choice(boxes), thread=str(number), kind=chance.choice(["mail", "comment"]),
        contact=contact, service=chance.choice(services), topic=chance.choice([*topics, None]),
        intents=chance.choice([[], ["praise"], ["question", "praise"], ["é, «»"]]), state=state,
        urgency=chance.choice(["normal", "high"]), opened_at=opened, asked_at=opened,
        incoming_at=opened, touched_at=opened, answered_at=answered,
        response_minutes=chance.choice([None, 7]) if answered else None,
        closed_at=moment(chance) if state == "closed" or chance.random() < 0.2 else None,
        resolution_minutes=chance.choice([None, 70]), reopened=chance.choice([0, 0, 2]),
    )  # fmt: skip


def said(row: Conversation, chance: random.Random) -> None:
    """Let both sides say something, at the same moment at times."""
    gone = chance.random() < 0.2
    for number in range(chance.randrange(6)):
        is_in = chance.random() < 0.6
        at = row.opened_at + chance.choice([0, 3 * 60, 20 * 60, 90 * 60]) * MINUTE
        state = chance.choice(["sent", "due", "failed", "proposed"])
        Message.objects.create(
            conversation=row, box=row.box, direction="in" if is_in else "out",
            key=f"{row.pk}-{number}", said_at=at, received_at=at,
            state=("withdrawn" if gone else "received") if is_in else state, sent_at=at,
            is_automatic=chance.random() < 0.2,
            changed_at=at + DAY if chance.random() < 0.8 else None,
        )  # fmt: skip


def plain(rows: Rows) -> dict[str, list[object]]:
    """Return columns as lists that can be compared."""
    found: dict[str, list[object]] = {}
    for one in fields(Rows):
        column = getattr(rows, one.name)
        if isinstance(column, Named):
            found[one.name] = [column.at(place) for place in range(len(rows))]
        elif isinstance(column, np.ndarray):
            found[one.name] = column.tolist()
    return found


@pytest.fixture(params=[1, 2, 3])
def chance(request: pytest.FixtureRequest) -> random.Random:
    """Draws the same for the same number."""
    return random.Random(request.param)


def test_summed_at_once_is_what_is_counted_one_by_one(filled: None) -> None:
    known = terms(zone=PARIS, now=NOW)
    every = Conversation.objects.all()
    one_by_one = Count(terms=known, name=str).of(every, with_responses=False).conversations
    found = plain(summed(every, known))
    found["key"] = [str(key) for key in found["key"]]
    assert found == plain(rows_of(one_by_one))


def test_tables_made_at_once_are_those_of_rows_one_by_one(filled: None) -> None:
    known, every = terms(zone=PARIS, now=NOW), Conversation.objects.all()
    rows = Count(terms=known, name=named_so).of(every)
    found = tables(every, terms=known, name=named_so)
    assert found["conversations"].equals(table_of(Record, rows.conversations))
    assert found["responses"].equals(table_of(Response, rows.responses))
    assert len(rows.responses) > 40
    days = records_of(MessageDay, found["message_days"])
    assert sorted(days, key=repr) == sorted(rows.message_days, key=repr)
    assert days == sorted(days, key=lambda one: one.day)
    assert len(days) > 20


def named_so(number: int) -> str:
    return f"p{number}"


def test_tables_of_nothing_have_their_columns(db: None) -> None:
    found = tables(Conversation.objects.all(), terms=terms(zone=PARIS, now=NOW), name=named_so)
    assert found["conversations"].equals(table_of(Record, []))
    assert found["responses"].equals(table_of(Response, []))
    assert found["message_days"].equals(table_of(MessageDay, []))


def test_some_are_summed_without_what_others_said(filled: None, library: Service) -> None:
    known = terms(zone=PARIS, now=NOW)
    some = Conversation.objects.filter(service=library)
    whole = Count(terms=known, name=str).of(some, with_responses=False).conversations
    assert plain(summed(some, known))["incoming"] == [row.incoming for row in whole]


def test_nothing_is_summed_of_nothing(db: None) -> None:
    known = terms(zone=PARIS, now=NOW)
    assert len(summed(Conversation.objects.all(), known)) == 0
    assert len(summed(Conversation.objects.filter(pk__in=[]), known)) == 0


def test_ten_times_as_many_are_summed_with_as_many_questions(
    filled: None, django_assert_max_num_queries: Callable[..., object]
) -> None:
    known = terms(zone=PARIS, now=NOW)
    with django_assert_max_num_queries(11):  # type: ignore[attr-defined]  # a context
        summed(Conversation.objects.all(), known)


def record(number: int, chance: random.Random) -> Record:
    """Return a conversation of any sort."""
    opened = moment(chance, days=90)
    answered = opened + timedelta(hours=chance.randrange(300)) if chance.random() < 0.7 else None
    closed = opened + timedelta(hours=chance.randrange(900)) if chance.random() < 0.5 else None
    service = chance.choice(["library", "admissions", "health", None])
    return Record(
        conversation=str(number), institution="northfield", opened_at=opened,
        opened_on=opened.date(), observed_at=NOON + 40 * DAY, service=service,
        office=service and service.title(), is_confidential=service == "health",
        channel=chance.choice(["mail", "form"]), kind="mail", state="closed" if closed else "open",
        topic=chance.choice([None, "Cards", "Fees"]),
        left_out=chance.choice([None, None, None, "spam"]), incoming=chance.randrange(4),
        outgoing=chance.randrange(4), reopened=chance.choice([0, 0, 1]), answered_at=answered,
        closed_at=closed, closed_on=closed.date() if closed and chance.random() < 0.9 else None,
        waited_minutes=chance.randrange(900), target_minutes=chance.choice([None, 60, 480]),
        lasted_minutes=chance.choice([None, chance.randrange(3000)]),
        is_asked=chance.random() < 0.5, score=chance.choice([None, 1, 2, 3, 4, 5]),
    )  # fmt: skip


@pytest.fixture
def records(chance: random.Random) -> list[Record]:
    """Return conversations of every sort, and every number of them."""
    return [record(number, chance) for number in range(chance.choice([3, 40, 400]))]


SINCE, UNTIL = date(2026, 7, 6), date(2026, 11, 20)


def test_figures_of_columns_are_those_of_rows(records: list[Record]) -> None:
    rows = rows_of(records)
    assert figures.taught(rows) == slow.taught(records)
    assert figures.by(rows, rows.service.filled(NOBODYS)) == slow.by(
        records, lambda row: row.service or NOBODYS
    )
    assert figures.by_week(rows, since=SINCE, until=UNTIL) == slow.by_week(
        records, since=SINCE, until=UNTIL
    )
    assert figures.closings(rows, since=SINCE, until=UNTIL) == slow.closings(
        records, since=SINCE, until=UNTIL
    )


def test_groups_stand_in_the_same_order(records: list[Record]) -> None:
    rows = rows_of(records)
    found = list(figures.by(rows, rows.topic.filled("none")))
    assert found == list(slow.by(records, lambda row: row.topic or "none"))


@pytest.mark.parametrize("which", WHICH)
def test_every_figure_opens_the_same_conversations(records: list[Record], which: str) -> None:
    rows = rows_of(records)
    found = [rows.key[place] for place in in_order(rows, which)]
    assert found == [row.conversation for row in slow.in_order(records, which)]


def test_what_is_asked_for_is_chosen(records: list[Record]) -> None:
    asked = Asked(since=SINCE, until=UNTIL, service=NOBODYS, channel="mail", topic="Cards")
    found = asked.chosen(rows_of(records))
    assert found.key.tolist() == [
        row.conversation
        for row in records
        if row.service is None and row.channel == "mail" and row.topic == "Cards"
    ]


def test_service_hours_of_many_are_those_of_each(chance: random.Random) -> None:
    week = tuple(() if day == 6 else (Period(starts=NOON.time(), ends=(NOON - 5 * MINUTE).time()),)
                 for day in range(7))  # fmt: skip
    hours = ServiceHours(zone=PARIS, week=week, closures=((NOON, NOON + DAY),))
    pairs = [(moment(chance, 400), moment(chance, 400)) for _n in range(200)]
    starts, ends = (np.array([stamp(at) for at in side]) for side in zip(*pairs, strict=True))
    slowly = [elapsed(hours, start, end) // timedelta(microseconds=1) for start, end in pairs]
    assert np.abs(elapsed_each(hours, starts, ends) - slowly).max() <= 1


@pytest.mark.parametrize("zone", ["Europe/Paris", "Pacific/Apia", "Australia/Lord_Howe"])
def test_days_of_many_are_those_of_each(zone: str, chance: random.Random) -> None:
    moments = [moment(chance, 300) for _n in range(200)]
    found = local_days(ZoneInfo(zone), np.array([stamp(at) for at in moments]))
    assert found.tolist() == [at.astimezone(ZoneInfo(zone)).date() for at in moments]


def stamp(at: datetime) -> int:
    """Return a moment as microseconds since 1970."""
    return (at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
