"""What the rules of tone answer."""

from __future__ import annotations

import pytest

from tests.annotate.asking import answers, score


@pytest.mark.parametrize(
    ("text", "tone"),
    [
        ("Super école, j'adore", "positive"),
        ("Ce n'est pas une bonne école", "negative"),
        ("pas mal du tout", "positive"),
        ("pas terrible", "negative"),
        ("Aucun regret !", "positive"),
        ("Bâtiments vétustes et secrétariat incompétent", "negative"),
        ("Le cours a lieu mardi en salle B", "neutral"),
        ("Not good at all", "negative"),
        ("Absolutely love this place", "positive"),
        ("Pas de problème avec l'administration", "positive"),
        ("😡", "negative"),
    ],
)
def test_tone(text: str, tone: str) -> None:
    assert answers("tone", text) == (tone,)


def test_a_booster_makes_it_stronger() -> None:
    assert score("tone", "positive", "vraiment bien") > score("tone", "positive", "bien")


def test_a_negation_does_not_cross_a_sentence() -> None:
    assert answers("tone", "Je ne peux pas. Super école") == ("positive",)
