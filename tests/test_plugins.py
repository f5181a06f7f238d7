"""A folder is a registry: one member per file, or an error that says which."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

from vigie.errors import PluginError
from vigie.plugins import members
from vigie.present.format import Format


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    package = tmp_path / "invented_members"
    package.mkdir()
    (package / "__init__.py").touch()
    monkeypatch.syspath_prepend(tmp_path)
    yield package
    for name in [name for name in sys.modules if name.startswith("invented_members")]:
        del sys.modules[name]


def test_a_file_name_is_the_member_s_name(folder: Path) -> None:
    (folder / "plain.py").write_text(
        "from vigie.present.format import Format\n"
        "class Plain(Format):\n"
        "    def render(self, document, language): ...\n",
        "utf-8",
    )
    assert list(members(import_module("invented_members"), Format)) == ["plain"]


def test_a_file_without_a_member_is_named(folder: Path) -> None:
    (folder / "empty.py").touch()
    with pytest.raises(PluginError, match=r"invented_members\.empty must define one Format"):
        members(import_module("invented_members"), Format)
