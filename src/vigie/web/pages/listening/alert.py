"""What did this alert warn of? Opening it says that it was read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from vigie.collect.connecting import may_show_words
from vigie.listening.alert_changes import mark_read
from vigie.listening.gathering import texts_since
from vigie.listening.letters import explained
from vigie.listening.models import AlertSent
from vigie.register.rights import READ_LISTENING
from vigie.web.people import person_of
from vigie.web.site import site_store

route = "listening/alerts/<int:number>/"
permission = READ_LISTENING


def page(request: HttpRequest, number: int) -> HttpResponse:
    """Show a warning with its posts, and note that it was read."""
    related = ("alert__query", "alert__person", "alert__deputy")
    sent = AlertSent.objects.select_related(*related).filter(pk=number).first()
    if sent is None:
        raise Http404
    person = person_of(request)
    if request.method == "GET" and person in (sent.alert.person, sent.alert.deputy):
        mark_read(sent, person)
        sent.refresh_from_db(fields=("read_at", "read_by"))
    shown = {
        "sent": sent,
        "explained": explained(sent.facts),
        "posts": _posts(sent.facts.get("posts", [])),
        "messages_sent": sent.messages.select_related("to").order_by("id"),
    }
    response = render(request, "listening/alert.html", shown)
    response["Cache-Control"] = "private, no-store"
    return response


def _posts(told: Sequence[Mapping[str, str]]) -> list[Mapping[str, object]]:
    """Return the posts of a warning with their words, where these may be shown and still exist."""
    if not told:
        return []
    since = min(datetime.fromisoformat(post["at"]) for post in told)
    found = texts_since(site_store(), since, datetime.now(UTC))
    chosen = found.filter(found.post.isin([post["post"] for post in told]))
    rows = chosen.select("network", "post", "text").to_pyarrow().to_pylist()
    words = {(row["network"], row["post"]): row["text"] for row in rows}
    return [
        {
            **post,
            "at": datetime.fromisoformat(post["at"]),
            "is_gone": (post["network"], post["post"]) not in words,
            "text": words.get((post["network"], post["post"]))
            if may_show_words(post["network"])
            else None,
        }
        for post in told
    ]
