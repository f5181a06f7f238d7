"""Queries are put to networks; of the finds only those are kept that a query wants."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import ClassVar

import pytest

from tests.flow.pond import NOW, Pond, PondConnector
from vigie.collect.budget import budget_of
from vigie.collect.connector import Allowance, Ask, Context, Page, Payload, Stream, Subject
from vigie.collect.items import page_of
from vigie.collect.nested import Item
from vigie.collect.pseudonyms import pseudonyms
from vigie.collect.walking import Reach
from vigie.flow.journal import Collected, Journal
from vigie.flow.keeping import Keeping
from vigie.flow.known import Known
from vigie.flow.round import Round
from vigie.flow.sampling import LOOK_BACK, Sampling, paced
from vigie.flow.searching import AGAIN, BACK, SEARCH, Sought, sift_of, subjects_of
from vigie.http import Http
from vigie.listening.query import parse
from vigie.listening.sampled import Estimate, estimate
from vigie.listening.texts import READS, texts
from vigie.model import Cursor, Mention, Record
from vigie.settings import Settings
from vigie.store.store import Store
from vigie.words import _

ALL = Sampling(most=0)


class SearchedPond(PondConnector):
    """A pond that can be searched: what is published under ``everyone`` is found by a word."""

    streams: ClassVar[tuple[Stream, ...]] = (
        *PondConnector.streams,
        Stream(name=SEARCH, label=_("Search")),
    )

    def search(self, words: str, *, name: str) -> Ask:
        subject = Subject(subject=name, network="pond", handle="everyone", words=words)
        return Ask(stream=SEARCH, subject=subject)

    def parse(self, payload: Payload, context: Context) -> Page:
        said = Item(json.loads(payload.body))

        def read(item: Item) -> Record:
            at = item.when("at")
            return Mention(
                network="pond", post=item.needed("id"), subject=payload.subject, kind="found",
                author=context.pseudonym("pond", item.needed("id")), published_at=at,
                published_on=at.date(), observed_at=payload.received_at, text=item.text("text"),
                run=context.run,
            )  # fmt: skip

        items = [one.value for one in said.at("posts")]
        return page_of(items, read, next_page=said.name("next"))


def sought(words: str, name: str = "library", **facts: object) -> Sought:
    return Sought(name=name, query=parse(words), **facts)  # type: ignore[arg-type]  # a test says


def searched(
    store: Store,
    pond: Pond,
    *asked: Sought,
    calls: int | None = None,
    most: int = 0,
    thinned: Mapping[str, int] = MappingProxyType({}),
) -> Collected:
    """Search the pond as ``flow.search`` does a network of the folder."""
    connector = SearchedPond(pond)
    journal = Journal(store=store, connector="pond", clock=pond.now)
    context = Context(zone=Settings().zone, run=journal.run, pseudonym=pseudonyms("key"))
    names = {one.name for one in asked}
    sampling = Sampling.read(store, names, most=most, since=NOW - LOOK_BACK)
    keeping = Keeping(store=store, context=context, journal=journal, sift=sift_of(asked, sampling))
    return Round(
        store=store,
        name="pond",
        connector=connector,
        subjects=[subject for one in asked for subject in subjects_of(connector, one)],
        http=Http(agent="test"),
        context=context,
        reach=Reach(since=None, backfill=BACK, relook=AGAIN),
        budget=budget_of(Allowance(calls=calls), (), now=NOW),
        known=Known.read(store, "pond", "pond", since=NOW - timedelta(days=30)),
        keeping=keeping,
        is_due_only=False,
        thinned=thinned,
        only=SEARCH,
        clock=pond.now,
        progress=lambda progress: None,
        should_stop=lambda: False,
    ).make()


def found(store: Store) -> set[tuple[str, str]]:
    rows = store.table("mentions").select("subject", "post").to_pyarrow().to_pylist()
    return {(row["subject"], row["post"]) for row in rows}


def kept(store: Store) -> dict[str, int]:
    rows = store.table("mentions").select("post", "stands_for").to_pyarrow().to_pylist()
    return {row["post"]: row["stands_for"] or 1 for row in rows}


def estimated_of(store: Store) -> Estimate:
    return estimate(texts(store.tables(READS)).filter(lambda row: row.text.contains("burns")))


def mention_of(post: str, *, days_ago: float) -> Mention:
    at = NOW - timedelta(days=days_ago)
    return Mention(
        network="pond", post=post, subject="library 1", kind="found", author="p",
        published_at=at, published_on=at.date(), observed_at=NOW, text="The library burns",
    )  # fmt: skip


@pytest.fixture
def pond() -> Pond:
    made = Pond()
    made.publish("everyone", "closed", text="The library is closed")
    made.publish("everyone", "open", text="The library is open")
    made.publish("everyone", "else", text="Nothing to do with it")
    return made


def test_finds_are_filed_under_the_query_and_only_if_it_wants_them(
    store: Store, pond: Pond
) -> None:
    run = searched(store, pond, sought("library AND closed"))
    assert found(store) == {("library", "closed")}
    assert (run.counts.seen, run.counts.kept, run.counts.skipped) == (3, 1, 2)


def test_post_that_two_queries_want_is_found_by_both(store: Store, pond: Pond) -> None:
    searched(store, pond, sought("closed"), sought("library", "books"))
    assert found(store) == {("library", "closed"), ("books", "closed"), ("books", "open")}


def test_what_labels_must_tell_is_kept_until_they_do(store: Store, pond: Pond) -> None:
    searched(store, pond, sought("closed intent:question"))
    assert found(store) == {("library", "closed")}


def test_only_the_search_is_asked(store: Store, pond: Pond) -> None:
    searched(store, pond, sought("library"))
    assert {ask.stream for ask in pond.asked} == {SEARCH}


def test_query_for_other_networks_is_not_put_to_this_one(pond: Pond) -> None:
    connector = SearchedPond(pond)
    assert subjects_of(connector, sought("library", networks=frozenset({"bluesky"}))) == []
    assert subjects_of(connector, sought("library network:bluesky")) == []
    assert len(subjects_of(connector, sought("library"))) == 1


def test_short_budget_says_so_and_reads_the_others_first_the_next_time(
    store: Store, pond: Pond
) -> None:
    queries = (sought("library", "one"), sought("closed", "two"))
    run = searched(store, pond, *queries, calls=1)
    assert run.state == "short"
    first = {ask.subject.words for ask in pond.asked}
    pond.asked.clear()
    searched(store, pond, *queries, calls=1)
    assert {ask.subject.words for ask in pond.asked} == {"library", "closed"} - first


def test_how_far_each_query_was_read_is_known(store: Store, pond: Pond) -> None:
    searched(store, pond, sought("library"))
    (row,) = store.table("cursors").to_pyarrow().to_pylist()
    assert row["stream"] == SEARCH
    assert row["complete_to"] - row["complete_from"] >= BACK - timedelta(minutes=1)


def test_noisy_query_is_sampled_and_says_for_how_many_each_find_stands(
    store: Store, pond: Pond
) -> None:
    for number in range(400):
        pond.publish("everyone", f"n{number}", days_ago=0.2, text="The library burns")
    pond.page = 50
    run = searched(store, pond, sought("burns"), most=40)
    first = kept(store)
    counted = estimated_of(store)
    assert 40 <= len(first) < 200
    assert counted.low <= 400 <= counted.high
    assert run.counts.skipped == 403 - len(first)
    assert max(first.values()) >= 8
    pond.publish("everyone", "late", days_ago=0.1, text="The library burns")
    searched(store, pond, sought("burns"), most=40)
    assert {post: each for post, each in kept(store).items() if post != "late"} == first
    (day,) = Sampling.read(store, {"library"}, most=40, since=NOW - LOOK_BACK).days.values()
    assert day.one_in == max(first.values())
    assert len(first) < day.room <= len(first) + 21


def test_next_day_of_a_noisy_query_is_sampled_from_its_beginning(store: Store, pond: Pond) -> None:
    for number in range(400):
        pond.publish("everyone", f"n{number}", days_ago=1.2, text="The library burns")
    pond.page = 50
    searched(store, pond, sought("burns"), most=40)
    sampling = Sampling.read(store, {"library"}, most=40, since=NOW - LOOK_BACK)
    today = mention_of("now", days_ago=0.1)
    assert sampling.kept("library", today) in (None, 16)
    assert Sampling.read(store, {"library"}, most=0, since=NOW - LOOK_BACK).kept("library", today)


def test_sampled_minutes_stand_for_all_since_the_last_look(store: Store, pond: Pond) -> None:
    searched(store, pond, sought("library"))
    pond.clock = lambda: NOW + timedelta(hours=8)
    for hour in range(8):
        pond.publish("everyone", f"h{hour}", days_ago=-(hour + 0.5) / 24, text="A library")
    pond.asked.clear()
    searched(store, pond, sought("library"), thinned={"library 1": 4})
    assert {post: each for post, each in kept(store).items() if post[0] == "h"} == {
        "h6": 4,
        "h7": 4,
    }
    (row,) = store.table("cursors").to_pyarrow().to_pylist()
    assert row["complete_to"] == NOW + timedelta(hours=8)
    assert row["complete_from"] <= NOW - BACK + timedelta(minutes=1)


@pytest.mark.parametrize(
    ("allowance", "thinned"),
    [
        (Allowance(), {}),
        (Allowance(per=timedelta(days=1), posts=30_000), {}),
        (Allowance(per=timedelta(days=1), posts=3_600), {"noisy 1": 8}),
        (Allowance(per=timedelta(days=1), calls=1_200), {"noisy 1": 8}),
    ],
)
def test_what_a_network_allows_is_spread_over_its_period(
    pond: Pond, allowance: Allowance, thinned: dict[str, int]
) -> None:
    """An hour's posts: 1,000 of the noisy query, 20 of the quiet one; 150 may be read."""
    connector = SearchedPond(pond)
    asked = [sought("library", "noisy"), sought("closed", "quiet")]
    subjects = [subject for one in asked for subject in subjects_of(connector, one)]
    cursors = {
        (one.subject, SEARCH): Cursor(
            connector="pond", network="pond", subject=one.subject, stream=SEARCH, position="",
            asked_at=NOW, complete_to=NOW - timedelta(hours=1),
        ) for one in subjects
    }  # fmt: skip
    found = paced(
        subjects, connector, budget=budget_of(allowance, (), now=NOW), cursors=cursors,
        a_day=lambda query: {"noisy": 24_000, "quiet": 480}[query], stream=SEARCH, now=NOW,
    )  # fmt: skip
    assert found == thinned


def test_answer_read_again_without_its_query_keeps_nothing() -> None:
    mention = Mention(
        network="pond", post="1", subject="library 1", kind="found", author="p",
        published_at=NOW, published_on=NOW.date(), observed_at=NOW, text="The library",
    )  # fmt: skip
    payload = Payload(connector="pond", network="pond", stream=SEARCH, subject="library 1",
                      url="", status=200, received_at=NOW, body=b"")  # fmt: skip
    page = Page(records=[mention])
    assert sift_of([], ALL)(payload, page).records == []
    assert sift_of([sought("library")], ALL)(payload, page).records[0].subject == "library"  # type: ignore[attr-defined]  # a mention
