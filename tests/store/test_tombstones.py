"""What its author took down is gone at once, and no later look brings it back."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from tests.store.keeping import Clock
from tests.tight import ENOUGH, Disk
from vigie.columns import table_of
from vigie.errors import FullDiskError
from vigie.model import Mention, Post, Raw, Tombstone
from vigie.store.engines.duckdb import DuckdbEngine
from vigie.store.store import Store

SEEN = datetime(2026, 10, 5, 8, tzinfo=UTC)


def post(identifier: str, *, text: str = "Welcome", observed_at: datetime = SEEN) -> Post:
    return Post(
        network="bluesky",
        post=identifier,
        account="bluesky:northfield.example",
        published_at=SEEN,
        published_on=date(2026, 10, 5),
        observed_at=observed_at,
        text=text,
    )


def tombstone(identifier: str) -> Tombstone:
    return Tombstone(network="bluesky", post=identifier, observed_at=SEEN, reason="deleted")


def keep(store: Store, *records: Post | Mention | Raw | Tombstone) -> dict[str, object]:
    with store.intake() as intake:
        for record in records:
            intake.add(record.table, table_of(type(record), [record]))
        return dict(intake.commit())


def kept(store: Store, name: str) -> list[str]:
    return sorted(store.table(name).to_pyarrow()["post"].to_pylist())


def test_a_post_taken_down_is_erased_and_the_others_stay(store: Store) -> None:
    keep(store, post("a"), post("b"))
    keep(store, tombstone("a"))
    assert kept(store, "posts") == ["b"]


def test_what_was_taken_down_does_not_come_back_with_a_later_look(store: Store) -> None:
    keep(store, post("a"), tombstone("b"))
    later = datetime(2026, 11, 1, tzinfo=UTC)
    added = store.append("posts", table_of(Post, [post("b", text="back", observed_at=later)]))
    assert (added.kept, added.duplicate, added.forgotten) == (0, 0, 1)


def test_a_post_seen_and_taken_down_in_one_intake_is_not_kept(store: Store) -> None:
    keep(store, post("a"), tombstone("a"))
    assert kept(store, "posts") == []


def test_a_writer_that_began_before_does_not_bring_it_back(store: Store) -> None:
    with store.intake() as slow:
        keep(store, tombstone("a"))
        slow.add("posts", table_of(Post, [post("a"), post("b")]))
        slow.commit()
    assert kept(store, "posts") == ["b"]


def test_the_same_identifier_on_another_network_stays(store: Store) -> None:
    keep(store, post("a"))
    keep(store, Tombstone(network="mastodon", post="a", observed_at=SEEN, reason="deleted"))
    assert kept(store, "posts") == ["a"]


def test_what_others_wrote_goes_too(store: Store) -> None:
    reply = Mention(
        network="bluesky",
        post="r",
        subject="bluesky:northfield.example",
        kind="reply",
        author="p1",
        published_at=SEEN,
        published_on=date(2026, 10, 5),
        observed_at=SEEN,
        text="When does it open?",
    )
    keep(store, reply)
    keep(store, tombstone("r"))
    assert kept(store, "mentions") == []


@pytest.mark.parametrize(("body", "left"), [(b'{"uri": "at://a/1"}', 0), (b'{"uri": "z"}', 1)])
def test_an_answer_kept_whole_goes_when_it_holds_the_post(
    store: Store, body: bytes, left: int
) -> None:
    keep(store, answer("bluesky", body))
    keep(store, tombstone("at://a/1"))
    assert store.table("raw").to_pyarrow().num_rows == left


def answer(network: str, body: bytes) -> Raw:
    return Raw(
        raw=network, connector=network, network=network, stream="posts", subject="s", url="u",
        status=200, headers="{}", received_at=SEEN, received_on=date(2026, 10, 5), body=body,
    )  # fmt: skip


def test_an_answer_of_another_network_stays_though_it_holds_the_same_number(store: Store) -> None:
    keep(store, answer("mastodon", b'{"id": "17"}'), answer("bluesky", b'{"likes": 17}'))
    keep(store, Tombstone(network="mastodon", post="17", observed_at=SEEN, reason="deleted"))
    assert store.table("raw").to_pyarrow()["network"].to_pylist() == ["bluesky"]


@pytest.mark.parametrize("is_same_process", [True, False])
def test_an_erasing_that_was_cut_off_is_finished(
    tmp_path: Path, engine: DuckdbEngine, clock: Clock, is_same_process: bool
) -> None:
    disk = Disk()
    store = Store(str(tmp_path), engine=engine, clock=clock, files=disk.files)
    keep(store, post("a"), post("b"))
    cut_off_in_the_erasing(store, disk)
    assert (kept(store, "tombstones"), kept(store, "posts")) == (["a"], ["a", "b"])
    if not is_same_process:
        clock.forward(timedelta(minutes=5))
        store = Store(str(tmp_path), engine=engine, clock=clock)
    keep(store, post("c"))
    assert kept(store, "posts") == ["b", "c"]


def cut_off_in_the_erasing(store: Store, disk: Disk) -> None:
    """Fill the disk as soon as the tombstone of a post is there."""
    for left in range(8, 40):
        disk.left = left
        with pytest.raises(FullDiskError):
            keep(store, tombstone("a"))
        disk.left = ENOUGH
        if kept(store, "tombstones"):
            return
    pytest.fail("the tombstone was never there before its post was erased")


def test_two_tombstones_of_one_post_are_one(store: Store) -> None:
    keep(store, tombstone("a"))
    assert store.append("tombstones", table_of(Tombstone, [tombstone("a")])).kept == 0
