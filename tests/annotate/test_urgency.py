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
        ("jveux crever j'ai plus la force de vivre", "self_harm"),
        ("adieu les gars. prenez soin de vous, je suis à bout", "self_harm"),
        ("she texted mom goodbye and her phone is off", "self_harm"),
        ("mon agresseur est dans mon groupe de TP", "violence"),
        ("il me validerait si j'étais gentille avec lui", "harassment"),
        ("un étudiant fait un avc dans l'amphi", "safety"),
        ("someone changed my direct deposit", "data_leak"),
        ("où dormir ce soir, mes valises sont dehors", "destitution"),
        ("inscription avant minuit et la page charge plus", "deadline"),
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
        "Il faut faire avec les horaires du RU",
        "Adieu la fac, bonjour la vie active !",
        "Ma mère va me tuer si je redouble",
        "On s'est fait braquer au dernier quart d'heure, quel match",
        "Les inscriptions sont ouvertes jusqu'à ce soir minuit",
        "Je vais me tuer à la tâche ce semestre",
        "When a man is tired of London, he is tired of life.",
    ],
)
def test_an_ordinary_post_is_not_flagged(text: str) -> None:
    assert answers("urgency", text) == ()
