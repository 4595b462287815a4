"""What readers read, cut as they read it: a page of an answer, an action, a card. Called by the rules about words.

A passage is the unit whose reading grade is measured. Single lines are too short for that: one long word in eight
moves the grade by two years.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.knowledge.checks.finding import Steps
from bot.knowledge.desk_phrases import DeskPhrase
from bot.knowledge.model import (
    EVERYONE,
    Answer,
    Knowledge,
    Observance,
    RoleGroup,
    RoleWords,
    Said,
    Topic,
    Week,
    Words,
)
from bot.knowledge.phrases import Phrase

TYPED = frozenset(
    {
        *(one.value for one in (DeskPhrase.ENTRY, DeskPhrase.NEVER_MIND, DeskPhrase.STOP_IT)),
        *(phrase.value for phrase in Phrase if phrase.value.startswith("wish.")),
    }
)
"""Keys that list what people type; nobody is told these."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text and the steps to it within its entry or file."""

    steps: Steps
    text: str


@dataclass(frozen=True, slots=True)
class Passage:
    """Lines that are read together. `of` names the entry ("topic:sleep"); without an entry, `file` says where."""

    of: str
    entry: object | None
    lines: tuple[Line, ...]
    for_parents: bool
    file: str | None = None


def passages(knowledge: Knowledge, words: Words) -> Iterator[Passage]:
    """Every passage of a language, entry by entry."""
    for topic in words.topics.values():
        yield from _of_topic(knowledge, topic)
    for role in words.roles.values():
        yield from _of_role(knowledge, role)
    yield from _of_help(words)
    yield from _of_danger(words)
    for week in knowledge.weeks.values():
        yield from _of_week(week, words.language)
    for observance in knowledge.observances.values():
        yield _of_observance(observance, words)
    yield from _of_phrasebook(words)


def is_family(knowledge: Knowledge, role: str) -> bool:
    """Whether a role is that of a parent, a relative or a carer."""
    return role in knowledge.roles and knowledge.roles[role].group is RoleGroup.FAMILY


def _of_topic(knowledge: Knowledge, topic: Topic) -> Iterator[Passage]:
    for role, answer in topic.answers.items():
        for_parents = role == EVERYONE or is_family(knowledge, role)
        for lines in _pages(("answers", role), answer):
            yield Passage(f"topic:{topic.id}", topic, lines, for_parents)


def _pages(steps: Steps, answer: Answer) -> Iterator[tuple[Line, ...]]:
    first = [Line((*steps, "pointers", at), text) for at, text in enumerate(answer.pointers)]
    yield (Line((*steps, "opening"), answer.opening), *first)
    for page, lines in enumerate(answer.further):
        yield tuple(Line((*steps, "further", page, at), text) for at, text in enumerate(lines))


def _of_role(knowledge: Knowledge, role: RoleWords) -> Iterator[Passage]:
    name, for_parents = f"role:{role.id}", is_family(knowledge, role.id)
    yield Passage(name, role, (Line(("why",), role.why),), for_parents)
    for phase, actions in role.actions.items():
        for at, action in enumerate(actions):
            steps = ("actions", phase.value, at)
            lines = [Line((*steps, key), getattr(action, key)) for key in ("do", "why", "how")]
            yield Passage(name, role, tuple(lines), for_parents)


def _of_help(words: Words) -> Iterator[Passage]:
    for block in words.services.values():
        for region, help in block.by_region.items():
            if help.say is not None:
                line = Line(("by_region", region, "say"), help.say)
                yield Passage(f"help:{block.id}", block, (line,), for_parents=True)


def _of_danger(words: Words) -> Iterator[Passage]:
    for card in words.cards.values():
        keys = ("opening", "act", "keep_safe", "what_i_am", "ask", "support_line")
        lines = tuple(Line((key,), getattr(card, key)) for key in keys)
        yield Passage(f"alarm:{card.id}", card, lines, for_parents=True)
    for block in words.urgent.values():
        listed = [(("now", at), text) for at, text in enumerate(block.now)]
        listed += [(("today", at), text) for at, text in enumerate(block.today)]
        lines = tuple(Line(steps, text) for steps, text in listed)
        yield Passage(f"urgent:{block.id}", block, lines, for_parents=True)


def _of_week(week: Week, language: str) -> Iterator[Passage]:
    name = f"week:{week.id}"
    for key in ("goal", "pledge"):
        said: Said | None = getattr(week, key)
        if said and language in said:
            yield Passage(name, week, (Line((key, language), said[language]),), for_parents=False)
    for key in ("happened", "take_part"):
        listed = (getattr(week, key) or {}).get(language, ())
        if listed:
            lines = tuple(Line((key, language, at), text) for at, text in enumerate(listed))
            yield Passage(name, week, lines, for_parents=False)
    yield from _announced(name, week, language)


def _announced(name: str, week: Week, language: str) -> Iterator[Passage]:
    for at, announcement in enumerate(week.announcements):
        for audience, said in announcement.texts.items():
            if language in said:
                steps = ("announcements", at, "texts", audience, language)
                for_parents = audience in {EVERYONE, "parent"}
                yield Passage(name, week, (Line(steps, said[language]),), for_parents)


def _of_observance(observance: Observance, words: Words) -> Passage:
    said: list[tuple[Steps, Said]] = [
        (("about",), observance.about),
        (("when", "says"), observance.when.says),
        (("organiser", "says"), observance.organiser.says),
    ]
    lines = tuple(Line(steps, words.pick(text)) for steps, text in said)
    return Passage(f"observance:{observance.id}", observance, lines, for_parents=True)


def _of_phrasebook(words: Words) -> Iterator[Passage]:
    """Sentences whose keys begin alike belong to one part of the talk, so they are read together."""
    file = f"{words.language}/phrasebook.yaml"
    parts: dict[str, list[Line]] = {}
    for key, text in words.phrases.items():
        if key in TYPED:
            continue
        parts.setdefault(key.split(".")[0], []).append(Line(("phrases", key), text))
    for lines in parts.values():
        yield Passage("phrasebook", None, tuple(lines), for_parents=True, file=file)
