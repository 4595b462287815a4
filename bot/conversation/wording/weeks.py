"""Awareness weeks in words, worked out against today.

A date in the past is never spoken of as coming, a year without a checked source is said to have none, and nothing is
worked out from a pattern.
"""

from collections.abc import Callable, Mapping

from bot.conversation.payloads import Verb, button
from bot.conversation.wording.dates import span
from bot.conversation.wording.page import Page, link, rows
from bot.conversation.wording.sources import source_line
from bot.conversation.wording.voice import Voice
from bot.knowledge.model import Facet, Knowledge, Series, Week, WeekFacet
from bot.knowledge.phrases import Phrase
from bot.messaging import Reply

MOST_EDITIONS = 12


def editions(knowledge: Knowledge, series: str) -> list[Week]:
    """The known editions of a series, latest first."""
    return sorted((w for w in knowledge.weeks.values() if w.series == series), key=lambda w: w.starts, reverse=True)


def facet_lines(voice: Voice, facet: Facet) -> list[str]:
    """The lines of one facet of a series, as of today."""
    series = voice.knowledge.series[facet.series]
    return _FACETS[facet.shows](voice, series)


def year_lines(voice: Voice, series: Series, year: int) -> list[str]:
    """When the edition of one year is, or that nothing checked is known of it."""
    known = next((week for week in editions(voice.knowledge, series.id) if week.year == year), None)
    if known is None:
        return [_unknown(voice, series, [year])]
    return [when(voice, known)]


def when(voice: Voice, week: Week) -> str:
    """ "It is on now: …", "It is coming: …" or "… It is over.", never a past date as coming."""
    phrase = (
        Phrase.WEEK_RUNNING
        if week.is_running(voice.today)
        else Phrase.WEEK_WAS
        if week.is_over(voice.today)
        else Phrase.WEEK_COMING
    )
    return voice.say(phrase, name=voice.pick(week.name), dates=span(voice, week.starts, week.ends))


def week_card(voice: Voice, week: Week, *, edits: str | None = None) -> Reply:
    """One edition, whole."""
    page = Page().title(voice.pick(week.name)).line(when(voice, week))
    page.line(_theme(voice, week))
    page.line(_hashtags(voice, week))
    if week.goal:
        page.line(voice.pick(week.goal))
    days = [f"{span(voice, daily.on, daily.on)}: {voice.pick(daily.topic)}" for daily in week.daily_topics]
    page.block(voice.say(Phrase.WEEK_DAILY_TOPICS), days)
    page.block(voice.say(Phrase.WEEK_HAPPENED), voice.pick(week.happened) if week.happened else ())
    page.block(voice.say(Phrase.WEEK_TAKE_PART), voice.pick(week.take_part) if week.take_part else ())
    if week.pledge:
        page.line(voice.pick(week.pledge))
    page.small(source_line(voice, week.sources, week.review))
    links = [voice.knowledge.resources[id] for id in week.resources if not voice.knowledge.resources[id].archived]
    official = voice.knowledge.resources[voice.knowledge.series[week.series].official_page]
    urls = {resource.url: link(resource.title, resource.url) for resource in (official, *links)}
    others = button(voice.say(Phrase.BUTTON_PREVIOUS_WEEKS), Verb.TOPIC, "week-previous")
    return page.reply([*rows(urls.values(), 1), (others,)], edits=edits)


def _theme(voice: Voice, week: Week) -> str:
    if week.theme is None:
        return voice.say(Phrase.WEEK_THEME, theme=voice.say(Phrase.WEEK_NO_THEME))
    return voice.say(Phrase.WEEK_THEME, theme=voice.pick(week.theme))


def _unknown(voice: Voice, series: Series, years: list[int]) -> str:
    official = voice.knowledge.resources[series.official_page]
    listed = voice.say(Phrase.LIST_AND).join(str(year) for year in years)
    return voice.say(Phrase.WEEK_UNKNOWN, years=listed, page=official.url)


