"""A query as it is listened to: its words, in the languages and on the networks it was kept for."""

from __future__ import annotations

from collections.abc import Sequence

from vigie.listening.kept import KeptQuery
from vigie.listening.query import Query, parse
from vigie.listening.query_fields import UNKNOWN
from vigie.listening.query_nodes import Field, all_of


def narrowed(kept: KeptQuery) -> Query:
    """Read a query as it is listened to, or raise ``QueryError``."""
    return within(parse(kept.words), languages=kept.languages, networks=kept.networks)


def within(query: Query, *, languages: Sequence[str], networks: Sequence[str]) -> Query:
    """Look for the same in some languages and on some networks only; none: in any.

    A post whose language nobody could tell is in any: two words of an outage must not be missed.
    """
    fields = []
    if languages:
        fields.append(Field("lang", (*sorted(languages), UNKNOWN)))
    if networks:
        fields.append(Field("network", tuple(sorted(networks))))
    return Query(all_of(query.node, *fields))
