"""The fixed choices of listening: kinds of alerts and events, ways, scopes of consent."""

from __future__ import annotations

ALERT_KINDS = ("spike", "urgent", "count")
"""More than expected; each new urgent post; at least so many posts within a time."""
WAYS = ("mail", "webhook", "feed")
ROUNDS = ("first", "repeat", "deputy")
"""Why a message is sent: the first time, because nobody read it, because nobody answers."""
EVENT_KINDS = (
    "term", "admissions", "exams", "results", "holidays", "strike", "open_days", "other",
)  # fmt: skip
EVENT_SOURCES = ("default", "team")
CONSENT_SCOPES = ("quote", "image", "quote_and_image")
CONSENT_ANSWERS = ("yes", "no")
CONSENT_WAYS = ("direct", "reply")
"""A link that only the author sees, or one that stands in public."""
INBOX_INTENTS = ("question", "complaint")
"""Intents whose mentions a query may send to the inbox: what waits for an answer."""
