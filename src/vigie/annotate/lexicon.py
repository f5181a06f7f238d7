"""Reads our lexicons: phrases with a strength, in files a person can read and correct.

``lexicons/<question>/<answer>.<language>.txt``, language ``fr``, ``en`` or ``all``. One phrase a
line; ``#`` begins a comment; ``[2]`` gives the strength of the lines that follow (negative: it
speaks against; 0: the phrase only silences those it touches). Case, accents and the kind
of apostrophe do not matter. In a phrase:

- ``inscri*`` any ending of the word;
- ``(mon|ma|)`` one of several, or nothing;
- ``depuis … jours`` up to six words between;
- ``^`` the beginning of a sentence, ``$`` its end.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import product
from pathlib import Path

from vigie.annotate.cleaning import STOP, signs
from vigie.errors import LexiconError
from vigie.words import _

FOLDER = Path(str(files("vigie.annotate"))) / "lexicons"
SPELLING = "spelling"
ANY = "all"
_CHOICE = re.compile(r"\(([^()]*\|[^()]*)\)")


@dataclass(frozen=True, eq=False, slots=True)
class Phrase:
    """One line of a lexicon: what is sought, and what it says."""

    question: str
    answer: str
    language: str
    strength: float
    parts: tuple[tuple[str, ...], ...]
    """What follows each other at a small distance: of each part, every way to write it."""


@cache
def spelling() -> dict[str, str]:
    """Return short and wrong spellings with what is meant: ``qqn = quelqu'un``."""
    found: dict[str, str] = {}
    for path in sorted(FOLDER.glob(f"{SPELLING}.*.txt")):
        for line in lines_of(path):
            short, equals, meant = line.partition("=")
            if not equals:
                raise _wrong(path, line)
            for one in short.split("|"):
                found[" ".join(signs(one))] = " ".join(signs(meant))
    return found


def phrases(question: str) -> list[Phrase]:
    """Return every phrase of a question, from all its files."""
    found = sorted((FOLDER / question).glob("*.txt"))
    return [phrase for path in found for phrase in _read(path, question)]


def words_of(name: str) -> list[str]:
    """Return every way to write the words of a list that answers no question."""
    path = FOLDER / f"{name}.txt"
    return [way for line in lines_of(path) for way in _ways(line)]


def questions() -> list[str]:
    """Name the questions that have lexicons."""
    return sorted(folder.name for folder in FOLDER.iterdir() if folder.is_dir())


def _read(path: Path, question: str) -> Iterator[Phrase]:
    answer, _dot, language = path.stem.rpartition(".")
    strength = 1.0
    for line in lines_of(path):
        if line.startswith("["):
            try:
                strength = float(line.strip("[] "))
            except ValueError:
                raise _wrong(path, line) from None
            continue
        parts = tuple(_ways(part) for part in line.split("…"))
        if not all(way.strip() for part in parts for way in part):
            raise _wrong(path, line)
        yield Phrase(question, answer, language, strength, parts)


def lines_of(path: Path) -> Iterator[str]:
    """Yield what the lines of a list say, without comments."""
    for line in path.read_text("utf-8").splitlines():
        if said := line.partition("#")[0].strip():
            yield said


def _ways(part: str) -> tuple[str, ...]:
    """Return every way to write a part of a phrase, as it is sought."""
    ways = [f" {line}" for line in _lines(part)]
    return tuple(dict.fromkeys(map(_any_ending, ways) if "*" in part else ways))


def _lines(part: str) -> tuple[str, ...]:
    """Write out the alternatives, each word by itself first: together they are thousands."""
    chosen = product(*(_pieces(word) for word in _cut(part, " ")))
    return tuple(dict.fromkeys(map("".join, chosen)))


def _pieces(word: str) -> tuple[str, ...]:
    choices = _cut(word[1:-1], "|") if word[:1] == "(" and len(_cut(word, ")")) == 2 else []
    if len(choices) > 1 and word.endswith(")"):
        return tuple(line for choice in choices for line in _lines(choice))
    return tuple(dict.fromkeys(map(_piece, _variants(word))))


def _cut(part: str, sign: str) -> list[str]:
    """Cut at a sign that is in no alternative."""
    found, depth = [""], 0
    for one in part:
        depth = max(depth + (one == "(") - (one == ")"), 0)
        if one == sign and not depth:
            found.append("")
        else:
            found[-1] += one
    return found


def _variants(part: str) -> Iterator[str]:
    """Write out the alternatives, the innermost first."""
    found = _CHOICE.search(part)
    if found is None:
        yield part
        return
    for choice in found[1].split("|"):
        yield from _variants(f"{part[: found.start()]}{choice}{part[found.end() :]}")


def sought(variant: str) -> str:
    """Return words as they are sought in a text, between spaces; of no word, one space or none."""
    return _any_ending(f" {_piece(variant)}")


def _piece(variant: str) -> str:
    """Return words with a space behind each, or ``*`` behind one of any ending."""
    if "*" in variant.rstrip()[:-1]:
        return "**"
    words = [meant for word in variant.split() for meant in _meant(word)]
    if not words:
        return ""
    return f"{' '.join(words)}{'*' if variant.rstrip().endswith('*') else ' '}"


def _any_ending(way: str) -> str:
    """Return a way to write something without its ``*``: only the last word may have one."""
    return "" if "*" in way[:-1] else way.removesuffix("*")


@cache
def _meant(word: str) -> tuple[str, ...]:
    if word in "^$":
        return (STOP,)
    known = spelling()
    found = [sign for sign in signs(word.removesuffix("*")) if sign != STOP]
    return tuple(part for sign in found for part in known.get(sign, sign).split())


def _wrong(path: Path, line: str) -> LexiconError:
    return LexiconError(
        _(
            "{file}: “{line}” is not a phrase, nor a strength as [2], nor a spelling as "
            "short = meant. Correct that line.",
            file=path.name,
            line=line,
        )
    )
