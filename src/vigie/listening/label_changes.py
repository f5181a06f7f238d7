"""What people change about labels: samples drawn, answers given; by right, in the log."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from vigie.annotate.annotating import classifiers
from vigie.annotate.drawing import Drawn
from vigie.columns import table_of
from vigie.errors import LabelError
from vigie.listening.label_models import CheckSample, CheckText
from vigie.model import Label
from vigie.register import log
from vigie.register.rights import COMMAND_LINE, LABEL_LISTENING, Author, require
from vigie.store.store import Store
from vigie.words import _

PERSON = "person:"


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a person answers to one question about one post."""

    question: str
    network: str
    post: str
    published_on: date
    answers: tuple[str, ...]
    """None: none of the answers is right."""


def keep_sample(
    question: str,
    drawn: Sequence[Drawn],
    *,
    seed: int,
    drawn_from: int,
    by: Author = COMMAND_LINE,
    at: datetime | None = None,
) -> CheckSample:
    """Keep which texts were drawn to check a question; earlier samples stay."""
    require(by, LABEL_LISTENING)
    if not drawn:
        raise LabelError(
            _(
                "There is no labelled text to draw from. Label what was collected first: vigie "
                "annotate."
            )
        )
    moment = at or timezone.now()
    with transaction.atomic():
        sample = CheckSample.objects.create(
            question=question, seed=seed, drawn_from=drawn_from, drawn_at=moment, drawn_by=by.name
        )
        CheckText.objects.bulk_create(
            CheckText(
                sample=sample,
                place=place,
                network=one.candidate.network,
                post=one.candidate.post,
                weight=one.weight,
                is_random=one.is_random,
            )
            for place, one in enumerate(drawn, start=1)
        )
        facts = {"seed": seed, "texts": len(drawn), "drawn_from": drawn_from}
        _write("check.draw", question, facts, by=by, at=moment)
    return sample


def answer(
    store: Store, said: Answer, *, by: Author = COMMAND_LINE, at: datetime | None = None
) -> Label:
    """Keep what a person answers as a label of theirs; their earlier answer gives way."""
    require(by, LABEL_LISTENING)
    _require_answers(said)
    moment = at or timezone.now()
    label = Label(
        network=said.network,
        post=said.post,
        published_on=said.published_on,
        question=said.question,
        annotator=f"{PERSON}{by.name}",
        answers=said.answers,
        certainties=tuple(1.0 for _answer in said.answers),
        labelled_at=moment,
    )
    with transaction.atomic():
        # What they answered is in the store; the log says that they did, and about what.
        facts = {"question": said.question, "answers": list(said.answers)}
        _write("label.put", f"{said.network}:{said.post}", facts, by=by, at=moment)
        store.append(Label.table, table_of(Label, [label]))
    return label


def _require_answers(said: Answer) -> None:
    known = classifiers().get(said.question)
    if known is None or not known.answers:
        raise LabelError(
            _("{question} is not a question people answer here.", question=said.question)
        )
    wrong = [one for one in said.answers if one not in known.answers]
    if wrong:
        raise LabelError(
            _(
                "{answer} is not an answer to {question}. The answers are: {answers}.",
                answer=wrong[0],
                question=known.label,
                answers=", ".join(known.answers),
            )
        )
    if not known.is_multiple and len(said.answers) != 1:
        raise LabelError(_("Choose one answer to {question}.", question=known.label))


def checked_keys(question: str) -> Collection[tuple[str, str]]:
    """Return the texts of every sample of a question: no model may learn from them."""
    rows = CheckText.objects.filter(sample__question=question)
    return set(rows.values_list("network", "post"))


def sampled_keys(question: str) -> Collection[tuple[str, str]]:
    """Return the texts of the latest sample; refuse where nothing was drawn."""
    sample = latest_sample(question)
    if sample is None:
        raise LabelError(
            _(
                "No text was drawn yet to check {question}: vigie annotate check --question "
                "{question} --draw 200",
                question=question,
            )
        )
    return set(sample.texts.values_list("network", "post"))


def latest_sample(question: str) -> CheckSample | None:
    """Return the sample people are working on."""
    return CheckSample.objects.filter(question=question).first()


def _write(action: str, subject: str, facts: log.Facts, *, by: Author, at: datetime) -> None:
    log.write([log.Change(action=action, subject=subject, facts=facts)], by=by, at=at)
