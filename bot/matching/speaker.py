"""Who is speaking and from where, as far as the message itself says so. A role that is only mentioned ("my midwife told
me") is not the speaker's. Called by `EncoderMatcher` and by `conversation`.

`introducing` finds the words in which somebody introduces themselves; here they are given a role: by the names that
editors and examples have for it, else by the learned head.
"""

import re
from collections.abc import Iterator, Sequence

import numpy as np

from bot.knowledge.model import Knowledge, Words
from bot.language.encoder import Heads
from bot.language.reading import Reading
from bot.matching.follow_up import FollowUp, FollowUps
from bot.matching.introducing import WORD, framed, introductions, plain, words_in
from bot.matching.places import Places
from bot.matching.ranking import softmax

__all__ = ["FollowUp", "Speaker"]

NOBODY = "none"
"""The label of examples in which a role is only mentioned."""
HEARD = 0.95
"""Chance from which a role is taken that no rule finds; `python -m tests.cutoffs` shows what others would bring."""
LONGEST_NAME = 7
REACH = 5
"""Words that may stand between "I'm a" and the role's name."""
MODIFIERS = 3
"""Words after a name that may still make it another role's."""
LONGEST_INTRODUCTION = 8
"""Words of a message that says who somebody is and asks nothing."""

_SOMEBODY_ELSE = words_in(
    """
    my our his their your that about with to told said says asked of if when waiting seeing like worried scared
    trying looking getting seen under referred than without between near after before because by how what why
    which who has had was were is not telling dreading ringing calling phoning meeting emailing begging avoiding
    """
)
"""Words after which a role's name is not the speaker's."""
_ENDS_NAME = words_in(
    """
    in at for of on with and or to from by a an the my our his her i im i'm who here is not but so asking
    wanting trying working running looking covering based
    """
)
"""Words that close a noun phrase."""
_LEARNERS = words_in("student trainee apprentice intern")
"""After a role's name they leave it that role: a midwife student is asked what midwives are."""
_NO_PERSON = words_in(
    """
    adopt article assembly assessments authority babies baby be board books budget care centre childhood children
    class club community company conferences creator cu daycare desk detroit development door election endorsed
    enterprise families family feature features first foster fostering four funding fundraising government group
    guardianship health here homebirths homes host in interest ireland law lifestart lords magazine maternity media mh
    michigan midwifery newborn newspaper newsroom old one organisation organization perinatal piece podcast policy
    primary profit protection public religion research resources respite rhymetime room sector senedd service shop start
    support team temple three time trust university visiting ward work xx year council social pregnant home
    """
)
"""Last words of names that are no noun for a person or a workplace: alone they introduce nobody."""
_WEAK = words_in("am ms ma rm pi ob")
"""Names that are also another word: only after an article or alone."""
_AIDES = words_in("researcher caseworker staffer aide assistant secretary intern receptionist pa")
"""Those who work for somebody ("an MP's researcher", "a caseworker for an MP") share that person's role."""
_ASKS = re.compile(
    r"\?|\b(?:how|what|what's|where|when|why|who|which|can|could|should|would|is there|are there|any|do|does|help|need"
    r"|want|looking|asking|please|tell|send|give|show)\b"
)

_OWN_PART = re.compile(
    r"\b(?:and |so |but )?(?:what|how) (?:can|could|should|do) "
    r"(?:i|we|people like (?:me|us)|someone like me|somebody like me)"
    r" (?:do|help)(?: to help| for babies| about (?:it|this))?[\s?.!]*$"
)


