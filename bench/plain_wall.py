"""A wall as anyone would first write it: one table, one form, one list. The peer of ``wall``."""

from __future__ import annotations

import os

import django
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import path

settings.configure(
    SECRET_KEY="of a bench",
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    USE_TZ=True,
    MIDDLEWARE=["django.middleware.csrf.CsrfViewMiddleware"],
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates"}],
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": os.environ.get("PLAIN_WALL", ":memory:"),
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
            },
        }
    },
)
django.setup()

from django.db import connection, models  # noqa: E402  # settings first
from django.shortcuts import redirect  # noqa: E402
from django.template import engines  # noqa: E402


class Line(models.Model):
    """A question."""

    text = models.TextField()
    asked_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        app_label = "plain"


if "bench_line" not in connection.introspection.table_names():
    with connection.schema_editor() as editor:
        editor.create_model(Line)

PAGE = """<!doctype html><title>Wall</title><form method="post">{% csrf_token %}
<textarea name="question"></textarea><button>Ask</button></form>
<ol>{% for line in lines %}<li>{{ line.text }} <time>{{ line.asked_at }}</time></li>
{% endfor %}</ol>
"""


def wall(request: HttpRequest) -> HttpResponse:
    """Keep a question, or list them."""
    if request.method == "POST":
        Line.objects.create(text=request.POST["question"][:300])
        return redirect("/")
    shown = engines["django"].from_string(PAGE)
    return HttpResponse(shown.render({"lines": Line.objects.order_by("-id")}, request))


urlpatterns = [path("", wall)]

from django.core.wsgi import get_wsgi_application  # noqa: E402

application = get_wsgi_application()
