"""How sure the labels of this site are, to be said beside every figure that uses them."""

from __future__ import annotations

from functools import lru_cache

from babel.numbers import format_decimal, format_percent
from django import template
from django.conf import settings

from vigie import flow
from vigie.annotate.checking import Estimate
from vigie.annotate.models import Models
from vigie.listening.label_changes import latest_sample
from vigie.listening.label_models import CheckSample
from vigie.present.writing import Percent
from vigie.web.sentences import reader_language, said
from vigie.web.site import Marks, marks, site_store
from vigie.words import Words, _

register = template.Library()

TABLES = frozenset({"labels", "posts", "mentions"})


def how_sure(question: str) -> flow.HowSure | None:
    """Return what this team's own checks say of a question; none: it was never checked."""
    sample = latest_sample(question)
    if sample is None:
        return None
    store = site_store()
    version = Models(settings.CONFIGURED.home).current(question)
    return _how_sure(sample, version, marks(store, TABLES))


@lru_cache(maxsize=32)
def _how_sure(sample: CheckSample, _version: int | None, _marks: Marks) -> flow.HowSure:
    rows = sample.texts.values_list("network", "post", "weight")
    weights = {(network, post): weight for network, post, weight in rows}
    return flow.how_sure(
        site_store(), sample.question, settings=settings.CONFIGURED, weights=weights
    )


def sentence(found: flow.HowSure | None) -> Words:
    """Say it in one sentence."""
    if found is None or not found.quality.n:
        return _("Nobody here has checked these labels yet: take the figures as a hint.")
    accuracy = found.quality.accuracy
    if accuracy.value is None:
        return _(
            "{n} of these labels were checked here: too few to say how sure they are.",
            n=found.quality.n,
        )
    return _(
        "Of {n} texts that people here checked, the labels are wholly right in {share} (between "
        "{low} and {high}).",
        n=found.quality.n,
        share=Percent(accuracy.value),
        low=Percent(accuracy.low or 0),
        high=Percent(accuracy.high or 0),
    )


@register.inclusion_tag("listening/how_sure.html")
def labels_sure(question: str) -> dict[str, object]:
    """Say beside a figure how sure the labels it is made of are."""
    # A template gives words it calls safe, of which no path of a file can be made.
    plain = "".join(question)
    return {"sentence": sentence(how_sure(plain)), "question": plain}


@register.filter
def share_of(value: float | None) -> str:
    """Write a share in percent; an unknown one is nothing."""
    if value is None:
        return ""
    return format_percent(value, locale=reader_language())


@register.filter
def between(found: Estimate) -> str:
    """Write the interval of a share."""
    if found.low is None or found.high is None:
        return ""
    return said(_("{low} to {high}", low=share_of(found.low), high=share_of(found.high)))


@register.filter
def between_digits(found: Estimate) -> str:
    """Write the interval of a coefficient."""
    if found.low is None or found.high is None:
        return ""
    return said(_("{low} to {high}", low=two_digits(found.low), high=two_digits(found.high)))


@register.filter
def two_digits(value: float | None) -> str:
    """Write a coefficient with two digits after the point."""
    return "" if value is None else format_decimal(value, "0.00", locale=reader_language())


@register.filter
def unlocalize_number(value: float | None) -> str:
    """Write a number as programs read it, to sort by; an unknown one is nothing."""
    return "" if value is None else f"{value:.4f}"


@register.filter
def annotator(name: str) -> str:
    """Say which machine gave a label."""
    kind, _space, version = name.partition(" ")
    return said({"rules": _("rules, version {n}", n=version),
                 "model": _("model, version {n}", n=version)}.get(kind, name))  # fmt: skip
