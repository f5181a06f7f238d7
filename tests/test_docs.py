"""Everything that can be named is documented, and the documents say what is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.reference import FOLDER, pages

ROOT = Path(__file__).parents[1]
WRITTEN = sorted(
    [
        *ROOT.glob("*.md"),
        *(path for path in ROOT.glob("docs/**/*.md") if FOLDER not in path.parents),
    ]
)


@pytest.fixture(autouse=True)
def _english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "C")


@pytest.mark.parametrize("name", ["settings.md", "tables.md", "commands.md", "importers.md",
                                  "indicators.md", "methods.md", "formats.md", "engines.md",
                                  "reports.md", "webhooks.md", "classifiers.md", "channels.md",
                                  "connectors.md"])  # fmt: skip
def test_the_reference_says_what_the_code_says(name: str) -> None:
    assert (FOLDER / name).read_text("utf-8") == pages()[name], "run: python -m tests.reference"


@pytest.mark.parametrize("path", WRITTEN, ids=lambda path: path.name)
def test_a_link_between_documents_leads_somewhere(path: Path) -> None:
    links = re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", path.read_text("utf-8"))
    assert [link for link in links if not (path.parent / link).exists()] == []


@pytest.mark.parametrize("path", WRITTEN, ids=lambda path: path.name)
def test_a_command_named_in_a_document_exists(path: Path) -> None:
    known = pages()["commands.md"]
    named = set(
        re.findall(r"^(?:\$ )?(?:\.venv/bin/)?(vigie(?: [a-z]+)+)", path.read_text("utf-8"), re.M)
    )
    unknown = [name for name in named if not any(f"`{part}`" in known for part in _parts(name))]
    assert unknown == []


def _parts(name: str) -> list[str]:
    words = name.split()
    return [" ".join(words[:length]) for length in (2, 3)]


def test_every_make_target_the_readme_names_exists() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    named = set(re.findall(r"\bmake ([a-z]+)", (ROOT / "README.md").read_text("utf-8")))
    assert [name for name in named if f"\n{name}:" not in makefile] == []


NAMED = re.findall(
    r"`([a-z_/]+\.py)::(test_\w+)`",
    "\n".join(path.read_text("utf-8") for path in WRITTEN),
)
"""Tests that documents name as proof: the file below ``tests``, and the test in it."""


def test_a_test_named_in_a_document_exists() -> None:
    files = {file: ROOT / "tests" / file for file, _name in NAMED}
    texts = {file: path.read_text("utf-8") if path.exists() else "" for file, path in files.items()}
    gone = [f"{file}::{name}" for file, name in NAMED if f"def {name}(" not in texts[file]]
    assert gone == []


def test_every_ask_that_the_inbox_must_answer_names_its_proof() -> None:
    page = (ROOT / "docs" / "explanation" / "what-people-ask-for.md").read_text("utf-8")
    parts = re.split(r"^## (\d+)\. ", page, flags=re.M)[1:]
    proved = {
        int(number): "::test_" in text for number, text in zip(parts[::2], parts[1::2], strict=True)
    }
    assert proved == dict.fromkeys([*range(1, 6), *range(8, 19)], True)
