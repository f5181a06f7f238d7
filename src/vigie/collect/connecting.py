"""Finds connectors and gives each the options that the settings and the connections hold."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from typing import TypeVar

from vigie.collect import connectors as folder
from vigie.collect.connector import Allowance, Connector, Option
from vigie.errors import SettingError
from vigie.plugins import members
from vigie.words import _

N = TypeVar("N", int, float)
NONE: Mapping[str, str] = {}
LIMITS = (
    Option(name="calls", label=_("Most questions in a period; empty: what the network allows.")),
    Option(name="posts", label=_("Most posts read in a period; empty: what the network allows.")),
    Option(name="euros", label=_("Most euros spent in a period; empty: no limit of ours.")),
    Option(
        name="price_per_post", label=_("Euros that the network asks for one post."), default="0"
    ),
)
"""Options of every connector."""


@cache
def connectors() -> Mapping[str, type[Connector]]:
    """Return every connector by name."""
    return members(folder, Connector)


def connect(
    name: str, *, settings: Mapping[str, str] = NONE, secrets: Mapping[str, str] = NONE
) -> Connector:
    """Return a connector ready to ask.

    ``settings`` are the options of all connectors as ``network_option`` → value; ``secrets``
    those of this one that a person entered on the site: they win. Raises ``SettingError`` for a
    connector or an option that does not exist.
    """
    check_options(settings)
    if name not in connectors():
        raise _unknown(name, connectors())
    member = connectors()[name]
    options = options_of(member)
    given = {
        option.name: settings[f"{name}_{option.name}"]
        for option in options
        if f"{name}_{option.name}" in settings
    }
    defaults = {option.name: option.default for option in options}
    return member({**defaults, **given, **secrets})


def options_of(member: type[Connector]) -> tuple[Option, ...]:
    """Return the options of a connector: its own, and the limits that all have."""
    own = {option.name for option in member.options}
    return (*member.options, *(option for option in LIMITS if option.name not in own))


def allowance_of(connector: Connector) -> Allowance:
    """Return what may be asked: what the network allows, or less where the settings say so."""
    return replace(
        connector.allowance,
        calls=_least(connector.allowance.calls, _limit(connector, "calls", int)),
        posts=_least(connector.allowance.posts, _limit(connector, "posts", int)),
        euros=_least(connector.allowance.euros, _limit(connector, "euros", float)),
    )


def price_per_post(connector: Connector) -> float:
    """Return the euros one post costs."""
    return _limit(connector, "price_per_post", float) or 0.0


def _limit(connector: Connector, name: str, kind: Callable[[str], N]) -> N | None:
    written = connector.chosen.get(name, "")
    try:
        return kind(written) if written else None
    except ValueError as error:
        raise SettingError(
            _("{name} must be a number, not {value}.", name=name, value=written)
        ) from error


def _least(one: N | None, other: N | None) -> N | None:
    return min((number for number in (one, other) if number is not None), default=None)


def may_export_words(network: str) -> bool:
    """Whether the words of posts of a network may leave in a file; every connector must agree."""
    own = [one.rights for one in connectors().values() if one.network == network]
    return all(rights.may_export_words for rights in own)


def may_export_others(network: str) -> bool:
    """Whether what other people wrote there may leave in a file; nobody's rules known: it stays."""
    own = [one.rights for one in connectors().values() if one.network == network]
    return bool(own) and all(rights.may_export_others for rights in own)


def may_show_words(network: str) -> bool:
    """Whether posts of a network may be shown on a page, with a link to where they stand."""
    own = [one.rights for one in connectors().values() if one.network == network]
    return all(rights.may_show_words for rights in own)


def days_of_words() -> dict[str, int]:
    """Return for how many days the words of posts are kept, by connector that has a limit."""
    limits = {name: cls.rights.keep_words_days for name, cls in connectors().items()}
    return {name: days for name, days in limits.items() if days is not None}


def days_of_others() -> Mapping[str, int]:
    """Return for how many days what other people wrote is kept, by network: the fewest count."""
    found: dict[str, int] = {}
    for cls in connectors().values():
        days = cls.rights.keep_others_days
        found[cls.network] = min(days, found.get(cls.network, days))
    return found


def asked_by_themselves(ready: Mapping[str, Connector]) -> list[str]:
    """Return which connectors are asked when nobody names one: no account is asked about twice.

    Left out are those that read the accounts of another one: on demand, or in its place.
    """
    return [
        name
        for name, connector in ready.items()
        if not connector.is_on_demand and connector.stands_in_for not in ready
    ]


def missing(connector: Connector) -> tuple[str, ...]:
    """Return the names of the options without which this connector cannot ask."""
    return tuple(
        option.name
        for option in connector.options
        if option.is_needed and not connector.chosen.get(option.name)
    )


def check_options(settings: Mapping[str, str]) -> None:
    """Refuse an option that no connector has, with the nearest one."""
    known = [
        f"{name}_{option.name}" for name, cls in connectors().items() for option in cls.options
    ]
    for name in settings:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1, cutoff=0)
            raise SettingError(
                _(
                    "No connector has the option {name}. The nearest is {near}.",
                    name=name,
                    near=near[0] if near else "—",
                )
            )


def _unknown(name: str, known: Mapping[str, object]) -> SettingError:
    return SettingError(
        _(
            "There is no connector {name}. The connectors are: {known}.",
            name=name,
            known=", ".join(known),
        )
    )
