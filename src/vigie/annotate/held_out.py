"""Texts kept apart with their right answers: files a person writes and no rule was made from.

A folder of CSV files (UTF-8). ``<question>.csv`` or ``<question>-<anything>.csv`` for language,
intent, tone, service and urgency: columns ``text`` and ``answers`` (the names of the answers,
with spaces, commas or ``|`` between them; empty: none), and where wished ``language`` (two
letters) and ``own`` (*yes* where the institution wrote it). ``corpus*.csv``: a column ``text``,
more texts of the same kind for a model to learn from, without answers. Other columns are ignored.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from vigie.annotate.annotating import classifiers
from vigie.annotate.languages import EXPECTED
from vigie.errors import FileError
from vigie.words import Words, _

QUESTIONS = ("language", "intent", "tone", "service", "urgency")
CORPUS = "corpus"
TEXT, ANSWERS, LANGUAGE, OWN = "text", "answers", "language", "own"
YES = frozenset(("yes", "true", "1", "oui"))
_BETWEEN = re.compile(r"[\s,;|]+")


@dataclass(frozen=True, kw_only=True)
class Kept:
    """One text with the answers a person gave."""

    text: str
    right: frozenset[str]
    language: str | None = None
    is_own: bool = False


@dataclass(frozen=True, kw_only=True)
class HeldOut:
    """What a folder holds: for each question its texts, and texts to learn from."""

    kept: Mapping[str, list[Kept]]
    corpus: list[str]


def read_held_out(folder: Path) -> HeldOut:
    """Read a folder; a text that stands twice in a question counts once."""
    paths = sorted(folder.glob("*.csv"))
    if not paths:
        raise FileError(
            _(
                "{folder} holds no CSV file. Put {question}.csv there, with the columns text and "
                "answers.",
                folder=str(folder),
                question=QUESTIONS[1],
            )
        )
    kept: dict[str, dict[str, Kept]] = {}
    corpus: dict[str, None] = {}
    for path in paths:
        question = _question(path)
        if question == CORPUS:
            corpus |= {row[TEXT]: None for _number, row in _rows(path, (TEXT,))}
            continue
        for number, row in _rows(path, (TEXT, ANSWERS)):
            kept.setdefault(question, {})[row[TEXT]] = _kept(path, number, row, question)
    found = {one: list(kept[one].values()) for one in QUESTIONS if one in kept}
    return HeldOut(kept=found, corpus=list(corpus))


def _question(path: Path) -> str:
    question = path.stem.partition("-")[0]
    if question in QUESTIONS:
        return question
    if question.startswith(CORPUS):
        return CORPUS
    raise FileError(
        _(
            "{file} is named after no question that is measured. Name it {names} or corpus, with "
            "-anything behind if you wish.",
            file=path.name,
            names=", ".join(QUESTIONS),
        )
    )


def _rows(path: Path, needed: tuple[str, ...]) -> Iterator[tuple[int, dict[str, str]]]:
    """Return each row with the number of the line where it ends; none of its texts is empty."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            missing = [name for name in needed if name not in (reader.fieldnames or ())]
            if missing:
                raise FileError(
                    _(
                        "{file} lacks the column {column}. Its first line must name the columns: "
                        "{needed}.",
                        file=path.name,
                        column=missing[0],
                        needed=", ".join(needed),
                    )
                )
            for row in reader:
                plain = {name: (row.get(name) or "").strip() for name in (*needed, LANGUAGE, OWN)}
                if not plain[TEXT]:
                    raise _wrong(path, reader.line_num, TEXT, _("it is empty"))
                yield reader.line_num, plain
    except UnicodeDecodeError:
        raise FileError(
            _("{file} is not written in UTF-8. Save it again as “CSV UTF-8”.", file=path.name)
        ) from None


def _kept(path: Path, number: int, row: Mapping[str, str], question: str) -> Kept:
    right = frozenset(one for one in _BETWEEN.split(row[ANSWERS].lower()) if one)
    known = EXPECTED if question == LANGUAGE else tuple(classifiers()[question].answers)
    unknown = sorted(right.difference(known))
    if unknown:
        why = _("{answer} is none of: {answers}", answer=unknown[0], answers=", ".join(known))
        raise _wrong(path, number, ANSWERS, why)
    if not classifiers()[question].is_multiple and len(right) != 1:
        raise _wrong(path, number, ANSWERS, _("this question has exactly one right answer"))
    language = row[LANGUAGE].lower() or None
    if language is not None and language not in EXPECTED:
        why = _("{answer} is none of: {answers}", answer=language, answers=", ".join(EXPECTED))
        raise _wrong(path, number, LANGUAGE, why)
    return Kept(text=row[TEXT], right=right, language=language, is_own=row[OWN].lower() in YES)


def _wrong(path: Path, number: int, column: str, why: Words) -> FileError:
    return FileError(
        _(
            "{file}, line {number}, column {column}: {why}.",
            file=path.name,
            number=number,
            column=column,
            why=why,
        )
    )
