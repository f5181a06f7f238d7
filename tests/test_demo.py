"""The invented sector is whole, says that it is invented, and is the same every time."""

from __future__ import annotations

from collections import Counter

import pytest

from vigie.demo import MERGED, PURGED_NETWORK, Sector, sector


@pytest.fixture(scope="module")
def invented() -> Sector:
    return sector()


def test_there_are_sixty_institutions_of_three_kinds(invented: Sector) -> None:
    kinds = Counter(one.kind for one in invented.institutions)
    assert (len(invented.institutions), len(kinds)) == (60, 3)


def test_every_institution_says_that_it_is_invented(invented: Sector) -> None:
    assert all(one.is_invented for one in invented.institutions)


def test_there_are_five_networks_and_twenty_four_months(invented: Sector) -> None:
    months = {(day.year, day.month) for day in invented.posts["published_on"].to_pylist()}
    assert (len(set(invented.posts["network"].to_pylist())), len(months)) == (5, 24)


def test_the_same_seed_gives_the_same_sector(invented: Sector) -> None:
    assert sector().posts.equals(invented.posts)


def test_the_merged_institution_is_closed_and_says_into_which(invented: Sector) -> None:
    (gone,) = [one for one in invented.institutions if one.institution == MERGED[1]]
    assert gone.merged_into == MERGED[0]
    assert gone.closed_on is not None


def test_the_purge_is_recorded_as_a_break(invented: Sector) -> None:
    purges = [one for one in invented.events if one.kind == "purge"]
    assert [(one.network, one.breaks_series) for one in purges] == [(PURGED_NETWORK, True)]


def test_some_figures_are_unknown_and_none_is_negative(invented: Sector) -> None:
    likes = invented.posts["likes"].to_pylist()
    assert None in likes
    assert min(one for one in likes if one is not None) >= 0
