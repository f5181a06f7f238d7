"""Instagram direct: the private messages of a professional account."""

from __future__ import annotations

from typing import ClassVar

from vigie.collect.connector import Permission
from vigie.inbox.meta_direct import Direct
from vigie.words import Words, _


class InstagramDirect(Direct):
    """Direct messages to a professional Instagram account that is joined to a Facebook page.

    The box's address is the account's number. Answers to a story and mentions in one come as
    messages. Meta takes an answer within 24 hours of their last message; with *Human Agent*, which
    it grants after a review, within seven days. An answer has at most 1,000 bytes. What its author
    takes back is erased here.
    """

    label: ClassVar[Words] = _("Instagram, direct messages")
    network: ClassVar[str] = "instagram"
    about: ClassVar[str] = "instagram"
    platform: ClassVar[str] = "instagram"
    profile: ClassVar[str] = "name,username"
    longest: ClassVar[int | None] = 1000
    most_bytes: ClassVar[int] = 1000
    permissions: ClassVar[tuple[Permission, ...]] = (
        Permission(
            name="instagram_manage_messages", reason=_("to read and answer direct messages")
        ),
        Permission(name="pages_manage_metadata", reason=_("to be told of them at once")),
    )
    guide: ClassVar[Words] = _(
        "1. Connect Meta as a network that calls us, under Sources: that gives the address for "
        "the webhook. 2. On Instagram, under Settings, Messages, let connected tools read "
        "messages. 3. In Meta’s dashboard for developers, subscribe Instagram to messages and "
        "message_edit. 4. Make the token of the page that the account is joined to, with "
        "instagram_manage_messages, and enter it here. 5. The address of the box is the "
        "account’s number, as me?fields=instagram_business_account shows it. Answers after more "
        "than a day need the review Human Agent: then say yes here."
        " Until Meta has reviewed the app, only people with a "
        "role in it are heard: docs/how-to/meta-app-review.md has what it asks for."
    )
