"""Who sits at the desk and what lies on it. Filled by `ordering`, read by every module of the desk. Pure values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bot.broadcast.broadcast import Broadcast, Counted
from bot.broadcast.states import DeliveryState
from bot.knowledge.desk_phrases import DeskPhrase


class Right(StrEnum):
    """What an organiser may do. Looking and stopping need any one of them."""

    COMPOSE = "compose"
    APPROVE = "approve"
    """Approve, let go on, and send once more."""
    MANAGE = "manage"
    """Throw away or take back what others made, and send once more."""


@dataclass(frozen=True, slots=True)
class InHand:
    """One announcement as it stands now."""

    broadcast: Broadcast
    counted: Counted
    """Its readers now; all zero once it has started."""
    tally: Mapping[DeliveryState, int] = field(default_factory=dict)
    uncertain: tuple[int, ...] = ()
    """Numbers of the first few deliveries of which nobody knows whether they arrived."""


@dataclass(frozen=True, slots=True)
class Desk:
    """The desk of one organiser. `in_hand` and what follows are there once an order was carried out."""

    organiser: int
    rights: frozenset[Right]
    approvers: tuple[int, ...] = ()
    """Others who may approve."""
    team: tuple[int, ...] = ()
    """All other organisers."""
    going_out: tuple[int, ...] = ()
    """Numbers of the announcements that are being sent, oldest first."""
    in_hand: InHand | None = None
    open: tuple[Broadcast, ...] = ()
    """Every announcement that is not over yet, oldest first."""
    over: tuple[Broadcast, ...] = ()
    """The last few that are, oldest first."""
    refused: str | DeskPhrase | None = None
    """Why the order was not carried out: a sentence, or the name of one."""

    @property
    def alone(self) -> bool:
        """An installation with one organiser: time to take it back stands for the second person."""
        return not self.team

    def may(self, *rights: Right) -> bool:
        """Whether any of these rights is theirs."""
        return not self.rights.isdisjoint(rights)
