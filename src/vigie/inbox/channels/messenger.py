"""Messenger: the direct messages of a Facebook page."""

from __future__ import annotations

from typing import ClassVar

from vigie.collect.connector import Permission
from vigie.inbox.meta_direct import Direct
from vigie.words import Words, _


class Messenger(Direct):
    """Direct messages to a Facebook page, told by Meta at once, and asked for after an outage.

    The box's address is the page's number. What is written on the page's own inbox is shown as
    ours. Meta takes an answer within 24 hours of their last message; with *Human Agent*, which it
    grants after a review, within seven days: such an answer is sent as one by a person. Receipts,
    reactions and buttons that were pressed are left aside by name. Files are brought here once,
    checked like any other; where Meta does not give one, the message says why.
    """

    label: ClassVar[Words] = _("Messenger")
    network: ClassVar[str] = "facebook"
    about: ClassVar[str] = "page"
    platform: ClassVar[str] = "messenger"
    profile: ClassVar[str] = "name"
    longest: ClassVar[int | None] = 2000
    most_bytes: ClassVar[int] = 8000
    leaves_mark: ClassVar[bool] = True
    permissions: ClassVar[tuple[Permission, ...]] = (
        Permission(name="pages_messaging", reason=_("to read and answer direct messages")),
        Permission(name="pages_manage_metadata", reason=_("to be told of them at once")),
    )
    guide: ClassVar[Words] = _(
        "1. Connect Meta as a network that calls us, under Sources: that gives the address for "
        "the webhook. 2. In Meta’s dashboard for developers, add Messenger to your app, give it "
        "that webhook, and subscribe the page to messages, message_echoes and message_edits. "
        "3. Make the page’s own token with pages_messaging and pages_manage_metadata and enter it "
        "here. 4. The address of the box is the page’s number (Page transparency shows it). "
        "Answers after more than a day need the review Human Agent: then say yes here. Until Meta "
        "has reviewed the app, only people with a role in it are heard: "
        "docs/how-to/meta-app-review.md has what it asks for."
    )
