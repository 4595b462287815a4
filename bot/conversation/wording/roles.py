"""A role as a card: why it matters, and its actions by phase as tabs that edit the same message."""

from collections.abc import Iterable

from bot.conversation.payloads import Verb, button
from bot.conversation.wording.page import Page, link, rows
from bot.conversation.wording.sources import review_line, source_line
from bot.conversation.wording.voice import Voice
from bot.knowledge.model import Action, Phase, RoleGroup, RoleWords
from bot.knowledge.phrases import Phrase
from bot.messaging import Button, Reply

MOST_RESOURCES = 6

PHASE_NAMES = {
    Phase.BEFORE: Phrase.PHASE_BEFORE,
    Phase.DURING: Phrase.PHASE_DURING,
    Phase.AFTER: Phrase.PHASE_AFTER,
    Phase.ALL_YEAR: Phrase.PHASE_ALL_YEAR,
}


def role_card(voice: Voice, role: RoleWords, phase: Phase, *, edits: str | None = None) -> Reply:
    """One phase of a role; the other phases are a tap away."""
    phases = [one for one in Phase if one in role.actions]
    shown = phase if phase in phases else phases[0]
    actions = role.actions[shown]
    page = Page().title(role.label).line(role.why)
    page.block(
        voice.say(PHASE_NAMES[shown]), [f"{n}. {action.do}" for n, action in enumerate(actions, 1)], bulleted=False
    )
    page.small(source_line(voice, role.sources, role.review))
    tabs = [button(_tab(voice, one, chosen=one is shown), Verb.TAB, role.id, one.value) for one in phases]
    opened = [
        button(voice.say(Phrase.BUTTON_HOW, number=n), Verb.ACT, role.id, shown.value, action.id)
        for n, action in enumerate(actions, 1)
    ]
    last = (
        button(voice.say(Phrase.BUTTON_LINKS), Verb.ACTION, "role-resources"),
        button(voice.say(Phrase.BUTTON_MENU), Verb.MENU),
    )
    return page.reply([*rows(opened, 5), *rows(tabs, 2), last], edits=edits)


def action_card(voice: Voice, role: RoleWords, phase: Phase, action: Action, *, edits: str | None = None) -> Reply:
    """One action opened: what, why, how, and where to read on."""
    page = Page().title(action.do)
    page.line(voice.say(Phrase.ACTION_WHY, why=action.why)).line(voice.say(Phrase.ACTION_HOW, how=action.how))
    page.small(review_line(voice, role.sources, role.review))
    back = button(voice.say(Phrase.BUTTON_BACK), Verb.TAB, role.id, phase.value)
    return page.reply([*rows(resource_buttons(voice, action.resources), 1), (back,)], edits=edits)


def resources_card(voice: Voice, role: RoleWords) -> Reply:
    """The links for a role, each with a few words about it."""
    listed = [voice.knowledge.resources[id] for id in role.resources][:MOST_RESOURCES]
    page = Page().title(voice.say(Phrase.RESOURCES_HEADING, role=role.label))
    page.bullets(f"{resource.title}: {voice.pick(resource.about)}" for resource in listed)
    page.small(review_line(voice, role.sources, role.review))
    return page.reply(rows(resource_buttons(voice, role.resources), 1))


def resource_buttons(voice: Voice, ids: tuple[str, ...]) -> list[Button]:
    resources = [voice.knowledge.resources[id] for id in ids]
    return [link(resource.title, resource.url) for resource in resources if not resource.archived][:MOST_RESOURCES]


def roles_of(voice: Voice, group: RoleGroup) -> list[str]:
    """The roles of a group that have words, in the order of the list."""
    return [id for id, role in voice.knowledge.roles.items() if role.group is group and id in voice.words.roles]


def role_buttons(voice: Voice, roles: Iterable[str]) -> list[tuple[Button, ...]]:
    """Roles by what people say of themselves."""
    return rows((button(voice.words.roles[id].speaking, Verb.ROLE, id) for id in roles), 2)


def phases(voice: Voice, role: RoleWords) -> list[Phase]:
    """The phases of a role in the order in which they are told: first what fits a week that is on now, else any day."""
    running = any(week.is_running(voice.today) for week in voice.knowledge.weeks.values())
    first = Phase.DURING if running else Phase.ALL_YEAR
    listed = [phase for phase in Phase if phase in role.actions]
    return sorted(listed, key=lambda phase: phase is not first)


def _tab(voice: Voice, phase: Phase, *, chosen: bool) -> str:
    name = voice.say(PHASE_NAMES[phase])
    return voice.say(Phrase.TAB_CHOSEN, name=name) if chosen else name
