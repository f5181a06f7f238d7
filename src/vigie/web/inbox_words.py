"""What templates of the inbox share: the ways between its pages, and names of states and kinds."""

from __future__ import annotations

from collections.abc import Mapping

from babel.numbers import format_percent
from django import template
from django.template import Context

from vigie.inbox.before_after import Effect
from vigie.inbox.changed_words import effect_words
from vigie.inbox.counting import total_of
from vigie.inbox.figure_words import LEFT_OUT_WORDS
from vigie.inbox.words import (
    CONSENT_WORDS,
    KIND_WORDS,
    MESSAGE_WORDS,
    STATE_SENTENCES,
    STATE_WORDS,
    network_words,
)
from vigie.present import writing
from vigie.web.sentences import figure, reader_language, said
from vigie.web.ways import ways_for
from vigie.words import _, say

register = template.Library()


@register.filter
def at_most(count: int) -> str:
    """Write how many rows were counted, or that there are more than are counted."""
    total = total_of(count)
    number = figure(total.count)
    return said(_("more than {number}", number=number)) if total.has_more else number


WAYS = (
    ("inbox.queue", _("Conversations")),
    ("inbox.services", _("Services")),
    ("inbox.rules", _("Rules")),
    ("inbox.saved_replies", _("Saved replies")),
    ("inbox.contacts", _("Contacts")),
    ("inbox.boxes", _("Boxes")),
    ("inbox.figures", _("Figures")),
    ("inbox.causes", _("Causes")),
    ("inbox.changes", _("You said, we changed")),
)
"""The pages of the inbox, in the order they are used; one that is not there is left out."""
CONTACT_WAYS = (
    ("inbox.contacts", _("Contacts")),
    ("inbox.pairs", _("One person twice?")),
    ("inbox.contact_merges", _("Merges")),
    ("inbox.retention", _("How long words are kept")),
)
"""The pages about those who write."""
ENTRY_WORDS = {
    "draft": _("a draft"),
    "published": _("a page answers it"),
    "dropped": _("put aside"),
}


@register.inclusion_tag("inbox/ways.html", takes_context=True)
def inbox_ways(context: Context, here: str = "") -> dict[str, object]:
    """Show the ways between the pages of the inbox that this reader may open."""
    return {
        "ways": ways_for(context["request"], WAYS),
        "here": here or context.get("here", ""),
        "label": _("Inbox"),
    }


@register.inclusion_tag("inbox/ways.html", takes_context=True)
def contact_ways(context: Context, here: str = "") -> dict[str, object]:
    """Show the ways between the pages about those who write."""
    ways = ways_for(context["request"], CONTACT_WAYS)
    return {"ways": ways, "here": here, "label": _("Contacts")}


@register.filter
def kind_of_conversation(name: str) -> str:
    """Say how someone wrote."""
    return say(KIND_WORDS[name], reader_language())


@register.filter
def state_of_conversation(name: str) -> str:
    """Say how a conversation stands."""
    return say(STATE_WORDS[name], reader_language())


@register.filter
def standing_of_conversation(name: str) -> str:
    """Say in a sentence how a conversation stands in which no answer is owed."""
    return say(STATE_SENTENCES[name], reader_language())


@register.filter
def state_of_message(name: str) -> str:
    """Say what became of a message."""
    return say(MESSAGE_WORDS[name], reader_language())


@register.filter
def percentage(share: float) -> str:
    """Write how sure a classifier is."""
    return format_percent(share, locale=reader_language())


@register.filter
def service_hours(minutes: int) -> str:
    """Write minutes of service hours as hours."""
    return writing.number(minutes / 60, reader_language(), decimals=1)


@register.filter
def why_left_out(name: str) -> str:
    """Say why a conversation makes no figure."""
    return say(LEFT_OUT_WORDS[name], reader_language())


@register.filter
def network_said(name: str) -> str:
    """Say what people call a network, mail or a form."""
    return said(network_words(name))


@register.filter
def consent_said(name: str) -> str:
    """Say whether a contact may be written to about other matters than theirs."""
    return said(CONSENT_WORDS[name])


@register.filter
def state_of_entry(name: str) -> str:
    """Say how an entry of the FAQ stands."""
    return say(ENTRY_WORDS[name], reader_language())


@register.filter
def in_language(texts: Mapping[str, str]) -> str:
    """Return what was written in the reader's language, or in the one it was written in."""
    return texts.get(reader_language()) or next(iter(texts.values()), "")


@register.filter
def effect_of_change(found: Effect | None) -> str:
    """Say whether fewer people write about a change since."""
    return say(effect_words(found), reader_language())
