"""What the pages of sources say in a word: states, ends of runs, rules, rhythms."""

from __future__ import annotations

from datetime import timedelta

from babel.dates import format_timedelta
from django import template
from django.conf import settings

from vigie.collect.sample import Sample
from vigie.collect.silence import told_silent
from vigie.model import Run
from vigie.sources import health_words
from vigie.sources.health import Health
from vigie.web.sentences import reader_language, said
from vigie.words import _, unsaid

register = template.Library()

SEPARATORS = {
    ",": _("commas"),
    ";": _("semicolons"),
    "\t": _("tabs"),
    "|": _("vertical bars"),
}
ENDS = {
    "done": _("Whole"),
    "short": _("Cut short: it goes on later"),
    "failed": _("Failed"),
    "interrupted": _("Interrupted: it goes on where it stopped"),
    "running": _("Going on"),
}
DELIVERED = {
    "waiting": _("Waits to be read"),
    "done": _("Read; what it does not say is asked for at once"),
    "unknown": _("Kept; nothing is done with it"),
    "refused": _("Kept; it cannot be read"),
}
METRICS = {
    "likes": _("likes"),
    "comments": _("comments"),
    "shares": _("shares"),
    "saves": _("saves"),
    "clicks": _("clicks"),
    "views": _("views"),
    "impressions": _("impressions"),
    "reach": _("reach"),
    "followers": _("followers"),
    "following": _("accounts followed"),
    "posts": _("the number of posts"),
}
WHOLE = {"reparse": _("Read again"), "webhook": _("Told by the network")}
"""Step → what a run of it is called that came to its end."""
YES, NO = _("yes"), _("no")


@register.filter
def laid_out(sample: Sample) -> str:
    """Say how a table of text was read: its letters and its separator; nothing of other files."""
    if sample.encoding is None or sample.separator is None:
        return ""
    mark = SEPARATORS.get(sample.separator)
    if mark is None:
        return said(_("Read with the letters of {encoding}.", encoding=sample.encoding.upper()))
    return said(
        _("Read with the letters of {encoding}, its cells parted by {mark}.",
          encoding=sample.encoding.upper(), mark=mark)
    )  # fmt: skip


@register.filter
def badge(state: str) -> str:
    """Return the word on the badge of a source's state."""
    return said(health_words.NAMES[state])


@register.filter
def stands(one: Health) -> str:
    """Say in a sentence how a source stands."""
    return said(health_words.said(one))


@register.filter
def metric(field: str) -> str:
    """Name a count that a network gives."""
    return said(METRICS.get(field, field))


@register.filter
def again(text: str) -> str:
    """Say a sentence that was kept unsaid."""
    return said(unsaid(text))


@register.filter
def ended(run: Run) -> str:
    """Say how a run ended."""
    if run.step in WHOLE and run.state == "done":
        return said(WHOLE[run.step])
    return said(ENDS.get(run.state or "", ENDS["done"]))


@register.filter
def broken_off(one: Health) -> str:
    """Say that the last run gives no sign of life."""
    if one.silent is None:
        return ""
    return said(told_silent(one.silent, network=one.label, zone=settings.CONFIGURED.zone))


@register.filter
def delivered(state: str) -> str:
    """Say what became of a delivery."""
    return said(DELIVERED[state])


@register.filter
def permitted(is_so: bool) -> str:
    """Say yes or no."""
    return said(YES if is_so else NO)


@register.filter
def rhythm(every: timedelta) -> str:
    """Say how often something is due."""
    time = format_timedelta(every, threshold=1.2, locale=reader_language())
    return said(_("every {time}", time=time))
