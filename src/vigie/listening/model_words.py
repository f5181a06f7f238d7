"""Models in sentences: what a version is, how it does beside what answers now."""

from __future__ import annotations

from collections.abc import Mapping

from vigie.annotate.checking import Estimate
from vigie.annotate.folders import ENCODER
from vigie.annotate.models import CLASSIFIER, ENDPOINT, MODEL, Manifest
from vigie.listening.trained_words import LANGUAGES
from vigie.present.writing import Number
from vigie.words import Words, _

KINDS: Mapping[str, Words] = {
    ENCODER: _("encoder: a model is taught through it on your own posts"),
    CLASSIFIER: _("classifier: it answers by itself"),
    ENDPOINT: _("language model, asked behind an address"),
}


def version_words(one: Manifest) -> Words:
    """Say what a version is."""
    if one.kind == CLASSIFIER:
        return _("The classifier {name}, of a folder of yours.", name=one.source)
    if one.kind == ENDPOINT:
        return _("The language model {name}, asked behind an address.", name=one.source)
    if one.source:
        return _("Taught on your own posts through the encoder {name}.", name=one.source)
    return _("Taught on your own posts, through their words.")


def compared_words(
    *, n: int, f1: float, other_f1: float, against: str, apart: Estimate, is_better: bool
) -> Words:
    """Say how a version does on checked texts, beside what answers without it."""
    facts: dict[str, int | Words | Number] = {
        "n": n,
        "f1": Number(f1, 2),
        "other": Number(other_f1, 2),
        "against": against_words(against),
        "low": Number(apart.low or 0.0, 2),
        "high": Number(apart.high or 0.0, 2),
    }
    if apart.low is None or apart.high is None:
        return _("On {n} checked texts: too few to compare.", n=n)
    if is_better:
        sentence = _(
            "On {n} checked texts it is shown to be better than {against}: "
            "mean F1 {f1} against {other}, a difference between {low} and {high}."
        )
    elif apart.high < 0:
        sentence = _(
            "On {n} checked texts it does worse than {against}: mean "
            "F1 {f1} against {other}, a difference between {low} and {high}."
        )
    else:
        sentence = _(
            "On {n} checked texts it is not shown to be better than {against}: "
            "mean F1 {f1} against {other}, a difference between {low} and {high}."
        )
    return Words(sentence.text, facts)


def against_words(name: str) -> Words:
    """Say who answers otherwise: the rules, or another version."""
    kind, _space, version = name.partition(" ")
    return _("version {version}", version=version) if kind == MODEL else _("the rules")


def languages_words(codes: frozenset[str]) -> list[Words | str]:
    """Return the names of languages."""
    return [LANGUAGES.get(one, one) for one in sorted(codes)]
