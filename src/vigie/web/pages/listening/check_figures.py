"""How often are these labels right, for which answers, and do people agree?"""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from vigie.annotate.checking import AnswerQuality, Estimate
from vigie.annotate.models import Models
from vigie.flow import HowSure
from vigie.present import naming
from vigie.register.rights import LABEL_LISTENING, READ_LISTENING
from vigie.web import check_rows
from vigie.web.listening_words import language_name
from vigie.web.log_words import doer
from vigie.web.people import author_of, may
from vigie.web.sentences import reader_language
from vigie.words import Words, _

route = "listening/check/<slug:question>/figures/"
permission = READ_LISTENING

UNTOLD = _("no language told")


def page(request: HttpRequest, question: str) -> HttpResponse:
    """Show what the checks of a question say."""
    check_rows.classifier_named(question)
    found = check_rows.question_of(question, author_of(request).name)
    sure = found.sure
    quality = sure.quality if sure else None
    decided = Models(settings.CONFIGURED.home).switch(question)
    shown = {
        "question": found,
        "quality": quality,
        "answers": _answers(question, sure) if sure else [],
        "places": _places(sure) if sure else [],
        "people": sorted(sure.people.items()) if sure else [],
        "models": Models(settings.CONFIGURED.home).versions(question),
        "trouble": Models(settings.CONFIGURED.home).trouble(question).get(reader_language(), ""),
        "switch": decided,
        "decided_by": doer(decided.by),
        "may_label": may(request, LABEL_LISTENING),
    }
    return render(request, "listening/check_figures.html", shown)


def _answers(question: str, sure: HowSure) -> list[tuple[AnswerQuality, Words, float | None]]:
    words = check_rows.classifier_named(question).answers
    return [(one, words[one.answer], sure.agreement_on[one.answer]) for one in sure.quality.answers]


def _places(sure: HowSure) -> list[tuple[Words, list[tuple[Words | str, Estimate]]]]:
    """Return the accuracy by language and by network, each with its name."""
    languages: list[tuple[Words | str, Estimate]] = [
        (language_name(code) if code else UNTOLD, one)
        for code, one in sure.quality.by_language.items()
    ]
    networks: list[tuple[Words | str, Estimate]] = [
        (naming.network(name), one) for name, one in sure.quality.by_network.items()
    ]
    return [(_("Language"), languages), (_("Network"), networks)]
