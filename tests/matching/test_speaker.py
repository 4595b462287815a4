"""Who speaks, from where, and what leans on the last answer."""

from dataclasses import replace

import pytest

from bot.errors import KnowledgeError
from bot.knowledge.model import Examples
from bot.matching.follow_up import FollowUp, FollowUpKind, FollowUps
from bot.matching.places import Places
from bot.matching.speaker import Speaker
from tests.language.opened import encoder, reader, rows
from tests.matching.base_of_entries import ROLES, knowledge, small, words
from tests.minds import real_mind


def said(text: str) -> tuple[str, ...]:
    return small().speaker.said_roles(reader().read(text))


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("I'm a nursery manager, one of our babies cries all day", "childcare"),
        ("EYFS lead", "educator"),
        ("im a HR manager, what can we do", "employer"),
        ("hi, student midwife here, any leaflets", "midwife"),
        ("as a line manager what should i offer", "employer"),
        ("granny here, is it spoiling to lift him", "grandparent"),
        ("librarian in leeds. how do we join in", "library"),
        ("we are childminders", "childcare"),
        ("what can I do as a childminder", "childcare"),
        ("i'm a quite new nursery nurse", "childcare"),
    ],
)
def test_a_role_that_is_said(text: str, role: str) -> None:
    assert said(text)[:1] == (role,)


@pytest.mark.parametrize(
    "text",
    [
        "my midwife told me to ask",
        "the librarian said you had leaflets",
        "im waiting on my midwife",
        "i'm not a parent",
        "midwife told us he has colic",
        "what does a midwife do",
        "how can employers help",
        "i'm so tired",
        "she is a nursery nurse",
        "hello",
        "",
    ],
)
def test_a_role_that_is_only_mentioned(text: str) -> None:
    assert said(text) == ()


def test_mentions_among_the_examples_are_hardly_ever_taken_for_the_speakers() -> None:
    mentions = [row[-1] for row in rows("roles") if row[0] == "none"]
    without = replace(words([]), examples=Examples())
    speaker = Speaker(without, knowledge(without), encoder().heads)
    taken = [text for text in mentions if speaker.said_roles(reader().read(text))]
    assert len(taken) <= 0.03 * len(mentions)


def said_of_all(text: str) -> tuple[str, ...]:
    """With every role that ships."""
    mind = real_mind()
    return mind.speaker.said_roles(mind.read(text))


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("I teach two year olds", "educator"),
        ("i look after other people's babies, any ideas", "childcare"),
        ("policy officer", "policy-maker"),
        ("primary care doc", "gp"),
        ("just a mammy", "parent"),
        ("just a member of the public", "community-member"),
        ("her partner", "father-partner"),
        ("I'm a researcher for an MP", "mp"),
        ("I work as an MP's researcher", "mp"),
        ("caseworker to a senator here", "mp"),
        ("i'm a headteacher's assistant", "school"),
        ("I'm a researcher at a university", "researcher"),
        ("special adviser to a minister", "policy-maker"),
        ("i am midwife student, what helps", "midwife"),
        ("GP trainee. what can i say to them", "gp"),
        ("we've been fostering twelve years", "foster-kinship-carer"),
        ("i'm an AM, what can i do", "mp"),
        ("Nursery manager: how do we settle a new baby", "childcare"),
        ("social worker doing a first assessment, what do i look for", "social-worker"),
    ],
)
def test_a_role_that_is_said_in_any_of_its_names(text: str, role: str) -> None:
    assert said_of_all(text)[:1] == (role,)


@pytest.mark.parametrize(
    "text",
    [
        "i'm at the gp",
        "im just back from the midwife",
        "off to the health visitor",
        "we're on our way to the social worker",
        "i've been at the doctor",
        "i have been crying all day",
        "am i enough?",
        "3 am again. feeding",
        "i have ms. just me",
        "feel like a factory not a mam",
        "back to work soon and already running on fumes",
        "stuck on the postnatal ward hearing other peoples babies",
        "psychologist for a 1 yr old near Dundee??",
        "nanny share?? we got a 7 month old",
        "nursery or childminder or nan",
        "health visitor talks to my mum not me",
        "HV here says wait",
        "staff wellbeing in the baby room",
        "and i'm dreading telling the boss",
        "we live 40 min from everywhere",
        "leaflet for gps?",
    ],
)
def test_somebody_who_goes_to_a_professional_is_none(text: str) -> None:
    family = {"parent", "father-partner", "grandparent", "family"}
    assert set(said_of_all(text)) <= family


