"""A question in words: what it leans on, names and matches. Called by `respond` after the safety screen."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from bot.conversation.capabilities import no_answer
from bot.conversation.model import IDLE
from bot.conversation.naming import named
from bot.conversation.privacy import CONFIRM_FORGET, ask_forget, do_not_forget, forget
from bot.conversation.scene import Outcome, Scene, Turn, turn
from bot.conversation.showing import LOSS_TARGETS, count_pages, differs_by_region, fitting, known, show
from bot.conversation.wording.alarms import emergency_only, misread, more_help
from bot.conversation.wording.choices import (
    alternatives,
    did_you_mean,
    keep_question,
    menu,
    near_topics,
    start,
    target_buttons,
)
from bot.conversation.wording.observances import observances_card
from bot.conversation.wording.page import Page, rows
from bot.conversation.wording.sources import source_line
from bot.conversation.wording.voice import Voice
from bot.conversation.wording.weeks import year_lines
from bot.knowledge.model import Observance, Week
from bot.knowledge.phrases import Phrase
from bot.language.reading import Reading
from bot.matching.follow_up import FollowUp, FollowUpKind
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

YEAR = re.compile(r"\b(20\d\d)\b")

CHANGE_REGION = "action:change-region"
IN_DANGER = "in-danger:"
"""The step after an alarm card, with its family: a typed "yes" or "no" answers the question on the card."""


def in_danger(family: str) -> str:
    return f"{IN_DANGER}{family}"


def answer(scene: Scene, reading: Reading) -> Turn:
    """The turn for words that raised no alarm. `scene` already knows the role and region said in them."""
    if scene.conversation.step != IDLE:
        settled = _settle(scene, reading)
        if settled is not None:
            return settled
        scene = scene.having(step=IDLE)
    if not reading.cleaned.strip():
        return no_answer(scene, Phrase.DECLINE_GIBBERISH)
    if reading.too_long:
        return no_answer(scene, Phrase.DECLINE_TOO_LONG)
    follow_up = scene.mind.speaker.follow_up(reading)
    if follow_up is not None:
        followed = _FOLLOWED[follow_up.kind](scene, follow_up)
        if followed is not None:
            return followed
    named = _named_week(scene, reading)
    if named is not None:
        return show(scene, f"week:{named.id}")
    return _matched(scene, reading)


def notice(scene: Scene, reading: Reading) -> Scene:
    """The scene with the role and region that a message says; kept for this conversation alone."""
    said = [role for role in scene.mind.speaker.said_roles(reading) if role in scene.words.roles]
    roles = tuple(dict.fromkeys((*(r for r in scene.conversation.roles if r not in said), *reversed(said))))
    region = scene.mind.speaker.said_region(reading, known=scene.region) or scene.conversation.region
    return scene.having(roles=roles, region=region)


def _matched(scene: Scene, reading: Reading) -> Turn:
    match = scene.mind.matcher.match(reading, role=scene.role)
    targets = tuple(target for target in match.targets if known(scene, target))
    dated = named(scene.knowledge, scene.words, reading)
    others = [one for one in dated if isinstance(one, Observance)]
    listed_in = _list_of(scene, others)
    if listed_in is not None and _asks_for_day(scene, match.decision, targets):
        return replace(_observed(scene, reading, others, listed_in), why=match.because)
    if match.decision is Decision.OFFER and any(_is_of(scene, targets[:1], one.id) for one in dated):
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
        return _elsewhere(scene, FollowUp(FollowUpKind.REGION, region)) or show(scene, target)
    scene = _mourning(scene, target)
    # After an alarm the person leads: nothing but what they asked for.
    others = () if scene.conversation.after_alarm else fitting(scene, targets[1:3])
    dated = _asked_year(scene, reading, target)
    shown = dated if dated is not None else show(scene, target)
    card, rest = shown.replies[0], (*shown.replies[1:], *_keep_role(scene, reading, target))
    if isinstance(card, Reply):
        card = alternatives(scene.voice, card, others)
    conversation = replace(shown.conversation, offered=others)
    return replace(shown, replies=(card, *rest), offered=others, conversation=conversation, why=match.because)


def _offered(scene: Scene, targets: Sequence[str], match: Match) -> Turn:
    scene = _mourning(scene, targets[0])
    return replace(_offering(scene, fitting(scene, targets) or targets), why=match.because)


def _mourning(scene: Scene, target: str) -> Scene:
    return scene.having(after_loss=scene.conversation.after_loss or target in LOSS_TARGETS)


def _offering(scene: Scene, targets: Sequence[str]) -> Turn:
    offered = tuple(targets[:3])
    conversation = replace(scene.conversation, offered=offered)
    return turn(scene, Outcome.OFFER, [did_you_mean(scene.voice, offered)], offered=offered, conversation=conversation)


def _keep_role(scene: Scene, reading: Reading, target: str) -> list[Reply]:
    """After somebody said who they are and got their role's card: whether to remember it."""
    role = target.removeprefix("role:")
    return keep_offer(scene, "role", role) if role in scene.mind.speaker.said_roles(reading) else []


def keep_offer(scene: Scene, kind: str, id: str) -> list[Reply]:
    """The question whether to remember a role or region, where it is not remembered already."""
    contact = scene.contact
    remembered = contact is not None and (id in contact.roles if kind == "role" else contact.region == id)
    if remembered or scene.conversation.after_alarm:
        return []
    if kind == "role":
        return [keep_question(scene.voice, Phrase.KEEP_ROLE, kind, id, scene.words.roles[id].label)]
    place = scene.voice.pick(scene.knowledge.regions[id].name)
    return [keep_question(scene.voice, Phrase.KEEP_REGION, kind, id, place)]


