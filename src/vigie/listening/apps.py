"""Tells Django that listening keeps records."""

from django.apps import AppConfig


class ListeningConfig(AppConfig):
    """Queries, alerts, the calendar and the register of public figures."""

    name = "vigie.listening"
    label = "listening"
