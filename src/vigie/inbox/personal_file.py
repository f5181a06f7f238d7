"""What is kept of a person, and the receipt of an erasure, as documents in every format."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from vigie.inbox.erasing import Erased, Receipt
from vigie.inbox.models.choices import MESSAGE_STATES, STATES
from vigie.inbox.words import CONSENT_WORDS, KIND_WORDS, MESSAGE_WORDS, STATE_WORDS, network_words
from vigie.present.document import (
    Block,
    Cell,
    Column,
    Document,
    Figure,
    Figures,
    Grid,
    Note,
    Paragraph,
    Section,
)
from vigie.present.writing import Moment
from vigie.words import Words, _, plural

Row = Mapping[str, object]

KNOWN = (
    Column(key="name", label=_("Name"), is_row_header=True),
    Column(key="language", label=_("Preferred language")),
    Column(key="consent", label=_("May be written to about other matters")),
    Column(key="tags", label=_("Tags"), is_wide=True),
    Column(key="created_at", label=_("Known since"), kind="datetime"),
    Column(key="seen_at", label=_("Wrote last"), kind="datetime"),
)
HANDLES = (
    Column(key="network", label=_("Network")),
    Column(key="address", label=_("Address"), is_row_header=True),
    Column(key="shown", label=_("Handle")),
)
CONVERSATIONS = (
    Column(key="id", label=_("Number"), kind="integer"),
    Column(key="subject", label=_("Subject"), is_row_header=True, is_wide=True),
    Column(key="kind", label=_("Written as")),
    Column(key="service", label=_("Service")),
    Column(key="state", label=_("State")),
    Column(key="opened_at", label=_("Opened"), kind="datetime"),
    Column(key="closed_at", label=_("Closed"), kind="datetime"),
)
MESSAGES = (
    Column(key="said_at", label=_("When"), kind="datetime"),
    Column(key="conversation", label=_("Conversation"), kind="integer"),
    Column(key="who", label=_("Who")),
    Column(key="words", label=_("Words"), is_row_header=True, is_wide=True),
    Column(key="state", label=_("State")),
)
FILES = (
    Column(key="conversation", label=_("Conversation"), kind="integer"),
    Column(key="name", label=_("Name"), is_row_header=True),
    Column(key="media_type", label=_("Kind")),
    Column(key="size", label=_("Bytes"), kind="integer"),
)
SATISFACTION = (
    Column(key="conversation", label=_("Conversation"), kind="integer"),
    Column(key="score", label=_("Out of 5"), kind="integer"),
    Column(key="words", label=_("Words"), is_row_header=True, is_wide=True),
    Column(key="answered_at", label=_("Answered"), kind="datetime"),
)


def person_file(number: int, given: Mapping[str, object], *, now: datetime) -> Document:
    """Return what ``export`` gives as a document that its person can read."""
    rows = {name: _rows(given[name]) for name in given if name != "withheld"}
    messages = Grid(name="messages", caption=_("Every message, the oldest first"),
                    columns=MESSAGES, rows=[_message(one) for one in rows["messages"]])  # fmt: skip
    blocks: list[Block] = [*_withheld(given["withheld"])]
    for title, grid in (
        (_("Who"), Grid(name="contact", caption=_("What is known"), columns=KNOWN,
                        rows=[_known(one) for one in rows["contact"]])),
        (_("Addresses"), Grid(name="handles", caption=_("Handles and addresses"), columns=HANDLES,
                              rows=[_handle(one) for one in rows["handles"]])),
        (_("Conversations"), Grid(name="conversations", caption=_("Conversations"),
                                  columns=CONVERSATIONS,
                                  rows=[_conversation(one) for one in rows["conversations"]])),
        (_("Messages"), messages),
        (_("Files"), Grid(name="files", caption=_("Files that came or went with a message"),
                          columns=FILES, rows=[_file(one) for one in rows["files"]])),
        (_("Satisfaction"), Grid(name="satisfaction", caption=_("Answers after closing"),
                                 columns=SATISFACTION,
                                 rows=[_satisfied(one) for one in rows["satisfaction"]])),
    ):  # fmt: skip
        if grid.rows:
            blocks.append(Section(title=title, blocks=[grid]))
    return Document(
        name=f"person-{number}",
        title=_("What is kept of this person"),
        lead=plural(
            "{count} message, with everything else the inbox knows of them.",
            "{count} messages, with everything else the inbox knows of them.",
            count=len(rows["messages"]),
        ),
        blocks=blocks,
        made_at=now,
        main=messages,
    )


def _rows(given: object) -> Sequence[Row]:
    return given if isinstance(given, list) else []


def _withheld(count: object) -> list[Block]:
    if not isinstance(count, int) or not count:
        return []
    return [
        Note(
            kind="partial",
            text=plural(
                "{count} conversation is missing here: it is with a service that only its own "
                "people see into. Ask them for it.",
                "{count} conversations are missing here: they are with services that only their "
                "own people see into. Ask them for these.",
                count=count,
            ),
        )
    ]


def _known(one: Row) -> Mapping[str, Cell]:
    tags = one["tags"]
    return {
        "name": str(one["name"]),
        "language": str(one["language"]),
        "consent": CONSENT_WORDS[str(one["consent"])],
        "tags": ", ".join(str(tag) for tag in tags) if isinstance(tags, list) else "",
        "created_at": _at(one["created_at"]),
        "seen_at": _at(one["seen_at"]),
    }


def _handle(one: Row) -> Mapping[str, Cell]:
    return {
        "network": network_words(str(one["network"])),
        "address": str(one["address"]),
        "shown": str(one["shown"]),
    }


def _conversation(one: Row) -> Mapping[str, Cell]:
    return {
        "id": _int(one["id"]),
        "subject": str(one["subject"]),
        "kind": KIND_WORDS[str(one["kind"])],
        "service": str(one["service__name"] or ""),
        "state": STATE_WORDS[str(one["state"])] if one["state"] in STATES else "",
        "opened_at": _at(one["opened_at"]),
        "closed_at": _at(one["closed_at"]) or "",
    }


def _message(one: Row) -> Mapping[str, Cell]:
    return {
        "said_at": _at(one["said_at"]),
        "conversation": _int(one["conversation_id"]),
        "who": _("this person") if one["direction"] == "in" else _("the institution"),
        "words": str(one["words"]),
        "state": MESSAGE_WORDS[str(one["state"])] if one["state"] in MESSAGE_STATES else "",
    }


def _file(one: Row) -> Mapping[str, Cell]:
    return {
        "conversation": _int(one["message__conversation_id"]),
        "name": str(one["name"]),
        "media_type": str(one["media_type"]),
        "size": _int(one["size"]),
    }


def _satisfied(one: Row) -> Mapping[str, Cell]:
    return {
        "conversation": _int(one["conversation_id"]),
        "score": _int(one["score"]),
        "words": str(one["words"]),
        "answered_at": _at(one["answered_at"]),
    }


def _int(value: object) -> int | None:
    return value if isinstance(value, int) else None


def _at(value: object) -> datetime | None:
    return datetime.fromisoformat(value) if isinstance(value, str) else None


COUNTED: Mapping[str, Words] = {
    "messages": _("Messages without words now"),
    "conversations": _("Conversations without a name now"),
    "handles": _("Handles and addresses erased"),
    "notes": _("Notes erased"),
    "files": _("Files erased"),
    "payloads": _("Payloads erased"),
    "redacted": _("Payloads about others too, from which theirs was taken"),
}


def counted(receipt: Receipt) -> list[tuple[Words, int]]:
    """Return each count of a receipt with its words."""
    return [(words, getattr(receipt, name)) for name, words in COUNTED.items()]


def receipt_document(number: int, erased: Erased) -> Document:
    """Return the receipt of an erasure: what went, when, and where the log says so."""
    return Document(
        name=f"erasure-{number}",
        title=_("This person was erased"),
        lead=_(
            "On {moment}, by {name}. Who they were and what was said is gone; that someone wrote, "
            "and how soon they were answered, still counts.",
            moment=Moment(erased.at),
            name=erased.by,
        ),
        blocks=[
            Figures(items=[Figure(label=words, value=count) for words, count in counted(
                erased.receipt)]),
            Paragraph(text=_(
                "Their handles are kept as keyed hashes alone, so that importing the same messages "
                "again does not bring them back. If they write anew, they are a new contact."
            )),
            Paragraph(text=_(
                "Entry {number} of the log holds this receipt. Its digest: {digest}",
                number=erased.number, digest=erased.digest,
            )),
        ],
        made_at=erased.at,
    )  # fmt: skip
