"""The one card on which readers choose what they are sent, and the questions that lead to it. Used by `subscribing`."""

from calendar import monthrange
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.broadcast.announcement import Kind
from bot.broadcast.quiet import USUAL
from bot.conversation.payloads import Verb, button
from bot.conversation.wording.dates import day
from bot.conversation.wording.page import Page, rows
from bot.conversation.wording.voice import Voice
from bot.knowledge.phrases import Phrase
from bot.messaging import NO_CELEBRATION, Button, Contact, Reply

KINDS: Mapping[Kind, Phrase] = {
    Kind.WEEK: Phrase.UPDATES_WEEK,
    Kind.EVENTS: Phrase.UPDATES_EVENTS,
    Kind.ROLE: Phrase.UPDATES_ROLE,
}
"""What each kind is called, in the order of the card."""
SHORT_PAUSE = timedelta(days=14)
LONG_PAUSE_MONTHS = 3


def kind_names(voice: Voice, kinds: Sequence[Kind]) -> str:
    """The names of kinds, in the order of the card."""
    return ", ".join(voice.say(KINDS[kind]) for kind in KINDS if kind in kinds)


def zone_of(voice: Voice, contact: Contact | None) -> ZoneInfo:
    """The clock by which a reader's days are counted: that of their remembered region, else of the one they said."""
    region = voice.knowledge.regions.get((contact.region if contact else None) or "") or voice.place
    return ZoneInfo(region.zones[0] if region else "UTC")


def paused_until(voice: Voice, contact: Contact | None, now: datetime) -> date | None:
    """The day on which a reader's pause ends; None where there is none, or none any more."""
    if contact is None or contact.paused_until is None or contact.paused_until <= now:
        return None
    return contact.paused_until.astimezone(zone_of(voice, contact)).date()


def agreed(contact: Contact | None) -> Mapping[Kind, datetime]:
    """The kinds that a reader is sent, each with the time of their yes."""
    consents = dict(contact.consents) if contact else {}
    return {kind: consents[kind.value] for kind in KINDS if kind.value in consents}


def later(on: date, months: int) -> date:
    """The same day some months later, or that month's last."""
    years, month = divmod(on.month - 1 + months, 12)
    last = monthrange(on.year + years, month + 1)[1]
    return date(on.year + years, month + 1, min(on.day, last))


def updates_card(
    voice: Voice,
    contact: Contact | None,
    now: datetime,
    *,
    said: str = "",
    links: Sequence[Button] = (),
    edits: str | None = None,
) -> Reply:
    """What is sent, what is not, and a button for each; `said` stands first, `links` lead to news of others."""
    page = Page().line(said).title(voice.say(Phrase.UPDATES_TITLE)).bullets(_states(voice, contact))
    given = agreed(contact)
    for line in _conditions(voice, contact, now):
        page.line(line)
    if not given:
        page.line(voice.say(Phrase.UPDATES_INTRO))
    if len(given) < len(KINDS):
        page.line(voice.say(Phrase.UPDATES_KEPT))
    if links:
        page.line(voice.say(Phrase.UPDATES_ELSEWHERE))
    buttons = [*_kind_buttons(voice, given), *_wish_buttons(voice, contact, now), *rows(links, 1)]
    return page.reply(buttons, edits=edits)


def ask_kind(voice: Voice, kind: Kind) -> Reply:
    """Whether to send a kind that somebody named in words: they see first what is kept."""
    yes = button(voice.say(Phrase.UPDATES_ASK_YES), Verb.UPDATES, kind.value, "on")
    no = button(voice.say(Phrase.BUTTON_KEEP_NOT), Verb.UPDATES, "no")
    return Page().line(voice.say(Phrase.UPDATES_ASK, kind=voice.say(KINDS[kind]))).reply([(yes, no)])


