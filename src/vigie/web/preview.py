"""A received file before its import: what it is, its first rows as understood, what is missing."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow as pa
from django.conf import settings

from vigie import flow
from vigie.collect.recognising import Recognised
from vigie.errors import FileError
from vigie.web.received import Received
from vigie.words import Words, _

ACCOUNT = re.compile(r"[a-z]+:\S+")
FIRST_YEAR, LAST_YEAR = 2004, 2100
UNSHOWN = frozenset({"run", "source", "observed_at"})
PREVIEW_ROWS = 5
WIDEST = 9
"""Columns shown of the first rows: enough to see that they were understood."""

NEEDS_ACCOUNT = _("This file does not say whose it is. Name the account, as network:handle.")
NEEDS_YEAR = _("The dates of this file have no year. Say which year they are of.")


@dataclass(frozen=True, kw_only=True)
class FirstRows:
    """The first rows of one table, as they would be kept."""

    table: str
    columns: Sequence[str]
    rows: Sequence[Sequence[object]]


@dataclass(frozen=True, kw_only=True)
class Preview:
    """What a file is, and what it still needs."""

    recognised: Recognised
    tables: Sequence[FirstRows]
    as_written: FirstRows
    refused: Sequence[tuple[int, str | None, Words]]
    missing: Sequence[Words]
    needs_account: bool
    needs_year: bool
    is_register: bool


def preview(path: Path, received: Received) -> Preview:
    """Say what a file is; ``UnknownFileError`` when no importer recognises it."""
    options = flow.Options(account=received.account, year=received.year)
    understood = flow.understand(path, settings=settings.CONFIGURED, options=options)
    found, parsed = understood.recognised, understood.parsed
    missing = []
    if found.importer.needs_account and not received.account:
        missing.append(NEEDS_ACCOUNT)
    if found.importer.needs_year and not received.year:
        missing.append(NEEDS_YEAR)
    return Preview(
        recognised=found,
        tables=[_first(name, rows) for name, rows in parsed.tables.items() if rows.num_rows],
        as_written=_as_written(found),
        refused=[(one.row, one.column, one.reason) for one in parsed.refused[:PREVIEW_ROWS]],
        missing=missing,
        needs_account=found.importer.needs_account,
        needs_year=found.importer.needs_year,
        is_register="institutions" in parsed.tables,
    )


def answered(received: Received, given: Mapping[str, str]) -> Received:
    """Return the file with what a person said of it."""
    account = given.get("account", "").strip().casefold() or received.account
    if account and not ACCOUNT.fullmatch(account):
        raise FileError(
            _(
                "{account} is not an account. Write the network, a colon and the handle: "
                "linkedin:northfield.",
                account=account,
            )
        )
    return replace(received, account=account, year=_year(given.get("year", "")) or received.year)


def _year(given: str) -> int | None:
    text = given.strip()
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and FIRST_YEAR <= int(text[:4]) <= LAST_YEAR):
        raise FileError(_("{year} is not a year. Write it with four digits.", year=text))
    return int(text[:4])


def _first(name: str, rows: pa.Table) -> FirstRows:
    known = [
        column
        for column in rows.column_names
        if column not in UNSHOWN and rows[column].null_count < rows.num_rows
    ][:WIDEST]
    return FirstRows(
        table=name,
        columns=known,
        rows=[[row[column] for column in known] for row in rows.select(known).to_pylist()],
    )


def _as_written(found: Recognised) -> FirstRows:
    columns = list(found.sample.columns[:WIDEST])
    rows = [[row.get(column) for column in columns] for row in found.sample.rows]
    return FirstRows(table="", columns=columns, rows=rows[:PREVIEW_ROWS])
