"""Reads which other addresses a structured description (JSON-LD, schema.org) says are the same."""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Iterator, Mapping

MOST_NODES = 50_000
PERSON = "Person"
"""What a person has elsewhere is not the institution's."""
_WRAPPING = re.compile(
    r"^\s*(?:<!--|(?://|/\*)?\s*<!\[CDATA\[(?:\s*\*/)?)|(?:-->|(?://|/\*)?\s*\]\]>(?:\s*\*/)?)\s*$"
)


def same_as(text: str | None) -> list[str]:
    """Return every address named by ``sameAs``, whatever the shape of the description."""
    try:
        found = json.loads(_WRAPPING.sub("", text or ""), strict=False)
    except (ValueError, RecursionError):
        return []
    return list(dict.fromkeys(url for node in _nodes(found) for url in _named(node)))


def _nodes(found: object) -> Iterator[Mapping[str, object]]:
    """Yield every object of a description, the outermost first, but for those of persons."""
    waiting: deque[object] = deque([found])
    for _count in range(MOST_NODES):
        if not waiting:
            return
        one = waiting.popleft()
        if isinstance(one, list):
            waiting.extendleft(reversed(one))
        elif isinstance(one, dict) and not _is_person(one):
            yield one
            waiting.extend(value for value in one.values() if isinstance(value, (dict, list)))


def _is_person(node: Mapping[str, object]) -> bool:
    kind = node.get("@type")
    kinds = kind if isinstance(kind, list) else [kind]
    return any(str(one).rpartition("/")[2] == PERSON for one in kinds)


def _named(node: Mapping[str, object]) -> Iterator[str]:
    for name in (
        "sameAs",
        "schema:sameAs",
        "https://schema.org/sameAs",
        "http://schema.org/sameAs",
    ):
        given = node.get(name)
        for one in given if isinstance(given, list) else [given]:
            if isinstance(one, str) and one.strip():
                yield one.strip()
            elif isinstance(one, dict):
                inner = (one.get(key) for key in ("@id", "@value", "url"))
                yield from (text.strip() for text in inner if isinstance(text, str))
