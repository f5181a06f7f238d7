"""A staged incident: found within minutes, remembered once, and explained by its posts."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from vigie.columns import table_of
from vigie.flow.counting import counts
from vigie.flow.spiking import Watch, explain, find_spikes, known_spikes, spike_named
from vigie.listening.query import parse
from vigie.listening.series import WHOLE
from vigie.model import Cursor, Label, Mention, Spike
from vigie.settings import Settings
from vigie.store.store import Store, open_store

DAY = date(2026, 3, 19)
"""A Thursday on which the calendar expects nothing."""
NOON = datetime(2026, 3, 19, 11, 5, tzinfo=UTC)
DAYS = 110
ORDINARY = ("la cantine de northfield", "le campus de northfield", "les cours à northfield")
OUTAGE = "panne de réseau à northfield, moodle est impossible"
WATCH = Watch(queries={"northfield": parse("northfield"), "moodle": parse("moodle")})


def mention(number: int, text: str, at: datetime, *, author: int) -> Mention:
    """Return a post by someone."""
    return Mention(
        network="bluesky", post=f"p{number}", subject="northfield", kind="found",
        author=f"person-{author}", published_at=at, published_on=at.date(), observed_at=at,
        text=f"{text} {number}",
    )  # fmt: skip


def ordinary() -> Iterator[Mention]:
    """Return four to eight posts a day."""
    number = 0
    for back in range(1, DAYS):
        day = datetime(DAY.year, DAY.month, DAY.day, 9, tzinfo=UTC) - timedelta(days=back)
        for _post in range(4 + back % 5):
            number += 1
            yield mention(number, ORDINARY[number % 3], day, author=number % 40)


def incident(count: int = 40) -> list[Mention]:
    """Return the posts of a morning."""
    start = datetime(2026, 3, 19, 7, tzinfo=UTC)
    return [
        mention(5_000 + n, OUTAGE, start + timedelta(minutes=n), author=n % 25)
        for n in range(count)
    ]


def read_until(moment: datetime) -> Cursor:
    """Return how far the network was read."""
    return Cursor(
        connector="bluesky", network="bluesky", subject="bluesky:northfield", stream="mentions",
        position="", complete_from=datetime(2025, 1, 1, tzinfo=UTC), complete_to=moment,
        asked_at=moment,
    )  # fmt: skip


@pytest.fixture
def listening(settings: Settings) -> Store:
    """A store of ordinary days, read until a few minutes ago."""
    store = open_store(settings)
    store.append("mentions", table_of(Mention, ordinary()))
    store.append("cursors", table_of(Cursor, [read_until(NOON - timedelta(minutes=5))]))
    return store


def find(store: Store, settings: Settings, *, now: datetime = NOON) -> list[Spike]:
    """Find what is new today and yesterday."""
    return find_spikes(store, WATCH, settings=settings, now=now)


def whole(found: list[Spike], query: str = "northfield") -> Spike:
    """Return the spike of a query as a whole."""
    (one,) = (one for one in found if (one.query, one.facet) == (query, WHOLE))
    return one


def test_ordinary_day_brings_no_spike(listening: Store, settings: Settings) -> None:
    assert not find(listening, settings)


def test_incident_is_found_while_the_day_goes_on(listening: Store, settings: Settings) -> None:
    listening.append("mentions", table_of(Mention, incident()))
    spike = whole(find(listening, settings))
    assert (spike.day, spike.posts, spike.authors) == (DAY, 40, 25)
    assert 3 < spike.expected < 10


def test_copies_of_one_post_are_no_incident(listening: Store, settings: Settings) -> None:
    posts = incident()
    copies = [
        Label(network=one.network, post=one.post, published_on=one.published_on,
              question="duplicate", annotator="rules 1", answers=("bluesky:p5000",),
              certainties=(1.0,), labelled_at=NOON)
        for one in posts
    ]  # fmt: skip
    listening.append("mentions", table_of(Mention, posts))
    listening.append("labels", table_of(Label, copies))
    assert not find(listening, settings)


def test_collector_that_caught_up_raises_no_alarm(listening: Store, settings: Settings) -> None:
    listening.append("mentions", table_of(Mention, incident()))
    late = replace(read_until(NOON), complete_from=NOON - timedelta(minutes=20))
    listening.append("cursors", table_of(Cursor, [replace(late, asked_at=NOON)]))
    assert not find(listening, settings)


def test_later_look_counts_more_of_the_same_spike(listening: Store, settings: Settings) -> None:
    listening.append("mentions", table_of(Mention, incident(30)))
    first = whole(find(listening, settings))
    listening.append("mentions", table_of(Mention, incident(40)))
    second = whole(find(listening, settings, now=NOON + timedelta(minutes=10)))
    assert (first.spike, first.posts, second.posts) == (second.spike, 30, 40)
    kept = [one for one in known_spikes(listening, query="northfield") if one.facet == WHOLE]
    assert [one.posts for one in kept] == [40]
    assert spike_named(listening, first.spike) == second


def test_spike_is_explained_by_the_posts_of_the_day(listening: Store, settings: Settings) -> None:
    listening.append("mentions", table_of(Mention, incident()))
    told = explain(listening, WATCH, whole(find(listening, settings)))
    term = next(one for one in told.why.terms if one.driving.written == "panne de réseau")
    assert len(term.posts) == 40
    assert all(post in told.rows for post in term.posts)
    assert told.why.first[0] == ("bluesky", "p5000")


def test_counts_are_remembered_until_the_month_changes(
    listening: Store, settings: Settings
) -> None:
    def files() -> set[str]:
        counts(listening, WATCH.queries, settings=settings, first=date(2026, 1, 1), last=DAY)
        return {path.name for path in (settings.home / "counted").iterdir()}

    before = files()
    assert files() == before
    listening.append("mentions", table_of(Mention, incident()))
    changed = files() ^ before
    assert {name[:7] for name in changed} == {"2026-03"}
    assert len(files()) == len(before)


def test_months_counted_together_are_counted_as_they_are_alone(
    listening: Store, settings: Settings
) -> None:
    def rows(together: int) -> list[dict[str, object]]:
        shutil.rmtree(settings.home / "counted", ignore_errors=True)
        found = counts(listening, WATCH.queries, settings=settings, first=date(2026, 1, 1),
                       last=DAY, together=together)  # fmt: skip
        ordered = found.sort_by([(name, "ascending") for name in ("query", "part", "day")])
        told: list[dict[str, object]] = ordered.to_pylist()
        return told

    assert rows(1_000_000) == rows(1)
    assert {str(row["day"])[:7] for row in rows(1)} == {"2026-01", "2026-02", "2026-03"}


def test_counts_say_which_query_and_what_everything_is(
    listening: Store, settings: Settings
) -> None:
    rows = counts(listening, WATCH.queries, settings=settings, first=date(2026, 3, 2),
                  last=date(2026, 3, 2))  # fmt: skip
    parts = {(row["query"], row["part"]): row["posts"] for row in rows.to_pylist()}
    assert parts["northfield", "all:"] == parts["", "network:bluesky"]
    assert ("moodle", "all:") not in parts


def test_day_before_can_be_asked_for(listening: Store, settings: Settings) -> None:
    listening.append("mentions", table_of(Mention, incident()))
    later = NOON + timedelta(days=5)
    listening.append("cursors", table_of(Cursor, [read_until(later)]))
    found = find_spikes(listening, WATCH, settings=settings, now=later, first=DAY, last=DAY)
    assert whole(found).day == DAY
