"""What stands beside what was said in a conversation, asked for only where there is some of it.

A conversation is opened hundreds of times a day and mostly has none of these: one question tells
which it has, and another what someone who answers chooses from.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.db import connection

from vigie.inbox.models import Conversation

HELD: Mapping[str, str] = {
    "drafts": "inbox_draft WHERE conversation_id = %(key)s",
    "lookers": "inbox_looking WHERE conversation_id = %(key)s AND who <> %(who)s",
    "called_in": "inbox_calledin WHERE conversation_id = %(key)s",
    "notes": "inbox_note WHERE conversation_id = %(key)s",
    "passages": "inbox_passage WHERE conversation_id = %(key)s",
    "suggestion": "inbox_suggestion WHERE conversation_id = %(key)s",
    "enclosed": """inbox_attachment AS file JOIN inbox_message AS said ON said.id = file.message_id
        WHERE said.conversation_id = %(key)s""",
    "former": """inbox_formerwords AS before JOIN inbox_message AS said
        ON said.id = before.message_id WHERE said.conversation_id = %(key)s""",
    "mailings": "inbox_answerlink WHERE conversation_id = %(key)s AND mailing_id IS NOT NULL",
    "links": "inbox_conversationlink WHERE %(key)s IN (first_id, second_id)",
    "merges": "inbox_conversationmerge WHERE survivor_id = %(key)s AND undone_at IS NULL",
    "others": """inbox_conversation WHERE contact_id = %(contact)s AND id <> %(key)s
        AND merged_into_id IS NULL""",
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


# Each in its own order: the name it is shown by, the rows, and by what they are sorted.
_OFFERED = {
    "services": (
        "CASE WHEN public_name <> '' THEN public_name ELSE name END",
        "register_service WHERE is_active AND institution_id = %(institution)s",
        "name, id",
    ),
    "topics": ("name", "inbox_topic WHERE is_active AND service_id = %(service)s", "name, id"),
    "people": (
        "CASE WHEN name <> '' THEN name ELSE username END",
        """(SELECT one.id, one.name, signs.username FROM register_person AS one
            JOIN auth_user AS signs ON signs.id = one.user_id) AS people""",
        "name, id",
    ),
    "saved": (
        "title",
        "inbox_savedreply WHERE service_id IS NULL OR service_id = %(service)s",
        "used DESC, title, id",
    ),
}
_ALL_OFFERED = " UNION ALL ".join(
    f"""SELECT * FROM (SELECT '{what}' AS what, row_number() OVER (ORDER BY {order}) AS place,
        id, {name} AS shown FROM {rows}) AS {what}"""
    for what, (name, rows, order) in _OFFERED.items()
)


def offered(conversation: Conversation) -> Offered:
    """Return what someone who answers a conversation chooses from."""
    given = {"institution": conversation.box.institution_id, "service": conversation.service_id}
    found: dict[str, list[Choice]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(f"{_ALL_OFFERED} ORDER BY what, place", given)
        for what, _place, key, name in cursor.fetchall():
            found[what].append(Choice(pk=key, name=name))
    return Offered(**found)
