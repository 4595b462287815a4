"""In a group nothing is said that singles a member out; a full alarm alone brings the number and a private chat."""

from bot.conversation.scene import Outcome
from tests.minds import real_mind
from tests.talk import Talk, Town

HORRIBLE = "i keep having horrible thoughts of dropping her, they terrify me, i would never hurt her"


async def test_worry_that_calls_for_a_support_line_is_not_answered_before_others(real_town: Town) -> None:
    mind = real_mind()
    alarm = mind.screen.screen(mind.read(HORRIBLE))
    assert alarm is not None
    assert alarm.tier == 3
    talk = real_town.talk()
    group = real_town.world.add_group("A pretend group", talk.person)
    await real_town.deliver()
    shared = Talk(real_town, talk.person, group)
    await shared.says(HORRIBLE)
    assert shared.outcome == Outcome.SILENT.value
    assert shared.alarm == (alarm.family, 3)
    assert not shared.sees()


async def test_danger_is_answered_there_with_the_number_and_a_private_chat(real_town: Town) -> None:
    talk = real_town.talk()
    group = real_town.world.add_group("A pretend group", talk.person)
    await real_town.deliver()
    shared = Talk(real_town, talk.person, group)
    await shared.says("i want to kill myself")
    assert shared.outcome == "alarm"
    assert "999" in shared.sees()
    assert all(one.startswith("https:") for one in shared.buttons())
