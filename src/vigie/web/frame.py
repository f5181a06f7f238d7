"""What the frame of every page shows: where one is, in which language, how fresh."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest

import vigie
from vigie.register.rights import (
    CHANGE_PEOPLE,
    ENTER_INBOX,
    READ_CULTURE,
    READ_LISTENING,
    READ_REGISTER,
    READ_SOURCES,
)
from vigie.web.people import may
from vigie.web.site import situation
from vigie.words import Words, _


@dataclass(frozen=True, kw_only=True)
class Way:
    """A link of the navigation."""

    page: str
    label: Words
    permission: str | None = None


WAYS = (
    Way(page="index.latest", label=_("Index")),
    Way(page="index.compare", label=_("Compare")),
    Way(page="index.method", label=_("Method")),
    Way(page="index.history", label=_("History")),
    Way(page="culture.practices", label=_("Culture"), permission=READ_CULTURE),
    Way(page="listening.home", label=_("Listening"), permission=READ_LISTENING),
    Way(page="inbox.queue", label=_("Inbox"), permission=ENTER_INBOX),
    Way(page="sources.sources", label=_("Sources"), permission=READ_SOURCES),
    Way(page="register.register", label=_("Register"), permission=READ_REGISTER),
    Way(page="register.persons", label=_("Settings"), permission=CHANGE_PEOPLE),
)


def frame(request: HttpRequest) -> dict[str, object]:
    """Give templates what the frame shows."""
    found = situation()
    return {
        "ways": [way for way in WAYS if way.permission is None or may(request, way.permission)],
        "here": _here(request),
        "languages": [(code, name) for code, name in settings.LANGUAGES],
        "is_invented": found.is_invented,
        "seen_at": found.seen_at,
        "version": own_version(),
        "static_mark": static_mark(),
    }


def _here(request: HttpRequest) -> str:
    return request.resolver_match.view_name if request.resolver_match else ""


@cache
def own_version() -> str:
    """Return the version of Vigie: reading it takes longer than many a page."""
    return version("vigie")


@cache
def static_mark() -> str:
    """Return what the addresses of style and script carry, so that a change is seen at once."""
    digest = hashlib.sha256(version("django-htmx").encode())
    for folder in settings.STATICFILES_DIRS:
        for file in sorted(folder.rglob("*.*")):
            digest.update(file.read_bytes())
    return digest.hexdigest()[:12]


@cache
def code_mark() -> int:
    """Return what changes when the program does: a page made by another one is not kept."""
    package = Path(vigie.__file__).parent
    kinds = {".py", ".mo", ".html", ".jinja", ".css", ".js"}
    return max(file.stat().st_mtime_ns for file in package.rglob("*.*") if file.suffix in kinds)
