"""Answers a query by trying everything: no expressions, no folding, nothing shared with vigie.

A text is given in chunks whose words are known by construction, so that not even the reading of
words is shared.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from vigie.listening.query_nodes import (
    AllOf,
    AnyOf,
    Exact,
    Field,
    Link,
    Near,
    Node,
    Not,
    Phrase,
    Tag,
)


@dataclass(frozen=True)
class Chunk:
    """Some letters of a text, and what they must be read as."""

    written: str
    words: tuple[str, ...] = ()
    tag: str = ""
    """A hashtag or a handle in one piece, with its mark."""
    link: str = ""
    exact: tuple[str, ...] = ()


CHUNKS = (
    Chunk("inscription", ("inscription",), exact=("inscription",)),
    Chunk("Inscription,", ("inscription",), exact=("Inscription",)),
    Chunk("inscriptions", ("inscriptions",), exact=("inscriptions",)),
    Chunk("l’inscription", ("inscription",), exact=("l", "inscription")),
    Chunk("D'ÉCOLE", ("ecole",), exact=("D", "ÉCOLE")),
    Chunk("école", ("ecole",), exact=("école",)),
    Chunk("ecole", ("ecole",), exact=("ecole",)),
    Chunk("e\u0301cole", ("ecole",), exact=("école",)),
    Chunk("cœur", ("coeur",), exact=("cœur",)),
    Chunk("COEUR", ("coeur",), exact=("COEUR",)),
    Chunk("Straße", ("strasse",), exact=("Straße",)),
    Chunk("aujourd'hui", ("aujourd", "hui"), exact=("aujourd", "hui")),
    Chunk("porte-parole", ("porte", "parole"), exact=("porte", "parole")),
    Chunk("paris", ("paris",), exact=("paris",)),
    Chunk("8", ("8",), exact=("8",)),
    Chunk("paris8", ("paris8",), exact=("paris8",)),
    Chunk("#Paris8", ("paris", "8"), tag="#paris8", exact=("Paris8",)),
    Chunk("#RentréeParis8", ("rentree", "paris", "8"), tag="#rentreeparis8",
          exact=("RentréeParis8",)),
    Chunk("#inscription", ("inscription",), tag="#inscription", exact=("inscription",)),
    Chunk("@univ_paris8", ("univ", "paris", "8"), tag="@univparis8", exact=("univparis8",)),
    Chunk("https://up8.example/Inscription-A", link="https://up8.example/inscription-a"),
    Chunk("!", ()),
    Chunk("…"),
    Chunk("大学", ("大", "学"), exact=("大", "学")),
    Chunk("a", ("a",), exact=("a",)),
    Chunk("\n"),
)  # fmt: skip


@dataclass(frozen=True)
class Text:
    """A text in chunks, and what is known of it beside; ``None`` in place of chunks: no text."""

    chunks: tuple[Chunk, ...] | None
    known: dict[str, Any] = field(default_factory=dict)

    @property
    def row(self) -> dict[str, Any]:
        """As a row of ``texts``."""
        written = None if self.chunks is None else " ".join(chunk.written for chunk in self.chunks)
        return {**NOTHING_KNOWN, **self.known, "text": written}


NOTHING_KNOWN: dict[str, Any] = {
    "network": "bluesky", "post": "1", "origin": "others", "subjects": None, "institutions": None,
    "kind": None, "author": "p1", "published_at": datetime(2026, 9, 1, tzinfo=UTC),
    "published_on": date(2026, 9, 1), "text": None, "url": None, "language": None,
    "is_reply": None, "is_repost": None, "has_link": None, "has_image": None, "answers_to": None,
    "thread": None, "likes": None, "comments": None, "shares": None, "views": None,
    "intents": None, "services": None, "tone": None, "urgency": None, "duplicate_of": None,
    "entities": None,
}  # fmt: skip


def is_caught(node: Node, text: Text) -> bool:
    """Tell whether a query catches a text."""
    chunks = text.chunks or ()
    if isinstance(node, AllOf):
        return all(is_caught(part, text) for part in node.parts)
    if isinstance(node, AnyOf):
        return any(is_caught(part, text) for part in node.parts)
    if isinstance(node, Not):
        return not is_caught(node.part, text)
    if isinstance(node, Field):
        return any(_has(node.name, value, text.row) for value in node.values)
    if isinstance(node, Link):
        address = text.row["url"] or ""
        return node.part in address.lower() or any(node.part in chunk.link for chunk in chunks)
    if isinstance(node, Tag):
        return any(
            chunk.tag[:1] == node.mark and fits(node.pattern, chunk.tag[1:]) for chunk in chunks
        )
    if isinstance(node, Exact):
        return bool(_runs(node.words, [word for chunk in chunks for word in chunk.exact]))
    return _is_said(node, chunks)


def _is_said(node: Phrase | Near, chunks: Sequence[Chunk]) -> bool:
    if spans(node, [word for chunk in chunks for word in chunk.words]):
        return True
    if not isinstance(node, Phrase) or len(node.patterns) > 1:
        return False
    return any(chunk.tag and fits(node.patterns[0], chunk.tag[1:]) for chunk in chunks)


def spans(node: Node, words: Sequence[str]) -> set[tuple[int, int]]:
    """Return from where to where something is found, first and last word included."""
    if isinstance(node, Phrase):
        return _runs(node.patterns, words)
    if isinstance(node, AnyOf):
        return set().union(*(spans(part, words) for part in node.parts))
    assert isinstance(node, Near)
    first, second = spans(node.first, words), spans(node.second, words)
    orders = [(first, second)] if node.is_ordered else [(first, second), (second, first)]
    return {
        (before[0], after[1])
        for left, right in orders
        for before in left
        for after in right
        if 0 <= after[0] - before[1] - 1 <= node.between
    }


def _runs(patterns: Sequence[str], words: Sequence[str]) -> set[tuple[int, int]]:
    length = len(patterns)
    return {
        (start, start + length - 1)
        for start in range(len(words) - length + 1)
        if all(fits(pattern, words[start + place]) for place, pattern in enumerate(patterns))
    }


def fits(pattern: str, word: str) -> bool:
    """Tell whether a word fits a pattern, letter by letter."""
    if not pattern:
        return not word
    if pattern[0] == "*":
        return fits(pattern[1:], word) or (bool(word) and fits(pattern, word[1:]))
    return bool(word) and pattern[0] in ("?", word[0]) and fits(pattern[1:], word[1:])


def _has(name: str, value: str, row: dict[str, Any]) -> bool:
    subjects, author = row["subjects"] or [], row["author"]
    known = [*subjects, *(row["institutions"] or []), *(row["entities"] or [])]
    answers = {
        "lang": lambda: (row["language"] or "unknown") == value,
        "network": lambda: row["network"] == value,
        "kind": lambda: row["kind"] == value,
        "tone": lambda: row["tone"] == value,
        "intent": lambda: value in (row["intents"] or []),
        "service": lambda: value in (row["services"] or []),
        "urgency": lambda: value in (row["urgency"] or []),
        "from": lambda: _is_named(value, author),
        "to": lambda: any(_is_named(value, one) for one in subjects if one != author),
        "about": lambda: any(_is_named(value, one) for one in known),
        "has": lambda: bool(row[f"has_{value}"]),
        "is": lambda: row["origin"] == "own" if value == "own" else bool(row[f"is_{value}"]),
        "since": lambda: row["published_on"].isoformat() >= value,
        "until": lambda: row["published_on"].isoformat() <= value,
    }
    return answers[name]()


def _is_named(value: str, name: str) -> bool:
    return name in (value, value.lower()) or any(
        name.endswith(":" + one) for one in (value, value.lower())
    )
