"""Who an institution is, as blocks of a document: one page that its president understands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from vigie.collect.connecting import may_export_words
from vigie.listening.identity_words import METHOD, STATES, heard, missing
from vigie.listening.portraits import SPECIALITY
from vigie.model import Identity, IdentitySpeciality, IdentityTerm, Institution
from vigie.present import naming
from vigie.present.document import (
    Block,
    Cell,
    Column,
    Figure,
    Figures,
    Grid,
    Interval,
    Link,
    Note,
    Paragraph,
    Section,
)
from vigie.present.drawing import Mark, bar_chart
from vigie.present.writing import Month, Names
from vigie.words import _, plural

MOST_TERMS = 30
DRAWN = 15
EXCERPT = 160


@dataclass(frozen=True, kw_only=True)
class Known:
    """What is known of one institution, and of those it is compared with."""

    institution: Institution
    identity: Identity
    peers: Sequence[Identity]
    """Of the same month, kind and language, itself among them."""
    names: Mapping[str, str]
    terms: Sequence[IdentityTerm]
    """The surest first."""
    declared: Sequence[IdentitySpeciality]
    posts: Sequence[Mapping[str, Any]]
    """Evidence, with words and address where they are still public."""

    @property
    def specialities(self) -> list[IdentityTerm]:
        """Return the terms it is known for."""
        return [one for one in self.terms if one.kind == SPECIALITY]

    @property
    def habits(self) -> tuple[str, ...]:
        """Return its ways of writing."""
        return tuple(one.written for one in self.terms if one.kind != SPECIALITY)


def blocks(known: Known) -> list[Block]:
    """Return all that is said of an institution."""
    why = missing(known.identity)
    if why is not None:
        return [Note(text=why, kind="partial"), _made()]
    return [
        _figures(known.identity),
        _beside_peers(known),
        Section(title=_("What is it known for?"), name="specialities", blocks=_known_for(known)),
        Section(title=_("Does what it declares come through?"), name="declared",
                blocks=_declared(known)),
        Section(title=_("Does the public use its words?"), name="public",
                blocks=[Paragraph(text=heard(known.identity, _heard(known)))]),
        Section(title=_("What does everybody speak of?"), name="common", blocks=[_common(known)]),
        *_evidence(known.posts),
        _made(),
    ]  # fmt: skip


def _made() -> Section:
    return Section(
        title=_("How is this made?"), name="made", blocks=[Paragraph(text=one) for one in METHOD]
    )


def _figures(found: Identity) -> Figures:
    return Figures(
        items=[
            Figure(
                label=_("Told without its name"),
                value=found.value,
                kind="decimal",
                decimals=2,
                low=found.low,
                high=found.high,
                n=found.posts,
                seen_at=found.computed_at,
                note=_("0.5 is guessing, 1 is always"),
            ),
            Figure(
                label=_("Told as posted"),
                value=found.posted,
                kind="decimal",
                decimals=2,
                low=found.posted_low,
                high=found.posted_high,
            ),
            Figure(
                label=_("What the name alone adds"),
                value=found.named,
                kind="decimal",
                decimals=2,
                low=found.named_low,
                high=found.named_high,
            ),
            Figure(
                label=_("Posts that could be read"),
                value=found.coverage,
                kind="percent",
                decimals=0,
                note=_("of those of the two years: in its first language, with words"),
            ),
        ]
    )


def _beside_peers(known: Known) -> Block:
    told = sorted((one for one in known.peers if one.value is not None), key=_most_told)
    place = [one.institution for one in told].index(known.identity.institution)
    shown = told[:DRAWN] if place < DRAWN else [*told[: DRAWN - 1], told[place]]
    return bar_chart(
        title=_("Told from its peers without its name: 0.5 is guessing"),
        sentence=plural(
            "{count} peer is told more easily, of {peers} with a figure.",
            "{count} peers are told more easily, of {peers} with a figure.",
            count=place,
            peers=len(told) - 1,
        ),
        marks=[
            Mark(
                name=known.names.get(one.institution, one.institution),
                value=one.value,
                low=one.low,
                high=one.high,
                is_mine=one.institution == known.identity.institution,
            )
            for one in shown
        ],
        table=overview(known.names, told, known.identity),
        number=".2f",
    )


def _most_told(one: Identity) -> tuple[float, str]:
    return -(one.value or 0), one.institution


def overview(
    names: Mapping[str, str], told: Sequence[Identity], month_of: Identity, *, links: bool = False
) -> Grid:
    """Return how far each of some institutions is told from its peers."""
    return Grid(
        name="identities",
        caption=_("Told from peers, up to {month}", month=Month(month_of.month_on)),
        columns=[
            Column(key="name", label=_("Institution"), is_row_header=True),
            Column(key="value", label=_("Told without its name"), kind="decimal", decimals=2),
            Column(key="posted", label=_("Told as posted"), kind="decimal", decimals=2),
            Column(key="named", label=_("What the name alone adds"), kind="decimal", decimals=2),
            Column(key="posts", label=_("Posts read"), kind="integer"),
            Column(key="coverage", label=_("Share read"), kind="percent", decimals=0),
        ],
        rows=[_row(names, one, links=links) for one in told],
        note=_("Intervals hold nine draws in ten. Below 250 posts there is no figure."),
    )


def _row(names: Mapping[str, str], one: Identity, *, links: bool) -> dict[str, Cell]:
    name = names.get(one.institution, one.institution)
    href = f"/listening/identity/{one.institution}/"
    return {
        "name": Link(text=name, href=href) if links else name,
        "value": Interval(value=one.value, low=one.low, high=one.high),
        "posted": Interval(value=one.posted, low=one.posted_low, high=one.posted_high),
        "named": Interval(value=one.named, low=one.named_low, high=one.named_high),
        "posts": one.posts,
        "coverage": one.coverage,
    }


def _known_for(known: Known) -> list[Block]:
    found: list[Block] = []
    if not known.specialities:
        found.append(
            Note(text=_("No word stands out in both halves of the two years: there is no "
                        "speciality that lasts."))
        )  # fmt: skip
    else:
        found.append(_terms(known.specialities[:MOST_TERMS]))
    if known.habits:
        words = Names(known.habits[:MOST_TERMS])
        found.append(Paragraph(text=_("Ways of writing, which say little of substance: {words}.",
                                      words=words)))  # fmt: skip
    return found


def _terms(terms: Sequence[IdentityTerm]) -> Grid:
    return Grid(
        name="specialities",
        caption=_("Words it uses more than its peers, in both halves of the two years"),
        columns=[
            Column(key="term", label=_("Word"), is_row_header=True),
            Column(key="own", label=_("Its posts"), kind="percent"),
            Column(key="peers", label=_("Posts of its peers"), kind="percent"),
            Column(key="z", label=_("How far it stands out"), kind="decimal",
                   unit=_("standard deviations")),
            Column(key="declared", label=_("Declared")),
            Column(key="heard", label=_("Used by its public")),
        ],
        rows=[
            {
                "term": one.written,
                "own": one.own / one.own_of if one.own_of else None,
                "peers": one.peers / one.peers_of if one.peers_of else None,
                "z": one.z,
                "declared": one.is_declared,
                "heard": one.is_heard,
            }
            for one in terms
        ],
    )  # fmt: skip


def _declared(known: Known) -> list[Block]:
    silent: list[Block] = []
    rest = [one.written for one in known.specialities if one.is_declared is False]
    if rest:
        silent.append(
            Paragraph(
                text=_(
                    "Comes through though nobody declared it: {words}.",
                    words=Names(tuple(rest[:MOST_TERMS])),
                )
            )
        )
    if not known.declared:
        ask = Note(text=_("It declares no speciality yet: say below what it wants to be known "
                          "for, with the words that speak of it."))  # fmt: skip
        return [ask, *silent]
    return [_declared_grid(known.declared), *silent]


def _declared_grid(declared: Sequence[IdentitySpeciality]) -> Grid:
    return Grid(
        name="declared",
        caption=_("Declared specialities"),
        columns=[
            Column(key="name", label=_("Speciality"), is_row_header=True),
            Column(key="state", label=_("In its posts")),
            Column(key="own", label=_("Its posts"), kind="percent"),
            Column(key="peers", label=_("Posts of its peers"), kind="percent"),
            Column(key="words", label=_("Words"), is_wide=True),
        ],
        rows=[
            {
                "name": one.name,
                "state": STATES.get(one.state, one.state),
                "own": one.own / one.own_of if one.own_of else None,
                "peers": one.peers / one.peers_of if one.peers_of else None,
                "words": ", ".join(one.words),
            }
            for one in declared
        ],
    )


def _heard(known: Known) -> tuple[str, ...]:
    return tuple(one.written for one in known.specialities if one.is_heard)


def _common(known: Known) -> Paragraph:
    if not known.identity.common:
        return Paragraph(text=_("Nothing is spoken of by all of them alike."))
    words = Names(known.identity.common)
    return Paragraph(text=_("All of them, as often as it does: {words}.", words=words))


def _evidence(posts: Sequence[Mapping[str, Any]]) -> list[Section]:
    if not posts:
        return []
    grid = Grid(
        name="evidence",
        caption=plural(
            "{count} post of both halves that shows what it is known for",
            "{count} posts of both halves that show what it is known for",
            count=len(posts),
        ),
        columns=[
            Column(key="post", label=_("Post"), is_row_header=True),
            Column(key="network", label=_("Network")),
            Column(key="day", label=_("Day"), kind="date"),
            Column(key="terms", label=_("Words"), is_wide=True),
        ],
        rows=[_post(one) for one in posts],
    )
    return [Section(title=_("Which posts show it?"), name="evidence", blocks=[grid])]


def _post(row: Mapping[str, Any]) -> dict[str, Cell]:
    words = " ".join((row["text"] or "").split())
    text = words if len(words) <= EXCERPT else words[: EXCERPT - 1].rstrip() + "…"
    network = naming.network(row["network"])
    left_out = _("words left out: the rules of {network}", network=network)
    in_files = None if may_export_words(row["network"]) else left_out
    link = Link(text=text, href=row["url"], in_files=in_files) if row["url"] else None
    return {
        "post": link or (text if in_files is None else in_files),
        "network": network,
        "day": row["published_on"],
        "terms": ", ".join(row["terms"] or ()),
    }
