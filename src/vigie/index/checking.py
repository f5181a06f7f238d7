"""Judges printed tables: the same, a tie forced into an order, or a slip."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence

from vigie.index.method import Fact, Verdict
from vigie.index.sums import places
from vigie.words import Words, _

SAME = _("The same.")


def select(facts: Iterable[Fact], **wanted: str) -> list[Fact]:
    """Return the facts whose fields have these values; ``publisher`` may be its beginning."""
    return [
        fact
        for fact in facts
        if all(
            getattr(fact, name) == value
            or (name == "publisher" and fact.publisher.startswith(value))
            for name, value in wanted.items()
        )
    ]


def values_of(facts: Iterable[Fact]) -> dict[str, float | None]:
    """Return the printed figures by institution."""
    return {fact.institution: fact.value for fact in facts}


def verdict(
    method: str,
    fact: Fact,
    *,
    computed: str,
    printed: str | None = None,
    agrees: bool | None = None,
    words: Words | None = None,
) -> Verdict:
    """Judge one printed figure; it agrees when the two texts are equal, unless said otherwise."""
    shown = printed if printed is not None else written(fact.value)
    same = shown == computed if agrees is None else agrees
    return Verdict(
        method=method,
        subject=" · ".join(
            part for part in (fact.institution, fact.network, fact.date, fact.metric) if part
        ),
        printed=shown,
        computed=computed,
        agrees=same,
        words=words or (SAME if same else _slip(shown, computed)),
        source_url=fact.source_url,
    )


def _slip(printed: str, computed: str) -> Words:
    return _(
        "The printed figure is a slip: {printed} where its own table gives {computed}.",
        printed=printed,
        computed=computed,
    )


def written(value: float | None, digits: int | None = None) -> str:
    """Write a figure as text, with a fixed number of decimals or as few as it needs."""
    if value is None:
        return "unknown"
    return f"{half_up(value, digits):.{digits}f}" if digits is not None else f"{value:.12g}"


def half_up(value: float, digits: int) -> float:
    """Round as printed tables do: a half goes up."""
    scale = 10.0**digits
    return math.floor(value * scale + 0.5 + 1e-9) / scale


def truncated(value: float, digits: int) -> float:
    """Cut the digits off, as some publishers do instead of rounding."""
    scale = 10.0**digits
    return math.floor(value * scale + 1e-9) / scale


def check_ranks(
    method: str,
    facts: Sequence[Fact],
    scores: Mapping[str, float | None] | None = None,
    *,
    higher_leads: bool = True,
) -> Iterator[Verdict]:
    """Re-rank a printed list by its figures and judge each printed rank.

    Of a list printed in part (1st, 10th, 11th) the order is judged, not the number.
    """
    ranked = [fact for fact in facts if fact.rank is not None]
    known = values_of(ranked) if scores is None else scores
    here = {fact.institution: known.get(fact.institution) for fact in ranked}
    computed = places(here, higher_leads=higher_leads)
    printed = places(
        {fact.institution: float(fact.rank or 0) for fact in ranked}, higher_leads=False
    )
    for fact in ranked:
        if fact.institution in computed:
            place = _as_printed(fact, printed, computed)
            yield _judged(method, fact, place, here)


def _as_printed(fact: Fact, printed: Mapping[str, int], computed: Mapping[str, int]) -> int:
    """Return the computed place in the numbering of the page."""
    agrees = printed[fact.institution] == computed[fact.institution]
    return fact.rank if agrees and fact.rank is not None else computed[fact.institution]


def _judged(method: str, fact: Fact, place: int, scores: Mapping[str, float | None]) -> Verdict:
    words = None
    if place != fact.rank and list(scores.values()).count(scores[fact.institution]) > 1:
        words = _(
            "A tie printed as an order: others have the same figure, so the rank is {place}.",
            place=place,
        )
    return verdict(method, fact, printed=str(fact.rank), computed=str(place), words=words)


def worked_example(
    method: str, subject: str, *, expected: str, computed: str, source_url: str
) -> Verdict:
    """Judge a definition by a small example worked by hand: no table was ever published."""
    same = expected == computed
    return Verdict(
        method=method,
        subject=subject,
        printed=expected,
        computed=computed,
        agrees=same,
        words=_(
            "No table was published: checked against a small example worked by hand from the "
            "published definition."
        )
        if same
        else _("The definition and the example worked by hand differ."),
        source_url=source_url,
    )
