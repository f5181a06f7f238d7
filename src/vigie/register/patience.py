"""How many wrong passwords are borne, for one name and from one address, before a while of rest.

django-axes counts. What it keeps are keyed hashes: neither the names people tried nor the addresses
they came from can be read back, and both are gone when the while is over.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from axes.models import AccessAttempt
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.crypto import salted_hmac

from vigie.register import log
from vigie.register.rights import CHANGE_PEOPLE, COMMAND_LINE, Author, require

FOR_ONE_NAME = 5
"""From one address."""
FOR_ONE_ADDRESS = 30
"""A whole campus may stand behind one address."""
MOST = (FOR_ONE_NAME, FOR_ONE_ADDRESS)
A_WHILE = timedelta(minutes=15)
V6_NETWORK = 64
"""Whoever has one IPv6 address has its whole network."""


class Patience(AxesDatabaseHandler):  # type: ignore[misc]  # axes says nothing of its types
    """Counts wrong passwords for a name at an address, and more generously for the address."""

    def get_failures(self, request: Any, credentials: Any = None) -> int:
        """Return the failures that weigh most; those of an address weigh less than a name's."""
        of_name, of_address = map(_failures, self.get_user_attempts(request, credentials))
        return max(of_name, of_address * FOR_ONE_NAME // FOR_ONE_ADDRESS)

    def user_login_failed(
        self, sender: Any, credentials: Any, request: Any = None, **also: Any
    ) -> None:
        """Count a wrong password, and keep nothing of the form or the browser."""
        if request is not None:
            request.axes_user_agent = request.axes_http_accept = ""
        super().user_login_failed(sender, credentials, request, **also)
        if request is not None:
            rows = AccessAttempt.objects.filter(ip_address=request.axes_ip_address)
            rows.update(get_data="", post_data="")

    def reset_user_attempts(self, request: Any, credentials: Any = None) -> int:
        """Forget what was tried for one name, not what else its address tried."""
        of_name, _of_address = self.filter_user_attempts(request, credentials)
        count, _each = of_name.delete()
        return int(count)

    def rest(self, request: Any, credentials: Any) -> timedelta:
        """Return how long there is to wait at most."""
        pairs = zip(self.get_user_attempts(request, credentials), MOST, strict=True)
        spent = [rows for rows, most in pairs if _failures(rows) >= most]
        last = [row.attempt_time for rows in spent for row in rows.order_by("-attempt_time")[:1]]
        until: datetime = max(last, default=timezone.now() - A_WHILE) + A_WHILE
        return max(until - timezone.now(), timedelta())


def _failures(rows: QuerySet[AccessAttempt]) -> int:
    return sum(rows.values_list("failures_since_start", flat=True))


def name_mark(name: str) -> str:
    """Return what is kept of a name that was tried; capitals make no other one."""
    return salted_hmac("vigie sign-in name", name.strip().casefold()).hexdigest()


def address_mark(address: str) -> str:
    """Return what is kept of an address: a keyed hash, written as a private address of its own."""
    try:
        known = ip_address(address)
    except ValueError:
        known = ip_address("0.0.0.0")
    if known.version == 6:
        known = ip_network((known, V6_NETWORK), strict=False).network_address
    digest = salted_hmac("vigie sign-in address", known.packed).digest()
    return str(IPv6Address(b"\xfd" + digest[:15]))


def unlock(name: str, *, by: Author = COMMAND_LINE) -> int:
    """Let a name be tried again at once, wherever it was tried from; return what was let go."""
    require(by, CHANGE_PEOPLE)
    count, _each = AccessAttempt.objects.filter(username=name_mark(name)).delete()
    log.write([log.Change(action="person.unlock", subject=name, facts={"places": count})], by=by)
    return int(count)
