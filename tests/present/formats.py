"""Renders the sample in a format, for the tests of each."""

from __future__ import annotations

from vigie.plugins import members
from vigie.present import formats
from vigie.present.document import Document
from vigie.present.format import Format

FORMATS = members(formats, Format)


def rendered(document: Document, name: str, language: str = "en") -> bytes:
    """Return a document in a format, whole."""
    return b"".join(FORMATS[name]().render(document, language))
