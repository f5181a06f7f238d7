"""What is known of a past conversation beside its messages, and of files already in place."""

from __future__ import annotations

from dataclasses import dataclass
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
class Past:
    """What colleagues said of a conversation, and who they knew it was with."""

    contact: PastContact
    topic: str = ""
    urgency: str = ""
    closed_at: datetime | None = None
    is_confidential: bool = False
    notes: tuple[PastNote, ...] = ()
