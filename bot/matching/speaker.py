"""Who is speaking and from where, as far as the message itself says so. A role that is only mentioned ("my midwife told
me") is not the speaker's. Called by `EncoderMatcher` and by `conversation`.

`introducing` finds the words in which somebody introduces themselves; here they are given a role: by the names that
editors and examples have for it, else by the nearest examples.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from bot.knowledge.model import Knowledge, Words
from bot.language.reading import Reading
from bot.language.vectors import PhrasingVectors
from bot.matching.follow_up import FollowUp, FollowUps
from bot.matching.introducing import WORD, framed, introductions, plain, words_in
from bot.matching.places import Places
from bot.matching.ranking import Phrasing, Phrasings

__all__ = ["FollowUp", "Speaker"]

NOBODY = "none"
"""The label of examples in which a role is only mentioned."""
SURE = 0.3
"""Ridge score from which on the nearest examples decide. Set on roles.tsv, each left out in turn."""
LEAD = 0.1
"""By how much they must be ahead of `NOBODY`."""
NEAR = 0.4
"""Cosine that the nearest example must reach: far from all of them, the best is an accident."""
LONGEST_NAME = 7
REACH = 5
"""Words that may stand between "I'm a" and the role's name."""
MODIFIERS = 3
"""Words after a name that may still make it another role's."""
MOST_SEGMENTS = 3
"""Segments of a message that are compared with examples; each costs an encoding."""
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


class Speaker:
    """Knows the names of roles and regions of one language."""

    def __init__(self, words: Words, knowledge: Knowledge, vectors: PhrasingVectors) -> None:
        self._roles = frozenset(words.roles)
        self._names = dict(_role_names(words))
        self._heads = frozenset(head for name in self._names if (head := _head(name.split())))
        self._places = Places(words.language, knowledge)
        self._follow_ups = FollowUps(words.follow_ups, self._places)
        self._vectors = vectors
        examples = [Phrasing(example.role, example.text) for example in words.examples.roles]
        self._examples = Phrasings(examples, vectors.of([each.text for each in examples])) if examples else None

    def said_roles(self, reading: Reading) -> tuple[str, ...]:
        """Roles that the writer says are theirs, in the order said; only such as have words."""
        segments = list(introductions(reading.corrected, self._heads, self._names.keys()))
        named = dict.fromkeys(role for segment in segments if (role := self._named(segment)))
        if not named and reading.own:
            named = dict.fromkeys(islice(self._resembling(segments), 1))
        return tuple(role for role in named if role in self._roles)

    def only_introduces(self, reading: Reading) -> bool:
        """Whether a message names its writer's role and says little else: it is short and asks nothing."""
        words = WORD.findall(reading.corrected)
        if len(words) > LONGEST_INTRODUCTION or _ASKS.search(reading.corrected):
            return False
        segments = list(introductions(reading.corrected, self._heads, self._names.keys()))
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
            if word in self._heads:
                return True
        return False

    def _resembling(self, segments: Sequence[str]) -> Iterator[str]:
        if self._examples is None or not segments:
            return
        for vector in self._vectors.passing(segments[:MOST_SEGMENTS]):
            ridge = self._examples.ridge(vector)
            if ridge.cosine < NEAR:
                continue
            scores = ridge.scores
            nobody = scores.get(NOBODY, 0.0)
            role = min(scores, key=lambda role: (-scores[role], role))
            if role != NOBODY and scores[role] >= max(SURE, nobody + LEAD):
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
