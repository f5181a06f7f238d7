"""Which days are found, and which never are."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from tests.listening.invented_series import FIRST, ordinary, put
from vigie.listening.calendar import event_days
from vigie.listening.forecast import Counts
from vigie.listening.kept import KeptEvent
from vigie.listening.series import Watched
from vigie.listening.spikes import BURST, RISE, first_days, judge, name_of
from vigie.model import Spike

NOW = datetime(2026, 1, 1, tzinfo=UTC)
LAST = 199
DAY = FIRST + timedelta(days=LAST)


def found(
    watched: Watched, *, first: date = DAY, events: tuple[KeptEvent, ...] = ()
) -> list[Spike]:
    """Return the spikes from a day on."""
    days = event_days(events, watched.series, watched.counts.days)
    return judge(watched, days, judged_from=first).spikes(first, at=NOW)


def test_incident_is_found_with_what_was_expected() -> None:
    watched = ordinary()
    put(watched, 3, LAST, 112)
    (spike,) = found(watched)
    assert (spike.query, spike.kind, spike.posts, spike.day) == ("query-03", BURST, 112, DAY)
    assert spike.low is not None
    assert spike.high is not None
    assert spike.low < spike.expected < spike.high < 112


@pytest.mark.parametrize(
    ("posts", "authors"),
    [(60.0, 2.0), (20.0, 20.0)],
    ids=["by two authors", "less than twice the forecast"],
)
def test_what_is_too_little_is_not_a_spike(posts: float, authors: float) -> None:
    watched = ordinary(level=12)
    put(watched, 3, LAST, posts, authors=authors)
    assert not found(watched)


def test_three_posts_are_not_a_spike_however_silent_it_was() -> None:
    watched = ordinary(level=0.01)
    put(watched, 3, LAST, 3)
    assert not found(watched)
    put(watched, 3, LAST, 9)
    assert len(found(watched)) == 1


def test_day_the_calendar_knows_is_not_a_spike() -> None:
    watched = ordinary()
    watched.counts.posts[:, LAST] *= 3
    watched.authors[:, LAST] *= 3
    known = KeptEvent(
        name="answers", title={"en": "Answers"}, kind="results", first_day=DAY, last_day=DAY,
        factor=3.0,
    )  # fmt: skip
    assert found(watched)
    assert not found(watched, events=(known,))


def test_archive_that_begins_is_not_a_spike() -> None:
    watched = ordinary(level=30)
    seen = watched.counts.seen.copy()
    seen[:, :180] = 0.0
    posts = watched.counts.posts * (seen > 0)
    counts = Counts(days=watched.counts.days, posts=posts, seen=seen)
    started = Watched(series=watched.series, counts=counts, authors=posts,
                      stand_for=watched.stand_for)  # fmt: skip
    assert not found(started, first=FIRST)


def test_looking_at_a_day_that_goes_on_finds_nothing_that_its_end_does_not() -> None:
    watched = ordinary()
    put(watched, 3, LAST, 80)
    whole = {one.spike for one in found(watched)}
    for share in (0.2, 0.5, 0.8):
        partly = ordinary()
        partly.counts.posts[:, LAST] = np.floor(watched.counts.posts[:, LAST] * share)
        partly.authors[:, LAST] = np.floor(watched.authors[:, LAST] * share)
        assert {one.spike for one in found(partly)} <= whole


QUERY = "query-05"


def test_rise_that_creeps_is_found_by_the_slow_chart_alone() -> None:
    watched = ordinary(level=12)
    rng = np.random.default_rng(2)
    slope = np.linspace(1.0, 1.9, 40)
    watched.counts.posts[5, -40:] = rng.poisson(watched.counts.posts[5, -40:] * slope)
    of_it = [one for one in found(watched, first=DAY - timedelta(days=30)) if one.query == QUERY]
    assert [one.kind for one in of_it] == [RISE]


def test_rise_is_told_on_the_day_it_begins() -> None:
    found = np.zeros((1, 60), dtype=bool)
    found[0, [5, 6, 7, 18, 40]] = True
    assert np.flatnonzero(first_days(found)[0]).tolist() == [5, 40]


def test_days_before_the_first_asked_for_are_not_told() -> None:
    watched = ordinary()
    put(watched, 3, LAST - 1, 112)
    assert not [one for one in found(watched) if one.kind == BURST]


def test_spike_has_the_same_name_whenever_it_is_found() -> None:
    assert name_of(BURST, "q", "all", "", DAY) == name_of(BURST, "q", "all", "", DAY)
    assert name_of(BURST, "q", "all", "", DAY) != name_of(RISE, "q", "all", "", DAY)
