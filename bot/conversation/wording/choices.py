"""Menus, did-you-mean and declining: what is said when there is a choice to make or nothing checked to say."""

from collections.abc import Mapping, Sequence

from bot.conversation.payloads import Verb, button, payload
from bot.conversation.wording.helplines import gather, helpline_line, star_note
from bot.conversation.wording.page import Page, rows
from bot.conversation.wording.roles import role_buttons, roles_of
from bot.conversation.wording.voice import Voice
from bot.knowledge.model import Phase, RoleGroup
from bot.knowledge.phrases import Phrase
from bot.messaging import Button, Reply

MOST_MENU_TOPICS = 8
EVERYDAY = "base"
"""The service block of people to ask about anything."""

GROUPS: Mapping[RoleGroup, Phrase] = {
    RoleGroup.FAMILY: Phrase.START_FAMILY,
    RoleGroup.PRACTICE: Phrase.START_PRACTICE,
    RoleGroup.COMMUNITY: Phrase.START_COMMUNITY,
    RoleGroup.POLICY: Phrase.START_POLICY,
    RoleGroup.EMPLOYER: Phrase.START_EMPLOYER,
}
"""What people say who belong to a role group."""
START_GROUPS = (RoleGroup.FAMILY, RoleGroup.PRACTICE, RoleGroup.POLICY, RoleGroup.EMPLOYER)
"""The first question, in order."""
WITH_FAMILIES = {RoleGroup.PRACTICE, RoleGroup.COMMUNITY}
"""Two groups that people mix up: each leads to the other."""

MENU_TOPICS = {
    RoleGroup.FAMILY: ("crying-colic", "sleep", "safe-sleep", "bonding", "low-mood-pnd", "anxiety-worry", "baby-loss"),
    RoleGroup.PRACTICE: ("nursery-practice", "what-is-imh", "parent-infant-teams", "week-get-involved"),
    RoleGroup.COMMUNITY: ("what-is-imh", "week-get-involved", "parent-infant-teams"),
    RoleGroup.POLICY: ("what-is-imh", "parent-infant-teams", "week-dates", "week-get-involved"),
    RoleGroup.EMPLOYER: ("workplace-support", "dads-partners", "baby-loss", "week-get-involved"),
}
"""What a role group is offered first; ids without an entry are left out."""
AFTER_LOSS_TOPICS = ("baby-loss", "pregnancy-after-loss", "low-mood-pnd", "anxiety-worry", "dads-partners")
"""What is offered to anybody who spoke of a loss."""


def target_title(voice: Voice, target: str) -> str | None:
    """The human title of a target; None when it has no entry."""
    kind, _, id = target.partition(":")
    match kind:
        case "topic":
            return voice.words.topics[id].title if id in voice.words.topics else None
        case "role":
            return voice.words.roles[id].label if id in voice.words.roles else None
        case "week":
            return voice.pick(voice.knowledge.weeks[id].name) if id in voice.knowledge.weeks else None
        case "action":
            return voice.words.capabilities[id].title if id in voice.words.capabilities else None
    return None


def target_buttons(voice: Voice, targets: Sequence[str]) -> list[Button]:
    """One button a target; targets without an entry are left out."""
    titled = ((target, target_title(voice, target)) for target in targets)
    return [Button(title, payload=target) for target, title in titled if title]


def start(voice: Voice) -> Reply:
    """Three short lines, and who are you."""
    page = Page()
    for phrase in (Phrase.START_WHAT, Phrase.START_MACHINE, Phrase.START_ASK):
        page.line(voice.say(phrase))
    return page.reply(
        [
            *rows(_group_buttons(voice, START_GROUPS), 1),
            (
                button(voice.say(Phrase.START_LOOKING), Verb.MENU),
                button(voice.say(Phrase.BUTTON_URGENT), Verb.ACTION, "urgent-help"),
            ),
        ]
    )


def choose_role(voice: Voice, group: RoleGroup | None = None) -> Reply:
    """Who are you: the roles of a group (else of the reader's own), and the other groups one tap further."""
    everybody = group is None
    own = voice.knowledge.roles.get(voice.role or "")
    group = group or (own.group if own else None)
    known = voice.words.roles.get(own.id) if own else None
    asked = voice.say(Phrase.ROLE_KNOWN, name=known.label) if known else voice.say(Phrase.ROLE_WHICH)
    roles = [id for id in roles_of(voice, group) if id != voice.role] if group else []
    others = [one for one in GROUPS if one is not group and (everybody or {one, group} == WITH_FAMILIES)]
    return Page().line(asked).reply([*role_buttons(voice, roles), *rows(_group_buttons(voice, others), 1)])


