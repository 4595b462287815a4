"""Organisers and readers of the try-out: the pretend people of the sandbox as the bot knows its own."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import cycle

from bot.broadcast.announcement import Kind
from bot.knowledge.model import Knowledge
from bot.messaging import Contact
from bot.sandbox.personas import Cast
from bot.settings import Permission

AGREED = ("language", "region", "role", *(kind.value for kind in Kind))
"""What every pretend reader said yes to."""


def organisers(cast: Cast) -> Mapping[int, frozenset[Permission]]:
    """Whoever plays an organiser may do everything, but approve their own."""
    return {person.id: frozenset(Permission) for person in cast.organisers()}


def readers(cast: Cast, knowledge: Knowledge, channel: str, now: datetime) -> Iterator[Contact]:
    """The pretend recipients: of every role and place in turn, the same at each start."""
    regions = cycle([region.id for region in knowledge.regions.values() if region.offered])
    languages = [language.id for language in knowledge.languages.values() if language.offered]
    consents = tuple((what, now) for what in sorted(AGREED))
    for (_, person), role, region in zip(cast.recipients(), cycle(knowledge.roles), regions, strict=False):
        yield Contact(channel, str(person.id), languages[0], (role,), region, consents, opted_in_at=now)
