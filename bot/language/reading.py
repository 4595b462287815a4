"""A message, read once: what was typed, what it was taken to say, and its vectors. `Reader` is called by `service`'s
door before anything else; `safety` and `matching` work on the `Reading` and never on a string of their own.
"""

from dataclasses import dataclass, field

import numpy as np

from bot.language.cleaning import clean, differs_in_words
from bot.language.encoder import DIMENSIONS, MOST_WINDOWS, Encoder, Vectors
from bot.language.spelling import Fix, Speller

MOST_CHARACTERS = 4096
"""A Telegram message's length. What is longer is not encoded; of it the first and last 4,096 characters are kept."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What both rooms above see of a message."""

    raw: str = field(repr=False)
    """As typed; of a message over 4,096 characters its first and last 4,096."""
    cleaned: str = field(repr=False)
    """Lower-cased, disguises and short spellings undone, apostrophes restored. Punctuation is kept."""
    corrected: str = field(repr=False)
    """`cleaned` with misspelt words put right."""
    vectors: Vectors = field(repr=False)
    """(k, 384): windows of `corrected` first, then those of the raw text if it differs. k = 0: not encoded."""
    own: int
    """How many of `vectors` belong to `corrected`; matching looks at these, alarms at all."""
    fixes: tuple[Fix, ...] = field(default=(), repr=False)
    """What spelling changed, in order, for `ask --why`."""
    unknown: float = 0.0
    """Share of words of 4 letters or more that no word list has: near 1 in another language or none."""
    too_long: bool = False

    @property
    def texts(self) -> tuple[str, ...]:
        """Raw, cleaned and corrected, each different one once: what rules run on."""
        return tuple(dict.fromkeys((self.raw, self.cleaned, self.corrected)))

    @property
    def corrected_vectors(self) -> Vectors:
        return self.vectors[: self.own]


class Reader:
    """Reads messages with one encoder and one vocabulary."""

    def __init__(self, encoder: Encoder, speller: Speller) -> None:
        self._encoder = encoder
        self._speller = speller

    def read(self, text: str) -> Reading:
        """Never raises for any text."""
        if len(text) > MOST_CHARACTERS:
            return self._unread(text)
        cleaned = clean(text)
        corrected, fixes = self._speller.correct(cleaned)
        unknown = self._speller.unknown_share(cleaned)
        vectors = self._encoder.encode_windows(corrected)
        own = len(vectors)
        if differs_in_words(text, corrected):
            # The raw text gets the windows that are left, so that the longest message stays within its time.
            raw = self._encoder.encode_windows(text.lower(), MOST_WINDOWS - own)
            vectors = np.concatenate([vectors, raw])
        return Reading(text, cleaned, corrected, vectors, own, fixes, unknown)

    def _unread(self, text: str) -> Reading:
        raw = f"{text[:MOST_CHARACTERS]}\n{text[-MOST_CHARACTERS:]}"
        cleaned = clean(raw)
        corrected, fixes = self._speller.correct(cleaned)
        return Reading(raw, cleaned, corrected, np.zeros((0, DIMENSIONS), np.float32), 0, fixes, too_long=True)
