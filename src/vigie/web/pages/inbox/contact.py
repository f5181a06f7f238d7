"""Who is this person, and what was said with them, over every channel?"""

from __future__ import annotations

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from vigie.errors import InboxError
from vigie.inbox import contacts, looking_up
from vigie.inbox.changes import Hand
from vigie.inbox.listing import Place, Wanted, page_of
from vigie.inbox.models import Contact, ContactMerge
from vigie.inbox.models.contacts import CONSENTS
from vigie.inbox.words import CONSENT_WORDS
from vigie.register.rights import ENTER_INBOX, FORGET_CONTACTS
from vigie.web import inbox_hand
from vigie.web.contacts import contact_of
from vigie.web.people import may
from vigie.web.sentences import said
from vigie.words import _

route = "inbox/contacts/<int:number>/"
permission = ENTER_INBOX
methods = ("GET", "HEAD", "POST")

PAGE = 30
KNOWN_LANGUAGES = ("fr", "en", "de", "es", "it", "pt", "nl", "pl", "ar", "zh", "uk", "ru", "tr")
"""Those a person may be noted to prefer; one that was noted otherwise stays on the list."""


def page(request: HttpRequest, number: int) -> HttpResponseBase:
    """Show a contact, or note what is known of them."""
    hand = inbox_hand.hand(request)
    found = contact_of(hand.eyes, number)
    if found.pk != number:
        return redirect("inbox.contact", number=found.pk)
    if found.forgotten_at is not None:
        if may(request, FORGET_CONTACTS):
            return redirect("inbox.forget_contact", number=found.pk)
        return render(request, "inbox/nobody.html", {"one": found})
    mistake = None
    if request.method == "POST":
        try:
            contacts.put(found, _given(request), hand=hand)
        except InboxError as error:
            mistake = error.words
        else:
            messages.success(request, said(_("It is noted.")))
            return redirect("inbox.contact", number=number)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if mistake else HTTPStatus.OK
    shown = {**_shown(request, found, hand), "mistake": mistake}
    return render(request, "inbox/contact.html", shown, status=status)


def _given(request: HttpRequest) -> dict[str, object]:
    return {
        "name": request.POST.get("name", ""),
        "language": request.POST.get("language", "")[:8],
        "consent": request.POST.get("consent", "unknown"),
        "tags": request.POST.get("tags", "").split(","),
    }


def _shown(request: HttpRequest, found: Contact, hand: Hand) -> dict[str, object]:
    history = looking_up.history(found, hand.eyes)
    newest = Wanted(state="", order="newest")
    after = Place.read(request.GET.get("after", ""))
    rows, following = page_of(history, newest, after=after, size=PAGE)
    may_forget = hand.eyes.author.may(FORGET_CONTACTS)
    merges = ContactMerge.objects.filter(survivor=found, undone_at__isnull=True)
    return {
        "one": found,
        "handles": found.handles.all(),
        "counts": looking_up.counted([found], hand.eyes).get(found.pk),
        "rows": rows,
        "is_first": after is None,
        "next_page": str(following) if following else "",
        "may_change": contacts.may_change(found, hand.eyes),
        "may_forget": may_forget,
        "unseen": looking_up.unseen(found, hand.eyes) if may_forget else 0,
        "merges": merges.count(),
        "languages_known": _languages(found),
        "consents": [(name, CONSENT_WORDS[name]) for name in CONSENTS],
    }


def _languages(found: Contact) -> list[str]:
    known = list(KNOWN_LANGUAGES)
    return known if not found.language or found.language in known else [found.language, *known]
