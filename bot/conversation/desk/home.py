"""All announcements at a glance: what is under way, what is over, and the way to a new one."""

from bot.conversation.desk.model import Desk, Right
from bot.conversation.desk.pages import desk_button, listed
from bot.conversation.payloads import Verb, button
from bot.conversation.scene import Scene
from bot.conversation.wording.page import LABELS_FIT, Page, rows
from bot.knowledge.desk_phrases import DeskPhrase
from bot.messaging import Reply

MOST_LISTED = 20
LABEL_WORDS = 16


def home_face(scene: Scene, desk: Desk, edits: str | None) -> Reply:
    """The queue, oldest first, each one a button; who may compose finds the ways to a new one."""
    voice = scene.voice
    under_way, over = desk.open[-MOST_LISTED:], desk.over
    page = Page().title(voice.say(DeskPhrase.HOME))
    page.block(voice.say(DeskPhrase.HOME_OPEN), [listed(voice, one) for one in under_way])
    page.block(voice.say(DeskPhrase.HOME_OVER), [listed(voice, one) for one in over])
    if not under_way:
        page.line(voice.say(DeskPhrase.HOME_NOTHING))
    new = [
        desk_button(voice, DeskPhrase.BUTTON_NEW, "new"),
        desk_button(voice, DeskPhrase.BUTTON_PLAN, "plan"),
    ]
    opened = [
        button(listed(voice, one, LABEL_WORDS)[: LABELS_FIT[1]], Verb.DESK, "open", str(one.id))
        for one in (*under_way, *over)
    ]
    return page.reply([*rows(new if desk.may(Right.COMPOSE) else [], 2), *rows(opened, 1)], edits=edits)
