"""The invented inbox is whole, speaks two languages, and is the same every time."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest

from vigie.demo.desk import CHANGED, CHANGED_AGO, REPEATED, SERVICES, wrote
from vigie.invented.desk import matters, opinions

TODAY = date(2026, 11, 20)
WRITTEN = wrote(TODAY)


def test_about_four_hundred_wrote_within_a_year() -> None:
    assert 350 <= len(WRITTEN) <= 480
    assert WRITTEN[0].at.date() > TODAY - timedelta(days=366)
    assert WRITTEN[-1].at.date() < TODAY


def test_it_is_the_same_every_time() -> None:
    assert wrote(TODAY) == WRITTEN


def test_every_matter_belongs_to_a_service() -> None:
    offices = {one.office for one in SERVICES}
    assert {one.office for one in matters()} == offices


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_matter_speaks_both_languages(language: str) -> None:
    for one in matters():
        assert all(one.questions[language])
        assert all(one.answers[language])
    assert all(said[language] for _score, said in opinions())


def test_nothing_is_left_to_fill_in() -> None:
    assert not [one for one in WRITTEN if "{" in one.words + one.answer]


def test_some_are_silent_unowned_and_to_be_approved() -> None:
    assert sum(one.wait is None for one in WRITTEN) > 20
    assert sum(not one.office for one in WRITTEN) >= 2
    assert sum(one.is_proposed for one in WRITTEN) >= 1


def test_one_question_is_asked_again_and_again() -> None:
    asked = Counter(one.topic["en"] for one in WRITTEN)
    assert asked.most_common(1)[0] == (REPEATED, asked[REPEATED])
    assert asked[REPEATED] > 60


def test_a_change_is_seen_in_what_people_ask() -> None:
    day = TODAY - CHANGED_AGO
    about = [one.at.date() for one in WRITTEN if one.topic["en"] == CHANGED]
    before = sum(day - CHANGED_AGO <= at < day for at in about)
    after = sum(day <= at for at in about)
    assert after < before
