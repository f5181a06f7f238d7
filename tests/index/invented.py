"""A small invented group for the tests of the Index."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa

from tests.cast import NOON
from vigie.columns import table_of
from vigie.index.comparison import Comparison, compare
from vigie.index.inputs import SAMPLES
from vigie.model import Account, Enrolment, Institution, Value

OCTOBER = date(2026, 10, 1)
NETWORKS = ("bluesky", "instagram")


def institutions(count: int = 10, *, kind: str = "university") -> list[Institution]:
    """Return invented universities of one country: u00, u01 …"""
    return [
        Institution(
            institution=f"u{i:02}", name=f"University {i:02}", kind=kind, country="FR",
            is_invented=True,
        )
        for i in range(count)
    ]  # fmt: skip


def accounts(found: list[Institution]) -> list[Account]:
    """Give every institution an account on both networks, but the last none on Instagram."""
    return [
        Account(
            account=f"{network}:{one.institution}", institution=one.institution, network=network
        )
        for one in found
        for network in NETWORKS
        if not (network == "instagram" and one is found[-1])
    ]  # fmt: skip


def value(indicator: str, subject: str, network: str, figure: float | None, **more: Any) -> Value:
    """Return one figure of October."""
    return Value(
        indicator=indicator, level="institution", subject=subject, network=network,
        month_on=OCTOBER, value=figure, seen_at=NOON, **more,
    )  # fmt: skip


def observed(found: list[Account], *, seed: int = 7) -> tuple[pa.Table, pa.Table]:
    """Return values and the posts behind them: the first institution leads in everything."""
    rng = np.random.default_rng(seed)
    values, samples = [], []
    for place, account in enumerate(found):
        subject, network = account.institution, account.network
        posts = np.sort(rng.normal(1.5 - place / 10, 0.6, 12 + place % 2))
        figures = {
            "followers": 50_000.0 / (place + 1),
            "posting_frequency": 9.0 - place / 4,
            "overperformance": float(np.median(posts)),
            "engagement_rate": 0.05 / (place + 1),
            "posts": float(len(posts)),
            "interactions": 3_000.0 / (place + 1),
        }
        values += [value(name, subject, network, figure) for name, figure in figures.items()]
        samples += [(subject, network, "overperformance", float(post), None) for post in posts]
    columns = [list(column) for column in zip(*samples, strict=True)]
    return table_of(Value, values), pa.table(columns, schema=SAMPLES)


def comparison(count: int = 10, **changes: Any) -> Comparison:
    """Compare the invented group."""
    found = institutions(count)
    values, samples = observed(accounts(found))
    given: dict[str, Any] = {
        "values": values, "samples": samples, "institutions": found,
        "accounts": accounts(found),
        "enrolments": [
            Enrolment(institution=one.institution, year=2026, students=9_000) for one in found
        ],
        "month_on": OCTOBER, "edition": "2026-10", "computed_at": NOON, "draws": 200,
    }  # fmt: skip
    return compare(**{**given, **changes})
