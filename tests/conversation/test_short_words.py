"""Short words that lean on what was said last: picking from a choice, turning to a phase, a year, another's role."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.conversation.asking import answer
from bot.conversation.model import Conversation
from bot.conversation.scene import Scene
from bot.conversation.settling import offering, settle
from bot.knowledge.model import Phase
from tests.minds import real_mind
from tests.talk import NOON, Talk, Town


async def choice(town: Town) -> Talk:
    """A talk in which three topics have just been offered."""
    talk = town.talk()
    await talk.says("/start topic_bonding")
    await talk.says("not that")
    assert talk.outcome == "offer"
    assert len(talk.offered) == 3
    return talk


@pytest.mark.parametrize(
    ("words", "place"),
    [
        ("the first one", 0),
        ("1", 0),
        ("the second one", 1),
        ("2nd please", 1),
        ("Second!", 1),
        ("third", 2),
        ("number 3", 2),
    ],
)
async def test_a_place_in_the_list_opens_what_stands_there(real_town: Town, words: str, place: int) -> None:
    talk = await choice(real_town)
    wanted = talk.offered[place]
    await talk.says(words)
    assert talk.target == wanted


async def test_a_place_that_is_not_there_opens_nothing(real_town: Town) -> None:
    talk = real_town.talk()
    await talk.says("3")
    assert talk.target is None
    talk = await choice(real_town)
    wanted = talk.offered[2]
    await talk.says("/about")
    await talk.says("3")
    assert talk.target != wanted


def test_a_place_below_the_end_of_the_list_shows_the_list_again() -> None:
    asked = offering(scene(), ["topic:sleep", "topic:bonding"])
    settled = settle(replace(scene(), conversation=asked.conversation), real_mind().read("the third one"))
    assert settled is not None
    assert settled.offered == asked.offered


async def test_a_yes_to_several_suggestions_opens_none(real_town: Town) -> None:
    talk = await choice(real_town)
    await talk.says("yes")
    assert talk.outcome == "settled"
    assert talk.target is None


def scene(**talk: object) -> Scene:
    return Scene(real_mind(), Conversation("key", NOON + timedelta(days=1)), None, NOON).having(**talk)


def test_a_yes_to_a_single_suggestion_opens_it() -> None:
    asked = offering(scene(), ["topic:sleep"])
    settled = settle(scene(step=asked.conversation.step, offered=asked.offered), real_mind().read("yes please"))
    assert settled is not None
    assert settled.target == "topic:sleep"


@pytest.mark.parametrize("words", ["the second one", "2"])
def test_a_repeat_of_the_update_opens_the_same_once_more(words: str) -> None:
    reading = real_mind().read(words)
    asked = offering(scene(), ["topic:sleep", "topic:bonding"])
    first = answer(scene(step=asked.conversation.step, offered=asked.offered), reading)
    again = answer(replace(scene(), conversation=first.conversation, repeated=True), reading)
    assert first.target == again.target == "topic:bonding"


@pytest.mark.parametrize(
    ("words", "phase"), [("before", "before"), ("After the week", "after"), ("all year", "all_year")]
)
async def test_the_name_of_a_tab_turns_to_it(real_town: Town, words: str, phase: str) -> None:
    talk = real_town.talk()
    await talk.says("/start role_employer")
    await talk.presses("tab:employer:during")
    first = real_mind().words.roles["employer"].actions[Phase(phase)][0].do
    await talk.says(words)
    assert talk.target == "role:employer"
    assert first in talk.sees()


async def test_what_else_goes_on_from_the_tab_that_was_named(real_town: Town) -> None:
    talk = real_town.talk()
    await talk.says("/start role_employer")
    await talk.says("before")
    seen = talk.sees()
    await talk.says("what else?")
    assert talk.target == "role:employer"
    assert talk.sees() != seen


async def test_a_bare_year_asks_the_same_of_that_year(real_town: Town) -> None:
    talk = real_town.talk()
    await talk.says("/start topic_week-dates")
    await talk.says("and in 2024?")
    assert talk.target == "week:imhaw-2024"
    await talk.says("what about 2023")
    assert talk.target == "week:imhaw-2023"
    await talk.says("/start topic_week-dates")
    await talk.says("2031?")
    assert talk.target == "topic:week-dates"
    assert "2031" in talk.sees()


async def test_a_year_of_somebody_elses_week_is_never_answered_with_ours(real_town: Town) -> None:
    talk = real_town.talk()
    await talk.says("when is baby loss awareness week?")
    assert talk.target == "topic:related-weeks"
    await talk.says("and 2027?")
    assert talk.target == "topic:related-weeks"


async def test_for_dads_shows_what_the_last_topic_says_to_dads(real_town: Town) -> None:
    talk = real_town.talk()
    await talk.says("/start topic_low-mood-pnd")
    everyone = talk.sees()
    await talk.says("and for dads?")
    assert talk.target == "topic:low-mood-pnd"
    assert talk.sees() != everyone
    assert talk.turn.conversation.roles == (), "nobody said that it is them"


async def test_for_a_role_without_words_of_its_own_is_a_question_like_any_other(real_town: Town) -> None:
    talk = real_town.talk()
    await talk.says("/start role_employer")
    await talk.says("and for dads?")
    assert talk.target != "role:employer"


@pytest.mark.parametrize("words", ["what else?", "send me that again", "and in Scotland?"])
async def test_after_a_loss_short_words_lead_back_to_nothing_cheerful(real_town: Town, words: str) -> None:
    talk = real_town.talk()
    await talk.says("/start topic_week-what-is")
    await talk.says("our baby died last week")
    if talk.target is not None:
        await talk.presses_forged("tab:parent:all_year")  # answered at once: nothing to lead back to
    await talk.says(words)
    assert talk.target != "topic:week-what-is"


@pytest.mark.parametrize("words", ["thank you very much", "ok thanks very much", "actually something else"])
async def test_more_ways_to_say_it_are_understood(real_town: Town, words: str) -> None:
    talk = real_town.talk()
    await talk.says("/start topic_bonding")
    await talk.says(words)
    assert talk.outcome in {"settled", "offer"}
    assert talk.target is None


async def test_where_somebody_lives_needs_no_grammar(real_town: Town) -> None:
    talk = real_town.talk()
    await talk.says("i live michigan")
    assert talk.turn.conversation.region == "us-mi"
    assert "region:gb-sct" not in talk.buttons()


async def test_who_says_who_and_where_they_are_sees_their_role(real_town: Town) -> None:
    talk = real_town.talk()
    await talk.says("im a midwife in Glasgow")
    assert talk.turn.conversation.region == "gb-sct"
    assert talk.turn.role == "midwife"
    assert "role:midwife" in {talk.target, *talk.offered}


async def test_a_website_stands_once_under_a_card(real_town: Town) -> None:
    talk = real_town.talk()
    for topic in real_mind().words.topics:
        await talk.says(f"/start topic_{topic}")
        links = [one for one in talk.buttons() if one.startswith("https:")]
        assert len(links) == len(set(links)), topic
