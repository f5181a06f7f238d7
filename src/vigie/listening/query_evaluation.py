"""Asks one text, or a table of texts, what a query asks: the same question in two ways."""

from __future__ import annotations

import string
from functools import cached_property

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from vigie.listening.folding import exact, folded, small
from vigie.listening.query_fields import FIELDS, Row
from vigie.listening.query_nodes import AllOf, AnyOf, Exact, Field, Link, Node, Not
from vigie.listening.query_patterns import pattern_of

FOLDED = "folded"
"""A table of texts that has this column need not be folded again."""


class Look:
    """One text, folded when it is first needed."""

    def __init__(self, row: Row) -> None:
        self.row = row

    @cached_property
    def folded(self) -> str:
        """The text as words are looked for in it."""
        return folded(self.row["text"])

    @cached_property
    def exact(self) -> str:
        """The text's words as they are written."""
        return exact(self.row["text"])


def matches(node: Node, look: Look) -> bool:
    """Tell whether a text is what is asked for; what is unknown is not."""
    if isinstance(node, AllOf):
        return all(matches(part, look) for part in node.parts)
    if isinstance(node, AnyOf):
        return any(matches(part, look) for part in node.parts)
    if isinstance(node, Not):
        return not matches(node.part, look)
    if isinstance(node, Field):
        return any(FIELDS[node.name].has(look.row, value) for value in node.values)
    if isinstance(node, Link) and node.part in small(look.row["url"] or ""):
        return True
    return pattern_of(node).is_in(look.exact if isinstance(node, Exact) else look.folded)


def condition(node: Node, texts: ir.Table) -> ir.BooleanValue:
    """Return whether each text is what is asked for, never unknown."""
    if isinstance(node, AllOf):
        return ibis.and_(*(condition(part, texts) for part in node.parts))
    if isinstance(node, AnyOf):
        return ibis.or_(*(condition(part, texts) for part in node.parts))
    if isinstance(node, Not):
        return ~condition(node.part, texts)
    return _of_leaf(node, texts).fill_null(False)


def _of_leaf(node: Node, texts: ir.Table) -> ir.BooleanValue:
    if isinstance(node, Field):
        kind = FIELDS[node.name]
        tests = [kind.condition(texts, value).fill_null(False) for value in node.values]
        return ibis.or_(*tests)
    pattern = pattern_of(node)
    if isinstance(node, Exact):
        return pattern.condition(exact_text(texts.text))
    found = pattern.condition(texts[FOLDED] if FOLDED in texts.columns else folded_text(texts.text))
    if isinstance(node, Link):
        address = texts.url.translate(string.ascii_uppercase, string.ascii_lowercase)
        return found.fill_null(False) | address.contains(node.part).fill_null(False)
    return found


def with_folded(texts: ir.Table) -> ir.Table:
    """Add the folded text, so that many questions fold it once."""
    return texts.mutate(**{FOLDED: folded_text(texts.text)})


def _fold_each(texts: pa.Array) -> pa.Array:
    return pa.array([folded(text) for text in texts.to_pylist()], pa.string())


def _exact_each(texts: pa.Array) -> pa.Array:
    return pa.array([exact(text) for text in texts.to_pylist()], pa.string())


# Python is asked by the engine, a column at a time, so that all engines agree.
_SIGNATURE = (("string",), "string")
folded_text = ibis.udf.scalar.pyarrow(_fold_each, signature=_SIGNATURE)
exact_text = ibis.udf.scalar.pyarrow(_exact_each, signature=_SIGNATURE)
