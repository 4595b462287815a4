"""Warnings about gaps: roles without an action in a phase, topics without help in a region. Run by `checking`; pure."""

from collections.abc import Iterator

from bot.knowledge.checks.finding import Finding
from bot.knowledge.model import Knowledge, Phase, Topic, Words


def phases_without_action(_: Knowledge, words: Words) -> Iterator[Finding]:
    """Every role has something to do before, during and after the week, and all year."""
    for role in words.roles.values():
        for phase in Phase:
            if phase not in role.actions:
                message = f'role "{role.id}" has no action for "{phase.value}"'
                yield Finding(role, ("actions",), message, warning=True)


def regions_without_help(knowledge: Knowledge, words: Words) -> Iterator[Finding]:
    """A topic that says where to turn says it in every region that readers can choose."""
    for topic in words.topics.values():
        if not topic.services and not topic.helplines:
            continue
        for region in knowledge.regions.values():
            if region.offered and not has_help(knowledge, words, topic, region.id):
                message = f'topic "{topic.id}" says nobody to turn to in region "{region.id}"'
                yield Finding(topic, ("services",), message, warning=True)


def has_help(knowledge: Knowledge, words: Words, topic: Topic, region: str) -> bool:
    """Whether a reader of the topic in this region is told of somebody to turn to."""
    if any(knowledge.serves(knowledge.helplines[id], region) for id in topic.helplines):
        return True
    said = (knowledge.help_in(words.services[id], region) for id in topic.services)
    return any(help.say or help.helplines for help in said)
