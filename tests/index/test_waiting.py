"""How long the public waits for one institution, over all its accounts and three months."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import ibis
import pytest

from tests.cast import NORTHFIELD_BLUESKY, SOUTHBRIDGE_BLUESKY, post, snapshot
from vigie.columns import table_of
from vigie.index.waiting import Waiting, waiting
from vigie.index.waiting_words import missing, title
from vigie.model import TABLES, Label, Mention, Record
from vigie.words import say

OCTOBER = date(2026, 10, 1)
FIRST = datetime(2026, 10, 5, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
ACCOUNT = NORTHFIELD_BLUESKY.account
SEEN = snapshot(date(2026, 10, 31), observed_at=datetime(2026, 11, 3, tzinfo=UTC))


def question(name: str, *, at: datetime = FIRST, **changes: Any) -> Mention:
    said: dict[str, Any] = {
        "network": "bluesky", "post": name, "subject": ACCOUNT, "kind": "reply",
        "author": f"by-{name}", "published_at": at, "published_on": at.date(),
        "observed_at": at + HOUR, "text": "When does it open?", "thread": f"root-{name}",
    }  # fmt: skip
    return Mention(**{**said, **changes})


def asking(one: Mention, *answers: str) -> Label:
    return Label(
        network=one.network, post=one.post, published_on=one.published_on, question="intent",
        annotator="rules 1", answers=answers or ("question",), certainties=(0.9,),
        labelled_at=FIRST,
    )  # fmt: skip


def followed(
    questions: Iterable[Mention], answers: Iterable[Any] = (), *, labels: Iterable[Label] = ()
) -> Waiting:
    asked = list(questions)
    rows: dict[str, Iterable[Record]] = {
        "accounts": [NORTHFIELD_BLUESKY, SOUTHBRIDGE_BLUESKY],
        "mentions": asked,
        "labels": list(labels) or [asking(one) for one in asked],
        "posts": list(answers),
        "snapshots": [SEEN],
    }
    tables = {name: ibis.memtable(table_of(TABLES[name], made)) for name, made in rows.items()}
    return waiting(tables, "northfield", OCTOBER)


def answer(to: str, *, after: timedelta, at: datetime = FIRST) -> Any:
    return post(f"a-{to}", published_at=at + after, answers_to=to, is_reply=True)


@pytest.fixture(scope="module")
def ten() -> Waiting:
    """Ten questions, six of them answered: after one to six hours."""
    return followed(
        [question(f"q{n}") for n in range(10)],
        [answer(f"q{n}", after=(n + 1) * HOUR) for n in range(6)],
    )


def test_half_are_answered_when_the_fifth_is(ten: Waiting) -> None:
    assert ten.median.value == 5 * 3600
    assert (ten.questions, ten.people, ten.answered) == (10, 10, 6)


def test_the_upper_end_stays_open_where_the_curve_never_reaches_it(ten: Waiting) -> None:
    assert ten.median.low is not None
    assert ten.median.high is None


def test_the_title_says_how_long_half_wait(ten: Waiting) -> None:
    assert say(title("Northfield", ten), "en") == (
        "Half of the questions to Northfield are answered within 5 hours"
    )


def test_what_is_put_to_others_does_not_count() -> None:
    found = followed([question("q1", subject=SOUTHBRIDGE_BLUESKY.account)])
    assert found.told == 0
    assert "Unknown is not zero" in say(missing(found) or "", "en")


def test_months_before_are_taken_together_and_later_ones_left() -> None:
    august, november = FIRST.replace(month=8), FIRST.replace(month=11)
    found = followed([question("q1", at=august), question("q2"), question("q3", at=november)])
    assert (found.first, found.told) == (date(2026, 8, 1), 2)


def test_nine_questions_have_no_figure() -> None:
    found = followed([question(f"q{n}") for n in range(9)])
    assert say(missing(found) or "", "en").startswith("9 questions could be followed")


def test_what_four_people_ask_is_not_shown() -> None:
    found = followed([question(f"q{n}", author=f"by-{n % 4}") for n in range(12)])
    assert say(missing(found) or "", "en") == "Fewer than 5 people asked: so few are not shown."


def test_without_labels_nobody_knows_what_was_asked() -> None:
    found = followed([question("q1")], labels=[asking(question("other"), "praise")])
    assert "labelled yet" in say(missing(found) or "", "en")
