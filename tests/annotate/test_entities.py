"""Which institutions a text names."""

from __future__ import annotations

import pytest

from tests.cast import NORTHFIELD, NORTHFIELD_BLUESKY
from vigie.annotate.annotating import classifiers
from vigie.annotate.batch import Batch, Known
from vigie.model import Institution

PARIS_1 = Institution(
    institution="paris-1", name="Université Paris 1 Panthéon-Sorbonne", city="Paris",
    aliases=("P1", "Paris 1", "Panthéon-Sorbonne"),
)  # fmt: skip
LYON_2 = Institution(
    institution="lyon-2", name="Université Lumière Lyon 2", city="Lyon", aliases=("Lyon 2",)
)
ENS = Institution(institution="ens-paris", name="École normale supérieure", city="Paris",
                  short_name="ENS")  # fmt: skip
ENS_LYON = Institution(institution="ens-lyon", name="École normale supérieure de Lyon",
                       city="Lyon", short_name="ENS", aliases=("ENS de Lyon",))  # fmt: skip
KNOWN = Known(
    institutions=(NORTHFIELD, PARIS_1, LYON_2, ENS, ENS_LYON), accounts=(NORTHFIELD_BLUESKY,)
)


def named(text: str) -> set[str]:
    batch = Batch(texts=[text], names=["bluesky:1"], known=KNOWN)
    return set(classifiers()["entities"]().classify(batch)[0].answers)


@pytest.mark.parametrize(
    ("text", "institutions"),
    [
        ("Conférence à l'Université Paris 1 Panthéon-Sorbonne", {"paris-1"}),
        ("université lumiere lyon 2 c'est loin", {"lyon-2"}),
        ("Mes partiels à P1 sont finis", {"paris-1"}),
        ("La P1 de ce GP était folle", set()),
        ("Inscrite en L1 à Lyon 2 !", {"lyon-2"}),
        ("Je déménage à Lyon 2 samedi", set()),
        ("à la univ Lyon 2", {"lyon-2"}),
        ("#PantheonSorbonne", {"paris-1"}),
        ("Les étudiants de l'ENS de Lyon", {"ens-lyon"}),
        ("Les étudiants de l'ENS manifestent à Lyon", {"ens-lyon"}),
        ("Les étudiants de l'ENS manifestent", set()),
        ("Il fait beau à Northfield", set()),
        ("Northfield University is great", {"northfield"}),
        ("@northfield.example bonjour", {"northfield"}),
        ("Paris 1 - Lyon 2 : match nul", set()),
        ("", set()),
    ],
)
def test_institutions_are_named(text: str, institutions: set[str]) -> None:
    assert named(text) == institutions


def test_without_a_register_nobody_is_named() -> None:
    assert classifiers()["entities"]().classify(Batch(texts=["Lyon 2"]))[0].answers == ()
