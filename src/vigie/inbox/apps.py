"""Tells Django that the inbox keeps records."""

from django.apps import AppConfig


class InboxConfig(AppConfig):
    """Conversations, contacts, routing, clocks and what they teach."""

    name = "vigie.inbox"
    label = "inbox"
