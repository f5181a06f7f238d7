"""The contract of a page: where it answers, who may open it, what it shows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from vigie.errors import PluginError
from vigie.words import _

PUBLIC = None
"""What a page declares as its ``permission`` to be open to strangers."""

View = Callable[..., HttpResponseBase]


@dataclass(frozen=True, kw_only=True)
class Page:
    """A page of the site, as its module declares it.

    A module of ``pages/<product>/`` is a page: ``route`` is its address, ``permission`` the
    right it takes (``PUBLIC``: none), ``page`` the function that answers, ``methods`` what may
    be asked of it, ``takes_files`` whether its form may carry one, and ``is_signed`` whether
    machines post to it, with a signature that it checks in place of a form's token.
    """

    name: str
    route: str
    permission: str | None
    view: View
    methods: tuple[str, ...] = ("GET", "HEAD")
    takes_files: bool = False
    is_signed: bool = False


def pages(folder: ModuleType) -> list[Page]:
    """Gather every page of the folder, in the order of their names."""
    return sorted(_gather(folder), key=lambda page: page.name)


def _gather(folder: ModuleType) -> Iterator[Page]:
    for product in iter_modules(folder.__path__):
        package = import_module(f"{folder.__name__}.{product.name}")
        for found in iter_modules(package.__path__):
            module = import_module(f"{package.__name__}.{found.name}")
            yield _page(f"{product.name}.{found.name}", module)


def _page(name: str, module: ModuleType) -> Page:
    for needed in ("route", "permission", "page"):
        # A page that does not say who may open it is not opened to anyone.
        if not hasattr(module, needed):
            raise PluginError(
                _("{page} does not declare {name}. Every page must.", page=name, name=needed)
            )
    return Page(
        name=name,
        route=module.route,
        permission=module.permission,
        view=module.page,
        methods=tuple(getattr(module, "methods", ("GET", "HEAD"))),
        takes_files=bool(getattr(module, "takes_files", False)),
        is_signed=bool(getattr(module, "is_signed", False)),
    )


def opened(page: Page) -> View:
    """Return the function Django calls, which carries its page for the door to read."""

    def answer(request: HttpRequest, **named: object) -> HttpResponseBase:
        return page.view(request, **named)

    answer.page = page  # type: ignore[attr-defined]  # read by the door
    answer.csrf_exempt = page.is_signed  # type: ignore[attr-defined]  # read by Django's check
    return answer
