"""A `Reply` as Telegram messages: the one place where words become markup and long texts become several messages.

Limits are kept by construction (Bot API, sendMessage and formatting options): 4,096 UTF-16 code units of visible text
and 100 styled runs a message, which also keeps the markup well under the 32 KiB that the server reads.
"""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions

from bot.messaging import Button, Reply, Span, Style

TEXT_UNITS = 4096
"""Longest visible text of one message, in UTF-16 code units."""
STYLED_RUNS = 100
"""Most styled runs that one message keeps."""
NOTICE_UNITS = 200
"""Longest text of the answer to a press, in UTF-16 code units."""

TAGS = {Style.PLAIN: "", Style.BOLD: "b", Style.ITALIC: "i", Style.BLOCK: "pre"}
UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f]")
SURROGATES = re.compile("[\ud800-\udfff]")
NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


@dataclass(frozen=True, slots=True)
class Part:
    """One message: `markup` in Telegram's HTML, and the buttons under it."""

    markup: str
    keyboard: InlineKeyboardMarkup | None = None


def render(reply: Reply) -> tuple[Part, ...]:
    """The messages of a reply, in order, buttons under the last. Raises `ValueError` for a reply without words."""
    runs = _joined(reply.spans)
    text = "".join(run.text for run in runs)
    if not text.strip():
        raise ValueError("a reply needs words: Telegram has no empty message")
    markups = [
        "".join(_tagged(run) for run in _slice(runs, start, end))
        for start, end in _ranges(text, runs)
        if text[start:end].strip()
    ]
    return (*(Part(markup) for markup in markups[:-1]), Part(markups[-1], keyboard(reply.buttons)))


def keyboard(rows: tuple[tuple[Button, ...], ...]) -> InlineKeyboardMarkup | None:
    """The buttons, row by row; None when there are none."""
    drawn = [
        [InlineKeyboardButton(clean(button.label), url=button.url, callback_data=button.payload) for button in row]
        for row in rows
        if row
    ]
    return InlineKeyboardMarkup(drawn) if drawn else None


def clean(text: str) -> str:
    """Text that any server takes: half surrogate pairs replaced, control characters turned into spaces."""
    return SURROGATES.sub("\ufffd", UNSAFE.sub(" ", text.replace("\r\n", "\n")))


def units(text: str) -> int:
    """Length in UTF-16 code units, as Telegram counts."""
    return len(text) + sum(character > "\uffff" for character in text)


def shorten(text: str, limit: int) -> str:
    """The longest beginning of `text` within `limit` UTF-16 code units; whole characters only."""
    return text[: _fitting(text, 0, limit)]


def _joined(spans: tuple[Span, ...]) -> list[Span]:
    """Neighbours of one style as one run; cleaned as a whole, so that what is split between spans is cleaned alike."""
    runs: list[Span] = []
    for span in spans:
        if runs and runs[-1].style is span.style:
            runs[-1] = Span(runs[-1].text + span.text, span.style)
        elif span.text:
            runs.append(span)
    return [Span(clean(run.text), run.style) for run in runs]


def _ranges(text: str, runs: list[Span]) -> Iterator[tuple[int, int]]:
    start = 0
    while start < len(text):
        end = min(_fitting(text, start, TEXT_UNITS), _run_limit(runs, start))
        if end < len(text):
            end = _last_break(text, start, end)
        yield start, end
        start = end


def _fitting(text: str, start: int, limit: int) -> int:
    """Where the longest stretch from `start` within `limit` code units ends; a pair is never torn."""
    end = min(start + limit, len(text))
    excess = units(text[start:end]) - limit
    while excess > 0:
        end -= 1
        excess -= units(text[end])
    return end


def _run_limit(runs: list[Span], start: int) -> int:
    """Where the styled run after the last allowed one begins, counted from `start`."""
    position = styled = 0
    for run in runs:
        styled += run.style is not Style.PLAIN and position + len(run.text) > start
        if styled > STYLED_RUNS:
            return position
        position += len(run.text)
    return position


def _last_break(text: str, start: int, end: int) -> int:
    """Just after the last paragraph, else line, else word that ends within; else `end`, in the middle of a word."""
    for mark in ("\n\n", "\n", " "):
        found = text.rfind(mark, start, end)
        if found >= 0 and text[start:found].strip():
            return found + len(mark)
    return end


def _slice(runs: list[Span], start: int, end: int) -> Iterator[Span]:
    position = 0
    for run in runs:
        piece = run.text[max(start - position, 0) : max(end - position, 0)]
        if piece:
            yield Span(piece, run.style)
        position += len(run.text)


def _tagged(run: Span) -> str:
    tag = TAGS[run.style]
    words = html.escape(run.text, quote=False)
    return f"<{tag}>{words}</{tag}>" if tag else words
