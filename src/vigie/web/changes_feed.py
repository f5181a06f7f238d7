"""Writes what an institution changed as an Atom feed (RFC 4287)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, time
from urllib.parse import urlsplit
from xml.etree import ElementTree

from vigie.inbox.models import Change
from vigie.register.models import Institution
from vigie.settings import Settings
from vigie.words import _, say

_ATOM = "http://www.w3.org/2005/Atom"


def feed(
    institution: Institution, rows: Iterable[Change], *, language: str, configured: Settings
) -> bytes:
    """Return the changes that everybody may read, the newest first."""
    host = urlsplit(configured.site).hostname or "localhost"
    address = f"{configured.site}/changes/{institution.slug}/"
    kept = list(rows)
    root = ElementTree.Element("feed", xmlns=_ATOM)
    _add(root, "id", f"tag:{host},2026:changes:{institution.slug}")
    _add(root, "title", say(_("You said, we changed: {name}", name=str(institution)), language))
    _add(root, "updated", _moment(max((row.at for row in kept), default=datetime.now(UTC))))
    ElementTree.SubElement(root, "link", href=address)
    _add(ElementTree.SubElement(root, "author"), "name", str(institution))
    for row in kept:
        entry = ElementTree.SubElement(root, "entry")
        _add(entry, "id", f"tag:{host},2026:change-{row.pk}")
        _add(entry, "title", _in(row.said, language))
        _add(entry, "summary", _in(row.changed, language))
        _add(entry, "published", _moment(datetime.combine(row.changed_on, time(12), UTC)))
        _add(entry, "updated", _moment(row.at))
        ElementTree.SubElement(entry, "link", href=f"{address}#change-{row.pk}")
    written: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _in(said: Mapping[str, str], language: str) -> str:
    return said.get(language) or next(iter(said.values()), "")


def _add(parent: ElementTree.Element, name: str, text: str) -> None:
    ElementTree.SubElement(parent, name).text = "".join(
        sign if sign.isprintable() else " " for sign in text
    )


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds")
