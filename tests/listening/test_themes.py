"""Themes that stay, and terms that emerge."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from vigie.listening.emerging import LEAST_AUTHORS, Text, emerging
from vigie.listening.themes import NO_THEME, SAME, Known, Theme, Themes, alike, matched, themes

SPOKEN_OF = {
    "cantine": "cantine repas menu restaurant plateau dessert",
    "moodle": "moodle connexion serveur compte devoir plateforme",
    "stage": "stage entreprise convention tuteur rapport alternance",
}


def texts(count: int = 180, *, seed: int = 1) -> list[str]:
    """Return texts of three themes by turns."""
    rng = np.random.default_rng(seed)
    words = [of.split() for of in SPOKEN_OF.values()]
    return [" ".join(rng.permutation(words[number % 3])[:4]) for number in range(count)]


def known(found: Themes) -> list[Known]:
    """Return what is remembered of themes."""
    return [
        Known(fingerprint=one.fingerprint, weights=dict(zip(one.terms, one.weights, strict=True)))
        for one in found.themes
    ]


def test_texts_of_one_theme_are_together() -> None:
    found = themes(texts(), count=3)
    assert [len(set(found.of[start::3])) for start in range(3)] == [1, 1, 1]
    assert len(set(found.of[:3])) == 3


def test_theme_is_named_by_its_terms() -> None:
    names = {word for theme in themes(texts(), count=3).themes for word in theme.name.split(", ")}
    assert names & set(" ".join(SPOKEN_OF.values()).split())


def test_same_texts_give_the_same_themes() -> None:
    assert themes(texts()).themes == themes(texts()).themes


def test_themes_keep_their_identity_when_texts_are_added() -> None:
    before = themes(texts(), count=3)
    after = themes([*texts(), *texts(60, seed=2)], count=3, known=known(before))
    assert {one.fingerprint for one in after.themes} == {one.fingerprint for one in before.themes}


def test_names_of_institutions_tell_no_theme() -> None:
    named = [f"northfield {text}" for text in texts()]
    found = themes([*named, *(text for text in texts())], count=3, aside={"northfield"})
    assert not any("northfield" in term for theme in found.themes for term in theme.terms)


def test_few_texts_have_no_themes() -> None:
    found = themes(texts(60))
    assert not found.themes
    assert set(found.of) == {NO_THEME}


def test_empty_text_is_of_no_theme() -> None:
    assert themes([*texts(), ""], count=3).of[-1] == NO_THEME


def test_themes_are_matched_so_that_together_they_are_most_alike() -> None:
    a, b = {"panne": 1.0, "wifi": 1.0}, {"panne": 1.0, "repas": 1.0}
    before = [Known(fingerprint="1", weights=a), Known(fingerprint="2", weights=b)]
    assert matched([b, a], before) == {0: "2", 1: "1"}


def test_unlike_themes_are_not_matched() -> None:
    assert not matched([{"a": 1.0}], [Known(fingerprint="1", weights={"b": 1.0})])
    assert alike({"a": 1.0}, {"b": 1.0}) < SAME


def test_longer_terms_name_a_theme() -> None:
    theme = Theme(
        terms=("panne", "panne reseau", "reseau", "wifi"), weights=(4.0, 3.0, 2.0, 1.0),
        written=("panne", "panne de réseau", "réseau", "wifi"), fingerprint="x",
    )  # fmt: skip
    assert theme.name == "panne de réseau, wifi"


DAY = date(2026, 3, 2)


def said(text: str, number: int, *, day: date = DAY, is_own: bool = False) -> Text:
    """Return a text by somebody."""
    return Text(text=text, day=day, author=f"author-{number}", is_own=is_own)


BEFORE = [
    said(text, number, day=DAY - timedelta(days=1 + number % 40))
    for number, text in enumerate(texts(400))
]


def test_new_term_emerges_with_its_posts() -> None:
    now = [said("inondation du parking", number) for number in range(8)]
    now += [said(text, 100 + number) for number, text in enumerate(texts(20, seed=3))]
    (term,) = emerging(now, BEFORE).terms
    assert term.written == "inondation du parking"
    assert term.rows == tuple(range(8))


def test_quiet_day_emerges_with_nothing() -> None:
    now = [said(text, number) for number, text in enumerate(texts(20, seed=4))]
    assert not emerging(now, BEFORE).terms


@pytest.mark.parametrize("is_own", [False, True], ids=["persons", "an institution"])
def test_what_few_persons_say_is_hidden(is_own: bool) -> None:
    now = [
        Text(text="inondation du parking", day=DAY, author=number % (LEAST_AUTHORS - 1),
             is_own=is_own)
        for number in range(12)
    ]  # fmt: skip
    burst = emerging(now, BEFORE)
    assert bool(burst.terms) == is_own
    assert (burst.hidden > 0) == (not is_own)


def test_without_an_archive_nothing_is_new() -> None:
    burst = emerging([said("inondation", 1)], BEFORE[:50])
    assert not burst.is_enough
    assert not burst.terms
