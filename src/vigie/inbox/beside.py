"""What stands beside what was said in a conversation, asked for only where there is some of it.

A conversation is opened hundreds of times a day and mostly has none of these: one question tells
which it has, and another what someone who answers chooses from.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.contrib.auth.models import User
from django.db import connection
from django.db.models import Model

from vigie.inbox.models import (
    AnswerLink,
    Attachment,
    CalledIn,
    Conversation,
    ConversationLink,
    ConversationMerge,
    Draft,
    FormerWords,
    Looking,
    Message,
    Note,
    Passage,
    SavedReply,
    Suggestion,
    Topic,
)
from vigie.register.models import Person, Service


def _of(model: type[Model], field: str) -> str:
    """Name a column as the database calls it; a field the model has not is refused on import."""
    columns = {one.name: one.column for one in model._meta.concrete_fields}
    return f'{_table(model)}."{columns[field]}"'


def _table(model: type[Model]) -> str:
    # SQLite and PostgreSQL quote a name alike.
    return f'"{model._meta.db_table}"'


def _with(model: type[Model], where: str = "") -> str:
    return f"{_table(model)} WHERE {_of(model, 'conversation')} = %(key)s{where}"


def _said(model: type[Model]) -> str:
    """Find what hangs on a message of the conversation."""
    return f"""{_table(model)} JOIN {_table(Message)}
        ON {_of(Message, "id")} = {_of(model, "message")}
        WHERE {_of(Message, "conversation")} = %(key)s"""


HELD: Mapping[str, str] = {
    "drafts": _with(Draft),
    "lookers": _with(Looking, f" AND {_of(Looking, 'who')} <> %(who)s"),
    "called_in": _with(CalledIn),
    "notes": _with(Note),
    "passages": _with(Passage),
    "suggestion": _with(Suggestion),
    "enclosed": _said(Attachment),
    "former": _said(FormerWords),
    "mailings": _with(AnswerLink, f" AND {_of(AnswerLink, 'mailing')} IS NOT NULL"),
    "links": f"""{_table(ConversationLink)} WHERE %(key)s IN
        ({_of(ConversationLink, "first")}, {_of(ConversationLink, "second")})""",
    "merges": f"""{_table(ConversationMerge)} WHERE {_of(ConversationMerge, "survivor")} = %(key)s
        AND {_of(ConversationMerge, "undone_at")} IS NULL""",
    "others": f"""{_table(Conversation)} WHERE {_of(Conversation, "contact")} = %(contact)s
        AND {_of(Conversation, "id")} <> %(key)s
        AND {_of(Conversation, "merged_into")} IS NULL""",
}
"""What a conversation may have, and where one looks for it."""
_HELD = "SELECT " + ", ".join(f"EXISTS (SELECT 1 FROM {where})" for where in HELD.values())


def held(conversation: Conversation, *, who: str) -> frozenset[str]:
    """Return what a conversation has of all that may stand beside it, to the eyes of someone."""
    given: dict[str, int | str] = {
        "key": conversation.pk, "contact": conversation.contact_id, "who": who,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_HELD, given)
        found = cursor.fetchone()
    return frozenset(name for name, is_there in zip(HELD, found, strict=True) if is_there)


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One thing to choose: its key, and what it is called."""

    pk: int
    name: str

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, kw_only=True)
class Offered:
    """What someone who answers chooses from."""

    services: Sequence[Choice] = field(default=())
    topics: Sequence[Choice] = field(default=())
    people: Sequence[Choice] = field(default=())
    saved: Sequence[Choice] = field(default=())


@dataclass(frozen=True, kw_only=True)
class _Offer:
    """Rows to choose from: the key and the name of each, where they are, in which order."""

    key: str
    name: str
    rows: str
    order: str

    def asked(self, what: str) -> str:
        """Return the question for these, each with its place."""
        return f"""SELECT * FROM (SELECT '{what}' AS what,
            row_number() OVER (ORDER BY {self.order}, {self.key}) AS place,
            {self.key} AS id, {self.name} AS shown FROM {self.rows}) AS {what}"""


def _either(name: str, otherwise: str) -> str:
    return f"CASE WHEN {name} <> '' THEN {name} ELSE {otherwise} END"


_PERSON = _either(_of(Person, "name"), _of(User, User.USERNAME_FIELD))
_OFFERED = {
    "services": _Offer(
        key=_of(Service, "id"),
        name=_either(_of(Service, "public_name"), _of(Service, "name")),
        rows=f"""{_table(Service)} WHERE {_of(Service, "is_active")}
            AND {_of(Service, "institution")} = %(institution)s""",
        order=_of(Service, "name"),
    ),
    "topics": _Offer(
        key=_of(Topic, "id"),
        name=_of(Topic, "name"),
        rows=f"""{_table(Topic)} WHERE {_of(Topic, "is_active")}
            AND {_of(Topic, "service")} = %(service)s""",
        order=_of(Topic, "name"),
    ),
    "people": _Offer(
        key=_of(Person, "id"),
        name=_PERSON,
        rows=f"""{_table(Person)} JOIN {_table(User)}
            ON {_of(User, "id")} = {_of(Person, "user")}""",
        order=_of(Person, "name"),
    ),
    "saved": _Offer(
        key=_of(SavedReply, "id"),
        name=_of(SavedReply, "title"),
        rows=f"""{_table(SavedReply)} WHERE {_of(SavedReply, "service")} IS NULL
            OR {_of(SavedReply, "service")} = %(service)s""",
        order=f"{_of(SavedReply, 'used')} DESC, {_of(SavedReply, 'title')}",
    ),
}
_ALL_OFFERED = " UNION ALL ".join(offer.asked(what) for what, offer in _OFFERED.items())


def offered(conversation: Conversation) -> Offered:
    """Return what someone who answers a conversation chooses from."""
    given = {"institution": conversation.box.institution_id, "service": conversation.service_id}
    found: dict[str, list[Choice]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(f"{_ALL_OFFERED} ORDER BY what, place", given)
        for what, _place, key, name in cursor.fetchall():
            found[what].append(Choice(pk=key, name=name))
    return Offered(**found)
