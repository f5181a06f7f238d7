"""Words and two-word terms of texts."""

from __future__ import annotations

import pytest

from vigie.listening.stop_words import STOP_WORDS
from vigie.listening.wordings import without_echoes, wordings


def terms(text: str) -> set[str]:
    """Return the terms of one text."""
    return set(wordings([text]).terms)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Panne de réseau", {"panne", "reseau", "panne reseau"}),
        ("L’université, la bibliothèque", {"universite", "bibliotheque"}),
        ("Moodle. Panne", {"moodle", "panne"}),
        ("#Moodle @NorthfieldU https://up.example/a 24 3244", {"moodle", "3244", "moodle 3244"}),
        ("On ne sait pas où", {"sait"}),
        ("", set()),
    ],
    ids=["stop word between", "comma", "full stop", "signs and numbers", "stop words", "nothing"],
)
def test_terms_of_a_text(text: str, said: set[str]) -> None:
    assert terms(text) == said


def test_text_says_a_term_once() -> None:
    assert wordings(["panne panne panne"]).says.sum() == 2


def test_rare_and_common_terms_are_left_out() -> None:
    texts = ["moodle panne", "moodle wifi", "moodle panne", "moodle cantine"]
    assert set(wordings(texts, least=2, most=0.75).terms) == {"panne", "moodle panne"}


def test_names_of_institutions_are_set_aside() -> None:
    assert terms_aside("Northfield en panne") == {"panne"}


def terms_aside(text: str) -> set[str]:
    """Return the terms of a text without the name of the cast."""
    return set(wordings([text], aside={"northfield"}).terms)


def test_term_is_shown_as_people_write_it() -> None:
    found = wordings(["Panne de réseau", "panne du réseau", "la panne de réseau !"])
    assert found.written(found.terms.index("panne reseau")) == "panne de réseau"


def test_stop_words_are_written_as_words_are_counted() -> None:
    assert all(word.isascii() and word == word.lower() for word in STOP_WORDS)


def test_word_told_by_a_longer_term_is_an_echo() -> None:
    found = [("panne", (1, 2, 3)), ("panne reseau", (1, 2, 3)), ("wifi", (1, 2, 3))]
    assert without_echoes(found) == [1, 2]


def test_word_that_others_say_too_is_no_echo() -> None:
    found = [("panne", (1, 2, 3, 4, 5, 6)), ("panne reseau", (1, 2, 3))]
    assert without_echoes(found) == [0, 1]


def test_chain_of_terms_is_told_once() -> None:
    found = [("vier filme", (1, 2, 3)), ("filme alumni", (1, 2, 3)), ("alumni", (1, 2, 3))]
    assert without_echoes(found) == [0]
