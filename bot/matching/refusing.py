"""Which sort of message is not ours: read off the nearest examples out of scope. Called by `EncoderMatcher`."""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence

from bot.language.reading import Reading
from bot.matching.matcher import DeclineKind

KINDS: dict[str, DeclineKind] = {
    "medical_advice": DeclineKind.MEDICINE,
    "baby_physical": DeclineKind.MEDICINE,
    "fertility": DeclineKind.MEDICINE,
    "misinfo_bait": DeclineKind.MEDICINE,
    "diagnosis_request": DeclineKind.DIAGNOSIS,
    "legal_advice": DeclineKind.LEGAL,
    "foreign_offtopic": DeclineKind.OTHER_LANGUAGE,
    "gibberish": DeclineKind.GIBBERISH,
    "emoji_short": DeclineKind.GIBBERISH,
    "insult": DeclineKind.INSULT,
    "prompt_injection": DeclineKind.INJECTION,
    "privacy_attack": DeclineKind.INJECTION,
    "other_bot_command": DeclineKind.INJECTION,
}
"""By `kind` of scope.tsv; every other kind is off-topic."""

VOTERS = 9
FOREIGN = 0.5
"""Share of unknown words from which on a message of `FOREIGN_WORDS` words is taken for another language."""
FOREIGN_WORDS = 3
_WORD = re.compile(r"[^\W\d_]+")


def kind_of(reading: Reading, nearest: Sequence[str]) -> DeclineKind:
    """`nearest`: kinds of the nearest examples out of scope, nearest first; they vote, the nearer the more."""
    words = _WORD.findall(reading.cleaned)
    if not words:
        return DeclineKind.GIBBERISH
    votes: Counter[DeclineKind] = Counter()
    for place, kind in enumerate(nearest[:VOTERS]):
        votes[KINDS.get(kind, DeclineKind.OFF_TOPIC)] += VOTERS + 2 - place
    if not all(letter.isascii() or unicodedata.name(letter, "").startswith("LATIN") for letter in "".join(words)):
        return DeclineKind.OTHER_LANGUAGE
    if len(words) >= FOREIGN_WORDS and reading.unknown >= FOREIGN:
        gibberish = votes[DeclineKind.GIBBERISH] > votes[DeclineKind.OTHER_LANGUAGE]
        return DeclineKind.GIBBERISH if gibberish else DeclineKind.OTHER_LANGUAGE
    return min(votes, key=lambda kind: (-votes[kind], kind), default=DeclineKind.UNKNOWN)
