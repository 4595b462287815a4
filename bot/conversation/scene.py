"""What a turn is given and what it gives back. Built by `service` and `cli`, read and returned by `conversation`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from bot.conversation.desk.model import Desk
from bot.conversation.desk.orders import Order
from bot.conversation.model import Conversation, Feedback
from bot.conversation.wording.voice import Voice
from bot.knowledge.model import Knowledge, Words
from bot.language.reading import Reading
from bot.matching.matcher import Matcher
from bot.matching.speaker import Speaker
from bot.messaging import Contact, Outgoing
from bot.safety.screening import Alarm, Screen


@dataclass(frozen=True, slots=True)
class Mind:
    """Everything that follows from one version of the knowledge base, in one language; swapped as one value."""

    knowledge: Knowledge
    words: Words
    matcher: Matcher
    screen: Screen
    speaker: Speaker
    read: Callable[[str], Reading]


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything a turn may look at."""

    mind: Mind
    conversation: Conversation
    contact: Contact | None
    now: datetime
    """Aware UTC."""
    repeated: bool = False
    """The update was applied before; its replies are worded once more from the saved state."""
    bot_link: str | None = None
    """https address of a private chat with the bot, for groups."""
    named: frozenset[str] = frozenset()
    """Helplines that another message of this turn names already."""
    desk: Desk | None = field(default=None, repr=False)
    """The desk of whoever writes, where that is an organiser in a private chat."""

    @property
    def knowledge(self) -> Knowledge:
        return self.mind.knowledge

    @property
    def words(self) -> Words:
        return self.mind.words

    @property
    def region(self) -> str | None:
        """The region said in this conversation, else the remembered one."""
        return self.conversation.region or (self.contact.region if self.contact else None)

    @property
    def roles(self) -> tuple[str, ...]:
        """Roles said in this conversation (latest first), then remembered ones."""
        remembered = self.contact.roles if self.contact else ()
        return tuple(dict.fromkeys((*reversed(self.conversation.roles), *remembered)))

    @property
    def role(self) -> str | None:
        return self.roles[0] if self.roles else None

    @property
    def voice(self) -> Voice:
        """What words this scene's answers."""
        return Voice(self.mind.knowledge, self.mind.words, self.role, self.region, self.now.date(), self.named)

    def having(self, **changes: Any) -> "Scene":
        """The same scene with a changed conversation."""
        return replace(self, conversation=replace(self.conversation, **changes))


class Outcome(StrEnum):
    """How a turn ended. The first four are those of `ask --json`."""

    ALARM = "alarm"
    ANSWER = "answer"
    OFFER = "offer"
    DECLINE = "decline"
    SETTLED = "settled"
    """Something about the chat itself: a welcome, a region noted, thanks."""
    SILENT = "silent"
    """Nothing to say."""


@dataclass(frozen=True, slots=True)
class Turn:
    """What a turn decided. Nothing has happened yet: `service` saves and the channel sends."""

    conversation: Conversation
    contact: Contact | None
    outcome: Outcome
    replies: tuple[Outgoing, ...] = ()
    target: str | None = None
    offered: tuple[str, ...] = ()
    alarm: Alarm | None = None
    role: str | None = None
    why: tuple[str, ...] = field(default=(), repr=False)
    forget: bool = False
    """Delete everything that is stored about this chat; nothing of this turn is kept either."""
    feedback: Feedback | None = None
    """What to count, without anything about the person."""
    order: Order | None = field(default=None, repr=False)
    """What an organiser wants done; carried out before the turn is saved, and worded then."""


def turn(scene: Scene, outcome: Outcome, replies: Sequence[Outgoing] = (), **fields: Any) -> Turn:
    """A turn that keeps the scene's conversation and contact unless `fields` say otherwise."""
    return Turn(
        **{
            "conversation": scene.conversation,
            "contact": scene.contact,
            "outcome": outcome,
            "replies": tuple(replies),
            "role": scene.role,
            **fields,
        }
    )
