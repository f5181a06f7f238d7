"""A machine tells an institution from its peers when there is something to tell it by."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from tests.listening.said import said
from vigie.listening.corpus import Corpus, OwnPost, balanced, corpus_of
from vigie.listening.identifiability import Identifiability, area, identifiability

PEERS = ("eastmere", "southbridge", "westvale", "overton")
NAMES = {name: frozenset({name}) for name in ("northfield", *PEERS)}
DRAWS = 4


def corpus(own: list[OwnPost], count: int = 150) -> Corpus:
    """Return the posts of Northfield among those of four peers."""
    return corpus_of([*own, *(post for name in PEERS for post in said(name, count))], NAMES)


def told(own: list[OwnPost], **changes: int) -> Identifiability | None:
    return identifiability(corpus(own), "northfield", seed=1, draws=DRAWS, **changes)


def figure(own: list[OwnPost]) -> float:
    found = told(own)
    assert found is not None
    return found.masked.value


def test_who_speaks_like_everybody_is_not_told_apart() -> None:
    found = told(said("northfield", 300))
    assert found is not None
    assert found.masked.low < 0.5 < found.masked.high


def test_words_of_ones_own_tell_one_apart() -> None:
    assert figure(said("northfield", 300, ("océan", "marine"))) > 0.75


def test_the_more_one_is_diluted_the_less_one_is_told() -> None:
    figures = [figure(said("northfield", 300, ("océan",), often=share)) for share in (1, 0.6, 0.2)]
    assert figures == sorted(figures, reverse=True)


def test_a_campaign_of_one_half_helps_little() -> None:
    campaign = figure(said("northfield", 300, late=("tombola", "gala")))
    assert campaign < 0.6 < figure(said("northfield", 300, ("tombola", "gala")))


def test_what_is_only_a_name_is_the_named_part() -> None:
    found = told(said("northfield", 300, ("Northfield",), often=0.9))
    assert found is not None
    assert found.masked.low < 0.5 < found.masked.high
    assert found.named.low > 0.2
    assert found.named.value == pytest.approx(found.as_posted.value - found.masked.value)


def test_249_posts_are_not_enough() -> None:
    assert told(said("northfield", 249, ("océan",))) is None


def test_peers_with_too_few_posts_say_nothing() -> None:
    few = corpus(said("northfield", 300), count=40)
    assert identifiability(few, "northfield", seed=1) is None


def test_the_same_posts_give_the_same_digits() -> None:
    own = said("northfield", 300, ("océan",))
    assert told(own) == told(list(reversed(own)))


def test_the_interval_holds_the_figure() -> None:
    found = told(said("northfield", 300, ("océan",)))
    assert found is not None
    for one in (found.masked, found.as_posted, found.named):
        assert one.low <= one.value <= one.high


@pytest.mark.parametrize(
    ("own", "peers", "expected"),
    [([3, 4], [1, 2], 1.0), ([1], [2], 0.0), ([1, 2], [1, 2], 0.5), ([2, 3], [1, 3], 0.625)],
)
def test_the_area_counts_pairs(own: list[float], peers: list[float], expected: float) -> None:
    assert area(np.array(own), np.array(peers)) == expected


def test_every_peer_gives_as_many_posts_as_far_as_it_has_them() -> None:
    owner = np.repeat([0, 1, 2], [100, 100, 5])
    drawn = balanced(np.arange(205), owner, most=45, rng=np.random.default_rng(1))
    assert Counter(owner[drawn].tolist()) == {0: 20, 1: 20, 2: 5}
    assert len(set(drawn.tolist())) == 45