@pytest.mark.parametrize(("form", "right", "wrong"), [("bare", 98, 1), ("sentence", 80, 7), ("embedded", 52, 5)])
def test_roles_said_by_example_writers(form: str, right: float, wrong: float) -> None:
    """On the examples themselves, so these are floors against getting worse and not what strangers may expect."""
    shown = [row for row in rows("roles") if row[1] == form and row[0] != "none"][::2]
    said = [(row[0], said_of_all(row[-1])) for row in shown]
    assert len(said) >= 90
    assert 100 * sum(roles[:1] == (role,) for role, roles in said) / len(said) >= right
    assert 100 * sum(bool(roles) and role not in roles for role, roles in said) / len(said) <= wrong


def test_a_parents_question_is_no_professionals_introduction() -> None:
    """Of the questions of topics for parents, next to none; what is left over are people who say their work."""
    mind = real_mind()
    family = {"parent", "father-partner", "grandparent", "family", "foster-kinship-carer", "community-member"}
    private = [topic for topic in mind.words.topics.values() if topic.id in PARENTS_TOPICS]
    questions = [question for topic in private for question in topic.questions][::2]
    taken = [question for question in questions if set(said_of_all(question)) - family]
    assert len(questions) >= 150
    assert len(taken) <= 0.01 * len(questions), taken


PARENTS_TOPICS = {
    *("crying-colic", "sleep", "safe-sleep", "feeding", "bonding", "low-mood-pnd", "anxiety-worry", "birth-trauma"),
    *("anger-overwhelm", "loneliness", "self-care", "premature-nicu", "multiples", "young-parent", "single-parent"),
    *("money-worries", "housing", "toddler-behaviour", "separation-anxiety", "siblings", "repair"),
}


def test_examples_name_roles_that_editors_have_no_name_for() -> None:
    assert said_of_all("I own two nurseries in essex") == ("childcare",)
    assert small().speaker.said_roles(reader().read("x" * 5000)) == ()


def test_a_role_without_words_is_not_said() -> None:
    assert "gp" not in ROLES
    assert said("i'm a GP") == ()


def test_a_longer_name_outdoes_the_name_within_it() -> None:
    assert said("i'm a parent infant psychotherapist") != ("parent",)
    assert said("i'm a parent liaison nurse") != ("parent",)
    assert said("i'm a mum struggling badly tonight really") == ("parent",)


@pytest.mark.parametrize(
    ("text", "only"),
    [("i'm a nursery manager", True), ("i'm a nursery manager, what can i do", False), ("i'm so tired", False)],
)
def test_only_introduces(text: str, only: bool) -> None:
    assert small().speaker.only_introduces(reader().read(text)) is only


@pytest.mark.parametrize(
    ("text", "region"),
    [
        ("and in Scotland?", "gb-sct"),
        ("i live in glasgow, scotland", "gb-sct"),
        ("is there help in Detroit", "us-mi"),
        ("new england road", "gb-eng"),
        ("scotland or wales", None),
        ("help", None),
    ],
)
def test_region(text: str, region: str | None) -> None:
    assert small().speaker.said_region(reader().read(text)) == region


@pytest.mark.parametrize(
    ("text", "kind", "region"),
    [
        ("What else?", FollowUpKind.MORE, None),
        ("ok and what else please", FollowUpKind.MORE, None),
        ("send me that link again", FollowUpKind.AGAIN, None),
        ("Not that, the other one!", FollowUpKind.OTHER, None),
        ("ok thanks", FollowUpKind.THANKS, None),
        ("Yes", FollowUpKind.YES, None),
        ("no", FollowUpKind.NO, None),
        ("and in Scotland?", FollowUpKind.REGION, "gb-sct"),
        ("Wales", FollowUpKind.REGION, "gb-wls"),
        ("ok what about wales then", FollowUpKind.REGION, "gb-wls"),
        ("wat else pls", FollowUpKind.MORE, None),
    ],
)
def test_follow_ups(text: str, kind: FollowUpKind, region: str | None) -> None:
    assert small().speaker.follow_up(reader().read(text)) == FollowUp(kind, region)


@pytest.mark.parametrize(
    "text", ["what else can a baby eat", "how do i get help in scotland", "in", "scotland or wales", "", "please"]
)
def test_what_stands_on_its_own(text: str) -> None:
    assert small().speaker.follow_up(reader().read(text)) is None


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(KnowledgeError, match='"sometimes" is none of more'):
        FollowUps({"sometimes": ("hm",)}, Places("en", knowledge(words([]))))


def test_regions_without_words_of_a_language_have_no_names() -> None:
    assert Places("xx", knowledge(words([]))).said(reader().read("scotland")) is None
