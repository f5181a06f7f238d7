"""What admitting messages goes by, what it takes, and what became of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from vigie.inbox.channel import Incoming
from vigie.inbox.forgetting import Mark
from vigie.inbox.models import Arrival, Conversation
from vigie.inbox.owing import Terms
from vigie.inbox.routing import Rule
from vigie.inbox.understanding import Understand


@dataclass(frozen=True, kw_only=True)
class Office:
    """What admitting goes by: rules in their order, hours and targets, the classifiers."""

    home: Path
    rules: Sequence[Rule]
    services: Mapping[str, int]
    """Kind of office → the service of the institution that is one."""
    slugs: Mapping[str, int] = field(default_factory=dict)
    """Slug → the service, where people choose among them."""
    terms: Terms
    understand: Understand
    mark: Mark
    now: datetime


@dataclass(frozen=True, kw_only=True)
class Came:
    """One message, and the payload it came in."""

    arrival: Arrival
    message: Incoming


@dataclass(kw_only=True)
class Admitted:
    """What became of messages, by payload."""

    kept: list[int] = field(default_factory=list)
    duplicate: list[int] = field(default_factory=list)
    ignored: list[int] = field(default_factory=list)
    opened: list[Conversation] = field(default_factory=list)
    continued: list[Conversation] = field(default_factory=list)
    came_back: list[Conversation] = field(default_factory=list)
    """Those of the opened that Vigie knew before, here or elsewhere."""
