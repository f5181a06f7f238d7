"""In which language a text is."""

from __future__ import annotations

import pytest

from tests.annotate.asking import answers
from vigie.annotate.languages import tell_languages

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
