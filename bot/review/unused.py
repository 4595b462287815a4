"""Warnings about what no reader ever sees, and about buttons too long to be read. Run by `checking`; pure."""

from collections.abc import Iterator, Mapping

from bot.conversation.wording.page import LABELS_FIT
from bot.knowledge.checks.finding import Finding
from bot.knowledge.checks.spoken import STANDING_SERVICES
from bot.knowledge.model import Knowledge, Words
from bot.review.rendering import Shown


def never_named(_: Knowledge, words: Words) -> Iterator[Finding]:
    """Blocks of services.yaml and safety.yaml to which nothing leads."""
    services = {*STANDING_SERVICES}
    for topic in words.topics.values():
        services.update(topic.services)
    for card in words.cards.values():
        services |= {card.contacts, card.support_contacts}
    named = {topic.urgent for topic in words.topics.values()}
    services |= {block.contacts for block in words.urgent.values() if block.id in named}
    for service in words.services.values():
        if service.id not in services:
            yield Finding(service, ("id",), f'no entry names service block "{service.id}"', warning=True)
    for block in words.urgent.values():
        if block.id not in named:
            yield Finding(block, ("id",), f'no topic names urgent block "{block.id}"', warning=True)


def never_shown(knowledge: Knowledge, shown: Shown) -> Iterator[Finding]:
    """Links and helplines that stand on no card, whether nothing names them or others take their place.

    Of a region's emergency service the number is shown, and not always the name.
    """
    emergencies = {region.emergency for region in knowledge.regions.values()}
    text = "\n".join(shown.lines)
    for resource in knowledge.resources.values():
        if not resource.archived and resource.url not in shown.links and resource.url not in text:
            yield Finding(resource, ("id",), f'no card shows resource "{resource.id}"', warning=True)
    for helpline in knowledge.helplines.values():
        if helpline.id not in emergencies and helpline.name not in text:
            yield Finding(helpline, ("id",), f'no card shows helpline "{helpline.id}"', warning=True)


def long_labels(words: Words, shown: Shown) -> Iterator[Finding]:
    """Buttons whose words a small telephone cuts off. Titles of links are shortened when they become buttons."""
    most = LABELS_FIT[1]
    places = _places(words)
    for label in sorted(shown.labels):
        if len(label) > most:
            entry, steps, file = places.get(label, (None, (), None))
            message = f'the button "{label}" has {len(label)} characters; a small telephone shows {most}'
            yield Finding(entry, steps, message, warning=True, file=file)


_Place = tuple[object | None, tuple[str, ...], str | None]


def _places(words: Words) -> Mapping[str, _Place]:
    """Where the words of a button stand."""
    file = f"{words.language}/phrasebook.yaml"
    found: dict[str, _Place] = {text: (None, ("phrases", key), file) for key, text in words.phrases.items()}
    found |= {topic.title: (topic, ("title",), None) for topic in words.topics.values()}
    found |= {role.speaking: (role, ("speaking",), None) for role in words.roles.values()}
    return found
