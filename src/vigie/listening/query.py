"""The query language: read once, it answers alike of one text, of a table, and of the word index.

The language is told in ``docs/reference/query-language.md``.
"""

from __future__ import annotations

from dataclasses import dataclass

import ibis.expr.types as ir

from vigie.listening.folding import HANDLE
from vigie.listening.query_evaluation import Look, condition, matches
from vigie.listening.query_fields import Row
from vigie.listening.query_nodes import AllOf, AnyOf, Field, Node, Not, Tag, leaves, phrases_in
from vigie.listening.query_parsing import read

__all__ = ["Query", "parse"]


@dataclass(frozen=True)
class Query:
    """What is looked for. ``str`` writes its canonical form, which reads as the same query."""

    node: Node

    def __str__(self) -> str:
        return str(self.node)

    def matches(self, row: Row) -> bool:
        """Tell whether one row of ``texts`` is what is asked for."""
        return matches(self.node, Look(row))

    def condition(self, texts: ir.Table) -> ir.BooleanValue:
        """Return whether each row of ``texts`` is what is asked for, never unknown.

        Texts that have been folded (``with_folded``) are not folded again.
        """
        return condition(self.node, texts)

    @property
    def words(self) -> tuple[str, ...]:
        """Every word and phrase in it, folded, also those it excludes: names must be looked at."""
        return tuple(dict.fromkeys(" ".join(phrase.patterns) for phrase in phrases_in(self.node)))

    @property
    def people(self) -> tuple[str, ...]:
        """Whom it names by handle: ``from:``, ``to:`` and ``@``."""
        named: list[str] = []
        for leaf in leaves(self.node):
            if isinstance(leaf, Field) and leaf.name in ("from", "to"):
                named += leaf.values
            elif isinstance(leaf, Tag) and leaf.mark == HANDLE:
                named.append(leaf.pattern)
        return tuple(dict.fromkeys(named))

    @property
    def is_negative(self) -> bool:
        """Whether it only says what is not wanted: it fits nearly every post there is."""
        return _is_negative(self.node)


def parse(text: str) -> Query:
    """Read a query, or raise ``QueryError``: what is wrong, where, and what was expected there."""
    return Query(read(text))


def _is_negative(node: Node) -> bool:
    if isinstance(node, AllOf):
        return all(map(_is_negative, node.parts))
    if isinstance(node, AnyOf):
        return any(map(_is_negative, node.parts))
    return isinstance(node, Not)
