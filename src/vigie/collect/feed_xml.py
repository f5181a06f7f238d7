"""Reads the XML of feeds as it is found: mended where it can be, and never opening anything."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Mapping
from html.entities import html5

from lxml import etree

HEAD = 2048
"""Bytes in which a document says what it is and how it is encoded."""
XML = "{http://www.w3.org/XML/1998/namespace}"
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16"),
          (codecs.BOM_UTF16_BE, "utf-16"))  # fmt: skip
_DECLARED = re.compile(rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:\-]{1,40})["']""", re.I)
_DECLARATION = re.compile(r"\s*<\?xml[^>]*\?>")
_CHARSET = re.compile(r"""charset\s*=\s*["']?([\w.:\-]{1,40})""", re.IGNORECASE)
_AMPERSAND = re.compile(r"&(?:(#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|\w{1,32});)?")
_CONTROLS = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF])
_EMPTY = re.compile(r"<(br|hr|img|wbr)\b([^<>]*?)/?>", re.IGNORECASE)
"""HTML that stands unescaped in a title, and is never closed."""
_PLAIN = frozenset({"amp", "lt", "gt", "quot", "apos"})
_OLD_WINDOWS = {
    code: bytes([code]).decode("cp1252", "ignore") or None for code in range(0x80, 0xA0)
}
"""What letters that no text means are where Windows letters were called ISO-8859-1."""


def root_of(body: bytes, *, url: str, content_type: str = "") -> etree._Element | None:
    """Return the root of a document; none where it is no XML at all.

    What is not well-formed is mended: accents in the wrong encoding, ``&eacute;`` without a
    definition, a bare ``&``, elements that are never closed, an end that was cut off. Entities
    that a document defines are not expanded, and what it points to outside is not opened.
    """
    text = body.strip()
    if not text:
        return None
    try:
        return etree.fromstring(text, _parser(), base_url=url)
    except (etree.XMLSyntaxError, ValueError):
        pass
    mended = _mended(_decoded(text, content_type)).encode("utf-8", "replace")
    try:
        return etree.fromstring(mended, _parser(recover=True, encoding="utf-8"), base_url=url)
    except (etree.XMLSyntaxError, ValueError):
        return None


def _parser(*, recover: bool = False, encoding: str | None = None) -> etree.XMLParser:
    return etree.XMLParser(
        encoding=encoding,
        recover=recover,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )


def _decoded(body: bytes, content_type: str) -> str:
    """Return the text in the first encoding that fits: as marked, as said, UTF-8, Windows."""
    charset = _CHARSET.search(content_type)
    declared = _DECLARED.search(body[:HEAD])
    names = [
        *(name for mark, name in _MARKS if body.startswith(mark)),
        declared[1].decode("ascii", "replace") if declared else "utf-8",
        charset[1] if charset else "utf-8",
        "utf-8",
    ]
    for name in names:
        try:
            return body.decode(name)
        except (LookupError, UnicodeError):
            continue
    return body.decode("cp1252", "replace")


def _mended(text: str) -> str:
    found = _DECLARATION.match(text.lstrip("\ufeff"))
    text = text.lstrip("\ufeff")[found.end() if found else 0 :]
    text = _EMPTY.sub(r"<\1\2/>", text.translate(_CONTROLS))
    return _AMPERSAND.sub(_reference, text)


def _reference(found: re.Match[str]) -> str:
    name = found[1]
    if name is None:
        return "&amp;"
    if name in _PLAIN or name.startswith("#"):
        return found[0]
    letters = html5.get(f"{name};")
    return "".join(f"&#{ord(letter)};" for letter in letters) if letters else f"&amp;{name};"


def local(element: etree._Element) -> str:
    """Return the name of an element without its namespace."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def space(element: etree._Element) -> str:
    """Return the namespace of an element; empty where it has none."""
    return element.tag.rpartition("}")[0].lstrip("{") if isinstance(element.tag, str) else ""


Parts = Mapping[str, list[etree._Element]]
"""The elements right below one, by their names without namespaces."""


def parts_of(element: etree._Element) -> Parts:
    """Return the elements right below one, by name."""
    found: dict[str, list[etree._Element]] = {}
    for below in element:
        if isinstance(below.tag, str):
            found.setdefault(below.tag.rpartition("}")[2], []).append(below)
    return found


def child(element: etree._Element, name: str) -> etree._Element | None:
    """Return the first element right below one that has this name, if possible in its namespace."""
    return first(parts_of(element), name, space(element))


def first(parts: Parts, name: str, namespace: str) -> etree._Element | None:
    """Return the first part of a name, if possible in this namespace."""
    found = parts.get(name, [])
    if len(found) < 2:
        return found[0] if found else None
    return next((one for one in found if space(one) == namespace), found[0])


def words(element: etree._Element | None) -> str | None:
    """Return all text within an element, trimmed; unknown when there is none."""
    if element is None:
        return None
    found = "".join(_texts(element)) if len(element) else element.text or ""
    return (found if found.isascii() else found.translate(_OLD_WINDOWS)).strip() or None


def _texts(element: etree._Element) -> Iterator[str]:
    for event, one in etree.iterwalk(element, events=("start", "end", "comment", "pi")):
        if event == "start" and isinstance(one.tag, str):
            yield one.text or ""
        elif event == "end" and one is not element:
            yield one.tail or ""
