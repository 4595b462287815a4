"""Formatted text: what HTML becomes, where entities stand in UTF-16, and what cannot be parsed."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.entities import TEXT_LIMIT, Formatted, detect, read_text, utf16_length
from bot.sandbox.refusals import Refusal


def html(text: str) -> Formatted:
    return read_text({"text": text, "parse_mode": "HTML"}, TEXT_LIMIT)


def spans(formatted: Formatted) -> list[tuple[str, int, int]]:
    return [(entity["type"], entity["offset"], entity["length"]) for entity in formatted.entities]


READ: list[tuple[str, str, list[tuple[str, int, int]]]] = [
    ("plain", "plain", []),
    ("a <b>bold</b> word", "a bold word", [("bold", 2, 4)]),
    ("👶 <b>👶👶</b>!", "👶 👶👶!", [("bold", 3, 4)]),
    ("<B>x</b>", "x", [("bold", 0, 1)]),
    ("<b>x</>", "x", [("bold", 0, 1)]),
    ("<b></b>x", "x", []),
    ("<strong>a</strong><em>b</em><i>c</i>", "abc", [("bold", 0, 1), ("italic", 1, 1), ("italic", 2, 1)]),
    ("<u>a</u><ins>b</ins>", "ab", [("underline", 0, 1), ("underline", 1, 1)]),
    (
        "<s>a</s><strike>b</strike><del>c</del>",
        "abc",
        [("strikethrough", 0, 1), ("strikethrough", 1, 1), ("strikethrough", 2, 1)],
    ),
    ("<b>a<i>b</i></b>", "ab", [("bold", 0, 2), ("italic", 1, 1)]),
    ('<span class="tg-spoiler">a</span><tg-spoiler>b</tg-spoiler>', "ab", [("spoiler", 0, 1), ("spoiler", 1, 1)]),
    ("&lt;b&gt; &amp; &quot;x&quot; &copy; &#65;&#x42;", '<b> & "x" &copy; AB', []),
    ("&#0; &#xD800; & &", "&#0; &#xD800; & &", []),
    ("&lting", "&lting", []),
    ("  <b> x </b>  ", "x", [("bold", 0, 1)]),
    ("<blockquote>a</blockquote>", "a", [("blockquote", 0, 1)]),
    ("<blockquote expandable>a</blockquote>", "a", [("expandable_blockquote", 0, 1)]),
    ("<code>/start</code> /start", "/start /start", [("code", 0, 6), ("bot_command", 7, 6)]),
    ("see https://example.org/a.", "see https://example.org/a.", [("url", 4, 21)]),
    ("<pre>x</pre>", "x", [("pre", 0, 1)]),
    ("<pre>a<code>b</code></pre>", "ab", [("pre", 0, 2), ("code", 1, 1)]),
    ("<b>a</b><pre>b</pre>", "ab", [("bold", 0, 1), ("pre", 1, 1)]),
    ("x > y", "x > y", []),
    ('<a href="no link">x</a>', "x", []),
]


@pytest.mark.parametrize(("markup", "text", "expected"), READ, ids=[row[0][:30] for row in READ])
def test_reads(markup: str, text: str, expected: list[tuple[str, int, int]]) -> None:
    formatted = html(markup)
    assert formatted.text == text
    assert spans(formatted) == expected


SPECIAL: list[tuple[str, dict[str, Any]]] = [
    ('<a href="https://example.org">x</a>', {"type": "text_link", "url": "https://example.org/"}),
    ("<a href='example.org/a?b&amp;c'>x</a>", {"type": "text_link", "url": "http://example.org/a?b&c"}),
    ("<a href=example.org>x</a>", {"type": "text_link", "url": "http://example.org/"}),
    ("<a>example.org</a>", {"type": "text_link", "url": "http://example.org/"}),
    ("<a href='http://localhost:80'>x</a>", {"type": "text_link", "url": "http://localhost:80/"}),
    ("<a href='tg://resolve?domain=x'>x</a>", {"type": "text_link", "url": "tg://resolve?domain=x"}),
    ('<pre><code class="language-python">x</code></pre>', {"type": "pre", "language": "python"}),
    ('<code class="big">x</code>', {"type": "code"}),
    ('<tg-emoji emoji-id="5368324170671202286">x</tg-emoji>', {"type": "custom_emoji"}),
    ('<tg-time unix="1750000000" format="d">x</tg-time>', {"type": "date_time", "unix_time": 1_750_000_000}),
]


@pytest.mark.parametrize(("markup", "expected"), SPECIAL, ids=[row[0][:30] for row in SPECIAL])
def test_attributes(markup: str, expected: dict[str, Any]) -> None:
    (entity,) = html(markup).entities
    assert expected.items() <= entity.items()


def test_mention_of_a_person_by_id() -> None:
    (entity,) = html('<a href="tg://user?id=7">Ann</a>').entities
    assert entity["type"] == "text_mention"
    assert entity["user"]["id"] == 7


BROKEN = [
    ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
    ("x</b>", "Unexpected end tag at byte offset 1"),
    ("é<b>x</i>", 'Unmatched end tag at byte offset 6, expected "</b>", found "</i>"'),
    ("<b><i>x</b></i>", 'expected "</i>", found "</b>"'),
    ("<h1>x</h1>", 'Unsupported start tag "h1" at byte offset 0'),
    ("👶<br>", 'Unsupported start tag "br" at byte offset 4'),
    ("1 < 2", 'Unsupported start tag "" at byte offset 2'),
    ("<b", 'Unclosed start tag "b" at byte offset 0'),
    ('<a href="x', 'Unclosed start tag "a" at byte offset 0'),
    ("<a href=", 'Unclosed start tag "a" at byte offset 0'),
    ("<b>x</b", "Unclosed end tag at byte offset 4"),
    ("<a href>x</a>", "Expected equal sign in declaration of an attribute"),
    ('<a ="x">x</a>', 'Empty attribute name in the tag "a"'),
    ("<span>x</span>", 'Tag "span" must have class "tg-spoiler"'),
    ("<tg-emoji>x</tg-emoji>", "Invalid custom emoji identifier"),
    ("<tg-time>x</tg-time>", "Invalid date-time"),
]


@pytest.mark.parametrize(("markup", "words"), BROKEN, ids=[row[0] for row in BROKEN])
def test_refuses(markup: str, words: str) -> None:
    with pytest.raises(Refusal) as refusal:
        html(markup)
    assert refusal.value.description.startswith("Bad Request: can't parse entities: ")
    assert words in refusal.value.description


def test_limits_count_utf16_after_parsing() -> None:
    exact = "<b>" + "👶" * 2048 + "</b>"
    assert utf16_length(html(exact).text) == 4096
    with pytest.raises(Refusal):
        html(exact + "x")
    long_link = f'<a href="https://example.org/{"x" * 5000}">here</a>'
    assert html(long_link).text == "here"


def test_entity_list_is_sorted_trimmed_and_cut_at_a_hundred() -> None:
    given_entities = [
        {"type": "italic", "offset": 2, "length": 1},
        {"type": "bold", "offset": 0, "length": 9},
        {"type": "code", "offset": 4, "length": 0},
    ]
    formatted = read_text({"text": "  a 👶 b  ", "entities": given_entities}, TEXT_LIMIT)
    assert formatted.text == "a 👶 b"
    assert spans(formatted) == [("bold", 0, 6), ("italic", 0, 1)]
    many = "<b>x</b> " * 150
    assert len(html(many).entities) == 100


def test_telegram_marks_by_itself() -> None:
    text = "/start@sandbox_bot go to https://example.org, a.b@example.org or @sandbox_bot #babies 👶 /help"
    found = [(entity["type"], entity["offset"]) for entity in detect(text)]
    assert [kind for kind, _ in found] == ["bot_command", "url", "email", "mention", "hashtag", "bot_command"]
    assert found[-1][1] == utf16_length(text) - len("/help")
    assert detect("and/or 1/2 <b/> #1") == []


@given(st.text(alphabet=st.sampled_from(["<", ">", "/", "b", "i", "a", " ", "=", '"', "&", "l", "t", ";", "👶", "é"])))
def test_anything_is_read_or_refused(markup: str) -> None:
    try:
        formatted = html(markup)
    except Refusal:
        return
    units = utf16_length(formatted.text)
    for entity in formatted.entities:
        assert entity["length"] > 0
        assert 0 <= entity["offset"] < entity["offset"] + entity["length"] <= units


@given(st.text(min_size=1).filter(str.strip))
def test_escaped_text_comes_back_as_it_was(text: str) -> None:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert html(f"<b>{escaped}</b>").text == text.strip()
