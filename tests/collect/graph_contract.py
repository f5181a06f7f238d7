"""Checks a question to Meta's Graph API against Meta's own lists of edges, parameters and fields.

The lists say nothing about the values of answers, permissions or codes of refusals.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import pytest

from tests.conftest import SHARED

FOLDER = SHARED / "contracts" / "meta"
PAGING = frozenset({"fields", "limit", "after"})
"""What every edge takes; Meta's lists leave it out."""
ANYWHERE = frozenset({"limit", "after", "summary"})
UNLISTED = frozenset({"IGCommentFromUser", "InstagramInsightsResult", "Object", "Profile",
                      "StoryAttachment", "UnifiedMessage"})  # fmt: skip
"""Types whose own fields are in none of the lists we have: asked for unchecked."""
BY_NAME = {
    "business_discovery": "username",
    "mentioned_comment": "comment_id",
    "mentioned_media": "media_id",
}
"""A field that takes a name instead of parameters, by its documentation."""


@dataclass(frozen=True)
class Asked:
    """A field with what is asked of it and in it."""

    name: str
    modifiers: tuple[str, ...]
    inner: tuple[Asked, ...]


def fields_of(text: str) -> tuple[Asked, ...]:
    """Read ``id,comments.limit(5).filter(stream){id,from{id}}``."""
    found, rest = _fields(text)
    assert rest == "", rest
    return found


def _fields(text: str) -> tuple[tuple[Asked, ...], str]:
    found = []
    while True:
        name, text = _word(text)
        modifiers = []
        while text.startswith("."):
            modifier, text = _word(text[1:])
            assert text.startswith("("), text
            modifiers.append(modifier)
            text = text[text.index(")") + 1 :]
        inner: tuple[Asked, ...] = ()
        if text.startswith("{"):
            inner, text = _fields(text[1:])
            assert text.startswith("}"), text
            text = text[1:]
        found.append(Asked(name, tuple(modifiers), inner))
        if not text.startswith(","):
            return tuple(found), text
        text = text[1:]


def _word(text: str) -> tuple[str, str]:
    end = next((i for i, c in enumerate(text) if not (c.isalnum() or c == "_")), len(text))
    assert end, f"a name is missing at {text!r}"
    return text[:end], text[end:]


@cache
def _listed(kind: str) -> dict[str, Any]:
    if not FOLDER.is_dir():
        pytest.skip("Meta's lists (../shared/contracts/meta) are not beside the project")
    found: dict[str, Any] = json.loads((FOLDER / f"{kind}.json").read_text("utf-8"))
    return found


def problems(kind: str, edge: str | None, params: dict[str, str]) -> list[str]:
    """Return what is wrong with a question to a node of a kind, or to one of its edges."""
    if edge is None:
        unknown = [f"{name} is no parameter" for name in params if name not in PAGING]
        return unknown + list(_wrong(kind, fields_of(params["fields"])))
    called = _edge(kind, edge)
    if called is None:
        return [f"{kind} has no edge {edge}"]
    taken = {one["name"] for one in called["params"]} | PAGING
    needed = {one["name"] for one in called["params"] if one.get("required")}
    return [
        *(f"{edge} does not take {name}" for name in params if name not in taken),
        *(f"{edge} needs {name}" for name in needed if name not in params),
        *_wrong(called["return"], fields_of(params["fields"]) if "fields" in params else ()),
    ]


def problems_of_post(kind: str, edge: str, fields: Collection[str]) -> list[str]:
    """Return what is wrong with something told to an edge of a node of a kind."""
    called = _edge(kind, edge, method="POST")
    if called is None:
        return [f"nothing is told to {edge} of {kind}"]
    taken = {one["name"] for one in called["params"]}
    needed = {one["name"] for one in called["params"] if one.get("required")}
    return [
        *(f"{edge} does not take {name}" for name in fields if name not in taken),
        *(f"{edge} needs {name}" for name in needed if name not in fields),
    ]


def _edge(kind: str, name: str, *, method: str = "GET") -> dict[str, Any] | None:
    return next(
        (one for one in _listed(kind)["apis"]
         if one["method"] == method and one.get("endpoint") == name),
        None,
    )  # fmt: skip


def _wrong(kind: str, asked: tuple[Asked, ...]) -> Iterator[str]:
    if kind in UNLISTED:
        return
    types = {one["name"]: one["type"] for one in _listed(kind)["fields"]}
    for one in asked:
        edge = _edge(kind, one.name)
        if one.name not in types and edge is None:
            yield f"{kind} has no field {one.name}"
            continue
        taken = {one["name"] for one in edge["params"]} if edge else {BY_NAME.get(one.name, "")}
        yield from (
            f"{one.name} does not take {name}"
            for name in one.modifiers
            if name not in taken | ANYWHERE
        )
        if one.inner:
            yield from _wrong(edge["return"] if edge else types[one.name], one.inner)
