"""What the pages that check labels share: questions, choices, how far people are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.http import Http404

from vigie import flow
from vigie.annotate.annotating import classifiers
from vigie.annotate.classifier import Classifier, Graded
from vigie.annotate.models import Models
from vigie.listening.label_changes import latest_sample
from vigie.listening.label_models import CheckSample, CheckText
from vigie.web.how_sure import how_sure, sentence
from vigie.web.site import site_store
from vigie.words import Words

SIZE = 200
"""Texts of a sample."""
KEYS = "1234567890qwertyuiop"
"""The key that ticks each answer, in order."""


@dataclass(frozen=True, kw_only=True)
class Choice:
    """An answer one may give."""

    name: str
    words: Words
    key: str
    is_given: bool


@dataclass(frozen=True, kw_only=True)
class Question:
    """A question that people check, and how far they are."""

    name: str
    label: Words
    is_multiple: bool
    sample: CheckSample | None
    size: int
    answered: int
    """By the person who asks."""
    sure: flow.HowSure | None
    sentence: Words
    model: int | None
    """The version of the model that answers; none: the rules do."""


def checkable() -> Mapping[str, type[Classifier]]:
    """Return the questions people can check: those whose answers are known."""
    return {name: one for name, one in classifiers().items() if issubclass(one, Graded)}


def classifier_named(question: str) -> type[Classifier]:
    """Return the classifier of a question, or say that there is none."""
    if question not in checkable():
        raise Http404
    return checkable()[question]


def question_of(name: str, person: str) -> Question:
    """Return how far the check of a question is."""
    sample = latest_sample(name)
    answered = answered_by(sample, person)
    found = how_sure(name)
    return Question(
        name=name,
        label=checkable()[name].label,
        is_multiple=checkable()[name].is_multiple,
        sample=sample,
        size=sample.texts.count() if sample else 0,
        answered=len(answered),
        sure=found,
        sentence=sentence(found),
        model=Models(settings.CONFIGURED.home).current(name),
    )


def answered_by(sample: CheckSample | None, person: str) -> Mapping[tuple[str, str], Sequence[str]]:
    """Return what a person has answered about the texts of a sample."""
    if sample is None:
        return {}
    wanted = set(sample.texts.values_list("network", "post"))
    said = flow.people_said(site_store(), sample.question)
    return {
        key: sorted(people[person])
        for key, people in said.items()
        if key in wanted and person in people
    }


def choices(question: str, given: Sequence[str] | None) -> list[Choice]:
    """Return the answers of a question, with what was given before."""
    return [
        Choice(name=name, words=words, key=key, is_given=given is not None and name in given)
        for key, (name, words) in zip(KEYS, checkable()[question].answers.items(), strict=False)
    ]


def next_text(
    sample: CheckSample, done: Mapping[tuple[str, str], object], *, after: int = 0
) -> CheckText | None:
    """Return the next text without an answer, from a place on; at the end, from the start."""
    left = [one for one in sample.texts.all() if (one.network, one.post) not in done]
    later = [one for one in left if one.place > after]
    return next(iter(later or left), None)
