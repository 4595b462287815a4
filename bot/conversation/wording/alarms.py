"""Alarm cards, support lines and urgent help in words: short, region first, no tips."""

from bot.conversation.payloads import Verb, button
from bot.conversation.wording.helplines import gather, helpline_line
from bot.conversation.wording.page import Page
from bot.conversation.wording.places import region_buttons
from bot.conversation.wording.voice import Voice
from bot.knowledge.model import AlarmCard
from bot.knowledge.phrases import Phrase
from bot.messaging import Button, Reply
from bot.safety.screening import Alarm

MOST_CONTACTS = 4
MOST_SUPPORT_CONTACTS = 2


def alarm_card(voice: Voice, alarm: Alarm) -> Reply:
    """The full card of an alarm of tier 1 or 2. Tier 1 puts the emergency number first."""
    card = card_of(voice, alarm)
    page = Page()
    if alarm.language != voice.words.language and alarm.language in voice.knowledge.alarms:
        page.line(voice.knowledge.alarms[alarm.language].first_line)
    page.line(card.opening)
    if alarm.tier == 1:
        page.title(voice.say(Phrase.ALARM_CALL_NOW, number=voice.emergency_number()))
    page.line(card.act)
    page.bullets(_contacts(voice, card.contacts, MOST_CONTACTS, emergency_above=alarm.tier == 1))
    page.line(f"{card.keep_safe} {card.what_i_am}")
    page.title(card.ask)
    return page.reply([*_safe_buttons(voice, card.id), *_places(voice)])


def support_reply(voice: Voice, alarm: Alarm) -> Reply:
    """The gentle line with the right number that stands before an ordinary answer (tier 3)."""
    card = card_of(voice, alarm)
    page = Page().line(card.support_line)
    page.bullets(_contacts(voice, card.support_contacts, MOST_SUPPORT_CONTACTS))
    return page.reply([(button(voice.say(Phrase.BUTTON_URGENT), Verb.ACTION, "urgent-help"),)])


def urgent_card(voice: Voice) -> Reply:
    """What "urgent help" shows: the emergency number and the crisis lines of the region."""
    page = Page().title(voice.say(Phrase.ALARM_CALL_NOW, number=voice.emergency_number()))
    page.bullets(_contacts(voice, voice.words.cards["general"].contacts, MOST_CONTACTS + 2, emergency_above=True))
    page.line(voice.words.cards["general"].keep_safe)
    return page.reply([*_safe_buttons(voice, "general"), *_places(voice)])


def emergency_only(voice: Voice) -> Reply:
    """After "yes, in danger": the emergency number and nothing else."""
    number = voice.emergency_number()
    return Page().title(voice.say(Phrase.ALARM_CALL_NOW, number=number)).reply()


def more_help(voice: Voice, family: str) -> Reply:
    """Everyone else who can help: the card's lines and the listening lines."""
    card = voice.words.cards.get(family, voice.words.cards["general"])
    blocks = [voice.words.services[card.contacts], voice.words.services[card.support_contacts]]
    said, found = gather(voice, (), blocks)
    page = Page().line(voice.say(Phrase.ALARM_MORE)).bullets([*said, *(helpline_line(voice, one) for one in found)])
    return page.reply(_places(voice))


def card_of(voice: Voice, alarm: Alarm) -> AlarmCard:
    return voice.words.cards.get(alarm.family, voice.words.cards["general"])


def _contacts(voice: Voice, block: str, most: int, *, emergency_above: bool = False) -> list[str]:
    """What to say and whom to call. `emergency_above`: the number stands above already, so its line is left out."""
    said, found = gather(voice, (), [voice.words.services[block]])
    emergency = voice.knowledge.helplines[voice.place.emergency] if voice.place else None
    if emergency_above and emergency is not None and emergency.phone:
        found = [helpline for helpline in found if helpline is not emergency]
    return [*said, *(helpline_line(voice, helpline) for helpline in found[:most])]


def _safe_buttons(voice: Voice, family: str) -> list[tuple[Button, ...]]:
    return [
        (
            button(voice.say(Phrase.BUTTON_IN_DANGER), Verb.SAFE, "danger", family),
            button(voice.say(Phrase.BUTTON_NO_DANGER), Verb.SAFE, "no-danger", family),
        ),
        (
            button(voice.say(Phrase.BUTTON_WITH_SOMEONE), Verb.SAFE, "with-someone", family),
            button(voice.say(Phrase.BUTTON_MORE_HELP), Verb.SAFE, "more", family),
        ),
    ]


def _places(voice: Voice) -> list[tuple[Button, ...]]:
    return region_buttons(voice, ("action", "urgent-help")) if voice.region is None else []