def _dates(voice: Voice, series: Series) -> list[str]:
    known = editions(voice.knowledge, series.id)
    lines = [when(voice, week) for week in known if not week.is_over(voice.today)]
    last = next((week for week in known if week.is_over(voice.today)), None)
    asked = [voice.today.year] if voice.today.month <= series.month else [voice.today.year, voice.today.year + 1]
    unknown = [year for year in asked if year not in {week.year for week in known}]
    if unknown:
        lines.append(_unknown(voice, series, unknown))
    if last is not None and not any(week.is_running(voice.today) for week in known):
        lines.append(voice.say(Phrase.WEEK_LAST_KNOWN, when=when(voice, last)))
    return lines


def _latest(voice: Voice, series: Series) -> Week | None:
    return next(iter(editions(voice.knowledge, series.id)), None)


def _of_latest(line: Callable[[Voice, Week], list[str]]) -> "_FacetLines":
    """A facet that one edition has: the latest known edition's, always with its year."""

    def lines(voice: Voice, series: Series) -> list[str]:
        week = _latest(voice, series)
        if week is None:
            return [_unknown(voice, series, [voice.today.year])]
        unknown = [] if week.year >= voice.today.year else [_unknown(voice, series, [voice.today.year])]
        return [when(voice, week), *line(voice, week), *unknown]

    return lines


def _about(voice: Voice, series: Series) -> list[str]:
    return [voice.pick(series.about), *_dates(voice, series)]


def _take_part(voice: Voice, series: Series) -> list[str]:
    return [*_dates(voice, series)[:1], *voice.pick(series.take_part)]


def _previous(voice: Voice, series: Series) -> list[str]:
    past = [week for week in editions(voice.knowledge, series.id) if week.is_over(voice.today)][:MOST_EDITIONS]
    return [
        voice.say(
            Phrase.WEEK_EDITION,
            year=week.year,
            dates=span(voice, week.starts, week.ends),
            theme=voice.pick(week.theme) if week.theme else voice.say(Phrase.WEEK_NO_THEME),
        )
        for week in past
    ]


def _hashtags(voice: Voice, week: Week) -> str:
    if not week.hashtags:
        return voice.say(Phrase.WEEK_NO_HASHTAGS, name=voice.pick(week.name))
    return voice.say(Phrase.WEEK_HASHTAGS, hashtags=" ".join(week.hashtags))


def _event_lines(voice: Voice, week: Week) -> list[str]:
    return [f"{span(voice, e.on, e.on)}: {voice.pick(e.title)}" for e in week.events] or [
        voice.say(Phrase.WEEK_NO_EVENTS)
    ]


def _pledge_lines(voice: Voice, week: Week) -> list[str]:
    return [voice.pick(week.pledge) if week.pledge else voice.say(Phrase.WEEK_NO_PLEDGE)]


def _resources(voice: Voice, series: Series) -> list[str]:
    week = _latest(voice, series)
    listed = [voice.knowledge.resources[id] for id in week.resources] if week else []
    lines = [f"{resource.title}: {resource.url}" for resource in listed if not resource.archived]
    return lines or [_unknown(voice, series, [voice.today.year])]


_FacetLines = Callable[[Voice, Series], list[str]]

_FACETS: Mapping[WeekFacet, _FacetLines] = {
    WeekFacet.ABOUT: _about,
    WeekFacet.DATES: _dates,
    WeekFacet.THEME: _of_latest(lambda voice, week: [_theme(voice, week)]),
    WeekFacet.HASHTAGS: _of_latest(lambda voice, week: [_hashtags(voice, week)]),
    WeekFacet.TAKE_PART: _take_part,
    WeekFacet.PREVIOUS: _previous,
    WeekFacet.EVENTS: _of_latest(_event_lines),
    WeekFacet.RESOURCES: _resources,
    WeekFacet.PLEDGE: _of_latest(_pledge_lines),
}
