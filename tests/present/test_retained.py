"""Where a network lets little be kept, the page says which days its figures speak of."""

from __future__ import annotations

from datetime import date

import pytest

from vigie.present.retained import retained_notes
from vigie.words import say

NOVEMBER = date(2026, 11, 1)
DAYS = {"linkedin": 2, "youtube": 30, "bluesky": 365}


def said(today: date, *networks: str) -> list[str]:
    return [say(note.text, "en") for note in retained_notes(NOVEMBER, networks, days=DAYS,
            today=today)]  # fmt: skip


def test_running_month_names_the_first_day_that_counts() -> None:
    (words,) = said(date(2026, 11, 26), "all", "bluesky", "linkedin", "youtube")
    assert words.startswith("LinkedIn lets what others write be kept for 2 days only")
    assert "since 24 November 2026" in words


def test_month_that_is_over_counts_its_last_days() -> None:
    (words,) = said(date(2027, 1, 5), "linkedin")
    assert "the figures of November 2026 count its last days" in words


@pytest.mark.parametrize("network", ["bluesky", "youtube", "all", "unheard"])
def test_nothing_is_said_of_others(network: str) -> None:
    assert said(date(2026, 11, 26), network) == []


def test_nothing_is_said_while_the_month_is_younger_than_that() -> None:
    assert said(date(2026, 11, 2), "linkedin") == []
