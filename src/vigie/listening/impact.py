"""The assessment of what listening does to people, filled in from what is kept, ready to sign."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from vigie.listening.kept import KeptQuery
from vigie.listening.public_register import REFUSALS, Public
from vigie.present import naming
from vigie.present.document import Block, Cell, Column, Document, Grid, Note, Paragraph, Section
from vigie.present.writing import Names
from vigie.words import Words, _, plural

BLANK = "………………………………"
"""Where a hand writes."""

RISKS: Sequence[tuple[Words, Words, Words]] = (
    (
        _("Someone inside uses listening to watch a person."),
        _("A student or a member of staff is judged by what they wrote outside."),
        _(
            "Queries on names and handles are refused; authors are pseudonyms made with a key; no "
            "list by author exists; every query is public, and every change is in a log that "
            "cannot be altered unseen."
        ),
    ),
    (
        _("What is kept gets out."),
        _("Words their author has taken down since are read again elsewhere."),
        _(
            "Access by role; only words that a network allows leave in a file; nobody is named "
            "in what is kept; days of keeping are few, and what is over is erased by itself."
        ),
    ),
    (
        _("A pseudonym is undone."),
        _("Posts of one person are brought together under their name."),
        _(
            "Pseudonyms are made with a keyed digest (HMAC-SHA-256); the key is in no table. "
            "The words of a public post can still be found by a search engine: no measure "
            "of ours prevents that, which is why words are kept for a limited time."
        ),
    ),
    (
        _("A label is wrong."),
        _("A cry for help is missed, or a joke is taken for one."),
        _(
            "Nothing is decided by a label alone: what is urgent is always read by a person; the "
            "team measures the errors on its own posts and shows them beside the figures."
        ),
    ),
    (
        _("People feel watched, and speak less freely."),
        _("Criticism of the institution grows silent."),
        _(
            "The register of queries is public with each purpose; small groups are never shown; "
            "criticism is counted to be answered, never to find its author."
        ),
    ),
)
"""What may happen, what it would do to people, and what holds it back."""


def document(public: Public, *, now: datetime) -> Document:
    """Return the assessment as a page and as files."""
    return Document(
        name="listening_impact",
        title=_("Impact assessment of listening on social networks"),
        lead=_(
            "Under article 35 of the General Data Protection Regulation. What Vigie knows is "
            "filled in; what only the institution can say is left blank."
        ),
        blocks=[
            Note(
                text=_(
                    "It is a text to work on, not legal advice: the data protection officer "
                    "reads it, completes it and gives an opinion before anyone signs."
                )
            ),
            Section(title=_("1. What is done"), name="what", blocks=_what(public)),
            Section(title=_("2. What for"), name="why", blocks=_why(public.queries)),
            Section(title=_("3. Whose data, which, how long"), name="data", blocks=_data(public)),
            Section(title=_("4. What is refused"), name="refused", blocks=_refused()),
            Section(title=_("5. The rights of people"), name="rights", blocks=_rights(public)),
            Section(title=_("6. Risks and measures"), name="risks", blocks=[_risks()]),
            Section(title=_("7. Opinions and decision"), name="signed", blocks=_signed()),
        ],
        made_at=now,
    )


def _what(public: Public) -> list[Block]:
    name = public.institution or BLANK
    return [
        Paragraph(text=_("Controller: {name}. Address: {blank}", name=name, blank=BLANK)),
        Paragraph(
            text=_(
                "Public posts on social networks that concern the institution are collected "
                "through the networks’ own interfaces, sorted by what they ask, and counted, so "
                "that questions get an answer and alarms are seen in time."
            )
        ),
        Paragraph(
            text=_(
                "Proposed legal basis: the task in the public interest of a public institution of "
                "higher education (article 6(1)(e)), or the legitimate interest of a private one "
                "(article 6(1)(f)). Confirmed by: {blank}",
                blank=BLANK,
            )
        ),
    ]


def _why(queries: Sequence[KeptQuery]) -> list[Block]:
    grid = Grid(
        name="purposes",
        caption=plural("{count} purpose", "{count} purposes", count=len(queries)),
        columns=[
            Column(key="title", label=_("Query"), is_row_header=True),
            Column(key="purpose", label=_("What it is for"), is_wide=True),
            Column(key="office", label=_("Kept by")),
        ],
        rows=[
            {"title": one.title, "purpose": one.purpose, "office": one.office} for one in queries
        ],
    )
    return [
        grid,
        Paragraph(
            text=_(
                "Why it cannot be done with less: {blank}",
                blank=BLANK,
            )
        ),
    ]


def _data(public: Public) -> list[Block]:
    networks = Names(tuple(map(naming.network, sorted(public.days))))
    return [
        Paragraph(
            text=_(
                "People concerned: anyone who publishes a public post that concerns the "
                "institution, among them students, applicants and staff, some of whom are minors."
            )
        ),
        Paragraph(
            text=_(
                "Data: the words of the post, its date, address, language and public counts, "
                "whether it answers another, labels (intent, office concerned, tone, urgency), "
                "and a pseudonym of its author. Neither name, nor handle, nor picture, nor "
                "profile. What a person writes may reveal beliefs, health or opinions (article "
                "9): it is not looked for, and no label sorts people by it."
            )
        ),
        Paragraph(text=_("Sources: {networks}.", networks=networks)),
        Grid(
            name="retention",
            caption=_("Days for which what other people wrote is kept, by network"),
            columns=[
                Column(key="network", label=_("Network"), is_row_header=True),
                Column(key="days", label=_("Days"), kind="integer"),
            ],
            rows=_days(public.days),
        ),
        Paragraph(
            text=_(
                "Who sees it: persons with a role on this site, by right; nobody outside. "
                "Transfers outside the European Union: {blank}",
                blank=BLANK,
            )
        ),
    ]


def _days(days: Mapping[str, int]) -> list[Mapping[str, Cell]]:
    return [
        {"network": naming.network(name), "days": count} for name, count in sorted(days.items())
    ]


def _refused() -> list[Block]:
    return [Paragraph(text=words) for words in REFUSALS]


def _rights(public: Public) -> list[Block]:
    contact = public.contact or BLANK
    return [
        Paragraph(
            text=_(
                "People are informed by the public register of queries, and by: {blank}",
                blank=BLANK,
            )
        ),
        Paragraph(
            text=_(
                "Access, objection and erasure: to {contact}. A post is found by its address, is "
                "erased from every table, and does not come back when a file is imported again.",
                contact=contact,
            )
        ),
    ]


def _risks() -> Grid:
    return Grid(
        name="risks",
        caption=_("What may happen, what it would do to people, what holds it back"),
        columns=[
            Column(key="risk", label=_("Risk"), is_row_header=True),
            Column(key="harm", label=_("Harm"), is_wide=True),
            Column(key="measure", label=_("Measures in place"), is_wide=True),
            Column(key="left", label=_("What is left, as judged")),
        ],
        rows=[
            {"risk": risk, "harm": harm, "measure": measure, "left": "………"}
            for risk, harm, measure in RISKS
        ],
    )


def _signed() -> list[Block]:
    people = (
        _("Data protection officer: opinion"),
        _("Representatives of students and staff: opinion"),
        _("Security officer: opinion"),
        _("Head of the institution: decision"),
    )
    grid = Grid(
        name="signatures",
        caption=_("To be signed"),
        columns=[
            Column(key="who", label=_("Who"), is_row_header=True),
            Column(key="opinion", label=_("Opinion"), is_wide=True),
            Column(key="signed", label=_("Date and signature"), is_wide=True),
        ],
        rows=[{"who": who, "opinion": BLANK, "signed": BLANK} for who in people],
    )
    review = _(
        "To be looked at again when a query changes its purpose, when a network is added, and in "
        "any case on: {blank}",
        blank=BLANK,
    )
    return [grid, Paragraph(text=review)]
