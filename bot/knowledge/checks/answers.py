"""Rules about what is answered: roles, topics, where to turn. Run by `check`."""

from collections.abc import Iterator

from bot.knowledge.checks.finding import ELSEWHERE, Base, Finding
from bot.knowledge.model import EVERYONE, Help, RoleWords, ServiceBlock, Topic, Words


def roles(base: Base, words: Words) -> Iterator[Finding]:
    """Listed roles have words and the other way round; no name leads to two roles."""
    for listed in base.knowledge.roles.values():
        if listed.id not in words.roles:
            yield Finding(listed, (), f'role "{listed.id}" has no {words.language}/roles/{listed.id}.yaml')
    for role in words.roles.values():
        yield from base.missing(role, ("id",), "role", role.id, base.knowledge.roles)
        yield from base.all_missing(role, ("resources",), "resource", role.resources, base.knowledge.resources)
        yield from _actions(base, role)
    yield from _role_names(words)


def _actions(base: Base, role: RoleWords) -> Iterator[Finding]:
    seen: set[str] = set()
    for phase, actions in role.actions.items():
        for index, action in enumerate(actions):
            steps = ("actions", phase.value, index)
            if action.id in seen:
                yield Finding(role, (*steps, "id"), f'action "{action.id}" stands twice in this role')
            seen.add(action.id)
            links = (*steps, "resources")
            yield from base.all_missing(role, links, "resource", action.resources, base.knowledge.resources)


def _role_names(words: Words) -> Iterator[Finding]:
    """A name that two roles share would tell one of them the other's answers."""
    taken = {role.label.casefold(): role.id for role in words.roles.values()}
    for role in words.roles.values():
        own: set[str] = set()
        for index, name in enumerate(role.also_called):
            steps = ("also_called", index)
            if name.casefold() in own:
                yield Finding(role, steps, f'"{name}" stands twice')
            own.add(name.casefold())
            first = taken.setdefault(name.casefold(), role.id)
            if first != role.id:
                yield Finding(role, steps, f'role "{first}" is called "{name}" already')


def topics(base: Base, words: Words) -> Iterator[Finding]:
    """Everything a topic names exists, and there is an answer for everyone."""
    known = base.knowledge
    for topic in words.topics.values():
        if topic.part_of is not None:
            yield from base.missing(topic, ("part_of",), "topic", topic.part_of, words.topics)
        if topic.part_of == topic.id:
            yield Finding(topic, ("part_of",), f'topic "{topic.id}" cannot be part of itself')
        if EVERYONE not in topic.answers:
            yield Finding(topic, ("answers",), f'topic "{topic.id}" has no answer for "{EVERYONE}"')
        for role in topic.answers:
            yield from base.missing(topic, ("answers", role), "role", role, {*known.roles, EVERYONE})
        if topic.urgent is not None:
            yield from base.missing(topic, ("urgent",), "urgent block", topic.urgent, words.urgent)
        if topic.week is not None:
            yield from base.missing(topic, ("week",), "series", topic.week.series, known.series)
        yield from base.all_missing(topic, ("observances",), "observance", topic.observances, known.observances)
        yield from base.all_missing(topic, ("services",), "service block", topic.services, words.services)
        yield from base.all_missing(topic, ("resources",), "resource", topic.resources, known.resources)
        yield from base.all_missing(topic, ("near",), "topic", topic.near, words.topics)
        yield from _topic_helplines(base, topic)
        yield from _questions_twice(topic)


def observances(base: Base, words: Words) -> Iterator[Finding]:
    """The topic that a week or day of others is about exists."""
    for observance in base.knowledge.observances.values():
        if observance.topic is not None:
            yield from base.missing(observance, ("topic",), "topic", observance.topic, words.topics)


def _topic_helplines(base: Base, topic: Topic) -> Iterator[Finding]:
    """A line that serves no region that readers can choose would never be seen."""
    known = base.knowledge
    yield from base.all_missing(topic, ("helplines",), "helpline", topic.helplines, known.helplines)
    offered = [region.id for region in known.regions.values() if region.offered]
    for index, id in enumerate(topic.helplines):
        helpline = known.helplines.get(id)
        if helpline is not None and not any(known.serves(helpline, region) for region in offered):
            yield Finding(topic, ("helplines", index), f'helpline "{id}" serves no region that readers can choose')


def _questions_twice(topic: Topic) -> Iterator[Finding]:
    seen: set[str] = set()
    for index, question in enumerate(topic.questions):
        if question.casefold() in seen:
            yield Finding(topic, ("questions", index), f'question "{question}" stands twice')
        seen.add(question.casefold())


def services(base: Base, words: Words) -> Iterator[Finding]:
    """Every block has something for everybody, and names no line that does not work there."""
    for block in words.services.values():
        if ELSEWHERE not in block.by_region:
            yield Finding(block, ("by_region",), f'service block "{block.id}" says nothing for "{ELSEWHERE}"')
        for region, help in block.by_region.items():
            steps = ("by_region", region)
            yield from base.missing(block, steps, "region", region, base.knowledge.regions)
            lines = (*steps, "helplines")
            yield from base.all_missing(block, lines, "helpline", help.helplines, base.knowledge.helplines)
            yield from _foreign_helplines(base, block, region, help)


def _foreign_helplines(base: Base, block: ServiceBlock, region: str, help: Help) -> Iterator[Finding]:
    """Never another region's number as if it were local; `elsewhere` shows a mixed short set."""
    known = base.knowledge
    if region == ELSEWHERE:
        return
    within = [other for other in known.regions if region in known.lineage(other)]
    for index, id in enumerate(help.helplines):
        helpline = known.helplines.get(id)
        if helpline is not None and not any(known.serves(helpline, one) for one in within):
            message = f'helpline "{id}" does not serve region "{region}"'
            yield Finding(block, ("by_region", region, "helplines", index), message)
