"""Only ``vigie.http`` opens connections; the site's start-up listens, and asks nobody."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[1] / "src" / "vigie"
OPENERS = {
    "aiohttp", "ftplib", "http.client", "httpx", "imaplib", "poplib", "requests", "smtplib",
    "socket", "socketserver", "telnetlib", "urllib.request", "urllib3", "websockets",
    "xmlrpc.client",
}  # fmt: skip
MODULES = sorted(
    path for path in SOURCE.rglob("*.py") if SOURCE / "http" not in path.parents
)  # fmt: skip


def imported(path: Path) -> Iterator[str]:
    """Yield every module that a file imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{name.name}" for name in node.names)


def opens(module: str) -> bool:
    return any(module == opener or module.startswith(f"{opener}.") for opener in OPENERS)


def test_nothing_else_opens_connections() -> None:
    found = {
        f"{path.relative_to(SOURCE)}: {module}"
        for path in MODULES
        for module in imported(path)
        if opens(module)
    }
    assert found == set()


@pytest.mark.parametrize("text", ["import socket", "from urllib import request",
                                  "def f():\n    from websockets.sync import client"])  # fmt: skip
def test_an_opener_would_be_found(tmp_path: Path, text: str) -> None:
    file = tmp_path / "module.py"
    file.write_text(text, "utf-8")
    assert any(opens(module) for module in imported(file))


def test_the_opener_itself_would_be_found() -> None:
    modules = {module for path in (SOURCE / "http").glob("*.py") for module in imported(path)}
    assert {"socket", "http.client"} <= {module for module in modules if opens(module)}
    assert len(MODULES) > 50
