"""Reads the single terms of a query: a word, a phrase, a hashtag, a field with its values."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Mapping, Sequence

from lark import Token

from vigie.errors import QueryError
from vigie.listening.folding import HANDLE, TAG, exact, folded_parts, joined, spelt
from vigie.listening.query_fields import FIELDS, FieldKind
from vigie.listening.query_nodes import ANY, ONE, Exact, Field, Link, Node, Phrase, Tag, any_of
from vigie.words import Words, _

LEAST_BESIDE = {ANY: 3, ONE: 2}
"""Letters that must stand beside a wildcard: with fewer it would fit half of all words."""
_STANDING = {ANY: "\ua66e", ONE: "\ua080"}
"""Two rare letters that stand for the wildcards while a word is folded."""
_QUOTES = '"“”«»'
_VALUE = re.compile(r"\"([^\"]*)\"|“([^”]*)”|«([^»]*)»|([^,\"“”«»]+)")
_QUESTION_MARK = re.compile(r"\?+(?=[^\w*?]|$)")
_NO_ADDRESS = re.compile(r"[\s\\^\[\]]")


def word_of(token: Token, text: str) -> Node:
    """Read a word; written with a hyphen or an apostrophe it may be several."""
    for mark in (TAG, HANDLE):
        if token.startswith(mark):
            return _tag(mark, token[1:], text, token)
    return _phrase(str(token), text, token)


def phrase_of(token: Token, text: str) -> Node:
    """Read words in quotes."""
    return _phrase(_QUESTION_MARK.sub(" ", _unquoted(token)), text, token)


def link_of(token: Token, text: str) -> Node:
    """Read an address: it is looked for among links."""
    return _link(str(token), text, token)


def field_of(token: Token, text: str) -> Node:
    """Read a field with its values."""
    name, _colon, written = token.partition(":")
    start = (token.start_pos or 0) + len(name) + 1
    if name.lower() == "raw":
        return _exact(_unquoted(written), text, token)
    values = [
        (next(filter(None, found.groups()), "").strip(), start + found.start())
        for found in _VALUE.finditer(written)
    ]
    return _field(name, values, text, token)


def field_list_of(tokens: Sequence[Token], text: str) -> Node:
    """Read a field with its values in parentheses."""
    name, *written = tokens
    if name.lower() == "raw:":
        return any_of(*(_exact(_unquoted(value), text, value) for value in written))
    values = [(_unquoted(value), value.start_pos or 0) for value in written]
    return _field(name.removesuffix(":"), values, text, name)


def patterns_of(written: str) -> tuple[str, ...]:
    """Return written words folded, their wildcards kept."""
    return tuple(map(_with_wildcards, folded_parts(_without_wildcards(written))[0]))


def _phrase(written: str, text: str, token: Token) -> Phrase:
    patterns = patterns_of(written)
    if not patterns:
        raise _at(
            _("{word} holds no letter and no figure to look for.", word=str(token)), text, token
        )
    for pattern in patterns:
        _check_wildcards(pattern, text, token)
    return Phrase(patterns, tuple(map(_with_wildcards, spelt(_without_wildcards(written)))))


def _tag(mark: str, name: str, text: str, token: Token) -> Tag:
    pattern = _with_wildcards(joined(_without_wildcards(name)))
    if not pattern:
        raise _at(_("A name is expected after {mark}.", mark=mark), text, token)
    _check_wildcards(pattern, text, token)
    return Tag(mark, pattern, name)


def _exact(written: str, text: str, token: Token) -> Exact:
    words = tuple(exact(written).split())
    if not words:
        raise _at(_("Right after raw: a word is expected, or a phrase in quotes."), text, token)
    return Exact(words)


def _link(written: str, text: str, token: Token) -> Link:
    if not written or _NO_ADDRESS.search(written):
        raise _at(
            _("Right after url: part of an address is expected, as in url:northfield.example."),
            text,
            token,
        )
    return Link(written.lower())


def _without_wildcards(written: str) -> str:
    for sign, standing in _STANDING.items():
        written = written.replace(sign, standing)
    return written


def _with_wildcards(folded: str) -> str:
    for sign, standing in _STANDING.items():
        folded = folded.replace(standing, sign)
    return re.sub(r"\*{2,}", ANY, folded)


def _check_wildcards(pattern: str, text: str, token: Token) -> None:
    beside = len(pattern.replace(ANY, "").replace(ONE, ""))
    for sign, least in LEAST_BESIDE.items():
        if sign in pattern and beside < least:
            raise _at(
                _(
                    "The wildcard {sign} needs at least {least} letters beside it: alone it "
                    "would fit too many words. For a question mark, use quotes.",
                    sign=sign,
                    least=least,
                ),
                text,
                token,
            )


# ── fields ────────────────────────────────────────────────────────────────────────────

Values = Sequence[tuple[str, int]]
"""What was written, each with its place."""

_BY_WORDS: Mapping[str, Callable[[str, str, Token], Node]] = {
    "hashtag": lambda value, text, token: _tag(TAG, value.removeprefix(TAG), text, token),
    "url": _link,
    "raw": _exact,
}


def field_names() -> Sequence[str]:
    """Return the name of every field."""
    return sorted([*FIELDS, *_BY_WORDS])


def _field(written: str, values: Values, text: str, token: Token) -> Node:
    name = written.lower()
    if name not in FIELDS and name not in _BY_WORDS:
        raise _unknown(written, text, token)
    if not any(value for value, _place in values):
        raise _at(_no_value(name), text, token)
    if name in _BY_WORDS:
        return any_of(*(_BY_WORDS[name](value, text, token) for value, _place in values))
    kind = FIELDS[name]
    if len(values) > 1 and not kind.takes_many:
        raise QueryError(
            _("{field} takes one value. Remove this one.", field=f"{name}:"),
            text=text,
            position=values[1][1],
        )
    read = dict.fromkeys(_value(name, kind, value, place, text) for value, place in values)
    return Field(name, tuple(read))


def _value(name: str, kind: FieldKind, value: str, place: int, text: str) -> str:
    read = kind.read(value)
    if read is not None:
        return read
    if kind.values:
        (near,) = difflib.get_close_matches(value.lower(), kind.values, n=1, cutoff=0)
        words = _(
            "{field} has no value {value}. The nearest is {near}; all are: {values}.",
            field=f"{name}:",
            value=value,
            near=near,
            values=", ".join(kind.values),
        )
    else:
        words = _(
            "{field} cannot be {value}. Write it as in {example}.",
            field=f"{name}:",
            value=value,
            example=f"{name}:{kind.example}",
        )
    raise QueryError(words, text=text, position=place)


def _unknown(written: str, text: str, token: Token) -> QueryError:
    (near,) = difflib.get_close_matches(written.lower(), field_names(), n=1, cutoff=0)
    return _at(
        _(
            "There is no field {field}. The nearest is {near}; all are: {fields}. To look for "
            "words with a colon, put them in quotes.",
            field=f"{written}:",
            near=f"{near}:",
            fields=", ".join(f"{name}:" for name in field_names()),
        ),
        text,
        token,
    )


def _no_value(name: str) -> Words:
    example = FIELDS[name].example if name in FIELDS else "northfield"
    return _(
        "Right after {field} a value is expected, without a space, as in {example}.",
        field=f"{name}:",
        example=f"{name}:{example}",
    )


def _unquoted(written: str) -> str:
    return written.strip(_QUOTES)


def _at(words: Words, text: str, token: Token) -> QueryError:
    return QueryError(words, text=text, position=token.start_pos or 0)
