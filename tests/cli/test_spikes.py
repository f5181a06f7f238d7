"""``vigie spikes``, and the due work that finds them within minutes of collecting."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest

from tests.cli.conftest import Run
from tests.flow.test_spiking import DAY, NOON, incident, ordinary, read_until
from vigie.cli.jobs import Jobs
from vigie.columns import table_of
from vigie.flow.spiking import known_spikes
from vigie.listening.changes import keep_query
from vigie.listening.kept import KeptQuery
from vigie.listening.spike_words import sentence, surely
from vigie.model import Cursor, Mention, Spike
from vigie.settings import Settings
from vigie.sources import turns
from vigie.sources.turns import SPIKES, Claim
from vigie.store.store import Store
from vigie.words import say

KEPT = KeptQuery(
    name="northfield", title="Northfield", words="northfield", purpose="To answer", office="Press"
)


def staged(store: Store) -> None:
    """Put a staged incident into a store."""
    store.append("mentions", table_of(Mention, [*ordinary(), *incident()]))
    store.append("cursors", table_of(Cursor, [read_until(NOON)]))


def claim() -> Claim:
    """Return the work of looking for spikes."""
    return Claim(
        work=1, kind=SPIKES, connector="", subject="", every=None, due_at=NOON, is_whole=False,
        attempts=1, misses=0, worker="w", at=NOON,
    )  # fmt: skip


@pytest.mark.django_db
def test_due_work_finds_what_came_in(store: Store, settings: Settings) -> None:
    keep_query(KEPT)
    staged(store)
    jobs = Jobs(store=store, settings=settings, clock=lambda: NOON)
    outcome = jobs.by_kind[SPIKES](claim(), lambda: False)
    assert outcome.words is not None
    assert {(one.query, one.day) for one in known_spikes(store)} == {("northfield", DAY)}


@pytest.mark.django_db
def test_spikes_are_looked_for_regularly(settings: Settings) -> None:
    turns.schedule(settings, now=NOON)
    assert turns.REGULAR[SPIKES] <= timedelta(hours=1)


@pytest.mark.django_db
def test_command_says_that_nothing_is_watched(run: Run) -> None:
    code, out, _err = run("spikes")
    assert code == 0
    assert "No query is kept yet" in out


@pytest.mark.django_db
def test_unknown_query_is_refused_with_those_there_are(run: Run) -> None:
    code, _out, err = run("spikes", "--query", "nothing")
    assert code == 1
    assert "There is no query nothing" in err


@pytest.mark.django_db
def test_json_without_spikes_is_an_empty_list(run: Run) -> None:
    _code, out, _err = run("spikes", "--json")
    assert json.loads(out) == {"spikes": []}


SPIKE = Spike(
    spike="x", kind="burst", query="q", facet="all", value="", day=DAY, posts=112, authors=80,
    expected=12.3, low=6.0, high=20.0, factor=1.0, seen=1.0, chance=1e-4, false_share=0.01,
    observed_at=NOON,
)  # fmt: skip


@pytest.mark.parametrize(
    ("today", "begins"),
    [
        (DAY, "Today so far"),
        (DAY + timedelta(days=1), "Yesterday"),
        (date(2026, 6, 1), "On 19 March 2026"),
    ],
)
def test_spike_is_said_in_a_sentence(today: date, begins: str) -> None:
    words = sentence(SPIKE, title="Northfield", institution=str, today=today)
    said = say(words, "en")
    assert said.startswith(begins)
    assert "the query “Northfield” brought 112 posts by 80 authors, where 12 were" in said


def test_how_sure_is_said_in_days() -> None:
    assert "once in 10,000 days" in say(surely(SPIKE), "en")
