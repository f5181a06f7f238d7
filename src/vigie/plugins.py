"""Finds the members of a plural folder: the folder is the registry, the file name the name."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping
from importlib import import_module
from importlib.metadata import entry_points
from pkgutil import iter_modules
from types import MappingProxyType, ModuleType
from typing import TypeVar

from vigie.errors import PluginError
from vigie.words import _

T = TypeVar("T")


def members(folder: ModuleType, contract: type[T]) -> Mapping[str, type[T]]:
    """Map each member's name, which is its file name, to its class.

    Members of other distributions are found through an entry-point group named like the
    folder, for example ``vigie.collect.importers``.
    """
    return MappingProxyType(
        {name: _member(module, contract) for name, module in sorted(_modules(folder))}
    )


def _modules(folder: ModuleType) -> Iterator[tuple[str, ModuleType]]:
    for found in iter_modules(folder.__path__):
        yield found.name, import_module(f"{folder.__name__}.{found.name}")
    for entry in entry_points(group=folder.__name__):
        yield entry.name, entry.load()


def _member(module: ModuleType, contract: type[T]) -> type[T]:
    found = [
        cls
        for cls in vars(module).values()
        if isinstance(cls, type)
        and issubclass(cls, contract)
        and cls.__module__ == module.__name__
        and not inspect.isabstract(cls)
    ]
    if len(found) != 1:
        raise PluginError(
            _(
                "{module} must define one {contract}, not {count}. Keep one member per file.",
                module=module.__name__,
                contract=contract.__name__,
                count=len(found),
            )
        )
    return found[0]
