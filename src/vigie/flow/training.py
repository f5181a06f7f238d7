"""Models trained on a team's own texts, and switched on only where they beat the rules."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import numpy as np
import pyarrow as pa

from vigie.annotate.batch import Batch, Known, Scores
from vigie.annotate.checking import LEAST_CHECKED, is_better, mean_f1, sets_of
from vigie.annotate.classifier import Graded
from vigie.annotate.encoder import Encoder, open_encoder
from vigie.annotate.finding import OURS
from vigie.annotate.folders import ENCODER
from vigie.annotate.learning import LEAST_ROWS, Lines, Reading, Rows, learn
from vigie.annotate.models import (
    Learned,
    Manifest,
    Model,
    Models,
    Switch,
    blended,
    classifier_of,
)
from vigie.annotate.slot import Named, named
from vigie.annotate.succession import TOOK, place_of
from vigie.errors import ModelError
from vigie.flow.annotating import BATCH, STRETCH, batch_of, forget_other_models, known_of
from vigie.flow.answerers import answerers
from vigie.flow.people import Key, people_said
from vigie.flow.succeeding import running_now
from vigie.flow.unlabelled import Unlabelled
from vigie.model import Label
from vigie.settings import Settings
from vigie.store.store import Store
from vigie.words import _

MOST_TEXTS, MOST_ENCODED = 30_000, 8_000
"""The latest texts are learned from, with all that people answered about; through an encoder,
which reads a hundred in a second, fewer."""


@dataclass(frozen=True, kw_only=True)
class _Material:
    """What is learned from: the texts read, where each is, what people answered."""

    reading: Reading
    places: Mapping[Key, int]
    taught: Mapping[int, frozenset[str]]
    """Row → answers of a person, to be learned from."""
    checked: Mapping[int, frozenset[str]]
    """Row → answers of a person, kept apart: what is learned is compared on them."""

    @property
    def apart(self) -> Mapping[Key, frozenset[str]]:
        """Return the texts kept apart with the answers of a person."""
        return {key: self.checked[row] for key, row in self.places.items() if row in self.checked}


def train(
    store: Store,
    question: str,
    *,
    settings: Settings,
    checks: Collection[Key] = (),
    by: str = "",
    now: datetime | None = None,
    through: Encoder | None = None,
) -> Manifest:
    """Train a new version of a question's model, keep it, and let it answer where it is better.

    ``checks`` are the texts that were drawn to check the machine: nothing is learned from them.
    It learns through the encoder that what answers now was taught through, or is tried ``through``
    one of the team's own, in the languages of that encoder: a trial answers nothing. Where a model
    answers already, both are compared: see ``succession.place_of``.
    """
    classifier = classifier_of(question)
    encoder = through or _encoder_now(settings, question)
    material = _material(store, classifier, question, settings, set(checks), encoder)
    lines: dict[str, Lines] = {}
    languages: dict[str, Learned] = {}
    for language in sorted(encoder.languages if encoder else OURS):
        rows = material.reading.rows(language)
        teaching = np.setdiff1d(rows, np.array(list(material.checked), dtype=np.int64))
        if len(teaching) >= LEAST_ROWS:
            lines[language] = learn(material.reading.corpus(teaching, material.taught))
            languages[language] = _learned(material, lines[language], rows, teaching)
    if not lines:
        raise ModelError(
            _(
                "There are too few texts to learn from: {least} of one language are needed. "
                "Collect or import more first.",
                least=LEAST_ROWS,
            )
        )
    made = Manifest(
        question=question,
        version=0,
        answers=tuple(classifier.graded()),
        rules=classifier.version,
        trained_at=(now or datetime.now(UTC)).isoformat(),
        by=by,
        languages=languages,
        source=encoder.name if encoder else "",
        source_digest=encoder.digest if encoder else "",
        meanings=encoder.width if encoder else 0,
    )
    model = Model(manifest=made, lines=lines, languages=made.shown_better, encoder=encoder)
    if made.shown_better:
        made = _placed(store, settings, model, material.apart, is_trial=through is not None)
    manifest = Models(settings.home).keep(made, lines)
    if manifest.place == TOOK:
        switch = Switch(by=by, at=manifest.trained_at)
        use_model(store, question, manifest.version, settings=settings, switch=switch)
    return manifest


def _placed(
    store: Store,
    settings: Settings,
    made: Model,
    apart: Mapping[Key, frozenset[str]],
    *,
    is_trial: bool,
) -> Manifest:
    """Compare a version with what answers now, and note what becomes of it."""
    running = running_now(store, settings, made, apart)
    place = place_of(running, is_trial=is_trial)
    return replace(made.manifest, place=place, beside=running.beside if running else None)


def _encoder_now(settings: Settings, question: str) -> Encoder | None:
    """Return the encoder of what answers now, where settings still name it."""
    models = Models(settings.home)
    version = models.current(question)
    source = models.manifest(question, version).source if version is not None else ""
    fitting = [one for one in named(settings) if one.kind == ENCODER and one.name == source]
    return opened_encoder(settings, fitting[0]) if fitting else None


def opened_encoder(settings: Settings, one: Named) -> Encoder:
    """Open an encoder that settings name."""
    assert one.folder is not None
    cache = Models(settings.home).cache()
    return open_encoder(one.folder, threads=settings.threads, cache=cache)


def use_model(
    store: Store,
    question: str,
    version: int | None,
    *,
    settings: Settings,
    switch: Switch | None = None,
) -> None:
    """Let a version answer, or (none) the rules, and let go of what other versions answered."""
    Models(settings.home).use(question, version, switch)
    forget_others(store, question, settings=settings)


def forget_others(store: Store, question: str, *, settings: Settings) -> None:
    """Let go of what versions answered to a question that answer no more."""
    forget_other_models(store, answerers(settings, [question]), store.months(Label.table))


def _learned(material: _Material, lines: Lines, rows: Rows, teaching: Rows) -> Learned:
    """Compare what was learned with the rules, on texts that taught nothing."""
    checked = [int(row) for row in rows if int(row) in material.checked]
    taught = sum(int(row) in material.taught for row in teaching)
    if not checked:
        return Learned(texts=len(teaching), people=taught, checked=0)
    reading, classifier = material.reading, material.reading.classifier
    rules = reading.rules[checked]
    scores = blended(classifier, lines, rules, lines.certain(reading.vectors[checked]))
    people = [material.checked[row] for row in checked]
    own, found = (_given(classifier, one) for one in (rules, scores))
    names = list(classifier.answers)
    is_on, wins = is_better(people, found, own, names)
    truth = sets_of(people, names)
    return Learned(
        texts=len(teaching),
        people=taught,
        checked=len(checked),
        rules_f1=mean_f1(truth, sets_of(own, names)),
        model_f1=mean_f1(truth, sets_of(found, names)),
        wins=wins,
        is_on=is_on and len(checked) >= LEAST_CHECKED,
    )


def _given(classifier: Graded, scores: Scores) -> list[frozenset[str]]:
    return [frozenset(one.answers) for one in classifier.chosen(scores)]


def _material(
    store: Store,
    classifier: Graded,
    question: str,
    settings: Settings,
    checks: set[Key],
    encoder: Encoder | None,
) -> _Material:
    said = {key: list(people.values())[-1] for key, people in people_said(store, question).items()}
    rows = _rows(store, said, most=MOST_ENCODED if encoder else MOST_TEXTS)
    batches = _batches(rows, known_of(store, settings))
    if encoder is None:
        reading = Reading.of(batches, classifier)
    else:
        reading = Reading.of(batches, classifier, meanings=encoder.meanings, width=encoder.width)
    keys = zip(rows["network"].to_pylist(), rows["post"].to_pylist(), strict=True)
    places = {key: row for row, key in enumerate(keys)}
    return _Material(
        reading=reading,
        places=places,
        taught={places[k]: v for k, v in said.items() if k in places and k not in checks},
        checked={places[k]: v for k, v in said.items() if k in places and k in checks},
    )


def _rows(store: Store, said: Mapping[Key, object], *, most: int) -> pa.Table:
    """Return the latest texts, and those that people answered about, each once."""
    unlabelled = Unlabelled(store=store, annotators=())
    chosen: list[pa.Table] = []
    count = 0
    for months in reversed(unlabelled.stretches(unlabelled.months(), most=STRETCH)):
        rows = unlabelled.all_of(months)
        keys = zip(rows["network"].to_pylist(), rows["post"].to_pylist(), strict=True)
        left = max(most - count, 0)
        kept = [row for row, key in enumerate(keys) if row < left or key in said]
        chosen.append(rows.take(pa.array(kept, pa.int64())))  # of none it would not tell the type
        count += min(rows.num_rows, left)
    return pa.concat_tables(chosen) if chosen else unlabelled.all_of([])


def _batches(rows: pa.Table, known: Known) -> Iterator[Batch]:
    for start in range(0, rows.num_rows, BATCH):
        yield batch_of(rows.slice(start, BATCH), known)
