"""The order of a turn: the safety screen first, whatever the step; then commands and presses; then the words.

`respond` is the one door to the conversation, called by `service` and by `ask`.
"""

from collections.abc import Mapping
from dataclasses import replace

from bot.conversation import asking
from bot.conversation.capabilities import no_answer
from bot.conversation.commands import is_command, run, typed
from bot.conversation.desk import taking
from bot.conversation.granting import grant
from bot.conversation.pressing import press
from bot.conversation.privacy import settle_keeping
from bot.conversation.scene import Outcome, Scene, Turn, turn
from bot.conversation.settling import in_danger, unasked
from bot.conversation.subscribing import offer_sparing
from bot.conversation.wording.alarms import alarm_card, support_contacts, support_reply
from bot.conversation.wording.page import Page
from bot.conversation.wording.voice import Voice
from bot.knowledge.phrases import Phrase
from bot.language.reading import Reading
from bot.messaging import Button, ChatKind, Command, Incoming, Media, Membership, Press, Reply, Sender, Text
from bot.safety.screening import Alarm

MEDIA_PHRASES: Mapping[str, Phrase] = {
    "voice": Phrase.MEDIA_VOICE,
    "video_note": Phrase.MEDIA_VOICE,
    "audio": Phrase.MEDIA_VOICE,
    "sticker": Phrase.MEDIA_STICKER,
    "animation": Phrase.MEDIA_STICKER,
    "dice": Phrase.MEDIA_STICKER,
    "location": Phrase.MEDIA_PERSONAL,
    "venue": Phrase.MEDIA_PERSONAL,
    "contact": Phrase.MEDIA_PERSONAL,
}
"""What is said to something without words, by its kind in the Bot API; anything else gets `MEDIA_OTHER`."""


def respond(scene: Scene, incoming: Incoming) -> Turn:
    """The turn for one update. Screening comes before everything and depends on nothing that was said before."""
    match incoming.content:
        case Membership() as membership:
            return _membership(scene, membership)
        case Text(words=words):
            return offer_sparing(scene, _words(scene, incoming, words))
        case Command(name=name, argument=argument):
            return offer_sparing(scene, _command(scene, incoming, name, argument))
        case Press() as pressed:
            return offer_sparing(scene, _press(scene, incoming, pressed))
        case Media() as media:
            return offer_sparing(scene, _media(scene, incoming, media))


def _media(scene: Scene, incoming: Incoming, media: Media) -> Turn:
    if media.caption.strip():
        return _words(scene, incoming, media.caption)
    taken = taking.take(scene, incoming)
    if taken is not None:
        return taken
    if incoming.sender.chat is ChatKind.GROUP:
        return turn(scene, Outcome.SILENT)
    return no_answer(scene, MEDIA_PHRASES.get(media.kind, Phrase.MEDIA_OTHER))


def _press(scene: Scene, incoming: Incoming, pressed: Press) -> Turn:
    """Groups only ever get buttons with links, so a press there comes from somewhere else."""
    if incoming.sender.chat is ChatKind.GROUP:
        return turn(scene, Outcome.SILENT)
    return press(unasked(scene), incoming.sender, pressed)


def _words(scene: Scene, incoming: Incoming, words: str) -> Turn:
    reading = scene.mind.read(words)
    alarm = scene.mind.screen.screen(reading)
    if incoming.sender.chat is ChatKind.GROUP:
        return _in_group(asking.notice(scene, reading), alarm)
    if alarm is not None and alarm.tier != 3:
        return taking.beside_alarm(scene, incoming, raise_alarm(asking.notice(scene, reading), alarm))
    # Words of an announcement say nothing of who writes it.
    taken = taking.take(scene, incoming, reading)
    scene = asking.notice(scene, reading)
    if alarm is not None:
        return _supported(scene, reading, alarm, taken or grant(scene, incoming.sender, reading, None))
    return taken or _said(scene, incoming.sender, reading)


def _said(scene: Scene, sender: Sender, reading: Reading) -> Turn:
    """Words that raised no alarm; a command's bare name ("menu", "privacy") works without its slash too."""
    name, follow_up = reading.cleaned.strip(" .!?"), scene.mind.speaker.follow_up(reading)
    if is_command(name) and follow_up is None:
        return run(unasked(scene), name, "")
    said = follow_up.kind if follow_up else None
    settled = settle_keeping(scene, sender, said) or grant(scene, sender, reading, said)
    return settled if settled is not None else asking.answer(scene, reading)


def raise_alarm(scene: Scene, alarm: Alarm) -> Turn:
    """The full card, nothing else."""
    scene = scene.having(after_alarm=True, offered=(), step=in_danger(alarm.family))
    card = alarm_card(scene.voice, alarm)
    return turn(scene, Outcome.ALARM, [card], alarm=alarm, why=alarm.because)


def _supported(scene: Scene, reading: Reading, alarm: Alarm, taken: Turn | None) -> Turn:
    """A support line with the right number, and the ordinary answer, or what was asked of the desk or of updates."""
    support = support_reply(scene.voice, alarm)
    _, named = support_contacts(scene.voice, alarm)
    answered = taken or asking.answer(replace(scene, named=frozenset(one.id for one in named)), reading)
    return replace(answered, alarm=alarm, replies=(support, *answered.replies), why=(*alarm.because, *answered.why))


def _command(scene: Scene, incoming: Incoming, name: str, argument: str) -> Turn:
    words = typed(name, argument)
    alarm = scene.mind.screen.screen(scene.mind.read(words)) if words else None
    in_group = incoming.sender.chat is ChatKind.GROUP
    if alarm is not None and alarm.tier != 3:
        return _group_alarm(scene, alarm) if in_group else raise_alarm(scene, alarm)
    if in_group:
        return _group(scene, Phrase.GROUP_PRIVATE)
    if scene.desk is not None and name == taking.COMMAND:
        return taking.home(scene)
    return run(unasked(scene), name, argument)


def _in_group(scene: Scene, alarm: Alarm | None) -> Turn:
    """What members say to one another is answered in danger alone: a support line there would single somebody out."""
    if alarm is not None and alarm.tier != 3:
        return _group_alarm(scene, alarm)
    return turn(scene, Outcome.SILENT, alarm=alarm, why=alarm.because if alarm else ())


def _group_alarm(scene: Scene, alarm: Alarm) -> Turn:
    """In a group: the number and a private chat, nothing that exposes the person."""
    return replace(_group(scene, Phrase.GROUP_HELP), outcome=Outcome.ALARM, alarm=alarm, why=alarm.because)


def _group(scene: Scene, phrase: Phrase) -> Turn:
    page = Page().line(scene.voice.say(phrase, number=scene.voice.say(Phrase.EMERGENCY_ANYWHERE)))
    link = [(Button(scene.voice.say(Phrase.BUTTON_PRIVATE), url=scene.bot_link),)] if scene.bot_link else []
    return turn(scene, Outcome.SETTLED, [page.reply(link)])


def _membership(scene: Scene, content: Membership) -> Turn:
    """Whether the person can be reached is remembered for contacts alone."""
    if scene.contact is None:
        return turn(scene, Outcome.SILENT)
    since = None if content.reachable else scene.now
    return turn(scene, Outcome.SILENT, contact=replace(scene.contact, unreachable_since=since))


def apologise(voice: Voice) -> Reply:
    """The prepared apology for a turn that failed for good; it carries the emergency numbers."""
    number = voice.say(Phrase.EMERGENCY_ANYWHERE)
    return Page().line(voice.say(Phrase.APOLOGY, number=number)).reply()
