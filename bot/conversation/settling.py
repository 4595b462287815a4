"""The question that the bot asked last, and the short words that settle it. Called by `asking`,
`following` and `respond`.

A question is answered only by the very next thing that is said. That of an alarm card stays open: what is pressed there
belongs to it too.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from bot.conversation.model import IDLE
from bot.conversation.privacy import CONFIRM_FORGET, do_not_forget, forget
from bot.conversation.scene import Outcome, Scene, Turn, turn
from bot.conversation.showing import known, show
from bot.conversation.wording.alarms import emergency_only, misread, more_help
from bot.conversation.wording.choices import did_you_mean
from bot.conversation.wording.voice import Voice
from bot.knowledge.phrases import Phrase
from bot.language.reading import Reading
from bot.matching.follow_up import FILLERS, FollowUpKind
from bot.matching.introducing import WORD
from bot.messaging import Reply

IN_DANGER = "in-danger:"
"""The step after an alarm card, with its family: a typed "yes" or "no" answers the question on the card."""
CHOOSING = "choosing"
"""The step after a choice was offered: "the second one" opens what stands there."""

PLACES = (Phrase.CHOICE_FIRST, Phrase.CHOICE_SECOND, Phrase.CHOICE_THIRD)
"""What people say for the first, second and third of a list."""


def essence(text: str) -> str:
    """Lower-case text as its words alone, without those at either end that say nothing ("and", "please")."""
    words = WORD.findall(text)
    while words and words[0] in FILLERS:
        words.pop(0)
    while words and words[-1] in FILLERS:
        words.pop()
    return " ".join(words)


def in_danger(family: str) -> str:
    return f"{IN_DANGER}{family}"


def unasked(scene: Scene) -> Scene:
    """The scene after a press or a command: no question waits any more, but for that of an alarm card."""
    return scene if scene.conversation.step.startswith(IN_DANGER) else scene.having(step=IDLE)


def offering(scene: Scene, targets: Sequence[str]) -> Turn:
    """Did you mean one of these: at most three."""
    return chosen_from(scene, targets[:3], did_you_mean(scene.voice, targets[:3]))


def chosen_from(scene: Scene, offered: Sequence[str], reply: Reply) -> Turn:
    """The turn that offers some targets in `reply`, to be pressed or named by their place."""
    conversation = replace(scene.conversation, offered=tuple(offered), step=CHOOSING)
    return turn(scene, Outcome.OFFER, [reply], offered=tuple(offered), conversation=conversation)


def settle(scene: Scene, reading: Reading) -> Turn | None:
    """Short words to the question that was asked last; None for anything else, and the question is dropped."""
    follow_up = scene.mind.speaker.follow_up(reading)
    step, kind = scene.conversation.step, follow_up.kind if follow_up else None
    if step == CHOOSING:
        return _pick(scene, reading, kind)
    if step == CONFIRM_FORGET and kind in {FollowUpKind.YES, FollowUpKind.NO}:
        return forget(scene) if kind is FollowUpKind.YES else do_not_forget(scene)
    helped = _AFTER_ALARM.get(kind) if kind and step.startswith(IN_DANGER) else None
    if helped is None:
        return None
    return turn(scene, Outcome.SETTLED, [helped(scene.voice, step.removeprefix(IN_DANGER))])


def _pick(scene: Scene, reading: Reading, kind: FollowUpKind | None) -> Turn | None:
    """ "The second one", or a yes where there was but one."""
    offered = [target for target in scene.conversation.offered if known(scene, target)]
    said = essence(reading.cleaned)
    place = next((at for at, phrase in enumerate(PLACES) if said in scene.voice.say(phrase).split(", ")), None)
    if kind is FollowUpKind.YES and len(scene.conversation.offered) < 2:
        place = 0
    if place is None:
        return None
    last = scene.conversation.last_target
    if scene.repeated and last and not offered and known(scene, last):
        return show(scene, last)  # it was opened by this very update
    if place < len(offered):
        return show(scene, offered[place])
    return offering(scene, offered) if offered else None


_AFTER_ALARM: Mapping[FollowUpKind, Callable[[Voice, str], Reply]] = {
    FollowUpKind.YES: lambda voice, _: emergency_only(voice),
    FollowUpKind.NO: lambda voice, family: more_help(voice, family, answered_no=True),
    FollowUpKind.MORE: more_help,
    FollowUpKind.AGAIN: more_help,
    FollowUpKind.REGION: more_help,
    FollowUpKind.OTHER: lambda voice, _: misread(voice),
}
"""What short words mean right after an alarm card: they belong to it, and its question stays open."""
