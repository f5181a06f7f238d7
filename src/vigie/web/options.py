"""The form in which a person enters what a source needs; what is secret is never shown again."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.http import HttpRequest

from vigie.collect.connecting import LIMITS
from vigie.sources.connections import lacking
from vigie.sources.models import Connection
from vigie.sources.source import Source
from vigie.web.sentences import said
from vigie.words import Words

FIELD = "option-"
STEP = re.compile(r"(?:^|\s)\d{1,2}\.\s+")


@dataclass(frozen=True, kw_only=True)
class Field:
    """One option, as it is asked for."""

    name: str
    label: Words
    is_secret: bool
    is_required: bool
    value: str
    """What is shown; always empty for a secret."""
    ends: str
    """The last letters of the secret that is kept."""
    entered_on: date | None
    is_in_settings: bool
    """The settings of the installation give it."""

    @property
    def field(self) -> str:
        """The name of the field in the form."""
        return FIELD + self.name


def fields(
    source: Source, row: Connection | None, posted: Mapping[str, str] | None = None
) -> tuple[Sequence[Field], Sequence[Field]]:
    """Return the fields of a source: those a person fills in, and those seldom changed."""
    configured = settings.CONFIGURED
    needed = {
        option.name for option in lacking(source.name, source.options, row=row, settings=configured)
    }
    limits = {option.name for option in LIMITS}
    own: list[Field] = []
    seldom: list[Field] = []
    for option in source.options:
        hint = row.hints.get(option.name) if row else None
        shown = "" if option.is_secret else (row.options if row else {}).get(option.name, "")
        if posted is not None and not option.is_secret:
            shown = posted.get(FIELD + option.name, shown)
        field = Field(
            name=option.name,
            label=option.label,
            is_secret=option.is_secret,
            is_required=option.name in needed,
            value=shown or ("" if option.is_secret else option.default),
            ends=hint["ends"] if hint else "",
            entered_on=date.fromisoformat(hint["on"]) if hint else None,
            is_in_settings=f"{source.name}_{option.name}" in configured.connect,
        )
        is_seldom = option.name in limits or bool(option.default)
        (seldom if is_seldom else own).append(field)
    return own, seldom


def given(request: HttpRequest, source: Source, row: Connection | None) -> dict[str, str]:
    """Return what was entered: secrets that were typed, and plain options that changed."""
    found = {}
    for option in source.options:
        value = request.POST.get(FIELD + option.name, "").strip()
        before = (row.options if row else {}).get(option.name, "")
        if value != (before or option.default) and (value or not option.is_secret):
            found[option.name] = value if value != option.default else ""
    return found


def steps(guide: Words | None) -> list[str]:
    """Return a guide step by step, in the reader's language; one that has no steps as one."""
    return [part.strip() for part in STEP.split(said(guide)) if part.strip()] if guide else []
