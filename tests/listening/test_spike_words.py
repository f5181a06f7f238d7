"""What was expected of a day, as a person would say it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.cli.test_spikes import SPIKE
from vigie.listening.spike_words import part_instead, sentence
from vigie.words import say


@pytest.mark.parametrize(
    ("expected", "high", "told"),
    [
        (0.0, 0.2, "where none was expected."),
        (0.04, 1.0, "where hardly any was expected (1 at most)."),
        (2.4, 6.0, "where 2.4 were expected (between 0 and 6)."),
    ],
)
def test_expectation_of_nothing_is_said_in_words(expected: float, high: float, told: str) -> None:
    spike = replace(SPIKE, expected=expected, low=0.0, high=high)
    today = spike.day + timedelta(days=9)
    words = sentence(spike, title="Halls", institution=str, today=today)
    assert say(words, "en").endswith(told)


def test_part_of_which_nothing_was_expected_is_said_in_words() -> None:
    part = replace(SPIKE, facet="network", value="bluesky", posts=29, expected=0.0)
    assert say(part_instead(part, institution=str), "en") == "Bluesky: 29 instead of none"
