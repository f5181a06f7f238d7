"""What the inbox lets out: times and services, no names and no words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from vigie.model.record import Record


@dataclass(frozen=True, kw_only=True)
class Conversation(Record):
    """One conversation of the inbox as it stood: times and names of offices, no person, no word."""

    table: ClassVar[str] = "conversations"
    key: ClassVar[tuple[str, ...]] = ("conversation",)
    month: ClassVar[str | None] = "opened_on"

    conversation: str
    """A pseudonym: without the key of the installation it leads nowhere."""
    institution: str
    opened_at: datetime
    opened_on: date
    """The day in the institution's own time zone."""
    observed_at: datetime
    """Until when it was followed."""
    service: str | None = None
    """The short name of the service that answers; unknown: nobody owns it."""
    office: str | None = None
    """What people call that service."""
    is_confidential: bool = False
    channel: str
    kind: str
    """mail, direct, comment, mention, review, form, found."""
    language: str | None = None
    urgency: str = "normal"
    topic: str | None = None
    """From the list of the service, chosen by a person."""
    state: str
    left_out: str | None = None
    """Why it asks for no answer: automatic, spam, nothing_asked; unknown: it asks for one."""
    incoming: int = 0
    """Messages that came, automatic ones left out."""
    outgoing: int = 0
    """Messages that a person sent."""
    reopened: int = 0
    answered_at: datetime | None = None
    """The first answer by a person; unknown: none so far."""
    closed_at: datetime | None = None
    """The last close; unknown: it is not closed."""
    closed_on: date | None = None
    """Its day in the institution's own time zone."""
    waited_minutes: int
    """Service hours from the first message to the first answer, or to the last look."""
    target_minutes: int | None = None
    """Within how many an answer was owed; unknown: no target was set."""
    lasted_minutes: int | None = None
    """Service hours from the first message to the last close, or to the last look, without those in
    which we waited for the other side."""
    is_asked: bool = False
    """Whether the other side was asked how satisfied they are."""
    score: int | None = None
    """Their answer, 1 to 5; unknown: none."""


@dataclass(frozen=True, kw_only=True)
class Response(Record):
    """One turn of a conversation: a message that came, and how long it waited for an answer."""

    table: ClassVar[str] = "responses"
    key: ClassVar[tuple[str, ...]] = ("conversation", "place")
    month: ClassVar[str | None] = "asked_on"

    conversation: str
    place: int
    """0 is the first message."""
    institution: str
    service: str | None = None
    channel: str
    kind: str
    asked_at: datetime
    asked_on: date
    answered_at: datetime | None = None
    """Unknown: nobody answered so far."""
    observed_at: datetime
    waited_minutes: int
    """Service hours to the answer, or to the last look."""


@dataclass(frozen=True, kw_only=True)
class MessageDay(Record):
    """How many messages a service was sent by a channel on a day, and how many it wrote.

    Of conversations that ask for an answer; automatic messages are left out.
    """

    table: ClassVar[str] = "message_days"
    key: ClassVar[tuple[str, ...]] = ("day", "institution", "service", "channel", "topic")
    month: ClassVar[str | None] = "day"

    day: date
    """On which they were written, in the institution's own time zone."""
    institution: str
    service: str | None = None
    """The short name of the service; unknown: nobody owns the conversation."""
    channel: str
    topic: str | None = None
    """Of the conversation, chosen by a person."""
    incoming: int = 0
    outgoing: int = 0
    """Messages that a person sent."""