def _named_week(scene: Scene, reading: Reading) -> Week | None:
    """The edition whose theme or hashtag stands in the message, word for word."""
    text = reading.cleaned
    for week in sorted(scene.knowledge.weeks.values(), key=lambda week: week.id):
        theme = scene.voice.pick(week.theme).casefold().rstrip("?!. ") if week.theme else ""
        hashtags = [hashtag.casefold() for hashtag in week.hashtags]
        if any(hashtag in reading.raw.casefold() for hashtag in hashtags) or (theme and theme in text):
            return week
    return None


def _asked_year(scene: Scene, reading: Reading, target: str) -> Turn | None:
    """A week topic asked of a certain year: that edition, or that nothing checked is known of it."""
    kind, _, id = target.partition(":")
    years = [int(year) for year in YEAR.findall(reading.raw)]
    topic = scene.words.topics.get(id) if kind == "topic" else None
    if topic is None or topic.week is None or not years:
        return None
    series = scene.knowledge.series[topic.week.series]
    edition = next((w for w in scene.knowledge.weeks.values() if (w.series, w.year) == (series.id, years[0])), None)
    if edition is not None:
        return show(scene, f"week:{edition.id}")
    lines = year_lines(scene.voice, series, years[0])
    previous = target_buttons(scene.voice, ["topic:week-previous"])
    page = Page().title(topic.title).bullets(lines).small(source_line(scene.voice, series.sources, series.review))
    return replace(show(scene, target), replies=(page.reply(rows(previous, 1)),))


def _asks_for_day(scene: Scene, decision: Decision, targets: Sequence[str]) -> bool:
    """Whether a message asks for the week or day that it names, and not for what that day is about."""
    kind, _, id = targets[0].partition(":") if targets else ("", "", "")
    topic = scene.words.topics.get(id) if kind == "topic" else None
    if kind == "week" or (topic is not None and (topic.week is not None or topic.observances)):
        return True
    # Somebody who may be grieving is asked, and not told of a day.
    return decision is not Decision.ANSWER and LOSS_TARGETS.isdisjoint(targets[:1])


def _is_of(scene: Scene, targets: Sequence[str], series: str) -> bool:
    """Whether the target is an edition of a series or a topic about it: who names the week has said what they mean."""
    kind, _, id = targets[0].partition(":") if targets else ("", "", "")
    if kind == "week":
        return scene.knowledge.weeks[id].series == series
    topic = scene.words.topics.get(id) if kind == "topic" else None
    return topic is not None and topic.week is not None and topic.week.series == series


def _list_of(scene: Scene, others: Sequence[Observance]) -> str | None:
    """The topic that lists the first of them."""
    topics = scene.words.topics.values()
    return next((topic.id for topic in topics for one in others[:1] if one.id in topic.observances), None)


def _observed(scene: Scene, reading: Reading, others: Sequence[Observance], topic: str) -> Turn:
    """The weeks or days of others that a message names."""
    years = [int(year) for year in YEAR.findall(reading.raw)]
    for one in others:
        scene = _mourning(scene, f"topic:{one.topic}")
    card = observances_card(scene.voice, others, years=years, listed_in=topic)
    return replace(show(scene, f"topic:{topic}"), replies=(card,))


def _settle(scene: Scene, reading: Reading) -> Turn | None:
    """Short words to the question that was asked last; None for anything else, and the question is dropped."""
    follow_up = scene.mind.speaker.follow_up(reading)
    step, kind = scene.conversation.step, follow_up.kind if follow_up else None
    if step == CONFIRM_FORGET and kind in {FollowUpKind.YES, FollowUpKind.NO}:
        return forget(scene) if kind is FollowUpKind.YES else do_not_forget(scene)
    helped = _AFTER_ALARM.get(kind) if kind and step.startswith(IN_DANGER) else None
    if helped is None:
        return None
    return turn(scene, Outcome.SETTLED, [helped(scene.voice, step.removeprefix(IN_DANGER))])


_AFTER_ALARM: Mapping[FollowUpKind, Callable[[Voice, str], Reply]] = {
    FollowUpKind.YES: lambda voice, _: emergency_only(voice),
    FollowUpKind.NO: lambda voice, family: more_help(voice, family, answered_no=True),
    FollowUpKind.MORE: more_help,
    FollowUpKind.AGAIN: more_help,
    FollowUpKind.REGION: more_help,
    FollowUpKind.OTHER: lambda voice, _: misread(voice),
}
"""What short words mean right after an alarm card: they belong to it, and its question stays open."""


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
    reply = near_topics(scene.voice, near, Phrase.NOTHING_MORE)
    # One past the last page, so that a repeat of the update says the same.
    conversation = replace(scene.conversation, last_page=count, offered=near)
    return turn(scene, Outcome.OFFER, [reply], offered=near, conversation=conversation)


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
        return show(scene, others[0]) if len(others) == 1 else _offering(scene, others)
    if not near:
        return _nothing_yet(scene)
    # What merely lies near is never opened unasked: after a loss that could hurt. A repeat finds it offered already.
    conversation = replace(scene.conversation, offered=near)
    return turn(scene, Outcome.OFFER, [near_topics(scene.voice, near)], offered=near, conversation=conversation)


def _elsewhere(scene: Scene, follow_up: FollowUp) -> Turn | None:
    """ "And in Scotland?": the last answer for that region, where it has one; else the region noted."""
    last = scene.conversation.last_target
    region = follow_up.region
    if region is None:
        return None
    if last and differs_by_region(scene, last):
        return show(scene, last, page=scene.conversation.last_page)
    place = scene.voice.pick(scene.knowledge.regions[region].name)
    settled = Page().line(scene.voice.say(Phrase.REGION_NOTED, region=place)).reply()
    return turn(scene, Outcome.SETTLED, [settled, *keep_offer(scene, "region", region)])


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
