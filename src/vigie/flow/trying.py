"""A model tried on the texts of a check: its labels are kept, and no figure reads them."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

import pyarrow as pa

from vigie.annotate.annotating import classifiers
from vigie.annotate.answering import TRIAL, Annotator, rules
from vigie.annotate.checking import LEAST_CHECKED, Estimate, difference, mean_f1, sets_of
from vigie.annotate.classifier import Answered
from vigie.annotate.endpoint import Endpoint
from vigie.annotate.folders import ENCODER
from vigie.annotate.models import ENDPOINT, MODEL, Manifest, Models, classifier_of
from vigie.annotate.slot import Named, chosen
from vigie.columns import records_of, table_of
from vigie.errors import ModelError, NetworkError
from vigie.flow.annotating import batch_of, known_of
from vigie.flow.answerers import answerers, asker, opened
from vigie.flow.people import Key, people_said, said_by, texts_of
from vigie.flow.succeeding import read
from vigie.flow.training import opened_encoder, train
from vigie.http import Http
from vigie.model import Label
from vigie.settings import Settings
from vigie.store.store import Store


@dataclass(frozen=True, kw_only=True)
class Tried:
    """What came of a trial."""

    version: int
    name: str
    asked: int
    """Texts of its languages, or questions put to a language model."""
    kept: int
    left_out: int
    """Texts whose network does not let them leave."""
    seconds: float
    failure: ModelError | NetworkError | None = None
    """The last answer that could not be used."""


@dataclass(frozen=True, kw_only=True)
class Compared:
    """How a version does on the checked texts it answered about, beside another that answers."""

    n: int
    f1: float
    """Mean F1 over the answers people gave."""
    other_f1: float
    against: str
    """Who the other is, as labels say it."""
    difference: Estimate

    @property
    def is_better(self) -> bool:
        """Whether it was shown to be better: on enough texts, and not by chance."""
        low = self.difference.low
        return self.n >= LEAST_CHECKED and low is not None and low > 0


@dataclass(frozen=True, kw_only=True)
class Trial:
    """What a trial of a version showed, beside the rules and the model that answers now."""

    rules: Compared
    running: Compared | None = None
    """None: no other model answers about these texts."""

    @property
    def beside(self) -> tuple[Compared, ...]:
        """Return each comparison, that with what answers now first."""
        return (self.rules,) if self.running is None else (self.running, self.rules)

    @property
    def is_better(self) -> bool:
        """Whether it was shown to be better than both: what answers now may be worse than rules."""
        return all(one.is_better for one in self.beside)


def try_model(
    store: Store,
    question: str,
    keys: Collection[Key],
    *,
    settings: Settings,
    http: Http | None = None,
    name: str = "",
    checks: Collection[Key] = (),
    by: str = "",
    now: datetime | None = None,
    progress: Callable[[int, int], None] = lambda done, of: None,
) -> Tried:
    """Put a question about some texts to a model that settings name, and keep what it answers.

    ``keys`` are the texts of the latest check; through an encoder a model is taught first, and
    learns from no text of ``checks``. Each trial is a version, which answers nothing yet.
    """
    moment = now or datetime.now(UTC)
    one = chosen(settings, question, name)
    if one.kind == ENCODER:
        manifest = train(
            store, question, settings=settings, checks={*checks, *keys}, by=by, now=moment,
            through=opened_encoder(settings, one),
        )  # fmt: skip
    else:
        manifest = _version_of(settings, question, one, by=by, now=moment)
    return _tried(store, manifest, keys, settings, http, moment, progress)


def _version_of(
    settings: Settings, question: str, one: Named, *, by: str, now: datetime
) -> Manifest:
    """Return the version that this model is: one that is kept, or a new one."""
    models, classifier = Models(settings.home), classifier_of(question)
    digest = one.folder.digest if one.folder else Endpoint.of(settings).digest
    wanted = Manifest(
        question=question,
        version=0,
        answers=tuple(classifier.graded()),
        rules=classifier.version,
        trained_at=now.isoformat(),
        by=by,
        kind=one.kind,
        source=one.name,
        source_digest=digest,
        speaks=tuple(sorted(one.languages)),
    )
    for known in models.manifests(question):
        if _same(known) == _same(wanted):
            return known
    return models.keep(wanted)


def _same(one: Manifest) -> tuple[object, ...]:
    return one.kind, one.source, one.source_digest, one.speaks, one.rules


def _tried(
    store: Store,
    manifest: Manifest,
    keys: Collection[Key],
    settings: Settings,
    http: Http | None,
    now: datetime,
    progress: Callable[[int, int], None],
) -> Tried:
    """Have a version answer about some texts, in every language it may speak of."""
    rows = read(texts_of(store, keys))
    batch = batch_of(rows, known_of(store, settings))
    spoken = [row for row, one in enumerate(batch.told.languages) if one in manifest.may_speak]
    failure: ModelError | NetworkError | None = None
    begun = time.monotonic()
    if manifest.kind == ENDPOINT:
        asked = asker(settings, manifest, manifest.may_speak, http=http)
        asked.progress = lambda done: progress(done, len(spoken))
        answers: Sequence[Answered | None] = asked.answer(batch)
        failure, left_out, count = asked.failure, asked.kept_back, asked.asked
    else:
        answers = opened(settings, manifest, languages=manifest.may_speak)(batch)
        progress(len(spoken), len(spoken))
        left_out, count = 0, len(spoken)
    seconds = time.monotonic() - begun
    kept = _keep(store, manifest, rows, answers, now)
    return Tried(
        version=manifest.version, name=f"{TRIAL} {manifest.version}", asked=count, kept=kept,
        left_out=left_out, seconds=seconds, failure=failure,
    )  # fmt: skip


def _keep(
    store: Store,
    manifest: Manifest,
    rows: pa.Table,
    answers: Sequence[Answered | None],
    now: datetime,
) -> int:
    """Keep what a version answered under its own name, which no figure reads."""
    labels = []
    for row, said in zip(rows.to_pylist(), answers, strict=True):
        if said is not None:
            labels.append(
                Label(
                    network=row["network"], post=row["post"], published_on=row["published_on"],
                    question=manifest.question, annotator=f"{TRIAL} {manifest.version}",
                    answers=said.answers, certainties=said.certainties, labelled_at=now,
                )
            )  # fmt: skip
    if labels:
        store.append(Label.table, table_of(Label, labels))
    return len(labels)


def trials(
    store: Store, question: str, weights: Collection[Key], *, settings: Settings
) -> dict[int, Trial]:
    """Return by version how each that was tried does on the texts of a check."""
    labels = store.table(Label.table)
    tried = labels.filter(
        (labels.question == question) & labels.annotator.re_search(f"^{TRIAL} [0-9]+$")
    )
    said = people_said(store, question)
    found: dict[int, dict[Key, frozenset[str]]] = {}
    months: set[date] = set()
    for one in records_of(Label, tried.to_pyarrow()):
        key = one.network, one.post
        if key in weights and key in said:
            version = int(one.annotator.removeprefix(f"{TRIAL} "))
            found.setdefault(version, {})[key] = frozenset(one.answers)
            months.add(one.published_on.replace(day=1))
    people = {key: list(answers.values())[-1] for key, answers in said.items()}
    by_rules = _said(store, question, rules([question]), months)
    current = Models(settings.home).current(question)
    by_model = _said(store, question, answerers(settings, [question])[1:], months)
    tries = {}
    for version, answers in sorted(found.items()):
        running = None
        if version != current and by_model.keys() & answers.keys():
            now = by_rules | by_model
            running = _compared(question, answers, people, now, against=f"{MODEL} {current}")
        own = rules([question])[0].name
        compared = _compared(question, answers, people, by_rules, against=own)
        tries[version] = Trial(rules=compared, running=running)
    return tries


def _said(
    store: Store, question: str, who: Sequence[Annotator], months: Collection[date]
) -> dict[Key, frozenset[str]]:
    """Return what annotators answered; of several the last is believed."""
    found: dict[Key, frozenset[str]] = {}
    for one in who:
        said = said_by(store, question, one, months)
        found |= {key: frozenset(answer.answers) for key, answer in said.items()}
    return found


def _compared(
    question: str,
    answers: Mapping[Key, frozenset[str]],
    people: Mapping[Key, frozenset[str]],
    other: Mapping[Key, frozenset[str]],
    *,
    against: str,
) -> Compared:
    """Compare a version with what answers without it, text by text."""
    keys = [key for key in answers if key in other]
    names = list(classifiers()[question].answers)
    truth = [people[key] for key in keys]
    own, others = [answers[key] for key in keys], [other[key] for key in keys]
    return Compared(
        n=len(keys),
        f1=mean_f1(sets_of(truth, names), sets_of(own, names)),
        other_f1=mean_f1(sets_of(truth, names), sets_of(others, names)),
        against=against,
        difference=difference(truth, own, others, names),
    )
