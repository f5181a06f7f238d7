"""Which office a text concerns."""

from __future__ import annotations

import pytest

from tests.annotate.asking import answers


@pytest.mark.parametrize(
    ("text", "service"),
    [
        ("Où récupérer ma carte d'étudiant ?", "registry"),
        ("Je voudrais changer de filière", "registry"),
        ("L'emploi du temps change tous les jours", "teaching"),
        ("My online course has no feedback", "teaching"),
        ("Le wifi ne marche pas", "it"),
        ("eduroam down again", "it"),
        ("Pas de place à la BU", "library"),
        ("Ma bourse n'est pas versée", "finance"),
        ("Pas d'eau chaude dans ma résidence", "housing"),
        ("Ma convention de stage n'est pas signée", "careers"),
        ("Erasmus : comment partir à l'étranger", "international"),
        ("I need counseling for my anxiety", "health"),
        ("Le resto u est fermé", "student_life"),
        ("Je suis sur liste d'attente sur Parcoursup", "admissions"),
        ("Your press release has a typo", "communication"),
    ],
)
def test_service(text: str, service: str) -> None:
    assert service in answers("service", text)


@pytest.mark.parametrize("text", ["Je suis stressé", "so stressed right now", "Bonjour à tous"])
def test_no_service_where_none_is_named(text: str) -> None:
    assert answers("service", text) == ()


def test_two_at_most() -> None:
    text = "BU, wifi, bourse, logement, stage : tout va mal"
    assert len(answers("service", text)) == 2


def test_employment_is_still_careers() -> None:
    assert answers("service", "Trouver un emploi") == ("careers",)
