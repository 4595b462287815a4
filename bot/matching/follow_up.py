"""Short messages that lean on what was said before: "what else?", "and in Scotland?", "not that, the other one".

They are recognised by the phrases of `follow-ups.yaml` alone, never guessed: a question must not be mistaken for one.
`conversation` asks before it matches, and knows what the last target was.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.errors import KnowledgeError
from bot.language.cleaning import clean
from bot.language.reading import Reading
from bot.matching.introducing import WORD, words_in
from bot.matching.places import Places


class FollowUpKind(StrEnum):
    """The keys of `follow-ups.yaml`."""

    MORE = "more"
    REGION = "region"
    """The same for another place; `FollowUp.region` says which."""
    AGAIN = "again"
    OTHER = "other"
    THANKS = "thanks"
    YES = "yes"
    NO = "no"
    GREETING = "greeting"
    FORGET = "forget"
    """Everything kept about the writer is to be deleted."""


@dataclass(frozen=True, slots=True)
class FollowUp:
    kind: FollowUpKind
    region: str | None = None
    """Set exactly for `REGION`."""


FILLERS = words_in(
    """
    please ok okay and so then oh well hi hiya sorry but right just actually yeah yep um erm er btw now tho though
    """
)
"""Words left out at either end of a message."""


class FollowUps:
    """The follow-ups of one language."""

    def __init__(self, phrases: Mapping[str, tuple[str, ...]], places: Places) -> None:
        """Raises KnowledgeError for a kind that is none of `FollowUpKind`."""
        self._places = places
        self._kinds: dict[str, FollowUpKind] = {}
        for name, said in phrases.items():
            if name not in set(FollowUpKind):
                raise KnowledgeError(f'follow-ups: "{name}" is none of {", ".join(FollowUpKind)}.')
            spoken = {form for phrase in said for form in _forms(WORD.findall(clean(phrase)))}
            self._kinds |= dict.fromkeys(spoken, FollowUpKind(name))

    def read(self, reading: Reading) -> FollowUp | None:
        """What a message asks of the last answer; None when it stands on its own."""
        for text in (reading.cleaned, reading.corrected):
            for form in _forms(WORD.findall(text)):
                kind = self._kinds.get(form)
                if kind and kind is not FollowUpKind.REGION:
                    return FollowUp(kind)
        place = self._places.said(reading)
        if place is None:
            return None
        # Places are sought in what was typed, because spelling could change them; the words around them need it.
        meant = {fix.was: fix.now for fix in reading.fixes}
        around = _forms(_trimmed([meant.get(word, word) for word in place.around]))
        named = not around or any(self._kinds.get(form) is FollowUpKind.REGION for form in around)
        return FollowUp(FollowUpKind.REGION, place.region) if named else None


def _forms(words: Sequence[str]) -> tuple[str, ...]:
    """A message as it stands, and without the fillers at either end; none of them empty."""
    return tuple(form for form in (" ".join(words), " ".join(_trimmed(words))) if form)


def _trimmed(words: Sequence[str]) -> Sequence[str]:
    start, end = 0, len(words)
    while start < end and words[start] in FILLERS:
        start += 1
    while end > start and words[end - 1] in FILLERS:
        end -= 1
    return words[start:end]
