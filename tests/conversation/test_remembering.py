"""Whether to remember a role or a place: asked in words or by button, and after a no not asked again in that talk."""

import pytest

from tests.talk import Town


def asked(buttons: list[str]) -> bool:
    return any(one.startswith("keep:") for one in buttons)


@pytest.mark.parametrize("no", ["keep:no", "no thanks"])
async def test_after_a_no_the_question_does_not_come_back(real_town: Town, no: str) -> None:
    talk = real_town.talk()
    await talk.says("I'm a nursery manager")
    assert asked(talk.buttons())
    await (talk.presses(no) if no.startswith("keep:") else talk.says(no))
    assert talk.outcome == "settled"
    await talk.says("Scotland")
    assert not asked(talk.buttons())
    await talk.presses_forged("role:employer")
    assert not asked(talk.buttons())
    await talk.presses_forged("group:family")
    assert not asked(talk.buttons())
    await talk.says("how do i bond with my baby")
    await talk.presses_forged("region:ie:topic:bonding")
    assert not asked(talk.buttons())
    assert talk.stored()["contact"] is None


async def test_a_no_is_kept_for_the_talk_alone_and_told(real_town: Town) -> None:
    talk = real_town.talk()
    await talk.says("/mydata")
    lines = len(talk.sees().splitlines())
    await talk.says("Scotland")
    await talk.presses("keep:no")
    await talk.says("/mydata")
    assert len(talk.sees().splitlines()) == lines + 1
    await talk.says("/forget")
    await talk.says("yes")
    await talk.says("Scotland")
    assert asked(talk.buttons())


async def test_who_thinks_better_of_a_no_can_still_say_yes(real_town: Town) -> None:
    talk = real_town.talk()
    await talk.says("Scotland")
    await talk.presses("keep:no")
    await talk.presses("keep:region:gb-sct")
    assert talk.stored()["contact"] is not None
    await talk.says("I'm a nursery manager")
    assert asked(talk.buttons())


async def test_a_typed_yes_right_after_the_question_is_a_yes(real_town: Town) -> None:
    talk = real_town.talk()
    await talk.says("I'm a nursery manager")
    await talk.says("yes please")
    assert "'roles': ['childcare']" in str(talk.stored()["contact"])
    await talk.says("Wales")
    await talk.says("yes")
    assert "gb-wls" in str(talk.stored()["contact"])


@pytest.mark.parametrize("between", ["/about", "menu", "how do i bond with my baby", "tab:childcare:before"])
async def test_a_yes_later_keep_refused(real_town: Town, between: str) -> None:
    talk = real_town.talk()
    await talk.says("I'm a nursery manager")
    await (talk.presses(between) if between.startswith("tab:") else talk.says(between))
    await talk.says("yes")
    assert talk.stored()["contact"] is None


async def test_a_no_after_a_yes_claims_nothing(real_town: Town) -> None:
    talk = real_town.talk()
    await talk.says("Scotland")
    await talk.says("yes")
    await talk.says("no")
    assert talk.stored()["contact"] is not None
    assert not talk.turn.conversation.keep_refused
