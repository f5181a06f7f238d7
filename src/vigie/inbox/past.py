"""What is known of a past conversation beside its messages, and of files already in place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from vigie.words import Words


@dataclass(frozen=True, kw_only=True)
class Kept:
    """What became of a file that came."""

    name: str
    media_type: str
    size: int
    digest: str
    file: str = ""
    """Below the home folder; empty: it was not kept."""
    refused: Words | None = None
    alt: str = ""


@dataclass(frozen=True, kw_only=True)
class PastContact:
    """Whom it was with, as they were known where it comes from."""

    name: str = ""
    language: str = ""
    tags: tuple[str, ...] = ()
    consent: str = "unknown"
    handles: tuple[tuple[str, str, str], ...] = ()
    """Each by network, address and what people know it by."""


@dataclass(frozen=True, kw_only=True)
class PastNote:
    """What a colleague noted."""

    words: str
    at: datetime
    by: str = ""
    """Name; empty: unknown."""


@dataclass(frozen=True, kw_only=True)
class PastPerson:
    """A colleague, as they were known there."""

    name: str
    sign_in: str = ""
    """Empty: they had no account, and are known by their address."""
    mail: str = ""


@dataclass(frozen=True, kw_only=True)
class PastPassage:
    """To whom it went, why, and who said so."""

    at: datetime
    by: str
    service: str = ""
    """Slug."""
    service_name: str = ""
    person: PastPerson | None = None
    reason: Mapping[str, str] = field(default_factory=dict)
    """In words, by language."""


@dataclass(frozen=True, kw_only=True)
class PastLink:
    """Another conversation that stood beside it."""

    thread: str
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class PastSatisfaction:
    """One question asked after closing, and its answer if there was one."""

    asked_at: datetime
    answered_at: datetime | None = None
    score: int | None = None
    words: str = ""


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Who had it, and how far it was."""

    state: str
    person: PastPerson | None = None
    snoozed_until: datetime | None = None
    delayed_until: datetime | None = None
    reopened: int = 0
    response_minutes: int | None = None
    resolution_minutes: int | None = None


@dataclass(frozen=True, kw_only=True)
class History:
    """How it stood, and how it came to that."""

    standing: Standing | None = None
    """Unknown: an earlier version wrote it, and it comes back closed."""
    passages: tuple[PastPassage, ...] = ()
    links: tuple[PastLink, ...] = ()
    satisfaction: PastSatisfaction | None = None


@dataclass(frozen=True, kw_only=True)
class Past:
    """What colleagues said of a conversation, and who they knew it was with."""

    contact: PastContact
    topic: str = ""
    urgency: str = ""
    closed_at: datetime | None = None
    is_confidential: bool = False
    notes: tuple[PastNote, ...] = ()
    history: History = field(default_factory=History)
