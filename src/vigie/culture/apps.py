"""Tells Django that the culture programme keeps records."""

from django.apps import AppConfig


class CultureConfig(AppConfig):
    """Practices worth spreading, and walls for classes."""

    name = "vigie.culture"
    label = "culture"
