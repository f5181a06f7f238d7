"""What would you answer about this text? The machine's answer is hidden."""

from __future__ import annotations

from datetime import date
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from vigie import flow
from vigie.collect.connecting import may_show_words
from vigie.errors import VigieError
from vigie.listening.label_changes import Answer, answer, latest_sample
from vigie.listening.label_models import CheckSample, CheckText
from vigie.register.rights import LABEL_LISTENING
from vigie.web import check_rows
from vigie.web.people import author_of
from vigie.web.site import site_store
from vigie.words import Words

route = "listening/check/<slug:question>/"
permission = LABEL_LISTENING
methods = ("GET", "HEAD", "POST")


def page(request: HttpRequest, question: str) -> HttpResponse:
    """Show the next text of the sample, or keep an answer and go on."""
    check_rows.classifier_named(question)
    sample = latest_sample(question)
    if sample is None:
        return redirect("listening.check")
    if request.method == "POST":
        return _keep(request, sample)
    done = check_rows.answered_by(sample, author_of(request).name)
    chosen = _asked(request, sample) or check_rows.next_text(sample, done, after=_after(request))
    return _shown(request, sample, chosen)


def _asked(request: HttpRequest, sample: CheckSample) -> CheckText | None:
    place = request.GET.get("place", "")
    return sample.texts.filter(place=int(place)).first() if _is_place(place) else None


def _after(request: HttpRequest) -> int:
    after = request.GET.get("after", "")
    return int(after) if _is_place(after) else 0


def _is_place(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 6


def _keep(request: HttpRequest, sample: CheckSample) -> HttpResponse:
    place = request.POST.get("place", "")
    text = sample.texts.filter(place=int(place)).first() if _is_place(place) else None
    found = _words_of(text)
    if text is None or found is None:
        return redirect("listening.check_text", question=sample.question)
    day = found["published_on"]
    assert isinstance(day, date)
    said = Answer(
        question=sample.question,
        network=text.network,
        post=text.post,
        published_on=day,
        answers=tuple(request.POST.getlist("answer")),
    )
    try:
        answer(site_store(), said, by=author_of(request))
    except VigieError as error:
        return _shown(request, sample, text, mistake=error.words)
    return redirect(f"{reverse('listening.check_text', args=[sample.question])}?after={text.place}")


def _words_of(text: CheckText | None) -> dict[str, object] | None:
    if text is None:
        return None
    key = (text.network, text.post)
    return flow.texts_of(site_store(), [key]).get(key)


def _shown(
    request: HttpRequest,
    sample: CheckSample,
    text: CheckText | None,
    *,
    mistake: Words | None = None,
) -> HttpResponse:
    done = check_rows.answered_by(sample, author_of(request).name)
    found = _words_of(text)
    given = done.get((text.network, text.post)) if text else None
    classifier = check_rows.classifier_named(sample.question)
    size = sample.texts.count()
    shown = {
        "question": sample.question,
        "label": classifier.label,
        "is_multiple": classifier.is_multiple,
        "is_none_right": "other" not in classifier.answers and classifier.is_multiple,
        "text": text,
        "words": found,
        "may_show": text is not None and may_show_words(text.network),
        "choices": check_rows.choices(sample.question, given),
        "was_answered": given is not None,
        "done": len(done),
        "size": size,
        "mistake": mistake,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if mistake else HTTPStatus.OK
    response = render(request, "listening/check_text.html", shown, status=status)
    response["Cache-Control"] = "private, no-store"
    return response
