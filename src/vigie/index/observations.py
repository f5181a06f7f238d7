"""What stands behind the figures: posts of a median, questions of a share, else the interval."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from vigie.index.inputs import SAMPLES
from vigie.index.ranking import NORMAL_90
from vigie.index.resampling import Samples, share_answered
from vigie.index.scoring import DIMENSIONS, Booleans, Figures, Floats, Scored
from vigie.measure.answers import MedianOfPosts
from vigie.measure.indicator import Indicator, Tables
from vigie.measure.measuring import known_indicators
from vigie.measure.questions import HOUR
from vigie.measure.sector import principal_accounts
from vigie.words import Words, plural

Run = tuple[int, int]
"""Where a run of observations begins, and how many there are."""


@dataclass(frozen=True, kw_only=True)
class Behind:
    """The observations and spreads of every account of a comparison."""

    values: Floats
    answered: Booleans
    """Of questions; of posts it says nothing."""
    of_questions: frozenset[str]
    """Indicators whose observations are questions."""
    runs: Mapping[str, Mapping[tuple[str, str], Run]]
    """Indicator → institution and network → where its observations stand in ``values``."""
    spreads: Mapping[str, Mapping[tuple[str, str], float]]
    """Indicator → institution and network → standard deviation."""

    @classmethod
    def of(cls, *, samples: pa.Table, entries: pa.Table) -> Behind:
        """Read the open tables; samples are sorted by indicator, account and value."""
        of_questions = samples.filter(pc.is_valid(samples["is_answered"]))
        return cls(
            values=samples["value"].to_numpy(),
            answered=pc.fill_null(samples["is_answered"], False).to_numpy(),
            of_questions=frozenset(of_questions["indicator"].to_pylist()),
            runs=_runs(samples),
            spreads=_spreads(entries),
        )

    def samples_of(self, figures: Figures) -> dict[str, Samples]:
        """Return the observations of one group, by indicator."""
        found = {}
        for indicator, runs in self.runs.items():
            start = np.zeros(figures.present.shape, dtype=np.int64)
            count = np.zeros(figures.present.shape, dtype=np.int64)
            for i, institution in enumerate(figures.institutions):
                for n, network in enumerate(figures.networks):
                    start[i, n], count[i, n] = runs.get((institution, network), (0, 0))
            answered = self.answered if indicator in self.of_questions else None
            found[indicator] = Samples(
                values=self.values, start=start, count=count, answered=answered
            )
        return found

    def spreads_of(self, figures: Figures) -> dict[str, Floats]:
        """Return the standard deviations of one group, by indicator; 0 where there is none."""
        found = {}
        for indicator, spreads in self.spreads.items():
            here = np.zeros(figures.present.shape)
            for i, institution in enumerate(figures.institutions):
                for n, network in enumerate(figures.networks):
                    here[i, n] = spreads.get((institution, network), 0.0)
            found[indicator] = here
        return found


def post_samples(tables: Tables, *, month_on: date) -> pa.Table:
    """Return the posts and questions of a month behind the figures that the Index compares.

    ``tables`` holds what measuring the month reads. Columns are those of ``SAMPLES``; only
    principal accounts are there, for only they are compared.
    """
    principal = principal_accounts(tables["accounts"]).select("account", "institution")
    found = []
    for name in sorted({one for names in DIMENSIONS.values() for one in names}):
        seen = _seen(known_indicators().get(name), tables)
        if seen is None:
            continue
        seen = seen.filter(seen.month_on == month_on, seen["value"].notnull())
        owned = seen.join(principal, "account")
        rows = owned.select("institution", "network", "value", "is_answered").to_pyarrow()
        columns = [rows[column] for column in rows.column_names]
        columns.insert(2, pa.array([name] * len(rows), pa.string()))
        found.append(pa.table(columns, names=SAMPLES.names).cast(SAMPLES))
    return pa.concat_tables([SAMPLES.empty_table(), *found])


def _seen(member: type[Indicator] | None, tables: Tables) -> ir.Table | None:
    """Return what was seen behind an indicator: posts, or questions."""
    if member is None or not member.needs <= tables.keys():
        return None
    if issubclass(member, MedianOfPosts):
        posts = member().observations(tables)
        unknown = ibis.null("boolean")
        told = posts.select("account", "network", "month_on", value=posts.observed)
        return told.mutate(is_answered=unknown)
    questions = member().follow_ups(tables)
    if questions is None:
        return None
    hours = questions.seconds / HOUR
    return questions.select("account", "network", "month_on", "is_answered", value=hours)


def _runs(samples: pa.Table) -> dict[str, dict[tuple[str, str], Run]]:
    columns = [samples[name].to_pylist() for name in ("indicator", "institution", "network")]
    keys = list(zip(*columns, strict=True))
    found: dict[str, dict[tuple[str, str], Run]] = {}
    begin = 0
    for end in range(1, len(keys) + 1):
        if end == len(keys) or keys[end] != keys[begin]:
            indicator, institution, network = keys[begin]
            found.setdefault(indicator, {})[institution, network] = (begin, end - begin)
            begin = end
    return found


def _spreads(entries: pa.Table) -> dict[str, dict[tuple[str, str], float]]:
    """Return the standard deviation that a 90 % interval stands for."""
    found: dict[str, dict[tuple[str, str], float]] = {}
    for row in entries.to_pylist():
        if row["low"] is not None and row["high"] is not None:
            spread = (row["high"] - row["low"]) / (2 * NORMAL_90)
            found.setdefault(row["metric"], {})[row["institution"], row["network"]] = spread
    return found


def misfits(scored: Scored, samples: Mapping[str, Samples]) -> list[Words]:
    """Say when the posts or questions given are not those a figure was made from."""
    wrong = 0
    for (n, d), indicator in scored.indicators.items():
        if indicator not in samples:
            continue
        held = samples[indicator]
        for i in np.flatnonzero((held.count[:, n] > 0) & np.isfinite(scored.values[:, n, d])):
            begin, size = held.start[i, n], held.count[i, n]
            figure = _figure(held, slice(begin, begin + size))
            wrong += not np.isclose(figure, scored.values[i, n, d], rtol=1e-6, atol=1e-9)
    if not wrong:
        return []
    return [
        plural(
            "For {count} account the posts or questions given do not have the figure that was "
            "compared; its interval may be off.",
            "For {count} accounts the posts or questions given do not have the figure that was "
            "compared; their intervals may be off.",
            count=wrong,
        )
    ]


def _figure(held: Samples, run: slice) -> float:
    if held.answered is None:
        return float(np.median(held.values[run]))
    return 100 * share_answered(held.values[run], held.answered[run])
