"""The week's own plan: the announcements that stand in its file, shown with their texts and made a draft in one tap."""

from datetime import UTC, date, datetime, time, timedelta

from bot.broadcast.announcement import Announcement, Audience, Content
from bot.broadcast.moment import zone_of
from bot.conversation.desk.pages import ID_SHOWN, desk_button, shortened, zone
from bot.conversation.payloads import Verb, button
from bot.conversation.scene import Scene
from bot.conversation.wording.dates import day, span
from bot.conversation.wording.page import Page, rows
from bot.knowledge.desk_phrases import DeskPhrase
from bot.knowledge.model import Announcement as Planned
from bot.knowledge.model import Week
from bot.messaging import Reply

EVERYONE = "everyone"
"""The text of a plan for readers of every role."""
GOES_OUT_AT = time(9, 30)


def week_planned(scene: Scene) -> Week | None:
    """The edition that is running or comes next, of those with a plan."""
    today = scene.now.date()
    ahead = [week for week in scene.knowledge.weeks.values() if week.announcements and not week.is_over(today)]
    return min(ahead, key=lambda week: (week.starts, week.id), default=None)


def week_named(scene: Scene, shown: str) -> Week:
    """The week that a button names by its beginning. Raises ValueError unless it is exactly one that is not over."""
    (found,) = [
        week
        for week in scene.knowledge.weeks.values()
        if week.id[:ID_SHOWN] == shown and not week.is_over(scene.now.date())
    ]
    return found


def plan_face(scene: Scene, edits: str | None) -> Reply:
    """The announcements of the plan, each one tap away."""
    voice, week = scene.voice, week_planned(scene)
    home = desk_button(voice, DeskPhrase.BUTTON_DESK, "home")
    if week is None:
        return Page().line(voice.say(DeskPhrase.PLAN_NONE)).reply([(home,)], edits=edits)
    dates = span(voice, week.starts, week.ends)
    page = Page().line(voice.say(DeskPhrase.PLAN, name=voice.pick(week.name), dates=dates))
    listed = [
        button(voice.pick(one.title), Verb.DESK, "plan", week.id[:ID_SHOWN], str(number))
        for number, one in enumerate(week.announcements)
    ]
    return page.reply([*rows(listed, 2), (home,)], edits=edits)


def planned_face(scene: Scene, week: Week, number: int, edits: str | None) -> Reply:
    """One announcement of the plan: its texts, and a draft of each in one tap."""
    voice, planned = scene.voice, week.announcements[number]
    date_said = day(voice, _on(week, planned))
    page = Page().title(voice.say(DeskPhrase.PLANNED, title=voice.pick(planned.title), date=date_said))
    if len(planned.texts) > 1:
        page.line(voice.say(DeskPhrase.PLANNED_EACH))
    page.bullets(
        voice.say(DeskPhrase.PLANNED_TEXT, who=_who(scene, whom), words=shortened(voice.pick(said)))
        for whom, said in planned.texts.items()
    )
    drafts = [
        button(_who(scene, whom), Verb.DESK, "plan", week.id[:ID_SHOWN], str(number), whom[:ID_SHOWN])
        for whom in planned.texts
    ]
    back = desk_button(voice, DeskPhrase.BUTTON_PLAN, "plan")
    return page.reply([*rows(drafts, 2), (back,)], edits=edits)


def announcement_planned(scene: Scene, week: Week, number: int, shown: str) -> Announcement:
    """The draft of one text of the plan, at its day where that is still ahead; a week is a cheerful thing to some and
    not to all. Raises ValueError, IndexError.
    """
    planned = week.announcements[number]
    (whom,) = [whom for whom in planned.texts if whom[:ID_SHOWN] == shown]
    roles: frozenset[str] = frozenset() if whom == EVERYONE else frozenset({whom})
    place = zone(scene)
    at = datetime.combine(_on(week, planned), GOES_OUT_AT, zone_of(place)).astimezone(UTC)
    content = Content(scene.voice.pick(planned.texts[whom]))
    return Announcement(content, Audience(roles=roles, celebratory=True), at if at > scene.now else None, place)


def _on(week: Week, planned: Planned) -> date:
    return week.starts + timedelta(days=planned.days_from_start)


def _who(scene: Scene, whom: str) -> str:
    role = scene.words.roles.get(whom)
    return role.label if role else scene.voice.say(DeskPhrase.BUTTON_EVERYBODY)
