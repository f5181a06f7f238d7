"""What templates need to speak: sentences, numbers and moments in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

from babel import Locale
from babel.dates import format_timedelta
from babel.numbers import format_decimal
from django import template
from django.conf import settings
from django.utils import translation

from vigie.present import writing
from vigie.words import Words, _, locale_of, say

register = template.Library()

KILOBYTE, MEGABYTE = 2**10, 2**20


def reader_language() -> str:
    """Return the language of the page being made."""
    return (translation.get_language() or settings.LANGUAGE_CODE).split("-")[0]


def spoken() -> Locale:
    """Return how the language of the page writes numbers and moments."""
    return locale_of(reader_language())


@register.filter
def said(words: Words | str | None) -> str:
    """Say a sentence in the reader's language."""
    return "" if words is None else say(words, reader_language())


@register.filter
def figure(number: float | None) -> str:
    """Write a number as the reader's language does; an unknown one is named so."""
    return "" if number is None else format_decimal(number, locale=spoken())


@register.filter
def file_size(count: int) -> str:
    """Write how large a file is: in kilobytes below one megabyte."""
    if count < MEGABYTE:
        return say(_("{count} kB", count=max(1, round(count / KILOBYTE))), reader_language())
    return say(_("{count} MB", count=round(count / MEGABYTE, 1)), reader_language())


@register.filter
def moment(at: datetime | date | None) -> str:
    """Write a moment in the site's time zone, or a day."""
    if at is None:
        return ""
    if not isinstance(at, datetime):
        return writing.day(at, reader_language())
    local = at.astimezone(settings.CONFIGURED.zone)
    return f"{writing.day(local.date(), reader_language())}, {local:%H:%M}"


@register.filter
def ago(at: datetime | None) -> str:
    """Write how long ago a moment was, or in how long it will be: 2 hours ago, in 3 days."""
    if at is None:
        return ""
    gap = at - datetime.now(UTC)
    return format_timedelta(gap, add_direction=True, threshold=1.2, locale=spoken())


@register.filter
def plainly(cell: object) -> object:
    """Write a cell of a preview: moments and days as people read them, the rest as it is."""
    return moment(cell) if isinstance(cell, date) else cell


@register.filter
def kept(saying: Mapping[str, str] | None) -> str:
    """Return a sentence that was kept in every language."""
    return "" if saying is None else saying.get(reader_language(), "")


@register.filter
def seconds(count: float | None) -> str:
    """Write a time left as people say it: 4 minutes."""
    if count is None:
        return ""
    return format_timedelta(timedelta(seconds=count), threshold=1.2, locale=spoken())
