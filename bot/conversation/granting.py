"""Wishes in words about what is sent, done. Called by `respond` before a message is matched.

What ends or lessens what is sent is done at once; what begins something is asked back first, so that nobody is sent
anything, and nothing is stored, without a yes.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace

from bot.broadcast.announcement import Kind
from bot.conversation import asking
from bot.conversation.scene import Outcome, Scene, Turn
from bot.conversation.settling import unasked
from bot.conversation.showing import known, show
from bot.conversation.subscribing import (
    PAUSING,
    ask,
    decline,
    pause,
    resume,
    settle_subscribing,
    spare,
    tell_updates,
)
from bot.conversation.wish import Aim, Wish, read_day, read_wish
from bot.conversation.wording.updates import agreed, paused_until, zone_of
from bot.language.reading import Reading
from bot.matching.follow_up import FollowUpKind
from bot.messaging import Sender

NEWS, OPT_OUT = "action:newsletter", "action:opt-out"


def grant(scene: Scene, sender: Sender, reading: Reading, said: FollowUpKind | None) -> Turn | None:
    """The turn for an answer to a question about updates, or for a wish; None for anything else."""
    settled = settle_subscribing(scene, sender, said)
    if settled is not None or reading.too_long:
        return settled
    today = scene.now.astimezone(zone_of(scene.voice, scene.contact)).date()
    texts = (reading.cleaned, reading.corrected)
    if scene.conversation.step == PAUSING and (until := read_day(scene.voice, texts, today)):
        return pause(scene, until)
    wish = read_wish(scene.voice, texts, today)
    return _GRANTED[wish.aim](unasked(scene), wish, reading) if wish else None


def _all(wish: Wish) -> bool:
    return len(wish.kinds) == len(Kind)


def _led(target: str, told: Turn) -> Turn:
    """The turn as an answer with the capability that it belongs to."""
    return replace(told, outcome=Outcome.ANSWER, target=target)


def _shown(scene: Scene, _wish: Wish, _reading: Reading) -> Turn | None:
    return show(scene, NEWS) if known(scene, NEWS) else tell_updates(scene)


def _told(scene: Scene, wish: Wish, reading: Reading) -> Turn | None:
    """ "Tell me about the week" is answered, and the card shows what could be sent of it; not after a loss, unasked."""
    talk = scene.conversation
    if wish.kinds != (Kind.WEEK,) or talk.after_loss or talk.after_alarm:
        return None
    answered = asking.answer(scene, reading)
    return replace(answered, replies=(*answered.replies, *tell_updates(scene).replies))


def _started(scene: Scene, wish: Wish, _reading: Reading) -> Turn | None:
    """Each kind has a yes of its own: several are chosen on the card."""
    return _led(NEWS, ask(scene, wish.kinds[0])) if len(wish.kinds) == 1 else _shown(scene, wish, _reading)


def _stopped(scene: Scene, wish: Wish, _reading: Reading) -> Turn | None:
    return show(scene, OPT_OUT) if _all(wish) and known(scene, OPT_OUT) else _led(OPT_OUT, decline(scene, wish.kinds))


def _only(scene: Scene, wish: Wish, reading: Reading) -> Turn | None:
    """The others end at once; what they name and do not get yet is asked about."""
    if _all(wish):
        return _shown(scene, wish, reading)
    ended = decline(scene, [kind for kind in Kind if kind not in wish.kinds])
    new = [kind for kind in wish.kinds if kind not in agreed(scene.contact)]
    if len(new) != 1:
        return _led(NEWS, ended)
    asked = ask(scene, new[0])
    first = ended.replies if ended.contact != scene.contact else ()
    return _led(NEWS, replace(asked, contact=ended.contact, replies=(*first, *asked.replies)))


def _paused(scene: Scene, wish: Wish, _reading: Reading) -> Turn | None:
    return _led(OPT_OUT, pause(scene, wish.until))


def _resumed(scene: Scene, _wish: Wish, _reading: Reading) -> Turn | None:
    """ "Start again" means this only to somebody who paused."""
    is_paused = paused_until(scene.voice, scene.contact, scene.now) is not None
    return _led(NEWS, resume(scene)) if is_paused or scene.repeated else None


def _sparing(scene: Scene, wish: Wish, _reading: Reading) -> Turn | None:
    wanted = wish.aim is Aim.SPARE
    return _led(OPT_OUT if wanted else NEWS, spare(scene, wanted=wanted))


_GRANTED: Mapping[Aim, Callable[[Scene, Wish, Reading], Turn | None]] = {
    Aim.SHOW: _shown,
    Aim.TELL: _told,
    Aim.START: _started,
    Aim.STOP: _stopped,
    Aim.ONLY: _only,
    Aim.PAUSE: _paused,
    Aim.RESUME: _resumed,
    Aim.SPARE: _sparing,
    Aim.CELEBRATE: _sparing,
}
