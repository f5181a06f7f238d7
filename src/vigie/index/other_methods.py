"""How every other published method would rank a group, and which cannot be used there, and why."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from vigie.index.method import Entry, Method
from vigie.index.published import methods_known
from vigie.index.sums import networks_known, places
from vigie.measure.measuring import known_indicators
from vigie.model import MethodGap, OtherRank
from vigie.present.writing import Names
from vigie.words import Words, _

OWN = "vigie"
"""The method of the Index itself: the others are all but this one."""


@dataclass(frozen=True, kw_only=True)
class Where:
    """Which edition, revision and group rows belong to."""

    edition: str
    revision: int
    group: str


@dataclass(frozen=True, kw_only=True)
class OtherMethods:
    """What the other methods say of a group."""

    ranks: Sequence[OtherRank] = ()
    gaps: Sequence[MethodGap] = ()

    @property
    def caveats(self) -> tuple[Words, ...]:
        """Name the methods that are not shown, each with its reason."""
        lacking: dict[str, list[str]] = {}
        for gap in self.gaps:
            lacking.setdefault(gap.method, []).append(gap.figure)
        return tuple(
            _("Not shown: {method}. {reason}", method=label_of(name), reason=why(name, figures))
            for name, figures in lacking.items()
        )


def by_other_methods(entries: Sequence[Entry], where: Where) -> OtherMethods:
    """Rank a group by every other method; name the figures the others lack."""
    ranks: list[OtherRank] = []
    gaps: list[MethodGap] = []
    for name, member in others_known().items():
        missing = lacks(member, entries)
        found = [] if missing else list(_ranked(name, member(), entries, where))
        if any(one.rank for one in found):
            ranks += found
        else:
            # Nobody is ranked although each figure is known of some: of all of them too little is.
            gaps += [_gap(name, figure, where) for figure in missing or sorted(member.needs)]
    return OtherMethods(ranks=ranks, gaps=gaps)


def others_known() -> dict[str, type[Method]]:
    """Return every method but that of the Index."""
    return {name: member for name, member in methods_known().items() if name != OWN}


def lacks(member: type[Method], entries: Sequence[Entry]) -> list[str]:
    """Return the figures a method needs of which too little is known where it looks."""
    seen = [one for one in entries if member.network in (None, one.network)]
    return sorted(need for need in member.needs if not networks_known(seen, need))


def unmeasured(member: type[Method]) -> list[str]:
    """Return the figures a method needs that no indicator gives."""
    return sorted(member.needs - set(known_indicators()))


def label_of(method: str) -> Words | str:
    """Return the name of a method; a method that is no longer known keeps its key."""
    member = methods_known().get(method)
    return member.label if member is not None else method


def why(method: str, figures: Collection[str]) -> Words:
    """Say why a method is not shown: what is not known at all, else what too little is known of."""
    member = methods_known().get(method)
    never = [] if member is None else [one for one in unmeasured(member) if one in figures]
    if never:
        return _("Not known: {figures}.", figures=_named(member, never))
    if figures:
        return _("Too little is known of: {figures}.", figures=_named(member, figures))
    return _("This edition was computed without it.")


def _named(member: type[Method] | None, figures: Collection[str]) -> Names:
    indicators = known_indicators()
    said = {} if member is None else member.unmeasured
    return Names(
        tuple(
            indicators[one].label if one in indicators else said.get(one, one)
            for one in sorted(figures)
        )
    )


def _ranked(
    name: str, method: Method, entries: Sequence[Entry], where: Where
) -> Iterator[OtherRank]:
    for listing in method.listings(entries):
        ranks = places(listing.scores, higher_leads=listing.higher_leads)
        for institution in sorted(listing.scores):
            yield OtherRank(
                edition=where.edition,
                revision=where.revision,
                group=where.group,
                institution=institution,
                method=name,
                listing=listing.name,
                score=listing.scores[institution],
                rank=ranks.get(institution),
            )


def _gap(method: str, figure: str, where: Where) -> MethodGap:
    return MethodGap(
        edition=where.edition,
        revision=where.revision,
        group=where.group,
        method=method,
        figure=figure,
    )
