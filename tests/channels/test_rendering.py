"""Replies as messages: everything escaped, nothing lost, every limit kept."""

from html.parser import HTMLParser
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.telegram.rendering import STYLED_RUNS, TEXT_UNITS, Part, clean, render, shorten, units
from bot.messaging import Button, Reply, Span, Style

AWKWARD = st.sampled_from(
    [
        "<b>",
        "</b>",
        "&amp;",
        "&",
        "\n\n",
        "\n",
        " ",
        "\r\n",
        "\x00",
        "\ud800",
        "\udc00",
        "😀",
        "é",
        "x" * 700,
        "💛" * 900,
        "a b " * 300,
    ]
)
TEXTS = st.lists(st.one_of(AWKWARD, st.text(max_size=8)), max_size=8).map("".join)
SPANS = st.lists(st.builds(Span, TEXTS, st.sampled_from(Style)), max_size=12).map(tuple)


class Reader(HTMLParser):
    """Reads markup as strictly as Telegram does: known tags, one at a time, all closed, no bare ampersand."""

    def __init__(self, markup: str) -> None:
        super().__init__(convert_charrefs=False)
        self.seen = ""
        self.open: str | None = None
        self.runs = 0
        self.styled: list[tuple[str, str | None]] = []
        self.feed(markup)
        self.close()
        assert self.open is None

    def handle_starttag(self, tag: str, attrs: object) -> None:
        assert tag in ("b", "i", "pre")
        assert self.open is None
        self.open = tag
        self.runs += 1

    def handle_endtag(self, tag: str) -> None:
        assert tag == self.open
        self.open = None

    def handle_data(self, data: str) -> None:
        assert "&" not in data
        assert "<" not in data
        self.add(data)

    def handle_entityref(self, name: str) -> None:
        self.add({"lt": "<", "gt": ">", "amp": "&"}[name])

    def add(self, words: str) -> None:
        self.seen += words
        self.styled += [(character, self.open) for character in words]


def seen(parts: tuple[Part, ...]) -> list[str]:
    return [Reader(part.markup).seen for part in parts]


@settings(max_examples=150, deadline=None)
@given(SPANS)
def test_any_reply_comes_through_whole_within_every_limit(spans: tuple[Span, ...]) -> None:
    reply = Reply(spans, ((Button("More", payload="more"),),))
    wanted = clean(reply.text)
    if not wanted.strip():
        with pytest.raises(ValueError, match="needs words"):
            render(reply)
        return
    parts = render(reply)
    pages = [Reader(part.markup) for part in parts]
    for part, page in zip(parts, pages, strict=True):
        assert units(page.seen) <= TEXT_UNITS
        assert page.seen.strip()
        assert page.runs <= STYLED_RUNS
        assert len(part.markup.encode()) <= 1 << 15
    together = "".join(page.seen for page in pages)
    assert together.split() == wanted.split()
    if len(parts) == 1:
        assert together == wanted
    assert [part.keyboard is not None for part in parts] == [False] * (len(parts) - 1) + [True]


def test_markup_in_words_is_shown_not_obeyed() -> None:
    (part,) = render(
        Reply((Span("<b>1 < 2 & 3</b>"), Span("x", Style.BOLD), Span("y", Style.ITALIC), Span("z", Style.BLOCK)))
    )
    assert part.markup == "&lt;b&gt;1 &lt; 2 &amp; 3&lt;/b&gt;<b>x</b><i>y</i><pre>z</pre>"
    assert part.keyboard is None


@pytest.mark.parametrize("mark", ["\n\n", "\n", " "])
def test_long_text_breaks_after_the_largest_unit_that_fits(mark: str) -> None:
    smaller = {"\n\n": "\n", "\n": " ", " ": "x"}[mark]
    text = "a" * 1000 + smaller + "b" * 1000 + mark + "c" * 1000 + smaller + "d" * 2000
    first, second = seen(render(Reply((Span(text),))))
    assert first == "a" * 1000 + smaller + "b" * 1000 + mark
    assert first + second == text


def test_a_word_without_an_end_is_cut_between_characters() -> None:
    text = "x" + "💛" * 4096
    parts = seen(render(Reply((Span(text, Style.BOLD),))))
    assert "".join(parts) == text
    assert [units(part) for part in parts] == [4095, 4096, 2]


def test_styles_stay_on_their_characters_across_parts() -> None:
    spans = tuple(
        Span(character * 3000, style)
        for character, style in zip("abc", (Style.BOLD, Style.PLAIN, Style.BLOCK), strict=True)
    )
    pages = [Reader(part.markup) for part in render(Reply(spans))]
    assert {pair for page in pages for pair in page.styled} == {("a", "b"), ("b", None), ("c", "pre")}


def test_more_styled_runs_than_a_message_keeps_go_into_the_next() -> None:
    spans = tuple(Span(f"{n} ", (Style.BOLD, Style.ITALIC)[n % 2]) for n in range(250))
    pages = [Reader(part.markup) for part in render(Reply(spans))]
    assert [page.runs for page in pages] == [100, 100, 50]
    assert "".join(page.seen for page in pages) == Reply(spans).text


def test_a_pair_split_between_spans_is_whole_again_only_if_it_is_a_character() -> None:
    assert seen(render(Reply((Span("a\ud83d"), Span("b\x00c\r\nd"))))) == ["a\ufffdb c\nd"]


def test_blank_stretches_are_not_messages() -> None:
    assert seen(render(Reply((Span("a" + " " * 9000 + "b"),))))[-1].strip() == "b"
    assert all(part.strip() for part in seen(render(Reply((Span(" " * 9000 + "b"),)))))


def test_buttons_keep_their_rows() -> None:
    rows = (
        (Button("A", payload="a"), Button("B\x00", url="https://example.org")),
        (),
        (Button("C", url="tg://resolve"),),
    )
    (part,) = render(Reply((Span("x"),), rows))
    assert part.keyboard is not None
    assert part.keyboard.to_dict() == {
        "inline_keyboard": [
            [{"text": "A", "callback_data": "a"}, {"text": "B ", "url": "https://example.org"}],
            [{"text": "C", "url": "tg://resolve"}],
        ]
    }


@given(st.text(), st.integers(0, 20))
def test_shortening_keeps_the_longest_beginning(text: str, limit: int) -> None:
    short = shorten(text, limit)
    assert text.startswith(short)
    assert units(short) <= limit
    longer = text[: len(short) + 1]
    assert longer == short or units(longer) > limit


@given(TEXTS)
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    once = clean(text)
    assert clean(once) == once
    once.encode()
    assert "\x00" not in once
    assert all(a + b != "\r\n" for a, b in pairwise(once))
