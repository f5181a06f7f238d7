"""Tells Django that the sources keep records."""

from django.apps import AppConfig


class SourcesConfig(AppConfig):
    """Connections, due work, deliveries and notices."""

    name = "vigie.sources"
    label = "sources"