class Speaker:
    """Knows the names of roles and regions of one language."""

    def __init__(self, words: Words, knowledge: Knowledge, heads: Heads, *, heard_from: float = HEARD) -> None:
        """`heard_from`: chance from which a role is taken that no rule finds."""
        self._heard_from = heard_from
        self._roles = frozenset(words.roles)
        self._names = dict(_role_names(words))
        self._nouns = frozenset(head for name in self._names if (head := _head(name.split())))
        self._places = Places(words.language, knowledge)
        self._follow_ups = FollowUps(words.follow_ups, self._places)
        self._heads = heads

    def said_roles(self, reading: Reading, *, known: str | None = None) -> tuple[str, ...]:
        """Roles that the writer says are theirs, in the order said; only such as have words.

        What is said outright counts always; what is only heard between the lines, while no role is `known`.
        """
        segments = list(introductions(reading.corrected, self._nouns, self._names.keys()))
        named = dict.fromkeys(role for segment in segments if (role := self._named(segment)))
        if not named and known is None:
            named = dict.fromkeys(self._heard(reading))
        return tuple(role for role in named if role in self._roles)

    def only_introduces(self, reading: Reading) -> bool:
        """Whether a message names its writer's role and says little else: it is short and asks nothing."""
        return self._introduces(reading.corrected)

    def asks_own_part(self, reading: Reading) -> bool:
        """Whether it names the role and asks what somebody in it can do, and nothing else."""
        rest, asked = _OWN_PART.subn("", reading.corrected)
        return bool(asked) and self._introduces(rest)

    def _introduces(self, text: str) -> bool:
        if len(WORD.findall(text)) > LONGEST_INTRODUCTION or _ASKS.search(text):
            return False
        segments = list(introductions(text, self._nouns, self._names.keys()))
        return len(segments) == 1 and self._named(segments[0]) is not None

    def said_region(self, reading: Reading, *, known: str | None = None) -> str | None:
        """The region in which the writer says they are, or for which they ask ("and in Wales?").

        A place with which a question merely ends counts only while no region is `known`.
        """
        follow_up = self._follow_ups.read(reading)
        said = (follow_up.region if follow_up else None) or self._places.stated(reading)
        return said or (None if known else self._places.asked(reading))

    def follow_up(self, reading: Reading) -> FollowUp | None:
        """What a short message asks of the last answer; None when it stands on its own."""
        return self._follow_ups.read(reading)

    def _named(self, segment: str) -> str | None:
        """The role of the first name within reach that nobody else stands before and no further noun follows."""
        words = WORD.findall(segment)
        for at in range(min(len(words), REACH + 1)):
            for length in range(min(LONGEST_NAME, len(words) - at), 0, -1):
                name, rest = " ".join(words[at : at + length]), words[at + length :]
                if name in _WEAK and not (
                    len(words) == 1 or (at and words[at - 1] in {"a", "an", "the", "his", "her"})
                ):
                    continue
                role = self._names.get(name) or self._names.get(name.removesuffix("s"))
                if role and not self._goes_on(rest):
                    return self._served(words[at + length - 1], rest) or role
                if name.endswith("'s") and rest and rest[0] in _AIDES and (role := self._names.get(name[:-2])):
                    return role
            if words[at] in _SOMEBODY_ELSE:
                return None
        return None

    def _served(self, last: str, rest: Sequence[str]) -> str | None:
        """The role of the one whom an aide named by `last` works for: "researcher" and "for an MP"."""
        if last not in _AIDES or len(rest) < 2 or rest[0] not in {"for", "to"}:
            return None
        whose = rest[1:] if rest[1] not in {"a", "an", "the", "my", "our"} else rest[2:]
        return self._names.get(whose[0]) if whose else None

    def _goes_on(self, words: Sequence[str]) -> bool:
        """Whether a name is only the start of another ("parent" in "parent infant psychotherapist")."""
        for word in words[:MODIFIERS]:
            if word in _ENDS_NAME | _LEARNERS:
                return False
            if word in self._nouns:
                return True
        return False

    def _heard(self, reading: Reading) -> Iterator[str]:
        """The role that the head hears in the clearest window, if it is sure enough."""
        if not reading.own or not self._heads.roles:
            return
        chances = softmax(self._heads.role_logits(reading.corrected_vectors))
        clearest = chances[int(np.argmax(chances.max(axis=1)))]
        role = self._heads.roles[int(clearest.argmax())]
        if role != NOBODY and clearest.max() >= self._heard_from:
            yield role


def _role_names(words: Words) -> Iterator[tuple[str, str]]:
    """Plain names with their roles, the weightiest last: an editor's name outdoes an example's, a lower id a higher."""
    bare = [example for example in words.examples.roles if example.form == "bare" and example.role != NOBODY]
    for example in sorted(bare, key=lambda example: (example.role, example.text), reverse=True):
        yield framed(plain(example.text)), example.role
    for role in sorted(words.roles.values(), key=lambda role: role.id, reverse=True):
        for name in (role.label, *role.also_called):
            yield framed(plain(name)), role.id


def _head(name: Sequence[str]) -> str | None:
    """The noun for a person that a name is about: "teacher" in "teacher in a nursery class"."""
    ends = next((at for at, word in enumerate(name) if at and word in _ENDS_NAME), len(name))
    head = name[ends - 1] if name else ""
    form = (head.endswith("s") and not head.endswith("ss")) or head.endswith("ing")
    return (
        head if head.isalpha() and not form and head not in _NO_PERSON | _WEAK | _ENDS_NAME | _SOMEBODY_ELSE else None
    )
