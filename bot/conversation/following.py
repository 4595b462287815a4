"""Short words that lean on the last answer: "what else?", "and in Scotland?", "and for dads?". Called by `asking`.

`follow` takes what `follow-ups.yaml` knows by heart; `lean` takes what only the last answer gives a meaning.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace

from bot.conversation.dating import YEAR, asked_year, topic_of_series
from bot.conversation.privacy import ask_forget, ask_to_keep
from bot.conversation.scene import Outcome, Scene, Turn, turn
from bot.conversation.settling import chosen_from, essence, offering
from bot.conversation.showing import count_pages, differs_by_region, fitting, known, show
from bot.conversation.wording.choices import menu, near_topics, start
from bot.conversation.wording.page import Page
from bot.conversation.wording.roles import PHASE_NAMES, phases
from bot.knowledge.phrases import Phrase
from bot.language.reading import Reading
from bot.matching.follow_up import FollowUp, FollowUpKind


def follow(scene: Scene, reading: Reading) -> Turn | None:
    """The turn for a follow-up; None for a message that stands on its own."""
    said = scene.mind.speaker.follow_up(reading)
    return _FOLLOWED[said.kind](scene, said) if said else None


def lean(scene: Scene, reading: Reading) -> Turn | None:
    """The turn for a few words that mean something after the last answer alone; None for anything else."""
    last = scene.conversation.last_target
    if last is None or not known(scene, last):
        return None
    kind, _, id = last.partition(":")
    said = essence(reading.cleaned)
    if kind == "role":
        return _tab(scene, id, said)
    return _year(scene, last, said, reading) or (_for_role(scene, id, said) if kind == "topic" else None)


def _tab(scene: Scene, role: str, said: str) -> Turn | None:
    """ "Before", "after the week", "all year": that tab of the role."""
    told = phases(scene.voice, scene.words.roles[role])
    names = [essence(scene.voice.say(PHASE_NAMES[phase]).casefold()) for phase in told]
    page = next((at for at, name in enumerate(names) if said and f"{name} ".startswith(f"{said} ")), None)
    return None if page is None else show(scene, f"role:{role}", page=page)


def _year(scene: Scene, last: str, said: str, reading: Reading) -> Turn | None:
    """ "And in 2024?": the same of that year. What is asked of a list of days is shown as that list."""
    rest = essence(YEAR.sub("", said))
    if rest == said or (rest and rest not in scene.words.follow_ups.get(FollowUpKind.REGION, ())):
        return None
    kind, _, id = last.partition(":")
    if kind == "week":
        last = f"topic:{topic_of_series(scene, scene.knowledge.weeks[id].series)}"
    elif kind == "topic" and scene.words.topics[id].observances:
        return show(scene, last)
    return asked_year(scene, reading, last)


def _for_role(scene: Scene, topic: str, said: str) -> Turn | None:
    """ "And for dads?": what the last topic says to them, if anything of its own. Nobody said that it is them."""
    leads = sorted(scene.words.follow_ups.get(FollowUpKind.REGION, ()), key=len, reverse=True)
    lead = next((lead for lead in leads if said.startswith(f"{lead} ")), None)
    if lead is None:
        return None
    name = said.removeprefix(lead).strip()
    for id in scene.words.topics[topic].answers:
        role = scene.words.roles.get(id)
        if role and {name, name.removesuffix("s")} & {one.casefold() for one in (role.label, *role.also_called)}:
            told = show(scene.having(roles=(*scene.conversation.roles, id)), f"topic:{topic}")
            conversation = replace(told.conversation, roles=scene.conversation.roles)
            return replace(told, role=scene.role, conversation=conversation)
    return None


def _more(scene: Scene, _said: FollowUp) -> Turn | None:
    """ "What else?": the next page of the last topic, or what lies near it once its pages are read."""
    last = scene.conversation.last_target
    if last is None or not known(scene, last):
        return _nothing_yet(scene)
    kind, _, id = last.partition(":")
    if kind not in {"topic", "role"}:
        return show(scene, last)
    page = scene.conversation.last_page + (0 if scene.repeated else 1)
    count = count_pages(scene, last)
    if page < count:
        return show(scene, last, page=page)
    if kind == "role":
        return _nothing_yet(scene.having(last_page=count))
    near = fitting(scene, [f"topic:{id}" for id in scene.words.topics[id].near])[:3]
    # One past the last page, so that a repeat of the update says the same.
    return chosen_from(scene.having(last_page=count), near, near_topics(scene.voice, near, Phrase.NOTHING_MORE))


def _again(scene: Scene, _said: FollowUp) -> Turn | None:
    last = scene.conversation.last_target
    return show(scene, last, page=scene.conversation.last_page) if last and known(scene, last) else _nothing_yet(scene)


def _nothing_yet(scene: Scene) -> Turn:
    """Something leans on an answer that was never given: some things to ask about."""
    return turn(scene, Outcome.SETTLED, [menu(scene.voice, after_loss=scene.conversation.after_loss)])


def _other(scene: Scene, _said: FollowUp) -> Turn | None:
    """ "Not that, the other one": what was offered beside the answer, else what lies near it."""
    last = scene.conversation.last_target or ""
    if scene.repeated and not scene.conversation.offered and known(scene, last):
        return show(scene, last)  # it was shown by this very update
    others = tuple(one for one in scene.conversation.offered if one != last and known(scene, one))
    topic = scene.words.topics.get(last.removeprefix("topic:"))
    near = fitting(scene, [f"topic:{id}" for id in topic.near])[:3] if topic else ()
    if others and others != near:
        return show(scene, others[0]) if len(others) == 1 else offering(scene, others)
    if not near:
        return _nothing_yet(scene)
    # What merely lies near is never opened unasked: after a loss that could hurt. A repeat finds it offered already.
    return chosen_from(scene, near, near_topics(scene.voice, near))


def _elsewhere(scene: Scene, said: FollowUp) -> Turn | None:
    return elsewhere(scene, said.region) if said.region else None


def elsewhere(scene: Scene, region: str) -> Turn:
    """ "And in Scotland?": the last answer for that region, where it has one; else the region noted."""
    last = scene.conversation.last_target
    if last and differs_by_region(scene, last):
        return show(scene, last, page=scene.conversation.last_page)
    place = scene.voice.pick(scene.knowledge.regions[region].name)
    noted = Page().line(scene.voice.say(Phrase.REGION_NOTED, region=place)).reply()
    return ask_to_keep(scene, turn(scene, Outcome.SETTLED, [noted]), "region", region)


def _polite(phrase: Phrase) -> Callable[[Scene, FollowUp], Turn | None]:
    def settle(scene: Scene, _: FollowUp) -> Turn | None:
        return turn(scene, Outcome.SETTLED, [Page().line(scene.voice.say(phrase)).reply()])

    return settle


def _forget_words(scene: Scene, _: FollowUp) -> Turn | None:
    return ask_forget(scene)


def _greeted(scene: Scene, _said: FollowUp) -> Turn | None:
    """A bare "hello" gets what /start says: what this is, and ways to begin."""
    return turn(scene, Outcome.SETTLED, [start(scene.voice)])


_FOLLOWED: Mapping[FollowUpKind, Callable[[Scene, FollowUp], Turn | None]] = {
    FollowUpKind.MORE: _more,
    FollowUpKind.AGAIN: _again,
    FollowUpKind.OTHER: _other,
    FollowUpKind.REGION: _elsewhere,
    FollowUpKind.THANKS: _polite(Phrase.THANKS),
    FollowUpKind.GREETING: _greeted,
    FollowUpKind.YES: _polite(Phrase.YES_TO_WHAT),
    FollowUpKind.NO: _polite(Phrase.NO_IS_FINE),
    FollowUpKind.FORGET: _forget_words,
}
"""What each kind of follow-up does; None means: not a follow-up after all, match it."""
