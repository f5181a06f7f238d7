"""Writes many changed conversations at once, each with values of its own.

Django says such changes as one large CASE, which costs three times what counting them anew does.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection

from vigie.inbox.models import Conversation


def rewrite(rows: Sequence[Conversation], names: Sequence[str]) -> None:
    """Write these fields of every row, in the transaction that goes on."""
    if not rows:
        return
    known = {field.name: field for field in Conversation._meta.concrete_fields}
    fields = [known[name] for name in names]
    quoted = connection.ops.quote_name
    put = ", ".join(f"{quoted(str(field.column))} = %s" for field in fields)
    table, key = quoted(Conversation._meta.db_table), quoted("id")
    values = [
        (*(field.get_db_prep_save(getattr(row, field.name), connection) for field in fields),
         row.pk)
        for row in rows
    ]  # fmt: skip
    with connection.cursor() as cursor:
        cursor.executemany(f"UPDATE {table} SET {put} WHERE {key} = %s", values)
