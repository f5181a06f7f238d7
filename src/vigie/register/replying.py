"""What a reply must be before it is kept: some words, not too many, one paragraph."""

from __future__ import annotations

import hashlib
from datetime import datetime

from vigie.errors import RegisterError
from vigie.model import Statement
from vigie.words import Words, _

LONGEST = 1_000
"""Letters of a reply: it stands in a row of a table, on the page and on paper."""
NAMED = 40
"""Letters of a reply's name that say what it answers; the rest makes it its own."""


def reply(
    *, institution: str, edition: str, words: str, asks_correction: bool, at: datetime
) -> Statement:
    """Return the reply of an institution to its row of an edition, as it will be printed."""
    said = one_paragraph(words)
    mistake = mistake_of(said)
    if mistake is not None:
        raise RegisterError(mistake)
    row = f"{edition}-{institution}"
    digest = hashlib.sha256(row.encode()).hexdigest()[:8]
    return Statement(
        statement=f"{row[:NAMED]}-{digest}-{at:%Y%m%d%H%M%S}",
        institution=institution,
        edition=edition,
        written_at=at,
        words=said,
        asks_correction=asks_correction,
    )


def one_paragraph(words: str) -> str:
    """Return words as a row of a table shows them: without line breaks or unseen signs."""
    seen = (sign if sign.isprintable() else " " for sign in words)
    return " ".join("".join(seen).split())


def mistake_of(words: str) -> Words | None:
    """Say what is wrong with the words of a reply, if anything is."""
    if not words:
        return _("A reply needs words.")
    if len(words) > LONGEST:
        return _(
            "A reply holds at most {most} characters; this one has {count}. Shorten it.",
            most=LONGEST,
            count=len(words),
        )
    return None
