"""The address book: every page of ``web/pages``, gathered from its folder."""

from __future__ import annotations

from django.urls import path

import vigie.web.pages
from vigie.web.page import opened, pages

# An address that is written out goes before one with a blank that it would fill.
_pages = sorted(pages(vigie.web.pages), key=lambda page: "<" in page.route)
urlpatterns = [path(page.route, opened(page), name=page.name) for page in _pages]

handler400 = "vigie.web.mistakes.bad_request"
handler403 = "vigie.web.mistakes.forbidden"
handler404 = "vigie.web.mistakes.not_found"
handler500 = "vigie.web.mistakes.broken"
