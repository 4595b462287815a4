"""Alarm cards, support lines and urgent help in words: short, region first, no tips."""

from bot.conversation.payloads import Verb, button
from bot.conversation.wording.helplines import fewest, gather, helpline_line, star_note
from bot.conversation.wording.page import Page
from bot.conversation.wording.places import region_buttons
from bot.conversation.wording.voice import Voice
from bot.knowledge.model import AlarmCard, Helpline
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
    _contacts(page, voice, card.contacts, MOST_CONTACTS, emergency_above=alarm.tier == 1)
    page.line(f"{card.keep_safe} {card.what_i_am}")
    page.title(card.ask)
    return page.reply([*_safe_buttons(voice, card.id), *_places(voice)])


def support_reply(voice: Voice, alarm: Alarm) -> Reply:
    """The gentle line with the right number that stands before an ordinary answer (tier 3)."""
    card = card_of(voice, alarm)
    said, found = support_contacts(voice, alarm)
    page = _named(Page().line(card.support_line), voice, said, found)
    return page.reply([(button(voice.say(Phrase.BUTTON_URGENT), Verb.ACTION, "urgent-help"),)])


def support_contacts(voice: Voice, alarm: Alarm) -> tuple[list[str], list[Helpline]]:
    """What a support line says and whom it names."""
    said, found = gather(voice, (), [voice.words.services[card_of(voice, alarm).support_contacts]])
    return said, fewest(found, MOST_SUPPORT_CONTACTS)


def urgent_card(voice: Voice) -> Reply:
    """What "urgent help" shows: the emergency number and the crisis lines of the region."""
    page = Page().title(voice.say(Phrase.ALARM_CALL_NOW, number=voice.emergency_number()))
    _contacts(page, voice, voice.words.cards["general"].contacts, MOST_CONTACTS + 2, emergency_above=True)
    page.line(voice.words.cards["general"].keep_safe)
    return page.reply([*_safe_buttons(voice, "general"), *_places(voice)])


def emergency_only(voice: Voice) -> Reply:
    """After "yes, in danger": the emergency number and nothing else."""
    number = voice.emergency_number()
    return Page().title(voice.say(Phrase.ALARM_CALL_NOW, number=number)).reply()


def more_help(voice: Voice, family: str, *, answered_no: bool = False) -> Reply:
    """Everyone else who can help: the card's lines and the listening lines. `answered_no`: nobody is in danger now."""
    card = voice.words.cards.get(family, voice.words.cards["general"])
    blocks = [voice.words.services[card.contacts], voice.words.services[card.support_contacts]]
    said, found = gather(voice, (), blocks[::-1] if answered_no else blocks)
    page = Page()
    if answered_no:
        page.line(voice.say(Phrase.ALARM_NOT_NOW, number=voice.emergency_number()))
        found = _without_emergency(voice, found)
    else:
        page.line(voice.say(Phrase.ALARM_MORE))
    return _named(page, voice, said, found).reply(_places(voice))


def misread(voice: Voice) -> Reply:
    """After "not that": an apology for a card that did not fit, and the way on in the person's own words."""
    return Page().line(voice.say(Phrase.ALARM_MISREAD, number=voice.emergency_number())).reply()


def card_of(voice: Voice, alarm: Alarm) -> AlarmCard:
    return voice.words.cards.get(alarm.family, voice.words.cards["general"])


def _contacts(page: Page, voice: Voice, block: str, most: int, *, emergency_above: bool) -> None:
    """What to say and whom to call. `emergency_above`: the number stands above already, so its line is left out."""
    said, found = gather(voice, (), [voice.words.services[block]])
    if emergency_above:
        found = _without_emergency(voice, found)
    _named(page, voice, said, fewest(found, most))


def _named(page: Page, voice: Voice, said: list[str], found: list[Helpline]) -> Page:
    return page.bullets([*said, *(helpline_line(voice, one) for one in found)]).small(star_note(voice, found))


def _without_emergency(voice: Voice, found: list[Helpline]) -> list[Helpline]:
    """Without the numbers that `Voice.emergency_number` says: the region's, or every region's where none is known."""
    places = [voice.place] if voice.place else voice.knowledge.regions.values()
    emergency = {place.emergency for place in places if voice.knowledge.helplines[place.emergency].phone}
    return [helpline for helpline in found if helpline.id not in emergency]


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
