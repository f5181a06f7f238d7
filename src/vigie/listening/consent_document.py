"""Which posts may be reused, and which no longer: only those whose authors agree are exported."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from vigie.collect.connecting import may_export_words
from vigie.listening.consenting import SCOPES
from vigie.present import naming
from vigie.present.document import Cell, Column, Document, Grid, Link, Section
from vigie.words import Words, _, plural

STAYS = _("The words stay here: the rules of the network do not let them leave in a file.")
UNNAMED = _("without a name")
GONE = _("The post was taken down, or its time in the store is over.")
WITHDRAWN = _("The author took the yes back.")
OVER = _("The last day of use is past.")


@dataclass(frozen=True, kw_only=True)
class Reusable:
    """A post whose author agrees, with its words as they stand now."""

    network: str
    url: str
    text: str
    credit: str
    purpose: str
    scope: str
    used_until: date
    answered_at: datetime


@dataclass(frozen=True, kw_only=True)
class Stopped:
    """A post that may no longer be used, and why."""

    network: str
    url: str
    purpose: str
    since: datetime | date | None
    reason: Words


REUSABLE = (
    Column(key="text", label=_("Words"), is_row_header=True),
    Column(key="credit", label=_("Name to give")),
    Column(key="scope", label=_("What may be shown")),
    Column(key="purpose", label=_("What for"), is_wide=True),
    Column(key="until", label=_("Until"), kind="date"),
    Column(key="network", label=_("Network")),
    Column(key="url", label=_("Address")),
    Column(key="since", label=_("Agreed on"), kind="date"),
)
STOPPED = (
    Column(key="url", label=_("Address"), is_row_header=True),
    Column(key="network", label=_("Network")),
    Column(key="purpose", label=_("What it was for"), is_wide=True),
    Column(key="reason", label=_("Why"), is_wide=True),
    Column(key="since", label=_("Since"), kind="date"),
)


def document(
    reusable: Sequence[Reusable], stopped: Sequence[Stopped], *, now: datetime
) -> Document:
    """Return what may be reused, and what must no longer be."""
    main = Grid(
        name="reusable",
        caption=_("Posts whose authors agree"),
        columns=REUSABLE,
        rows=[_reusable(one) for one in reusable],
    )
    ended = Grid(
        name="no_longer",
        caption=_("Posts to take down wherever they are shown"),
        columns=STOPPED,
        rows=[_stopped(one) for one in stopped],
    )
    return Document(
        name="reusable-posts",
        title=_("Whose words may we show?"),
        lead=plural(
            "{count} post may be shown, under the name its author chose.",
            "{count} posts may be shown, each under the name its author chose.",
            count=len(reusable),
        ),
        blocks=[
            Section(title=_("They agree"), blocks=[main]),
            Section(title=_("No longer to be used"), blocks=[ended]),
        ],
        made_at=now,
        main=main,
    )


def _reusable(one: Reusable) -> Mapping[str, Cell]:
    has_words = one.scope != "image"
    words: Cell = one.text if may_export_words(one.network) else Link(
        text=one.text, href=one.url, in_files=STAYS
    )  # fmt: skip
    return {
        "text": words if has_words else "",
        "credit": one.credit or UNNAMED,
        "scope": SCOPES[one.scope],
        "purpose": one.purpose,
        "until": one.used_until,
        "network": naming.network(one.network),
        "url": _address(one.network, one.url),
        "since": one.answered_at.date(),
    }


def _address(network: str, url: str) -> Cell:
    """Lead to a post in a few words on a page; a file has its whole address."""
    opened = _("Open on {network}", network=naming.network(network))
    return Link(text=opened, href=url, in_files=url) if url else ""


def _stopped(one: Stopped) -> Mapping[str, Cell]:
    since = one.since.date() if isinstance(one.since, datetime) else one.since
    return {
        "url": _address(one.network, one.url),
        "network": naming.network(one.network),
        "purpose": one.purpose,
        "reason": one.reason,
        "since": since,
    }
