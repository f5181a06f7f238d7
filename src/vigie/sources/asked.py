"""What a connector is asked about: the accounts of the register it can read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from vigie.collect.connecting import connect
from vigie.columns import records_of
from vigie.model import Account, Institution
from vigie.settings import Settings
from vigie.store.store import Store


@dataclass(frozen=True, kw_only=True)
class Registered:
    """Who is who, as the store knows it."""

    accounts: tuple[Account, ...]
    institutions: tuple[Institution, ...]

    @classmethod
    def read(cls, store: Store) -> Registered:
        """Read it once for all connectors, without what is invented."""
        institutions = records_of(Institution, store.table("institutions").to_pyarrow())
        accounts = records_of(Account, store.table("accounts").to_pyarrow())
        invented = {one.institution for one in institutions if one.is_invented}
        return cls(
            accounts=tuple(one for one in accounts if one.institution not in invented),
            institutions=tuple(one for one in institutions if not one.is_invented),
        )


def subjects_of(
    name: str, registered: Registered, *, settings: Settings, options: Mapping[str, str]
) -> frozenset[str]:
    """Return the keys of the accounts a connector is asked about."""
    connector = connect(name, settings=settings.connect, secrets=options)
    found = connector.subjects(registered.accounts, registered.institutions)
    return frozenset(one.subject for one in found)
