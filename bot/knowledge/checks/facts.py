"""Rules about facts: regions, helplines, links, awareness weeks, and the weeks and days of others. Run by `check`."""

from collections.abc import Iterator
from datetime import date

from bot.knowledge.checks.finding import ELSEWHERE, Base, Finding
from bot.knowledge.model import Helpline, Observance, Region, Status, Week

LONGEST_SHORT_NUMBER = 6
"""Digits. Longer numbers can be called from abroad, so their international form belongs beside them."""


def regions(base: Base) -> Iterator[Finding]:
    """Parents, emergency numbers and time zones exist; `elsewhere` does; no name leads to two regions."""
    known = base.knowledge.regions
    if ELSEWHERE not in known:
        yield Finding(None, (), f'region "{ELSEWHERE}" is missing', file="regions.yaml")
    for region in known.values():
        if region.parent is not None:
            yield from base.missing(region, ("parent",), "region", region.parent, known)
            yield from _region_loop(base, region)
        yield from _emergency(base, region)
        if base.zones:
            yield from base.all_missing(region, ("zones",), "time zone", region.zones, base.zones)
    yield from _region_names(base)


def _region_loop(base: Base, region: Region) -> Iterator[Finding]:
    seen, at = {region.id}, region.parent
    while at is not None and at in base.knowledge.regions:
        if at in seen:
            yield Finding(region, ("parent",), f'region "{region.id}" is its own ancestor')
            return
        seen.add(at)
        at = base.knowledge.regions[at].parent


def _emergency(base: Base, region: Region) -> Iterator[Finding]:
    """The emergency number is one that may be shown, and that works there."""
    steps = ("emergency",)
    helpline = base.knowledge.helplines.get(region.emergency)
    if helpline is None:
        yield from base.missing(region, steps, "helpline", region.emergency, base.knowledge.helplines)
        return
    if not base.knowledge.serves(helpline, region.id):
        yield Finding(region, steps, f'helpline "{helpline.id}" does not serve region "{region.id}"')
    if region.id != ELSEWHERE and not (helpline.phone and helpline.status.shows_number):
        yield Finding(region, steps, f'helpline "{helpline.id}" has no number that may be shown')


def _region_names(base: Base) -> Iterator[Finding]:
    taken: dict[tuple[str, str], str] = {}
    for region in base.knowledge.regions.values():
        for language, names in region.also_called.items():
            for index, name in enumerate(names):
                first = taken.setdefault((language, name.casefold()), region.id)
                if first != region.id:
                    steps = ("also_called", language, index)
                    yield Finding(region, steps, f'region "{first}" is called "{name}" already')


def helplines(base: Base) -> Iterator[Finding]:
    """Every line serves a region, can be reached, and says its number and where it was seen in full."""
    for helpline in base.knowledge.helplines.values():
        yield from base.all_missing(helpline, ("serves",), "region", helpline.serves, base.knowledge.regions)
        if not (helpline.phone or helpline.text or helpline.website or helpline.email or helpline.note):
            yield Finding(helpline, (), f'helpline "{helpline.id}" says no way to reach it')
        yield from _number(helpline)


def _number(helpline: Helpline) -> Iterator[Finding]:
    if helpline.phone is None:
        return
    digits = sum(character.isdigit() for character in helpline.phone.spoken)
    if not helpline.phone.international and digits > LONGEST_SHORT_NUMBER:
        yield Finding(helpline, ("phone",), f'helpline "{helpline.id}" needs its number in international form too')
    if helpline.status is Status.OFFICIAL and not any(source.url for source in helpline.sources):
        message = f'helpline "{helpline.id}" is OFFICIAL, so one source needs its address (url)'
        yield Finding(helpline, ("sources",), message)


def resources(base: Base) -> Iterator[Finding]:
    """Every link stands once."""
    by_url: dict[str, str] = {}
    for resource in base.knowledge.resources.values():
        yield from base.all_missing(resource, ("regions",), "region", resource.regions, base.knowledge.regions)
        first = by_url.setdefault(resource.url.rstrip("/"), resource.id)
        if first != resource.id:
            yield Finding(resource, ("url",), f'resource "{first}" has this address already')


