"""Accounts and enrolments that stand beside institutions in the rows of a mapped file."""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa

from vigie.collect.cells import whole_number
from vigie.collect.importer import Refusal
from vigie.collect.mapping import Mapped
from vigie.collect.register_rows import accounts_of
from vigie.collect.sample import PROBLEM, ROW
from vigie.columns import records_of, table_of
from vigie.errors import RowError
from vigie.model import Account, Enrolment, Institution

Row = Mapping[str, str | None]


def beside_institutions(
    batch: pa.Table, institutions: pa.Table, mapping: Mapped
) -> tuple[dict[str, pa.Table], list[Refusal]]:
    """Return accounts and enrolments of the institutions of a batch, and cells left out."""
    if not mapping.accounts and not mapping.students:
        return {}, []
    accounts: list[Account] = []
    enrolments: list[Enrolment] = []
    slips: list[Refusal] = []
    rows = batch.to_pylist()
    for row, institution in zip(rows, records_of(Institution, institutions), strict=True):
        number = int(row.pop(ROW))
        row.pop(PROBLEM, None)
        cells = ((column, network, row[column]) for network, column in mapping.accounts.items())
        for found in [*accounts_of(institution, cells), *_enrolments(institution, row, mapping)]:
            if isinstance(found, Account):
                accounts.append(found)
            elif isinstance(found, Enrolment):
                enrolments.append(found)
            else:
                slips.append(_slip(number, found, row))
    tables = {
        "accounts": table_of(Account, accounts),
        "enrolments": table_of(Enrolment, enrolments),
    }
    return {name: table for name, table in tables.items() if table.num_rows}, slips


def _enrolments(institution: Institution, row: Row, mapping: Mapped) -> list[Enrolment | RowError]:
    found: list[Enrolment | RowError] = []
    for year, column in mapping.students.items():
        try:
            students = whole_number(row[column], column=column)
        except RowError as slip:
            found.append(slip)
            continue
        if students is not None:
            found.append(
                Enrolment(institution=institution.institution, year=year, students=students)
            )
    return found


def _slip(number: int, error: RowError, row: Row) -> Refusal:
    return Refusal(
        row=number, column=error.column, reason=error.words, content=row, is_partial=True
    )
