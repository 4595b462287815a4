"""What the knowledge base holds, as rows for `list`. Called by `cli`."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bot.errors import UsageError
from bot.knowledge.model import Knowledge, Words

Row = dict[str, Any]


def rows(knowledge: Knowledge, language: str, what: str) -> list[Row]:
    """One object an entry, in the order of the files: `id`, `title`, `part_of` and what can be counted of it."""
    listed = _LISTED.get(what)
    if listed is None:
        raise UsageError(f'There is nothing to list as "{what}". Try one of: {", ".join(_LISTED)}.')
    return listed(knowledge, knowledge.words[language])


def plain(listed: Sequence[Row]) -> str:
    width = max((len(row["id"]) for row in listed), default=0)
    return "\n".join(f"{row['id']:{width}}  {row['title']}" for row in listed)


def _roles(knowledge: Knowledge, words: Words) -> list[Row]:
    return [
        {
            "id": listed.id,
            "title": words.roles[listed.id].label,
            "part_of": None,
            "group": listed.group.value,
            "actions": sum(len(actions) for actions in words.roles[listed.id].actions.values()),
            "also_called": len(words.roles[listed.id].also_called),
            "resources": len(words.roles[listed.id].resources),
        }
        for listed in knowledge.roles.values()
    ]


def _topics(_: Knowledge, words: Words) -> list[Row]:
    examples: dict[str, int] = {}
    for example in words.examples.topics:
        examples[example.topic] = examples.get(example.topic, 0) + 1
    return [
        {
            "id": topic.id,
            "title": topic.title,
            "part_of": topic.part_of,
            "questions": len(topic.questions),
            "examples": examples.get(topic.id, 0),
            "answers": sorted(topic.answers),
            "sources": len(topic.sources),
            "clinical": topic.review.clinical,
        }
        for topic in words.topics.values()
    ]


def _weeks(knowledge: Knowledge, words: Words) -> list[Row]:
    return [
        {
            "id": week.id,
            "title": words.pick(week.name),
            "part_of": None,
            "series": week.series,
            "starts": week.starts.isoformat(),
            "ends": week.ends.isoformat(),
            "theme": words.pick(week.theme) if week.theme else None,
            "status": week.status.value,
        }
        for week in sorted(knowledge.weeks.values(), key=lambda week: (week.series, week.starts))
    ]


def _helplines(knowledge: Knowledge, _: Words) -> list[Row]:
    return [
        {
            "id": helpline.id,
            "title": helpline.name,
            "part_of": None,
            "regions": list(helpline.serves),
            "status": helpline.status.value,
            "number_shown": helpline.status.shows_number and bool(helpline.phone or helpline.text),
            "seen_on": helpline.seen_on.isoformat() if helpline.seen_on else None,
            "checked_on": helpline.checked_on.isoformat() if helpline.checked_on else None,
            "website": helpline.website,
        }
        for helpline in knowledge.helplines.values()
    ]


def _resources(knowledge: Knowledge, _: Words) -> list[Row]:
    return [
        {
            "id": resource.id,
            "title": resource.title,
            "part_of": None,
            "kind": resource.kind.value,
            "url": resource.url,
            "reference": resource.reference,
            "status": resource.status.value,
            "archived": resource.archived,
        }
        for resource in knowledge.resources.values()
    ]


def _regions(knowledge: Knowledge, words: Words) -> list[Row]:
    return [
        {
            "id": region.id,
            "title": words.pick(region.name),
            "part_of": region.parent,
            "offered": region.offered,
            "helplines": sum(knowledge.serves(helpline, region.id) for helpline in knowledge.helplines.values()),
        }
        for region in knowledge.regions.values()
    ]


_LISTED: Mapping[str, Callable[[Knowledge, Words], list[Row]]] = {
    "roles": _roles,
    "topics": _topics,
    "weeks": _weeks,
    "helplines": _helplines,
    "resources": _resources,
    "regions": _regions,
}
