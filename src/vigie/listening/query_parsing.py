"""Reads a query: from what a person typed to its parts, or to an error that shows the place."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache

from lark import Lark, Token, Tree
from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken

from vigie.errors import QueryError
from vigie.listening.query_nodes import AnyOf, Near, Node, Not, Phrase, all_of, any_of
from vigie.listening.query_terms import field_list_of, field_of, link_of, phrase_of, word_of
from vigie.words import Words, _

GRAMMAR = r"""
start: choice
choice: together (_OR together)*
together: single (_AND? single)*
?single: NOT single -> excluded
       | near
near: atom (NEAR atom)*
?atom: "(" choice ")"
     | WORD -> word
     | PHRASE -> phrase
     | LINK -> link
     | FIELD -> field
     | FIELDS "(" value (_OR? value)* ")" -> fields
?value: WORD | PHRASE | LINK | FIELD

_AND.5: /(?:AND|ET)(?=[\s()"“«]|$)/
_OR.5: /(?:OR|OU)(?=[\s()"“«]|$)/
NOT.5: /(?:NOT|SAUF)(?=[\s()"“«]|$)|-(?=[^\s\-)])/
NEAR.5: /O?NEAR(?:\/[^\s()]*)?(?=[\s()"“«]|$)/
LINK.4: /https?:\/\/[^\s()"“”«»]+/
PHRASE.4: /"[^"]*"|“[^”]*”|«[^»]*»/
FIELDS.4: /[^\W\d_]+:(?=\()/
FIELD.3: /[^\W\d_]+:(?:"[^"]*"|“[^”]*”|«[^»]*»|[^\s()"“”«»]+)*/
WORD.1: /[^\s()"“”«»]+/
%ignore /\s+/
"""
MOST_LETTERS = 5_000
MOST_TERMS = 300
DEEPEST = 40
FARTHEST = 50
"""Most words between two finds of ``NEAR``."""
_TERMS = frozenset({"WORD", "PHRASE", "LINK", "FIELD"})


def read(text: str) -> Node:
    """Return the parts of a query, or raise ``QueryError``."""
    if len(text) > MOST_LETTERS:
        raise QueryError(
            _(
                "The query has {count} letters; {most} are the most. Make two queries of it.",
                count=len(text),
                most=MOST_LETTERS,
            ),
            text=text,
            position=MOST_LETTERS,
        )
    try:
        _check_size(text)
        return _built(_parser().parse(text), text)
    except UnexpectedInput as error:
        raise _said(error, text) from None


@cache
def _parser() -> Lark:
    return Lark(GRAMMAR, parser="lalr", lexer="basic", propagate_positions=True)


def _check_size(text: str) -> None:
    """Refuse what would take too long to answer, or is nested too deep to be read."""
    depth = terms = negations = 0
    for token in _parser().lex(text):
        depth += {"LPAR": 1, "RPAR": -1}.get(token.type, 0)
        negations = negations + 1 if token.type == "NOT" else 0
        terms += token.type in _TERMS
        if depth > DEEPEST or negations > DEEPEST:
            raise _refused(
                _("This is nested too deep: more than {most} levels.", most=DEEPEST), text, token
            )
        if terms > MOST_TERMS:
            raise _refused(
                _(
                    "The query has more than {most} words and fields. Make two queries of it.",
                    most=MOST_TERMS,
                ),
                text,
                token,
            )


def _built(tree: Tree[Token], text: str) -> Node:
    build = _BUILDERS[str(tree.data)]
    return build(tree, text)


def _start(tree: Tree[Token], text: str) -> Node:
    return _built(_only(tree), text)


def _choice(tree: Tree[Token], text: str) -> Node:
    return any_of(*(_built(part, text) for part in _trees(tree)))


def _together(tree: Tree[Token], text: str) -> Node:
    return all_of(*(_built(part, text) for part in _trees(tree)))


def _excluded(tree: Tree[Token], text: str) -> Node:
    inner = _built(_trees(tree)[0], text)
    return inner.part if isinstance(inner, Not) else Not(inner)


def _near(tree: Tree[Token], text: str) -> Node:
    first, *rest = tree.children
    assert isinstance(first, Tree)
    found = _built(first, text)
    for sign, other in zip(rest[::2], rest[1::2], strict=True):
        assert isinstance(sign, Token)
        assert isinstance(other, Tree)
        second = _built(other, text)
        for part, where in ((found, first), (second, other)):
            if not _has_place(part):
                raise _without_place(text, sign, where)
        found = Near(found, second, _between(sign, text), sign.startswith("O"))  # type: ignore[arg-type]  # they have a place
    return found


def _between(sign: Token, text: str) -> int:
    number = sign.partition("/")[2]
    if number.isascii() and number.isdigit() and int(number) <= FARTHEST:
        return int(number)
    raise _refused(
        _(
            "{sign} needs a number from 0 to {most}: the most words that may lie between, as in "
            "{example}.",
            sign=sign.partition("/")[0],
            most=FARTHEST,
            example=f"{sign.partition('/')[0]}/5",
        ),
        text,
        sign,
    )


def _has_place(node: Node) -> bool:
    if isinstance(node, AnyOf):
        return all(map(_has_place, node.parts))
    return isinstance(node, (Phrase, Near))


def _without_place(text: str, sign: Token, where: Tree[Token]) -> QueryError:
    return QueryError(
        _(
            "{sign} joins words, phrases, or a choice of them in parentheses; this has no place "
            "in a text. Put it outside: (a {sign} b) AND …",
            sign=str(sign),
        ),
        text=text,
        position=where.meta.start_pos,
    )


def _only(tree: Tree[Token]) -> Tree[Token]:
    (inner,) = _trees(tree)
    return inner


def _trees(tree: Tree[Token]) -> Sequence[Tree[Token]]:
    return [child for child in tree.children if isinstance(child, Tree)]


def _tokens(tree: Tree[Token]) -> Sequence[Token]:
    return [child for child in tree.children if isinstance(child, Token)]


_BUILDERS: Mapping[str, Callable[[Tree[Token], str], Node]] = {
    "start": _start,
    "choice": _choice,
    "together": _together,
    "excluded": _excluded,
    "near": _near,
    "word": lambda tree, text: word_of(_tokens(tree)[0], text),
    "phrase": lambda tree, text: phrase_of(_tokens(tree)[0], text),
    "link": lambda tree, text: link_of(_tokens(tree)[0], text),
    "field": lambda tree, text: field_of(_tokens(tree)[0], text),
    "fields": lambda tree, text: field_list_of(_tokens(tree), text),
}


# ── what went wrong ───────────────────────────────────────────────────────────────────


def _said(error: UnexpectedInput, text: str) -> QueryError:
    if isinstance(error, UnexpectedCharacters):
        return QueryError(
            _("This quotation mark is never closed. Close it where the phrase ends."),
            text=text,
            position=error.pos_in_stream or 0,
        )
    if isinstance(error, UnexpectedToken) and error.token.type != "$END":
        return _misplaced(error.token, error.accepts or error.expected, text)
    return _cut_short(text)


def _cut_short(text: str) -> QueryError:
    tokens = list(_parser().lex(text))
    if not tokens:
        return QueryError(_("Write at least one word to look for."), text=text, position=0)
    if (opened := _never_closed(tokens)) is not None and tokens[-1].type in {*_TERMS, "RPAR"}:
        return _refused(_("This parenthesis is never closed."), text, opened)
    last = tokens[-1]
    return QueryError(_after(str(last)), text=text, position=last.end_pos or len(text))


def _never_closed(tokens: Sequence[Token]) -> Token | None:
    opened: list[Token] = []
    for token in tokens:
        if token.type == "LPAR":
            opened.append(token)
        elif token.type == "RPAR" and opened:
            opened.pop()
    return opened[-1] if opened else None


def _misplaced(token: Token, accepted: Sequence[str] | set[str], text: str) -> QueryError:
    if token.type == "RPAR":
        if "WORD" in accepted:
            words = _("Before this parenthesis closes, a word, a phrase or a field is expected.")
        else:
            words = _("This parenthesis closes nothing: remove it, or open one before.")
    elif token.type in {"_AND", "_OR", "NEAR"} and "WORD" in accepted:
        words = _(
            "Before {sign}, a word, a phrase, a field or a parenthesis is expected. To look for "
            "{sign} as a word, put it in quotes.",
            sign=str(token),
        )
    else:
        words = _("{sign} cannot stand here. Put it in quotes to look for it.", sign=str(token))
    return _refused(words, text, token)


def _after(sign: str) -> Words:
    return _(
        "The query ends where, after {sign}, a word, a phrase, a field or a parenthesis is "
        "expected.",
        sign=sign,
    )


def _refused(words: Words, text: str, token: Token) -> QueryError:
    return QueryError(words, text=text, position=token.start_pos or 0)
