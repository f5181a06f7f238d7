"""Texts, and copies of them altered as people and networks alter them."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

SUBJECTS = (
    "la bibliothèque",
    "le secrétariat",
    "l'équipe de rugby",
    "le master de droit",
    "la présidente",
    "le resto u",
    "un laboratoire de chimie",
    "la fanfare",
    "le service des bourses",
    "l'amphi B",
    "the library",
    "our choir",
    "a new laboratory",
    "the housing office",
    "the rowing team",
)
VERBS = (
    "ouvre",
    "ferme",
    "fête",
    "cherche",
    "perd",
    "annonce",
    "propose",
    "refuse",
    "welcomes",
    "hosts",
    "cancels",
    "repairs",
    "présente",
    "prépare",
    "oublie",
    "raconte",
)
THINGS = (
    "ses portes",
    "un concours",
    "des bénévoles",
    "sa collection",
    "la rentrée",
    "cent places",
    "un concert",
    "deux conférences",
    "the winter term",
    "an open day",
    "its new building",
    "old books",
    "une exposition",
    "le chauffage",
    "les inscriptions",
    "une enquête",
    "ses archives",
    "des ateliers",
)
PLACES = (
    "sur le campus nord",
    "à la mairie",
    "dans le hall",
    "près du lac",
    "in the main hall",
    "downtown",
    "au gymnase",
    "en visio",
    "à la gare",
    "au musée",
    "by the river",
    "derrière la cantine",
)
TIMES = (
    "lundi matin",
    "mardi à midi",
    "ce soir",
    "en octobre",
    "dès demain",
    "next week",
    "on Friday",
    "après les vacances",
    "at noon",
    "jusqu'au 12 mars",
    "toute la semaine",
    "pendant les partiels",
)


def texts(count: int, *, seed: int) -> list[str]:
    """Return so many different texts of two sentences."""
    chance = random.Random(seed)
    found: dict[str, None] = {}
    while len(found) < count:
        found[f"{_sentence(chance)} {_sentence(chance)}"] = None
    return list(found)


def _sentence(chance: random.Random) -> str:
    parts = (SUBJECTS, VERBS, THINGS, PLACES, TIMES)
    words = " ".join(chance.choice(part) for part in parts)
    return f"{words[0].upper()}{words[1:]} ({chance.randint(1, 999)} personnes)."


def cut(text: str, chance: random.Random) -> str:
    """As a repost by hand cuts it."""
    return f"RT @alice: {text[: int(len(text) * 0.8)]}…"


def linked(text: str, chance: random.Random) -> str:
    """With another link."""
    return f"{text} https://t.example/{chance.randint(1, 99_999)}"


def tagged(text: str, chance: random.Random) -> str:
    """With a word before and a hashtag after."""
    return f"Info : {text} #rentrée"


def thinned(text: str, chance: random.Random) -> str:
    """With 15 % of its words dropped."""
    return " ".join(word for word in text.split() if chance.random() > 0.15)


def mistyped(text: str, chance: random.Random) -> str:
    """With 4 % of its letters wrong."""
    return "".join(
        chance.choice("aeinrst") if letter.isalpha() and chance.random() < 0.04 else letter
        for letter in text
    )


WAYS: Sequence[Callable[[str, random.Random], str]] = (cut, linked, tagged, thinned, mistyped)
