"""Tells Django that the register keeps records."""

from django.apps import AppConfig


class RegisterConfig(AppConfig):
    """Institutions, accounts, services and persons."""

    name = "vigie.register"
    label = "register"
