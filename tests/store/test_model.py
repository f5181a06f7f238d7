"""Whatever is done in whatever order, the store reads as a dictionary would."""

from __future__ import annotations

import tempfile
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.cast import NOON, post
from tests.store.keeping import Clock, likes, rows
from vigie.store.engines.duckdb import DuckdbEngine
from vigie.store.store import Store

MONTHS = (NOON, NOON - timedelta(days=40))
LOOKS = st.tuples(st.sampled_from("abc"), st.integers(0, 2), st.integers(0, 3))
"""A post, how many days later it was looked at, its likes."""
STEPS = st.one_of(
    st.tuples(st.just("append"), st.lists(LOOKS, min_size=1, max_size=5)),
    st.tuples(st.just("compact"), st.none()),
    st.tuples(st.just("replace"), st.lists(LOOKS, max_size=3)),
    st.tuples(st.just("replace month"), st.lists(LOOKS, max_size=3)),
    st.tuples(st.just("wait"), st.none()),
)


def seen(look: tuple[str, int, int]) -> Any:
    name, days, count = look
    moment = MONTHS[name == "c"]
    return post(
        name, published_at=moment, observed_at=NOON + timedelta(days=50 + days), likes=count
    )


def newest(known: dict[str, tuple[int, int]], looks: list[tuple[str, int, int]]) -> None:
    for name, days, count in looks:
        current = known.get(name)
        if current is None or (days >= current[0] and count != current[1]):
            known[name] = (days, count)


def newest_of_one_append(looks: list[tuple[str, int, int]]) -> list[tuple[str, int, int]]:
    best: dict[str, tuple[str, int, int]] = {}
    for look in looks:
        if look[0] not in best or look[1] >= best[look[0]][1]:
            best[look[0]] = look
    return list(best.values())


def do(
    store: Store, clock: Clock, step: tuple[str, Any], known: dict[str, tuple[int, int]]
) -> None:
    what, looks = step
    empty = rows(seen(("a", 0, 0))).slice(0, 0)
    if what == "append":
        before = len(looks)
        done = store.append("posts", rows(*map(seen, looks)))
        assert done.kept + done.duplicate == before
        newest(known, newest_of_one_append(looks))
    elif what == "compact":
        store.compact()
    elif what == "wait":
        clock.forward(timedelta(hours=1))
    elif what == "replace":
        store.replace("posts", rows(*map(seen, looks)) if looks else empty)
        known.clear()
        newest(known, newest_of_one_append(looks))
    else:
        ours = [look for look in looks if look[0] != "c"]
        store.replace(
            "posts", rows(*map(seen, ours)) if ours else empty, months=[date(2026, 10, 1)]
        )
        for name in set(known) - {"c"}:
            del known[name]
        newest(known, newest_of_one_append(ours))


ENGINE: list[DuckdbEngine] = []


@pytest.mark.slow
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
@given(steps=st.lists(STEPS, min_size=1, max_size=6))
def test_store_reads_as_a_dictionary_would(steps: list[tuple[str, Any]]) -> None:
    engine = ENGINE[0] if ENGINE else ENGINE.append(DuckdbEngine()) or ENGINE[0]
    with tempfile.TemporaryDirectory() as folder:
        clock, known = Clock(), dict[str, tuple[int, int]]()
        store = Store(folder, engine=engine, clock=clock)
        for step in steps:
            do(store, clock, step, known)
            assert likes(store) == {name: count for name, (_days, count) in known.items()}
        assert store.check() == []
