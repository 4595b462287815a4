"""What a talk leaves behind for a day, as pure values. `storage` keeps it, `conversation` answers from it.

It names nobody and quotes nobody: the key is a keyed hash of the chat, everything else is an id from the knowledge
base, a step, or the id of an update. Replies are not kept; those to a repeated update are worded again from this state.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

IDLE = "idle"
"""The step of a conversation that waits for nothing in particular."""
KEPT_FOR = timedelta(days=1)
"""A conversation is forgotten after this much silence."""
UPDATES_REMEMBERED = 8


class Verdict(StrEnum):
    HELPFUL = "helpful"
    NOT_HELPFUL = "not_helpful"


@dataclass(frozen=True, slots=True)
class Feedback:
    """What somebody thought of an answer. Only counts per topic, verdict and day are kept."""

    topic: str
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Conversation:
    """Where a chat stands. `version` is 0 for one that has never been stored; otherwise only `storage` changes it."""

    key: str
    """Keyed hash of the chat in hexadecimal digits."""
    expires_at: datetime
    """Aware UTC; `storage` moves it to `KEPT_FOR` after each saved turn."""
    step: str = IDLE
    roles: tuple[str, ...] = ()
    """Role ids that were said, in the order they were said."""
    region: str | None = None
    language: str | None = None
    offered: tuple[str, ...] = ()
    """Targets of the buttons last offered, best first, such as "topic:sleep"."""
    last_target: str | None = None
    last_page: int = 0
    """How many times "what else" was asked of `last_target`."""
    draft_id: str | None = None
    """The broadcast draft that an organiser is composing."""
    after_loss: bool = False
    """A loss was spoken of: nothing cheerful follows."""
    after_alarm: bool = False
    """An alarm was raised: the person leads from here, the bot starts no other topic."""
    keep_refused: bool = False
    """They said no to being remembered: they are not asked again."""
    recent_incoming: tuple[tuple[str, bool], ...] = ()
    """The last updates as (id, answered), oldest first."""
    version: int = 0

    def remembers(self, update_id: str) -> bool | None:
        """Whether a known update was answered; None for a new one. Ids are compared for equality, never by size."""
        return dict(self.recent_incoming).get(update_id)

    def with_incoming(self, update_id: str) -> "Conversation":
        """Note an update as received and not yet answered. One that is known already keeps its mark."""
        if self.remembers(update_id) is not None:
            return self
        recent = (*self.recent_incoming, (update_id, False))
        return replace(self, recent_incoming=recent[-UPDATES_REMEMBERED:])

    def with_answered(self, update_id: str) -> "Conversation":
        """Note that the replies to an update were attempted. An update that is not known changes nothing."""
        recent = tuple((known, answered or known == update_id) for known, answered in self.recent_incoming)
        return replace(self, recent_incoming=recent)
