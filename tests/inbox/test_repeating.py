"""Questions asked again and again are found, in other words each time, and always the same."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest

from tests.cast import NOON
from vigie.inbox.repeating import (
    Question,
    answers_it,
    asking,
    most_central,
    only_questions,
    repeated,
)

CARD = (
    "Bonjour, où puis-je récupérer ma carte d’étudiant ?",
    "Où est-ce que je récupère ma carte d’étudiant ? Merci d’avance !",
    "Je voudrais savoir où récupérer la carte d’étudiant ?",
    "Quand peut-on récupérer sa carte d’étudiant ?",
)
OTHERS = (
    "La bibliothèque est-elle ouverte le dimanche ?",
    "Le wifi ne marche plus au bâtiment C, qui peut le réparer ?",
    "Jusqu’à quand peut-on envoyer un dossier Erasmus ?",
    "Mon mot de passe ne passe plus, que faire ?",
    "Reste-t-il des chambres en résidence pour janvier ?",
)


def asked(*texts: str) -> list[Question]:
    return [
        Question(key=key, at=NOON + timedelta(hours=key), words=text)
        for key, text in enumerate(texts)
    ]


def test_one_question_in_four_wordings_is_one() -> None:
    (found,) = repeated(asked(*OTHERS, *CARD))
    assert [one.key for one in found.asked] == [5, 6, 7, 8]
    assert "carte" in found.centre.words


def test_the_order_in_which_they_are_read_changes_nothing() -> None:
    questions = asked(*CARD, *OTHERS)
    before = repeated(questions)
    random.Random(3).shuffle(questions)
    assert repeated(questions) == before


def test_what_is_asked_twice_is_not_repeated() -> None:
    assert not repeated(asked(*OTHERS, *CARD[:2]))
    assert not repeated([])


def test_nobody_is_in_two_groups() -> None:
    found = repeated(asked(*CARD, *CARD, *OTHERS, *OTHERS, *OTHERS))
    keys = [one.key for group in found for one in group.asked]
    assert len(keys) == len(set(keys))


def test_texts_without_words_do_not_break_it() -> None:
    assert not repeated(asked("", "…", "👍", "?", "https://example.org"), least=10)


@pytest.mark.parametrize(
    ("words", "read"),
    [
        ("Bonjour. Où est la salle ? Merci.", "ou est la salle"),
        ("Je cherche la salle", "je cherche la salle"),
    ],
)
def test_what_asks_is_read(words: str, read: str) -> None:
    assert " ".join(sign for sign in asking(words) if sign != ".") == read


@pytest.mark.parametrize(
    ("words", "left"),
    [
        ("Bonjour,\n\nOù est la salle B12 ? Merci d’avance !\nZoé", "Où est la salle B12 ?"),
        ("Hello. Where is it? And when?! Bye", "Where is it?"),
        ("Je cherche la salle.", "Je cherche la salle."),
        ("", ""),
    ],
)
def test_only_what_asks_is_shown(words: str, left: str) -> None:
    assert only_questions(words) == left


def test_the_central_answer_is_the_one_most_are_like() -> None:
    answers = [
        "Votre carte est à l’accueil de la scolarité.",
        "La carte est à l’accueil de la scolarité, bâtiment A, avec une pièce d’identité.",
        "Voyez avec la bibliothèque.",
    ]
    assert most_central(answers) in (0, 1)
    assert most_central([]) is None


def test_a_page_that_asks_the_same_answers_it() -> None:
    pages = [OTHERS[0], "Où récupérer ma carte d’étudiant ?"]
    assert answers_it(CARD[0], pages) == 1
    assert answers_it(OTHERS[2], pages) is None
    assert answers_it(CARD[0], []) is None
