"""A message as it was sent: what of it an announcement can be made of, and what is left out."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.telegram.originals import original_of
from bot.messaging import Original
from tests.channels.test_updates import GROUP, message, read

POLL = {"type": "regular", "question": "When?", "is_anonymous": False, "allows_multiple_answers": True}


def test_text_keeps_the_styles_that_somebody_chose() -> None:
    link = {"type": "text_link", "offset": 0, "length": 2, "url": "https://example.org/", "new": 1}
    found = {"type": "url", "offset": 3, "length": 5}
    named = {"type": "text_mention", "offset": 0, "length": 2, "user": {"id": 5, "first_name": "Ann"}}
    original = original_of(message(text="Hi there", entities=[link, found, named]))
    assert original == Original("Hi there", ({name: link[name] for name in ("type", "offset", "length", "url")},))


def test_the_largest_size_of_a_photo_is_taken() -> None:
    sizes = [{"file_id": "small"}, {"file_id": "large"}]
    original = original_of(message(photo=sizes, caption="Look", media_group_id=7))
    assert original == Original("Look", (), "photo", "large", None, "7")


def test_an_animation_is_no_document_and_a_live_photo_no_photo() -> None:
    both = message(animation={"file_id": "a"}, document={"file_id": "d"})
    assert original_of(both) == Original(kind="animation", file_id="a")
    assert original_of(message(photo=[{"file_id": "p"}], live_photo={"file_id": "l"})) == Original(kind="live_photo")


def test_a_poll_is_taken_with_its_options() -> None:
    original = original_of(message(poll={**POLL, "options": [{"text": "Now"}, {"text": "Later"}]}))
    assert original is not None
    assert original.poll == {"question": "When?", "options": ("Now", "Later"), "anonymous": False, "several": True}
    quiz = original_of(message(poll={**POLL, "type": "quiz", "options": []}))
    assert quiz is not None
    assert quiz.poll is None


@pytest.mark.parametrize(
    "broken",
    [{}, {"text": 5}, {"text": "\ud800"}, {"photo": []}, {"text": "x", "entities": [5]}, {"poll": {"type": "regular"}}],
)
def test_what_is_malformed_gives_nothing(broken: dict[str, Any]) -> None:
    assert original_of(message(**broken)) is None


@given(
    st.dictionaries(
        st.sampled_from(["text", "caption", "photo", "poll", "entities", "voice"]),
        st.recursive(st.none() | st.integers() | st.text(max_size=3), lambda inner: st.lists(inner, max_size=2)),
        max_size=4,
    )
)
def test_nothing_makes_it_raise(fields: dict[str, Any]) -> None:
    original_of(message(**fields))


def test_only_a_message_in_a_private_chat_has_one() -> None:
    private, group = read("message", message(text="Hello")), read("message", message(GROUP, text="Hello"))
    assert private is not None
    assert private.original == Original("Hello")
    assert group is not None
    assert group.original is None
    command = read("message", message(text="/start"))
    assert command is not None
    assert command.original is None


def test_words_and_names_do_not_show_in_a_repr() -> None:
    incoming = read("message", message(text="a secret"))
    assert "secret" not in repr(incoming)
