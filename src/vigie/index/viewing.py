"""The rows of an edition as a reader asked for them: filtered, or ranked another way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from vigie.errors import ReportError
from vigie.index.measured_by import Used, indicators_used
from vigie.index.reading import gaps_of, of_edition, statements_of
from vigie.index.sums import places
from vigie.model import Edition, MethodGap, Statement
from vigie.words import _

Choices = Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class View:
    """The rows of an edition that the choices leave, already in order, and what was asked."""

    edition: Edition
    rows: pa.Table
    whole: pa.Table
    """Before any filter: the options of the filters come from it."""
    networks: tuple[str, ...]
    methods: tuple[str, ...]
    others: pa.Table
    """The ranks under every other method."""
    gaps: Sequence[MethodGap]
    """What the methods that are not shown lacked."""
    statements: Mapping[str, Sequence[Statement]]
    used: Used
    """What measured each dimension, group by group."""
    choices: Choices

    @classmethod
    def of(cls, tables: Mapping[str, ir.Table], edition: Edition, choices: Choices) -> View:
        """Ask the store for the edition, then keep what the choices name.

        Each question is a plain filter: joining some thousand rows in memory costs less than
        translating one large question into SQL.
        """
        others = _others(tables, edition)
        parts = of_edition(tables["standing_parts"], edition)
        whole = _joined(
            _standings(tables, edition), _people(tables), _ranges(others), keys="institution"
        )
        if choices.get("method"):
            whole = _replaced(whole, _by_method(others, choices["method"]))
        elif choices.get("network"):
            whole = _replaced(whole, _on_network(parts, choices["network"]))
        whole = _in_order(whole)
        networks = parts.select("network").distinct().to_pyarrow()["network"].to_pylist()
        return cls(
            edition=edition,
            rows=_kept(whole, choices),
            whole=whole,
            networks=tuple(sorted(networks)),
            methods=tuple(sorted(others["name"].unique().to_pylist())),
            others=others,
            gaps=gaps_of(tables["method_gaps"], edition),
            statements=statements_of(tables["statements"], edition),
            used=indicators_used(parts),
            choices=choices,
        )

    @property
    def is_own(self) -> bool:
        """Say whether the ranks are those of the edition, with their intervals."""
        return not (self.choices.get("network") or self.choices.get("method"))

    @property
    def is_invented(self) -> bool:
        """Say whether any of these institutions is invented."""
        return bool(pc.any(self.whole["is_invented"]).as_py())

    @property
    def groups(self) -> list[tuple[str, pa.Table]]:
        """Return the rows of each group: those that are ranked first, the largest first."""
        keys = self.rows["group"].to_pylist()
        starts = [0, *(i for i, (a, b) in enumerate(pairwise(keys), 1) if a != b), len(keys)]
        found = [(keys[a], self.rows.slice(a, b - a)) for a, b in pairwise(starts) if a < b]
        return sorted(found, key=lambda one: (one[1]["rank"][0].as_py() is None, -one[1].num_rows))


def _standings(tables: Mapping[str, ir.Table], edition: Edition) -> pa.Table:
    return of_edition(tables["standings"], edition).drop("edition", "revision").to_pyarrow()


def _people(tables: Mapping[str, ir.Table]) -> pa.Table:
    known = ("institution", "name", "kind", "country", "is_invented")
    return tables["institutions"].select(*known).to_pyarrow()


def _others(tables: Mapping[str, ir.Table], edition: Edition) -> pa.Table:
    """Return the ranks under other methods, each named ``method:listing``."""
    table = of_edition(tables["other_ranks"], edition)
    found = table.select("group", "institution", "method", "listing", "score", "rank").to_pyarrow()
    name = pc.binary_join_element_wise(found["method"], found["listing"], ":")
    return found.append_column("name", name)


def _ranges(others: pa.Table) -> pa.Table:
    found = others.group_by("institution").aggregate([("rank", "min"), ("rank", "max")])
    return found.select(["institution", "rank_min", "rank_max"]).rename_columns(
        ["institution", "lowest", "highest"]
    )


def _joined(first: pa.Table, *others: pa.Table, keys: str) -> pa.Table:
    for other in others:
        first = first.join(other, keys=keys, join_type="left outer")
    return first


def _by_method(others: pa.Table, name: str) -> pa.Table:
    known = sorted(others["name"].unique().to_pylist())
    chosen = next((one for one in known if one == name or one.split(":")[0] == name), None)
    if chosen is None:
        raise ReportError(
            _(
                "This edition was not ranked by the method {method}. It was by: {known}.",
                method=name,
                known=", ".join(known) or "–",
            )
        )
    return others.filter(pc.equal(others["name"], chosen)).select(["institution", "score", "rank"])


def _on_network(parts: ir.Table, network: str) -> pa.Table:
    """Rank the institutions of each group by the scores they have on one network."""
    here = parts.filter(parts.network == network)
    found = here.select("group", "institution", "score", "weight").to_pyarrow()
    if found.num_rows == 0:
        raise ReportError(_("This edition has no scores on {network}.", network=network))
    known = found.filter(pc.is_valid(found["score"]))
    known = known.append_column("part", pc.multiply(known["score"], known["weight"]))
    sums = known.group_by(["group", "institution"]).aggregate([("part", "sum"), ("weight", "sum")])
    scores: dict[str, dict[str, float | None]] = {}
    for row in sums.to_pylist():
        weight = row["weight_sum"]
        # Rounded as the scores of an edition are: a tie is a tie on every machine.
        score = float(np.round(row["part_sum"] / weight, 9)) if weight else None
        scores.setdefault(row["group"], {})[row["institution"]] = score
    ranks = {one: rank for group in scores.values() for one, rank in places(group).items()}
    flat = {one: score for group in scores.values() for one, score in group.items()}
    names = list(flat)
    return pa.table(
        {
            "institution": pa.array(names, pa.string()),
            "score": pa.array([flat[one] for one in names], pa.float64()),
            "rank": pa.array([ranks.get(one) for one in names], pa.int64()),
        }
    )


def _replaced(whole: pa.Table, other: pa.Table) -> pa.Table:
    return _joined(whole.drop_columns(["score", "rank"]), other, keys="institution")


def _in_order(rows: pa.Table) -> pa.Table:
    """Sort by group, rank (unknown last) and name; an institution unknown to the register has
    its key for a name."""
    rows = rows.set_column(
        rows.column_names.index("name"), "name", pc.coalesce(rows["name"], rows["institution"])
    )
    order = [("group", "ascending"), ("rank", "ascending"), ("name", "ascending"),
             ("institution", "ascending")]  # fmt: skip
    return rows.take(pc.sort_indices(rows, sort_keys=order))


def _kept(rows: pa.Table, choices: Choices) -> pa.Table:
    for name in ("group", "kind", "country"):
        wanted = choices.get(name)
        if not wanted:
            continue
        known = sorted({str(value) for value in rows[name].unique().to_pylist() if value})
        matched = [value for value in known if value.lower() == wanted.lower()]
        if not matched:
            raise ReportError(
                _(
                    "This edition has nothing for {name} “{value}”. It has: {known}.",
                    name=name,
                    value=wanted,
                    known=", ".join(known),
                )
            )
        rows = rows.filter(pc.equal(rows[name], matched[0]))
    return rows
