"""What the pages of listening share: the ways between them, and the names of labels."""

from __future__ import annotations

from babel import Locale
from django import template
from django.template import Context

from vigie.listening import label_names
from vigie.listening.alert_models import AlertSent
from vigie.listening.letters import subject
from vigie.present import naming
from vigie.web.sentences import reader_language, said
from vigie.web.ways import ways_for
from vigie.words import _

register = template.Library()

WAYS = (
    ("listening.home", _("What is new")),
    ("listening.mentions", _("Mentions")),
    ("listening.queries", _("Queries")),
    ("listening.voice", _("Share of voice")),
    ("listening.spikes", _("Spikes")),
    ("listening.themes", _("Themes")),
    ("listening.belonging", _("Belonging")),
    ("listening.identity", _("Who are we?")),
    ("index.responsiveness", _("Responsiveness")),
    ("listening.calendar", _("Calendar")),
    ("listening.check", _("How sure are the labels?")),
    ("listening.alerts", _("Alerts")),
    ("listening.figures", _("Public figures")),
    ("listening.register", _("Public register")),
)
"""The pages of listening, in the order they are read; one that is not there is left out."""


WAY_NAMES = {"mail": _("Mail"), "webhook": _("Call to an address"), "feed": _("Feed")}
ROUND_NAMES = {
    "first": _("First message"),
    "repeat": _("Nobody had read it"),
    "deputy": _("As deputy"),
}
ALERT_KINDS = {
    "urgent": _("Each urgent post"),
    "spike": _("More than usual"),
    "count": _("So many posts within a time"),
}


@register.inclusion_tag("listening/ways.html", takes_context=True)
def listening_ways(context: Context, here: str = "") -> dict[str, object]:
    """Show the ways between the pages of listening that this reader may open."""
    return {"ways": ways_for(context["request"], WAYS), "here": here or context.get("here", "")}


@register.filter
def network_name(name: str) -> str:
    """Say what people call a network."""
    return said(naming.network(name))


@register.filter
def language_name(code: str) -> str:
    """Say a language in the reader's own."""
    name = Locale(reader_language()).languages.get(code)
    return name or code


@register.filter
def way_name(name: str) -> str:
    """Say a way of sending."""
    return said(WAY_NAMES[name])


@register.filter
def round_name(name: str) -> str:
    """Say why a message was sent."""
    return said(ROUND_NAMES[name])


@register.filter
def alert_kind(name: str) -> str:
    """Say what an alert warns of."""
    return said(ALERT_KINDS[name])


@register.filter
def alert_line(sent: AlertSent) -> str:
    """Say a warning in one line."""
    return said(subject(sent.alert.kind, sent.alert.query.title, sent.facts))


@register.filter
def answer_of(name: str, question: str) -> str:
    """Say an answer of a label in the reader's language."""
    return said(label_names.answer(question, name))
