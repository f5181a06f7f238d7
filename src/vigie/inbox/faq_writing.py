"""Writes entries of the FAQ as Markdown or HTML, for the site of the institution."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

_MARKS = re.compile(r"([\\`*_{}\[\]<>#|])")
_BULLET = re.compile(r"^(\s*)([-+])(?=\s)", re.MULTILINE)
_NUMBER = re.compile(r"^(\s*\d+)([.)])(?=\s)", re.MULTILINE)


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A question and its answer in one language."""

    question: str
    answer: str
    url: str = ""


def entry(
    question: Mapping[str, str], answer: Mapping[str, str], url: str, *, language: str
) -> Entry:
    """Return an entry in a language, or in the one it was written in."""
    return Entry(question=_in(question, language), answer=_in(answer, language), url=url)


def _in(said: Mapping[str, str], language: str) -> str:
    return said.get(language) or next(iter(said.values()), "")


def markdown(entries: Sequence[Entry]) -> str:
    """Return the entries as Markdown: what people wrote is text, never a mark."""
    return "\n".join(
        f"## {_plain(_line(one.question))}\n\n{_plain(one.answer)}\n"
        + (f"\n<{one.url}>\n" if one.url else "")
        for one in entries
    )


def html(entries: Sequence[Entry]) -> str:
    """Return the entries as HTML that opens and closes without script."""
    return "\n".join(
        f"<details>\n<summary>{escape(_line(one.question))}</summary>\n{_paragraphs(one.answer)}"
        + (f'\n<p><a href="{escape(one.url)}">{escape(one.url)}</a></p>' if one.url else "")
        + "\n</details>"
        for one in entries
    )


WRITERS: Mapping[str, tuple[Callable[[Sequence[Entry]], str], str]] = {
    "md": (markdown, "text/markdown; charset=utf-8"),
    "html": (html, "text/html; charset=utf-8"),
}


def _line(text: str) -> str:
    return " ".join(text.split())


def _plain(text: str) -> str:
    marked = _MARKS.sub(r"\\\1", text)
    return _NUMBER.sub(r"\1\\\2", _BULLET.sub(r"\1\\\2", marked))


def _paragraphs(text: str) -> str:
    parts = [part.strip() for part in re.split(r"\n\s*\n", text) if part.strip()]
    return "\n".join(f"<p>{'<br>'.join(map(escape, part.splitlines()))}</p>" for part in parts)
