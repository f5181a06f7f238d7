"""The nouns that travel: a class here is a table in the store."""

from __future__ import annotations

from vigie.model.asked import Cursor, Quarantined, Raw, Run, Tombstone, Visit
from vigie.model.compared import Edition, MethodGap, OtherRank, Standing, StandingPart
from vigie.model.conversed import Conversation, MessageDay, Response
from vigie.model.measured import Identity, IdentityPost, IdentitySpeciality, IdentityTerm, Value
from vigie.model.observed import AccountDay, Mention, Post, Snapshot
from vigie.model.record import Record
from vigie.model.registered import Account, Enrolment, Event, Institution, Statement
from vigie.model.understood import EmergingTerm, Label, Spike, ThemedPost, ThemeFound

__all__ = [
    "TABLES",
    "Account",
    "AccountDay",
    "Conversation",
    "Cursor",
    "Edition",
    "EmergingTerm",
    "Enrolment",
    "Event",
    "Identity",
    "IdentityPost",
    "IdentitySpeciality",
    "IdentityTerm",
    "Institution",
    "Label",
    "Mention",
    "MessageDay",
    "MethodGap",
    "OtherRank",
    "Post",
    "Quarantined",
    "Raw",
    "Record",
    "Response",
    "Run",
    "Snapshot",
    "Spike",
    "Standing",
    "StandingPart",
    "Statement",
    "ThemeFound",
    "ThemedPost",
    "Tombstone",
    "Value",
    "Visit",
]

TABLES: dict[str, type[Record]] = {
    record.table: record
    for record in (
        Post, Snapshot, AccountDay, Mention, Label, Tombstone, Raw, Quarantined, Cursor, Visit,
        Institution, Enrolment, Account, Event, Statement, Run, Value,
        Identity, IdentityTerm, IdentitySpeciality, IdentityPost,
        Standing, StandingPart, OtherRank, MethodGap, Edition, Spike,
        ThemeFound, ThemedPost, EmergingTerm, Conversation, Response, MessageDay,
    )
}  # fmt: skip
"""Every table of the store by name."""
