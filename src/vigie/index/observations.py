"""What stands behind the figures: the posts of a median, the spread of an interval."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa

from vigie.index.inputs import SAMPLES
from vigie.index.ranking import NORMAL_90, Samples
from vigie.index.scoring import DIMENSIONS, Figures, Floats, Scored
from vigie.measure.indicator import Tables
from vigie.measure.measuring import known_indicators
from vigie.measure.sector import principal_accounts
from vigie.words import Words, plural

Run = tuple[int, int]
"""Where a run of observations begins, and how many there are."""


@dataclass(frozen=True, kw_only=True)
class Behind:
    """The observations and spreads of every account of a comparison."""

    values: Floats
    runs: Mapping[str, Mapping[tuple[str, str], Run]]
    """Indicator → institution and network → where its observations stand in ``values``."""
    spreads: Mapping[str, Mapping[tuple[str, str], float]]
    """Indicator → institution and network → standard deviation."""

    @classmethod
    def of(cls, *, samples: pa.Table, entries: pa.Table) -> Behind:
        """Read the open tables; samples are sorted by indicator, account and value."""
        return cls(
            values=samples["value"].to_numpy(), runs=_runs(samples), spreads=_spreads(entries)
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
            found[indicator] = Samples(values=self.values, start=start, count=count)
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
    """Return what each own post of a month says for the medians the Index compares.

    ``tables`` holds posts of the month, snapshots (with the months they look back on) and
    accounts. Columns are those of ``SAMPLES``; only principal accounts are there, for only
    they are compared.
    """
    principal = principal_accounts(tables["accounts"]).select("account", "institution")
    found = []
    for name in sorted({one for names in DIMENSIONS.values() for one in names}):
        member = known_indicators().get(name)
        posts = member().observations(tables) if member is not None else None
        if posts is None:
            continue
        posts = posts.filter(posts.month_on == month_on, posts.observed.notnull())
        owned = posts.join(principal, "account").select("institution", "network", "observed")
        rows = owned.to_pyarrow()
        columns = [rows["institution"], rows["network"], pa.array([name] * len(rows), pa.string())]
        found.append(pa.table([*columns, rows["observed"]], names=SAMPLES.names).cast(SAMPLES))
    return pa.concat_tables([SAMPLES.empty_table(), *found])


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
    """Say when the posts given are not those a median was made from."""
    wrong = 0
    for (n, d), indicator in scored.indicators.items():
        if indicator not in samples:
            continue
        held = samples[indicator]
        for i in np.flatnonzero((held.count[:, n] > 0) & np.isfinite(scored.values[:, n, d])):
            begin, size = held.start[i, n], held.count[i, n]
            median = np.median(held.values[begin : begin + size])
            wrong += not np.isclose(median, scored.values[i, n, d], rtol=1e-6, atol=1e-9)
    if not wrong:
        return []
    return [
        plural(
            "For {count} account the posts given do not have the median that was compared; its "
            "interval may be off.",
            "For {count} accounts the posts given do not have the median that was compared; "
            "their intervals may be off.",
            count=wrong,
        )
    ]
