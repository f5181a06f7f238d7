"""Takes files to disk as they arrive, up to the limit of the installation."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import (
    FileUploadHandler,
    SkipFile,
    StopUpload,
    TemporaryFileUploadHandler,
)
from django.http import HttpRequest

from vigie.words import Words, _

MEGABYTE = 1024 * 1024

NO_FILE = _("Choose a file first. An empty one holds nothing to read.")


def too_large(*, command: str = "") -> Words:
    """Say that a file is past the limit of the installation, and the command that takes it."""
    limit = int(settings.CONFIGURED.upload_limit)
    if not command:
        return _("This file is larger than {limit} MB, the most this site takes.", limit=limit)
    return _(
        "This file is larger than {limit} MB, the most this site takes. "
        "Import it on the machine itself: {command}.",
        limit=limit,
        command=command,
    )


class NoFileHandler(FileUploadHandler):
    """Refuses files: used by every page that does not ask for one."""

    def new_file(self, *_args: object, **_kwargs: object) -> None:
        """Pass over the file before a byte of it is kept."""
        raise SkipFile

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Keep nothing."""

    def file_complete(self, file_size: int) -> None:
        """Keep nothing."""


class LimitedFileHandler(TemporaryFileUploadHandler):
    """Writes to a temporary file, and stops at the limit: nothing is kept of a larger one."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Refuse at once a request that says it is too large."""
        if self.request is not None and int(self.request.META["CONTENT_LENGTH"] or 0) > self.limit:
            self._refuse()
        super().new_file(*args, **kwargs)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Write a piece, unless the file has grown past the limit."""
        if start + len(raw_data) > self.limit:
            self._refuse()
        super().receive_data_chunk(raw_data, start)

    @property
    def limit(self) -> int:
        """Most bytes one file may have."""
        return int(settings.CONFIGURED.upload_limit) * MEGABYTE

    def _refuse(self) -> None:
        if self.request is not None:
            self.request.file_too_large = True  # type: ignore[attr-defined]  # read by the page
        # The rest is read and thrown away, so that the browser can be told why.
        raise StopUpload(connection_reset=False)


def file_handlers(request: HttpRequest) -> list[FileUploadHandler]:
    """Return the handlers of a page that takes a file."""
    return [LimitedFileHandler(request)]
