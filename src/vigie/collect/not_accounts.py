"""Words in the addresses of networks that name no account, and why."""

from __future__ import annotations

from collections.abc import Mapping

from vigie.words import Words, _

HOME = _("This is the home page of the network, not an account.")
POST = _("This points at one post, not at an account.")
SEARCH = _("This is a search, not an account.")
SHARE = _("This is a link to share or to sign in, not an account.")
EVENT = _("This is an event, not an account.")
NO_CHANNEL = _("This is not the identifier of a channel: those are UC and 22 characters.")

NOT_ACCOUNTS: Mapping[str, Mapping[str, Words]] = {
    "x": {
        **dict.fromkeys(("search", "search-advanced", "hashtag", "explore"), SEARCH),
        **dict.fromkeys(("share", "intent", "login", "signup", "settings", "messages"), SHARE),
        **dict.fromkeys(("home", "notifications", "tos", "privacy", "about", "compose"), HOME),
        "i": POST,
    },
    "facebook": {
        **dict.fromkeys(("search", "hashtag"), SEARCH),
        **dict.fromkeys(
            ("sharer", "sharer.php", "share", "share.php", "dialog", "login", "login.php",
             "l.php", "plugins", "r.php"), SHARE,
        ),
        **dict.fromkeys(
            ("photo", "photo.php", "photos", "story.php", "permalink.php", "watch", "video.php",
             "videos", "reel", "media", "notes", "stories", "posts"), POST,
        ),
        **dict.fromkeys(
            ("home.php", "home", "index.php", "help", "policies", "marketplace", "business",
             "about", "legal", "ads", "pages_manager"), HOME,
        ),
        **dict.fromkeys(("events", "event.php"), EVENT),
    },
    "instagram": {
        **dict.fromkeys(("p", "reel", "reels", "tv", "stories"), POST),
        **dict.fromkeys(("explore", "directory"), SEARCH),
        **dict.fromkeys(("accounts", "direct", "share"), SHARE),
        **dict.fromkeys(("about", "legal", "developer", "web"), HOME),
    },
    "threads": {"search": SEARCH, "t": POST, "login": SHARE},
    "tiktok": {
        **dict.fromkeys(("t", "v", "embed", "music", "video"), POST),
        **dict.fromkeys(("tag", "search", "discover"), SEARCH),
        **dict.fromkeys(("foryou", "following", "about", "legal", "explore", "live"), HOME),
        **dict.fromkeys(("share", "login"), SHARE),
    },
    "linkedin": {
        **dict.fromkeys(("posts", "pulse", "embed", "video", "learning"), POST),
        **dict.fromkeys(("search", "jobs"), SEARCH),
        **dict.fromkeys(
            ("shareArticle", "sharing", "share", "login", "signup", "uas", "authwall"), SHARE
        ),
        **dict.fromkeys(("feed", "home", "legal", "help"), HOME),
        "events": EVENT,
    },
    "youtube": {
        **dict.fromkeys(("watch", "embed", "shorts", "live", "playlist", "clip", "v"), POST),
        **dict.fromkeys(("results", "hashtag", "gaming"), SEARCH),
        **dict.fromkeys(("signin", "attribution_link", "redirect", "share"), SHARE),
        **dict.fromkeys(("feed", "about", "t", "premium", "account", "index"), HOME),
    },
    "bluesky": {"search": SEARCH, "hashtag": SEARCH, "intent": SHARE, "settings": HOME},
    "flickr": {"search": SEARCH, "explore": SEARCH, "groups": HOME, "signin": SHARE},
    "pinterest": {"pin": POST, "search": SEARCH, "ideas": SEARCH, "login": SHARE},
    "vimeo": {"search": SEARCH, "log_in": SHARE, "join": SHARE, "watch": HOME, "categories": HOME},
    "dailymotion": {
        "video": POST, "playlist": POST, "embed": POST, "search": SEARCH, "signin": SHARE,
    },
    "github": {
        **dict.fromkeys(("search", "topics", "explore", "trending"), SEARCH),
        **dict.fromkeys(("login", "join", "settings"), SHARE),
        **dict.fromkeys(("about", "features", "pricing", "marketplace"), HOME),
    },
}  # fmt: skip
"""First words of a path, by network, that belong to the network itself."""
