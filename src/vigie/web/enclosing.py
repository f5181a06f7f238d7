"""Files over the web: those that are handed in with an answer, and those that are handed over."""

from __future__ import annotations

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase

from vigie.errors import InboxError
from vigie.inbox.channel import Channel, Enclosed
from vigie.inbox.enclosures import MOST_BYTES, Files, too_large
from vigie.inbox.models import Attachment

PLACES = (1, 2, 3, 4)
"""Fields for pictures, where each needs its words."""
SANDBOX = "default-src 'none'; sandbox"


def files_of(request: HttpRequest) -> Files:
    """Return the files of a form; those that are too large are not even read."""
    given = [(one, "") for one in request.FILES.getlist("files") if one.name]
    for place in PLACES:
        picture = request.FILES.get(f"picture-{place}")
        if picture is not None and picture.name:
            given.append((picture, request.POST.get(f"alt-{place}", "")))
    if sum(one.size or 0 for one, _alt in given) > MOST_BYTES:
        raise InboxError(too_large())
    enclosed = tuple(
        Enclosed(name=one.name or "file", content=one.read(), media_type=one.content_type or "",
                 alt=alt)
        for one, alt in given
    )  # fmt: skip
    return Files(enclosed=enclosed, home=settings.CONFIGURED.home)


def asked_for(request: HttpRequest, channel: type[Channel] | None) -> dict[str, object]:
    """Return which files a form may ask for, and what was typed beside them before a mistake."""
    pictures = channel.pictures if channel is not None and channel.may_enclose else None
    return {
        "may_enclose": channel is not None and channel.may_enclose,
        "most_bytes": MOST_BYTES,
        "lost_files": bool(request.FILES),
        "pictures": pictures,
        "picture_fields": [(place, request.POST.get(f"alt-{place}", "")) for place in PLACES],
    }


def handed_over(row: Attachment | None) -> HttpResponseBase:
    """Hand over a file to be kept by the reader; a browser is told not to show or run it."""
    if row is None:
        raise Http404
    try:
        content = (settings.CONFIGURED.home / row.file).open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    response = FileResponse(
        content, as_attachment=True, filename=row.name, content_type=row.media_type
    )
    response["Content-Security-Policy"] = SANDBOX
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
