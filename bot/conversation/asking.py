"""A question in words: what it leans on, names and matches. Called by `respond` after the safety screen."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.conversation.capabilities import no_answer
from bot.conversation.dating import asked_year, asks_for_day, is_of, list_of, named_week, observed
from bot.conversation.following import elsewhere, follow, lean
from bot.conversation.model import IDLE
from bot.conversation.naming import named
from bot.conversation.privacy import ask_to_keep
from bot.conversation.scene import Scene, Turn
from bot.conversation.settling import offering, settle
from bot.conversation.showing import fitting, known, mourning, show
from bot.conversation.wording.choices import alternatives
from bot.knowledge.model import Observance
from bot.knowledge.phrases import Phrase
from bot.language.reading import Reading
from bot.matching.matcher import Decision, DeclineKind, Match
from bot.messaging import Reply

DECLINES: Mapping[DeclineKind, Phrase] = {
    DeclineKind.MEDICINE: Phrase.DECLINE_MEDICINE,
    DeclineKind.DIAGNOSIS: Phrase.DECLINE_DIAGNOSIS,
    DeclineKind.LEGAL: Phrase.DECLINE_LEGAL,
    DeclineKind.OFF_TOPIC: Phrase.DECLINE_OFF_TOPIC,
    DeclineKind.OTHER_LANGUAGE: Phrase.DECLINE_LANGUAGE,
    DeclineKind.GIBBERISH: Phrase.DECLINE_GIBBERISH,
    DeclineKind.INSULT: Phrase.DECLINE_INSULT,
    DeclineKind.INJECTION: Phrase.DECLINE_INJECTION,
    DeclineKind.UNKNOWN: Phrase.DECLINE_UNKNOWN,
}

CHANGE_REGION = "action:change-region"


def answer(scene: Scene, reading: Reading) -> Turn:
    """The turn for words that raised no alarm. `scene` already knows the role and region said in them."""
    if scene.conversation.step != IDLE:
        settled = settle(scene, reading)
        if settled is not None:
            return settled
        scene = scene.having(step=IDLE)
    if not reading.cleaned.strip():
        return no_answer(scene, Phrase.DECLINE_GIBBERISH)
    if reading.too_long:
        return no_answer(scene, Phrase.DECLINE_TOO_LONG)
    followed = follow(scene, reading) or lean(scene, reading)
    if followed is not None:
        return followed
    week = named_week(scene, reading)
    if week is not None:
        return show(scene, f"week:{week.id}")
    return _matched(scene, reading)


def notice(scene: Scene, reading: Reading) -> Scene:
    """The scene with the role and region that a message says; kept for this conversation alone."""
    said = [role for role in scene.mind.speaker.said_roles(reading, known=scene.role) if role in scene.words.roles]
    roles = tuple(dict.fromkeys((*(r for r in scene.conversation.roles if r not in said), *reversed(said))))
    region = scene.mind.speaker.said_region(reading, known=scene.region) or scene.conversation.region
    return scene.having(roles=roles, region=region)


def _matched(scene: Scene, reading: Reading) -> Turn:
    match = scene.mind.matcher.match(reading, role=scene.role)
    targets = tuple(target for target in match.targets if known(scene, target))
    dated = named(scene.knowledge, scene.words, reading)
    others = [one for one in dated if isinstance(one, Observance)]
    listed_in = list_of(scene, others)
    if listed_in is not None and asks_for_day(scene, match.decision, targets):
        return replace(observed(scene, reading, others, listed_in), why=match.because)
    if match.decision is Decision.OFFER and any(is_of(scene, targets[:1], one.id) for one in dated):
        return _answered(scene, reading, targets, match)
    if match.decision is Decision.DECLINE or not targets:
        phrase = DECLINES[match.kind or DeclineKind.UNKNOWN]
        return replace(no_answer(scene, phrase), why=match.because)
    if match.decision is Decision.OFFER:
        return _offered(scene, targets, match)
    return _answered(scene, reading, targets, match)


def _answered(scene: Scene, reading: Reading, targets: Sequence[str], match: Match) -> Turn:
    target = targets[0]
    if target == CHANGE_REGION and (region := scene.mind.speaker.said_region(reading)) is not None:
        roles = [role for role in scene.mind.speaker.said_roles(reading) if known(scene, f"role:{role}")]
        if not roles:
            return elsewhere(scene, region)
        # "I'm a midwife in Glasgow": the place is noted already, and who they are says more.
        target = f"role:{roles[0]}"
    scene = mourning(scene, target)
    # After an alarm the person leads: nothing but what they asked for.
    others = () if scene.conversation.after_alarm else fitting(scene, targets[1:3])
    dated = asked_year(scene, reading, target)
    shown = dated if dated is not None else show(scene, target)
    card, *rest = shown.replies
    if isinstance(card, Reply):
        card = alternatives(scene.voice, card, others)
    conversation = replace(shown.conversation, offered=others)
    answered = replace(shown, replies=(card, *rest), offered=others, conversation=conversation, why=match.because)
    return _ask_to_keep_role(scene, reading, target, answered)


def _offered(scene: Scene, targets: Sequence[str], match: Match) -> Turn:
    scene = mourning(scene, targets[0])
    return replace(offering(scene, fitting(scene, targets) or targets), why=match.because)


def _ask_to_keep_role(scene: Scene, reading: Reading, target: str, answered: Turn) -> Turn:
    """After somebody said who they are and got their role's card: whether to remember it."""
    role = target.removeprefix("role:")
    said = role in scene.mind.speaker.said_roles(reading)
    return ask_to_keep(scene, answered, "role", role) if said else answered
