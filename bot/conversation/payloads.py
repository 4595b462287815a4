"""What buttons carry. A payload is a verb and its arguments, `verb:argument:…`, looked up in a fixed table by
`pressing`; none can name a function, and an old one still works. At most 64 bytes (checked when a `Button` is made).
"""

from dataclasses import dataclass
from enum import StrEnum

from bot.messaging import Button


class Verb(StrEnum):
    TOPIC = "topic"
    """topic id"""
    MORE = "more"
    """topic id, page: further pointers in place of the first ones"""
    SIGNS = "signs"
    """topic id: when to see a doctor"""
    OTHER = "other"
    """topic id: the topics near it"""
    ROLE = "role"
    """role id: pick it and see its card"""
    GROUP = "group"
    """role group: the roles in it"""
    TAB = "tab"
    """role id, phase"""
    ACT = "act"
    """role id, phase, action id: one action opened"""
    WEEK = "week"
    """week id"""
    ACTION = "action"
    """capability id"""
    MENU = "menu"
    REGIONS = "regions"
    """kind and id of the target to come back to, both optional"""
    REGION = "region"
    """region id, then kind and id of the target to show again, both optional"""
    KEEP = "keep"
    """`role` or `region`, and the id; or `no`"""
    RATE = "rate"
    """a `Verdict`, topic id"""
    FORGET = "forget"
    """`yes` or `no`"""
    UPDATES = "updates"
    """`show`, `stop` or `no`; or what is chosen and the wanted state: a kind of announcement or `no-celebration` with
    `on` or `off`, `pause` with a day or `off`"""
    SAFE = "safe"
    """`with-someone`, `danger`, `no-danger` or `more`, and the alarm family"""
    DESK = "desk"
    """of the organiser's desk, `desk/presses.py`; means nothing to anybody else"""


@dataclass(frozen=True, slots=True)
class Payload:
    verb: Verb
    arguments: tuple[str, ...] = ()


def payload(verb: Verb, *arguments: str) -> str:
    return ":".join((verb.value, *arguments))


def parse(text: str) -> Payload | None:
    """None for anything that no button of ours ever carried."""
    verb, *arguments = text.split(":")
    return Payload(Verb(verb), tuple(arguments)) if verb in set(Verb) else None


def button(label: str, verb: Verb, *arguments: str) -> Button:
    return Button(label, payload=payload(verb, *arguments))


ANNOUNCEMENT_STOP = payload(Verb.UPDATES, "stop")
"""What Stop carries under an announcement, and under nothing else: by it an announcement's message is recognised."""
ANNOUNCEMENT_STOP_LINK = "updates_stop"
"""The word of the deep link that does the same, for albums: they have no buttons."""
