"""The words of invented posts: what everybody says, and what each is known for."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from vigie.demo.character import Character
from vigie.invented.phrases import filled, phrases

HABIT, TAG = 0.3, 0.25
"""The share of posts with a habit, and with a hashtag of one's own."""


def posts_of(
    character: Character, languages: Sequence[str], is_reply: Sequence[bool], draw: Random
) -> list[str]:
    """Return the words of posts in these languages."""
    return [
        answer_of(character, language, draw) if reply else _post(character, language, draw)
        for language, reply in zip(languages, is_reply, strict=True)
    ]


def _post(character: Character, language: str, draw: Random) -> str:
    kind = character.institution.kind
    if draw.random() < character.focus:
        topic = draw.choice(draw.choice(character.known_for).topics[language])
        text = filled(
            draw.choice(phrases("posts_of_domain")[language]),
            language,
            draw,
            kind=kind,
            sujet=topic,
        )
    else:
        text = filled(draw.choice(phrases("posts")[language]), language, draw, kind=kind)
    if language == "fr" and draw.random() < HABIT:
        text += f" {filled(character.habit, 'fr', draw, lieu=tag_of(character))}"
    if draw.random() < TAG:
        text += f" #{tag_of(character)}"
    return text


def answer_of(character: Character, language: str, draw: Random) -> str:
    """Return what an institution answers to someone."""
    template = draw.choice(phrases("answers")[language])
    site = (character.institution.website or "").split("//www.")[-1].rstrip("/")
    return filled(template, language, draw, kind=character.institution.kind, site=site)


def tag_of(character: Character) -> str:
    """Return the place of an institution as a hashtag has it."""
    city = character.institution.city or ""
    return "".join(sign for sign in city.title() if sign.isalnum())
