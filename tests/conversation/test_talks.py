"""Whole talks through the real service: where each text leads, whatever its wording."""

import pytest

from tests.talk import Town


async def test_start_says_what_this_is_in_three_lines_and_asks_who_you_are(real_town: Town) -> None:
    talk = real_town.talk()
    await talk.says("/start")
    assert len([line for line in talk.sees().splitlines() if line.strip()]) == 3
    assert talk.buttons() == [
        "group:family",
        "group:practice",
        "group:policy",
        "group:employer",
        "menu",
        "action:urgent-help",
    ]


async def test_free_text_works_from_the_first_message(real_town: Town) -> None:
    talk = real_town.talk()
    await talk.says("my baby cries every evening for hours and nothing helps, is it colic?")
    assert talk.outcome == "answer"
    assert talk.target == "topic:crying-colic"
    assert "region:gb-sct:topic:crying-colic" in talk.buttons()


async def test_the_region_is_asked_where_it_matters_and_kept_for_the_talk(real_town: Town) -> None:
    talk = real_town.talk()
    await talk.says("my baby cries every evening for hours and nothing helps, is it colic?")
    await talk.presses("region:gb-sct:topic:crying-colic")
    assert "Scotland" in talk.all()[-2].text, "the card changed in place"
    assert talk.buttons() == ["keep:region:gb-sct", "keep:no"]
    await talk.says("what else?")
    assert talk.target == "topic:crying-colic"
    assert "Scotland" in talk.sees()
    await talk.says("and in Wales?")
    assert talk.target == "topic:crying-colic"
    assert "Wales" in talk.sees()


async def test_more_and_back_turn_the_pages_of_one_card(real_town: Town) -> None:
    talk = real_town.talk()
    await talk.says("how do i bond with my baby")
    count, first = len(talk.all()), talk.last.text
    await talk.presses("more:bonding:1")
    assert len(talk.all()) == count
    assert talk.last.text != first
    await talk.presses("more:bonding:0")
    assert talk.last.text == first


async def test_what_else_ends_with_what_lies_near(real_town: Town) -> None:
    talk = real_town.talk()
    await talk.says("how do i bond with my baby")
    for _ in range(5):
        await talk.says("what else?")
        if talk.outcome == "offer":
            break
    assert talk.outcome == "offer"
    assert talk.offered


async def test_a_role_said_in_words_is_used_and_stored_only_after_a_yes(real_town: Town) -> None:
    talk = real_town.talk()
    await talk.says("I'm a nursery manager")
    assert talk.target == "role:childcare"
    assert talk.stored()["contact"] is None
    await talk.presses("keep:role:childcare")
    assert "childcare" in str(talk.stored()["contact"])


async def test_tabs_of_a_role_edit_the_same_card(real_town: Town) -> None:
    talk = real_town.talk()
    await talk.says("/start")
    await talk.presses("group:employer")
    count = len(talk.all())
    for payload in ("tab:employer:before", "tab:employer:during", "tab:employer:after", "tab:employer:all_year"):
        await talk.presses(payload)
        assert len(talk.all()) == count
        assert talk.target == "role:employer"


async def test_what_can_i_do_depends_on_the_role(real_town: Town) -> None:
    talk = real_town.talk()
    await talk.says("i'm an HR manager. what can we do?")
    assert talk.target in {"role:employer", "topic:workplace-support"}


@pytest.mark.parametrize("words", ["delete everything about me", "/forget"])
async def test_forget_leaves_nothing(real_town: Town, words: str) -> None:
    talk = real_town.talk()
    await talk.says("how do i bond with my baby")
    await talk.presses("region:gb-eng:topic:bonding")
    await talk.presses("keep:region:gb-eng")
    assert talk.traces()
    await talk.says(words)
    await talk.presses("forget:yes")
    assert talk.traces() == []
    assert talk.stored() == {"contact": None, "conversation": None}


async def test_forget_can_be_confirmed_or_refused_in_words(real_town: Town) -> None:
    talk = real_town.talk()
    await talk.says("how do i bond with my baby")
    await talk.says("/forget")
    await talk.says("no")
    assert talk.stored()["conversation"]
    await talk.says("/forget")
    await talk.says("yes")
    assert talk.traces() == []


async def test_stop_keeps_answering(real_town: Town) -> None:
    talk = real_town.talk()
    await talk.says("I'm an employer")
    await talk.presses("keep:role:employer")
    await talk.says("/stop")
    assert "opted_out_at" in str(talk.stored()["contact"])
    await talk.says("how do i bond with my baby")
    assert talk.outcome == "answer"


async def test_my_data_and_privacy_are_told(real_town: Town) -> None:
    talk = real_town.talk()
    await talk.says("/privacy")
    assert talk.sees()
    await talk.says("/mydata")
    assert talk.sees()
    assert str(talk.person.id) not in talk.sees(), "nothing is kept under the chat number without a yes"


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("how much calpol can i give a 3 month old", "decline"),
        ("what is the capital of france", "decline"),
        ("asdf qwer zxcv", "decline"),
        ("🍼🍼🍼", "decline"),
    ],
)
async def test_what_is_not_ours_is_declined_kindly_with_a_way_on(real_town: Town, words: str, kind: str) -> None:
    talk = real_town.talk()
    await talk.says(words)
    assert talk.outcome == kind
    assert {"menu", "action:human-help"} <= set(talk.buttons())


@pytest.mark.parametrize("kind", ["photo", "voice", "sticker", "location", "contact", "poll", "video", "document"])
async def test_media_without_words_gets_one_kind_sentence(real_town: Town, kind: str) -> None:
    talk = real_town.talk()
    await talk.sends(kind)
    assert talk.outcome == "decline"
    assert len(talk.sees().splitlines()) == 1


async def test_an_old_or_forged_button_says_so(real_town: Town) -> None:
    talk = real_town.talk()
    await talk.says("/start")
    for payload in ("topic:no-such-topic", "nonsense", "tab:parent", "act:parent:during:gone", "region:atlantis", "more:bonding:x"):
        real_town.world.press(talk.person, talk.last.id, payload)
        await real_town.deliver()
        assert talk.outcome == "settled"
        assert talk.sees()


async def test_edited_messages_are_read_too(real_town: Town) -> None:
    talk = real_town.talk()
    await talk.says("hello")
    await talk.edits("how do i bond with my baby")
    assert talk.target == "topic:bonding"


async def test_rating_counts_without_a_name(real_town: Town) -> None:
    talk = real_town.talk()
    await talk.says("how do i bond with my baby")
    await talk.presses("rate:helpful:bonding")
    assert talk.turn.feedback is not None


async def test_a_deep_link_opens_on_its_target(real_town: Town) -> None:
    talk = real_town.talk()
    await talk.says("/start role_employer")
    assert talk.target == "role:employer"
