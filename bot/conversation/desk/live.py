"""How far an announcement has come, and what became of it in the end: words and counts of the ledger's tally."""

from collections.abc import Mapping
from datetime import datetime

from bot.broadcast.states import OPEN, BroadcastState, DeliveryState
from bot.conversation.desk.allowing import needed
from bot.conversation.desk.model import Desk, InHand
from bot.conversation.desk.orders import Retry
from bot.conversation.desk.pages import desk_button
from bot.conversation.wording.voice import Voice
from bot.knowledge.desk_phrases import DeskPhrase
from bot.messaging import Button

BAR = 10
"""How many squares the bar has."""
FULL, EMPTY = "▓", "░"

_COUNTED: Mapping[DeliveryState, DeskPhrase] = {
    DeliveryState.BLOCKED: DeskPhrase.TALLY_BLOCKED,
    DeliveryState.FAILED: DeskPhrase.TALLY_FAILED,
    DeliveryState.UNCERTAIN: DeskPhrase.TALLY_UNCERTAIN,
    DeliveryState.SKIPPED: DeskPhrase.TALLY_SKIPPED,
    DeliveryState.CANCELLED: DeskPhrase.TALLY_CANCELLED,
    DeliveryState.EXPIRED: DeskPhrase.TALLY_EXPIRED,
}
"""What else may have become of a delivery, in the order in which it is told."""


def progress(voice: Voice, in_hand: InHand, now: datetime) -> list[str]:
    """The bar, sent of total, pace, time left, and what went wrong."""
    tally, broadcast = in_hand.tally, in_hand.broadcast
    total = sum(tally.values())
    still = sum(tally.get(state, 0) for state in OPEN)
    share = (total - still) / total if total else 1.0
    filled = int(share * BAR)
    lines = [
        voice.say(DeskPhrase.BAR, bar=FULL * filled + EMPTY * (BAR - filled), share=int(share * 100)),
        voice.say(DeskPhrase.PROGRESS, sent=tally.get(DeliveryState.SENT, 0), total=total),
        *_counts(voice, in_hand),
    ]
    if broadcast.state is BroadcastState.PAUSED:
        why = broadcast.paused_because
        return [*lines, voice.say(DeskPhrase.PAUSED_BECAUSE, why=why)] if why else lines
    if still:
        lines.append(voice.say(DeskPhrase.LEFT_OPEN, number=still))
    took_s = (now - (broadcast.started_at or now)).total_seconds()
    rate = (total - still) / took_s if took_s > 0 else 0.0
    if rate > 0 and still:
        lines.append(voice.say(DeskPhrase.RATE, number=f"{rate:.1f}"))
        lines.append(voice.say(DeskPhrase.TIME_LEFT, minutes=max(1, round(still / rate / 60))))
    return lines


def report(voice: Voice, in_hand: InHand, desk: Desk) -> tuple[list[str], list[Button]]:
    """What became of it, and the ways to send once more to those it did not reach."""
    tally, broadcast = in_hand.tally, in_hand.broadcast
    total = sum(tally.values())
    if not total:
        return [voice.say(DeskPhrase.REPORT_NONE)], []
    reached = voice.say(DeskPhrase.REPORT, sent=tally.get(DeliveryState.SENT, 0), total=total)
    again = desk.may(*needed(Retry())) and broadcast.state is BroadcastState.FINISHED
    offered = [
        desk_button(voice, label, act, broadcast.id, broadcast.version, number=tally[state])
        for state, label, act in (
            (DeliveryState.FAILED, DeskPhrase.BUTTON_RETRY, "retry"),
            (DeliveryState.UNCERTAIN, DeskPhrase.BUTTON_UNCERTAIN, "unsure"),
        )
        if again and tally.get(state, 0)
    ]
    return [reached, *_counts(voice, in_hand)], offered


def _counts(voice: Voice, in_hand: InHand) -> list[str]:
    found = ((phrase, in_hand.tally.get(state, 0)) for state, phrase in _COUNTED.items())
    return [voice.say(phrase, number=number) for phrase, number in found if number]
