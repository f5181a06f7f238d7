"""The server that sends our mail, from its address."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from vigie.errors import SettingError
from vigie.words import _

SUBMISSION, TLS = 587, 465


@dataclass(frozen=True, kw_only=True)
class MailServer:
    """Where mail is handed over, and how."""

    host: str = "localhost"
    port: int = 25
    name: str = ""
    password: str = field(default="", repr=False)
    starts_tls: bool = False
    is_tls: bool = False


def mail_server(address: str) -> MailServer:
    """Return what ``smtp://name:password@host:port`` means.

    Port 587, the usual one, begins in the clear and turns to TLS; ``smtps`` is TLS from the start;
    another port with ``smtp`` stays in the clear, for a server on the same machine.
    """
    if not address:
        return MailServer()
    parts = urlsplit(address)
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise SettingError(
            _("mail_url must begin with smtp:// or smtps:// and name a server, as smtp://host:587.")
        )
    is_tls = parts.scheme == "smtps"
    port = parts.port or (TLS if is_tls else SUBMISSION)
    return MailServer(
        host=parts.hostname,
        port=port,
        name=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        starts_tls=not is_tls and port == SUBMISSION,
        is_tls=is_tls,
    )