def _group_buttons(voice: Voice, groups: Sequence[RoleGroup]) -> list[Button]:
    return [button(voice.say(GROUPS[group]), Verb.GROUP, group.value) for group in groups]


def menu(voice: Voice, *, after_loss: bool = False) -> Reply:
    """Some things to ask about, by role, and the week; after a loss, neither the week nor anything cheerful."""
    listing = None if after_loss else voice.knowledge.roles.get(voice.role or "")
    ids = AFTER_LOSS_TOPICS if after_loss else MENU_TOPICS[listing.group if listing else RoleGroup.FAMILY]
    topics = target_buttons(voice, [f"topic:{id}" for id in ids[:MOST_MENU_TOPICS]])
    own = [button(voice.say(Phrase.BUTTON_MY_ROLE), Verb.TAB, listing.id, Phase.ALL_YEAR)] if listing else []
    week = [] if after_loss else [button(voice.say(Phrase.BUTTON_WEEK), Verb.TOPIC, "week-what-is")]
    updates = [] if after_loss else [button(voice.say(Phrase.BUTTON_UPDATES), Verb.UPDATES, "show")]
    rest = [
        *week,
        button(voice.say(Phrase.BUTTON_CHANGE_ROLE), Verb.ACTION, "change-role"),
        *updates,
        button(voice.say(Phrase.BUTTON_PERSON), Verb.ACTION, "human-help"),
        button(voice.say(Phrase.BUTTON_URGENT), Verb.ACTION, "urgent-help"),
    ]
    return Page().line(voice.say(Phrase.MENU)).reply([*rows(topics, 2), *rows(own, 1), *rows(rest, 2)])


def near_topics(voice: Voice, targets: Sequence[str], said: Phrase = Phrase.OTHER_TOPICS) -> Reply:
    """What lies near an answer, and the menu."""
    near = target_buttons(voice, targets)
    page = Page().line(voice.say(said))
    return page.reply([*rows(near, 1), (button(voice.say(Phrase.BUTTON_MENU), Verb.MENU),)])


def did_you_mean(voice: Voice, targets: Sequence[str]) -> Reply:
    """At most three readings of a question; whoever has a region sees one place to ask there in the meantime."""
    page = Page().line(voice.say(Phrase.DID_YOU_MEAN if len(targets) > 1 else Phrase.DID_YOU_MEAN_THIS))
    if voice.place:
        _, found = gather(voice, (), [voice.words.services[EVERYDAY]])
        shown = found[:1]
        heading = voice.say(Phrase.HELP_MEANWHILE, where=voice.within())
        page.block(heading, [helpline_line(voice, one) for one in shown]).small(star_note(voice, shown))
    none = button(voice.say(Phrase.BUTTON_NONE_OF_THESE), Verb.MENU)
    return page.reply([*rows(target_buttons(voice, targets), 1), (none,)])


def alternatives(voice: Voice, reply: Reply, targets: Sequence[str]) -> Reply:
    """The same card with up to two other readings of the question below its buttons, above those to rate it."""
    others = [
        Button(voice.say(Phrase.BUTTON_OR, title=one.label), payload=one.payload)
        for one in target_buttons(voice, targets)
    ]
    if not others:
        return reply
    ratings = [row for row in reply.buttons if any((one.payload or "").startswith(f"{Verb.RATE}:") for one in row)]
    above = [row for row in reply.buttons if row not in ratings]
    return Reply(reply.spans, (*above, *((one,) for one in others), *ratings), reply.edits)


def declined(voice: Voice, phrase: Phrase, **gaps: object) -> Reply:
    """A kind sentence and a way on: the menu and a person."""
    return (
        Page()
        .line(voice.say(phrase, **gaps))
        .reply(
            [
                (
                    button(voice.say(Phrase.BUTTON_MENU), Verb.MENU),
                    button(voice.say(Phrase.BUTTON_PERSON), Verb.ACTION, "human-help"),
                )
            ]
        )
    )


def keep_question(voice: Voice, phrase: Phrase, kind: str, id: str, name: str) -> Reply:
    """Whether to remember a role or region for next time; nothing is kept without a yes."""
    return (
        Page()
        .line(voice.say(phrase, name=name))
        .reply(
            [
                (
                    Button(voice.say(Phrase.BUTTON_KEEP), payload=payload(Verb.KEEP, kind, id)),
                    Button(voice.say(Phrase.BUTTON_KEEP_NOT), payload=payload(Verb.KEEP, "no")),
                )
            ]
        )
    )
