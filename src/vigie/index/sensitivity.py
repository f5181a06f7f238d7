"""Would another method say otherwise? Every other one side by side, those not shown with why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from vigie.index.filtering import method_words
from vigie.index.other_methods import label_of, others_known, why
from vigie.index.place import Place
from vigie.index.viewing import View
from vigie.model import MethodGap, OtherRank
from vigie.present import naming
from vigie.present.document import Block, Cell, Column, Grid, Link, Paragraph, Section
from vigie.present.writing import Names, together
from vigie.words import Words, _, plural

PAPER_LISTS = 8
"""Lists printed on paper, so that a profile stays on two pages."""

Gaps = Mapping[tuple[str, str], Sequence[str]]
"""Group and method → the figures it lacks there."""
Row = Mapping[str, Cell]


def of_edition(view: View) -> list[Section]:
    """Return what each other method says of the institutions shown, nothing where none has a rank.

    Every published method is named: those that are not shown with the reason.
    """
    groups = set(view.rows["group"].to_pylist())
    gaps = _by_group(gap for gap in view.gaps if gap.group in groups)
    shown = view.others.filter(pc.is_in(view.others["institution"], view.rows["institution"]))
    compared = sorted({*shown["group"].to_pylist(), *(group for group, _method in gaps)})
    if not compared:
        return []
    figures = _figures(shown, view.rows)
    rows = [_row(name, figures[name]) for name in others_known() if name in figures]
    missing = [
        row
        for name in others_known()
        for row in _missing(name, gaps, compared, is_shown=name in figures)
    ]
    blocks: list[Block] = [_grid(rows, is_own=view.is_own)] if rows else []
    return _section([Paragraph(text=_counted(len(rows))), *blocks], missing)


def of_place(place: Place, lacking: Sequence[MethodGap]) -> list[Section]:
    """Return the rank of one institution under every other method, those not shown with why."""
    gaps = _by_group(lacking)
    standing = place.standing
    if standing is None or not (
        place.others or any(group == standing.group for group, _method in gaps)
    ):
        return []
    known = [one for one in place.others if one.rank is not None]
    rows: list[Row] = [
        {"method": method_words(f"{one.method}:{one.listing}"), "rank": one.rank}
        for one in sorted(
            known, key=lambda one: (one.method, one.listing != "overall", one.listing)
        )
    ]
    used = {one.method for one in place.others}
    missing = [
        row
        for name in others_known()
        if name not in used
        for row in _missing(name, gaps, [standing.group], is_shown=False)
    ]
    return _section([_ranks(rows)] if rows else [], missing)


def _order(one: OtherRank) -> tuple[str, bool, str]:
    """Keep the lists of a method together, the one over all networks first."""
    return one.method, one.listing != "overall", one.listing


def _section(blocks: Sequence[Block], missing: Sequence[Row]) -> list[Section]:
    title = _("Would another method say otherwise?")
    also = [_not_shown(missing)] if missing else []
    return [Section(title=title, name="methods", blocks=[*blocks, *also])]


def _counted(count: int) -> Words:
    return plural(
        "{count} other published method was applied to the same figures. “Other methods” above is "
        "the best and the worst rank it gives.",
        "{count} other published methods were applied to the same figures. “Other methods” above "
        "is the best and the worst rank they give.",
        count=count,
    )


def _by_group(gaps: Iterable[MethodGap]) -> Gaps:
    found: dict[tuple[str, str], list[str]] = {}
    for gap in gaps:
        found.setdefault((gap.group, gap.method), []).append(gap.figure)
    return found


def _figures(shown: pa.Table, rows: pa.Table) -> dict[str, dict[str, Any]]:
    """Return, by method, how many lists and institutions it ranks, and how far it moves them."""
    names = ["institution", "method", "listing", "rank"]
    ranked = shown.filter(pc.is_valid(shown["rank"])).select(names)
    own = rows.select(["institution", "rank"]).rename_columns(["institution", "own"])
    both = ranked.join(own, keys="institution")
    both = both.append_column("moved", pc.abs(pc.subtract(both["rank"], both["own"])))
    found = both.group_by("method").aggregate(
        [("listing", "count_distinct"), ("institution", "count_distinct"), ("moved", "mean")]
    )
    return {row["method"]: row for row in found.to_pylist()}


def _row(name: str, figures: Mapping[str, Any]) -> Row:
    return {
        "method": _link(name),
        "lists": figures["listing_count_distinct"],
        "ranked": figures["institution_count_distinct"],
        "moved": figures["moved_mean"],
    }


def _link(name: str) -> Link:
    return Link(text=label_of(name), href=naming.method_path(name))


def _missing(name: str, gaps: Gaps, compared: Sequence[str], *, is_shown: bool) -> list[Row]:
    """Say why a method is not shown; where it is for some groups, for which it is not."""
    groups = [group for group in compared if (group, name) in gaps or not is_shown]
    if not groups:
        return []
    lacking = dict.fromkeys(tuple(gaps.get((group, name), ())) for group in groups)
    reasons = together(*(why(name, figures) for figures in lacking))
    if is_shown:
        named = Names(tuple(naming.group(group) for group in groups))
        reasons = _("{groups}: {reasons}", groups=named, reasons=reasons)
    return [{"method": _link(name), "reason": reasons}]


def _grid(rows: Sequence[Row], *, is_own: bool) -> Grid:
    columns = [
        Column(key="method", label=_("Method"), is_row_header=True),
        Column(key="lists", label=_("Lists"), kind="integer"),
        Column(key="ranked", label=_("Institutions ranked"), kind="integer"),
    ]
    if not is_own:
        return Grid(name="methods", caption=_("The methods shown"), columns=columns, rows=rows)
    return Grid(
        name="methods",
        caption=_("The methods shown"),
        columns=[*columns, Column(key="moved", label=_("Places moved"), kind="decimal")],
        rows=rows,
        note=_(
            "Places moved: how far, on average, a rank by this method lies from that of the "
            "Index. A method may rank by several lists: networks, or figures."
        ),
    )


def _ranks(rows: Sequence[Row]) -> Grid:
    return Grid(
        name="methods",
        caption=_("Rank under every other published method"),
        columns=[
            Column(key="method", label=_("Method"), is_row_header=True),
            Column(key="rank", label=_("Rank"), kind="rank"),
        ],
        rows=rows,
        paper_rows=PAPER_LISTS,
    )


def _not_shown(rows: Sequence[Row]) -> Grid:
    return Grid(
        name="methods-not-shown",
        caption=_("The methods that are not shown"),
        columns=[
            Column(key="method", label=_("Method"), is_row_header=True),
            Column(key="reason", label=_("Why not"), is_wide=True),
        ],
        rows=rows,
    )
