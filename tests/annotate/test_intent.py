"""What the rules of intent answer, in French and English."""

from __future__ import annotations

import pytest

from tests.annotate.asking import answers

ASKED = [
    "Bonjour, savez-vous quand les résultats seront publiés",
    "qqn sait où récupérer sa carte d'étudiant",
    "comment faire pour changer de filière en L2",
    "Je voulais savoir si la BU est ouverte samedi",
    "c possible de s'inscrire encore svp",
    "Vous avez une idée de la date des oraux ?",
    "does anyone know when the library opens",
    "How do I get my transcript",
]
ANGRY = [
    "C'est normal que je n'aie toujours pas ma bourse ??",
    "Vous comptez réparer le chauffage un jour ?",
    "Pourquoi personne ne répond au téléphone depuis trois jours ?",
    "When are you going to fix the wifi? Still down!",
]
COMPLAINED = [
    "j'arrive pas à me connecter à l'ENT, toujours en panne",
    "Aucune réponse du secrétariat depuis deux semaines, c'est inadmissible",
    "Ras le bol de cette organisation, on est livrés à nous-mêmes",
    "Merci pour la panne, encore une soirée sans internet",
    "Still no reply from the finance office, this is unacceptable",
]
PRAISED = [
    "Bravo à toute l'équipe, super journée",
    "Très bonne école, profs à l'écoute, je recommande",
    "Merci beaucoup au service des stages pour votre réactivité",
    "Best university ever, amazing professors",
]
BELONGED = [
    "Fière d'être diplômée de l'université de Northfield 🎓",
    "Premier jour à la fac !",
    "Proud to be an alum of Northfield",
]
TOLD = [
    "Découvrez notre nouveau master en IA et inscrivez-vous : https://northfield.example #master",
    "[Conférence] Rendez-vous mardi 12 mars à 18h en amphi A, entrée libre",
    "Envie de changer de voie ? Venez à nos portes ouvertes samedi ! https://northfield.example",
    "Join us for our open day on 12 March: https://northfield.example #openday",
]


@pytest.mark.parametrize("text", ASKED + ANGRY)
def test_a_question_is_heard_with_or_without_its_mark(text: str) -> None:
    assert "question" in answers("intent", text)


@pytest.mark.parametrize("text", COMPLAINED + ANGRY)
def test_a_complaint_is_heard(text: str) -> None:
    assert "complaint" in answers("intent", text)


@pytest.mark.parametrize("text", ASKED + PRAISED + BELONGED + TOLD)
def test_what_is_no_complaint_is_not_one(text: str) -> None:
    assert "complaint" not in answers("intent", text)


@pytest.mark.parametrize("text", PRAISED)
def test_praise_is_heard(text: str) -> None:
    assert "praise" in answers("intent", text)


@pytest.mark.parametrize("text", ASKED + ANGRY + COMPLAINED)
def test_what_is_no_praise_is_not_praise(text: str) -> None:
    assert "praise" not in answers("intent", text)


@pytest.mark.parametrize("text", BELONGED)
def test_belonging_is_heard(text: str) -> None:
    assert "belonging" in answers("intent", text)


@pytest.mark.parametrize("text", TOLD)
@pytest.mark.parametrize("own", [True, False])
def test_what_an_institution_announces_is_information(text: str, own: bool) -> None:
    found = answers("intent", text, own=own)
    assert found[0] == "information"
    assert "question" not in found


def test_nothing_said_is_something_else() -> None:
    assert answers("intent", "mdr") == ("other",)
