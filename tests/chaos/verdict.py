"""The ledger held against the log of what arrived: whoever is lost, doubled or unlisted is named. Pure."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from bot.broadcast.broadcast import Recipient
from bot.broadcast.states import BroadcastState, DeliveryState
from tests.chaos.plan import AMBIGUOUS, Fate

ENDS = frozenset({DeliveryState.SENT, DeliveryState.BLOCKED, DeliveryState.FAILED, DeliveryState.UNCERTAIN})
"""What may have become of somebody who neither opted out nor was left out."""
SHOWN = 5
"""So many chats are named of each violation."""


@dataclass(frozen=True, slots=True)
class Run:
    """What one run left behind."""

    chats: Collection[str]
    """Whom the announcement was for."""
    recipients: Sequence[Recipient]
    arrived: Sequence[str]
    """Chats in the order in which the server accepted a message for them."""
    fates: Sequence[Fate]
    """Of all requests that were not answered as they should be."""
    in_hand: Sequence[int]
    """Deliveries marked as being sent after each kill."""
    state: BroadcastState
    took_s: float
    drained_s: Sequence[float] = ()
    """How long each stop by SIGTERM took."""

    @property
    def uncertain(self) -> list[str | None]:
        return [one.chat_id for one in self.recipients if one.state is DeliveryState.UNCERTAIN]

    @property
    def ambiguous(self) -> int:
        return sum(fate in AMBIGUOUS for fate in self.fates)

    @property
    def bound(self) -> int:
        """The most that may be uncertain."""
        return sum(self.in_hand) + self.ambiguous

    @property
    def lost(self) -> list[str]:
        ended = {one.chat_id for one in self.recipients if one.state in ENDS}
        return sorted(set(self.chats) - ended)

    @property
    def doubled(self) -> list[str]:
        return [chat for chat, times in Counter(self.arrived).items() if times > 1]

    @property
    def unsent(self) -> int:
        """Tries that no server saw: their connections were refused. Those in hand at a kill are counted apart."""
        tries = sum(one.attempts for one in self.recipients)
        return max(0, tries - len(self.arrived) - sum(fate not in _ARRIVED for fate in self.fates) - sum(self.in_hand))

    def violations(self) -> list[str]:
        """Sentences; none: everything that is promised was kept."""
        arrived = set(self.arrived)
        by_state = {state: {one.chat_id for one in self.recipients if one.state is state} for state in DeliveryState}
        named: dict[str, Iterable[str | None]] = {
            "lost": self.lost,
            "messaged twice": self.doubled,
            "on two lines of the ledger": [
                chat for chat, times in Counter(one.chat_id for one in self.recipients).items() if times > 1
            ],
            "sent, says the ledger, but never arrived": by_state[DeliveryState.SENT] - arrived,
            "arrived, but neither sent nor uncertain": arrived
            - by_state[DeliveryState.SENT]
            - by_state[DeliveryState.UNCERTAIN],
            "messaged, but no recipients": arrived - set(self.chats),
            "blocked or failed, but arrived": arrived
            & (by_state[DeliveryState.BLOCKED] | by_state[DeliveryState.FAILED]),
            "uncertain, but listed without a chat": [chat for chat in self.uncertain if chat is None],
        }
        found = [_sentence(what, sorted(map(str, chats))) for what, chats in named.items() if set(chats)]
        if len(self.uncertain) > self.bound:
            found.append(f"{len(self.uncertain)} are uncertain, which is more than {self.bound}.")
        if self.state is not BroadcastState.FINISHED:
            found.append(f"The announcement is {self.state.value}, not finished.")
        return found


_ARRIVED = frozenset({Fate.SILENT_SENT, Fate.DROPPED_SENT, Fate.BAD_GATEWAY_SENT})


def _sentence(what: str, chats: Sequence[str]) -> str:
    more = f" and {len(chats) - SHOWN} more" if len(chats) > SHOWN else ""
    return f"{len(chats)} {what}: {', '.join(chats[:SHOWN])}{more}."
