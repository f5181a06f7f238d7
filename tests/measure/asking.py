"""How the tests of measuring give tables and ask for answers."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import ibis
import ibis.expr.types as ir

from tests.cast import ACCOUNTS, INSTITUTIONS, NORTHFIELD_2025
from vigie.columns import table_of
from vigie.measure.measuring import READS, known_indicators, selects_unmerged
from vigie.model import TABLES, Record

OCTOBER = date(2026, 10, 1)
SEPTEMBER = date(2026, 9, 1)
NOVEMBER = date(2026, 11, 1)

ALWAYS: dict[str, Iterable[Record]] = {
    "accounts": ACCOUNTS,
    "institutions": INSTITUTIONS,
    "enrolments": (NORTHFIELD_2025,),
}


def tables(**rows: Iterable[Any]) -> dict[str, ir.Table]:
    """Return every table that measuring reads, with the cast's register unless told otherwise."""
    given = {**ALWAYS, **rows}
    return {name: ibis.memtable(table_of(TABLES[name], given.get(name, ()))) for name in READS}


def answers(indicator: str, **rows: Iterable[Any]) -> dict[tuple[str, date], dict[str, Any]]:
    """Return an indicator's answers by account (or group) and month."""
    member = known_indicators()[indicator]()
    with selects_unmerged():
        found = member.compute(tables(**rows)).to_pyarrow().to_pylist()
    return {(row["account"], row["month_on"]): row for row in found}


def answer(indicator: str, month: date = OCTOBER, **rows: Iterable[Any]) -> dict[str, Any] | None:
    """Return what an indicator says of Northfield's Bluesky account in a month, if anything."""
    return answers(indicator, **rows).get((ACCOUNTS[0].account, month))


def value(indicator: str, month: date = OCTOBER, **rows: Iterable[Any]) -> float | None:
    """Return the value of Northfield's Bluesky account in a month; no row is unknown too."""
    found = answer(indicator, month, **rows)
    return None if found is None else found["value"]
