"""What a whole country says of grants on one network: more than one query can keep."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random

from vigie.demo.span import Span
from vigie.invented.phrases import filled, phrases
from vigie.model import Mention

QUERY, NETWORK = "bourses", "bluesky"
LATE = 8
"""Days since grants are late, and everybody speaks of it …"""
A_DAY = 70
"""… so often in a day."""
USUAL, BEFORE = 2, 75
"""Finds of a usual day, and how many of these there were."""
KEPT_A_DAY = 20
"""Finds that are kept of a day before fewer are: few, so that the demonstration shows it."""
ENGLISH = 0.15
SAID = (("question_frames", "contexts", 0.6), ("complaint_frames", "details", 0.4))
"""How it is said, what is added, and how often."""


def found(span: Span, *, seed: int) -> list[Mention]:
    """Invent what a search for grants finds up to the last look, the earliest first."""
    draw = Random(f"{seed} {QUERY}")
    moments = sorted(moment for moment in _moments(span, draw) if moment < span.until)
    return [_find(number, at, span, draw) for number, at in enumerate(moments, 1)]


def _moments(span: Span, draw: Random) -> Iterator[datetime]:
    for back in range(LATE + BEFORE, -1, -1):
        day = span.today - timedelta(days=back)
        begins = datetime(day.year, day.month, day.day, 5, tzinfo=UTC)
        count = A_DAY * draw.uniform(0.8, 1.2) if back <= LATE else USUAL * draw.uniform(0.2, 1.8)
        for _one in range(round(count)):
            yield begins + timedelta(hours=draw.uniform(0, 17))


def _find(number: int, at: datetime, span: Span, draw: Random) -> Mention:
    name = f"grants-{number:05d}"
    language = "en" if draw.random() < ENGLISH else "fr"
    return Mention(
        network=NETWORK,
        post=name,
        subject=QUERY,
        kind="found",
        author=f"p{draw.randrange(9_000):05d}grants-invented"[:21],
        published_at=at,
        published_on=at.date(),
        observed_at=min(at + timedelta(hours=1), span.until),
        text=_text(language, draw),
        url=f"https://{NETWORK}.example/p/{name}",
        language=language,
        thread=name,
        likes=draw.randrange(6),
        comments=0,
        shares=draw.randrange(2),
        source="invented",
    )


def _text(language: str, draw: Random) -> str:
    ((frames, more, _share),) = draw.choices(SAID, [share for _frames, _more, share in SAID])
    given = {"objet": draw.choice(phrases("grants")[language])}
    said = (filled(draw.choice(phrases(name)[language]), language, draw, **given)
            for name in (frames, more))  # fmt: skip
    return " ".join(one if one[-1] in "?!.…" else f"{one}." for one in said)
