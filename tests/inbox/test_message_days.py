"""Messages are counted in their own week: hand cases."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.cast import NOON
from tests.inbox.test_tables import HOUR, say
from vigie.columns import table_of
from vigie.inbox.erasing import forget
from vigie.inbox.figure_asked import NOBODYS, Asked
from vigie.inbox.figure_tables import by_service
from vigie.inbox.forgetting import marks
from vigie.inbox.message_days import Exchanged, message_days_in
from vigie.inbox.models import Conversation, Message
from vigie.inbox.owing import terms
from vigie.inbox.rows import rows_of
from vigie.inbox.summing import with_messages
from vigie.inbox.visible import Eyes
from vigie.model import MessageDay
from vigie.register.models import Service
from vigie.register.rights import COMMAND_LINE

MONDAY, DAY = date(2026, 10, 5), timedelta(days=1)
QUARTER = Asked(since=MONDAY, until=MONDAY + 13 * DAY)
Ask = Callable[..., Conversation]


def day(on: date, incoming: int = 0, outgoing: int = 0, **changes: object) -> MessageDay:
    """Return the library's mail of a day, as a test wants it."""
    given = {"institution": "northfield", "service": "library", "channel": "mail", **changes}
    return MessageDay(day=on, incoming=incoming, outgoing=outgoing, **given)  # type: ignore[arg-type]


def weeks(*days: MessageDay, asked: Asked = QUARTER) -> list[tuple[int, int]]:
    found = asked.exchanged(message_days_in(table_of(MessageDay, days)))
    told = found.by_week(since=asked.since, until=asked.until)
    assert list(told) == [MONDAY, MONDAY + 7 * DAY]
    return [(week.incoming, week.outgoing) for week in told.values()]


def test_a_message_counts_in_its_own_week() -> None:
    sunday, next_day = MONDAY + 6 * DAY, MONDAY + 7 * DAY
    assert weeks(day(next_day, 5, 1), day(MONDAY, 2), day(sunday, 1, 4)) == [(3, 4), (5, 1)]


def test_what_was_written_before_or_after_is_in_no_week() -> None:
    assert weeks(day(MONDAY - DAY, 9), day(MONDAY + 14 * DAY, 9)) == [(0, 0), (0, 0)]


@pytest.mark.parametrize(
    "asked", [{"service": "library"}, {"channel": "form"}, {"topic": "Cards"}, {"week": MONDAY}]
)
def test_messages_are_narrowed_as_conversations_are(asked: dict[str, object]) -> None:
    meant = day(MONDAY, 1, channel="form", topic="Cards")
    other = day(MONDAY + 7 * DAY, 7, service=None)
    narrowed = replace(QUARTER, **asked)  # type: ignore[arg-type]  # what is asked
    assert weeks(meant, other, asked=narrowed) == [(1, 0), (0, 0)]


def test_a_service_without_new_conversations_has_its_messages() -> None:
    messages = message_days_in(table_of(MessageDay, [day(MONDAY, 3, 1, service=None)]))
    soon, ends = by_service(rows_of([]), QUARTER, messages)
    assert not soon.rows
    assert [(row["incoming"], row["outgoing"], row["came"]) for row in ends.rows] == [(3, 1, 0)]
    assert messages.by(messages.service.filled(NOBODYS)) == {
        NOBODYS: Exchanged(incoming=3, outgoing=1)
    }


def counted(hours_later: float = 900) -> list[tuple[date, int, int]]:
    known = terms(zone=ZoneInfo("Europe/Paris"), now=NOON + hours_later * HOUR)
    found = with_messages(Conversation.objects.all(), known).messages
    return list(zip(found.day.tolist(), found.incoming.tolist(), found.outgoing.tolist(),
                    strict=True))  # fmt: skip


@pytest.fixture
def slow(asked: Ask, library: Service) -> Conversation:
    """Return a conversation that was answered a week after its first message."""
    found = asked(service=library, outgoing_at=NOON + 168 * HOUR)
    for direction, hours in (("in", 0), ("in", 1), ("out", 168)):
        say(found, direction, hours)
    return found


def test_an_answer_of_the_next_week_counts_there(slow: Conversation) -> None:
    assert counted() == [(NOON.date(), 2, 0), (NOON.date() + 7 * DAY, 0, 1)]


def test_what_failed_or_was_automatic_is_no_message(slow: Conversation) -> None:
    say(slow, "in", 30, is_automatic=True)
    Message.objects.filter(direction="out").update(state="failed")
    assert counted() == [(NOON.date(), 2, 0)]


def test_erasing_and_merging_leave_every_message_in_its_week(
    slow: Conversation, asked: Ask, tmp_path_factory: pytest.TempPathFactory
) -> None:
    before = counted()
    other = asked(service=slow.service, contact=slow.contact)
    Message.objects.filter(direction="out").update(conversation=other)
    Conversation.objects.filter(pk=slow.pk).update(merged_into=other)
    Message.objects.update(conversation=other)
    assert counted() == before
    forget(slow.contact, eyes=Eyes(author=COMMAND_LINE), mark=marks("k"), now=NOON,
           home=tmp_path_factory.mktemp("home"))  # fmt: skip
    assert counted() == before


def test_messages_of_spam_are_not_counted(slow: Conversation) -> None:
    Conversation.objects.filter(pk=slow.pk).update(state="unwanted")
    assert counted() == []
