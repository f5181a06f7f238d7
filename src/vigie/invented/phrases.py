"""Reads the invented texts, and fills the gaps in them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from random import Random

LANGUAGES = ("fr", "en")
_GAP = re.compile(r"\{(\w+)\}")
_CHOICE = re.compile(r"\[([^\]]+)\]")


@dataclass(frozen=True, kw_only=True)
class Domain:
    """Something an institution may be known for."""

    name: str
    words: tuple[str, ...]
    """What speaks of it, as an institution would declare it."""
    topics: Mapping[str, tuple[str, ...]]
    """By language."""


@cache
def phrases(name: str) -> Mapping[str, tuple[str, ...]]:
    """Return the texts of a file by language."""
    return _by_language(_lines(name))


@cache
def domains() -> Mapping[str, Domain]:
    """Return what institutions may be known for, by name."""
    found: dict[str, Domain] = {}
    head, topics = "", list[str]()
    for line in [*_lines("domains"), "= |"]:
        if not line.startswith("="):
            topics.append(line)
            continue
        if head:
            name, _bar, words = head.partition("|")
            found[name.strip()] = Domain(
                name=name.strip(),
                words=tuple(word.strip() for word in words.split(",")),
                topics=_by_language(topics),
            )
        head, topics = line.removeprefix("="), []
    return found


@cache
def slots() -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    """Return what may stand in each gap, by language."""
    by_name: dict[str, list[str]] = {}
    for line in _lines("slots"):
        name, _colon, said = line.partition(":")
        by_name.setdefault(name, []).append(said)
    told = {name: _by_language(lines) for name, lines in by_name.items()}
    return {one: {name: said[one] for name, said in told.items()} for one in LANGUAGES}


def filled(
    template: str, language: str, draw: Random, *, kind: str | None = None, **given: str
) -> str:
    """Return a text without gaps and choices, which begins with a capital.

    ``kind`` is that of the institution: what one may study there differs.
    """
    known = slots()[language]

    def fill(found: re.Match[str]) -> str:
        name = found[1]
        if name in given:
            return given[name]
        return draw.choice(known.get(f"{name} {kind}", known[name]))

    chosen = _CHOICE.sub(lambda found: draw.choice(found[1].split("/")), template)
    text = _GAP.sub(fill, chosen)
    return text[:1].upper() + text[1:]


def _lines(name: str) -> Iterator[str]:
    text = files("vigie.invented").joinpath("texts", f"{name}.txt").read_text("utf-8")
    return (line for line in text.splitlines() if line.strip() and not line.startswith("# "))


def _by_language(lines: Iterator[str] | Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Part lines at their bar; a line without one is the same in both languages."""
    parted = [line.partition(" | ") for line in lines]
    return {
        "fr": tuple(french.strip() for french, _bar, _english in parted),
        "en": tuple((english or french).strip() for french, _bar, english in parted),
    }
