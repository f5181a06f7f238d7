"""Networks that answer badly: every network goes on where it stopped, and says what happened."""

from __future__ import annotations

import pytest

from tests.flow.northfield_servers import JSON, XML, Speaking, registered
from tests.http.faults import (
    Behaviour,
    Caller,
    FaultServer,
    claims,
    closes,
    half,
    half_reset,
    hangs,
    resets,
    says,
    says_html,
    says_json,
)
from tests.http.waiting import QUICK
from vigie.collect.connecting import connectors
from vigie.columns import records_of
from vigie.flow.collecting import Means, Wish, collect
from vigie.flow.journal import Collected, runs_of
from vigie.http import Http
from vigie.http.addresses import Allowed
from vigie.model import Cursor, Post, Quarantined
from vigie.store.store import Store
from vigie.words import say, unsaid

BROKEN: dict[str, Behaviour] = {
    "resets": resets,
    "closes": closes,
    "hangs": hangs,
    "half": half(),
    "half, then reset": half_reset,
    "shorter than said": claims("4000", b'{"feed": []}'),
    "500": says(500, b"<h1>Oops</h1>"),
    "503": says(503, b"", retry_after="1"),
}
"""What passes by itself: it is asked again, now and in the next run."""
GARBLED: dict[str, Behaviour] = {
    "HTML": says_html,
    "cut JSON": says(200, b'{"feed": [{"post": ', content_type="application/json"),
    "cut XML": says(200, b"<rss><channel><item><title>A", content_type="text/xml"),
    "nothing": says(200, b""),
    "a list": says_json([1, 2]),
    "a number": says_json(7),
    "another object": says_json({"feed": 5, "error": None}),
    "zeros": says(200, bytes(500)),
}
"""What nobody understands: it is kept, and told."""


def look(store: Store, network: Speaking, server: FaultServer) -> Collected:
    """Ask a network once about Northfield."""
    http = Http(
        agent="Vigie/test", allowed=Allowed.of("127.0.0.1"), seconds=QUICK,
        sleep=lambda seconds: None,
    )  # fmt: skip
    with http:
        settings = registered(store, network, server)
        wish = Wish(connectors=[network.connector])
        (done,) = collect(store, wish, Means(settings=settings, http=http))
    return done


def posts(store: Store) -> list[str]:
    return sorted(post.post for post in records_of(Post, store.table("posts").to_pyarrow()))


def is_balanced(done: Collected) -> bool:
    counts = done.counts
    return counts.seen == counts.kept + counts.duplicate + counts.refused + counts.skipped


def failures(store: Store) -> list[str]:
    """Return why streams could not be read the last time, as a French reader sees it."""
    found = records_of(Cursor, store.table("cursors").to_pyarrow())
    return [say(unsaid(one.failure), "fr") for one in found if one.failure]


def from_question(number: int, network: Speaking, fault: Behaviour) -> list[Behaviour]:
    """Answer so many questions, then badly for good."""
    return [network.answer] * number + [fault]


QUICK_ONES = ("half", "500", "HTML", "cut JSON")
FAULTS = pytest.mark.parametrize(
    "fault",
    [
        pytest.param(fault, marks=() if fault in QUICK_ONES else pytest.mark.slow)
        for fault in (*BROKEN, *GARBLED)
    ],
)
NETWORKS = pytest.mark.parametrize("network", [JSON, XML], ids=lambda one: one.connector)


@NETWORKS
@FAULTS
def test_answer_that_breaks_off_a_look_costs_nothing_but_time(
    store: Store, network: Speaking, fault: str
) -> None:
    with FaultServer() as server:
        behaviour = {**BROKEN, **GARBLED}[fault]
        server.then(*from_question(network.before + 1, network, behaviour))
        broken = look(store, network, server)
        assert set(posts(store)) < network.posts
        assert is_balanced(broken)
        server.then(network.answer)
        whole = look(store, network, server)
    assert (whole.state, is_balanced(whole), whole.failures) == ("done", True, ())
    assert posts(store) == sorted(network.posts)
    assert failures(store) == []
    # A server that asks to wait is left alone, and that is what the journal says.
    first = "short" if fault == "503" else "done"
    assert [run.state for run in runs_of(store, network.connector)] == ["done", first]


@NETWORKS
@FAULTS
def test_network_that_answers_nothing_of_use_is_said_to(
    store: Store, network: Speaking, fault: str
) -> None:
    with FaultServer() as server:
        server.then({**BROKEN, **GARBLED}[fault])
        broken = look(store, network, server)
    assert posts(store) == []
    assert is_balanced(broken)
    assert broken.failures or broken.counts.refused
    assert all(len(words) > 20 for words in failures(store))


@NETWORKS
@pytest.mark.parametrize("fault", ["half, then reset", "500"])
def test_fault_that_passes_is_not_even_noticed(store: Store, network: Speaking, fault: str) -> None:
    with FaultServer() as server:
        server.then(BROKEN[fault], network.answer)
        done = look(store, network, server)
    assert (done.state, done.failures, posts(store)) == ("done", (), sorted(network.posts))


@pytest.mark.parametrize("fault", ["HTML", "cut JSON", "a list"])
def test_answer_nobody_understands_waits_in_quarantine_whole(store: Store, fault: str) -> None:
    with FaultServer() as server:
        server.then(GARBLED[fault])
        look(store, JSON, server)
    waiting = records_of(Quarantined, store.table("quarantine").to_pyarrow())
    kept = {one.raw for one in waiting}
    raw = store.table("raw")
    assert {one.state for one in waiting} == {"waiting"}
    assert set(raw.raw.to_pyarrow().to_pylist()) == kept


def test_one_bad_post_among_good_ones_blocks_nothing(store: Store) -> None:
    def mixed(caller: Caller) -> None:
        if "getAuthorFeed" in caller.asked.path:
            says_json({"feed": [{"post": 5}, None, {"post": {"uri": 7}}]})(caller)
        else:
            JSON.answer(caller)

    with FaultServer() as server:
        server.then(mixed)
        done = look(store, JSON, server)
    assert (done.counts.refused, done.counts.kept, is_balanced(done)) == (3, 1, True)


def test_both_kinds_are_real() -> None:
    assert {JSON.connector, XML.connector} <= set(connectors())
