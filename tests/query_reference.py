"""Writes the page of the query language: its prose, and the fields from the code."""

from __future__ import annotations

from collections.abc import Iterator

from vigie.listening.query_fields import FIELDS
from vigie.listening.query_parsing import FARTHEST
from vigie.listening.query_terms import LEAST_BESIDE

PROSE = """# Query language

A query is words and what joins them. It means the same wherever it is asked: of a post that has
just arrived, of the whole history, with DuckDB or with Spark.

## Words

| Written | Finds |
|---|---|
| `inscription` | the word, in capitals or not, with or without accents, also as `#inscription` |
| `rentrée`, `rentree`, `RENTRÉE` | the same posts; `œ` is `oe`, `ß` is `ss` |
| `l'inscription` | the same as `inscription`: elided articles are no words; `’` and `'` are alike |
| `"dossier d'inscription"` | the words one after the other; `« »` and `“ ”` are quotes too |
| `porte-parole` | the same as `"porte parole"`: a word in several parts is a phrase |
| `inscri*` | any letters, also none: at least {any} others must stand beside `*` |
| `organi?ation` | exactly one letter: at least {one} others must stand beside `?` |
| `raw:UNF`, `raw:"École normale"` | exactly these letters, accents and capitals included |
| `#RentréeParis8` or `hashtag:rentreeparis8` | the hashtag in one piece |
| `@univ_paris8` | the handle in a post's words |

A word is letters and figures; where a script has no spaces each sign is a word. In quotes a `?` at
the end of a word is a question mark.

**Hashtags and handles are read as their words, too.** They part at a capital that follows a small
letter, at a figure that follows three letters or more, at `_` and `-`: `#RentréeParis8` is found by
`rentree`, by `"paris 8"` and, in one piece, by `rentreeparis8`; `#P1` is `p1`. One in small letters
(`#rentreeparis8`) cannot be parted: only its figures are. The words of a link are not words of the
post (see `url:`).

## What joins them

| Written | French | Means |
|---|---|---|
| `a b`, `a AND b` | `ET` | both |
| `a OR b` | `OU` | at least one |
| `NOT a`, `-a` | `SAUF` | without |
| `(a OR b) c` | | parentheses first |
| `a NEAR/5 b` | | at most five words between them, in either order |
| `a ONEAR/5 b` | | the same, `a` first |

They are written in capitals: in small letters `or` is a word. `NOT` binds first, then `NEAR`, then
`AND` (also where nothing is written), then `OR`. `NEAR` joins words, phrases and choices of them in
parentheses, with 0 to {far} words between; the two finds never overlap.

## Fields

A field is written with its value right after the colon. Several values, by commas or in
parentheses with `OR`, mean one of them: `intent:question,complaint`. What is not known of a post is
not what is asked for: `tone:negative` leaves out posts without a tone, `NOT tone:negative` keeps
them.
"""
BY_WORDS = {
    "hashtag": ("A hashtag in one piece, perhaps with wildcards.", "rentree*"),
    "raw": ("Exactly these letters.", "UNF"),
    "url": ("Part of the post’s address, or of one it links to.", "northfield.example"),
}
AFTER = """
## How it is answered

A post is folded once, by one function, into words between spaces; DuckDB and Spark look there. For
long histories a *concordance* is kept beside the store: every word with where it stands, made month
by month, answering exactly what reading every post would answer. It may be deleted any time, and
holds nothing that was forgotten. `vigie listen` asks it.

Networks understand less. They are asked for more than is wanted, in the words they understand, and
what they find is sifted by the query itself; the preview says what each is asked, what that costs,
and why one cannot be asked.
"""


def language_page() -> Iterator[str]:
    """Yield the lines of the page."""
    least = {"any": LEAST_BESIDE["*"], "one": LEAST_BESIDE["?"], "far": FARTHEST}
    yield from PROSE.format(**least).splitlines()
    yield ""
    yield "| Field | Asks | Example | Values |"
    yield "|---|---|---|---|"
    rows = {
        name: (str(kind.about), kind.example, ", ".join(f"`{v}`" for v in kind.values))
        for name, kind in FIELDS.items()
    } | {name: (*told, "") for name, told in BY_WORDS.items()}
    for name, (about, example, values) in sorted(rows.items()):
        yield f"| `{name}:` | {about} | `{name}:{example}` | {values or 'any'} |"
    yield from AFTER.rstrip().splitlines()
