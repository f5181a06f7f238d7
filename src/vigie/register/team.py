"""Who belongs to the house: persons added, what each may do and where, and when they leave."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.contrib.auth.tokens import default_token_generator
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils.encoding import force_bytes, force_str
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode

from vigie.errors import RegisterError
from vigie.register import log
from vigie.register.models import Person, Role, Service
from vigie.register.rights import CHANGE_PEOPLE, ROLES, Author, require
from vigie.words import LANGUAGES, _

LONGEST_NAME = 120


def put_person(person: Person | None, *, name: str, mail: str, language: str, by: Author) -> Person:
    """Add a person, or note how they are called, reached and spoken to."""
    require(by, CHANGE_PEOPLE)
    called, reached = name.strip()[:LONGEST_NAME], mail.strip()
    if not called:
        raise RegisterError(_("A person needs a name."))
    try:
        if reached:
            validate_email(reached)
    except ValidationError as error:
        raise RegisterError(_("{mail} is not a mail address.", mail=reached)) from error
    row = person or Person()
    if not reached and row.user is None:
        raise RegisterError(_("Give a mail address: without one this person cannot be reached."))
    row.name, row.mail, row.language = called, reached, language if language in LANGUAGES else ""
    with transaction.atomic():
        row.save()
        _write("person.add" if person is None else "person.put", row, by=by)
    return row


def put_role(person: Person, role: str, *, service: Service | None, by: Author) -> None:
    """Give a person a role, everywhere or in one service, in place of the one they had there."""
    require(by, CHANGE_PEOPLE)
    if role and role not in ROLES:
        raise RegisterError(
            _("{role} is not a role. Choose one of: {roles}.", role=role, roles=", ".join(ROLES))
        )
    with transaction.atomic():
        if role:
            Role.objects.update_or_create(person=person, service=service, defaults={"name": role})
        else:
            Role.objects.filter(person=person, service=service).delete()
        _require_an_administrator()
        _write("person.role", person, by=by, role=role, service=str(service or ""))


def _require_an_administrator() -> None:
    """Refuse to lock everybody out."""
    left = Role.objects.filter(
        name="administrator", service__isnull=True, person__user__is_active=True
    )
    if not left.exists() and not User.objects.filter(is_superuser=True, is_active=True).exists():
        raise RegisterError(
            _("Someone must stay administrator. Give that role to another person first.")
        )


def let_sign_in(person: Person, username: str, *, by: Author) -> None:
    """Let a person sign in under a name, once they chose a password by the link."""
    require(by, CHANGE_PEOPLE)
    name = username.strip()
    if not name:
        raise RegisterError(_("A person needs a name to sign in with."))
    try:
        with transaction.atomic():
            user = User.objects.create_user(username=name)
            person.user = user
            person.save(update_fields=["user"])
            _write("person.sign_in", person, by=by)
    except IntegrityError as error:
        raise RegisterError(
            _("{name} can sign in already. Choose another name.", name=name)
        ) from error


def invitation(person: Person, *, by: Author) -> tuple[str, str]:
    """Return the two parts of a link by which a person chooses a password, once.

    It ends with its first use, with any sign-in, and after three days.
    """
    require(by, CHANGE_PEOPLE)
    if person.user is None or not person.user.is_active:
        raise RegisterError(_("{name} does not sign in.", name=str(person)))
    _write("person.invite", person, by=by)
    token = default_token_generator.make_token(person.user)
    return urlsafe_base64_encode(force_bytes(person.user.pk)), token


def invited(key: str, token: str) -> User | None:
    """Return whom a link lets choose a password; none: it was used, it ended, or it is not ours."""
    try:
        number = int(force_str(urlsafe_base64_decode(key)))
    except (ValueError, UnicodeDecodeError, OverflowError):
        return None
    user = User.objects.filter(pk=number, is_active=True).first() if number < 1 << 62 else None
    return user if user is not None and default_token_generator.check_token(user, token) else None


def leave(person: Person, *, by: Author) -> None:
    """Take from a person every role and the sign-in; what they did stays under their name."""
    require(by, CHANGE_PEOPLE)
    with transaction.atomic():
        Role.objects.filter(person=person).delete()
        if person.user is not None:
            User.objects.filter(pk=person.user.pk).update(is_active=False)
        Service.objects.filter(correspondent=person).update(correspondent=None)
        Service.objects.filter(deputy=person).update(deputy=None)
        _require_an_administrator()
        _write("person.leave", person, by=by)


def come_back(person: Person, *, by: Author) -> None:
    """Let a person sign in again; roles are given anew."""
    require(by, CHANGE_PEOPLE)
    with transaction.atomic():
        if person.user is not None:
            User.objects.filter(pk=person.user.pk).update(is_active=True)
        _write("person.come_back", person, by=by)


def _write(action: str, person: Person, *, by: Author, **facts: object) -> None:
    log.write([log.Change(action=action, subject=str(person), facts=facts)], by=by)
