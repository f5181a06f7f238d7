"""What someone types to find conversations, and how each database is asked for it.

Words are found whatever their accents and case. A word of four letters or more is found by its
beginning (*inscription* finds *inscriptions*), a shorter one whole or with a star (*l’e\\**); what
stands in quotes is found as it stands. All of it must be there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from vigie.inbox.routing import folded

PART = re.compile(r"[\"«“„](?P<quoted>[^\"»”“]*)[\"»”“]?|(?P<plain>[^\s\"«“„]+)")
MOST_TERMS = 12
LETTERS_OF_A_BEGINNING = 4


@dataclass(frozen=True, kw_only=True)
class Term:
    """Words that stand side by side; the last one may be only the beginning of one."""

    words: tuple[str, ...]
    is_beginning: bool = False


@dataclass(frozen=True, kw_only=True)
class Sought:
    """What must all be in a conversation."""

    text: str = ""
    """As it was typed."""
    terms: tuple[Term, ...] = ()


def sought(text: str) -> Sought:
    """Read what someone typed; signs alone ask for nothing."""
    found = [_term(part) for part in PART.finditer(text)]
    return Sought(text=text.strip(), terms=tuple(t for t in found if t is not None)[:MOST_TERMS])


def _term(part: re.Match[str]) -> Term | None:
    plain = part["plain"]
    words = tuple(folded(plain if plain is not None else part["quoted"]).split())
    if not words:
        return None
    if plain is None:
        return Term(words=words)
    long_enough = len(words[-1]) >= LETTERS_OF_A_BEGINNING
    return Term(words=words, is_beginning=plain.endswith("*") or long_enough)


def for_sqlite(asked: Sought) -> str:
    """Write what is sought as FTS5 reads it; words are letters and digits only."""
    return " AND ".join(
        f'"{" ".join(term.words)}"{" *" if term.is_beginning else ""}' for term in asked.terms
    )


def for_postgresql(asked: Sought) -> str:
    """Write what is sought as ``to_tsquery`` reads it, but for the order of words."""
    return " & ".join(
        f"({' & '.join(term.words)}{':*' if term.is_beginning else ''})" for term in asked.terms
    )
