"""Writes warnings as an Atom feed (RFC 4287): a line and where to read on, no words of others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.etree import ElementTree

_ATOM = "http://www.w3.org/2005/Atom"


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One warning."""

    mark: str
    title: str
    address: str
    at: datetime


def feed(title: str, entries: Sequence[Entry], *, host: str, name: str, now: datetime) -> bytes:
    """Return the feed; its identifiers stay the same from one reading to the next."""
    root = ElementTree.Element("feed", xmlns=_ATOM)
    newest = max((entry.at for entry in entries), default=now)
    _add(root, "id", f"tag:{host},2026:alerts:{name}")
    _add(root, "title", title)
    _add(root, "updated", _written(newest))
    author = ElementTree.SubElement(root, "author")
    _add(author, "name", "Vigie")
    for entry in entries:
        item = ElementTree.SubElement(root, "entry")
        _add(item, "id", f"tag:{host},2026:{entry.mark}")
        _add(item, "title", entry.title)
        _add(item, "updated", _written(entry.at))
        ElementTree.SubElement(item, "link", href=entry.address)
    written: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _add(parent: ElementTree.Element, name: str, text: str) -> None:
    ElementTree.SubElement(parent, name).text = "".join(
        sign for sign in text if sign.isprintable() or sign == " "
    )


def _written(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds")
