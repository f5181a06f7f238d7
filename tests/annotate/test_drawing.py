"""Which texts people are asked about."""

from __future__ import annotations

from collections import Counter

import pytest

from vigie.annotate.drawing import Candidate, draw, most_useful


def candidate(place: int, answer: str, certainty: float, network: str = "bluesky") -> Candidate:
    return Candidate(network=network, post=str(place), language="fr", answer=answer,
                     certainty=certainty)  # fmt: skip


POOL = [
    *(candidate(place, "information", 0.9) for place in range(1_700)),
    *(candidate(place, "question", 0.9) for place in range(1_700, 1_800)),
    *(candidate(place, "complaint", 0.6) for place in range(1_800, 1_850)),
    *(candidate(place, "information", 0.9, "x") for place in range(1_850, 2_000)),
]


def test_as_many_as_asked_and_each_once() -> None:
    drawn = draw(POOL, 200, seed=1)
    assert len({one.candidate for one in drawn}) == len(drawn) == 200


def test_a_third_is_drawn_at_random() -> None:
    assert sum(one.is_random for one in draw(POOL, 200, seed=1)) == 66


def test_rare_answers_come_as_often_as_frequent_ones() -> None:
    drawn = [one for one in draw(POOL, 200, seed=1) if not one.is_random]
    counts = Counter(one.candidate.answer for one in drawn)
    assert max(counts.values()) - min(counts.values()) <= 1


def test_networks_come_in_proportion() -> None:
    drawn = [one for one in draw(POOL, 200, seed=1) if not one.is_random]
    of_x = [one for one in drawn if one.candidate.network == "x"]
    assert 1 <= len(of_x) <= 10


def test_weights_stand_for_the_whole() -> None:
    assert sum(one.weight for one in draw(POOL, 200, seed=1)) == pytest.approx(len(POOL))


def test_the_same_seed_draws_the_same_in_the_same_order() -> None:
    assert draw(POOL, 200, seed=1) == draw(list(reversed(POOL)), 200, seed=1)
    assert draw(POOL, 200, seed=1) != draw(POOL, 200, seed=2)


def test_a_small_pool_is_drawn_whole() -> None:
    assert len(draw(POOL[:30], 200, seed=1)) == 30


def test_the_first_texts_to_correct_are_the_surest_of_each_answer() -> None:
    pool = [candidate(1, "question", 0.9), candidate(2, "question", 0.99),
            candidate(3, "complaint", 0.8), candidate(4, "question", 0.5)]  # fmt: skip
    assert [one.post for one in most_useful(pool, 2, known=0)] == ["2", "3"]


def test_the_next_are_those_the_machine_is_least_sure_of() -> None:
    pool = [candidate(place, "question", 0.4 + place / 10) for place in range(6)]
    assert [one.post for one in most_useful(pool, 2, known=50)] == ["1", "0"]
