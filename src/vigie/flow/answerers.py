"""Who answers now: the rules of every question, and the models a team has switched on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from vigie.annotate.annotating import classifiers
from vigie.annotate.answering import Annotator, rules
from vigie.annotate.asking import Asker, Budget
from vigie.annotate.batch import Batch
from vigie.annotate.classifier import Answered, Graded
from vigie.annotate.models import CLASSIFIER, ENDPOINT, Manifest, Models, classifier_of
from vigie.annotate.remembered import Remembered
from vigie.annotate.slot import encoder_of, endpoint_of, predictor_of
from vigie.collect.connecting import may_export_others, may_export_words
from vigie.errors import ModelError
from vigie.http import Http
from vigie.http.lines import Seconds
from vigie.http.patience import Patience
from vigie.settings import Settings
from vigie.words import _

PATIENCE, SECONDS = Patience(tries=2, all_seconds=90), Seconds(connect=5, read=60, answer=60)
"""How long a language model is waited for: labels of a run wait with it."""
ASKED = "asked.json"

Answer = Callable[[Batch], Sequence[Answered | None]]


def answerers(
    settings: Settings, questions: Iterable[str] = (), *, http: Http | None = None
) -> list[Annotator]:
    """Return them; where several answer a question, the one to be believed comes last.

    Nothing is opened before it is put its first question.
    """
    chosen = rules(questions)
    models = Models(settings.home)
    found = []
    for one in chosen:
        version = models.current(one.question) if _is_graded(one.question) else None
        if version is not None:
            manifest = models.manifest(one.question, version)
            found.append(_annotator(settings, models, manifest, http))
    return [*chosen, *found]


def _is_graded(question: str) -> bool:
    return issubclass(classifiers()[question], Graded)


def _annotator(
    settings: Settings, models: Models, manifest: Manifest, http: Http | None
) -> Annotator:
    since = models.switch(manifest.question).since
    return Annotator(
        question=manifest.question,
        name=manifest.name,
        answer=_Lazy(lambda: opened(settings, manifest, http=http)),
        languages=models.languages_of(manifest),
        since=date.fromisoformat(since) if since else None,
        may_leave=manifest.kind == ENDPOINT,
    )


@dataclass
class _Lazy:
    """Opens what answers when it is first asked."""

    open: Callable[[], Answer]
    found: Answer | None = None

    def __call__(self, batch: Batch) -> Sequence[Answered | None]:
        self.found = self.found or self.open()
        return self.found(batch)


def opened(
    settings: Settings,
    manifest: Manifest,
    *,
    http: Http | None = None,
    languages: frozenset[str] | None = None,
) -> Answer:
    """Open a version of any kind; raise ``ModelError`` where it cannot answer.

    ``languages``: those in which it answers, where not those it is switched on for.
    """
    models = Models(settings.home)
    languages = languages or models.languages_of(manifest)
    if manifest.kind == ENDPOINT:
        budget = Budget(path=models.home / "models" / ASKED, most=settings.model_budget)
        return asker(settings, manifest, languages, http=http, budget=budget).answer
    if manifest.kind == CLASSIFIER:
        predictor = predictor_of(settings, manifest)
        classifier = classifier_of(manifest.question)
        return lambda batch: predictor.answer(batch, classifier, languages)
    encoder = encoder_of(settings, manifest)
    model = models.open(manifest.question, manifest.version, encoder=encoder)
    return replace(model, languages=languages).answer


def asker(
    settings: Settings,
    manifest: Manifest,
    languages: frozenset[str],
    *,
    http: Http | None,
    budget: Budget | None = None,
) -> Asker:
    """Return who puts a question to the language model that settings name."""
    if http is None:
        raise ModelError(_("A language model cannot be asked here: there is no connection."))
    endpoint = endpoint_of(settings, manifest)
    patient = replace(http, patience=PATIENCE, seconds=SECONDS) if budget else http
    name = f"{manifest.source_digest}-{manifest.question}-{manifest.rules}.sqlite3"
    return Asker(
        endpoint=endpoint,
        http=patient,
        classifier=type(classifier_of(manifest.question)),
        languages=languages,
        may_leave=_always if endpoint.stays_here(settings) else _may_leave,
        remembered=Remembered(path=Models(settings.home).cache() / name),
        budget=budget,
    )


def _always(_network: str, _is_own: bool) -> bool:
    """Let every text go to a machine of ours."""
    return True


def _may_leave(network: str, is_own: bool) -> bool:
    """Say whether the words of a text may leave: the rules of its network decide."""
    return may_export_words(network) if is_own else may_export_others(network)
