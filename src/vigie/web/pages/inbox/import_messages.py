"""Give a download of messages to the box that takes them."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from vigie.errors import FileError, FullDiskError, InboxError
from vigie.inbox.archives import CHANNEL, take
from vigie.inbox.box_changes import boxes_seen
from vigie.inbox.boxes import MARK_KEY, member_of
from vigie.inbox.forgetting import marks
from vigie.inbox.models import Box
from vigie.inbox.own_taking import Taken, note_import, warned
from vigie.register.rights import CONNECT_INBOX
from vigie.secret import kept_secret
from vigie.web import inbox_hand
from vigie.web.people import author_of
from vigie.web.sentences import said
from vigie.web.uploads import NO_FILE, too_large
from vigie.words import Words, _, plural

route = "inbox/boxes/<slug:name>/import/"
permission = CONNECT_INBOX
methods = ("GET", "HEAD", "POST")
takes_files = True


def page(request: HttpRequest, name: str) -> HttpResponseBase:
    """Ask for the file, or take it."""
    seen = boxes_seen(inbox_hand.eyes(request))
    box = seen.filter(name=name, channel=CHANNEL).first()
    if box is None:
        raise Http404
    if request.method != "POST":
        return _shown(request, box)
    sent = request.FILES.get("file")
    if getattr(request, "file_too_large", False):
        return _shown(
            request, box, mistake=too_large(command=f"vigie inbox import FILE --box {box.name}")
        )
    if sent is None or not sent.size:
        return _shown(request, box, mistake=NO_FILE)
    try:
        taken = _taken(sent, box)
    except (FileError, InboxError, FullDiskError) as error:
        return _shown(request, box, mistake=error.words)
    note_import(taken, box, by=author_of(request), at=datetime.now(UTC))
    messages.success(request, said(_found(taken)))
    for words in warned(taken):
        messages.warning(request, said(words))
    # What went into boxes of its own is looked for there, not in the one it was given to.
    is_elsewhere = bool(taken.boxes - {box.pk})
    return redirect("inbox.boxes") if is_elsewhere else redirect("inbox.box", name=name)


def _taken(sent: UploadedFile[bytes], box: Box) -> Taken:
    """Put a file into the box under its own name, which mistakes repeat."""
    home = settings.CONFIGURED.home
    home.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=home) as folder:
        path = Path(folder) / (Path(sent.name or "").name or "file")
        with path.open("wb") as kept:
            shutil.copyfileobj(sent, kept)
        mark = marks(kept_secret(home, MARK_KEY))
        return take(path, box, home=home, mark=mark, now=datetime.now(UTC))


def _found(taken: Taken) -> Words:
    if taken.conversations and taken.known == taken.conversations:
        return _("All that this file holds is in other boxes already. Nothing was changed.")
    return plural(
        "{count} conversation was found. It is read within a minute.",
        "{count} conversations were found. They are read within minutes.",
        count=taken.conversations,
    )


def _shown(request: HttpRequest, box: Box, *, mistake: Words | None = None) -> HttpResponseBase:
    shown = {"one": box, "guide": member_of(box).guide, "mistake": mistake}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if mistake else HTTPStatus.OK
    return render(request, "inbox/import_messages.html", shown, status=status)
