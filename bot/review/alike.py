"""Warnings about phrasings that are nearly the same. Run by `checking`; pure.

Within an entry a second wording teaches nothing; in two entries it pulls one question both ways.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.knowledge.checks.finding import Finding, Steps
from bot.knowledge.files import alike
from bot.knowledge.model import Capability, Knowledge, Topic, Words

TOO_ALIKE = 92.0
"""RapidFuzz ratio, of 100, above which two phrasings are the same but for a letter or two."""

_SAME = re.compile(r"[^\w\s]|_")


@dataclass(frozen=True, slots=True)
class _Asked:
    entry: Topic | Capability
    steps: Steps
    text: str
    name: str


def too_alike(_: Knowledge, words: Words) -> Iterator[Finding]:
    """Each pair once, at the later place, naming the earlier."""
    asked = list(_asked(words))
    plain = [" ".join(_SAME.sub("", one.text.casefold()).split()) for one in asked]
    for first, second, _score in alike(plain, TOO_ALIKE):
        earlier, later = asked[first], asked[second]
        place = "above" if earlier.entry is later.entry else f"in {earlier.name}"
        message = f'"{later.text}" is nearly "{earlier.text}" {place}: word it differently'
        yield Finding(later.entry, later.steps, message, warning=True)


def _asked(words: Words) -> Iterator[_Asked]:
    for topic in words.topics.values():
        for at, text in enumerate(topic.questions):
            yield _Asked(topic, ("questions", at), text, f"topic:{topic.id}")
    for capability in words.capabilities.values():
        for at, text in enumerate(capability.questions):
            yield _Asked(capability, ("questions", at), text, f"action:{capability.id}")
