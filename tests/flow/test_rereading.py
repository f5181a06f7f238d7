"""Answers that are kept can be read again: history is mended, and quarantine empties."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from tests.collect.answered import connector_of, payload_of, samples
from tests.flow.pond import NOW
from vigie import flow
from vigie.collect.connecting import days_of_words
from vigie.columns import records_of, table_of
from vigie.flow.keeping import raw_of
from vigie.model import Mention, Post, Quarantined, Raw
from vigie.settings import Settings
from vigie.store.store import Store

SAMPLE = next(path for path in samples() if (path.parent.name, path.stem) == ("x", "posts"))


@pytest.fixture
def raw(store: Store) -> Raw:
    """An answer that is kept, of which nothing was understood."""
    kept = raw_of(payload_of(SAMPLE), run="first")
    store.append("raw", table_of(Raw, [kept]))
    return kept


def posts(store: Store) -> list[Post]:
    return records_of(Post, store.table("posts").to_pyarrow())


def test_what_an_answer_says_is_kept_when_it_is_read_again(
    store: Store, settings: Settings, raw: Raw
) -> None:
    (found,) = flow.reparse(store, settings=settings)
    assert found.counts.kept == len(posts(store)) > 0


def test_reading_twice_changes_nothing(store: Store, settings: Settings, raw: Raw) -> None:
    flow.reparse(store, settings=settings)
    (found,) = flow.reparse(store, settings=settings)
    assert (found.counts.kept, found.counts.duplicate) == (0, len(posts(store)))


def test_what_was_understood_less_well_is_corrected(
    store: Store, settings: Settings, raw: Raw
) -> None:
    flow.reparse(store, settings=settings)
    (one, *_others) = [post for post in posts(store) if post.likes]
    store.append("posts", table_of(Post, [replace(one, likes=None)]))
    flow.reparse(store, settings=settings)
    assert {post.likes for post in posts(store) if post.post == one.post} == {one.likes}


def test_a_later_look_is_not_overwritten_by_an_old_answer(
    store: Store, settings: Settings, raw: Raw
) -> None:
    flow.reparse(store, settings=settings)
    later = replace(posts(store)[0], likes=10_000, observed_at=datetime(2027, 1, 1, tzinfo=UTC))
    store.append("posts", table_of(Post, [later]))
    flow.reparse(store, settings=settings)
    assert 10_000 in {post.likes for post in posts(store)}


def test_what_is_understood_now_leaves_quarantine(
    store: Store, settings: Settings, raw: Raw
) -> None:
    waiting = Quarantined(
        quarantined="q", connector="x", network="x", stream="posts", subject=raw.subject,
        raw=raw.raw, position=1, reason="It could not be read.", observed_at=NOW, state="waiting",
    )  # fmt: skip
    store.append("quarantine", table_of(Quarantined, [waiting]))
    flow.reparse(store, settings=settings)
    (kept,) = records_of(Quarantined, store.table("quarantine").to_pyarrow())
    assert kept.state == "read"


def test_an_answer_that_still_cannot_be_read_does_not_stop_the_others(
    store: Store, settings: Settings, raw: Raw
) -> None:
    garbled = raw_of(replace(payload_of(SAMPLE), body=b"<html>"), run="first")
    store.append("raw", table_of(Raw, [garbled]))
    (found,) = flow.reparse(store, settings=settings)
    assert (found.counts.refused, found.counts.kept > 0) == (1, True)


def test_answers_are_let_go_after_the_retention_period(
    store: Store, settings: Settings, raw: Raw
) -> None:
    day = raw.received_on.toordinal() + settings.raw_days + 1
    gone = flow.let_go(store, settings=settings, today=date.fromordinal(day))
    assert (gone.rows["raw"], store.table("raw").to_pyarrow().num_rows) == (1, 0)


def test_answers_within_the_retention_period_stay(
    store: Store, settings: Settings, raw: Raw
) -> None:
    day = raw.received_on.toordinal() + settings.raw_days
    gone = flow.let_go(store, settings=settings, today=date.fromordinal(day))
    assert (gone.rows["raw"], store.table("raw").to_pyarrow().num_rows) == (0, 1)


def test_what_others_wrote_goes_when_the_network_wants_it(store: Store, settings: Settings) -> None:
    kept = Mention(
        network="x", post="1", subject="x:northfield", kind="reply", author="p1",
        published_at=NOW, published_on=NOW.date(), observed_at=NOW, text="When does it open?",
    )  # fmt: skip
    store.append("mentions", table_of(Mention, [kept]))
    days = connector_of(SAMPLE).rights.keep_others_days
    today = date.fromordinal(NOW.date().toordinal() + days + 1)
    assert flow.let_go(store, settings=settings, today=today).rows["mentions"] == 1


def test_words_go_when_the_network_wants_it_and_counts_stay(
    store: Store, settings: Settings
) -> None:
    (name, days), *_others = days_of_words().items()
    kept = Post(
        network="youtube", post="1", account="youtube:northfield", published_at=NOW,
        published_on=NOW.date(), observed_at=NOW, text="Open day", likes=3, source=name,
    )  # fmt: skip
    store.append("posts", table_of(Post, [kept, replace(kept, post="2", source="a file")]))
    flow.let_go(store, settings=settings, today=NOW.date() + timedelta(days=days + 20))
    found = {post.post: (post.text, post.likes) for post in posts(store)}
    assert found == {"1": (None, 3), "2": ("Open day", 3)}
