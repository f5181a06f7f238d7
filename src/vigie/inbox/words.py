"""How states, kinds and orders of the inbox are called."""

from __future__ import annotations

from collections.abc import Mapping

from vigie.present import naming
from vigie.words import Words, _

STATE_WORDS: Mapping[str, Words] = {
    "open": _("open, waits for us"),
    "waiting": _("waiting for them"),
    "snoozed": _("put aside"),
    "closed": _("closed"),
    "unwanted": _("unwanted"),
}
STATE_SENTENCES: Mapping[str, Words] = {
    "open": _("Nobody waits for an answer of ours."),
    "waiting": _("It is answered. We wait for them to write back."),
    "snoozed": _("It is put aside for now."),
    "closed": _("It is closed. A new message opens it again."),
    "unwanted": _("It is put aside as unwanted: no answer is owed."),
}
"""How a conversation stands, where no answer of ours is owed."""
KIND_WORDS: Mapping[str, Words] = {
    "mail": _("a mail"),
    "direct": _("a private message"),
    "comment": _("a comment"),
    "mention": _("a mention"),
    "review": _("a review"),
    "form": _("a form"),
    "found": _("found by listening"),
}
ORDER_WORDS: Mapping[str, Words] = {
    "expiring": _("what expires first"),
    "newest": _("the newest first"),
}
MESSAGE_WORDS: Mapping[str, Words] = {
    "received": _("received"),
    "proposed": _("waits for approval"),
    "due": _("on its way"),
    "sending": _("on its way"),
    "sent": _("sent"),
    "failed": _("not sent"),
    "refused": _("came back"),
    "withdrawn": _("withdrawn"),
}
"""A reply is *sent* only once the network confirmed it."""
CONSENT_WORDS: Mapping[str, Words] = {
    "unknown": _("not asked"),
    "given": _("yes, they agreed"),
    "refused": _("no, they refused"),
}
"""To be written to about other matters than theirs."""
_OTHER_WAYS: Mapping[str, Words] = {"mail": _("Mail"), "form": _("Form of the site")}


def network_words(name: str) -> Words | str:
    """Return what people call a network, mail or a form."""
    return _OTHER_WAYS.get(name) or naming.network(name)
