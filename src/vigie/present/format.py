"""The contract of an output format: a document in, bytes out."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import ClassVar

from vigie.present.document import Document
from vigie.words import Words


class Format(ABC):
    """A look a document can take. Every report gains every format."""

    label: ClassVar[Words]
    media_type: ClassVar[str]
    suffix: ClassVar[str]

    @abstractmethod
    def render(self, document: Document, language: str) -> Iterator[bytes]:
        """Yield the document in ``fr`` or ``en``, piece by piece where the format allows."""
