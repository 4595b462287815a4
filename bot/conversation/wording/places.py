"""Regions in words and as buttons."""

from collections.abc import Sequence

from bot.conversation.payloads import Verb, button
from bot.conversation.wording.page import rows
from bot.conversation.wording.voice import Voice
from bot.messaging import Button


def region_buttons(voice: Voice, target: Sequence[str] = ()) -> list[tuple[Button, ...]]:
    """All offered regions; pressing one shows `target` (kind and id) again for it."""
    offered = [region for region in voice.knowledge.regions.values() if region.offered]
    return rows((button(voice.pick(region.name), Verb.REGION, region.id, *target) for region in offered), 2)
