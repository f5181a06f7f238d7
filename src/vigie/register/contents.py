"""What the register holds, as plain records: the form in which two registers are compared."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace

import pyarrow as pa

from vigie.columns import records_of
from vigie.model import Account, Enrolment, Institution


@dataclass(frozen=True, kw_only=True)
class Register:
    """Institutions with their enrolments and accounts."""

    institutions: tuple[Institution, ...] = ()
    enrolments: tuple[Enrolment, ...] = ()
    accounts: tuple[Account, ...] = ()
    """In a register that was kept, an account has one institution; in a file that was read it
    may be claimed by several."""


@dataclass(frozen=True, kw_only=True)
class Covered:
    """What came from a source: of that alone its silence, or another figure, means something."""

    institutions: frozenset[str] = frozenset()
    accounts: frozenset[str] = frozenset()


def register_of(tables: Mapping[str, pa.Table]) -> Register:
    """Return the register that importers read, with one row for each thing.

    Rows about one institution are put together, the first known value counts; of the accounts
    of a network only the first principal one stays principal.
    """
    empty = pa.table({})
    institutions: dict[str, Institution] = {}
    for row in records_of(Institution, tables.get("institutions", empty)):
        seen = institutions.get(row.institution)
        institutions[row.institution] = _together(seen, row) if seen else row
    enrolments = {
        (row.institution, row.year): row
        for row in records_of(Enrolment, tables.get("enrolments", empty))
    }
    return Register(
        institutions=tuple(institutions.values()),
        enrolments=tuple(enrolments.values()),
        accounts=one_principal(records_of(Account, tables.get("accounts", empty))),
    )


def _together(first: Institution, second: Institution) -> Institution:
    known = {
        field.name: getattr(second, field.name)
        for field in fields(Institution)
        if getattr(first, field.name) in (None, ())
    }
    return replace(first, **known)


def one_principal(accounts: Iterable[Account]) -> tuple[Account, ...]:
    """Return accounts without doubles, with one principal for each institution and network."""
    found: dict[tuple[str, str], Account] = {}
    led: set[tuple[str, str]] = set()
    for row in accounts:
        if (row.institution, row.account) in found:
            continue
        place = (row.institution, row.network)
        leads = row.is_principal and row.closed_on is None and place not in led
        if leads:
            led.add(place)
        is_principal = leads or (row.is_principal and row.closed_on is not None)
        found[row.institution, row.account] = replace(row, is_principal=is_principal)
    return tuple(found.values())
