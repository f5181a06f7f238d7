"""How states, kinds and orders of the inbox are called."""

from __future__ import annotations

from collections.abc import Mapping

from vigie.words import Words, _

STATE_WORDS: Mapping[str, Words] = {
    "open": _("open"),
    "waiting": _("waiting for them"),
    "snoozed": _("put aside"),
    "closed": _("closed"),
}
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
    "withdrawn": _("withdrawn"),
}
"""A reply is *sent* only once the network confirmed it."""
