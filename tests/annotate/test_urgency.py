"""What must be read by a person now, and what must not be flagged."""

from __future__ import annotations

import pytest

from tests.annotate.asking import answers


@pytest.mark.parametrize(
    ("text", "risk"),
    [
        ("j'ai envie de mourir, je n'en peux plus", "self_harm"),
        ("I want to kill myself", "self_harm"),
        ("je me suis fait agresser devant la résidence hier soir", "violence"),
        ("shots fired on campus", "violence"),
        ("mon directeur de thèse me harcèle depuis un an", "harassment"),
        ("my professor keeps making racist comments in class", "harassment"),
        ("il y a une odeur de gaz dans le bâtiment B", "safety"),
        ("the dorm is on fire", "safety"),
        ("nos données personnelles ont fuité", "data_leak"),
        ("I can see other students' grades on the portal", "data_leak"),
        ("je n'ai plus de quoi manger", "destitution"),
        ("I'm sleeping in my car this semester", "destitution"),
        ("dernier jour pour payer et le site plante", "deadline"),
        ("my exam is tomorrow and I'm locked out", "deadline"),
    ],
)
def test_a_cry_is_flagged_with_its_risk(text: str, risk: str) -> None:
    assert risk in answers("urgency", text)


@pytest.mark.parametrize(
    "text",
    [
        "Help me please with this homework",
        "Alerte : hackathon ce week-end !",
        "Urgent, je cherche un stage",
        "Journée de prévention du suicide à la fac",
        "J'ai envie de mourir de rire 😂",
        "This exam killed me lol",
        "Conférence sur les violences sexistes et le harcèlement",
        "Exercice incendie mardi à 10h",
        "Atelier : se protéger du phishing",
        "Alerte rouge canicule, buvez de l'eau",
        "La deadline des candidatures est demain",
        "Ma batterie est morte",
        "We bombed that presentation",
        "A lecture on sexual harassment law",
    ],
)
def test_an_ordinary_post_is_not_flagged(text: str) -> None:
    assert answers("urgency", text) == ()
