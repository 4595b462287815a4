"""Where somebody is, and places that they only mention."""

import pytest

from bot.matching.follow_up import FollowUp, FollowUpKind
from tests.language.opened import reader
from tests.minds import real_mind


def said(text: str, known: str | None = None) -> str | None:
    return real_mind().speaker.said_region(reader().read(text), known=known)


@pytest.mark.parametrize(
    ("text", "region"),
    [
        ("i live in glasgow, scotland", "gb-sct"),
        ("we're in the states", "us"),
        ("i'm in Michigan, US", "us-mi"),
        ("I manage a small pre school in wales, temp hit 28 today", "gb-wls"),
        ("I'm an emergency carer in Leeds and babies come at 2 in the morning", "gb-eng"),
        ("moved from scotland to england w a 5 month old", "gb-eng"),
        ("these numbers are for the uk and i live in ireland", "ie"),
        ("i come in england for my husband work", "gb-eng"),
        ("i'm up in Inverness with a four year old. can my man stay near", "gb-sct"),
        ("Family mediator here in Belfast, any guidance?", "gb-nir"),
        ("bairns in care under 1, how many, scotland", "gb-sct"),
        ("Scotland", "gb-sct"),
        ("Canada", "elsewhere"),
        ("we live in Germany, who can help", "elsewhere"),
        ("and in Wales?", "gb-wls"),
    ],
)
def test_the_writer_says_where_they_are(text: str, region: str) -> None:
    assert said(text) == region
    assert said(text, known="gb-nir") == region, "a plain statement counts whatever was known"


@pytest.mark.parametrize(
    "text", ["actualy im in cardif", "actually i'm in cardiff", "swansea btw", "yeah im in wales now", "um, swansea"]
)
def test_a_place_among_words_that_say_nothing_asks_for_the_same_there(text: str) -> None:
    assert real_mind().speaker.follow_up(reader().read(text)) == FollowUp(FollowUpKind.REGION, "gb-wls")


@pytest.mark.parametrize(
    ("text", "region"),
    [
        ("is there help in Detroit", "us-mi"),
        ("who can my wife talk to in scotland?", "gb-sct"),
        ("has the group started in cardiff? i am so tired", "gb-wls"),
        ("anything like this near the Highlands", "gb-sct"),
    ],
)
def test_a_question_that_ends_with_a_place_counts_until_more_is_known(text: str, region: str) -> None:
    assert said(text) == region
    assert said(text, known="gb-eng") is None


@pytest.mark.parametrize(
    "text",
    [
        "does melatonin work for babies? my sister in the states gives it to hers",
        "i worry about my sister in the states",
        "i'm worried about my sister in wales",
        "my brother moved to scotland",
        "she lives in wales and i miss her",
        "I hear him laughing with people in america",
        "Being a lone mum from Ghana here, my people are far",
        "My parents back in Nigeria say a baby must be stretched every day",
        "in ghana after birth the house is full, here it is me and four walls",
        "i read about a study in Sweden",
        "flying to ghana for a funeral, leave baby with his father?",
        "im not in england",
        "do you get one in America or is that just a british thing",
        "what is different in scotland or wales",
        "new england road",
        "they wanted my ni number just to let my child in",
        "mi mother inna Jamaica had the roving caregivers lady",
        "ich fühle mich allein",
        "all them studies are american college students aint they",
        "surrogacy in the states, we land in Manchester with a 9 day old",
        "i have family in scotland",
        "who can help my sister living in scotland",
        "help",
    ],
)
def test_a_place_that_is_only_mentioned_moves_nobody(text: str) -> None:
    assert said(text) is None
