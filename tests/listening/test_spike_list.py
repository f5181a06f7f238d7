"""Spikes as they are read."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from tests.cli.test_spikes import SPIKE
from vigie.listening.spike_list import told
from vigie.model import Spike


def on(days: int, **changes: object) -> Spike:
    """Return the spike some days later."""
    return replace(SPIKE, day=SPIKE.day + timedelta(days=days), **changes)  # type: ignore[arg-type]


def test_days_that_follow_each_other_are_told_once_by_the_surest() -> None:
    surest = on(1, chance=1e-9)
    (one,) = told([on(0), surest, on(2)])
    assert one.head == surest
    assert (one.first, one.last) == (on(0).day, on(2).day)


def test_days_apart_are_told_apart_the_newest_first() -> None:
    assert [one.head.day for one in told([on(0), on(9)])] == [on(9).day, on(0).day]


def test_parts_stand_under_the_whole_even_when_surer() -> None:
    part = on(0, facet="network", value="bluesky", chance=1e-12)
    (one,) = told([part, on(0)])
    assert one.head.facet == "all"
    assert one.parts == (part,)


def test_part_stands_alone_where_the_whole_did_not_stand_out() -> None:
    part = on(0, facet="service", value="it")
    (one,) = told([part])
    assert (one.head, one.parts) == (part, ())


def test_two_queries_and_two_charts_are_told_apart() -> None:
    assert len(told([on(0), on(0, query="other"), on(0, kind="rise")])) == 3
