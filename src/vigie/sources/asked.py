"""What a connector is asked about: the accounts of the register it can read."""

from __future__ import annotations

from collections.abc import Mapping

from vigie.collect.connecting import connect
from vigie.collect.registered import Registered
from vigie.settings import Settings
from vigie.store.store import Store


def registered(store: Store) -> Registered:
    """Read whom networks are asked about, once for all connectors."""
    return Registered.of(
        accounts=store.table("accounts").to_pyarrow(),
        institutions=store.table("institutions").to_pyarrow(),
    )


def subjects_of(
    name: str, known: Registered, *, settings: Settings, options: Mapping[str, str]
) -> frozenset[str]:
    """Return the keys of the accounts a connector is asked about."""
    connector = connect(name, settings=settings.connect, secrets=options)
    found = connector.subjects(known.accounts, known.institutions)
    return frozenset(one.subject for one in found)
