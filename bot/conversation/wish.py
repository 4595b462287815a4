"""What somebody asks to be sent, read from their words: "stop the events ones", "only the week", "pause until May".

A wish is recognised only where all of its words are known (the lists `wish.…` of the phrasebook): a question must not
be mistaken for one. Pure; called by `granting`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from bot.broadcast.announcement import Kind
from bot.conversation.wording.updates import later
from bot.conversation.wording.voice import Voice
from bot.knowledge.phrases import Phrase
from bot.matching.follow_up import FILLERS
from bot.matching.introducing import WORD

LONGEST_PAUSE = timedelta(days=366)
MOST_WORDS = 14


class Aim(StrEnum):
    SHOW = "show"
    TELL = "tell"
    """To hear of a kind: a question as much as a wish."""
    START = "start"
    STOP = "stop"
    ONLY = "only"
    PAUSE = "pause"
    RESUME = "resume"
    SPARE = "spare"
    """No celebratory announcements."""
    CELEBRATE = "celebrate"


@dataclass(frozen=True, slots=True)
class Wish:
    aim: Aim
    kinds: tuple[Kind, ...] = ()
    until: date | None = None
    """The day on which a pause ends; None: not said, or not understood."""


_LEADS: Mapping[Aim, Phrase] = {
    Aim.TELL: Phrase.WISH_TELL,
    Aim.START: Phrase.WISH_START,
    Aim.STOP: Phrase.WISH_STOP,
    Aim.ONLY: Phrase.WISH_ONLY,
    Aim.PAUSE: Phrase.WISH_PAUSE,
}
_NAMES: Mapping[Phrase, tuple[Kind, ...]] = {
    Phrase.WISH_WEEK: (Kind.WEEK,),
    Phrase.WISH_EVENTS: (Kind.EVENTS,),
    Phrase.WISH_ROLE: (Kind.ROLE,),
    Phrase.WISH_ALL: tuple(Kind),
    Phrase.WISH_THEM: tuple(Kind),
    Phrase.WISH_CELEBRATION: (),
}
"""Names in the order they are looked up; what celebrates is no kind."""
_CELEBRATES: Mapping[Aim, Aim] = {Aim.STOP: Aim.SPARE, Aim.START: Aim.CELEBRATE}


def read_wish(voice: Voice, texts: Iterable[str], today: date) -> Wish | None:
    """The wish in the first of several spellings of a message that holds one."""
    return next((wish for text in texts if (wish := _Reader(voice, today).read(text))), None)


def read_day(voice: Voice, texts: Iterable[str], today: date) -> date | None:
    """The end of a pause, said in answer to the question for it: "until May", "May", "two weeks"."""
    readers = ((_Reader(voice, today), " ".join(WORD.findall(text))) for text in texts)
    return next((on for reader, said in readers if (on := reader.end(said))), None)


class _Reader:
    def __init__(self, voice: Voice, today: date) -> None:
        self._voice = voice
        self._today = today

    def read(self, text: str) -> Wish | None:
        words = WORD.findall(text)
        if len(words) > MOST_WORDS:
            return None
        for said in self._stripped([word for at, word in enumerate(words) if at or word not in FILLERS - {"just"}]):
            for aim, phrase in ((Aim.SHOW, Phrase.WISH_SHOW), (Aim.RESUME, Phrase.WISH_RESUME)):
                if said in self._list(phrase):
                    return Wish(aim)
            for aim, rest in self._led(said):
                if self._doubtful(said, rest, text):
                    continue
                wish = self._pause(rest) if aim is Aim.PAUSE else self._named(aim, rest)
                if wish is not None:
                    return wish
        return None

    def _doubtful(self, said: str, rest: str, text: str) -> bool:
        """Whether it begins in a way that says many things, and names nothing that only announcements are called."""
        if said.removesuffix(rest).strip() not in self._list(Phrase.WISH_DOUBTFUL):
            return False
        corrects = text.lstrip().startswith("no,")
        return corrects or set(self._list(Phrase.WISH_SENT)).isdisjoint(rest.split())

    def _list(self, phrase: Phrase) -> Sequence[str]:
        return self._voice.say(phrase).split(", ")

    def _stripped(self, words: Sequence[str]) -> Iterator[str]:
        """A message as it stands, then without what politeness puts before and after it."""
        said = " ".join(words)
        before = [f"{polite} " for polite in self._list(Phrase.WISH_BEFORE)]
        after = [f" {polite}" for polite in (*self._list(Phrase.WISH_AFTER), *FILLERS)]
        while True:
            yield said
            ahead = next((polite for polite in before if said.startswith(polite)), "")
            behind = next((polite for polite in after if said.endswith(polite)), "")
            if not ahead and not behind:
                return
            said = said.removeprefix(ahead) if ahead else said.removesuffix(behind)

    def _led(self, said: str) -> Iterator[tuple[Aim, str]]:
        """What a message may begin with, longest first, and the rest of it."""
        leads = [(lead, aim) for aim, phrase in _LEADS.items() for lead in self._list(phrase)]
        for lead, aim in sorted(leads, key=lambda one: (-len(one[0]), one)):
            if said == lead or said.startswith(f"{lead} "):
                yield aim, said[len(lead) + 1 :]

    def _named(self, aim: Aim, rest: str) -> Wish | None:
        kinds: list[Kind] = []
        celebrates = False
        for part in self._parts(rest):
            name = self._name(part)
            if name is None or (name is Phrase.WISH_THEM and aim is not Aim.STOP):
                return None
            kinds += _NAMES[name]
            celebrates = celebrates or name is Phrase.WISH_CELEBRATION
        if not celebrates:
            return Wish(aim, tuple(kind for kind in Kind if kind in kinds))
        return Wish(_CELEBRATES[aim]) if aim in _CELEBRATES and not kinds else None

    def _parts(self, rest: str) -> Sequence[str]:
        for joint in (Phrase.LIST_AND, Phrase.LIST_OR):
            rest = rest.replace(self._voice.say(joint), ", ")
        return rest.split(", ")

    def _name(self, part: str) -> Phrase | None:
        """The list that holds a name, which may stand between "the" and "ones"."""
        around = set(self._list(Phrase.WISH_AROUND_NAME))
        words = part.split()
        for start in range(len(words) + 1):
            for end in range(len(words), start, -1):
                name = " ".join(words[start:end])
                for phrase in _NAMES:
                    if name in self._list(phrase) and around.issuperset((*words[:start], *words[end:])):
                        return phrase
        return None

    def _pause(self, rest: str) -> Wish | None:
        """ "Pause", perhaps what, perhaps until when; with a time that is not understood it is still a wish."""
        what, when = rest, ""
        marks = (*self._list(Phrase.WISH_UNTIL), *self._list(Phrase.WISH_FOR))
        starts = [at for mark in marks if (at := f" {rest} ".find(f" {mark} ")) >= 0]
        if starts:
            what, when = rest[: min(starts)].strip(), rest[min(starts) :]
        if what and self._name(what) is None:
            return None
        words = when.split()
        ends = (self._until(" ".join(words[:count])) for count in range(len(words), 1, -1))
        # What follows a time ("… we are in hospital") is no part of it.
        return Wish(Aim.PAUSE, until=self._within_reach(next(filter(None, ends), None)))

    def end(self, said: str) -> date | None:
        return self._within_reach(self._until(said) or self._after(said.split()) or self._day(said))

    def _within_reach(self, on: date | None) -> date | None:
        return on if on is not None and self._today < on <= self._today + LONGEST_PAUSE else None

    def _until(self, when: str) -> date | None:
        for lead in sorted(self._list(Phrase.WISH_FOR), key=len, reverse=True):
            if when.startswith(f"{lead} ") and (end := self._after(when[len(lead) + 1 :].split())):
                return end
        for lead in self._list(Phrase.WISH_UNTIL):
            if when.startswith(f"{lead} "):
                return self._day(when[len(lead) + 1 :])
        return None

    def _after(self, words: Sequence[str]) -> date | None:
        """The end of "2 weeks", "a month", "week"."""
        *count, unit = words or ("",)
        units = [one.split() for one in self._list(Phrase.WISH_UNITS)]
        place = next((at for at, forms in enumerate(units) if unit in forms), None)
        number = self._number(count[0]) if len(count) == 1 else None if count else 1
        if place is None or number is None or number > LONGEST_PAUSE.days:
            return None
        if place == 2:
            return later(self._today, number)
        return self._today + timedelta(days=number * (7 if place else 1))

    def _number(self, word: str) -> int | None:
        if word.isascii() and word.isdecimal() and len(word) <= 4:
            return int(word)
        numbers = [one.split() for one in self._list(Phrase.WISH_NUMBERS)]
        return next((at for at, forms in enumerate(numbers, start=1) if word in forms), None)

    def _day(self, said: str) -> date | None:
        """A weekday, a month with or without a day and a year, or "next week"."""
        today = self._today
        if said in (soon := self._list(Phrase.WISH_SOON)):
            monday = today + timedelta(days=7 - today.weekday())
            return (today + timedelta(days=1), monday, later(today.replace(day=1), 1))[soon.index(said)]
        if said in (weekdays := self._list(Phrase.WISH_WEEKDAYS)):
            return today + timedelta(days=(weekdays.index(said) - today.weekday() - 1) % 7 + 1)
        around = set(self._list(Phrase.WISH_AROUND_NAME))
        return self._dated([word for word in said.split() if word not in around])

    def _dated(self, words: Sequence[str]) -> date | None:
        months = [name.casefold() for name in self._voice.say(Phrase.DATE_MONTHS).split(", ")]
        named = [at + 1 for word in words for at, name in enumerate(months) if len(word) > 2 and name.startswith(word)]
        numbers = [
            int(digits) for word in words if (digits := "".join(filter(str.isdecimal, word))) and len(digits) <= 4
        ]
        if len(named) != 1 or len(named) + len(numbers) != len(words):
            return None
        years = [number for number in numbers if number > 31]
        days = [number for number in numbers if number <= 31] or [1]
        if len(years) > 1 or len(days) > 1:
            return None
        try:
            on = date(years[0] if years else self._today.year, named[0], days[0])
            return on if years or on > self._today else on.replace(year=on.year + 1)
        except ValueError:
            return None
