"""Gathers every shown sentence into the French catalogue; ``python -m tests.words`` writes it."""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_python
from babel.messages.pofile import read_po, write_po

from vigie.index import methods
from vigie.index.method import Method
from vigie.measure import indicators
from vigie.measure.indicator import Indicator
from vigie.plugins import members
from vigie.reports.method import definition

SOURCE = Path(__file__).parents[1] / "src" / "vigie"
CATALOGUE = SOURCE / "locale" / "fr" / "LC_MESSAGES" / "django.po"
ONE = {"_", "marked", "gettext", "gettext_lazy", "Words"}

TYPOGRAPHY = [
    (r"«[ \u00a0\u202f]*", "«\u00a0"),
    (r"[ \u00a0\u202f]+»", "\u00a0»"),
    (r"(?<=\S)[ \u00a0\u202f]+:(?=\s|$)", "\u00a0:"),
    (r"(?<=\S)[ \u00a0\u202f]+([;!?])(?=[\s).,]|$)", "\u202f\\1"),
]
"""What the Lexique of the Imprimerie nationale asks of a French sentence: a word space that does
not break before a colon and inside quotes, a thin one before ``; ! ?``."""

Sentence = str | tuple[str, str]


def sentences() -> set[Sentence]:
    """Return every sentence marked in the code and the templates; pairs change with a count."""
    found: set[Sentence] = set()
    for path in SOURCE.rglob("*.py"):
        found.update(_in_python(ast.parse(path.read_text("utf-8"))))
    for path in SOURCE.rglob("*.html"):
        found.update(_in_template(path.read_text("utf-8")))
    return (found | set(_definitions())) - {""}


def _definitions() -> Iterator[str]:
    """Return the published definitions: the docstrings of indicators and methods."""
    for folder, contract in ((indicators, Indicator), (methods, Method)):
        for member in members(folder, contract).values():
            yield from (words.text for words in definition(member))


def _in_python(tree: ast.AST) -> Iterator[Sentence]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        texts = [_text(argument) for argument in node.args]
        if name in ONE and texts and texts[0] is not None:
            yield texts[0]
        if name in {"plural", "ngettext"} and len(texts) > 1 and texts[0] and texts[1]:
            yield (texts[0], texts[1])


def _text(argument: ast.expr) -> str | None:
    known = isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    return argument.value if known else None  # type: ignore[attr-defined]  # checked above


def _in_template(text: str) -> Iterator[Sentence]:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vigie.web.settings")
    from django.utils.translation.template import templatize

    code = BytesIO(templatize(text).encode())
    keywords = ("gettext", "ngettext", "pgettext", "_")
    for _line, _name, message, _comments in extract_python(code, keywords, [], {}):
        yield message if isinstance(message, str) else tuple(message[:2])


def catalogue() -> Catalog:
    """Read the French catalogue as it stands."""
    if not CATALOGUE.exists():
        return Catalog(locale="fr", domain="django")
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="fr", domain="django")


def gather() -> Catalog:
    """Return the catalogue with every sentence: old translations kept, unused ones dropped."""
    old, new = catalogue(), _empty()
    for sentence in sorted(sentences(), key=str):
        known = old.get(sentence if isinstance(sentence, str) else sentence[0])
        new.add(sentence, string=_typeset(known.string) if known else None)
    return new


def typeset(text: str) -> str:
    """Return a French sentence with the spaces of French typography."""
    for loose, right in TYPOGRAPHY:
        text = re.sub(loose, right, text)
    return text


def _typeset(string: str | list[str] | tuple[str, ...] | None) -> str | tuple[str, ...]:
    if isinstance(string, (tuple, list)):
        return tuple(map(typeset, string))
    return typeset(string or "")


def main() -> None:
    """Write the catalogue and say what is still to translate."""
    found = gather()
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    with CATALOGUE.open("wb") as file:
        write_po(file, found, width=100, omit_header=False, sort_output=True)
    missing = [message.id for message in found if message.id and not _said(message.string)]
    print(f"{len(found)} sentences, {len(missing)} still to translate.")


def _empty() -> Catalog:
    found = Catalog(locale="fr", domain="django", project="Vigie", version="1", charset="utf-8")
    found.header_comment = "# Every sentence of Vigie, in French."
    found.fuzzy = False
    found.msgid_bugs_address = found.last_translator = found.language_team = "Vigie"
    # A fixed day: the file changes when a sentence does, and only then.
    found.creation_date = found.revision_date = datetime(2026, 1, 1, tzinfo=UTC)
    return found


def _said(string: object) -> bool:
    return all(string) if isinstance(string, (tuple, list)) else bool(string)


if __name__ == "__main__":
    main()
