"""A small knowledge base for the tests of matching: real example messages, made-up entries, no words of editors."""

from collections.abc import Iterable
from datetime import date
from functools import cache
from typing import Any

from bot.knowledge.model import (
    Action,
    AlarmExample,
    Answer,
    Capability,
    Examples,
    Facet,
    Knowledge,
    Phase,
    Region,
    Review,
    RoleExample,
    RoleWords,
    ScopeExample,
    Source,
    Topic,
    TopicExample,
    Week,
    WeekFacet,
    Words,
)
from bot.knowledge.model import Status as SourceStatus
from bot.matching.encoder_matcher import EncoderMatcher
from tests.language.opened import encoder, rows, vectors

REVIEW = Review(gathered_on=date(2026, 11, 20))
SOURCE = Source(name="A test")
ANSWER = Answer(opening="Warm words.", pointers=("One.", "Two.", "Three."))

SOME = (
    *("crying-colic", "sleep", "safe-sleep", "bonding", "low-mood-pnd", "anxiety-worry", "dads-partners"),
    *("anger-overwhelm", "domestic-abuse", "baby-loss", "what-is-imh", "parent-infant-teams", "workplace-support"),
    *("nursery-practice", "week-what-is", "week-dates", "week-theme", "week-hashtags", "week-previous"),
    *("week-get-involved", "celebrate-babies"),
)
"""Topics of a base that is still small."""
CLINICAL = {"low-mood-pnd", "anxiety-worry", "safe-sleep"}
CAPABILITIES = {
    "about-the-bot": ("who are you", "are you a robot", "who made this", "what can you do", "is this a real person"),
    "human-help": (
        "talk to a person",
        "i want a human",
        "can someone ring me",
        "real person please",
        "speak to somebody",
    ),
    "newsletter": ("sign me up for emails", "newsletter", "mailing list please", "email me news", "join your list"),
    "opt-out": ("stop messaging me", "opt out", "unsubscribe", "no more messages", "leave me alone bot"),
    "privacy": ("what do you keep", "is this private", "do you store my words", "who sees this", "data protection"),
    "role-actions": (
        "what can i do",
        "how can i help in my job",
        "what can we do",
        "my part in this",
        "actions for me",
    ),
    "role-resources": (
        "leaflets for my work",
        "posters for us",
        "resources for staff",
        "handouts",
        "links for my team",
    ),
    "change-region": ("change my region", "i moved", "wrong country", "i live somewhere else", "set my place"),
}
ROLES = {
    "parent": ("parent", "mum", "new mum", "dad"),
    "employer": ("employer", "HR manager", "line manager"),
    "childcare": ("nursery manager", "childminder", "nursery nurse"),
    "educator": ("EYFS lead", "early years teacher"),
    "library": ("librarian",),
    "midwife": ("midwife", "student midwife"),
    "grandparent": ("granny", "grandparent"),
}
FOLLOW_UPS = {
    "more": ("what else", "more", "tell me more"),
    "again": ("send me that link again",),
    "other": ("not that the other one", "something else"),
    "region": ("in", "what about", "i live in"),
    "thanks": ("thanks", "ok thanks"),
    "yes": ("yes",),
    "no": ("no",),
}


def topic(id: str, *questions: str, **changes: Any) -> Topic:
    """An entry. Without questions it has five that resemble nothing."""
    review = REVIEW.model_copy(update={"clinical": "needed"}) if id in CLINICAL else REVIEW
    facet = Facet(series="imhaw", shows=WeekFacet.ABOUT) if id.startswith("week-") else None
    shown: dict[str, Any] = {"title": id.replace("-", " "), "week": facet, "review": review} | changes
    asked = questions or tuple(f"{id.replace('-', ' ')} {number}" for number in range(5))
    return Topic(id=id, questions=asked, answers={"everyone": ANSWER}, sources=(SOURCE,), **shown)


@cache
def examples() -> Examples:
    return Examples(
        tuple(
            TopicExample(label, tuple(filter(None, also.split(","))), text) for label, also, _, text in rows("topics")
        ),
        tuple(AlarmExample("NONE", family, text) for _, family, _, _, text in rows("alarms")[:1]),
        tuple(ScopeExample(kind, text) for kind, _, text in rows("scope")),
        tuple(RoleExample(role, form, text) for role, form, _, text in rows("roles")),
    )


def all_labels() -> list[str]:
    return sorted({example.topic for example in examples().topics} - CAPABILITIES.keys())


def role(id: str, names: tuple[str, ...]) -> RoleWords:
    action = Action(id="one", do="Do one thing.", why="It helps.", how="Like this.")
    return RoleWords(
        id=id,
        label=names[0],
        speaking=f"I am a {names[0]}",
        also_called=names,
        why="It matters.",
        actions={Phase.ALL_YEAR: (action,)},
        sources=(SOURCE,),
        review=REVIEW,
    )


def region(id: str, *names: str) -> Region:
    return Region(
        id=id,
        zones=("UTC",),
        emergency="UK-999",
        name={"en": names[0]},
        within={"en": f"in {names[0]}"},
        also_called={"en": names[1:]},
    )


def week(year: int) -> Week:
    return Week(
        id=f"imhaw-{year}",
        series="imhaw",
        year=year,
        name={"en": "The week"},
        starts=date(year, 6, 10),
        ends=date(year, 6, 16),
        status=SourceStatus.OFFICIAL,
        sources=(SOURCE,),
        review=REVIEW,
    )


def words(topics: Iterable[Topic], **changes: Any) -> Words:
    shown: dict[str, Any] = {
        "language": "en",
        "roles": {id: role(id, names) for id, names in ROLES.items()},
        "topics": {each.id: each for each in topics},
        "capabilities": {
            id: Capability(id=id, title=id.replace("-", " "), questions=questions)
            for id, questions in CAPABILITIES.items()
        },
        "services": {},
        "urgent": {},
        "cards": {},
        "phrases": {},
        "follow_ups": FOLLOW_UPS,
        "examples": examples(),
    } | changes
    return Words(**shown)


def knowledge(of: Words) -> Knowledge:
    regions = (
        region("gb-sct", "Scotland", "Glasgow", "Edinburgh"),
        region("gb-wls", "Wales", "Cardiff"),
        region("gb-eng", "England", "London", "New England Road"),
        region("us-mi", "Michigan", "Detroit"),
    )
    return Knowledge(
        digest="test",
        languages={},
        regions={each.id: each for each in regions},
        roles={},
        helplines={},
        withdrawn=(),
        resources={},
        series={},
        weeks={each.id: each for each in (week(2019), week(2025))},
        observances={},
        words={of.language: of},
        alarms={},
    )


def matcher(of: Words) -> EncoderMatcher:
    return EncoderMatcher(of, knowledge(of), encoder().heads, vectors())


@cache
def small() -> EncoderMatcher:
    """Entries for `SOME` topics; the examples of all 82 stay in as rivals."""
    return matcher(words(topic(id) for id in SOME))


@cache
def whole() -> EncoderMatcher:
    """An entry for every label."""
    return matcher(words(topic(id) for id in all_labels()))
