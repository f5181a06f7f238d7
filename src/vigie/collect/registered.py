"""Whom networks are asked about: the register, without what is invented."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

from vigie.columns import records_of
from vigie.model import Account, Institution


@dataclass(frozen=True, kw_only=True)
class Registered:
    """Who is who, as far as it is real."""

    accounts: tuple[Account, ...]
    institutions: tuple[Institution, ...]

    @classmethod
    def of(cls, *, accounts: pa.Table, institutions: pa.Table) -> Registered:
        """Read two tables of the store; nobody is asked about what is invented."""
        known = records_of(Institution, institutions)
        invented = {one.institution for one in known if one.is_invented}
        owned = records_of(Account, accounts)
        return cls(
            accounts=tuple(one for one in owned if one.institution not in invented),
            institutions=tuple(one for one in known if not one.is_invented),
        )
