"""What networks tell by themselves is kept like what was asked: once, and with a journal."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.collect.keyed import body_of, sample
from tests.tight import ENOUGH, Disk
from vigie.collect.news import News
from vigie.columns import records_of, table_of
from vigie.errors import FullDiskError
from vigie.flow.hearing import hear
from vigie.flow.rereading import reparse
from vigie.model import Mention, Quarantined, Raw, Run
from vigie.settings import Settings
from vigie.store.store import Store, open_store

AT = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
NETWORKS = ("facebook", "instagram", "threads")
KEPT = {"facebook": 5, "instagram": 2, "threads": 3}
"""Records that the sample of each network holds."""


def told(network: str, *changes: int) -> News:
    """Return what a network told of Northfield: the whole sample, or some of its changes."""
    entry: dict[str, Any] = body_of(sample(network, "webhook"))
    chosen = [entry["changes"][place] for place in changes] or entry["changes"]
    return News(
        network=network, account=f"{network}:northfield", entry={**entry, "changes": chosen},
        received_at=AT,
    )  # fmt: skip


def heard(store: Store, *news: News, settings: Settings | None = None) -> list[bool]:
    given = settings or Settings(pseudonym_key="key of the tests")
    return hear(store, news, settings=given, clock=lambda: AT)


def runs(store: Store) -> list[Run]:
    return records_of(Run, store.table("runs").to_pyarrow())


@pytest.mark.parametrize("network", NETWORKS)
def test_what_is_told_adds_up(store: Store, network: str) -> None:
    heard(store, told(network))
    (run,) = runs(store)
    assert (run.step, run.state, run.kept) == ("webhook", "done", KEPT[network])
    assert run.read == run.kept + run.duplicate + run.refused + (run.skipped or 0)


@pytest.mark.parametrize("network", NETWORKS)
def test_what_is_told_twice_is_kept_once(store: Store, network: str) -> None:
    heard(store, told(network))
    before = store.table("mentions").count().to_pyarrow().as_py()
    heard(store, told(network))
    assert store.table("mentions").count().to_pyarrow().as_py() == before
    assert sorted(run.kept for run in runs(store)) == [0, KEPT[network]]


def test_nothing_is_asked_for_where_everything_was_told(store: Store) -> None:
    comment, own, edited, reaction = (told("facebook", place) for place in (0, 2, 3, 6))
    assert heard(store, comment, own, edited, reaction) == [True, False, False, True]


def test_several_networks_are_told_of_at_once(store: Store) -> None:
    news = [told("threads", 0), told("facebook", 7), told("instagram", 0)]
    assert heard(store, *news) == [True, False, True]
    assert {run.member for run in runs(store)} == set(NETWORKS)


def test_what_was_taken_down_goes_at_once_and_stays_away(store: Store) -> None:
    comment = {"id": "901_9", "created_time": "2026-11-19T09:00:00+0000", "message": "gone"}
    value = {"item": "comment", "verb": "add", "post_id": "1_2", "comment_id": "901_9",
             "from": {"id": "7"}, "message": comment["message"]}  # fmt: skip
    added = News(
        network="facebook", account="facebook:northfield", received_at=AT,
        entry={"id": "1", "time": 1795165990, "changes": [{"field": "feed", "value": value}]},
    )  # fmt: skip
    heard(store, added)
    assert store.table("mentions").count().to_pyarrow().as_py() == 1
    heard(store, told("facebook", 4))
    heard(store, added)
    assert store.table("mentions").count().to_pyarrow().as_py() == 0


def test_look_of_the_network_itself_wins_over_what_was_told(store: Store) -> None:
    heard(store, told("facebook", 0))
    (first,) = records_of(Mention, store.table("mentions").to_pyarrow())
    asked = {**vars(first), "observed_at": first.published_at + timedelta(minutes=1), "likes": 4}
    store.append("mentions", table_of(Mention, [Mention(**asked)]))
    heard(store, told("facebook", 0))
    (kept,) = records_of(Mention, store.table("mentions").to_pyarrow())
    assert kept.likes == 4


def test_one_bad_change_waits_in_quarantine_and_can_be_read_again(store: Store) -> None:
    settings = Settings(pseudonym_key="key of the tests")
    assert heard(store, told("facebook", 9), settings=settings) == [False]
    (waiting,) = records_of(Quarantined, store.table("quarantine").to_pyarrow())
    assert (waiting.stream, waiting.field) == ("webhook", "post_id")
    (again,) = reparse(store, ["facebook"], settings=settings)
    assert (again.counts.seen, again.counts.refused) == (1, 1)


def test_what_was_told_is_read_again_like_any_answer(store: Store) -> None:
    heard(store, told("threads", 0))
    (raw,) = records_of(Raw, store.table("raw").to_pyarrow())
    assert (raw.connector, raw.stream, raw.subject) == ("threads", "webhook", "threads:northfield")
    (again,) = reparse(store, settings=Settings(pseudonym_key="key of the tests"))
    assert (again.counts.kept, again.counts.refused) == (0, 0)


def test_news_that_is_no_list_of_changes_is_kept_aside(store: Store) -> None:
    odd = News(network="instagram", account="instagram:northfield", entry={}, received_at=AT)
    assert heard(store, odd) == [False]
    (run,) = runs(store)
    assert (run.read, run.refused) == (1, 1)


@pytest.mark.parametrize("left", [2, 12, 20])
def test_full_disk_keeps_nothing_by_halves(settings: Settings, left: int) -> None:
    disk = Disk()
    address = str(settings.home / "store")
    store = Store(address, engine=open_store(settings).engine, files=disk.files)
    heard(store, told("threads", 0), settings=settings)
    disk.left = left
    with pytest.raises(FullDiskError):
        heard(store, told("threads"), settings=settings)
    disk.left = ENOUGH
    heard(store, told("threads"), settings=settings)
    posts = store.table("mentions").post.to_pyarrow().to_pylist()
    assert sorted(posts) == ["18080001", "18080003"]
