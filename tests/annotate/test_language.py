"""In which language a text is."""

from __future__ import annotations

import pytest

from tests.annotate.asking import answers
from vigie.annotate.common_words import counted
from vigie.annotate.languages import EXPECTED, tell_languages
from vigie.annotate.lexicon import FOLDER, lines_of

SENTENCES = {
    "fr": "Je n'ai toujours pas reçu ma carte d'étudiant",
    "en": "I still have not received my student card",
    "de": "Ich habe meinen Studentenausweis noch nicht bekommen",
    "it": "Non ho ancora ricevuto la mia tessera dello studente",
    "es": "Todavía no he recibido mi tarjeta de estudiante",
    "pt": "Ainda não recebi o meu cartão de estudante",
    "ar": "لم أستلم بطاقة الطالب بعد",
}


@pytest.mark.parametrize(("code", "text"), SENTENCES.items())
def test_each_expected_language_is_told(code: str, text: str) -> None:
    assert answers("language", text) == (code,)


@pytest.mark.parametrize("text", ["", "👏👏", "ok", "@northfield https://northfield.example"])
def test_a_tiny_text_has_no_language(text: str) -> None:
    assert answers("language", text) == ()


def test_a_handle_and_a_link_say_nothing_of_the_language() -> None:
    text = "@the_university_of_northfield où est la salle ? https://the.university.example/student"
    assert answers("language", text) == ("fr",)


def test_only_expected_languages_are_told() -> None:
    assert set(tell_languages(list(SENTENCES.values()), expected=("en", "fr")).languages) <= {
        "en", "fr", None,
    }  # fmt: skip


def test_the_networks_guess_helps_where_the_text_leaves_doubt() -> None:
    assert tell_languages(["ok"], ["fr"]).languages == ["fr"]


def test_the_networks_guess_does_not_bring_in_a_language_nobody_expects() -> None:
    assert tell_languages(["ok"], ["nl"]).languages == [None]


@pytest.mark.parametrize(
    ("text", "code"), [("a dopo", "it"), ("MEU AZUL TEM Q GANHAR", "pt"), ("ich will nicht", "de")]
)
def test_common_words_tell_what_letters_leave_in_doubt(text: str, code: str) -> None:
    assert answers("language", text) == (code,)


def test_every_expected_language_has_common_words_that_can_be_found() -> None:
    counts = counted(list(SENTENCES.values()), EXPECTED)
    assert counts is not None
    told = [EXPECTED[place] for place in counts.argmax(axis=1)]
    assert told == list(SENTENCES)
    for code in EXPECTED:
        lines = lines_of(FOLDER / f"common.{code}.txt")
        assert all(
            (word.isalpha() and word.islower()) or code == "ar" for word in " ".join(lines).split()
        )


def test_a_language_without_common_words_does_not_lose_by_it() -> None:
    assert counted(["ik weet het niet"], ("en", "nl")) is None
    assert tell_languages(["ik weet het niet meer"], expected=("en", "nl")).languages == ["nl"]