def weeks(base: Base) -> Iterator[Finding]:
    """Series have a page; each edition belongs to one and there is one a year."""
    known = base.knowledge
    for series in known.series.values():
        steps = ("official_page",)
        yield from base.missing(series, steps, "resource", series.official_page, known.resources)
        yield from base.all_missing(series, ("regions",), "region", series.regions, known.regions)
    editions: dict[tuple[str, int], str] = {}
    for week in known.weeks.values():
        yield from base.missing(week, ("series",), "series", week.series, known.series)
        yield from base.all_missing(week, ("resources",), "resource", week.resources, known.resources)
        yield from base.all_missing(week, ("regions",), "region", week.regions, known.regions)
        yield from _announced(base, week)
        if week.starts != date.min:
            yield from _dates(week)
            yield from _daily_topics(week)
        first = editions.setdefault((week.series, week.year), week.id)
        if first != week.id:
            yield Finding(week, ("year",), f'week "{first}" is the edition of {week.year} already')


def _dates(week: Week) -> Iterator[Finding]:
    if week.ends < week.starts:
        yield Finding(week, ("ends",), f'week "{week.id}" ends before it starts')
    if week.starts.year != week.year:
        yield Finding(week, ("year",), f'week "{week.id}" starts in {week.starts.year}, not in {week.year}')


def _daily_topics(week: Week) -> Iterator[Finding]:
    for index, daily in enumerate(week.daily_topics):
        if not week.is_running(daily.on):
            yield Finding(week, ("daily_topics", index, "on"), f'{daily.on} is no day of week "{week.id}"')


def _announced(base: Base, week: Week) -> Iterator[Finding]:
    for index, event in enumerate(week.events):
        yield from base.all_missing(week, ("events", index, "regions"), "region", event.regions, base.knowledge.regions)
    audiences = {*base.knowledge.roles, "everyone"}
    seen: set[str] = set()
    for index, announcement in enumerate(week.announcements):
        steps = ("announcements", index)
        if announcement.id in seen:
            yield Finding(week, (*steps, "id"), f'announcement "{announcement.id}" stands twice in this week')
        seen.add(announcement.id)
        for audience in announcement.texts:
            yield from base.missing(week, (*steps, "texts", audience), "role", audience, audiences)


def observances(base: Base) -> Iterator[Finding]:
    """What they name exists, no year stands twice, and none is called what one of our own weeks is called."""
    known = base.knowledge
    ours = {
        (language, name.casefold()): series.id
        for series in known.series.values()
        for language, names in series.also_called.items()
        for name in (*names, series.name.get(language, names[0]))
    }
    for observance in known.observances.values():
        yield from base.all_missing(observance, ("regions",), "region", observance.regions, known.regions)
        yield from base.all_missing(observance, ("resources",), "resource", observance.resources, known.resources)
        for language, names in observance.also_called.items():
            for index, name in enumerate(names):
                taken = ours.get((language, name.casefold()))
                if taken is not None:
                    steps = ("also_called", language, index)
                    yield Finding(observance, steps, f'series "{taken}" is called "{name}" already')
        yield from _held(observance)


def _held(observance: Observance) -> Iterator[Finding]:
    seen: set[int] = set()
    for index, held in enumerate(observance.held):
        steps = ("held", index)
        if held.year in seen:
            yield Finding(observance, (*steps, "year"), f'{held.year} stands twice in observance "{observance.id}"')
        seen.add(held.year)
        if held.starts is None and (held.ends is not None or held.note is None):
            yield Finding(observance, steps, f"{held.year} needs its first day, or a note alone")
        elif held.starts is not None and held.starts.year != held.year:
            yield Finding(observance, (*steps, "starts"), f"{held.starts} is not in {held.year}")
        elif held.starts is not None and held.ends is not None and held.ends < held.starts:
            yield Finding(observance, (*steps, "ends"), f"{held.year} ends before it starts")
