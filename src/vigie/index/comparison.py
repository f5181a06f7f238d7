"""One comparison from end to end: groups, scores, ranks, how sure, and the other methods."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

import numpy as np
import pyarrow as pa

from vigie.columns import table_of
from vigie.errors import ComparisonError
from vigie.index.groups import Group
from vigie.index.inputs import Inputs, gather, newest_look
from vigie.index.method import Entry
from vigie.index.observations import Behind, misfits
from vigie.index.other_methods import OWN, OtherMethods, Where, by_other_methods
from vigie.index.ranking import DRAWS, Ranked, rank, seed_of
from vigie.index.scoring import WEIGHTS, Figures, Scored, figures_of, score
from vigie.model import (
    Account,
    Edition,
    Enrolment,
    Institution,
    MethodGap,
    OtherRank,
    Standing,
    StandingPart,
)
from vigie.words import Words, _

CURRENT = "vigie 2026.1"
"""The method in force."""


@dataclass(frozen=True, kw_only=True)
class Caveat:
    """Something a reader of one group must know."""

    group: str
    words: Words


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """A draft of an edition: five tables in the columns of ``model``, and what must be said."""

    inputs: Inputs
    editions: pa.Table
    standings: pa.Table
    parts: pa.Table
    other_ranks: pa.Table
    method_gaps: pa.Table
    caveats: tuple[Caveat, ...]

    @property
    def groups(self) -> tuple[Group, ...]:
        """Return the peer groups."""
        return self.inputs.groups

    def tables(self) -> dict[str, pa.Table]:
        """Return the rows for the store by the name of their table."""
        return {
            Edition.table: self.editions,
            Standing.table: self.standings,
            StandingPart.table: self.parts,
            OtherRank.table: self.other_ranks,
            MethodGap.table: self.method_gaps,
        }


def compare(
    *,
    values: pa.Table,
    samples: pa.Table,
    institutions: Sequence[Institution],
    accounts: Iterable[Account],
    enrolments: Iterable[Enrolment],
    month_on: date,
    edition: str,
    computed_at: datetime,
    previous: pa.Table | None = None,
    method: str = CURRENT,
    kinds: Collection[str] | None = None,
    countries: Collection[str] | None = None,
    draws: int = DRAWS,
) -> Comparison:
    """Compare the institutions of a month; the draft has revision 0.

    ``values`` are rows of ``model.Value`` of that month (other months and levels may be among
    them), ``samples`` the posts behind the medians (institution, network, indicator, value),
    ``previous`` standings that may hold those of the month before.
    """
    return work_out(
        gather(
            values=values,
            samples=samples,
            institutions=institutions,
            accounts=accounts,
            enrolments=enrolments,
            previous=previous,
            month_on=month_on,
            edition=edition,
            method=method,
            kinds=kinds,
            countries=countries,
            draws=draws,
        ),
        computed_at=computed_at,
    )


def work_out(inputs: Inputs, *, computed_at: datetime, revision: int = 0) -> Comparison:
    """Make the comparison from its inputs alone: the same inputs, the same digits."""
    weights_of(inputs.method)
    entries = _entries_by_group(inputs)
    behind = Behind.of(samples=inputs.samples, entries=inputs.entries)
    worked = [
        _work_group(_Place(inputs=inputs, group=group, revision=revision), entries, behind)
        for group in inputs.groups
    ]
    return Comparison(
        inputs=inputs,
        editions=table_of(Edition, [_edition(inputs, computed_at, revision)]),
        standings=_finished(inputs, [row for one in worked for row in one.standings]),
        parts=table_of(StandingPart, [row for one in worked for row in one.parts]),
        other_ranks=table_of(OtherRank, [row for one in worked for row in one.others.ranks]),
        method_gaps=table_of(MethodGap, [row for one in worked for row in one.others.gaps]),
        caveats=tuple(
            Caveat(group=group.key, words=words)
            for group, one in zip(inputs.groups, worked, strict=True)
            for words in one.words
        ),
    )


def _work_group(place: _Place, entries: Mapping[str, Sequence[Entry]], behind: Behind) -> _Worked:
    group, here = place.group, entries[place.group.key]
    scored = score(_with_everyone(figures_of(here), group), weights_of(place.inputs.method))
    parts = _parts(place, scored)
    if not group.is_ranked:
        return _Worked(standings=_standings(place, scored, None), parts=parts, words=group.caveats)
    samples = behind.samples_of(scored.figures)
    ranked = rank(
        scored,
        samples=samples,
        spreads=behind.spreads_of(scored.figures),
        seed=seed_of(place.inputs.edition, group.key),
        draws=place.inputs.draws,
    )
    where = Where(edition=place.inputs.edition, revision=place.revision, group=group.key)
    others = by_other_methods(here, where)
    return _Worked(
        standings=_standings(place, scored, ranked),
        parts=parts,
        others=others,
        words=(*group.caveats, *scored.caveats, *misfits(scored, samples), *others.caveats),
    )


def weights_of(method: str) -> Mapping[str, float]:
    """Return the dimension weights of a dated method, as ``vigie 2026.1``."""
    name, _space, version = method.partition(" ")
    if name != OWN or version not in WEIGHTS:
        raise ComparisonError(
            _(
                "There is no method {method}. The methods in force are: {known}.",
                method=method,
                known=", ".join(f"{OWN} {version}" for version in sorted(WEIGHTS)),
            )
        )
    return WEIGHTS[version]


@dataclass(frozen=True, kw_only=True)
class _Place:
    """Which edition, revision and group rows belong to."""

    inputs: Inputs
    group: Group
    revision: int


@dataclass(frozen=True, kw_only=True)
class _Worked:
    """What became of one group."""

    standings: Sequence[Standing]
    parts: Sequence[StandingPart]
    others: OtherMethods = field(default_factory=OtherMethods)
    words: Sequence[Words] = ()


def _edition(inputs: Inputs, computed_at: datetime, revision: int) -> Edition:
    invented = inputs.institutions["is_invented"].to_pylist()
    return Edition(
        edition=inputs.edition,
        revision=revision,
        month_on=inputs.month_on,
        method=inputs.method,
        computed_at=computed_at,
        is_invented=any(invented),
    )


def _entries_by_group(inputs: Inputs) -> dict[str, list[Entry]]:
    group_of = {one: group.key for group in inputs.groups for one in group.institutions}
    metrics: dict[tuple[str, str, bool], dict[str, float | None]] = {}
    for row in inputs.entries.to_pylist():
        here = metrics.setdefault((row["institution"], row["network"], row["is_present"]), {})
        if row["metric"] is not None:
            here[row["metric"]] = row["value"]
    found: dict[str, list[Entry]] = {group.key: [] for group in inputs.groups}
    for (institution, network, is_present), known in metrics.items():
        found[group_of[institution]].append(
            Entry(institution=institution, network=network, is_present=is_present, metrics=known)
        )
    return found


def _with_everyone(figures: Figures, group: Group) -> Figures:
    """Add the institutions without any account: absent everywhere, which is a fact."""
    if figures.institutions == group.institutions:
        return figures
    line = {name: i for i, name in enumerate(figures.institutions)}
    lines = [line.get(name, -1) for name in group.institutions]
    missing = np.array([one < 0 for one in lines], dtype=bool)
    shape = (len(lines), len(figures.networks))
    present = figures.present[lines] if line else np.zeros(shape, dtype=bool)
    present[missing] = False
    metrics = {}
    for name, values in figures.metrics.items():
        metrics[name] = values[lines]
        metrics[name][missing] = np.nan
    return Figures(
        institutions=group.institutions,
        networks=figures.networks,
        present=present,
        metrics=metrics,
    )


def _standings(place: _Place, scored: Scored, ranked: Ranked | None) -> list[Standing]:
    return [
        Standing(
            edition=place.inputs.edition,
            revision=place.revision,
            month_on=place.inputs.month_on,
            method=place.inputs.method,
            group=place.group.key,
            group_size=len(place.group.institutions),
            institution=institution,
            coverage=float(scored.coverage[i]),
            **_rank_of(scored, ranked, i),
        )
        for i, institution in enumerate(scored.figures.institutions)
    ]


def _rank_of(scored: Scored, ranked: Ranked | None, i: int) -> dict[str, Any]:
    """Return the columns that only a ranked institution has."""
    if ranked is None or ranked.rank[i] == 0:
        return {"score": None, "rank": None}
    return {
        "score": float(scored.totals[i]),
        "rank": int(ranked.rank[i]),
        "is_tied": bool(ranked.is_tied[i]),
        "rank_low": int(ranked.rank_low[i]),
        "rank_high": int(ranked.rank_high[i]),
        "first_ten": float(ranked.first_ten[i]),
        "band": int(ranked.band[i]),
    }


def _finished(inputs: Inputs, rows: Sequence[Standing]) -> pa.Table:
    """Add what the inputs say of each institution: its last rank, and when it was looked at."""
    names = inputs.institutions["institution"].to_pylist()
    before = dict(zip(names, inputs.institutions["previous_rank"].to_pylist(), strict=True))
    seen = newest_look(inputs.entries)
    return table_of(
        Standing,
        [
            replace(
                row,
                previous_rank=before[row.institution],
                seen_at=seen.get(row.institution),
            )
            for row in rows
        ],
    )


def _parts(place: _Place, scored: Scored) -> list[StandingPart]:
    figures, weights = scored.figures, scored.weights
    return [
        StandingPart(
            edition=place.inputs.edition,
            revision=place.revision,
            group=place.group.key,
            institution=institution,
            network=figures.networks[n],
            dimension=scored.dimensions[d],
            indicator=indicator,
            is_present=bool(figures.present[i, n]),
            value=_known(scored.values[i, n, d]),
            score=_known(scored.scores[i, n, d]) if place.group.is_ranked else None,
            weight=float(weights[n, d]),
        )
        for i, institution in enumerate(figures.institutions)
        for (n, d), indicator in sorted(scored.indicators.items())
    ]


def _known(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
