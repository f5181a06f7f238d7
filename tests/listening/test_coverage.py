"""How much of each day was collected."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from vigie.listening.coverage import share_seen
from vigie.listening.forecast import days_between
from vigie.model import Cursor

PARIS = ZoneInfo("Europe/Paris")
DAYS = days_between(date(2026, 3, 2), date(2026, 3, 6))
NOW = datetime(2026, 3, 6, 11, tzinfo=UTC)


def cursor(first: datetime, last: datetime, *, subject: str = "bluesky:a") -> Cursor:
    """Return how far the mentions of an account were read."""
    return Cursor(
        connector="bluesky", network="bluesky", subject=subject, stream="mentions", position="",
        complete_from=first, complete_to=last, asked_at=last,
    )  # fmt: skip


def seen(*cursors: Cursor, **brought: np.ndarray) -> list[float]:
    """Return the share of each day that was seen on Bluesky."""
    share = share_seen(cursors, brought, days=DAYS, now=NOW, zone=PARIS)
    return [round(float(one), 3) for one in share.of("bluesky")]


def test_days_between_the_ends_of_a_cursor_were_seen() -> None:
    read = cursor(datetime(2026, 3, 3, 11, tzinfo=UTC), NOW)
    assert seen(read) == [0.0, 0.5, 1.0, 1.0, 1.0]


def test_of_the_day_that_goes_on_what_is_over_counts() -> None:
    stopped = cursor(datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 3, 6, 5, tzinfo=UTC))
    assert seen(stopped)[-1] == 0.5


def test_collector_that_stopped_has_seen_nothing_since() -> None:
    stopped = cursor(datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 3, 3, 23, tzinfo=UTC))
    assert seen(stopped) == [1.0, 1.0, 0.0, 0.0, 0.0]


def test_accounts_of_a_network_count_alike() -> None:
    whole = cursor(datetime(2026, 1, 1, tzinfo=UTC), NOW)
    none = cursor(NOW - timedelta(minutes=1), NOW, subject="bluesky:b")
    assert seen(whole, none)[1] == 0.5


def test_search_of_another_query_says_nothing_of_this_one() -> None:
    """A query that begins today must not make its neighbours forget the weeks before."""
    account = cursor(datetime(2026, 1, 1, tzinfo=UTC), NOW)
    late = NOW - timedelta(minutes=1)
    searches = [
        replace(cursor(late, NOW, subject=f"new {number}"), stream="search") for number in (1, 2)
    ]
    share = share_seen([account, *searches], {}, days=DAYS, now=NOW, zone=PARIS)
    assert share.of("bluesky", "old").tolist() == [1.0] * 5
    assert share.of("bluesky", "new")[:4].tolist() == [0.5] * 4
    only = share_seen(searches, {}, days=DAYS, now=NOW, zone=PARIS)
    assert only.of("bluesky", "new")[:4].tolist() == [0.0] * 4


def test_look_at_single_posts_says_nothing_of_days() -> None:
    whole = cursor(datetime(2026, 1, 1, tzinfo=UTC), NOW)
    replies = replace(cursor(NOW, NOW), stream="replies")
    assert seen(whole, replies) == [1.0] * 5


def test_of_two_connectors_that_read_the_same_the_one_that_saw_most_counts() -> None:
    whole = cursor(datetime(2026, 1, 1, tzinfo=UTC), NOW)
    late = replace(cursor(NOW - timedelta(minutes=1), NOW), connector="activitypub")
    assert seen(whole, late) == [1.0] * 5


def test_files_speak_from_their_first_day_to_their_last() -> None:
    assert seen(bluesky=np.array([0.0, 4.0, 0.0, 2.0, 0.0])) == [0.0, 1.0, 1.0, 1.0, 0.0]


def test_silent_day_of_a_busy_network_was_not_listened_to() -> None:
    assert seen(bluesky=np.array([40.0, 50.0, 0.0, 60.0, 50.0])) == [1.0, 1.0, 0.0, 1.0, 1.0]


@pytest.mark.parametrize("stream", ["profile", "insights"])
def test_figures_bring_no_words(stream: str) -> None:
    read = cursor(datetime(2026, 1, 1, tzinfo=UTC), NOW)
    figures = Cursor(**{**vars(read), "stream": stream})
    assert seen(figures) == [0.0] * 5
