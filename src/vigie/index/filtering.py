"""What a reader may narrow on the page of an edition."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

from vigie.index.method import Method
from vigie.index.published import methods_known
from vigie.index.viewing import View
from vigie.model import Edition
from vigie.present import naming
from vigie.present.document import Filter, Said
from vigie.present.writing import Country
from vigie.words import _


def filters(known: Sequence[Edition], view: View) -> tuple[Filter, ...]:
    """Return the choices this edition offers, with those made."""
    kinds = sorted({one for one in view.whole["kind"].unique().to_pylist() if one})
    countries = sorted({one for one in view.whole["country"].unique().to_pylist() if one})
    everything: dict[str, Said] = {"": _("All")}
    chosen = view.choices
    return (
        Filter(
            name="edition",
            label=_("Edition"),
            options={one.edition: one.edition for one in known},
            chosen=view.edition.edition,
        ),
        Filter(
            name="kind",
            label=_("Kind"),
            options=everything | {one: naming.kind(one) for one in kinds},
            chosen=chosen.get("kind", ""),
        ),
        Filter(
            name="country",
            label=_("Country"),
            options=everything | {one: _("{country}", country=Country(one)) for one in countries},
            chosen=chosen.get("country", ""),
        ),
        Filter(
            name="network",
            label=_("Network"),
            options=everything | {one: naming.network(one) for one in view.networks},
            chosen=chosen.get("network", ""),
        ),
        Filter(
            name="method",
            label=_("Method"),
            options={"": view.edition.method} | {one: method_words(one) for one in view.methods},
            chosen=chosen.get("method", ""),
        ),
    )


@cache
def _methods() -> Mapping[str, type[Method]]:
    return methods_known()


def method_words(name: str) -> Said:
    """Return the name of a method's list: ``rank_sum:total``."""
    method, _colon, listing = name.partition(":")
    member = _methods().get(method)
    label: Said = member.label if member is not None else method
    if listing in ("", "overall"):
        return label
    return _("{method} ({listing})", method=label, listing=_listing(listing))


def _listing(name: str) -> Said:
    """Return the words for a list: ``fans.facebook`` is fans, Facebook."""
    what, _dot, network = name.partition(".")
    known = {
        "fans": _("fans"),
        "growth": _("growth"),
        "followers": _("followers"),
        "subscribers": _("subscribers"),
        "engagement": _("engagement"),
        "views": _("views"),
        "posts": _("posts"),
        "interactions": _("interactions"),
    }
    words = known.get(what, naming.network(what))
    return _("{list}, {network}", list=words, network=naming.network(network)) if network else words
