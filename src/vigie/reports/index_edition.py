"""The edition of a month: who leads, how sure we are, what moved."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

import ibis.expr.types as ir
import pyarrow as pa

from vigie.index import edition_words, sensitivity
from vigie.index.filtering import filters, method_words
from vigie.index.measured_by import caveats_of
from vigie.index.reading import (
    chosen_edition,
    is_draft,
    newest_editions,
)
from vigie.index.replies import printed
from vigie.index.totals import Total, totals
from vigie.index.viewing import View
from vigie.model import Edition
from vigie.present import naming
from vigie.present.document import (
    Block,
    Cell,
    Chart,
    Column,
    Document,
    Figure,
    Figures,
    Grid,
    Interval,
    Link,
    Note,
    Paragraph,
    Said,
    Section,
)
from vigie.present.drawing import Mark, rank_chart
from vigie.present.report import GRID, PAGE, Choice, Report, asked_page
from vigie.present.rows import Rows
from vigie.present.writing import together
from vigie.words import Words, _

PREVIEW = 10
"""Rows of each group on the page when there are too many groups to show them whole."""
WHOLE = 100
CHARTED = 30
MOST_TOTALS = 4
CHARTS = 3
"""Groups that have a chart on one page."""


class IndexEdition(Report):
    """Who leads, how sure we are, and what moved, in one edition of the Index.

    A table per peer group: rank with the interval in which it lies, score, probability of being
    among the first ten, the band of institutions that cannot be told apart, movement since the
    edition before, and the range of ranks under every other method.
    """

    label: ClassVar[Words] = _("Index: who leads, how sure are we, what moved?")
    needs: ClassVar[frozenset[str]] = frozenset(
        {"editions", "standings", "standing_parts", "other_ranks", "method_gaps", "institutions",
         "statements", "values"}
    )  # fmt: skip
    choices: ClassVar[tuple[Choice, ...]] = (
        Choice(name="edition", label=_("Edition"), help=_("As 2026-10; the latest unless said.")),
        Choice(name="month", label=_("Month"), help=_("The edition of a month, as 2026-10.")),
        Choice(name="group", label=_("Group"), help=_("One peer group, as university.fr.")),
        Choice(name="kind", label=_("Kind"), help=_("As university or business_school.")),
        Choice(name="country", label=_("Country"), help=_("Two letters, as FR.")),
        Choice(name="network", label=_("Network"), help=_("Rank on one network only.")),
        Choice(name="method", label=_("Method"), help=_("Rank by another published method.")),
        PAGE,
        GRID,
    )

    def build(
        self, tables: Mapping[str, ir.Table], *, choices: Mapping[str, str], now: datetime
    ) -> Document:
        known = newest_editions(tables["editions"])
        edition = chosen_edition(known, choices)
        if edition is None:
            return _nothing_yet(choices, now)
        view = View.of(tables, edition, choices)
        blocks: list[Block] = [*_warnings(view), *_totals(tables, edition, view)]
        sections = _sections(view)
        if not sections:
            blocks.append(Note(text=_("No institution matches these choices. Choose fewer.")))
        return Document(
            name="index_edition",
            title=edition_words.title(view),
            lead=edition_words.lead(view),
            blocks=[*blocks, *sections, *sensitivity.of_edition(view)],
            made_at=now,
            is_invented=edition.is_invented or view.is_invented,
            sources=(Link(text=_("How every figure is made"), href="/method/"),),
            method=edition.method,
            choices=dict(choices),
            filters=filters(known, view),
            main=_main(view),
        )


def _nothing_yet(choices: Mapping[str, str], now: datetime) -> Document:
    return Document(
        name="index_edition",
        title=_("Who leads? Nobody has been compared yet."),
        lead=_("There is no edition of the Index in this store."),
        blocks=[
            Note(
                text=_(
                    "Import a register and observations, then compute an edition: "
                    "vigie import FILE, vigie measure, vigie index compute."
                ),
                kind="empty",
            )
        ],
        made_at=now,
        choices=dict(choices),
    )


def _warnings(view: View) -> list[Note]:
    edition = view.edition
    notes = []
    if is_draft(edition):
        notes.append(Note(text=_("Draft: these ranks may still change."), kind="partial"))
    elif edition.revision > 1:
        reason = edition.reason or _("not said")
        words = _(
            "Revision {number} of this edition. Reason: {reason}",
            number=edition.revision,
            reason=reason,
        )
        notes.append(Note(text=words))
    if view.choices.get("network"):
        words = _(
            "Ranks on {network} only, from the scores of the edition there. The interval of a "
            "rank is computed for all networks together and is not shown here.",
            network=naming.network(view.choices["network"]),
        )
        notes.append(Note(text=words))
    elif view.choices.get("method"):
        words = _(
            "Ranks by the method “{method}”. The interval of a rank belongs to the method of the "
            "edition and is not shown here.",
            method=method_words(view.choices["method"]),
        )
        notes.append(Note(text=words))
    return notes


def _totals(tables: Mapping[str, ir.Table], edition: Edition, view: View) -> list[Block]:
    """Say what the sector adds up to, as the choices cut it."""
    kind, country = view.choices.get("kind", ""), view.choices.get("country", "").lower()
    group = ".".join(part for part in (kind, country) if part) or "all"
    found = totals(tables["values"], months=[edition.month_on], groups=[group])
    network = view.choices.get("network")
    by_size = sorted(found, key=lambda one: (one.network != "all", -(one.followers or 0)))
    shown = [one for one in by_size if network in (None, "", one.network)][:MOST_TOTALS]
    return [Figures(items=[_total(one) for one in shown])] if shown else []


def _total(one: Total) -> Figure:
    return Figure(
        label=_("Audience, {network}", network=naming.network(one.network)),
        value=None if one.followers is None else round(one.followers),
        unit=_("followers"),
        note=_("{seen} of {expected} institutions seen", seen=one.seen, expected=one.expected),
        seen_at=one.seen_at,
    )


def _sections(view: View) -> list[Section]:
    groups = view.groups
    if len(groups) == 1:
        return [_section(view, *groups[0], is_cut=False, has_chart=True)]
    is_cut = view.rows.num_rows > WHOLE
    return [
        _section(view, key, rows, is_cut=is_cut, has_chart=place < CHARTS)
        for place, (key, rows) in enumerate(groups)
    ]


def _section(view: View, key: str, rows: pa.Table, *, is_cut: bool, has_chart: bool) -> Section:
    said = edition_words.sentences(view, rows)
    blocks: list[Block] = [Paragraph(text=together(*said))] if said else []
    if rows["rank"].null_count == rows.num_rows:
        blocks.append(Note(text=_("No institution of this group has a rank.")))
        has_chart = False
    if has_chart:
        blocks.append(_chart(view, key, rows, PREVIEW if is_cut else CHARTED))
    blocks.append(_grid(view, key, rows, is_cut=is_cut))
    if view.is_own:
        blocks.extend(Note(text=words) for words in caveats_of(view.used.get(key, {})))
    return Section(title=naming.group(key), name=_anchor(key), blocks=blocks)


def _anchor(key: str) -> str:
    return "group-" + key.replace(".", "-").replace("_", "-")


def _columns(view: View, rows: pa.Table) -> list[Column]:
    columns = [
        Column(key="rank", label=_("Rank"), kind="rank"),
        Column(key="institution", label=_("Institution"), is_row_header=True),
        Column(key="score", label=_("Score"), kind="decimal"),
    ]
    if view.is_own:
        columns += [
            Column(key="first_ten", label=_("In the first ten"), kind="chance"),
            Column(key="band", label=_("Band"), kind="integer"),
        ]
        if rows["previous_rank"].null_count < rows.num_rows:
            columns.append(Column(key="change", label=_("Places gained"), kind="change"))
    if rows["lowest"].null_count < rows.num_rows:
        columns.append(Column(key="others", label=_("Other methods"), kind="rank", is_range=True))
    if any(one in view.statements for one in rows["institution"].to_pylist()):
        columns.append(Column(key="reply", label=_("Reply"), is_wide=True))
    return columns


def _cells(view: View, row: Mapping[str, Any]) -> Mapping[str, Cell]:
    slug, rank, before = row["institution"], row["rank"], row["previous_rank"]
    low, high = (row["rank_low"], row["rank_high"]) if view.is_own else (None, None)
    replies = [(one.words, one.asks_correction) for one in view.statements.get(slug, ())]
    return {
        "group": naming.group(row["group"]),
        "rank": Interval(value=rank, low=low, high=high),
        "institution": Link(text=row["name"], href=naming.institution_path(slug)),
        "score": row["score"],
        "first_ten": row["first_ten"],
        "band": row["band"],
        "change": None if rank is None or before is None else before - rank,
        "others": Interval(value=None, low=row["lowest"], high=row["highest"]),
        "reply": printed(replies),
    }


def _grid(view: View, key: str, rows: pa.Table, *, is_cut: bool) -> Grid:
    cells = Rows(rows, lambda row: _cells(view, row))
    name = naming.group(key)
    more = None
    if is_cut and rows.num_rows > PREVIEW:
        words = _("All {count} of this group", count=rows.num_rows)
        path = naming.edition_path(view.edition.edition)
        more = Link(text=words, href=f"{path}?group={key}")
    return Grid(
        name=key,
        caption=_("{group}: rank, with the interval that holds it nine times in ten", group=name),
        columns=_columns(view, rows),
        rows=cells,
        note=_note(view),
        page=asked_page(view.choices) if not is_cut else 1,
        page_size=PREVIEW if is_cut else WHOLE,
        more=more,
    )


def _note(view: View) -> Said | None:
    if not view.is_own:
        return None
    return _(
        "Institutions of one band cannot be told apart; a new band begins with the first that the "
        "leader of the band beats nineteen times in twenty. Equal scores share a rank."
    )


def _main(view: View) -> Grid | None:
    """Return every row in one table: what a CSV file of this page holds."""
    if view.rows.num_rows == 0:
        return None
    cells = Rows(view.rows, lambda row: _cells(view, row))
    group = Column(key="group", label=_("Group"))
    return Grid(
        name="standings",
        caption=_("Every institution of the edition {edition}", edition=view.edition.edition),
        columns=[group, *_columns(view, view.rows)],
        rows=cells,
    )


def _chart(view: View, key: str, rows: pa.Table, most: int) -> Chart:
    shown = [row for row in rows.slice(0, most).to_pylist() if row["rank"] is not None]
    marks = [
        Mark(
            name=row["name"],
            value=row["rank"],
            low=row["rank_low"] if view.is_own else None,
            high=row["rank_high"] if view.is_own else None,
        )
        for row in shown
    ]
    cells = Rows(rows.slice(0, len(shown)), lambda row: _cells(view, row))
    table = Grid(
        name=f"{key}.first",
        caption=_("{group}: the first {count}", group=naming.group(key), count=len(shown)),
        columns=_columns(view, rows)[:3],
        rows=cells,
    )
    return rank_chart(
        title=_("{group}: the first {count}", group=naming.group(key), count=len(shown)),
        sentence=edition_words.chart_words(view, shown),
        marks=marks,
        table=table,
    )
