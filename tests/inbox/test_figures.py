"""What the inbox teaches, in figures: hand cases."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.cast import NOON
from vigie.inbox.figures import by, by_week, closings, left_out, taught
from vigie.inbox.rows import rows_of
from vigie.measure.uncertainty import wilson_of
from vigie.model import Conversation

DAY = timedelta(days=1)


def one(number: int, **changes: object) -> Conversation:
    """Return a conversation that the library answered after an hour, as a test wants it."""
    given: dict[str, object] = {
        "conversation": f"c{number}",
        "institution": "northfield",
        "opened_at": NOON,
        "opened_on": NOON.date(),
        "observed_at": NOON + 30 * DAY,
        "service": "library",
        "channel": "mail",
        "kind": "mail",
        "state": "closed",
        "incoming": 1,
        "outgoing": 1,
        "answered_at": NOON + timedelta(hours=1),
        "closed_at": NOON + timedelta(hours=2),
        "waited_minutes": 60,
        "target_minutes": 480,
        "lasted_minutes": 120,
    }
    return Conversation(**{**given, **changes})  # type: ignore[arg-type]  # a test's own facts


def silent(number: int, **changes: object) -> Conversation:
    """Return a conversation nobody answered in a month."""
    unanswered: dict[str, object] = {
        "state": "open", "answered_at": None, "closed_at": None, "outgoing": 0,
        "waited_minutes": 9_600, "lasted_minutes": 9_600,
    }  # fmt: skip
    return one(number, **{**unanswered, **changes})


def test_silence_counts_in_the_median() -> None:
    rows = [one(n) for n in range(4)] + [silent(n) for n in range(4, 10)]
    found = taught(rows_of(rows))
    assert found.response_median.value is None
    assert found.silent_at_target.value == pytest.approx(0.6)
    assert found.silent_at_week.value == pytest.approx(0.6)
    assert (found.came, found.unanswered) == (10, 6)


def test_closing_without_an_answer_does_not_end_the_silence() -> None:
    shut = [silent(n, state="closed", closed_at=NOON + DAY) for n in range(10)]
    assert taught(rows_of(shut)).silent_at_week.value == 1


def test_who_was_answered_late_was_silent_at_the_target() -> None:
    rows = [one(n, waited_minutes=481) for n in range(10)]
    found = taught(rows_of(rows))
    assert found.silent_at_target.value == 1
    assert found.silent_at_week.value == 0


def test_who_wrote_just_now_is_not_silent_for_a_week() -> None:
    just_now = NOON + timedelta(minutes=30)
    fresh = [silent(n, observed_at=just_now, waited_minutes=30) for n in range(5)]
    found = taught(rows_of([*(one(n) for n in range(10, 20)), *fresh]))
    assert found.silent_at_week.value == 0


def test_a_wait_longer_than_any_that_ended_leaves_the_week_unknown() -> None:
    since_yesterday = silent(1, observed_at=NOON + DAY, waited_minutes=1440)
    found = taught(rows_of([*(one(n) for n in range(10, 20)), since_yesterday]))
    assert found.silent_at_week.value is None
    assert found.silent_at_week.low == 0
    assert found.silent_at_week.high == pytest.approx(1 - wilson_of(10 / 11, 11)[0])


def test_each_target_is_its_own() -> None:
    hasty = [one(n, waited_minutes=90, target_minutes=60) for n in range(5)]
    calm = [one(n, waited_minutes=90, target_minutes=960) for n in range(5, 10)]
    assert taught(rows_of(hasty + calm)).silent_at_target.value == pytest.approx(0.5)


def test_without_a_target_nothing_is_said_of_it() -> None:
    found = taught(rows_of([one(n, target_minutes=None) for n in range(12)]))
    assert (found.owed, found.silent_at_target.value) == (0, None)
    assert found.response_median.value == 60


def test_too_few_have_no_figure_and_are_counted() -> None:
    found = taught(rows_of([one(n) for n in range(9)]))
    assert (found.came, found.response_median.value, found.reopened.value) == (9, None, None)


def test_what_asks_for_nothing_is_counted_apart() -> None:
    found = taught(rows_of([one(1), one(2, left_out="spam"), one(3, left_out="automatic")]))
    assert (found.came, found.left_out) == (1, 2)


@pytest.mark.parametrize(
    ("kind", "intents", "topic", "is_written", "why"),
    [
        ("mail", [], "", True, None),
        ("mail", ["praise"], "", True, None),
        ("comment", ["praise"], "", True, "nothing_asked"),
        ("comment", ["praise", "question"], "", True, None),
        ("comment", [], "", True, None),
        ("found", ["other"], "", True, None),
        ("mail", ["question"], "Spam", True, "spam"),
        ("mail", ["question"], "", False, "automatic"),
    ],
)
def test_what_asks_for_an_answer(
    kind: str, intents: list[str], topic: str, is_written: bool, why: str | None
) -> None:
    assert left_out(kind=kind, intents=intents, topic=topic, is_written=is_written) == why


def test_satisfaction_is_of_those_who_answered() -> None:
    scores = [5, 5, 4, 4, 4, 3, 2, 5, 4, 1]
    rows = [one(n, is_asked=True, score=score) for n, score in enumerate(scores)]
    found = taught(rows_of([*rows, *(one(n, is_asked=True) for n in range(20, 30))])).opinions
    assert (found.asked, found.answer_rate.value) == (20, 0.5)
    assert found.satisfied.value == pytest.approx(0.7)
    assert found.score.value == pytest.approx(3.7)
    assert found.score.low is not None
    assert found.score.low < 3.7


def test_groups_are_in_order_of_size() -> None:
    rows = rows_of([one(1), one(2), one(3, service="admissions")])
    assert list(by(rows, rows.service)) == ["library", "admissions"]


def test_a_week_in_which_nothing_came_is_there() -> None:
    monday = date(2026, 10, 5)
    rows = [one(1, opened_on=monday), one(2, opened_on=monday + 15 * DAY)]
    found = by_week(rows_of(rows), since=monday, until=monday + 15 * DAY)
    assert [(day, week.came) for day, week in found.items()] == [
        (monday, 1), (monday + 7 * DAY, 0), (monday + 14 * DAY, 1),
    ]  # fmt: skip


def test_what_was_closed_is_in_the_week_of_its_close() -> None:
    monday = date(2026, 10, 5)
    closed = [one(n, opened_on=monday - 30 * DAY, closed_on=monday + n * DAY) for n in (0, 6, 7)]
    rows = [*closed, silent(9), one(10, closed_on=monday, left_out="spam")]
    found = closings(rows_of(rows), since=monday, until=monday + 20 * DAY)
    assert found == {monday: 2, monday + 7 * DAY: 1, monday + 14 * DAY: 0}


def test_what_was_closed_outside_the_time_is_in_none_of_its_weeks() -> None:
    thursday = date(2026, 10, 1)
    closed = [one(n, closed_on=thursday + n * DAY) for n in (-1, 0, 1)]
    found = closings(rows_of(closed), since=thursday, until=thursday)
    assert found == {date(2026, 9, 28): 1}