def ask_sparing(voice: Voice) -> Reply:
    """After a loss: whether to leave out what celebrates."""
    return (
        Page()
        .line(voice.say(Phrase.UPDATES_SPARE_ASK))
        .reply(
            [
                (button(voice.say(Phrase.UPDATES_SPARE_YES), Verb.UPDATES, NO_CELEBRATION, "on"),),
                (button(voice.say(Phrase.UPDATES_STOP_ALL), Verb.ACTION, "opt-out"),),
                (button(voice.say(Phrase.BUTTON_KEEP_NOT), Verb.UPDATES, "no"),),
            ]
        )
    )


def _states(voice: Voice, contact: Contact | None) -> list[str]:
    given = agreed(contact)
    return [
        voice.say(Phrase.UPDATES_ON, kind=voice.say(name), date=day(voice, given[kind].date()))
        if kind in given
        else voice.say(Phrase.UPDATES_OFF, kind=voice.say(name))
        for kind, name in KINDS.items()
    ]


def _conditions(voice: Voice, contact: Contact | None, now: datetime) -> list[str]:
    """The pause, the quiet hours and what is left out: only for those who are sent something."""
    given = agreed(contact)
    if contact is None or not given:
        return [voice.say(Phrase.UPDATES_SPARED)] if _spared(contact) else []
    lines = [_quiet(voice, contact)]
    if (until := paused_until(voice, contact, now)) is not None:
        lines.insert(0, voice.say(Phrase.UPDATES_PAUSED, date=day(voice, until)))
    if _spared(contact):
        lines.append(voice.say(Phrase.UPDATES_SPARED))
    if Kind.ROLE in given and not contact.roles:
        lines.append(voice.say(Phrase.UPDATES_ROLE_UNKNOWN))
    return lines


def _quiet(voice: Voice, contact: Contact) -> str:
    region = voice.knowledge.regions.get(contact.region or "")
    hours = {"begins": f"{USUAL.begins:%H:%M}", "ends": f"{USUAL.ends:%H:%M}"}
    if region is None:
        return voice.say(Phrase.UPDATES_QUIET_UNKNOWN, **hours)
    return voice.say(Phrase.UPDATES_QUIET, **hours, where=voice.pick(region.within), zones=", ".join(region.zones))


def _kind_buttons(voice: Voice, given: Mapping[Kind, datetime]) -> list[tuple[Button, ...]]:
    wanted = {
        kind: ("off", Phrase.UPDATES_TURN_OFF) if kind in given else ("on", Phrase.UPDATES_TURN_ON) for kind in KINDS
    }
    return [
        (button(voice.say(label, kind=voice.say(KINDS[kind])), Verb.UPDATES, kind.value, state),)
        for kind, (state, label) in wanted.items()
    ]


def _wish_buttons(voice: Voice, contact: Contact | None, now: datetime) -> list[tuple[Button, ...]]:
    """Pausing, sparing and stopping: for those who are sent something. A mark can always be taken back."""
    spared = _spared(contact)
    label, state = (Phrase.UPDATES_SPARE_NOT, "off") if spared else (Phrase.UPDATES_SPARE, "on")
    sparing = (button(voice.say(label), Verb.UPDATES, NO_CELEBRATION, state),)
    if not agreed(contact):
        return [sparing] if spared else []
    stop = (button(voice.say(Phrase.UPDATES_STOP_ALL), Verb.ACTION, "opt-out"),)
    return [*_pause_buttons(voice, contact, now), sparing, stop]


def _pause_buttons(voice: Voice, contact: Contact | None, now: datetime) -> list[tuple[Button, ...]]:
    """Each names its day, so that one pressed late does not mean another."""
    if paused_until(voice, contact, now) is not None:
        return [(button(voice.say(Phrase.UPDATES_RESUME), Verb.UPDATES, "pause", "off"),)]
    today = now.astimezone(UTC).astimezone(zone_of(voice, contact)).date()
    return [
        (button(voice.say(Phrase.UPDATES_PAUSE_UNTIL, date=day(voice, on)), Verb.UPDATES, "pause", on.isoformat()),)
        for on in (today + SHORT_PAUSE, later(today, LONG_PAUSE_MONTHS))
    ]


def _spared(contact: Contact | None) -> bool:
    return contact is not None and NO_CELEBRATION in dict(contact.consents)
