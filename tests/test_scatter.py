"""No file but a report names a member: adding one touches nothing else."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[1] / "src" / "vigie"
FOLDERS = sorted(
    folder
    for name in ("connectors", "importers", "engines", "classifiers", "indicators", "formats",
                 "methods", "channels", "webhooks")
    for folder in SOURCE.glob(f"*/{name}")
)  # fmt: skip


def modules_outside(folder: Path) -> list[Path]:
    return [
        path
        for path in SOURCE.rglob("*.py")
        if folder not in path.parents
        and "reports" not in path.parts
        and "migrations" not in path.parts
    ]


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_nothing_outside_imports_a_member(folder: Path) -> None:
    dotted = "vigie." + ".".join(folder.relative_to(SOURCE).parts)
    pattern = re.compile(rf"(from|import) {re.escape(dotted)}\.(\w+)")
    named = [
        str(path) for path in modules_outside(folder) if pattern.search(path.read_text("utf-8"))
    ]
    assert named == []


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_plural_folder_holds_nothing_but_members(folder: Path) -> None:
    strangers = [
        path.name
        for path in folder.iterdir()
        if path.is_file() and path.suffix != ".py" and path.name != "__init__.py"
    ]
    assert strangers == []


def test_every_contract_has_its_folder_of_members() -> None:
    assert len(FOLDERS) >= 5
