"""The weeks and days that a message asks about: an edition by its theme, a year, the days of others. Called by `asking`
and, for a bare year, by `following`.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.conversation.scene import Scene, Turn
from bot.conversation.showing import LOSS_TARGETS, mourning, show
from bot.conversation.wording.choices import target_buttons
from bot.conversation.wording.observances import observances_card
from bot.conversation.wording.page import Page, rows
from bot.conversation.wording.sources import source_line
from bot.conversation.wording.weeks import year_lines
from bot.knowledge.model import Observance, Week, WeekFacet
from bot.language.reading import Reading
from bot.matching.matcher import Decision

YEAR = re.compile(r"\b(20\d\d)\b")


def named_week(scene: Scene, reading: Reading) -> Week | None:
    """The edition whose theme or hashtag stands in the message, word for word."""
    text = reading.cleaned
    for week in sorted(scene.knowledge.weeks.values(), key=lambda week: week.id):
        theme = scene.voice.pick(week.theme).casefold().rstrip("?!. ") if week.theme else ""
        hashtags = [hashtag.casefold() for hashtag in week.hashtags]
        if any(hashtag in reading.raw.casefold() for hashtag in hashtags) or (theme and theme in text):
            return week
    return None


def asked_year(scene: Scene, reading: Reading, target: str) -> Turn | None:
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


def topic_of_series(scene: Scene, series: str) -> str | None:
    """The topic that says when a series of weeks is, else one that is about it."""
    topics = [topic for topic in scene.words.topics.values() if topic.week is not None and topic.week.series == series]
    dates_first = sorted(
        topics, key=lambda topic: (topic.week is None or topic.week.shows is not WeekFacet.DATES, topic.id)
    )
    return dates_first[0].id if dates_first else None


def asks_for_day(scene: Scene, decision: Decision, targets: Sequence[str]) -> bool:
    """Whether a message asks for the week or day that it names, and not for what that day is about."""
    kind, _, id = targets[0].partition(":") if targets else ("", "", "")
    topic = scene.words.topics.get(id) if kind == "topic" else None
    if kind == "week" or (topic is not None and (topic.week is not None or topic.observances)):
        return True
    # Somebody who may be grieving is asked, and not told of a day.
    return decision is not Decision.ANSWER and LOSS_TARGETS.isdisjoint(targets[:1])


def is_of(scene: Scene, targets: Sequence[str], series: str) -> bool:
    """Whether the target is an edition of a series or a topic about it: who names the week has said what they mean."""
    kind, _, id = targets[0].partition(":") if targets else ("", "", "")
    if kind == "week":
        return scene.knowledge.weeks[id].series == series
    topic = scene.words.topics.get(id) if kind == "topic" else None
    return topic is not None and topic.week is not None and topic.week.series == series


def list_of(scene: Scene, others: Sequence[Observance]) -> str | None:
    """The topic that lists the first of them."""
    topics = scene.words.topics.values()
    return next((topic.id for topic in topics for one in others[:1] if one.id in topic.observances), None)


def observed(scene: Scene, reading: Reading, others: Sequence[Observance], topic: str) -> Turn:
    """The weeks or days of others that a message names."""
    years = [int(year) for year in YEAR.findall(reading.raw)]
    for one in others:
        scene = mourning(scene, f"topic:{one.topic}")
    card = observances_card(scene.voice, others, years=years, listed_in=topic)
    return replace(show(scene, f"topic:{topic}"), replies=(card,))
