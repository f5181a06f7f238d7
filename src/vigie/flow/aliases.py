"""Files and networks may name an account by its number: it is put under the register's name."""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa
import pyarrow.compute as pc

from vigie.store.store import Store


def aliases_of(store: Store) -> dict[str, str]:
    """Return ``network:identifier`` → account, for exports that name an account by its number."""
    accounts = store.table("accounts")
    known = accounts.filter(accounts.identifier.notnull()).to_pyarrow().to_pylist()
    found = {f"{row['network']}:{row['identifier']}": row["account"] for row in known}
    return {alias: account for alias, account in found.items() if alias != account}


def under_own_names(rows: pa.Table, aliases: Mapping[str, str]) -> pa.Table:
    """Put rows about an account under the key the register knows it by."""
    if not aliases or "account" not in rows.column_names:
        return rows
    seen = rows["account"].unique().to_pylist()
    if not aliases.keys() & set(seen):
        return rows
    own = pa.array([aliases.get(account, account) for account in seen], pa.string())
    place = pc.index_in(rows["account"], pa.array(seen, pa.string()))
    field = rows.schema.field("account")
    return rows.set_column(rows.schema.get_field_index("account"), field, own.take(place))
