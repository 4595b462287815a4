"""The texts of a knowledge base that the room draws on: those whose vectors ship, and those that spelling knows.

Called by `assembly`, when a mind is built and when an artefact is made.
"""

from bot.knowledge.model import Knowledge, Words


def curated(words: Words) -> list[str]:
    """Title and questions of every topic and capability, in the order of the base."""
    texts = [text for topic in words.topics.values() for text in (topic.title, *topic.questions)]
    return texts + [text for one in words.capabilities.values() for text in (one.title, *one.questions)]


def phrasings(words: Words) -> list[str]:
    """Everything whose vectors ship with the bot: titles, curated questions and every example message."""
    examples = words.examples
    listed = (examples.topics, examples.alarms, examples.scope, examples.roles)
    return curated(words) + [example.text for one in listed for example in one]


def names_and_questions(knowledge: Knowledge, words: Words) -> list[str]:
    """Texts whose every word counts for spelling: what is curated, and the names of roles and regions."""
    names = [name for role in words.roles.values() for name in (role.label, *role.also_called)]
    names += [name for region in knowledge.regions.values() for name in words.pick(region.also_called)]
    return curated(words) + names


def messages(words: Words) -> list[str]:
    """Example messages whose words count for spelling where they are frequent."""
    return [example.text for one in (words.examples.topics, words.examples.alarms) for example in one]
