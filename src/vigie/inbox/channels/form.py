"""A form on the site: anybody asks, the answer goes out by mail."""

from __future__ import annotations

from typing import ClassVar

from django.core.mail import EmailMessage

from vigie.collect.connector import Option
from vigie.errors import UnsureError
from vigie.http import Http
from vigie.inbox.asking import read, subject_of
from vigie.inbox.channel import Author, Channel, Incoming, Outgoing, Received, Sent
from vigie.inbox.mail_reading import AUTOMATIC
from vigie.words import Words, _


class Form(Channel):
    """A public page, ``/ask/`` and the box's name, where anybody asks without an account.

    It works without script and asks for nothing but a question and a mail address; a name and the
    service are as they wish. Programs are kept out by a field that people leave empty, by the time
    that writing takes, and by a limit for each address of the network, kept as a keyed hash for an
    hour; no other site takes part. The page says thank you once the question is on the disk.
    Answers go out by a mailbox of the inbox, so that what they write back joins the conversation,
    or by the site's own mail.
    """

    label: ClassVar[Words] = _("Form on the site")
    network: ClassVar[str] = "form"
    is_fetched: ClassVar[bool] = False
    sends_by: ClassVar[str] = "mailbox"
    may_enclose: ClassVar[bool] = True
    has_address: ClassVar[bool] = False
    options: ClassVar[tuple[Option, ...]] = (
        Option(
            name="mailbox",
            label=_("Name of the mailbox that answers go out by; empty: the site’s own mail"),
        ),
    )
    guide: ClassVar[Words] = _(
        "1. Connect a mailbox first and give its name here: answers go out by it, and what people "
        "write back comes in there. 2. Give each service a public name and what it answers: people "
        "choose among them. 3. Put a link to the page on your site: its address is /ask/, the name "
        "of this box, and /."
    )

    def receive(self, body: bytes) -> Received:
        """Read a question."""
        asked, key, at = read(body)
        message = Incoming(
            key=key,
            thread=key,
            kind="form",
            is_public=False,
            # Who writes by mail later is the same person.
            author=Author(
                network="mail",
                address=asked.mail.casefold(),
                shown=asked.mail.casefold(),
                name=asked.name,
            ),
            words=asked.words,
            said_at=at,
            subject=subject_of(asked, key),
            language=asked.language,
            service=asked.service,
        )
        return Received(messages=(message,))

    def send(self, outgoing: Outgoing, http: Http) -> Sent:
        """Send an answer by the site's own mail."""
        mail = EmailMessage(
            subject=f"Re: {outgoing.subject}",
            body=outgoing.words,
            to=[outgoing.to.address],
            headers={
                "Message-ID": f"<vigie.{outgoing.key}@form>",
                **(AUTOMATIC if outgoing.is_automatic else {}),
            },
        )
        for one in outgoing.enclosed:
            mail.attach(one.name, one.content, one.media_type)
        mail.send()
        return Sent(external=str(mail.extra_headers["Message-ID"]), sent_at=http.clock())

    def find(self, outgoing: Outgoing, http: Http) -> Sent | None:
        """Say that nobody can tell, where a worker stopped while it handed the mail over."""
        if outgoing.was_abandoned:
            raise UnsureError(
                _(
                    "The machine stopped while this mail was handed over: nobody can tell whether "
                    "it went out. Look at what {address} received, then send it again or close.",
                    address=outgoing.to.address,
                )
            )
        return None
