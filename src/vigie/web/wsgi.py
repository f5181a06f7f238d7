"""The door a WSGI server opens: ``granian --interface wsgi vigie.web.wsgi:application``."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vigie.web.settings")
application = get_wsgi_application()

# Imported once Django is ready: the pages read its models.
from vigie.web.warming import warm  # noqa: E402

warm()
