"""What an approval covers, and how it is written down."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.broadcast.announcement import (
    Announcement,
    Audience,
    Content,
    Kind,
    MediaKind,
    Medium,
    Poll,
    audience_of,
    audience_values,
    content_of,
    content_values,
)

NOON = datetime(2026, 6, 10, 12, tzinfo=UTC)
WHOLE = Announcement(
    Content(
        "Hello 💛",
        ({"type": "bold", "offset": 0, "length": 5},),
        (Medium(MediaKind.PHOTO, file_id="a"), Medium(MediaKind.VIDEO, file="b.mp4", digest="0f")),
        Poll("How?", ("so", "so so")),
        (("Read more", "https://example.org"),),
    ),
    Audience(Kind.EVENTS, frozenset({"parent"}), frozenset({"uk"}), frozenset({"en"})),
    NOON,
    "Europe/London",
)
ELSE: tuple[dict[str, Any], ...] = (
    {"text": "Hello"},
    {"entities": ()},
    {"entities": ({"type": "italic", "offset": 0, "length": 5},)},
    {"media": WHOLE.content.media[:1]},
    {"media": WHOLE.content.media[::-1]},
    *(
        {"media": (replace(WHOLE.content.media[0], **changes), WHOLE.content.media[1])}
        for changes in ({"kind": MediaKind.DOCUMENT}, {"file_id": "c"}, {"file": "c.png"}, {"digest": "1e"})
    ),
    {"poll": None},
    *(
        {"poll": replace(WHOLE.content.poll or Poll("", ()), **changes)}
        for changes in ({"question": "Why?"}, {"options": ("so",)}, {"anonymous": False}, {"several": True})
    ),
    {"buttons": ()},
    {"buttons": (("Read more", "https://example.com"),)},
    {"buttons": (("Read", "https://example.org"),)},
)
TEXTS = st.text(max_size=20)
CONTENTS = st.builds(
    Content,
    TEXTS,
    st.lists(
        st.fixed_dictionaries({"type": st.just("bold"), "offset": st.integers(0, 9), "length": st.integers(1, 9)}),
        max_size=3,
    ).map(tuple),
    st.lists(st.builds(Medium, st.sampled_from(MediaKind), st.none() | TEXTS, st.none() | TEXTS), max_size=3).map(
        tuple
    ),
    st.none() | st.builds(Poll, TEXTS, st.lists(TEXTS, max_size=3).map(tuple), st.booleans(), st.booleans()),
    st.lists(st.tuples(TEXTS, TEXTS), max_size=2).map(tuple),
)
SETS = st.frozensets(TEXTS, max_size=3)
AUDIENCES = st.builds(Audience, st.sampled_from(Kind), SETS, SETS, SETS)


@pytest.mark.parametrize("changes", ELSE)
def test_the_hash_changes_with_everything_in_the_content(changes: dict[str, Any]) -> None:
    other = replace(WHOLE, content=replace(WHOLE.content, **changes))
    assert other.hash != WHOLE.hash


@pytest.mark.parametrize(
    "changes",
    [
        {"kind": Kind.WEEK},
        {"roles": frozenset({"parent", "gp"})},
        {"regions": frozenset()},
        {"languages": frozenset({"cy"})},
    ],
)
def test_the_hash_changes_with_the_audience(changes: dict[str, Any]) -> None:
    assert WHOLE.to(**changes).hash != WHOLE.hash


@pytest.mark.parametrize(
    "changes", [{"starts_at": None}, {"starts_at": NOON + timedelta(minutes=1)}, {"zone": "America/New_York"}]
)
def test_the_hash_changes_with_the_time(changes: dict[str, Any]) -> None:
    assert replace(WHOLE, **changes).hash != WHOLE.hash


@given(CONTENTS, AUDIENCES)
def test_what_was_written_down_comes_back_and_has_the_same_hash(content: Content, audience: Audience) -> None:
    kept = json.loads(json.dumps([content_values(content), audience_values(audience)]))
    assert content_of(kept[0]) == content
    assert audience_of(kept[1]) == audience
    read = Announcement(content_of(kept[0]), audience_of(kept[1]), NOON)
    assert read.hash == Announcement(content, audience, NOON).hash


@given(AUDIENCES)
def test_the_order_in_which_an_audience_was_said_does_not_matter(audience: Audience) -> None:
    turned = replace(audience, roles=frozenset(sorted(audience.roles, reverse=True)))
    assert Announcement(audience=turned).hash == Announcement(audience=audience).hash


def test_an_audience_of_a_kind_that_is_none_is_refused() -> None:
    assert audience_of({"kind": "announcements"}) == Audience()
    with pytest.raises(ValueError, match="spam"):
        audience_of({"kind": "spam"})


def test_length_is_counted_as_telegram_counts_it() -> None:
    assert Content("a💛").units == 3
    assert not Content(media=WHOLE.content.media[:1]).is_album
    assert WHOLE.content.is_album
