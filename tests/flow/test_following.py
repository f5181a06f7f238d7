"""A stream is followed from where it was left, whatever broke it."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.flow.pond import NOW, Pond, PondConnector
from vigie.collect.connector import Context, Payload
from vigie.collect.pseudonyms import pseudonyms
from vigie.errors import NoAnswerError, SearchError
from vigie.flow.collecting import Means
from vigie.flow.following import Following
from vigie.flow.journal import Collected, Journal, runs_of
from vigie.flow.keeping import Keeping
from vigie.http import Http
from vigie.settings import Settings
from vigie.store.store import Store
from vigie.words import _


class StreamingPond(PondConnector):
    """A pond whose posts can be followed; it breaks after so many."""

    def __init__(self, events: int, *, breaks_after: int = 1000) -> None:
        super().__init__(Pond())
        self.events, self.breaks_after = events, breaks_after
        self.asked_from: list[str | None] = []

    def follow(
        self, http: Http, *, cursor: str | None, accounts: Collection[str] = ()
    ) -> Iterator[Payload]:
        self.asked_from.append(cursor)
        for number in range(int(cursor or 0), self.events):
            if number - int(cursor or 0) >= self.breaks_after:
                raise NoAnswerError(_("The pond is frozen."))
            yield self.payload(number)

    def payload(self, number: int) -> Payload:
        post = {"id": f"p{number}", "at": (NOW + timedelta(seconds=number)).isoformat()}
        return Payload(
            connector="pond", network="pond", stream="follow", subject="pond:northfield",
            url="wss://pond.example", status=200, received_at=NOW, page=str(number + 1),
            body=json.dumps({"posts": [post]}).encode(),
        )  # fmt: skip


def followed(store: Store, settings: Settings, connector: StreamingPond) -> Collected:
    journal = Journal(store=store, connector="pond", clock=lambda: NOW)
    context = Context(zone=ZoneInfo("Europe/Paris"), run=journal.run, pseudonym=pseudonyms("k"))
    return Following(
        store=store,
        name="pond",
        connector=connector,
        context=context,
        http=Http(agent="test"),
        means=Means(settings=settings, clock=lambda: NOW),
        keeping=Keeping(store=store, context=context, journal=journal),
    ).run(once=True)


def posts(store: Store) -> list[str]:
    found: list[str] = store.table("posts").to_pyarrow()["post"].to_pylist()
    return sorted(found)


def test_what_happens_is_kept_and_counted(store: Store, settings: Settings) -> None:
    result = followed(store, settings, StreamingPond(5))
    assert (result.state, result.counts.kept, len(posts(store))) == ("done", 5, 5)


def test_a_stream_goes_on_where_it_was_left(store: Store, settings: Settings) -> None:
    followed(store, settings, StreamingPond(5))
    again = StreamingPond(8)
    followed(store, settings, again)
    assert (again.asked_from, len(posts(store))) == (["5"], 8)


def test_a_stream_that_breaks_loses_nothing_that_came(store: Store, settings: Settings) -> None:
    result = followed(store, settings, StreamingPond(9, breaks_after=4))
    assert (result.state, len(posts(store))) == ("failed", 4)
    assert str(result.failures[0].words) == "The pond is frozen."
    followed(store, settings, StreamingPond(9))
    assert posts(store) == [f"p{number}" for number in range(9)]


def test_the_journal_holds_what_was_followed(store: Store, settings: Settings) -> None:
    followed(store, settings, StreamingPond(5))
    (run,) = runs_of(store, "pond")
    assert (run.state, run.read, run.kept) == ("done", 5, 5)


def test_a_network_without_a_stream_says_so(store: Store) -> None:
    with pytest.raises(SearchError, match="The pond offers no live stream"):
        next(PondConnector(Pond()).follow(Http(agent="test"), cursor=None))
