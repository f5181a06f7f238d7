"""The door a WSGI server opens: ``granian --interface wsgi vigie.web.wsgi:application``."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

from vigie import flow

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vigie.web.settings")
application = get_wsgi_application()

# Read once here rather than while the first reader waits.
flow.report_names()
flow.format_names()
