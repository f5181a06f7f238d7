"""What templates of the settings share: the ways between their pages."""

from __future__ import annotations

from django import template
from django.template import Context

from vigie.web.ways import ways_for
from vigie.words import _

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
