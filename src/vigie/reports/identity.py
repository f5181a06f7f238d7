"""Can an institution be told from its peers, by what, and is that what it wants?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, ClassVar, TypeVar

import ibis.expr.types as ir

from vigie.columns import records_of
from vigie.errors import ReportError
from vigie.index.reading import institution_named
from vigie.listening.identity_document import Known, blocks, overview
from vigie.listening.identity_words import METHOD, lead, title
from vigie.model import (
    Identity,
    IdentityPost,
    IdentitySpeciality,
    IdentityTerm,
    Institution,
    Record,
)
from vigie.present.document import Document, Filter, Note, Paragraph, Said
from vigie.present.report import GRID, Choice, Report
from vigie.present.writing import Month
from vigie.words import Words, _, plural

R = TypeVar("R", bound=Record)
Tables = Mapping[str, ir.Table]


class IdentityReport(Report):
    """How far an institution can be told from its peers by its posts, and by what.

    What it is known for, whether its declared specialities come through, whether the public uses
    its words, and ten posts as evidence. Without an institution: how far each can be told.
    """

    label: ClassVar[Words] = _("Identity: can it be told from its peers, and by what?")
    needs: ClassVar[frozenset[str]] = frozenset(
        {"institutions", "identities", "identity_terms", "identity_specialities",
         "identity_posts", "posts"}
    )  # fmt: skip
    choices: ClassVar[tuple[Choice, ...]] = (
        Choice(name="institution", label=_("Institution"),
               help=_("Its short name, as in its address.")),
        Choice(name="month", label=_("Month"), help=_("As 2026-10; the latest unless said.")),
        GRID,
    )  # fmt: skip

    def build(
        self, tables: Mapping[str, ir.Table], *, choices: Mapping[str, str], now: datetime
    ) -> Document:
        rows = records_of(Institution, tables["institutions"].to_pyarrow())
        names = {one.institution: one.short_name or one.name for one in rows}
        slug = choices.get("institution", "")
        every = tables["identities"]
        mine = every.filter(every.institution == slug) if slug else every
        months = sorted(mine.month_on.to_pyarrow().unique().to_pylist(), reverse=True)
        month = _chosen(months, choices.get("month", ""))
        given = dict(choices)
        filters = _filters(months, month)
        if slug:
            institution = institution_named(tables["institutions"], slug)
            if month is None:
                return _not_yet(institution.name, given, now)
            known = _known(tables, institution, names, month)
            return Document(
                name="identity",
                title=title(institution.name, known.identity),
                lead=lead(known.identity),
                blocks=blocks(known),
                made_at=now,
                is_invented=institution.is_invented,
                choices=given,
                filters=filters,
                main=overview(names, known.peers, known.identity),
            )
        if month is None:
            return _not_yet("", given, now)
        told = sorted(_of(every, Identity, month), key=_most_told)
        grid = overview(names, told, told[0], links=True)
        return Document(
            name="identity",
            title=_("Who can be told from the others?"),
            lead=_lead(told),
            blocks=[grid, *(Paragraph(text=one) for one in METHOD)],
            made_at=now,
            is_invented=any(one.is_invented for one in rows),
            choices=given,
            filters=filters,
        )


def _most_told(one: Identity) -> tuple[bool, float, str]:
    return one.value is None, -(one.value or 0), one.institution


def _lead(told: Sequence[Identity]) -> Words:
    count = sum(1 for one in told if one.value is not None)
    if count == len(told):
        return plural(
            "{count} institution has a figure.", "{count} institutions have a figure.", count=count
        )
    return plural(
        "{count} institution has a figure, of {total}: the others have too few posts or peers.",
        "{count} institutions have a figure, of {total}: the others have too few posts or peers.",
        count=count,
        total=len(told),
    )


def _chosen(months: Sequence[date], wanted: str) -> date | None:
    for month in months:
        if not wanted or f"{month:%Y-%m}" == wanted[:7]:
            return month
    if not months:
        return None
    raise ReportError(
        _(
            "No identity is known for {month}. The latest is {latest}.",
            month=wanted[:20],
            latest=f"{months[0]:%Y-%m}",
        )
    )


def _filters(months: Sequence[date], month: date | None) -> tuple[Filter, ...]:
    if month is None:
        return ()
    options: dict[str, Said] = {f"{one:%Y-%m}": _("{month}", month=Month(one)) for one in months}
    chosen = f"{month:%Y-%m}"
    return (Filter(name="month", label=_("Up to"), options=options, chosen=chosen),)


def _of(table: ir.Table, record: type[R], month: date, slug: str = "") -> list[R]:
    rows = table.filter(table.month_on == month)
    if slug:
        rows = rows.filter(rows.institution == slug)
    return records_of(record, rows.to_pyarrow())


def _known(
    tables: Tables, institution: Institution, names: Mapping[str, str], month: date
) -> Known:
    slug = institution.institution
    (identity,) = _of(tables["identities"], Identity, month, slug)
    among = {slug, *identity.peers}
    everyone = _of(tables["identities"], Identity, month)
    terms = _of(tables["identity_terms"], IdentityTerm, month, slug)
    declared = _of(tables["identity_specialities"], IdentitySpeciality, month, slug)
    return Known(
        institution=institution,
        identity=identity,
        peers=sorted((one for one in everyone if one.institution in among), key=_most_told),
        names=names,
        terms=sorted(terms, key=lambda one: -one.z),
        declared=sorted(declared, key=lambda one: (-one.z, one.name)),
        posts=_posts(tables, _of(tables["identity_posts"], IdentityPost, month, slug)),
    )


def _posts(tables: Tables, evidence: Sequence[IdentityPost]) -> list[dict[str, Any]]:
    """Return the posts that show it, with their words: what was taken down is not there."""
    if not evidence:
        return []
    posts = tables["posts"]
    wanted = posts.filter(
        posts.post.isin([one.post for one in evidence]), posts.text.notnull()
    ).select("network", "post", "text", "url", "published_on")
    found = {(row["network"], row["post"]): row for row in wanted.to_pyarrow().to_pylist()}
    return [
        {**found[one.network, one.post], "terms": one.terms}
        for one in sorted(evidence, key=lambda one: one.place)
        if (one.network, one.post) in found
    ]


def _not_yet(name: str, choices: Mapping[str, str], now: datetime) -> Document:
    asked = _("Can {name} be told from its peers?", name=name)
    return Document(
        name="identity",
        title=asked if name else _("Who can be told from the others?"),
        lead=_("Nobody looked yet: it is looked at once a month, two years of posts at a time."),
        blocks=[
            Note(text=_("To look now: vigie identity. 250 posts of the institution are needed, "
                        "and three peers of its kind and language.")),
            *(Paragraph(text=one) for one in METHOD),
        ],
        made_at=now,
        choices=dict(choices),
        main=overview({}, [], Identity(institution="", month_on=now.date(), computed_at=now,
                                       first_on=now.date())),
    )  # fmt: skip
