"""The terms that set posts apart, and why a day brought so much."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from vigie.listening.driving import LEAST_MASS, Driving, driving, log_odds
from vigie.listening.why import why

COUNTS = arrays(float, 30, elements=st.integers(0, 500).map(float))
START = datetime(2026, 3, 2, 8, tzinfo=UTC)
ORDINARY = [f"la cantine du campus est ouverte numéro {n} pour les repas" for n in range(60)]
OUTAGE = [f"panne de réseau sur moodle impossible de rendre le devoir {n}" for n in range(12)]


@given(COUNTS)
def test_log_odds_change_sign_when_the_sides_are_exchanged(now: np.ndarray) -> None:
    then = np.roll(now, 1)
    one, spread = log_odds(now, then)
    other, same = log_odds(then, now)
    assert np.allclose(one, -other)
    assert np.allclose(spread, same)


@given(COUNTS)
def test_same_words_on_both_sides_drive_nothing(counts: np.ndarray) -> None:
    delta, _spread = log_odds(counts, counts)
    assert np.allclose(delta, 0)


@given(COUNTS, COUNTS)
def test_log_odds_agree_with_the_formula_word_by_word(now: np.ndarray, then: np.ndarray) -> None:
    delta, deviation = log_odds(now, then)
    total = now.sum() + then.sum()
    mass = max(LEAST_MASS, now.sum())
    for word in range(3):
        prior = mass * (now[word] + then[word]) / max(total, 1)
        if prior == 0:
            continue
        odds = [
            np.log((of[word] + prior) / (of.sum() + mass * (total > 0) - of[word] - prior))
            for of in (now, then)
            if of.sum() + mass - of[word] - prior > 1e-6
        ]
        if len(odds) == 2:
            assert delta[word] == pytest.approx(odds[0] - odds[1], abs=1e-6)
        expected = np.sqrt(1 / (now[word] + prior) + 1 / (then[word] + prior))
        assert deviation[word] == pytest.approx(expected)


@given(st.integers(5, 60))
def test_more_posts_drive_more(count: int) -> None:
    few, many = np.array([5.0, 100.0]), np.array([5.0 + count, 100.0])
    then = np.array([5.0, 900.0])
    assert log_odds(many, then)[0][0] > log_odds(few, then)[0][0]


def found(texts: list[str], authors: list[str] | None = None) -> dict[str, Driving]:
    """Return the driving terms of texts laid beside ordinary ones."""
    names = authors or [f"author-{n}" for n in range(len(texts))]
    return {one.written: one for one in driving(texts, names, ORDINARY)}


def test_incident_is_explained_by_its_words() -> None:
    terms = found([*OUTAGE, *ORDINARY[:5]])
    assert "panne de réseau" in terms
    assert not {"cantine", "campus", "repas"} & {part for term in terms for part in term.split()}


def test_term_carries_its_interval_and_its_posts() -> None:
    term = found([*ORDINARY[:2], *OUTAGE])["panne de réseau"]
    assert 1 < term.low < term.times < term.high
    assert term.rows == tuple(range(2, 14))
    assert term.before == 0


def test_what_two_persons_say_drives_nothing() -> None:
    assert not found(OUTAGE, ["alice", "bob"] * 6)


def row(number: int, text: str, **changes: Any) -> dict[str, Any]:
    """Return a row of texts."""
    given: dict[str, Any] = {
        "network": "bluesky", "post": str(number), "origin": "others", "author": f"a{number}",
        "published_at": START + timedelta(minutes=number), "text": text, "duplicate_of": None,
        "is_repost": None, "answers_to": None, "thread": None, "likes": 0, "comments": 0,
        "shares": 0, "views": None, "intents": ["complaint"], "services": None,
    }  # fmt: skip
    return {**given, **changes}


def incident(**changes: Any) -> list[dict[str, Any]]:
    """Return the posts of an outage."""
    return [row(number, text, **changes) for number, text in enumerate(OUTAGE, 1)]


ROWS_BEFORE = [row(-number, text) for number, text in enumerate(ORDINARY, 1)]


def test_explanation_opens_its_posts() -> None:
    told = why(incident(), ROWS_BEFORE)
    assert told.terms[0].posts
    assert set(told.terms[0].posts) <= {("bluesky", str(n)) for n in range(1, 13)}
    assert told.first == (("bluesky", "1"), ("bluesky", "2"), ("bluesky", "3"))


def test_what_they_want_is_counted() -> None:
    told = why(incident(), ROWS_BEFORE)
    assert (told.intents, told.services) == ((("complaint", 12),), ())


def test_copies_are_a_share_and_no_posts() -> None:
    copies = [row(90, OUTAGE[0], duplicate_of="bluesky:1"), row(91, OUTAGE[0], is_repost=True)]
    told = why([*incident(), *copies], ROWS_BEFORE)
    assert (told.posts, told.duplicates, told.reposts, told.copies_of) == (12, 1, 1, 14)


def test_most_seen_come_first_and_unseen_ones_not_at_all() -> None:
    rows = incident()
    rows[4] = {**rows[4], "likes": 50}
    rows[7] = {**rows[7], "shares": 80}
    assert why(rows, ROWS_BEFORE).most_seen == (("bluesky", "8"), ("bluesky", "5"))


def test_own_post_that_many_answer_started_it() -> None:
    own = row(0, "La rentrée est repoussée", origin="own", author="bluesky:northfield")
    told = why([own, *incident(answers_to="0")], ROWS_BEFORE)
    assert told.spark is not None
    assert (told.spark.post, told.spark.answers, told.spark.came_first) == (
        ("bluesky", "0"), 12, True,
    )  # fmt: skip


def test_own_post_that_nobody_answers_started_nothing() -> None:
    own = row(0, "La cantine est ouverte", origin="own", author="bluesky:northfield")
    assert why([own, *incident()], ROWS_BEFORE).spark is None
