"""What came of teaching a model, in sentences: where it beats the rules, and whether it answers."""

from __future__ import annotations

from collections.abc import Mapping

from vigie.annotate.models import Learned, Manifest
from vigie.annotate.succession import INSISTED, TOOK, TRIED, UNCOMPARED, UNPROVEN, WORSE, Beside
from vigie.present.writing import Number, together
from vigie.words import Words, _

LANGUAGES = {"fr": _("French"), "en": _("English")}
PLACES: Mapping[str, Words] = {
    TOOK: _("It answers from now on."),
    UNCOMPARED: _(
        "What answered before goes on: there is nothing to compare the two on. An administrator "
        "decides under “Who answers”."
    ),
    TRIED: _("It was taught for a trial: a person decides whether it answers."),
    INSISTED: _("What answered before goes on: a person insisted on it."),
}
"""What became of a version that beats the rules, where nothing was compared."""
BESIDE: Mapping[str, Words] = {
    TOOK: _(
        "It takes the place of version {version}: on {n} checked texts it is not shown to do worse "
        "(mean F1 {f1} against {other}, a difference between {low} and {high})."
    ),
    WORSE: _(
        "Version {version} goes on answering: on {n} checked texts the new one does worse (mean "
        "F1 {f1} against {other}, a difference between {low} and {high})."
    ),
    UNPROVEN: _(
        "Version {version} goes on answering: on {n} checked texts the new one, which is of "
        "another kind or speaks fewer languages, is not shown to be better (mean F1 {f1} against "
        "{other}, a difference between {low} and {high})."
    ),
    INSISTED: _(
        "Version {version} goes on answering, for a person insisted on it. On {n} checked texts "
        "the new one has a mean F1 of {f1} against {other}, a difference between {low} and {high}."
    ),
    TRIED: _(
        "It was taught for a trial: a person decides whether it answers. On {n} checked texts its "
        "mean F1 is {f1} against {other} of version {version}, a difference between {low} and "
        "{high}."
    ),
}
"""The same beside what answered when it was taught."""
BETTER = _(
    "It takes the place of version {version}: on {n} checked texts it is shown to be better (mean "
    "F1 {f1} against {other}, a difference between {low} and {high})."
)


def trained_words(made: Manifest) -> Words:
    """Say of each language what came of it."""
    first = _("Version {version} was taught.", version=made.version)
    told = [_of(name, one) for name, one in sorted(made.languages.items())]
    return together(first, *told, *([place_words(made)] if made.place else []))


def place_words(made: Manifest) -> Words:
    """Say whether a version that beats the rules answers, or why it does not."""
    beside = made.beside
    if beside is None or not beside.is_told or made.place not in BESIDE:
        return PLACES[made.place]
    is_better = made.place == TOOK and beside.is_better
    sentence = BETTER if is_better else BESIDE[made.place]
    return Words(sentence.text, _facts(beside))


def _facts(beside: Beside) -> Mapping[str, int | Number]:
    return {
        "version": beside.version,
        "n": beside.n,
        "f1": Number(beside.f1, 2),
        "other": Number(beside.other_f1, 2),
        "low": Number(beside.low or 0.0, 2),
        "high": Number(beside.high or 0.0, 2),
    }


def _of(language: str, one: Learned) -> Words:
    name = LANGUAGES.get(language, language)
    if one.rules_f1 is None or one.model_f1 is None:
        return _(
            "{language}: it learned from {texts} texts and {people} answers; nobody has checked "
            "texts to compare it with the rules, so it does not answer there.",
            language=name,
            texts=one.texts,
            people=one.people,
        )
    facts = {
        "language": name,
        "checked": one.checked,
        "rules": Number(one.rules_f1, 2),
        "model": Number(one.model_f1, 2),
    }
    if one.is_on:
        sentence = _(
            "{language}: on {checked} checked texts it beats the rules (F1 {model}, theirs "
            "{rules})."
        )
    else:
        sentence = _(
            "{language}: on {checked} checked texts it is not shown to beat the rules (F1 "
            "{model}, theirs {rules}), so it does not answer there."
        )
    return Words(sentence.text, facts)
