"""The people who sign in, and what they may do."""

from __future__ import annotations

from django.contrib.auth import get_user_model
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q

from vigie.errors import RegisterError
from vigie.register import log
from vigie.register.models import Person, Role
from vigie.register.rights import (
    CHANGE_PEOPLE,
    COMMAND_LINE,
    ENTER_INBOX,
    EVERYTHING,
    IN_A_SERVICE,
    NOBODY,
    READ_INBOX,
    RIGHTS,
    ROLES,
    Author,
    require,
)
from vigie.words import _


def add_person(
    username: str, password: str, *, role: str = "reader", by: Author = COMMAND_LINE
) -> Person:
    """Add someone who may sign in. The password is checked, hashed, and written nowhere else."""
    require(by, CHANGE_PEOPLE)
    name = username.strip()
    if role not in ROLES:
        raise RegisterError(
            _("{role} is not a role. Choose one of: {roles}.", role=role, roles=", ".join(ROLES))
        )
    if not name:
        raise RegisterError(_("A person needs a name to sign in with."))
    users = get_user_model().objects
    try:
        validate_password(password, users.model(username=name))
        with transaction.atomic():
            user = users.create_user(username=name, password=password)
            person = Person.objects.create(user=user, name=name)
            Role.objects.create(person=person, name=role)
            log.write([log.Change(action="person.add", subject=name, facts={"role": role})], by=by)
    except ValidationError as error:
        raise RegisterError(
            _("This password is refused: {reason}", reason=" ".join(error.messages))
        ) from error
    except IntegrityError as error:
        raise RegisterError(
            _("{name} can sign in already. Choose another name.", name=name)
        ) from error
    return person


def give_role(person: Person, role: str, *, by: Author) -> None:
    """Give a person a role everywhere, in place of the one they had."""
    require(by, CHANGE_PEOPLE)
    if role not in ROLES:
        raise RegisterError(
            _("{role} is not a role. Choose one of: {roles}.", role=role, roles=", ".join(ROLES))
        )
    with transaction.atomic():
        Role.objects.update_or_create(person=person, service=None, defaults={"name": role})
        log.write(
            [log.Change(action="person.role", subject=str(person), facts={"role": role})], by=by
        )


def user_called(name: str) -> User:
    """Return who signs in under a name."""
    found = User.objects.filter(username=name).first()
    if found is None:
        raise RegisterError(_("Nobody signs in as {name}.", name=name))
    return found


def put_password(user: User, password: str, *, by: Author = COMMAND_LINE) -> None:
    """Give someone another password; every session that began with the old one is over."""
    if by.name != user.get_username():
        require(by, CHANGE_PEOPLE)
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise RegisterError(
            _("This password is refused: {reason}", reason=" ".join(error.messages))
        ) from error
    with transaction.atomic():
        user.set_password(password)
        user.save(update_fields=["password"])
        log.write(
            [log.Change(action="person.password", subject=user.get_username(), facts={})], by=by
        )


def person_behind(user: AbstractBaseUser | AnonymousUser | None) -> Person | None:
    """Return the person of the register who signs in as a user; strangers and programs are none."""
    found = getattr(user, "person", None)
    return found if isinstance(found, Person) else None


def author(user: AbstractBaseUser | AnonymousUser | None) -> Author:
    """Return who a signed-in user is and what they may do; a stranger may do nothing.

    A role in one service gives no right over the whole register: it only opens the inbox, where
    each conversation is checked by itself.
    """
    if user is None or not user.is_authenticated or not user.is_active:
        return NOBODY
    if getattr(user, "is_superuser", False):
        return Author(name=user.get_username(), rights=EVERYTHING)
    person = person_behind(user)
    roles = [] if person is None else person.roles.all()
    rights = frozenset[str]().union(
        *(RIGHTS.get(role.name, frozenset()) for role in roles if role.service_id is None)
    )
    if any(READ_INBOX in IN_A_SERVICE.get(role.name, ()) for role in roles if role.service_id):
        rights |= {ENTER_INBOX}
    return Author(name=user.get_username(), rights=rights)


def who_may(right: str) -> list[Person]:
    """Return everyone who has a right everywhere and can be written to."""
    names = [name for name, rights in RIGHTS.items() if right in rights]
    roles = Role.objects.filter(service__isnull=True, name__in=names)
    rows = Person.objects.filter(
        Q(pk__in=roles.values("person")) | Q(user__is_superuser=True), user__is_active=True
    )
    return [person for person in rows.select_related("user") if person.address]


class RoleBackend(ModelBackend):
    """Django's own sign-in, with the rights of roles instead of a table of permissions."""

    def get_user(self, user_id: int) -> User | None:
        """Return who is signed in, with the person and the roles that each page goes by."""
        rows = User.objects.select_related("person").prefetch_related("person__roles")
        found = next(iter(rows.filter(pk=user_id)), None)
        return found if found is not None and self.user_can_authenticate(found) else None

    def has_perm(
        self, user_obj: AbstractBaseUser | AnonymousUser, perm: str, obj: object = None
    ) -> bool:
        """Whether the person's role gives a right."""
        return author(user_obj).may(perm)


def is_empty() -> bool:
    """Whether nobody can sign in yet."""
    return not Person.objects.exists()
