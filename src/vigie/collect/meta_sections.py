"""Cuts the daily file of Meta Business Suite into sections, each under the title of a metric."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pyarrow as pa

from vigie.collect.headings import folded
from vigie.collect.sample import PROBLEM, ROW, Sample

SECTION = "Section"
"""The column that carries the title of the section a row stands in."""

_METRICS = (
    ("followers_lost", ("unfollow", "desabonne")),
    ("followers_gained", ("follow", "abonne")),
    ("interactions", ("interaction",)),
    ("clicks", ("click", "clic")),
    ("profile_visits", ("visit", "page view", "profile view")),
    ("reach", ("reach", "couverture", "viewer", "spectateur", "portee")),
    ("impressions", ("view", "vue", "impression")),
)
"""Looked for in this order: *unfollows* before *follows*, *viewers* before *views*."""


def metric_of(title: str) -> str | None:
    """Return which of our counts a title names."""
    text = folded(title)
    if text.startswith("sep="):
        return None
    return next((name for name, marks in _METRICS if any(mark in text for mark in marks)), None)


def network_of(title: str) -> str | None:
    """Return which network a title names, if it does."""
    text = folded(title)
    return next((name for name in ("instagram", "facebook") if name in text), None)


def sections(batches: Iterable[pa.Table], sample: Sample) -> Iterator[pa.Table]:
    """Yield the rows of facts with their section's title; titles and headers are left out."""
    titles = [line.strip().strip('"') for line in sample.preamble if metric_of(line)]
    title = titles[-1] if titles else (sample.preamble[-1].strip('" ') if sample.preamble else "")
    first, second = sample.columns[:2]
    for unordered in batches:
        batch = unordered.sort_by(ROW)  # Titles, having one cell only, come after the others.
        kept, where = [], []
        for place, row in enumerate(batch.to_pylist()):
            day, count = (row[first] or "").strip(), (row[second] or "").strip()
            if day and not count and not any(letter.isdigit() for letter in day):
                title = day
            elif day and day != first:
                kept.append(place)
                where.append(title)
        facts = batch.take(pa.array(kept, pa.int64()))
        if PROBLEM in facts.column_names:
            facts = facts.drop_columns([PROBLEM])
        if kept:
            yield facts.append_column(SECTION, pa.array(where, pa.string())).select(
                [first, second, SECTION, ROW]
            )
