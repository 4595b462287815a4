"""What the bot does when asked in words: one function a capability id (`action:ID`), all in one table."""

from collections.abc import Callable, Mapping

from bot.conversation.privacy import confirm_stop, tell_privacy
from bot.conversation.scene import Outcome, Scene, Turn, turn
from bot.conversation.subscribing import tell_updates
from bot.conversation.wording.alarms import urgent_card
from bot.conversation.wording.choices import choose_role, declined
from bot.conversation.wording.helplines import gather, helpline_line, star_note, website_buttons
from bot.conversation.wording.page import Page, link, rows
from bot.conversation.wording.places import region_buttons
from bot.conversation.wording.roles import resources_card
from bot.knowledge.phrases import Phrase

LISTENING, EVERYDAY = "listening", "base"
"""The service blocks behind "talk to a person"."""


def _about(scene: Scene) -> Turn:
    page = Page()
    for phrase in (Phrase.ABOUT_WHAT, Phrase.ABOUT_MACHINE, Phrase.ABOUT_SOURCES, Phrase.ABOUT_LIMITS):
        page.line(scene.voice.say(phrase))
    return turn(scene, Outcome.SETTLED, [page.reply()])


def _human_help(scene: Scene) -> Turn:
    blocks = [scene.words.services[id] for id in (LISTENING, EVERYDAY)]
    said, found = gather(scene.voice, (), blocks)
    page = Page().line(scene.voice.say(Phrase.PERSON_INTRO))
    heading = scene.voice.say(Phrase.HELP_HEADING, where=scene.voice.within())
    page.block(heading, [*said, *(helpline_line(scene.voice, one) for one in found)]).small(
        star_note(scene.voice, found)
    )
    places = [] if scene.region else region_buttons(scene.voice, ("action", "human-help"))
    return turn(scene, Outcome.SETTLED, [page.reply([*places, *rows(website_buttons(found), 1)])])


def _urgent_help(scene: Scene) -> Turn:
    return turn(scene, Outcome.SETTLED, [urgent_card(scene.voice)])


def _newsletter(scene: Scene) -> Turn:
    pages = {knowledge.official_page: None for knowledge in scene.knowledge.series.values()}
    resources = [scene.knowledge.resources[id] for id in pages]
    return tell_updates(scene, links=[link(resource.title, resource.url) for resource in resources])


def _role_resources(scene: Scene) -> Turn:
    role = scene.words.roles.get(scene.role or "")
    if role is not None:
        return turn(scene, Outcome.SETTLED, [resources_card(scene.voice, role)])
    return _change_role(scene)


def _change_role(scene: Scene) -> Turn:
    return turn(scene, Outcome.SETTLED, [choose_role(scene.voice)])


def _change_region(scene: Scene) -> Turn:
    page = Page().line(scene.voice.say(Phrase.REGION_WHICH))
    return turn(scene, Outcome.SETTLED, [page.reply(region_buttons(scene.voice))])


CAPABILITIES: Mapping[str, Callable[[Scene], Turn]] = {
    "about-the-bot": _about,
    "change-region": _change_region,
    "change-role": _change_role,
    "human-help": _human_help,
    "newsletter": _newsletter,
    "opt-out": confirm_stop,
    "privacy": tell_privacy,
    "role-actions": _change_role,
    "role-resources": _role_resources,
    "urgent-help": _urgent_help,
}
"""`role-actions` asks for the role; once it is known, `showing` turns it into the role's card."""


def no_answer(scene: Scene, phrase: Phrase, **gaps: object) -> Turn:
    """An honest "I do not have a checked answer", with a way on."""
    return turn(scene, Outcome.DECLINE, [declined(scene.voice, phrase, **gaps)])
