"""Tells the language of short texts, among those a team expects."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt
from py3langid.langid import LanguageIdentifier, visit_counts  # type: ignore[import-untyped]  # ships none
from scipy.sparse import csr_matrix

from vigie.annotate.common_words import Counts, counted
from vigie.errors import SettingError
from vigie.words import _

EXPECTED = ("ar", "de", "en", "es", "fr", "it", "pt")
"""Those a French university meets; a team sets its own."""
MOST_READ = 300
"""Bytes read of a text: what follows changes nothing."""
LEAST_LETTERS = 3
LEAST_CERTAINTY, LEAST_CERTAINTY_SHORT = 0.3, 0.4
"""Below, the answer is *unknown*: of texts less sure than the first fewer than half are told
right. Between the two, more are, but not where there are but few letters."""
SHORT = 10
"""Signs below which a text is short."""
WORTH = 0.7
"""How much a common word says: of the first fifteen letters of posts, some 80 % are told right
with them and 75 % without; of whole posts, as many."""
SURELY = 0.9
_MODEL = "data/model.npz.xz"


@dataclass(frozen=True, kw_only=True)
class Told:
    """The language of each text, and how sure; unknown where a text is tiny or doubtful."""

    languages: list[str | None]
    certainties: list[float]

    @property
    def surely(self) -> list[str | None]:
        """The language where it is beyond doubt: phrases of other languages are then not heard."""
        return [
            language if certainty >= SURELY else None
            for language, certainty in zip(self.languages, self.certainties, strict=True)
        ]


def expected(languages: str) -> tuple[str, ...]:
    """Read the languages a team expects, by commas; those nobody can tell are refused."""
    codes = tuple(sorted({code.strip().lower() for code in languages.split(",") if code.strip()}))
    known = LanguageIdentifier.from_model_file(_MODEL).labels if codes != EXPECTED else EXPECTED
    unknown = [code for code in codes if code not in known]
    if unknown or not codes:
        raise SettingError(
            _(
                "languages must be codes of two letters by commas, as fr,en; {code} is not one "
                "that can be told. Those that can: {known}.",
                code=unknown[0] if unknown else "—",
                known=", ".join(sorted(known)),
            )
        )
    return codes


@cache
def _identifier(expected: tuple[str, ...]) -> LanguageIdentifier:
    found = LanguageIdentifier.from_model_file(_MODEL)
    found.set_languages(expected)
    return found


def tell_languages(
    texts: Sequence[str], hints: Sequence[str | None] = (), *, expected: tuple[str, ...] = EXPECTED
) -> Told:
    """Tell the language of texts that were cleaned of addresses and handles.

    A network's own guess (``hints``) is taken where the text alone leaves doubt.
    """
    identifier = _identifier(expected)
    common = counted(texts, tuple(identifier.nb_classes))
    chances = _chances(identifier, [_read(text) for text in texts], common)
    best = chances.argmax(axis=1)
    sure = chances[np.arange(len(texts)), best]
    languages: list[str | None] = []
    certainties = [round(float(one), 3) for one in sure]
    for place, text in enumerate(texts):
        code = identifier.nb_classes[best[place]]
        if sure[place] >= _least(text) and _has_letters(text):
            languages.append(code)
            continue
        hint = hints[place] if hints else None
        languages.append(hint if hint in expected else None)
        certainties[place] = LEAST_CERTAINTY_SHORT if hint in expected else certainties[place]
    return Told(languages=languages, certainties=certainties)


def _least(text: str) -> float:
    return LEAST_CERTAINTY_SHORT if len(text) < SHORT else LEAST_CERTAINTY


def _read(text: str) -> bytes:
    plain = text.lower() if text.isupper() else text
    normal = plain if plain.isascii() else unicodedata.normalize("NFC", plain)
    return normal.encode("utf-8", "surrogatepass")[:MOST_READ]


def _has_letters(text: str) -> bool:
    return len(text) > 12 or sum(letter.isalpha() for letter in text) >= LEAST_LETTERS


def _chances(
    identifier: LanguageIdentifier, texts: Sequence[bytes], common: Counts | None
) -> npt.NDArray[np.float32]:
    """Return the chance of each language, all texts in one product."""
    rows, places, counts = [0], [], []
    for text in texts:
        visits = visit_counts(
            identifier.tk_nextmove, identifier._rowbase, identifier.tk_output, text
        )
        if visits:
            places += visits.keys()
            counts += visits.values()
        rows.append(len(places))
    weights = np.log1p(np.asarray(counts, dtype=np.float32))
    shape = (len(texts), identifier.nb_ptc.shape[0])
    found = csr_matrix((weights, np.asarray(places, dtype=np.int32), rows), shape=shape)
    scores: npt.NDArray[np.float32] = np.asarray(found @ identifier.nb_ptc) + identifier.nb_pc
    # The longer a text, the further its scores lie apart without being surer.
    lengths = np.sqrt([max(len(text), 1) for text in texts])
    scores = (scores - scores.max(axis=1, keepdims=True)) / lengths[:, None]
    if common is not None:
        scores += WORTH * common
    chances = np.exp(scores - scores.max(axis=1, keepdims=True))
    read = np.diff(rows) > 0
    chances = chances / chances.sum(axis=1, keepdims=True)
    chances[~read] = 1 / chances.shape[1]
    answered: npt.NDArray[np.float32] = chances.astype(np.float32)
    return answered
