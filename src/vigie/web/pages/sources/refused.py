"""The refused rows of a run, with their reasons, to be mended and sent again."""

from __future__ import annotations

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase

from vigie.register.rights import IMPORT_FILES
from vigie.web.site import site_store

route = "sources/runs/<str:run>/refused/"
permission = IMPORT_FILES


def page(_request: HttpRequest, run: str) -> HttpResponseBase:
    """Send the file of refused rows of one run."""
    store = site_store()
    runs = store.table("runs")
    named = runs.filter(runs.run == run).refused_file.to_pyarrow().to_pylist()
    folder = (settings.CONFIGURED.home / "refused").resolve()
    if not named or named[0] is None:
        raise Http404
    path = (settings.CONFIGURED.home / named[0]).resolve()
    if not path.is_relative_to(folder) or not path.is_file():
        raise Http404
    return FileResponse(path.open("rb"), as_attachment=True, filename=f"refused-{path.name}")
