"""A query as it is listened to: its words, in the languages and on the networks it was kept for."""

from __future__ import annotations

from dataclasses import dataclass

import ibis.expr.types as ir

from vigie.listening.kept import KeptQuery
from vigie.listening.query import Query, parse
from vigie.listening.query_fields import Row


@dataclass(frozen=True)
class Narrowed(Query):
    """What is looked for, in some languages and on some networks only.

    A post whose language nobody could tell is in any: two words of an outage must not be missed.
    """

    languages: tuple[str, ...] = ()
    """None: any."""
    networks: tuple[str, ...] = ()

    def __str__(self) -> str:
        words = [super().__str__()]
        words += [f"lang:{one}" for one in sorted(self.languages)]
        words += [f"network:{one}" for one in sorted(self.networks)]
        return " ".join(words)

    def matches(self, row: Row) -> bool:
        """Tell whether one row of ``texts`` is what is asked for."""
        language = row.get("language")
        if self.languages and language is not None and language not in self.languages:
            return False
        if self.networks and row.get("network") not in self.networks:
            return False
        return super().matches(row)

    def condition(self, texts: ir.Table) -> ir.BooleanValue:
        """Return whether each row of ``texts`` is what is asked for, never unknown."""
        found = super().condition(texts)
        if self.languages:
            found &= texts.language.isnull() | texts.language.isin(self.languages)
        if self.networks:
            found &= texts.network.isin(self.networks)
        return found


def narrowed(kept: KeptQuery) -> Query:
    """Read a query as it is listened to, or raise ``QueryError``."""
    query = parse(kept.words)
    if not kept.languages and not kept.networks:
        return query
    return Narrowed(query.node, kept.languages, kept.networks)
