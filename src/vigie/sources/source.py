"""What can be connected: the connectors that ask networks, and the webhooks they call."""

from __future__ import annotations

import difflib
import json
from collections.abc import Mapping
from dataclasses import dataclass

from vigie.collect.connecting import connectors, options_of
from vigie.collect.connector import Option, Permission
from vigie.errors import SettingError
from vigie.sources.webhook import webhooks
from vigie.words import Words, _

WEBHOOK = "webhook."
"""What the name of a webhook begins with, where connectors and webhooks are named together."""
LONGEST = 8192
"""Letters of one option."""


@dataclass(frozen=True, kw_only=True)
class Source:
    """Something a person may connect, and what they must enter."""

    name: str
    label: Words
    options: tuple[Option, ...]
    guide: Words | None
    permissions: tuple[Permission, ...] = ()

    @property
    def is_webhook(self) -> bool:
        """Whether it calls us, rather than we it."""
        return self.name.startswith(WEBHOOK)

    def option(self, name: str) -> Option:
        """Return an option; one that does not exist is refused with the nearest."""
        known = {option.name: option for option in self.options}
        if name in known:
            return known[name]
        near = difflib.get_close_matches(name, known, n=1, cutoff=0)
        if not near:
            raise SettingError(_("{source} has no options.", source=self.label))
        raise SettingError(
            _(
                "{source} has no option {name}. The nearest is {near}.",
                source=self.label,
                name=name,
                near=near[0],
            )
        )


def all_sources() -> Mapping[str, Source]:
    """Return everything that can be connected, by name."""
    asked = {
        name: Source(
            name=name,
            label=cls.label,
            options=options_of(cls),
            guide=cls.guide,
            permissions=cls.permissions,
        )
        for name, cls in connectors().items()
    }
    calling = {
        WEBHOOK + name: Source(
            name=WEBHOOK + name, label=cls.label, options=cls.options, guide=cls.guide
        )
        for name, cls in webhooks().items()
    }
    return {**asked, **calling}


def source(name: str) -> Source:
    """Return what is connected under a name; unknown names are refused with the known ones."""
    known = all_sources()
    if name not in known:
        raise SettingError(
            _(
                "There is nothing to connect named {name}. There are: {known}.",
                name=name[:60],
                known=", ".join(known),
            )
        )
    return known[name]


def checked(found: Source, given: Mapping[str, str]) -> dict[str, str]:
    """Return what a person entered; refuse what cannot be.

    A secret left empty stays as it was; any other option left empty is as the connector has it.
    """
    kept = {}
    for name, value in given.items():
        option, text = found.option(name), _on_one_line(value)
        if len(text) > LONGEST or not text.isprintable():
            raise SettingError(
                _(
                    "{option} holds signs that no key has, or too many. Copy it again, on one "
                    "line.",
                    option=option.label,
                )
            )
        if text or not option.is_secret:
            kept[name] = text
    return kept


def _on_one_line(value: str) -> str:
    """Return a value without what surrounds it; a key that is a JSON file, on one line."""
    text = value.strip()
    if not text.startswith("{"):
        return text
    try:
        return json.dumps(json.loads(text))
    except (ValueError, RecursionError):
        return text
