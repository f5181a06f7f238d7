"""A reader is told which dimensions count, and what stands in for what."""

from __future__ import annotations

import ibis

from vigie.columns import table_of
from vigie.index.measured_by import caveats_of, indicators_used
from vigie.model import StandingPart


def part(dimension: str, indicator: str) -> StandingPart:
    return StandingPart(
        edition="2026-10",
        revision=1,
        group="university.fr",
        institution="northfield",
        network="bluesky",
        dimension=dimension,
        indicator=indicator,
        is_present=True,
        value=1.0,
        score=50.0,
        weight=0.5,
    )


def test_the_parts_of_an_edition_say_what_measured_what() -> None:
    parts = ibis.memtable(table_of(StandingPart, [part("audience", "followers")]))
    assert indicators_used(parts) == {"university.fr": {("bluesky", "audience"): "followers"}}


def test_a_dimension_that_is_not_counted_is_named() -> None:
    said = " ".join(str(words) for words in caveats_of({("bluesky", "audience"): "followers"}))
    assert "“responsiveness” is not counted" in said


def test_an_indicator_that_stands_in_is_named() -> None:
    used = {("bluesky", "engagement"): "interactions_per_post"}
    assert "“interactions per post”" in str(caveats_of(used)[-1])
