"""Who is warned of what, how, and when not? And how do you want to be told?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from http import HTTPStatus
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.debug import sensitive_post_parameters

from vigie.errors import ForbiddenError, ListeningError
from vigie.listening import alert_changes
from vigie.listening.kinds import ALERT_KINDS
from vigie.listening.models import Alert, AlertSent, Listener, Query
from vigie.register.models import Person
from vigie.register.rights import READ_LISTENING, WRITE_LISTENING
from vigie.web import alert_form
from vigie.web.people import author_of, may, person_of
from vigie.web.sentences import said
from vigie.words import LANGUAGES, Words, _

route = "listening/alerts/"
permission = READ_LISTENING
methods = ("GET", "HEAD", "POST")

LATEST = 20
DONE: Mapping[str, Words] = {
    "keep": _("The alert is kept: it warns of what comes from now on."),
    "erase": _("The alert is erased."),
    "ways": _("You are told as you wish."),
    "feed": _("Your feed has a new address; the one before opens nothing any more."),
}


@sensitive_post_parameters("webhook")
def page(request: HttpRequest) -> HttpResponse:
    """List the alerts, change one, or keep how this person is told."""
    return _do(request) if request.method == "POST" else _show(request)


def _do(request: HttpRequest) -> HttpResponse:
    what = request.POST.get("do", "")
    acts: Mapping[str, Callable[[HttpRequest], str]] = {
        "keep": _keep, "erase": _erase, "ways": _ways, "feed": _feed,
    }  # fmt: skip
    if what not in acts:
        raise Http404
    try:
        shown_once = acts[what](request)
    except ForbiddenError:
        raise
    except ListeningError as error:
        return _show(request, mistake=error.words, what=what)
    messages.success(request, said(DONE[what]))
    return _show(request, secret=shown_once) if shown_once else redirect("listening.alerts")


def _keep(request: HttpRequest) -> str:
    kept = alert_form.entered(request.POST.dict())
    alert_changes.keep_alert(kept, number=_number(request), by=author_of(request))
    return ""


def _erase(request: HttpRequest) -> str:
    number = _number(request)
    if number is None:
        raise Http404
    alert_changes.erase_alert(number, by=author_of(request))
    return ""


def _ways(request: HttpRequest) -> str:
    alert_changes.set_ways(
        person_of(request),
        language=request.POST.get("language", ""),
        digest_at=alert_form.time_of(request.POST.get("digest_at", "")),
        mail=request.POST.get("mail", ""),
    )
    return ""


def _feed(request: HttpRequest) -> str:
    secret = alert_changes.new_feed(person_of(request))
    path = reverse("listening.feed", kwargs={"query": "all"})
    return f"{settings.CONFIGURED.site}{path}?{urlencode({'key': secret})}"


def _number(request: HttpRequest) -> int | None:
    given = request.POST.get("alert", "") or request.GET.get("alert", "")
    return int(given[:18]) if given.isascii() and given.isdigit() else None


def _show(
    request: HttpRequest, *, mistake: Words | None = None, what: str = "", secret: str = ""
) -> HttpResponse:
    alerts = Alert.objects.select_related("query", "person", "deputy")
    number = _number(request)
    chosen = alerts.filter(pk=number).first() if number is not None else None
    person = person_of(request)
    listener = Listener.objects.filter(person=person).first() or Listener(person=person)
    shown = {
        "alerts": list(alerts),
        "chosen": chosen,
        "form": _form(request, chosen, person),
        "calls": urlsplit(chosen.webhook).hostname if chosen and chosen.webhook else "",
        "kinds": ALERT_KINDS,
        "queries": Query.objects.order_by("title"),
        "persons": Person.objects.filter(user__is_active=True),
        "person": person,
        "listener": listener,
        "languages_known": LANGUAGES,
        "sent": list(AlertSent.objects.select_related("alert__query")[:LATEST]),
        "sends_mail": bool(settings.CONFIGURED.mail_url),
        "may_write": may(request, WRITE_LISTENING),
        "mistake": mistake,
        "mistaken": what,
        "secret": secret,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if mistake else HTTPStatus.OK
    response = render(request, "listening/alerts.html", shown, status=status)
    response["Cache-Control"] = "private, no-store"
    return response


def _form(request: HttpRequest, chosen: Alert | None, person: Person) -> Mapping[str, str]:
    if request.method == "POST" and request.POST.get("do") == "keep":
        return {name: value for name, value in request.POST.dict().items() if name != "webhook"}
    if chosen is not None:
        return alert_form.filled(chosen)
    given = {"query": request.GET.get("query", ""), "person": str(person.pk)}
    return {**alert_form.DEFAULTS, **given}
