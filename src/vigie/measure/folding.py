"""Questions that group the same rows by the same columns: the rows are gone through once for all.

Each indicator says for itself what it asks of an account's posts of a month. That many ask it of
the same posts is seen here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain

import ibis.expr.operations as ops
import ibis.expr.types as ir

Questions = dict[str, ir.Table]


def folded(questions: Mapping[str, ir.Table]) -> tuple[Questions, Questions]:
    """Return the groupings that several questions share, by name, and the questions upon them."""
    folds: Questions = {}
    instead: dict[ops.Node, ops.Node] = {}
    for number, several in enumerate(_alike(questions), 1):
        fold = _Fold(several, f"grouping_{number}")
        folds[fold.name] = fold.question
        instead |= {one: fold.picked(one) for one in several}
    return folds, {name: one.op().replace(instead).to_expr() for name, one in questions.items()}


def _alike(questions: Mapping[str, ir.Table]) -> list[list[ops.Aggregate]]:
    """Return the different groupings of the same rows by the same columns, where there are some."""
    found = chain.from_iterable(one.op().find(ops.Aggregate) for one in questions.values())
    alike: dict[tuple[object, ...], list[ops.Aggregate]] = {}
    for one in dict.fromkeys(found):
        alike.setdefault((one.parent, *one.groups.items()), []).append(one)
    return [several for several in alike.values() if len(several) > 1]


class _Fold:
    """One grouping that says all that several of them say."""

    def __init__(self, several: Sequence[ops.Aggregate], name: str) -> None:
        self.name = name
        said = dict.fromkeys(chain.from_iterable(one.metrics.values() for one in several))
        self._columns = {metric: f"said {number}" for number, metric in enumerate(said, 1)}
        whole = ops.Aggregate(
            parent=several[0].parent,
            groups=several[0].groups,
            metrics={column: metric for metric, column in self._columns.items()},
        )
        self.question: ir.Table = whole.to_expr()
        self._table = ops.UnboundTable(name=name, schema=whole.schema)

    def picked(self, one: ops.Aggregate) -> ops.Project:
        """Return what one of them says, picked from what all say."""
        columns = {name: name for name in one.groups}
        columns |= {name: self._columns[metric] for name, metric in one.metrics.items()}
        fields = {name: ops.Field(self._table, column) for name, column in columns.items()}
        return ops.Project(self._table, fields)
