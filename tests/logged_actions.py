"""Which actions the code writes into the log: read from its text, so that none is forgotten."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import vigie

ROOT = Path(vigie.__file__).parent
ANY = "*"
"""Stands for what is only known when it runs: some sentence must begin so."""
ACTION = re.compile(r"[a-z]+\.[a-z_]*\*?")


@dataclass(frozen=True, kw_only=True)
class Passing:
    """A function that passes an action on: its name, and where it takes it."""

    name: str
    parameters: tuple[str, ...] = field(default=())

    def given(self, call: ast.Call) -> ast.expr | None:
        """Return what a call gives as the action."""
        for keyword in call.keywords:
            if keyword.arg == "action":
                return keyword.value
        places = [name for name in self.parameters if name not in ("self", "cls")]
        place = places.index("action") if "action" in places else len(call.args)
        return call.args[place] if place < len(call.args) else None


@cache
def written_actions() -> dict[str, str]:
    """Return every action that is written, with the file that writes it."""
    found: dict[str, str] = {}
    trees = [(path, ast.parse(path.read_text())) for path in sorted(ROOT.rglob("*.py"))]
    shared = {one.name: one for _path, tree in trees for one in _passing(tree, is_shared=True)}
    for path, tree in trees:
        own = {one.name: one for one in _passing(tree)}
        for name in _named(tree, {**shared, **own, "Change": Passing(name="Change")}):
            if ACTION.fullmatch(name):
                found.setdefault(name, str(path.relative_to(ROOT)))
    return found


def _passing(tree: ast.Module, *, is_shared: bool = False) -> Iterator[Passing]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            names = tuple(one.arg for one in node.args.args)
            is_known_elsewhere = not node.name.startswith("_")
            if "action" in names and (is_known_elsewhere or not is_shared) and _writes(node):
                yield Passing(name=node.name, parameters=names)


def _writes(node: ast.AST) -> bool:
    names = {_called(one) for one in ast.walk(node) if isinstance(one, ast.Call)}
    return bool(names & {"Change", "note", "_note", "_log"})


def _named(tree: ast.Module, passing: dict[str, Passing]) -> Iterator[str]:
    for scope in ast.walk(tree):
        if not isinstance(scope, ast.FunctionDef):
            continue
        for call in ast.walk(scope):
            if isinstance(call, ast.Call) and _called(call) in passing:
                yield from _texts(passing[_called(call)].given(call), scope)


def _texts(given: ast.expr | None, scope: ast.FunctionDef) -> Iterable[str]:
    match given:
        case ast.Constant(value=str(text)):
            return [text]
        case ast.IfExp():
            return [*_texts(given.body, scope), *_texts(given.orelse, scope)]
        case ast.JoinedStr(values=[ast.Constant(value=str(text)), *_rest]):
            return [text + ANY]
        case ast.Name(id=name):
            return [text for value in _assigned(scope, name) for text in _texts(value, scope)]
    return []


def _assigned(scope: ast.FunctionDef, name: str) -> Iterator[ast.expr]:
    for node in ast.walk(scope):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Name) and target.id == name:
                    yield node.value


def _called(call: ast.Call) -> str:
    function = call.func
    return getattr(function, "attr", None) or getattr(function, "id", "")
