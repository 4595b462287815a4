"""A rule about buttons: what they carry is made of ids, and Telegram gives it 64 bytes. Run by `check`.

The forms repeat those of the conversation's payloads, which stands above this room; a test holds the two together.
"""

from collections.abc import Iterator

from bot.knowledge.checks.finding import Base, Finding, Steps
from bot.knowledge.checks.spoken import ALARM_FAMILIES
from bot.knowledge.model import Phase, Words

LONGEST_BYTES = 64
"""Bot API, InlineKeyboardButton.callback_data."""

ABOUT_TOPIC = ("more:{id}:99", "other:{id}", "rate:not_helpful:{id}")
ABOUT_ROLE = ("keep:role:{id}", *(f"tab:{{id}}:{phase.value}" for phase in Phase))
ABOUT_FAMILY = ("safe:with-someone:{id}",)


def payloads(base: Base, words: Words) -> Iterator[Finding]:
    """No entry has an id with which a button would grow too long."""
    for topic in words.topics.values():
        yield from _longest(topic, ("id",), [*_coming_back(base, "topic", topic.id), *_filled(ABOUT_TOPIC, topic.id)])
    for role in words.roles.values():
        yield from _longest(role, ("id",), [*_coming_back(base, "role", role.id), *_filled(ABOUT_ROLE, role.id)])
        for phase, actions in role.actions.items():
            for index, action in enumerate(actions):
                steps = ("actions", phase.value, index, "id")
                yield from _longest(role, steps, [f"act:{role.id}:{phase.value}:{action.id}"])
    for week in base.knowledge.weeks.values():
        yield from _longest(week, ("id",), _coming_back(base, "week", week.id))
    for capability in words.capabilities.values():
        yield from _longest(capability, ("id",), _coming_back(base, "action", capability.id))
    for family in sorted(ALARM_FAMILIES):
        yield from _longest(None, (), _filled(ABOUT_FAMILY, family))


def _filled(forms: tuple[str, ...], id: str) -> list[str]:
    return [form.format(id=id) for form in forms]


def _coming_back(base: Base, kind: str, id: str) -> list[str]:
    """The entry itself, and the entry to show again once a region has been picked."""
    picked = [f"region:{region}:{kind}:{id}" for region in base.knowledge.regions]
    return [f"{kind}:{id}", f"regions:{kind}:{id}", *picked]


def _longest(entry: object | None, steps: Steps, texts: list[str]) -> Iterator[Finding]:
    longest = max(texts, key=lambda text: (len(text.encode()), text))
    over = len(longest.encode()) - LONGEST_BYTES
    if over > 0:
        yield Finding(entry, steps, f'a button cannot hold "{longest}": shorten the id by {over}')
