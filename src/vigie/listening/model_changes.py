"""Which version of a model answers a question: a person decides, by right, and the log says so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from vigie.annotate.models import ENDPOINT, Manifest, Models, Switch
from vigie.errors import ModelError
from vigie.listening.trained_words import place_words, trained_words
from vigie.register import log
from vigie.register.rights import COMMAND_LINE, SWITCH_MODELS, WRITE_LISTENING, Author, require
from vigie.words import LANGUAGES, _, say

BACK = timedelta(days=30)
"""A language model answers about what is as old as that when it is switched on: it is asked one
text after the other, and what is older keeps the answers it has."""


TEACHER = Author(name="teaching", rights=frozenset({WRITE_LISTENING}))
"""Who teaches where a person asked on the site: the worker does, later."""


@dataclass(frozen=True, kw_only=True)
class Decision:
    """What a person decides about who answers a question."""

    question: str
    version: int | None
    """None: the rules answer again."""
    is_better: bool = False
    """Whether the team's own check shows that it beats what answers now."""
    why: str = ""
    """Why it is to answer where that is not shown."""


def switch(
    models: Models, decided: Decision, *, by: Author = COMMAND_LINE, at: datetime | None = None
) -> Switch:
    """Let a version answer, or the rules; every version stays kept.

    What was not shown to be better answers only where a person insists and says why.
    """
    require(by, SWITCH_MODELS)
    moment, why = at or timezone.now(), decided.why.strip()
    made = Switch(by=by.name, at=moment.isoformat())
    if decided.version is not None:
        manifest = models.manifest(decided.question, decided.version)
        is_shown = decided.is_better or beats_what_answers(models, manifest)
        if not is_shown and not why:
            raise ModelError(
                _(
                    "Version {version} was not shown to be better than what answers now, on "
                    "texts that people here checked. Check more texts or, if it is to answer all "
                    "the same, say why.",
                    version=decided.version,
                )
            )
        made = _on(manifest, made, moment, insisted="" if is_shown else why)
    facts = {"version": decided.version, "insisted": made.insisted}
    with transaction.atomic():
        change = log.Change(action="label.switch", subject=decided.question, facts=facts)
        log.write([change], by=by, at=moment)
        models.use(decided.question, decided.version, made)
    return made


def note_taught(made: Manifest, *, by: Author = COMMAND_LINE, at: datetime | None = None) -> None:
    """Write into the log that a version was taught, and why it answers or does not."""
    require(by, WRITE_LISTENING)
    words = place_words(made) if made.place else trained_words(made)
    reason = {language: say(words, language) for language in LANGUAGES}
    facts = {"version": made.version, "reason": reason}
    log.write([log.Change(action="label.teach", subject=made.question, facts=facts)], by=by, at=at)


def beats_what_answers(models: Models, manifest: Manifest) -> bool:
    """Whether teaching a version has shown that it beats what answers now.

    It was compared with the rules, and with the version that answered then: of another that
    answers now it shows nothing.
    """
    now, beside = models.switch(manifest.question), manifest.beside
    if now.version == manifest.version:
        return manifest.beat_the_rules and not now.insisted
    if now.version is None:
        return manifest.beat_the_rules
    is_compared = beside is not None and beside.version == now.version
    return bool(manifest.shown_better) and is_compared and beside is not None and beside.is_better


def _on(manifest: Manifest, made: Switch, moment: datetime, *, insisted: str) -> Switch:
    is_bounded = manifest.beat_the_rules or not insisted
    beaten = manifest.shown_better if is_bounded else frozenset()
    languages = beaten or manifest.may_speak
    is_asked = manifest.kind == ENDPOINT
    return Switch(
        by=made.by,
        at=made.at,
        languages=tuple(sorted(languages)),
        since=(moment - BACK).date().isoformat() if is_asked else "",
        insisted=insisted,
    )
