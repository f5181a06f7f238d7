"""What people keep for listening, as plain values that the pure rules read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, kw_only=True)
class KeptQuery:
    """What listening looks for."""

    name: str
    title: str
    words: str
    """In the query language."""
    purpose: str
    office: str
    languages: tuple[str, ...] = ()
    """ISO 639-1 codes it expects; none: any."""
    networks: tuple[str, ...] = ()
    """Networks it is put to; none: all that can be searched."""
    is_on: bool = True
    to_inbox: tuple[str, ...] = ()
    """Intents whose mentions go to the inbox by themselves."""
    since: date | None = None
    """The day it began; unknown before it is kept."""
    permitted_because: str = ""
    """Why an administrator let it pass although it reads like a person's name."""


@dataclass(frozen=True, kw_only=True)
class KeptEvent:
    """Days on which more or less is said than usual."""

    name: str
    title: Mapping[str, str]
    """By language."""
    kind: str
    first_day: date
    last_day: date
    factor: float | None = None
    """What is usual is multiplied by it; unknown: to be learned."""
    network: str | None = None
    """None: every network."""
    institution: str | None = None
    """Slug; none: every institution."""
    source: str = "team"


@dataclass(frozen=True, kw_only=True)
class KeptFigure:
    """A person it is right to listen for, and why."""

    name: str
    handles: tuple[str, ...]
    role: str
    reason: str
    until: date


@dataclass(frozen=True, kw_only=True)
class KeptSpeciality:
    """What an institution says it is known for."""

    institution: str
    """Slug."""
    name: str
    words: tuple[str, ...]
