"""Rules about cards, capabilities, the phrasebook and the phrasings of alarms. Run by `check`."""

from collections.abc import Iterator
from string import Formatter

from bot.knowledge.checks.finding import Base, Finding
from bot.knowledge.desk_phrases import DeskPhrase
from bot.knowledge.model import Words
from bot.knowledge.phrases import Phrase

ALARM_FAMILIES = frozenset(
    {
        "suicide",
        "self-harm",
        "harm-to-baby",
        "shaking",
        "psychosis",
        "medical-emergency-baby",
        "medical-emergency-parent",
        "domestic-abuse-danger",
        "child-abuse",
        "abandonment",
        "general",
    }
)
"""The ten families of the inventory, and `general` for a learned hit that is near none of them."""

CAPABILITIES = frozenset(
    {
        "about-the-bot",
        "change-region",
        "change-role",
        "human-help",
        "newsletter",
        "opt-out",
        "privacy",
        "role-actions",
        "role-resources",
        "urgent-help",
    }
)
"""What the code can do when asked in words; each needs an entry in capabilities.yaml and none may be invented there."""

TOPICS_OF_BUTTONS = frozenset({"week-what-is", "week-previous"})
"""Topics that standing buttons lead to."""
STANDING_SERVICES = frozenset({"base", "listening"})
"""Blocks of services.yaml that are shown when somebody asks for a person or for urgent help."""


def languages(base: Base) -> Iterator[Finding]:
    """At least one language has words; alarms are of languages there are, and of families there are."""
    known = base.knowledge
    if not known.words:
        yield Finding(None, (), "no language is offered", file="languages.yaml")
    for language, alarms in known.alarms.items():
        file = f"{language}/alarms.yaml"
        for index, rule in enumerate(alarms.rules):
            steps = ("rules", index, "family")
            yield from base.missing(None, steps, "alarm family", rule.family, ALARM_FAMILIES, file=file)


def standing(_: Base, words: Words) -> Iterator[Finding]:
    """What the code names is there."""
    for id in sorted(TOPICS_OF_BUTTONS - set(words.topics)):
        message = f'topic "{id}" is missing: a button of the menu leads to it'
        yield Finding(None, (), message, file=f"{words.language}/topics/{id}.yaml")
    for id in sorted(STANDING_SERVICES - set(words.services)):
        message = f'service block "{id}" is missing: it is shown when somebody asks for a person'
        yield Finding(None, (), message, file=f"{words.language}/services.yaml")


def safety(base: Base, words: Words) -> Iterator[Finding]:
    """Every family of danger has its card, and every card somewhere to turn."""
    for family in sorted(ALARM_FAMILIES - set(words.cards)):
        yield Finding(None, (), f'alarm family "{family}" has no card', file=f"{words.language}/safety.yaml")
    for card in words.cards.values():
        yield from base.missing(card, ("id",), "alarm family", card.id, ALARM_FAMILIES)
        yield from base.missing(card, ("contacts",), "service block", card.contacts, words.services)
        yield from base.missing(card, ("support_contacts",), "service block", card.support_contacts, words.services)
    for block in words.urgent.values():
        yield from base.missing(block, ("contacts",), "service block", block.contacts, words.services)


def capabilities(base: Base, words: Words) -> Iterator[Finding]:
    """What the bot can do has words, and only that."""
    file = f"{words.language}/capabilities.yaml"
    for id in sorted(CAPABILITIES - set(words.capabilities)):
        yield Finding(None, (), f'capability "{id}" is missing', file=file)
    for capability in words.capabilities.values():
        if capability.id not in CAPABILITIES:
            hint = base.hint(capability.id, CAPABILITIES)
            yield Finding(capability, ("id",), f'the bot has no capability "{capability.id}"{hint}')


def phrases(base: Base, words: Words) -> Iterator[Finding]:
    """Every sentence the code says exists, and has just the gaps that the code fills."""
    file = f"{words.language}/phrasebook.yaml"
    said: tuple[Phrase | DeskPhrase, ...] = (*Phrase, *DeskPhrase)
    for phrase in said:
        text = words.phrases.get(phrase.value)
        wrong = f'phrase "{phrase.value}" is missing' if text is None else _gaps(phrase, text)
        if wrong is not None:
            yield Finding(None, ("phrases", phrase.value), wrong, file=file)
    known = [phrase.value for phrase in said]
    for key in words.phrases:
        if key not in known:
            message = f'phrase "{key}" is never said{base.hint(key, known)}'
            yield Finding(None, ("phrases", key), message, file=file)


def _gaps(phrase: Phrase | DeskPhrase, text: str) -> str | None:
    """What is wrong with the gaps of a sentence, or None. A gap is a name in braces and nothing more."""
    try:
        parts = [part for part in Formatter().parse(text) if part[1] is not None]
    except ValueError:
        return f'phrase "{phrase.value}": a brace without its other half; gaps are written {{name}}'
    if any(form or conversion for _, _, form, conversion in parts):
        return f'phrase "{phrase.value}": gaps are written {{name}}, without : or !'
    extra = sorted({str(name) for _, name, _, _ in parts} - phrase.gaps)
    if extra:
        filled = ", ".join(sorted(phrase.gaps)) or "none"
        return f'phrase "{phrase.value}" has a gap nobody fills: {", ".join(extra)}. Filled here: {filled}'
    return None
