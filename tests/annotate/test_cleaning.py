"""What is taken out of a text before it is read, and how it is cut."""

from __future__ import annotations

import pytest

from vigie.annotate.cleaning import clean, fold, signs


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("See https://www.northfield.example/a?b=c.", "See ."),
        ("@northfield.example la #BU ferme", "la BU ferme"),
        ("RT @bob: Bonjour", ": Bonjour"),
        ("Caf&eacute; &amp; th&eacute;", "Café & thé"),
        ("alice@northfield.example", "alice@northfield.example"),
    ],
)
def test_addresses_handles_and_signs_are_taken_out(text: str, cleaned: str) -> None:
    assert " ".join(clean(text).text.split()) == cleaned


def test_what_was_taken_out_is_counted() -> None:
    found = clean("RT @bob @alice http://a.example www.b.example")
    assert (found.is_repost, found.handles, found.links) == (True, ("bob", "alice"), 2)


def test_accents_case_and_apostrophes_are_folded() -> None:
    assert fold("Où est l’ŒUVRE d’Été ?") == "ou est l'oeuvre d'ete ?"


def test_arabic_is_left_as_it_is() -> None:
    assert fold("متى تبدأ الدراسة") == "متى تبدأ الدراسة"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("C'est nuuuul !!!", ["c", "est", "nul", "!", "."]),
        ("Bonjour, c'est où ??", ["bonjour", ".", "c", "est", "ou", "?", "."]),
        ("Bravo 👏🎓 :)", ["bravo", "👏", "🎓", ":)"]),
        ("Oui... Non.", ["oui", ".", "non", "."]),
    ],
)
def test_a_text_is_cut_into_words_marks_and_pictures(text: str, found: list[str]) -> None:
    assert signs(text) == found
