"""Who may keep a service: its correspondents, hours, targets, topics, not what it was asked."""

from __future__ import annotations

from vigie.errors import ForbiddenError
from vigie.inbox.visible import Eyes
from vigie.register.models import Service
from vigie.register.rights import CHANGE_INBOX, CHANGE_PEOPLE, READ_INBOX
from vigie.words import _


def may_keep(eyes: Eyes, service: Service) -> bool:
    """Whether these eyes may change how a service answers.

    A confidential one is kept by those with that role in it, and by whoever gives roles: otherwise
    somebody could name themselves its correspondent, or take its confidence away, and read.
    """
    if service.pk in eyes.services_with(CHANGE_INBOX):
        return True
    if service.is_confidential and not eyes.author.may(CHANGE_PEOPLE):
        return False
    return eyes.author.may(CHANGE_INBOX)


def may_count(eyes: Eyes, service: Service) -> bool:
    """Whether these eyes may know how much a service is asked."""
    if service.pk in eyes.services_with(READ_INBOX):
        return True
    return not service.is_confidential and eyes.author.may(READ_INBOX)


def require_keeping(eyes: Eyes, service: Service) -> None:
    """Refuse a change of a service to someone who may not make it."""
    if not may_keep(eyes, service):
        raise _refusal(eyes)


def require_keeping_all(eyes: Eyes) -> None:
    """Refuse a change that holds for every service to someone who keeps only some."""
    if not eyes.author.may(CHANGE_INBOX):
        raise _refusal(eyes)


def _refusal(eyes: Eyes) -> ForbiddenError:
    return ForbiddenError(
        _(
            "{name} may not change this service ({right}). Ask an administrator for the role it "
            "needs.",
            name=eyes.author.name,
            right=CHANGE_INBOX,
        )
    )
