"""What a spike says, in sentences."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from vigie.listening import label_names
from vigie.listening.series import WHOLE
from vigie.listening.spikes import RISE
from vigie.model import Spike
from vigie.present import naming
from vigie.present.writing import Day, Number, Percent
from vigie.words import Words, _

MOST_DAYS = 100_000
ROUNDED_FROM = 10
"""Smaller expectations are said with one decimal."""

Named = Callable[[str], str]
"""Institution → its name."""

INVISIBLE = _(
    "What cannot be seen: at five posts a day, a day of twice as many is nearly always within what "
    "chance does. In simulated archives fewer than one in twenty such days was found, six in ten "
    "of those with five times as many at ten to sixty posts a day, and nine in ten with ten times "
    "as many from two posts a day on."
)
"""Figures of ``bench/spike_alarms``."""
HOW = _(
    "A day is shown when at most one in twenty of those shown is due to chance, over all series "
    "that are watched, and when it brought at least four posts by three authors and twice what was "
    "expected. Copies and reposts are not counted. A query is always watched as a whole; a part of "
    "it (a network, an intent, an office) only from ten posts before that day on: fewer cannot say "
    "what is usual."
)


def sentence(spike: Spike, *, title: str, institution: Named, today: date) -> Words:
    """Say what a spike is: what came, and what was expected."""
    if spike.kind == RISE:
        return _(
            "In the two weeks until {day}, {series} brought {posts} posts, where {expected} were "
            "expected by the weeks before: {times} times as many, though no single day need stand "
            "out.",
            day=Day(spike.day),
            series=series_name(spike, title=title, institution=institution),
            posts=spike.posts,
            expected=rounded(spike.expected),
            times=times(spike),
        )
    text = _on_day(spike.day, today)
    return Words(
        text.text,
        {
            **text.facts,
            "series": series_name(spike, title=title, institution=institution),
            "posts": spike.posts,
            "authors": spike.authors,
            "expectation": _expectation(spike),
        },
    )


def _on_day(day: date, today: date) -> Words:
    if day == today:
        return _(
            "Today so far {series} brought {posts} posts by {authors} authors, where "
            "{expectation} for the whole day."
        )
    if day == today - timedelta(days=1):
        return _(
            "Yesterday {series} brought {posts} posts by {authors} authors, where {expectation}."
        )
    return _(
        "On {day} {series} brought {posts} posts by {authors} authors, where {expectation}.",
        day=Day(day),
    )


def _expectation(spike: Spike) -> Words:
    """Say what was expected, inside a sentence: nobody says that zero were."""
    expected, high = rounded(spike.expected), round(spike.high or 0)
    if expected:
        return _(
            "{expected} were expected (between {low} and {high})",
            expected=expected, low=round(spike.low or 0), high=high,
        )  # fmt: skip
    if high:
        return _("hardly any was expected ({high} at most)", high=high)
    return _("none was expected")


def part_instead(spike: Spike, *, institution: Named) -> Words:
    """Say what a part brought, and what was expected of it."""
    part, expected = part_name(spike, institution=institution), rounded(spike.expected)
    if not expected:
        return _("{part}: {posts} instead of none", part=part, posts=spike.posts)
    return _(
        "{part}: {posts} instead of {expected}", part=part, posts=spike.posts, expected=expected
    )


def series_name(spike: Spike, *, title: str, institution: Named) -> Words:
    """Name what was counted, inside a sentence."""
    if spike.facet == WHOLE:
        return _("the query “{query}”", query=title)
    return _(
        "the query “{query}” ({part})",
        query=title,
        part=part_name(spike, institution=institution),
    )


def part_name(spike: Spike, *, institution: Named) -> Words | str:
    """Name the part of a query that was counted."""
    if spike.facet == "network":
        return naming.network(spike.value)
    if spike.facet == "institution":
        return institution(spike.value)
    if spike.facet == WHOLE:
        return _("all posts")
    return label_names.answer(spike.facet, spike.value)


def times(spike: Spike) -> float:
    """Return how many times what was expected came."""
    return round(spike.posts / max(spike.expected, 0.1), 1)


def surely(spike: Spike) -> Words:
    """Say how rare such a surprise is."""
    days = min(round(1 / max(spike.chance, 1e-6)), MOST_DAYS)
    if days >= MOST_DAYS:
        return _("By chance alone a series surprises so much less than once in 100,000 days.")
    return _("By chance alone a series surprises so much about once in {days} days.", days=days)


def calendar_said(spike: Spike) -> Words | None:
    """Say what the calendar made of the expectation."""
    factor = 1.0 if spike.factor is None else round(spike.factor, 1)
    if factor == 1.0:
        return None
    return _("By the calendar {factor} times the usual was already expected.", factor=factor)


def seen_said(spike: Spike) -> Words | None:
    """Say how much of the day was collected and kept, where it was not all."""
    if spike.stands_for:
        return _(
            "These figures are of what was kept: the query brings more than can be, and each post "
            "that was kept stands for about {each}.",
            each=Number(spike.stands_for, 1),
        )
    if spike.seen >= 0.995:
        return None
    return _("Only {share} of the day had been collected.", share=Percent(spike.seen))


def rounded(expected: float) -> float | int:
    """Return an expectation as it is said: with one decimal where it is small."""
    found = round(expected, 1)
    return round(expected) if expected >= ROUNDED_FROM or found == 0 else found
