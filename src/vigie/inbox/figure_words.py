"""How the figures of the inbox are called, and how they are counted."""

from __future__ import annotations

from collections.abc import Mapping

from vigie.inbox.figures import LEAST
from vigie.present.document import Paragraph, Section
from vigie.words import Words, _

CHANNEL_WORDS: Mapping[str, Words | str] = {
    "mail": _("mail"),
    "form": _("web form"),
    "archive": _("message archive"),
    "messenger": "Messenger",
    "facebook": "Facebook",
    "instagram": "Instagram",
    "mastodon": "Mastodon",
    "bluesky": "Bluesky",
    "x": "X (Twitter)",
    "found": _("found by listening"),
}
LEFT_OUT_WORDS: Mapping[str, Words] = {
    "automatic": _("automatic messages only"),
    "spam": _("put aside as spam"),
    "nothing_asked": _("public, and asked nothing"),
}


def channel_words(name: str) -> Words | str:
    """Return what people call a channel."""
    return CHANNEL_WORDS.get(name, name.replace("_", " "))


def how_counted() -> Section:
    """Say how every figure is counted, and what is left out."""
    return Section(title=_("How are these figures counted?"), name="counted", blocks=[
        Paragraph(text=one) for one in DEFINITIONS
    ])  # fmt: skip


DEFINITIONS = (
    _(
        "First response runs from the first message of a conversation to the first answer by a "
        "person; resolution to its last close, without the time in which we waited for the other "
        "side. Both are in service hours: those of the service that answers, without its "
        "holidays and closures."
    ),
    _(
        "Silence is not left out. A conversation nobody answered yet is followed until now and "
        "counted for as long as it waited (Kaplan and Meier, 1958), so the median is that of all "
        "who wrote, not of those who were answered. Where fewer than half or nine in ten were "
        "answered, the figure is unknown."
    ),
    _(
        "Closing a conversation without an answer does not end its silence. The share at the "
        "target takes the target of each conversation; seven days are days as they pass."
    ),
    _(
        "Automatic messages, greetings, out-of-office answers and bots neither start nor stop a "
        "clock; a conversation that holds nothing else is left out. Spam is left out when its "
        "topic says so (a topic named Spam). A public post labelled as praise, belonging or "
        "information alone asks for nothing and is left out too, whether or not it was answered."
    ),
    _(
        "A conversation that is opened again stays one: its first response remains, its "
        "resolution is the last close, and it counts as reopened. Conversations merged into "
        "another are counted once, with that one. Someone who was erased still counts."
    ),
    _(
        "Intervals hold the true figure nine times in ten (Greenwood's variance with Wilson's "
        "limits; Brookmeyer and Crowley for medians). Below {least} conversations there is no "
        "figure.",
        least=LEAST,
    ),
)
