"""Who answers a question: the rules, or a model; what was tried, and who decides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from vigie import flow
from vigie.annotate.models import ENDPOINT, MODEL, Manifest, Models
from vigie.annotate.slot import Named, named
from vigie.errors import ModelError
from vigie.listening.label_changes import latest_sample
from vigie.listening.model_changes import Decision, beats_what_answers, switch
from vigie.listening.model_words import KINDS, compared_words, languages_words, version_words
from vigie.register.rights import READ_LISTENING, SWITCH_MODELS, require
from vigie.sources.gathering import is_someone_working
from vigie.sources.models import Work
from vigie.sources.turns import ANNOTATE, TRY, make_due
from vigie.web import check_rows
from vigie.web.log_words import doer
from vigie.web.people import author_of, may
from vigie.web.sentences import reader_language, said
from vigie.web.site import site_store
from vigie.words import Words, _

route = "listening/models/<slug:question>/"
permission = READ_LISTENING
methods = ("GET", "HEAD", "POST")

RULES = "rules"
ASKED = _("It is tried in the next minutes; this page then says what came of it.")
SWITCHED = _("Decided. Posts are labelled anew in the next minutes.")


@dataclass(frozen=True, kw_only=True)
class Version:
    """A version, and how it does on the team's own check."""

    manifest: Manifest
    words: Words
    compared: list[Words]
    """Beside what answers now, and beside the rules."""
    then: Words | None
    """Beside what answered when it was taught, where it was compared."""
    is_on: bool
    is_better: bool
    at: datetime
    languages: list[Words | str]


@dataclass(frozen=True, kw_only=True)
class Tryable:
    """A model that settings name."""

    one: Named
    words: Words
    languages: list[Words | str]
    is_waiting: bool
    leaves: bool
    """Words of posts go to an address to be answered about."""


def page(request: HttpRequest, question: str) -> HttpResponse:
    """Show who answers, have a model tried, or let another answer."""
    check_rows.classifier_named(question)
    if request.method != "POST":
        return _shown(request, question)
    require(author_of(request), SWITCH_MODELS)
    if request.POST.get("do") == "try":
        name = request.POST.get("name", "")
        if any(one.name == name and one.answers(question) for one in named(settings.CONFIGURED)):
            make_due(TRY, subject=f"{question}/{name}", now=datetime.now(UTC))
            messages.success(request, said(ASKED))
        return redirect("listening.models", question=question)
    return _decide(request, question)


def _decide(request: HttpRequest, question: str) -> HttpResponse:
    written = request.POST.get("version", "")
    if not (written.isdigit() or written == RULES):
        return redirect("listening.models", question=question)
    version = int(written) if written.isdigit() else None
    found = _compared(question).get(version) if version is not None else None
    decided = Decision(
        question=question,
        version=version,
        is_better=found is not None and found.is_better,
        why=request.POST.get("why", ""),
    )
    try:
        switch(Models(settings.CONFIGURED.home), decided, by=author_of(request))
    except ModelError as error:
        return _shown(request, question, mistake=error.words, wrong=version)
    make_due(ANNOTATE, now=datetime.now(UTC))
    messages.success(request, said(SWITCHED))
    return redirect("listening.models", question=question)


def _compared(question: str) -> Mapping[int, flow.Trial]:
    sample = latest_sample(question)
    keys = set(sample.texts.values_list("network", "post")) if sample else set()
    return flow.trials(site_store(), question, keys, settings=settings.CONFIGURED)


def _shown(
    request: HttpRequest, question: str, *, mistake: Words | None = None, wrong: int | None = None
) -> HttpResponse:
    models = Models(settings.CONFIGURED.home)
    found = check_rows.question_of(question, author_of(request).name)
    decided = models.switch(question)
    language = reader_language()
    versions = _versions(models, question)
    shown = {
        "question": found,
        "switch": decided,
        "decided_at": _moment(decided.at),
        "decided_by": doer(decided.by),
        "on": next((one for one in versions if one.is_on), None),
        "versions": versions,
        "tryable": _tryable(question),
        "trouble": models.trouble(question).get(language, ""),
        "failed": models.failure(question).get(language, ""),
        "may_switch": may(request, SWITCH_MODELS),
        "nobody_works": not is_someone_working(datetime.now(UTC)),
        "mistake": mistake,
        "wrong": wrong,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if mistake else HTTPStatus.OK
    return render(request, "listening/models.html", shown, status=status)


def _versions(models: Models, question: str) -> list[Version]:
    """Return every version, the latest first."""
    found, current = _compared(question), models.current(question)
    rows = []
    for manifest in reversed(models.manifests(question)):
        one = found.get(manifest.version)
        words = [
            compared_words(
                n=beside.n, f1=beside.f1, other_f1=beside.other_f1, against=beside.against,
                apart=beside.difference, is_better=beside.is_better,
            )
            for beside in (one.beside if one else ())
        ]  # fmt: skip
        rows.append(
            Version(
                manifest=manifest,
                words=version_words(manifest),
                compared=words,
                then=_then(manifest),
                is_on=manifest.version == current,
                is_better=beats_what_answers(models, manifest)
                or (one is not None and one.is_better),
                at=datetime.fromisoformat(manifest.trained_at),
                languages=languages_words(manifest.may_speak),
            )
        )
    return rows


def _then(manifest: Manifest) -> Words | None:
    beside = manifest.beside
    if beside is None:
        return None
    return compared_words(
        n=beside.n, f1=beside.f1, other_f1=beside.other_f1, against=f"{MODEL} {beside.version}",
        apart=beside.difference, is_better=beside.is_better,
    )  # fmt: skip


def _tryable(question: str) -> list[Tryable]:
    waiting = set(Work.objects.filter(kind=TRY).values_list("subject", flat=True))
    return [
        Tryable(
            one=one,
            words=one.wrong or KINDS[one.kind],
            languages=languages_words(one.languages),
            is_waiting=f"{question}/{one.name}" in waiting,
            leaves=one.kind == ENDPOINT,
        )
        for one in named(settings.CONFIGURED)
        if one.wrong is not None or one.answers(question)
    ]


def _moment(written: str) -> datetime | None:
    return datetime.fromisoformat(written) if written else None
