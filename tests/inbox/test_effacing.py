"""What tells whose matter it was is taken out of what is proposed for everybody."""

from __future__ import annotations

import pytest

from vigie.inbox.effacing import effaced

NAMES = ("Zoé Jean-Baptiste de la Tour", "Alice Martin", "@zoe.tour")


@pytest.mark.parametrize(
    ("words", "left"),
    [
        ("Écrivez à zoe@example.org.", "Écrivez à […]."),
        ("Appelez le 06 12 34 56 78", "Appelez le […]"),
        ("Appelez le +33 (0)6.12.34.56.78 !", "Appelez le […] !"),
        ("Votre numéro 21907654 est connu", "Votre numéro […] est connu"),
        ("Dossier AB12C345 reçu", "Dossier […] reçu"),
        ("IBAN FR76 3000 4000 0312 3456 7890 143", "IBAN […]"),
        ("Bonjour Zoé,", "Bonjour […],"),
        ("BONJOUR MARTIN", "BONJOUR […]"),
        ("Cordialement, Alice", "Cordialement, […]"),
        ("Merci @zoe.tour pour tout", "Merci […] pour tout"),
        ("Jean-Baptiste l’a dit", "[…] l’a dit"),
    ],
)
def test_it_is_taken_out(words: str, left: str) -> None:
    assert effaced(words, names=NAMES) == left


@pytest.mark.parametrize(
    "words",
    [
        "La carte est à l’accueil de la scolarité, bâtiment A, dix jours après le paiement.",
        "Ouvert de 8 h 30 à 20 h, jusqu’au 15 décembre 2026.",
        "Formulaire B12 : https://northfield.example/cartes",
        "Article L123-4 du code",
    ],
)
def test_what_helps_everybody_stays(words: str) -> None:
    assert effaced(words, names=NAMES) == words
