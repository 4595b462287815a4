"""Text with marks as Telegram's entities: what is marked, what stands for itself, what is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.broadcast.marked_text import plain_lines, read_marked
from bot.errors import UsageError


def marks(text: str) -> list[tuple[str, str]]:
    """(type, marked words) as Telegram cuts them out of the text."""
    words, entities = read_marked(text)
    raw = words.encode("utf-16-le")
    return [
        (one["type"], raw[2 * one["offset"] : 2 * (one["offset"] + one["length"])].decode("utf-16-le"))
        for one in entities
    ]


@pytest.mark.parametrize(
    ("text", "said", "marked"),
    [
        ("**Hello** all", "Hello all", [("bold", "Hello")]),
        ("*a* and _b_", "a and b", [("italic", "a"), ("italic", "b")]),
        ("💛 **x💛y** z", "💛 x💛y z", [("bold", "x💛y")]),
        ("**a *b* c**", "a b c", [("bold", "a b c"), ("italic", "b")]),
        ("see [our page](https://example.org/a_(b)?c=*d*)", "see our page", [("text_link", "our page")]),
        ("[**x**](https://example.org)", "x", [("bold", "x"), ("text_link", "x")]),
        ("2 * 3 = 6, snake_case_name, a [note]", "2 * 3 = 6, snake_case_name, a [note]", []),
        ("* one\n* two", "* one\n* two", []),
        (r"\*not\* \[this\](x) \\", r"*not* [this](x) \\"[:-1], []),
        ("\n\nHello\r\nyou\n", "Hello\nyou", []),
        ("", "", []),
    ],
)
def test_marks_become_entities(text: str, said: str, marked: list[tuple[str, str]]) -> None:
    assert read_marked(text)[0] == said
    assert marks(text) == marked


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("fine\n**never closed", "Line 2"),
        ("*never closed", "Line 1"),
        ("**a *b** c*", "“*”"),
        ("[a *b](https://example.org) c*", "“*”"),
        ("[a](http://example.org)", "https://"),
        ("[a](https://example.org", "https://"),
        ("[a](javascript:alert)", "https://"),
    ],
)
def test_what_is_not_balanced_is_refused_in_one_sentence(text: str, named: str) -> None:
    with pytest.raises(UsageError) as refused:
        read_marked(text)
    assert named in str(refused.value)
    assert "\n" not in str(refused.value)


@given(st.text(alphabet="ab *_[]()\\\n💛/:https.", max_size=40))
def test_whatever_is_written_is_read_or_refused_and_entities_stay_inside(text: str) -> None:
    try:
        words, entities = read_marked(text)
    except UsageError:
        return
    whole = len(words.encode("utf-16-le")) // 2
    assert all(one["offset"] >= 0 and 0 < one["length"] <= whole - one["offset"] for one in entities)


def test_a_terminal_shows_where_a_link_leads() -> None:
    text, entities = read_marked("💛 [one](https://example.org/1) and [two](https://example.org/2)\nend")
    assert list(plain_lines(text, entities)) == [
        "💛 one (https://example.org/1) and two (https://example.org/2)",
        "end",
    ]
