"""Where an institution stands, why, and since when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, ClassVar

import ibis.expr.types as ir

from vigie.collect.connecting import may_export_words
from vigie.columns import records_of
from vigie.errors import ReportError
from vigie.index import place_words, sensitivity
from vigie.index.answering import answers
from vigie.index.place import (
    ACTIVITY,
    MONTHS,
    Months,
    Place,
    best_posts,
    breaks_since,
    last_month,
    months_of,
)
from vigie.index.reading import chosen_edition, gaps_of, institution_named, newest_editions
from vigie.index.replies import printed
from vigie.index.score_chart import score_chart
from vigie.model import Account, Event, Institution, Statement
from vigie.present import naming
from vigie.present.document import (
    Block,
    Cell,
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
from vigie.present.report import GRID, Choice, Report
from vigie.present.timeline import Break, Series, small_multiples
from vigie.present.writing import Day, Month, together
from vigie.words import Words, _, unsaid

BEST = 5
EXCERPT = 90
PAPER_ACCOUNTS = 8
"""Accounts printed on paper, so that the profile stays on two pages."""


class InstitutionProfile(Report):
    """Where one institution stands in its peer group, why, and since when.

    Its rank with the interval, the scores behind it by network and dimension, its followers over
    24 months with the breaks in the series, its activity, its best posts with the way to each,
    its accounts, and its replies. On paper: two pages.
    """

    label: ClassVar[Words] = _("Institution: where does it stand, why, and since when?")
    needs: ClassVar[frozenset[str]] = frozenset(
        {"institutions", "accounts", "enrolments", "events", "statements", "editions", "standings",
         "standing_parts", "other_ranks", "method_gaps", "values", "posts"}
    )  # fmt: skip
    choices: ClassVar[tuple[Choice, ...]] = (
        Choice(
            name="institution",
            label=_("Institution"),
            help=_("Its short name, as in its address."),
            is_required=True,
        ),
        Choice(name="edition", label=_("Edition"), help=_("As 2026-10; the latest unless said.")),
        Choice(name="month", label=_("Month"), help=_("The edition of a month, as 2026-10.")),
        GRID,
    )

    def build(
        self, tables: Mapping[str, ir.Table], *, choices: Mapping[str, str], now: datetime
    ) -> Document:
        slug = choices.get("institution", "")
        if not slug:
            raise ReportError(_("Say which institution: institution=northfield."))
        institution = institution_named(tables["institutions"], slug)
        edition = chosen_edition(newest_editions(tables["editions"]), choices)
        place = Place.of(tables, institution, edition)
        month = last_month(tables, edition, slug)
        figures = months_of(tables, [slug], month)[slug]
        return Document(
            name="institution_profile",
            title=place_words.headline(place),
            lead=place_words.lead(place),
            blocks=[
                *place_words.warnings(place),
                _key_figures(tables, institution, figures),
                *_why(place),
                *_since_when(tables, slug, figures),
                *_activity(figures),
                *answers(slug, figures),
                *_best_posts(tables, slug, month),
                *_by_other_methods(tables, place),
                *_accounts(tables, institution),
                *_replies(tables, institution),
            ],
            made_at=now,
            is_invented=institution.is_invented,
            sources=_sources(institution),
            method=edition.method if edition else None,
            choices=dict(choices),
        )


def _key_figures(
    tables: Mapping[str, ir.Table], institution: Institution, figures: Months
) -> Figures:
    month = Month(figures.month)
    items = [
        Figure(
            label=label,
            value=None if row["value"] is None else round(row["value"]),
            unit=unit,
            seen_at=row["seen_at"],
        )
        for label, unit, row in (
            (_("Audience, all networks"), _("followers"), _all_followers(figures)),
            (_("Posts in {month}", month=month), None, figures.row("posts", "all")),
            (_("Interactions in {month}", month=month), None, figures.row("interactions", "all")),
        )
    ]
    enrolled = tables["enrolments"]
    mine = enrolled.filter(enrolled.institution == institution.institution)
    latest = mine.order_by(mine.year.desc()).limit(1).to_pyarrow().to_pylist()
    for row in latest:
        label = _("Students, {year}", year=f"{row['year']}–{row['year'] + 1}")
        items.append(Figure(label=label, value=row["students"]))
    return Figures(items=items)


def _all_followers(figures: Months) -> Mapping[str, Any]:
    """Return the sum over networks, or make it where it was not measured as such."""
    row = figures.row("followers", "all")
    known = [figures.row("followers", network) for network in figures.networks("followers")]
    values = [one["value"] for one in known if one["value"] is not None]
    if row["value"] is not None or not values:
        return row
    seen = max((one["seen_at"] for one in known if one["seen_at"] is not None), default=None)
    return {"value": sum(values), "seen_at": seen}


def _why(place: Place) -> list[Section]:
    scored = [part for part in place.parts if part.weight > 0]
    if not scored:
        return []
    return [Section(title=_("Why?"), name="why", blocks=[score_chart(scored)])]


def _by_other_methods(tables: Mapping[str, ir.Table], place: Place) -> list[Section]:
    if place.edition is None:
        return []
    return sensitivity.of_place(place, gaps_of(tables["method_gaps"], place.edition))


def _since_when(tables: Mapping[str, ir.Table], slug: str, figures: Months) -> list[Section]:
    broken = breaks_since(tables, slug, figures.span[0])
    lines = [
        (network, _line(network, figures, broken)) for network in figures.networks("followers")
    ]
    known = [(network, line) for network, line in lines if _is_known(line)]
    if not known:
        return []
    chart = small_multiples(
        title=_("Followers over {count} months", count=MONTHS),
        sentence=together(*(place_words.growth(network, line) for network, line in known[:3])),
        series=[line for _network, line in known],
        table=_history_grid(figures, [network for network, _line in known]),
    )
    blocks: list[Block] = [chart, *(_break_note(event) for event in broken)]
    return [Section(title=_("Since when?"), name="since", blocks=blocks)]


def _line(network: str, figures: Months, broken: Sequence[Event]) -> Series:
    mine = [
        Break(day=one.day, words=unsaid((one.words or "").rstrip(". ")))
        for one in broken
        if one.network in (None, network)
    ]
    points = figures.series("followers", network)
    return Series(name=naming.network(network), points=points, breaks=mine)


def _is_known(line: Series) -> bool:
    return any(value is not None for _month, value in line.points)


def _break_note(event: Event) -> Note:
    return Note(
        text=_(
            "Break on {day}, {network}: {words}. Growth across it is not computed.",
            day=Day(event.day),
            network=naming.network(event.network or "all"),
            words=unsaid((event.words or event.kind).rstrip(". ")),
        )
    )


def _history_grid(figures: Months, networks: Sequence[str]) -> Grid:
    columns = [Column(key="month", label=_("Month"), kind="month", is_row_header=True)]
    columns += [
        Column(key=network, label=naming.network(network), kind="integer") for network in networks
    ]
    rows: list[dict[str, Cell]] = [
        {
            "month": month,
            **{one: figures.row("followers", one, month)["value"] for one in networks},
        }
        for month in figures.span
    ]
    return Grid(name="followers", caption=_("Followers at the end of the month"),
                columns=columns, rows=rows)  # fmt: skip


def _activity(figures: Months) -> list[Section]:
    networks = figures.networks(*ACTIVITY)
    if not networks:
        return []
    kinds = {"posting_frequency": "decimal", "interactions_per_post": "decimal",
             "engagement_rate": "percent"}  # fmt: skip
    columns = [Column(key="network", label=_("Network"), is_row_header=True)]
    columns += [
        Column(
            key=name,
            label=naming.indicator(name),
            kind=kinds[name],
            decimals=2 if name == "engagement_rate" else 1,
        )
        for name in ACTIVITY
    ]
    columns.append(Column(key="n", label=_("Posts counted"), kind="integer"))
    rows: list[dict[str, Cell]] = [_activity_row(figures, network) for network in networks]
    grid = Grid(
        name="activity",
        caption=_("Activity and engagement in {month}", month=Month(figures.month)),
        columns=columns,
        rows=rows,
        note=_("Rates are compared within a network only. Intervals hold nine times in ten."),
    )
    return [Section(title=_("How active, how engaging?"), name="activity", blocks=[grid])]


def _activity_row(figures: Months, network: str) -> dict[str, Cell]:
    row: dict[str, Cell] = {"network": naming.network(network)}
    counted = []
    for name in ACTIVITY:
        found = figures.row(name, network)
        row[name] = Interval(value=found["value"], low=found["low"], high=found["high"])
        counted.append(found["n"] or 0)
    row["n"] = max(counted) or None
    return row


def _best_posts(tables: Mapping[str, ir.Table], slug: str, month: date) -> list[Section]:
    found = best_posts(tables, slug, month=month, most=BEST)
    rows = [_post_row(row) for row in found]
    if not rows:
        return []
    grid = Grid(
        name="posts",
        caption=_("The posts with most interactions in {month}", month=Month(month)),
        columns=[
            Column(key="post", label=_("Post"), is_row_header=True),
            Column(key="network", label=_("Network")),
            Column(key="day", label=_("Day"), kind="date"),
            Column(key="kind", label=_("Form")),
            Column(key="interactions", label=_("Interactions"), kind="integer"),
        ],
        rows=rows,
    )
    return [Section(title=_("What worked?"), name="posts", blocks=[grid])]


def _post_row(row: Mapping[str, Any]) -> dict[str, Cell]:
    words = " ".join((row["text"] or "").split())
    short = words if len(words) <= EXCERPT else words[: EXCERPT - 1].rstrip() + "…"
    text = short or _("post without words")
    return {
        "post": _post_cell(text, row["url"], network=row["network"]),
        "network": naming.network(row["network"]),
        "day": row["published_on"],
        "kind": naming.post_kind(row["kind"]),
        "interactions": row["interactions"],
    }


def _post_cell(text: Said, url: str | None, *, network: str) -> Cell:
    """Return the words of a post with their address; files keep to the rules of its network."""
    if not url:
        return text
    if may_export_words(network):
        return Link(text=text, href=url)
    why = _("words left out: the rules of {network}", network=naming.network(network))
    return Link(text=text, href=url, in_files=why)


def _accounts(tables: Mapping[str, ir.Table], institution: Institution) -> list[Section]:
    table = tables["accounts"]
    found = table.filter(table.institution == institution.institution).to_pyarrow()
    accounts = sorted(
        records_of(Account, found), key=lambda one: (not one.is_principal, one.network, one.account)
    )
    if not accounts:
        note = Note(text=_("No account is known. Correct the register if there is one."))
        return [Section(title=_("Which accounts?"), name="accounts", blocks=[note])]
    rows: list[dict[str, Cell]] = [
        {
            "account": _account_cell(one),
            "network": naming.network(one.network),
            "role": _("principal") if one.is_principal else _("secondary"),
            "state": _("still open")
            if one.closed_on is None
            else _("closed on {day}", day=Day(one.closed_on)),
        }
        for one in accounts
    ]
    grid = Grid(
        name="accounts",
        caption=_("Accounts in the register"),
        columns=[
            Column(key="account", label=_("Account"), is_row_header=True),
            Column(key="network", label=_("Network")),
            Column(key="role", label=_("Role")),
            Column(key="state", label=_("State")),
        ],
        rows=rows,
        paper_rows=PAPER_ACCOUNTS,
    )
    return [Section(title=_("Which accounts?"), name="accounts", blocks=[grid])]


def _account_cell(account: Account) -> Cell:
    text = account.handle or account.identifier or account.account
    return Link(text=text, href=account.url) if account.url else text


def _replies(tables: Mapping[str, ir.Table], institution: Institution) -> list[Section]:
    table = tables["statements"]
    found = table.filter(table.institution == institution.institution).to_pyarrow()
    replies = sorted(records_of(Statement, found), key=lambda one: one.written_at, reverse=True)
    if not replies:
        return []
    blocks = [
        Paragraph(
            text=_(
                "On the edition {edition}, {day}: {words}",
                edition=one.edition,
                day=Day(one.written_at.date()),
                words=printed([(one.words, one.asks_correction)]),
            )
        )
        for one in replies
    ]
    return [Section(title=_("What does it reply?"), name="replies", blocks=blocks)]


def _sources(institution: Institution) -> tuple[Link, ...]:
    found = []
    if institution.website:
        found.append(Link(text=institution.name, href=institution.website))
    if institution.wikidata:
        address = f"https://www.wikidata.org/wiki/{institution.wikidata}"
        found.append(Link(text="Wikidata", href=address))
    if institution.ror:
        found.append(Link(text="ROR", href=f"https://ror.org/{institution.ror}"))
    return tuple(found)
