"""Invented posts with the answers a person gives of them, of which the rules know only a part."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence

OPENINGS = (
    "La fac, ",
    "Ce semestre ",
    "Au campus nord ",
    "Pour les L1 ",
    "Hier soir ",
    "En amphi ",
    "Cette année ",
    "Aux partiels ",
    "Dans notre promo ",
    "À la rentrée ",
)
ILL_KNOWN = (
    "c'est une honte",
    "c'est inadmissible",
    "aucune réponse depuis deux semaines",
    "on en a marre",
    "c'est n'importe quoi",
    "le site ne marche pas",
)
ILL_UNKNOWN = (
    "rebelote avec les créneaux zappés",
    "salle glaciale porte close",
    "dossier zappé au guichet",
    "créneaux zappés porte close",
    "guichet muet salle glaciale",
    "glaciale et muet comme le guichet",
)
GOOD_KNOWN = (
    "bravo à toute l'équipe",
    "super ambiance, j'adore",
    "je recommande vivement",
    "merci beaucoup aux profs",
    "c'est génial, aucun regret",
)
GOOD_UNKNOWN = (
    "goûter offert tout sourire",
    "fanfare et lampions partout",
    "tuteurs aux petits soins",
    "lampions et goûter offert",
    "fanfare tout sourire aux petits soins",
)


def told(count: int, *, seed: int, unknown: float = 0.5) -> list[tuple[str, str]]:
    """Return texts, each with *negative* or *positive*.

    Half say it in words of our lexicons as well as in words the lexicons lack, so that the rules
    can teach them; of the others only the latter are left.
    """
    chance = random.Random(seed)
    return [_one(chance, unknown, place) for place in range(count)]


def _one(chance: random.Random, unknown: float, place: int) -> tuple[str, str]:
    tone = chance.choice(("negative", "positive"))
    known: Mapping[str, Sequence[str]] = {"negative": ILL_KNOWN, "positive": GOOD_KNOWN}
    words: Mapping[str, Sequence[str]] = {"negative": ILL_UNKNOWN, "positive": GOOD_UNKNOWN}
    said = chance.choice(words[tone])
    if chance.random() > unknown:
        said = f"{said}, {chance.choice(known[tone])}"
    return f"{chance.choice(OPENINGS)}{said} (groupe {place})", tone
