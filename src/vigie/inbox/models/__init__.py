"""What is remembered of the inbox: who writes, who answers and by when, and what it taught."""

from vigie.inbox.models.arriving import Arrival, Box, Outage, Sketch, Withdrawal
from vigie.inbox.models.contacts import Contact, ContactMerge, Forgotten, Handle, NotTheSame
from vigie.inbox.models.conversations import (
    CalledIn,
    Conversation,
    ConversationLink,
    ConversationMerge,
    Draft,
    Looking,
    Note,
    Passage,
)
from vigie.inbox.models.hours import Closure, Hours, Recount, Target
from vigie.inbox.models.messages import Attachment, FormerWords, Message
from vigie.inbox.models.retention import Retention
from vigie.inbox.models.routing import (
    AnswerLink,
    Capacity,
    CapacityInAll,
    Rule,
    SavedReply,
    Suggestion,
    Topic,
)
from vigie.inbox.models.tally import Tally
from vigie.inbox.models.teaching import Change, FaqDraft, Satisfaction
from vigie.inbox.models.telling import Mailing
from vigie.inbox.models.wording import Wording

__all__ = [
    "AnswerLink",
    "Arrival",
    "Attachment",
    "Box",
    "CalledIn",
    "Capacity",
    "CapacityInAll",
    "Change",
    "Closure",
    "Contact",
    "ContactMerge",
    "Conversation",
    "ConversationLink",
    "ConversationMerge",
    "Draft",
    "FaqDraft",
    "Forgotten",
    "FormerWords",
    "Handle",
    "Hours",
    "Looking",
    "Mailing",
    "Message",
    "NotTheSame",
    "Note",
    "Outage",
    "Passage",
    "Recount",
    "Retention",
    "Rule",
    "Satisfaction",
    "SavedReply",
    "Sketch",
    "Suggestion",
    "Tally",
    "Target",
    "Topic",
    "Withdrawal",
    "Wording",
]
