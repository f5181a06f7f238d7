"""The public register of listening: every query with its purpose, and what is never done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from vigie.listening.kept import KeptFigure, KeptQuery
from vigie.present import naming
from vigie.present.document import Block, Cell, Column, Document, Grid, Paragraph, Section
from vigie.present.writing import Names
from vigie.words import Words, _, plural

REFUSALS = (
    _(
        "No private person is searched for: a query on a name or a handle is refused, unless the "
        "register of public figures below holds the person with a reason."
    ),
    _(
        "No profile of anyone is made: authors are pseudonyms from the moment their post arrives, "
        "and no page or file lists the posts of one author."
    ),
    _("A count of people is shown only where at least five different authors stand behind it."),
    _("Only public posts are read. Nobody is followed, written to or befriended to see more."),
    _("What an author takes down on a network is erased here too, words and all."),
)


@dataclass(frozen=True, kw_only=True)
class Public:
    """What the public may know of what is listened to."""

    institution: str
    """The name of the institution that listens; empty: not said."""
    contact: str
    queries: Sequence[KeptQuery]
    figures: Sequence[KeptFigure]
    days: Mapping[str, int]
    """Network → days for which what other people wrote is kept."""


def document(public: Public, *, now: datetime) -> Document:
    """Return the register as a page and as files."""
    return Document(
        name="listening_register",
        title=_title(public),
        lead=_(
            "Every query is here with its purpose and the office that keeps it, those that were "
            "switched off too."
        ),
        blocks=[
            _queries(public.queries),
            Section(title=_("What is never done"), name="never", blocks=_never()),
            Section(title=_("How long is it kept?"), name="kept", blocks=[_days(public.days)]),
            Section(
                title=_("Which persons may be listened for?"),
                name="figures",
                blocks=_figures(public.figures),
            ),
            Section(
                title=_("Questions, objections, erasure"),
                name="contact",
                blocks=[Paragraph(text=_contact(public))],
            ),
        ],
        made_at=now,
    )


def _title(public: Public) -> Words:
    if public.institution:
        return _("What does {name} listen to, and why?", name=public.institution)
    return _("What is listened to here, and why?")


def _queries(queries: Sequence[KeptQuery]) -> Grid:
    return Grid(
        name="queries",
        caption=plural("{count} query", "{count} queries", count=len(queries)),
        columns=[
            Column(key="title", label=_("Query"), is_row_header=True),
            Column(key="purpose", label=_("What it is for"), is_wide=True),
            Column(key="office", label=_("Kept by")),
            Column(key="words", label=_("Words looked for"), is_wide=True),
            Column(key="networks", label=_("Networks")),
            Column(key="since", label=_("Since"), kind="date"),
            Column(key="state", label=_("State")),
        ],
        rows=[_row(query) for query in queries],
        note=_("The office answers for its queries; the persons who work there are not named."),
    )


def _row(query: KeptQuery) -> Mapping[str, Cell]:
    networks = Words("{names}", {"names": Names(tuple(map(naming.network, query.networks)))})
    return {
        "title": query.title,
        "purpose": _purpose(query),
        "office": query.office,
        "words": query.words,
        "networks": networks if query.networks else _("all that can be searched"),
        "since": query.since,
        "state": _("listened to") if query.is_on else _("switched off"),
    }


def _purpose(query: KeptQuery) -> Words | str:
    if not query.permitted_because:
        return query.purpose
    return _(
        "{purpose} It reads like a person’s name and was permitted because: {reason}",
        purpose=query.purpose,
        reason=query.permitted_because,
    )


def _never() -> list[Block]:
    return [Paragraph(text=words) for words in REFUSALS]


def _days(days: Mapping[str, int]) -> Grid:
    return Grid(
        name="retention",
        caption=_("Days for which what other people wrote is kept, by network"),
        columns=[
            Column(key="network", label=_("Network"), is_row_header=True),
            Column(key="days", label=_("Days"), kind="integer"),
        ],
        rows=[
            {"network": naming.network(name), "days": count} for name, count in sorted(days.items())
        ],
        note=_("Its labels go with it, every day by themselves. Counts without persons stay."),
    )


def _figures(figures: Sequence[KeptFigure]) -> list[Block]:
    if not figures:
        return [Paragraph(text=_("None: no query may look for a person."))]
    grid = Grid(
        name="public_figures",
        caption=_("Public figures, and why they may be listened for"),
        columns=[
            Column(key="name", label=_("Name"), is_row_header=True),
            Column(key="role", label=_("Public role")),
            Column(key="reason", label=_("Reason"), is_wide=True),
            Column(key="until", label=_("Until"), kind="date"),
        ],
        rows=[
            {"name": one.name, "role": one.role, "reason": one.reason, "until": one.until}
            for one in figures
        ],
    )
    return [grid]


def _contact(public: Public) -> Words:
    if not public.contact:
        return _(
            "Write to the institution, to its data protection officer for example: everyone may "
            "ask what is kept of their posts, object, and have it erased."
        )
    return _(
        "Write to {contact}: everyone may ask what is kept of their posts, object, and have it "
        "erased.",
        contact=public.contact,
    )
