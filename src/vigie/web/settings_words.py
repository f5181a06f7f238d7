"""What templates of the settings share: the ways between their pages, and names of roles."""

from __future__ import annotations

from collections.abc import Mapping

from django import template
from django.template import Context

from vigie.web.sentences import said
from vigie.web.ways import ways_for
from vigie.words import Words, _

register = template.Library()

WAYS = (
    ("register.persons", _("People and roles")),
    ("register.log", _("Log")),
    ("register.account", _("Your account")),
)
"""The pages of the settings; one that is not there is left out."""


@register.inclusion_tag("register/ways.html", takes_context=True)
def settings_ways(context: Context, here: str = "") -> dict[str, object]:
    """Show the ways between the pages of the settings that this reader may open."""
    return {"ways": ways_for(context["request"], WAYS), "here": here or context.get("here", "")}


ROLE_WORDS: Mapping[str, Words] = {
    "reader": _("reader: reads what the house keeps"),
    "answerer": _("answerer: answers in the inbox"),
    "editor": _("editor: keeps the register, queries, rules and services"),
    "administrator": _("administrator: also people, connections, the log and erasures"),
}


@register.filter
def role_said(name: str) -> str:
    """Say what a role is."""
    return said(ROLE_WORDS[name])
