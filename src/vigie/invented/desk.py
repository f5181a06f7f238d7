"""Reads what people write to the services of an invented university, and what these answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

ByLanguage = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, kw_only=True)
class Matter:
    """Something people ask a kind of office."""

    office: str
    topic: Mapping[str, str]
    weight: int
    """How often, beside the others."""
    questions: ByLanguage
    answers: ByLanguage


@cache
def matters() -> tuple[Matter, ...]:
    """Return what people ask about, in the order of the file."""
    return tuple(_matters())


@cache
def opinions() -> tuple[tuple[int, Mapping[str, str]], ...]:
    """Return what people say of an answer, each with its score."""
    return tuple(
        (int(line[0]), {"fr": french[2:].strip(), "en": english[2:].strip()})
        for line in _lines("inbox_words")
        for french, english in (_parted(line),)
    )


def _matters() -> Iterator[Matter]:
    head, questions, answers = "", list[str](), list[str]()
    for line in [*_lines("inbox"), "="]:
        kind, said = line[0], line[1:].strip()
        if kind == "?":
            questions.append(said)
        elif kind == "!":
            answers.append(said)
        elif head:
            yield _matter(head, questions, answers)
        if kind == "=":
            head, questions, answers = said, [], []


def _matter(head: str, questions: list[str], answers: list[str]) -> Matter:
    office, french, english, weight = (part.strip() for part in head.split("|"))
    return Matter(
        office=office,
        topic={"fr": french, "en": english},
        weight=int(weight),
        questions=_by_language(questions),
        answers=_by_language(answers),
    )


def _by_language(lines: list[str]) -> ByLanguage:
    parted = [_parted(line) for line in lines]
    return {
        "fr": tuple(french for french, _english in parted),
        "en": tuple(english for _french, english in parted),
    }


def _parted(line: str) -> tuple[str, str]:
    french, _bar, english = line.partition(" | ")
    return french.strip(), english.strip()


def _lines(name: str) -> Iterator[str]:
    text = files("vigie.invented").joinpath("texts", f"{name}.txt").read_text("utf-8")
    return (line for line in text.splitlines() if line.strip() and not line.startswith("# "))
