"""A version that was just taught, compared text by text with what answers now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa

from vigie.annotate.batch import Batch
from vigie.annotate.checking import difference, mean_f1, sets_of
from vigie.annotate.classifier import Answered
from vigie.annotate.models import ENDPOINT, Manifest, Model, Models, classifier_of
from vigie.annotate.succession import Beside, Running
from vigie.errors import ModelError
from vigie.flow.annotating import batch_of, known_of
from vigie.flow.answerers import answerers, opened
from vigie.flow.people import Key, said_by, texts_of
from vigie.settings import Settings
from vigie.store.store import Store

Given = Sequence[frozenset[str]]
COLUMNS = ("network", "post", "published_on", "text", "language", "origin")


@dataclass(frozen=True, kw_only=True)
class Apart:
    """The checked texts, as they are read, with what people answered."""

    rows: pa.Table
    batch: Batch
    people: Given
    rules: Given

    @property
    def keys(self) -> list[Key]:
        """Return which text each is."""
        pairs = self.rows.select(["network", "post"]).to_pydict()
        return list(zip(pairs["network"], pairs["post"], strict=True))

    def given(self, answers: Sequence[Answered | None]) -> Given:
        """Return answers, those of the rules where there are none."""
        pairs = zip(answers, self.rules, strict=True)
        return [own if one is None else frozenset(one.answers) for one, own in pairs]


def running_now(
    store: Store, settings: Settings, made: Model, checked: Mapping[Key, frozenset[str]]
) -> Running | None:
    """Return what answers now, with how a version just taught does beside it; none: the rules."""
    models, question = Models(settings.home), made.manifest.question
    switch = models.switch(question)
    if switch.version is None:
        return None
    now = models.manifest(question, switch.version)
    is_same_way = (now.kind, now.source) == (made.manifest.kind, made.manifest.source)
    return Running(
        is_like=is_same_way and models.languages_of(now) <= made.languages,
        is_insisted=bool(switch.insisted),
        beside=_beside(_apart(store, settings, question, checked), made, now, store, settings),
    )


def _apart(
    store: Store, settings: Settings, question: str, checked: Mapping[Key, frozenset[str]]
) -> Apart:
    found = texts_of(store, checked)
    rows = read(found)
    batch = batch_of(rows, known_of(store, settings))
    by_rules = classifier_of(question).classify(batch)
    return Apart(
        rows=rows,
        batch=batch,
        people=[checked[key] for key in found],
        rules=[frozenset(one.answers) for one in by_rules],
    )


def read(found: Mapping[Key, Mapping[str, object]]) -> pa.Table:
    """Return texts of the store as a table, as classifiers are given them."""
    rows = list(found.values())
    return pa.table({name: [row[name] for row in rows] for name in COLUMNS})


def _beside(
    apart: Apart, made: Model, now: Manifest, store: Store, settings: Settings
) -> Beside | None:
    try:
        answers = _answers(apart, now, store, settings)
    except ModelError:
        return None
    if not any(one is not None for one in answers):
        return None
    names = list(classifier_of(now.question).answers)
    new, old = apart.given(made.answer(apart.batch)), apart.given(answers)
    truth = sets_of(apart.people, names)
    told = difference(apart.people, new, old, names)
    return Beside(
        version=now.version,
        n=len(apart.people),
        f1=mean_f1(truth, sets_of(new, names)),
        other_f1=mean_f1(truth, sets_of(old, names)),
        low=told.low,
        high=told.high,
    )


def _answers(
    apart: Apart, now: Manifest, store: Store, settings: Settings
) -> Sequence[Answered | None]:
    """Return what answers now; a language model is not asked for this: what it said is read."""
    if now.kind != ENDPOINT:
        return opened(settings, now)(apart.batch)
    own = next(one for one in answerers(settings, [now.question]) if one.name == now.name)
    months = {day.replace(day=1) for day in apart.rows["published_on"].to_pylist()}
    said = said_by(store, now.question, own, months)
    return [Answered(answers=said[key].answers) if key in said else None for key in apart.keys]
