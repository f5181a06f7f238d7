"""What templates of the inbox say of states, kinds and certainties."""

from __future__ import annotations

from babel.numbers import format_percent
from django import template

from vigie.inbox.words import KIND_WORDS, MESSAGE_WORDS, STATE_WORDS
from vigie.web.sentences import reader_language
from vigie.words import say

register = template.Library()


@register.filter
def kind_of_conversation(name: str) -> str:
    """Say how someone wrote."""
    return say(KIND_WORDS[name], reader_language())


@register.filter
def state_of_conversation(name: str) -> str:
    """Say how a conversation stands."""
    return say(STATE_WORDS[name], reader_language())


@register.filter
def state_of_message(name: str) -> str:
    """Say what became of a message."""
    return say(MESSAGE_WORDS[name], reader_language())


@register.filter
def percentage(share: float) -> str:
    """Write how sure a classifier is."""
    return format_percent(share, locale=reader_language())
